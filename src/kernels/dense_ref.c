/* Small dense matrices, plainly: the truth that dense_vector.c is held against. */
#include "kernels/kernels.h"

#include <stdbool.h>

extern ho_dense_sum_of ho_dense_sum_ref;
void ho_dense_sum_ref(const ho_dense *m, const double *weights, double *out)
{
    for (size_t j = 0; j < m->columns; j++) {
        double sum = 0;
        for (size_t i = 0; i < m->rows; i++)
            sum += weights[i] != 0 ? weights[i] * m->a[i * m->stride + j] : 0;
        out[j] = sum;
    }
}

static double dot(const double *a, const double *b, size_t count)
{
    double sums[8] = {0};
    for (size_t k = 0; k < count; k++)
        sums[k % 8] += a[k] * b[k];
    return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

extern ho_dense_dots_of ho_dense_dots_ref;
void ho_dense_dots_ref(const ho_dense *m, const double *v, double *out)
{
    for (size_t i = 0; i < m->rows; i++)
        out[i] = dot(m->a + i * m->stride, v, m->columns);
}

extern ho_dense_eliminate_of ho_dense_eliminate_ref;
void ho_dense_eliminate_ref(const ho_dense *m, size_t pivot, const double *times, double *norm)
{
    for (size_t i = 0; i < m->rows; i++) {
        double *row = m->a + i * m->stride;
        for (size_t k = 0; k < m->columns && i != pivot && times[i] != 0; k++)
            row[k] -= times[i] * m->a[pivot * m->stride + k];
        norm[i] = dot(row, row, m->columns);
    }
}
