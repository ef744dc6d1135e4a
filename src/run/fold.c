/* One fold: the rows of its training days become an input of their own, on which the steps of an optimization run as
 * they do for a whole table. The test days are not there to be seen. */
#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "panel/panel.h"
#include "run/walkforward.h"
#include "screen/regimes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ho_fold_clear(ho_fold *fold)
{
    free(fold->members);
    free(fold->signs);
    free(fold->train_series);
    free(fold->series);
    free(fold->top);
    free(fold->all);
    free(fold->before);
    free(fold->lots);
    free(fold->sized);
    free(fold->random);
    *fold = (ho_fold){.members = NULL};
}

/* Rows of the training days. A date that the run does not use (a weekday left out) counts as the days around it do, so
 * that none from beside or behind a test comes in. */
static ho_status keep_training(const ho_walkforward *w, const uint8_t *use, ho_panel **kept, ho_error *err)
{
    const ho_panel *rows = ho_input_rows(&w->base);
    const size_t count = ho_panel_periods(rows);
    const ho_world *world = &w->world;
    uint8_t *keep = HO_NEW(uint8_t, count);
    if (keep == NULL) return ho_fail_memory(err, count, "rows");
    for (size_t t = 0, next = 0; t < count; t++) {
        const int32_t date = ho_panel_period(rows, t)->date;
        while (next < world->days && world->dates[next] < date)
            next++;
        const bool known = next < world->days && world->dates[next] == date;
        const bool after = next < world->days && use[next] == HO_FOLD_TRAIN;
        const bool before = next > 0 && use[next - 1] == HO_FOLD_TRAIN;
        keep[t] = known ? use[next] == HO_FOLD_TRAIN : before && after;
    }
    ho_status status = ho_rows_keep(rows, keep, kept, err);
    free(keep);
    return status;
}

static void find_dates(const ho_world *world, const uint8_t *use, ho_fold *fold)
{
    for (size_t d = 0; d < world->days; d++) {
        if (use[d] == HO_FOLD_TRAIN) {
            if (fold->train_days++ == 0) fold->train_from = world->dates[d];
            fold->train_to = world->dates[d];
        }
        if (use[d] == HO_FOLD_TEST) {
            if (fold->test_days++ == 0) fold->test_from = world->dates[d];
            fold->test_to = world->dates[d];
        }
    }
}

static double overlap_of(const ho_fold *a, const ho_fold *b)
{
    size_t both = 0;
    for (size_t i = 0; i < a->size; i++) {
        for (size_t k = 0; k < b->size; k++)
            both += a->members[i] == b->members[k] && a->signs[i] * b->signs[k] > 0;
    }
    return (double)both / (double)(a->size + b->size - both);
}

/* -1 for each strategy that the fold turned round. */
static ho_status find_signs(const ho_optimization *o, double **signs, ho_error *err)
{
    const size_t n = ho_panel_strategies(o->input.panel);
    double *all = HO_NEW(double, n);
    if (all == NULL) return ho_fail_memory(err, n * sizeof *all, "the strategies' sides");
    for (size_t j = 0; j < n; j++)
        all[j] = 1;
    for (size_t i = 0; i < o->ulta.report.count; i++)
        all[o->ulta.report.turned[i].strategy] = -1;
    *signs = all;
    return HO_OK;
}

static ho_status measure(const ho_walkforward *w, size_t split, const ho_optimization *o, const double *signs,
                         const ho_fold *before, ho_fold *fold, ho_error *err)
{
    const ho_search_result *best = ho_optimization_best(o);
    const uint8_t *use = ho_folds_uses(&w->folds, split);
    fold->size = best->size;
    fold->method = ho_report_method(best);
    fold->fitness = best->fitness;
    fold->turned = o->ulta.report.count;
    fold->members = HO_NEW(uint32_t, best->size);
    fold->signs = HO_NEW(double, best->size);
    if (fold->members == NULL || fold->signs == NULL)
        return ho_fail_memory(err, best->size * sizeof *fold->signs, "a portfolio");
    memcpy(fold->members, best->members, best->size * sizeof *best->members);
    for (size_t k = 0; k < best->size; k++)
        fold->signs[k] = signs[best->members[k]];
    HO_TRY(ho_world_series(&w->world, use, HO_FOLD_TRAIN, fold->members, fold->signs, fold->size,
                           &fold->train_series, &fold->in, err));
    HO_TRY(ho_world_series(&w->world, use, HO_FOLD_TEST, fold->members, fold->signs, fold->size,
                           &fold->series, &fold->out, err));
    fold->overlap = before != NULL ? overlap_of(fold, before) : NAN;
    return ho_fold_rivals(w, split, o, signs, before, fold, err);
}

/* The search tells of its fold; what it warns of, the whole run has warned of or will. */
typedef struct inner {
    const ho_hooks *hooks;
    char stage[64];
} inner;

static void on_progress(void *user, const char *stage, double share, double best)
{
    const inner *i = user;
    (void)stage;
    ho_tell(i->hooks, i->stage, share, best);
}

static ho_status search(const ho_walkforward *w, size_t split, const ho_fold *before, ho_optimization *o,
                        ho_fold *fold, ho_error *err)
{
    ho_panel *rows = NULL;
    double *signs = NULL;
    HO_TRY(keep_training(w, ho_folds_uses(&w->folds, split), &rows, err));
    HO_TRY(ho_input_of_rows(&w->settings->optimize.in, rows, &o->input, err));
    HO_TRY(ho_optimization_prepare(o, err));
    HO_TRY(ho_optimization_search(o, err));
    HO_TRY(find_signs(o, &signs, err));
    ho_status status = measure(w, split, o, signs, before, fold, err);
    free(signs);
    return status;
}

ho_status ho_fold_run(const ho_walkforward *w, size_t split, const ho_fold *before, ho_fold *fold,
                      ho_error *err)
{
    inner to = {.hooks = w->hooks};
    (void)snprintf(to.stage, sizeof to.stage, "fold %zu of %zu", split + 1, w->folds.count);
    const ho_hooks hooks = {.progress = on_progress, .user = &to, .cancel = ho_cancel_flag(w->hooks)};
    ho_optimization o = {.settings = &w->settings->optimize, .hooks = &hooks};
    ho_fold made = {.overlap = NAN};
    ho_error why;
    o.bounded = w->settings->folds.bound && !o.settings->no_bound;
    find_dates(&w->world, ho_folds_uses(&w->folds, split), &made);
    ho_status status = ho_plan_make(o.settings, ho_threads(o.settings->in.threads), &o.plan, &why);
    if (status == HO_OK) status = search(w, split, before, &o, &made, &why);
    ho_optimization_clear(&o);
    if (status == HO_OK) {
        *fold = made;
        return HO_OK;
    }
    char from[16], to_date[16];
    ho_date_print(made.train_from, from);
    ho_date_print(made.train_to, to_date);
    ho_fold_clear(&made);
    return ho_fail(err, status, "fold %zu, trained from %s to %s: %.800s", split + 1, from, to_date,
                   why.text);
}
