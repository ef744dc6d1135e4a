#include "robust/superior.h"

#include "base/error.h"
#include "base/memory.h"
#include "kernels/kernels.h"
#include "stats/stats.h"

#include <math.h>
#include <stdlib.h>

#if defined(_OPENMP)
#include <omp.h>
#endif

enum {
    TILE = 256,
    LANES = 8,
    CENTRES = 3,
    KINDS = 2 * CENTRES
}; /* statistics of means, then of means over errors */

typedef struct test {
    const ho_superior_of *of;
    const ho_kernels *kernels;
    double *weights; /* resamples x periods: how often each period was drawn, over the periods */
    double *even;    /* periods: 1 over the periods */
    double *kappa;   /* by lag */
    size_t lags;
    double *largest;   /* threads x KINDS x resamples */
    size_t largest_of; /* doubles of a thread */
} test;

/* Facts of one tile's columns. */
typedef struct tile {
    size_t first, count;
    double mean[TILE], error[TILE]; /* 1 / standard deviation of the mean times sqrt(periods); 0: none */
    double centre[CENTRES][TILE];
    double drawn[2][TILE];
} tile;

static size_t periods_of(const test *t)
{
    return t->of->x->rows;
}

/* The weights of autocovariances in the variance of a resampled mean (Politis and Romano 1994, lemma 1). */
static void fill_kappa(test *t)
{
    const double n = (double)periods_of(t), nothing = 1e-14;
    const double end = 1 / (t->of->resampler->block > 1 ? t->of->resampler->block : 1);
    for (size_t i = 1; i < periods_of(t); i++) {
        const double lag = (double)i;
        t->kappa[i] = (1 - lag / n) * pow(1 - end, lag) + lag / n * pow(1 - end, n - lag);
        if (t->kappa[i] > nothing) t->lags = i + 1;
    }
}

static ho_status draw_weights(test *t, ho_error *err)
{
    const size_t n = periods_of(t);
    uint32_t *drawn = HO_NEW(uint32_t, n);
    if (drawn == NULL) return ho_fail_memory(err, n * sizeof *drawn, "a resample");
    for (size_t r = 0; r < t->of->resamples; r++) {
        double *w = t->weights + r * n;
        ho_resample_draw(t->of->resampler, r, n, drawn);
        for (size_t i = 0; i < n; i++)
            w[drawn[i]]++;
        for (size_t i = 0; i < n; i++)
            w[i] /= (double)n;
    }
    for (size_t i = 0; i < n; i++)
        t->even[i] = 1 / (double)n;
    free(drawn);
    return HO_OK;
}

/* The variance of sqrt(periods) times a column's resampled mean, as the draw of blocks makes it. */
static void find_errors(const test *t, tile *at)
{
    const ho_matrix *x = t->of->x;
    const size_t n = x->rows;
    double variance[TILE] = {0}, high[TILE], low[TILE];
    for (size_t j = 0; j < at->count; j++)
        high[j] = low[j] = ho_matrix_row(x, 0)[at->first + j];
    for (size_t lag = 0; lag < (t->lags > 0 ? t->lags : 1); lag++) {
        const double weight = (lag == 0 ? 1 : 2 * t->kappa[lag]) / (double)n;
        if (lag > 0 && !(t->kappa[lag] > 0)) continue;
        for (size_t i = 0; i + lag < n; i++) {
            const double *a = ho_matrix_row(x, i) + at->first, *b = ho_matrix_row(x, i + lag) + at->first;
            for (size_t j = 0; j < at->count; j++)
                variance[j] += weight * (a[j] - at->mean[j]) * (b[j] - at->mean[j]);
        }
    }
    for (size_t i = 0; i < n; i++) {
        const double *a = ho_matrix_row(x, i) + at->first;
        for (size_t j = 0; j < at->count; j++) {
            high[j] = a[j] > high[j] ? a[j] : high[j];
            low[j] = a[j] < low[j] ? a[j] : low[j];
        }
    }
    for (size_t j = 0; j < at->count; j++)
        at->error[j] = high[j] > low[j] && variance[j] > 0 ? 1 / sqrt(variance[j]) : 0;
}

static void prepare(const test *t, tile *at)
{
    const double n = (double)periods_of(t), doubt = log(log(n > 3 ? n : 3));
    const ho_weighing w = {.x = t->of->x->data + at->first,
                           .stride = t->of->x->stride,
                           .periods = periods_of(t),
                           .columns = at->count,
                           .a = t->even,
                           .b = t->even,
                           .a_sum = at->mean,
                           .b_sum = at->drawn[0]};
    t->kernels->weigh(&w);
    find_errors(t, at);
    for (size_t j = 0; j < at->count; j++) {
        const double deviation = at->error[j] > 0 ? 1 / at->error[j] : 0;
        const double least = -deviation * sqrt(2 * doubt / n);
        at->centre[HO_SUPERIOR_UPPER][j] = at->mean[j];
        at->centre[HO_SUPERIOR_CONSISTENT][j] = at->mean[j] >= least ? at->mean[j] : 0;
        at->centre[HO_SUPERIOR_LOWER][j] = at->mean[j] > 0 ? at->mean[j] : 0;
    }
    for (size_t j = at->count; j < TILE; j++) { /* what fills the last lanes is never the largest */
        at->error[j] = 1;
        for (size_t c = 0; c < CENTRES; c++)
            at->centre[c][j] = INFINITY;
    }
}

/* One resample's means of the tile into its statistics. */
static void take_largest(const tile *at, const double *drawn, double *largest, size_t stride)
{
    for (size_t c = 0; c < CENTRES; c++) {
        double mean[LANES], studied[LANES];
        const double *centre = at->centre[c];
        for (size_t i = 0; i < LANES; i++) {
            mean[i] = largest[c * stride];
            studied[i] = largest[(CENTRES + c) * stride];
        }
        for (size_t j = 0; j < at->count; j += LANES) {
            for (size_t i = 0; i < LANES; i++) {
                const double apart = drawn[j + i] - centre[j + i], over = apart * at->error[j + i];
                mean[i] = apart > mean[i] ? apart : mean[i];
                studied[i] = over > studied[i] ? over : studied[i];
            }
        }
        for (size_t i = 0; i < LANES; i++) {
            largest[c * stride] = fmax(largest[c * stride], mean[i]);
            largest[(CENTRES + c) * stride] = fmax(largest[(CENTRES + c) * stride], studied[i]);
        }
    }
}

static void resample_tile(const test *t, tile *at, double *largest)
{
    const size_t n = periods_of(t), resamples = t->of->resamples;
    for (size_t r = 0; r < resamples; r += 2) {
        const size_t next = r + 1 < resamples ? r + 1 : r;
        const ho_weighing w = {.x = t->of->x->data + at->first,
                               .stride = t->of->x->stride,
                               .periods = n,
                               .columns = at->count,
                               .a = t->weights + r * n,
                               .b = t->weights + next * n,
                               .a_sum = at->drawn[0],
                               .b_sum = at->drawn[1]};
        t->kernels->weigh(&w);
        take_largest(at, at->drawn[0], largest + r, resamples);
        if (next != r) take_largest(at, at->drawn[1], largest + next, resamples);
    }
}

/* The column with the largest statistic. */
typedef struct best {
    double value;
    size_t column;
} best;

static void offer(best *b, double value, size_t column)
{
    if (!(value > b->value) && !(value == b->value && column < b->column)) return;
    *b = (best){value, column};
}

static bool cancelled(const test *t)
{
    return t->of->cancel != NULL && *t->of->cancel != 0;
}

static void walk_tiles(const test *t, best found[2], size_t *above)
{
    const size_t columns = t->of->x->columns, tiles = (columns + TILE - 1) / TILE;
    size_t positive = 0, done = 0;
#pragma omp parallel for schedule(dynamic, 1) num_threads(t->of->threads) reduction(+ : positive)
    for (size_t i = 0; i < tiles; i++) {
        if (cancelled(t)) continue;
        tile at = {.first = i * TILE, .count = columns - i * TILE < TILE ? columns - i * TILE : TILE};
#if defined(_OPENMP)
        const size_t thread = (size_t)omp_get_thread_num();
#else
        const size_t thread = 0;
#endif
        prepare(t, &at);
        resample_tile(t, &at, t->largest + thread * t->largest_of);
#pragma omp critical(ho_superior)
        for (size_t j = 0; j < at.count; j++) {
            offer(&found[0], at.mean[j], at.first + j);
            offer(&found[1], at.mean[j] * at.error[j], at.first + j);
            positive += at.mean[j] > 0;
            if (j + 1 == at.count && t->of->progress != NULL)
                t->of->progress(t->of->user, (double)++done / (double)tiles);
        }
    }
    *above = positive;
}

static ho_status allocate(test *t, ho_error *err)
{
    const size_t n = periods_of(t), resamples = t->of->resamples;
    t->largest_of = KINDS * resamples;
    t->weights = ho_new_array(resamples, n * sizeof(double));
    t->even = HO_NEW(double, n);
    t->kappa = HO_NEW(double, n + 1);
    t->largest = ho_new_array((size_t)t->of->threads, t->largest_of * sizeof(double));
    if (t->weights == NULL || t->even == NULL || t->kappa == NULL || t->largest == NULL)
        return ho_fail_memory(err, resamples * n * sizeof(double), "resamples");
    HO_TRY(ho_kernels_choose(&t->kernels, err));
    return draw_weights(t, err);
}

/* Whatever thread had a tile, its statistics end in the first thread's. */
static void join(test *t)
{
    for (int i = 1; i < t->of->threads; i++) {
        for (size_t k = 0; k < t->largest_of; k++)
            t->largest[k] = fmax(t->largest[k], t->largest[(size_t)i * t->largest_of + k]);
    }
}

static void conclude(const test *t, size_t kind, best found, ho_superior_test *out)
{
    const double root = sqrt((double)periods_of(t)), resamples = (double)t->of->resamples;
    const double statistic = found.value > 0 ? found.value : 0;
    *out = (ho_superior_test){.statistic = root * statistic, .best = found.column};
    for (size_t c = 0; c < CENTRES; c++) {
        double *values = t->largest + (kind * CENTRES + c) * t->of->resamples;
        size_t larger = 0;
        for (size_t r = 0; r < t->of->resamples; r++)
            larger += values[r] > statistic;
        out->p[c] = (double)larger / resamples;
        ho_sort_ascending(values, t->of->resamples);
        out->critical[c] = root * ho_percentile(values, t->of->resamples, 0.95);
    }
}

ho_status ho_superior_make(const ho_superior_of *of, ho_superior *out, ho_error *err)
{
    test t = {.of = of};
    best found[2] = {{-INFINITY, 0}, {-INFINITY, 0}};
    ho_superior made = {.resamples = of->resamples};
    ho_status status = allocate(&t, err);
    if (status == HO_OK) {
        fill_kappa(&t);
        walk_tiles(&t, found, &made.above);
        join(&t);
        conclude(&t, 0, found[0], &made.means);
        conclude(&t, 1, found[1], &made.studied);
        made.interrupted = cancelled(&t);
        *out = made;
    }
    free(t.weights);
    free(t.even);
    free(t.kappa);
    free(t.largest);
    return status;
}
