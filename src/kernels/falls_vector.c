/* What swaps can come to at most: one source for every vector instruction set, as kernels_vector.c is. */
#include "kernels/kernels_sets.h"

#include <math.h>

enum { MOST_LANES = 4 * HO_FALLS_LANES };

HO_ALWAYS_INLINE float bound_lanes(const ho_falls *f, size_t first, size_t lanes, float highest, float *upper)
{
    float fall[MOST_LANES];
    for (size_t i = 0; i < lanes; i++)
        fall[i] = 0;
    const float *x = f->x + first;
    for (size_t k = 0; k < f->intervals; k++, x += f->stride) {
        const float base = f->base[k];
#pragma omp simd
        for (size_t i = 0; i < lanes; i++) {
            const float here = -(base + x[i]);
            fall[i] = here > fall[i] ? here : fall[i];
        }
    }
    const float *total = f->total + first, *dots = f->dots + first, *leaving = f->leaving + first;
    const ho_falls all = *f;
    upper += first;
#pragma omp simd reduction(max : highest)
    for (size_t i = 0; i < lanes; i++) {
        const float deep = fall[i] - all.error, gain = all.rest + total[i];
        const float pairs = all.pairs + 2 * (dots[i] - leaving[i]);
        const float value = (gain > 0 ? gain : 0) / deep * all.stretch - all.weight * pairs;
        upper[i] = deep > all.none ? value : INFINITY;
        highest = upper[i] > highest ? upper[i] : highest;
    }
    return highest;
}

extern ho_falls_upper_of HO_OF_SET(ho_falls_upper_);
float HO_OF_SET(ho_falls_upper_)(const ho_falls *f, size_t candidates, float *upper)
{
    float highest = -INFINITY;
    size_t j = 0;
    for (; j + MOST_LANES <= candidates; j += MOST_LANES)
        highest = bound_lanes(f, j, MOST_LANES, highest, upper);
    for (; j + HO_FALLS_LANES <= candidates; j += HO_FALLS_LANES)
        highest = bound_lanes(f, j, HO_FALLS_LANES, highest, upper);
    return highest;
}
