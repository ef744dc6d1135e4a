/* The facts of many columns side by side: sums, extremes and runs come from the kernels, HO_SERIES_LANES columns at a
 * time; what is made of them is made here as facts.c makes it. Columns with numbers of extraordinary size, which facts.c
 * scales, and series so long that their tails are, go through facts.c. */
#include "metrics/facts.h"

#include "base/error.h"
#include "base/memory.h"
#include "kernels/kernels.h"

#include <math.h>

/* Within these neither fourth powers overflow nor squares of what sums leave as dust vanish. */
static const double smallest_size = 1e-40, largest_size = 1e40;

static bool is_ordinary(double value)
{
    return value == 0 || (fabs(value) >= smallest_size && fabs(value) <= largest_size);
}

static double root_mean(double squares, size_t n)
{
    return n > 0 ? sqrt(squares / (double)n) : 0;
}

/* The `tail` smallest of one lane, times sign. */
static void read_tail(const ho_series_walked *w, ho_series_order order, size_t lane, size_t tail, double sign,
                      double *out)
{
    for (size_t i = 0; i < tail; i++)
        out[i] = sign * w->smallest[order][i][lane];
}

static ho_depth_facts depths_of(const ho_series_walked *w, const ho_series_depths *d, ho_series_order order,
                                size_t lane, size_t n, size_t tail)
{
    double worst[HO_SERIES_TAIL];
    ho_depth_facts facts = {.maximum = d->most[lane],
                            .average = d->sum[lane] / (double)n,
                            .ulcer = root_mean(d->squares[lane], n),
                            .duration = (size_t)d->run[lane]};
    read_tail(w, order, lane, tail, -1, worst);
    for (int level = 0; level < HO_LEVELS; level++)
        facts.cdar[level] = ho_tail_mean(worst, n, ho_tail_share[level]);
    return facts;
}

static void tails_of(ho_facts *f, const ho_series_walked *w, size_t lane, size_t tail)
{
    const size_t n = f->periods;
    double sorted[HO_SERIES_TAIL];
    read_tail(w, HO_SERIES_UP, lane, tail, 1, sorted);
    for (int level = 0; level < HO_LEVELS; level++) {
        f->tail[level].percentile = ho_percentile(sorted, n, ho_tail_share[level]);
        f->tail[level].order = sorted[ho_tail_end(n, ho_tail_share[level])];
        f->tail[level].tail_mean = ho_tail_mean(sorted, n, ho_tail_share[level]);
    }
    read_tail(w, HO_SERIES_DOWN, lane, tail, 1, sorted);
    f->percentile_95 = -ho_percentile(sorted, n, ho_tail_share[HO_LEVEL_95]);
}

static ho_facts facts_of_lane(const ho_series *s, const ho_series_walked *w,
                              const ho_metric_settings *settings, size_t k)
{
    const size_t n = s->periods;
    ho_facts f = ho_facts_begin(
        settings, n, ho_moments_from(n, w->sum[k], w->low[k], w->high[k], w->m2[k], w->m3[k], w->m4[k]));
    f.wins = (size_t)w->wins[k];
    f.losses = (size_t)w->losses[k];
    f.gain = w->gain[k];
    f.loss = w->loss[k];
    f.losing_run = (size_t)w->losing_run[k];
    f.losing_sd0 =
        ho_moments_from(f.losses, -w->loss[k], w->loss_low[k], w->loss_high[k], w->loss_m2[k], 0, 0).sd0;
    f.shortfalls = (size_t)w->short_count[k];
    f.shortfall_sd1 = ho_moments_from(f.shortfalls, w->short_sum[k], w->short_low[k], w->short_high[k],
                                      w->short_m2[k], 0, 0)
                          .sd1;
    f.downside = root_mean(w->downside[k], n);
    f.downside_mar = root_mean(w->downside_mar[k], n);
    f.above_mar = f.mar == 0 ? f.gain : w->above_mar[k];
    f.below_mar = f.mar == 0 ? f.loss : w->below_mar[k];
    f.zero = depths_of(w, &w->zero, HO_SERIES_ZERO, k, n, s->tail);
    f.first = depths_of(w, &w->first, HO_SERIES_FIRST, k, n, s->tail);
    tails_of(&f, w, k, s->tail);
    return f;
}

/* The counts that need what the first walk told. */
static void count_tails(const ho_kernels *kernels, const ho_series *s, ho_facts *facts)
{
    for (int level = 0; level < HO_LEVELS; level++) {
        double limit[HO_SERIES_LANES] = {0}, other[HO_SERIES_LANES] = {0};
        ho_series_counted counted;
        for (size_t k = 0; k < s->columns; k++) {
            limit[k] = facts[k].tail[level].percentile;
            other[k] = facts[k].all.mean + ho_normal_quantile[level] * facts[k].all.sd1;
        }
        kernels->series_count(s, limit, other, &counted);
        for (size_t k = 0; k < s->columns; k++) {
            facts[k].tail[level].mean_up_to = counted.sum[k] / counted.count[k];
            facts[k].tail[level].below_normal = (size_t)counted.below[k];
        }
    }
}

static void one_by_one(const ho_series *s, const ho_metric_settings *settings, double *room, ho_facts *facts)
{
    for (size_t k = 0; k < s->columns; k++) {
        for (size_t t = 0; t < s->periods; t++)
            room[t] = s->x[t * s->stride + k];
        facts[k] = ho_facts_of(room, s->periods, settings, room + s->periods);
    }
}

static bool are_ordinary(const ho_series *s, const ho_series_walked *w)
{
    bool all = is_ordinary(s->rate) && is_ordinary(s->hurdle) && is_ordinary(s->mar);
    for (size_t k = 0; k < s->columns; k++)
        all = all && w->least[k] >= smallest_size && is_ordinary(w->low[k]) && is_ordinary(w->high[k]);
    return all;
}

ho_series ho_series_for(const ho_metric_settings *settings, size_t periods)
{
    const ho_facts common = ho_facts_begin(settings, periods, (ho_moments){.count = periods});
    const size_t tail = ho_tail_length(periods);
    return (ho_series){.periods = periods,
                       .rate = common.rate,
                       .hurdle = common.hurdle,
                       .mar = common.mar,
                       .tail = periods > 0 && tail <= HO_SERIES_TAIL ? tail : 0};
}

ho_status ho_facts_of_columns(const ho_side_by_side *columns, const ho_metric_settings *settings,
                              ho_facts *facts, ho_error *err)
{
    const ho_kernels *kernels = NULL;
    const size_t numbers = 2 * columns->periods;
    if (settings->benchmark != NULL)
        return ho_fail(err, HO_ERR_INTERNAL, "a benchmark is of one series, not of many");
    HO_TRY(ho_kernels_choose(&kernels, err));
    double *room = ho_new_array(numbers, HO_SERIES_LANES * sizeof *room);
    ho_series_walked *here = HO_NEW(ho_series_walked, 1);
    if (room == NULL || here == NULL) {
        free(room);
        free(here);
        return ho_fail_memory(err, numbers * HO_SERIES_LANES * sizeof *room, "the facts of columns");
    }
    ho_series s = ho_series_for(settings, columns->periods);
    s.stride = columns->stride;
    s.room = room;
    for (size_t first = 0; first < columns->columns; first += HO_SERIES_LANES) {
        const size_t left = columns->columns - first;
        const ho_series_walked *walked =
            columns->walked != NULL ? columns->walked + first / HO_SERIES_LANES : here;
        s.x = columns->x + first;
        s.columns = left < HO_SERIES_LANES ? left : HO_SERIES_LANES;
        if (s.tail > 0 && columns->walked == NULL) kernels->series_walk(&s, here);
        if (s.tail == 0 || !are_ordinary(&s, walked)) {
            one_by_one(&s, settings, room, facts + first);
            continue;
        }
        for (size_t k = 0; k < s.columns; k++)
            facts[first + k] = facts_of_lane(&s, walked, settings, k);
        count_tails(kernels, &s, facts + first);
    }
    free(room);
    free(here);
    return HO_OK;
}
