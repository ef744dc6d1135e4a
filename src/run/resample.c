/* `heavyopt resample`: how else a portfolio's days could have turned out, drawn anew in blocks. */
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/memory_left.h"
#include "base/strings.h"
#include "panel/panel.h"
#include "report/json.h"
#include "run/bands_json.h"
#include "run/goal.h"
#include "run/portfolio_file.h"
#include "stats/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct resample_settings {
    ho_input_settings in;
    ho_fitness_settings goal;
    char *portfolio, *bootstrap;
    int64_t resamples, horizon, seed;
    double block_length;
} resample_settings;

typedef resample_settings S;

/* clang-format off */
static const ho_option options[] = {
    {"portfolio", 0, "FILE", "The portfolio: a strategy's name a line.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, portfolio)},
    {"resamples", 0, "N", "How often its days are drawn anew.",
     HO_OPTION_INT, 1, 1e6, "10000", NULL, offsetof(S, resamples)},
    {"horizon", 0, "PERIODS", "Periods of each draw; 0: as many as the table has.",
     HO_OPTION_INT, 0, 1e6, "0", NULL, offsetof(S, horizon)},
    {"bootstrap", 0, "KIND", "Blocks of random length, or of one length.",
     HO_OPTION_CHOICE, 0, 0, "stationary", "stationary|circular", offsetof(S, bootstrap)},
    {"block-length", 0, "X", "Mean length of the blocks; 0: what suits the portfolio's days (Politis and White).",
     HO_OPTION_REAL, 0, 1e6, "0", NULL, offsetof(S, block_length)},
    {"seed", 's', "N", "Seed of the draws.", HO_OPTION_INT, 0, 9e15, "42", NULL, offsetof(S, seed)},
    HO_FITNESS_OPTION_ROWS(S, goal.),
    HO_INPUT_OPTION_ROWS(S, in.),
};
/* clang-format on */

typedef struct told {
    const S *settings;
    ho_input input;
    ho_goal goal;
    uint32_t *members;
    size_t count;
    double *series, *measures;
    ho_resampler resampler;
    ho_bands bands;
    double seconds;
} told;

static void clear(told *t)
{
    free(t->members);
    free(t->series);
    free(t->measures);
    ho_bands_clear(&t->bands);
    ho_goal_clear(&t->goal);
    ho_input_clear(&t->input);
}

static ho_status draw(told *t, const ho_hooks *hooks, ho_error *err)
{
    const S *s = t->settings;
    const ho_panel *panel = t->input.panel;
    const size_t periods = ho_panel_periods(panel);
    const double start = ho_clock_seconds();
    t->series = HO_NEW(double, periods);
    t->measures = HO_NEW(double, ho_metric_count());
    if (t->series == NULL || t->measures == NULL)
        return ho_fail_memory(err, periods * sizeof *t->series, "a portfolio's series");
    HO_TRY(ho_portfolio_series(panel, t->members, t->count, t->series, err));
    HO_TRY(ho_metrics_of_series(t->series, periods, &t->goal.measures, t->measures, err));
    ho_resampler *r = &t->resampler;
    *r = (ho_resampler){.kind = strcmp(s->bootstrap, "circular") == 0 ? HO_RESAMPLE_CIRCULAR
                                                                      : HO_RESAMPLE_STATIONARY,
                        .periods = periods,
                        .block = s->block_length,
                        .seed = (uint64_t)s->seed,
                        .stream = "resample"};
    if (r->block == 0) r->block = ho_resample_block(t->series, periods, r->kind);
    const ho_bands_of of = {.series = t->series,
                            .resampler = r,
                            .measures = &t->goal.measures,
                            .length = s->horizon > 0 ? (size_t)s->horizon : periods,
                            .resamples = (size_t)s->resamples,
                            .ruin = t->goal.measures.capital,
                            .threads = t->input.threads,
                            .cancel = ho_cancel_flag(hooks)};
    const size_t numbers = of.resamples * (of.length + ho_metric_count() + 3);
    HO_TRY(ho_memory_ask("the draws", (int64_t)(numbers * sizeof(double)), s->in.load.memory_limit, err));
    ho_tell(hooks, "resample", 0, NAN);
    HO_TRY(ho_bands_make(&of, &t->bands, err));
    t->seconds = ho_clock_seconds() - start;
    return HO_OK;
}

static ho_status write_json(const told *t, char **text, ho_error *err)
{
    const ho_option_table table = {options, sizeof options / sizeof *options};
    const S *s = t->settings;
    json_t *root = json_pack("{s:s,s:o,s:o,s:I,s:o,s:o,s:b,s:o,s:{s:f,s:f}}", "version", HO_VERSION, "input",
                             ho_json_input(t->input.panel, s->in.input, t->input.report.hash), "settings",
                             ho_json_settings(table, s), "size", (json_int_t)t->count, "capital",
                             t->goal.measures.capital > 0 ? json_real(t->goal.measures.capital) : json_null(),
                             "portfolio", ho_json_names(t->input.panel, t->members, t->count), "interrupted",
                             (int)t->bands.interrupted, "bands", ho_bands_json(&t->bands, &t->resampler),
                             "timings", "load", t->input.seconds, "resample", t->seconds);
    const bool failed =
        root == NULL || ho_json_metrics(root, t->measures, ho_panel_periods(t->input.panel)) != 0 ||
        (!t->bands.interrupted && json_object_set_new(root, "deepest", ho_bands_deep_json(&t->bands)) != 0);
    if (failed) {
        json_decref(root);
        return ho_fail_memory(err, 0, "the JSON document");
    }
    return ho_json_finish(root, text, err);
}

static void say_bands(const told *t, FILE *out)
{
    static const char *const keys[] = {"total_roi",     "max_drawdown", "roi_dd_ratio", "win_rate",
                                       "profit_factor", "sharpe",       "sortino",      "drawdown_duration"};
    fprintf(out, "  %-20s %14s %14s %14s %14s\n", "", "as it was", "5 %", "median", "95 %");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const int m = ho_metric_find(keys[i]);
        const ho_band *b = &t->bands.measures[m];
        fprintf(out, "  %-20s %14.6g %14.6g %14.6g %14.6g\n", keys[i], t->measures[m], b->at[0], b->at[2],
                b->at[HO_BAND_QUANTILES - 1]);
    }
}

static ho_status write_summary(const told *t, char **text, ho_error *err)
{
    const ho_bands *b = &t->bands;
    const size_t n = b->resamples;
    ho_text out;
    HO_TRY(ho_text_begin(&out, err));
    if (b->interrupted) {
        fputs("interrupted: the draws were not finished\n", out.file);
        return ho_text_end(&out, text, err);
    }
    fprintf(out.file,
            "%zu strategies, %zu periods drawn anew %zu times from %zu, %s blocks of %.2f periods\n",
            t->count, b->periods, n, ho_panel_periods(t->input.panel), t->settings->bootstrap,
            t->resampler.block);
    say_bands(t, out.file);
    fprintf(out.file,
            "Drawdown: one draw in ten is deeper than %.6g, one in twenty than %.6g, one in a hundred than "
            "%.6g\n",
            ho_percentile(b->drawdowns, n, .9), ho_percentile(b->drawdowns, n, .95),
            ho_percentile(b->drawdowns, n, .99));
    fprintf(out.file,
            "Loss below the start: one draw in ten loses more than %.6g, one in twenty %.6g, one in a "
            "hundred %.6g\n",
            ho_percentile(b->losses, n, .9), ho_percentile(b->losses, n, .95),
            ho_percentile(b->losses, n, .99));
    if (!isnan(b->ruin))
        fprintf(out.file, "Ruin: %.4f of the draws lose the capital of %.6g\n", b->ruin,
                t->goal.measures.capital);
    fputs("Days that chose a portfolio flatter it, drawn anew or not: walkforward tells what is left.\n",
          out.file);
    return ho_text_end(&out, text, err);
}

static ho_status run(const void *settings, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    const S *s = settings;
    told t = {.settings = s};
    ho_outcome made = {0};
    ho_portfolio_lines lines = {0};
    if (s->block_length != 0 && s->block_length < 1)
        return ho_fail(err, HO_ERR_USAGE, "--block-length %g: expected 1 or more, or 0", s->block_length);
    ho_status status = ho_input_read(&s->in, hooks, &t.input, err);
    if (status == HO_OK) status = ho_portfolio_file_take(s->portfolio, &t.input, &lines, err);
    if (status == HO_OK) status = ho_portfolio_lines_find(&lines, t.input.panel, &t.members, &t.count, err);
    ho_portfolio_lines_clear(&lines);
    ho_cache_writer *writer = status == HO_OK ? ho_cache_writer_start(&s->in, &t.input) : NULL;
    if (status == HO_OK) status = ho_goal_make(&s->goal, &t.input, hooks, &t.goal, err);
    if (status == HO_OK) status = draw(&t, hooks, err);
    if (status == HO_OK) status = write_json(&t, &made.json, err);
    if (status == HO_OK) status = write_summary(&t, &made.summary, err);
    made.interrupted = t.bands.interrupted;
    ho_cache_writer_end(&writer, hooks);
    clear(&t);
    return ho_hand_over(status, &made, outcome);
}

extern const ho_command ho_command_resample;
const ho_command ho_command_resample = {
    .name = "resample",
    .sentence = "tells how else a portfolio's days could have turned out",
    .positional = {"input", "portfolio"},
    .required = {"input", "portfolio"},
    .options = {options, sizeof options / sizeof *options},
    .settings_size = sizeof(S),
    .run = run,
    .more = "Days are drawn anew in blocks (Politis and Romano 1994); every measure of each draw gives "
            "bands, the "
            "distribution of drawdowns, and the probability to lose the capital.",
};
