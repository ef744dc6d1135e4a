/* OpenBLAS chooses its kernels when it is loaded, by a list of processors. One that it does not know, as a virtual
 * machine may show it, gets those of 2004, a third as fast. */
#include <heavyopt/command.h>

#include <stdlib.h>
#include <strings.h>

__attribute__((weak)) extern char *openblas_get_corename(void);

static bool is_of_long_ago(const char *core)
{
    static const char *const cores[] = {"Generic", "Katmai", "Coppermine", "Northwood",  "Prescott",
                                        "Banias",  "Core2",  "Penryn",     "Dunnington", "Nehalem"};
    for (size_t i = 0; i < sizeof cores / sizeof *cores; i++) {
        if (strcasecmp(core, cores[i]) == 0) return true;
    }
    return false;
}

const char *ho_better_blas_core(void)
{
    if (openblas_get_corename == NULL || getenv("OPENBLAS_CORETYPE") != NULL) return NULL;
    if (!is_of_long_ago(openblas_get_corename())) return NULL;
#if defined(__x86_64__)
    __builtin_cpu_init();
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512cd"))
        return "SkylakeX";
    if (avx2) return "Haswell";
#endif
    return NULL;
}
