/* `heavyopt convert`: a table becomes the folder of a store. */
#include "base/clock.h"
#include "base/error.h"
#include "report/json.h"
#include "run/input.h"
#include "store/store_options.h"

#include <stdio.h>

typedef struct convert_settings {
    ho_input_settings in;
    char *output;
    ho_store_options store;
} convert_settings;

typedef convert_settings S;

/* clang-format off */
static const ho_option options[] = {
    {"output", 'o', "DIR", "The store's folder; a store that is there is replaced.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, output)},
    HO_STORE_OPTION_ROWS(S, store.),
    HO_TABLE_OPTION_ROWS(S, in.),
};
/* clang-format on */

static ho_status tell(const S *s, const ho_input *input, double written, ho_outcome *outcome, ho_error *err)
{
    const ho_load_report *r = &input->report;
    json_t *root =
        json_pack("{s:s,s:o,s:o,s:I,s:I,s:I,s:o,s:{s:f,s:f}}", "version", HO_VERSION, "input",
                  ho_json_text(s->in.input), "output", ho_json_text(s->output), "rows", (json_int_t)r->rows,
                  "dates", (json_int_t)r->dates, "strategies", (json_int_t)r->strategies, "hash",
                  ho_json_text(r->hash), "timings", "read", input->seconds, "write", written);
    if (root == NULL) return ho_fail_memory(err, 0, "the JSON document");
    HO_TRY(ho_json_finish(root, &outcome->json, err));
    if (asprintf(&outcome->summary, "%s: %lld rows of %lld strategies, read in %.3f s, written in %.3f s\n",
                 s->output, (long long)r->rows, (long long)r->strategies, input->seconds, written) < 0) {
        outcome->summary = NULL;
        return ho_fail_memory(err, 0, "the summary");
    }
    return HO_OK;
}

static ho_status run(const void *settings, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    const S *s = settings;
    ho_input input = {0};
    ho_outcome made = {0};
    ho_status status = ho_input_read_rows(&s->in, hooks, &input, err);
    double begun = ho_clock_seconds();
    if (status == HO_OK) status = ho_store_write(s->output, input.panel, &input.report, &s->store, err);
    if (status == HO_OK) status = tell(s, &input, ho_clock_seconds() - begun, &made, err);
    ho_input_clear(&input);
    return ho_hand_over(status, &made, outcome);
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
