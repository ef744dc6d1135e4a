/* Correlation of the members of a portfolio: their average without the matrix, and the small matrix itself. */
#include "base/error.h"
#include "base/memory.h"
#include "stats/stats.h"

#include <math.h>
#include <stdbool.h>

void ho_members_sum(const ho_member_columns *columns, double *out)
{
    for (size_t t = 0; t < columns->periods; t++) {
        const double *row = columns->data + t * columns->stride;
        double sum = columns->count != 0 ? row[columns->members[0]] : 0;
        for (size_t i = 1; i < columns->count; i++)
            sum += row[columns->members[i]];
        out[t] = sum;
    }
}

/* (x - mean) / |x - mean| of a column is added to out[0], out[1], ...; false, and nothing added, when the column is
 * constant. The steps are those of ho_panel_scales, so that sums of unit columns get the same bits. */
static bool add_unit_column(const ho_member_columns *columns, size_t i, double *out)
{
    const double *x = columns->data + columns->members[i];
    size_t stride = columns->stride, n = columns->periods;
    double low = INFINITY, high = -INFINITY, mean = 0, norm = 0;
    for (size_t t = 0; t < n; t++) {
        low = fmin(low, x[t * stride]);
        high = fmax(high, x[t * stride]);
    }
    if (!(high > low)) return false;
    double scale = ho_stats_scale(fmax(fabs(low), fabs(high)));
    for (size_t t = 0; t < n; t++)
        mean += x[t * stride] * scale;
    mean /= (double)n;
    for (size_t t = 0; t < n; t++) {
        double d = x[t * stride] * scale - mean;
        norm += d * d;
    }
    norm = 1 / sqrt(norm);
    for (size_t t = 0; t < n; t++)
        out[t] += (x[t * stride] * scale - mean) * norm;
    return true;
}

static double clipped(double correlation)
{
    return fmin(1, fmax(-1, correlation));
}

ho_status ho_average_correlation(const ho_member_columns *columns, double *average, ho_error *err)
{
    double count = (double)columns->count, varying = 0, square = 0;
    if (columns->count < 2) {
        *average = 0;
        return HO_OK;
    }
    double *sum = HO_NEW(double, columns->periods);
    if (sum == NULL) return ho_fail_memory(err, columns->periods * sizeof *sum, "a sum of unit columns");
    for (size_t i = 0; i < columns->count; i++)
        varying += add_unit_column(columns, i, sum);
    for (size_t t = 0; t < columns->periods; t++)
        square += sum[t] * sum[t];
    free(sum);
    *average = clipped((square - varying) / (count * (count - 1)));
    return HO_OK;
}

ho_status ho_correlation_matrix(const ho_member_columns *columns, double *matrix, ho_error *err)
{
    size_t k = columns->count, n = columns->periods;
    if (n != 0 && k > SIZE_MAX / sizeof(double) / n) return ho_fail_memory(err, SIZE_MAX, "unit columns");
    double *unit = HO_NEW(double, k *n);
    if (unit == NULL) return ho_fail_memory(err, k * n * sizeof *unit, "unit columns");
    for (size_t i = 0; i < k; i++)
        (void)add_unit_column(columns, i, unit + i * n);
    for (size_t i = 0; i < k; i++) {
        matrix[i * k + i] = 1;
        for (size_t j = 0; j < i; j++) {
            double dot = 0;
            for (size_t t = 0; t < n; t++)
                dot += unit[i * n + t] * unit[j * n + t];
            matrix[i * k + j] = matrix[j * k + i] = clipped(dot);
        }
    }
    free(unit);
    return HO_OK;
}
