/* The walk over the tiles of the upper triangle: threads, sums in a fixed order, tiles handed on. */
#include "stats/tiles.h"

#include "base/error.h"
#include "base/memory.h"
#include "kernels/device/device.h"
#include "stats/tiles_parts.h"

#include <math.h>
#include <string.h>

#ifdef _OPENMP
#include <omp.h>
#endif

/* Columns of a tile: one that is only counted should stay in the second-level cache with its factors, one that is
 * written should have long rows. */
enum { COUNTED_SIDE = 512, WRITTEN_SIDE = 1024 };
_Static_assert((int)WRITTEN_SIDE <= (int)HO_COUNT_WIDTH && (int)COUNTED_SIDE <= (int)HO_COUNT_WIDTH,
               "a row must fit its counter");

typedef struct worker {
    ho_counter counter;
    void *tile, *mirror; /* mirror: only where the matrix is wanted */
} worker;

typedef struct walk {
    const ho_tiles_run *run;
    const ho_kernels *kernels;
    ho_units units;
    ho_device_columns on_device; /* the units, or .device NULL */
    uint32_t *class;
    size_t side, blocks; /* blocks x blocks tiles, those below the diagonal left out */
    ho_tile_sum *sums;   /* of each tile, to be added in their order */
    worker **workers;
    size_t worker_count, done;
    bool stopped, interrupted;
    ho_status status;
    ho_error *err;
} walk;

static void free_worker(worker *w)
{
    if (w == NULL) return;
    free(w->counter.parent);
    free(w->tile);
    free(w->mirror);
    free(w);
}

static void clear_walk(walk *w)
{
    for (size_t i = 0; w->workers != NULL && i < w->worker_count; i++)
        free_worker(w->workers[i]);
    free(w->workers);
    free(w->sums);
    free(w->class);
    ho_device_columns_drop(&w->on_device);
    ho_units_clear(&w->units);
}

static ho_status add_worker(walk *w, size_t i, ho_error *err)
{
    size_t n = w->units.columns, bytes = w->side * w->side * (w->run->wide ? sizeof(double) : sizeof(float));
    worker *new = w->workers[i] = HO_NEW(worker, 1);
    if (new == NULL) return ho_fail_memory(err, sizeof *new, "a counter of correlations");
    uint32_t *parent = HO_NEW(uint32_t, n);
    new->counter =
        (ho_counter){.kernels = w->kernels, .units = &w->units, .class = w->class, .parent = parent};
    /* A sum of T products of floats is off by less than T ulp, whatever the order (Higham 2002, section 3.1). */
    new->counter.margin = 0x1p-22F * ((float)w->units.periods + 4);
    new->tile = ho_new_pages(bytes);
    if (w->run->take != NULL) new->mirror = ho_new_pages(bytes);
    if (parent == NULL || new->tile == NULL || (w->run->take != NULL && new->mirror == NULL))
        return ho_fail_memory(err, bytes, "a tile of correlations");
    for (size_t j = 0; j < n; j++)
        parent[j] = (uint32_t)j;
    return HO_OK;
}

static ho_status start_walk(walk *w, const ho_panel *panel, ho_error *err)
{
    size_t n = ho_panel_strategies(panel);
    HO_TRY(ho_kernels_choose(&w->kernels, err));
    w->class = HO_NEW(uint32_t, n);
    if (w->class == NULL) return ho_fail_memory(err, n * sizeof *w->class, "classes of columns");
    HO_TRY(ho_identical_columns(panel, w->class, err));
    HO_TRY(ho_units_make(panel, w->run->wide, w->run->threads, &w->units, err));
    if (w->run->device != NULL && !w->run->wide) {
        const ho_device_floats units = {
            .numbers = w->units.values, .rows = w->units.periods, .columns = n, .stride = w->units.stride};
        ho_device_columns_hold(w->run->device, &units, 0, &w->on_device);
    }
    w->side = w->run->take != NULL ? WRITTEN_SIDE : COUNTED_SIDE;
    w->blocks = (n + w->side - 1) / w->side;
    size_t tiles = w->blocks * (w->blocks + 1) / 2,
           threads = w->run->threads > 1 ? (size_t)w->run->threads : 1;
    w->worker_count = threads < tiles ? threads : tiles != 0 ? tiles : 1;
    w->sums = HO_NEW(ho_tile_sum, tiles);
    w->workers = HO_NEW(worker *, w->worker_count);
    if (w->sums == NULL || w->workers == NULL)
        return ho_fail_memory(err, tiles * sizeof *w->sums, "sums of tiles");
    for (size_t i = 0; i < w->worker_count; i++)
        HO_TRY(add_worker(w, i, err));
    return HO_OK;
}

/* For a pair of the upper triangle's blocks, counted row by row. */
static void place_tile(const walk *w, size_t number, ho_tile *tile)
{
    size_t row = 0;
    while (number >= w->blocks - row)
        number -= w->blocks - row++;
    size_t column = row + number, n = w->units.columns;
    tile->row = row * w->side;
    tile->column = column * w->side;
    tile->rows = n - tile->row < w->side ? n - tile->row : w->side;
    tile->columns = n - tile->column < w->side ? n - tile->column : w->side;
    tile->wide = w->run->wide;
}

/* Rounding leaves dust above 1 and a diagonal that is almost 1; a BLAS may round the two sides of the diagonal
 * differently. The mirror is written in small squares, whose lines fit the cache. */
#define MIRROR(name, real)                                                \
    static void name(const ho_tile *tile, real *x, real *mirror)          \
    {                                                                     \
        enum { SMALL = 16 };                                              \
        size_t rows = tile->rows, columns = tile->columns;                \
        bool diagonal = tile->row == tile->column;                        \
        for (size_t i = 0; i < rows * columns; i++)                       \
            x[i] = x[i] > 1 ? 1 : x[i] < -1 ? -1 : x[i];                  \
        for (size_t r = 0; diagonal && r < rows; r++) {                   \
            x[r * columns + r] = 1;                                       \
            for (size_t c = 0; c < r; c++)                                \
                x[r * columns + c] = x[c * columns + r];                  \
        }                                                                 \
        if (diagonal) return;                                             \
        for (size_t r0 = 0; r0 < rows; r0 += SMALL) {                     \
            for (size_t c0 = 0; c0 < columns; c0 += SMALL) {              \
                for (size_t c = c0; c < c0 + SMALL && c < columns; c++) { \
                    for (size_t r = r0; r < r0 + SMALL && r < rows; r++)  \
                        mirror[c * rows + r] = x[r * columns + c];        \
                }                                                         \
            }                                                             \
        }                                                                 \
    }

MIRROR(mirror_float, float)
MIRROR(mirror_double, double)

static ho_status hand_on(const walk *w, worker *me, const ho_tile *tile, ho_error *err)
{
    if (tile->wide)
        mirror_double(tile, me->tile, me->mirror);
    else
        mirror_float(tile, me->tile, me->mirror);
    HO_TRY(w->run->take(w->run->user, tile, err));
    if (tile->row == tile->column) return HO_OK;
    const ho_tile other = {.row = tile->column,
                           .rows = tile->columns,
                           .column = tile->row,
                           .columns = tile->rows,
                           .values = me->mirror,
                           .wide = tile->wide};
    return w->run->take(w->run->user, &other, err);
}

static void do_tile(walk *w, worker *me, size_t number)
{
    ho_tile tile = {.values = me->tile};
    place_tile(w, number, &tile);
    if (!ho_device_columns_product(&w->on_device, tile.row, tile.rows, tile.column, tile.columns, me->tile))
        ho_units_product(&w->units, &tile, me->tile);
    w->sums[number] = ho_counter_tile(&me->counter, &tile);
    if (w->run->take == NULL) return;
    ho_error why = {.text = ""};
    ho_status status = hand_on(w, me, &tile, &why);
    if (status == HO_OK) return;
#pragma omp critical(ho_tiles)
    if (w->status == HO_OK) w->status = ho_fail(w->err, status, "%s", why.text);
#pragma omp atomic write
    w->stopped = true;
}

static bool go_on(walk *w)
{
    bool stopped;
    if (w->run->cancel != NULL && *w->run->cancel != 0) {
#pragma omp atomic write
        w->interrupted = true;
#pragma omp atomic write
        w->stopped = true;
    }
#pragma omp atomic read
    stopped = w->stopped;
    return !stopped;
}

static void walk_tiles(walk *w)
{
    size_t tiles = w->blocks * (w->blocks + 1) / 2;
    int before = ho_units_threads_off();
#pragma omp parallel num_threads((int)w->worker_count) if (w->worker_count > 1)
    {
        size_t me = 0;
#ifdef _OPENMP
        me = (size_t)omp_get_thread_num();
#endif
#pragma omp for schedule(dynamic, 1)
        for (size_t number = 0; number < tiles; number++) {
            if (!go_on(w)) continue;
            do_tile(w, w->workers[me], number);
            size_t done;
#pragma omp atomic capture
            done = ++w->done;
            if (me == 0 && w->run->progress != NULL)
                w->run->progress(w->run->user, (double)done / (double)tiles);
        }
    }
    ho_units_threads_back(before);
}

static void add_up(walk *w, ho_pairs *pairs)
{
    ho_counter *all = &w->workers[0]->counter;
    size_t n = w->units.columns;
    ho_counter_flush(all);
    for (size_t i = 1; i < w->worker_count; i++) {
        ho_counter *c = &w->workers[i]->counter;
        ho_counter_flush(c);
        for (size_t b = 0; b <= HO_PAIR_BINS; b++)
            all->bins[b] += c->bins[b];
        if (c->found) ho_counter_offer(all, c->first, c->second, c->largest);
        for (uint32_t j = 0; j < n; j++)
            ho_cluster_join(all->parent, j, ho_cluster_root(c->parent, j));
    }
    memcpy(pairs->bins, all->bins, sizeof pairs->bins);
    pairs->bins[HO_PAIR_BINS - 1] += all->bins[HO_PAIR_BINS];
    pairs->largest = all->found ? all->largest : NAN;
    pairs->first = all->first;
    pairs->second = all->second;
    for (uint32_t j = 0; j < n; j++) {
        pairs->cluster[j] = ho_cluster_root(all->parent, j);
        pairs->constant += w->units.scale[j] == 0;
        pairs->identical += w->class[j] != j;
    }
    double sum = 0, square = 0;
    for (size_t k = 0; k < w->blocks * (w->blocks + 1) / 2; k++) {
        sum += w->sums[k].sum;
        square += w->sums[k].square;
    }
    if (pairs->pairs == 0) return;
    pairs->mean = sum / (double)pairs->pairs;
    pairs->deviation = sqrt(fmax(0, square / (double)pairs->pairs - pairs->mean * pairs->mean));
}

ho_status ho_pairs_count(const ho_panel *panel, const ho_tiles_run *run, ho_pairs *pairs, ho_error *err)
{
    size_t n = ho_panel_strategies(panel);
    walk w = {.run = run, .err = err};
    uint32_t *cluster = HO_NEW(uint32_t, n);
    ho_status status = cluster != NULL ? start_walk(&w, panel, err)
                                       : ho_fail_memory(err, n * sizeof *cluster, "clusters of columns");
    if (status == HO_OK) {
        walk_tiles(&w);
        status = w.status;
    }
    if (status == HO_OK) {
        *pairs = (ho_pairs){.columns = n,
                            .pairs = n < 2 ? 0 : (uint64_t)n * (n - 1) / 2,
                            .cluster = cluster,
                            .interrupted = w.interrupted};
        add_up(&w, pairs);
    } else {
        free(cluster);
    }
    clear_walk(&w);
    return status;
}

void ho_pairs_clear(ho_pairs *pairs)
{
    free(pairs->cluster);
    *pairs = (ho_pairs){0};
}

double ho_pairs_quantile(const ho_pairs *pairs, double share)
{
    double wanted = share * (double)pairs->pairs, below = 0;
    if (pairs->pairs == 0) return NAN;
    for (size_t b = 0; b < HO_PAIR_BINS; b++) {
        double count = (double)pairs->bins[b];
        if (count > 0 && below + count >= wanted)
            return ((double)b + (wanted - below) / count) * (2.0 / HO_PAIR_BINS) - 1;
        below += count;
    }
    return 1;
}

uint64_t ho_pairs_above(const ho_pairs *pairs, double threshold)
{
    uint64_t count = 0;
    double edge = round((threshold + 1) * (HO_PAIR_BINS / 2));
    for (size_t b = edge > 0 ? (size_t)edge : 0; b < HO_PAIR_BINS; b++)
        count += pairs->bins[b];
    return count;
}
