/* A lane of the branch and bound: a programme of its own, in which nodes are worked on one after another. Lanes are
 * many and do not depend on the number of threads: which node goes to which lane is fixed, so that the tree is the same
 * on one thread and on many. */
#ifndef HO_BOUND_LANE_H
#define HO_BOUND_LANE_H

#include "bound/chord.h"
#include "bound/forest.h"
#include "bound/tree.h"
#include "bound/worth.h"

enum {
    HO_LANES = 8,
    HO_LANE_STEPS = 8, /* nodes that a lane works on before all lanes meet */
    HO_LANE_LESSONS = 10 * HO_LANE_STEPS
};

typedef struct ho_lane {
    const ho_forest *forest;
    size_t number, turn;
    ho_solver solver;
    ho_rounder rounder;
    uint32_t *least, *most; /* of the present box */
    ho_range *ranges;
    double *members; /* by cluster: of the last solution */
    ho_open open;    /* what it was given, and what came of it */
    /* what it tells when all meet */
    uint32_t *leaves; /* sets that were all of a box: the columns, size each; owned */
    double worths[HO_LANE_STEPS];
    size_t leaf_count;
    ho_node *ended[HO_LANE_STEPS];
    ho_lesson lessons[HO_LANE_LESSONS];
    size_t ended_count, lesson_count;
    size_t nodes, given_up, made;
    double given_up_bound; /* the largest bound of nodes that were given up */
    ho_status status;
    ho_error error;
} ho_lane;

HO_MUST_USE ho_status ho_lane_open(const ho_forest *forest, size_t number, ho_lane *lane, ho_error *err);
void ho_lane_close(ho_lane *lane); /* zeroes it */

/* Takes down what a cut of an item has cost. */
void ho_lane_learn(ho_lane *lane, uint32_t item, bool up, double lost, double moved);

/* Works on its open nodes, best first, `steps` of them at most, while none that waits is better; says how it went in
 * `status`. */
void ho_lane_work(ho_lane *lane, size_t steps);

#endif
