/* The proof of a bound: sums in our own arithmetic, with their rounding covered. Whatever y >= 0 and g it is given, the
 * numbers it hands out bound every set; the programmes only suggest good ones.
 *
 * For any set with sum series r (divided), unit sum u = z_1 + .. + z_K, depth d and total R:
 *   L d + sum of y[t] r[t] >= 0        a drawdown or loss is at least what y picks out of the series
 *   |u|^2 >= 2 g.u - |g|^2             a square lies above its tangents
 * so that, with w the pair weight, rate * R - w (|u|^2 - number with variance) is at most
 *   rate * L d + w |g|^2 + sum over members j of ( rate * A_j - G_j )
 *   A_j = sum over t of (base + y[t]) x_j[t] / divisor,   G_j = w (2 g.z_j - 1, or 0 without variance)
 * with base = 1; with base = 0 the total is left out. The sum over members is at most that of the K largest. */
#ifndef HO_BOUND_CERTIFICATE_H
#define HO_BOUND_CERTIFICATE_H

#include "bound/box.h"
#include "bound/columns.h"

typedef struct ho_bound_base {
    ho_bound_columns columns;
    ho_bound_goal goal;
    size_t size, periods;
    const ho_clusters *groups; /* columns whose members are limited, or NULL */
    const ho_range *limits;    /* by group */
} ho_bound_base;

typedef struct ho_certificate {
    double *y, *g, *weights; /* periods each, of one block: y, g, what a column is weighed with; owned */
    double length;           /* L, rounded up */
    double square;           /* w |g|^2, rounded up */
    double weight;           /* w */
    double *a, *p;           /* A_j rounded up, G_j rounded down, by column; owned */
} ho_certificate;

/* Makes *certificate, zeroed memory or one made for the same base, whose memory is used again. Copies y and g, takes
 * negative y for 0 and, for a drawdown from the first period on, y[0] for 0. g NULL: zeros. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_certificate_make(const ho_bound_base *base, bool with_total, double weight,
                                          const double *y, const double *g, ho_certificate *certificate,
                                          ho_error *err);
void ho_certificate_free(ho_certificate *certificate); /* zeroes it */

/* The box of all sets. */
ho_box ho_bound_box(const ho_bound_base *base);

/* square + the sum over the best members a set of the box may have of rate * A_j - G_j, rounded up; -INFINITY where the
 * box holds no set; rate >= 0. Convex in rate, so that its values at two rates bound it between them. The members are
 * those of the chooser then. */
double ho_certificate_at(const ho_bound_base *base, const ho_certificate *certificate, double rate,
                         const ho_box *box, ho_chooser *chooser);

#endif
