/* Unit columns, and their products by a BLAS or, without one, by plain loops. */
#include "base/error.h"
#include "base/memory.h"
#include "panel/panel.h"
#include "stats/tiles_parts.h"

#include <math.h>
#include <string.h>

#ifdef HO_HAVE_CBLAS
#include <cblas.h>
/* OpenBLAS has threads of its own, which would fight with ours; other libraries lack these names. */
__attribute__((weak)) extern void openblas_set_num_threads(int count);
__attribute__((weak)) extern int openblas_get_num_threads(void);
__attribute__((weak)) extern char *openblas_get_config(void);
#endif

/* Whole cache lines, and no multiple of 4,096 bytes (see panel/matrix.h). */
static size_t padded(size_t columns, size_t size)
{
    size_t line = 64 / size, stride = (columns + line - 1) / line * line;
    return stride * size % 4096 == 0 ? stride + line : stride;
}

/* A constant column is 0 throughout, even where its mean is not finite. */
static void fill_row(const ho_units *u, size_t t)
{
    const double *x = ho_panel_row(u->panel, t), *mean = u->mean, *scale = u->scale;
    if (u->wide) {
        double *z = (double *)u->values + t * u->stride;
        for (size_t j = 0; j < u->columns; j++)
            z[j] = scale[j] != 0 ? (x[j] - mean[j]) * scale[j] : 0;
        return;
    }
    float *z = (float *)u->values + t * u->stride;
    for (size_t j = 0; j < u->columns; j++)
        z[j] = scale[j] != 0 ? (float)((x[j] - mean[j]) * scale[j]) : 0;
}

ho_status ho_units_make(const ho_panel *panel, bool wide, int threads, ho_units *units, ho_error *err)
{
    size_t size = wide ? sizeof(double) : sizeof(float);
    ho_units u = {.panel = panel,
                  .columns = ho_panel_strategies(panel),
                  .periods = ho_panel_periods(panel),
                  .wide = wide};
    u.stride = padded(u.columns, size);
    /* The panel itself has as many numbers, of 8 bytes each: the product fits. */
    size_t bytes = (u.periods * u.stride + 1) * size;
    u.mean = HO_NEW(double, u.columns);
    u.scale = HO_NEW(double, u.columns);
    u.values = ho_new_pages(bytes);
    if (u.mean == NULL || u.scale == NULL || u.values == NULL) {
        ho_units_clear(&u);
        return ho_fail_memory(err, bytes, "unit columns");
    }
    ho_panel_scales(panel, threads, u.mean, u.scale);
#pragma omp parallel for schedule(static) num_threads(threads) if (threads > 1)
    for (size_t t = 0; t < u.periods; t++)
        fill_row(&u, t);
    *units = u;
    return HO_OK;
}

void ho_units_clear(ho_units *units)
{
    free(units->mean);
    free(units->scale);
    free(units->values);
    *units = (ho_units){0};
}

double ho_units_pair(const ho_units *u, size_t i, size_t j)
{
    double dot = 0;
    for (size_t t = 0; t < u->periods; t++) {
        const double *x = ho_panel_row(u->panel, t);
        dot += (x[i] - u->mean[i]) * u->scale[i] * ((x[j] - u->mean[j]) * u->scale[j]);
    }
    return fmin(1, fmax(-1, dot));
}

#ifdef HO_HAVE_CBLAS

void ho_units_product(const ho_units *u, const ho_tile *tile, void *out)
{
    int m = (int)tile->rows, n = (int)tile->columns, k = (int)u->periods, ld = (int)u->stride;
    if (u->wide) {
        const double *z = u->values;
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, m, n, k, 1, z + tile->row, ld, z + tile->column,
                    ld, 0, out, n);
    } else {
        const float *z = u->values;
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, m, n, k, 1, z + tile->row, ld, z + tile->column,
                    ld, 0, out, n);
    }
}

int ho_units_threads_off(void)
{
    if (openblas_set_num_threads == NULL || openblas_get_num_threads == NULL) return 0;
    int before = openblas_get_num_threads();
    openblas_set_num_threads(1);
    return before;
}

void ho_units_threads_back(int before)
{
    if (before > 0) openblas_set_num_threads(before);
}

const char *ho_tiles_engine(void)
{
    return openblas_get_config != NULL ? openblas_get_config() : "CBLAS";
}

#else

/* A row of the result and a block of the second factor stay in the cache. */
#define PLAIN_PRODUCT(name, real)                                                               \
    static void name(const real *a, const real *b, size_t rows, size_t columns, size_t periods, \
                     size_t stride, real *restrict out)                                         \
    {                                                                                           \
        memset(out, 0, rows *columns * sizeof *out);                                            \
        for (size_t r = 0; r < rows; r++, out += columns) {                                     \
            for (size_t t = 0; t < periods; t++) {                                              \
                const real *z = b + t * stride, factor = a[t * stride + r];                     \
                for (size_t c = 0; c < columns; c++)                                            \
                    out[c] += factor * z[c];                                                    \
            }                                                                                   \
        }                                                                                       \
    }

PLAIN_PRODUCT(product_float, float)
PLAIN_PRODUCT(product_double, double)

void ho_units_product(const ho_units *u, const ho_tile *tile, void *out)
{
    if (u->wide) {
        const double *z = u->values;
        product_double(z + tile->row, z + tile->column, tile->rows, tile->columns, u->periods, u->stride,
                       out);
    } else {
        const float *z = u->values;
        product_float(z + tile->row, z + tile->column, tile->rows, tile->columns, u->periods, u->stride, out);
    }
}

int ho_units_threads_off(void)
{
    return 0;
}

void ho_units_threads_back(int before)
{
    (void)before;
}

const char *ho_tiles_engine(void)
{
    return NULL;
}

#endif
