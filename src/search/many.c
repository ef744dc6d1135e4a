/* Valuing many sets at once, near their true values, and making sure that the best so far is none the less true. */
#include "search/core.h"

#include <math.h>
#include <string.h>

/* Far above what the values of score_many are wrong by, and small enough that few sets need to be confirmed. */
static const double margin = 1e-4;

/* A value from score_many that may stand for one above the best so far. */
static bool could_be_best(const struct ho_search_core *c, double value)
{
    if (value >= c->best_value) return value > (double)-INFINITY;
    return isfinite(c->best_value) && value >= c->best_value - margin * fabs(c->best_value);
}

/* The true value of the set c->batch[0..K-1 of it], which has been counted as one of many. */
static double confirm(ho_search *s, const uint32_t *set)
{
    struct ho_search_core *c = s->core;
    ho_members_sort(set, c->total, c->trial);
    if (c->has_best && ho_members_compare(c->trial, c->best, c->total) == 0) return c->best_value;
    memcpy(c->trial, set + c->fixed, s->size * sizeof *set);
    return ho_search_score(s, c->trial);
}

/* How many sets to value next: what the work left pays for, and one at least. */
static size_t next_count(const ho_search *s, size_t wanted, int64_t cost)
{
    const int64_t affordable = (ho_search_work_left(s) + cost - 1) / cost;
    if (wanted > HO_SEARCH_BATCH) wanted = HO_SEARCH_BATCH;
    return (int64_t)wanted > affordable ? (size_t)affordable : wanted;
}

/* The sets with their includes; where there are none, as they are. */
static const uint32_t *join_many(ho_search *s, const uint32_t *sets, size_t count)
{
    struct ho_search_core *c = s->core;
    if (c->fixed == 0) return sets;
    for (size_t i = 0; i < count; i++) {
        memcpy(c->batch + i * c->total, c->members, c->fixed * sizeof *sets);
        memcpy(c->batch + i * c->total + c->fixed, sets + i * s->size, s->size * sizeof *sets);
    }
    return c->batch;
}

static void score_batch(ho_search *s, const uint32_t *sets, size_t count, double *values)
{
    struct ho_search_core *c = s->core;
    float near[HO_SEARCH_BATCH];
    const uint32_t *joined = join_many(s, sets, count);
    c->objective->score_many(c->walk, joined, c->total, count, near);
    ho_search_count(s, (int64_t)count, HO_WORK_SET);
    for (size_t i = 0; i < count; i++) {
        values[i] = isnan(near[i]) ? (double)-INFINITY : (double)near[i];
        if (could_be_best(c, values[i])) values[i] = confirm(s, joined + i * c->total);
    }
}

static size_t none_for_the_rest(double *values, size_t valued, size_t count)
{
    for (size_t i = valued; i < count; i++)
        values[i] = -INFINITY;
    return valued;
}

size_t ho_search_score_many(ho_search *s, const uint32_t *sets, size_t count, double *values)
{
    size_t valued = 0;
    while (valued < count && !ho_search_done(s)) {
        const uint32_t *from = sets + valued * s->size;
        size_t now = 1;
        if (s->core->objective->score_many == NULL) {
            values[valued] = ho_search_score(s, from);
        } else {
            now = next_count(s, count - valued, HO_WORK_SET);
            score_batch(s, from, now, values + valued);
        }
        valued += now;
    }
    return none_for_the_rest(values, valued, count);
}

size_t ho_search_score_singles(ho_search *s, const uint32_t *candidates, size_t count, double *values)
{
    struct ho_search_core *c = s->core;
    float near[HO_SEARCH_BATCH];
    size_t valued = 0;
    while (valued < count && !ho_search_done(s)) {
        size_t now = 1;
        if (c->objective->score_many == NULL) {
            values[valued] = ho_search_score_single(s, candidates[valued]);
        } else {
            now = next_count(s, count - valued, HO_WORK_SINGLE);
            c->objective->score_many(c->walk, candidates + valued, 1, now, near);
            ho_search_count(s, (int64_t)now, HO_WORK_SINGLE);
            for (size_t i = 0; i < now; i++)
                values[valued + i] = isnan(near[i]) ? (double)-INFINITY : (double)near[i];
        }
        valued += now;
    }
    return none_for_the_rest(values, valued, count);
}
