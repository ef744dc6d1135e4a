#include "robust/blocks.h"

#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>

enum { LANES = 64, ROWS = 4 }; /* sum or first sum, second sum or high, low, drawdown */

static ho_choice_kind kind_of(ho_block_measure measure)
{
    switch (measure) {
    case HO_BLOCKS_SHARPE:
        return HO_CHOICE_SHARPE;
    case HO_BLOCKS_PROFIT_FACTOR:
        return HO_CHOICE_QUOTIENT;
    case HO_BLOCKS_RATIO:
        return HO_CHOICE_RATIO;
    case HO_BLOCKS_DRAWDOWN:
        return HO_CHOICE_DRAWDOWN;
    case HO_BLOCKS_MEAN:
    case HO_BLOCKS_WIN_RATE:
    case HO_BLOCKS_MEASURES:
        break;
    }
    return HO_CHOICE_SUM;
}

/* Of some columns over the periods of one block: what the measure adds up. out is a row of each kind. */
static void sum_block(const double *x, size_t stride, size_t periods, size_t count, ho_block_measure measure,
                      double *const out[ROWS])
{
    for (size_t t = 0; t < periods; t++, x += stride) {
        for (size_t j = 0; j < count; j++) {
            const double r = x[j];
            if (measure == HO_BLOCKS_WIN_RATE) {
                out[0][j] += r > 0 ? 1.0 : 0.0;
            } else if (measure == HO_BLOCKS_PROFIT_FACTOR) {
                out[0][j] += r > 0 ? r : 0.0;
                out[1][j] += r < 0 ? -r : 0.0;
            } else {
                out[0][j] += r;
                out[1][j] += r * r;
            }
        }
    }
}

static void walk_block(const double *x, size_t stride, size_t periods, size_t count, double *const out[ROWS])
{
    for (size_t t = 0; t < periods; t++, x += stride) {
        for (size_t j = 0; j < count; j++) {
            const double equity = out[0][j] + x[j];
            out[0][j] = equity;
            out[1][j] = ho_choice_max(out[1][j], equity);
            out[2][j] = equity < out[2][j] ? equity : out[2][j];
            out[3][j] = ho_choice_max(out[3][j], out[1][j] - equity);
        }
    }
}

static void fill_tile(const ho_matrix *x, const ho_blocks *b, ho_block_measure measure, size_t first)
{
    const size_t left = x->columns - first, count = left < LANES ? left : LANES;
    const size_t row = b->choices.stride * b->choices.blocks;
    size_t period = 0;
    for (size_t k = 0; k < b->choices.blocks; k++) {
        double *at = b->rows + k * b->choices.stride + first;
        double *const out[ROWS] = {at, at + row, at + 2 * row, at + 3 * row};
        const double *from = ho_matrix_row(x, period) + first;
        const size_t periods = (size_t)b->length[k];
        if (ho_choice_is_path(b->choices.kind))
            walk_block(from, x->stride, periods, count, out);
        else
            sum_block(from, x->stride, periods, count, measure, out);
        period += periods;
    }
}

ho_status ho_blocks_make(const ho_matrix *x, ho_block_measure measure, size_t blocks, int threads,
                         ho_blocks *out, ho_error *err)
{
    const size_t stride = (x->columns + 7) / 8 * 8 + 8, row = stride * blocks;
    double *rows = ho_new_array(row, ROWS * sizeof *rows);
    if (rows == NULL) return ho_fail_memory(err, row * ROWS * sizeof *rows, "blocks of periods");
    *out = (ho_blocks){.columns = x->columns, .rows = rows};
    for (size_t k = 0; k < blocks; k++)
        out->length[k] = (double)(x->rows / blocks + (k < x->rows % blocks ? 1 : 0));
    out->choices = (ho_choices){.kind = kind_of(measure),
                                .blocks = blocks,
                                .stride = stride,
                                .length = out->length,
                                .a = rows,
                                .b = rows + row,
                                .high = rows + row,
                                .low = rows + 2 * row,
                                .drawdown = rows + 3 * row};
    const size_t tiles = (x->columns + LANES - 1) / LANES;
#pragma omp parallel for schedule(static) num_threads(threads) if (threads > 1)
    for (size_t i = 0; i < tiles; i++)
        fill_tile(x, out, measure, i * LANES);
    return HO_OK;
}

void ho_blocks_clear(ho_blocks *blocks)
{
    free(blocks->rows);
    *blocks = (ho_blocks){0};
}

double ho_blocks_measure(ho_block_measure measure, double n, double worth)
{
    if (measure == HO_BLOCKS_MEAN || measure == HO_BLOCKS_WIN_RATE) return worth / n;
    if (measure != HO_BLOCKS_SHARPE) return worth;
    const double size = sqrt(fabs(worth) * (n - 1)) / n; /* a |a| / spread, the spread being (n - 1) sd^2 */
    return worth < 0 ? -size : size;
}
