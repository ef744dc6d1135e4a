/* What else could have been held on the days of a fold's test: portfolios drawn at random, the strategies that were best
 * alone in training, all of them, the portfolio that the fold before had chosen, the choice in Kelly's sizes. */
#include "base/error.h"
#include "base/memory.h"
#include "run/kelly.h"
#include "run/rivals.h"
#include "run/walkforward.h"

#include <stdlib.h>

/* The series of members of the fold's own strategies. */
static ho_status series_of(const ho_walkforward *w, size_t split, const uint32_t *members,
                           const double *signs, size_t count, double **series, ho_side *side, ho_error *err)
{
    double *of_members = HO_NEW(double, count);
    if (of_members == NULL) return ho_fail_memory(err, count * sizeof *of_members, "a portfolio");
    for (size_t k = 0; k < count; k++)
        of_members[k] = signs[members[k]];
    ho_status status = ho_world_series(&w->world, ho_folds_uses(&w->folds, split), HO_FOLD_TEST, members,
                                       of_members, count, series, side, err);
    free(of_members);
    return status;
}

static ho_status draw_random(const ho_walkforward *w, size_t split, const ho_optimization *o,
                             const double *signs, uint32_t *members, ho_fold *fold, ho_error *err)
{
    const size_t count = (size_t)w->settings->folds.random, periods = fold->out.periods;
    ho_rng rng = ho_rng_new((uint64_t)w->settings->optimize.seed, "random portfolios of a fold", split);
    ho_urn urn = {.pool = NULL};
    ho_status status = HO_OK;
    fold->random = ho_new_array(count, periods * sizeof *fold->random);
    if (fold->random == NULL)
        return ho_fail_memory(err, count * periods * sizeof(double), "random portfolios");
    HO_TRY(ho_urn_make(&o->selection, ho_panel_strategies(o->input.panel), &urn, err));
    for (size_t i = 0; i < count && status == HO_OK; i++) {
        double *series = NULL;
        ho_side side;
        ho_urn_draw(&urn, &rng, fold->size, members);
        status = series_of(w, split, members, signs, fold->size, &series, &side, err);
        if (status != HO_OK) break;
        for (size_t t = 0; t < periods; t++)
            fold->random[i * periods + t] = series[t];
        fold->below += ho_side_is_better(&fold->out, &side);
        free(series);
    }
    ho_urn_clear(&urn);
    return status;
}

static ho_status take_top(const ho_walkforward *w, size_t split, const ho_optimization *o,
                          const double *signs, uint32_t *members, ho_fold *fold, ho_error *err)
{
    const ho_objective *table = ho_portfolio_objective_table(o->objective);
    void *walk = NULL;
    uint32_t best;
    double value;
    HO_TRY(table->open(table->data, fold->size, &walk, err));
    ho_status status = ho_best_singles(table, walk, &o->selection, fold->size, members, &best, &value, err);
    table->close(&walk);
    HO_TRY(status);
    return series_of(w, split, members, signs, fold->size, &fold->top, &fold->out_top, err);
}

/* As they are: nobody has chosen anything, not even which to turn round. As many lots as a portfolio. */
static ho_status take_all(const ho_walkforward *w, size_t split, ho_fold *fold, ho_error *err)
{
    const size_t n = ho_panel_strategies(w->world.input.panel);
    uint32_t *everybody = HO_NEW(uint32_t, n);
    if (everybody == NULL) return ho_fail_memory(err, n * sizeof *everybody, "all strategies");
    for (uint32_t j = 0; j < n; j++)
        everybody[j] = j;
    ho_status status = ho_world_series(&w->world, ho_folds_uses(&w->folds, split), HO_FOLD_TEST, everybody,
                                       NULL, n, &fold->all, &fold->out_all, err);
    free(everybody);
    HO_TRY(status);
    for (size_t t = 0; t < fold->out.periods; t++)
        fold->all[t] *= (double)fold->size / (double)n;
    fold->out_all = ho_side_of(fold->all, fold->out.periods);
    return HO_OK;
}

/* The same members in the sizes that training gave them. */
static ho_status take_sized(const ho_walkforward *w, size_t split, const ho_optimization *o, ho_fold *fold,
                            ho_error *err)
{
    const ho_kelly_options *kelly = &o->settings->kelly;
    if (!kelly->kelly) return HO_OK;
    double *signed_lots = HO_NEW(double, fold->size);
    fold->lots = HO_NEW(double, fold->size);
    ho_status status = HO_OK;
    if (signed_lots == NULL || fold->lots == NULL)
        status = ho_fail_memory(err, fold->size * sizeof *fold->lots, "the sizes");
    if (status == HO_OK)
        status = ho_kelly_lots(kelly, &o->goal, o->input.panel, fold->members, fold->size, fold->lots, err);
    for (size_t k = 0; status == HO_OK && k < fold->size; k++)
        signed_lots[k] = fold->lots[k] * fold->signs[k];
    if (status == HO_OK)
        status = ho_world_series(&w->world, ho_folds_uses(&w->folds, split), HO_FOLD_TEST, fold->members,
                                 signed_lots, fold->size, &fold->sized, &fold->out_sized, err);
    free(signed_lots);
    return status;
}

ho_status ho_fold_rivals(const ho_walkforward *w, size_t split, const ho_optimization *o, const double *signs,
                         const ho_fold *before, ho_fold *fold, ho_error *err)
{
    uint32_t *members = HO_NEW(uint32_t, fold->size);
    if (members == NULL) return ho_fail_memory(err, fold->size * sizeof *members, "a portfolio");
    ho_status status = draw_random(w, split, o, signs, members, fold, err);
    if (status == HO_OK) status = take_top(w, split, o, signs, members, fold, err);
    if (status == HO_OK) status = take_all(w, split, fold, err);
    if (status == HO_OK) status = take_sized(w, split, o, fold, err);
    if (status == HO_OK && before != NULL)
        status = ho_world_series(&w->world, ho_folds_uses(&w->folds, split), HO_FOLD_TEST, before->members,
                                 before->signs, before->size, &fold->before, &fold->out_before, err);
    free(members);
    return status;
}
