/* The parts of a fitness that a walk over the candidates does not give: balanced mode, near-duplicates, and values that are scored one
 * by one where the walk has but a bound above them. */
#include "metrics/objective_parts.h"

#include <math.h>

static double have(const ho_balance *balance, const uint32_t *members, size_t count, size_t label)
{
    double sum = 0;
    for (size_t k = 0; k < count; k++)
        sum += balance->label[members[k]] == (int32_t)label ? 1.0 : 0.0;
    return sum;
}

double ho_balance_penalty(const ho_balance *balance, const uint32_t *members, size_t count)
{
    double sum = 0;
    for (size_t label = 0; label < balance->labels; label++)
        sum += fabs(have(balance, members, count, label) - balance->desired[label]);
    return balance->factor * sum;
}

void ho_balance_penalties(const ho_balance *balance, const uint32_t *members, size_t count, size_t slot,
                          double *by_label)
{
    if (balance->label == NULL) return;
    const int32_t leaving = balance->label[members[slot]];
    for (size_t in = 0; in <= balance->labels; in++) {
        double sum = 0; /* label after label, as ho_balance_penalty adds them */
        for (size_t label = 0; label < balance->labels; label++) {
            double now = have(balance, members, count, label);
            now += in == label + 1 ? 1.0 : 0.0;
            now -= leaving == (int32_t)label ? 1.0 : 0.0;
            sum += fabs(now - balance->desired[label]);
        }
        by_label[in] = balance->factor * sum;
    }
}

void ho_objective_finish(ho_set_walk *w, const ho_slot_block *b, double *values)
{
    const ho_fitness_rule *rule = &w->o->rule;
    const int32_t *label = rule->fitness.balance.label;
    const ho_near_duplicates *near = &rule->fitness.near;
    const uint32_t leaving = near->cluster != NULL ? near->cluster[w->members[b->slot]] : 0;
    double least = b->least;
    for (uint32_t i = 0; i < b->count; i++) {
        const uint32_t j = b->first + i;
        if (b->open[j] == 0) {
            values[i] = -INFINITY;
            continue;
        }
        if (near->cluster != NULL) {
            const uint32_t cluster = near->cluster[j];
            const bool taken = w->clusters[cluster] > (cluster == leaving ? 1 : 0);
            values[i] -= b->near_without + (taken ? near->penalty : 0);
        }
        if (label != NULL) values[i] -= b->label_penalty[label[j] + 1];
        if (rule->exact) continue;
        if (!(values[i] >= least) || values[i] == (double)-INFINITY) {
            values[i] = -INFINITY;
            continue;
        }
        ho_members_swapped(w->members, w->size, b->slot, j, w->swapped);
        values[i] = ho_objective_score(w, w->swapped, w->size);
        least = fmax(least, values[i]);
    }
}
