/* What is measured: a row a function. Files are read from a warm page cache; nothing is measured that a run does not
 * do. A new row is a function and a line of the table below. */
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/rng.h"
#include "panel/panel.h"
#include "run/bench.h"
#include "run/strategies.h"

#include <heavyopt/search.h>

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static ho_status read_table(ho_bench *b, const char *path, double *seconds, ho_panel **panel,
                            ho_load_report *report, ho_error *err)
{
    double start = ho_clock_seconds();
    HO_TRY(ho_table_read(path, &b->load, b->threads, panel, report, err));
    *seconds = ho_clock_seconds() - start;
    return HO_OK;
}

ho_status ho_bench_panel(ho_bench *b, ho_error *err)
{
    double seconds;
    HO_TRY(read_table(b, b->csv, &seconds, &b->rows, &b->report, err));
    size_t strategies = ho_panel_strategies(b->rows);
    if (strategies < 3)
        return ho_fail(err, HO_ERR_DATA, "%s: %zu strategies are too few", b->csv, strategies);
    b->size = (size_t)b->settings->portfolio_size < strategies ? (size_t)b->settings->portfolio_size
                                                               : strategies / 2;
    b->days = b->rows;
    if (ho_panel_dates(b->rows) == ho_panel_periods(b->rows)) return HO_OK;
    b->days = NULL;
    return ho_panel_by_day(b->rows, &b->days, err);
}

ho_status ho_bench_objective(ho_bench *b, ho_error *err)
{
    if (b->objective != NULL) return HO_OK;
    const ho_fitness legacy = {.kind = HO_FITNESS_LEGACY, .metric = HO_LEGACY_RATIO};
    return ho_portfolio_objective_new(b->days, &legacy, b->threads, &b->objective, err);
}

static ho_status time_read(ho_bench *b, const char *path, double *sample, ho_error *err)
{
    ho_panel *panel = NULL;
    ho_load_report report = {0};
    ho_status status = read_table(b, path, sample, &panel, &report, err);
    ho_panel_free(&panel);
    ho_load_report_clear(&report);
    return status;
}

static ho_status csv_to_matrix(ho_bench *b, double *sample, ho_error *err)
{
    struct stat there;
    if (stat(b->csv, &there) == 0 && S_ISDIR(there.st_mode))
        return ho_fail(err, HO_ERR_UNAVAILABLE, "the input is no CSV file");
    return time_read(b, b->csv, sample, err);
}

static ho_status store_written(ho_bench *b, double *sample, ho_error *err)
{
    double start = ho_clock_seconds();
    HO_TRY(ho_store_write(b->store, b->rows, &b->report, &b->layout, err));
    *sample = ho_clock_seconds() - start;
    b->stored = true;
    return HO_OK;
}

static ho_status store_to_matrix(ho_bench *b, double *sample, ho_error *err)
{
    double seconds;
    if (!b->stored) HO_TRY(store_written(b, &seconds, err));
    return time_read(b, b->store, sample, err);
}

/* The table as one file of another format, beside the store. */
static ho_status written_as(const ho_bench *b, const char *name, const char *layout, char path[1100],
                            double *seconds, ho_error *err)
{
    ho_export_options options = {0};
    const size_t folder = strlen(b->store) - strlen("store");
    snprintf(path, 1100, "%.*s%s", (int)folder, b->store, name);
    HO_TRY(ho_options_defaults(ho_export_option_table(), &options, err));
    ho_status status = ho_options_set(ho_export_option_table(), &options, "layout", layout, err);
    double start = ho_clock_seconds();
    if (status == HO_OK) status = ho_table_export(path, b->rows, &options, err);
    *seconds = ho_clock_seconds() - start;
    ho_options_clear(ho_export_option_table(), &options);
    return status;
}

static ho_status format_to_matrix(ho_bench *b, const char *name, const char *layout, double *sample,
                                  ho_error *err)
{
    char path[1100];
    double seconds;
    HO_TRY(written_as(b, name, layout, path, &seconds, err));
    return time_read(b, path, sample, err);
}

static ho_status csv_written(ho_bench *b, double *sample, ho_error *err)
{
    char path[1100];
    return written_as(b, "written.csv", "wide", path, sample, err);
}

static ho_status wide_parquet(ho_bench *b, double *sample, ho_error *err)
{
    return format_to_matrix(b, "exported.parquet", "wide", sample, err);
}

static ho_status tall_parquet(ho_bench *b, double *sample, ho_error *err)
{
    return format_to_matrix(b, "tall.parquet", "tall", sample, err);
}

static ho_status wide_arrow(ho_bench *b, double *sample, ho_error *err)
{
    return format_to_matrix(b, "exported.arrow", "wide", sample, err);
}

static ho_status tall_csv(ho_bench *b, double *sample, ho_error *err)
{
    return format_to_matrix(b, "tall.csv", "tall", sample, err);
}

/* One searcher: a walk at a random set. */
typedef struct searcher {
    const ho_objective *table;
    void *walk;
    uint32_t *members; /* sets * size, each ascending */
    uint8_t *open;
    ho_swap *best;
    double sum; /* of the values, so that no scoring is thrown away unseen */
} searcher;

static void free_searchers(searcher *all, size_t count)
{
    for (size_t i = 0; all != NULL && i < count; i++) {
        if (all[i].walk != NULL) all[i].table->close(&all[i].walk);
        free(all[i].members);
        free(all[i].open);
        free(all[i].best);
    }
    free(all);
}

/* Floyd's sampling: R. Floyd, "A sample of brilliance", Communications of the ACM 30 (1987). The marks make the set
 * ascending. */
static void draw_set(ho_rng *rng, size_t candidates, size_t size, uint8_t *marks, uint32_t *members)
{
    memset(marks, 0, candidates);
    for (size_t i = candidates - size; i < candidates; i++) {
        uint32_t j = ho_rng_below(rng, (uint32_t)i + 1);
        marks[marks[j] != 0 ? i : j] = 1;
    }
    for (size_t j = 0; j < candidates; j++) {
        if (marks[j] != 0) *members++ = (uint32_t)j;
    }
}

static ho_status fill_searcher(const ho_bench *b, size_t sets, size_t number, searcher *s, ho_error *err)
{
    const ho_objective *o = ho_portfolio_objective_table(b->objective);
    *s = (searcher){.table = o};
    s->members = HO_NEW(uint32_t, sets * b->size);
    s->open = HO_NEW(uint8_t, o->candidates);
    s->best = HO_NEW(ho_swap, b->size);
    if (s->members == NULL || s->open == NULL || s->best == NULL)
        return ho_fail_memory(err, o->candidates, "a bench's searcher");
    HO_TRY(o->open(o->data, b->size, &s->walk, err));
    ho_rng rng = ho_rng_new((uint64_t)b->settings->seed, "bench", number);
    for (size_t i = 0; i < sets; i++)
        draw_set(&rng, o->candidates, b->size, s->open, s->members + i * b->size);
    for (size_t j = 0; j < o->candidates; j++)
        s->open[j] = !s->open[j];
    o->set(s->walk, s->members + (sets - 1) * b->size);
    return HO_OK;
}

static ho_status new_searchers(ho_bench *b, size_t count, size_t sets, searcher **out, ho_error *err)
{
    HO_TRY(ho_bench_objective(b, err));
    searcher *all = HO_NEW(searcher, count);
    if (all == NULL) return ho_fail_memory(err, count * sizeof *all, "searchers");
    ho_status status = HO_OK;
    for (size_t i = 0; i < count && status == HO_OK; i++)
        status = fill_searcher(b, sets, i, &all[i], err);
    if (status != HO_OK) {
        free_searchers(all, count);
        return status;
    }
    *out = all;
    return HO_OK;
}

/* Each thread scans whole neighbourhoods of its own set, as parallel searches do. */
static ho_status swaps(ho_bench *b, int threads, double *sample, ho_error *err)
{
    searcher *all = NULL;
    HO_TRY(new_searchers(b, (size_t)threads, 1, &all, err));
    size_t n = all[0].table->candidates, a_pass = b->size * (n - b->size), passes = 10000000 / a_pass + 1;
    double start = ho_clock_seconds();
#pragma omp parallel for num_threads(threads) schedule(static, 1)
    for (int i = 0; i < threads; i++) {
        searcher *s = &all[i];
        for (size_t pass = 0; pass < passes; pass++) {
            s->table->scan(s->walk, 0, b->size, 0, (uint32_t)n, s->open, 0, s->best);
            s->sum += s->best[pass % b->size].value;
        }
    }
    *sample = (double)threads * (double)(passes * a_pass) / (ho_clock_seconds() - start) / 1e6;
    free_searchers(all, (size_t)threads);
    return HO_OK;
}

static ho_status swaps_all(ho_bench *b, double *sample, ho_error *err)
{
    return swaps(b, b->threads, sample, err);
}

static ho_status swaps_one(ho_bench *b, double *sample, ho_error *err)
{
    return swaps(b, 1, sample, err);
}

static ho_status sets(ho_bench *b, int threads, double *sample, ho_error *err)
{
    enum { SETS = 2000, PASSES = 20 };
    searcher *all = NULL;
    HO_TRY(new_searchers(b, (size_t)threads, SETS, &all, err));
    float *values = HO_NEW(float, (size_t)threads *SETS);
    if (values == NULL) {
        free_searchers(all, (size_t)threads);
        return ho_fail_memory(err, SETS * sizeof *values, "a bench's values");
    }
    double start = ho_clock_seconds();
#pragma omp parallel for num_threads(threads) schedule(static, 1)
    for (int i = 0; i < threads; i++) {
        searcher *s = &all[i];
        for (size_t pass = 0; pass < PASSES; pass++) {
            for (size_t k = 0; k < SETS && s->table->score_many == NULL; k++)
                s->sum += s->table->score(s->walk, s->members + k * b->size, b->size);
            if (s->table->score_many == NULL) continue;
            s->table->score_many(s->walk, s->members, b->size, SETS, values + i * SETS);
            s->sum += (double)values[i * SETS];
        }
    }
    *sample = (double)threads * SETS * PASSES / (ho_clock_seconds() - start) / 1e6;
    free(values);
    free_searchers(all, (size_t)threads);
    return HO_OK;
}

static ho_status sets_all(ho_bench *b, double *sample, ho_error *err)
{
    return sets(b, b->threads, sample, err);
}

static ho_status sets_one(ho_bench *b, double *sample, ho_error *err)
{
    return sets(b, 1, sample, err);
}

static ho_status measures_one(ho_bench *b, double *sample, ho_error *err)
{
    const size_t n = ho_panel_strategies(b->days), count = ho_metric_count();
    const ho_metric_settings settings = {.periods_per_year = 252, .risk_free_rate = .02};
    int *metrics = HO_NEW(int, count);
    double *values = ho_new_array(n, count * sizeof *values);
    ho_status status = HO_OK;
    if (metrics == NULL || values == NULL)
        status = ho_fail_memory(err, n * count * sizeof *values, "the strategies' measures");
    for (size_t i = 0; i < count && status == HO_OK; i++)
        metrics[i] = (int)i;
    const double start = ho_clock_seconds();
    if (status == HO_OK) status = ho_measure_each(b->days, &settings, metrics, count, 1, values, count, err);
    *sample = ho_clock_seconds() - start;
    free(metrics);
    free(values);
    return status;
}

/* One random set, polished until no swap gains: random search with work for a single set. */
static ho_status polish(ho_bench *b, double *sample, ho_error *err)
{
    HO_TRY(ho_bench_objective(b, err));
    const ho_objective *o = ho_portfolio_objective_table(b->objective);
    const ho_algorithm *rs = ho_algorithm_find("rs");
    if (rs == NULL) return ho_fail(err, HO_ERR_UNAVAILABLE, "no random search in this build");
    void *params = ho_new_array(1, ho_algorithm_params_size(rs));
    if (params == NULL) return ho_fail_memory(err, ho_algorithm_params_size(rs), "parameters");
    const ho_problem problem = {.candidates = o->candidates, .size = b->size};
    const ho_budget budget = {.work = HO_WORK_SCORE, .polish_work = 10000000};
    ho_search_result result = {0};
    const void *const given[] = {params};
    ho_status status = ho_options_defaults(ho_algorithm_options(rs), params, err);
    double start = ho_clock_seconds();
    if (status == HO_OK)
        status = ho_search_all(&problem, o, &rs, given, 1, &budget, (uint64_t)b->settings->seed, 1, NULL,
                               NULL, &result, err);
    *sample = ho_clock_seconds() - start;
    ho_search_result_clear(&result);
    ho_options_clear(ho_algorithm_options(rs), params);
    free(params);
    return status;
}

/* The same with another fitness; the objective of the other rows stays. */
static ho_status swaps_of(ho_bench *b, ho_fitness_kind kind, ho_legacy_metric metric, double *sample,
                          ho_error *err)
{
    const ho_fitness fitness = {.kind = kind, .metric = metric};
    ho_portfolio_objective *kept = b->objective;
    b->objective = NULL;
    ho_status status = ho_portfolio_objective_new(b->days, &fitness, b->threads, &b->objective, err);
    if (status == HO_OK) status = swaps(b, b->threads, sample, err);
    ho_portfolio_objective_free(&b->objective);
    b->objective = kept;
    return status;
}

static ho_status swaps_ratio(ho_bench *b, double *sample, ho_error *err)
{
    return swaps_of(b, HO_FITNESS_RATIO, HO_LEGACY_RATIO, sample, err);
}

static ho_status swaps_counted(ho_bench *b, double *sample, ho_error *err)
{
    return swaps_of(b, HO_FITNESS_LEGACY, HO_LEGACY_WIN_PERCENTAGE, sample, err);
}

static const ho_bench_row rows[] = {
    {"csv_to_matrix", "CSV to matrix", "s", false, csv_to_matrix},
    {"store_written", "matrix to store", "s", false, store_written},
    {"store_to_matrix", "store to matrix", "s", false, store_to_matrix},
    {"csv_written", "matrix to CSV", "s", false, csv_written},
    {"tall_csv", "CSV, a row a date and strategy, to matrix", "s", false, tall_csv},
    {"wide_parquet", "Parquet, a column a strategy, to matrix", "s", false, wide_parquet},
    {"tall_parquet", "Parquet, a row a date and strategy, to matrix", "s", false, tall_parquet},
    {"wide_arrow", "Arrow file, a column a strategy, to matrix", "s", false, wide_arrow},
    {"correlation", "correlation of all pairs, summed up", "s", false, ho_bench_correlation},
    {"measures", "every measure of every strategy, one thread", "s", false, measures_one},
    {"swaps", "swaps scored, all threads", "million/s", true, swaps_all},
    {"swaps_ratio", "swaps scored by return over drawdown alone", "million/s", true, swaps_ratio},
    {"swaps_counted", "swaps scored by the share of days won", "million/s", true, swaps_counted},
    {"swaps_one_thread", "swaps scored, one thread", "million/s", true, swaps_one},
    {"sets", "unrelated sets scored, all threads", "million/s", true, sets_all},
    {"sets_one_thread", "unrelated sets scored, one thread", "million/s", true, sets_one},
    {"polish", "a random set polished, one thread", "s", false, polish},
    {"optimize", "CSV to all files of a run, all algorithms", "s", false, ho_bench_optimize},
    {"optimize_large", "the same of 100,000 strategies", "s", false, ho_bench_optimize_large},
};

size_t ho_bench_row_count(void)
{
    return sizeof rows / sizeof *rows;
}

const ho_bench_row *ho_bench_row_at(size_t i)
{
    return &rows[i];
}
