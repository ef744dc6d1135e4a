/* The Sharpe ratio of the best of a table's strategies, and what is left of it when it is known how many were tried. */
#ifndef HO_ROBUST_DEFLATE_H
#define HO_ROBUST_DEFLATE_H

#include "robust/sharpe.h"

#include <heavyopt/panel.h>
#include <stdbool.h>

/* How many independent trials the strategies stand for. */
typedef enum ho_trial_count {
    HO_TRIALS_ALL,      /* all that vary: the strictest */
    HO_TRIALS_CLUSTERS, /* chains of near-duplicates (correlation 0.99) count once */
    HO_TRIALS_EFFECTIVE, /* (sum of eigenvalues)^2 / sum of squares, of the correlation matrix: N^2 / sum of rho^2 */
    HO_TRIAL_COUNTS
} ho_trial_count;

typedef struct ho_deflated {
    size_t best; /* the strategy; of equals the first */
    ho_sharpe sharpe;
    double probability;  /* that its true ratio is above 0, had it been the only one */
    double track_length; /* periods until that probability is 0.95 */
    double deviation;    /* of the strategies' ratios */
    double trials[HO_TRIAL_COUNTS];
    double luck[HO_TRIAL_COUNTS];     /* the ratio that the best of so many shows by luck */
    double deflated[HO_TRIAL_COUNTS]; /* the probability that the true ratio is above that */
    bool interrupted;
} ho_deflated;

/* best is the number of strategies where none varies; the numbers are then NaN. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_deflate_best(const ho_panel *panel, int threads, const volatile int *cancel,
                                      ho_deflated *out, ho_error *err);

/* The same sum for a ratio that somebody else found by so many trials. */
void ho_deflate(const ho_sharpe *sharpe, double trials, double deviation, double *luck, double *deflated);

#endif
