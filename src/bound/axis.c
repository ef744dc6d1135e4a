#include "bound/axis.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <string.h>

enum { BISECTIONS = 14 };

void ho_axis_clear(ho_axis *axis)
{
    for (size_t i = 0; i < axis->count; i++)
        ho_certificate_free(&axis->points[i].certificate);
    free(axis->points);
    *axis = (ho_axis){0};
}

static double value_at(ho_solver *s, const ho_axis *axis, const ho_axis_point *p, double rate)
{
    const ho_question q = {.cover = HO_COVER_QUOTIENT, .rate = rate, .weight = axis->weight};
    return ho_question_bound(s, &q, &p->certificate);
}

/* Solves at `rate` and takes the point into its place; *at says which. */
static ho_status add_point(ho_solver *s, ho_axis *axis, double rate, double enough, double tolerance,
                           size_t *at, ho_error *err)
{
    if (axis->count == axis->room) {
        const size_t room = 2 * axis->room + 16;
        ho_axis_point *points = ho_grow_array(axis->points, room, sizeof *points);
        if (points == NULL) return ho_fail_memory(err, room * sizeof *points, "a bound");
        axis->points = points;
        axis->room = room;
    }
    const ho_question q = {.cover = HO_COVER_QUOTIENT,
                           .rate = rate,
                           .weight = axis->weight,
                           .low = 1 / rate,
                           .high = 1 / rate,
                           .enough = enough,
                           .tolerance = tolerance};
    ho_answer a;
    HO_TRY(ho_solver_ask(s, &q, &a, err));
    size_t place = axis->count++;
    for (; place > 0 && axis->points[place - 1].at > rate; place--)
        axis->points[place] = axis->points[place - 1];
    axis->points[place] = (ho_axis_point){.at = rate,
                                          .from = axis->from,
                                          .to = axis->to,
                                          .reached = a.reached,
                                          .bound = a.bound,
                                          .certificate = a.certificate};
    *at = place;
    return HO_OK;
}

/* Where point i hands over to point i + 1; any rate between them is right, the crossing is best. */
static void set_crossing(ho_solver *s, ho_axis *axis, size_t i)
{
    ho_axis_point *a = &axis->points[i], *b = a + 1;
    double low = a->at, high = b->at;
    for (int step = 0; step < BISECTIONS; step++) {
        const double middle = low + (high - low) / 2;
        if (value_at(s, axis, a, middle) <= value_at(s, axis, b, middle))
            low = middle;
        else
            high = middle;
    }
    a->to = b->from = low;
}

/* The highest place of the cover that is not where a programme was solved. */
typedef struct peak {
    double rate, value;
} peak;

static void raise(peak *p, double rate, double value)
{
    if (value > p->value) *p = (peak){rate, value};
}

/* Bounds of all points over their parts; the highest end of a part, and what programmes reached. */
static peak survey(ho_solver *s, ho_axis *axis, double *reached)
{
    peak highest = {axis->from, -INFINITY};
    for (size_t i = 0; i < axis->count; i++) {
        ho_axis_point *p = &axis->points[i];
        const double left = value_at(s, axis, p, p->from), right = value_at(s, axis, p, p->to);
        p->bound = left > right ? left : right;
        if (p->from < p->at) raise(&highest, p->from, left);
        if (p->to > p->at) raise(&highest, p->to, right);
        if (p->reached > *reached) *reached = p->reached;
    }
    return highest;
}

ho_status ho_axis_cover(ho_solver *s, ho_axis *axis, double first, double enough, double tolerance,
                        size_t most, ho_error *err)
{
    double reached = enough, rate = fmin(fmax(first, axis->from), axis->to);
    for (size_t solved = 0; solved < most; solved++) {
        size_t at = 0;
        HO_TRY(add_point(s, axis, rate, reached, tolerance, &at, err));
        if (at > 0) set_crossing(s, axis, at - 1);
        if (at + 1 < axis->count) set_crossing(s, axis, at);
        if (at == 0) axis->points[0].from = axis->from;
        if (at + 1 == axis->count) axis->points[at].to = axis->to;
        const peak highest = survey(s, axis, &reached);
        const double size = isfinite(reached) ? fabs(reached) : fabs(highest.value);
        if (!(highest.value > reached + tolerance * size)) break;
        if (highest.rate == rate || ho_solver_cancelled(s)) break; /* the same question again */
        rate = highest.rate;
    }
    return HO_OK;
}
