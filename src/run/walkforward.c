/* `heavyopt walkforward`: plan the folds, run the optimization on each one's training days, then on the whole table,
 * whose report tells of both. */
#include "run/walkforward.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "panel/panel.h"
#include "run/optimize_options.h"
#include "run/walkforward_list.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef ho_walkforward_settings S;

/* clang-format off */
static const ho_option options[] = {
    {"train", 0, "N|Nm", "Days to train on, or calendar months (3m); without it what the tests leave.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, folds.train)},
    {"test", 0, "N|Nm", "Days or months that each portfolio is then held; without it half of the days over --folds.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, folds.test)},
    {"folds", 0, "F", "Number of windows where --train and --test do not decide it.",
     HO_OPTION_INT, 1, 10000, "10", NULL, offsetof(S, folds.folds)},
    {"anchored", 0, NULL, "Train from the first day on, more and more days, in place of a window that moves.",
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, folds.anchored)},
    {"purge", 0, "DAYS", "Days left out of training before each test, and with --cv after it.",
     HO_OPTION_INT, 0, 100000, "0", NULL, offsetof(S, folds.purge)},
    {"embargo", 0, "DAYS", "With --cv: more days left out of training after each test.",
     HO_OPTION_INT, 0, 100000, "0", NULL, offsetof(S, folds.embargo)},
    {"cv", 0, "N,K", "Combinatorial purged cross-validation in place of windows: N groups of days, every K of them tested.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, folds.cv)},
    {"list-folds", 0, NULL, "Tell which days each fold trains on and tests, and stop.",
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, folds.list)},
    {"fold-bound", 0, NULL, "Work out the bound of each fold too, which guides the algorithm lp.",
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, folds.bound)},
    {"random-portfolios", 0, "N", "Random portfolios that each fold's choice is held against.",
     HO_OPTION_INT, 1, 100000, "1000", NULL, offsetof(S, folds.random)},
    {"resamples", 0, "N", "Resamples of the tested days, for the bands.",
     HO_OPTION_INT, 1, 1e6, "1000", NULL, offsetof(S, folds.resamples)},
    {"ruin", 0, "RUPEES", "A loss that is ruin, for its probability; 0: not asked.",
     HO_OPTION_REAL, 0, 1e15, "0", NULL, offsetof(S, folds.ruin)},
    HO_OPTIMIZE_OPTION_ROWS(S, optimize.),
};
/* clang-format on */

static void clear_joined(ho_joined *j)
{
    free(j->series);
}

static void clear(ho_walkforward *w)
{
    for (size_t i = 0; w->results != NULL && i < w->done; i++)
        ho_fold_clear(&w->results[i]);
    free(w->results);
    for (size_t p = 0; p < w->path_count; p++)
        clear_joined(&w->paths[p]);
    free(w->paths);
    clear_joined(&w->joined);
    clear_joined(&w->top);
    clear_joined(&w->all);
    clear_joined(&w->before);
    clear_joined(&w->sized);
    free(w->random_low);
    free(w->random_mid);
    free(w->random_high);
    free(w->random_ratios);
    free(w->joined_metrics);
    ho_overfit_clear(&w->overfit);
    ho_bands_clear(&w->bands);
    ho_folds_clear(&w->folds);
    ho_world_clear(&w->world);
    ho_input_clear(&w->base);
}

/* "40" or "3m". */
static ho_status parse_length(const char *option, const char *text, size_t *length, bool *months,
                              ho_error *err)
{
    char *end = NULL;
    const long value = text != NULL ? strtol(text, &end, 10) : 0;
    *length = 0;
    if (text == NULL) return HO_OK;
    const bool monthly = *end == 'm';
    if (end == text || end[monthly] != '\0' || value < 1 || value > 1000000)
        return ho_fail(err, HO_ERR_USAGE, "--%s %.100s: expected days, as 40, or months, as 3m", option,
                       text);
    *length = (size_t)value;
    *months = monthly;
    return HO_OK;
}

static ho_status plan_windows(const ho_fold_options *f, const ho_world *world, ho_folds *folds, ho_error *err)
{
    ho_walk_plan plan = {.folds = (size_t)f->folds, .purge = (size_t)f->purge, .anchored = f->anchored};
    bool train_months = false, test_months = false;
    HO_TRY(parse_length("train", f->train, &plan.train, &train_months, err));
    HO_TRY(parse_length("test", f->test, &plan.test, &test_months, err));
    if (train_months != test_months)
        return ho_fail(err, HO_ERR_USAGE, "--train and --test: both in days, or both given in months");
    plan.months = train_months;
    return ho_folds_walk(&plan, world->dates, world->days, folds, err);
}

static ho_status plan_folds(const ho_fold_options *f, const ho_world *world, ho_folds *folds, ho_error *err)
{
    if (f->cv == NULL) return plan_windows(f, world, folds, err);
    char *end = NULL;
    const long groups = strtol(f->cv, &end, 10);
    const char *comma = end;
    const long tested = *comma == ',' ? strtol(comma + 1, &end, 10) : 0;
    if (end == f->cv || *comma != ',' || end == comma + 1 || *end != '\0' || groups < 1 || tested < 1)
        return ho_fail(err, HO_ERR_USAGE, "--cv %.100s: expected groups and how many are tested, as 6,2",
                       f->cv);
    return ho_folds_combine(world->days, (size_t)groups, (size_t)tested, (size_t)f->purge, (size_t)f->embargo,
                            folds, err);
}

static ho_status run_folds(ho_walkforward *w, ho_error *err)
{
    w->results = HO_NEW(ho_fold, w->folds.count);
    if (w->results == NULL) return ho_fail_memory(err, w->folds.count * sizeof *w->results, "the folds");
    for (size_t i = 0; i < w->folds.count && !ho_cancelled(w->hooks); i++) {
        const bool follows = i > 0 && w->folds.paths == 0;
        HO_TRY(ho_fold_run(w, i, follows ? &w->results[i - 1] : NULL, &w->results[i], err));
        w->done++;
    }
    if (ho_cancelled(w->hooks) && w->done > 0) ho_fold_clear(&w->results[--w->done]); /* cut short */
    return HO_OK;
}

/* The optimization of the whole table takes the table that the folds were cut from; its report tells of both. */
static ho_status run_whole(ho_walkforward *w, ho_optimization *whole, ho_outcome *outcome, ho_error *err)
{
    json_t *told = NULL;
    whole->input = w->base;
    w->base = (ho_input){.threads = whole->input.threads};
    HO_TRY(ho_optimization_prepare(whole, err));
    ho_cache_writer *writer = ho_cache_writer_start(&whole->settings->in, &whole->input);
    ho_status status = ho_optimization_search(whole, err);
    if (status == HO_OK) status = ho_optimization_regimes(whole, err);
    if (status == HO_OK) status = ho_optimization_zones(whole, err);
    if (status == HO_OK) status = ho_walkforward_deflate(w, whole, err);
    if (status == HO_OK) status = ho_walkforward_json(w, &told, err);
    whole->out_of_sample = told;
    if (status == HO_OK) status = ho_optimization_report(whole, outcome, err);
    ho_cache_writer_end(&writer, w->hooks);
    json_decref(told);
    return status;
}

static ho_status walk(ho_walkforward *w, ho_optimization *whole, ho_outcome *outcome, ho_error *err)
{
    HO_TRY(ho_input_read(&whole->settings->in, w->hooks, &w->base, err));
    whole->timings.load = w->base.seconds;
    HO_TRY(ho_world_make(w->settings, &w->base, &w->world, err));
    HO_TRY(plan_folds(&w->settings->folds, &w->world, &w->folds, err));
    if (w->settings->folds.list) return ho_walkforward_list(w, outcome, err);
    const double begun = ho_clock_seconds();
    HO_TRY(run_folds(w, err));
    HO_TRY(ho_walkforward_conclude(w, err));
    w->seconds = ho_clock_seconds() - begun;
    return run_whole(w, whole, outcome, err);
}

static ho_status run(const void *settings, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    const ho_option_table table = {options, sizeof options / sizeof *options};
    ho_walkforward w = {.settings = settings, .options = table, .hooks = hooks};
    ho_optimization whole = {.settings = &w.settings->optimize,
                             .command = "walkforward",
                             .options = table,
                             .hooks = hooks,
                             .start = ho_clock_seconds()};
    whole.bounded = !whole.settings->no_bound;
    whole.proven = true;
    ho_status status = ho_optimization_plan(&whole, err);
    ho_tell(hooks, "load", 0, NAN);
    if (status == HO_OK) status = walk(&w, &whole, outcome, err);
    ho_optimization_clear(&whole);
    clear(&w);
    return status;
}

extern const ho_command ho_command_walkforward;
const ho_command ho_command_walkforward = {
    .name = "walkforward",
    .sentence = "chooses again and again on past days, and tells what the choices did on the days after",
    .positional = {"input"},
    .required = {"input"},
    .options = {options, sizeof options / sizeof *options},
    .settings_size = sizeof(S),
    .run = run,
    .more =
        "Each fold runs the whole optimization on its training days alone: strategies turned round, regimes, "
        "limits, search. "
        "Then the whole table is optimized as `optimize` does, and the report tells both. See "
        "docs/ROBUSTNESS.md.",
};
