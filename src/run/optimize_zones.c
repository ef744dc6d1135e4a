/* A portfolio for every zone of the day: the same search on the zone's rows, for each size; and all of them together. */
#include "base/error.h"
#include "base/memory.h"
#include "metrics/objective_device.h"
#include "panel/panel.h"
#include "run/optimization.h"
#include "run/zone_union.h"

#include <math.h>
#include <string.h>
#include <strings.h>

/* What the search of one zone works with. */
typedef struct of_zone {
    ho_input
        input; /* its panel is the zone's; where zones are those of names, it is the whole one, and borrowed */
    bool borrowed;
    ho_goal goal;
    uint8_t *allowed;
    size_t allowed_count;
    ho_portfolio_objective *objective;
    ho_sizes sizes;
} of_zone;

static void clear(of_zone *part)
{
    ho_sizes_clear(&part->sizes);
    ho_portfolio_objective_free(&part->objective);
    ho_goal_clear(&part->goal);
    free(part->allowed);
    if (!part->borrowed) ho_input_clear(&part->input);
}

/* Strategies that may be chosen and have a result in the zone. */
static ho_status find_candidates(const ho_optimization *o, size_t zone, of_zone *part, ho_error *err)
{
    const ho_panel *panel = part->input.panel;
    const size_t n = ho_panel_strategies(panel);
    const int32_t *own = o->zones.strategies;
    part->allowed = HO_NEW(uint8_t, n);
    if (part->allowed == NULL) return ho_fail_memory(err, n, "a zone's strategies");
    for (size_t t = 0; t < ho_panel_periods(panel); t++) {
        const double *x = ho_panel_row(panel, t);
        for (size_t j = 0; j < n; j++)
            part->allowed[j] |= x[j] != 0;
    }
    for (size_t j = 0; j < n; j++) {
        part->allowed[j] &= o->selection.allowed[j] != 0 && (own == NULL || own[j] == (int32_t)zone);
        part->allowed_count += part->allowed[j];
    }
    return HO_OK;
}

/* The zone fitness of a whole table is the legacy one of a single zone. */
static ho_status make_goal(const ho_optimization *o, of_zone *part, ho_error *err)
{
    static char legacy[] = "legacy";
    ho_fitness_settings settings = o->settings->goal;
    if (o->goal.fitness.kind == HO_FITNESS_ZONE) settings.fitness = legacy;
    return ho_goal_make(&settings, &part->input, NULL, &part->goal, err);
}

static ho_status search(const ho_optimization *o, of_zone *part, ho_report_zone *zone, ho_error *err)
{
    const size_t main_sizes = o->plan.last_size - o->plan.first_size + 1;
    ho_plan plan = o->plan;
    HO_TRY(ho_sizes_parse("zone-size", o->settings->zone_search.size, &zone->first, &zone->last, err));
    if (zone->last > part->allowed_count) zone->last = part->allowed_count;
    if (zone->first > zone->last) zone->first = zone->last;
    if (part->allowed_count == 0) return HO_OK;
    plan.first_size = zone->first;
    plan.last_size = zone->last;
    const size_t sizes = zone->last - zone->first + 1;
    plan.budget.seconds *= (double)main_sizes / (double)(sizes * o->zones.count); /* as long again in all */
    HO_TRY(ho_portfolio_objective_new(part->input.panel, &part->goal.fitness, o->input.threads,
                                      &part->objective, err));
    ho_portfolio_objective_use(part->objective, o->device);
    const ho_problem problem = {.candidates = ho_panel_strategies(part->input.panel),
                                .allowed = part->allowed,
                                .conflicts = o->limits.conflicts,
                                .conflict_count = o->limits.conflict_count,
                                .names = (const char *const *)o->input.panel->names};
    const ho_bounding unbounded = {.wanted = false};
    const ho_proof_settings unproven = {.prove = false};
    HO_TRY(ho_sizes_search(&plan, &problem, ho_portfolio_objective_table(part->objective), &unbounded,
                           &unproven, (uint64_t)o->settings->seed, o->input.threads, o->hooks, &part->sizes,
                           err));
    zone->last = zone->first + part->sizes.count - 1; /* a cancel leaves some out */
    zone->of_sizes = HO_NEW(double, part->sizes.count);
    if (zone->of_sizes == NULL) return ho_fail_memory(err, 0, "a zone's sizes");
    for (size_t i = 0; i < part->sizes.count; i++)
        zone->of_sizes[i] = part->sizes.runs[i].best->fitness;
    return HO_OK;
}

/* The best over all sizes; of equals the smallest. NULL: none has a value. */
static const ho_search_result *best_of(const of_zone *part)
{
    const ho_search_result *best = NULL;
    for (size_t i = 0; i < part->sizes.count; i++) {
        const ho_search_result *one = part->sizes.runs[i].best;
        if (isfinite(one->fitness) && (best == NULL || one->fitness > best->fitness)) best = one;
    }
    return best;
}

/* The strategies of the largest totals, where nothing could be searched. */
static void choose_by_total(const ho_panel *panel, size_t count, double *totals, uint32_t *members)
{
    const size_t n = ho_panel_strategies(panel);
    for (size_t t = 0; t < ho_panel_periods(panel); t++) {
        for (size_t j = 0; j < n; j++)
            totals[j] += ho_panel_row(panel, t)[j];
    }
    double limit = INFINITY; /* the next largest, over and over: there are few */
    for (size_t k = 0; k < count;) {
        double next = -INFINITY;
        for (size_t j = 0; j < n; j++)
            next = totals[j] < limit ? fmax(next, totals[j]) : next;
        for (uint32_t j = 0; j < n && k < count; j++) {
            if (totals[j] == next) members[k++] = j;
        }
        limit = next;
    }
}

static int by_number(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static ho_status keep_default(const ho_panel *panel, ho_report_zone *zone, ho_error *err)
{
    const size_t n = ho_panel_strategies(panel);
    double *totals = HO_NEW(double, n);
    zone->size = zone->first > 0 ? zone->first : n < 10 ? n : 10;
    zone->members = HO_NEW(uint32_t, zone->size);
    if (totals == NULL || zone->members == NULL) {
        free(totals);
        return ho_fail_memory(err, n * sizeof *totals, "a zone's portfolio");
    }
    choose_by_total(panel, zone->size, totals, zone->members);
    qsort(zone->members, zone->size, sizeof *zone->members, by_number);
    zone->method = "Default";
    zone->fitness = 0;
    free(totals);
    return HO_OK;
}

static ho_status keep(const of_zone *part, ho_report_zone *zone, ho_error *err)
{
    const ho_panel *panel = part->input.panel;
    const ho_search_result *best = best_of(part);
    zone->periods = ho_panel_periods(panel);
    zone->metrics = HO_NEW(double, ho_metric_count());
    zone->series = HO_NEW(double, zone->periods);
    zone->dates = HO_NEW(int32_t, zone->periods);
    if (best == NULL) {
        HO_TRY(keep_default(panel, zone, err));
    } else {
        zone->members = HO_NEW(uint32_t, best->size);
        zone->size = best->size;
        zone->fitness = best->fitness;
        zone->method = ho_report_method(best);
    }
    if (zone->metrics == NULL || zone->series == NULL || zone->dates == NULL || zone->members == NULL)
        return ho_fail_memory(err, zone->periods * sizeof *zone->series, "a zone's portfolio");
    if (best != NULL) memcpy(zone->members, best->members, best->size * sizeof *best->members);
    for (size_t t = 0; t < zone->periods; t++)
        zone->dates[t] = ho_panel_period(panel, t)->date;
    HO_TRY(ho_portfolio_series(panel, zone->members, zone->size, zone->series, err));
    return ho_metrics_of_series(zone->series, zone->periods, &part->goal.measures, zone->metrics, err);
}

static ho_status search_zone(const ho_optimization *o, size_t number, ho_report_zone *zone, ho_error *err)
{
    of_zone part = {.input.threads = o->input.threads};
    ho_status status = ho_day_zones_part(&o->zones, number, o->regimes.by_day, &o->input, &part.input.rows,
                                         &part.input.panel, err);
    part.borrowed = status == HO_OK && part.input.panel == NULL;
    if (part.borrowed) {
        part.input.panel = o->input.panel;
        part.input.rows = o->input.rows;
    }
    if (status == HO_OK) {
        zone->rows = ho_panel_periods(ho_input_rows(&part.input));
        status = find_candidates(o, number, &part, err);
    }
    zone->candidates = part.allowed_count;
    if (status == HO_OK) status = make_goal(o, &part, err);
    if (status == HO_OK) status = search(o, &part, zone, err);
    if (status == HO_OK) status = keep(&part, zone, err);
    clear(&part);
    return status;
}

/* The run's own fitness of the combination, on what that fitness values. */
static ho_status value_union(const ho_optimization *o, ho_report_zones *z, ho_error *err)
{
    return ho_portfolio_fitness(ho_goal_panel(&o->goal, &o->input), &o->goal.fitness, z->members, z->size,
                                &z->value, err);
}

ho_status ho_optimization_zones(ho_optimization *o, ho_error *err)
{
    const char *wanted = o->settings->zones.zone;
    ho_report_zones *z = &o->zone_report;
    if (wanted == NULL || strcasecmp(wanted, "each") != 0) return HO_OK;
    double *weights = HO_NEW(double, o->zones.count);
    z->zones = HO_NEW(ho_report_zone, o->zones.count);
    if (weights == NULL || z->zones == NULL) {
        free(weights);
        return ho_fail_memory(err, o->zones.count * sizeof *z->zones, "the zones");
    }
    z->count = o->zones.count;
    z->by_clock = o->zones.by_clock;
    z->by_name = o->zones.strategies != NULL;
    z->objective = o->goal.fitness.kind == HO_FITNESS_ZONE ? "legacy" : o->settings->goal.fitness;
    ho_status status = ho_zone_weights(&o->zones, o->settings->goal.zone_weights, o->hooks, weights, err);
    for (size_t i = 0; status == HO_OK && i < z->count; i++) {
        z->zones[i].name = o->zones.names.items[i];
        z->zones[i].weight = weights[i];
        status = search_zone(o, i, &z->zones[i], err);
    }
    free(weights);
    if (status == HO_OK)
        status = ho_zone_union_make(o->settings->zone_search.combination, o->input.panel, &o->goal.measures,
                                    z, err);
    return status == HO_OK ? value_union(o, z, err) : status;
}
