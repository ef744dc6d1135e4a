/* `--robust`: a fitness that must hold in each block of days, as text and as what it comes to. */
#ifndef HO_RUN_GOAL_ROBUST_H
#define HO_RUN_GOAL_ROBUST_H

#include <heavyopt/metrics.h>

typedef struct ho_robust {
    ho_fitness_blocks blocks;
    double duplicates; /* what a near-duplicate costs; 0: nothing */
} ho_robust;

/* "blocks=6,take=minimum,duplicates=0.5"; all zero where text is NULL. HO_ERR_USAGE: a part that is none, a number out
 * of its range, fewer periods than blocks. */
HO_MUST_USE ho_status ho_robust_parse(const char *text, size_t periods, ho_robust *robust, ho_error *err);

/* The number of each strategy's cluster of near-duplicates (chains of pairs that correlate 0.99 or more; a constant
 * strategy is alone in its own); the caller's. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_near_clusters(const ho_panel *panel, int threads, uint32_t **cluster, ho_error *err);

#endif
