/* `heavyopt convert`: a table becomes the folder of a store. */
#include "base/clock.h"
#include "base/error.h"
#include "panel/panel.h"
#include "report/json.h"
#include "run/input.h"
#include "store/store_options.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct convert_settings {
    char *input, *output;
    int64_t threads;
    ho_load_options load;
    ho_store_options store;
} convert_settings;

typedef convert_settings S;

/* clang-format off */
static const ho_option options[] = {
    {"input", 'i', "FILE", "The table: a CSV file, or the folder of a store.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, input)},
    {"output", 'o', "DIR", "The store's folder; a store that is there is replaced.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, output)},
    {"threads", 't', "N", "Threads; 0: one a processor.",
     HO_OPTION_INT, 0, 1024, "0", NULL, offsetof(S, threads)},
    HO_STORE_OPTION_ROWS(S, store.),
    HO_LOAD_OPTION_ROWS(S, load.),
};
/* clang-format on */

static ho_status tell(const S *s, const ho_load_report *r, double read, double written, ho_outcome *outcome,
                      ho_error *err)
{
    json_t *root =
        json_pack("{s:s,s:o,s:o,s:I,s:I,s:I,s:o,s:{s:f,s:f}}", "version", HO_VERSION, "input",
                  ho_json_text(s->input), "output", ho_json_text(s->output), "rows", (json_int_t)r->rows,
                  "dates", (json_int_t)r->dates, "strategies", (json_int_t)r->strategies, "hash",
                  ho_json_text(r->hash), "timings", "read", read, "write", written);
    if (root == NULL) return ho_fail_memory(err, 0, "the JSON document");
    HO_TRY(ho_json_finish(root, &outcome->json, err));
    if (asprintf(&outcome->summary, "%s: %lld rows of %lld strategies, read in %.3f s, written in %.3f s\n",
                 s->output, (long long)r->rows, (long long)r->strategies, read, written) < 0) {
        outcome->summary = NULL;
        return ho_fail_memory(err, 0, "the summary");
    }
    return HO_OK;
}

static ho_status run(const void *settings, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    const S *s = settings;
    ho_panel *panel = NULL;
    ho_load_report report = {0};
    ho_outcome made = {0};
    double start = ho_clock_seconds();
    ho_status status = ho_table_read(s->input, &s->load, ho_threads(s->threads), &panel, &report, err);
    for (size_t i = 0; status == HO_OK && i < report.warnings.count; i++)
        ho_warn(hooks, report.warnings.items[i]);
    double read = ho_clock_seconds() - start;
    if (status == HO_OK) status = ho_store_write(s->output, panel, &report, &s->store, err);
    if (status == HO_OK) status = tell(s, &report, read, ho_clock_seconds() - start - read, &made, err);
    ho_panel_free(&panel);
    ho_load_report_clear(&report);
    if (status == HO_OK)
        *outcome = made;
    else
        ho_outcome_clear(&made);
    return status;
}

extern const ho_command ho_command_convert;
const ho_command ho_command_convert = {
    .name = "convert",
    .sentence = "keeps a table as a Parquet store, which reads in a fraction of the time",
    .positional = {"input", "output"},
    .required = {"input", "output"},
    .options = {options, sizeof options / sizeof *options},
    .settings_size = sizeof(S),
    .run = run,
};
