/* What is odd about the strategies of a table, each by itself. */
#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "panel/panel.h"
#include "run/quality.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* A cell is far out when its distance from the median is over FAR times the median distance; FEWEST rows say what is
 * usual, and at least every other cell must move at all. */
enum { FAR = 20, FEWEST = 10, LARGE = 100 };

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_size);
    return count % 2 != 0 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static ho_status look_for_outliers(const ho_finder *f, size_t j, const double *column, double *room,
                                   ho_error *err)
{
    size_t rows = f->panel->values.rows;
    char day[16];
    if (rows < FEWEST) return HO_OK;
    memcpy(room, column, rows * sizeof *room);
    double middle = median(room, rows);
    for (size_t t = 0; t < rows; t++)
        room[t] = fabs(column[t] - middle);
    double usual = median(room, rows);
    for (size_t t = 0; usual > 0 && t < rows; t++) {
        if (fabs(column[t] - middle) <= FAR * usual) continue;
        HO_TRY(ho_found(f, HO_FOUND_OUTLIERS, err,
                        "%s on %s: %.10g; the median is %.6g, the usual distance %.6g", f->panel->names[j],
                        ho_date_print(f->panel->periods[t].date, day), column[t], middle, usual));
    }
    return HO_OK;
}

typedef struct column_hash {
    uint64_t hash;
    size_t column;
} column_hash;

static int by_hash(const void *a, const void *b)
{
    const column_hash *x = a, *y = b;
    if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

static ho_status look_at_column(const ho_finder *f, size_t j, const double *column, double *room,
                                ho_error *err)
{
    size_t rows = f->panel->values.rows, zeros = 0;
    double low = column[0], high = column[0];
    for (size_t t = 0; t < rows; t++) {
        low = fmin(low, column[t]);
        high = fmax(high, column[t]);
        zeros += column[t] == 0;
    }
    if (low == high) return ho_found(f, HO_FOUND_CONSTANT, err, "%s: %.10g", f->panel->names[j], low);
    if (rows >= FEWEST && 10 * zeros >= 9 * rows)
        HO_TRY(ho_found(f, HO_FOUND_SPARSE, err, "%s: %zu of %zu days", f->panel->names[j], zeros, rows));
    return look_for_outliers(f, j, column, room, err);
}

static ho_status look_at_scales(const ho_finder *f, const double *largest, double *room, ho_error *err)
{
    size_t columns = f->panel->values.columns;
    memcpy(room, largest, columns * sizeof *room);
    double usual = median(room, columns);
    for (size_t j = 0; usual > 0 && j < columns; j++) {
        if (largest[j] > LARGE * usual)
            HO_TRY(ho_found(f, HO_FOUND_SCALE, err, "%s: up to %.10g; %.6g is usual", f->panel->names[j],
                            largest[j], usual));
    }
    return HO_OK;
}

/* Equal columns lie beside each other by their hash, the earliest first. */
static ho_status look_for_copies(const ho_finder *f, column_hash *hashes, ho_error *err)
{
    size_t columns = f->panel->values.columns, first = 0;
    qsort(hashes, columns, sizeof *hashes, by_hash);
    for (size_t i = 1; i < columns; i++) {
        if (hashes[i].hash != hashes[first].hash)
            first = i;
        else
            HO_TRY(ho_found(f, HO_FOUND_COLUMNS, err, "%s is %s", f->panel->names[hashes[i].column],
                            f->panel->names[hashes[first].column]));
    }
    return HO_OK;
}

static ho_status look_at_columns(const ho_finder *f, double *column, double *room, double *largest,
                                 column_hash *hashes, ho_error *err)
{
    const ho_matrix *m = &f->panel->values;
    for (size_t j = 0; j < m->columns; j++) {
        largest[j] = 0;
        for (size_t t = 0; t < m->rows; t++) {
            column[t] = ho_matrix_row(m, t)[j] + 0.0; /* a zero is a zero */
            largest[j] = fmax(largest[j], fabs(column[t]));
        }
        hashes[j] = (column_hash){XXH3_64bits(column, m->rows * sizeof *column), j};
        HO_TRY(look_at_column(f, j, column, room, err));
    }
    HO_TRY(look_at_scales(f, largest, room, err));
    return look_for_copies(f, hashes, err);
}

ho_status ho_quality_columns(const ho_finder *f, ho_error *err)
{
    size_t rows = f->panel->values.rows, columns = f->panel->values.columns;
    double *column = HO_NEW(double, rows), *room = HO_NEW(double, rows + columns),
           *largest = HO_NEW(double, columns);
    column_hash *hashes = HO_NEW(column_hash, columns);
    ho_status status = column == NULL || room == NULL || largest == NULL || hashes == NULL
                           ? ho_fail_memory(err, columns * sizeof *hashes, "the columns of a table")
                           : look_at_columns(f, column, room, largest, hashes, err);
    free(column);
    free(room);
    free(largest);
    free(hashes);
    return status;
}
