/* The value of a set from scratch: the canonical one, that of the very series which the definition names. */
#include "metrics/measures.h"
#include "metrics/objective_parts.h"

#include <math.h>
#include <string.h>

/* Two chains of additions that wait for themselves, equity and the squares, share the time. */
static ho_set_facts walk_equity(const double *r, const double *units, size_t periods, double start_peak)
{
    ho_set_facts f = {0};
    double peak = start_peak;
    for (size_t t = 0; t < periods; t++) {
        f.sum += r[t];
        peak = f.sum > peak ? f.sum : peak;
        double below = peak - f.sum;
        f.drawdown = below > f.drawdown ? below : f.drawdown;
        if (units != NULL) f.pairs += units[t] * units[t];
    }
    return f;
}

static void count_signs(const double *r, size_t periods, ho_set_facts *f)
{
    for (size_t t = 0; t < periods; t++) {
        f->wins += r[t] > 0 ? 1.0 : 0.0;
        f->losses += r[t] < 0 ? 1.0 : 0.0;
        f->gain += r[t] > 0 ? r[t] : 0.0;
        f->loss += r[t] < 0 ? -r[t] : 0.0;
    }
}

static void spread(const double *r, size_t periods, double hurdle, ho_set_facts *f)
{
    const double mean = f->sum / (double)periods;
    f->low = INFINITY;
    f->high = -INFINITY;
    for (size_t t = 0; t < periods; t++) {
        const double apart = r[t] - mean, below = r[t] < hurdle ? r[t] - hurdle : 0;
        f->low = r[t] < f->low ? r[t] : f->low;
        f->high = r[t] > f->high ? r[t] : f->high;
        f->square += apart * apart;
        f->shortfall += below * below;
    }
}

ho_set_facts ho_walk_series(const ho_fitness_plan *plan, const double *r, const double *units, size_t periods)
{
    const ho_walk_level level = plan->rule->level;
    ho_set_facts f = walk_equity(r, units, periods, plan->start_peak);
    if (level >= HO_WALK_COUNTS) count_signs(r, periods, &f);
    if (level >= HO_WALK_SPREAD) spread(r, periods, plan->rule->hurdle, &f);
    return f;
}

bool ho_objective_is_smoothed(const ho_portfolio_objective *o)
{
    const ho_fitness_plan plan = ho_fitness_plan_new(&o->rule, 1, ho_objective_periods(o));
    const ho_fitness *f = &o->rule.fitness;
    return plan.is_ratio && o->rule.exact && f->balance.label == NULL && f->near.cluster == NULL &&
           f->blocks.count == 0;
}

double ho_objective_smooth(void *walk)
{
    const ho_set_walk *w = walk;
    const size_t periods = ho_objective_periods(w->o);
    ho_set_facts f = {0};
    double peak = w->plan.start_peak, fourths = 0;
    for (size_t t = 0; t < periods; t++) {
        f.sum += w->series[t];
        peak = f.sum > peak ? f.sum : peak;
        const double square = (peak - f.sum) * (peak - f.sum);
        fourths += square * square;
        if (w->plan.needs_pairs) f.pairs += w->units[t] * w->units[t];
    }
    f.drawdown = sqrt(sqrt(fourths));
    if (w->plan.needs_pairs) f.pairs -= w->varying;
    return ho_fitness_value(&w->smooth, &f);
}

double ho_objective_varying(const ho_portfolio_objective *o, const uint32_t *members, size_t size)
{
    double sum = 0;
    for (size_t k = 0; k < size; k++)
        sum += ho_objective_varies(o, members[k]);
    return sum;
}

void ho_members_swapped(const uint32_t *members, size_t size, size_t slot, uint32_t in, uint32_t *swapped)
{
    memcpy(swapped, members, size * sizeof *members);
    swapped[slot] = in;
    for (size_t k = 1; k < size; k++) { /* slots are in no order */
        const uint32_t member = swapped[k];
        size_t at = k;
        for (; at > 0 && swapped[at - 1] > member; at--)
            swapped[at] = swapped[at - 1];
        swapped[at] = member;
    }
}

/* The sum series into the walk's scratch, and the unit sums where they are wanted. */
static void sum_set(ho_set_walk *w, const uint32_t *members, size_t size, bool with_pairs)
{
    const ho_portfolio_objective *o = w->o;
    o->kernels->sum_columns(&o->columns, members, size, w->scratch, with_pairs ? w->scratch_units : NULL);
}

/* A drawdown that is a millionth of the equity shows the difference between dividing the series and dividing at the
 * end, as scans do, in the ninth digit. */
static double score_by_walk(ho_set_walk *w, const ho_fitness_plan *of_sum, const uint32_t *members,
                            size_t size)
{
    const size_t periods = ho_objective_periods(w->o);
    const ho_fitness_plan plan = ho_fitness_plan_divided(of_sum);
    sum_set(w, members, size, plan.needs_pairs);
    for (size_t t = 0; of_sum->scale != 1 && t < periods; t++)
        w->scratch[t] /= of_sum->scale;
    ho_set_facts f = ho_walk_series(&plan, w->scratch, plan.needs_pairs ? w->scratch_units : NULL, periods);
    if (plan.needs_pairs) f.pairs -= ho_objective_varying(w->o, members, size);
    if (w->blocks.count > 0) return ho_objective_blocks_value(&w->blocks, &plan, w->scratch, f.pairs);
    return ho_fitness_bare_value(&plan, &f);
}

static ho_facts facts_of_set(ho_set_walk *w, const uint32_t *members, size_t size)
{
    sum_set(w, members, size, false);
    return ho_facts_of(w->scratch, ho_objective_periods(w->o), &w->o->rule.fitness.measures,
                       w->scratch_units);
}

/* The mean over all pairs of |correlation|; 0 for one member. */
static double mean_size_of_correlation(const ho_portfolio_objective *o, const uint32_t *members, size_t size)
{
    double sum = 0;
    for (size_t i = 0; i < size; i++) {
        const double *x = ho_matrix_row(&o->by_strategy, members[i]);
        const double mx = o->mean[members[i]], sx = o->scale[members[i]];
        for (size_t j = 0; j < i; j++) {
            const double *y = ho_matrix_row(&o->by_strategy, members[j]);
            const double my = o->mean[members[j]], sy = o->scale[members[j]];
            double dot = 0;
            for (size_t t = 0; t < ho_objective_periods(o); t++)
                dot += (x[t] - mx) * sx * ((y[t] - my) * sy);
            sum += fabs(dot);
        }
    }
    return size > 1 ? sum / ((double)size * (double)(size - 1) / 2) : 0;
}

double ho_objective_score(void *walk, const uint32_t *members, size_t size)
{
    ho_set_walk *w = walk;
    const ho_fitness_rule *rule = &w->o->rule;
    const ho_fitness *fitness = &rule->fitness;
    double value, sharpe = NAN;
    if (rule->by_facts) {
        const ho_facts facts = facts_of_set(w, members, size);
        value = ho_fitness_of_facts(rule, &facts);
        sharpe = rule->sharpe(&facts);
    } else {
        const ho_fitness_plan of_sum = ho_fitness_plan_new(rule, size, ho_objective_periods(w->o));
        value = score_by_walk(w, &of_sum, members, size);
    }
    if (fitness->multiplicative > 0)
        value *= 1 - fitness->multiplicative * mean_size_of_correlation(w->o, members, size);
    if (fitness->sharpe_adjust) {
        if (!rule->by_facts) {
            const ho_facts facts = facts_of_set(w, members, size);
            sharpe = rule->sharpe(&facts);
        }
        value = ho_fitness_adjusted(value, sharpe);
    }
    if (fitness->balance.label != NULL) value -= ho_balance_penalty(&fitness->balance, members, size);
    value -= ho_near_penalty(&fitness->near, members, size);
    return isnan(value) ? -INFINITY : value;
}

/* Return, drawdown, average correlation, win rate, share of periods with a result. */
void ho_objective_describe(void *walk, const uint32_t *members, size_t size, double *features)
{
    ho_set_walk *w = walk;
    const size_t periods = ho_objective_periods(w->o);
    const double k = (double)size;
    const bool correlated = size > 1;
    sum_set(w, members, size, correlated);
    for (size_t t = 0; t < periods; t++)
        w->scratch[t] /= k;
    ho_set_facts f = ho_walk_series(&w->plan, w->scratch, correlated ? w->scratch_units : NULL, periods);
    if (w->plan.rule->level < HO_WALK_COUNTS) count_signs(w->scratch, periods, &f);
    features[0] = f.sum;
    features[1] = f.drawdown;
    features[2] = correlated ? (f.pairs - ho_objective_varying(w->o, members, size)) / (k * (k - 1)) : 0;
    features[3] = f.wins / (double)periods;
    features[4] = (f.wins + f.losses) / (double)periods;
}
