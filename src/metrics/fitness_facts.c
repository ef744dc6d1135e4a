/* The fitness kinds that are made of measures of the sum series: weighted, enhanced, penalised, hybrid. */
#include "base/strings.h"
#include "metrics/fitness.h"
#include "metrics/measures.h"

#include <math.h>

/* Measures that a walk gives, and what of it they need. */
typedef enum walk_start { ANY_START, FROM_ZERO, FROM_FIRST } walk_start;
typedef enum walk_hurdle { NO_HURDLE, OF_RATE, OF_MAR } walk_hurdle;

static const struct walked_measure {
    const char *key;
    ho_walk_level level;
    walk_start start;
    walk_hurdle hurdle;
} walked_measures[] = {
    {"total_roi", HO_WALK_PLAIN, ANY_START, NO_HURDLE},
    {"annualized_return", HO_WALK_PLAIN, ANY_START, NO_HURDLE},
    {"expectancy", HO_WALK_PLAIN, ANY_START, NO_HURDLE},
    {"max_drawdown", HO_WALK_PLAIN, FROM_ZERO, NO_HURDLE},
    {"max_drawdown_of_capital", HO_WALK_PLAIN, FROM_ZERO, NO_HURDLE},
    {"roi_dd_ratio", HO_WALK_PLAIN, FROM_ZERO, NO_HURDLE},
    {"calmar", HO_WALK_PLAIN, FROM_ZERO, NO_HURDLE},
    {"max_drawdown_first_peak", HO_WALK_PLAIN, FROM_FIRST, NO_HURDLE},
    {"roi_dd_ratio_first_peak", HO_WALK_PLAIN, FROM_FIRST, NO_HURDLE},
    {"roi_dd_ratio_legacy", HO_WALK_PLAIN, FROM_FIRST, NO_HURDLE},
    {"calmar_first_peak", HO_WALK_PLAIN, FROM_FIRST, NO_HURDLE},
    {"calmar_platform", HO_WALK_PLAIN, FROM_FIRST, NO_HURDLE},
    {"win_rate", HO_WALK_COUNTS, ANY_START, NO_HURDLE},
    {"win_rate_active", HO_WALK_COUNTS, ANY_START, NO_HURDLE},
    {"wins", HO_WALK_COUNTS, ANY_START, NO_HURDLE},
    {"losses", HO_WALK_COUNTS, ANY_START, NO_HURDLE},
    {"flat", HO_WALK_COUNTS, ANY_START, NO_HURDLE},
    {"avg_win", HO_WALK_COUNTS, ANY_START, NO_HURDLE},
    {"avg_loss", HO_WALK_COUNTS, ANY_START, NO_HURDLE},
    {"profit_factor", HO_WALK_COUNTS, ANY_START, NO_HURDLE},
    {"profit_factor_legacy", HO_WALK_COUNTS, ANY_START, NO_HURDLE},
    {"payoff_ratio", HO_WALK_COUNTS, ANY_START, NO_HURDLE},
    {"expectancy_legacy", HO_WALK_COUNTS, ANY_START, NO_HURDLE},
    {"omega", HO_WALK_COUNTS, ANY_START, NO_HURDLE},
    {"kelly", HO_WALK_COUNTS, ANY_START, NO_HURDLE},
    {"kelly_raw", HO_WALK_COUNTS, ANY_START, NO_HURDLE},
    {"kelly_active", HO_WALK_COUNTS, ANY_START, NO_HURDLE},
    {"kelly_single", HO_WALK_COUNTS, ANY_START, NO_HURDLE},
    {"best_period", HO_WALK_SPREAD, ANY_START, NO_HURDLE},
    {"worst_period", HO_WALK_SPREAD, ANY_START, NO_HURDLE},
    {"volatility", HO_WALK_SPREAD, ANY_START, NO_HURDLE},
    {"sharpe", HO_WALK_SPREAD, ANY_START, NO_HURDLE},
    {"sharpe_legacy", HO_WALK_SPREAD, ANY_START, NO_HURDLE},
    {"sharpe_platform", HO_WALK_SPREAD, ANY_START, NO_HURDLE},
    {"var_95_normal", HO_WALK_SPREAD, ANY_START, NO_HURDLE},
    {"var_99_normal", HO_WALK_SPREAD, ANY_START, NO_HURDLE},
    {"var_95_normal_legacy", HO_WALK_SPREAD, ANY_START, NO_HURDLE},
    {"var_99_normal_legacy", HO_WALK_SPREAD, ANY_START, NO_HURDLE},
    {"cvar_95_normal", HO_WALK_SPREAD, ANY_START, NO_HURDLE},
    {"cvar_99_normal", HO_WALK_SPREAD, ANY_START, NO_HURDLE},
    {"sortino", HO_WALK_SPREAD, ANY_START, OF_RATE},
    {"sortino_mar", HO_WALK_SPREAD, ANY_START, OF_MAR},
};

static const struct walked_measure *find_walked(const char *key)
{
    for (size_t i = 0; i < sizeof walked_measures / sizeof *walked_measures; i++) {
        if (ho_text_same(walked_measures[i].key, key)) return &walked_measures[i];
    }
    return NULL;
}

static bool is_drawdown(const char *key)
{
    return ho_text_same(key, "max_drawdown") || ho_text_same(key, "max_drawdown_first_peak");
}

/* The legacy convention changes where drawdowns start, and nothing else of a weighted fitness. */
static int sense_of(const ho_fitness *fitness, int metric)
{
    if (fitness->convention != HO_CONVENTION_LEGACY) return metric;
    const char *key = ho_metric_at((size_t)metric)->key;
    if (ho_text_same(key, "roi_dd_ratio")) return ho_metric_find("roi_dd_ratio_first_peak");
    return ho_text_same(key, "max_drawdown") ? ho_metric_find("max_drawdown_first_peak") : metric;
}

void ho_fitness_rule_terms(ho_fitness_rule *rule)
{
    const ho_fitness *fitness = &rule->fitness;
    const double rate =
        fitness->measures.capital * fitness->measures.risk_free_rate / fitness->measures.periods_per_year;
    const double mar = fitness->measures.minimum_acceptable_return;
    bool zero = false, first = false, of_rate = false, of_mar = false;
    for (size_t i = 0; i < fitness->weight_count; i++) {
        const ho_measure *measure = ho_measure_at((size_t)sense_of(fitness, fitness->weights[i].metric));
        const struct walked_measure *walked = find_walked(measure->about.key);
        rule->term[rule->terms++] =
            (ho_fitness_term){measure->value, fitness->weights[i].weight, is_drawdown(measure->about.key)};
        if (walked == NULL) {
            rule->walked = rule->exact = false;
            continue;
        }
        if (walked->level > rule->level) rule->level = walked->level;
        zero = zero || walked->start == FROM_ZERO;
        first = first || walked->start == FROM_FIRST;
        of_rate = of_rate || walked->hurdle == OF_RATE;
        of_mar = of_mar || walked->hurdle == OF_MAR;
    }
    rule->first_peak = first;
    rule->hurdle = of_mar ? mar : rate;
    /* one walk starts at one place and has one hurdle */
    if ((zero && first) || (of_rate && of_mar && rate != mar)) rule->walked = rule->exact = false;
}

/* An infinite measure counts 1000, so that portfolios without a loss differ in the rest; an undefined one 0. */
static double counted(double value)
{
    const double most = 1000;
    if (isnan(value)) return 0;
    return isinf(value) ? copysign(most, value) : value;
}

static double weighted(const ho_fitness_rule *rule, const ho_facts *f)
{
    double sum = 0;
    for (size_t i = 0; i < rule->terms; i++) {
        const double value = rule->term[i].value(f);
        sum += rule->term[i].weight * counted(rule->term[i].is_drawdown ? 1 / (1 + value) : value);
    }
    return sum;
}

static double var_penalty(const ho_fitness *fitness, const ho_facts *f)
{
    if (!(f->capital > 0)) return 0;
    const double beyond = fabs(f->tail[HO_LEVEL_95].percentile) / f->capital - fitness->var_limit;
    return beyond > 0 ? beyond * 100 : 0;
}

/* Undefined where the Sharpe ratio is. */
static double enhanced(const ho_fitness_rule *rule, const ho_facts *f, double penalty)
{
    const double least_sharpe = .1, most_bonus = 10;
    const double sharpe = rule->sharpe(f), sortino = rule->sortino(f);
    const double held = sharpe < least_sharpe ? least_sharpe : sharpe;
    const double value = rule->kelly(f) * held * rule->fitness.confidence - penalty;
    if (!(value > 0) || !(sortino > sharpe)) return value;
    return value * (1 + .1 * fmin(sortino - sharpe, most_bonus));
}

static double penalised(const ho_fitness_rule *rule, const ho_facts *f)
{
    const double fair_rate = .4, large_drawdown = 500000;
    const double drawdown = rule->first_peak ? f->first.maximum : f->zero.maximum;
    const double win_rate = (double)f->wins / (double)f->periods;
    return f->all.sum / fmax(drawdown, 1e-4) - 10 * fmax(0, fair_rate - win_rate) -
           fmax(0, drawdown - large_drawdown) / 100000;
}

/* `penalty`: on the value at risk, where the kind has one. */
static double value_of(const ho_fitness_rule *rule, const ho_facts *f, double penalty)
{
    const ho_fitness *fitness = &rule->fitness;
    if (fitness->kind == HO_FITNESS_WEIGHTED) return weighted(rule, f);
    if (fitness->kind == HO_FITNESS_ENHANCED) return enhanced(rule, f, penalty);
    if (fitness->kind == HO_FITNESS_PENALISED) return penalised(rule, f);
    const double both = fitness->penalised + fitness->enhanced;
    return fitness->penalised / both * penalised(rule, f) +
           fitness->enhanced / both * enhanced(rule, f, penalty);
}

double ho_fitness_of_facts(const ho_fitness_rule *rule, const ho_facts *f)
{
    return value_of(rule, f, var_penalty(&rule->fitness, f));
}

double ho_fitness_of_walk(const ho_fitness_rule *rule, double periods, const ho_set_facts *w)
{
    const ho_metric_settings *s = &rule->fitness.measures;
    const bool varies = w->high > w->low;
    ho_facts f = {.periods = (size_t)periods,
                  .all = {.count = (size_t)periods,
                          .sum = w->sum,
                          .mean = w->sum / periods,
                          .low = w->low,
                          .high = w->high},
                  .wins = (size_t)w->wins,
                  .losses = (size_t)w->losses,
                  .gain = w->gain,
                  .loss = w->loss,
                  .zero = {.maximum = w->drawdown},
                  .first = {.maximum = w->drawdown},
                  .capital = s->capital,
                  .periods_per_year = s->periods_per_year,
                  .root = sqrt(s->periods_per_year),
                  .rate = s->risk_free_rate / s->periods_per_year,
                  .hurdle = s->capital * s->risk_free_rate / s->periods_per_year,
                  .mar = s->minimum_acceptable_return};
    f.all.sd0 = varies ? sqrt(w->square / periods) : 0;
    f.all.sd1 = varies ? sqrt(w->square / (periods - 1)) : periods > 1 ? 0 : NAN;
    f.annual = f.all.sum * f.periods_per_year / periods;
    f.downside = f.downside_mar = sqrt(w->shortfall / periods);
    return value_of(rule, &f, 0);
}
