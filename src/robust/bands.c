#include "robust/bands.h"

#include "base/error.h"
#include "base/memory.h"
#include "stats/stats.h"

#include <math.h>
#include <stdlib.h>

const double ho_band_share[HO_BAND_QUANTILES] = {.05, .25, .5, .75, .95};

void ho_bands_clear(ho_bands *bands)
{
    free(bands->measures);
    free(bands->equity);
    free(bands->drawdowns);
    free(bands->losses);
    *bands = (ho_bands){0};
}

/* Between two infinite order statistics nothing is interpolated: it would be NaN. */
static double quantile(const double *ascending, size_t n, double share)
{
    const double value = ho_percentile(ascending, n, share);
    return isnan(value) && n != 0 ? ascending[(size_t)((double)(n - 1) * share)] : value;
}

ho_band ho_band_of(double *values, size_t count)
{
    ho_band band = {.undefined = 0};
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (isnan(values[i]))
            band.undefined++;
        else
            values[kept++] = values[i];
    }
    ho_sort_ascending(values, kept);
    for (size_t q = 0; q < HO_BAND_QUANTILES; q++)
        band.at[q] = quantile(values, kept, ho_band_share[q]);
    return band;
}

/* All draws side by side: a row a measure or a period, a column a draw. */
typedef struct draws {
    const ho_bands_of *of;
    ho_metric_settings settings; /* a benchmark has the days of the table, and draws have not */
    double *measures, *equity;
    double *lowest; /* equity of each draw, 0 at most */
    ho_status status;
    ho_error err;
} draws;

/* One thread's series and its measures. */
typedef struct room {
    uint32_t *drawn;
    double *series, *values;
} room;

static ho_status draw(draws *d, size_t i, const room *r, ho_error *err)
{
    const ho_bands_of *of = d->of;
    double equity = 0;
    ho_resample_draw(of->resampler, i, of->length, r->drawn);
    for (size_t t = 0; t < of->length; t++) {
        r->series[t] = of->series[r->drawn[t]];
        equity += r->series[t];
        d->equity[t * of->resamples + i] = equity;
        d->lowest[i] = equity < d->lowest[i] ? equity : d->lowest[i];
    }
    HO_TRY(ho_metrics_of_series(r->series, of->length, &d->settings, r->values, err));
    for (size_t m = 0; m < ho_metric_count(); m++)
        d->measures[m * of->resamples + i] = r->values[m];
    return HO_OK;
}

static bool cancelled(const ho_bands_of *of)
{
    return of->cancel != NULL && *of->cancel != 0;
}

static void fail(draws *d, ho_status status, const ho_error *err)
{
#pragma omp critical(ho_bands)
    if (d->status == HO_OK) {
        d->status = status;
        d->err = *err;
    }
}

static void draw_all(draws *d)
{
    const size_t length = d->of->length, resamples = d->of->resamples;
#pragma omp parallel num_threads(d->of->threads)
    {
        ho_error err;
        room r = {HO_NEW(uint32_t, length), HO_NEW(double, length), HO_NEW(double, ho_metric_count())};
        const bool ready = r.drawn != NULL && r.series != NULL && r.values != NULL;
        if (!ready) fail(d, ho_fail_memory(&err, length * sizeof(double), "a resample"), &err);
#pragma omp for schedule(static)
        for (size_t i = 0; i < resamples; i++) {
            if (!ready || cancelled(d->of)) continue;
            const ho_status status = draw(d, i, &r, &err);
            if (status != HO_OK) fail(d, status, &err);
        }
        free(r.drawn);
        free(r.series);
        free(r.values);
    }
}

static void gather(draws *d, ho_bands *out)
{
    const ho_bands_of *of = d->of;
    const size_t n = of->resamples;
    const double *drawdowns = d->measures + (size_t)ho_metric_find("max_drawdown") * n;
    size_t ruined = 0;
    for (size_t i = 0; i < n; i++) {
        out->drawdowns[i] = drawdowns[i];
        out->losses[i] = fabs(d->lowest[i]);
        ruined += out->losses[i] >= of->ruin;
    }
    ho_sort_ascending(out->drawdowns, n);
    ho_sort_ascending(out->losses, n);
    out->ruin = of->ruin > 0 ? (double)ruined / (double)n : NAN;
    for (size_t m = 0; m < ho_metric_count(); m++)
        out->measures[m] = ho_band_of(d->measures + m * n, n);
    for (size_t t = 0; t < of->length; t++)
        out->equity[t] = ho_band_of(d->equity + t * n, n);
}

ho_status ho_bands_make(const ho_bands_of *of, ho_bands *out, ho_error *err)
{
    const size_t n = of->resamples, measures = ho_metric_count();
    draws d = {.of = of,
               .settings = *of->measures,
               .measures = ho_new_array(n, measures * sizeof(double)),
               .equity = ho_new_array(n, of->length * sizeof(double)),
               .lowest = HO_NEW(double, n)};
    ho_bands made = {.periods = of->length,
                     .resamples = n,
                     .measures = HO_NEW(ho_band, measures),
                     .equity = HO_NEW(ho_band, of->length),
                     .drawdowns = HO_NEW(double, n),
                     .losses = HO_NEW(double, n)};
    ho_status status = HO_OK;
    d.settings.benchmark = NULL;
    if (d.measures == NULL || d.equity == NULL || d.lowest == NULL || made.measures == NULL ||
        made.equity == NULL || made.drawdowns == NULL || made.losses == NULL)
        status = ho_fail_memory(err, n * (measures + of->length) * sizeof(double), "resamples");
    if (status == HO_OK) {
        draw_all(&d);
        if (d.status != HO_OK) status = ho_fail(err, d.status, "%s", d.err.text);
    }
    made.interrupted = cancelled(of);
    if (status == HO_OK && !made.interrupted) gather(&d, &made);
    free(d.measures);
    free(d.equity);
    free(d.lowest);
    if (status == HO_OK)
        *out = made;
    else
        ho_bands_clear(&made);
    return status;
}
