/* The portfolio objective: the fitness of a set of the panel's strategies, as a search wants it (objective.h). The
 * rupees are held three times: time-major (the panel's own) for scans over candidates, strategy-major for sets and
 * single swaps, and that once more in single precision for many sets at once. Unit columns z are never stored: v is centred, so v . z_j = scale_j * (v . x_j), up to the dust in v's sum
 * that is taken off. */
#include "base/error.h"
#include "base/memory.h"
#include "metrics/objective_parts.h"

#include <math.h>
#include <string.h>

enum { FEATURES = 5, REFRESH = 256 };

static void sum_from_scratch(ho_set_walk *w)
{
    const ho_portfolio_objective *o = w->o;
    o->kernels->sum_columns(&o->columns, w->members, w->size, w->series,
                            w->plan.needs_pairs ? w->units : NULL);
    w->varying = ho_objective_varying(o, w->members, w->size);
    w->swaps = 0;
    ho_falls_forget(w);
}

static void set(void *walk, const uint32_t *members)
{
    ho_set_walk *w = walk;
    const ho_near_duplicates *near = &w->o->rule.fitness.near;
    if (w->is_set) ho_near_count(near, w->members, w->size, -1, w->clusters);
    memcpy(w->members, members, w->size * sizeof *members);
    ho_near_count(near, w->members, w->size, 1, w->clusters);
    w->is_set = true;
    sum_from_scratch(w);
}

/* to[t] = from[t] with one member out and one in; the same for the unit sums where they are wanted. */
static void exchange(const ho_set_walk *w, uint32_t out, uint32_t in, double *series, double *units)
{
    const ho_portfolio_objective *o = w->o;
    const double *xo = ho_matrix_row(&o->by_strategy, out), *xi = ho_matrix_row(&o->by_strategy, in);
    for (size_t t = 0; t < ho_objective_periods(o); t++)
        series[t] = w->series[t] - xo[t] + xi[t];
    if (!w->plan.needs_pairs) return;
    const double mo = o->mean[out], so = o->scale[out], mi = o->mean[in], si = o->scale[in];
    for (size_t t = 0; t < ho_objective_periods(o); t++)
        units[t] = w->units[t] - (xo[t] - mo) * so + (xi[t] - mi) * si;
}

static void swap(void *walk, size_t slot, uint32_t in)
{
    ho_set_walk *w = walk;
    uint32_t out = w->members[slot];
    ho_near_count(&w->o->rule.fitness.near, &out, 1, -1, w->clusters);
    ho_near_count(&w->o->rule.fitness.near, &in, 1, 1, w->clusters);
    w->members[slot] = in;
    w->varying += ho_objective_varies(w->o, in) - ho_objective_varies(w->o, out);
    if (++w->swaps >= REFRESH) /* rounding must not pile up */
        sum_from_scratch(w);
    else {
        exchange(w, out, in, w->series, w->units);
        ho_falls_swapped(w, out, in);
    }
}

/* The whole value of the set after the swap. */
static double score_swapped(ho_set_walk *w, size_t slot, uint32_t in)
{
    ho_members_swapped(w->members, w->size, slot, in, w->swapped);
    return ho_objective_score(w, w->swapped, w->size);
}

static double probe(void *walk, size_t slot, uint32_t in)
{
    ho_set_walk *w = walk;
    const ho_portfolio_objective *o = w->o;
    uint32_t out = w->members[slot];
    if (!o->rule.exact) return score_swapped(w, slot, in);
    exchange(w, out, in, w->scratch, w->scratch_units);
    const double *units = w->plan.needs_pairs ? w->scratch_units : NULL;
    ho_set_facts f = ho_walk_series(&w->plan, w->scratch, units, ho_objective_periods(o));
    if (w->plan.needs_pairs) f.pairs -= w->varying + ho_objective_varies(o, in) - ho_objective_varies(o, out);
    double value = w->blocks.count > 0 ? ho_objective_blocks_value(&w->blocks, &w->plan, w->scratch, f.pairs)
                                       : ho_fitness_value(&w->plan, &f);
    if (isnan(value)) value = -INFINITY;
    if (o->rule.fitness.balance.label == NULL && w->clusters == NULL) return value;
    ho_members_swapped(w->members, w->size, slot, in, w->swapped);
    return value - ho_balance_penalty(&o->rule.fitness.balance, w->swapped, w->size) -
           ho_near_penalty(&o->rule.fitness.near, w->swapped, w->size);
}

static void close_walk(void **walk)
{
    ho_set_walk *w = *walk;
    if (w == NULL) return;
    free(w->members);
    free(w->series);
    free(w->bases);
    free(w->room);
    free(w->swapped);
    free(w->label_penalty);
    free(w->near_without);
    free(w->clusters);
    free(w->left);
    free(w->leavings);
    ho_sieve_room_free(&w->sieve);
    ho_device_room_free(&w->on_device);
    ho_falls_room_free(&w->falls);
    free(w);
    *walk = NULL;
}

static ho_status open_walk(const void *data, size_t size, void **walk, ho_error *err)
{
    const ho_portfolio_objective *o = data;
    size_t periods = ho_objective_periods(o);
    ho_set_walk *w = HO_NEW(ho_set_walk, 1);
    if (w == NULL) return ho_fail_memory(err, sizeof *w, "a searcher's memory");
    w->o = o;
    w->size = size;
    w->plan = ho_fitness_plan_new(&o->rule, size, periods);
    w->smooth = w->plan;
    w->smooth.halved_below = 0;
    w->blocks = ho_blocks_plan_new(&o->rule.fitness.blocks, periods);
    w->members = HO_NEW(uint32_t, size);
    w->swapped = HO_NEW(uint32_t, size);
    w->label_penalty = ho_new_array(size, (o->rule.fitness.balance.labels + 1) * sizeof(double));
    w->near_without = HO_NEW(double, size);
    if (o->rule.fitness.near.cluster != NULL) w->clusters = HO_NEW(uint32_t, o->panel->values.columns);
    w->series = HO_NEW(double, 4 * periods);
    w->bases = HO_NEW(double, size *(2 * periods + 1));
    w->leavings = HO_NEW(ho_left, size);
    w->room = HO_NEW(float, ho_objective_room(o));
    w->left = HO_NEW(bool, size);
    if (w->members == NULL || w->series == NULL || w->bases == NULL || w->room == NULL ||
        w->swapped == NULL || w->label_penalty == NULL || w->left == NULL || w->leavings == NULL ||
        w->near_without == NULL || (w->clusters == NULL && o->rule.fitness.near.cluster != NULL)) {
        void *failed = w;
        close_walk(&failed);
        return ho_fail_memory(err, 2 * size * periods * sizeof(double), "a searcher's memory");
    }
    w->units = w->series + periods;
    w->scratch = w->series + 2 * periods;
    w->scratch_units = w->series + 3 * periods;
    w->vs = w->bases + size * periods;
    w->pairs = w->vs + size * periods;
    ho_status status = o->sieve.x != NULL ? ho_sieve_room_new(o, size, &w->sieve, err) : HO_OK;
    if (status == HO_OK) status = ho_device_room_new(o, size, &w->on_device, err);
    if (status == HO_OK) status = ho_falls_room_new(o, &w->falls, err);
    if (status != HO_OK) {
        void *failed = w;
        close_walk(&failed);
        return status;
    }
    *walk = w;
    return HO_OK;
}

void ho_portfolio_objective_free(ho_portfolio_objective **objective)
{
    ho_portfolio_objective *o = *objective;
    if (o == NULL) return;
    ho_device_columns_drop(&o->on_device);
    ho_device_columns_drop(&o->sets_on_device);
    ho_matrix_free(&o->by_strategy);
    ho_copies_free(&o->copies);
    ho_objective_free_sieve(o);
    ho_objective_free_falls(o);
    free(o->mean);
    free(o->scale);
    free(o->floats);
    free(o);
    *objective = NULL;
}

static ho_status fill(ho_portfolio_objective *o, int threads, ho_error *err)
{
    size_t strategies = o->panel->values.columns;
    o->mean = HO_NEW(double, strategies);
    o->scale = HO_NEW(double, strategies);
    if (o->mean == NULL || o->scale == NULL)
        return ho_fail_memory(err, 2 * strategies * sizeof *o->mean, "the objective");
    HO_TRY(ho_kernels_choose(&o->kernels, err));
    HO_TRY(ho_matrix_transpose(&o->panel->values, threads, &o->by_strategy, err));
    ho_panel_scales(o->panel, threads, o->mean, o->scale);
    o->columns = (ho_columns){.data = o->by_strategy.data,
                              .stride = o->by_strategy.stride,
                              .periods = o->by_strategy.columns,
                              .mean = o->mean,
                              .scale = o->scale};
    HO_TRY(ho_objective_make_floats(o, threads, err));
    const bool sieves = ho_objective_may_sieve(o);
    /* equal columns may have different labels, and what is scored one by one gains nothing */
    if (o->rule.exact && o->rule.fitness.balance.label == NULL && o->rule.fitness.near.cluster == NULL)
        HO_TRY(ho_copies_find(&o->panel->values, &o->columns, !sieves, threads, &o->copies, err));
    HO_TRY(ho_objective_make_falls(o, err));
    return sieves ? ho_objective_make_sieve(o, threads, err) : HO_OK;
}

/* The kernels' sets know the plain walk and its counts. */
static bool scores_many(const ho_portfolio_objective *o)
{
    const ho_fitness_rule *r = &o->rule;
    return o->floats != NULL && r->exact && r->level <= HO_WALK_COUNTS && r->fitness.balance.label == NULL &&
           r->fitness.near.cluster == NULL && r->fitness.blocks.count == 0;
}

ho_status ho_portfolio_objective_new(const ho_panel *panel, const ho_fitness *fitness, int threads,
                                     ho_portfolio_objective **objective, ho_error *err)
{
    ho_portfolio_objective *o = HO_NEW(ho_portfolio_objective, 1);
    if (o == NULL) return ho_fail_memory(err, sizeof *o, "the objective");
    o->panel = panel;
    o->rule = ho_fitness_rule_new(fitness);
    ho_status status = fill(o, threads, err);
    if (status != HO_OK) {
        ho_portfolio_objective_free(&o);
        return status;
    }
    const bool smoothed = ho_objective_is_smoothed(o);
    o->table = (ho_objective){.candidates = panel->values.columns,
                              .features = FEATURES,
                              .data = o,
                              .open = open_walk,
                              .close = close_walk,
                              .score = ho_objective_score,
                              .describe = ho_objective_describe,
                              .set = set,
                              .swap = swap,
                              .probe = probe,
                              .scan = ho_objective_scan,
                              .scan_above = o->falls.prefix != NULL ? ho_objective_scan_above : NULL,
                              .smooth = smoothed ? ho_objective_smooth : NULL,
                              .scan_smooth = smoothed ? ho_objective_scan_smooth : NULL,
                              .score_many = scores_many(o) ? ho_objective_score_many : NULL,
                              .distinct = o->copies.distinct};
    *objective = o;
    return HO_OK;
}

const ho_objective *ho_portfolio_objective_table(const ho_portfolio_objective *objective)
{
    return &objective->table;
}

/* A cluster's number among the chosen ones: the first of them that is in it. */
static uint32_t first_of_cluster(const uint32_t *cluster, const uint32_t *members, size_t k)
{
    uint32_t first = 0;
    while (cluster[members[first]] != cluster[members[k]])
        first++;
    return first;
}

ho_status ho_portfolio_fitness(const ho_panel *panel, const ho_fitness *fitness, const uint32_t *members,
                               size_t count, double *value, ho_error *err)
{
    ho_panel *chosen = NULL;
    ho_portfolio_objective *o = NULL;
    void *walk = NULL;
    HO_TRY(ho_panel_choose(panel, members, count, &chosen, err));
    uint32_t *all = HO_NEW(uint32_t, count);
    int32_t *label = HO_NEW(int32_t, count);
    uint32_t *cluster = HO_NEW(uint32_t, count);
    ho_fitness of_chosen = *fitness;
    ho_status status = HO_OK;
    if (all == NULL || label == NULL || cluster == NULL)
        status = ho_fail_memory(err, count * sizeof *all, "a portfolio");
    for (size_t k = 0; k < count && status == HO_OK && fitness->near.cluster != NULL; k++) {
        cluster[k] = first_of_cluster(fitness->near.cluster, members, k);
        of_chosen.near.cluster = cluster;
    }
    for (size_t k = 0; k < count && status == HO_OK && fitness->balance.label != NULL; k++) {
        label[k] = fitness->balance.label[members[k]];
        of_chosen.balance.label = label;
    }
    if (status == HO_OK) status = ho_portfolio_objective_new(chosen, &of_chosen, 1, &o, err);
    if (status == HO_OK) status = open_walk(o, count, &walk, err);
    if (status == HO_OK) {
        for (uint32_t k = 0; k < count; k++)
            all[k] = k;
        *value = ho_objective_score(walk, all, count);
    }
    close_walk(&walk);
    ho_portfolio_objective_free(&o);
    ho_panel_free(&chosen);
    free(all);
    free(label);
    free(cluster);
    return status;
}
