/* The best swap of each slot: blocks of candidates, all slots over a block while it is in the cache. */
#include "metrics/objective_parts.h"

#include <math.h>

/* Candidates a block: its rows stay in the first two cache levels while all slots walk it. A rest that would fill less
 * than half of another block joins the last one, for the kernels are slow on a few candidates alone. */
enum { BLOCK = 64, LARGEST_BLOCK = HO_BLOCKS_WIDTH };
_Static_assert(LARGEST_BLOCK == BLOCK + BLOCK / 2, "a block and half of another");

static uint32_t block_from(uint32_t first, uint32_t last)
{
    return last - first < LARGEST_BLOCK ? last - first : BLOCK;
}

/* What near-duplicates cost without each slot's member. */
static void prepare_near(ho_set_walk *w, size_t first_slot, size_t slots)
{
    const ho_near_duplicates *near = &w->o->rule.fitness.near;
    if (near->cluster == NULL) return;
    const double all = ho_near_penalty(near, w->members, w->size);
    for (size_t s = 0; s < slots; s++) {
        const bool again = w->clusters[near->cluster[w->members[first_slot + s]]] > 1;
        w->near_without[s] = all - (again ? near->penalty : 0);
    }
}

/* What each slot's scan starts from: the set without the slot's member. */
static void prepare_slots(ho_set_walk *w, size_t first_slot, size_t slots)
{
    const ho_portfolio_objective *o = w->o;
    const size_t periods = ho_objective_periods(o);
    const ho_balance *balance = &o->rule.fitness.balance;
    prepare_near(w, first_slot, slots);
    for (size_t s = 0; s < slots; s++) {
        const uint32_t out = w->members[first_slot + s];
        ho_leaving leaving = {.periods = periods,
                              .series = w->series,
                              .units = w->plan.needs_pairs ? w->units : NULL,
                              .x = ho_matrix_row(&o->by_strategy, out),
                              .mean = o->mean[out],
                              .scale = o->scale[out],
                              .base = w->bases + s * periods,
                              .v = w->vs + s * periods};
        if (w->sieve != NULL) ho_sieve_want(w->sieve, s, periods, &leaving);
        o->kernels->leave(&leaving, &w->leavings[s]);
        w->pairs[s] = w->leavings[s].v_square - (w->varying - ho_objective_varies(o, out));
        if (balance->label != NULL)
            ho_balance_penalties(balance, w->members, w->size, first_slot + s,
                                 w->label_penalty + s * (balance->labels + 1));
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
    if (c->values.data == NULL)
        return (columns_of_scan){&o->panel->values, o->mean, o->scale, NULL, first, last};
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

uint32_t ho_standing_for(const ho_copies *c, uint32_t column, const ho_candidates *among)
{
    uint32_t j = c->first[column];
    while (j != HO_NOBODY && (j < among->first || j >= among->last || among->open[j] == 0))
        j = c->next[j];
    return j;
}

static void take_best_copy(const double *values, const ho_copies *copies, uint32_t first, uint32_t count,
                           const ho_candidates *among, ho_swap *best)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!(values[i] >= best->value) || values[i] == (double)-INFINITY) continue;
        const uint32_t j = ho_standing_for(copies, first + i, among);
        if (j == HO_NOBODY || (values[i] == best->value && j >= best->in)) continue;
        best->value = values[i];
        best->in = j;
    }
}

void ho_objective_take_best(const double *values, const ho_copies *copies, uint32_t first, uint32_t count,
                            const ho_candidates *among, ho_swap *best)
{
    if (copies != NULL)
        take_best_copy(values, copies, first, count, among, best);
    else
        take_best(values, among->open, first, count, best);
}

static ho_walk_kernel *scan_of(const ho_portfolio_objective *o)
{
    if (o->rule.level == HO_WALK_SPREAD) return o->kernels->scan_spread;
    return o->rule.level == HO_WALK_COUNTS ? o->kernels->scan_counts : o->kernels->scan;
}

/* A scan in double: by the true value or by the smooth one, of what was prepared. */
typedef struct exact_scan {
    ho_set_walk *w;
    bool smooth;
    size_t first_slot;
    columns_of_scan columns;
} exact_scan;

/* What walked columns j .. j + count - 1 are worth in slot s; dots are changed. */
static void value_walked(const exact_scan *e, size_t s, uint32_t j, uint32_t count, const ho_walked *walked,
                         const double *deepest, const ho_candidates *mine, double *values, ho_swap *best)
{
    ho_set_walk *w = e->w;
    const ho_fitness_rule *rule = &w->o->rule;
    if (w->plan.needs_pairs) {
        const double dust = w->leavings[s].v_sum;
        const double *mean = e->columns.mean + j, *scale = e->columns.scale + j;
        for (size_t i = 0; i < count; i++)
            walked->dot[i] = (walked->dot[i] - mean[i] * dust) * scale[i];
    }
    if (w->blocks.count > 0)
        ho_objective_penalize_blocks(w, w->pairs[s], walked, deepest, count, values);
    else
        ho_fitness_values(e->smooth ? &w->smooth : &w->plan, walked, w->pairs[s], count, values);
    if (!rule->exact || rule->fitness.balance.label != NULL || w->clusters != NULL) {
        const ho_slot_block slot = {.slot = e->first_slot + s,
                                    .first = j,
                                    .count = count,
                                    .open = mine->open,
                                    .label_penalty =
                                        w->label_penalty + s * (rule->fitness.balance.labels + 1),
                                    .near_without = w->near_without[s],
                                    .least = best->value};
        ho_objective_finish(w, &slot, values);
    }
    ho_objective_take_best(values, e->columns.copies, j, count, mine, best);
}

/* Of what a device has walked of the panel's columns first .. first + columns - 1 beside one slot: those of the scan,
 * from *next on, in blocks. */
static void value_there(const exact_scan *e, size_t s, const double *there, uint32_t first, uint32_t columns,
                        uint32_t next, uint32_t end, const ho_candidates *mine, ho_swap *best)
{
    const uint32_t *of_copy = e->columns.copies != NULL ? e->columns.copies->first : NULL;
    const int arrays = HO_DEVICE_ARRAYS(e->w->o->rule.level);
    double room[HO_DEVICE_WALKED][LARGEST_BLOCK], values[LARGEST_BLOCK];
    const ho_walked walked = {room[0], room[1], room[2], room[3], room[4], room[5],
                              room[6], room[7], room[8], room[9], room[10]};
    for (uint32_t count; next < end; next += count) {
        count = block_from(next, end);
        for (int f = 0; f < arrays; f++) {
            const double *from = there + (size_t)f * columns;
            for (uint32_t i = 0; i < count; i++)
                room[f][i] = from[(of_copy != NULL ? of_copy[next + i] : next + i) - first];
        }
        value_walked(e, s, next, count, &walked, NULL, mine, values, best);
    }
}

/* False: there is no device for this, or it has failed; what is found by then is true, and found again. */
static bool scan_there(const exact_scan *e, size_t from, size_t slots, const ho_candidates *among,
                       size_t stride, ho_swap *best)
{
    const uint32_t at_once = e->smooth ? 0 : ho_objective_slots_on_device(e->w, slots);
    const columns_of_scan *c = &e->columns;
    const size_t arrays = HO_DEVICE_ARRAYS(e->w->o->rule.level);
    for (uint32_t j = c->first, end = j; at_once > 0 && j < c->last; j = end) {
        const uint32_t first = c->copies != NULL ? c->copies->first[j] : j;
        while (end < c->last && (c->copies != NULL ? c->copies->first[end] : end) - first < HO_DEVICE_AT_ONCE)
            end++;
        const uint32_t columns = (c->copies != NULL ? c->copies->first[end - 1] : end - 1) - first + 1;
        for (size_t s = from, some; s < from + slots; s += some) {
            some = from + slots - s < at_once ? from + slots - s : at_once;
            const double *there = ho_objective_scan_on_device(e->w, s, some, first, columns);
            if (there == NULL) return false;
            for (size_t k = 0; k < some; k++) {
                const ho_candidates mine = ho_candidates_of(among, s + k - from, stride);
                value_there(e, s + k, there + k * arrays * columns, first, columns, j, end, &mine,
                            &best[s + k]);
            }
        }
    }
    return at_once > 0;
}

/* Slots from..from+slots-1 of those that were prepared. `among` is of the first of them. */
static void scan_exactly(ho_set_walk *w, bool smooth, size_t first_slot, size_t from, size_t slots,
                         const ho_candidates *among, size_t stride, ho_swap *best)
{
    const ho_portfolio_objective *o = w->o;
    const exact_scan e = {w, smooth, first_slot, choose_columns(o, among->first, among->last)};
    const columns_of_scan *c = &e.columns;
    double room[HO_DEVICE_WALKED][LARGEST_BLOCK], values[LARGEST_BLOCK], deepest[LARGEST_BLOCK];
    const ho_walked walked = {room[0], room[1], room[2], room[3], room[4], room[5],
                              room[6], room[7], room[8], room[9], room[10]};
    ho_walk_kernel *const scan = smooth ? o->kernels->scan_smooth : scan_of(o);
    if (scan_there(&e, from, slots, among, stride, best)) return;
    for (uint32_t j = c->first, count; j < c->last; j += count) {
        count = block_from(j, c->last);
        ho_scan block = {.periods = c->x->rows,
                         .stride = c->x->stride,
                         .x = c->x->data + j,
                         .start_peak = w->plan.start_peak,
                         .hurdle = o->rule.hurdle};
        for (size_t s = from; s < from + slots; s++) {
            const ho_candidates mine = ho_candidates_of(among, s - from, stride);
            block.base = w->bases + s * c->x->rows;
            if (w->plan.needs_pairs) block.v = w->vs + s * c->x->rows;
            if (w->blocks.count > 0)
                ho_objective_scan_blocks(w, &block, scan, count, &walked, deepest, values);
            else
                scan(&block, count, &walked);
            value_walked(&e, s, j, count, &walked, deepest, &mine, values, &best[s]);
        }
    }
}

void ho_objective_prepare_slot(ho_set_walk *w, size_t slot)
{
    prepare_slots(w, slot, 1);
}

static void begin_scan(ho_set_walk *w, size_t first_slot, size_t slots, ho_swap *best)
{
    prepare_slots(w, first_slot, slots);
    for (size_t s = 0; s < slots; s++)
        best[s] = (ho_swap){.slot = (uint32_t)(first_slot + s), .in = HO_NOBODY, .value = -INFINITY};
}

void ho_objective_scan_smooth(void *walk, size_t first_slot, size_t slots, uint32_t first, uint32_t last,
                              const uint8_t *open, size_t stride, ho_swap *best)
{
    const ho_candidates among = {open, first, last};
    const ho_set_walk *w = walk;
    begin_scan(walk, first_slot, slots, best);
    if (ho_objective_sieve_fits(w->o, first, last))
        ho_objective_sieve_smooth(walk, slots, &among, stride, best);
    else
        scan_exactly(walk, true, first_slot, 0, slots, &among, stride, best);
}

void ho_objective_scan(void *walk, size_t first_slot, size_t slots, uint32_t first, uint32_t last,
                       const uint8_t *open, size_t stride, ho_swap *best)
{
    ho_set_walk *w = walk;
    const ho_candidates among = {open, first, last};
    begin_scan(w, first_slot, slots, best);
    if (!ho_objective_sieve_fits(w->o, first, last)) {
        scan_exactly(w, false, first_slot, 0, slots, &among, stride, best);
        return;
    }
    ho_objective_sieve(w, slots, &among, stride, best, w->left);
    for (size_t s = 0; s < slots; s++) {
        if (!w->left[s]) continue;
        const ho_candidates mine = ho_candidates_of(&among, s, stride);
        scan_exactly(w, false, first_slot, s, 1, &mine, stride, best);
    }
}
