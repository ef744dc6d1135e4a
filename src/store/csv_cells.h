/* The cells of a CSV table: numbers go straight into the rows of a matrix, on several threads; cells of metadata
 * columns are only located. What is wrong with a column is counted, and judged by the caller. */
#ifndef HO_STORE_CSV_CELLS_H
#define HO_STORE_CSV_CELLS_H

#include "panel/matrix.h"
#include "store/csv_frame.h"
#include "store/csv_header.h"

#include <heavyopt/options.h>

#include <stdatomic.h>

/* A column's trouble. The counts commute and the first rows are smallest ones: any order of threads gives the same. */
typedef struct ho_csv_trouble {
    _Atomic uint32_t missing, bad, nan, infinite;
    _Atomic uint32_t first_missing, first_bad, first_nan,
        first_infinite; /* data rows from 0; UINT32_MAX: none */
} ho_csv_trouble;

/* What a cell's text is kept for, of the first cell of each column. */
enum { HO_CSV_MISSING, HO_CSV_BAD, HO_CSV_NAN, HO_CSV_INFINITE, HO_CSV_SAMPLES };

typedef struct ho_csv_cells {
    size_t rows, values; /* values: columns of kind HO_COLUMN_VALUE */
    size_t before;       /* data rows in blocks before the one that is read; `rows` are then the block's */
    size_t *column_of;   /* owned: the table's column of each value column */
    ho_csv_trouble *troubles; /* owned: an item a value column */
    char **samples; /* owned: where the text is gone, HO_CSV_SAMPLES texts a value column, each or all NULL */
    ho_csv_field *meta;      /* owned: rows x meta_count, cells of the metadata columns */
    const ho_strings *nulls; /* the caller's: texts that mean a missing cell; NULL: no more than the usual */
    size_t meta_count,
        slots[HO_COLUMN_META_COUNT]; /* slots[kind]: its place among a row's; see header->meta */
} ho_csv_cells;

/* Makes the arrays. HO_ERR_DATA: no column of values, no rows. */
HO_MUST_USE ho_status ho_csv_cells_new(const char *name, const ho_csv_header *header,
                                       const ho_csv_frame *frame, ho_csv_cells *cells, ho_error *err);
void ho_csv_cells_clear(ho_csv_cells *cells);

/* Fills `values` (cells->rows x cells->values) in the order of the file; cells that hold no number become 0.
 * HO_ERR_DATA: a ragged row, text behind a closing quote. */
HO_MUST_USE ho_status ho_csv_cells_read(const char *name, const ho_csv_text *text, const ho_csv_frame *frame,
                                        const ho_csv_header *header, int threads, ho_csv_cells *cells,
                                        ho_matrix *values, ho_error *err);

/* Whether the field is one of the texts. */
bool ho_csv_is_null(const ho_csv_field *field, const ho_strings *nulls);

/* "line 83", or "row 82" where the rows have no text, for messages. */
enum { HO_CSV_WHERE = 32 };
const char *ho_csv_where(const ho_csv_text *text, const ho_csv_frame *frame, size_t row,
                         char out[HO_CSV_WHERE]);

/* The cell of data row `row`, for messages. */
void ho_csv_cell_at(const ho_csv_text *text, const ho_csv_frame *frame, size_t row, size_t column,
                    ho_csv_field *field);

#endif
