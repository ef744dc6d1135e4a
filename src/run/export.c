/* `heavyopt export`: a table becomes one file for other programs. */
#include "base/clock.h"
#include "base/error.h"
#include "base/strings.h"
#include "report/json.h"
#include "run/input.h"
#include "store/export_options.h"

#include <stdio.h>

typedef struct export_settings {
    ho_input_settings in;
    char *output;
    ho_export_options export;
} export_settings;

typedef export_settings S;

/* clang-format off */
static const ho_option options[] = {
    {"output", 'o', "FILE", "The file to write; one that is there is replaced.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, output)},
    HO_EXPORT_OPTION_ROWS(S, export.),
    HO_TABLE_OPTION_ROWS(S, in.),
};
/* clang-format on */

static ho_status tell(const S *s, const ho_input *input, double written, ho_outcome *outcome, ho_error *err)
{
    const ho_load_report *r = &input->report;
    json_t *root = json_pack("{s:s,s:o,s:o,s:s,s:I,s:I,s:{s:f,s:f}}", "version", HO_VERSION, "input",
                             ho_json_text(s->in.input), "output", ho_json_text(s->output), "layout",
                             s->export.layout, "rows", (json_int_t)r->rows, "strategies",
                             (json_int_t)r->strategies, "timings", "read", input->seconds, "write", written);
    if (root == NULL) return ho_fail_memory(err, 0, "the JSON document");
    HO_TRY(ho_json_finish(root, &outcome->json, err));
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    ho_text_put(s->output, t.file);
    fprintf(t.file, ": %lld rows of %lld strategies, read in %.3f s, written in %.3f s\n", (long long)r->rows,
            (long long)r->strategies, input->seconds, written);
    return ho_text_end(&t, &outcome->summary, err);
}

static ho_status run(const void *settings, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    const S *s = settings;
    ho_input input = {0};
    ho_outcome made = {0};
    ho_status status = ho_input_read_rows(&s->in, hooks, &input, err);
    double begun = ho_clock_seconds();
    if (status == HO_OK) status = ho_table_export(s->output, input.panel, &s->export, err);
    if (status == HO_OK) status = tell(s, &input, ho_clock_seconds() - begun, &made, err);
    ho_input_clear(&input);
    return ho_hand_over(status, &made, outcome);
}

extern const ho_command ho_command_export;
const ho_command ho_command_export = {
    .name = "export",
    .sentence = "writes a table as one file for other programs: Parquet, CSV or Arrow, wide or tall",
    .positional = {"input", "output"},
    .required = {"input", "output"},
    .options = {options, sizeof options / sizeof *options},
    .settings_size = sizeof(S),
    .run = run,
};
