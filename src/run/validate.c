/* `heavyopt validate`: the fast way from a file to a portfolio held against a slow one that shares no code with it.
 * The whole search runs twice, once as it always does (through Parquet, on the widest kernels) and once straight from
 * the CSV on the plain kernels; what it found is valued by the reference engine, which also tries every swap. */
#include "run/validate.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/strings.h"
#include "bridge/arrow/arrow.h"
#include "bridge/cudf/load.h"
#include "panel/panel.h"
#include "report/json.h"
#include "run/call.h"
#include "run/engine.h"
#include "run/fitness_options.h"
#include "run/input.h"

#include <errno.h>
#include <heavyopt/store.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef struct settings {
    char *input, *output, *baseline, *fitness, *metric;
    int64_t portfolio_size, seed, threads;
    double tolerance;
    ho_engine_settings engine; /* of the fast search */
} settings;
typedef settings S;

/* clang-format off */
static const ho_option options[] = {
    {"input", 'i', "FILE", "The table, a CSV file.", HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, input)},
    {"portfolio-size", 'p', "N", "Strategies of a portfolio.",
     HO_OPTION_INT, 1, 1e6, "35", NULL, offsetof(S, portfolio_size)},
    {"tolerance", 't', "R", "Relative difference that measures and fitness may have.",
     HO_OPTION_REAL, 0, 1, "0.001", NULL, offsetof(S, tolerance)},
    {"output", 'o', "FILE", "The report, FILE.json, with its summary beside it; else output/validation_report_DATE_TIME.json.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, output)},
    {"baseline", 'b', "DIR", "A folder with old results, of a run or of the old optimizer: they are compared too.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, baseline)},
    {"fitness", 'f', "KIND", "What the portfolios are chosen by, as for optimize.",
     HO_OPTION_CHOICE, 0, 0, "legacy", "legacy|ratio", offsetof(S, fitness)},
    {"metric", 'm', "METRIC", "The metric of the legacy fitness.",
     HO_OPTION_CHOICE, 0, 0, "ratio", HO_LEGACY_METRICS, offsetof(S, metric)},
    {"seed", 's', "N", "Seed of the random numbers.", HO_OPTION_INT, 0, 9e15, "42", NULL, offsetof(S, seed)},
    {"threads", 0, "N", "Threads; 0: one a processor.", HO_OPTION_INT, 0, 1024, "0", NULL, offsetof(S, threads)},
    HO_ENGINE_OPTION_ROWS(S, engine.),
};
/* clang-format on */

typedef struct validation {
    const settings *s;
    const ho_hooks *hooks;
    char folder[64]; /* temporary */
    char *store;     /* in it; NULL: this build has no Parquet */
    ho_reference_table table;
    ho_panel *panel; /* of the fast way */
    ho_engines engines;
    ho_checks checks;
    json_t *fast, *plain; /* documents of the two searches */
    double reference_read, csv_read, store_write, store_read, fast_run, plain_run, correlations, swaps;
} validation;

static void clear(validation *v)
{
    ho_reference_clear(&v->table);
    ho_panel_free(&v->panel);
    ho_engines_clear(&v->engines);
    ho_checks_clear(&v->checks);
    json_decref(v->fast);
    json_decref(v->plain);
    free(v->store);
    if (v->folder[0] != '\0') ho_folder_remove(v->folder);
}

static double since(double *start)
{
    double now = ho_clock_seconds(), seconds = now - *start;
    *start = now;
    return seconds;
}

/* From the file to a store and from there to the panel: the way of every second run. */
static ho_status read_fast(validation *v, ho_error *err)
{
    ho_load_options load = {0};
    ho_store_options store = {0};
    ho_load_report report = {0}, again = {0};
    int threads = ho_threads(v->s->threads);
    double start = ho_clock_seconds();
    ho_status status = ho_options_defaults(ho_load_option_table(), &load, err);
    if (status == HO_OK) status = ho_options_defaults(ho_store_option_table(), &store, err);
    if (status == HO_OK) status = ho_table_read(v->s->input, &load, threads, &v->panel, &report, err);
    v->csv_read = since(&start);
    if (status == HO_OK && ho_arrow_version() != NULL) {
        v->store = ho_path_join(v->folder, "store");
        status = v->store != NULL ? ho_store_write(v->store, v->panel, &report, &store, err)
                                  : ho_fail_memory(err, 0, "a path");
        v->store_write = since(&start);
        ho_panel_free(&v->panel);
        if (status == HO_OK) status = ho_table_read(v->store, &load, threads, &v->panel, &again, err);
        v->store_read = since(&start);
    }
    if (status == HO_OK && ho_panel_dates(v->panel) < ho_panel_periods(v->panel)) {
        ho_panel *rows = v->panel;
        v->panel = NULL;
        status = ho_panel_by_day(rows, &v->panel, err);
        ho_panel_free(&rows);
    }
    ho_load_report_clear(&report);
    ho_load_report_clear(&again);
    ho_options_clear(ho_load_option_table(), &load);
    ho_options_clear(ho_store_option_table(), &store);
    return status;
}

static ho_status search(const validation *v, const char *input, const ho_engine_settings *engine,
                        json_t **document, ho_error *err)
{
    char size[32], seed[32], threads[32], output[96], memory[32];
    snprintf(size, sizeof size, "%lld", (long long)v->s->portfolio_size);
    snprintf(seed, sizeof seed, "%lld", (long long)v->s->seed);
    snprintf(threads, sizeof threads, "%lld", (long long)v->s->threads);
    snprintf(output, sizeof output, "%s/output", v->folder);
    snprintf(memory, sizeof memory, "%.17g", engine->memory_limit);
    const bool numbered = engine->gpu != NULL;
    const char *const pairs[] = {"input",
                                 input,
                                 "portfolio-size",
                                 size,
                                 "seed",
                                 seed,
                                 "threads",
                                 threads,
                                 "output",
                                 output,
                                 "effort",
                                 "quick",
                                 "fitness",
                                 v->s->fitness,
                                 "metric",
                                 v->s->metric,
                                 "no-cache",
                                 "true",
                                 "engine",
                                 engine->engine,
                                 "no-gpu",
                                 engine->no_gpu ? "true" : "false",
                                 "gpu-memory-limit",
                                 memory,
                                 "spill-to-host",
                                 engine->spill ? "true" : "false",
                                 numbered ? "gpu" : NULL,
                                 engine->gpu,
                                 NULL};
    const ho_hooks hooks = {.progress = v->hooks != NULL ? v->hooks->progress : NULL,
                            .user = v->hooks != NULL ? v->hooks->user : NULL};
    ho_outcome outcome = {0};
    ho_status status = ho_call("optimize", pairs, &hooks, &outcome, err);
    json_error_t why;
    if (status == HO_OK) *document = json_loads(outcome.json, 0, &why);
    if (status == HO_OK && *document == NULL)
        status = ho_fail(err, HO_ERR_INTERNAL, "the document of a run is no JSON: %s", why.text);
    ho_outcome_clear(&outcome);
    return status;
}

/* The same search on the plain kernels: HEAVYOPT_CPU names them, as a user would. */
static ho_status search_plainly(const validation *v, json_t **document, ho_error *err)
{
    const char *now = getenv("HEAVYOPT_CPU");
    char *kept = now != NULL ? ho_copy_text(now) : NULL;
    if (now != NULL && kept == NULL) return ho_fail_memory(err, strlen(now), "a text");
    if (setenv("HEAVYOPT_CPU", "ref", 1) != 0) return ho_fail_memory(err, 0, "the environment");
    static char cpu[] = "cpu";
    const ho_engine_settings plain = {.engine = cpu};
    ho_status status = search(v, v->s->input, &plain, document, err);
    if (kept != NULL)
        (void)setenv("HEAVYOPT_CPU", kept, 1);
    else
        (void)unsetenv("HEAVYOPT_CPU");
    free(kept);
    return status;
}

static ho_status search_twice(validation *v, ho_error *err)
{
    double start = ho_clock_seconds();
    HO_TRY(search(v, v->store != NULL ? v->store : v->s->input, &v->s->engine, &v->fast, err));
    v->fast_run = since(&start);
    HO_TRY(search_plainly(v, &v->plain, err));
    v->plain_run = since(&start);
    return HO_OK;
}

/* Each algorithm: the same strategies from both searches, and the reference's figures for them. */
static ho_status check_algorithms(validation *v, ho_error *err)
{
    const json_t *fast = json_object_get(v->fast, "algorithms"),
                 *plain = json_object_get(v->plain, "algorithms");
    size_t same = 0, count = json_array_size(fast);
    char differs[256] = "";
    for (size_t i = 0; i < count; i++) {
        const json_t *a = json_array_get(fast, i), *b = json_array_get(plain, i);
        const char *name = json_string_value(json_object_get(a, "name"));
        bool equal = json_equal(json_object_get(a, "portfolio"), json_object_get(b, "portfolio"));
        same += equal;
        size_t used = strlen(differs);
        if (!equal) snprintf(differs + used, sizeof differs - used, " %s", name);
        uint32_t *members = NULL;
        size_t size = 0;
        char test[48];
        snprintf(test, sizeof test, "portfolio of %s", name);
        HO_TRY(ho_members_of_json(v->panel, json_object_get(a, "portfolio"), &members, &size, err));
        ho_status status =
            ho_check_portfolio(&v->engines, test, members, size,
                               json_number_value(json_object_get(a, "fitness")), &v->checks, err);
        free(members);
        HO_TRY(status);
    }
    return ho_check_add(&v->checks, "same portfolios", same == count ? HO_CHECK_PASSED : HO_CHECK_FAILED, err,
                        "%zu of %zu algorithms choose the same strategies on both ways%s%s", same, count,
                        differs[0] != '\0' ? "; not so:" : "", differs);
}

static ho_status check_best(validation *v, ho_error *err)
{
    uint32_t *members = NULL;
    size_t size = 0;
    double start = ho_clock_seconds();
    const json_t *best = json_object_get(v->fast, "best");
    HO_TRY(ho_members_of_json(v->panel, json_object_get(best, "portfolio"), &members, &size, err));
    ho_status status = ho_check_optimum(&v->engines, members, size, &v->checks, err);
    free(members);
    v->swaps = since(&start);
    return status;
}

static ho_status check_baseline(validation *v, ho_error *err)
{
    json_t *fresh = json_object();
    const json_t *algorithms = json_object_get(v->fast, "algorithms");
    for (size_t i = 0; i < json_array_size(algorithms); i++) {
        const json_t *a = json_array_get(algorithms, i);
        json_object_set(fresh, json_string_value(json_object_get(a, "name")),
                        json_object_get(a, "portfolio"));
    }
    ho_status status = ho_check_baseline(&v->engines, v->s->baseline, fresh, &v->checks, err);
    json_decref(fresh);
    return status;
}

/* Says once whether the device that was wished for is there. */
static ho_status try_engine(const validation *v, ho_error *err)
{
    ho_device *device = NULL;
    HO_TRY(ho_engine_open(&v->s->engine, v->hooks, &device, err));
    ho_device_close(&device);
    return HO_OK;
}

static ho_status begin(validation *v, ho_error *err)
{
    HO_TRY(try_engine(v, err));
    const char *temporary = getenv("TMPDIR");
    if (temporary == NULL || *temporary != '/' || strlen(temporary) > 32) temporary = "/tmp";
    snprintf(v->folder, sizeof v->folder, "%s/heavyopt-XXXXXX", temporary);
    if (mkdtemp(v->folder) == NULL) {
        int reason = errno;
        v->folder[0] = '\0';
        return ho_fail(err, HO_ERR_IO, "%s: no temporary folder: %s", temporary, strerror(reason));
    }
    double start = ho_clock_seconds();
    HO_TRY(ho_reference_read(v->s->input, &v->table, err));
    v->reference_read = since(&start);
    HO_TRY(read_fast(v, err));
    v->engines.reference = &v->table;
    v->engines.panel = v->panel;
    v->engines.tolerance = v->s->tolerance;
    v->engines.goal = (ho_reference_goal){strcmp(v->s->fitness, "ratio") == 0, v->s->metric, 0};
    v->engines.fitness =
        (ho_fitness){.kind = ho_fitness_kind_of(v->s->fitness), .metric = ho_legacy_metric_of(v->s->metric)};
    return HO_OK;
}

static ho_status check_all(validation *v, ho_error *err)
{
    HO_TRY(begin(v, err));
    ho_error why;
    ho_status matched = ho_engines_match(&v->engines, &why);
    if (matched == HO_ERR_DIFFERENCE)
        return ho_check_add(&v->checks, "columns and days", HO_CHECK_FAILED, err, "%s", why.text);
    if (matched != HO_OK) return ho_fail(err, matched, "%s", why.text);
    ho_tell(v->hooks, "values", 0, NAN);
    HO_TRY(ho_check_values(&v->engines, v->store != NULL ? "values through Parquet" : "values", &v->checks,
                           err));
    if (v->store == NULL)
        HO_TRY(ho_check_add(&v->checks, "values through Parquet", HO_CHECK_SKIPPED, err,
                            "no Parquet in this build"));
    HO_TRY(search_twice(v, err));
    HO_TRY(check_algorithms(v, err));
    HO_TRY(check_best(v, err));
    ho_tell(v->hooks, "correlations", 0, NAN);
    double start = ho_clock_seconds();
    HO_TRY(ho_check_correlations(&v->engines, ho_threads(v->s->threads), &v->checks, err));
    v->correlations = since(&start);
    if (v->s->baseline == NULL)
        return ho_check_add(&v->checks, "baseline", HO_CHECK_SKIPPED, err, "none was named (--baseline DIR)");
    return check_baseline(v, err);
}

static void print_times(const validation *v, FILE *file)
{
    fputs("\nseconds                           fast      plain    speed-up\n", file);
    double read = v->store != NULL ? v->store_read : v->csv_read;
    fprintf(file, "read the table              %10.3f %10.3f %10.1fx\n", read, v->reference_read,
            v->reference_read / fmax(read, 1e-9));
    fprintf(file, "all algorithms              %10.3f %10.3f %10.1fx\n", v->fast_run, v->plain_run,
            v->plain_run / fmax(v->fast_run, 1e-9));
    fprintf(file, "CSV to matrix %.3f, to Parquet %.3f, swaps by the reference %.3f, correlations %.3f\n",
            v->csv_read, v->store_write, v->swaps, v->correlations);
}

static ho_status write_summary(const validation *v, char **text, ho_error *err)
{
    ho_text t;
    size_t failed = ho_checks_failed(&v->checks), skipped = ho_checks_skipped(&v->checks);
    HO_TRY(ho_text_begin(&t, err));
    fputs("Validation of ", t.file);
    ho_text_put(v->s->input, t.file);
    fprintf(t.file, ", portfolios of %lld, tolerance %g\n", (long long)v->s->portfolio_size, v->s->tolerance);
    ho_checks_print(&v->checks, t.file);
    print_times(v, t.file);
    fprintf(t.file, "\n%zu passed, %zu failed, %zu skipped\n", v->checks.count - failed - skipped, failed,
            skipped);
    return ho_text_end(&t, text, err);
}

static ho_status write_document(const validation *v, const char *stamp, char **text, ho_error *err)
{
    json_t *times = json_pack("{s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:f}", "reference_read", v->reference_read,
                              "csv_read", v->csv_read, "store_write", v->store_write, "store_read",
                              v->store_read, "fast_run", v->fast_run, "plain_run", v->plain_run,
                              "reference_swaps", v->swaps, "correlations", v->correlations);
    size_t failed = ho_checks_failed(&v->checks);
    json_t *root =
        json_pack("{s:s,s:s,s:o,s:f,s:I,s:s,s:o,s:o}", "version", HO_VERSION, "timestamp", stamp, "input",
                  ho_json_text(v->s->input), "tolerance", v->s->tolerance, "portfolio_size",
                  (json_int_t)v->s->portfolio_size, "status", failed != 0 ? "failed" : "passed", "tests",
                  ho_checks_json(&v->checks), "timings", times);
    if (root == NULL) return ho_fail_memory(err, 0, "the JSON document");
    return ho_json_finish(root, text, err);
}

static ho_status write_file(const char *path, const char *text, ho_error *err)
{
    FILE *file = fopen(path, "we");
    if (file == NULL) return ho_fail(err, HO_ERR_IO, "%.700s: %s", path, strerror(errno));
    bool failed = fputs(text, file) < 0;
    failed = fclose(file) != 0 || failed;
    return failed ? ho_fail(err, HO_ERR_IO, "%.700s: %s", path, strerror(errno)) : HO_OK;
}

static ho_status write_reports(const validation *v, const char *stamp, ho_outcome *outcome, ho_error *err)
{
    char *path = NULL, *summary = NULL;
    size_t made = 0;
    if (v->s->output != NULL) {
        path = ho_copy_text(v->s->output);
    } else {
        int reason = ho_folders_make("output", 0777, &made);
        if (reason != 0) return ho_fail(err, HO_ERR_IO, "output: %s", strerror(reason));
        if (asprintf(&path, "output/validation_report_%s.json", stamp) < 0) path = NULL;
    }
    if (path == NULL) return ho_fail_memory(err, 0, "a path");
    size_t length = strlen(path);
    bool json = length > 5 && strcmp(path + length - 5, ".json") == 0;
    ho_status status = HO_OK;
    if (asprintf(&summary, "%.*s_summary.txt", (int)(json ? length - 5 : length), path) < 0) {
        summary = NULL;
        status = ho_fail_memory(err, length, "a path");
    }
    if (status == HO_OK) status = write_file(path, outcome->json, err);
    if (status == HO_OK) status = write_file(summary, outcome->summary, err);
    free(summary);
    free(path);
    return status;
}

static ho_status run(const void *settings_, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    validation v = {.s = settings_, .hooks = hooks};
    char stamp[32];
    time_t now = time(NULL);
    struct tm local;
    strftime(stamp, sizeof stamp, "%Y%m%d_%H%M%S", localtime_r(&now, &local));
    ho_outcome made = {0};
    ho_status status = check_all(&v, err);
    if (status == HO_OK) status = write_document(&v, stamp, &made.json, err);
    if (status == HO_OK) status = write_summary(&v, &made.summary, err);
    if (status == HO_OK) status = write_reports(&v, stamp, &made, err);
    status = ho_hand_over(status, &made, outcome);
    size_t failed = ho_checks_failed(&v.checks), count = v.checks.count;
    clear(&v);
    if (status == HO_OK && failed != 0)
        status = ho_fail(err, HO_ERR_DIFFERENCE, "%zu of %zu checks found a difference", failed, count);
    return status;
}

extern const ho_command ho_command_validate;
const ho_command ho_command_validate = {
    .name = "validate",
    .sentence = "holds the fast engine against a slow and independent one, on your own table",
    .positional = {"input"},
    .required = {"input"},
    .options = {options, sizeof options / sizeof *options},
    .settings_size = sizeof(settings),
    .run = run,
    .more = "The reference engine reads the CSV file and computes every measure by itself, in plain loops. "
            "Exit code 5: "
            "a difference beyond the tolerance. Skipped checks do not count as passed.",
};
