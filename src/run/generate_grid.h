/* The strategies that generate simulates: windows of the day times pairs of stop-loss and take-profit, their names, and
 * the shuffled order of the columns. */
#ifndef HO_RUN_GENERATE_GRID_H
#define HO_RUN_GENERATE_GRID_H

#include <heavyopt/status.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HO_GRID_STOPS = 80,  /* stop-loss levels */
    HO_GRID_TAKES = 11,  /* take-profit levels, the last one "none" */
    HO_GRID_RULES = 206, /* pairs of them, the same for each window */
    HO_GRID_NAME = 40    /* bytes of the longest name, with its 0 */
};

typedef struct ho_grid_rule {
    uint8_t stop, take; /* indices into stops and takes */
} ho_grid_rule;

typedef struct ho_grid_window {
    int start, end; /* minutes since midnight */
} ho_grid_window;

typedef struct ho_grid {
    int stops[HO_GRID_STOPS]; /* percent, ascending */
    int takes[HO_GRID_TAKES]; /* percent, ascending; the last is 0: none */
    ho_grid_rule rules[HO_GRID_RULES];
    ho_grid_window *windows;
    size_t window_count;
    uint32_t *columns; /* of column_count: window * HO_GRID_RULES + rule */
    size_t column_count;
    int candle; /* minutes between two looks at the prices; 0: at every bar */
} ho_grid;

/* HO_ERR_MEMORY, or HO_ERR_USAGE past the 13.8 million columns that the windows of a day give. On success the caller
 * clears the grid. */
HO_MUST_USE ho_status ho_grid_make(uint64_t seed, size_t columns, ho_grid *grid, ho_error *err);
void ho_grid_clear(ho_grid *grid);

/* "SENSEX 1156-1226 SL73%TP42%"; returns the length. */
size_t ho_grid_name(const ho_grid *grid, size_t column, char out[HO_GRID_NAME]);

#endif
