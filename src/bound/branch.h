/* Branching: a node's part of the axis is parted, or its box is cut in two by how many members a cluster, or a column, has. */
#ifndef HO_BOUND_BRANCH_H
#define HO_BOUND_BRANCH_H

#include "bound/lane.h"

/* What a certificate proves over a part of the axis, for the question's box. */
ho_chord ho_lane_chord(ho_lane *lane, ho_question *q, const ho_certificate *c, double from, double to);

void ho_narrow_range(uint32_t *least, uint32_t *most, const ho_cut *cut);

/* Parts the axis at a rate; each part gets the better one of two chords, the node's and the certificate's. */
HO_MUST_USE ho_status ho_branch_axis(ho_lane *lane, ho_node *node, ho_question *q, const ho_certificate *c,
                                     double at, ho_error *err);

/* Cuts the node's box in two, after its question has been asked: by the item that promises most, some of which are
 * probed. False: nothing is left to cut. */
HO_MUST_USE ho_status ho_branch(ho_lane *lane, ho_node *node, ho_question *q, const ho_answer *a,
                                bool *possible, ho_error *err);

#endif
