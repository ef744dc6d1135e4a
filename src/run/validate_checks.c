/* The list of checks, and the checks of single things. Tolerances: values 1e-12, correlations 1e-9, both absolute and
 * relative to what is larger; measures and fitness as asked for. */
#include "base/error.h"
#include "base/memory.h"
#include "panel/panel.h"
#include "report/json.h"
#include "run/validate.h"
#include "screen/select.h"
#include "stats/tiles.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Columns whose correlations are all compared; of more, that many evenly spread ones, and the portfolio's. */
enum { SAMPLE = 1200 };

ho_status ho_check_add(ho_checks *checks, const char *test, ho_check_result result, ho_error *err,
                       const char *format, ...)
{
    ho_check *items = ho_grow_array(checks->items, checks->count + 1, sizeof *items);
    if (items == NULL) return ho_fail_memory(err, (checks->count + 1) * sizeof *items, "a list of checks");
    checks->items = items;
    ho_check *c = &items[checks->count++];
    *c = (ho_check){.result = result};
    snprintf(c->test, sizeof c->test, "%s", test);
    va_list args;
    va_start(args, format);
    vsnprintf(c->detail, sizeof c->detail, format, args);
    va_end(args);
    return HO_OK;
}

void ho_checks_clear(ho_checks *checks)
{
    free(checks->items);
    *checks = (ho_checks){0};
}

static size_t count_of(const ho_checks *checks, ho_check_result result)
{
    size_t count = 0;
    for (size_t i = 0; i < checks->count; i++)
        count += checks->items[i].result == result;
    return count;
}

size_t ho_checks_failed(const ho_checks *checks)
{
    return count_of(checks, HO_CHECK_FAILED);
}

size_t ho_checks_skipped(const ho_checks *checks)
{
    return count_of(checks, HO_CHECK_SKIPPED);
}

const char *ho_check_word(ho_check_result result)
{
    static const char *const words[] = {"passed", "failed", "skipped"};
    return words[result];
}

json_t *ho_checks_json(const ho_checks *checks)
{
    json_t *array = json_array();
    for (size_t i = 0; i < checks->count; i++) {
        const ho_check *c = &checks->items[i];
        json_t *line = json_pack("{s:s,s:s,s:o}", "test", c->test, "status", ho_check_word(c->result),
                                 "details", ho_json_text(c->detail));
        if (!ho_json_append(&array, line)) break;
    }
    return array;
}

void ho_checks_print(const ho_checks *checks, FILE *file)
{
    for (size_t i = 0; i < checks->count; i++) {
        const ho_check *c = &checks->items[i];
        fprintf(file, "%-8s%-34s", ho_check_word(c->result), c->test);
        for (const char *s = c->detail; *s != '\0'; s++)
            fputc((unsigned char)*s < ' ' ? '?' : *s, file);
        fputc('\n', file);
    }
}

ho_status ho_engines_match(ho_engines *e, ho_error *err)
{
    size_t n = ho_panel_strategies(e->panel);
    e->columns = HO_NEW(size_t, n);
    e->by_name = ho_reference_order(e->reference);
    if (e->columns == NULL || e->by_name == NULL) return ho_fail_memory(err, n * sizeof(size_t), "names");
    for (size_t j = 0; j < n; j++) {
        const char *name = ho_panel_name(e->panel, j);
        e->columns[j] = ho_reference_find(e->reference, e->by_name, name);
        if (e->columns[j] == SIZE_MAX)
            return ho_fail(err, HO_ERR_DIFFERENCE, "the reference finds no column %.200s in the file", name);
    }
    if (e->reference->periods != ho_panel_periods(e->panel))
        return ho_fail(err, HO_ERR_DIFFERENCE,
                       "the reference finds %zu days in the file, the fast engine %zu", e->reference->periods,
                       ho_panel_periods(e->panel));
    return HO_OK;
}

void ho_engines_clear(ho_engines *e)
{
    free(e->columns);
    free(e->by_name);
    e->columns = e->by_name = NULL;
}

/* |a - b| relative to b where b is above 1; NaN equals NaN, an infinity itself. */
static double difference(double a, double b)
{
    if (isnan(a) && isnan(b)) return 0;
    if (a == b) return 0;
    double gap = fabs(a - b) / fmax(1, fabs(b));
    return isnan(gap) ? INFINITY : gap;
}

/* As the specification of the comparison has it: relative to b, and b = 0 needs a = 0. */
static double relative(double a, double b)
{
    if (isnan(a) && isnan(b)) return 0;
    if (a == b) return 0;
    double gap = fabs(a - b) / fabs(b);
    return isnan(gap) ? INFINITY : gap;
}

ho_status ho_check_values(const ho_engines *e, const char *test, ho_checks *checks, ho_error *err)
{
    const ho_reference_table *table = e->reference;
    size_t n = ho_panel_strategies(e->panel), days = ho_panel_periods(e->panel), at = 0, day = 0, dates = 0;
    double worst = 0;
    for (size_t t = 0; t < days; t++) {
        const double *row = ho_panel_row(e->panel, t);
        dates += ho_panel_period(e->panel, t)->date != table->dates[t];
        for (size_t j = 0; j < n; j++) {
            double gap = difference(row[j], table->values[e->columns[j] * days + t]);
            if (gap <= worst) continue;
            worst = gap;
            at = j;
            day = t;
        }
    }
    if (dates != 0)
        return ho_check_add(checks, test, HO_CHECK_FAILED, err, "%zu of %zu dates differ", dates, days);
    if (worst > 1e-12)
        return ho_check_add(checks, test, HO_CHECK_FAILED, err,
                            "%.100s, day %zu: %.17g, the reference has %.17g", ho_panel_name(e->panel, at),
                            day + 1, ho_panel_row(e->panel, day)[at],
                            table->values[e->columns[at] * days + day]);
    return ho_check_add(checks, test, HO_CHECK_PASSED, err,
                        "%zu strategies x %zu days, largest difference %.2g", n, days, worst);
}

/* Of all correlations, those of the sample: made by the fast engine's tiles, kept here. */
typedef struct sample {
    size_t count, columns;
    uint32_t *members; /* ascending */
    uint32_t *place;   /* of a column in the sample, or HO_NOBODY */
    double *matrix;    /* count x count */
} sample;

static ho_status keep_tile(void *user, const ho_tile *tile, ho_error *err)
{
    (void)err;
    const sample *s = user;
    const double *values = tile->values;
    for (size_t i = 0; i < tile->rows; i++) {
        uint32_t row = s->place[tile->row + i];
        if (row == HO_NOBODY) continue;
        for (size_t j = 0; j < tile->columns; j++) {
            uint32_t column = s->place[tile->column + j];
            if (column != HO_NOBODY) s->matrix[row * s->count + column] = values[i * tile->columns + j];
        }
    }
    return HO_OK;
}

static ho_status draw_sample(sample *s, size_t columns, ho_error *err)
{
    s->columns = columns;
    s->count = columns < SAMPLE ? columns : SAMPLE;
    s->members = HO_NEW(uint32_t, s->count);
    s->place = HO_NEW(uint32_t, columns);
    s->matrix = ho_new_array(s->count, s->count * sizeof(double));
    if (s->members == NULL || s->place == NULL || s->matrix == NULL)
        return ho_fail_memory(err, s->count * s->count * sizeof(double), "correlations");
    memset(s->place, 0xff, columns * sizeof *s->place);
    for (size_t i = 0; i < s->count; i++) {
        s->members[i] = (uint32_t)(i * columns / s->count);
        s->place[s->members[i]] = (uint32_t)i;
    }
    return HO_OK;
}

typedef struct bad_pair {
    size_t a, b;
    double gap, fast, slow;
} bad_pair;

enum { WORST_PAIRS = 5 };

/* The largest differences first. */
static void keep_pair(bad_pair worst[WORST_PAIRS], bad_pair pair)
{
    for (size_t i = 0; i < WORST_PAIRS; i++) {
        if (pair.gap <= worst[i].gap) continue;
        bad_pair pushed = worst[i];
        worst[i] = pair;
        pair = pushed;
    }
}

static void compare_sample(const ho_engines *e, const sample *s, int threads, bad_pair worst[WORST_PAIRS])
{
#pragma omp parallel for schedule(dynamic, 16) num_threads(threads) if (threads > 1)
    for (size_t i = 0; i < s->count; i++) {
        bad_pair mine[WORST_PAIRS] = {{0}};
        for (size_t j = 0; j < i; j++) {
            double slow =
                ho_reference_correlation(e->reference, e->columns[s->members[i]], e->columns[s->members[j]]);
            double fast = s->matrix[i * s->count + j], gap = fabs(fast - slow);
            if (isnan(gap)) gap = INFINITY;
            if (gap > mine[WORST_PAIRS - 1].gap)
                keep_pair(mine, (bad_pair){s->members[i], s->members[j], gap, fast, slow});
        }
#pragma omp critical(ho_compare_sample)
        for (size_t k = 0; k < WORST_PAIRS; k++)
            keep_pair(worst, mine[k]);
    }
}

ho_status ho_check_correlations(const ho_engines *e, int threads, ho_checks *checks, ho_error *err)
{
    sample s = {0};
    ho_pairs pairs = {0};
    bad_pair worst[WORST_PAIRS] = {{0}};
    const ho_tiles_run run = {.wide = true, .threads = threads, .take = keep_tile, .user = &s};
    ho_status status = draw_sample(&s, ho_panel_strategies(e->panel), err);
    if (status == HO_OK) status = ho_pairs_count(e->panel, &run, &pairs, err);
    if (status == HO_OK) compare_sample(e, &s, threads, worst);
    char cells[512] = "";
    for (size_t i = 0, used = 0; i < WORST_PAIRS && worst[i].gap > 1e-9 && used < sizeof cells; i++) {
        int wrote =
            snprintf(cells + used, sizeof cells - used, "; columns %zu and %zu: %.12g, reference %.12g",
                     worst[i].a + 1, worst[i].b + 1, worst[i].fast, worst[i].slow);
        used += wrote > 0 ? (size_t)wrote : 0;
    }
    if (status == HO_OK)
        status = ho_check_add(checks, "correlation matrix",
                              worst[0].gap > 1e-9 ? HO_CHECK_FAILED : HO_CHECK_PASSED, err,
                              "all pairs of %zu of %zu columns, largest difference %.2g (1e-09 allowed)%s",
                              s.count, s.columns, worst[0].gap, cells);
    ho_pairs_clear(&pairs);
    free(s.members);
    free(s.place);
    free(s.matrix);
    return status;
}

static ho_status reference_members(const ho_engines *e, const uint32_t *members, size_t count, size_t **out,
                                   ho_error *err)
{
    *out = HO_NEW(size_t, count);
    if (*out == NULL) return ho_fail_memory(err, count * sizeof(size_t), "a portfolio");
    for (size_t i = 0; i < count; i++)
        (*out)[i] = e->columns[members[i]];
    return HO_OK;
}

/* The fast engine's four measures and its fitness. */
static ho_status fast_figures(const ho_engines *e, const uint32_t *members, size_t count, double figures[5],
                              ho_error *err)
{
    static const char *const keys[] = {"total_roi", "max_drawdown", "win_rate", "profit_factor"};
    const ho_metric_settings settings = {.periods_per_year = 252, .risk_free_rate = 0.02};
    size_t days = ho_panel_periods(e->panel);
    double *series = HO_NEW(double, days), *values = HO_NEW(double, ho_metric_count());
    ho_status status = HO_OK;
    if (series == NULL || values == NULL) status = ho_fail_memory(err, days * sizeof *series, "a series");
    if (status == HO_OK) status = ho_portfolio_series(e->panel, members, count, series, err);
    if (status == HO_OK) status = ho_metrics_of_series(series, days, &settings, values, err);
    for (size_t i = 0; i < 4 && status == HO_OK; i++) {
        int metric = ho_metric_find(keys[i]);
        figures[i] = metric >= 0 ? values[metric] : NAN;
    }
    if (status == HO_OK)
        status = ho_portfolio_fitness(e->panel, &e->fitness, members, count, &figures[4], err);
    free(series);
    free(values);
    return status;
}

ho_status ho_check_portfolio(const ho_engines *e, const char *test, const uint32_t *members, size_t count,
                             double said, ho_checks *checks, ho_error *err)
{
    static const char *const names[] = {"total_roi", "max_drawdown", "win_rate", "profit_factor", "fitness"};
    double fast[5] = {0}, worst = 0;
    size_t *own = NULL, at = 0;
    HO_TRY(fast_figures(e, members, count, fast, err));
    HO_TRY(reference_members(e, members, count, &own, err));
    ho_reference_measures m = ho_reference_measure(e->reference, own, count);
    const double slow[5] = {m.total_roi, m.max_drawdown, m.win_rate, m.profit_factor,
                            ho_reference_fitness(e->reference, &e->goal, own, count)};
    free(own);
    for (size_t i = 0; i < 5; i++) {
        double gap = relative(fast[i], slow[i]);
        if (gap > worst) at = i;
        worst = fmax(worst, gap);
    }
    double searched = isnan(said) ? 0 : relative(said, slow[4]);
    bool failed = worst > e->tolerance || searched > e->tolerance;
    if (failed && searched > worst)
        return ho_check_add(checks, test, HO_CHECK_FAILED, err,
                            "the search said fitness %.12g, the reference has %.12g", said, slow[4]);
    return ho_check_add(checks, test, failed ? HO_CHECK_FAILED : HO_CHECK_PASSED, err,
                        "%s %.12g, reference %.12g; largest relative difference %.2g", names[failed ? at : 4],
                        fast[failed ? at : 4], slow[failed ? at : 4], fmax(worst, searched));
}

ho_status ho_check_optimum(const ho_engines *e, const uint32_t *members, size_t count, ho_checks *checks,
                           ho_error *err)
{
    size_t *own = NULL, n = ho_panel_strategies(e->panel);
    double best = -INFINITY;
    HO_TRY(reference_members(e, members, count, &own, err));
    double value = ho_reference_fitness(e->reference, &e->goal, own, count);
    ho_status status = ho_reference_best_swap(e->reference, &e->goal, own, count, e->columns, n, &best, err);
    free(own);
    HO_TRY(status);
    double gain = best - value;
    bool failed = gain > e->tolerance * fmax(1, fabs(value));
    return ho_check_add(checks, "no swap is better", failed ? HO_CHECK_FAILED : HO_CHECK_PASSED, err,
                        "%zu swaps by the reference, the best changes the fitness by %.3g",
                        count * (n - count), gain);
}

static int ascending(const void *a, const void *b)
{
    uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    return (i > j) - (i < j);
}

ho_status ho_members_of_json(const ho_panel *panel, const json_t *names, uint32_t **members, size_t *count,
                             ho_error *err)
{
    size_t k = json_array_size(names);
    uint32_t *list = HO_NEW(uint32_t, k + 1);
    if (list == NULL) return ho_fail_memory(err, k * sizeof *list, "a portfolio");
    ho_error why;
    ho_status status = HO_OK;
    for (size_t i = 0; i < k && status == HO_OK; i++) {
        const char *name = json_string_value(json_array_get(names, i));
        status = ho_find_strategy(panel, name != NULL ? name : "", "a portfolio", &list[i], &why);
    }
    if (status != HO_OK || k == 0) {
        free(list);
        return ho_fail(err, HO_ERR_DIFFERENCE, "%s", k == 0 ? "a portfolio without a strategy" : why.text);
    }
    qsort(list, k, sizeof *list, ascending);
    *members = list;
    *count = k;
    return HO_OK;
}
