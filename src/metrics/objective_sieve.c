/* A scan in two steps: every candidate in single precision, which takes half the time and half the memory, with what
 * its rounding may come to; then, in double, the few that could be the best. The best swap is the same to the bit as
 * that of a scan in double alone.
 *
 * With u = 2^-24, B the sum of |base[t]| and A_j that of |x[t][j]|, a sum's error is at most (T + 2) u (B + A_j), a
 * depth's 2.1 u (B + A_j) + T u depth (the depth under the last peak is carried, and a maximum adds no error), that of
 * v . x_j (T + 2) u max|v| A_j. Each constant is taken a little larger, for the products of roundings. */
#include "base/error.h"
#include "base/memory.h"
#include "kernels/sieve_bounds.h"
#include "metrics/objective_parts.h"

#include <float.h>
#include <math.h>

enum {
    BLOCK = 64, /* candidates that all slots walk while they are in the first-level cache */
    KEPT = 64,  /* candidates of a slot that may be the best; where there are more, it is scanned in double */
    LINE = 1024, /* floats in 4,096 bytes */
    LEAST = 2 * BLOCK
};

static const float half_ulp = FLT_EPSILON / 2;
static const float smallest = 1e-30F; /* beside errors of numbers that a float has no digits for */

typedef struct survivor {
    uint32_t column;
    float upper;
} survivor;

struct ho_sieve_room {
    float *base, *v;         /* a slot: the series and the unit sum without its member */
    survivor *kept;          /* a slot: KEPT of them, in order of the columns */
    uint32_t *count;         /* a slot; more than KEPT: too many */
    float *lower;            /* a slot: one of its candidates is worth at least so much */
    ho_sieve_bounds *bounds; /* a slot */
    double *x;               /* periods x HO_EXACT */
};

bool ho_objective_may_sieve(const ho_portfolio_objective *o)
{
    return ho_fitness_is_sieved(&o->rule.fitness) && o->floats != NULL && o->float_digits &&
           o->panel->values.columns >= LEAST;
}

ho_status ho_objective_make_sieve(ho_portfolio_objective *o, int threads, ho_error *err)
{
    const size_t periods = ho_objective_periods(o);
    ho_sieve_columns *s = &o->sieve;
    s->count = ho_objective_columns(o);
    s->stride = (s->count + 15) / 16 * 16;
    if (s->stride % LINE == 0) s->stride += 16;
    const size_t bytes = periods * s->stride * sizeof *s->x;
    s->x = ho_new_pages(bytes);
    s->absolute = HO_NEW(float, 2 * s->count);
    if (s->x == NULL || s->absolute == NULL) return ho_fail_memory(err, bytes, "the objective");
    s->scale = s->absolute + s->count;
#pragma omp parallel for schedule(static) num_threads(threads) if (threads > 1)
    for (size_t t = 0; t < periods; t++) {
        const double *from = ho_matrix_row(&o->panel->values, t);
        float *to = s->x + t * s->stride;
        for (size_t i = 0; i < s->count; i++)
            to[i] = (float)from[ho_objective_first_of(o, i)];
        for (size_t i = s->count; i < s->stride; i++)
            to[i] = 0;
    }
#pragma omp parallel for schedule(static) num_threads(threads) if (threads > 1)
    for (size_t i = 0; i < s->count; i++) {
        const size_t j = ho_objective_first_of(o, i);
        const double *x = ho_matrix_row(&o->by_strategy, j);
        double sum = 0;
        for (size_t t = 0; t < periods; t++)
            sum += fabs(x[t]);
        s->absolute[i] = (float)sum;
        s->scale[i] = (float)o->scale[j];
    }
    return HO_OK;
}

void ho_objective_free_sieve(ho_portfolio_objective *o)
{
    free(o->sieve.x);
    free(o->sieve.absolute);
    o->sieve = (ho_sieve_columns){0};
}

void ho_sieve_room_free(ho_sieve_room **room)
{
    ho_sieve_room *r = *room;
    if (r == NULL) return;
    free(r->base);
    free(r->kept);
    free(r->count);
    free(r->bounds);
    free(r->x);
    free(r);
    *room = NULL;
}

ho_status ho_sieve_room_new(const ho_portfolio_objective *o, size_t size, ho_sieve_room **room, ho_error *err)
{
    const size_t periods = ho_objective_periods(o);
    ho_sieve_room *r = HO_NEW(ho_sieve_room, 1);
    if (r == NULL) return ho_fail_memory(err, sizeof *r, "a searcher's memory");
    r->base = HO_NEW(float, size *(2 * periods + 1));
    r->kept = HO_NEW(survivor, size * KEPT);
    r->count = HO_NEW(uint32_t, size);
    r->bounds = HO_NEW(ho_sieve_bounds, size);
    r->x = HO_NEW(double, periods *HO_EXACT);
    if (r->base == NULL || r->kept == NULL || r->count == NULL || r->bounds == NULL || r->x == NULL) {
        ho_sieve_room_free(&r);
        return ho_fail_memory(err, size * (2 * periods * sizeof(float) + KEPT * sizeof(survivor)),
                              "a searcher's memory");
    }
    r->v = r->base + size * periods;
    r->lower = r->v + size * periods;
    *room = r;
    return HO_OK;
}

/* What the sieved numbers of a slot may be off by. */
static ho_sieve_bounds bounds_of(const ho_set_walk *w, size_t slot)
{
    const ho_fitness_plan *p = &w->plan;
    const ho_left *left = &w->leavings[slot];
    const float steps = 1.02F * ((float)ho_objective_periods(w->o) + 5) * half_ulp;
    const ho_sieve_bare other = p->rule->fitness.metric == HO_LEGACY_ROI ? HO_SIEVE_TOTAL : HO_SIEVE_DEPTH;
    ho_sieve_bounds b = {.bare = p->is_ratio ? HO_SIEVE_RATIO : other,
                         .only_positive = p->only_positive_pairs,
                         .base_size = (float)left->base_size,
                         .sum_part = steps,
                         .depth_part = 3 * half_ulp,
                         .depth_step = steps,
                         .least = smallest,
                         .divisor = (float)p->size,
                         .none = (float)(p->no_drawdown * 1.0001),
                         .halved_below = (float)p->halved_below,
                         .few = 16 * half_ulp};
    if (!p->needs_pairs) return b;
    b.weight = (float)p->pair_weight;
    b.pairs = (float)w->pairs[slot];
    b.dot_part = steps * (float)left->v_high + (float)fabs(left->v_sum);
    return b;
}

void ho_sieve_want(ho_sieve_room *room, size_t slot, size_t periods, ho_leaving *leaving)
{
    leaving->single_base = room->base + slot * periods;
    leaving->single_v = room->v + slot * periods;
}

static void begin_slots(const ho_set_walk *w, size_t slots)
{
    ho_sieve_room *r = w->sieve;
    for (size_t s = 0; s < slots; s++) {
        r->count[s] = 0;
        r->lower[s] = -INFINITY;
        r->bounds[s] = bounds_of(w, s);
    }
}

/* Leaves out those that cannot be the best any more. */
static void sift(ho_sieve_room *r, size_t slot)
{
    survivor *kept = r->kept + slot * KEPT;
    uint32_t count = 0;
    for (uint32_t i = 0; i < r->count[slot]; i++) {
        if (kept[i].upper >= r->lower[slot]) kept[count++] = kept[i];
    }
    r->count[slot] = count;
}

/* Some columns that have been walked for a slot. */
typedef struct block {
    const ho_copies *copies; /* NULL: columns are candidates */
    uint32_t first, seen;    /* the first column; how many of them an earlier block had */
    ho_sieve_bounds bounds;
    ho_sieved walked;
    const float *absolute, *scale;
} block;

/* Takes the candidates of a block that may be the best of a slot. */
static void take(ho_sieve_room *r, const block *b, size_t slot, const ho_candidates *among,
                 const float *upper)
{
    for (uint32_t i = b->seen; i < BLOCK && r->count[slot] <= KEPT; i++) {
        const uint32_t column = b->first + i;
        if (!(upper[i] >= r->lower[slot])) continue;
        const bool open = b->copies != NULL ? ho_standing_for(b->copies, column, among) != HO_NOBODY
                                            : among->open[column] != 0;
        if (!open) continue;
        const float dot = b->bounds.weight != 0 ? b->walked.dot[i] : 0;
        const float lower = ho_sieve_bound(&b->bounds, b->bounds.bare, true, b->walked.sum[i],
                                           b->walked.drawdown[i], dot, b->absolute[i], b->scale[i], -1);
        if (lower > r->lower[slot]) r->lower[slot] = lower;
        if (r->count[slot] == KEPT) sift(r, slot);
        if (r->count[slot] < KEPT) r->kept[slot * KEPT + r->count[slot]] = (survivor){column, upper[i]};
        r->count[slot]++; /* past KEPT: too many */
    }
}

static float highest(const float values[BLOCK])
{
    float high = values[0];
#pragma omp simd reduction(max : high)
    for (size_t i = 1; i < BLOCK; i++)
        high = values[i] > high ? values[i] : high;
    return high;
}

void ho_objective_value_some(const ho_set_walk *w, size_t slot, const uint32_t *some, size_t count, double *x,
                             double *values)
{
    const ho_portfolio_objective *o = w->o;
    const size_t periods = ho_objective_periods(o);
    double room[3][HO_EXACT];
    const ho_walked walked = {.sum = room[0], .drawdown = room[1], .dot = room[2]};
    for (size_t i = 0; i < count; i++) { /* what stands in the other lanes does not matter */
        const double *from = ho_matrix_row(&o->by_strategy, some[i]);
        for (size_t t = 0; t < periods; t++)
            x[t * HO_EXACT + i] = from[t];
    }
    const ho_scan scan = {.periods = periods,
                          .stride = HO_EXACT,
                          .x = x,
                          .base = w->bases + slot * periods,
                          .v = w->plan.needs_pairs ? w->vs + slot * periods : NULL,
                          .start_peak = w->plan.start_peak};
    o->kernels->scan(&scan, HO_EXACT, &walked);
    for (size_t i = 0; i < count && w->plan.needs_pairs; i++)
        room[2][i] = (room[2][i] - o->mean[some[i]] * w->leavings[slot].v_sum) * o->scale[some[i]];
    ho_fitness_values(&w->plan, &walked, w->pairs[slot], count, values);
}

/* The best of those that were kept. */
static void choose(ho_set_walk *w, size_t slot, const ho_copies *copies, const ho_candidates *among,
                   ho_swap *best)
{
    ho_sieve_room *r = w->sieve;
    sift(r, slot);
    for (uint32_t i = 0; i < r->count[slot]; i += HO_EXACT) {
        const survivor *some = r->kept + slot * KEPT + i;
        const uint32_t count = r->count[slot] - i < HO_EXACT ? r->count[slot] - i : HO_EXACT;
        uint32_t strategies[HO_EXACT];
        double values[HO_EXACT];
        for (uint32_t k = 0; k < count; k++)
            strategies[k] = ho_objective_first_of(w->o, some[k].column);
        ho_objective_value_some(w, slot, strategies, count, r->x, values);
        for (uint32_t k = 0; k < count; k++) {
            if (!(values[k] >= best->value) || values[k] == (double)-INFINITY) continue;
            const uint32_t j =
                copies != NULL ? ho_standing_for(copies, some[k].column, among) : some[k].column;
            if (values[k] == best->value && j >= best->in) continue;
            best->value = values[k];
            best->in = j;
        }
    }
}

_Static_assert(KEPT == HO_DEVICE_KEPT, "a device keeps as many");

static void keep(ho_sieve_room *room, size_t slot, uint32_t i, uint32_t column, float upper)
{
    room->kept[slot * KEPT + i] = (survivor){column, upper};
}

static void value_smooth(const ho_set_walk *w, size_t slot, const block *b, double values[BLOCK])
{
    double room[3][BLOCK];
    const bool pairs = w->plan.needs_pairs;
    const double dust = w->leavings[slot].v_sum;
    for (size_t i = 0; i < BLOCK; i++) {
        room[0][i] = (double)b->walked.sum[i];
        room[1][i] = (double)b->walked.drawdown[i];
        const uint32_t j = ho_objective_first_of(w->o, b->first + (uint32_t)i);
        room[2][i] = pairs ? ((double)b->walked.dot[i] - w->o->mean[j] * dust) * w->o->scale[j] : 0;
    }
    const ho_walked walked = {.sum = room[0], .drawdown = room[1], .dot = room[2]};
    ho_fitness_values(&w->smooth, &walked, w->pairs[slot], BLOCK, values);
}

/* What a sieve looks at: all distinct columns, or the candidates themselves. */
typedef struct span {
    const ho_copies *copies; /* NULL: columns are candidates */
    uint32_t from, to;
} span;

static span span_of(const ho_portfolio_objective *o, const ho_candidates *among)
{
    if (o->copies.distinct != 0) return (span){&o->copies, 0, (uint32_t)o->sieve.count};
    return (span){NULL, among->first, among->last};
}

/* Whole blocks: the last one is moved back over columns that have been seen. */
static block block_at(const ho_set_walk *w, const span *of, uint32_t j, float room[3][BLOCK])
{
    const ho_sieve_columns *c = &w->o->sieve;
    const uint32_t at = of->to - j < BLOCK ? of->to - BLOCK : j;
    return (block){.copies = of->copies,
                   .first = at,
                   .seen = j - at,
                   .walked = {room[0], room[1], room[2]},
                   .absolute = c->absolute + at,
                   .scale = c->scale + at};
}

static ho_sieve sieve_of(const ho_set_walk *w, size_t slot, const block *b)
{
    const size_t periods = ho_objective_periods(w->o);
    const double size = w->leavings[slot].base_size;
    return (ho_sieve){.periods = periods,
                      .stride = w->o->sieve.stride,
                      .x = w->o->sieve.x + b->first,
                      .base = w->sieve->base + slot * periods,
                      .v = w->plan.needs_pairs ? w->sieve->v + slot * periods : NULL,
                      .zero_start = w->plan.start_peak == 0,
                      /* keeps the fourth powers of depths within what a float holds */
                      .unit = size > 0 && size < FLT_MAX ? (float)size : 1};
}

void ho_objective_sieve_smooth(ho_set_walk *w, size_t slots, const ho_candidates *among, size_t stride,
                               ho_swap *best)
{
    const span all = span_of(w->o, among);
    float room[3][BLOCK];
    double values[BLOCK];
    for (uint32_t j = all.from; j < all.to; j += BLOCK) {
        const block b = block_at(w, &all, j, room);
        for (size_t s = 0; s < slots; s++) {
            const ho_sieve sieve = sieve_of(w, s, &b);
            const ho_candidates mine = ho_candidates_of(among, s, stride);
            w->o->kernels->sieve_smooth(&sieve, BLOCK, &b.walked);
            value_smooth(w, s, &b, values);
            ho_objective_take_best(values + b.seen, b.copies, b.first + b.seen, BLOCK - b.seen, &mine,
                                   &best[s]);
        }
    }
}

bool ho_objective_sieve_fits(const ho_portfolio_objective *o, uint32_t first, uint32_t last)
{
    const size_t columns = o->copies.distinct != 0 ? o->sieve.count : last - first;
    return o->sieve.x != NULL && columns >= LEAST;
}

/* All slots, block by block. */
static void sieve_blocks(ho_set_walk *w, size_t slots, const ho_candidates *among, size_t stride,
                         const span *all)
{
    const ho_kernels *kernels = w->o->kernels;
    float room[3][BLOCK], upper[BLOCK];
    ho_sieve_room *r = w->sieve;
    for (uint32_t j = all->from; j < all->to; j += BLOCK) {
        block b = block_at(w, all, j, room);
        for (size_t s = 0; s < slots; s++) {
            if (r->count[s] > KEPT) continue;
            const ho_sieve sieve = sieve_of(w, s, &b);
            const ho_candidates mine = ho_candidates_of(among, s, stride);
            b.bounds = r->bounds[s];
            kernels->sieve(&sieve, BLOCK, &b.walked);
            kernels->sieve_upper(&b.bounds, &b.walked, b.absolute, b.scale, BLOCK, upper);
            if (highest(upper) >= r->lower[s]) take(r, &b, s, &mine, upper);
        }
    }
}

void ho_objective_sieve(ho_set_walk *w, size_t slots, const ho_candidates *among, size_t stride,
                        ho_swap *best, bool *left)
{
    const span all = span_of(w->o, among);
    ho_sieve_room *r = w->sieve;
    begin_slots(w, slots);
    const ho_device_sieved sieved = {all.from, all.to, r->base, r->v, r->bounds, r->count, r->lower, r, keep};
    if (!ho_objective_sieve_on_device(w, slots, among, stride, &sieved))
        sieve_blocks(w, slots, among, stride, &all);
    for (size_t s = 0; s < slots; s++) {
        const ho_candidates mine = ho_candidates_of(among, s, stride);
        left[s] = r->count[s] > KEPT;
        if (!left[s]) choose(w, s, all.copies, &mine, &best[s]);
    }
}
