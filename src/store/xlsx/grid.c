#include "store/xlsx/grid.h"

#include "base/error.h"
#include "base/memory.h"

#include <string.h>

enum { BLOCK = 1 << 16 };

/* Blocks are chained by their first bytes. */
typedef struct block {
    struct block *next;
    size_t size;
    char bytes[];
} block;

char *ho_cell_grid_keep(ho_cell_grid *grid, const char *text, size_t length)
{
    block *last = grid->blocks;
    if (last == NULL || last->size - grid->block_used < length + 1) {
        size_t size = length + 1 > BLOCK ? length + 1 : BLOCK;
        block *fresh = ho_new_array(sizeof *fresh + size, 1);
        if (fresh == NULL) return NULL;
        fresh->size = size;
        fresh->next = last;
        grid->blocks = last = fresh;
        grid->block_used = 0;
    }
    char *copy = last->bytes + grid->block_used;
    if (length > 0) memcpy(copy, text, length);
    copy[length] = '\0';
    grid->block_used += length + 1;
    return copy;
}

ho_status ho_cell_grid_add(ho_cell_grid *grid, const ho_grid_cell *cell, ho_error *err)
{
    if (grid->count == grid->capacity) {
        size_t capacity = grid->capacity == 0 ? 1024 : 2 * grid->capacity;
        ho_grid_cell *grown = ho_grow_array(grid->cells, capacity, sizeof *grown);
        if (grown == NULL) return ho_fail_memory(err, capacity * sizeof *grown, "the cells of a sheet");
        grid->cells = grown;
        grid->capacity = capacity;
    }
    grid->cells[grid->count++] = *cell;
    grid->ends[grid->rows - 1] = grid->count;
    return HO_OK;
}

ho_status ho_cell_grid_begin(ho_cell_grid *grid, size_t rows, ho_error *err)
{
    if (rows > grid->room) {
        size_t room = rows > 2 * grid->room ? rows + 64 : 2 * grid->room;
        size_t *grown = ho_grow_array(grid->ends, room, sizeof *grown);
        if (grown == NULL) return ho_fail_memory(err, room * sizeof *grown, "the rows of a sheet");
        grid->ends = grown;
        grid->room = room;
    }
    while (grid->rows < rows)
        grid->ends[grid->rows++] = grid->count;
    return HO_OK;
}

void ho_cell_grid_clear(ho_cell_grid *grid)
{
    for (block *b = grid->blocks; b != NULL;) {
        block *next = b->next;
        free(b);
        b = next;
    }
    free(grid->cells);
    free(grid->ends);
    *grid = (ho_cell_grid){0};
}

const ho_grid_cell *ho_cell_grid_row(const ho_cell_grid *grid, size_t row, const ho_grid_cell **end)
{
    *end = grid->cells + grid->ends[row];
    return grid->cells + (row == 0 ? 0 : grid->ends[row - 1]);
}

const ho_grid_cell *ho_cell_grid_at(const ho_cell_grid *grid, size_t row, size_t column)
{
    const ho_grid_cell *end, *low = ho_cell_grid_row(grid, row, &end);
    while (low < end) {
        const ho_grid_cell *middle = low + (end - low) / 2;
        if (middle->column == column) return middle;
        if (middle->column < column)
            low = middle + 1;
        else
            end = middle;
    }
    return NULL;
}
