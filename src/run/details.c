/* The best portfolio in detail: its series, its members one by one and each with the others. */
#include "run/details.h"

#include "base/error.h"
#include "base/memory.h"
#include "panel/panel.h"
#include "stats/stats.h"

#include <math.h>
#include <string.h>

void ho_details_clear(ho_report_details *d)
{
    free(d->pnl);
    free(d->equity);
    free(d->depths);
    free(d->spells);
    free(d->months);
    free(d->edges);
    free(d->counts);
    free(d->rolling_pnl);
    free(d->rolling_sharpe);
    free(d->members);
    free(d->correlation);
    free(d->random_low);
    free(d->random_mid);
    free(d->random_high);
    free(d->top.equity);
    free(d->all.equity);
    *d = (ho_report_details){0};
}

static ho_status make_series(const ho_details_of *of, ho_report_details *d, ho_error *err)
{
    d->pnl = HO_NEW(double, d->periods);
    if (d->pnl == NULL) return ho_fail_memory(err, d->periods * sizeof(double), "a portfolio's series");
    HO_TRY(ho_portfolio_series(of->panel, of->best->members, d->size, d->pnl, err));
    return ho_details_series(of->panel, of->metrics, d, err);
}

/* Of one strategy alone, by the metrics' own definitions. */
static ho_status measure_member(const ho_details_of *of, uint32_t strategy, double *series, double *values,
                                ho_report_member *member, ho_error *err)
{
    const size_t periods = ho_panel_periods(of->panel);
    for (size_t t = 0; t < periods; t++)
        series[t] = ho_panel_row(of->panel, t)[strategy];
    HO_TRY(ho_metrics_of_series(series, periods, of->metrics, values, err));
    member->total = values[ho_metric_find("total_roi")];
    member->max_drawdown = values[ho_metric_find("max_drawdown")];
    member->win_rate = values[ho_metric_find("win_rate")];
    member->ratio = values[ho_metric_find("roi_dd_ratio")];
    return HO_OK;
}

/* The mean of a row of the matrix, its diagonal left out. */
static double mean_correlation(const ho_report_details *d, size_t k)
{
    double sum = 0;
    for (size_t i = 0; i < d->size; i++)
        sum += i != k ? d->correlation[k * d->size + i] : 0;
    return d->size > 1 ? sum / (double)(d->size - 1) : 0;
}

static ho_status fill_members(const ho_details_of *of, ho_report_details *d, uint32_t *others, double *series,
                              double *values, ho_error *err)
{
    const uint32_t *members = of->best->members;
    for (size_t k = 0; k < d->size; k++) {
        ho_report_member *member = &d->members[k];
        HO_TRY(measure_member(of, members[k], series, values, member, err));
        member->correlation = mean_correlation(d, k);
        member->without = NAN;
        if (d->size == 1) continue;
        memcpy(others, members, k * sizeof *others);
        memcpy(others + k, members + k + 1, (d->size - 1 - k) * sizeof *others);
        HO_TRY(ho_portfolio_fitness(of->valued, of->fitness, others, d->size - 1, &member->without, err));
    }
    return HO_OK;
}

static ho_status make_members(const ho_details_of *of, ho_report_details *d, ho_error *err)
{
    const ho_member_columns columns = {of->panel->values.data, of->panel->values.stride, d->periods,
                                       of->best->members, d->size};
    d->members = HO_NEW(ho_report_member, d->size);
    d->correlation = ho_new_array(d->size, d->size * sizeof *d->correlation);
    uint32_t *others = HO_NEW(uint32_t, d->size);
    double *series = HO_NEW(double, d->periods), *values = HO_NEW(double, ho_metric_count());
    ho_status status = HO_OK;
    if (d->members == NULL || d->correlation == NULL || others == NULL || series == NULL || values == NULL)
        status = ho_fail_memory(err, d->size * d->size * sizeof *d->correlation, "the members' figures");
    if (status == HO_OK) status = ho_correlation_matrix(&columns, d->correlation, err);
    if (status == HO_OK) status = fill_members(of, d, others, series, values, err);
    free(others);
    free(series);
    free(values);
    return status;
}

ho_status ho_details_make(const ho_details_of *of, ho_report_details *details, ho_error *err)
{
    ho_report_details d = {.periods = ho_panel_periods(of->panel), .size = of->best->size};
    ho_status status = make_series(of, &d, err);
    if (status == HO_OK) status = make_members(of, &d, err);
    if (status == HO_OK) status = ho_details_rivals(of, &d, err);
    if (status == HO_OK)
        *details = d;
    else
        ho_details_clear(&d);
    return status;
}
