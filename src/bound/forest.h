/* What the lanes of a branch and bound share: the columns that a better set may hold, clusters of them, and what has been
 * learnt of branching. */
#ifndef HO_BOUND_FOREST_H
#define HO_BOUND_FOREST_H

#include "bound/proof.h"

/* What a cut has taught. */
typedef struct ho_lesson {
    uint32_t item; /* a cluster, or clusters + a column */
    bool up;
    double cost; /* of the bound, for a member that it moved */
} ho_lesson;

struct ho_lessons {
    double *cost; /* by item: the mean */
    uint32_t *count;
    double usual; /* of all items */
    size_t all;
};

/* Nothing in it changes while lanes work. */
typedef struct ho_forest {
    ho_bound_base base;           /* its columns are owned */
    ho_question *questions;       /* of the bound's roots; owned */
    ho_clusters clusters;         /* that are branched on: the limited groups, where there are some */
    ho_range *limits;             /* of those; NULL: none */
    struct ho_lessons lessons[2]; /* down, up */
    double cutoff;                /* what is not above is of no interest */
    double trifle;                /* what ends of the axis may lose in any case */
    double waiting;               /* the best bound that no lane works on */
    uint64_t made;                /* nodes so far, for their numbers */
    const volatile int *cancel;
} ho_forest;

/* Of a solver of all columns; keeps those that a set above the cutoff may hold, by the bound's proof: what a member
 * lacks to the last one that the certificate takes, a set with it lacks to the bound. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_forest_new(const ho_bound *bound, ho_solver *solver, double cutoff,
                                    ho_forest *forest, ho_error *err);
void ho_forest_free(ho_forest *forest); /* zeroes it */

/* Shuts columns out after the cutoff has risen; the solver is one of the forest's base. */
HO_MUST_USE ho_status ho_forest_thin(ho_forest *forest, const ho_bound *bound, ho_solver *solver,
                                     ho_error *err);

void ho_forest_learn(ho_forest *forest, const ho_lesson *lesson);

#endif
