/* What a risk measure is made of: the facts of a series, worked out once, and rows of (description, function) that
 * read them. A new measure is one row and one small function in the measures_*.c of its family. */
#ifndef HO_METRICS_MEASURES_H
#define HO_METRICS_MEASURES_H

#include "stats/stats.h"

#include <heavyopt/metrics.h>

typedef struct ho_facts {
    const double *r; /* the series, `all.count` periods of it */
    ho_moments all;
    ho_moments losing;    /* of the periods below 0 alone */
    ho_moments shortfall; /* of r - rate where that is below 0 */
    size_t wins, losses;  /* periods above and below 0 */
    double gain, loss;    /* sum of the wins; of the losses, positive */

    double periods_per_year;
    double root;   /* sqrt(periods_per_year) */
    double annual; /* the sum a year */
    double rate;   /* the risk-free rate of a period, a fraction */
    double hurdle; /* the same in rupees; 0 without capital */

    const double *ascending;                /* r, sorted */
    ho_drawdown zero, first;                /* from a start at zero; from the first period's equity */
    const double *zero_worst, *first_worst; /* their depths, deepest first */
} ho_facts;

typedef struct ho_measure {
    ho_metric about;
    double (*value)(const ho_facts *f);
} ho_measure;

typedef struct ho_measures {
    const ho_measure *rows;
    size_t count;
} ho_measures;

extern const ho_measures ho_measures_returns;
extern const ho_measures ho_measures_drawdown;
extern const ho_measures ho_measures_ratios;
extern const ho_measures ho_measures_tails;

/* value / drawdown, where a drawdown up to a millionth of a rupee is none: then the sign of value, infinite. */
double ho_over_drawdown(double value, double drawdown);

#endif
