#include "panel/matrix.h"

#include "base/error.h"
#include "base/memory.h"

#include <stdint.h>
#include <string.h>

static size_t padded_stride(size_t columns)
{
    size_t stride = (columns + 7) / 8 * 8;
    if (stride % 512 == 0) stride += 8;
    return stride;
}

ho_status ho_matrix_new(size_t rows, size_t columns, ho_matrix *out, ho_error *err)
{
    if (columns > SIZE_MAX / 16 - 16) return ho_fail_memory(err, SIZE_MAX, "a matrix");
    size_t stride = padded_stride(columns);
    if (stride != 0 && rows > SIZE_MAX / sizeof(double) / stride)
        return ho_fail_memory(err, SIZE_MAX, "a matrix");
    size_t bytes = rows * stride * sizeof(double);
    double *data = ho_new_pages(bytes);
    if (data == NULL) return ho_fail_memory(err, bytes, "a matrix");
    for (size_t r = 0; r < rows; r++)
        memset(data + r * stride + columns, 0, (stride - columns) * sizeof(double));
    *out = (ho_matrix){.data = data, .rows = rows, .columns = columns, .stride = stride};
    return HO_OK;
}

void ho_matrix_free(ho_matrix *m)
{
    free(m->data);
    *m = (ho_matrix){0};
}

enum { BLOCK = 32 };

static void transpose_columns(const ho_matrix *m, ho_matrix *out, size_t first, size_t last)
{
    for (size_t r0 = 0; r0 < m->rows; r0 += BLOCK) {
        size_t r1 = r0 + BLOCK < m->rows ? r0 + BLOCK : m->rows;
        for (size_t c = first; c < last; c++) {
            double *row = ho_matrix_row(out, c);
            for (size_t r = r0; r < r1; r++)
                row[r] = m->data[r * m->stride + c];
        }
    }
}

ho_status ho_matrix_transpose(const ho_matrix *m, int threads, ho_matrix *out, ho_error *err)
{
    HO_TRY(ho_matrix_new(m->columns, m->rows, out, err));
    size_t blocks = (m->columns + BLOCK - 1) / BLOCK;
#pragma omp parallel for schedule(static) num_threads(threads) if (threads > 1)
    for (size_t b = 0; b < blocks; b++) {
        size_t last = (b + 1) * BLOCK < m->columns ? (b + 1) * BLOCK : m->columns;
        transpose_columns(m, out, b * BLOCK, last);
    }
    return HO_OK;
}
