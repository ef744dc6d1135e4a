/* One source for every vector instruction set: compiled once a set, with that set's flags and HO_KERNEL_SET naming
 * it. LANES candidates walk side by side, their state in registers; the compiler makes vectors of the plain loops. */
#include "kernels/kernels_sets.h"

#include <math.h>
#include <stdbool.h>

#define TEXT_(a) #a
#define TEXT(a)  TEXT_(a)

#ifndef HO_LANES
#define HO_LANES 16
#endif
enum { LANES = HO_LANES };

/* with_dot and smooth are constants at every call: the compiler drops what is not wanted. */
HO_ALWAYS_INLINE void walk_lanes(const ho_scan *s, size_t first, const ho_walked *out, bool with_dot,
                                 bool smooth)
{
    double equity[LANES], peak[LANES], drawdown[LANES], dot[LANES];
    for (int i = 0; i < LANES; i++) {
        equity[i] = drawdown[i] = dot[i] = 0;
        peak[i] = s->start_peak;
    }
    const double *x = s->x + first;
    for (size_t t = 0; t < s->periods; t++) {
        const double base = s->base[t], v = with_dot ? s->v[t] : 0;
#pragma omp simd
        for (int i = 0; i < LANES; i++) {
            const double in = x[i];
            equity[i] += base + in;
            peak[i] = equity[i] > peak[i] ? equity[i] : peak[i];
            double below = peak[i] - equity[i];
            if (smooth) {
                below *= below;
                drawdown[i] += below * below;
            } else {
                drawdown[i] = below > drawdown[i] ? below : drawdown[i];
            }
            if (with_dot) dot[i] += v * in;
        }
        x += s->stride;
    }
    for (int i = 0; i < LANES; i++) {
        out->sum[first + (size_t)i] = equity[i];
        out->drawdown[first + (size_t)i] = smooth ? sqrt(sqrt(drawdown[i])) : drawdown[i];
        if (with_dot) out->dot[first + (size_t)i] = dot[i];
    }
}

HO_ALWAYS_INLINE void count_lanes(const ho_scan *s, size_t first, const ho_walked *out)
{
    /* Whole numbers for the counts: a comparison's mask is subtracted, where a choice of doubles would branch. */
    int64_t wins[LANES] = {0}, losses[LANES] = {0};
    double gain[LANES] = {0}, loss[LANES] = {0};
    const double *x = s->x + first;
    for (size_t t = 0; t < s->periods; t++) {
        const double base = s->base[t];
#pragma omp simd
        for (int i = 0; i < LANES; i++) {
            const double r = base + x[i];
            wins[i] += r > 0;
            losses[i] += r < 0;
            gain[i] += r > 0 ? r : 0.0;
            loss[i] += -r > 0 ? -r : 0.0;
        }
        x += s->stride;
    }
    for (int i = 0; i < LANES; i++) {
        out->wins[first + (size_t)i] = (double)wins[i];
        out->losses[first + (size_t)i] = (double)losses[i];
        out->gain[first + (size_t)i] = gain[i];
        out->loss[first + (size_t)i] = loss[i];
    }
}

/* The candidates past the last whole block: the same lanes moved back over candidates already done, whose values
 * come out the same; with fewer candidates than lanes, the reference. */
HO_ALWAYS_INLINE void walk_blocks(const ho_scan *s, size_t candidates, bool smooth, const ho_walked *out)
{
    for (size_t first = 0; first < candidates; first += LANES) {
        size_t at = first + LANES <= candidates ? first : candidates - LANES;
        if (s->v != NULL)
            walk_lanes(s, at, out, true, smooth);
        else
            walk_lanes(s, at, out, false, smooth);
    }
}

static void scan(const ho_scan *s, size_t candidates, const ho_walked *out)
{
    if (candidates < LANES)
        ho_kernels_ref.scan(s, candidates, out);
    else
        walk_blocks(s, candidates, false, out);
}

static void scan_smooth(const ho_scan *s, size_t candidates, const ho_walked *out)
{
    if (candidates < LANES)
        ho_kernels_ref.scan_smooth(s, candidates, out);
    else
        walk_blocks(s, candidates, true, out);
}

static void scan_counts(const ho_scan *s, size_t candidates, const ho_walked *out)
{
    if (candidates < LANES) {
        ho_kernels_ref.scan_counts(s, candidates, out);
        return;
    }
    scan(s, candidates, out);
    for (size_t first = 0; first < candidates; first += LANES)
        count_lanes(s, first + LANES <= candidates ? first : candidates - LANES, out);
}

/* Two walks, so that what each keeps fits into the registers of AVX2. */
HO_ALWAYS_INLINE void square_lanes(const ho_scan *s, size_t first, const ho_walked *out)
{
    double mean[LANES], square[LANES], shortfall[LANES];
    for (int i = 0; i < LANES; i++) {
        mean[i] = out->sum[first + (size_t)i] / (double)s->periods;
        square[i] = shortfall[i] = 0;
    }
    const double *x = s->x + first, hurdle = s->hurdle;
    for (size_t t = 0; t < s->periods; t++) {
        const double base = s->base[t];
#pragma omp simd
        for (int i = 0; i < LANES; i++) {
            const double r = base + x[i], apart = r - mean[i];
            const double below =
                (r < hurdle ? r : hurdle) - hurdle; /* a choice of two variables does not branch */
            square[i] += apart * apart;
            shortfall[i] += below * below;
        }
        x += s->stride;
    }
    for (int i = 0; i < LANES; i++) {
        out->square[first + (size_t)i] = square[i];
        out->shortfall[first + (size_t)i] = shortfall[i];
    }
}

HO_ALWAYS_INLINE void range_lanes(const ho_scan *s, size_t first, const ho_walked *out)
{
    double low[LANES], high[LANES];
    for (int i = 0; i < LANES; i++) {
        low[i] = INFINITY;
        high[i] = -INFINITY;
    }
    const double *x = s->x + first;
    for (size_t t = 0; t < s->periods; t++) {
        const double base = s->base[t];
#pragma omp simd
        for (int i = 0; i < LANES; i++) {
            const double r = base + x[i];
            low[i] = r < low[i] ? r : low[i];
            high[i] = r > high[i] ? r : high[i];
        }
        x += s->stride;
    }
    for (int i = 0; i < LANES; i++) {
        out->low[first + (size_t)i] = low[i];
        out->high[first + (size_t)i] = high[i];
    }
}

static void scan_spread(const ho_scan *s, size_t candidates, const ho_walked *out)
{
    if (candidates < LANES) {
        ho_kernels_ref.scan_spread(s, candidates, out);
        return;
    }
    scan_counts(s, candidates, out);
    for (size_t first = 0; first < candidates; first += LANES) {
        const size_t at = first + LANES <= candidates ? first : candidates - LANES;
        square_lanes(s, at, out);
        range_lanes(s, at, out);
    }
}

enum { AT_ONCE = 4 };

/* Adds AT_ONCE columns, or one, in the order of the members: a sum is loaded and stored once for all of them. */
HO_ALWAYS_INLINE void add_columns(const ho_columns *c, const uint32_t *members, int count, double *sum,
                                  double *units, bool with_units)
{
    const double *x[AT_ONCE];
    double mean[AT_ONCE], scale[AT_ONCE];
    for (int k = 0; k < count; k++) {
        x[k] = c->data + members[k] * c->stride;
        mean[k] = with_units ? c->mean[members[k]] : 0;
        scale[k] = with_units ? c->scale[members[k]] : 0;
    }
    const size_t periods = c->periods;
#pragma omp simd
    for (size_t t = 0; t < periods; t++) {
        double s = sum[t];
        for (int k = 0; k < count; k++)
            s += x[k][t];
        sum[t] = s;
        if (with_units) {
            double u = units[t];
            for (int k = 0; k < count; k++)
                u += (x[k][t] - mean[k]) * scale[k];
            units[t] = u;
        }
    }
}

HO_ALWAYS_INLINE void sum_members(const ho_columns *c, const uint32_t *members, size_t count, double *sum,
                                  double *units, bool with_units)
{
    size_t k = 0;
    for (; k + AT_ONCE <= count; k += AT_ONCE) {
        for (size_t ahead = k + AT_ONCE; ahead < k + 2 * AT_ONCE && ahead < count; ahead++) {
            const char *next = (const char *)(c->data + members[ahead] * c->stride);
            for (size_t line = 0; line < c->periods * sizeof(double); line += 64)
                __builtin_prefetch(next + line);
        }
        add_columns(c, members + k, AT_ONCE, sum, units, with_units);
    }
    for (; k < count; k++)
        add_columns(c, members + k, 1, sum, units, with_units);
}

static void sum_columns(const ho_columns *c, const uint32_t *members, size_t count, double *sum,
                        double *units)
{
    for (size_t t = 0; t < c->periods; t++)
        sum[t] = 0;
    for (size_t t = 0; units != NULL && t < c->periods; t++)
        units[t] = 0;
    if (units != NULL)
        sum_members(c, members, count, sum, units, true);
    else
        sum_members(c, members, count, sum, units, false);
}

static void bin_row(const float *restrict row, size_t count, float half, int32_t *restrict bin,
                    ho_binned *out)
{
    enum { WIDE = 16 };
    float sum[WIDE] = {0}, square[WIDE] = {0};
    int32_t high[WIDE] = {0};
    size_t k = 0;
    for (; k + WIDE <= count; k += WIDE) {
#pragma omp simd
        for (size_t i = 0; i < WIDE; i++) {
            const float x = row[k + i];
            float place = x * half + half;
            place = place > 0 ? place : 0;
            place = place < 2 * half ? place : 2 * half;
            const int32_t b = (int32_t)place;
            bin[k + i] = b;
            sum[i] += x;
            square[i] += x * x;
            high[i] = b > high[i] ? b : high[i];
        }
    }
    for (size_t i = 0; k < count; i++, k++) {
        float place = row[k] * half + half;
        place = place > 0 ? place : 0;
        bin[k] = (int32_t)(place < 2 * half ? place : 2 * half);
        sum[i] += row[k];
        square[i] += row[k] * row[k];
        high[i] = bin[k] > high[i] ? bin[k] : high[i];
    }
    out->high = 0;
    for (size_t i = 0; i < WIDE; i++) {
        out->sum[i] = sum[i];
        out->square[i] = square[i];
        out->high = high[i] > out->high ? high[i] : out->high;
    }
}

/* Some columns' sums stay in the first-level cache while four rows at a time pass by. */
HO_ALWAYS_INLINE void weigh_rows(const ho_weighing *w, size_t first, size_t count, size_t t, int rows)
{
    double *restrict a_sum = w->a_sum + first, *restrict b_sum = w->b_sum + first;
    const double *x = w->x + t * w->stride + first;
    const size_t stride = w->stride;
#pragma omp simd
    for (size_t j = 0; j < count; j++) {
        double a = a_sum[j], b = b_sum[j];
        for (int r = 0; r < rows; r++) {
            const double here = x[(size_t)r * stride + j];
            a += w->a[t + (size_t)r] * here;
            b += w->b[t + (size_t)r] * here;
        }
        a_sum[j] = a;
        b_sum[j] = b;
    }
}

static void weigh(const ho_weighing *w)
{
    enum { TILE = 512, ROWS = 4 };
    for (size_t first = 0; first < w->columns; first += TILE) {
        const size_t count = w->columns - first < TILE ? w->columns - first : TILE;
        for (size_t j = first; j < first + count; j++)
            w->a_sum[j] = w->b_sum[j] = 0;
        size_t t = 0;
        for (; t + ROWS <= w->periods; t += ROWS)
            weigh_rows(w, first, count, t, ROWS);
        for (; t < w->periods; t++)
            weigh_rows(w, first, count, t, 1);
    }
}

/* sieve_vector.c */
extern ho_leave_of HO_OF_SET(ho_leave_);
extern ho_sieve_of HO_OF_SET(ho_sieve_);
extern ho_sieve_smooth_of HO_OF_SET(ho_sieve_smooth_);
extern ho_sieve_upper_of HO_OF_SET(ho_sieve_upper_);
/* sets_vector.c */
extern ho_walk_sets_of HO_OF_SET(ho_walk_sets_);
/* choices_vector.c */
extern ho_choices_best_of HO_OF_SET(ho_choices_best_);
extern ho_choices_rank_of HO_OF_SET(ho_choices_rank_);
/* series_vector.c */
extern ho_series_walk_of HO_OF_SET(ho_series_walk_);
extern ho_series_count_of HO_OF_SET(ho_series_count_);
/* falls_vector.c */
extern ho_falls_upper_of HO_OF_SET(ho_falls_upper_);
/* dense_vector.c */
extern ho_dense_sum_of HO_OF_SET(ho_dense_sum_);
extern ho_dense_dots_of HO_OF_SET(ho_dense_dots_);
extern ho_dense_eliminate_of HO_OF_SET(ho_dense_eliminate_);

extern const ho_kernels HO_OF_SET(ho_kernels_);
const ho_kernels HO_OF_SET(ho_kernels_) = {.name = TEXT(HO_KERNEL_SET),
                                           .scan = scan,
                                           .scan_smooth = scan_smooth,
                                           .scan_counts = scan_counts,
                                           .scan_spread = scan_spread,
                                           .leave = HO_OF_SET(ho_leave_),
                                           .sieve = HO_OF_SET(ho_sieve_),
                                           .sieve_smooth = HO_OF_SET(ho_sieve_smooth_),
                                           .sieve_upper = HO_OF_SET(ho_sieve_upper_),
                                           .falls_upper = HO_OF_SET(ho_falls_upper_),
                                           .sum_columns = sum_columns,
                                           .walk_sets = HO_OF_SET(ho_walk_sets_),
                                           .bin_row = bin_row,
                                           .weigh = weigh,
                                           .choices_best = HO_OF_SET(ho_choices_best_),
                                           .choices_rank = HO_OF_SET(ho_choices_rank_),
                                           .series_walk = HO_OF_SET(ho_series_walk_),
                                           .series_count = HO_OF_SET(ho_series_count_),
                                           .dense_sum = HO_OF_SET(ho_dense_sum_),
                                           .dense_dots = HO_OF_SET(ho_dense_dots_),
                                           .dense_eliminate = HO_OF_SET(ho_dense_eliminate_)};
