/* Pearson's correlation of all pairs of a panel's columns, made in tiles and never kept: each tile is counted while it
 * is in the cache and handed on where somebody wants the matrix itself. A constant column correlates 0 with all. It
 * names no file and prints nothing. */
#ifndef HO_STATS_TILES_H
#define HO_STATS_TILES_H

#include <heavyopt/panel.h>
#include <stdbool.h>

/* Correlations are counted in bins of 1/2000 from -1 to 1, so that 0.7, 0.9 and 0.99 are edges of bins. */
enum { HO_PAIR_BINS = 4000 };
#define HO_NEAR_DUPLICATE 0.99

/* Part of the matrix, row-major: float, or double in a wide run; within -1..1, exactly symmetric, 1 on the diagonal. */
typedef struct ho_tile {
    size_t row, rows, column, columns; /* first row and column, and how many */
    const void *values;                /* rows follow each other without a gap */
    bool wide;
} ho_tile;

typedef struct ho_tiles_run {
    bool wide; /* double in place of float */
    int threads;
    const volatile int *cancel;                 /* looked at before each tile, or NULL */
    void (*progress)(void *user, double share); /* one thread calls it, or NULL */
    /* Called for each tile of the whole square, from several threads at a time; NULL: nobody wants the matrix. */
    ho_status (*take)(void *user, const ho_tile *tile, ho_error *err);
    void *user;
    struct ho_device *device; /* multiplies where it can; floats only. NULL: the processor does */
} ho_tiles_run;

/* All pairs of different columns, counted. Counts and the largest pair do not depend on the number of threads. */
typedef struct ho_pairs {
    size_t columns, constant, identical; /* identical: columns equal to an earlier one */
    uint64_t pairs;                      /* columns (columns - 1) / 2 */
    double mean, deviation;              /* 0 of no pairs */
    uint64_t bins[HO_PAIR_BINS];
    uint32_t first, second; /* the largest correlation of two columns that vary and are not identical */
    double largest;         /* in double; NaN where there is no such pair */
    uint32_t *cluster;      /* the first column of each column's cluster: chains of near-duplicates; owned */
    bool interrupted;       /* by cancel: the counts are of some tiles only */
} ho_pairs;

/* HO_ERR_MEMORY, what `take` returned, or what choosing the kernels came to. The caller clears *pairs. */
HO_MUST_USE ho_status ho_pairs_count(const ho_panel *panel, const ho_tiles_run *run, ho_pairs *pairs,
                                     ho_error *err);
void ho_pairs_clear(ho_pairs *pairs);

/* The quantile by linear interpolation within a bin, so right to 0.0005; NaN of no pairs. */
double ho_pairs_quantile(const ho_pairs *pairs, double share);

/* The number of pairs of `threshold` or more, an edge of bins. */
uint64_t ho_pairs_above(const ho_pairs *pairs, double threshold);

/* What multiplies: the library's own name for itself, or "CBLAS"; NULL: plain loops, this build has no BLAS. */
const char *ho_tiles_engine(void);

#endif
