#include "base/clock.h"

#include <sys/resource.h>
#include <time.h>

double ho_clock_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int64_t ho_peak_memory(void)
{
    struct rusage use;
    if (getrusage(RUSAGE_SELF, &use) != 0) return 0;
    return (int64_t)use.ru_maxrss * 1024;
}
