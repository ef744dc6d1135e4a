/* Measures of many columns of a matrix, each a series of its own: the same numbers as ho_metrics_of_series, faster. */
#ifndef HO_METRICS_COLUMNS_H
#define HO_METRICS_COLUMNS_H

#include <heavyopt/metrics.h>

/* values[k * value_stride + i] = the measure number metrics[i] of column k, which is x[t * stride + k]. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_metrics_of_columns(const double *x, size_t stride, size_t periods, size_t columns,
                                            const ho_metric_settings *settings, const int *metrics,
                                            size_t count, double *values, size_t value_stride, ho_error *err);

#endif
