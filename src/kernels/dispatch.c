/* Which kernels run: the best set that this processor has, or the one that HEAVYOPT_CPU names. */
#include "base/error.h"
#include "kernels/kernels_sets.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typedef struct kernel_set {
    const ho_kernels *kernels;
    bool here;
} kernel_set;

enum { SETS = 4 };

/* Weakest first. */
static void find_sets(kernel_set sets[SETS])
{
    memset(sets, 0, SETS * sizeof *sets);
    sets[0] = (kernel_set){&ho_kernels_ref, true};
#if defined(__x86_64__)
    sets[1] = (kernel_set){&ho_kernels_sse2, true};
    sets[2] = (kernel_set){&ho_kernels_avx2, __builtin_cpu_supports("avx2")};
    sets[3] = (kernel_set){&ho_kernels_avx512, __builtin_cpu_supports("avx512f") &&
                                                   __builtin_cpu_supports("avx512dq") &&
                                                   __builtin_cpu_supports("avx512vl")};
#endif
}

ho_status ho_kernels_choose(const ho_kernels **kernels, ho_error *err)
{
    kernel_set sets[SETS];
    find_sets(sets);
    const char *wanted = getenv("HEAVYOPT_CPU");
    const ho_kernels *best = NULL;
    for (size_t i = 0; i < SETS; i++) {
        if (sets[i].kernels == NULL) continue;
        if (wanted == NULL || *wanted == '\0') {
            if (sets[i].here) best = sets[i].kernels;
        } else if (strcmp(wanted, sets[i].kernels->name) == 0) {
            if (!sets[i].here)
                return ho_fail(err, HO_ERR_UNAVAILABLE, "HEAVYOPT_CPU=%s: this processor has no %s", wanted,
                               wanted);
            best = sets[i].kernels;
        }
    }
    if (best == NULL)
        return ho_fail(err, HO_ERR_USAGE, "HEAVYOPT_CPU=%.50s: expected ref, sse2, avx2 or avx512", wanted);
    *kernels = best;
    return HO_OK;
}

size_t ho_kernels_count(void)
{
    kernel_set sets[SETS];
    find_sets(sets);
    size_t count = 0;
    for (size_t i = 0; i < SETS; i++)
        count += sets[i].here;
    return count;
}

const ho_kernels *ho_kernels_at(size_t wanted)
{
    kernel_set sets[SETS];
    find_sets(sets);
    for (size_t i = 0; i < SETS; i++) {
        if (sets[i].here && wanted-- == 0) return sets[i].kernels;
    }
    return NULL;
}
