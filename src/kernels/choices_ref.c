/* The choices of blocks by plain loops, each choice of each column from its first block on: the truth that the vector
 * sets are held to. */
#include "kernels/choices.h"

static double worth_of_choice(const ho_choices *c, const ho_choice_walk *w, size_t last, size_t column)
{
    ho_choice_state s = {0};
    double n = 0;
    for (size_t d = 0; d <= w->depth; d++) {
        const size_t block = d < w->depth ? w->picked[d] : last;
        s = ho_choice_add(c, s, block, column);
        n += c->length[block];
    }
    return ho_choice_worth(c->kind, n, s.a, s.b, s.drawdown);
}

extern ho_choices_best_of ho_choices_best_ref;
void ho_choices_best_ref(const ho_choices *c, size_t columns, uint32_t first, double *best, uint32_t *winner)
{
    ho_choice_walk w = {.depth = 0};
    bool whole = false;
    for (size_t choice = 0; ho_choice_step(&w, c->blocks, &whole);) {
        for (; whole && w.next < c->blocks; w.next++, choice++) {
            for (size_t j = 0; j < columns; j++) {
                const double worth = worth_of_choice(c, &w, w.next, j);
                if (!(worth > best[choice])) continue;
                best[choice] = worth;
                winner[choice] = first + (uint32_t)j;
            }
        }
    }
}

extern ho_choices_rank_of ho_choices_rank_ref;
void ho_choices_rank_ref(const ho_choices *c, size_t columns, const double *hurdle, uint32_t *below,
                         uint32_t *equal)
{
    ho_choice_walk w = {.depth = 0};
    bool whole = false;
    for (size_t choice = 0; ho_choice_step(&w, c->blocks, &whole);) {
        for (; whole && w.next < c->blocks; w.next++, choice++) {
            for (size_t j = 0; j < columns; j++) {
                const double worth = worth_of_choice(c, &w, w.next, j);
                below[choice] += worth < hurdle[choice];
                equal[choice] += worth == hurdle[choice];
            }
        }
    }
}
