/* Small dense matrices for every vector instruction set: one source, compiled once a set as kernels_vector.c is. */
#include "kernels/kernels_sets.h"

#include <stdbool.h>

enum { LANES = 8, TILE = 512, ROWS = 4 };

/* Some columns' sums stay in the first-level cache while a few rows at a time pass by. */
HO_ALWAYS_INLINE void add_rows(const double *const *rows, const double *weights, size_t first, size_t count,
                               double *restrict out, int together)
{
#pragma omp simd
    for (size_t j = first; j < first + count; j++) {
        double sum = out[j];
        for (int r = 0; r < together; r++)
            sum += weights[r] * rows[r][j];
        out[j] = sum;
    }
}

extern ho_dense_sum_of HO_OF_SET(ho_dense_sum_);
void HO_OF_SET(ho_dense_sum_)(const ho_dense *m, const double *weights, double *out)
{
    for (size_t first = 0; first < m->columns; first += TILE) {
        const size_t count = m->columns - first < TILE ? m->columns - first : TILE;
        const double *rows[ROWS];
        double times[ROWS];
        int waiting = 0;
        for (size_t j = first; j < first + count; j++)
            out[j] = 0;
        for (size_t i = 0; i < m->rows; i++) {
            if (weights[i] == 0) continue;
            times[waiting] = weights[i];
            rows[waiting++] = m->a + i * m->stride;
            if (waiting < ROWS) continue;
            add_rows(rows, times, first, count, out, ROWS);
            waiting = 0;
        }
        for (int r = 0; r < waiting; r++)
            add_rows(rows + r, times + r, first, count, out, 1);
    }
}

static inline double joined(const double sums[LANES])
{
    return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

/* A few rows side by side: a sum alone would wait for its last addition each time. */
HO_ALWAYS_INLINE void dot_rows(const ho_dense *m, size_t first, const double *v, double *out, size_t together)
{
    double sums[ROWS][LANES] = {{0}};
    const double *rows = m->a + first * m->stride;
    size_t k = 0;
    for (; k + LANES <= m->columns; k += LANES) {
        for (size_t r = 0; r < together; r++) {
#pragma omp simd
            for (size_t l = 0; l < LANES; l++)
                sums[r][l] += rows[r * m->stride + k + l] * v[k + l];
        }
    }
    for (size_t r = 0; r < together; r++) {
        for (size_t l = 0, at = k; at < m->columns; at++, l++)
            sums[r][l] += rows[r * m->stride + at] * v[at];
        out[r] = joined(sums[r]);
    }
}

extern ho_dense_dots_of HO_OF_SET(ho_dense_dots_);
void HO_OF_SET(ho_dense_dots_)(const ho_dense *m, const double *v, double *out)
{
    size_t i = 0;
    for (; i + ROWS <= m->rows; i += ROWS)
        dot_rows(m, i, v, out + i, ROWS);
    for (; i < m->rows; i++)
        dot_rows(m, i, v, out + i, 1);
}

/* Takes the pivot's row off, `times` times, and returns the squared length of what is left. */
static inline double take_off(double *restrict row, const double *restrict pivot, double times, size_t count)
{
    double sums[LANES] = {0};
    size_t k = 0;
    for (; k + LANES <= count; k += LANES) {
#pragma omp simd
        for (size_t l = 0; l < LANES; l++) {
            const double left = row[k + l] - times * pivot[k + l];
            row[k + l] = left;
            sums[l] += left * left;
        }
    }
    for (size_t l = 0; k < count; k++, l++) {
        row[k] -= times * pivot[k];
        sums[l] += row[k] * row[k];
    }
    return joined(sums);
}

static inline double square_of(const double *row, size_t count)
{
    double sums[LANES] = {0};
    size_t k = 0;
    for (; k + LANES <= count; k += LANES) {
#pragma omp simd
        for (size_t l = 0; l < LANES; l++)
            sums[l] += row[k + l] * row[k + l];
    }
    for (size_t l = 0; k < count; k++, l++)
        sums[l] += row[k] * row[k];
    return joined(sums);
}

extern ho_dense_eliminate_of HO_OF_SET(ho_dense_eliminate_);
void HO_OF_SET(ho_dense_eliminate_)(const ho_dense *m, size_t pivot, const double *times, double *norm)
{
    const double *from = m->a + pivot * m->stride;
    for (size_t i = 0; i < m->rows; i++) {
        double *row = m->a + i * m->stride;
        const bool stays = i == pivot || times[i] == 0;
        norm[i] = stays ? square_of(row, m->columns) : take_off(row, from, times[i], m->columns);
    }
}
