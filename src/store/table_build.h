/* A table whose cells are typed already (an Arrow table, rows put together out of trades) on its way to a panel: the
 * same rules as for the text of a CSV file, column by column. */
#ifndef HO_STORE_TABLE_BUILD_H
#define HO_STORE_TABLE_BUILD_H

#include "store/csv_judge.h"

typedef struct ho_table_source {
    const char *path;   /* what messages name */
    const char *format; /* "parquet", for the report */
    size_t rows, columns;
    const char *const *names; /* of columns, not terminated: see lengths */
    const size_t *lengths;
    bool trusted;            /* written by heavyopt: nothing is left out */
    int64_t bytes, mtime_ns; /* of the file, 0: none */
    uint64_t hash;

    /* The cells of a metadata column as text: cell of row r to out[r * stride]. The texts belong to the source. */
    ho_status (*texts)(void *user, size_t column, ho_column_kind kind, ho_csv_field *out, size_t stride,
                       ho_error *err);
    /* The cells of a column of values: of row r to out[r * stride]; 0 and a note in `trouble` where there is no finite
     * number. *sample: the first cell that is a text and no number, owned by the caller. Called by several threads. */
    ho_status (*values)(void *user, size_t column, double *out, size_t stride, ho_csv_trouble *trouble,
                        char **sample, ho_error *err);
    /* In place of `values`, where that is cheaper: all columns at once, cells->column_of[v] to column v of `out`. */
    ho_status (*matrix)(void *user, const ho_csv_cells *cells, int threads, ho_matrix *out, ho_error *err);
    void *user;
} ho_table_source;

/* Adds one more to a count of trouble; the smallest row is kept. For one thread a column. */
void ho_trouble_note(_Atomic uint32_t *count, _Atomic uint32_t *first, size_t row);

/* As ho_csv_read. */
HO_MUST_USE ho_status ho_table_build(const ho_table_source *source, const ho_load_options *options,
                                     int threads, ho_panel **panel, ho_load_report *report, ho_error *err);

#endif
