/* `heavyopt optimize`: from a table to the files of a run. One straight way: load, screen, search, measure, report. */
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "kernels/kernels.h"
#include "panel/panel.h"
#include "report/report.h"
#include "run/hooks.h"
#include "run/sizes.h"
#include "run/strategies.h"
#include "screen/select.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

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
    {"set", 0, "ALGORITHM.PARAMETER=VALUE", "A parameter of one algorithm, such as ga.population_size=60.",
     HO_OPTION_LIST, 0, 0, NULL, NULL, offsetof(S, set)},
    HO_FITNESS_OPTION_ROWS(S, goal.),
    HO_INPUT_OPTION_ROWS(S, in.),
};
/* clang-format on */

typedef struct optimization {
    const ho_optimize_settings *settings;
    const ho_hooks *hooks;
    ho_input input;
    ho_plan plan;
    ho_selection selection;
    ho_portfolio_objective *objective;
    ho_sizes sizes;
    ho_report_timings timings;
} optimization;

static void clear(optimization *o)
{
    ho_sizes_clear(&o->sizes);
    ho_portfolio_objective_free(&o->objective);
    ho_selection_clear(&o->selection);
    ho_plan_clear(&o->plan);
    ho_input_clear(&o->input);
}

static ho_status check_sizes(const optimization *o, ho_error *err)
{
    size_t allowed = o->selection.allowed_count, largest = o->plan.last_size;
    if (largest > allowed) {
        return ho_fail(err, HO_ERR_USAGE, "--portfolio-size %zu: the table has %zu strategies%s", largest,
                       ho_panel_strategies(o->input.panel),
                       allowed < ho_panel_strategies(o->input.panel) ? ", fewer without those excluded" : "");
    }
    if (o->selection.include_count > o->plan.first_size) {
        return ho_fail(err, HO_ERR_USAGE, "--portfolio-size %zu: --include names %zu strategies",
                       o->plan.first_size, o->selection.include_count);
    }
    return HO_OK;
}

static void fill_sizes(const optimization *o, ho_report_size *sizes, ho_report *report)
{
    for (size_t i = 0; i < o->sizes.count; i++) {
        const ho_size_run *run = &o->sizes.runs[i];
        sizes[i] = (ho_report_size){.size = run->size,
                                    .algorithms = run->results,
                                    .count = o->plan.count,
                                    .enumerated = run->enumerated.members != NULL ? &run->enumerated : NULL,
                                    .best = run->best};
        if (report->best == NULL || run->best->fitness > report->best->best->fitness)
            report->best = &sizes[i];
    }
    report->sizes = sizes;
    report->size_count = o->sizes.count;
}

static ho_status measure_best(const optimization *o, const ho_search_result *best, double *metrics,
                              double *correlation, ho_error *err)
{
    double *series = HO_NEW(double, ho_panel_periods(o->input.panel));
    if (series == NULL)
        return ho_fail_memory(err, ho_panel_periods(o->input.panel) * 8, "a portfolio's series");
    ho_metric_settings settings = ho_metrics_of_settings(&o->settings->goal);
    ho_status status = ho_portfolio_series(o->input.panel, best->members, best->size, series, err);
    if (status == HO_OK)
        status = ho_metrics_of_series(series, ho_panel_periods(o->input.panel), &settings, metrics, err);
    if (status == HO_OK)
        status = ho_portfolio_correlation(o->input.panel, best->members, best->size, correlation, err);
    free(series);
    return status;
}

static void stamp_now(char stamp[32])
{
    time_t now = time(NULL);
    struct tm local;
    localtime_r(&now, &local);
    strftime(stamp, 32, "%Y%m%d_%H%M%S", &local);
}

static ho_status hand_back(const ho_report *report, const char *folder, ho_outcome *outcome, ho_error *err)
{
    char *json = NULL, *summary = NULL, *text = NULL;
    HO_TRY(ho_report_json(report, &json, err));
    ho_status status = ho_report_summary(report, &summary, err);
    if (status == HO_OK && asprintf(&text, "%s\nFiles: %s\n", summary, folder) < 0)
        status = ho_fail_memory(err, strlen(summary), "the summary");
    free(summary);
    if (status != HO_OK) {
        free(json);
        return status;
    }
    *outcome = (ho_outcome){.json = json, .summary = text, .interrupted = report->interrupted};
    return HO_OK;
}

static ho_status report_run(optimization *o, double start, ho_outcome *outcome, ho_error *err)
{
    const ho_panel *panel = o->input.panel;
    char stamp[32], *folder = NULL, *load_text = NULL;
    ho_report_size *sizes = HO_NEW(ho_report_size, o->sizes.count);
    double *metrics = HO_NEW(double, ho_metric_count());
    double *table = NULL;
    const ho_kernels *kernels = NULL;
    ho_report report = {.input = o->settings->in.input,
                        .input_hash = o->input.report.hash,
                        .panel = panel,
                        .options = {options, sizeof options / sizeof *options},
                        .settings = o->settings,
                        .money = o->settings->goal.returns,
                        .metrics = metrics,
                        .warnings = &o->input.report.warnings,
                        .from_cache = o->input.report.from_cache,
                        .interrupted = ho_cancelled(o->hooks),
                        .threads = o->input.threads,
                        .stamp = stamp};
    stamp_now(stamp);
    ho_status status = HO_OK;
    if (sizes == NULL || metrics == NULL) status = ho_fail_memory(err, 0, "the report");
    if (status == HO_OK) status = ho_input_text(&o->input, &load_text, err);
    if (status == HO_OK) status = ho_kernels_choose(&kernels, err);
    if (status == HO_OK) {
        report.load_text = load_text;
        report.kernels = kernels->name;
        fill_sizes(o, sizes, &report);
        status = measure_best(o, report.best->best, metrics, &report.correlation, err);
    }
    double begun = ho_clock_seconds();
    ho_metric_settings settings = ho_metrics_of_settings(&o->settings->goal);
    if (status == HO_OK)
        status = ho_measure_strategies(panel, &settings, o->input.threads, &report.strategies, &table, err);
    report.timings = o->timings;
    report.timings.report = ho_clock_seconds() - begun;
    report.timings.total = ho_clock_seconds() - start;
    report.peak_memory = ho_peak_memory();
    if (status == HO_OK) status = ho_report_write(&report, o->settings->output, &folder, err);
    report.timings.report = ho_clock_seconds() - begun;
    report.timings.total = ho_clock_seconds() - start;
    if (status == HO_OK) status = hand_back(&report, folder, outcome, err);
    free(folder);
    free(table);
    free(sizes);
    free(metrics);
    free(load_text);
    return status;
}

static ho_status optimize_loaded(optimization *o, double start, ho_outcome *outcome, ho_error *err)
{
    double begun = ho_clock_seconds();
    HO_TRY(ho_select(o->input.panel, &o->settings->include, &o->settings->exclude, &o->selection, err));
    HO_TRY(check_sizes(o, err));
    const ho_fitness fitness = ho_fitness_of_settings(&o->settings->goal);
    HO_TRY(ho_portfolio_objective_new(o->input.panel, &fitness, o->input.threads, &o->objective, err));
    o->timings.screen = ho_clock_seconds() - begun;
    const ho_problem problem = {.candidates = ho_panel_strategies(o->input.panel),
                                .allowed = o->selection.allowed,
                                .include = o->selection.include,
                                .include_count = o->selection.include_count};
    HO_TRY(ho_sizes_search(&o->plan, &problem, ho_portfolio_objective_table(o->objective),
                           (uint64_t)o->settings->seed, o->input.threads, o->hooks, &o->sizes, err));
    o->timings.search = ho_clock_seconds() - begun - o->timings.screen;
    return report_run(o, start, outcome, err);
}

static ho_status run(const void *settings, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    double start = ho_clock_seconds();
    optimization o = {.settings = settings, .hooks = hooks};
    ho_status status = ho_report_check_output(o.settings->output, err); /* before the work, not after it */
    ho_tell(hooks, "load", 0, NAN);
    if (status == HO_OK) status = ho_plan_make(o.settings, ho_threads(o.settings->in.threads), &o.plan, err);
    if (status == HO_OK) status = ho_input_read(&o.settings->in, hooks, &o.input, err);
    o.timings.load = o.input.seconds;
    if (status == HO_OK) {
        ho_cache_writer *writer = ho_cache_writer_start(&o.settings->in, &o.input);
        status = optimize_loaded(&o, start, outcome, err);
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
