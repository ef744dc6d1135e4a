/* `heavyopt metrics`: the measures with their definitions, and what each convention takes in place of which; of a table,
 * every measure of every single strategy. */
#include "base/clock.h"
#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "bridge/cudf/load.h"
#include "report/csv.h"
#include "report/json.h"
#include "run/engine.h"
#include "run/goal.h"
#include "run/strategies.h"
#include "run/whole_file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct metrics_settings {
    ho_input_settings in;
    ho_engine_settings engine;
    char *convention, *output, *benchmark;
    double capital, risk_free_rate, minimum_acceptable_return;
    int64_t periods_per_year;
} metrics_settings;

typedef metrics_settings S;

/* clang-format off */
static const ho_option options[] = {
    {"output", 'o', "FILE", "Where the measures of a table's strategies go, as CSV; else they are printed.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, output)},
    {"capital", 0, "RUPEES", "Capital, for ratios with a risk-free rate; 0: that of the table, where it tells one.",
     HO_OPTION_REAL, 0, 1e15, "0", NULL, offsetof(S, capital)},
    HO_MEASURE_OPTION_ROWS(S, ),
    HO_CONVENTION_OPTION_ROW(S, convention),
    HO_ENGINE_OPTION_ROWS(S, engine.),
    HO_INPUT_OPTION_ROWS(S, in.),
};
/* clang-format on */

static const char *key_of(int metric)
{
    return ho_metric_at((size_t)metric)->key;
}

static ho_status list_json(ho_convention convention, char **text, ho_error *err)
{
    json_t *root = json_object(), *list = json_array();
    int failed = json_object_set(root, "metrics", list);
    for (int i = 0; i < (int)ho_metric_count(); i++) {
        const ho_metric *m = ho_metric_at((size_t)i);
        failed |=
            json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "key", m->key, "name", m->name,
                                                  "unit", m->unit, "formula", m->formula, "source", m->source,
                                                  "stands", key_of(ho_metric_in(convention, i))));
    }
    json_decref(list);
    if (failed != 0) {
        json_decref(root);
        return ho_fail_memory(err, 0, "the JSON document");
    }
    return ho_json_finish(root, text, err);
}

static ho_status list_summary(ho_convention convention, char **text, ho_error *err)
{
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    for (int i = 0; i < (int)ho_metric_count(); i++) {
        const ho_metric *m = ho_metric_at((size_t)i);
        const int stands = ho_metric_in(convention, i);
        fprintf(t.file, "%s: %s, %s\n    %s\n    source: %s\n", m->key, m->name, m->unit, m->formula,
                m->source);
        if (stands != i) fprintf(t.file, "    in this convention: %s\n", key_of(stands));
    }
    fputs("\nr: profit and loss of a period, T periods, P of them a year; G and B: sums of the wins and of "
          "the losses;\n"
          "sd0, sd1: standard deviation over T and T - 1; rf: risk-free rate a year; C: capital; DD: depth "
          "below the\n"
          "highest equity, from zero; DD1: the same from the first period's equity. More: docs/METRICS.md\n",
          t.file);
    return ho_text_end(&t, text, err);
}

/* Every measure of every strategy, then the profit by weekday. */
typedef struct whole {
    ho_device *device; /* NULL: the processor does the work */
    ho_device_numbers numbers;
    ho_input input;
    double *benchmark;
    double *values; /* strategies x (measures + weekdays) */
    size_t columns, weekdays;
    int days[HO_WEEKDAYS];
    double seconds;
} whole;

static ho_status measure(const S *s, const ho_hooks *hooks, whole *w, ho_error *err)
{
    const size_t measures = ho_metric_count();
    HO_TRY(ho_engine_open(&s->engine, hooks, &w->device, err));
    HO_TRY(ho_input_read(&s->in, hooks, &w->input, err));
    HO_TRY(ho_engine_hold(w->device, ho_input_is_store(&w->input) ? s->in.input : NULL, w->input.panel,
                          &w->numbers, err));
    const ho_panel *panel = w->input.panel;
    const size_t n = ho_panel_strategies(panel);
    if (s->benchmark != NULL) HO_TRY(ho_goal_benchmark(s->benchmark, panel, &w->benchmark, err));
    const double start = ho_clock_seconds();
    const ho_metric_settings settings = {.periods_per_year = (double)s->periods_per_year,
                                         .risk_free_rate = s->risk_free_rate,
                                         .capital = ho_goal_capital(s->capital, panel),
                                         .minimum_acceptable_return = s->minimum_acceptable_return,
                                         .benchmark = w->benchmark};
    w->weekdays = ho_weekdays_of(panel, w->days);
    w->columns = measures + w->weekdays;
    w->values = ho_new_array(n, w->columns * sizeof *w->values);
    int *metrics = HO_NEW(int, measures);
    if (w->values == NULL || metrics == NULL) {
        free(metrics);
        return ho_fail_memory(err, n * w->columns * sizeof *w->values, "the strategies' measures");
    }
    for (int i = 0; i < (int)measures; i++)
        metrics[i] = ho_metric_in(ho_convention_of(s->convention), i);
    ho_status status =
        ho_measure_each(panel, &settings, metrics, measures, w->input.threads, w->values, w->columns, err);
    free(metrics);
    ho_engine_check(w->device, hooks);
    if (status != HO_OK) return status;
    ho_weekday_totals(panel, w->days, w->weekdays, w->input.threads, w->values + measures, w->columns);
    w->seconds = ho_clock_seconds() - start;
    return HO_OK;
}

static void put_csv(const void *what, FILE *file)
{
    const whole *w = what;
    fputs("Strategy", file);
    for (size_t i = 0; i < ho_metric_count(); i++)
        fprintf(file, ",%s", ho_metric_at(i)->key);
    for (size_t i = 0; i < w->weekdays; i++)
        fprintf(file, ",%s", ho_weekday_name(w->days[i]));
    fputc('\n', file);
    for (size_t j = 0; j < ho_panel_strategies(w->input.panel); j++) {
        ho_csv_text(file, ho_panel_name(w->input.panel, j));
        for (size_t i = 0; i < w->columns; i++) {
            fputc(',', file);
            ho_csv_number(file, w->values[j * w->columns + i]);
        }
        fputc('\n', file);
    }
}

/* Without a file the numbers are in the document: a list a measure, in the order of the names. */
static ho_status whole_json(const S *s, const whole *w, char **text, ho_error *err)
{
    const ho_option_table table = {options, sizeof options / sizeof *options};
    const size_t n = ho_panel_strategies(w->input.panel);
    json_t *names = json_array(), *values = json_object();
    for (size_t j = 0; j < n && s->output == NULL; j++) {
        if (!ho_json_append(&names, ho_json_text(ho_panel_name(w->input.panel, j)))) break;
    }
    for (size_t i = 0; i < w->columns && s->output == NULL; i++) {
        json_t *column = json_array();
        for (size_t j = 0; j < n; j++) {
            if (!ho_json_append(&column, ho_json_number(w->values[j * w->columns + i]))) break;
        }
        const size_t measures = ho_metric_count();
        json_object_set_new(
            values, i < measures ? ho_metric_at(i)->key : ho_weekday_name(w->days[i - measures]), column);
    }
    json_t *root = json_pack("{s:s,s:s,s:o,s:o,s:o,s:o,s:o,s:{s:f}}", "version", HO_VERSION, "engine",
                             w->device != NULL ? w->device->about.name : "cpu", "input",
                             ho_json_input(w->input.panel, s->in.input, w->input.report.hash), "settings",
                             ho_json_settings(table, s), "output", ho_json_text(s->output), "strategies",
                             names, "values", values, "timings", "measure", w->seconds);
    if (root == NULL) return ho_fail_memory(err, 0, "the JSON document");
    return ho_json_finish(root, text, err);
}

static ho_status whole_summary(const S *s, const whole *w, char **text, ho_error *err)
{
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    if (s->output == NULL)
        put_csv(w, t.file);
    else
        fprintf(t.file, "%s: %zu measures of each of %zu strategies, in %.3f s\n", s->output, w->columns,
                ho_panel_strategies(w->input.panel), w->seconds);
    return ho_text_end(&t, text, err);
}

static ho_status run_table(const S *s, const ho_hooks *hooks, ho_outcome *made, ho_error *err)
{
    whole w = {0};
    ho_status status = measure(s, hooks, &w, err);
    ho_cache_writer *writer = status == HO_OK ? ho_cache_writer_start(&s->in, &w.input) : NULL;
    if (status == HO_OK && s->output != NULL) status = ho_whole_file_write(s->output, put_csv, &w, err);
    if (status == HO_OK) status = whole_json(s, &w, &made->json, err);
    if (status == HO_OK) status = whole_summary(s, &w, &made->summary, err);
    ho_cache_writer_end(&writer, hooks);
    free(w.values);
    free(w.benchmark);
    ho_device_numbers_drop(&w.numbers);
    ho_device_close(&w.device);
    ho_input_clear(&w.input);
    return status;
}

static ho_status run(const void *settings, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    const S *s = settings;
    const ho_convention convention = ho_convention_of(s->convention);
    ho_outcome made = {0};
    if (s->in.input != NULL) return ho_hand_over(run_table(s, hooks, &made, err), &made, outcome);
    if (s->output != NULL)
        return ho_fail(err, HO_ERR_USAGE, "--output is for the measures of a table: metrics FILE -o %.300s",
                       s->output);
    ho_status status = list_json(convention, &made.json, err);
    if (status == HO_OK) status = list_summary(convention, &made.summary, err);
    return ho_hand_over(status, &made, outcome);
}

extern const ho_command ho_command_metrics;
const ho_command ho_command_metrics = {
    .name = "metrics",
    .sentence = "lists the measures with their definitions, or every measure of a table's strategies",
    .positional = {"input"},
    .options = {options, sizeof options / sizeof *options},
    .settings_size = sizeof(S),
    .run = run,
};
