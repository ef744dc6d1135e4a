/* What an optimization found: measured, told in detail, written to a folder. */
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "kernels/kernels.h"
#include "run/details.h"
#include "run/kelly.h"
#include "run/load_json.h"
#include "run/optimization.h"
#include "run/size_measures.h"
#include "run/strategies.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static ho_report_bound bound_of(const ho_size_run *run)
{
    const ho_bound_facts *f = &run->bound.facts;
    const ho_report_tree tree = {.grown = f->tree.grown,
                                 .proven = f->tree.proven,
                                 .before = f->tree.before,
                                 .nodes = f->tree.nodes,
                                 .open = f->tree.open,
                                 .given_up = f->tree.given_up,
                                 .kept = f->tree.kept,
                                 .stopped_by = f->tree.stopped_by,
                                 .seconds = f->tree.seconds};
    const bool enumerated =
        run->exact.members != NULL && !run->exact.branched && run->exact.stopped_by == HO_STOP_PROVEN;
    return (ho_report_bound){.why = enumerated ? NULL : run->bound.why,
                             .limits = enumerated ? NULL : run->bound.limits,
                             .value = enumerated  ? run->best->fitness
                                      : f->useful ? f->value
                                                  : NAN,
                             .enumerated = enumerated,
                             .levels = f->levels,
                             .rounds = f->rounds,
                             .columns = f->columns,
                             .distinct = f->distinct,
                             .tree = tree};
}

static void fill_sizes(const ho_optimization *o, ho_report_size *sizes, ho_report *report)
{
    for (size_t i = 0; i < o->sizes.count; i++) {
        const ho_size_run *run = &o->sizes.runs[i];
        sizes[i] = (ho_report_size){.size = run->size,
                                    .algorithms = run->results,
                                    .count = o->plan.count,
                                    .exact = run->exact.members != NULL ? &run->exact : NULL,
                                    .best = run->best,
                                    .bound = bound_of(run)};
        if (report->best == NULL || run->best->fitness > report->best->best->fitness)
            report->best = &sizes[i];
    }
    report->sizes = sizes;
    report->size_count = o->sizes.count;
}

static ho_status measure(const ho_optimization *o, const ho_panel *panel, const ho_search_result *best,
                         double *metrics, ho_error *err)
{
    const size_t periods = ho_panel_periods(panel);
    double *series = HO_NEW(double, periods);
    if (series == NULL) return ho_fail_memory(err, periods * sizeof *series, "a portfolio's series");
    ho_status status = ho_portfolio_series(panel, best->members, best->size, series, err);
    if (status == HO_OK) status = ho_metrics_of_series(series, periods, &o->goal.measures, metrics, err);
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

/* The facts of a run that its report borrows, owned here until it is written. */
typedef struct facts {
    ho_report_size *sizes;
    double *measures, *unweighted;
    ho_strategy_table table;
    double scores[HO_FITNESS_KINDS];
    char *load_text;
    json_t *load;
    ho_strings warnings;
    ho_report_details details;
    ho_report_limits limits;
    ho_relations relations;
    json_t *kelly;
    char stamp[32];
} facts;

static void clear_facts(facts *f)
{
    free(f->sizes);
    free(f->measures);
    free(f->unweighted);
    ho_strings_clear(&f->warnings);
    ho_strategy_table_clear(&f->table);
    free(f->load_text);
    json_decref(f->load);
    ho_details_clear(&f->details);
    json_decref(f->kelly);
}

static ho_status gather_warnings(const ho_optimization *o, ho_strings *all, ho_error *err)
{
    const ho_strings *lists[] = {&o->input.report.warnings, &o->ulta.warnings, &o->zones.warnings,
                                 &o->regimes.warnings, &o->limits.warnings};
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
        for (size_t i = 0; i < lists[l]->count; i++)
            HO_TRY(ho_strings_add(all, lists[l]->items[i], err));
    }
    return HO_OK;
}

/* What regimes did; the best portfolio once more without their weights. */
static ho_status gather_regimes(ho_optimization *o, facts *f, ho_report *report, ho_error *err)
{
    report->regimes = o->regimes.report.present ? &o->regimes.report : NULL;
    o->regimes.report.var_limit = o->settings->goal.var_limit;
    o->regimes.report.max_position = o->settings->kelly.most;
    HO_TRY(ho_regimes_measure(&o->regimes, &o->goal.measures, report->best->best->members,
                              report->best->best->size, err));
    if (o->regimes.unweighted == NULL) return HO_OK;
    HO_TRY(measure(o, o->regimes.unweighted, report->best->best, f->unweighted, err));
    o->regimes.report.unweighted = f->unweighted;
    return HO_OK;
}

/* The members among themselves, and their sizes. */
static ho_status gather_members(const ho_optimization *o, facts *f, ho_report *report, ho_error *err)
{
    const ho_search_result *best = report->best->best;
    const ho_panel *panel = o->input.panel;
    report->correlation_threshold = o->settings->goal.correlation_threshold;
    HO_TRY(ho_portfolio_correlation(panel, best->members, best->size, &report->correlation, err));
    HO_TRY(ho_portfolio_relations(panel, best->members, best->size, report->correlation_threshold,
                                  &f->relations, err));
    HO_TRY(ho_kelly_json(&o->settings->kelly, &o->goal, panel, best->members, best->size, &f->kelly, err));
    report->relations = &f->relations;
    report->kelly = f->kelly;
    return HO_OK;
}

/* The closest pair comes out of the matrix of the details. */
static void fill_limits(const ho_optimization *o, facts *f, const ho_search_result *best)
{
    ho_report_limits *l = &f->limits;
    *l = (ho_report_limits){.largest_correlation = -INFINITY,
                            .inactive = o->limits.inactive,
                            .copies = o->limits.copies != NULL ? o->limits.copies->group : NULL};
    for (size_t i = 0; i < best->size; i++) {
        for (size_t k = i + 1; k < best->size; k++) {
            const double value = f->details.correlation[i * best->size + k];
            if (!(value > l->largest_correlation)) continue;
            l->largest_correlation = value;
            l->first = best->members[i];
            l->second = best->members[k];
        }
    }
}

static ho_status gather(ho_optimization *o, facts *f, ho_report *report, ho_error *err)
{
    const ho_kernels *kernels = NULL;
    f->sizes = HO_NEW(ho_report_size, o->sizes.count);
    f->unweighted = HO_NEW(double, ho_metric_count());
    if (f->sizes == NULL || f->unweighted == NULL) return ho_fail_memory(err, 0, "the report");
    HO_TRY(ho_input_text(&o->input, &f->load_text, err));
    HO_TRY(ho_kernels_choose(&kernels, err));
    report->load_text = f->load_text;
    f->load = ho_load_json(&o->input.report, ho_input_rows(&o->input));
    if (f->load == NULL) return ho_fail_memory(err, 0, "what was read");
    report->load = f->load;
    report->kernels = kernels->name;
    fill_sizes(o, f->sizes, report);
    HO_TRY(
        ho_measure_sizes(o->input.panel, &o->goal.measures, f->sizes, report->size_count, &f->measures, err));
    const ho_search_result *best = report->best->best;
    report->metrics = report->best->metrics;
    HO_TRY(gather_members(o, f, report, err));
    HO_TRY(gather_warnings(o, &f->warnings, err));
    HO_TRY(gather_regimes(o, f, report, err));
    HO_TRY(ho_goal_scores(&o->goal, &o->input, best->members, best->size, f->scores, err));
    report->scores = f->scores;
    const ho_details_of of = {.panel = o->input.panel,
                              .rows = ho_input_rows(&o->input),
                              .objective = o->objective,
                              .valued = ho_goal_panel(&o->goal, &o->input),
                              .fitness = &o->goal.fitness,
                              .metrics = &o->goal.measures,
                              .selection = &o->selection,
                              .best = best,
                              .seed = (uint64_t)o->settings->seed};
    HO_TRY(ho_details_make(&of, &f->details, err));
    report->details = &f->details;
    fill_limits(o, f, report->best->best);
    report->limits = &f->limits;
    return ho_measure_strategies(o->input.panel, &o->goal, o->input.threads, &report->strategies, &f->table,
                                 err);
}

static void set_times(const ho_optimization *o, double begun, ho_report *report)
{
    report->timings = o->timings;
    report->timings.report = ho_clock_seconds() - begun;
    report->timings.total = ho_clock_seconds() - o->start;
}

ho_status ho_optimization_report(ho_optimization *o, ho_outcome *outcome, ho_error *err)
{
    facts f = {0};
    char *folder = NULL;
    ho_strings notes = {0};
    ho_report report = {.input = o->settings->in.input,
                        .input_hash = o->input.report.hash,
                        .panel = o->input.panel,
                        .command = o->command,
                        .options = o->options,
                        .settings = o->settings,
                        .objective = o->settings->goal.fitness,
                        .convention = o->goal.fitness.kind == HO_FITNESS_LEGACY ? "legacy" : "default",
                        .money = o->settings->goal.returns,
                        .warnings = &f.warnings,
                        .from_cache = o->input.report.from_cache,
                        .interrupted = ho_cancelled(o->hooks),
                        .threads = o->input.threads,
                        .device = o->device != NULL ? o->device->about.name : NULL,
                        .stamp = f.stamp};
    report.inversion = o->ulta.on ? &o->ulta.report : NULL;
    report.out_of_sample = o->out_of_sample;
    report.zones = o->zone_report.count > 0 ? &o->zone_report : NULL;
    const double begun = ho_clock_seconds();
    ho_engine_check(o->device, o->hooks);
    stamp_now(f.stamp);
    ho_status status = ho_report_files_choose(&o->settings->files, &report.files, err);
    if (status == HO_OK) status = gather(o, &f, &report, err);
    set_times(o, begun, &report);
    report.peak_memory = ho_peak_memory();
    if (status == HO_OK) status = ho_report_write(&report, o->settings->output, &notes, &folder, err);
    for (size_t i = 0; i < notes.count && status == HO_OK; i++)
        ho_warn(o->hooks, notes.items[i]);
    set_times(o, begun, &report);
    if (status == HO_OK) status = hand_back(&report, folder, outcome, err);
    ho_strings_clear(&notes);
    free(folder);
    clear_facts(&f);
    return status;
}
