/* Columns as series of their own, HO_SERIES_LANES side by side: the sums, extremes and runs that measures are made of.
 * Sums begin at 0 and run in order of the periods; what does not count adds 0. Order statistics keep the earlier of
 * equal numbers. Nothing is scaled: numbers whose fourth powers overflow or vanish are for the caller to leave out. */
#ifndef HO_KERNELS_SERIES_H
#define HO_KERNELS_SERIES_H

#include <stddef.h>

enum { HO_SERIES_LANES = 16, HO_SERIES_TAIL = 64 };

/* What the smallest numbers are wanted of: the column, its negative, its depths negated from both starts. */
typedef enum ho_series_order {
    HO_SERIES_UP,
    HO_SERIES_DOWN,
    HO_SERIES_ZERO,
    HO_SERIES_FIRST,
    HO_SERIES_ORDERS
} ho_series_order;

typedef struct ho_series {
    const double *x; /* column k in period t: x[t * stride + k] */
    size_t stride, periods, columns;
    double rate, hurdle, mar;
    size_t tail;  /* how many of the smallest numbers: 1 .. HO_SERIES_TAIL, at most `periods` */
    double *room; /* 2 * periods * HO_SERIES_LANES, overwritten */
} ho_series;

/* Of the depths of the equity below its highest point so far. */
typedef struct ho_series_depths {
    double most[HO_SERIES_LANES], sum[HO_SERIES_LANES], squares[HO_SERIES_LANES];
    double run[HO_SERIES_LANES]; /* the most consecutive periods with a depth above 0 */
} ho_series_depths;

/* A number a lane; lanes past `columns` hold what columns of zeros give. */
typedef struct ho_series_walked {
    double sum[HO_SERIES_LANES], low[HO_SERIES_LANES], high[HO_SERIES_LANES];
    double least[HO_SERIES_LANES]; /* the smallest size of a number other than 0, infinite where all are 0 */
    double mean[HO_SERIES_LANES];  /* sum / periods */
    double m2[HO_SERIES_LANES], m3[HO_SERIES_LANES], m4[HO_SERIES_LANES]; /* sums of powers of x - mean */
    double wins[HO_SERIES_LANES], losses[HO_SERIES_LANES];                /* periods above and below 0 */
    double gain[HO_SERIES_LANES], loss[HO_SERIES_LANES]; /* sums of max(x, 0), of max(-x, 0) */
    double losing_run[HO_SERIES_LANES];
    double loss_low[HO_SERIES_LANES], loss_high[HO_SERIES_LANES];    /* of the x < 0, */
    double loss_m2[HO_SERIES_LANES];                                 /* and squares about their mean */
    double short_count[HO_SERIES_LANES], short_sum[HO_SERIES_LANES]; /* of the x - rate below 0 */
    double short_low[HO_SERIES_LANES], short_high[HO_SERIES_LANES], short_m2[HO_SERIES_LANES];
    double downside[HO_SERIES_LANES], downside_mar[HO_SERIES_LANES]; /* squares of min(x, hurdle) - hurdle */
    double above_mar[HO_SERIES_LANES],
        below_mar[HO_SERIES_LANES]; /* sums of max(x - mar, 0), max(mar - x, 0) */
    ho_series_depths zero, first;   /* from a start at 0, and from the first period's equity */
    double smallest[HO_SERIES_ORDERS][HO_SERIES_TAIL][HO_SERIES_LANES]; /* `tail` of each, ascending */
} ho_series_walked;

/* A limit a lane: sum and count of the x <= limit, and the count of the x < other. */
typedef struct ho_series_counted {
    double sum[HO_SERIES_LANES], count[HO_SERIES_LANES], below[HO_SERIES_LANES];
} ho_series_counted;

typedef void ho_series_walk_of(const ho_series *series, ho_series_walked *out);
typedef void ho_series_count_of(const ho_series *series, const double limit[HO_SERIES_LANES],
                                const double other[HO_SERIES_LANES], ho_series_counted *out);

#endif
