/* The numbers of a table's rows where they do not fit into memory: they go, as they come, into a file that only this
 * process sees, and are read again in the order of the finished table: sorted, rows of one period summed, columns left
 * out. A plain matrix is read in the same way, without a copy. */
#ifndef HO_STORE_ROW_PILE_H
#define HO_STORE_ROW_PILE_H

#include "panel/matrix.h"

typedef struct ho_row_pile {
    size_t columns, step; /* step: rows that it is wise to take at a time */
    int file;
    size_t stored; /* rows that came */
    size_t rows;   /* of the table: as many as came, or fewer when some are summed */
    size_t *order; /* owned: which of those that came is the k-th; NULL: as they came */
    size_t *
        starts; /* owned, rows + 1: row t is the sum of the starts[t] .. starts[t + 1] - 1-th; NULL: of one each */
    size_t *chosen; /* owned: the columns that are handed out; NULL: all */
    size_t chosen_count;
    ho_matrix window; /* owned: what was handed out last */
} ho_row_pile;

/* folder: where the file is to be. HO_ERR_IO: there can be none. */
HO_MUST_USE ho_status ho_row_pile_begin(size_t columns, size_t step, const char *folder, ho_row_pile *pile,
                                        ho_error *err);
void ho_row_pile_clear(ho_row_pile *pile);

/* HO_ERR_IO: the disk is full, ... */
HO_MUST_USE ho_status ho_row_pile_add(ho_row_pile *pile, const ho_matrix *rows, ho_error *err);

/* Where rows come from: a matrix, or a pile. */
typedef struct ho_row_source {
    const ho_matrix *matrix; /* NULL: the pile */
    ho_row_pile *pile;
    size_t rows, columns;
    size_t step; /* rows that it is wise to take at a time */
} ho_row_source;

ho_row_source ho_rows_of_matrix(const ho_matrix *matrix);
ho_row_source ho_rows_of_pile(ho_row_pile *pile);

/* Rows first .. first + count - 1 as a matrix, which is not the caller's to free and is valid until the next call. */
HO_MUST_USE ho_status ho_rows_take(const ho_row_source *source, size_t first, size_t count, ho_matrix *rows,
                                   ho_error *err);

/* One column of all rows. */
HO_MUST_USE ho_status ho_rows_column(const ho_row_source *source, size_t column, double *out, ho_error *err);

#endif
