/* Depths below the highest equity so far, and what they come to. */
#include "stats/stats.h"

#include <math.h>

void ho_drawdown_depths(const double *r, size_t n, ho_drawdown_start start, double *depths)
{
    double equity = 0, peak = start == HO_DRAWDOWN_FROM_ZERO ? 0 : -INFINITY;
    for (size_t t = 0; t < n; t++) {
        equity += r[t];
        peak = equity > peak ? equity : peak;
        depths[t] = peak - equity;
    }
}

/* The span under water that begins at `first`. */
static ho_drawdown_span span_at(const double *depths, size_t n, size_t first)
{
    ho_drawdown_span span = {first, first, first};
    for (; span.end < n && depths[span.end] > 0; span.end++) {
        if (depths[span.end] > depths[span.trough]) span.trough = span.end;
    }
    return span;
}

ho_drawdown ho_drawdown_of(const double *depths, size_t n)
{
    ho_drawdown d = {.ulcer = ho_root_mean_square(depths, n)};
    for (size_t t = 0; t < n; t++)
        d.average += depths[t];
    d.average = n != 0 ? d.average / (double)n : NAN;
    for (size_t t = 0; t < n;) {
        ho_drawdown_span span = span_at(depths, n, t);
        if (span.end == t) {
            t++;
            continue;
        }
        if (depths[span.trough] > d.maximum) {
            d.maximum = depths[span.trough];
            d.deepest = span;
        }
        if (span.end - span.first > d.longest.end - d.longest.first) d.longest = span;
        t = span.end;
    }
    return d;
}
