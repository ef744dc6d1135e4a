/* A fitness over blocks of the periods: where they lie, and what their values come to together. */
#ifndef HO_METRICS_FITNESS_BLOCKS_H
#define HO_METRICS_FITNESS_BLOCKS_H

#include "metrics/fitness.h"

typedef struct ho_blocks_plan {
    size_t count; /* 0: the whole */
    size_t first[HO_FITNESS_BLOCKS_MOST + 1];
    double weight[HO_FITNESS_BLOCKS_MOST]; /* of the mean; 1 in all */
    ho_blocks_take take;
    double quantile;
    bool own_drawdown;
} ho_blocks_plan;

/* Where there are fewer periods than blocks, each is a block. */
ho_blocks_plan ho_blocks_plan_new(const ho_fitness_blocks *blocks, size_t periods);

/* The plan of one block: the metric alone, without a penalty on correlation. */
ho_fitness_plan ho_blocks_part(const ho_fitness_plan *plan, const ho_blocks_plan *blocks, size_t block);

/* Candidates side by side. */
enum { HO_BLOCKS_WIDTH = 96 };

/* One number of the blocks' values, for each of `count` candidates: values[b][i] is candidate i's in block b. The rows
 * may be put in another order. */
void ho_blocks_values(const ho_blocks_plan *blocks, double (*values)[HO_BLOCKS_WIDTH], size_t count,
                      double *out);

/* The penalty on the sum of correlations, by the deepest drawdown of a block. */
double ho_blocks_penalty(const ho_fitness_plan *plan, double pairs, double deepest);

#endif
