/* The algebra of blocks: what two stretches of periods, one after the other, come to together, and what the result is
 * worth. Sums add; of an equity the highest and lowest point and the drawdown combine too, so that no choice of blocks
 * needs its periods again. Shared by all kernels and by those who want one choice of one column: same operations, same
 * bits. */
#ifndef HO_KERNELS_CHOICES_H
#define HO_KERNELS_CHOICES_H

#include "kernels/kernels.h"

#include <math.h>

/* a is the sum of all blocks so far; b the second sum, or the highest equity; drawdown of the path kinds. */
typedef struct ho_choice_state {
    double a, b, drawdown;
} ho_choice_state;

static inline bool ho_choice_is_path(ho_choice_kind kind)
{
    return kind == HO_CHOICE_RATIO || kind == HO_CHOICE_DRAWDOWN;
}

static inline double ho_choice_max(double a, double b)
{
    return b > a ? b : a;
}

/* The state with block `block` of column `column` after it; empty states are all 0. */
static inline ho_choice_state ho_choice_add(const ho_choices *c, ho_choice_state s, size_t block,
                                            size_t column)
{
    const size_t at = block * c->stride + column;
    ho_choice_state out = {s.a + c->a[at], 0, 0};
    if (ho_choice_is_path(c->kind)) {
        const double fall = s.b - (s.a + c->low[at]);
        out.drawdown = ho_choice_max(ho_choice_max(s.drawdown, c->drawdown[at]), fall);
        out.b = ho_choice_max(s.b, s.a + c->high[at]);
    } else if (c->b != NULL) {
        out.b = s.b + c->b[at];
    }
    return out;
}

/* Numerators and denominators are chosen, and the division is always done: a division under a condition would keep the
 * compiler from its vectors. */
static inline double ho_choice_worth(ho_choice_kind kind, double n, double a, double b, double drawdown)
{
    const double none = 1e-12, no_drawdown = 1e-6; /* a share of the squares; rupees */
    if (kind == HO_CHOICE_SHARPE) {
        /* the squares of a constant column may leave dust: it has no spread, and an infinite ratio of its sign */
        const double spread = b - a * a / n, held = spread > none * b ? spread : 0.0;
        const double nothing = a == 0 ? 1.0 : 0.0;
        return a * fabs(a) / (held + nothing);
    }
    if (kind == HO_CHOICE_QUOTIENT) {
        const double endless = a > 0 ? (double)INFINITY : 0.0;
        const double above = b > 0 ? a : endless, below = b > 0 ? b : 1.0;
        return above / below;
    }
    if (kind == HO_CHOICE_RATIO) {
        const double bare = (a > 0 ? 100.0 : 10.0) * a;
        const double above = drawdown > no_drawdown ? a : bare,
                     below = drawdown > no_drawdown ? drawdown : 1.0;
        return above / below;
    }
    return kind == HO_CHOICE_DRAWDOWN ? -drawdown : a;
}

/* The same blocks from a column on. */
static inline ho_choices ho_choices_from(const ho_choices *c, size_t column)
{
    ho_choices out = *c;
    const double **rows[] = {&out.a, &out.b, &out.high, &out.low, &out.drawdown};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        if (*rows[r] != NULL) *rows[r] += column;
    }
    return out;
}

/* The choices of half of the blocks, in their order: where a walk stands. picked[0..depth-1] are taken. */
typedef struct ho_choice_walk {
    size_t picked[HO_CHOICE_BLOCKS / 2];
    size_t depth, next; /* the next block to try at this depth */
} ho_choice_walk;

/* True: the walk went one block deeper, to picked[depth - 1], and depth is less than a whole choice; or it stands one
 * block before whole choices, which are completed by blocks next .. blocks-1 (*whole), and left after. False: all
 * choices were met. */
static inline bool ho_choice_step(ho_choice_walk *w, size_t blocks, bool *whole)
{
    const size_t half = blocks / 2;
    for (;;) {
        if (w->depth + 1 == half && w->next < blocks) {
            *whole = true;
            return true;
        }
        if (w->depth + 1 < half && w->next + (half - w->depth) <= blocks) {
            w->picked[w->depth++] = w->next++;
            *whole = false;
            return true;
        }
        if (w->depth == 0) return false;
        w->next = w->picked[--w->depth] + 1;
    }
}

#endif
