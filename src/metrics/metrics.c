/* The table of measures, and their values for a series. */
#include "base/error.h"
#include "base/memory.h"
#include "metrics/measures.h"

#include <math.h>
#include <string.h>

/* The order in which measures are listed everywhere. */
static const ho_measures *const families[] = {
    &ho_measures_returns,
    &ho_measures_drawdown,
    &ho_measures_ratios,
    &ho_measures_tails,
};
enum { FAMILIES = sizeof families / sizeof *families };

size_t ho_metric_count(void)
{
    size_t count = 0;
    for (size_t i = 0; i < FAMILIES; i++)
        count += families[i]->count;
    return count;
}

static const ho_measure *measure_at(size_t i)
{
    for (size_t family = 0; family < FAMILIES; family++) {
        if (i < families[family]->count) return &families[family]->rows[i];
        i -= families[family]->count;
    }
    return NULL;
}

const ho_metric *ho_metric_at(size_t i)
{
    const ho_measure *measure = measure_at(i);
    return measure != NULL ? &measure->about : NULL;
}

int ho_metric_find(const char *key)
{
    const ho_measure *measure;
    for (size_t i = 0; (measure = measure_at(i)) != NULL; i++) {
        if (strcmp(measure->about.key, key) == 0) return (int)i;
    }
    return -1;
}

/* Moments of the r - rate that are below zero; `room` holds them. */
static ho_moments moments_below(const double *r, size_t n, double rate, double *room)
{
    size_t count = 0;
    for (size_t t = 0; t < n; t++) {
        if (r[t] - rate < 0) room[count++] = r[t] - rate;
    }
    return ho_moments_of(room, count);
}

static void count_wins(ho_facts *f)
{
    for (size_t t = 0; t < f->all.count; t++) {
        double r = f->r[t];
        if (r > 0) {
            f->wins++;
            f->gain += r;
        } else if (r < 0) {
            f->losses++;
            f->loss -= r;
        }
    }
}

/* Depths, deepest first, are sorted negated. */
static ho_drawdown drawdown(const double *r, size_t n, ho_drawdown_start start, double *depths)
{
    ho_drawdown_depths(r, n, start, depths);
    ho_drawdown d = ho_drawdown_of(depths, n);
    for (size_t t = 0; t < n; t++)
        depths[t] = -depths[t];
    ho_sort_ascending(depths, n);
    for (size_t t = 0; t < n; t++)
        depths[t] = -depths[t];
    return d;
}

/* `room`: three times n doubles that the facts point into. */
static ho_facts facts_of(const double *r, size_t n, const ho_metric_settings *settings, double *room)
{
    ho_facts f = {.r = r, .all = ho_moments_of(r, n), .periods_per_year = settings->periods_per_year};
    f.root = sqrt(f.periods_per_year);
    f.annual = f.all.sum * f.periods_per_year / (double)n;
    f.rate = settings->risk_free_rate / f.periods_per_year;
    f.hurdle = settings->capital * settings->risk_free_rate / f.periods_per_year;
    count_wins(&f);
    f.losing = moments_below(r, n, 0, room);
    f.shortfall = moments_below(r, n, f.rate, room);
    memcpy(room, r, n * sizeof *r);
    ho_sort_ascending(room, n);
    f.ascending = room;
    f.zero = drawdown(r, n, HO_DRAWDOWN_FROM_ZERO, room + n);
    f.first = drawdown(r, n, HO_DRAWDOWN_FROM_FIRST, room + 2 * n);
    f.zero_worst = room + n;
    f.first_worst = room + 2 * n;
    return f;
}

ho_status ho_metrics_of_series(const double *r, size_t periods, const ho_metric_settings *settings,
                               double *values, ho_error *err)
{
    double *room = ho_new_array(periods, 3 * sizeof *room);
    if (room == NULL) return ho_fail_memory(err, 3 * periods * sizeof *room, "the facts of a series");
    ho_facts facts = facts_of(r, periods, settings, room);
    const ho_measure *measure;
    for (size_t i = 0; (measure = measure_at(i)) != NULL; i++)
        values[i] = measure->value(&facts);
    free(room);
    return HO_OK;
}
