#include "screen/apart.h"

#include "base/error.h"
#include "base/memory.h"
#include "panel/panel.h"
#include "stats/tiles.h"

#include <math.h>

void ho_apart_clear(ho_apart *apart)
{
    free(apart->rows);
    free(apart->any);
    *apart = (ho_apart){0};
}

static ho_status allocate(size_t strategies, ho_apart *apart, ho_error *err)
{
    const size_t words = (strategies + 63) / 64;
    *apart = (ho_apart){
        .words = words, .rows = HO_NEW(uint64_t, strategies * words), .any = HO_NEW(uint8_t, strategies)};
    if (apart->rows != NULL && apart->any != NULL) return HO_OK;
    ho_apart_clear(apart);
    return ho_fail_memory(err, strategies * words * sizeof(uint64_t), "the pairs that may not be together");
}

const uint64_t *ho_apart_row(const void *data, uint32_t strategy)
{
    const ho_apart *apart = data;
    return apart->any[strategy] ? apart->rows + strategy * apart->words : NULL;
}

static void put_apart(ho_apart *apart, uint32_t a, uint32_t b)
{
    apart->rows[a * apart->words + b / 64] |= UINT64_C(1) << (b % 64);
    apart->any[a] = 1;
}

ho_status ho_apart_by_pairs(size_t strategies, const uint32_t *pairs, size_t count, ho_apart *apart,
                            ho_error *err)
{
    HO_TRY(allocate(strategies, apart, err));
    for (size_t i = 0; i < count; i++) {
        const uint32_t a = pairs[2 * i], b = pairs[2 * i + 1];
        if (a == b) continue;
        put_apart(apart, a, b);
        put_apart(apart, b, a);
    }
    return HO_OK;
}

/* The tiles come in single precision. What lies within its rounding of the limit is looked at again in double, so that
 * the answer does not depend on who multiplied. */
typedef struct filling {
    const ho_panel *panel;
    double most, *mean, *scale;
    float surely, maybe; /* above the first: apart; below the second: not */
    ho_apart *apart;
} filling;

static bool is_apart(const filling *f, size_t i, size_t j)
{
    double dot = 0;
    for (size_t t = 0; t < ho_panel_periods(f->panel); t++) {
        const double *x = ho_panel_row(f->panel, t);
        dot += (x[i] - f->mean[i]) * f->scale[i] * ((x[j] - f->mean[j]) * f->scale[j]);
    }
    return dot > f->most + 1e-12; /* rounding of the sum is below it */
}

/* The bits of up to 32 values that are above `edge`. Compilers make this a few vector operations. */
static uint32_t bits_above(const float *values, size_t count, float edge)
{
    static const uint32_t bit[32] = {1u << 0,  1u << 1,  1u << 2,  1u << 3,  1u << 4,  1u << 5,  1u << 6,
                                     1u << 7,  1u << 8,  1u << 9,  1u << 10, 1u << 11, 1u << 12, 1u << 13,
                                     1u << 14, 1u << 15, 1u << 16, 1u << 17, 1u << 18, 1u << 19, 1u << 20,
                                     1u << 21, 1u << 22, 1u << 23, 1u << 24, 1u << 25, 1u << 26, 1u << 27,
                                     1u << 28, 1u << 29, 1u << 30, 1u << 31};
    uint32_t bits = 0;
    if (count == 32) {
        for (size_t k = 0; k < 32; k++)
            bits |= values[k] > edge ? bit[k] : 0;
        return bits;
    }
    for (size_t k = 0; k < count; k++)
        bits |= values[k] > edge ? bit[k] : 0;
    return bits;
}

/* Those of up to 32 strategies from j on that are apart from strategy i. */
static uint32_t apart_bits(const filling *f, size_t i, size_t j, const float *values, size_t count)
{
    uint32_t near = bits_above(values, count, f->maybe);
    if (i >= j && i < j + count) near &= ~(UINT32_C(1) << (i - j));
    if (near == 0) return 0;
    uint32_t bits = near & bits_above(values, count, f->surely);
    near &= ~bits;
    for (size_t k = 0; near != 0 && k < count; k++) {
        if ((near >> k & 1) != 0 && is_apart(f, i, j + k)) bits |= UINT32_C(1) << k;
    }
    return bits;
}

/* Tiles begin at multiples of 1,024 columns, so that no two threads write to one word. */
static ho_status take(void *user, const ho_tile *tile, ho_error *err)
{
    const filling *f = user;
    const float *values = tile->values;
    if (tile->column % 64 != 0)
        return ho_fail(err, HO_ERR_INTERNAL, "a tile begins at column %zu", tile->column);
    for (size_t r = 0; r < tile->rows; r++) {
        const size_t i = tile->row + r;
        uint64_t *row = f->apart->rows + i * f->apart->words + tile->column / 64;
        for (size_t c = 0; c < tile->columns; c += 32) {
            const size_t count = tile->columns - c < 32 ? tile->columns - c : 32;
            const uint64_t bits = apart_bits(f, i, tile->column + c, values + r * tile->columns + c, count);
            row[c / 64] |= bits << (c % 64);
        }
    }
    return HO_OK;
}

static void note_rows(ho_apart *apart, size_t strategies)
{
    for (size_t j = 0; j < strategies; j++) {
        for (size_t w = 0; w < apart->words && !apart->any[j]; w++)
            apart->any[j] = apart->rows[j * apart->words + w] != 0;
    }
}

ho_status ho_apart_by_correlation(const ho_panel *panel, double most, int threads, ho_apart *apart,
                                  ho_error *err)
{
    const size_t n = ho_panel_strategies(panel);
    /* A sum of T products of floats is off by less than T ulp (Higham 2002, section 3.1); twice that, to be sure. */
    const double margin = 0x1p-21 * ((double)ho_panel_periods(panel) + 4);
    filling f = {.panel = panel,
                 .most = most,
                 .mean = HO_NEW(double, n),
                 .scale = HO_NEW(double, n),
                 .surely = (float)(most + margin),
                 .maybe = (float)(most - margin),
                 .apart = apart};
    const ho_tiles_run run = {.threads = threads, .take = take, .user = &f};
    ho_pairs pairs = {0};
    ho_status status = HO_OK;
    if (f.mean == NULL || f.scale == NULL)
        status = ho_fail_memory(err, 2 * n * sizeof *f.mean, "unit columns");
    if (status == HO_OK) {
        ho_panel_scales(panel, threads, f.mean, f.scale);
        status = allocate(n, apart, err);
    }
    if (status == HO_OK) {
        status = ho_pairs_count(panel, &run, &pairs, err);
        ho_pairs_clear(&pairs);
        if (status == HO_OK)
            note_rows(apart, n);
        else
            ho_apart_clear(apart);
    }
    free(f.mean);
    free(f.scale);
    return status;
}
