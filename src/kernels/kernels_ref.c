/* The reference: plain loops, a candidate after the other. Slow, and the truth that the vector sets are held to. */
#include "kernels/kernels_sets.h"
#include "kernels/sieve_bounds.h"

#include <math.h>

/* Of the depths, by the one way the largest and by the other the fourth root of the sum of their fourth powers. */
static void walk(const ho_scan *s, size_t candidates, bool smooth, const ho_walked *out)
{
    for (size_t j = 0; j < candidates; j++) {
        double equity = 0, peak = s->start_peak, drawdown = 0, fourths = 0, dot = 0;
        for (size_t t = 0; t < s->periods; t++) {
            equity += s->base[t] + s->x[t * s->stride + j];
            peak = equity > peak ? equity : peak;
            const double below = peak - equity, square = below * below;
            drawdown = below > drawdown ? below : drawdown;
            fourths += square * square;
            if (s->v != NULL) dot += s->v[t] * s->x[t * s->stride + j];
        }
        out->sum[j] = equity;
        out->drawdown[j] = smooth ? sqrt(sqrt(fourths)) : drawdown;
        if (s->v != NULL) out->dot[j] = dot;
    }
}

static void scan(const ho_scan *s, size_t candidates, const ho_walked *out)
{
    walk(s, candidates, false, out);
}

static void scan_smooth(const ho_scan *s, size_t candidates, const ho_walked *out)
{
    walk(s, candidates, true, out);
}

static void scan_counts(const ho_scan *s, size_t candidates, const ho_walked *out)
{
    scan(s, candidates, out);
    for (size_t j = 0; j < candidates; j++) {
        double wins = 0, losses = 0, gain = 0, loss = 0;
        for (size_t t = 0; t < s->periods; t++) {
            double r = s->base[t] + s->x[t * s->stride + j];
            wins += r > 0 ? 1.0 : 0.0;
            losses += r < 0 ? 1.0 : 0.0;
            gain += r > 0 ? r : 0.0;
            loss += -r > 0 ? -r : 0.0;
        }
        out->wins[j] = wins;
        out->losses[j] = losses;
        out->gain[j] = gain;
        out->loss[j] = loss;
    }
}

static void scan_spread(const ho_scan *s, size_t candidates, const ho_walked *out)
{
    scan_counts(s, candidates, out);
    for (size_t j = 0; j < candidates; j++) {
        const double mean = out->sum[j] / (double)s->periods;
        double low = INFINITY, high = -INFINITY, square = 0, shortfall = 0;
        for (size_t t = 0; t < s->periods; t++) {
            const double r = s->base[t] + s->x[t * s->stride + j], apart = r - mean;
            const double below = (r < s->hurdle ? r : s->hurdle) - s->hurdle;
            low = r < low ? r : low;
            high = r > high ? r : high;
            square += apart * apart;
            shortfall += below * below;
        }
        out->low[j] = low;
        out->high[j] = high;
        out->square[j] = square;
        out->shortfall[j] = shortfall;
    }
}

static double add_halves(double part[16])
{
    for (size_t half = 8; half > 0; half /= 2) {
        for (size_t i = 0; i < half; i++)
            part[i] += part[i + half];
    }
    return part[0];
}

static void leave(const ho_leaving *l, ho_left *out)
{
    double size[16] = {0}, sum[16] = {0}, square[16] = {0}, high = 0;
    for (size_t t = 0; t < l->periods; t++) {
        const double base = l->series[t] - l->x[t];
        l->base[t] = base;
        if (l->single_base != NULL) l->single_base[t] = (float)base;
        size[t % 16] += fabs(base);
        if (l->units == NULL) continue;
        const double v = l->units[t] - (l->x[t] - l->mean) * l->scale, length = fabs(v);
        l->v[t] = v;
        if (l->single_v != NULL) l->single_v[t] = (float)v;
        sum[t % 16] += v;
        square[t % 16] += v * v;
        high = length > high ? length : high;
    }
    *out = (ho_left){add_halves(size), add_halves(sum), add_halves(square), high};
}

static void walk_sieved(const ho_sieve *s, size_t candidates, bool smooth, const ho_sieved *out)
{
    const float part = smooth ? 1 / s->unit : 0;
    for (size_t j = 0; j < candidates; j++) {
        float sum = 0, below = 0, drawdown = 0, fourths = 0, dot = 0;
        for (size_t t = 0; t < s->periods; t++) {
            const float in = s->x[t * s->stride + j], r = s->base[t] + in;
            sum += r;
            const float deeper = below - r;
            below = deeper > 0 && (t > 0 || s->zero_start) ? deeper : 0;
            const float depth = below * part, square = depth * depth;
            drawdown = below > drawdown ? below : drawdown;
            fourths += square * square;
            if (s->v != NULL) dot += s->v[t] * in;
        }
        out->sum[j] = sum;
        out->drawdown[j] = smooth ? sqrtf(sqrtf(fourths)) * s->unit : drawdown;
        if (s->v != NULL) out->dot[j] = dot;
    }
}

static void sieve(const ho_sieve *s, size_t candidates, const ho_sieved *out)
{
    walk_sieved(s, candidates, false, out);
}

static void sieve_smooth(const ho_sieve *s, size_t candidates, const ho_sieved *out)
{
    walk_sieved(s, candidates, true, out);
}

static void sieve_upper(const ho_sieve_bounds *b, const ho_sieved *w, const float *absolute,
                        const float *scale, size_t candidates, float *upper)
{
    for (size_t i = 0; i < candidates; i++) {
        const float dot = b->weight != 0 ? w->dot[i] : 0;
        upper[i] = ho_sieve_bound(b, b->bare, true, w->sum[i], w->drawdown[i], dot, absolute[i], scale[i], 1);
    }
}

static void sum_columns(const ho_columns *c, const uint32_t *members, size_t count, double *sum,
                        double *units)
{
    for (size_t t = 0; t < c->periods; t++) {
        sum[t] = 0;
        if (units != NULL) units[t] = 0;
        for (size_t k = 0; k < count; k++) {
            const double x = c->data[members[k] * c->stride + t];
            sum[t] += x;
            if (units != NULL) units[t] += (x - c->mean[members[k]]) * c->scale[members[k]];
        }
    }
}

static const float *column_of(const ho_sets *s, uint32_t member)
{
    return s->columns + member * s->stride;
}

static float pairs_of_set(const ho_sets *s, const uint32_t *members)
{
    float square[HO_SETS_LANES] = {0}, shift = 0, varying = 0;
    for (size_t k = 0; k < s->size; k++)
        shift += column_of(s, members[k])[s->periods];
    for (size_t t = 0; t < s->periods; t++) {
        float g = 0;
        for (size_t k = 0; k < s->size; k++) {
            const float *x = column_of(s, members[k]);
            g += x[t] * x[s->periods + 1];
        }
        g -= shift;
        square[t % HO_SETS_LANES] += g * g;
    }
    for (size_t half = HO_SETS_LANES / 2; half > 0; half /= 2) {
        for (size_t i = 0; i < half; i++)
            square[i] += square[i + half];
    }
    for (size_t k = 0; k < s->size; k++)
        varying += column_of(s, members[k])[s->periods + 1] != 0 ? 1.0f : 0.0f;
    return square[0] - varying;
}

static void walk_sets(const ho_sets *s, const ho_sets_walked *out)
{
    for (size_t i = 0; i < s->count; i++) {
        const uint32_t *members = s->members + i * s->size;
        float sum = 0, below = 0, drawdown = 0, wins = 0, losses = 0, gain = 0, loss = 0;
        for (size_t t = 0; t < s->periods; t++) {
            float r = 0;
            for (size_t k = 0; k < s->size; k++)
                r += column_of(s, members[k])[t];
            sum += r;
            float deeper = below - r;
            below = deeper > 0 && (t > 0 || s->zero_start) ? deeper : 0;
            drawdown = below > drawdown ? below : drawdown;
            wins += r > 0 ? 1.0f : 0.0f;
            losses += r < 0 ? 1.0f : 0.0f;
            gain += r > 0 ? r : 0.0f;
            loss += -r > 0 ? -r : 0.0f;
        }
        out->sum[i] = sum;
        out->drawdown[i] = drawdown;
        if (out->pairs != NULL) out->pairs[i] = pairs_of_set(s, members);
        if (out->wins == NULL) continue;
        out->wins[i] = wins;
        out->losses[i] = losses;
        out->gain[i] = gain;
        out->loss[i] = loss;
    }
}

static void bin_row(const float *row, size_t count, float half, int32_t *bin, ho_binned *out)
{
    *out = (ho_binned){.high = 0};
    for (size_t k = 0; k < count; k++) {
        float place = row[k] * half + half;
        place = place > 0 ? place : 0;
        bin[k] = (int32_t)(place < 2 * half ? place : 2 * half);
        out->sum[k % 16] += row[k];
        out->square[k % 16] += row[k] * row[k];
        out->high = bin[k] > out->high ? bin[k] : out->high;
    }
}

static void weigh(const ho_weighing *w)
{
    for (size_t j = 0; j < w->columns; j++) {
        double a = 0, b = 0;
        for (size_t t = 0; t < w->periods; t++) {
            a += w->a[t] * w->x[t * w->stride + j];
            b += w->b[t] * w->x[t * w->stride + j];
        }
        w->a_sum[j] = a;
        w->b_sum[j] = b;
    }
}

/* choices_ref.c */
extern ho_choices_best_of ho_choices_best_ref;
extern ho_choices_rank_of ho_choices_rank_ref;
/* series_ref.c */
extern ho_series_walk_of ho_series_walk_ref;
extern ho_series_count_of ho_series_count_ref;

/* falls_ref.c */
extern ho_falls_upper_of ho_falls_upper_ref;

/* dense_ref.c */
extern ho_dense_sum_of ho_dense_sum_ref;
extern ho_dense_dots_of ho_dense_dots_ref;
extern ho_dense_eliminate_of ho_dense_eliminate_ref;

const ho_kernels ho_kernels_ref = {.name = "ref",
                                   .scan = scan,
                                   .scan_smooth = scan_smooth,
                                   .scan_counts = scan_counts,
                                   .scan_spread = scan_spread,
                                   .leave = leave,
                                   .sieve = sieve,
                                   .sieve_smooth = sieve_smooth,
                                   .sieve_upper = sieve_upper,
                                   .falls_upper = ho_falls_upper_ref,
                                   .sum_columns = sum_columns,
                                   .walk_sets = walk_sets,
                                   .bin_row = bin_row,
                                   .weigh = weigh,
                                   .choices_best = ho_choices_best_ref,
                                   .choices_rank = ho_choices_rank_ref,
                                   .series_walk = ho_series_walk_ref,
                                   .series_count = ho_series_count_ref,
                                   .dense_sum = ho_dense_sum_ref,
                                   .dense_dots = ho_dense_dots_ref,
                                   .dense_eliminate = ho_dense_eliminate_ref};
