/* A sheet of cells as a spreadsheet or a CSV file holds it: rows of any length, a header anywhere. */
#ifndef HO_STORE_XLSX_GRID_H
#define HO_STORE_XLSX_GRID_H

#include <heavyopt/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ho_grid_cell {
    const char *text; /* UTF-8, or a number's digits as the file has them; never empty */
    size_t length;
    int64_t
        seconds; /* of a moment: since 1970-01-01; before 1900: a time of day, counted from a day that is none */
    uint32_t column; /* from 0 */
    bool is_moment;  /* a number that the sheet shows as a date or a time */
} ho_grid_cell;

typedef struct ho_cell_grid {
    ho_grid_cell *cells; /* owned; a row's in ascending order of their columns, empty ones left out */
    size_t count, capacity;
    size_t *ends; /* owned: past the last cell of each row */
    size_t rows, room;
    void *blocks; /* owned: texts */
    size_t block_used;
} ho_cell_grid;

/* A copy of a text that lives as long as the grid; NULL: no memory. */
char *ho_cell_grid_keep(ho_cell_grid *grid, const char *text, size_t length);

/* Adds a cell to the last row. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_cell_grid_add(ho_cell_grid *grid, const ho_grid_cell *cell, ho_error *err);

/* Begins rows until the grid has that many. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_cell_grid_begin(ho_cell_grid *grid, size_t rows, ho_error *err);

void ho_cell_grid_clear(ho_cell_grid *grid);

/* The first cell of a row, and past its last one. */
const ho_grid_cell *ho_cell_grid_row(const ho_cell_grid *grid, size_t row, const ho_grid_cell **end);

/* The cell, or NULL where it is empty. */
const ho_grid_cell *ho_cell_grid_at(const ho_cell_grid *grid, size_t row, size_t column);

#endif
