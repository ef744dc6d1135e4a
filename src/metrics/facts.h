/* The facts of a series that measures are made of: worked out once, and read by every measure. No measure sees the
 * series itself, so that facts may come from one series (facts.c) or from many side by side (facts_many.c), with the
 * same bits. */
#ifndef HO_METRICS_FACTS_H
#define HO_METRICS_FACTS_H

#include "metrics/columns.h"
#include "stats/stats.h"

#include <heavyopt/metrics.h>

/* The two confidence levels of every tail: 95 and 99 %. */
typedef enum ho_level { HO_LEVEL_95, HO_LEVEL_99, HO_LEVELS } ho_level;

/* What the depths below the highest equity come to. */
typedef struct ho_depth_facts {
    double maximum, average, ulcer;
    size_t duration;        /* periods of the longest span under water */
    double cdar[HO_LEVELS]; /* tail means of the depths */
} ho_depth_facts;

/* Of the smallest periods. */
typedef struct ho_tail_facts {
    double percentile, order; /* linear; the order statistic at which the tail mean ends */
    double mean_up_to;        /* mean of the r <= percentile */
    double tail_mean;
    size_t below_normal; /* periods below mean + z * sd1 */
} ho_tail_facts;

typedef struct ho_facts {
    size_t periods;
    ho_moments all;
    size_t wins, losses; /* periods above and below 0 */
    double gain, loss;   /* sum of the wins; of the losses, positive */
    size_t losing_run;   /* most consecutive losses */
    double losing_sd0;   /* of the losses alone */
    size_t shortfalls;   /* periods with r - rate below 0, a fraction taken from rupees */
    double shortfall_sd1;

    double downside, downside_mar; /* root mean square of min(r - hurdle, 0), of min(r - mar, 0) */
    double above_mar, below_mar;   /* sums of max(r - mar, 0), of max(mar - r, 0) */
    ho_depth_facts zero, first;    /* from a start at zero; from the first period's equity */
    ho_tail_facts tail[HO_LEVELS];
    double percentile_95;    /* of r, the good end */
    double active, tracking; /* mean and sd1 of r - benchmark; NaN without one */

    double capital; /* 0: none */
    double periods_per_year;
    double root;   /* sqrt(periods_per_year) */
    double annual; /* the sum a year */
    double rate;   /* the risk-free rate of a period, a fraction */
    double hurdle; /* the same in rupees; 0 without capital */
    double mar;    /* the minimum acceptable return of a period, rupees */
} ho_facts;

/* The share of periods in a level's tail, and the normal quantile of that share. */
extern const double ho_tail_share[HO_LEVELS], ho_normal_quantile[HO_LEVELS];

/* `room`: periods doubles to work in. settings->benchmark, where there is one, has as many. */
ho_facts ho_facts_of(const double *r, size_t periods, const ho_metric_settings *settings, double *room);

/* The facts of columns side by side, with the same bits: facts[k] is column k's. HO_ERR_MEMORY; settings->benchmark is of
 * one series, and refused here (HO_ERR_INTERNAL). */
HO_MUST_USE ho_status ho_facts_of_columns(const ho_side_by_side *columns, const ho_metric_settings *settings,
                                          ho_facts *facts, ho_error *err);

/* Adds what r (r[t * stride] in period t) is beside a benchmark of as many periods; `room`: periods doubles. */
void ho_facts_compare(ho_facts *facts, const double *r, size_t stride, const double *benchmark, double *room);

/* What facts.c and facts_many.c share. */
ho_facts ho_facts_begin(const ho_metric_settings *settings, size_t periods, ho_moments all);
size_t ho_tail_length(size_t periods);
size_t ho_tail_end(size_t periods, double share);

#endif
