#include "run/strategies.h"

#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "kernels/device/device.h"
#include "metrics/columns.h"
#include "panel/panel.h"

#include <string.h>

/* The first five heads are those of the old system, whose readers look for them. */
#define COLUMN_LIST(X)                      \
    X("total_roi", "ROI")                   \
    X("max_drawdown", "Max Drawdown")       \
    X("win_rate", "Win Percentage")         \
    X("profit_factor", "Profit Factor")     \
    X("expectancy", "Expectancy")           \
    X("roi_dd_ratio", "ROI / Max Drawdown") \
    X("volatility", "Volatility")           \
    X("sharpe", "Sharpe")                   \
    X("sortino", "Sortino")                 \
    X("worst_period", "Worst Period")
#define KEY(key, head)  key,
#define HEAD(key, head) head,
static const char *const keys[] = {COLUMN_LIST(KEY)}, *const heads[] = {COLUMN_LIST(HEAD)};
enum { COLUMNS = sizeof keys / sizeof *keys, BLOCK = 256 };

/* What is measured of all strategies of a panel. */
typedef struct measuring {
    const ho_panel *panel;
    const ho_metric_settings *settings;
    const int *metrics;
    size_t count, stride;
    int threads;
    double *values;
} measuring;

/* Columns first .. last - 1, with what a device has walked of them, or NULL. */
static ho_status measure_some(const measuring *m, size_t first, size_t last, const ho_series_walked *walked,
                              ho_error *err)
{
    const size_t blocks = (last - first + BLOCK - 1) / BLOCK;
    ho_status status = HO_OK;
#pragma omp parallel for schedule(dynamic) num_threads(m->threads) if (m->threads > 1)
    for (size_t b = 0; b < blocks; b++) {
        const size_t from = first + b * BLOCK, left = last - from;
        const ho_side_by_side columns = {.x = ho_panel_row(m->panel, 0) + from,
                                         .stride = ho_panel_stride(m->panel),
                                         .periods = ho_panel_periods(m->panel),
                                         .columns = left < BLOCK ? left : BLOCK,
                                         .walked =
                                             walked != NULL ? walked + b * BLOCK / HO_SERIES_LANES : NULL};
        ho_error why;
        ho_status part = ho_metrics_of_columns(&columns, m->settings, m->metrics, m->count,
                                               m->values + from * m->stride, m->stride, &why);
        if (part != HO_OK) {
#pragma omp critical(ho_measure_each)
            status = ho_fail(err, part, "%s", why.text);
        }
    }
    return status;
}

/* The first columns that a device walks; returns how many, which may be none. */
static ho_status measure_on_device(const measuring *m, size_t *done, ho_error *err)
{
    const size_t n = ho_panel_strategies(m->panel);
    const ho_series s = ho_series_for(m->settings, ho_panel_periods(m->panel));
    *done = 0;
    if (m->panel->on_device == NULL || s.tail == 0) return HO_OK;
    ho_series_walked *walked = HO_NEW(ho_series_walked, HO_DEVICE_AT_ONCE / HO_SERIES_LANES);
    if (walked == NULL) return ho_fail_memory(err, sizeof *walked, "the strategies' metrics");
    ho_status status = HO_OK;
    while (*done < n && status == HO_OK) {
        const size_t some = n - *done < HO_DEVICE_AT_ONCE ? n - *done : HO_DEVICE_AT_ONCE;
        const ho_device_series_wish wish = {*done, (uint32_t)some, (uint32_t)s.tail, s.rate, s.hurdle, s.mar};
        if (!ho_device_numbers_series(m->panel->on_device, &wish, (double *)walked)) break;
        status = measure_some(m, *done, *done + some, walked, err);
        *done += some;
    }
    free(walked);
    return status;
}

ho_status ho_measure_each(const ho_panel *panel, const ho_metric_settings *settings, const int *metrics,
                          size_t count, int threads, double *values, size_t stride, ho_error *err)
{
    const measuring m = {panel, settings, metrics, count, stride, threads, values};
    size_t done = 0;
    HO_TRY(measure_on_device(&m, &done, err));
    return measure_some(&m, done, ho_panel_strategies(panel), NULL, err);
}

size_t ho_weekdays_of(const ho_panel *panel, int days[HO_WEEKDAYS])
{
    bool seen[HO_WEEKDAYS] = {false};
    size_t count = 0;
    for (size_t t = 0; t < ho_panel_periods(panel); t++)
        seen[ho_date_weekday(ho_panel_period(panel, t)->date)] = true;
    for (int day = 0; day < HO_WEEKDAYS; day++) {
        if (seen[day]) days[count++] = day;
    }
    return count;
}

void ho_weekday_totals(const ho_panel *panel, const int *days, size_t count, int threads, double *values,
                       size_t stride)
{
    const size_t n = ho_panel_strategies(panel), blocks = (n + BLOCK - 1) / BLOCK;
    int place[HO_WEEKDAYS] = {0};
    for (size_t i = 0; i < count; i++)
        place[days[i]] = (int)i;
#pragma omp parallel for schedule(static) num_threads(threads) if (threads > 1)
    for (size_t b = 0; b < blocks; b++) {
        const size_t first = b * BLOCK, last = first + BLOCK < n ? first + BLOCK : n;
        double sum[HO_WEEKDAYS][BLOCK] = {0};
        for (size_t t = 0; t < ho_panel_periods(panel); t++) {
            const double *row = ho_panel_row(panel, t);
            double *of_day = sum[place[ho_date_weekday(ho_panel_period(panel, t)->date)]];
            for (size_t j = first; j < last; j++)
                of_day[j - first] += row[j];
        }
        for (size_t j = first; j < last; j++) {
            for (size_t i = 0; i < count; i++)
                values[j * stride + i] = sum[i][j - first];
        }
    }
}

void ho_strategy_table_clear(ho_strategy_table *table)
{
    free(table->heads);
    free(table->values);
    *table = (ho_strategy_table){0};
}

ho_status ho_measure_strategies(const ho_panel *panel, const ho_goal *goal, int threads,
                                ho_report_strategies *strategies, ho_strategy_table *table, ho_error *err)
{
    const size_t n = ho_panel_strategies(panel);
    int metrics[COLUMNS], days[HO_WEEKDAYS];
    const size_t weekdays = ho_weekdays_of(panel, days), columns = COLUMNS + weekdays;
    for (size_t i = 0; i < COLUMNS; i++) {
        metrics[i] = ho_metric_in(goal->convention, ho_metric_find(keys[i]));
        if (metrics[i] < 0) return ho_fail(err, HO_ERR_INTERNAL, "no metric %s", keys[i]);
    }
    ho_strategy_table made = {HO_NEW(const char *, columns), ho_new_array(n, columns * sizeof(double))};
    ho_status status = HO_OK;
    if (made.heads == NULL || made.values == NULL)
        status = ho_fail_memory(err, n * columns * sizeof(double), "the strategies' metrics");
    if (status == HO_OK)
        status =
            ho_measure_each(panel, &goal->measures, metrics, COLUMNS, threads, made.values, columns, err);
    if (status != HO_OK) {
        ho_strategy_table_clear(&made);
        return status;
    }
    ho_weekday_totals(panel, days, weekdays, threads, made.values + COLUMNS, columns);
    for (size_t i = 0; i < columns; i++)
        made.heads[i] = i < COLUMNS ? heads[i] : ho_weekday_name(days[i - COLUMNS]);
    *table = made;
    *strategies = (ho_report_strategies){.columns = made.heads, .count = columns, .values = made.values};
    return HO_OK;
}
