#include "metrics/fitness.h"

#include <math.h>
#include <stdlib.h>

/* Drawdowns up to a millionth of a rupee count as none: the old system's rule, kept absolute. */
static const double no_drawdown_rupees = 1e-6;

/* Builds for tests can plant a fault here, for `validate` to find. */
static double weight_of_correlation(void)
{
    const double weight = 10;
#if defined(HO_INJECT)
    if (getenv("HEAVYOPT_PLANTED_FAULT") != NULL) return -weight;
#endif
    return weight;
}

ho_fitness_plan ho_fitness_plan_new(const ho_fitness *fitness, size_t size, size_t periods)
{
    bool legacy = fitness->kind == HO_FITNESS_LEGACY;
    bool drawdown_metric = fitness->metric == HO_LEGACY_RATIO || fitness->metric == HO_LEGACY_LESS_MAX_DD;
    double k = (double)size;
    ho_fitness_plan plan = {.fitness = *fitness, .size = k, .periods = (double)periods};
    plan.needs_pairs = legacy && size > 1;
    plan.pair_weight = plan.needs_pairs ? weight_of_correlation() / (k * (k - 1)) : 0;
    plan.needs_counts = legacy && fitness->metric >= HO_LEGACY_WIN_PERCENTAGE;
    plan.is_ratio = !legacy || fitness->metric == HO_LEGACY_RATIO;
    plan.start_peak = legacy ? -INFINITY : 0;
    plan.scale = legacy ? k : 1;
    plan.no_drawdown = no_drawdown_rupees * plan.scale;
    plan.halved_below = legacy && drawdown_metric ? fitness->drawdown_threshold * k : 0;
    return plan;
}

ho_fitness_plan ho_fitness_plan_divided(const ho_fitness_plan *of_sum)
{
    ho_fitness_plan plan = *of_sum;
    plan.no_drawdown = no_drawdown_rupees;
    plan.halved_below = plan.halved_below != 0 ? plan.fitness.drawdown_threshold : 0;
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
    switch (plan->fitness.metric) {
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

double ho_fitness_value(const ho_fitness_plan *plan, const ho_set_facts *f)
{
    double value = bare_value(plan, f);
    if (plan->needs_pairs)
        value -= plan->pair_weight * f->pairs * (f->drawdown < plan->halved_below ? 0.5 : 1.0);
    return isnan(value) ? -INFINITY : value;
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
    if (plan->is_ratio) {
        ratio_values(plan, w, pairs, count, values);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        ho_set_facts f = {.sum = w->sum[i], .drawdown = w->drawdown[i]};
        if (plan->needs_pairs) f.pairs = pairs + 2 * w->dot[i];
        if (plan->needs_counts) {
            f.wins = w->wins[i];
            f.losses = w->losses[i];
            f.gain = w->gain[i];
            f.loss = w->loss[i];
        }
        values[i] = ho_fitness_value(plan, &f);
    }
}
