/* Probability of backtest overfitting by combinatorially symmetric cross-validation: D. Bailey, J. Borwein, M. Lopez de
 * Prado, Q. Zhu, "The probability of backtest overfitting", Journal of Computational Finance 20(4), 2016. The periods
 * are cut into S blocks; in every choice of half of them the best column is found, and ranked among all columns in the
 * other half. Any measure that combines over blocks will do, return over drawdown too, and nothing is kept a column:
 * the choices form a tree, and two walks of it (who wins, and where does the winner land) need the blocks alone.
 *
 * Ties: of equal columns the first one wins; the winner's rank counts those that are worth strictly less (as the
 * package phacker does, "ties rank low"), and the probability with average ranks (as the package ffn) stands beside. */
#ifndef HO_ROBUST_OVERFIT_H
#define HO_ROBUST_OVERFIT_H

#include "robust/blocks.h"

typedef struct ho_overfit_split {
    uint32_t winner;
    double in, out; /* its measure in the chosen half and in the other */
    uint32_t below,
        equal; /* columns worth less than it in the other half; worth the same, itself among them */
} ho_overfit_split;

typedef struct ho_overfit {
    ho_block_measure measure;
    size_t blocks, columns;
    ho_overfit_split *splits; /* in lexicographic order of the chosen blocks; owned */
    size_t count;
    double probability;         /* share of the splits whose winner lands in the lower half, ties low */
    double probability_average; /* the same with average ranks */
    double median_rank;         /* of the winners, 0..1, ties low */
    double loss;    /* share of the splits whose winner loses in the other half; NaN: no such line */
    double slope;   /* of out on in by least squares; NaN where in is always the same or infinite */
    size_t winners; /* different columns that win */
    bool interrupted;
} ho_overfit;

typedef struct ho_overfit_of {
    const ho_matrix *x; /* periods x columns; two columns at least */
    ho_block_measure measure;
    size_t blocks;
    int threads;
    const volatile int *cancel;                 /* or NULL */
    void (*progress)(void *user, double share); /* called by one thread, or NULL */
    void *user;
} ho_overfit_of;

/* HO_ERR_MEMORY, HO_ERR_USAGE: fewer periods than blocks. The caller clears *out. */
HO_MUST_USE ho_status ho_overfit_make(const ho_overfit_of *of, ho_overfit *out, ho_error *err);
void ho_overfit_clear(ho_overfit *overfit);

/* log(w / (1 - w)), w the winner's rank over columns + 1, ties low. */
double ho_overfit_logit(const ho_overfit *overfit, size_t split);

/* The number of choices of half of `blocks`. */
size_t ho_overfit_count(size_t blocks);

/* The blocks that each choice takes, ascending: blocks / 2 numbers a choice. */
void ho_overfit_choices(size_t blocks, uint8_t *chosen);

#endif
