/* One source for every vector instruction set: compiled once a set, with that set's flags and HO_KERNEL_SET naming
 * it. LANES candidates walk side by side, their state in registers; the compiler makes vectors of the plain loops. */
#include "kernels/kernels_sets.h"

#include <stdbool.h>

#define JOIN_(a, b) a##b
#define JOIN(a, b)  JOIN_(a, b)
#define TEXT_(a)    #a
#define TEXT(a)     TEXT_(a)

#ifndef HO_LANES
#define HO_LANES 16
#endif
enum { LANES = HO_LANES };

/* with_dot is a constant at every call: the compiler drops what is not wanted. */
static inline __attribute__((always_inline)) void walk_lanes(const ho_scan *s, size_t first,
                                                             const ho_walked *out, bool with_dot)
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
            drawdown[i] = below > drawdown[i] ? below : drawdown[i];
            if (with_dot) dot[i] += v * in;
        }
        x += s->stride;
    }
    for (int i = 0; i < LANES; i++) {
        out->sum[first + (size_t)i] = equity[i];
        out->drawdown[first + (size_t)i] = drawdown[i];
        if (with_dot) out->dot[first + (size_t)i] = dot[i];
    }
}

static inline __attribute__((always_inline)) void count_lanes(const ho_scan *s, size_t first,
                                                              const ho_walked *out)
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
static void scan(const ho_scan *s, size_t candidates, const ho_walked *out)
{
    if (candidates < LANES) {
        ho_kernels_ref.scan(s, candidates, out);
        return;
    }
    for (size_t first = 0; first < candidates; first += LANES) {
        size_t at = first + LANES <= candidates ? first : candidates - LANES;
        if (s->v != NULL)
            walk_lanes(s, at, out, true);
        else
            walk_lanes(s, at, out, false);
    }
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

enum { AT_ONCE = 4 };

/* Adds AT_ONCE columns, or one, in the order of the members: a sum is loaded and stored once for all of them. */
static inline __attribute__((always_inline)) void add_columns(const ho_columns *c, const uint32_t *members,
                                                              int count, double *sum, double *units,
                                                              bool with_units)
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

static inline __attribute__((always_inline)) void sum_members(const ho_columns *c, const uint32_t *members,
                                                              size_t count, double *sum, double *units,
                                                              bool with_units)
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

extern const ho_kernels JOIN(ho_kernels_, HO_KERNEL_SET);
const ho_kernels JOIN(ho_kernels_, HO_KERNEL_SET) = {
    .name = TEXT(HO_KERNEL_SET), .scan = scan, .scan_counts = scan_counts, .sum_columns = sum_columns};
