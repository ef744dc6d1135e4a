/* What a set is worth by a bound's goal, and sets of whole members near a solution of shares: what is left to choose is
 * chosen by worth, then members are exchanged among the columns that miss little, while that gains. */
#ifndef HO_BOUND_WORTH_H
#define HO_BOUND_WORTH_H

#include "bound/solve.h"

/* Of a set's divided total, its depth, its sum of correlations. */
double ho_bound_worth(const ho_bound_goal *goal, double total, double depth, double pairs);

typedef struct ho_rounder {
    const ho_bound_base *base;
    uint32_t *columns; /* the candidates' */
    size_t count;
    uint32_t *held; /* a candidate: how often the set holds it; owned, as what follows */
    double *x, *sum, *lean, *rest, *rest_lean; /* x: periods x MOST_CANDIDATES */
    double *walked;
    size_t size;
    double pairs, worth;
    uint32_t *trial;
    uint32_t *members; /* of the best set so far: its columns, one with copies as often as it is held */
    double best;       /* -INFINITY: none so far */
} ho_rounder;

HO_MUST_USE ho_status ho_rounder_new(const ho_bound_base *base, ho_rounder *rounder, ho_error *err);
void ho_rounder_free(ho_rounder *rounder); /* zeroes it */

/* Rounds the solver's last solution; candidates are its columns with a share, and those that miss less than `reach`.
 * The set keeps to the whole problem's box, and is the rounder's if that is better than what it has. */
void ho_rounder_try(ho_rounder *rounder, const ho_solver *solver, double reach);

/* The worth of a set of columns, from scratch. */
double ho_rounder_worth(ho_rounder *rounder, const uint32_t *members);

#endif
