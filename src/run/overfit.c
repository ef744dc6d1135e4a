/* `heavyopt overfit`: the table's own strategies, without a search. Probability of overfitting, the Sharpe ratio of the
 * best strategy deflated, and tests whether any is better than nothing. */
#include "run/overfit.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "panel/panel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef ho_overfit_settings S;

/* clang-format off */
static const ho_option options[] = {
    {"blocks", 0, "S", "Blocks that the periods are cut into, an even number; every choice of half of them is looked at.",
     HO_OPTION_INT, 2, HO_CHOICE_BLOCKS, "16", NULL, offsetof(S, blocks)},
    {"measure", 'm', "NAME", "What strategies are compared by in the blocks; ratio: total over maximum drawdown.",
     HO_OPTION_CHOICE, 0, 0, "ratio", HO_BLOCK_MEASURE_NAMES, offsetof(S, measure)},
    {"run", 0, "DIR", "The folder of a run: the same for the portfolios of its algorithms and sizes.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, run)},
    {"output", 'o', "FILE", "A CSV file with a row for each split into halves.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, output)},
    {"resamples", 0, "N", "Resamples for the tests whether any strategy is better than nothing; 0: no tests.",
     HO_OPTION_INT, 0, 1e6, "1000", NULL, offsetof(S, resamples)},
    {"bootstrap", 0, "KIND", "How periods are drawn anew: blocks of random length, or of one length.",
     HO_OPTION_CHOICE, 0, 0, "stationary", "stationary|circular", offsetof(S, bootstrap)},
    {"block-length", 0, "X", "Mean length of the blocks drawn; 0: what suits the mean of all strategies (Politis and White).",
     HO_OPTION_REAL, 0, 1e6, "0", NULL, offsetof(S, block_length)},
    {"seed", 's', "N", "Seed of the resamples.",
     HO_OPTION_INT, 0, 9e15, "42", NULL, offsetof(S, seed)},
    HO_INPUT_OPTION_ROWS(S, in.),
};
/* clang-format on */

static const ho_option_table table = {options, sizeof options / sizeof *options};

typedef struct stage {
    const ho_hooks *hooks;
    const char *name;
} stage;

static void on_progress(void *user, double share)
{
    const stage *s = user;
    ho_tell(s->hooks, s->name, share, NAN);
}

static ho_status check(const S *s, ho_error *err)
{
    if (s->blocks % 2 != 0)
        return ho_fail(err, HO_ERR_USAGE, "--blocks %lld: expected an even number, so that it has halves",
                       (long long)s->blocks);
    if (s->block_length != 0 && s->block_length < 1)
        return ho_fail(err, HO_ERR_USAGE, "--block-length %g: expected 1 or more, or 0", s->block_length);
    return HO_OK;
}

static ho_block_measure measure_of(const char *name)
{
    static const char *const names[] = {"sharpe", "mean", "ratio", "drawdown", "win_rate", "profit_factor"};
    int i = 0;
    while (i < HO_BLOCKS_MEASURES - 1 && !ho_text_same(names[i], name))
        i++;
    return (ho_block_measure)i;
}

static ho_status find_overfit(const ho_overfit_told *t, const ho_matrix *x, const ho_hooks *hooks,
                              ho_overfit *out, ho_error *err)
{
    stage at = {hooks, "overfitting"};
    const ho_overfit_of of = {.x = x,
                              .measure = measure_of(t->settings->measure),
                              .blocks = (size_t)t->settings->blocks,
                              .threads = t->input->threads,
                              .cancel = ho_cancel_flag(hooks),
                              .progress = on_progress,
                              .user = &at};
    if (x->rows < of.blocks)
        return ho_fail(err, HO_ERR_USAGE, "--blocks %zu: the table has %zu periods", of.blocks, x->rows);
    return ho_overfit_make(&of, out, err);
}

/* The blocks that suit the mean of all strategies, for what moves them together is what must stay together. */
static ho_status choose_block(ho_overfit_told *t, ho_error *err)
{
    const ho_matrix *x = &t->input->panel->values;
    ho_resampler *r = &t->resampler;
    *r = (ho_resampler){.kind = strcmp(t->settings->bootstrap, "circular") == 0 ? HO_RESAMPLE_CIRCULAR
                                                                                : HO_RESAMPLE_STATIONARY,
                        .periods = x->rows,
                        .block = t->settings->block_length,
                        .seed = (uint64_t)t->settings->seed,
                        .stream = "superior"};
    if (r->block > 0) return HO_OK;
    double *mean = HO_NEW(double, x->rows);
    if (mean == NULL) return ho_fail_memory(err, x->rows * sizeof *mean, "the mean of all strategies");
    for (size_t i = 0; i < x->rows; i++) {
        for (size_t j = 0; j < x->columns; j++)
            mean[i] += ho_matrix_row(x, i)[j];
        mean[i] /= (double)x->columns;
    }
    r->block = ho_resample_block(mean, x->rows, r->kind);
    free(mean);
    return HO_OK;
}

static ho_status find_superior(ho_overfit_told *t, const ho_hooks *hooks, ho_error *err)
{
    stage at = {hooks, "superiority"};
    const ho_superior_of of = {.x = &t->input->panel->values,
                               .resampler = &t->resampler,
                               .resamples = (size_t)t->settings->resamples,
                               .threads = t->input->threads,
                               .cancel = ho_cancel_flag(hooks),
                               .progress = on_progress,
                               .user = &at};
    if (t->settings->resamples == 0) return HO_OK;
    HO_TRY(choose_block(t, err));
    return ho_superior_make(&of, &t->superior, err);
}

static ho_status find(ho_overfit_told *t, const ho_hooks *hooks, ho_error *err)
{
    const ho_panel *panel = t->input->panel;
    const double start = ho_clock_seconds();
    if (ho_panel_strategies(panel) < 2)
        return ho_fail(err, HO_ERR_DATA, "%.600s: one strategy: there was nothing to choose from",
                       t->settings->in.input);
    if (t->settings->run != NULL)
        HO_TRY(ho_run_portfolios_read(t->settings->run, panel, &t->portfolios, err));
    HO_TRY(find_overfit(t, &panel->values, hooks, &t->overfit, err));
    if (t->settings->run != NULL)
        HO_TRY(find_overfit(t, &t->portfolios.series, NULL, &t->of_portfolios, err));
    const double overfit = ho_clock_seconds();
    HO_TRY(ho_deflate_best(panel, t->input->threads, ho_cancel_flag(hooks), &t->deflated, err));
    const double deflated = ho_clock_seconds();
    HO_TRY(find_superior(t, hooks, err));
    t->overfit_seconds = overfit - start;
    t->deflated_seconds = deflated - overfit;
    t->superior_seconds = ho_clock_seconds() - deflated;
    t->interrupted = ho_cancelled(hooks);
    return HO_OK;
}

static void clear(ho_overfit_told *t)
{
    ho_overfit_clear(&t->overfit);
    ho_overfit_clear(&t->of_portfolios);
    ho_run_portfolios_clear(&t->portfolios);
}

static ho_status run(const void *settings, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    const S *s = settings;
    ho_input input = {0};
    ho_overfit_told told = {.settings = s, .options = table, .input = &input};
    ho_outcome made = {0};
    const double start = ho_clock_seconds();
    HO_TRY(check(s, err));
    ho_tell(hooks, "load", 0, NAN);
    ho_status status = ho_input_read(&s->in, hooks, &input, err);
    ho_cache_writer *writer = status == HO_OK ? ho_cache_writer_start(&s->in, &input) : NULL;
    if (status == HO_OK) status = find(&told, hooks, err);
    told.total = ho_clock_seconds() - start;
    if (status == HO_OK) status = ho_overfit_json(&told, &made.json, err);
    if (status == HO_OK) status = ho_overfit_summary(&told, &made.summary, err);
    if (status == HO_OK && s->output != NULL && !told.interrupted) status = ho_overfit_file_write(&told, err);
    made.interrupted = told.interrupted;
    ho_cache_writer_end(&writer, hooks);
    clear(&told);
    ho_input_clear(&input);
    return ho_hand_over(status, &made, outcome);
}

extern const ho_command ho_command_overfit;
const ho_command ho_command_overfit = {
    .name = "overfit",
    .sentence = "tells how much of what the best strategies show may be luck",
    .positional = {"input"},
    .required = {"input"},
    .options = {options, sizeof options / sizeof *options},
    .settings_size = sizeof(S),
    .run = run,
    .more = "The probability of backtest overfitting (Bailey, Borwein, Lopez de Prado, Zhu 2016) over all "
            "strategies, the "
            "deflated Sharpe ratio of the best one, White's reality check and Hansen's test of superior "
            "predictive ability. "
            "See docs/ROBUSTNESS.md.",
};
