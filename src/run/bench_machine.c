/* The line that says what machine the numbers come from. */
#include "base/error.h"
#include "kernels/kernels.h"
#include "run/bench.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* "model name : AMD EPYC" of the first processor; ARM kernels tell none. */
static void read_processor(char *out, size_t size)
{
    snprintf(out, size, "unknown processor");
    FILE *file = fopen("/proc/cpuinfo", "re");
    if (file == NULL) return;
    char line[512];
    while (fgets(line, sizeof line, file) != NULL) {
        const char *colon = strchr(line, ':');
        if (strncmp(line, "model name", 10) != 0 || colon == NULL) continue;
        colon += strspn(colon, ": \t");
        snprintf(out, size, "%.*s", (int)strcspn(colon, "\n"), colon);
        break;
    }
    fclose(file);
}

ho_status ho_machine_look(ho_machine *machine, ho_error *err)
{
    const ho_kernels *kernels = NULL;
    HO_TRY(ho_kernels_choose(&kernels, err));
    ho_machine m = {0};
    read_processor(m.processor, sizeof m.processor);
#ifdef __clang__
    snprintf(m.compiler, sizeof m.compiler, "clang %s", __clang_version__);
#else
    snprintf(m.compiler, sizeof m.compiler, "gcc %s", __VERSION__);
#endif
    snprintf(m.kernels, sizeof m.kernels, "%s", kernels->name);
    cpu_set_t allowed;
    m.cores = sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed)
                                                                  : (int)sysconf(_SC_NPROCESSORS_ONLN);
    m.memory = (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
    *machine = m;
    return HO_OK;
}
