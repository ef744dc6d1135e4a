/* `heavyopt convert`: a table becomes the folder of a store, or one wide file. */
#include "base/clock.h"
#include "base/error.h"
#include "base/strings.h"
#include "report/json.h"
#include "run/input.h"
#include "store/csv_aside.h"
#include "store/store_options.h"

#include <stdio.h>

typedef struct convert_settings {
    ho_input_settings in;
    char *output;
    bool append;
    char *overlap; /* "same", "keep" or "replace" */
    ho_store_options store;
} convert_settings;

typedef convert_settings S;

/* clang-format off */
static const ho_option convert_options[] = {
    {"output", 'o', "DIR", "The store's folder, or one wide file: NAME.parquet, .arrow or .csv. What is there is replaced.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, output)},
    {"append", 0, NULL, "Add the table's rows to the store that is there, new strategies too.",
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, append)},
    {"overlap", 0, "WHAT",
     "With --append, of a cell that both have: they must be the same, or keep the store's, or replace it.",
     HO_OPTION_CHOICE, 0, 0, "same", "same|keep|replace", offsetof(S, overlap)},
    HO_STORE_OPTION_ROWS(S, store.),
    HO_TABLE_OPTION_ROWS(S, in.),
};
/* clang-format on */

static json_t *appended_json(const ho_appended *done)
{
    return json_pack("{s:I,s:I,s:I,s:I,s:I}", "rows", (json_int_t)done->rows, "rows_met",
                     (json_int_t)done->rows_met, "strategies", (json_int_t)done->strategies,
                     "strategies_gone", (json_int_t)done->strategies_gone, "cells_replaced",
                     (json_int_t)done->cells_replaced);
}

static void put_appended(FILE *file, const ho_appended *done)
{
    fprintf(file,
            "  appended       %lld new rows, %lld that were there; %lld new strategies, %lld without a row\n",
            (long long)done->rows, (long long)done->rows_met, (long long)done->strategies,
            (long long)done->strategies_gone);
    if (done->cells_replaced != 0)
        fprintf(file, "  replaced       %lld cells\n", (long long)done->cells_replaced);
}

static ho_status tell(const S *s, const ho_input *input, const ho_appended *done, double written,
                      ho_outcome *outcome, ho_error *err)
{
    const ho_load_report *r = &input->report;
    json_t *root =
        json_pack("{s:s,s:o,s:o,s:I,s:I,s:I,s:o,s:{s:f,s:f}}", "version", HO_VERSION, "input",
                  ho_json_text(s->in.input), "output", ho_json_text(s->output), "rows", (json_int_t)r->rows,
                  "dates", (json_int_t)r->dates, "strategies", (json_int_t)r->strategies, "hash",
                  ho_json_text(r->hash), "timings", "read", input->seconds, "write", written);
    if (root != NULL && s->append) json_object_set_new(root, "appended", appended_json(done));
    if (root == NULL) return ho_fail_memory(err, 0, "the JSON document");
    HO_TRY(ho_json_finish(root, &outcome->json, err));
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    ho_text_put(s->output, t.file);
    fprintf(t.file, ": %lld rows of %lld strategies, read in %.3f s, written in %.3f s\n", (long long)r->rows,
            (long long)r->strategies, input->seconds, written);
    if (s->append) put_appended(t.file, done);
    return ho_text_end(&t, &outcome->summary, err);
}

/* A name that ends like a file's is one wide file. */
static ho_status export_file(const S *s, const ho_panel *panel, ho_error *err)
{
    ho_export_options options = {0};
    HO_TRY(ho_options_defaults(ho_export_option_table(), &options, err));
    ho_status status =
        ho_options_set(ho_export_option_table(), &options, "compression", s->store.compression, err);
    if (status == HO_OK) status = ho_table_export(s->output, panel, &options, err);
    ho_options_clear(ho_export_option_table(), &options);
    return status;
}

static ho_status run(const void *settings, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    const S *s = settings;
    ho_input input = {0};
    ho_outcome made = {0};
    ho_appended done = {0};
    bool written = false;
    const bool store = !s->append && !ho_export_knows(s->output);
    double begun = ho_clock_seconds();
    ho_status status = HO_OK;
    if (store)
        status = ho_csv_store_aside(s->in.input, &s->in.load, ho_threads(s->in.threads), s->output, &s->store,
                                    &input.report, &written, err);
    if (status == HO_OK && written) {
        input.seconds = input.report.seconds;
        begun += input.seconds;
        ho_input_warn(&input, hooks);
    } else if (status == HO_OK) {
        status = ho_input_read_rows(&s->in, hooks, &input, err);
        begun = ho_clock_seconds();
    }
    if (status == HO_OK && s->append && ho_export_knows(s->output))
        status = ho_fail(err, HO_ERR_USAGE, "%s: only a store can be appended to, and this names a file",
                         s->output);
    else if (status == HO_OK && s->append)
        status = ho_store_append(s->output, input.panel, &input.report, s->overlap, &s->store, input.threads,
                                 &done, err);
    else if (status == HO_OK && ho_export_knows(s->output))
        status = export_file(s, input.panel, err);
    else if (status == HO_OK && !written)
        status = ho_store_write(s->output, input.panel, &input.report, &s->store, err);
    if (status == HO_OK) status = tell(s, &input, &done, ho_clock_seconds() - begun, &made, err);
    ho_input_clear(&input);
    return ho_hand_over(status, &made, outcome);
}

extern const ho_command ho_command_convert;
const ho_command ho_command_convert = {
    .name = "convert",
    .sentence = "keeps a table as a Parquet store, which reads in a fraction of the time",
    .positional = {"input", "output"},
    .required = {"input", "output"},
    .options = {convert_options, sizeof convert_options / sizeof *convert_options},
    .settings_size = sizeof(S),
    .run = run,
};
