/* The life of a bound: which sets there are, what covers them, and the largest of what is proven. */
#include "base/error.h"
#include "base/memory.h"
#include "bound/axis.h"
#include "bound/proof.h"
#include "search/core.h"

#include <math.h>
#include <string.h>

/* How near the programmes come to what they can prove, relative. */
static const double quotient_tolerance = 3e-4;
static const double plain_tolerance = 1e-6;
static const double hint_tolerance = 1e-3;

enum { MOST_LEVELS = 96 };

void ho_bound_free(ho_bound **bound)
{
    ho_bound *b = *bound;
    if (b == NULL) return;
    for (size_t i = 0; i < b->count; i++)
        free((double *)b->pieces[i].y);
    free(b->pieces);
    free(b->roots);
    ho_hints_clear(&b->hints);
    free(b);
    *bound = NULL;
}

ho_bound_facts ho_bound_facts_of(const ho_bound *bound)
{
    return bound->facts;
}

const ho_bound_piece *ho_bound_piece_at(const ho_bound *bound, size_t i)
{
    return i < bound->count ? &bound->pieces[i] : NULL;
}

static ho_status make_room(ho_bound *b, ho_error *err)
{
    if (b->count < b->room) return HO_OK;
    const size_t room = 2 * b->room + 16;
    ho_bound_piece *pieces = ho_grow_array(b->pieces, room, sizeof *pieces);
    if (pieces != NULL) b->pieces = pieces;
    ho_root *roots = ho_grow_array(b->roots, room, sizeof *roots);
    if (roots != NULL) b->roots = roots;
    if (pieces == NULL || roots == NULL)
        return ho_fail_memory(err, room * (sizeof *pieces + sizeof *roots), "a bound");
    b->room = room;
    return HO_OK;
}

/* Adds a piece with copies of the certificate's y and g, which answers the question; the bound's value rises to the
 * piece's. */
static ho_status add_piece(ho_bound *b, const ho_question *q, ho_bound_piece piece, const ho_certificate *c,
                           ho_error *err)
{
    HO_TRY(make_room(b, err));
    double *both = HO_NEW(double, 2 * b->periods);
    if (both == NULL) return ho_fail_memory(err, 2 * b->periods * sizeof *both, "a bound");
    memcpy(both, c->y, b->periods * sizeof *both);
    memcpy(both + b->periods, c->g, b->periods * sizeof *both);
    piece.y = both;
    piece.g = both + b->periods;
    piece.pair_weight = c->weight;
    if (piece.cover != HO_COVER_LEAST_DEPTH) {
        const bool ranged = piece.cover == HO_COVER_QUOTIENT;
        b->roots[b->root_count++] = (ho_root){.question = *q,
                                              .from = ranged ? piece.from : q->rate,
                                              .to = ranged ? piece.to : q->rate,
                                              .piece = b->count};
        if (piece.value > b->facts.value) b->facts.value = piece.value;
    }
    b->pieces[b->count++] = piece;
    return HO_OK;
}

static void note_peak(ho_bound *b, const ho_question *q, double reached)
{
    if (!(reached > b->highest)) return;
    b->highest = reached;
    b->peak = *q;
}

/* Asks, and makes the answer a piece. */
static ho_status ask_piece(ho_bound *b, ho_solver *s, const ho_question *q, double *value, ho_error *err)
{
    ho_answer a;
    HO_TRY(ho_solver_ask(s, q, &a, err));
    const bool ranged = q->cover == HO_COVER_DEPTH;
    const ho_bound_piece piece = {.cover = q->cover,
                                  .from = ranged ? q->low : q->rate,
                                  .to = ranged ? q->high : q->rate,
                                  .value = a.bound};
    ho_status status = add_piece(b, q, piece, &a.certificate, err);
    ho_certificate_free(&a.certificate);
    *value = a.bound;
    if (q->cover != HO_COVER_LEAST_DEPTH) note_peak(b, q, a.reached);
    return status;
}

/* Weights of the penalty and the depths low..high at which they hold. */
typedef struct penalty_side {
    double weight, low, high;
} penalty_side;

static size_t find_sides(const ho_bound_goal *goal, penalty_side sides[2])
{
    if (goal->pair_weight == 0 || !(goal->halved_below > 0)) {
        sides[0] = (penalty_side){goal->pair_weight, 0, INFINITY};
        return 1;
    }
    sides[0] = (penalty_side){goal->pair_weight, goal->halved_below, INFINITY};
    sides[1] = (penalty_side){goal->pair_weight / 2, 0, goal->halved_below};
    return 2;
}

/* A depth is subadditive: no set's is more than those of the K deepest columns together. */
static double greatest_depth(const ho_solver *s, double *room)
{
    const ho_bound_columns *cs = &s->base.columns;
    double sum = 0;
    size_t count = 0, size = s->base.size;
    for (size_t j = 0; j < cs->count; j++) {
        for (uint32_t copy = 0; copy < cs->most[j] && copy < size; copy++) {
            if (count == size && !(cs->depth[j] > room[count - 1])) break;
            size_t at = count < size ? count++ : count - 1;
            for (; at > 0 && room[at - 1] < cs->depth[j]; at--)
                room[at] = room[at - 1];
            room[at] = cs->depth[j];
        }
    }
    for (size_t i = 0; i < count; i++)
        sum += room[i];
    return sum / s->base.goal.divisor * (1 + 1e-9);
}

static ho_status bound_axis(ho_bound *b, ho_solver *s, const penalty_side *side, double from, double to,
                            double first, ho_error *err)
{
    if (side->high < INFINITY) from = fmax(from, 1 / side->high);
    if (side->low > 0) to = fmin(to, 1 / side->low);
    if (from > to) return HO_OK;
    ho_axis axis = {.from = from, .to = to, .weight = side->weight};
    ho_status status = ho_axis_cover(s, &axis, first, -INFINITY, quotient_tolerance, MOST_LEVELS, err);
    for (size_t i = 0; i < axis.count && status == HO_OK; i++) {
        const ho_axis_point *p = &axis.points[i];
        const ho_bound_piece piece = {HO_COVER_QUOTIENT, p->from, p->to, 0, p->bound, NULL, NULL};
        const ho_question q = {.cover = HO_COVER_QUOTIENT, .rate = p->at, .weight = side->weight};
        note_peak(b, &q, p->reached);
        status = add_piece(b, &q, piece, &p->certificate, err);
    }
    ho_axis_clear(&axis);
    return status;
}

/* Without a penalty one certificate covers the whole axis, since its value grows with the rate by next to nothing. */
static ho_status bound_ratio(ho_bound *b, ho_solver *s, double from, double to, bool *found, double *first,
                             ho_error *err)
{
    ho_answer a;
    HO_TRY(ho_solver_ratio(s, 1 / to, found, &a, err));
    if (!*found) return HO_OK;
    const double depth = ho_programme_depth(s->programme);
    *first = depth > 0 ? 1 / depth : to;
    ho_status status = HO_OK;
    if (s->base.goal.pair_weight == 0) {
        ho_question q = {.cover = HO_COVER_QUOTIENT, .rate = from};
        const double left = ho_question_bound(s, &q, &a.certificate);
        const ho_bound_piece piece = {HO_COVER_QUOTIENT, from, to, 0, fmax(left, a.bound), NULL, NULL};
        q.rate = fmin(fmax(*first, from), to);
        status = add_piece(b, &q, piece, &a.certificate, err);
        note_peak(b, &q, a.reached);
    }
    ho_certificate_free(&a.certificate);
    return status;
}

/* Sets of a depth that counts as none. */
static ho_status bound_without_depth(ho_bound *b, ho_solver *s, const penalty_side *side, ho_error *err)
{
    const ho_bound_goal *goal = &s->base.goal;
    const double rates[] = {goal->gain_rate, goal->loss_rate};
    double value;
    for (size_t i = 0; i < 2; i++) {
        if (side->low > goal->none || (i == 1 && rates[1] == rates[0])) continue;
        const ho_question q = {.cover = HO_COVER_NO_DEPTH,
                               .rate = rates[i],
                               .weight = side->weight,
                               .low = goal->none,
                               .high = goal->none,
                               .enough = -INFINITY,
                               .tolerance = quotient_tolerance};
        HO_TRY(ask_piece(b, s, &q, &value, err));
        if (i == 0) b->level_total = fmax(b->level_total, ho_programme_total(s->programme));
    }
    return HO_OK;
}

/* Where a mix has no depth no quotient is out of reach: the cover is made, and not worked on. */
static ho_status cover_plainly(ho_bound *b, ho_solver *s, const penalty_side *side, double from, double to,
                               ho_error *err)
{
    ho_question q = {.cover = HO_COVER_QUOTIENT, .rate = from, .weight = side->weight};
    ho_answer a;
    HO_TRY(ho_solver_plain(s, &q, &a, err));
    q.rate = to;
    const double right = ho_question_bound(s, &q, &a.certificate);
    const ho_bound_piece piece = {HO_COVER_QUOTIENT, from, to, 0, fmax(a.bound, right), NULL, NULL};
    q.rate = sqrt(from) * sqrt(to);
    ho_status status = add_piece(b, &q, piece, &a.certificate, err);
    ho_certificate_free(&a.certificate);
    return status;
}

static ho_status bound_quotient(ho_bound *b, ho_solver *s, ho_error *err)
{
    const ho_bound_goal *goal = &s->base.goal;
    const ho_question least = {
        .cover = HO_COVER_LEAST_DEPTH, .low = 0, .high = INFINITY, .tolerance = plain_tolerance};
    HO_TRY(ask_piece(b, s, &least, &b->facts.least, err));
    double *room = HO_NEW(double, s->base.size);
    if (room == NULL) return ho_fail_memory(err, s->base.size * sizeof *room, "a bound");
    const double greatest = greatest_depth(s, room);
    free(room);
    const bool depth_for_sure = b->facts.least > goal->none;
    penalty_side sides[2];
    const size_t count = find_sides(goal, sides);
    for (size_t i = 0; i < count && !depth_for_sure; i++)
        HO_TRY(bound_without_depth(b, s, &sides[i], err));
    if (!(greatest > goal->none)) return HO_OK;
    const double from = 1 / greatest, to = 1 / fmax(b->facts.least, goal->none);
    b->facts.useful = depth_for_sure;
    for (size_t i = 0; i < count && !depth_for_sure; i++)
        HO_TRY(cover_plainly(b, s, &sides[i], from, to, err));
    if (!depth_for_sure) return HO_OK;
    double first = to / 2;
    bool found = false;
    HO_TRY(bound_ratio(b, s, from, to, &found, &first, err));
    if (found && goal->pair_weight == 0) return HO_OK;
    for (size_t i = 0; i < count; i++)
        HO_TRY(bound_axis(b, s, &sides[i], from, to, first, err));
    return HO_OK;
}

static ho_status bound_total(ho_bound *b, ho_solver *s, ho_error *err)
{
    double value;
    const ho_question q = {.cover = HO_COVER_TOTAL,
                           .rate = s->base.goal.factor,
                           .weight = s->base.goal.pair_weight,
                           .low = 0,
                           .high = INFINITY,
                           .enough = -INFINITY,
                           .tolerance = plain_tolerance};
    return ask_piece(b, s, &q, &value, err);
}

static ho_status bound_depth(ho_bound *b, ho_solver *s, ho_error *err)
{
    penalty_side sides[2];
    const size_t count = find_sides(&s->base.goal, sides);
    double value;
    for (size_t i = 0; i < count; i++) {
        const ho_question q = {.cover = HO_COVER_DEPTH,
                               .weight = sides[i].weight,
                               .low = sides[i].low,
                               .high = sides[i].high,
                               .enough = -INFINITY,
                               .tolerance = plain_tolerance};
        HO_TRY(ask_piece(b, s, &q, &value, err));
    }
    return HO_OK;
}

/* Sets of whole members are deeper than mixtures: the hints come from the best depth and deeper ones. Where mixtures
 * have no depth at all they come from depths at which those would be worth this much. */
static ho_status gather_hints(ho_bound *b, ho_solver *s, ho_error *err)
{
    static const double parts[] = {1, 0.95, 0.9, 0.85, 0.8, 0.73, 0.66, 0.58},
                        worths[] = {2000, 1000, 600, 350, 200, 120, 60, 20};
    enum { LEVELS = sizeof parts / sizeof *parts, HINT_ROUNDS = 12 };
    ho_question questions[LEVELS];
    size_t count = 0;
    const bool level = b->level_total > 0 && !b->facts.useful;
    if (ho_solver_cancelled(s) || !(level || isfinite(b->highest))) return HO_OK;
    for (; count < (level || b->peak.cover == HO_COVER_QUOTIENT ? LEVELS : 1); count++) {
        ho_question *q = &questions[count];
        *q = b->peak;
        q->enough = -INFINITY;
        q->tolerance = hint_tolerance;
        if (level) q->cover = HO_COVER_QUOTIENT;
        if (q->cover != HO_COVER_QUOTIENT) continue;
        q->rounds = HINT_ROUNDS;
        q->rate = level ? worths[count] / b->level_total : q->rate * parts[count];
        q->weight = s->base.goal.pair_weight;
        q->low = q->high = 1 / q->rate;
    }
    return ho_hints_gather(s, questions, count, &b->hints, err);
}

size_t ho_bound_lead_count(const ho_bound *bound)
{
    return bound->hints.count;
}

const ho_lead *ho_bound_lead_at(const ho_bound *bound, size_t i)
{
    return i < bound->hints.count ? &bound->hints.leads[i] : NULL;
}

static ho_status fill(ho_bound *b, ho_solver *s, bool with_leads, ho_error *err)
{
    static ho_status (*const shapes[])(ho_bound *, ho_solver *, ho_error *) = {
        [HO_BOUND_QUOTIENT] = bound_quotient, [HO_BOUND_TOTAL] = bound_total, [HO_BOUND_DEPTH] = bound_depth};
    b->facts.useful = true;
    b->facts.value = b->highest = -INFINITY;
    HO_TRY(ho_solver_seed(s, err));
    HO_TRY(shapes[s->base.goal.shape](b, s, err));
    if (with_leads) HO_TRY(gather_hints(b, s, err));
    b->facts.distinct = s->base.columns.distinct;
    b->facts.columns = s->programme->entry_count;
    b->facts.levels = s->levels;
    b->facts.rounds = s->rounds;
    b->facts.pieces = b->count;
    return HO_OK;
}

ho_status ho_bound_by(ho_engine_kind engine, const ho_panel *panel, const ho_problem *problem,
                      const ho_bound_goal *goal, bool with_leads, const volatile int *cancel,
                      ho_bound **bound, ho_error *err)
{
    HO_TRY(ho_problem_check(problem, err));
    ho_bound *b = HO_NEW(ho_bound, 1);
    if (b == NULL) return ho_fail_memory(err, sizeof *b, "a bound");
    b->periods = ho_panel_periods(panel);
    b->facts.grouping = -1;
    ho_solver s;
    ho_status status = ho_solver_open(panel, problem, goal, engine, cancel, &s, err);
    if (status == HO_OK) status = fill(b, &s, with_leads, err);
    b->stuck = s.stuck;
    if (s.limits.grouping != NULL) b->facts.grouping = (int)(s.limits.grouping - problem->groupings);
    ho_solver_close(&s);
    if (status == HO_OK)
        *bound = b;
    else
        ho_bound_free(&b);
    return status;
}

/* Our own simplex is the faster one; what it could not solve HiGHS may. */
ho_status ho_bound_new(const ho_panel *panel, const ho_problem *problem, const ho_bound_goal *goal,
                       bool with_leads, const volatile int *cancel, ho_bound **bound, ho_error *err)
{
    ho_bound *first = NULL, *second = NULL;
    HO_TRY(ho_bound_by(HO_ENGINE_OWN, panel, problem, goal, with_leads, cancel, &first, err));
    ho_status status = HO_OK;
    if (first->stuck && ho_highs_version() != NULL)
        status = ho_bound_by(HO_ENGINE_HIGHS, panel, problem, goal, with_leads, cancel, &second, err);
    if (status == HO_OK && second != NULL && second->facts.value < first->facts.value) {
        ho_bound *worse = first;
        first = second;
        second = worse;
    }
    ho_bound_free(&second);
    if (status == HO_OK)
        *bound = first;
    else
        ho_bound_free(&first);
    return status;
}
