#include "robust/resample.h"

#include "base/rng.h"

#include <math.h>
#include <stdbool.h>

void ho_resample_draw(const ho_resampler *s, uint64_t index, size_t length, uint32_t *drawn)
{
    ho_rng rng = ho_rng_new(s->seed, s->stream, index);
    const uint32_t n = (uint32_t)s->periods;
    const size_t whole = s->block > 1 ? (size_t)(s->block + 0.5) : 1;
    const double end = 1 / (s->block > 1 ? s->block : 1);
    uint32_t at = 0;
    for (size_t i = 0; i < length; i++) {
        const bool fresh =
            i == 0 || (s->kind == HO_RESAMPLE_CIRCULAR ? i % whole == 0 : ho_rng_unit(&rng) < end);
        at = fresh ? ho_rng_below(&rng, n) : at + 1 < n ? at + 1 : 0;
        drawn[i] = at;
    }
}

/* Sum of products of deviations `lag` apart, from period `first` on. */
static double lagged(const double *r, double mean, size_t from, size_t to, size_t lag)
{
    double sum = 0;
    for (size_t t = from; t < to; t++)
        sum += (r[t] - mean) * (r[t + lag] - mean);
    return sum;
}

/* Up to which lag the series remembers: twice the last one before `calm` small autocorrelations in a row. */
static size_t memory_of(const double *r, double mean, size_t n, size_t most, size_t calm)
{
    const double limit = 2 * sqrt(log10((double)n) / (double)n);
    size_t small = 0;
    for (size_t lag = 0; lag <= most; lag++) {
        if (lag >= calm && small >= calm) { /* the lags lag - calm .. lag - 1 */
            const size_t last = lag - calm, twice = 2 * (last > 1 ? last : 1);
            return twice < most ? twice : most;
        }
        const double early = lagged(r, mean, 0, n - lag - 1, 0), late = lagged(r, mean, lag + 1, n, 0);
        const double correlation = fabs(lagged(r, mean, 0, n - lag, lag)) / sqrt(early * late);
        small = correlation < limit ? small + 1 : 0;
    }
    return most;
}

double ho_resample_block(const double *r, size_t n, ho_resample_kind kind)
{
    enum { CALM = 5 };
    const double root = sqrt((double)n), longest = ceil(fmin(3 * root, (double)n / 3));
    const size_t most = (size_t)ceil(root) + CALM;
    if (n < most + 3) return 1;
    double mean = 0;
    for (size_t t = 0; t < n; t++)
        mean += r[t] / (double)n;
    const size_t m = memory_of(r, mean, n, most, CALM);
    double g = 0, spectrum = lagged(r, mean, 0, n, 0) / (double)n;
    for (size_t k = 1; k <= m; k++) {
        const double share = (double)k / (double)m, weight = share <= 0.5 ? 1 : 2 * (1 - share);
        const double covariance = lagged(r, mean, 0, n - k, k) / (double)n;
        g += 2 * weight * (double)k * covariance;
        spectrum += 2 * weight * covariance;
    }
    const double d = (kind == HO_RESAMPLE_STATIONARY ? 2 : 4.0 / 3) * spectrum * spectrum;
    const double block = cbrt(2 * g * g / d) * cbrt((double)n);
    if (!(block > 1)) return 1;
    return block < longest ? block : longest;
}
