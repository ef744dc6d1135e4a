/* A dense row-major matrix of doubles on large pages. The row stride is padded to whole cache lines and is never a
 * multiple of 4,096 bytes: such a stride puts all rows of a column into one set of the first-level cache and costs
 * up to five times (measured). */
#ifndef HO_PANEL_MATRIX_H
#define HO_PANEL_MATRIX_H

#include <heavyopt/status.h>
#include <stddef.h>

typedef struct ho_matrix {
    double *data; /* owned */
    size_t rows, columns;
    size_t stride; /* doubles from one row to the next */
} ho_matrix;

/* The padding past `columns` of each row is zero, the rest is not initialised. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_matrix_new(size_t rows, size_t columns, ho_matrix *out, ho_error *err);
void ho_matrix_free(ho_matrix *m); /* frees the data, zeroes *m */

/* out[c][r] = m[r][c], by blocks, on `threads` threads. */
HO_MUST_USE ho_status ho_matrix_transpose(const ho_matrix *m, int threads, ho_matrix *out, ho_error *err);

static inline double *ho_matrix_row(const ho_matrix *m, size_t row)
{
    return m->data + row * m->stride;
}

#endif
