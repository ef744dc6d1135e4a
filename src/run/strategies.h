/* The measures of every single strategy. */
#ifndef HO_RUN_STRATEGIES_H
#define HO_RUN_STRATEGIES_H

#include "report/report.h"
#include "run/goal.h"

enum { HO_WEEKDAYS = 7 };

/* values[j * stride + i] = the measure number metrics[i] of strategy j. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_measure_each(const ho_panel *panel, const ho_metric_settings *settings,
                                      const int *metrics, size_t count, int threads, double *values,
                                      size_t stride, ho_error *err);

/* The weekdays of the panel's dates, Monday 0 first; returns how many. */
size_t ho_weekdays_of(const ho_panel *panel, int days[HO_WEEKDAYS]);

/* values[j * stride + i] = profit of strategy j on the weekday days[i]. */
void ho_weekday_totals(const ho_panel *panel, const int *days, size_t count, int threads, double *values,
                       size_t stride);

/* What strategy_metrics.csv lists: ten measures in the goal's convention, and the profit by weekday. *strategies borrows
 * from *table, which is the caller's to clear. */
typedef struct ho_strategy_table {
    const char **heads;
    double *values;
} ho_strategy_table;
HO_MUST_USE ho_status ho_measure_strategies(const ho_panel *panel, const ho_goal *goal, int threads,
                                            ho_report_strategies *strategies, ho_strategy_table *table,
                                            ho_error *err);
void ho_strategy_table_clear(ho_strategy_table *table);

#endif
