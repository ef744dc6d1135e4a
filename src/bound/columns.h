/* The columns that a bound is about: the strategies that may be chosen, equal ones as one column with a count, unless
 * rules tell them apart. Where most strategies have a column of their own the table itself is read, and those that have none
 * are columns that no set may hold (most: 0): to leave them out would cost a copy of it. */
#ifndef HO_BOUND_COLUMNS_H
#define HO_BOUND_COLUMNS_H

#include "kernels/kernels.h"
#include "panel/matrix.h"

#include <heavyopt/bound.h>
#include <stdbool.h>

typedef struct ho_bound_columns {
    const ho_kernels *kernels;
    ho_matrix x;                               /* periods x count */
    bool borrowed;                             /* x is the panel's */
    const struct ho_device_numbers *on_device; /* the panel's values, in a device's memory too; or NULL */
    double *of_strategies;                     /* room for what it finds: two numbers a strategy */
    size_t count, strategies;                  /* columns; candidates of the problem */
    size_t distinct;                           /* columns that a set may hold */
    uint32_t *most, *least;                    /* a column: how often a set may hold it, and must */
    uint32_t *first;                           /* a column: the smallest strategy that has it */
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
