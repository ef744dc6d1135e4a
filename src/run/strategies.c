#include "run/strategies.h"

#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "metrics/columns.h"

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

ho_status ho_measure_each(const ho_panel *panel, const ho_metric_settings *settings, const int *metrics,
                          size_t count, int threads, double *values, size_t stride, ho_error *err)
{
    const size_t n = ho_panel_strategies(panel), blocks = (n + BLOCK - 1) / BLOCK;
    ho_status status = HO_OK;
#pragma omp parallel for schedule(dynamic) num_threads(threads) if (threads > 1)
    for (size_t b = 0; b < blocks; b++) {
        const size_t first = b * BLOCK, left = n - first;
        ho_error why;
        ho_status part = ho_metrics_of_columns(ho_panel_row(panel, 0) + first, ho_panel_stride(panel),
                                               ho_panel_periods(panel), left < BLOCK ? left : BLOCK, settings,
                                               metrics, count, values + first * stride, stride, &why);
        if (part != HO_OK) {
#pragma omp critical(ho_measure_each)
            status = ho_fail(err, part, "%s", why.text);
        }
    }
    return status;
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
