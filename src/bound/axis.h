/* All drawdowns at once: the rates 1 / depth as an axis, covered by certificates. Each is convex in the rate, so
 * between two rates it is at most the larger of its values there; a programme is solved where the cover is highest. */
#ifndef HO_BOUND_AXIS_H
#define HO_BOUND_AXIS_H

#include "bound/solve.h"

/* A certificate, made for the rate `at`, and the part from..to of the axis that it covers. */
typedef struct ho_axis_point {
    double at, from, to;
    double reached, bound;      /* at `at`; bound: over from..to, when the axis is done */
    ho_certificate certificate; /* owned */
} ho_axis_point;

typedef struct ho_axis {
    double from, to;
    double weight;
    ho_axis_point *points; /* ascending; owned */
    size_t count, room;
} ho_axis;

/* Covers axis->from .. axis->to (0 < from <= to) for the pair weight, beginning at the rate `first`, until nothing
 * lies above what programmes reached by more than the relative tolerance, or `most` programmes are solved.
 * `enough`: what lies below need not be looked into. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_axis_cover(ho_solver *solver, ho_axis *axis, double first, double enough,
                                    double tolerance, size_t most, ho_error *err);
void ho_axis_clear(ho_axis *axis); /* frees what it owns, zeroes it */

#endif
