/* What one series of profit and loss tells by itself: spells under water, months, weekdays, a histogram, rolling
 * figures. */
#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "run/details.h"
#include "stats/stats.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_SPELLS = 10, FEWEST_BINS = 5, MOST_BINS = 40, WINDOW = 20 };

static int deeper_first(const void *a, const void *b)
{
    const ho_report_spell *x = a, *y = b;
    if (x->depth != y->depth) return x->depth < y->depth ? 1 : -1;
    return (x->first > y->first) - (x->first < y->first);
}

/* Every spell of the depths into `spells`, NULL to count them only. */
static size_t find_spells(const double *depths, size_t periods, ho_report_spell *spells)
{
    size_t count = 0;
    for (size_t t = 0; t < periods; t++) {
        if (!(depths[t] > 0)) continue;
        ho_report_spell spell = {.first = t, .trough = t, .end = t};
        for (; spell.end < periods && depths[spell.end] > 0; spell.end++) {
            if (depths[spell.end] > depths[spell.trough]) spell.trough = spell.end;
        }
        spell.depth = depths[spell.trough];
        if (spells != NULL) spells[count] = spell;
        count++;
        t = spell.end;
    }
    return count;
}

/* The deepest of them, and the open one, which comes last where others are deeper. */
static ho_status make_spells(ho_report_details *d, ho_error *err)
{
    const size_t count = find_spells(d->depths, d->periods, NULL);
    d->spells = HO_NEW(ho_report_spell, count);
    if (d->spells == NULL) return ho_fail_memory(err, count * sizeof *d->spells, "drawdowns");
    find_spells(d->depths, d->periods, d->spells);
    if (count > 1) qsort(d->spells, count, sizeof *d->spells, deeper_first);
    d->spell_count = count < MOST_SPELLS ? count : MOST_SPELLS;
    for (size_t i = 0; i < count; i++) {
        d->spells[i].rank = i + 1;
        d->under_water += d->spells[i].end - d->spells[i].first;
        if (d->spells[i].end == d->periods && i >= MOST_SPELLS) d->spells[d->spell_count++] = d->spells[i];
    }
    return HO_OK;
}

/* A period is more extreme than those before it in the list; of equal ones the earlier. */
static void take_extreme(const double *pnl, double sign, size_t t, size_t *list, size_t count)
{
    size_t at = count;
    while (at > 0 && sign * pnl[t] > sign * pnl[list[at - 1]])
        at--;
    for (size_t i = count < HO_REPORT_EXTREMES ? count : HO_REPORT_EXTREMES - 1; i > at; i--)
        list[i] = list[i - 1];
    if (at < HO_REPORT_EXTREMES) list[at] = t;
}

static void make_extremes(ho_report_details *d)
{
    for (size_t t = 0; t < d->periods; t++) {
        take_extreme(d->pnl, 1, t, d->best, d->extremes);
        take_extreme(d->pnl, -1, t, d->worst, d->extremes);
        if (d->extremes < HO_REPORT_EXTREMES) d->extremes++;
    }
    for (size_t i = 0; i < d->extremes; i++)
        d->best_total += d->pnl[d->best[i]];
}

static void add_to_group(ho_report_group *group, double pnl)
{
    group->periods++;
    group->wins += pnl > 0;
    group->total += pnl;
}

static ho_status make_groups(const ho_panel *panel, ho_report_details *d, ho_error *err)
{
    d->months = HO_NEW(ho_report_group, d->periods);
    if (d->months == NULL) return ho_fail_memory(err, d->periods * sizeof *d->months, "months");
    for (int day = 0; day < HO_REPORT_WEEKDAYS; day++)
        snprintf(d->weekdays[day].label, sizeof d->weekdays[day].label, "%s", ho_weekday_name(day));
    int year = 0, month = 0;
    for (size_t t = 0; t < d->periods; t++) {
        const int32_t date = ho_panel_period(panel, t)->date;
        const ho_civil civil = ho_date_to_civil(date);
        if (d->month_count == 0 || civil.year != year || civil.month != month) {
            year = civil.year;
            month = civil.month;
            ho_report_group *group = &d->months[d->month_count++];
            snprintf(group->label, sizeof group->label, "%04d-%02d", year, month);
        }
        add_to_group(&d->months[d->month_count - 1], d->pnl[t]);
        add_to_group(&d->weekdays[ho_date_weekday(date)], d->pnl[t]);
    }
    return HO_OK;
}

/* The smallest of 1, 2, 5 times a power of ten that is not below `least`. */
static double round_step(double least)
{
    const double power = pow(10, floor(log10(least)));
    for (int i = 0; i < 3; i++) {
        const double step = (double[]){1, 2, 5}[i] * power;
        if (step >= least) return step;
    }
    return 10 * power;
}

/* Bins of a round width whose edges are multiples of it, so that profits and losses fall on two sides of one. */
static ho_status make_histogram(ho_report_details *d, ho_error *err)
{
    double low = d->pnl[0], high = d->pnl[0];
    for (size_t t = 1; t < d->periods; t++) {
        low = fmin(low, d->pnl[t]);
        high = fmax(high, d->pnl[t]);
    }
    double wanted = ceil(2 * sqrt((double)d->periods));
    wanted = fmin(fmax(wanted, FEWEST_BINS), MOST_BINS);
    const double step = high > low && isfinite(high - low) ? round_step((high - low) / wanted) : 1;
    const double first = floor(low / step);
    d->bins = (size_t)fmin(floor(high / step) - first + 1, MOST_BINS + 2);
    d->edges = HO_NEW(double, d->bins + 1);
    d->counts = HO_NEW(size_t, d->bins);
    if (d->edges == NULL || d->counts == NULL)
        return ho_fail_memory(err, d->bins * sizeof *d->edges, "a histogram");
    for (size_t i = 0; i <= d->bins; i++)
        d->edges[i] = (first + (double)i) * step;
    for (size_t t = 0; t < d->periods; t++) {
        const double place = floor(d->pnl[t] / step) - first;
        d->counts[place < (double)d->bins ? (size_t)place : d->bins - 1]++;
    }
    return HO_OK;
}

/* Of windows of a month of days, of a quarter of the periods where these are few. */
static ho_status make_rolling(const ho_metric_settings *metrics, ho_report_details *d, ho_error *err)
{
    d->window = d->periods / 4 < WINDOW ? d->periods / 4 : WINDOW;
    if (d->window < 3) d->window = 0;
    d->rolling_pnl = HO_NEW(double, d->periods);
    d->rolling_sharpe = HO_NEW(double, d->periods);
    double *values = HO_NEW(double, ho_metric_count());
    ho_status status = HO_OK;
    if (d->rolling_pnl == NULL || d->rolling_sharpe == NULL || values == NULL)
        status = ho_fail_memory(err, 2 * d->periods * sizeof(double), "rolling figures");
    const int total = ho_metric_find("total_roi"), sharpe = ho_metric_find("sharpe");
    for (size_t t = 0; t < d->periods && status == HO_OK; t++) {
        d->rolling_pnl[t] = d->rolling_sharpe[t] = NAN;
        if (d->window == 0 || t + 1 < d->window) continue;
        status = ho_metrics_of_series(d->pnl + t + 1 - d->window, d->window, metrics, values, err);
        if (status != HO_OK) break;
        d->rolling_pnl[t] = values[total];
        d->rolling_sharpe[t] = values[sharpe];
    }
    free(values);
    return status;
}

static ho_status make_equity(ho_report_details *d, ho_error *err)
{
    d->equity = HO_NEW(double, d->periods);
    d->depths = HO_NEW(double, d->periods);
    if (d->equity == NULL || d->depths == NULL)
        return ho_fail_memory(err, 2 * d->periods * sizeof(double), "a portfolio's series");
    ho_equity(d->pnl, d->periods, d->equity);
    ho_drawdown_depths(d->pnl, d->periods, HO_DRAWDOWN_FROM_ZERO, d->depths);
    return HO_OK;
}

ho_status ho_details_series(const ho_panel *panel, const ho_metric_settings *metrics, ho_report_details *d,
                            ho_error *err)
{
    HO_TRY(make_equity(d, err));
    HO_TRY(make_spells(d, err));
    make_extremes(d);
    HO_TRY(make_groups(panel, d, err));
    HO_TRY(make_histogram(d, err));
    return make_rolling(metrics, d, err);
}

ho_status ho_details_of_series(const ho_panel *panel, const ho_metric_settings *metrics, const double *series,
                               ho_report_details *details, ho_error *err)
{
    ho_report_details d = {.periods = ho_panel_periods(panel)};
    d.pnl = HO_NEW(double, d.periods);
    ho_status status =
        d.pnl != NULL ? HO_OK : ho_fail_memory(err, d.periods * sizeof *d.pnl, "a portfolio's series");
    if (status == HO_OK) {
        memcpy(d.pnl, series, d.periods * sizeof *d.pnl);
        status = ho_details_series(panel, metrics, &d, err);
    }
    if (status == HO_OK)
        *details = d;
    else
        ho_details_clear(&d);
    return status;
}
