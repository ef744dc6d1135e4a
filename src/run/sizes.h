/* The searches of a run, size after size: the first from scratch, each one after it from the best of the size below. */
#ifndef HO_RUN_SIZES_H
#define HO_RUN_SIZES_H

#include "run/plan.h"
#include "run/proof.h"
#include "run/size_bound.h"

typedef struct ho_size_run {
    size_t size;
    ho_search_result *results; /* of the plan's algorithms */
    ho_search_result exact; /* by enumeration or branch and bound; members is NULL where neither found one */
    const ho_search_result *best; /* one of these */
    ho_size_bound bound;          /* its facts alone */
} ho_size_run;

typedef struct ho_sizes {
    ho_size_run *runs; /* owned, as all in it */
    size_t count;      /* sizes done: fewer than asked for after a cancel, but one at least */
    size_t algorithms; /* results of a size */
    double bound_seconds, proof_seconds;
} ho_sizes;

/* Searches each size of the plan. `problem` says everything but its size and its start. *sizes is zeroed memory, and
 * to be cleared after a failure too. HO_ERR_USAGE: no set can be chosen. */
HO_MUST_USE ho_status ho_sizes_search(const ho_plan *plan, const ho_problem *problem,
                                      const ho_objective *objective, const ho_bounding *bounding,
                                      const ho_proof_settings *proof, uint64_t seed, int threads,
                                      const ho_hooks *hooks, ho_sizes *sizes, ho_error *err);
void ho_sizes_clear(ho_sizes *sizes);

#endif
