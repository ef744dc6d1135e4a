/* A fitness from the facts of a walk: what a scan and a score share. Formulas: docs/METRICS.md. */
#ifndef HO_METRICS_FITNESS_H
#define HO_METRICS_FITNESS_H

#include "kernels/kernels.h"
#include "metrics/facts.h"

#include <stdbool.h>

/* Facts of the sum series of a set of `size` members over `periods` periods, as the kernels walk it. pairs is the sum
 * of the correlations over ordered pairs: ||sum of unit columns||^2 less the number of members with variance. What a
 * fitness does not need may be left 0. */
typedef struct ho_set_facts {
    double sum, drawdown, wins, losses, gain, loss, pairs;
    double low, high, square, shortfall;
} ho_set_facts;

/* How much of a walk a fitness needs: the kernels' scan, scan_counts, scan_spread. */
typedef enum ho_walk_level { HO_WALK_PLAIN, HO_WALK_COUNTS, HO_WALK_SPREAD } ho_walk_level;

/* A measure in a weighted fitness. */
typedef struct ho_fitness_term {
    double (*value)(const ho_facts *f);
    double weight;
    bool is_drawdown; /* counts as 1 / (1 + measure) */
} ho_fitness_term;

/* A fitness made ready once for all sizes. */
typedef struct ho_fitness_rule {
    ho_fitness fitness;
    ho_walk_level level;
    bool by_facts;   /* its value is made of measures of the sum series */
    bool walked;     /* a walk gives all that the value, or at least a bound above it, is made of */
    bool exact;      /* what the walk gives is the value itself */
    bool first_peak; /* where the drawdown walk starts */
    double hurdle;   /* of the walk's shortfall */
    size_t terms;
    ho_fitness_term term[HO_FITNESS_WEIGHTS_MOST];
    double (*kelly)(const ho_facts *f), (*sharpe)(const ho_facts *f), (*sortino)(const ho_facts *f);
} ho_fitness_rule;

ho_fitness_rule ho_fitness_rule_new(const ho_fitness *fitness);

/* Adds what a weighted fitness needs of the walk. */
void ho_fitness_rule_terms(ho_fitness_rule *rule);

/* A rule with the set's size worked in: the constants of one search. */
typedef struct ho_fitness_plan {
    const ho_fitness_rule *rule; /* borrowed */
    double size, periods;
    double pair_weight; /* the fitness falls by pair_weight * pairs; 0: no penalty */
    bool needs_pairs, is_ratio;
    bool only_positive_pairs; /* a negative sum of correlations is no bonus */
    double start_peak;        /* of the drawdown walk */
    double scale;        /* what the sum series is divided by before the fitness looks at it: size or 1 */
    double no_drawdown;  /* a drawdown of the sum series up to this counts as none */
    double halved_below; /* a drawdown of the sum series under this halves the penalty */
} ho_fitness_plan;

ho_fitness_plan ho_fitness_plan_new(const ho_fitness_rule *rule, size_t size, size_t periods);

/* The plan for facts of the series that the definition names: the sum series divided by the plan's scale. */
ho_fitness_plan ho_fitness_plan_divided(const ho_fitness_plan *of_sum);

/* What the walk gives of the value: without a penalty on pairs of |correlation| or on the value at risk, and without an
 * adjustment for Sharpe. It may be NaN. */
double ho_fitness_bare_value(const ho_fitness_plan *plan, const ho_set_facts *facts);

/* The value that the walk gives, or a bound above the value where the rule is not exact; -INFINITY where it would be
 * NaN. */
double ho_fitness_value(const ho_fitness_plan *plan, const ho_set_facts *facts);

/* The values of `count` walked candidates; candidate i has the pairs `pairs` + 2 dot[i] (its own square and its own
 * variance cancel). The same bits as ho_fitness_value. */
void ho_fitness_values(const ho_fitness_plan *plan, const ho_walked *walked, double pairs, size_t count,
                       double *values);

/* The value of a rule by facts, from all facts of the sum series; it may be NaN. */
double ho_fitness_of_facts(const ho_fitness_rule *rule, const ho_facts *facts);

/* The same from what a walk knows: a bound above the value where the rule is not exact. */
double ho_fitness_of_walk(const ho_fitness_rule *rule, double periods, const ho_set_facts *walk);

/* A fitness that is adjusted for its Sharpe ratio. */
double ho_fitness_adjusted(double value, double sharpe);

#endif
