/* Columns as series of their own by plain loops, one column after the other: the truth that the vector sets are held
 * to. */
#include "kernels/series.h"

#include "kernels/kernels.h"

#include <math.h>
#include <string.h>

static double at(const ho_series *s, size_t t, size_t k)
{
    return k < s->columns ? s->x[t * s->stride + k] : 0;
}

static void walk_sums(const ho_series *s, size_t k, ho_series_walked *o)
{
    double sum = 0, low = INFINITY, high = -INFINITY, least = INFINITY;
    double m2 = 0, m3 = 0, m4 = 0;
    for (size_t t = 0; t < s->periods; t++) {
        const double x = at(s, t, k), size = fabs(x);
        sum += x;
        low = x < low ? x : low;
        high = x > high ? x : high;
        least = size > 0 && size < least ? size : least;
    }
    const double mean = sum / (double)s->periods;
    for (size_t t = 0; t < s->periods; t++) {
        const double d = at(s, t, k) - mean, square = d * d;
        m2 += square;
        m3 += square * d;
        m4 += square * square;
    }
    o->sum[k] = sum;
    o->low[k] = low;
    o->high[k] = high;
    o->least[k] = least;
    o->mean[k] = mean;
    o->m2[k] = m2;
    o->m3[k] = m3;
    o->m4[k] = m4;
}

static void walk_wins(const ho_series *s, size_t k, ho_series_walked *o)
{
    double wins = 0, losses = 0, gain = 0, loss = 0, run = 0, longest = 0;
    for (size_t t = 0; t < s->periods; t++) {
        const double x = at(s, t, k);
        wins += x > 0 ? 1 : 0;
        losses += x < 0 ? 1 : 0;
        gain += x > 0 ? x : 0.0;
        loss += x < 0 ? -x : 0.0;
        run = x < 0 ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    o->wins[k] = wins;
    o->losses[k] = losses;
    o->gain[k] = gain;
    o->loss[k] = loss;
    o->losing_run[k] = longest;
}

/* Of the x - rate below 0. */
static void walk_below(const ho_series *s, size_t k, double rate, double *count, double *sum, double *low,
                       double *high, double *m2)
{
    *count = *sum = *m2 = 0;
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t t = 0; t < s->periods; t++) {
        const double x = at(s, t, k) - rate;
        *count += x < 0 ? 1 : 0;
        *sum += x < 0 ? x : 0.0;
        *low = x < 0 && x < *low ? x : *low;
        *high = x < 0 && x > *high ? x : *high;
    }
    const double mean = *sum / (*count > 0 ? *count : 1);
    for (size_t t = 0; t < s->periods; t++) {
        const double x = at(s, t, k) - rate, d = x - mean;
        *m2 += x < 0 ? d * d : 0.0;
    }
}

static void walk_hurdles(const ho_series *s, size_t k, ho_series_walked *o)
{
    double downside = 0, downside_mar = 0, above = 0, below = 0;
    for (size_t t = 0; t < s->periods; t++) {
        const double x = at(s, t, k), over = x - s->mar;
        const double of_hurdle = (x < s->hurdle ? x : s->hurdle) - s->hurdle;
        const double of_mar = (x < s->mar ? x : s->mar) - s->mar;
        downside += of_hurdle * of_hurdle;
        downside_mar += of_mar * of_mar;
        above += over > 0 ? over : 0.0;
        below += -over > 0 ? -over : 0.0;
    }
    o->downside[k] = downside;
    o->downside_mar[k] = downside_mar;
    o->above_mar[k] = above;
    o->below_mar[k] = below;
}

/* The depths stay in room[t * LANES + k]. */
static void walk_depths(const ho_series *s, size_t k, double start, ho_series_depths *o)
{
    double equity = 0, peak = start, most = 0, sum = 0, squares = 0, run = 0, longest = 0;
    for (size_t t = 0; t < s->periods; t++) {
        equity += at(s, t, k);
        peak = equity > peak ? equity : peak;
        const double depth = peak - equity;
        s->room[t * HO_SERIES_LANES + k] = depth;
        most = depth > most ? depth : most;
        sum += depth;
        squares += depth * depth;
        run = depth > 0 ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    o->most[k] = most;
    o->sum[k] = sum;
    o->squares[k] = squares;
    o->run[k] = longest;
}

/* Inserts sign * value into the `tail` smallest so far. */
static void keep_smallest(size_t tail, double smallest[HO_SERIES_TAIL][HO_SERIES_LANES], size_t k,
                          double value)
{
    for (size_t i = 0; i < tail; i++) {
        const double held = smallest[i][k];
        smallest[i][k] = value < held ? value : held;
        value = value < held ? held : value;
    }
}

static void order(const ho_series *s, size_t k, ho_series_order which, ho_series_walked *o)
{
    for (size_t i = 0; i < s->tail; i++)
        o->smallest[which][i][k] = INFINITY;
    for (size_t t = 0; t < s->periods; t++) {
        const bool depths = which == HO_SERIES_ZERO || which == HO_SERIES_FIRST;
        const double value = depths ? s->room[t * HO_SERIES_LANES + k] : at(s, t, k);
        keep_smallest(s->tail, o->smallest[which], k, which == HO_SERIES_UP ? value : -value);
    }
}

extern ho_series_walk_of ho_series_walk_ref;
void ho_series_walk_ref(const ho_series *s, ho_series_walked *o)
{
    for (size_t k = 0; k < HO_SERIES_LANES; k++) {
        double count, sum;
        walk_sums(s, k, o);
        walk_wins(s, k, o);
        walk_below(s, k, 0, &count, &sum, &o->loss_low[k], &o->loss_high[k], &o->loss_m2[k]);
        walk_below(s, k, s->rate, &o->short_count[k], &o->short_sum[k], &o->short_low[k], &o->short_high[k],
                   &o->short_m2[k]);
        walk_hurdles(s, k, o);
        order(s, k, HO_SERIES_UP, o);
        order(s, k, HO_SERIES_DOWN, o);
        walk_depths(s, k, 0, &o->zero);
        order(s, k, HO_SERIES_ZERO, o);
        walk_depths(s, k, -INFINITY, &o->first);
        order(s, k, HO_SERIES_FIRST, o);
    }
}

extern ho_series_count_of ho_series_count_ref;
void ho_series_count_ref(const ho_series *s, const double limit[HO_SERIES_LANES],
                         const double other[HO_SERIES_LANES], ho_series_counted *o)
{
    for (size_t k = 0; k < HO_SERIES_LANES; k++) {
        double sum = 0, count = 0, below = 0;
        for (size_t t = 0; t < s->periods; t++) {
            const double x = at(s, t, k);
            sum += x <= limit[k] ? x : 0.0;
            count += x <= limit[k] ? 1 : 0;
            below += x < other[k] ? 1 : 0;
        }
        o->sum[k] = sum;
        o->count[k] = count;
        o->below[k] = below;
    }
}
