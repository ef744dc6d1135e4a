/* The measures of every portfolio that a run found. */
#ifndef HO_RUN_SIZE_MEASURES_H
#define HO_RUN_SIZE_MEASURES_H

#include "report/report.h"

/* Fills measures, metrics, equity and depths of each size; *block owns them all and is the caller's. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_measure_sizes(const ho_panel *panel, const ho_metric_settings *settings,
                                       ho_report_size *sizes, size_t count, double **block, ho_error *err);

#endif
