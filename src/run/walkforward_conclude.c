/* What all folds say together: their tests laid end to end, held against others, and how much of what training had
 * promised came true. */
#include "base/error.h"
#include "base/memory.h"
#include "panel/panel.h"
#include "run/rivals.h"
#include "run/walkforward.h"
#include "stats/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static ho_status new_joined(size_t periods, ho_joined *j, ho_error *err)
{
    j->series = HO_NEW(double, periods);
    return j->series != NULL ? HO_OK : ho_fail_memory(err, periods * sizeof *j->series, "the folds' tests");
}

typedef enum whose { OWN, TOP, ALL, BEFORE, SIZED } whose;

/* The first fold has no portfolio before it: there it counts as its own. */
static const double *series_of(const ho_fold *f, whose of)
{
    if (of == TOP) return f->top;
    if (of == ALL) return f->all;
    if (of == SIZED) return f->sized;
    return of == BEFORE && f->before != NULL ? f->before : f->series;
}

static ho_status join(const ho_walkforward *w, whose of, ho_joined *j, ho_error *err)
{
    HO_TRY(new_joined(ho_panel_periods(w->world.input.panel), j, err));
    for (size_t i = 0; i < w->done; i++) {
        const ho_fold *f = &w->results[i];
        memcpy(j->series + j->periods, series_of(f, of), f->out.periods * sizeof *j->series);
        j->periods += f->out.periods;
    }
    j->side = ho_side_of(j->series, j->periods);
    return HO_OK;
}

/* Random portfolio i of the whole is random portfolio i of every fold, one after the other. */
static ho_status join_random(ho_walkforward *w, ho_error *err)
{
    const size_t count = (size_t)w->settings->folds.random, periods = w->joined.periods;
    double *equities = ho_new_array(count, periods * sizeof *equities);
    double *series = HO_NEW(double, periods);
    w->random_low = HO_NEW(double, periods);
    w->random_mid = HO_NEW(double, periods);
    w->random_high = HO_NEW(double, periods);
    w->random_ratios = HO_NEW(double, count);
    const bool failed = equities == NULL || series == NULL || w->random_low == NULL ||
                        w->random_mid == NULL || w->random_high == NULL || w->random_ratios == NULL;
    size_t as_good = 0;
    for (size_t i = 0; !failed && i < count; i++) {
        size_t at = 0;
        for (size_t k = 0; k < w->done; k++) {
            const size_t length = w->results[k].out.periods;
            memcpy(series + at, w->results[k].random + i * length, length * sizeof *series);
            at += length;
        }
        const ho_side side = ho_side_of(series, periods);
        w->random_ratios[i] = side.ratio;
        w->below += ho_side_is_better(&w->joined.side, &side);
        as_good += !ho_side_is_better(&w->joined.side, &side);
        ho_equity(series, periods, series);
        for (size_t t = 0; t < periods; t++)
            equities[t * count + i] = series[t];
    }
    for (size_t t = 0; !failed && t < periods; t++) {
        ho_sort_ascending(equities + t * count, count);
        w->random_low[t] = ho_percentile(equities + t * count, count, 0.05);
        w->random_mid[t] = ho_percentile(equities + t * count, count, 0.5);
        w->random_high[t] = ho_percentile(equities + t * count, count, 0.95);
    }
    free(equities);
    free(series);
    if (failed) return ho_fail_memory(err, count * periods * sizeof(double), "random portfolios");
    ho_sort_ascending(w->random_ratios, count);
    w->random_count = count;
    w->p_value = (1 + (double)as_good) / (1 + (double)count);
    return HO_OK;
}

/* Path p: in each group the result of its split there. */
static ho_status make_path(const ho_walkforward *w, size_t p, ho_joined *j, ho_error *err)
{
    const ho_folds *f = &w->folds;
    HO_TRY(new_joined(ho_panel_periods(w->world.input.panel), j, err));
    for (size_t g = 0; g < f->groups; g++) {
        const size_t split = f->path[p * f->groups + g];
        const uint8_t *use = ho_folds_uses(f, split);
        size_t at = 0; /* in the split's test */
        for (size_t d = 0; d < f->first[g]; d++)
            at += use[d] == HO_FOLD_TEST ? w->world.first[d + 1] - w->world.first[d] : 0;
        for (size_t t = w->world.first[f->first[g]]; t < w->world.first[f->first[g + 1]]; t++, at++)
            j->series[j->periods++] = w->results[split].series[at];
    }
    j->side = ho_side_of(j->series, j->periods);
    return HO_OK;
}

static ho_status make_paths(ho_walkforward *w, ho_error *err)
{
    if (w->done < w->folds.count) return HO_OK; /* interrupted */
    w->paths = HO_NEW(ho_joined, w->folds.paths);
    if (w->paths == NULL) return ho_fail_memory(err, w->folds.paths * sizeof *w->paths, "paths");
    for (; w->path_count < w->folds.paths; w->path_count++) {
        const ho_status status = make_path(w, w->path_count, &w->paths[w->path_count], err);
        if (status != HO_OK) {
            w->path_count++; /* what there is of it is freed with the others */
            return status;
        }
    }
    return HO_OK;
}

/* The median ratio of all stretches of `length` periods. */
static double ratio_of_stretches(const double *series, size_t periods, size_t length, double *room)
{
    const size_t count = periods - length + 1;
    for (size_t i = 0; i < count; i++)
        room[i] = ho_side_of(series + i, length).ratio;
    ho_sort_ascending(room, count);
    return ho_percentile(room, count, 0.5);
}

/* The shortest of all trainings and the test: for that long both have a ratio. */
static size_t common_length(const ho_walkforward *w, size_t tested)
{
    size_t length = tested;
    for (size_t i = 0; i < w->done; i++)
        length = w->results[i].in.periods < length ? w->results[i].in.periods : length;
    return length;
}

static ho_status measure_kept(ho_walkforward *w, const ho_joined *tested, ho_error *err)
{
    ho_kept *k = &w->kept;
    size_t longest = tested->periods;
    *k = (ho_kept){.length = common_length(w, tested->periods), .share = NAN, .low = NAN, .high = NAN};
    for (size_t i = 0; i < w->done; i++)
        longest = w->results[i].in.periods > longest ? w->results[i].in.periods : longest;
    double *room = HO_NEW(double, longest), *ratios = HO_NEW(double, w->done);
    if (room == NULL || ratios == NULL) {
        free(room);
        free(ratios);
        return ho_fail_memory(err, longest * sizeof *room, "stretches of periods");
    }
    for (size_t i = 0; i < w->done; i++) {
        const ho_fold *f = &w->results[i];
        ratios[i] = ratio_of_stretches(f->train_series, f->in.periods, k->length, room);
        k->mean_in += f->in.mean / (double)w->done;
        k->without_drawdown += f->in.drawdown < 1;
    }
    ho_sort_ascending(ratios, w->done);
    k->ratio_in = ho_percentile(ratios, w->done, 0.5);
    k->ratio_out = ratio_of_stretches(tested->series, tested->periods, k->length, room);
    k->mean_out = tested->side.mean;
    free(room);
    free(ratios);
    if (!(k->mean_in > 0)) return HO_OK;
    k->share = k->mean_out / k->mean_in;
    if (w->bands.measures == NULL) return HO_OK;
    const ho_band *mean = &w->bands.measures[ho_metric_find("expectancy")];
    k->low = mean->at[0] / k->mean_in;
    k->high = mean->at[HO_BAND_QUANTILES - 1] / k->mean_in;
    return HO_OK;
}

static void measure_overlap(ho_walkforward *w)
{
    double sum = 0;
    w->overlap_least = w->overlap_mean = NAN;
    for (size_t i = 1; i < w->done; i++) {
        sum += w->results[i].overlap;
        w->overlap_least = i == 1 ? w->results[i].overlap : fmin(w->overlap_least, w->results[i].overlap);
    }
    if (w->done > 1) w->overlap_mean = sum / (double)(w->done - 1);
}

/* What the probability of overfitting is, for a search in place of a list of trials. */
static void count_lower_half(ho_walkforward *w)
{
    size_t low = 0;
    for (size_t i = 0; i < w->done; i++)
        low += 2 * w->results[i].below <= (size_t)w->settings->folds.random;
    w->lower_half = (double)low / (double)w->done;
}

static ho_status find_bands(ho_walkforward *w, const ho_joined *tested, ho_error *err)
{
    const ho_fitness_settings *goal = &w->settings->optimize.goal;
    const ho_metric_settings measures = {.periods_per_year = (double)goal->periods_per_year,
                                         .risk_free_rate = goal->risk_free_rate,
                                         .capital = goal->capital,
                                         .minimum_acceptable_return = goal->minimum_acceptable_return};
    const ho_bands_of of = {.series = tested->series,
                            .resampler = &w->resampler,
                            .measures = &measures,
                            .length = tested->periods,
                            .resamples = (size_t)w->settings->folds.resamples,
                            .ruin = w->settings->folds.ruin,
                            .threads = w->base.threads,
                            .cancel = ho_cancel_flag(w->hooks)};
    w->joined_metrics = HO_NEW(double, ho_metric_count());
    if (w->joined_metrics == NULL) return ho_fail_memory(err, 0, "the measures");
    HO_TRY(ho_metrics_of_series(tested->series, tested->periods, &measures, w->joined_metrics, err));
    return ho_bands_make(&of, &w->bands, err);
}

/* Over all strategies: S = 16 blocks of two days at least, fewer where there are fewer days. */
static ho_status find_overfit(ho_walkforward *w, ho_error *err)
{
    enum { BLOCKS = 16, FEWEST = 4 };
    const ho_panel *panel = w->world.input.panel;
    size_t blocks = BLOCKS;
    while (blocks > FEWEST && ho_panel_periods(panel) < 2 * blocks)
        blocks -= 2;
    if (ho_panel_periods(panel) < blocks || ho_panel_strategies(panel) < 2) return HO_OK;
    const ho_overfit_of of = {.x = &panel->values,
                              .measure = HO_BLOCKS_RATIO,
                              .blocks = blocks,
                              .threads = w->base.threads,
                              .cancel = ho_cancel_flag(w->hooks)};
    ho_tell(w->hooks, "overfitting", 0, NAN);
    return ho_overfit_make(&of, &w->overfit, err);
}

ho_status ho_walkforward_conclude(ho_walkforward *w, ho_error *err)
{
    if (w->done == 0) return HO_OK;
    const bool walk = w->folds.paths == 0;
    if (walk) {
        HO_TRY(join(w, OWN, &w->joined, err));
        HO_TRY(join(w, TOP, &w->top, err));
        HO_TRY(join(w, ALL, &w->all, err));
        HO_TRY(join(w, BEFORE, &w->before, err));
        if (w->settings->optimize.kelly.kelly) HO_TRY(join(w, SIZED, &w->sized, err));
        HO_TRY(join_random(w, err));
    } else {
        HO_TRY(make_paths(w, err));
    }
    const ho_joined *tested = walk ? &w->joined : w->path_count > 0 ? &w->paths[0] : NULL;
    measure_overlap(w);
    count_lower_half(w);
    if (tested == NULL) return HO_OK;
    w->resampler = (ho_resampler){.kind = HO_RESAMPLE_STATIONARY,
                                  .periods = tested->periods,
                                  .seed = (uint64_t)w->settings->optimize.seed,
                                  .stream = "out of sample"};
    w->resampler.block = ho_resample_block(tested->series, tested->periods, w->resampler.kind);
    HO_TRY(find_bands(w, tested, err));
    HO_TRY(measure_kept(w, tested, err));
    HO_TRY(find_overfit(w, err));
    return ho_deflate_best(w->world.input.panel, w->base.threads, ho_cancel_flag(w->hooks), &w->strategies,
                           err);
}

/* The standard deviation of random portfolios' ratios. */
static ho_status random_deviation(const ho_optimization *whole, size_t size, uint64_t seed, double *deviation,
                                  ho_error *err)
{
    enum { DRAWS = 1000 };
    const ho_panel *panel = whole->input.panel;
    const size_t periods = ho_panel_periods(panel);
    ho_rng rng = ho_rng_new(seed, "random portfolios", 0);
    ho_urn urn = {.pool = NULL};
    double *series = HO_NEW(double, periods), *ratios = HO_NEW(double, DRAWS);
    uint32_t *members = HO_NEW(uint32_t, size);
    size_t count = 0;
    ho_status status = HO_OK;
    if (series == NULL || ratios == NULL || members == NULL)
        status = ho_fail_memory(err, periods * sizeof *series, "random portfolios");
    if (status == HO_OK) status = ho_urn_make(&whole->selection, ho_panel_strategies(panel), &urn, err);
    for (size_t i = 0; i < DRAWS && status == HO_OK; i++) {
        ho_urn_draw(&urn, &rng, size, members);
        status = ho_portfolio_series(panel, members, size, series, err);
        const ho_sharpe s = ho_sharpe_of(series, periods);
        if (status == HO_OK && !isnan(s.value)) ratios[count++] = s.value;
    }
    if (status == HO_OK) *deviation = ho_moments_of(ratios, count).sd1;
    ho_urn_clear(&urn);
    free(series);
    free(ratios);
    free(members);
    return status;
}

ho_status ho_walkforward_deflate(ho_walkforward *w, const ho_optimization *whole, ho_error *err)
{
    const ho_search_result *best = ho_optimization_best(whole);
    const ho_panel *panel = whole->input.panel;
    double *series = HO_NEW(double, ho_panel_periods(panel));
    if (series == NULL)
        return ho_fail_memory(err, ho_panel_periods(panel) * sizeof *series, "a portfolio's series");
    ho_status status = ho_portfolio_series(panel, best->members, best->size, series, err);
    if (status == HO_OK) w->chosen = ho_sharpe_of(series, ho_panel_periods(panel));
    free(series);
    HO_TRY(status);
    for (size_t i = 0; i < whole->sizes.count; i++) {
        for (size_t a = 0; a < whole->sizes.algorithms; a++) {
            const ho_search_result *r = &whole->sizes.runs[i].results[a];
            w->trials += (double)r->evaluations + (double)r->polish_evaluations;
        }
    }
    HO_TRY(random_deviation(whole, best->size, (uint64_t)w->settings->optimize.seed, &w->deviation, err));
    ho_deflate(&w->chosen, w->trials, w->deviation, &w->luck, &w->deflated);
    return HO_OK;
}
