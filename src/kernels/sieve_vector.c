/* Scans in single precision, and what a set is without a member, for every vector instruction set: one source, compiled
 * once a set as kernels_vector.c is. */
#include "kernels/kernels_sets.h"
#include "kernels/sieve_bounds.h"

#include <math.h>
#include <stdbool.h>

enum { PARTS = 16 };

HO_ALWAYS_INLINE double add_parts(double *part)
{
    for (size_t half = PARTS / 2; half > 0; half /= 2) {
        for (size_t i = 0; i < half; i++)
            part[i] += part[i + half];
    }
    return part[0];
}

HO_ALWAYS_INLINE double leave_series(const ho_leaving *l, bool single)
{
    double size[PARTS] = {0};
    const double *series = l->series, *x = l->x;
    double *base = l->base;
    float *single_base = l->single_base;
    size_t t = 0;
    for (; t + PARTS <= l->periods; t += PARTS) {
#pragma omp simd
        for (size_t i = 0; i < PARTS; i++) {
            const double b = series[t + i] - x[t + i];
            base[t + i] = b;
            if (single) single_base[t + i] = (float)b;
            size[i] += fabs(b);
        }
    }
    for (size_t i = 0; t < l->periods; i++, t++) {
        base[t] = series[t] - x[t];
        if (single) single_base[t] = (float)base[t];
        size[i] += fabs(base[t]);
    }
    return add_parts(size);
}

HO_ALWAYS_INLINE void leave_units(const ho_leaving *l, bool single, ho_left *out)
{
    double sum[PARTS] = {0}, square[PARTS] = {0}, high[PARTS] = {0};
    const double *units = l->units, *x = l->x, mean = l->mean, scale = l->scale;
    double *v = l->v;
    float *single_v = l->single_v;
    size_t t = 0;
    for (; t + PARTS <= l->periods; t += PARTS) {
#pragma omp simd
        for (size_t i = 0; i < PARTS; i++) {
            const double u = units[t + i] - (x[t + i] - mean) * scale, length = fabs(u);
            v[t + i] = u;
            if (single) single_v[t + i] = (float)u;
            sum[i] += u;
            square[i] += u * u;
            high[i] = length > high[i] ? length : high[i];
        }
    }
    for (size_t i = 0; t < l->periods; i++, t++) {
        const double u = units[t] - (x[t] - mean) * scale, length = fabs(u);
        v[t] = u;
        if (single) single_v[t] = (float)u;
        sum[i] += u;
        square[i] += u * u;
        high[i] = length > high[i] ? length : high[i];
    }
    for (size_t i = 1; i < PARTS; i++)
        high[0] = high[i] > high[0] ? high[i] : high[0];
    out->v_sum = add_parts(sum);
    out->v_square = add_parts(square);
    out->v_high = high[0];
}

extern ho_leave_of HO_OF_SET(ho_leave_);
void HO_OF_SET(ho_leave_)(const ho_leaving *l, ho_left *out)
{
    *out = (ho_left){.base_size = l->single_base != NULL ? leave_series(l, true) : leave_series(l, false)};
    if (l->units != NULL && l->single_v != NULL)
        leave_units(l, true, out);
    else if (l->units != NULL)
        leave_units(l, false, out);
}

/* Lanes of single precision: as many as have room in the registers with all that a lane keeps. */
#if defined(HO_SIEVE_LANES)
enum { SIEVE = HO_SIEVE_LANES };
#elif defined(__AVX512F__)
enum { SIEVE = 64 };
#elif defined(__AVX__)
enum { SIEVE = 16 };
#else
enum { SIEVE = 8 };
#endif

HO_ALWAYS_INLINE void sieve_lanes(const ho_sieve *s, size_t first, const ho_sieved *out, bool with_dot,
                                  bool smooth)
{
    const float part = smooth ? 1 / s->unit : 0;
    float sum[SIEVE], below[SIEVE], drawdown[SIEVE], dot[SIEVE];
    const volatile float nothing = 0; /* a maximum of two variables is one instruction, of a constant two */
    const float zero = nothing;
    for (int i = 0; i < SIEVE; i++)
        sum[i] = below[i] = drawdown[i] = dot[i] = 0;
    const float *x = s->x + first;
    size_t t = 0;
    if (!s->zero_start) {
        for (int i = 0; i < SIEVE; i++) {
            sum[i] += s->base[0] + x[i];
            if (with_dot) dot[i] += s->v[0] * x[i];
        }
        x += s->stride;
        t = 1;
    }
    for (; t < s->periods; t++) {
        const float base = s->base[t], v = with_dot ? s->v[t] : 0;
#pragma omp simd
        for (int i = 0; i < SIEVE; i++) {
            const float in = x[i], r = base + in;
            sum[i] += r;
            const float deeper = below[i] - r;
            below[i] = deeper > zero ? deeper : zero;
            if (smooth) {
                const float depth = below[i] * part, square = depth * depth;
                drawdown[i] += square * square;
            } else {
                drawdown[i] = below[i] > drawdown[i] ? below[i] : drawdown[i];
            }
            if (with_dot) dot[i] += v * in;
        }
        x += s->stride;
    }
    for (int i = 0; i < SIEVE; i++) {
        out->sum[first + (size_t)i] = sum[i];
        out->drawdown[first + (size_t)i] = smooth ? sqrtf(sqrtf(drawdown[i])) * s->unit : drawdown[i];
        if (with_dot) out->dot[first + (size_t)i] = dot[i];
    }
}

/* What is left past the last whole block: as in walk_blocks. */
HO_ALWAYS_INLINE void sieve_blocks(const ho_sieve *s, size_t candidates, bool smooth, const ho_sieved *out)
{
    for (size_t first = 0; first < candidates; first += SIEVE) {
        const size_t at = first + SIEVE <= candidates ? first : candidates - SIEVE;
        if (s->v != NULL)
            sieve_lanes(s, at, out, true, smooth);
        else
            sieve_lanes(s, at, out, false, smooth);
    }
}

extern ho_sieve_of HO_OF_SET(ho_sieve_);
void HO_OF_SET(ho_sieve_)(const ho_sieve *s, size_t candidates, const ho_sieved *out)
{
    if (candidates < SIEVE)
        ho_kernels_ref.sieve(s, candidates, out);
    else
        sieve_blocks(s, candidates, false, out);
}

extern ho_sieve_smooth_of HO_OF_SET(ho_sieve_smooth_);
void HO_OF_SET(ho_sieve_smooth_)(const ho_sieve *s, size_t candidates, const ho_sieved *out)
{
    if (candidates < SIEVE)
        ho_kernels_ref.sieve_smooth(s, candidates, out);
    else
        sieve_blocks(s, candidates, true, out);
}

HO_ALWAYS_INLINE void bound_all(const ho_sieve_bounds *b, ho_sieve_bare bare, bool halves, bool with_dot,
                                const ho_sieved *w, const float *absolute, const float *scale,
                                size_t candidates, float *upper)
{
    const float *sum = w->sum, *drawdown = w->drawdown, *dot = with_dot ? w->dot : w->sum;
    const ho_sieve_bounds mine = *b;
#pragma omp simd
    for (size_t i = 0; i < candidates; i++)
        upper[i] = ho_sieve_bound(&mine, bare, halves, sum[i], drawdown[i], with_dot ? dot[i] : 0,
                                  absolute[i], scale[i], 1);
}

/* The ratio is what is asked most. */
extern ho_sieve_upper_of HO_OF_SET(ho_sieve_upper_);
void HO_OF_SET(ho_sieve_upper_)(const ho_sieve_bounds *b, const ho_sieved *w, const float *absolute,
                                const float *scale, size_t candidates, float *upper)
{
    const bool plain = b->bare == HO_SIEVE_RATIO && !(b->halved_below > 0);
    if (plain && b->weight != 0)
        bound_all(b, HO_SIEVE_RATIO, false, true, w, absolute, scale, candidates, upper);
    else if (plain)
        bound_all(b, HO_SIEVE_RATIO, false, false, w, absolute, scale, candidates, upper);
    else if (b->weight != 0)
        bound_all(b, b->bare, true, true, w, absolute, scale, candidates, upper);
    else
        bound_all(b, b->bare, true, false, w, absolute, scale, candidates, upper);
}
