/* What is counted while a tile is in the cache: bins, sums, clusters of near-duplicates and the largest pair. */
#include "base/error.h"
#include "base/memory.h"
#include "panel/panel.h"
#include "stats/tiles_parts.h"

#include <math.h>
#include <string.h>

uint32_t ho_cluster_root(uint32_t *parent, uint32_t j)
{
    while (parent[j] != j) {
        parent[j] = parent[parent[j]];
        j = parent[j];
    }
    return j;
}

void ho_cluster_join(uint32_t *parent, uint32_t a, uint32_t b)
{
    a = ho_cluster_root(parent, a);
    b = ho_cluster_root(parent, b);
    if (a < b)
        parent[b] = a;
    else
        parent[a] = b;
}

typedef struct hashed {
    uint64_t hash;
    uint32_t column;
} hashed;

static int by_hash(const void *a, const void *b)
{
    const hashed *x = a, *y = b;
    if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
    return x->column < y->column ? -1 : x->column > y->column;
}

static bool equal_columns(const ho_panel *panel, uint32_t a, uint32_t b)
{
    for (size_t t = 0; t < ho_panel_periods(panel); t++) {
        const double *x = ho_panel_row(panel, t);
        if (x[a] != x[b]) return false;
    }
    return true;
}

ho_status ho_identical_columns(const ho_panel *panel, uint32_t *class, ho_error *err)
{
    size_t n = ho_panel_strategies(panel);
    hashed *list = HO_NEW(hashed, n);
    if (list == NULL) return ho_fail_memory(err, n * sizeof *list, "hashes of columns");
    for (size_t j = 0; j < n; j++)
        list[j].column = class[j] = (uint32_t)j;
    for (size_t t = 0; t < ho_panel_periods(panel); t++) {
        const double *x = ho_panel_row(panel, t);
        for (size_t j = 0; j < n; j++) {
            double value = x[j] + 0.0; /* -0 and 0 are equal */
            uint64_t bits;
            memcpy(&bits, &value, sizeof bits);
            uint64_t mixed = (list[j].hash ^ bits) * UINT64_C(0x9E3779B97F4A7C15);
            list[j].hash = mixed ^ mixed >> 29;
        }
    }
    qsort(list, n, sizeof *list, by_hash);
    for (size_t first = 0, i = 1; i < n; i++) {
        if (list[i].hash != list[first].hash)
            first = i;
        else if (equal_columns(panel, list[first].column, list[i].column))
            class[list[i].column] = list[first].column;
    }
    free(list);
    return HO_OK;
}

/* What affine copies of a column give is 1 but for rounding: such pairs are equal, and the first one is shown. */
static double without_dust(double value)
{
    return value > 1 - 1e-12 ? 1 : value;
}

static bool earlier(uint32_t i, uint32_t j, const ho_counter *c)
{
    return i < c->first || (i == c->first && j < c->second);
}

void ho_counter_offer(ho_counter *c, uint32_t i, uint32_t j, double value)
{
    if (c->found && (value < c->largest || (value == c->largest && !earlier(i, j, c)))) return;
    c->found = true;
    c->largest = value;
    c->first = i;
    c->second = j;
}

/* The bin of a correlation, as the kernel finds it; HO_PAIR_BINS for 1. */
static int32_t bin_of(float x)
{
    const float half = HO_PAIR_BINS / 2;
    float place = x * half + half;
    place = place > 0 ? place : 0;
    return (int32_t)(place < 2 * half ? place : 2 * half);
}

/* From here on a number may be the largest. */
static float watched(const ho_counter *c)
{
    return c->found ? (float)c->largest - c->margin : -2;
}

/* The few rows with a near-duplicate, or with what may be the largest pair, are looked at again. */
static void look_closely(ho_counter *c, uint32_t i, uint32_t j0, const float *row, size_t count)
{
    const double *scale = c->units->scale;
    const int32_t near_duplicate = bin_of((float)HO_NEAR_DUPLICATE);
    if (scale[i] == 0) return;
    for (size_t k = 0; k < count; k++) {
        uint32_t j = j0 + (uint32_t)k;
        if (bin_of(row[k]) >= near_duplicate) ho_cluster_join(c->parent, i, j);
        if (row[k] < watched(c) || c->class[i] == c->class[j] || scale[j] == 0) continue;
        if (c->found && c->largest == 1 && !earlier(i, j, c)) continue;
        ho_counter_offer(c, i, j, without_dust(ho_units_pair(c->units, i, j)));
    }
}

/* Adds up and counts one row; returns its highest bin. Neighbours go to different tables, so that no addition waits
 * for the one before. */
static int32_t count_row(ho_counter *c, const float *row, size_t count, ho_tile_sum *total)
{
    int32_t bin[HO_COUNT_WIDTH];
    ho_binned sums;
    c->kernels->bin_row(row, count, HO_PAIR_BINS / 2, bin, &sums);
    size_t k = 0;
    for (; k + HO_COUNT_TABLES <= count; k += HO_COUNT_TABLES) {
        for (size_t i = 0; i < HO_COUNT_TABLES; i++)
            c->tables[i][bin[k + i]]++;
    }
    for (; k < count; k++)
        c->tables[0][bin[k]]++;
    for (size_t i = 0; i < sizeof sums.sum / sizeof *sums.sum; i++) {
        total->sum += (double)sums.sum[i];
        total->square += (double)sums.square[i];
    }
    return sums.high;
}

static const float *as_float(const ho_tile *tile, size_t row, size_t first, float *room)
{
    size_t start = row * tile->columns;
    if (!tile->wide) return (const float *)tile->values + start + first;
    const double *x = (const double *)tile->values + start;
    for (size_t k = first; k < tile->columns; k++)
        room[k - first] = (float)x[k];
    return room;
}

ho_tile_sum ho_counter_tile(ho_counter *c, const ho_tile *tile)
{
    ho_tile_sum total = {0, 0};
    float room[HO_COUNT_WIDTH];
    const int32_t near_duplicate = bin_of((float)HO_NEAR_DUPLICATE);
    if (c->pending + (uint64_t)tile->rows * tile->columns > UINT32_MAX) ho_counter_flush(c);
    for (size_t r = 0; r < tile->rows; r++) {
        size_t first = tile->row == tile->column ? r + 1 : 0, count = tile->columns - first;
        if (count == 0) break;
        const float *row = as_float(tile, r, first, room);
        int32_t high = count_row(c, row, count, &total);
        c->pending += count;
        if (high >= near_duplicate || high >= bin_of(watched(c)))
            look_closely(c, (uint32_t)(tile->row + r), (uint32_t)(tile->column + first), row, count);
    }
    return total;
}

void ho_counter_flush(ho_counter *c)
{
    for (size_t i = 0; i < HO_COUNT_TABLES; i++) {
        for (size_t b = 0; b <= HO_PAIR_BINS; b++)
            c->bins[b] += c->tables[i][b];
    }
    memset(c->tables, 0, sizeof c->tables);
    c->pending = 0;
}
