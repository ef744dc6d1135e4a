#include "run/size_measures.h"

#include "base/error.h"
#include "base/memory.h"
#include "stats/stats.h"

static ho_status measure(const ho_panel *panel, const ho_metric_settings *settings,
                         const ho_search_result *result, double *series, double *values, ho_error *err)
{
    HO_TRY(ho_portfolio_series(panel, result->members, result->size, series, err));
    return ho_metrics_of_series(series, ho_panel_periods(panel), settings, values, err);
}

static size_t numbers_of(const ho_report_size *size, size_t periods)
{
    return (size->count + 2) * ho_metric_count() + 2 * periods;
}

static ho_status measure_size(const ho_panel *panel, const ho_metric_settings *settings, double *series,
                              double *into, ho_report_size *size, ho_error *err)
{
    const size_t metrics = ho_metric_count(), periods = ho_panel_periods(panel);
    double *best = into + (size->count + 1) * metrics, *equity = best + metrics, *depths = equity + periods;
    for (size_t a = 0; a < size->count; a++)
        HO_TRY(measure(panel, settings, &size->algorithms[a], series, into + a * metrics, err));
    if (size->exact != NULL)
        HO_TRY(measure(panel, settings, size->exact, series, into + size->count * metrics, err));
    HO_TRY(measure(panel, settings, size->best, series, best, err));
    ho_equity(series, periods, equity);
    ho_drawdown_depths(series, periods, HO_DRAWDOWN_FROM_ZERO, depths);
    size->measures = into;
    size->metrics = best;
    size->equity = equity;
    size->depths = depths;
    return HO_OK;
}

ho_status ho_measure_sizes(const ho_panel *panel, const ho_metric_settings *settings, ho_report_size *sizes,
                           size_t count, double **block, ho_error *err)
{
    const size_t periods = ho_panel_periods(panel);
    size_t numbers = 0;
    for (size_t i = 0; i < count; i++)
        numbers += numbers_of(&sizes[i], periods);
    double *series = HO_NEW(double, periods), *made = HO_NEW(double, numbers), *into = made;
    ho_status status = HO_OK;
    if (series == NULL || made == NULL)
        status = ho_fail_memory(err, numbers * sizeof *made, "the portfolios' measures");
    for (size_t i = 0; i < count && status == HO_OK; i++) {
        status = measure_size(panel, settings, series, into, &sizes[i], err);
        into += numbers_of(&sizes[i], periods);
    }
    free(series);
    if (status == HO_OK)
        *block = made;
    else
        free(made);
    return status;
}
