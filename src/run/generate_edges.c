#include "run/generate_edges.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/rng.h"
#include "report/csv.h"
#include "run/generate_trade.h"
#include "run/whole_file.h"
#include "stats/stats.h"

#include <stdlib.h>

enum { MEASURED_DAYS = 40 };

void ho_edges_clear(ho_edges *edges)
{
    free(edges->planted);
    free(edges->of_column);
    *edges = (ho_edges){.planted = NULL};
}

/* values[day * cells + cell] of the measured days. */
static ho_status trade(uint64_t seed, const ho_grid *grid, int32_t first_date, int threads, double *values,
                       ho_error *err)
{
    const size_t cells = grid->window_count * HO_GRID_RULES;
    ho_market_day days[MEASURED_DAYS];
    bool failed = false;
    ho_market_days(seed, first_date, MEASURED_DAYS, days);
#pragma omp parallel for schedule(static, 1) num_threads(threads) reduction(|| : failed)
    for (size_t d = 0; d < MEASURED_DAYS; d++) {
        ho_market_path *path = HO_NEW(ho_market_path, 1);
        failed = failed || path == NULL;
        if (path == NULL) continue;
        ho_market_walk(seed, d, &days[d], path);
        ho_trade_day(grid, path, 1, values + d * cells);
        free(path);
    }
    return failed ? ho_fail_memory(err, sizeof(ho_market_path), "a day's prices") : HO_OK;
}

/* rupees, so far a number of standard deviations, becomes rupees. */
static ho_status scale(uint64_t seed, const ho_grid *grid, int32_t first_date, int threads, ho_edges *e,
                       ho_error *err)
{
    const size_t cells = grid->window_count * HO_GRID_RULES;
    double *values = ho_new_array(MEASURED_DAYS, cells * sizeof *values);
    if (values == NULL)
        return ho_fail_memory(err, MEASURED_DAYS * cells * sizeof *values, "the measured days");
    ho_status status = trade(seed, grid, first_date, threads, values, err);
    for (size_t i = 0; i < e->count && status == HO_OK; i++) {
        double series[MEASURED_DAYS];
        for (size_t d = 0; d < MEASURED_DAYS; d++)
            series[d] = values[d * cells + grid->columns[e->planted[i].column]];
        e->planted[i].rupees *= ho_moments_of(series, MEASURED_DAYS).sd1;
    }
    free(values);
    return status;
}

/* A decoy earns in its stretch what an edge earns in all sample days. */
static void plant(const ho_edge_settings *s, uint64_t seed, size_t columns, size_t days, size_t sample,
                  size_t stretch, ho_edges *e)
{
    ho_rng rng = ho_rng_new(seed, "generate edges", 0);
    for (size_t j = 0; j < columns; j++)
        e->of_column[j] = -1;
    for (size_t i = 0; i < e->count; i++) {
        ho_planted *p = &e->planted[i];
        do
            p->column = ho_rng_below(&rng, (uint32_t)columns);
        while (e->of_column[p->column] >= 0);
        e->of_column[p->column] = (int32_t)i;
        p->decoy = i >= (size_t)s->edges;
        p->first = p->decoy ? ho_rng_below(&rng, (uint32_t)(sample - stretch + 1)) : 0;
        p->end = p->decoy ? p->first + stretch : days;
        p->rupees = p->decoy ? s->size * (double)sample / (double)stretch : s->size;
    }
}

ho_status ho_edges_make(const ho_edge_settings *s, uint64_t seed, const ho_grid *grid, int32_t first_date,
                        size_t days, int threads, ho_edges *edges, ho_error *err)
{
    const size_t count = (size_t)(s->edges + s->decoys), columns = grid->column_count;
    const size_t sample = s->sample_days > 0 ? (size_t)s->sample_days : days / 2;
    const size_t quarter = sample / 4 > 0 ? sample / 4 : 1;
    const size_t stretch = s->decoy_days > 0 ? (size_t)s->decoy_days : quarter;
    *edges = (ho_edges){.count = count};
    if (count == 0) return HO_OK;
    if (count > columns)
        return ho_fail(err, HO_ERR_USAGE, "--edges %lld and --decoys %lld: the table has %zu strategies",
                       (long long)s->edges, (long long)s->decoys, columns);
    if (sample == 0 || stretch > sample || sample > days)
        return ho_fail(err, HO_ERR_USAGE,
                       "--decoy-days %zu, --sample-days %zu and --days %zu: each at most the next", stretch,
                       sample, days);
    ho_edges e = {
        .planted = HO_NEW(ho_planted, count), .count = count, .of_column = HO_NEW(int32_t, columns)};
    ho_status status = HO_OK;
    if (e.planted == NULL || e.of_column == NULL)
        status = ho_fail_memory(err, columns * sizeof *e.of_column, "planted edges");
    if (status == HO_OK) plant(s, seed, columns, days, sample, stretch, &e);
    if (status == HO_OK) status = scale(seed, grid, first_date, threads, &e, err);
    if (status == HO_OK)
        *edges = e;
    else
        ho_edges_clear(&e);
    return status;
}

double ho_edges_on(const ho_edges *edges, size_t column, size_t day)
{
    if (edges->of_column == NULL || edges->of_column[column] < 0) return 0;
    const ho_planted *p = &edges->planted[edges->of_column[column]];
    return day >= p->first && day < p->end ? p->rupees : 0;
}

typedef struct truth {
    const ho_grid *grid;
    const ho_edges *edges;
} truth;

static void put_truth(const void *what, FILE *file)
{
    const truth *t = what;
    fputs("Strategy,Kind,Rupees a Day,First Day,Last Day\n", file);
    for (size_t i = 0; i < t->edges->count; i++) {
        const ho_planted *p = &t->edges->planted[i];
        char name[HO_GRID_NAME];
        (void)ho_grid_name(t->grid, p->column, name);
        ho_csv_text(file, name);
        fprintf(file, ",%s,", p->decoy ? "decoy" : "edge");
        ho_csv_number(file, p->rupees);
        fprintf(file, ",%zu,%zu\n", p->first + 1, p->end);
    }
}

ho_status ho_edges_tell(const ho_edge_settings *s, const ho_grid *grid, const ho_edges *edges, ho_error *err)
{
    const truth t = {grid, edges};
    return s->truth != NULL ? ho_whole_file_write(s->truth, put_truth, &t, err) : HO_OK;
}
