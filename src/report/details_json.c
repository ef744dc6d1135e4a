/* The details of the best portfolio as a member of the run's document. Pages and charts are made from the document, so
 * that they can be made again from the file. */
#include "base/date.h"
#include "report/json.h"
#include "report/writers.h"

#include <math.h>

static json_t *date_of(const ho_panel *panel, size_t period)
{
    char text[16];
    return json_string(ho_date_print(ho_panel_period(panel, period)->date, text));
}

static json_t *dates(const ho_panel *panel)
{
    json_t *array = json_array();
    for (size_t t = 0; t < ho_panel_periods(panel); t++) {
        if (!ho_json_append(&array, date_of(panel, t))) break;
    }
    return array;
}

/* A label a period, null where it has none; null altogether where the table has no labels. */
static json_t *zones(const ho_panel *panel)
{
    if (ho_panel_zones(panel) == 0) return json_null();
    json_t *array = json_array();
    for (size_t t = 0; t < ho_panel_periods(panel); t++) {
        const int32_t zone = ho_panel_period(panel, t)->zone;
        json_t *label = zone < 0 ? json_null() : ho_json_text(ho_panel_zone(panel, zone));
        if (!ho_json_append(&array, label)) break;
    }
    return array;
}

static json_t *series(const ho_panel *panel, const ho_report_details *d)
{
    return json_pack("{s:o,s:o,s:o,s:o,s:o,s:I,s:o,s:o}", "dates", dates(panel), "zones", zones(panel), "pnl",
                     ho_json_numbers(d->pnl, d->periods), "equity", ho_json_numbers(d->equity, d->periods),
                     "drawdown", ho_json_numbers(d->depths, d->periods), "rolling_window",
                     (json_int_t)d->window, "rolling_pnl", ho_json_numbers(d->rolling_pnl, d->periods),
                     "rolling_sharpe", ho_json_numbers(d->rolling_sharpe, d->periods));
}

/* Places are periods counted from 0; the peak is null where the fall begins at the start, the recovery where there is
 * none yet. */
static json_t *drawdowns(const ho_panel *panel, const ho_report_details *d)
{
    json_t *array = json_array();
    for (size_t i = 0; i < d->spell_count; i++) {
        const ho_report_spell *s = &d->spells[i];
        json_t *line = json_pack(
            "{s:I,s:o,s:o,s:o,s:o,s:I,s:I,s:I}", "rank", (json_int_t)s->rank, "depth",
            ho_json_number(s->depth), "peak", s->first > 0 ? date_of(panel, s->first - 1) : json_null(),
            "trough", date_of(panel, s->trough), "recovery",
            s->end < d->periods ? date_of(panel, s->end) : json_null(), "first", (json_int_t)s->first,
            "lowest", (json_int_t)s->trough, "periods", (json_int_t)(s->end - s->first));
        if (!ho_json_append(&array, line)) break;
    }
    return array;
}

static json_t *groups(const ho_report_group *list, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++) {
        if (list[i].periods == 0) continue;
        json_t *line =
            json_pack("{s:s,s:I,s:I,s:o}", "label", list[i].label, "periods", (json_int_t)list[i].periods,
                      "wins", (json_int_t)list[i].wins, "total", ho_json_number(list[i].total));
        if (!ho_json_append(&array, line)) break;
    }
    return array;
}

static json_t *histogram(const ho_report_details *d)
{
    json_t *counts = json_array();
    for (size_t i = 0; i < d->bins; i++) {
        if (!ho_json_append(&counts, json_integer((json_int_t)d->counts[i]))) break;
    }
    return json_pack("{s:o,s:o}", "edges", ho_json_numbers(d->edges, d->bins + 1), "counts", counts);
}

static json_t *parts(const ho_report_part *list, size_t count)
{
    if (list == NULL) return json_null();
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *line = json_pack("{s:o,s:I,s:I,s:o}", "label", ho_json_text(list[i].label), "rows",
                                 (json_int_t)list[i].rows, "wins", (json_int_t)list[i].wins, "total",
                                 ho_json_number(list[i].total));
        if (!ho_json_append(&array, line)) break;
    }
    return array;
}

static json_t *periods_of(const ho_panel *panel, const ho_report_details *d, const size_t *list)
{
    json_t *array = json_array();
    for (size_t i = 0; i < d->extremes; i++) {
        json_t *line =
            json_pack("{s:o,s:o}", "date", date_of(panel, list[i]), "pnl", ho_json_number(d->pnl[list[i]]));
        if (!ho_json_append(&array, line)) break;
    }
    return array;
}

static json_t *extremes(const ho_panel *panel, const ho_report_details *d)
{
    return json_pack("{s:o,s:o,s:o}", "best", periods_of(panel, d, d->best), "worst",
                     periods_of(panel, d, d->worst), "best_total", ho_json_number(d->best_total));
}

/* "14:26"; null where a name tells no time. */
static json_t *time_of(int32_t seconds)
{
    return seconds < 0 ? json_null() : json_sprintf("%02d:%02d", seconds / 3600, seconds / 60 % 60);
}

static json_t *steps(const ho_report_details *d)
{
    json_t *array = json_array();
    for (size_t i = 0; i < d->step_count; i++) {
        if (!ho_json_append(&array,
                            json_pack("[o,I]", time_of(d->steps[i].time), (json_int_t)d->steps[i].open)))
            break;
    }
    return array;
}

static json_t *percent(double value)
{
    return value < 0 ? json_null() : ho_json_number(value);
}

/* What a strategy's name tells, and its place among the others. */
static int add_facts(json_t *line, const ho_report_member *m, size_t k)
{
    return json_object_set_new(line, "opens", time_of(m->opens)) |
           json_object_set_new(line, "closes", time_of(m->closes)) |
           json_object_set_new(line, "stop_loss", percent(m->stop_loss)) |
           json_object_set_new(line, "take_profit", percent(m->take_profit)) |
           json_object_set_new(line, "same_as",
                               m->like == k ? json_null() : json_integer((json_int_t)m->like)) |
           json_object_set_new(line, "weekdays", ho_json_numbers(m->weekdays, HO_REPORT_WEEKDAYS));
}

static json_t *members(const ho_report *report)
{
    const ho_report_details *d = report->details;
    const ho_search_result *best = report->best->best;
    json_t *array = json_array();
    for (size_t k = 0; k < d->size; k++) {
        const ho_report_member *m = &d->members[k];
        json_t *line =
            json_pack("{s:o,s:I,s:o,s:o,s:o,s:o,s:o,s:o}", "name",
                      ho_json_text(ho_panel_name(report->panel, best->members[k])), "index",
                      (json_int_t)best->members[k], "total_roi", ho_json_number(m->total), "max_drawdown",
                      ho_json_number(m->max_drawdown), "win_rate", ho_json_number(m->win_rate),
                      "roi_dd_ratio", ho_json_number(m->ratio), "average_correlation",
                      ho_json_number(m->correlation), "fitness_without", ho_json_number(m->without));
        if (line != NULL && add_facts(line, m, k) != 0) {
            json_decref(line);
            line = NULL;
        }
        if (!ho_json_append(&array, line)) break;
    }
    return array;
}

static json_t *correlation(const ho_report_details *d)
{
    json_t *array = json_array();
    for (size_t k = 0; k < d->size; k++) {
        if (!ho_json_append(&array, ho_json_numbers(d->correlation + k * d->size, d->size))) break;
    }
    return array;
}

static json_t *close_pairs(const ho_report_details *d)
{
    json_t *array = json_array();
    for (size_t i = 0; i < d->pair_count; i++) {
        const ho_report_pair *p = &d->pairs[i];
        if (!ho_json_append(&array, json_pack("[I,I,o]", (json_int_t)p->first, (json_int_t)p->second,
                                              ho_json_number(p->correlation))))
            break;
    }
    return json_pack("{s:f,s:I,s:o}", "above", HO_REPORT_CLOSE, "count", (json_int_t)d->close_pairs,
                     "closest", array);
}

static json_t *quantiles(const double q[HO_REPORT_QUANTILES])
{
    return json_pack("{s:o,s:o,s:o,s:o,s:o}", "smallest", ho_json_number(q[0]), "5%", ho_json_number(q[1]),
                     "median", ho_json_number(q[2]), "95%", ho_json_number(q[3]), "largest",
                     ho_json_number(q[4]));
}

static json_t *random_portfolios(const ho_report_details *d)
{
    json_t *equity = json_pack("{s:o,s:o,s:o}", "5%", ho_json_numbers(d->random_low, d->periods), "median",
                               ho_json_numbers(d->random_mid, d->periods), "95%",
                               ho_json_numbers(d->random_high, d->periods));
    return json_pack("{s:I,s:I,s:o,s:o,s:o,s:o,s:o}", "count", (json_int_t)d->random_count, "below",
                     (json_int_t)d->random_below, "fitness", quantiles(d->random_fitness), "total_roi",
                     quantiles(d->random_total), "max_drawdown", quantiles(d->random_drawdown),
                     "roi_dd_ratio", quantiles(d->random_ratio), "equity", equity);
}

static json_t *rival(const ho_report_details *d, const ho_report_rival *r)
{
    return json_pack("{s:o,s:o,s:o,s:o,s:o}", "fitness", ho_json_number(r->fitness), "total_roi",
                     ho_json_number(r->total), "max_drawdown", ho_json_number(r->max_drawdown),
                     "same_drawdown", ho_json_number(r->same_drawdown), "equity",
                     ho_json_numbers(r->equity, d->periods));
}

json_t *ho_json_series(const ho_panel *panel, const ho_report_details *d)
{
    return json_pack("{s:o,s:o,s:I,s:o,s:o,s:o,s:o}", "series", series(panel, d), "drawdowns",
                     drawdowns(panel, d), "under_water", (json_int_t)d->under_water, "extremes",
                     extremes(panel, d), "months", groups(d->months, d->month_count), "weekdays",
                     groups(d->weekdays, HO_REPORT_WEEKDAYS), "histogram", histogram(d));
}

json_t *ho_json_details(const ho_report *report)
{
    const ho_report_details *d = report->details;
    json_t *single =
        json_pack("{s:o,s:o}", "name", ho_json_text(ho_panel_name(report->panel, d->best_single)), "fitness",
                  ho_json_number(d->single_fitness));
    json_t *details = ho_json_series(report->panel, d);
    json_t *more =
        json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "members", members(report), "correlation",
                  correlation(d), "random_portfolios", random_portfolios(d), "best_singles",
                  rival(d, &d->top), "all_strategies", rival(d, &d->all), "best_single", single, "zones",
                  parts(d->zones, d->zone_count), "regimes", parts(d->regimes, d->regime_count),
                  "open_positions", steps(d), "close_pairs", close_pairs(d));
    if (details == NULL || more == NULL || json_object_update(details, more) != 0) {
        json_decref(details);
        details = NULL;
    }
    json_decref(more);
    return details;
}
