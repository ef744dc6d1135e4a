/* A fitness from the facts of a walk: what a scan and a score share. Formulas: docs/METRICS.md. */
#ifndef HO_METRICS_FITNESS_H
#define HO_METRICS_FITNESS_H

#include "kernels/kernels.h"

#include <heavyopt/metrics.h>
#include <stdbool.h>

/* Facts of the sum series of a set of `size` members over `periods` periods. pairs is the sum of the correlations
 * over ordered pairs: ||sum of unit columns||^2 less the number of members with variance. What a fitness does not
 * need may be left 0. */
typedef struct ho_set_facts {
    double sum, drawdown, wins, losses, gain, loss, pairs;
} ho_set_facts;

/* A fitness with the set's size worked in: the constants of one search. */
typedef struct ho_fitness_plan {
    ho_fitness fitness;
    double size, periods;
    double pair_weight; /* the fitness falls by pair_weight * pairs; 0: no penalty */
    bool needs_pairs, needs_counts, is_ratio;
    double start_peak;   /* of the drawdown walk */
    double scale;        /* what the sum series is divided by before the fitness looks at it: size or 1 */
    double no_drawdown;  /* a drawdown of the sum series up to this counts as none */
    double halved_below; /* a drawdown of the sum series under this halves the penalty */
} ho_fitness_plan;

ho_fitness_plan ho_fitness_plan_new(const ho_fitness *fitness, size_t size, size_t periods);

/* The plan for facts of the series that the definition names: the sum series divided by the plan's scale. */
ho_fitness_plan ho_fitness_plan_divided(const ho_fitness_plan *of_sum);

/* The value; -INFINITY where it would be NaN. */
double ho_fitness_value(const ho_fitness_plan *plan, const ho_set_facts *facts);

/* The values of `count` walked candidates; candidate i has the pairs `pairs` + 2 dot[i] (its own square and its own
 * variance cancel). The same bits as ho_fitness_value. */
void ho_fitness_values(const ho_fitness_plan *plan, const ho_walked *walked, double pairs, size_t count,
                       double *values);

#endif
