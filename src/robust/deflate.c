#include "robust/deflate.h"

#include "base/error.h"
#include "base/memory.h"
#include "panel/panel.h"
#include "stats/stats.h"
#include "stats/tiles.h"

#include <math.h>
#include <stdlib.h>

/* The columns' ratios, NaN where one is constant. */
static ho_status find_ratios(const ho_panel *panel, int threads, double *ratios, ho_error *err)
{
    const size_t n = panel->values.columns, periods = panel->values.rows;
    const double periods_less = (double)periods - 1;
    double *mean = HO_NEW(double, n), *scale = HO_NEW(double, n);
    if (mean == NULL || scale == NULL) {
        free(mean);
        free(scale);
        return ho_fail_memory(err, 2 * n * sizeof *mean, "the strategies' ratios");
    }
    ho_panel_scales(panel, threads, mean, scale);
    for (size_t j = 0; j < n; j++) /* scale is 1 / sqrt(sum of squares about the mean) */
        ratios[j] = scale[j] > 0 && periods > 1 ? mean[j] * scale[j] * sqrt(periods_less) : NAN;
    free(mean);
    free(scale);
    return HO_OK;
}

/* The best strategy, and how much the ratios differ. */
static void survey(const double *ratios, size_t n, ho_deflated *d)
{
    double count = 0, mean = 0, square = 0;
    d->best = n;
    for (size_t j = 0; j < n; j++) {
        if (isnan(ratios[j])) continue;
        if (d->best == n || ratios[j] > ratios[d->best]) d->best = j;
        count++;
        mean += ratios[j];
    }
    mean /= count;
    for (size_t j = 0; j < n; j++)
        square += isnan(ratios[j]) ? 0 : (ratios[j] - mean) * (ratios[j] - mean);
    d->trials[HO_TRIALS_ALL] = count;
    d->deviation = count > 1 ? sqrt(square / (count - 1)) : 0;
}

static ho_status count_trials(const ho_panel *panel, int threads, const volatile int *cancel,
                              const double *ratios, ho_deflated *d, ho_error *err)
{
    ho_pairs pairs = {0};
    const ho_tiles_run run = {.threads = threads, .cancel = cancel};
    HO_TRY(ho_pairs_count(panel, &run, &pairs, err));
    d->interrupted = pairs.interrupted;
    for (size_t j = 0; j < pairs.columns && !d->interrupted; j++)
        d->trials[HO_TRIALS_CLUSTERS] += pairs.cluster[j] == j && !isnan(ratios[j]) ? 1 : 0;
    /* pairs with a constant column count as 0 in the sum of rho^2 */
    const double n = d->trials[HO_TRIALS_ALL];
    const double squares = pairs.mean * pairs.mean + pairs.deviation * pairs.deviation;
    d->trials[HO_TRIALS_EFFECTIVE] = n * n / (n + 2 * (double)pairs.pairs * squares);
    ho_pairs_clear(&pairs);
    return HO_OK;
}

void ho_deflate(const ho_sharpe *sharpe, double trials, double deviation, double *luck, double *deflated)
{
    *luck = ho_sharpe_of_luck(trials, deviation);
    *deflated = ho_sharpe_probability(sharpe, *luck);
}

static ho_status deflate(const ho_panel *panel, int threads, const volatile int *cancel, const double *ratios,
                         ho_deflated *d, ho_error *err)
{
    const size_t n = panel->values.columns, periods = panel->values.rows;
    survey(ratios, n, d);
    if (d->best == n) return HO_OK;
    double *series = HO_NEW(double, periods);
    if (series == NULL) return ho_fail_memory(err, periods * sizeof *series, "a strategy's series");
    for (size_t t = 0; t < periods; t++)
        series[t] = ho_matrix_row(&panel->values, t)[d->best];
    d->sharpe = ho_sharpe_of(series, periods);
    free(series);
    d->probability = ho_sharpe_probability(&d->sharpe, 0);
    d->track_length = ho_sharpe_track_length(&d->sharpe, 0, 0.95);
    HO_TRY(count_trials(panel, threads, cancel, ratios, d, err));
    for (int i = 0; i < HO_TRIAL_COUNTS && !d->interrupted; i++)
        ho_deflate(&d->sharpe, d->trials[i], d->deviation, &d->luck[i], &d->deflated[i]);
    return HO_OK;
}

ho_status ho_deflate_best(const ho_panel *panel, int threads, const volatile int *cancel, ho_deflated *out,
                          ho_error *err)
{
    ho_deflated d = {.probability = NAN, .track_length = NAN};
    double *ratios = HO_NEW(double, panel->values.columns);
    if (ratios == NULL) return ho_fail_memory(err, panel->values.columns * sizeof *ratios, "ratios");
    for (int i = 0; i < HO_TRIAL_COUNTS; i++)
        d.luck[i] = d.deflated[i] = NAN;
    d.sharpe = ho_sharpe_of(NULL, 0);
    ho_status status = find_ratios(panel, threads, ratios, err);
    if (status == HO_OK) status = deflate(panel, threads, cancel, ratios, &d, err);
    free(ratios);
    if (status == HO_OK) *out = d;
    return status;
}
