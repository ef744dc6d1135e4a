#include "metrics/facts.h"

#include <math.h>
#include <string.h>

const double ho_tail_share[HO_LEVELS] = {.05, .01};
const double ho_normal_quantile[HO_LEVELS] = {-1.6448536269514722, -2.3263478740408408};

/* Numbers that any tail needs of one end of a sorted series: the largest share is that of 95 %. */
size_t ho_tail_length(size_t periods)
{
    const double longest = ho_tail_share[HO_LEVEL_95] * (double)periods;
    const size_t length = (size_t)longest + 3;
    return length < periods ? length : periods;
}

/* Moments of the r - rate that are below zero; `room` holds them. */
static ho_moments moments_below(const double *r, size_t n, double rate, double *room)
{
    size_t count = 0;
    for (size_t t = 0; t < n; t++) { /* signs are random: a branch would be guessed wrong half the time */
        room[count] = r[t] - rate;
        count += room[count] < 0;
    }
    return ho_moments_of(room, count);
}

static void count_wins(ho_facts *f, const double *r)
{
    size_t run = 0;
    for (size_t t = 0; t < f->periods; t++) {
        run = r[t] < 0 ? run + 1 : 0;
        f->losing_run = run > f->losing_run ? run : f->losing_run;
        f->wins += r[t] > 0;
        f->losses += r[t] < 0;
        f->gain += r[t] > 0 ? r[t] : 0.0;
        f->loss += r[t] < 0 ? -r[t] : 0.0;
    }
}

/* Root mean square of what periods fall short of the hurdle, over all periods. */
static double downside(const double *r, size_t n, double hurdle, double *room)
{
    for (size_t t = 0; t < n; t++)
        room[t] = (r[t] < hurdle ? r[t] : hurdle) - hurdle;
    return ho_root_mean_square(room, n);
}

static void sum_about_mar(ho_facts *f, const double *r)
{
    f->above_mar = f->gain;
    f->below_mar = f->loss;
    if (f->mar == 0) return;
    f->above_mar = f->below_mar = 0;
    for (size_t t = 0; t < f->periods; t++) {
        const double above = r[t] - f->mar;
        if (above > 0)
            f->above_mar += above;
        else
            f->below_mar -= above;
    }
}

static ho_depth_facts depths_of(const double *r, size_t n, ho_drawdown_start start, double *room)
{
    ho_drawdown_depths(r, n, start, room);
    const ho_drawdown d = ho_drawdown_of(room, n);
    ho_depth_facts facts = {.maximum = d.maximum,
                            .average = d.average,
                            .ulcer = d.ulcer,
                            .duration = d.longest.end - d.longest.first};
    for (size_t t = 0; t < n; t++)
        room[t] = -room[t];
    const size_t length = ho_tail_length(n);
    ho_sort_smallest(room, n, length);
    for (size_t t = 0; t < length; t++)
        room[t] = -room[t];
    for (int level = 0; level < HO_LEVELS; level++)
        facts.cdar[level] = ho_tail_mean(room, n, ho_tail_share[level]);
    return facts;
}

/* The place at which a tail mean of that share ends. */
size_t ho_tail_end(size_t n, double share)
{
    const double above = ceil(share * (double)n - 1e-9) - 1;
    return above > 0 ? (size_t)above : 0;
}

/* Never empty: the percentile is not below the smallest value. */
static double mean_up_to(const double *r, size_t n, double limit)
{
    double sum = 0, count = 0;
    for (size_t t = 0; t < n; t++) {
        sum += r[t] <= limit ? r[t] : 0.0;
        count += r[t] <= limit ? 1.0 : 0.0;
    }
    return sum / count;
}

static size_t count_below(const double *r, size_t n, double limit)
{
    size_t count = 0;
    for (size_t t = 0; t < n; t++)
        count += r[t] < limit;
    return count;
}

static void tails_of(ho_facts *f, const double *r, double *room)
{
    const size_t n = f->periods, length = ho_tail_length(n);
    memcpy(room, r, n * sizeof *r);
    ho_sort_smallest(room, n, length);
    for (int level = 0; level < HO_LEVELS; level++) {
        const double share = ho_tail_share[level];
        ho_tail_facts *tail = &f->tail[level];
        tail->percentile = ho_percentile(room, n, share);
        tail->order = room[ho_tail_end(n, share)];
        tail->mean_up_to = mean_up_to(r, n, tail->percentile);
        tail->tail_mean = ho_tail_mean(room, n, share);
        tail->below_normal = count_below(r, n, f->all.mean + ho_normal_quantile[level] * f->all.sd1);
    }
    /* the largest end: the same numbers with their signs turned, and percentiles are symmetric */
    for (size_t t = 0; t < n; t++)
        room[t] = -r[t];
    ho_sort_smallest(room, n, length);
    f->percentile_95 = -ho_percentile(room, n, ho_tail_share[HO_LEVEL_95]);
}

void ho_facts_compare(ho_facts *f, const double *r, size_t stride, const double *benchmark, double *room)
{
    for (size_t t = 0; t < f->periods; t++)
        room[t] = r[t * stride] - benchmark[t];
    const ho_moments active = ho_moments_of(room, f->periods);
    f->active = active.mean;
    f->tracking = active.sd1;
}

ho_facts ho_facts_begin(const ho_metric_settings *s, size_t n, ho_moments all)
{
    ho_facts f = {.periods = n,
                  .all = all,
                  .active = NAN,
                  .tracking = NAN,
                  .capital = s->capital,
                  .periods_per_year = s->periods_per_year,
                  .root = sqrt(s->periods_per_year),
                  .rate = s->risk_free_rate / s->periods_per_year,
                  .hurdle = s->capital * s->risk_free_rate / s->periods_per_year,
                  .mar = s->minimum_acceptable_return};
    f.annual = f.all.sum * f.periods_per_year / (double)n;
    return f;
}

ho_facts ho_facts_of(const double *r, size_t n, const ho_metric_settings *s, double *room)
{
    ho_facts f = ho_facts_begin(s, n, ho_moments_of(r, n));
    count_wins(&f, r);
    f.losing_sd0 = moments_below(r, n, 0, room).sd0;
    const ho_moments shortfall = moments_below(r, n, f.rate, room);
    f.shortfalls = shortfall.count;
    f.shortfall_sd1 = shortfall.sd1;
    f.downside = downside(r, n, f.hurdle, room);
    f.downside_mar = f.mar == f.hurdle ? f.downside : downside(r, n, f.mar, room);
    sum_about_mar(&f, r);
    f.zero = depths_of(r, n, HO_DRAWDOWN_FROM_ZERO, room);
    /* a first period without a loss is a peak of its own: the two starts are one */
    f.first = n > 0 && r[0] >= 0 ? f.zero : depths_of(r, n, HO_DRAWDOWN_FROM_FIRST, room);
    tails_of(&f, r, room);
    if (s->benchmark != NULL) ho_facts_compare(&f, r, 1, s->benchmark, room);
    return f;
}
