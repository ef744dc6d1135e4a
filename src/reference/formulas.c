/* Each formula as the specification has it; the order of sums over members and periods is the plain one. */
#include "base/error.h"
#include "base/memory.h"
#include "reference/reference.h"

#include <math.h>
#include <string.h>

static const double *column(const ho_reference_table *table, size_t j)
{
    return table->values + j * table->periods;
}

static double sum_at(const ho_reference_table *table, const size_t *members, size_t count, size_t t)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += column(table, members[i])[t];
    return sum;
}

ho_reference_measures ho_reference_measure(const ho_reference_table *table, const size_t *members,
                                           size_t count)
{
    double total = 0, peak = 0, drawdown = 0, gain = 0, loss = 0, wins = 0;
    for (size_t t = 0; t < table->periods; t++) {
        double r = sum_at(table, members, count, t);
        total += r;
        if (total > peak) peak = total;
        if (peak - total > drawdown) drawdown = peak - total;
        if (r > 0) {
            wins += 1;
            gain += r;
        } else {
            loss -= r;
        }
    }
    double factor = loss > 0 ? gain / loss : gain > 0 ? INFINITY : NAN;
    return (ho_reference_measures){total, drawdown, wins / (double)table->periods, factor};
}

static bool is_constant(const ho_reference_table *table, size_t j)
{
    for (size_t t = 1; t < table->periods; t++) {
        if (column(table, j)[t] != column(table, j)[0]) return false;
    }
    return true;
}

static double mean_of(const ho_reference_table *table, size_t j)
{
    double sum = 0;
    for (size_t t = 0; t < table->periods; t++)
        sum += column(table, j)[t];
    return sum / (double)table->periods;
}

double ho_reference_correlation(const ho_reference_table *table, size_t a, size_t b)
{
    if (is_constant(table, a) || is_constant(table, b)) return 0;
    const double *x = column(table, a), *y = column(table, b);
    double mx = mean_of(table, a), my = mean_of(table, b), xx = 0, yy = 0, xy = 0;
    for (size_t t = 0; t < table->periods; t++) {
        xx += (x[t] - mx) * (x[t] - mx);
        yy += (y[t] - my) * (y[t] - my);
        xy += (x[t] - mx) * (y[t] - my);
    }
    return xy / (sqrt(xx) * sqrt(yy));
}

static double ratio_rule(double total, double drawdown)
{
    if (drawdown > 1e-6) return total / drawdown;
    return total > 0 ? 100 * total : 10 * total;
}

/* The bare value of a series: what a goal is before its penalty. *drawdown is that of the goal's own convention. */
static double bare_value(const ho_reference_goal *goal, const double *r, size_t periods, double *drawdown)
{
    double total = 0, gain = 0, loss = 0, wins = 0, losses = 0;
    double peak = goal->ratio_fitness ? 0 : -INFINITY;
    *drawdown = 0;
    for (size_t t = 0; t < periods; t++) {
        total += r[t];
        if (total > peak) peak = total;
        if (peak - total > *drawdown) *drawdown = peak - total;
        if (r[t] > 0) {
            wins += 1;
            gain += r[t];
        } else if (r[t] < 0) {
            losses += 1;
            loss -= r[t];
        }
    }
    if (goal->ratio_fitness || strcmp(goal->metric, "ratio") == 0) return ratio_rule(total, *drawdown);
    if (strcmp(goal->metric, "roi") == 0) return total;
    if (strcmp(goal->metric, "less max dd") == 0) return -*drawdown;
    double share = wins / (double)periods;
    if (strcmp(goal->metric, "win percentage") == 0) return share;
    if (strcmp(goal->metric, "profit factor") == 0) return loss > 1e-6 ? gain / loss : gain > 0 ? 1 : 0;
    double average_win = wins > 0 ? gain / wins : 0, average_loss = losses > 0 ? loss / losses : 0;
    return share * average_win - (1 - share) * average_loss;
}

/* fitness = bare - 10 * average correlation, halved below the threshold; no penalty for ratio_fitness. */
static double with_penalty(const ho_reference_goal *goal, double bare, double drawdown, double correlation)
{
    if (goal->ratio_fitness) return bare;
    bool may_halve = strcmp(goal->metric, "ratio") == 0 || strcmp(goal->metric, "less max dd") == 0;
    double share = may_halve && drawdown < goal->drawdown_threshold ? 0.5 : 1;
    return bare - 10 * correlation * share;
}

double ho_reference_fitness(const ho_reference_table *table, const ho_reference_goal *goal,
                            const size_t *members, size_t count)
{
    double *r = HO_NEW(double, table->periods), pairs = 0, drawdown = 0;
    if (r == NULL) return NAN;
    for (size_t t = 0; t < table->periods; t++)
        r[t] = sum_at(table, members, count, t) / (goal->ratio_fitness ? 1 : (double)count);
    for (size_t i = 0; i < count && !goal->ratio_fitness; i++) {
        for (size_t k = 0; k < i; k++)
            pairs += ho_reference_correlation(table, members[i], members[k]);
    }
    double k = (double)count, average = count > 1 ? pairs / (k * (k - 1) / 2) : 0;
    double bare = bare_value(goal, r, table->periods, &drawdown);
    free(r);
    return with_penalty(goal, bare, drawdown, average);
}

typedef struct swaps {
    const ho_reference_table *table;
    const ho_reference_goal *goal;
    const size_t *members;
    size_t count;
    double *correlations; /* of the newcomer with each member */
    double *series;
    double *between; /* members x members */
    double *others;  /* pairs_without of each slot */
} swaps;

/* The fitness with `in` in the place of member `slot`. */
static double after_swap(const swaps *s, size_t slot, size_t in, double pairs_of_others)
{
    double k = (double)s->count, pairs = pairs_of_others, drawdown = 0;
    const double *x = column(s->table, in), *out = column(s->table, s->members[slot]);
    double divisor = s->goal->ratio_fitness ? 1 : k;
    double *r = s->series + s->table->periods;
    for (size_t t = 0; t < s->table->periods; t++)
        r[t] = (s->series[t] - out[t] + x[t]) / divisor;
    for (size_t i = 0; i < s->count && !s->goal->ratio_fitness; i++) {
        if (i != slot) pairs += s->correlations[i];
    }
    double bare = bare_value(s->goal, r, s->table->periods, &drawdown);
    return with_penalty(s->goal, bare, drawdown, s->count > 1 ? pairs / (k * (k - 1) / 2) : 0);
}

/* The sum of the correlations of the pairs that the swap leaves alone. */
static double pairs_without(const swaps *s, size_t slot)
{
    double sum = 0;
    for (size_t i = 0; i < s->count; i++) {
        for (size_t j = 0; j < i; j++)
            sum += i != slot && j != slot ? s->between[i * s->count + j] : 0;
    }
    return sum;
}

static bool is_member(const swaps *s, size_t candidate)
{
    for (size_t i = 0; i < s->count; i++) {
        if (s->members[i] == candidate) return true;
    }
    return false;
}

static double best_swap(const swaps *s, const size_t *allowed, size_t allowed_count)
{
    double best = -INFINITY;
    for (size_t slot = 0; slot < s->count; slot++)
        s->others[slot] = pairs_without(s, slot);
    for (size_t a = 0; a < allowed_count; a++) {
        if (is_member(s, allowed[a])) continue;
        for (size_t i = 0; i < s->count && !s->goal->ratio_fitness; i++)
            s->correlations[i] = ho_reference_correlation(s->table, allowed[a], s->members[i]);
        for (size_t slot = 0; slot < s->count; slot++)
            best = fmax(best, after_swap(s, slot, allowed[a], s->others[slot]));
    }
    return best;
}

ho_status ho_reference_best_swap(const ho_reference_table *table, const ho_reference_goal *goal,
                                 const size_t *members, size_t count, const size_t *allowed,
                                 size_t allowed_count, double *best, ho_error *err)
{
    swaps s = {table,
               goal,
               members,
               count,
               HO_NEW(double, count),
               HO_NEW(double, 2 * table->periods),
               ho_new_array(count, count * sizeof(double)),
               HO_NEW(double, count)};
    bool memory = s.correlations != NULL && s.series != NULL && s.between != NULL && s.others != NULL;
    for (size_t t = 0; memory && t < table->periods; t++)
        s.series[t] = sum_at(table, members, count, t);
    for (size_t i = 0; memory && i < count && !goal->ratio_fitness; i++) {
        for (size_t j = 0; j < i; j++)
            s.between[i * count + j] = ho_reference_correlation(table, members[i], members[j]);
    }
    if (memory) *best = best_swap(&s, allowed, allowed_count);
    free(s.correlations);
    free(s.series);
    free(s.between);
    free(s.others);
    return memory ? HO_OK : ho_fail_memory(err, count * count * sizeof(double), "the reference's swaps");
}
