/* The steps of an optimization between the table and the report, for a whole run and for each fold of a walk-forward. */
#include "run/optimization.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/memory_left.h"
#include "bridge/cudf/load.h"
#include "metrics/objective_device.h"
#include "panel/panel.h"
#include "run/limit_rules.h"
#include "run/memory_need.h"
#include "run/zone_union.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void ho_optimization_clear(ho_optimization *o)
{
    ho_sizes_clear(&o->sizes);
    ho_portfolio_objective_free(&o->objective);
    ho_device_numbers_drop(&o->numbers);
    ho_device_close(&o->device);
    ho_limits_clear(&o->limits);
    ho_selection_clear(&o->selection);
    ho_plan_clear(&o->plan);
    ho_goal_clear(&o->goal);
    ho_regimes_clear(&o->regimes);
    ho_zone_union_clear(&o->zone_report);
    ho_day_zones_clear(&o->zones);
    ho_ulta_clear(&o->ulta);
    ho_input_clear(&o->input);
}

/* Strategies of unsure regimes, but for those that must be in. */
static void leave_out_unsure(ho_optimization *o)
{
    ho_selection *s = &o->selection;
    for (size_t j = 0; o->regimes.unsure != NULL && j < ho_panel_strategies(o->input.panel); j++) {
        bool included = false;
        for (size_t i = 0; i < s->include_count; i++)
            included |= s->include[i] == j;
        if (!o->regimes.unsure[j] || included || !s->allowed[j]) continue;
        s->allowed[j] = 0;
        s->allowed_count--;
    }
}

ho_problem ho_optimization_problem(const ho_optimization *o)
{
    return (ho_problem){.candidates = ho_panel_strategies(o->input.panel),
                        .allowed = o->selection.allowed,
                        .include = o->selection.include,
                        .include_count = o->selection.include_count,
                        .groupings = o->limits.groupings,
                        .grouping_count = o->limits.grouping_count,
                        .conflicts = o->limits.conflicts,
                        .conflict_count = o->limits.conflict_count,
                        .names = (const char *const *)o->input.panel->names};
}

static ho_status check_sizes(const ho_optimization *o, ho_error *err)
{
    size_t all = ho_panel_strategies(o->input.panel), largest = o->plan.last_size;
    if (largest > all)
        return ho_fail(err, HO_ERR_USAGE, "--portfolio-size %zu: the table has %zu strategies", largest, all);
    if (largest > o->selection.allowed_count && o->regimes.report.left_out > 0)
        return ho_fail(err, HO_ERR_USAGE,
                       "--portfolio-size %zu: %zu strategies are left, --regime-filter takes out %zu "
                       "that were active "
                       "in regimes of a confidence of %.4g %% or less",
                       largest, o->selection.allowed_count, o->regimes.report.left_out,
                       100 * o->regimes.report.least);
    if (largest > o->selection.allowed_count)
        return ho_fail(err, HO_ERR_USAGE,
                       "--portfolio-size %zu: the table has %zu strategies, %zu without those that %s",
                       largest, all, o->selection.allowed_count,
                       o->limits.inactive == 0 ? "--exclude names"
                                               : "--exclude names or --min-active-days leaves out");
    if (o->selection.include_count > o->plan.first_size) {
        return ho_fail(err, HO_ERR_USAGE, "--portfolio-size %zu: --include names %zu strategies",
                       o->plan.first_size, o->selection.include_count);
    }
    if (o->plan.first_size == largest) return HO_OK;
    ho_problem problem = ho_optimization_problem(o); /* known before the work on smaller sizes */
    problem.size = o->plan.first_size;
    HO_TRY(ho_search_check(&problem, err));
    problem.size = largest;
    return ho_search_check(&problem, err);
}

static ho_status check_memory(const ho_optimization *o, ho_error *err)
{
    const ho_panel *panel = ho_goal_panel(&o->goal, &o->input);
    char what[700];
    snprintf(what, sizeof what, "%.500s: searching %zu strategies x %zu periods", o->settings->in.input,
             ho_panel_strategies(panel), ho_panel_periods(panel));
    return ho_memory_ask(what,
                         ho_memory_to_search(panel, o->input.report.identical, o->plan.last_size,
                                             ho_fitness_is_sieved(&o->goal.fitness), o->bounded),
                         o->settings->in.load.memory_limit, err);
}

ho_status ho_optimization_plan(ho_optimization *o, ho_error *err)
{
    ho_report_choice files;
    bool turns = false;
    HO_TRY(ho_report_files_choose(&o->settings->files, &files, err));
    HO_TRY(ho_report_check_output(o->settings->output, err));
    HO_TRY(ho_ulta_wanted(&o->settings->ulta, &turns, err));
    size_t first = 0, last = 0;
    HO_TRY(ho_sizes_parse("zone-size", o->settings->zone_search.size, &first, &last, err));
    HO_TRY(ho_kelly_check(&o->settings->kelly, err));
    HO_TRY(ho_plan_make(o->settings, ho_threads(o->settings->in.threads), &o->plan, err));
    return ho_engine_open(&o->settings->engine, o->hooks, &o->device, err);
}

ho_day_zones_use ho_optimization_zone_use(const ho_optimize_settings *s)
{
    const ho_limit_settings *l = &s->limits;
    const ho_strings *lists[] = {&l->max_per_group, &l->min_per_group};
    bool wanted = l->min_per_zone > 0 || l->max_per_zone > 0;
    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; k < lists[i]->count; k++)
            wanted |= strncasecmp(lists[i]->items[k], "zone=", 5) == 0;
    }
    if (strcmp(s->goal.fitness, "zone") == 0) return HO_DAY_ZONES_NEEDED;
    return wanted ? HO_DAY_ZONES_WANTED : HO_DAY_ZONES_UNUSED;
}

ho_status ho_optimization_prepare(ho_optimization *o, ho_error *err)
{
    HO_TRY(ho_ulta_shape(&o->settings->ulta, o->hooks, &o->input, &o->ulta, err));
    HO_TRY(ho_day_zones_shape(&o->settings->zones, ho_optimization_zone_use(o->settings),
                              o->settings->in.period, o->hooks, &o->input, &o->zones, err));
    return ho_regimes_shape(&o->settings->regimes, o->settings->in.period, o->hooks, &o->input, &o->regimes,
                            err);
}

/* What a bound is priced with, and what a fitness that is not sieved is scanned with. */
static ho_status hold_values(ho_optimization *o, ho_error *err)
{
    const bool of_store = ho_input_is_store(&o->input) && !o->ulta.on && o->goal.zoned == NULL;
    if (!o->bounded && ho_fitness_is_sieved(&o->goal.fitness)) return HO_OK;
    return ho_engine_hold(o->device, of_store ? o->settings->in.input : NULL,
                          o->goal.zoned != NULL ? o->goal.zoned : o->input.panel, &o->numbers, err);
}

static ho_status screen(ho_optimization *o, ho_error *err)
{
    ho_goal_warn_idle(&o->settings->goal, o->hooks);
    HO_TRY(ho_goal_make(&o->settings->goal, &o->input, o->hooks, &o->goal, err));
    HO_TRY(ho_select(o->input.panel, &o->settings->include, &o->settings->exclude, &o->selection, err));
    leave_out_unsure(o);
    HO_TRY(
        ho_limit_rules(&o->settings->limits, &o->input, &o->zones, o->hooks, &o->selection, &o->limits, err));
    HO_TRY(check_sizes(o, err));
    HO_TRY(check_memory(o, err));
    HO_TRY(ho_portfolio_objective_new(ho_goal_panel(&o->goal, &o->input), &o->goal.fitness, o->input.threads,
                                      &o->objective, err));
    ho_portfolio_objective_use(o->objective, o->device);
    return hold_values(o, err);
}

ho_status ho_optimization_search(ho_optimization *o, ho_error *err)
{
    const double begun = ho_clock_seconds();
    HO_TRY(screen(o, err));
    o->timings.screen = ho_clock_seconds() - begun;
    const ho_problem problem = ho_optimization_problem(o);
    const ho_bounding bounding = {.wanted = o->bounded,
                                  .with_leads = true,
                                  .panel = ho_goal_panel(&o->goal, &o->input),
                                  .fitness = &o->goal.fitness,
                                  .cancel = ho_cancel_flag(o->hooks)};
    const ho_proof_settings unproven = {.prove = false};
    HO_TRY(ho_sizes_search(&o->plan, &problem, ho_portfolio_objective_table(o->objective), &bounding,
                           o->proven ? &o->settings->proof : &unproven, (uint64_t)o->settings->seed,
                           o->input.threads, o->hooks, &o->sizes, err));
    o->timings.bound = o->sizes.bound_seconds;
    o->timings.prove = o->sizes.proof_seconds;
    o->timings.search = ho_clock_seconds() - begun - o->timings.screen - o->timings.bound - o->timings.prove;
    return HO_OK;
}

const ho_search_result *ho_optimization_best(const ho_optimization *o)
{
    const ho_search_result *best = o->sizes.runs[0].best;
    for (size_t i = 1; i < o->sizes.count; i++) {
        if (o->sizes.runs[i].best->fitness > best->fitness) best = o->sizes.runs[i].best;
    }
    return best;
}
