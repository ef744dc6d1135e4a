#include "bound/solve.h"

#include "base/error.h"
#include "base/memory.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { MOST_ROUNDS = 60, COLUMNS_A_ROUND = 30, SEEDS = 60, RATIO_ROUNDS = 100 };

/* A unit of excess depth costs so many times what a unit of total earns. */
static const double excess_cost = 1e4;

static ho_status make_room(ho_solver *s, ho_engine_kind engine, ho_error *err)
{
    const size_t columns = s->base.columns.count;
    s->gains = HO_NEW(double, columns);
    if (s->gains == NULL) return ho_fail_memory(err, columns * sizeof(double), "a bound");
    HO_TRY(ho_chooser_new(columns, s->base.size, &s->chooser, err));
    return ho_programme_new(&s->base, engine, &s->programme, err);
}

/* What a column is worth by itself: its total for its depth, and some ground under it. */
static double merit_of(const ho_solver *s, uint32_t column)
{
    const ho_bound_columns *cs = &s->base.columns;
    const double ground = s->programme->unit * s->base.goal.divisor / (double)s->base.size;
    return cs->total[column] / (cs->depth[column] + ground);
}

static ho_status limit_groups(ho_solver *s, const ho_problem *problem, ho_error *err)
{
    if (problem->grouping_count == 0) return HO_OK;
    for (uint32_t j = 0; j < s->base.columns.count; j++)
        s->chooser.values[j] = merit_of(s, j);
    HO_TRY(ho_bound_limits_new(&s->base.columns, problem, &s->chooser, &s->limits, err));
    if (s->limits.grouping == NULL) return HO_OK;
    s->base.groups = &s->limits.groups;
    s->base.limits = s->limits.ranges;
    const ho_box all = ho_bound_box(&s->base);
    return ho_programme_hold(s->programme, &all, err);
}

ho_status ho_solver_open(const ho_panel *panel, const ho_problem *problem, const ho_bound_goal *goal,
                         ho_engine_kind engine, const volatile int *cancel, ho_solver *solver, ho_error *err)
{
    *solver = (ho_solver){.base = {.goal = *goal, .size = problem->size, .periods = ho_panel_periods(panel)},
                          .cancel = cancel};
    HO_TRY(ho_bound_columns_new(panel, problem, goal->depth, &solver->base.columns, err));
    HO_TRY(make_room(solver, engine, err));
    return limit_groups(solver, problem, err);
}

ho_status ho_solver_beside(const ho_bound_base *base, const volatile int *cancel, ho_solver *solver,
                           ho_error *err)
{
    *solver = (ho_solver){.base = *base, .borrowed = true, .cancel = cancel};
    return make_room(solver, HO_ENGINE_OWN, err);
}

void ho_solver_close(ho_solver *s)
{
    ho_programme_free(&s->programme);
    ho_bound_limits_free(&s->limits);
    if (!s->borrowed) ho_bound_columns_free(&s->base.columns);
    ho_chooser_free(&s->chooser);
    ho_certificate_free(&s->spare);
    for (size_t i = 0; i < HO_SOLVER_SPARES; i++)
        ho_certificate_free(&s->spares[i]);
    free(s->gains);
    *s = (ho_solver){0};
}

bool ho_solver_cancelled(const ho_solver *s)
{
    return s->cancel != NULL && *s->cancel != 0;
}

/* Enters the `wanted` columns of largest gain above `floor`; *entered counts them. */
static ho_status enter_best(ho_solver *s, size_t wanted, double floor, size_t *entered, ho_error *err)
{
    const ho_bound_columns *cs = &s->base.columns;
    ho_chosen best[SEEDS];
    size_t count = 0;
    for (uint32_t j = 0; j < cs->count; j++) {
        const double gain = s->gains[j];
        if (!(gain > floor) || s->programme->entered[j] || s->programme->box.most[j] == 0) continue;
        if (count == wanted && !(gain > best[count - 1].value)) continue;
        size_t at = count < wanted ? count++ : count - 1;
        for (; at > 0 && best[at - 1].value < gain; at--)
            best[at] = best[at - 1];
        best[at] = (ho_chosen){gain, j, 1};
    }
    for (size_t i = 0; i < count; i++)
        HO_TRY(ho_programme_enter(s->programme, best[i].column, err));
    *entered = count;
    return HO_OK;
}

ho_status ho_solver_seed(ho_solver *s, ho_error *err)
{
    const ho_bound_columns *cs = &s->base.columns;
    size_t entered = 0, room = 0;
    for (uint32_t j = 0; j < cs->count; j++) {
        s->gains[j] = merit_of(s, j);
        if (cs->least[j] > 0) HO_TRY(ho_programme_enter(s->programme, j, err));
    }
    HO_TRY(enter_best(s, SEEDS, -INFINITY, &entered, err));
    for (uint32_t j = 0; j < cs->count; j++)
        room += s->programme->entered[j] ? cs->most[j] : 0;
    while (room < s->base.size) {
        HO_TRY(enter_best(s, SEEDS, -INFINITY, &entered, err));
        room = 0;
        for (uint32_t j = 0; j < cs->count; j++)
            room += s->programme->entered[j] ? cs->most[j] : 0;
    }
    for (uint32_t j = 0; j < cs->count; j++)
        s->gains[j] = -cs->depth[j];
    return enter_best(s, SEEDS, -INFINITY, &entered, err);
}

static bool with_total(const ho_question *q)
{
    return q->cover != HO_COVER_LEAST_DEPTH && q->cover != HO_COVER_DEPTH;
}

static double rate_of(const ho_question *q)
{
    return with_total(q) ? q->rate : 1;
}

/* A sum of two or three numbers, rounded up. */
static double up(double value, double size)
{
    return value + 4 * DBL_EPSILON * (fabs(value) + size);
}

double ho_question_bound(ho_solver *s, const ho_question *q, const ho_certificate *c)
{
    const ho_bound_goal *goal = &s->base.goal;
    const ho_box all = ho_bound_box(&s->base);
    const double sum =
        ho_certificate_at(&s->base, c, rate_of(q), q->box != NULL ? q->box : &all, &s->chooser);
    if (sum == -INFINITY) return -INFINITY;
    switch (q->cover) {
    case HO_COVER_LEAST_DEPTH: /* L d >= - sum of y r */
        if (!(c->length > 0) || !(sum < 0)) return 0;
        return -sum / c->length * (1 - 4 * DBL_EPSILON);
    case HO_COVER_QUOTIENT: /* rate * depth = 1 */
        return up(goal->constant + c->length + sum, fabs(goal->constant) + c->length + fabs(sum));
    case HO_COVER_NO_DEPTH: {
        const double held = q->rate * c->length * goal->none;
        return up(goal->constant + held + sum, fabs(goal->constant) + held + fabs(sum));
    }
    case HO_COVER_TOTAL:
        return sum;
    case HO_COVER_DEPTH:
        break;
    }
    /* -d = -L d + (L - 1) d, and the last is at most that of the end which suits it. */
    if (c->length > 1) {
        if (!isfinite(q->high)) return INFINITY;
        return up((c->length - 1) * q->high + sum, c->length * q->high + fabs(sum));
    }
    return up(sum - (1 - c->length) * q->low, q->low + fabs(sum));
}

/* What the programme minimises for the question; *scale turns its objective into ours. */
static ho_wish wish_of(const ho_solver *s, const ho_question *q, double *scale)
{
    const bool total = with_total(q);
    const double rate = rate_of(q), unit = s->programme->unit;
    *scale = rate > 0 ? rate * unit : 1;
    ho_wish w = {.earn = total && rate > 0 ? 1 : 0,
                 .paid = total ? 0 : 1,
                 .pay = q->weight / *scale,
                 .low = q->low,
                 .high = q->high};
    if (isfinite(q->high)) w.dear = excess_cost;
    if (q->cover == HO_COVER_TOTAL) w = (ho_wish){.earn = 1, .pay = w.pay, .low = 0, .high = INFINITY};
    return w;
}

/* What the present shares are worth by the question, or -INFINITY where they break its depth. */
static double reached_by(const ho_solver *s, const ho_question *q)
{
    const ho_programme *p = s->programme;
    const double penalty = q->weight > 0 ? q->weight * ho_programme_pairs(p) : 0;
    const double depth = ho_programme_depth(p);
    switch (q->cover) {
    case HO_COVER_LEAST_DEPTH:
        return depth;
    case HO_COVER_DEPTH:
        return -(depth > q->low ? depth : q->low) - penalty;
    case HO_COVER_TOTAL:
        return q->rate * ho_programme_total(p) - penalty;
    case HO_COVER_QUOTIENT:
    case HO_COVER_NO_DEPTH:
        break;
    }
    if (depth > q->high * (1 + 1e-4) + 1e-12 * p->unit) return -INFINITY;
    /* A hair deeper than asked for is worth what it earns for its own depth. */
    const double rate = q->cover == HO_COVER_QUOTIENT && depth * q->rate > 1 ? 1 / depth : q->rate;
    return s->base.goal.constant + rate * ho_programme_total(p) - penalty;
}

static ho_certificate take_spare(ho_solver *s)
{
    for (size_t i = 0; i < HO_SOLVER_SPARES; i++) {
        const ho_certificate c = s->spares[i];
        if (c.y == NULL) continue;
        s->spares[i] = (ho_certificate){0};
        return c;
    }
    return (ho_certificate){0};
}

void ho_solver_take_back(ho_solver *s, ho_answer *answer)
{
    for (size_t i = 0; i < HO_SOLVER_SPARES && answer->certificate.y != NULL; i++) {
        if (s->spares[i].y != NULL) continue;
        s->spares[i] = answer->certificate;
        answer->certificate = (ho_certificate){0};
    }
    ho_certificate_free(&answer->certificate);
}

static ho_status make_certificate(ho_solver *s, const ho_question *q, ho_certificate *c, ho_error *err)
{
    const ho_programme *p = s->programme;
    return ho_certificate_make(&s->base, with_total(q), q->weight, p->y, q->weight > 0 ? p->g : NULL, c, err);
}

/* Of depths without an upper end, a unit may be made to pay once at most. */
static ho_status hold_length(ho_solver *s, const ho_question *q, ho_certificate *c, ho_error *err)
{
    if (q->cover != HO_COVER_DEPTH || isfinite(q->high) || c->length <= 1) return HO_OK;
    const double part = (1 - 1e-12) / c->length;
    for (size_t t = 0; t < s->base.periods; t++)
        s->programme->y[t] *= part;
    return make_certificate(s, q, c, err);
}

/* Takes the certificate of the last solution where it proves more than the answer's. */
static ho_status prove(ho_solver *s, const ho_question *q, ho_answer *answer, double scale, double margin,
                       ho_error *err)
{
    HO_TRY(make_certificate(s, q, &s->spare, err));
    HO_TRY(hold_length(s, q, &s->spare, err));
    const ho_certificate c = s->spare;
    const double bound = ho_question_bound(s, q, &c);
    for (size_t j = 0; j < s->base.columns.count; j++)
        s->gains[j] = s->chooser.values[j] - scale * s->programme->price - margin;
    ho_programme_take_tolls(s->programme, scale, s->gains);
    const bool better = q->cover == HO_COVER_LEAST_DEPTH ? bound > answer->bound : bound < answer->bound;
    if (!better) return HO_OK;
    s->spare = answer->certificate.y != NULL ? answer->certificate : take_spare(s);
    answer->certificate = c;
    answer->bound = bound;
    return HO_OK;
}

/* Columns, rows and a tangent that the last solution lacks. *grown: some were found. */
static ho_status grow(ho_solver *s, const ho_question *q, double tolerance, bool *grown, ho_error *err)
{
    ho_programme *p = s->programme;
    size_t rows = 0, columns = 0;
    bool tangent = false;
    if (q->cover != HO_COVER_TOTAL) HO_TRY(ho_programme_add_depth(p, p->depth, &rows, err));
    if (q->weight > 0 && q->weight * (ho_programme_pairs(p) - p->penalty) > tolerance / 3) {
        HO_TRY(ho_programme_add_tangent(p, err));
        tangent = true;
    }
    HO_TRY(enter_best(s, COLUMNS_A_ROUND, 0, &columns, err));
    *grown = rows > 0 || columns > 0 || tangent;
    return HO_OK;
}

/* Solves, and again with rows that the solution lacks: those of groups' limits till it keeps to them, since it is worth
 * nothing without; those on the depth twice, since a pass over all columns costs more than a programme of few. */
static ho_status solve_with_rows(ho_solver *s, bool has_depth, ho_error *err)
{
    enum { DEPTHS = 2, LIMITS = 30 };
    size_t rows = 1;
    HO_TRY(ho_programme_solve(s->programme, err));
    for (int again = 0; again < LIMITS && rows > 0 && s->programme->state == HO_LP_OPTIMAL; again++) {
        size_t depths = 0;
        HO_TRY(ho_programme_add_limits(s->programme, &rows, err));
        if (has_depth && again < DEPTHS)
            HO_TRY(ho_programme_add_depth(s->programme, s->programme->depth, &depths, err));
        rows += depths;
        if (rows > 0) HO_TRY(ho_programme_solve(s->programme, err));
    }
    s->rounds++;
    s->stuck |= s->programme->state == HO_LP_STUCK;
    return HO_OK;
}

ho_status ho_solver_plain(ho_solver *s, const ho_question *q, ho_answer *answer, ho_error *err)
{
    double *zeros = HO_NEW(double, s->base.periods);
    if (zeros == NULL) return ho_fail_memory(err, s->base.periods * sizeof *zeros, "a bound");
    ho_answer plain = {.reached = -INFINITY, .certificate = take_spare(s)};
    ho_status status =
        ho_certificate_make(&s->base, with_total(q), q->weight, zeros, NULL, &plain.certificate, err);
    free(zeros);
    if (status != HO_OK) {
        ho_certificate_free(&plain.certificate);
        return status;
    }
    plain.bound = ho_question_bound(s, q, &plain.certificate);
    *answer = plain;
    return HO_OK;
}

static double tolerance_of(const ho_question *q, const ho_answer *a)
{
    double size = isfinite(a->reached) ? fabs(a->reached) : isfinite(a->bound) ? fabs(a->bound) : 0;
    return q->tolerance * size;
}

/* Enters columns until the programme's alone fill the question's box, so that a solution exists. */
static ho_status fill_box(ho_solver *s, const ho_question *q, ho_error *err)
{
    ho_chooser *c = &s->chooser;
    const ho_box all = ho_bound_box(&s->base), *box = q->box != NULL ? q->box : &all;
    if (q->box == NULL && all.clusters == NULL) return HO_OK;
    for (size_t j = 0; j < s->base.columns.count; j++)
        c->values[j] = s->programme->entered[j] ? 0 : -1;
    if (!ho_box_choose(box, c)) return HO_OK;
    for (size_t i = 0; i < c->count; i++)
        HO_TRY(ho_programme_enter(s->programme, c->chosen[i].column, err));
    return ho_programme_hold(s->programme, box, err);
}

static ho_status ask_rounds(ho_solver *s, const ho_question *q, ho_answer *a, ho_error *err)
{
    double scale;
    const ho_wish wish = wish_of(s, q, &scale);
    HO_TRY(ho_programme_wish(s->programme, &wish, err));
    HO_TRY(fill_box(s, q, err));
    bool grown = true;
    const bool least = q->cover == HO_COVER_LEAST_DEPTH;
    const int most = q->rounds > 0 ? q->rounds : MOST_ROUNDS;
    for (int round = 0; round < most && grown && !ho_solver_cancelled(s); round++) {
        /* A penalty without any tangent has no floor: the first solution only shows where to put one. */
        bool blind = q->weight > 0 && s->programme->tangent_count == 0;
        if (blind) HO_TRY(ho_programme_add_tangent(s->programme, err));
        HO_TRY(solve_with_rows(s, q->cover != HO_COVER_TOTAL, err));
        if (!s->programme->has_duals) break;
        if (s->programme->state != HO_LP_OPTIMAL) return prove(s, q, a, scale, 0, err);
        const double reached = reached_by(s, q);
        if (least ? -reached > a->reached : reached > a->reached) a->reached = least ? -reached : reached;
        double tolerance = tolerance_of(q, a);
        HO_TRY(prove(s, q, a, scale, 0.1 * tolerance / (double)s->base.size, err));
        tolerance = tolerance_of(q, a);
        if (!least && a->bound <= q->enough) break;
        if ((least ? -a->reached - a->bound : a->bound - a->reached) <= tolerance) break;
        HO_TRY(grow(s, q, tolerance, &grown, err));
    }
    return HO_OK;
}

ho_status ho_solver_ask(ho_solver *s, const ho_question *q, ho_answer *answer, ho_error *err)
{
    ho_answer a = {.bound = INFINITY, .reached = -INFINITY};
    if (q->box == NULL) HO_TRY(ho_solver_plain(s, q, &a, err));
    s->levels++;
    s->programme->state = HO_LP_STUCK; /* until there is a solution */
    ho_status status = ask_rounds(s, q, &a, err);
    if (status == HO_OK && a.certificate.y == NULL) status = ho_solver_plain(s, q, &a, err);
    if (status == HO_OK)
        *answer = a;
    else
        ho_certificate_free(&a.certificate);
    return status;
}

/* W. Dinkelbach, "On nonlinear fractional programming", Management Science 13 (1967): the largest total - lambda depth
 * is 0 where lambda is the largest quotient; the quotient of its solution is the next lambda. */
static ho_status ratio_rounds(ho_solver *s, double least, double lambda, ho_answer *a, ho_error *err)
{
    ho_question q = {.cover = HO_COVER_QUOTIENT, .rate = 1 / least, .tolerance = 1e-10};
    const double scale = q.rate * s->programme->unit;
    a->reached = lambda;
    bool grown = true;
    for (int round = 0; round < RATIO_ROUNDS && !ho_solver_cancelled(s); round++) {
        const ho_wish wish = {.earn = 1, .paid = lambda, .low = 0, .high = INFINITY};
        HO_TRY(ho_programme_wish(s->programme, &wish, err));
        HO_TRY(solve_with_rows(s, true, err));
        if (s->programme->state != HO_LP_OPTIMAL) break;
        /* The price is that of one unit of total at this lambda. */
        HO_TRY(prove(s, &q, a, scale, 1e-9 * scale * (1 + s->programme->price), err));
        const double depth = ho_programme_depth(s->programme), total = ho_programme_total(s->programme);
        const double now = depth > 0 ? total / depth : a->reached;
        const bool risen = now > a->reached * (1 + 1e-12);
        if (risen) a->reached = now;
        if (a->bound - s->base.goal.constant - a->reached <= q.tolerance * fabs(a->reached)) break;
        HO_TRY(grow(s, &q, 0, &grown, err));
        if (!grown && !risen) break;
        lambda = a->reached;
    }
    a->reached += s->base.goal.constant;
    return HO_OK;
}

/* Some positive quotient to begin with: of the programme's shares of largest total. */
static ho_status first_quotient(ho_solver *s, double *quotient, ho_error *err)
{
    const ho_wish wish = {.earn = 1, .paid = 0, .low = 0, .high = INFINITY};
    HO_TRY(ho_programme_wish(s->programme, &wish, err));
    HO_TRY(ho_programme_solve(s->programme, err));
    s->rounds++;
    *quotient = 0;
    if (s->programme->state != HO_LP_OPTIMAL) return HO_OK;
    const double depth = ho_programme_depth(s->programme), total = ho_programme_total(s->programme);
    if (depth > 0 && total > 0) *quotient = total / depth;
    return HO_OK;
}

ho_status ho_solver_ratio(ho_solver *s, double least, bool *found, ho_answer *answer, ho_error *err)
{
    double lambda = 0;
    *found = false;
    HO_TRY(first_quotient(s, &lambda, err));
    if (!(lambda > 0)) return HO_OK;
    const ho_question q = {.cover = HO_COVER_QUOTIENT, .rate = 1 / least};
    ho_answer a;
    HO_TRY(ho_solver_plain(s, &q, &a, err));
    s->levels++;
    ho_status status = ratio_rounds(s, least, lambda, &a, err);
    if (status == HO_OK) {
        *found = true;
        *answer = a;
    } else {
        ho_certificate_free(&a.certificate);
    }
    return status;
}
