/* Measures of many columns of a matrix, each a series of its own: the same numbers as ho_metrics_of_series, faster. */
#ifndef HO_METRICS_COLUMNS_H
#define HO_METRICS_COLUMNS_H

#include "kernels/series.h"

#include <heavyopt/metrics.h>

/* Column k in period t is x[t * stride + k]. */
typedef struct ho_side_by_side {
    const double *x;
    size_t stride, periods, columns;
    const ho_series_walked *walked; /* by a device already, HO_SERIES_LANES columns an item; or NULL */
} ho_side_by_side;

/* values[k * value_stride + i] = the measure number metrics[i] of column k. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_metrics_of_columns(const ho_side_by_side *columns,
                                            const ho_metric_settings *settings, const int *metrics,
                                            size_t count, double *values, size_t value_stride, ho_error *err);

/* What the kernels are to walk for these settings, but for columns and room; tail is 0 where the columns are too long or
 * empty, and are not walked. */
ho_series ho_series_for(const ho_metric_settings *settings, size_t periods);

#endif
