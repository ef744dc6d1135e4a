/* The columns that a bound is about: the strategies that may be chosen, equal ones as one column with a count, unless
 * rules tell them apart. */
#ifndef HO_BOUND_COLUMNS_H
#define HO_BOUND_COLUMNS_H

#include "kernels/kernels.h"
#include "panel/matrix.h"

#include <heavyopt/bound.h>

typedef struct ho_bound_columns {
    const ho_kernels *kernels;
    ho_matrix x;              /* periods x count */
    size_t count, strategies; /* columns; candidates of the problem */
    uint32_t *most, *least;   /* a column: how often a set may hold it, and must */
    uint32_t *first;          /* a column: the smallest strategy that has it */
    uint32_t *next; /* a strategy: the next larger one of its column, HO_NOBODY at the end; of the panel */
    double *mean, *scale;  /* what makes the unit column (ho_panel_scales) */
    double *total, *depth; /* of a column alone, not divided */
    double *absolute;      /* sum of |x|, rounded up */
} ho_bound_columns;

/* The problem has been checked. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_bound_columns_new(const ho_panel *panel, const ho_problem *problem,
                                           ho_bound_depth depth, ho_bound_columns *columns, ho_error *err);
/* Those with keep[j] != 0 alone, in the same order. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_bound_columns_keep(const ho_bound_columns *columns, const uint8_t *keep,
                                            ho_bound_columns *kept, ho_error *err);
void ho_bound_columns_free(ho_bound_columns *columns);

#endif
