/* A value's bounds from sieved numbers, for one candidate: what the reference and the vectors compute alike. */
#ifndef HO_KERNELS_SIEVE_BOUNDS_H
#define HO_KERNELS_SIEVE_BOUNDS_H

#include "kernels/kernels.h"

#include <math.h>

/* sign = 1: what the value is at most; sign = -1: at least. */
HO_ALWAYS_INLINE float ho_sieve_bound(const ho_sieve_bounds *b, ho_sieve_bare bare, bool halves, float sum,
                                      float drawdown, float dot, float absolute, float scale, float sign)
{
    const float size = b->base_size + absolute;
    const float depth_error = b->depth_part * size + b->depth_step * drawdown + b->least;
    const float total = sum + sign * (b->sum_part * size + b->least);
    const float deep = drawdown + depth_error, shallow = drawdown - depth_error;
    /* a gain is worth most over the shallowest drawdown, a loss over the deepest */
    const float shallowest = sign > 0 ? shallow : deep, deepest = sign > 0 ? deep : shallow;
    const float under = total > 0 ? shallowest : deepest;
    float value = bare == HO_SIEVE_RATIO   ? total / under
                  : bare == HO_SIEVE_TOTAL ? total / b->divisor
                                           : -shallowest / b->divisor;
    const bool sure = bare != HO_SIEVE_RATIO || shallow > b->none;
    const float twice = 2 * dot * scale, lean = absolute * scale;
    const float width = fabsf(b->pairs) + fabsf(twice);
    const float error = b->weight * (2 * b->dot_part * lean + b->few * width) + b->least;
    float penalty = b->weight * (b->pairs + twice) - sign * error;
    penalty = b->only_positive && penalty < 0 ? 0 : penalty;
    if (halves) { /* near the threshold either may be */
        const float half = penalty * 0.5F, surely = deep < b->halved_below ? half : penalty;
        const float other = shallow < b->halved_below ? half : penalty;
        const bool first = sign > 0 ? surely < other : surely > other;
        penalty = first ? surely : other;
    }
    const float slack = b->few * (fabsf(value) + fabsf(penalty));
    value = value - penalty + sign * slack;
    return sure ? value : sign * INFINITY;
}

#endif
