#include "metrics/fitness_blocks.h"

#include <math.h>

ho_blocks_plan ho_blocks_plan_new(const ho_fitness_blocks *blocks, size_t periods)
{
    ho_blocks_plan p = {.count = blocks->count < periods ? blocks->count : periods,
                        .take = blocks->take,
                        .quantile = blocks->quantile,
                        .own_drawdown = blocks->own_drawdown};
    double sum = 0;
    for (size_t b = 0; b < p.count; b++) {
        p.first[b + 1] = p.first[b] + periods / p.count + (b < periods % p.count ? 1 : 0);
        const double age = (double)(p.count - 1 - b);
        p.weight[b] = blocks->half_life > 0 ? exp2(-age / blocks->half_life) : 1;
        sum += p.weight[b];
    }
    for (size_t b = 0; b < p.count; b++)
        p.weight[b] /= sum;
    return p;
}

ho_fitness_plan ho_blocks_part(const ho_fitness_plan *plan, const ho_blocks_plan *blocks, size_t block)
{
    ho_fitness_plan part = *plan;
    part.periods = (double)(blocks->first[block + 1] - blocks->first[block]);
    part.needs_pairs = false;
    part.pair_weight = 0;
    return part;
}

/* Smaller values go to the row before, candidate by candidate. */
static void exchange(double *restrict before, double *restrict after, size_t count)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const double a = before[i], b = after[i];
        before[i] = b < a ? b : a;
        after[i] = b < a ? a : b;
    }
}

/* Bubbles up as many of the smallest as the quantile needs. */
static void take_quantile(const ho_blocks_plan *p, double (*values)[HO_BLOCKS_WIDTH], size_t count,
                          double *out)
{
    double h = (double)(p->count - 1) * p->quantile;
    if (fabs(h - round(h)) < 1e-9) h = round(h);
    const size_t k = (size_t)h, last = k + 1 < p->count ? k + 1 : k;
    const double part = h - (double)k;
    for (size_t row = 0; row <= last; row++) {
        for (size_t b = p->count - 1; b > row; b--)
            exchange(values[b - 1], values[b], count);
    }
    for (size_t i = 0; i < count; i++)
        out[i] = part > 0 ? values[k][i] + part * (values[last][i] - values[k][i]) : values[k][i];
}

void ho_blocks_values(const ho_blocks_plan *p, double (*values)[HO_BLOCKS_WIDTH], size_t count, double *out)
{
    if (p->take == HO_TAKE_QUANTILE) {
        take_quantile(p, values, count, out);
        return;
    }
    const bool least = p->take == HO_TAKE_MINIMUM;
    for (size_t i = 0; i < count; i++)
        out[i] = least ? values[0][i] : p->weight[0] * values[0][i];
    for (size_t b = 1; b < p->count; b++) {
        const double weight = p->weight[b];
        const double *row = values[b];
        for (size_t i = 0; i < count; i++)
            out[i] = least ? (row[i] < out[i] ? row[i] : out[i]) : out[i] + weight * row[i];
    }
}

double ho_blocks_penalty(const ho_fitness_plan *plan, double pairs, double deepest)
{
    if (!plan->needs_pairs) return 0;
    const double counted = plan->only_positive_pairs && pairs < 0 ? 0 : pairs;
    return plan->pair_weight * counted * (deepest < plan->halved_below ? 0.5 : 1.0);
}
