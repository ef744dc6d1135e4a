#include "run/bound_goal.h"

#include "metrics/fitness.h"

static const char *legacy_goal(const ho_fitness_plan *plan, double periods, ho_bound_goal *g)
{
    switch (plan->rule->fitness.metric) {
    case HO_LEGACY_RATIO:
        g->gain_rate = 100;
        g->loss_rate = 10;
        return NULL;
    case HO_LEGACY_ROI:
        g->shape = HO_BOUND_TOTAL;
        g->factor = 1;
        return NULL;
    case HO_LEGACY_LESS_MAX_DD:
        g->shape = HO_BOUND_DEPTH;
        return NULL;
    case HO_LEGACY_PROFIT_FACTOR: /* gains / losses = 1 + total / losses */
        g->depth = HO_DEPTH_LOSSES;
        g->constant = 1;
        return NULL;
    case HO_LEGACY_EXPECTANCY: /* flat periods count as losses: it is never above the mean of a period */
        g->shape = HO_BOUND_TOTAL;
        g->factor = 1 / periods;
        return NULL;
    case HO_LEGACY_WIN_PERCENTAGE:
        break;
    }
    return "the share of winning periods is no concave function of the members";
}

const char *ho_bound_goal_of(const ho_fitness *fitness, size_t size, size_t periods, ho_bound_goal *goal)
{
    const ho_fitness_rule rule = ho_fitness_rule_new(fitness);
    const ho_fitness_plan of_sum = ho_fitness_plan_new(&rule, size, periods);
    const ho_fitness_plan plan = ho_fitness_plan_divided(&of_sum);
    *goal = (ho_bound_goal){.shape = HO_BOUND_QUOTIENT,
                            .depth = plan.start_peak < 0 ? HO_DEPTH_FROM_FIRST : HO_DEPTH_FROM_ZERO,
                            .divisor = of_sum.scale,
                            .none = plan.no_drawdown,
                            .pair_weight = plan.pair_weight,
                            .halved_below = plan.halved_below};
    const bool whole = fitness->blocks.count == 0 && fitness->near.cluster == NULL;
    if (!rule.by_facts && rule.exact && whole && fitness->balance.label == NULL &&
        fitness->kind != HO_FITNESS_ZONE) {
        if (fitness->kind == HO_FITNESS_LEGACY) return legacy_goal(&plan, (double)periods, goal);
        goal->gain_rate = 100;
        goal->loss_rate = 10;
        return NULL;
    }
    return "nobody has written one for this fitness";
}
