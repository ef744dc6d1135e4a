/* How sure a Sharpe ratio is, and how much of the best one of many is luck.
 * D. Bailey, M. Lopez de Prado, "The Sharpe ratio efficient frontier", Journal of Risk 15(2), 2012 (probabilistic Sharpe
 * ratio, minimum track record length); the same, "The deflated Sharpe ratio", Journal of Portfolio Management 40(5),
 * 2014. Ratios here are those of one period, with the standard deviation over n - 1; skewness and kurtosis are over n. */
#ifndef HO_ROBUST_SHARPE_H
#define HO_ROBUST_SHARPE_H

#include <stddef.h>

typedef struct ho_sharpe {
    size_t periods;
    double value;              /* NaN where the series is constant or has one period */
    double skewness, kurtosis; /* the latter 3 for a normal one */
    double error;              /* standard error of value; NaN where the moments contradict each other */
} ho_sharpe;

ho_sharpe ho_sharpe_of(const double *r, size_t periods);

/* The probability that the true ratio is above `benchmark`: Phi((value - benchmark) / error). */
double ho_sharpe_probability(const ho_sharpe *sharpe, double benchmark);

/* The periods that this ratio needs, with these moments, for the probability to reach `sure` (0.95); infinite where
 * value is not above the benchmark. */
double ho_sharpe_track_length(const ho_sharpe *sharpe, double benchmark, double sure);

/* The ratio that the best of `trials` independent ones is expected to show by luck alone, when theirs differ by
 * `deviation` (standard deviation over the trials): 0 for a single trial. As a benchmark it deflates. */
double ho_sharpe_of_luck(double trials, double deviation);

/* The standard normal distribution and its inverse (share in 0..1). */
double ho_normal_below(double x);
double ho_normal_quantile_of(double share);

#endif
