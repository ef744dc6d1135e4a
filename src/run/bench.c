/* Makes or takes the data, measures the rows, tells them as one table and as JSON. No row asserts a time. */
#include "run/bench.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/strings.h"
#include "panel/panel.h"
#include "report/json.h"
#include "run/generate.h"
#include "run/hooks.h"
#include "run/input.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIELD(name) offsetof(ho_bench_settings, name)

static const ho_option options[] = {
    {"strategies", 'n', "N", "Columns of the generated table.", HO_OPTION_INT, 3, 2e6, "25544", NULL,
     FIELD(strategies)},
    {"days", 'd', "T", "Rows of the generated table.", HO_OPTION_INT, 2, 1e5, "82", NULL, FIELD(days)},
    {"seed", 0, "S", "Seed of the table and of the sets that are scored.", HO_OPTION_INT, 0, 9007199254740992,
     "42", NULL, FIELD(seed)},
    {"portfolio-size", 'p', "K", "Strategies of a set.", HO_OPTION_INT, 2, 1e4, "35", NULL,
     FIELD(portfolio_size)},
    {"repeat", 'r', "R", "Samples of each row.", HO_OPTION_INT, 1, 1000, "5", NULL, FIELD(repeat)},
    {"threads", 't', "N", "Threads; 0: one a processor.", HO_OPTION_INT, 0, 1024, "0", NULL, FIELD(threads)},
    {"input", 'i', "FILE", "Measure this table in place of a generated one.", HO_OPTION_TEXT, 0, 0, NULL,
     NULL, FIELD(input)},
    {"folder", 'o', "DIR", "Keep table, store and files there; without it they are temporary.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, FIELD(folder)},
    {"large", 0, NULL, "Measure a table of 100,000 strategies too.", HO_OPTION_BOOL, 0, 0, "false", NULL,
     FIELD(large)},
    {"row", 0, "KEY", "Measure this row; without it all.", HO_OPTION_LIST, 0, 0, NULL, NULL, FIELD(rows)},
};

static ho_status make_folder(const char *wanted, char *out, size_t size, ho_error *err)
{
    if (wanted != NULL) {
        if (strlen(wanted) >= size)
            return ho_fail(err, HO_ERR_USAGE, "--folder: a path of %zu bytes is too long", strlen(wanted));
        if (mkdir(wanted, 0777) != 0 && errno != EEXIST)
            return ho_fail(err, HO_ERR_IO, "%s: %s", wanted, strerror(errno));
        snprintf(out, size, "%s", wanted);
        return HO_OK;
    }
    const char *place = getenv("TMPDIR");
    snprintf(out, size, "%s/heavyopt-bench-XXXXXX", place != NULL && *place != '\0' ? place : "/tmp");
    if (mkdtemp(out) == NULL) return ho_fail(err, HO_ERR_IO, "%s: %s", out, strerror(errno));
    return HO_OK;
}

static ho_status prepare(ho_bench *b, const char *folder, bool *interrupted, ho_error *err)
{
    const ho_bench_settings *s = b->settings;
    HO_TRY(ho_options_defaults(ho_load_option_table(), &b->load, err));
    HO_TRY(ho_options_defaults(ho_store_option_table(), &b->layout, err));
    snprintf(b->store, sizeof b->store, "%s/store", folder);
    snprintf(b->run, sizeof b->run, "%s/run", folder);
    if (s->input != NULL && strlen(s->input) >= sizeof b->csv)
        return ho_fail(err, HO_ERR_USAGE, "--input: a path of %zu bytes is too long", strlen(s->input));
    snprintf(b->csv, sizeof b->csv, "%s%s", s->input != NULL ? s->input : folder,
             s->input != NULL ? "" : "/strategies.csv");
    if (s->input != NULL) return HO_OK;
    char date[] = "2024-01-01";
    const ho_generate_settings table = {.strategies = s->strategies,
                                        .days = s->days,
                                        .seed = s->seed,
                                        .threads = s->threads,
                                        .output = b->csv,
                                        .start_date = date};
    int64_t bytes = 0;
    return ho_generate(&table, b->hooks, &bytes, interrupted, err);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* A row's samples as JSON; `samples` comes back sorted. */
static json_t *row_json(const ho_bench_row *row, double *samples, size_t count)
{
    json_t *all = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(all, json_real(samples[i]));
    qsort(samples, count, sizeof *samples, by_size);
    double median = 0.5 * (samples[(count - 1) / 2] + samples[count / 2]);
    return json_pack("{s:s,s:s,s:s,s:f,s:f,s:o}", "key", row->key, "name", row->name, "unit", row->unit,
                     "best", samples[row->more_is_better ? count - 1 : 0], "median", median, "samples", all);
}

static bool wanted(const ho_bench_settings *s, const ho_bench_row *row)
{
    return s->rows.count == 0 || ho_strings_has(&s->rows, row->key);
}

/* One row, `repeat` samples. Rows that this build lacks are told with their reason. */
static ho_status measure_row(ho_bench *b, const ho_bench_row *row, json_t *out, ho_error *err)
{
    size_t count = 0, repeat = (size_t)b->settings->repeat;
    double *samples = HO_NEW(double, repeat);
    if (samples == NULL) return ho_fail_memory(err, repeat * sizeof *samples, "samples");
    ho_error why = {""};
    ho_status status = HO_OK;
    for (; status == HO_OK && count < repeat && !ho_cancelled(b->hooks); count += status == HO_OK)
        status = row->measure(b, &samples[count], &why);
    json_t *told = NULL;
    if (status == HO_OK && count != 0 && !ho_cancelled(b->hooks))
        told = row_json(row, samples, count);
    else if (status == HO_ERR_UNAVAILABLE)
        told = json_pack("{s:s,s:s,s:s,s:n,s:n,s:s}", "key", row->key, "name", row->name, "unit", row->unit,
                         "best", "median", "note", why.text);
    free(samples);
    if (told != NULL) return json_array_append_new(out, told) == 0 ? HO_OK : ho_fail_memory(err, 0, "a row");
    if (status != HO_OK && status != HO_ERR_UNAVAILABLE) return ho_fail(err, status, "bench: %s", why.text);
    return HO_OK;
}

static ho_status measure_rows(ho_bench *b, json_t *out, ho_error *err)
{
    for (size_t i = 0; i < ho_bench_row_count() && !ho_cancelled(b->hooks); i++) {
        const ho_bench_row *row = ho_bench_row_at(i);
        if (!wanted(b->settings, row)) continue;
        ho_tell(b->hooks, row->name, (double)i / (double)ho_bench_row_count(), NAN);
        HO_TRY(measure_row(b, row, out, err));
    }
    return HO_OK;
}

static ho_status check_rows(const ho_bench_settings *s, ho_error *err)
{
    for (size_t r = 0; r < s->rows.count; r++) {
        bool known = false;
        for (size_t i = 0; i < ho_bench_row_count() && !known; i++)
            known = strcmp(s->rows.items[r], ho_bench_row_at(i)->key) == 0;
        if (known) continue;
        char names[512] = "";
        for (size_t i = 0, used = 0; i < ho_bench_row_count() && used < sizeof names; i++)
            used += (size_t)snprintf(names + used, sizeof names - used, " %s", ho_bench_row_at(i)->key);
        return ho_fail(err, HO_ERR_USAGE, "--row %.100s: expected one of%s", s->rows.items[r], names);
    }
    return HO_OK;
}

static json_t *document(const ho_bench *b, const ho_machine *m, json_t *rows)
{
    const ho_bench_settings *s = b->settings;
    json_int_t strategies = b->rows != NULL ? (json_int_t)ho_panel_strategies(b->rows) : 0;
    json_int_t periods = b->rows != NULL ? (json_int_t)ho_panel_periods(b->rows) : 0;
    json_t *machine =
        json_pack("{s:s,s:i,s:I,s:s,s:s}", "processor", m->processor, "cores", m->cores, "memory_bytes",
                  (json_int_t)m->memory, "compiler", m->compiler, "kernels", m->kernels);
    json_t *settings = json_pack("{s:I,s:i,s:I,s:I}", "repeat", (json_int_t)s->repeat, "threads", b->threads,
                                 "seed", (json_int_t)s->seed, "portfolio_size", (json_int_t)b->size);
    json_t *input = json_pack("{s:s,s:I,s:I,s:I}", "path", b->csv, "strategies", strategies, "periods",
                              periods, "bytes", (json_int_t)b->report.source_bytes);
    return json_pack("{s:s,s:o,s:o,s:o,s:O,s:o,s:I}", "version", HO_VERSION, "machine", machine, "settings",
                     settings, "input", input, "rows", rows, "best_fitness",
                     isfinite(b->fitness) ? json_real(b->fitness) : json_null(), "peak_memory_bytes",
                     (json_int_t)ho_peak_memory());
}

static void print_table(FILE *out, const ho_bench *b, const ho_machine *m, const json_t *rows)
{
    fprintf(out, "%s, %d cores, %.0f GiB; %s; kernels %s; heavyopt %s\n", m->processor, m->cores,
            (double)m->memory / 0x1p30, m->compiler, m->kernels, HO_VERSION);
    if (b->rows != NULL)
        fprintf(out,
                "%zu strategies x %zu periods, %.1f MB, portfolios of %zu, %d threads, %lld samples a row\n",
                ho_panel_strategies(b->rows), ho_panel_periods(b->rows), (double)b->report.source_bytes / 1e6,
                b->size, b->threads, (long long)b->settings->repeat);
    fprintf(out, "\n%-44s %10s %10s\n", "", "best", "median");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i), *note = json_object_get(row, "note");
        fprintf(out, "%-44s ", json_string_value(json_object_get(row, "name")));
        if (note != NULL)
            fprintf(out, "%s\n", json_string_value(note));
        else
            fprintf(out, "%10.4g %10.4g %s\n", json_number_value(json_object_get(row, "best")),
                    json_number_value(json_object_get(row, "median")),
                    json_string_value(json_object_get(row, "unit")));
    }
    fprintf(out, "\npeak memory of all this %.0f MB\n", (double)ho_peak_memory() / 1e6);
}

static ho_status tell(const ho_bench *b, const ho_machine *m, json_t *rows, ho_outcome *outcome,
                      ho_error *err)
{
    ho_outcome made = {.interrupted = ho_cancelled(b->hooks)};
    ho_text words;
    json_t *doc = document(b, m, rows);
    ho_status status =
        doc != NULL ? ho_json_finish(doc, &made.json, err) : ho_fail_memory(err, 0, "the document");
    if (status == HO_OK) status = ho_text_begin(&words, err);
    if (status == HO_OK) {
        print_table(words.file, b, m, rows);
        status = ho_text_end(&words, &made.summary, err);
    }
    return ho_hand_over(status, &made, outcome);
}

static void clear_bench(ho_bench *b)
{
    ho_portfolio_objective_free(&b->objective);
    if (b->days != b->rows) ho_panel_free(&b->days);
    ho_panel_free(&b->rows);
    ho_load_report_clear(&b->report);
    ho_options_clear(ho_load_option_table(), &b->load);
    ho_options_clear(ho_store_option_table(), &b->layout);
}

static ho_status run(const void *settings, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    const ho_bench_settings *s = settings;
    ho_machine machine;
    char folder[900];
    HO_TRY(check_rows(s, err));
    HO_TRY(ho_machine_look(&machine, err));
    HO_TRY(make_folder(s->folder, folder, sizeof folder, err));
    ho_bench b = {.settings = s, .hooks = hooks, .threads = ho_threads(s->threads), .fitness = NAN};
    json_t *rows = json_array();
    bool interrupted = false;
    ho_status status = rows != NULL ? prepare(&b, folder, &interrupted, err) : ho_fail_memory(err, 0, "rows");
    if (status == HO_OK && !interrupted) status = ho_bench_panel(&b, err);
    if (status == HO_OK && !interrupted) status = measure_rows(&b, rows, err);
    if (status == HO_OK) status = tell(&b, &machine, rows, outcome, err);
    json_decref(rows);
    clear_bench(&b);
    if (s->folder == NULL) ho_folder_remove(folder);
    return status;
}

const ho_command ho_command_bench = {
    .name = "bench",
    .sentence = "measures on this machine what a run consists of",
    .positional = {"input"},
    .options = {options, sizeof options / sizeof *options},
    .settings_size = sizeof(ho_bench_settings),
    .run = run,
    .more = "Rows: csv_to_matrix, store_written, store_to_matrix, correlation, measures, swaps, swaps_ratio, "
            "swaps_counted, swaps_one_thread, sets, sets_one_thread, polish, optimize, optimize_large. Files "
            "are read from "
            "a warm page cache. bench/compare.py runs other programs "
            "beside it.",
    .multiplies = true,
};
