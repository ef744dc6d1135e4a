/* Statistics of one series and of a few columns: moments, equity, drawdown, tails, correlation. Plain functions on
 * arrays of doubles; sums over periods run in order of the periods. What a number means in rupees is for metrics/. */
#ifndef HO_STATS_STATS_H
#define HO_STATS_STATS_H

#include <heavyopt/status.h>
#include <stddef.h>
#include <stdint.h>

/* A power of two by which numbers up to `largest` may be multiplied so that their fourth powers neither overflow nor
 * vanish: 1 for all ordinary sizes, so that scaling changes no bits there, and exact elsewhere. */
double ho_stats_scale(double largest);

/* Moments. A series is constant when its largest and smallest value are equal: its deviations are then exactly 0,
 * although a float mean may leave dust (0.1 repeated). Of no numbers, all but `count` and `sum` are NaN. */
typedef struct ho_moments {
    size_t count;
    double sum, mean;
    double low, high;          /* smallest and largest */
    double sd0, sd1;           /* standard deviation over n and over n - 1 (NaN when n < 2) */
    double skewness, kurtosis; /* m3 / m2^1.5 and m4 / m2^2 - 3 over n; NaN when constant */
} ho_moments;

ho_moments ho_moments_of(const double *x, size_t n);

/* The same from sums of ordinary size: of n numbers, their smallest and largest, and the sums of the second to fourth
 * powers of their distances from sum / n. */
ho_moments ho_moments_from(size_t n, double sum, double low, double high, double m2, double m3, double m4);

/* sqrt(mean of x^2); 0 of no numbers. */
double ho_root_mean_square(const double *x, size_t n);

/* out[t] = r[0] + ... + r[t]; out may be r. */
void ho_equity(const double *r, size_t n, double *out);

/* Sorts in place, smallest first. */
void ho_sort_ascending(double *x, size_t n);

/* Brings the `count` smallest to the front, smallest first; the others follow in no order. */
void ho_sort_smallest(double *x, size_t n, size_t count);

/* Linear interpolation between order statistics, share in 0..1, as NumPy's default; x ascending, NaN of none.
 * A position within 1e-9 of a whole number is that number: 0.05 * 20 must not fall below 1. */
double ho_percentile(const double *ascending, size_t n, double share);

/* The mean of the first share * n numbers, the last of them counted by its fraction (Rockafellar and Uryasev 2002,
 * "Conditional value-at-risk for general loss distributions"); at least the first number. NaN of none. */
double ho_tail_mean(const double *worst_first, size_t n, double share);

/* Where equity counts from: ZERO has a peak of 0 before the first period, so that a first loss is a drawdown;
 * FIRST starts at the first period's equity, and never sees a loss there. */
typedef enum ho_drawdown_start { HO_DRAWDOWN_FROM_ZERO, HO_DRAWDOWN_FROM_FIRST } ho_drawdown_start;

/* Periods first .. end-1 lie below the peak, which is period first-1 (the start itself when first = 0); `end` is the
 * recovery, or the number of periods when there is none yet. None under water: first = trough = end = 0. */
typedef struct ho_drawdown_span {
    size_t first, trough, end;
} ho_drawdown_span;

typedef struct ho_drawdown {
    double maximum, average;  /* largest and mean depth, positive; the mean is over all periods */
    double ulcer;             /* root mean square of the depths (Martin and McCann 1989) */
    ho_drawdown_span deepest; /* the span that holds the maximum; of equals, the first */
    ho_drawdown_span longest; /* the span of most periods; of equals, the first */
} ho_drawdown;

/* depths[t] = peak up to t - equity at t. */
void ho_drawdown_depths(const double *r, size_t n, ho_drawdown_start start, double *depths);

ho_drawdown ho_drawdown_of(const double *depths, size_t n);

/* Some columns of a time-major matrix: column i is data[t * stride + members[i]]. */
typedef struct ho_member_columns {
    const double *data;
    size_t stride, periods;
    const uint32_t *members;
    size_t count;
} ho_member_columns;

/* out[t] = the sum of the columns, in their order. */
void ho_members_sum(const ho_member_columns *columns, double *out);

/* The mean of Pearson's correlation over all pairs, 0 for fewer than two columns. With unit columns z it is
 * (|sum z|^2 - V) / (K (K-1)), V counting the columns that vary, in O(K T); a constant column correlates 0 with all.
 * HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_average_correlation(const ho_member_columns *columns, double *average,
                                             ho_error *err);

/* All pairs, row by row, count x count numbers within -1..1; 0 with a constant column, 1 on the diagonal.
 * HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_correlation_matrix(const ho_member_columns *columns, double *matrix, ho_error *err);

#endif
