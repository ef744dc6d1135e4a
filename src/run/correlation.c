/* `heavyopt correlation`: how all strategies of a table, or those of a portfolio, go together. */
#include "run/correlation.h"

#include "base/clock.h"
#include "base/error.h"
#include "bridge/cudf/load.h"
#include "run/portfolio_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef ho_correlation_settings S;

/* clang-format off */
static const ho_option options[] = {
    {"output", 'o', "FILE", "The full matrix for NumPy, FILE.npy, with the names in FILE.names.txt; the matrix of a "
     "portfolio, FILE.csv. Without it the summary is all there is, and the matrix is never kept.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, output)},
    {"float64", 0, NULL, "Multiply and write the full matrix in float64 in place of float32.",
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, float64)},
    {"portfolio", 0, "FILE", "The matrix of these strategies alone, a name a line.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, portfolio)},
    HO_INPUT_OPTION_ROWS(S, in.),
    HO_ENGINE_OPTION_ROWS(S, engine.),
};
/* clang-format on */

static const ho_option_table table = {options, sizeof options / sizeof *options};

typedef struct sink {
    const ho_hooks *hooks;
    ho_matrix_file *file;
} sink;

static void on_progress(void *user, double share)
{
    const sink *to = user;
    ho_tell(to->hooks, "correlation", share, NAN);
}

static ho_status on_tile(void *user, const ho_tile *tile, ho_error *err)
{
    const sink *to = user;
    return ho_matrix_file_take(to->file, tile, err);
}

static ho_status all_pairs(const S *s, const ho_hooks *hooks, const ho_input *input, ho_device *device,
                           double start, ho_outcome *outcome, ho_error *err)
{
    ho_matrix_file file = {.file = -1};
    ho_pairs pairs = {0};
    sink to = {hooks, &file};
    const ho_tiles_run run = {.wide = s->float64,
                              .threads = input->threads,
                              .cancel = hooks != NULL ? hooks->cancel : NULL,
                              .progress = on_progress,
                              .take = s->output != NULL ? on_tile : NULL,
                              .user = &to,
                              .device = device};
    double begun = ho_clock_seconds();
    ho_status status = HO_OK;
    if (s->output != NULL) status = ho_matrix_file_open(s->output, input->panel, s->float64, &file, err);
    if (status == HO_OK) status = ho_pairs_count(input->panel, &run, &pairs, err);
    double now = ho_clock_seconds();
    ho_engine_check(device, hooks);
    const ho_correlation_told told = {.settings = s,
                                      .options = table,
                                      .input = input,
                                      .pairs = &pairs,
                                      .file = s->output != NULL ? &file : NULL,
                                      .device = s->float64 ? NULL : device,
                                      .seconds = now - begun,
                                      .total = now - start};
    if (status == HO_OK) status = ho_correlation_json(&told, &outcome->json, err);
    if (status == HO_OK) status = ho_correlation_summary(&told, &outcome->summary, err);
    if (status == HO_OK && s->output != NULL && !pairs.interrupted)
        status = ho_matrix_file_finish(&file, err);
    outcome->interrupted = pairs.interrupted;
    ho_matrix_file_clear(&file);
    ho_pairs_clear(&pairs);
    return status;
}

static bool ends_with(const char *name, const char *ending)
{
    size_t length = strlen(name), tail = strlen(ending);
    return length > tail && strcmp(name + length - tail, ending) == 0;
}

static ho_status check(const S *s, ho_error *err)
{
    if (s->output == NULL) return HO_OK;
    if (s->portfolio == NULL && !ends_with(s->output, ".npy")) {
        return ho_fail(err, HO_ERR_USAGE, "--output %.600s: the full matrix is a file for NumPy, FILE.npy",
                       s->output);
    }
    if (s->portfolio != NULL && ends_with(s->output, ".npy")) {
        return ho_fail(err, HO_ERR_USAGE, "--output %.600s: the matrix of a portfolio is written as CSV",
                       s->output);
    }
    return HO_OK;
}

static ho_status run(const void *settings, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    const S *s = settings;
    ho_input input = {0};
    ho_outcome made = {0};
    uint32_t *members = NULL;
    size_t count = 0;
    ho_portfolio_lines lines = {0};
    ho_device *device = NULL;
    double start = ho_clock_seconds();
    HO_TRY(check(s, err));
    HO_TRY(ho_engine_open(&s->engine, hooks, &device, err));
    ho_status status = ho_input_read(&s->in, hooks, &input, err);
    if (status == HO_OK && s->portfolio != NULL)
        status = ho_portfolio_file_take(s->portfolio, &input, &lines, err);
    if (status == HO_OK && s->portfolio != NULL)
        status = ho_portfolio_lines_find(&lines, input.panel, &members, &count, err);
    ho_cache_writer *writer = status == HO_OK ? ho_cache_writer_start(&s->in, &input) : NULL;
    if (status == HO_OK && s->portfolio != NULL)
        status = ho_correlation_portfolio(s, table, &input, members, count, &made, err);
    else if (status == HO_OK)
        status = all_pairs(s, hooks, &input, device, start, &made, err);
    ho_cache_writer_end(&writer, hooks);
    free(members);
    ho_portfolio_lines_clear(&lines);
    ho_input_clear(&input);
    ho_device_close(&device);
    return ho_hand_over(status, &made, outcome);
}

extern const ho_command ho_command_correlation;
const ho_command ho_command_correlation = {
    .name = "correlation",
    .sentence = "tells how all strategies go together, and writes their correlation matrix",
    .positional = {"input"},
    .required = {"input"},
    .options = {options, sizeof options / sizeof *options},
    .settings_size = sizeof(S),
    .run = run,
    .more =
        "The summary holds the mean, quantiles, counts of close pairs, and clusters of near-duplicates: "
        "strategies joined by a chain of pairs that correlate 0.99 or more. A strategy that never changes "
        "correlates 0 with all.",
    .multiplies = true,
};
