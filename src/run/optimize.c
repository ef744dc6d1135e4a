/* `heavyopt optimize`: from a table to the files of a run. One straight way: load, screen, search, measure, report. */
#include "base/clock.h"
#include "base/error.h"
#include "base/memory_left.h"
#include "panel/panel.h"
#include "run/exclusive_file.h"
#include "run/memory_need.h"
#include "run/optimization.h"
#include "run/zone_union.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef ho_optimize_settings S;

/* clang-format off */
static const ho_option options[] = {
    {"portfolio-size", 'p', "N|A:B", "Strategies of a portfolio: one size, or each size from A to B.",
     HO_OPTION_TEXT, 0, 0, "35", NULL, offsetof(S, portfolio_size)},
    {"output", 'o', "DIR", "Folder that gets a new folder run_DATE_TIME with the files of the run.",
     HO_OPTION_TEXT, 0, 0, "output", NULL, offsetof(S, output)},
    {"algorithms", 'a', "LIST", "Algorithms, separated by commas, or all.",
     HO_OPTION_TEXT, 0, 0, "all", NULL, offsetof(S, algorithms)},
    {"effort", 'e', "LEVEL", "How much each algorithm may work.",
     HO_OPTION_CHOICE, 0, 0, "normal", "quick|normal|thorough", offsetof(S, effort)},
    {"seed", 's', "N", "Seed of the random numbers: the same seed and input give the same portfolio.",
     HO_OPTION_INT, 0, 9e15, "42", NULL, offsetof(S, seed)},
    {"time-limit", 0, "SECONDS", "Time for the searches together, 0 for no limit; a run that it cuts does not repeat.",
     HO_OPTION_REAL, 0, 1e7, "0", NULL, offsetof(S, time_limit)},
    {"include", 0, "NAME", "A strategy that every portfolio must hold.",
     HO_OPTION_LIST, 0, 0, NULL, NULL, offsetof(S, include)},
    {"exclude", 0, "NAME", "A strategy that no portfolio may hold.",
     HO_OPTION_LIST, 0, 0, NULL, NULL, offsetof(S, exclude)},
    HO_LIMIT_OPTION_ROWS(S, limits.),
    {"no-bound", 0, NULL, "Do not work out how good a portfolio can be at most; the algorithm lp then has no guide.",
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, no_bound)},
    HO_PROOF_OPTION_ROWS(S, proof.),
    {"set", 0, "ALGORITHM.PARAMETER=VALUE", "A parameter of one algorithm, such as ga.population_size=60.",
     HO_OPTION_LIST, 0, 0, NULL, NULL, offsetof(S, set)},
    {"grouping", 0, "WAY", "Digits of the report in groups: 1,234,567, or lakhs and crores as 12,34,567.",
     HO_OPTION_CHOICE, 0, 0, "western", "western|indian", offsetof(S, grouping)},
    HO_REPORT_OPTION_ROWS(S, files.),
    HO_FITNESS_OPTION_ROWS(S, goal.),
    HO_KELLY_OPTION_ROWS(S, kelly.),
    HO_INPUT_OPTION_ROWS(S, in.),
    HO_ULTA_OPTION_ROWS(S, ulta.),
    HO_ZONE_OPTION_ROWS(S, zones.),
    HO_ZONE_SEARCH_OPTION_ROWS(S, zone_search.),
    HO_REGIME_OPTION_ROWS(S, regimes.),
};
/* clang-format on */

static void clear(ho_optimization *o)
{
    ho_sizes_clear(&o->sizes);
    ho_portfolio_objective_free(&o->objective);
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

/* The rules of the search; names that may not be together come from a file. */
static ho_status make_limits(ho_optimization *o, ho_error *err)
{
    const ho_limit_settings *s = &o->settings->limits;
    uint32_t *pairs = NULL;
    ho_limits_of of = {.settings = s,
                       .panel = o->input.panel,
                       .rows = o->input.rows,
                       .threads = o->input.threads,
                       .zones = o->zones.strategies,
                       .zone_names = &o->zones.names};
    if (s->exclusive != NULL)
        HO_TRY(ho_exclusive_file_read(s->exclusive, o->input.panel, &pairs, &of.pair_count, err));
    of.pairs = pairs;
    ho_status status = ho_limits_make(&of, &o->selection, &o->limits, err);
    free(pairs);
    for (size_t i = 0; i < o->limits.warnings.count; i++)
        ho_warn(o->hooks, o->limits.warnings.items[i]);
    return status;
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
                                             ho_fitness_is_sieved(&o->goal.fitness), !o->settings->no_bound),
                         o->settings->in.load.memory_limit, err);
}

static ho_status optimize_loaded(ho_optimization *o, ho_outcome *outcome, ho_error *err)
{
    double begun = ho_clock_seconds();
    HO_TRY(ho_goal_make(&o->settings->goal, &o->input, o->hooks, &o->goal, err));
    HO_TRY(ho_select(o->input.panel, &o->settings->include, &o->settings->exclude, &o->selection, err));
    leave_out_unsure(o);
    HO_TRY(make_limits(o, err));
    HO_TRY(check_sizes(o, err));
    HO_TRY(check_memory(o, err));
    HO_TRY(ho_portfolio_objective_new(ho_goal_panel(&o->goal, &o->input), &o->goal.fitness, o->input.threads,
                                      &o->objective, err));
    o->timings.screen = ho_clock_seconds() - begun;
    const ho_problem problem = ho_optimization_problem(o);
    const ho_bounding bounding = {.wanted = !o->settings->no_bound,
                                  .with_leads = true,
                                  .panel = ho_goal_panel(&o->goal, &o->input),
                                  .fitness = &o->goal.fitness,
                                  .cancel = ho_cancel_flag(o->hooks)};
    HO_TRY(ho_sizes_search(&o->plan, &problem, ho_portfolio_objective_table(o->objective), &bounding,
                           &o->settings->proof, (uint64_t)o->settings->seed, o->input.threads, o->hooks,
                           &o->sizes, err));
    HO_TRY(ho_optimization_regimes(o, err));
    HO_TRY(ho_optimization_zones(o, err));
    o->timings.bound = o->sizes.bound_seconds;
    o->timings.prove = o->sizes.proof_seconds;
    o->timings.search = ho_clock_seconds() - begun - o->timings.screen - o->timings.bound - o->timings.prove;
    return ho_optimization_report(o, outcome, err);
}

/* The zone fitness needs zones; limits take what there is. */
static ho_day_zones_use use_of_zones(const S *s)
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

static ho_status run(const void *settings, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    ho_optimization o = {.settings = settings,
                         .options = {options, sizeof options / sizeof *options},
                         .hooks = hooks,
                         .start = ho_clock_seconds()};
    ho_report_choice files;
    ho_status status =
        ho_report_files_choose(&o.settings->files, &files, err); /* before the work, not after it */
    if (status == HO_OK) status = ho_report_check_output(o.settings->output, err);
    bool turns = false;
    if (status == HO_OK) status = ho_ulta_wanted(&o.settings->ulta, &turns, err);
    size_t first = 0, last = 0;
    if (status == HO_OK)
        status = ho_sizes_parse("zone-size", o.settings->zone_search.size, &first, &last, err);
    if (status == HO_OK) status = ho_kelly_check(&o.settings->kelly, err);
    ho_tell(hooks, "load", 0, NAN);
    if (status == HO_OK) status = ho_plan_make(o.settings, ho_threads(o.settings->in.threads), &o.plan, err);
    if (status == HO_OK) status = ho_input_read(&o.settings->in, hooks, &o.input, err);
    if (status == HO_OK) status = ho_ulta_shape(&o.settings->ulta, hooks, &o.input, &o.ulta, err);
    if (status == HO_OK)
        status = ho_day_zones_shape(&o.settings->zones, use_of_zones(o.settings), o.settings->in.period,
                                    hooks, &o.input, &o.zones, err);
    if (status == HO_OK)
        status =
            ho_regimes_shape(&o.settings->regimes, o.settings->in.period, hooks, &o.input, &o.regimes, err);
    o.timings.load = o.input.seconds;
    if (status == HO_OK) {
        ho_cache_writer *writer = ho_cache_writer_start(&o.settings->in, &o.input);
        status = optimize_loaded(&o, outcome, err);
        ho_cache_writer_end(&writer, hooks);
    }
    clear(&o);
    return status;
}

extern const ho_command ho_command_optimize;
const ho_command ho_command_optimize = {
    .name = "optimize",
    .sentence = "chooses the portfolio with the best return for its drawdown",
    .positional = {"input"},
    .required = {"input"},
    .options = {options, sizeof options / sizeof *options},
    .settings_size = sizeof(ho_optimize_settings),
    .run = run,
};
