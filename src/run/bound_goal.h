/* A fitness, told to the bound: which of its formulas it is, or why there is no bound for it. */
#ifndef HO_RUN_BOUND_GOAL_H
#define HO_RUN_BOUND_GOAL_H

#include <heavyopt/bound.h>
#include <heavyopt/metrics.h>

/* NULL and *goal for sets of `size` members over `periods` periods, or why there is no bound, in a few words. */
const char *ho_bound_goal_of(const ho_fitness *fitness, size_t size, size_t periods, ho_bound_goal *goal);

#endif
