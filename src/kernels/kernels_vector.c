/* One source for every vector instruction set: compiled once a set, with that set's flags and HO_KERNEL_SET naming
 * it. LANES candidates walk side by side, their state in registers; the compiler makes vectors of the plain loops. */
#include "kernels/kernels_sets.h"
#include "kernels/sieve_bounds.h"

#include <math.h>
#include <stdbool.h>

#define JOIN_(a, b) a##b
#define JOIN(a, b)  JOIN_(a, b)
#define TEXT_(a)    #a
#define TEXT(a)     TEXT_(a)

#ifndef HO_LANES
#define HO_LANES 16
#endif
enum { LANES = HO_LANES };

/* with_dot and smooth are constants at every call: the compiler drops what is not wanted. */
static inline __attribute__((always_inline)) void walk_lanes(const ho_scan *s, size_t first,
                                                             const ho_walked *out, bool with_dot, bool smooth)
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
static inline __attribute__((always_inline)) void square_lanes(const ho_scan *s, size_t first,
                                                               const ho_walked *out)
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

static inline __attribute__((always_inline)) void range_lanes(const ho_scan *s, size_t first,
                                                              const ho_walked *out)
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

enum { PARTS = 16 };

static inline __attribute__((always_inline)) double add_parts(double *part)
{
    for (size_t half = PARTS / 2; half > 0; half /= 2) {
        for (size_t i = 0; i < half; i++)
            part[i] += part[i + half];
    }
    return part[0];
}

static inline __attribute__((always_inline)) double leave_series(const ho_leaving *l, bool single)
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

static inline __attribute__((always_inline)) void leave_units(const ho_leaving *l, bool single, ho_left *out)
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

static void leave(const ho_leaving *l, ho_left *out)
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

static inline __attribute__((always_inline)) void
sieve_lanes(const ho_sieve *s, size_t first, const ho_sieved *out, bool with_dot, bool smooth)
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

static void sieve(const ho_sieve *s, size_t candidates, const ho_sieved *out)
{
    if (candidates < SIEVE)
        ho_kernels_ref.sieve(s, candidates, out);
    else
        sieve_blocks(s, candidates, false, out);
}

static void sieve_smooth(const ho_sieve *s, size_t candidates, const ho_sieved *out)
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
static void sieve_upper(const ho_sieve_bounds *b, const ho_sieved *w, const float *absolute,
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

enum { SETS = HO_SETS_LANES };

/* Periods whose sums stay in registers over all members; SSE2 has half the room. */
#ifdef __AVX__
enum { STRETCH = 2 * SETS };
#else
enum { STRETCH = SETS };
#endif

/* The sums of one set over `width` periods from `from` on, into lane `lane` of the room; g's squares are added up.
 * Columns lie all over memory: those of the set after it are fetched meanwhile, a line a step. */
static inline __attribute__((always_inline)) void sum_stretch(const ho_sets *s, const uint32_t *members,
                                                              const uint32_t *next, size_t from, int width,
                                                              size_t lane, float shift, float *square,
                                                              bool with_pairs)
{
    const size_t periods = s->periods, stride = s->stride;
    const float *columns = s->columns;
    float sum[STRETCH], g[STRETCH];
#pragma omp simd
    for (int i = 0; i < width; i++)
        sum[i] = g[i] = 0; /* an initialiser becomes a slow instruction */
    for (size_t k = 0; k < s->size; k++) {
        const float *column = columns + members[k] * stride, *x = column + from;
        const float scale = column[periods + 1];
        for (int i = 0; i < width; i += SETS)
            __builtin_prefetch(columns + next[k] * stride + from + i);
#pragma omp simd
        for (int i = 0; i < width; i++) {
            sum[i] += x[i];
            if (with_pairs) g[i] += x[i] * scale;
        }
    }
    float *row = s->room + from * SETS + lane;
    for (int i = 0; i < width; i++)
        row[i * SETS] = sum[i];
    if (!with_pairs) return;
#pragma omp simd
    for (int i = 0; i < width; i++)
        g[i] -= shift;
    for (size_t i = periods - from; i < (size_t)width; i++)
        g[i] = 0; /* past the last period */
    for (int part = 0; part < width; part += SETS) {
#pragma omp simd
        for (int i = 0; i < SETS; i++)
            square[i] += g[part + i] * g[part + i];
    }
}

static inline __attribute__((always_inline)) float sum_set(const ho_sets *s, const uint32_t *members,
                                                           const uint32_t *next, size_t lane, bool with_pairs)
{
    float square[SETS] = {0}, shift = 0;
    int32_t varying = 0;
    for (size_t k = 0; k < s->size; k++) {
        const float *facts = s->columns + members[k] * s->stride + s->periods;
        shift += facts[0];
        varying += facts[1] != 0;
        __builtin_prefetch(s->columns + next[k] * s->stride + s->periods);
    }
    size_t from = 0;
    for (; from + SETS < s->periods && from + STRETCH <= s->stride; from += STRETCH)
        sum_stretch(s, members, next, from, STRETCH, lane, shift, square, with_pairs);
    for (; from < s->periods; from += SETS)
        sum_stretch(s, members, next, from, SETS, lane, shift, square, with_pairs);
    for (size_t half = SETS / 2; half > 0; half /= 2) {
        for (size_t i = 0; i < half; i++)
            square[i] += square[i + half];
    }
    return square[0] - (float)varying;
}

/* The series in the room, a set a lane; the first `count` lanes are wanted. */
static void walk_room(const ho_sets *s, size_t count, float *sums, float *drawdowns)
{
    float sum[SETS] = {0}, below[SETS] = {0}, drawdown[SETS] = {0};
    const float *r = s->room;
    size_t t = 0;
    if (!s->zero_start) {
        for (int i = 0; i < SETS; i++)
            sum[i] += r[i];
        r += SETS;
        t = 1;
    }
    for (; t < s->periods; t++) {
#pragma omp simd
        for (int i = 0; i < SETS; i++) {
            sum[i] += r[i];
            const float deeper = below[i] - r[i];
            below[i] = deeper > 0 ? deeper : 0;
            drawdown[i] = below[i] > drawdown[i] ? below[i] : drawdown[i];
        }
        r += SETS;
    }
    for (size_t i = 0; i < count; i++) {
        sums[i] = sum[i];
        drawdowns[i] = drawdown[i];
    }
}

static void count_room(const ho_sets *s, size_t first, size_t count, const ho_sets_walked *out)
{
    int32_t wins[SETS] = {0}, losses[SETS] = {0};
    float gain[SETS] = {0}, loss[SETS] = {0};
    const float *r = s->room;
    for (size_t t = 0; t < s->periods; t++) {
#pragma omp simd
        for (int i = 0; i < SETS; i++) {
            wins[i] += r[i] > 0;
            losses[i] += r[i] < 0;
            gain[i] += r[i] > 0 ? r[i] : 0.0f;
            loss[i] += -r[i] > 0 ? -r[i] : 0.0f;
        }
        r += SETS;
    }
    for (size_t i = 0; i < count; i++) {
        out->wins[first + i] = (float)wins[i];
        out->losses[first + i] = (float)losses[i];
        out->gain[first + i] = gain[i];
        out->loss[first + i] = loss[i];
    }
}

static void walk_sets(const ho_sets *s, const ho_sets_walked *out)
{
    for (size_t first = 0; first < s->count; first += SETS) {
        const size_t lanes = s->count - first < SETS ? s->count - first : SETS;
        for (size_t lane = 0; lane < lanes; lane++) {
            const size_t set = first + lane;
            const uint32_t *members = s->members + set * s->size;
            const uint32_t *next = set + 1 < s->count ? members + s->size : members;
            if (out->pairs != NULL)
                out->pairs[set] = sum_set(s, members, next, lane, true);
            else
                (void)sum_set(s, members, next, lane, false);
        }
        for (size_t i = 0; lanes < SETS && i < s->periods * SETS; i++) {
            if (i % SETS >= lanes) s->room[i] = 0;
        }
        walk_room(s, lanes, out->sum + first, out->drawdown + first);
        if (out->wins != NULL) count_room(s, first, lanes, out);
    }
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
static inline __attribute__((always_inline)) void weigh_rows(const ho_weighing *w, size_t first, size_t count,
                                                             size_t t, int rows)
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

/* choices_vector.c */
extern ho_choices_best_of JOIN(ho_choices_best_, HO_KERNEL_SET);
extern ho_choices_rank_of JOIN(ho_choices_rank_, HO_KERNEL_SET);
/* series_vector.c */
extern ho_series_walk_of JOIN(ho_series_walk_, HO_KERNEL_SET);
extern ho_series_count_of JOIN(ho_series_count_, HO_KERNEL_SET);

/* dense_vector.c */
extern ho_dense_sum_of JOIN(ho_dense_sum_, HO_KERNEL_SET);
extern ho_dense_dots_of JOIN(ho_dense_dots_, HO_KERNEL_SET);
extern ho_dense_eliminate_of JOIN(ho_dense_eliminate_, HO_KERNEL_SET);

extern const ho_kernels JOIN(ho_kernels_, HO_KERNEL_SET);
const ho_kernels JOIN(ho_kernels_,
                      HO_KERNEL_SET) = {.name = TEXT(HO_KERNEL_SET),
                                        .scan = scan,
                                        .scan_smooth = scan_smooth,
                                        .scan_counts = scan_counts,
                                        .scan_spread = scan_spread,
                                        .leave = leave,
                                        .sieve = sieve,
                                        .sieve_smooth = sieve_smooth,
                                        .sieve_upper = sieve_upper,
                                        .sum_columns = sum_columns,
                                        .walk_sets = walk_sets,
                                        .bin_row = bin_row,
                                        .weigh = weigh,
                                        .choices_best = JOIN(ho_choices_best_, HO_KERNEL_SET),
                                        .choices_rank = JOIN(ho_choices_rank_, HO_KERNEL_SET),
                                        .series_walk = JOIN(ho_series_walk_, HO_KERNEL_SET),
                                        .series_count = JOIN(ho_series_count_, HO_KERNEL_SET),
                                        .dense_sum = JOIN(ho_dense_sum_, HO_KERNEL_SET),
                                        .dense_dots = JOIN(ho_dense_dots_, HO_KERNEL_SET),
                                        .dense_eliminate = JOIN(ho_dense_eliminate_, HO_KERNEL_SET)};
