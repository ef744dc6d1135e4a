/* The members of the best portfolio: each alone, each with the others, and what their names tell of the day. */
#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "panel/hints.h"
#include "panel/panel.h"
#include "run/details.h"
#include "stats/stats.h"

#include <math.h>
#include <string.h>

/* What the members are measured with. */
typedef struct room {
    uint32_t *others;
    double *series, *values; /* series: size x periods, a member after the other */
} room;

/* Of one strategy alone, by the metrics' own definitions. */
static ho_status measure_member(const ho_details_of *of, const double *series, double *values,
                                ho_report_member *member, ho_error *err)
{
    const size_t periods = ho_panel_periods(of->panel);
    HO_TRY(ho_metrics_of_series(series, periods, of->metrics, values, err));
    member->total = values[ho_metric_find("total_roi")];
    member->max_drawdown = values[ho_metric_find("max_drawdown")];
    member->win_rate = values[ho_metric_find("win_rate")];
    member->ratio = values[ho_metric_find("roi_dd_ratio")];
    for (size_t t = 0; t < periods; t++)
        member->weekdays[ho_date_weekday(ho_panel_period(of->panel, t)->date)] += series[t];
    return HO_OK;
}

static void read_name(const char *name, ho_report_member *member)
{
    const ho_hints hints = ho_hints_of(name);
    member->opens = hints.window_start;
    member->closes = hints.window_end;
    member->stop_loss = hints.stop_loss;
    member->take_profit = hints.take_profit;
}

/* The mean of a row of the matrix, its diagonal left out. */
static double mean_correlation(const ho_report_details *d, size_t k)
{
    double sum = 0;
    for (size_t i = 0; i < d->size; i++)
        sum += i != k ? d->correlation[k * d->size + i] : 0;
    return d->size > 1 ? sum / (double)(d->size - 1) : 0;
}

/* Equal in every period: one strategy with two names. */
static bool are_alike(const ho_report_details *d, const double *x, const double *y)
{
    for (size_t t = 0; t < d->periods; t++) {
        if (x[t] != y[t]) return false;
    }
    return true;
}

static size_t first_like(const ho_report_details *d, const double *series, size_t k)
{
    size_t i = 0;
    while (i < k && !are_alike(d, series + i * d->periods, series + k * d->periods))
        i++;
    return i;
}

static ho_status fill_members(const ho_details_of *of, ho_report_details *d, room *r, ho_error *err)
{
    const uint32_t *members = of->best->members;
    for (size_t k = 0; k < d->size; k++) {
        ho_report_member *member = &d->members[k];
        double *series = r->series + k * d->periods;
        for (size_t t = 0; t < d->periods; t++)
            series[t] = ho_panel_row(of->panel, t)[members[k]];
        HO_TRY(measure_member(of, series, r->values, member, err));
        read_name(ho_panel_name(of->panel, members[k]), member);
        member->like = first_like(d, r->series, k);
        member->correlation = mean_correlation(d, k);
        member->without = NAN;
        if (d->size == 1) continue;
        memcpy(r->others, members, k * sizeof *members);
        memcpy(r->others + k, members + k + 1, (d->size - 1 - k) * sizeof *members);
        HO_TRY(ho_portfolio_fitness(of->valued, of->fitness, r->others, d->size - 1, &member->without, err));
    }
    return HO_OK;
}

static int earlier_first(const void *a, const void *b)
{
    const ho_report_step *x = a, *y = b;
    return (x->time > y->time) - (x->time < y->time);
}

/* How many members are in the market, from each time on at which that changes. A window over midnight tells nothing of
 * one day. */
static ho_status make_steps(ho_report_details *d, ho_error *err)
{
    size_t count = 0;
    d->steps = HO_NEW(ho_report_step, 2 * d->size);
    if (d->steps == NULL) return ho_fail_memory(err, 2 * d->size * sizeof *d->steps, "times of the day");
    for (size_t k = 0; k < d->size; k++) {
        const ho_report_member *m = &d->members[k];
        if (m->opens < 0 || m->closes <= m->opens) continue;
        d->steps[count++].time = m->opens;
        d->steps[count++].time = m->closes;
    }
    if (count > 1) qsort(d->steps, count, sizeof *d->steps, earlier_first);
    for (size_t i = 0; i < count; i++) {
        if (d->step_count > 0 && d->steps[d->step_count - 1].time == d->steps[i].time) continue;
        ho_report_step *step = &d->steps[d->step_count++];
        *step = (ho_report_step){.time = d->steps[i].time};
        for (size_t k = 0; k < d->size; k++)
            step->open += d->members[k].opens >= 0 && d->members[k].opens <= step->time &&
                          step->time < d->members[k].closes;
    }
    return HO_OK;
}

/* Of equal ones the earlier. */
static void take_pair(ho_report_details *d, const ho_report_pair *pair)
{
    size_t at = d->pair_count;
    while (at > 0 && pair->correlation > d->pairs[at - 1].correlation)
        at--;
    if (at == HO_REPORT_PAIRS) return;
    if (d->pair_count < HO_REPORT_PAIRS) d->pair_count++;
    for (size_t i = d->pair_count - 1; i > at; i--)
        d->pairs[i] = d->pairs[i - 1];
    d->pairs[at] = *pair;
}

static void find_pairs(ho_report_details *d)
{
    for (size_t i = 0; i < d->size; i++) {
        for (size_t k = i + 1; k < d->size; k++) {
            const ho_report_pair pair = {i, k, d->correlation[i * d->size + k]};
            if (!(pair.correlation > HO_REPORT_CLOSE)) continue;
            d->close_pairs++;
            take_pair(d, &pair);
        }
    }
}

ho_status ho_details_members(const ho_details_of *of, ho_report_details *d, ho_error *err)
{
    const ho_member_columns columns = {of->panel->values.data, of->panel->values.stride, d->periods,
                                       of->best->members, d->size};
    room r = {HO_NEW(uint32_t, d->size), ho_new_array(d->size, d->periods * sizeof(double)),
              HO_NEW(double, ho_metric_count())};
    d->members = HO_NEW(ho_report_member, d->size);
    d->correlation = ho_new_array(d->size, d->size * sizeof *d->correlation);
    ho_status status = HO_OK;
    if (d->members == NULL || d->correlation == NULL || r.others == NULL || r.series == NULL ||
        r.values == NULL)
        status =
            ho_fail_memory(err, d->size * (d->size + d->periods) * sizeof(double), "the members' figures");
    if (status == HO_OK) status = ho_correlation_matrix(&columns, d->correlation, err);
    if (status == HO_OK) find_pairs(d);
    if (status == HO_OK) status = fill_members(of, d, &r, err);
    if (status == HO_OK) status = make_steps(d, err);
    free(r.others);
    free(r.series);
    free(r.values);
    return status;
}
