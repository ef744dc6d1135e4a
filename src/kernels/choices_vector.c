/* The choices of blocks for every vector instruction set: one source, compiled once a set as kernels_vector.c is. */
#include "kernels/choices.h"
#include "kernels/kernels_sets.h"

/* Columns that go through all choices side by side: their blocks and one state a depth stay in the first two cache
 * levels. */
enum { TILE = 32, DEEPEST = HO_CHOICE_BLOCKS / 2 };

typedef struct choice_tile {
    double a[HO_CHOICE_BLOCKS][TILE], b[HO_CHOICE_BLOCKS][TILE];
    double high[HO_CHOICE_BLOCKS][TILE], low[HO_CHOICE_BLOCKS][TILE], drawdown[HO_CHOICE_BLOCKS][TILE];
    double state_a[DEEPEST][TILE], state_b[DEEPEST][TILE], state_drawdown[DEEPEST][TILE], n[DEEPEST];
    double worth[TILE];
} choice_tile;

static void fill_rows(double (*rows)[TILE], const double *from, size_t blocks, size_t stride)
{
    for (size_t k = 0; k < blocks; k++) {
        for (int i = 0; i < TILE; i++)
            rows[k][i] = from != NULL ? from[k * stride + (size_t)i] : 0;
    }
}

static void fill_tile(const ho_choices *c, size_t first, choice_tile *t)
{
    const double *rows[] = {c->a, c->b, c->high, c->low, c->drawdown};
    double(*const to[])[TILE] = {t->a, t->b, t->high, t->low, t->drawdown};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        fill_rows(to[r], rows[r] != NULL ? rows[r] + first : NULL, c->blocks, c->stride);
    for (int i = 0; i < TILE; i++)
        t->state_a[0][i] = t->state_b[0][i] = t->state_drawdown[0][i] = 0;
    t->n[0] = 0;
}

/* The state of depth `depth` with a block after it becomes that of the next depth. */
HO_ALWAYS_INLINE void deepen(const ho_choices *c, choice_tile *t, size_t depth, size_t block, bool path)
{
    const double *a = t->state_a[depth], *b = t->state_b[depth], *down = t->state_drawdown[depth];
    double *to_a = t->state_a[depth + 1], *to_b = t->state_b[depth + 1];
    double *to_down = t->state_drawdown[depth + 1];
    t->n[depth + 1] = t->n[depth] + c->length[block];
#pragma omp simd
    for (int i = 0; i < TILE; i++) {
        if (path) {
            const double fall = b[i] - (a[i] + t->low[block][i]);
            to_down[i] = ho_choice_max(ho_choice_max(down[i], t->drawdown[block][i]), fall);
            to_b[i] = ho_choice_max(b[i], a[i] + t->high[block][i]);
        } else {
            to_b[i] = b[i] + t->b[block][i];
        }
        to_a[i] = a[i] + t->a[block][i];
    }
}

/* What the columns are worth when a block completes the choice. */
HO_ALWAYS_INLINE void complete(const ho_choices *c, choice_tile *t, size_t depth, size_t block,
                               ho_choice_kind kind)
{
    const double *a = t->state_a[depth], *b = t->state_b[depth], *down = t->state_drawdown[depth];
    const double n = t->n[depth] + c->length[block];
    const bool path = ho_choice_is_path(kind);
#pragma omp simd
    for (int i = 0; i < TILE; i++) {
        double drawdown = 0, second = 0;
        if (path) {
            const double fall = b[i] - (a[i] + t->low[block][i]);
            drawdown = ho_choice_max(ho_choice_max(down[i], t->drawdown[block][i]), fall);
        } else {
            second = b[i] + t->b[block][i];
        }
        t->worth[i] = ho_choice_worth(kind, n, a[i] + t->a[block][i], second, drawdown);
    }
}

static void complete_kind(const ho_choices *c, choice_tile *t, size_t depth, size_t block)
{
    switch (c->kind) {
    case HO_CHOICE_SHARPE:
        complete(c, t, depth, block, HO_CHOICE_SHARPE);
        return;
    case HO_CHOICE_QUOTIENT:
        complete(c, t, depth, block, HO_CHOICE_QUOTIENT);
        return;
    case HO_CHOICE_RATIO:
        complete(c, t, depth, block, HO_CHOICE_RATIO);
        return;
    case HO_CHOICE_DRAWDOWN:
        complete(c, t, depth, block, HO_CHOICE_DRAWDOWN);
        return;
    case HO_CHOICE_SUM:
    case HO_CHOICE_KINDS:
        complete(c, t, depth, block, HO_CHOICE_SUM);
    }
}

static void take_winner(const choice_tile *t, uint32_t first, double *best, uint32_t *winner)
{
    int64_t better = 0;
    const double least = *best;
#pragma omp simd reduction(+ : better)
    for (int i = 0; i < TILE; i++)
        better += t->worth[i] > least;
    if (better == 0) return; /* a column is seldom better than all before it */
    for (uint32_t i = 0; i < TILE; i++) {
        if (!(t->worth[i] > *best)) continue;
        *best = t->worth[i];
        *winner = first + i;
    }
}

static void count_below(const choice_tile *t, double hurdle, uint32_t *below, uint32_t *equal)
{
    int64_t less = 0, same = 0;
#pragma omp simd reduction(+ : less, same)
    for (int i = 0; i < TILE; i++) {
        less += t->worth[i] < hurdle;
        same += t->worth[i] == hurdle;
    }
    *below += (uint32_t)less;
    *equal += (uint32_t)same;
}

static void walk_deeper(const ho_choices *c, choice_tile *t, size_t depth, size_t block)
{
    if (ho_choice_is_path(c->kind))
        deepen(c, t, depth, block, true);
    else
        deepen(c, t, depth, block, false);
}

extern ho_choices_best_of HO_OF_SET(ho_choices_best_);
void HO_OF_SET(ho_choices_best_)(const ho_choices *c, size_t columns, uint32_t first, double *best,
                                 uint32_t *winner)
{
    size_t from = 0;
    for (; from + TILE <= columns; from += TILE) {
        choice_tile t;
        ho_choice_walk w = {.depth = 0};
        bool whole = false;
        fill_tile(c, from, &t);
        for (size_t choice = 0; ho_choice_step(&w, c->blocks, &whole);) {
            if (!whole) walk_deeper(c, &t, w.depth - 1, w.picked[w.depth - 1]);
            for (; whole && w.next < c->blocks; w.next++, choice++) {
                complete_kind(c, &t, w.depth, w.next);
                take_winner(&t, first + (uint32_t)from, best + choice, winner + choice);
            }
        }
    }
    const ho_choices rest = ho_choices_from(c, from);
    if (from < columns)
        ho_kernels_ref.choices_best(&rest, columns - from, first + (uint32_t)from, best, winner);
}

extern ho_choices_rank_of HO_OF_SET(ho_choices_rank_);
void HO_OF_SET(ho_choices_rank_)(const ho_choices *c, size_t columns, const double *hurdle, uint32_t *below,
                                 uint32_t *equal)
{
    size_t from = 0;
    for (; from + TILE <= columns; from += TILE) {
        choice_tile t;
        ho_choice_walk w = {.depth = 0};
        bool whole = false;
        fill_tile(c, from, &t);
        for (size_t choice = 0; ho_choice_step(&w, c->blocks, &whole);) {
            if (!whole) walk_deeper(c, &t, w.depth - 1, w.picked[w.depth - 1]);
            for (; whole && w.next < c->blocks; w.next++, choice++) {
                complete_kind(c, &t, w.depth, w.next);
                count_below(&t, hurdle[choice], below + choice, equal + choice);
            }
        }
    }
    const ho_choices rest = ho_choices_from(c, from);
    if (from < columns) ho_kernels_ref.choices_rank(&rest, columns - from, hurdle, below, equal);
}
