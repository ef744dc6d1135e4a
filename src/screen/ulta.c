#include "screen/ulta.h"

#include "base/error.h"
#include "base/memory.h"
#include "panel/panel.h"
#include "stats/stats.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK = 256 };

/* What the rules ask of a column, but for the drawdowns. */
typedef struct column {
    double sum, low, high;
    size_t negative;
} column;

static double ratio_of(double roi, double extreme)
{
    return extreme == 0 ? INFINITY : roi / fabs(extreme);
}

static void read_block(const ho_panel *panel, size_t first, size_t periods, size_t from, size_t count,
                       column *columns)
{
    for (size_t j = 0; j < count; j++)
        columns[j] = (column){.low = INFINITY, .high = -INFINITY};
    for (size_t t = first; t < first + periods; t++) {
        const double *row = ho_panel_row(panel, t) + from;
        for (size_t j = 0; j < count; j++) {
            columns[j].sum += row[j];
            columns[j].low = row[j] < columns[j].low ? row[j] : columns[j].low;
            columns[j].high = row[j] > columns[j].high ? row[j] : columns[j].high;
            columns[j].negative += row[j] < 0;
        }
    }
}

/* 0 - x and not -x: a zero has no sign, so that turned columns without a trade stay equal bit for bit. */
static ho_ulta_case case_of(uint32_t strategy, const column *c)
{
    return (ho_ulta_case){
        .strategy = strategy,
        .negative = c->negative,
        .before = {.roi = c->sum, .worst = c->low, .ratio = ratio_of(c->sum, c->low)},
        .after = {.roi = 0 - c->sum, .worst = 0 - c->high, .ratio = ratio_of(0 - c->sum, c->high)}};
}

bool ho_ulta_inverts(const ho_ulta_settings *s, size_t periods, const ho_ulta_case *of)
{
    if (!(of->after.ratio > of->before.ratio)) return false;
    if (s->rule == HO_ULTA_LEGACY) return of->before.ratio < 0;
    return of->before.roi < s->roi_threshold && (double)of->negative >= (double)s->min_negative_days &&
           (double)of->negative / (double)periods >= s->negative_share;
}

static void measure_drawdowns(const ho_panel *panel, size_t first, size_t periods, double *series,
                              ho_ulta_case *of)
{
    double *depths = series + periods;
    for (int side = 0; side < 2; side++) {
        for (size_t t = 0; t < periods; t++) {
            const double x = ho_panel_row(panel, first + t)[of->strategy];
            series[t] = side == 0 ? x : 0 - x;
        }
        ho_drawdown_depths(series, periods, HO_DRAWDOWN_FROM_ZERO, depths);
        (side == 0 ? &of->before : &of->after)->max_drawdown = ho_drawdown_of(depths, periods).maximum;
    }
}

ho_status ho_ulta_decide(const ho_panel *panel, size_t first, size_t periods, const ho_ulta_settings *s,
                         int threads, ho_ulta_case **cases, size_t *count, ho_error *err)
{
    const size_t n = ho_panel_strategies(panel), blocks = (n + BLOCK - 1) / BLOCK;
    column *columns = HO_NEW(column, n);
    ho_ulta_case *found = HO_NEW(ho_ulta_case, n);
    double *series = HO_NEW(double, 2 * periods);
    if (columns == NULL || found == NULL || series == NULL) {
        free(columns);
        free(found);
        free(series);
        return ho_fail_memory(err, n * sizeof *found, "the inversion");
    }
#pragma omp parallel for schedule(static) num_threads(threads) if (threads > 1)
    for (size_t b = 0; b < blocks; b++) {
        const size_t from = b * BLOCK, left = n - from;
        read_block(panel, first, periods, from, left < BLOCK ? left : BLOCK, columns + from);
    }
    size_t inverted = 0;
    for (uint32_t j = 0; j < n; j++) {
        const ho_ulta_case one = case_of(j, &columns[j]);
        if (!ho_ulta_inverts(s, periods, &one)) continue;
        found[inverted] = one;
        measure_drawdowns(panel, first, periods, series, &found[inverted++]);
    }
    free(columns);
    free(series);
    *cases = found;
    *count = inverted;
    return HO_OK;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* NAME_inv, or the first of NAME_inv.1, .2, ... that no strategy has. The caller frees it; NULL: no memory. */
static char *new_name(const char *name, const char **sorted, size_t n)
{
    const size_t size = strlen(name) + 32;
    char *text = ho_new_array(size, 1);
    for (size_t number = 0; text != NULL && number <= n; number++) {
        if (number == 0)
            snprintf(text, size, "%s_inv", name);
        else
            snprintf(text, size, "%s_inv.%zu", name, number);
        const char *wanted = text;
        if (bsearch(&wanted, sorted, n, sizeof *sorted, by_text) == NULL) break;
    }
    return text;
}

static ho_status rename_all(ho_panel *panel, const ho_ulta_case *cases, size_t count, const char **names,
                            const char **sorted, char **made, size_t *lengths, ho_error *err)
{
    const size_t n = ho_panel_strategies(panel);
    for (size_t j = 0; j < n; j++)
        names[j] = sorted[j] = panel->names[j];
    if (n > 1) qsort(sorted, n, sizeof *sorted, by_text);
    for (size_t i = 0; i < count; i++) {
        made[i] = new_name(names[cases[i].strategy], sorted, n);
        if (made[i] == NULL) return ho_fail_memory(err, 0, "names of turned strategies");
        names[cases[i].strategy] = made[i];
    }
    for (size_t j = 0; j < n; j++)
        lengths[j] = strlen(names[j]);
    return ho_panel_set_names(panel, names, lengths, err);
}

ho_status ho_ulta_apply(ho_panel *panel, const ho_ulta_case *cases, size_t count, ho_error *err)
{
    const size_t n = ho_panel_strategies(panel);
    const char **names = HO_NEW(const char *, n), **sorted = HO_NEW(const char *, n);
    char **made = HO_NEW(char *, count);
    size_t *lengths = HO_NEW(size_t, n);
    ho_status status = HO_OK;
    if (names == NULL || sorted == NULL || made == NULL || lengths == NULL)
        status = ho_fail_memory(err, 2 * n * sizeof *names, "names of turned strategies");
    if (status == HO_OK) status = rename_all(panel, cases, count, names, sorted, made, lengths, err);
    for (size_t t = 0; t < ho_panel_periods(panel) && status == HO_OK; t++) {
        double *row = ho_matrix_row(&panel->values, t);
        for (size_t i = 0; i < count; i++)
            row[cases[i].strategy] = 0 - row[cases[i].strategy];
    }
    for (size_t i = 0; made != NULL && i < count; i++)
        free(made[i]);
    free(names);
    free(sorted);
    free(made);
    free(lengths);
    return status;
}
