/* Columns as series of their own for every vector instruction set: one source, compiled once a set as kernels_vector.c
 * is. Each part walks all periods with a few numbers a lane, so that these stay in registers. */
#include "kernels/kernels_sets.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

enum { LANES = HO_SERIES_LANES };

#define EACH_LANE _Pragma("omp simd") for (int i = 0; i < LANES; i++)

/* value where it holds, else 0; value or other: by masks, since a choice between other things than two variables would
 * branch where there are no masked instructions. */
HO_ALWAYS_INLINE double held(bool holds, double value)
{
    union {
        double number;
        int64_t bits;
    } u = {value};
    u.bits &= -(int64_t)holds;
    return u.number;
}

HO_ALWAYS_INLINE double choose(bool holds, double value, double other)
{
    union {
        double number;
        int64_t bits;
    } a = {value}, b = {other};
    a.bits = (a.bits & -(int64_t)holds) | (b.bits & ~-(int64_t)holds);
    return a.number;
}

static inline void fill(double to[LANES], double value)
{
    for (int i = 0; i < LANES; i++)
        to[i] = value;
}

static inline void copy(double to[LANES], const double from[LANES])
{
    for (int i = 0; i < LANES; i++)
        to[i] = from[i];
}

/* The columns close together, lanes without one as zeros. */
static void gather(const ho_series *s, double *x)
{
    for (size_t t = 0; t < s->periods; t++) {
        const double *row = s->x + t * s->stride;
        if (s->columns == LANES) {
            for (int i = 0; i < LANES; i++)
                x[t * LANES + (size_t)i] = row[i];
        } else {
            for (size_t i = 0; i < LANES; i++)
                x[t * LANES + i] = i < s->columns ? row[i] : 0;
        }
    }
}

static void walk_sums(const double *x, size_t periods, ho_series_walked *o)
{
    double sum[LANES], low[LANES], high[LANES], least[LANES], mean[LANES], m2[LANES], m3[LANES], m4[LANES];
    fill(sum, 0);
    fill(low, INFINITY);
    fill(high, -INFINITY);
    fill(least, INFINITY);
    for (size_t t = 0; t < periods; t++) {
        EACH_LANE
        {
            const double v = x[t * LANES + (size_t)i], size = fabs(v);
            const double other = choose(size > 0, size, INFINITY);
            sum[i] += v;
            low[i] = v < low[i] ? v : low[i];
            high[i] = v > high[i] ? v : high[i];
            least[i] = other < least[i] ? other : least[i];
        }
    }
    for (int i = 0; i < LANES; i++)
        mean[i] = sum[i] / (double)periods;
    fill(m2, 0);
    fill(m3, 0);
    fill(m4, 0);
    for (size_t t = 0; t < periods; t++) {
        EACH_LANE
        {
            const double d = x[t * LANES + (size_t)i] - mean[i], square = d * d;
            m2[i] += square;
            m3[i] += square * d;
            m4[i] += square * square;
        }
    }
    copy(o->sum, sum);
    copy(o->low, low);
    copy(o->high, high);
    copy(o->least, least);
    copy(o->mean, mean);
    copy(o->m2, m2);
    copy(o->m3, m3);
    copy(o->m4, m4);
}

static void walk_wins(const double *x, size_t periods, ho_series_walked *o)
{
    double wins[LANES], losses[LANES], gain[LANES], loss[LANES], run[LANES], longest[LANES];
    fill(wins, 0);
    fill(losses, 0);
    fill(gain, 0);
    fill(loss, 0);
    fill(run, 0);
    fill(longest, 0);
    for (size_t t = 0; t < periods; t++) {
        EACH_LANE
        {
            const double v = x[t * LANES + (size_t)i];
            wins[i] += held(v > 0, 1);
            losses[i] += held(v < 0, 1);
            gain[i] += v > 0 ? v : 0.0;
            loss[i] += -v > 0 ? -v : 0.0;
            run[i] = held(v < 0, run[i] + 1);
            longest[i] = run[i] > longest[i] ? run[i] : longest[i];
        }
    }
    copy(o->wins, wins);
    copy(o->losses, losses);
    copy(o->gain, gain);
    copy(o->loss, loss);
    copy(o->losing_run, longest);
}

static void walk_below(const double *x, size_t periods, double rate, double count_out[LANES],
                       double sum_out[LANES], double low_out[LANES], double high_out[LANES],
                       double m2_out[LANES])
{
    double count[LANES], sum[LANES], low[LANES], high[LANES], mean[LANES], m2[LANES];
    fill(count, 0);
    fill(sum, 0);
    fill(low, INFINITY);
    fill(high, -INFINITY);
    fill(m2, 0);
    for (size_t t = 0; t < periods; t++) {
        EACH_LANE
        {
            const double v = x[t * LANES + (size_t)i] - rate;
            const double for_low = choose(v < 0, v, INFINITY), for_high = choose(v < 0, v, -INFINITY);
            count[i] += held(v < 0, 1);
            sum[i] += v < 0 ? v : 0.0;
            low[i] = for_low < low[i] ? for_low : low[i];
            high[i] = for_high > high[i] ? for_high : high[i];
        }
    }
    for (int i = 0; i < LANES; i++)
        mean[i] = sum[i] / (count[i] > 0 ? count[i] : 1);
    for (size_t t = 0; t < periods; t++) {
        EACH_LANE
        {
            const double v = x[t * LANES + (size_t)i] - rate, d = v - mean[i];
            m2[i] += held(v < 0, d * d);
        }
    }
    copy(count_out, count);
    copy(sum_out, sum);
    copy(low_out, low);
    copy(high_out, high);
    copy(m2_out, m2);
}

static void walk_hurdles(const ho_series *s, const double *x, ho_series_walked *o)
{
    const double hurdle = s->hurdle, mar = s->mar;
    double downside[LANES], downside_mar[LANES], above[LANES], below[LANES];
    fill(downside, 0);
    fill(downside_mar, 0);
    fill(above, 0);
    fill(below, 0);
    for (size_t t = 0; t < s->periods; t++) {
        EACH_LANE
        {
            const double v = x[t * LANES + (size_t)i], over = v - mar;
            const double of_hurdle = held(v < hurdle, v - hurdle), of_mar = held(v < mar, v - mar);
            const double up = held(over > 0, over), down = held(over < 0, -over);
            downside[i] += of_hurdle * of_hurdle;
            downside_mar[i] += of_mar * of_mar;
            above[i] += up;
            below[i] += down;
        }
    }
    copy(o->downside, downside);
    copy(o->downside_mar, downside_mar);
    copy(o->above_mar, above);
    copy(o->below_mar, below);
}

/* The depths, negated, into `depths`. */
static void walk_depths(const double *x, size_t periods, double start, double *depths, ho_series_depths *o)
{
    double equity[LANES], peak[LANES], most[LANES], sum[LANES], squares[LANES], run[LANES], longest[LANES];
    fill(equity, 0);
    fill(peak, start);
    fill(most, 0);
    fill(sum, 0);
    fill(squares, 0);
    fill(run, 0);
    fill(longest, 0);
    for (size_t t = 0; t < periods; t++) {
        EACH_LANE
        {
            equity[i] += x[t * LANES + (size_t)i];
            peak[i] = equity[i] > peak[i] ? equity[i] : peak[i];
            const double depth = peak[i] - equity[i];
            depths[t * LANES + (size_t)i] = -depth;
            most[i] = depth > most[i] ? depth : most[i];
            sum[i] += depth;
            squares[i] += depth * depth;
            run[i] = held(depth > 0, run[i] + 1);
            longest[i] = run[i] > longest[i] ? run[i] : longest[i];
        }
    }
    copy(o->most, most);
    copy(o->sum, sum);
    copy(o->squares, squares);
    copy(o->run, longest);
}

/* A number goes down through the smallest so far, and leaves its larger one at each step. */
static void order(const double *x, size_t periods, size_t tail, double sign, double smallest[][LANES])
{
    for (size_t k = 0; k < tail; k++)
        fill(smallest[k], INFINITY);
    for (size_t t = 0; t < periods; t++) {
        double value[LANES];
        EACH_LANE value[i] = sign * x[t * LANES + (size_t)i];
        for (size_t k = 0; k < tail; k++) {
            double *kept = smallest[k];
            EACH_LANE
            {
                const double a = kept[i], b = value[i];
                kept[i] = choose(b < a, b, a);
                value[i] = choose(b < a, a, b);
            }
        }
    }
}

extern ho_series_walk_of HO_OF_SET(ho_series_walk_);
void HO_OF_SET(ho_series_walk_)(const ho_series *s, ho_series_walked *o)
{
    double *x = s->room, *depths = x + s->periods * LANES, count[LANES], sum[LANES];
    const size_t n = s->periods, tail = s->tail;
    gather(s, x);
    walk_sums(x, n, o);
    walk_wins(x, n, o);
    walk_below(x, n, 0, count, sum, o->loss_low, o->loss_high, o->loss_m2);
    walk_below(x, n, s->rate, o->short_count, o->short_sum, o->short_low, o->short_high, o->short_m2);
    walk_hurdles(s, x, o);
    order(x, n, tail, 1, o->smallest[HO_SERIES_UP]);
    order(x, n, tail, -1, o->smallest[HO_SERIES_DOWN]);
    walk_depths(x, n, 0, depths, &o->zero);
    order(depths, n, tail, 1, o->smallest[HO_SERIES_ZERO]);
    walk_depths(x, n, -INFINITY, depths, &o->first);
    order(depths, n, tail, 1, o->smallest[HO_SERIES_FIRST]);
}

extern ho_series_count_of HO_OF_SET(ho_series_count_);
void HO_OF_SET(ho_series_count_)(const ho_series *s, const double limit[LANES], const double other[LANES],
                                 ho_series_counted *o)
{
    double sum[LANES], count[LANES], below[LANES];
    gather(s, s->room);
    fill(sum, 0);
    fill(count, 0);
    fill(below, 0);
    for (size_t t = 0; t < s->periods; t++) {
        EACH_LANE
        {
            const double v = s->room[t * LANES + (size_t)i];
            sum[i] += held(v <= limit[i], v);
            count[i] += held(v <= limit[i], 1);
            below[i] += held(v < other[i], 1);
        }
    }
    copy(o->sum, sum);
    copy(o->count, count);
    copy(o->below, below);
}
