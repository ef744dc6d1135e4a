#include "metrics/fitness.h"

#include "metrics/measures.h"

#include <math.h>
#include <stdlib.h>

/* Drawdowns up to a millionth of a rupee count as none: the old system's rule, kept absolute. */
static const double no_drawdown_rupees = 1e-6;
static const double zone_pair_weight = .5;

/* Builds for tests can plant a fault here, for `validate` to find. */
static double legacy_pair_weight(void)
{
    const double weight = 10;
#if defined(HO_INJECT)
    if (getenv("HEAVYOPT_PLANTED_FAULT") != NULL) return -weight;
#endif
    return weight;
}

const char *ho_fitness_kind_name(ho_fitness_kind kind)
{
    static const char *const names[HO_FITNESS_KINDS] = {"legacy",    "ratio",  "weighted", "enhanced",
                                                        "penalised", "hybrid", "zone"};
    return kind < HO_FITNESS_KINDS ? names[kind] : NULL;
}

static double (*measure_of(const char *key))(const ho_facts *)
{
    return ho_measure_at((size_t)ho_metric_find(key))->value;
}

static bool is_of_mean(const ho_fitness *f)
{
    return f->kind == HO_FITNESS_LEGACY || f->kind == HO_FITNESS_ZONE ||
           (f->kind == HO_FITNESS_RATIO && f->convention == HO_CONVENTION_LEGACY);
}

ho_fitness_rule ho_fitness_rule_new(const ho_fitness *fitness)
{
    const ho_fitness *f = fitness;
    ho_fitness_rule rule = {.fitness = *fitness, .walked = true, .exact = true};
    if (f->kind != HO_FITNESS_LEGACY) rule.fitness.multiplicative = 0;
    const bool values_risk = f->kind == HO_FITNESS_ENHANCED || f->kind == HO_FITNESS_HYBRID;
    rule.by_facts = values_risk || f->kind == HO_FITNESS_WEIGHTED || f->kind == HO_FITNESS_PENALISED;
    rule.first_peak = is_of_mean(f) || f->convention == HO_CONVENTION_LEGACY;
    rule.kelly = measure_of("kelly");
    rule.sharpe = measure_of("sharpe");
    rule.sortino = measure_of("sortino_mar");
    rule.hurdle = f->measures.minimum_acceptable_return;
    if (f->kind == HO_FITNESS_WEIGHTED) ho_fitness_rule_terms(&rule);
    if (f->kind == HO_FITNESS_PENALISED) rule.level = HO_WALK_COUNTS;
    if (values_risk) rule.level = HO_WALK_SPREAD;
    if (!rule.by_facts && f->kind != HO_FITNESS_RATIO && f->metric >= HO_LEGACY_WIN_PERCENTAGE)
        rule.level = HO_WALK_COUNTS;
    /* the percentile of a series needs its sorted end, the mean of |correlation| all pairs */
    if ((values_risk && f->measures.capital > 0) || rule.fitness.multiplicative > 0 || f->sharpe_adjust)
        rule.exact = false;
    return rule;
}

bool ho_fitness_is_walked(const ho_fitness *fitness)
{
    return ho_fitness_rule_new(fitness).exact;
}

bool ho_fitness_is_sieved(const ho_fitness *fitness)
{
    const ho_fitness_rule r = ho_fitness_rule_new(fitness);
    const bool known = fitness->kind == HO_FITNESS_RATIO || fitness->metric <= HO_LEGACY_LESS_MAX_DD;
    const bool whole = fitness->blocks.count == 0 && fitness->near.cluster == NULL;
    return known && whole && !r.by_facts && r.exact && r.level == HO_WALK_PLAIN &&
           fitness->balance.label == NULL;
}

ho_fitness_plan ho_fitness_plan_new(const ho_fitness_rule *rule, size_t size, size_t periods)
{
    const ho_fitness *f = &rule->fitness;
    const bool of_mean = is_of_mean(f), legacy = f->kind == HO_FITNESS_LEGACY,
               zone = f->kind == HO_FITNESS_ZONE;
    const bool ratio = f->metric == HO_LEGACY_RATIO;
    const bool halves = (legacy && ratio) || f->metric == HO_LEGACY_LESS_MAX_DD;
    const double k = (double)size;
    ho_fitness_plan plan = {.rule = rule, .size = k, .periods = (double)periods};
    const bool penalised =
        legacy ? !(f->multiplicative > 0) : zone && !ratio && f->convention != HO_CONVENTION_LEGACY;
    plan.needs_pairs = penalised && size > 1;
    plan.only_positive_pairs = zone;
    if (plan.needs_pairs) plan.pair_weight = (zone ? zone_pair_weight : legacy_pair_weight()) / (k * (k - 1));
    plan.is_ratio = f->kind == HO_FITNESS_RATIO || ((legacy || zone) && ratio);
    plan.start_peak = rule->first_peak ? -INFINITY : 0;
    plan.scale = of_mean ? k : 1;
    plan.no_drawdown = no_drawdown_rupees * plan.scale;
    plan.halved_below = (legacy || zone) && halves ? f->drawdown_threshold * k : 0;
    return plan;
}

ho_fitness_plan ho_fitness_plan_divided(const ho_fitness_plan *of_sum)
{
    ho_fitness_plan plan = *of_sum;
    plan.no_drawdown = no_drawdown_rupees;
    plan.halved_below = plan.halved_below != 0 ? plan.rule->fitness.drawdown_threshold : 0;
    plan.size = plan.scale = 1;
    return plan;
}

/* Of the sum series in place of the mean: the quotient is the same, and one division is saved. */
static double ratio(const ho_fitness_plan *plan, double sum, double drawdown)
{
    double bare = (sum > 0 ? 100.0 : 10.0) * (sum / plan->scale);
    return drawdown > plan->no_drawdown ? sum / drawdown : bare;
}

static double legacy_profit_factor(double gain, double loss)
{
    if (loss > no_drawdown_rupees) return gain / loss;
    return gain > 0 ? 1 : 0;
}

static double legacy_expectancy(const ho_fitness_plan *plan, const ho_set_facts *f)
{
    double win_rate = f->wins / plan->periods;
    double average_win = f->wins > 0 ? f->gain / f->wins : 0;
    double average_loss = f->losses > 0 ? f->loss / f->losses : 0;
    return (win_rate * average_win - (1 - win_rate) * average_loss) / plan->size;
}

static double bare_value(const ho_fitness_plan *plan, const ho_set_facts *f)
{
    if (plan->is_ratio) return ratio(plan, f->sum, f->drawdown);
    switch (plan->rule->fitness.metric) {
    case HO_LEGACY_RATIO:
        break;
    case HO_LEGACY_ROI:
        return f->sum / plan->size;
    case HO_LEGACY_LESS_MAX_DD:
        return -f->drawdown / plan->size;
    case HO_LEGACY_WIN_PERCENTAGE:
        return f->wins / plan->periods;
    case HO_LEGACY_PROFIT_FACTOR:
        return legacy_profit_factor(f->gain / plan->size, f->loss / plan->size);
    case HO_LEGACY_EXPECTANCY:
        return legacy_expectancy(plan, f);
    }
    return NAN;
}

double ho_fitness_adjusted(double value, double sharpe)
{
    if (!(value > 0)) return value;
    if (sharpe > 2) return value * 1.2;
    return sharpe < .5 ? value * .8 : value;
}

/* What the value cannot lie above, where the walk does not give it: `value` is without the parts that need more. */
static double bound_of(const ho_fitness_rule *rule, double value)
{
    if (!rule->walked) return INFINITY;
    const double share = rule->fitness.multiplicative;
    if (share > 0 && value < 0) value *= 1 - share;
    if (rule->fitness.sharpe_adjust && value > 0) value *= 1.2;
    return value + 1e-9 * fabs(value); /* the walk's digits differ from those of the definition's own order */
}

double ho_fitness_bare_value(const ho_fitness_plan *plan, const ho_set_facts *f)
{
    double value =
        plan->rule->by_facts ? ho_fitness_of_walk(plan->rule, plan->periods, f) : bare_value(plan, f);
    if (plan->needs_pairs) {
        const double pairs = plan->only_positive_pairs && f->pairs < 0 ? 0 : f->pairs;
        value -= plan->pair_weight * pairs * (f->drawdown < plan->halved_below ? 0.5 : 1.0);
    }
    return value;
}

double ho_fitness_value(const ho_fitness_plan *plan, const ho_set_facts *f)
{
    const double value = ho_fitness_bare_value(plan, f);
    if (isnan(value)) return -INFINITY;
    return plan->rule->exact ? value : bound_of(plan->rule, value);
}

/* The ratio's case of ho_fitness_values without branches, for the compiler's vectors. */
static void ratio_values(const ho_fitness_plan *plan, const ho_walked *w, double pairs, size_t count,
                         double *values)
{
    const double limit = plan->no_drawdown, scale = plan->scale, below = plan->halved_below;
    const double weight = plan->pair_weight;
    const double *sum = w->sum, *drawdown = w->drawdown, *dot = plan->needs_pairs ? w->dot : w->sum;
#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        double bare = (sum[i] > 0 ? 100.0 : 10.0) * (sum[i] / scale);
        double quotient = sum[i] / drawdown[i];
        double penalty = weight * (pairs + 2 * dot[i]) * (drawdown[i] < below ? 0.5 : 1.0);
        double value = drawdown[i] > limit ? quotient : bare;
        value = weight != 0 ? value - penalty : value;
        values[i] = value == value ? value : (double)-INFINITY;
    }
}

void ho_fitness_values(const ho_fitness_plan *plan, const ho_walked *w, double pairs, size_t count,
                       double *values)
{
    const ho_walk_level level = plan->rule->level;
    if (plan->is_ratio && plan->rule->exact) {
        ratio_values(plan, w, pairs, count, values);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        ho_set_facts f = {.sum = w->sum[i], .drawdown = w->drawdown[i]};
        if (plan->needs_pairs) f.pairs = pairs + 2 * w->dot[i];
        if (level >= HO_WALK_COUNTS) {
            f.wins = w->wins[i];
            f.losses = w->losses[i];
            f.gain = w->gain[i];
            f.loss = w->loss[i];
        }
        if (level >= HO_WALK_SPREAD) {
            f.low = w->low[i];
            f.high = w->high[i];
            f.square = w->square[i];
            f.shortfall = w->shortfall[i];
        }
        values[i] = ho_fitness_value(plan, &f);
    }
}
