/* A table's periods cut into blocks, and what each column comes to in each of them, so that every choice of blocks can
 * be valued without its periods (kernels/choices.h). */
#ifndef HO_ROBUST_BLOCKS_H
#define HO_ROBUST_BLOCKS_H

#include "kernels/choices.h"
#include "panel/matrix.h"

/* What columns are compared by; larger is better. */
typedef enum ho_block_measure {
    HO_BLOCKS_SHARPE, /* mean over standard deviation of a period, over n - 1; 0 where nothing was earned or lost */
    HO_BLOCKS_MEAN,
    HO_BLOCKS_RATIO, /* total over maximum drawdown from zero, as the ratio fitness counts where there is none */
    HO_BLOCKS_DRAWDOWN, /* less the maximum drawdown */
    HO_BLOCKS_WIN_RATE,
    HO_BLOCKS_PROFIT_FACTOR, /* 0 where nothing was earned */
    HO_BLOCKS_MEASURES
} ho_block_measure;

#define HO_BLOCK_MEASURE_NAMES "sharpe|mean|ratio|drawdown|win_rate|profit_factor"

typedef struct ho_blocks {
    size_t columns;
    double length
        [HO_CHOICE_BLOCKS]; /* periods; where they do not divide evenly, the first blocks have one more */
    ho_choices choices;     /* borrows from here */
    double *rows;
} ho_blocks;

/* `blocks` is even, 2 to HO_CHOICE_BLOCKS, and no more than the periods. *out must not be moved while it is in use.
 * HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_blocks_make(const ho_matrix *x, ho_block_measure measure, size_t blocks, int threads,
                                     ho_blocks *out, ho_error *err);
void ho_blocks_clear(ho_blocks *blocks);

/* The measure from what a choice of n periods is worth; the two differ for Sharpe's ratio and for means. */
double ho_blocks_measure(ho_block_measure measure, double n, double worth);

#endif
