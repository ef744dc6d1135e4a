/* The object "out_of_sample" of a walk-forward's document. */
#include "base/error.h"
#include "base/memory.h"
#include "panel/panel.h"
#include "report/json.h"
#include "run/bands_json.h"
#include "run/walkforward_list.h"
#include "stats/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static json_t *side_json(const ho_side *s)
{
    return json_pack("{s:I,s:f,s:f,s:o,s:f,s:o}", "periods", (json_int_t)s->periods, "total_roi", s->total,
                     "max_drawdown", s->drawdown, "roi_dd_ratio", ho_json_number(s->ratio), "expectancy",
                     s->mean, "sharpe", ho_json_number(s->sharpe));
}

/* Names as the fold had them: NAME_inv where it turned the strategy round. */
static json_t *names_json(const ho_walkforward *w, const ho_fold *f)
{
    json_t *array = json_array();
    for (size_t k = 0; k < f->size; k++) {
        char *name = NULL;
        if (asprintf(&name, "%s%s", ho_panel_name(w->world.input.panel, f->members[k]),
                     f->signs[k] < 0 ? "_inv" : "") < 0)
            name = NULL;
        const bool there = ho_json_append(&array, name != NULL ? ho_json_text(name) : NULL);
        free(name);
        if (!there) break;
    }
    return array;
}

static json_t *share_json(double part, double whole)
{
    return whole > 0 ? ho_json_number(part / whole) : json_null();
}

static json_t *fold_json(const ho_walkforward *w, size_t i)
{
    const ho_fold *f = &w->results[i];
    const uint8_t *use = ho_folds_uses(&w->folds, i);
    json_t *against = json_pack("{s:o,s:o,s:o,s:o,s:f}", "best_singles", side_json(&f->out_top),
                                "all_strategies", side_json(&f->out_all), "portfolio_before",
                                f->before != NULL ? side_json(&f->out_before) : json_null(), "kelly_sized",
                                f->sized != NULL ? side_json(&f->out_sized) : json_null(),
                                "better_than_random", (double)f->below / (double)w->settings->folds.random);
    return json_pack(
        "{s:{s:o,s:o,s:I,s:o,s:o},s:{s:o,s:o,s:I,s:o,s:o},s:I,s:s,s:f,s:o,s:o,s:o,s:o,s:I,s:o,s:o}", "train",
        "from", ho_fold_date(f->train_from), "to", ho_fold_date(f->train_to), "days",
        (json_int_t)f->train_days, "stretches", ho_fold_stretches(use, w->folds.days, HO_FOLD_TRAIN),
        "measures", side_json(&f->in), "test", "from", ho_fold_date(f->test_from), "to",
        ho_fold_date(f->test_to), "days", (json_int_t)f->test_days, "stretches",
        ho_fold_stretches(use, w->folds.days, HO_FOLD_TEST), "measures", side_json(&f->out), "size",
        (json_int_t)f->size, "algorithm", f->method, "fitness", f->fitness, "kept_of_expectancy",
        share_json(f->out.mean, f->in.mean), "kept_of_sharpe", share_json(f->out.sharpe, f->in.sharpe),
        "overlap_with_before", ho_json_number(f->overlap), "against", against, "turned_round",
        (json_int_t)f->turned, "portfolio", names_json(w, f), "kelly_lots",
        f->lots != NULL ? ho_json_numbers(f->lots, f->size) : json_null());
}

static json_t *folds_json(const ho_walkforward *w)
{
    json_t *array = json_array();
    for (size_t i = 0; i < w->done; i++) {
        if (!ho_json_append(&array, fold_json(w, i))) break;
    }
    return array;
}

static json_t *equity_json(const double *series, size_t periods)
{
    json_t *array = json_array();
    double equity = 0;
    for (size_t t = 0; t < periods; t++) {
        equity += series[t];
        if (!ho_json_append(&array, json_real(equity))) break;
    }
    return array;
}

/* Of the folds' tests, one after the other. */
static json_t *dates_json(const ho_walkforward *w)
{
    const ho_world *world = &w->world;
    json_t *array = json_array();
    for (size_t i = 0; i < w->done; i++) {
        const uint8_t *use = ho_folds_uses(&w->folds, i);
        for (size_t d = 0; d < world->days; d++) {
            for (size_t t = world->first[d]; use[d] == HO_FOLD_TEST && t < world->first[d + 1]; t++) {
                if (!ho_json_append(&array, ho_fold_date(world->dates[d]))) return array;
            }
        }
    }
    return array;
}

static json_t *rival_json(const ho_joined *j)
{
    return json_pack("{s:o,s:o}", "measures", side_json(&j->side), "equity",
                     equity_json(j->series, j->periods));
}

static json_t *random_json(const ho_walkforward *w)
{
    const size_t n = w->random_count, t = w->joined.periods;
    return json_pack("{s:I,s:I,s:f,s:{s:o,s:o,s:o},s:{s:o,s:o,s:o}}", "count", (json_int_t)n, "below",
                     (json_int_t)w->below, "p_value", w->p_value, "roi_dd_ratio", "5%",
                     ho_json_number(ho_percentile(w->random_ratios, n, .05)), "median",
                     ho_json_number(ho_percentile(w->random_ratios, n, .5)), "95%",
                     ho_json_number(ho_percentile(w->random_ratios, n, .95)), "equity", "5%",
                     ho_json_numbers(w->random_low, t), "median", ho_json_numbers(w->random_mid, t), "95%",
                     ho_json_numbers(w->random_high, t));
}

/* The folds' tests one after the other, and what they are held against. */
static json_t *joined_json(const ho_walkforward *w)
{
    if (w->joined.periods == 0) return json_null();
    json_t *object = json_pack(
        "{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "dates", dates_json(w), "measures", side_json(&w->joined.side),
        "equity", equity_json(w->joined.series, w->joined.periods), "random_portfolios", random_json(w),
        "best_singles", rival_json(&w->top), "all_strategies", rival_json(&w->all), "portfolio_before",
        rival_json(&w->before), "kelly_sized", w->sized.periods > 0 ? rival_json(&w->sized) : json_null());
    if (object == NULL || w->joined_metrics == NULL) return object;
    if (ho_json_metrics(object, w->joined_metrics, w->joined.periods) == 0) return object;
    json_decref(object);
    return NULL;
}

static json_t *paths_json(const ho_walkforward *w)
{
    json_t *array = json_array();
    for (size_t p = 0; p < w->path_count; p++) {
        if (!ho_json_append(&array, rival_json(&w->paths[p]))) break;
    }
    return array;
}

static json_t *kept_json(const ho_kept *k)
{
    return json_pack("{s:f,s:f,s:o,s:o,s:o,s:I,s:o,s:o,s:I}", "expectancy_in", k->mean_in, "expectancy_out",
                     k->mean_out, "share", ho_json_number(k->share), "share_5%", ho_json_number(k->low),
                     "share_95%", ho_json_number(k->high), "stretch", (json_int_t)k->length, "ratio_in",
                     ho_json_number(k->ratio_in), "ratio_out", ho_json_number(k->ratio_out),
                     "folds_without_drawdown", (json_int_t)k->without_drawdown);
}

typedef struct chosen {
    uint32_t strategy, folds;
} chosen;

static int more_first(const void *a, const void *b)
{
    const chosen *x = a, *y = b;
    if (x->folds != y->folds) return x->folds > y->folds ? -1 : 1;
    return (x->strategy > y->strategy) - (x->strategy < y->strategy);
}

static json_t *stability_json(const ho_walkforward *w)
{
    enum { SHOWN = 10 };
    const size_t n = ho_panel_strategies(w->world.input.panel);
    chosen *list = HO_NEW(chosen, n);
    size_t different = 0;
    json_t *often = list != NULL ? json_array() : NULL;
    for (size_t j = 0; list != NULL && j < n; j++)
        list[j].strategy = (uint32_t)j;
    for (size_t i = 0; list != NULL && i < w->done; i++) {
        for (size_t k = 0; k < w->results[i].size; k++)
            different += list[w->results[i].members[k]].folds++ == 0;
    }
    if (list != NULL) qsort(list, n, sizeof *list, more_first);
    for (size_t j = 0; list != NULL && j < n && j < SHOWN && list[j].folds > 1; j++) {
        if (!ho_json_append(&often,
                            json_pack("{s:o,s:I}", "name",
                                      ho_json_text(ho_panel_name(w->world.input.panel, list[j].strategy)),
                                      "folds", (json_int_t)list[j].folds)))
            break;
    }
    free(list);
    return json_pack("{s:o,s:o,s:I,s:o}", "overlap_mean", ho_json_number(w->overlap_mean), "overlap_least",
                     ho_json_number(w->overlap_least), "strategies", (json_int_t)different, "most_often",
                     often);
}

static json_t *chosen_json(const ho_walkforward *w)
{
    return json_pack("{s:o,s:o,s:f,s:f,s:o,s:o}", "value", ho_json_number(w->chosen.value), "probability",
                     ho_json_number(ho_sharpe_probability(&w->chosen, 0)), "trials", w->trials,
                     "deviation_of_trials", w->deviation, "luck", ho_json_number(w->luck), "deflated",
                     ho_json_number(w->deflated));
}

static json_t *overfit_json(const ho_overfit *o)
{
    if (o->count == 0 || o->interrupted) return json_null();
    return json_pack("{s:s,s:I,s:I,s:f,s:f,s:f,s:o}", "measure", "ratio", "blocks", (json_int_t)o->blocks,
                     "splits", (json_int_t)o->count, "probability", o->probability,
                     "probability_average_rank", o->probability_average, "median_rank", o->median_rank,
                     "loss", ho_json_number(o->loss));
}

ho_status ho_walkforward_json(const ho_walkforward *w, json_t **object, ho_error *err)
{
    char *verdict = NULL, *limits = NULL;
    *object = json_null();
    if (w->done == 0) return HO_OK;
    HO_TRY(ho_walkforward_verdict(w, &verdict, &limits, err));
    json_t *made = json_pack(
        "{s:s,s:I,s:I,s:s,s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:f}", "kind",
        w->folds.paths > 0 ? "combinatorial" : "walk-forward", "planned", (json_int_t)w->folds.count, "days",
        (json_int_t)w->world.days, "verdict", verdict, "limits", limits, "kept", kept_json(&w->kept),
        "joined", joined_json(w), "paths", paths_json(w), "folds", folds_json(w), "stability",
        stability_json(w), "lower_half", json_real(w->lower_half), "overfitting", overfit_json(&w->overfit),
        "chosen_sharpe", chosen_json(w), "bands", ho_bands_json(&w->bands, &w->resampler), "deepest",
        w->bands.drawdowns != NULL ? ho_bands_deep_json(&w->bands) : json_null(), "seconds", w->seconds);
    free(verdict);
    free(limits);
    if (made == NULL) return ho_fail_memory(err, 0, "the JSON document");
    *object = made;
    return HO_OK;
}
