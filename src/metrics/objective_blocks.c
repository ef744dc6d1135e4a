/* Sets valued block by block, and what near-duplicates among their members cost. */
#include "metrics/objective_parts.h"

#include <math.h>

/* Ratios over one drawdown are in the order of their sums: these are taken together, and divided once. */
static bool takes_sums(const ho_fitness_plan *plan, const ho_blocks_plan *blocks)
{
    return plan->is_ratio && !blocks->own_drawdown;
}

double ho_objective_blocks_value(const ho_blocks_plan *blocks, const ho_fitness_plan *plan, const double *r,
                                 double pairs)
{
    double values[HO_FITNESS_BLOCKS_MOST][HO_BLOCKS_WIDTH], deepest = 0, value;
    const bool sums = takes_sums(plan, blocks);
    for (size_t b = 0; b < blocks->count; b++) {
        const ho_fitness_plan part = ho_blocks_part(plan, blocks, b);
        const ho_set_facts f =
            ho_walk_series(&part, r + blocks->first[b], NULL, blocks->first[b + 1] - blocks->first[b]);
        values[b][0] = sums ? f.sum : ho_fitness_bare_value(&part, &f);
        deepest = f.drawdown > deepest ? f.drawdown : deepest;
    }
    ho_blocks_values(blocks, values, 1, &value);
    if (sums) {
        const ho_fitness_plan part = ho_blocks_part(plan, blocks, 0);
        const ho_set_facts f = {.sum = value, .drawdown = deepest};
        value = ho_fitness_bare_value(&part, &f);
    }
    return value - ho_blocks_penalty(plan, pairs, deepest);
}

void ho_objective_scan_blocks(const ho_set_walk *w, const ho_scan *scan, ho_walk_kernel *walk, size_t count,
                              const ho_walked *walked, double *deepest, double *values)
{
    const ho_blocks_plan *blocks = &w->blocks;
    const bool sums = takes_sums(&w->plan, blocks);
    double each[HO_FITNESS_BLOCKS_MOST][HO_BLOCKS_WIDTH], dot[HO_BLOCKS_WIDTH] = {0};
    for (size_t i = 0; i < count; i++)
        deepest[i] = 0;
    for (size_t b = 0; b < blocks->count; b++) {
        const ho_fitness_plan part = ho_blocks_part(&w->plan, blocks, b);
        ho_walked into = *walked;
        ho_scan here = *scan;
        here.periods = blocks->first[b + 1] - blocks->first[b];
        here.x = scan->x + blocks->first[b] * scan->stride;
        here.base = scan->base + blocks->first[b];
        if (scan->v != NULL) here.v = scan->v + blocks->first[b];
        if (sums) into.sum = each[b];
        walk(&here, count, &into);
        if (!sums) ho_fitness_values(&part, &into, 0, count, each[b]);
        for (size_t i = 0; i < count; i++)
            deepest[i] = walked->drawdown[i] > deepest[i] ? walked->drawdown[i] : deepest[i];
        for (size_t i = 0; scan->v != NULL && i < count; i++)
            dot[i] += walked->dot[i];
    }
    for (size_t i = 0; scan->v != NULL && i < count; i++)
        walked->dot[i] = dot[i];
    ho_blocks_values(blocks, each, count, values);
    if (!sums) return;
    const ho_fitness_plan part = ho_blocks_part(&w->plan, blocks, 0);
    ho_fitness_values(&part, &(ho_walked){.sum = values, .drawdown = deepest}, 0, count, values);
}

void ho_objective_penalize_blocks(const ho_set_walk *w, double pairs, const ho_walked *walked,
                                  const double *deepest, size_t count, double *values)
{
    for (size_t i = 0; i < count; i++) {
        const double of_all = w->plan.needs_pairs ? pairs + 2 * walked->dot[i] : 0;
        values[i] -= ho_blocks_penalty(&w->plan, of_all, deepest[i]);
        if (isnan(values[i])) values[i] = -INFINITY;
    }
}

static bool is_taken(const uint32_t *cluster, const uint32_t *members, size_t count, uint32_t wanted)
{
    for (size_t k = 0; k < count; k++) {
        if (cluster[members[k]] == wanted) return true;
    }
    return false;
}

double ho_near_penalty(const ho_near_duplicates *near, const uint32_t *members, size_t count)
{
    double again = 0;
    for (size_t k = 1; near->cluster != NULL && k < count; k++)
        again += is_taken(near->cluster, members, k, near->cluster[members[k]]) ? 1 : 0;
    return again * near->penalty;
}

void ho_near_count(const ho_near_duplicates *near, const uint32_t *members, size_t count, int change,
                   uint32_t *counts)
{
    for (size_t k = 0; near->cluster != NULL && k < count; k++)
        counts[near->cluster[members[k]]] += (uint32_t)change;
}
