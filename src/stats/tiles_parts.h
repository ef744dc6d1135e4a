/* The parts that tiles.c is made of: unit columns and their products, and the counting of one tile. */
#ifndef HO_STATS_TILES_PARTS_H
#define HO_STATS_TILES_PARTS_H

#include "kernels/kernels.h"
#include "stats/tiles.h"

/* z[t][j] = (x[t][j] - mean[j]) * scale[j], time-major like the panel. */
typedef struct ho_units {
    const ho_panel *panel;
    double *mean, *scale;
    void *values; /* float, or double when wide */
    size_t stride, columns, periods;
    bool wide;
} ho_units;

HO_MUST_USE ho_status ho_units_make(const ho_panel *panel, bool wide, int threads, ho_units *units,
                                    ho_error *err);
void ho_units_clear(ho_units *units);

/* The correlation of one pair in double. */
double ho_units_pair(const ho_units *units, size_t i, size_t j);

/* out[r][c] = z_(row + r) . z_(column + c), rows following each other without a gap, by one thread. */
void ho_units_product(const ho_units *units, const ho_tile *tile, void *out);

/* Makes the library multiply in the calling thread alone; returns what ho_units_threads_back needs. */
int ho_units_threads_off(void);
void ho_units_threads_back(int before);

/* class[j]: the first column that equals column j. */
HO_MUST_USE ho_status ho_identical_columns(const ho_panel *panel, uint32_t *class, ho_error *err);

/* Sets of columns: parent[j] <= j, a root is its own parent. */
uint32_t ho_cluster_root(uint32_t *parent, uint32_t j);
void ho_cluster_join(uint32_t *parent, uint32_t a, uint32_t b);

enum { HO_COUNT_TABLES = 4, HO_COUNT_WIDTH = 1024 };

/* What one thread has counted. */
typedef struct ho_counter {
    const ho_kernels *kernels;
    const ho_units *units;
    const uint32_t *class;
    uint32_t *parent;
    uint64_t bins[HO_PAIR_BINS + 1]; /* the last: exactly 1 */
    uint32_t tables[HO_COUNT_TABLES][HO_PAIR_BINS + 1];
    uint64_t pending; /* in tables, not yet in bins */
    float margin;     /* a float product is not farther than half of this from the double one */
    bool found;
    uint32_t first, second;
    double largest;
} ho_counter;

typedef struct ho_tile_sum {
    double sum, square;
} ho_tile_sum;

/* The tile's pairs above the diagonal, at most HO_COUNT_WIDTH columns wide. */
ho_tile_sum ho_counter_tile(ho_counter *counter, const ho_tile *tile);
void ho_counter_flush(ho_counter *counter);

/* Takes a pair into account for the largest; equal values: the pair that comes first. */
void ho_counter_offer(ho_counter *counter, uint32_t i, uint32_t j, double value);

#endif
