#include "base/clock.h"

#include <stdio.h>
#include <time.h>

double ho_clock_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* The high-water mark of this program's own memory; getrusage's would begin with that of the program that started us. */
int64_t ho_peak_memory(void)
{
    FILE *file = fopen("/proc/self/status", "re");
    if (file == NULL) return 0;
    char line[256];
    long long kilobytes = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "VmHWM: %lld kB", &kilobytes) == 1) break;
    }
    fclose(file);
    return kilobytes * 1024;
}
