/* Sets of strategies that nobody searched for: drawn at random, or those that are best alone. */
#ifndef HO_RUN_RIVALS_H
#define HO_RUN_RIVALS_H

#include "base/rng.h"
#include "screen/select.h"

#include <heavyopt/objective.h>

/* What sets are drawn from: the includes are in each. */
typedef struct ho_urn {
    const ho_selection *selection; /* borrowed */
    uint32_t *pool; /* strategies that may be chosen beside the includes; shuffled by the draws */
    size_t count;
} ho_urn;

/* HO_ERR_MEMORY. The caller clears the urn. */
HO_MUST_USE ho_status ho_urn_make(const ho_selection *selection, size_t strategies, ho_urn *urn,
                                  ho_error *err);
void ho_urn_clear(ho_urn *urn);

/* `size` members, ascending: uniform among the allowed sets that hold the includes. Groups and conflicts are not looked
 * at. size is no less than the includes and no more than all that are allowed. */
void ho_urn_draw(ho_urn *urn, ho_rng *rng, size_t size, uint32_t *members);

/* The `size` strategies that are worth most by themselves, ascending, includes or not: what somebody would buy who looks
 * at one strategy at a time. The best one and its value too. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_best_singles(const ho_objective *table, void *walk, const ho_selection *selection,
                                      size_t size, uint32_t *members, uint32_t *best, double *value,
                                      ho_error *err);

#endif
