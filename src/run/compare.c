/* `heavyopt compare`: runs side by side, from their result.json. */
#include "base/error.h"
#include "base/files.h"
#include "base/strings.h"
#include "report/json.h"
#include "run/hooks.h"
#include "run/report_options.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct compare_settings {
    ho_strings runs;
    char *output, *chart_format, *plots;
    double chart_time;
} compare_settings;

typedef compare_settings S;

/* clang-format off */
static const ho_option options[] = {
    {"runs", 0, "RUN_DIR", "The folder of a run, or its result.json; two at least.",
     HO_OPTION_LIST, 0, 0, NULL, NULL, offsetof(S, runs)},
    {"output", 'o', "DIR", "Folder for a chart of the runs' equity; else none is drawn.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, output)},
    {"chart-format", 0, "FORMAT", "Format of the chart.",
     HO_OPTION_CHOICE, 0, 0, "png", "png|svg|both", offsetof(S, chart_format)},
    {"chart-time", 0, "SECONDS", "Time after which a chart that is not drawn yet is left out.",
     HO_OPTION_REAL, 0.1, 3600, "30", NULL, offsetof(S, chart_time)},
    {"plots", 0, "DIR", "Folder with gnuplot scripts of your own; each takes the place of ours of that name.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, plots)},
};
/* clang-format on */

/* The last part of a path, that of the folder for a result.json. */
static json_t *name_of(const char *path)
{
    char *copy = strdup(path);
    json_t *name = NULL;
    for (int part = 0; copy != NULL; part++) {
        size_t length = strlen(copy);
        while (length > 1 && copy[length - 1] == '/')
            copy[--length] = '\0';
        char *slash = strrchr(copy, '/'), *last = slash != NULL && slash[1] != '\0' ? slash + 1 : copy;
        if (part > 0 || slash == NULL || strcmp(last, "result.json") != 0) {
            name = ho_json_text(last);
            break;
        }
        *slash = '\0';
    }
    free(copy);
    return name;
}

static json_t *copy_of(const json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    return value != NULL ? json_incref(value) : json_null();
}

/* What is compared of a run. */
static json_t *run_of(const char *path, const json_t *document)
{
    const json_t *best = json_object_get(document, "best");
    const json_t *series = json_object_get(json_object_get(document, "details"), "series");
    return json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "name", name_of(path), "path",
                     ho_json_text(path), "input", copy_of(document, "input"), "size", copy_of(best, "size"),
                     "algorithm", copy_of(best, "algorithm"), "fitness", copy_of(best, "fitness"), "bound",
                     copy_of(json_object_get(document, "bound"), "value"), "average_correlation",
                     copy_of(best, "average_correlation"), "metrics", copy_of(best, "metrics"), "portfolio",
                     copy_of(best, "portfolio"), "dates", copy_of(series, "dates"), "equity",
                     copy_of(series, "equity"));
}

static bool holds(const json_t *names, const json_t *name)
{
    for (size_t i = 0; i < json_array_size(names); i++) {
        if (json_equal(json_array_get(names, i), name)) return true;
    }
    return false;
}

static const json_t *portfolio(const json_t *runs, size_t run)
{
    return json_object_get(json_array_get(runs, run), "portfolio");
}

/* The strategies that every run chose, in the order of the first. */
static json_t *common_to_all(const json_t *runs)
{
    json_t *common = json_array();
    for (size_t k = 0; k < json_array_size(portfolio(runs, 0)); k++) {
        json_t *name = json_array_get(portfolio(runs, 0), k);
        bool all = true;
        for (size_t r = 1; r < json_array_size(runs) && all; r++)
            all = holds(portfolio(runs, r), name);
        if (all && !ho_json_append(&common, json_incref(name))) break;
    }
    return common;
}

/* How many strategies each two runs share. */
static json_t *shared(const json_t *runs)
{
    json_t *rows = json_array();
    for (size_t a = 0; a < json_array_size(runs); a++) {
        json_t *row = json_array();
        for (size_t b = 0; b < json_array_size(runs); b++) {
            json_int_t count = 0;
            for (size_t k = 0; k < json_array_size(portfolio(runs, a)); k++)
                count += holds(portfolio(runs, b), json_array_get(portfolio(runs, a), k));
            if (!ho_json_append(&row, json_integer(count))) break;
        }
        if (!ho_json_append(&rows, row)) break;
    }
    return rows;
}

/* The unit of money and the grouping of digits are those of the first run. */
static ho_status gather(const S *s, json_t **comparison, ho_error *err)
{
    json_t *runs = json_array(), *settings = NULL;
    ho_status status = HO_OK;
    for (size_t i = 0; i < s->runs.count && status == HO_OK; i++) {
        json_t *document = NULL;
        status = ho_report_read(s->runs.items[i], &document, err);
        if (status != HO_OK) break;
        if (i == 0) settings = json_incref(json_object_get(document, "settings"));
        if (!ho_json_append(&runs, run_of(s->runs.items[i], document)))
            status = ho_fail_memory(err, 0, "the comparison");
        json_decref(document);
    }
    if (status != HO_OK) {
        json_decref(runs);
        json_decref(settings);
        return status;
    }
    json_t *common = common_to_all(runs), *pairs = shared(runs);
    *comparison = json_pack("{s:s,s:o,s:o,s:o,s:o}", "version", HO_VERSION, "settings", settings, "common",
                            common, "shared", pairs, "runs", runs);
    return *comparison != NULL ? HO_OK : ho_fail_memory(err, 0, "the comparison");
}

static double number_of(const json_t *run, const char *key)
{
    const json_t *value = json_object_get(run, key);
    if (value == NULL) value = json_object_get(json_object_get(run, "metrics"), key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static void put_row(const json_t *runs, const char *title, const char *key, const char *format, double scale,
                    FILE *file)
{
    fprintf(file, "  %-22s", title);
    for (size_t r = 0; r < json_array_size(runs); r++) {
        char text[32] = "-";
        const double value = number_of(json_array_get(runs, r), key);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        if (!isnan(value)) snprintf(text, sizeof text, format, scale * value);
#pragma GCC diagnostic pop
        fprintf(file, " %14s", text);
    }
    fputc('\n', file);
}

static void put_runs(const json_t *runs, FILE *file)
{
    for (size_t r = 0; r < json_array_size(runs); r++) {
        const json_t *run = json_array_get(runs, r);
        fprintf(file, "%zu  ", r + 1);
        ho_text_put(json_string_value(json_object_get(run, "path")), file);
        const char *input = json_string_value(json_object_get(json_object_get(run, "input"), "path"));
        const char *algorithm = json_string_value(json_object_get(run, "algorithm"));
        fputs(": ", file);
        ho_text_put(input != NULL ? input : "?", file);
        fputs(", by ", file);
        ho_text_put(algorithm != NULL ? algorithm : "?", file);
        fputc('\n', file);
    }
    fprintf(file, "\n  %-22s", "run");
    for (size_t r = 0; r < json_array_size(runs); r++)
        fprintf(file, " %14zu", r + 1);
    fputc('\n', file);
    put_row(runs, "strategies", "size", "%.0f", 1, file);
    put_row(runs, "fitness", "fitness", "%.6g", 1, file);
    put_row(runs, "bound", "bound", "%.6g", 1, file);
    put_row(runs, "total profit", "total_roi", "%.2f", 1, file);
    put_row(runs, "maximum drawdown", "max_drawdown", "%.2f", 1, file);
    put_row(runs, "return over drawdown", "roi_dd_ratio", "%.4g", 1, file);
    put_row(runs, "win rate, %", "win_rate", "%.2f", 100, file);
    put_row(runs, "profit factor", "profit_factor", "%.4g", 1, file);
    put_row(runs, "sharpe", "sharpe", "%.4g", 1, file);
    put_row(runs, "sortino", "sortino", "%.4g", 1, file);
    put_row(runs, "average correlation", "average_correlation", "%.4f", 1, file);
}

static void put_shared(const json_t *comparison, FILE *file)
{
    const json_t *pairs = json_object_get(comparison, "shared"),
                 *common = json_object_get(comparison, "common");
    for (size_t a = 0; a < json_array_size(pairs); a++) {
        fprintf(file, "  shared with run %-6zu", a + 1);
        for (size_t b = 0; b < json_array_size(pairs); b++)
            fprintf(file, " %14lld",
                    (long long)json_integer_value(json_array_get(json_array_get(pairs, a), b)));
        fputc('\n', file);
    }
    fprintf(file, "\nIn every portfolio: %zu strategies\n", json_array_size(common));
    for (size_t k = 0; k < json_array_size(common); k++) {
        fputs("  ", file);
        ho_text_put(json_string_value(json_array_get(common, k)), file);
        fputc('\n', file);
    }
}

static ho_status say(json_t *comparison, const ho_strings *made, const char *folder, ho_outcome *outcome,
                     ho_error *err)
{
    ho_outcome said = {0};
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    put_runs(json_object_get(comparison, "runs"), t.file);
    put_shared(comparison, t.file);
    for (size_t i = 0; i < made->count; i++) {
        fputs("\nChart: ", t.file);
        ho_text_put(folder, t.file);
        fprintf(t.file, "/%s\n", made->items[i]);
    }
    ho_status status = ho_text_end(&t, &said.summary, err);
    if (status == HO_OK) status = ho_json_finish(json_incref(comparison), &said.json, err);
    return ho_hand_over(status, &said, outcome);
}

/* A chart of a document that is nothing but runs. */
static ho_status draw(const S *s, json_t *comparison, const ho_hooks *hooks, ho_strings *made, ho_error *err)
{
    const ho_report_settings files = {.report = (char[]){"charts"},
                                      .chart_format = s->chart_format,
                                      .plots = s->plots,
                                      .chart_time = s->chart_time};
    ho_report_choice choice;
    ho_strings notes = {0};
    size_t folders = 0;
    HO_TRY(ho_report_files_choose(&files, &choice, err));
    const int failed = ho_folders_make(s->output, 0777, &folders);
    if (failed != 0) return ho_fail(err, HO_ERR_IO, "%.700s: %s", s->output, strerror(failed));
    ho_status status = ho_report_renew(comparison, &choice, s->output, &notes, made, err);
    for (size_t i = 0; i < notes.count && status == HO_OK; i++)
        ho_warn(hooks, notes.items[i]);
    ho_strings_clear(&notes);
    return status;
}

static ho_status run(const void *settings, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    const S *s = settings;
    json_t *comparison = NULL;
    ho_strings made = {0};
    if (s->runs.count < 2) return ho_fail(err, HO_ERR_USAGE, "compare: two runs at least are needed");
    HO_TRY(gather(s, &comparison, err));
    const bool wants_chart = s->output != NULL && *s->output != '\0';
    ho_status status = wants_chart ? draw(s, comparison, hooks, &made, err) : HO_OK;
    if (status == HO_OK) status = say(comparison, &made, s->output, outcome, err);
    ho_strings_clear(&made);
    json_decref(comparison);
    return status;
}

extern const ho_command ho_command_compare;
const ho_command ho_command_compare = {
    .name = "compare",
    .sentence = "sets runs side by side: measures, shared strategies, equity",
    .positional = {"runs"},
    .required = {"runs"},
    .options = {options, sizeof options / sizeof *options},
    .settings_size = sizeof(S),
    .run = run,
};
