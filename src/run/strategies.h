/* The measures of every single strategy that strategy_metrics.csv lists. */
#ifndef HO_RUN_STRATEGIES_H
#define HO_RUN_STRATEGIES_H

#include "report/report.h"
#include "run/goal.h"

/* Fills *strategies; its values are *table, which the caller frees. */
HO_MUST_USE ho_status ho_measure_strategies(const ho_panel *panel, const ho_goal *goal, int threads,
                                            ho_report_strategies *strategies, double **table, ho_error *err);

#endif
