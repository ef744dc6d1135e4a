/* How else the same days could have turned out: a series drawn anew many times, every measure of each draw, and what
 * lies between the draws' quantiles. It says how uncertain a result is that was not chosen by these days; of one that
 * was, it says nothing about the choice. */
#ifndef HO_ROBUST_BANDS_H
#define HO_ROBUST_BANDS_H

#include "robust/resample.h"

#include <heavyopt/metrics.h>
#include <stdbool.h>

enum { HO_BAND_QUANTILES = 5 };
extern const double ho_band_share[HO_BAND_QUANTILES]; /* .05, .25, .5, .75, .95 */

typedef struct ho_band {
    double at[HO_BAND_QUANTILES]; /* of the draws where the measure is a number, infinite ones among them */
    size_t undefined;             /* other draws */
} ho_band;

typedef struct ho_bands {
    size_t periods, resamples;
    ho_band *measures; /* ho_metric_count() */
    ho_band *equity;   /* a period of the drawn series */
    double *drawdowns; /* maximum drawdown from zero of each draw, ascending */
    double *losses;    /* the deepest that each draw's equity fell below its start, 0 at least; ascending */
    double ruin;       /* share of the draws whose equity falls by the capital or more; NaN without capital */
    bool interrupted;
} ho_bands;

typedef struct ho_bands_of {
    const double *series;
    const ho_resampler *resampler; /* its periods are the series' */
    const ho_metric_settings *measures;
    size_t length; /* periods of a draw */
    size_t resamples;
    double ruin; /* rupees whose loss is ruin; 0: not asked */
    int threads;
    const volatile int *cancel;
} ho_bands_of;

/* The caller clears *out. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_bands_make(const ho_bands_of *of, ho_bands *out, ho_error *err);
void ho_bands_clear(ho_bands *bands);

/* The quantiles of values[0..count-1], which are sorted on the way; NaN is left out. */
ho_band ho_band_of(double *values, size_t count);

#endif
