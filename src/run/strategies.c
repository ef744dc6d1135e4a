#include "run/strategies.h"

#include "base/error.h"
#include "base/memory.h"

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
enum { COLUMNS = sizeof keys / sizeof *keys };

static ho_status measure_range(const ho_panel *panel, const ho_metric_settings *settings, const int *metrics,
                               size_t first, size_t last, double *table, ho_error *err)
{
    size_t periods = ho_panel_periods(panel);
    double *series = HO_NEW(double, periods), *values = HO_NEW(double, ho_metric_count());
    ho_status status = HO_OK;
    if (series == NULL || values == NULL) status = ho_fail_memory(err, periods * sizeof *series, "a series");
    for (size_t j = first; j < last && status == HO_OK; j++) {
        for (size_t t = 0; t < periods; t++)
            series[t] = ho_panel_row(panel, t)[j];
        status = ho_metrics_of_series(series, periods, settings, values, err);
        for (size_t i = 0; i < COLUMNS && status == HO_OK; i++)
            table[j * COLUMNS + i] = values[metrics[i]];
    }
    free(series);
    free(values);
    return status;
}

ho_status ho_measure_strategies(const ho_panel *panel, const ho_goal *goal, int threads,
                                ho_report_strategies *strategies, double **table, ho_error *err)
{
    enum { BLOCK = 256 };
    const size_t n = ho_panel_strategies(panel), blocks = (n + BLOCK - 1) / BLOCK;
    int metrics[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++) {
        metrics[i] = ho_metric_in(goal->convention, ho_metric_find(keys[i]));
        if (metrics[i] < 0) return ho_fail(err, HO_ERR_INTERNAL, "no metric %s", keys[i]);
    }
    double *values = HO_NEW(double, n *COLUMNS);
    if (values == NULL) return ho_fail_memory(err, n * COLUMNS * sizeof *values, "the strategies' metrics");
    ho_status status = HO_OK;
#pragma omp parallel for schedule(dynamic) num_threads(threads) if (threads > 1)
    for (size_t b = 0; b < blocks; b++) {
        size_t last = (b + 1) * BLOCK < n ? (b + 1) * BLOCK : n;
        ho_error why;
        ho_status part = measure_range(panel, &goal->measures, metrics, b * BLOCK, last, values, &why);
        if (part != HO_OK) {
#pragma omp critical(ho_measure_strategies)
            status = ho_fail(err, part, "%s", why.text);
        }
    }
    if (status != HO_OK) {
        free(values);
        return status;
    }
    *table = values;
    *strategies = (ho_report_strategies){.columns = heads, .count = COLUMNS, .values = values};
    return HO_OK;
}
