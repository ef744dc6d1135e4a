/* Is the best of all strategies better than nothing, when so many were looked at?
 * H. White, "A reality check for data snooping", Econometrica 68(5), 2000; P. R. Hansen, "A test for superior predictive
 * ability", Journal of Business & Economic Statistics 23(4), 2005. The hypothesis is that no strategy has a mean above 0;
 * the largest mean (in Hansen's test, over its own standard error) is held against what resampled periods of strategies
 * without one would show. White centres every strategy; Hansen leaves those far below 0 where they are (consistent), with
 * a lower and an upper bound that leave all below 0, or none. */
#ifndef HO_ROBUST_SUPERIOR_H
#define HO_ROBUST_SUPERIOR_H

#include "panel/matrix.h"
#include "robust/resample.h"

#include <stdbool.h>

typedef enum ho_superior_centre {
    HO_SUPERIOR_LOWER,
    HO_SUPERIOR_CONSISTENT,
    HO_SUPERIOR_UPPER
} ho_superior_centre;

typedef struct ho_superior_test {
    double statistic;   /* sqrt(T) * the largest mean, or of mean / standard error; at least 0 */
    size_t best;        /* the column that has it; the first of equals */
    double p[3];        /* by ho_superior_centre: share of the resamples with a larger statistic */
    double critical[3]; /* what 5 % of them are above */
} ho_superior_test;

typedef struct ho_superior {
    ho_superior_test means;   /* White's reality check is its p[HO_SUPERIOR_UPPER] */
    ho_superior_test studied; /* Hansen's test is its p[HO_SUPERIOR_CONSISTENT] */
    size_t resamples, above;  /* above: columns with a mean above 0 */
    bool interrupted;
} ho_superior;

typedef struct ho_superior_of {
    const ho_matrix *x; /* periods x columns */
    const ho_resampler *resampler;
    size_t resamples;
    int threads;
    const volatile int *cancel;
    void (*progress)(void *user, double share); /* called by one thread, or NULL */
    void *user;
} ho_superior_of;

/* HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_superior_make(const ho_superior_of *of, ho_superior *out, ho_error *err);

#endif
