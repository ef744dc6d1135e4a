/* The limits of one grouping of a problem, as ranges of clusters of columns. A bound knows one: of several it takes the one
 * that takes most from the best strategies by themselves. Leaving a limit out only makes a bound larger. What a group lets
 * a column be held at most the columns know of every grouping. */
#ifndef HO_BOUND_LIMITS_H
#define HO_BOUND_LIMITS_H

#include "bound/clusters.h"

typedef struct ho_bound_limits {
    const ho_grouping *grouping; /* the problem's; NULL: none limits anything */
    ho_clusters groups;          /* owned, as the ranges */
    ho_range *ranges;
} ho_bound_limits;

/* chooser: of the columns, with what each is worth by itself as values. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_bound_limits_new(const ho_bound_columns *columns, const ho_problem *problem,
                                          ho_chooser *chooser, ho_bound_limits *limits, ho_error *err);
/* The same limits for columns that were kept. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_bound_limits_of(const ho_bound_columns *columns, const ho_grouping *grouping,
                                         size_t size, ho_bound_limits *limits, ho_error *err);
void ho_bound_limits_free(ho_bound_limits *limits); /* zeroes it */

#endif
