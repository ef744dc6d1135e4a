/* The best swap of each slot: blocks of candidates, all slots over a block while it is in the cache. */
#include "metrics/objective_parts.h"

#include <math.h>

/* Candidates a block: its rows of both matrices stay in the first two cache levels while all slots walk it. */
enum { BLOCK = 64 };

static double square(const double *v, size_t periods)
{
    double sum = 0;
    for (size_t t = 0; t < periods; t++)
        sum += v[t] * v[t];
    return sum;
}

/* What each slot's scan starts from: the set without the slot's member. */
static void prepare_slots(ho_set_walk *w, size_t first_slot, size_t slots)
{
    const ho_portfolio_objective *o = w->o;
    const size_t periods = ho_objective_periods(o);
    const ho_balance *balance = &o->rule.fitness.balance;
    for (size_t s = 0; s < slots; s++) {
        const uint32_t out = w->members[first_slot + s];
        const double *x = ho_matrix_row(&o->by_strategy, out);
        double *base = w->bases + s * periods, *v = w->vs + s * periods;
        for (size_t t = 0; t < periods; t++)
            base[t] = w->series[t] - x[t];
        ho_balance_penalties(balance, w->members, w->size, first_slot + s,
                             w->label_penalty + s * (balance->labels + 1));
        if (!w->plan.needs_pairs) continue;
        w->dust[s] = 0;
        for (size_t t = 0; t < periods; t++) {
            v[t] = w->units[t] - (x[t] - o->mean[out]) * o->scale[out];
            w->dust[s] += v[t];
        }
        w->pairs[s] = square(v, periods) - (w->varying - ho_objective_varies(o, out));
    }
}

/* What a scan walks: the panel, or its distinct columns. */
typedef struct columns_of_scan {
    const ho_matrix *x;
    const double *mean, *scale;
    const ho_copies *copies; /* NULL: the panel */
    uint32_t first, last;    /* columns */
} columns_of_scan;

static columns_of_scan choose_columns(const ho_portfolio_objective *o, uint32_t first, uint32_t last)
{
    const ho_copies *c = &o->copies;
    if (c->distinct == 0) return (columns_of_scan){&o->panel->values, o->mean, o->scale, NULL, first, last};
    return (columns_of_scan){&c->values, c->mean, c->scale, c, 0, (uint32_t)c->distinct};
}

static void take_best(const double *values, const uint8_t *open, uint32_t first, uint32_t count,
                      ho_swap *best)
{
    for (uint32_t i = 0; i < count; i++) {
        if (values[i] > best->value && open[first + i] != 0) {
            best->value = values[i];
            best->in = first + i;
        }
    }
}

/* The candidates of a scan: open ones from first to last - 1. */
typedef struct candidates {
    const uint8_t *open;
    uint32_t first, last;
} candidates;

/* Each distinct column stands for the smallest open candidate that has it, for that one wins a tie. */
static uint32_t standing_for(const ho_copies *c, uint32_t column, const candidates *among)
{
    uint32_t j = c->first[column];
    while (j != HO_NOBODY && (j < among->first || j >= among->last || among->open[j] == 0))
        j = c->next[j];
    return j;
}

static void take_best_copy(const double *values, const ho_copies *copies, uint32_t first, uint32_t count,
                           const candidates *among, ho_swap *best)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!(values[i] >= best->value) || values[i] == (double)-INFINITY) continue;
        const uint32_t j = standing_for(copies, first + i, among);
        if (j == HO_NOBODY || (values[i] == best->value && j >= best->in)) continue;
        best->value = values[i];
        best->in = j;
    }
}

static void (*scan_of(const ho_portfolio_objective *o))(const ho_scan *, size_t, const ho_walked *)
{
    if (o->rule.level == HO_WALK_SPREAD) return o->kernels->scan_spread;
    return o->rule.level == HO_WALK_COUNTS ? o->kernels->scan_counts : o->kernels->scan;
}

void ho_objective_scan(void *walk, size_t first_slot, size_t slots, uint32_t first, uint32_t last,
                       const uint8_t *open, size_t stride, ho_swap *best)
{
    ho_set_walk *w = walk;
    const ho_portfolio_objective *o = w->o;
    const columns_of_scan c = choose_columns(o, first, last);
    double room[11][BLOCK], values[BLOCK];
    const ho_walked walked = {room[0], room[1], room[2], room[3], room[4], room[5],
                              room[6], room[7], room[8], room[9], room[10]};
    void (*const scan)(const ho_scan *, size_t, const ho_walked *) = scan_of(o);
    const bool finish = !o->rule.exact || o->rule.fitness.balance.label != NULL;
    prepare_slots(w, first_slot, slots);
    for (size_t s = 0; s < slots; s++)
        best[s] = (ho_swap){.slot = (uint32_t)(first_slot + s), .in = HO_NOBODY, .value = -INFINITY};
    for (uint32_t j = c.first; j < c.last; j += BLOCK) {
        const uint32_t count = c.last - j < BLOCK ? c.last - j : BLOCK;
        ho_scan block = {.periods = c.x->rows,
                         .stride = c.x->stride,
                         .x = c.x->data + j,
                         .start_peak = w->plan.start_peak,
                         .hurdle = o->rule.hurdle};
        for (size_t s = 0; s < slots; s++) {
            const candidates among = {open + s * stride, first, last};
            block.base = w->bases + s * c.x->rows;
            if (w->plan.needs_pairs) block.v = w->vs + s * c.x->rows;
            scan(&block, count, &walked);
            if (w->plan.needs_pairs) {
                const double dust = w->dust[s], *mean = c.mean + j, *scale = c.scale + j;
                for (size_t i = 0; i < count; i++)
                    walked.dot[i] = (walked.dot[i] - mean[i] * dust) * scale[i];
            }
            ho_fitness_values(&w->plan, &walked, w->pairs[s], count, values);
            if (finish) {
                const ho_slot_block slot = {.slot = first_slot + s,
                                            .first = j,
                                            .count = count,
                                            .open = among.open,
                                            .label_penalty =
                                                w->label_penalty + s * (o->rule.fitness.balance.labels + 1),
                                            .least = best[s].value};
                ho_objective_finish(w, &slot, values);
            }
            if (c.copies != NULL)
                take_best_copy(values, c.copies, j, count, &among, &best[s]);
            else
                take_best(values, among.open, j, count, &best[s]);
        }
    }
}
