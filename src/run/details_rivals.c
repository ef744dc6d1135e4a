/* What else could have been chosen: random portfolios, the strategies that are best alone, all of them. They tell how
 * much of a result is the choice. */
#include "base/error.h"
#include "base/memory.h"
#include "run/details.h"
#include "run/rivals.h"
#include "stats/stats.h"

#include <math.h>

enum { RANDOM = 1000 };

typedef struct rivals {
    const ho_details_of *of;
    ho_report_details *d;
    const ho_objective *table;
    void *walk;
    ho_urn urn;
    uint32_t *members; /* size */
    double *values;    /* 4 x RANDOM: fitness, profit, drawdown, quotient */
    double *equities;  /* periods x RANDOM */
    double *series;    /* periods */
} rivals;

static double deepest_fall(const double *equity, size_t periods)
{
    double peak = 0, deepest = 0;
    for (size_t t = 0; t < periods; t++) {
        peak = fmax(peak, equity[t]);
        deepest = fmax(deepest, peak - equity[t]);
    }
    return deepest;
}

/* Smallest, 5 %, median, 95 %, largest. */
static void take_quantiles(double *values, double out[HO_REPORT_QUANTILES])
{
    static const double shares[HO_REPORT_QUANTILES] = {0, 0.05, 0.5, 0.95, 1};
    ho_sort_ascending(values, RANDOM);
    for (size_t q = 0; q < HO_REPORT_QUANTILES; q++)
        out[q] = ho_percentile(values, RANDOM, shares[q]);
}

static ho_status draw_all(rivals *r, ho_error *err)
{
    ho_rng rng = ho_rng_new(r->of->seed, "random portfolios", 0);
    ho_report_details *d = r->d;
    double *totals = r->values + RANDOM, *falls = totals + RANDOM, *ratios = falls + RANDOM;
    d->random_count = RANDOM;
    for (size_t i = 0; i < RANDOM; i++) {
        ho_urn_draw(&r->urn, &rng, d->size, r->members);
        r->values[i] = r->table->score(r->walk, r->members, d->size);
        d->random_below += r->values[i] < r->of->best->fitness;
        HO_TRY(ho_portfolio_series(r->of->panel, r->members, d->size, r->series, err));
        ho_equity(r->series, d->periods, r->series);
        for (size_t t = 0; t < d->periods; t++)
            r->equities[t * RANDOM + i] = r->series[t];
        totals[i] = r->series[d->periods - 1];
        falls[i] = deepest_fall(r->series, d->periods);
        ratios[i] = falls[i] > 0 ? totals[i] / falls[i] : totals[i] > 0 ? INFINITY : 0;
    }
    take_quantiles(r->values, d->random_fitness);
    take_quantiles(totals, d->random_total);
    take_quantiles(falls, d->random_drawdown);
    take_quantiles(ratios, d->random_ratio);
    for (size_t t = 0; t < d->periods; t++) {
        double *at = r->equities + t * RANDOM;
        ho_sort_ascending(at, RANDOM);
        d->random_low[t] = ho_percentile(at, RANDOM, 0.05);
        d->random_mid[t] = ho_percentile(at, RANDOM, 0.5);
        d->random_high[t] = ho_percentile(at, RANDOM, 0.95);
    }
    return HO_OK;
}

/* series is profit and loss a period; the rival gets its equity. */
static void fill_rival(const ho_report_details *d, const double *series, ho_report_rival *rival)
{
    double deepest = 0;
    for (size_t t = 0; t < d->periods; t++)
        deepest = fmax(deepest, d->depths[t]);
    ho_equity(series, d->periods, rival->equity);
    rival->max_drawdown = deepest_fall(rival->equity, d->periods);
    rival->total = rival->equity[d->periods - 1];
    rival->same_drawdown = deepest > 0 && rival->max_drawdown > 0 ? deepest / rival->max_drawdown : NAN;
}

static ho_status take_top(rivals *r, ho_error *err)
{
    ho_report_details *d = r->d;
    HO_TRY(ho_best_singles(r->table, r->walk, r->of->selection, d->size, r->members, &d->best_single,
                           &d->single_fitness, err));
    d->top.fitness = r->table->score(r->walk, r->members, d->size);
    HO_TRY(ho_portfolio_series(r->of->panel, r->members, d->size, r->series, err));
    fill_rival(d, r->series, &d->top);
    return HO_OK;
}

static ho_status take_all(rivals *r, ho_error *err)
{
    ho_report_details *d = r->d;
    const size_t n = ho_panel_strategies(r->of->panel);
    uint32_t *everybody = HO_NEW(uint32_t, n);
    if (everybody == NULL) return ho_fail_memory(err, n * sizeof *everybody, "all strategies");
    for (uint32_t j = 0; j < n; j++)
        everybody[j] = j;
    ho_status status = ho_portfolio_series(r->of->panel, everybody, n, r->series, err);
    free(everybody);
    if (status != HO_OK) return status;
    for (size_t t = 0; t < d->periods; t++)
        r->series[t] *= (double)d->size / (double)n;
    fill_rival(d, r->series, &d->all);
    d->all.fitness = NAN; /* a fitness is of a set of this size */
    return HO_OK;
}

static ho_status allocate(rivals *r, ho_error *err)
{
    ho_report_details *d = r->d;
    const size_t t = d->periods;
    r->members = HO_NEW(uint32_t, d->size);
    r->values = HO_NEW(double, 4 * RANDOM);
    r->equities = HO_NEW(double, t *RANDOM);
    r->series = HO_NEW(double, t);
    d->random_low = HO_NEW(double, t);
    d->random_mid = HO_NEW(double, t);
    d->random_high = HO_NEW(double, t);
    d->top.equity = HO_NEW(double, t);
    d->all.equity = HO_NEW(double, t);
    if (r->members == NULL || r->values == NULL || r->equities == NULL || r->series == NULL ||
        d->random_low == NULL || d->random_mid == NULL || d->random_high == NULL || d->top.equity == NULL ||
        d->all.equity == NULL)
        return ho_fail_memory(err, t * RANDOM * sizeof(double), "random portfolios");
    HO_TRY(ho_urn_make(r->of->selection, ho_panel_strategies(r->of->panel), &r->urn, err));
    return r->table->open(r->table->data, d->size, &r->walk, err);
}

ho_status ho_details_rivals(const ho_details_of *of, ho_report_details *d, ho_error *err)
{
    rivals r = {.of = of, .d = d, .table = ho_portfolio_objective_table(of->objective)};
    ho_status status = allocate(&r, err);
    if (status == HO_OK) status = draw_all(&r, err);
    if (status == HO_OK) status = take_top(&r, err);
    if (status == HO_OK) status = take_all(&r, err);
    if (r.walk != NULL) r.table->close(&r.walk);
    ho_urn_clear(&r.urn);
    free(r.members);
    free(r.values);
    free(r.equities);
    free(r.series);
    return status;
}
