/* One series: moments, equity, percentiles, tails. */
#include "stats/stats.h"

#include <math.h>
#include <stdlib.h>

double ho_stats_scale(double largest)
{
    enum { PLENTY = 200, MOST = 1000 };
    if (!(largest > 0) || !isfinite(largest)) return 1;
    int exponent = 0;
    (void)frexp(largest, &exponent);
    if (exponent >= -PLENTY && exponent <= PLENTY) return 1;
    return ldexp(1, exponent < -MOST ? MOST : -exponent);
}

static double largest_size(const double *x, size_t n)
{
    double largest = 0;
    for (size_t t = 0; t < n; t++)
        largest = fabs(x[t]) > largest ? fabs(x[t]) : largest;
    return largest;
}

/* Sums of powers about the mean, of numbers times `scale`. */
static void finish(ho_moments *m, double mean, double scale, double m2, double m3, double m4)
{
    const double n = (double)m->count, variance = m2 / n;
    m->mean = mean / scale;
    m->sd0 = sqrt(m2 / n) / scale;
    m->sd1 = sqrt(m2 / (n - 1)) / scale;
    m->skewness = m3 / n / (variance * sqrt(variance));
    m->kurtosis = m4 / n / (variance * variance) - 3;
}

/* Two passes: squares are summed about the mean, and nothing cancels. */
static void spread(ho_moments *m, const double *x)
{
    double n = (double)m->count, scale = ho_stats_scale(fmax(fabs(m->low), fabs(m->high)));
    double mean = 0, m2 = 0, m3 = 0, m4 = 0;
    for (size_t t = 0; scale != 1 && t < m->count; t++)
        mean += x[t] * scale;
    mean = (scale != 1 ? mean : m->sum) / n;
    for (size_t t = 0; t < m->count; t++) {
        double d = x[t] * scale - mean, square = d * d;
        m2 += square;
        m3 += square * d;
        m4 += square * square;
    }
    finish(m, mean, scale, m2, m3, m4);
}

static ho_moments constant(ho_moments m)
{
    m.mean = m.sum / (double)m.count;
    m.sd0 = 0;
    if (m.count > 1) m.sd1 = 0;
    return m;
}

ho_moments ho_moments_of(const double *x, size_t n)
{
    ho_moments m = {n, 0, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    if (n == 0) return m;
    m.low = m.high = x[0];
    for (size_t t = 0; t < n; t++) {
        m.sum += x[t];
        m.low = x[t] < m.low ? x[t] : m.low;
        m.high = x[t] > m.high ? x[t] : m.high;
    }
    if (!(m.high > m.low)) return constant(m);
    spread(&m, x);
    return m;
}

ho_moments ho_moments_from(size_t n, double sum, double low, double high, double m2, double m3, double m4)
{
    ho_moments m = {n, 0, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    if (n == 0) return m;
    m.sum = sum;
    m.low = low;
    m.high = high;
    if (!(high > low)) return constant(m);
    finish(&m, sum / (double)n, 1, m2, m3, m4);
    return m;
}

double ho_root_mean_square(const double *x, size_t n)
{
    if (n == 0) return 0;
    double scale = ho_stats_scale(largest_size(x, n)), sum = 0;
    for (size_t t = 0; t < n; t++)
        sum += x[t] * scale * (x[t] * scale);
    return sqrt(sum / (double)n) / scale;
}

void ho_equity(const double *r, size_t n, double *out)
{
    double equity = 0;
    for (size_t t = 0; t < n; t++) {
        equity += r[t];
        out[t] = equity;
    }
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void ho_sort_ascending(double *x, size_t n)
{
    if (n > 1) qsort(x, n, sizeof *x, compare);
}

void ho_sort_smallest(double *x, size_t n, size_t count)
{
    enum { FEW = 256 }; /* beyond, the steps of an insertion outweigh a sort */
    if (count > FEW || count >= n) {
        ho_sort_ascending(x, n);
        return;
    }
    for (size_t i = 0; i < n && count > 0; i++) {
        size_t at = i;
        if (i >= count) {
            at = count - 1;
            if (!(x[i] < x[at])) continue;
        }
        const double value = x[i];
        x[i] = x[at];
        for (; at > 0 && value < x[at - 1]; at--)
            x[at] = x[at - 1];
        x[at] = value;
    }
}

double ho_percentile(const double *ascending, size_t n, double share)
{
    if (n == 0) return NAN;
    double h = (double)(n - 1) * share;
    if (fabs(h - round(h)) < 1e-9) h = round(h);
    size_t k = (size_t)h;
    double part = h - (double)k;
    if (part <= 0 || k + 1 >= n) return ascending[k];
    return ascending[k] + part * (ascending[k + 1] - ascending[k]);
}

double ho_tail_mean(const double *worst_first, size_t n, double share)
{
    if (n == 0) return NAN;
    double k = share * (double)n, above = ceil(k - 1e-9) - 1, sum = 0;
    size_t whole = above > 0 ? (size_t)above : 0;
    if (whole >= n) whole = n - 1;
    if (whole == 0) return worst_first[0];
    for (size_t i = 0; i < whole; i++)
        sum += worst_first[i];
    return (sum + (k - (double)whole) * worst_first[whole]) / k;
}
