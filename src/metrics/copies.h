/* Columns of a panel that are equal to the bit: a scan need not walk a column again that another strategy has too. */
#ifndef HO_METRICS_COPIES_H
#define HO_METRICS_COPIES_H

#include "kernels/kernels.h"
#include "panel/matrix.h"

/* The distinct columns side by side, in the order of the first strategy that has each. All zero where fewer than one
 * strategy in 50 is a copy: walking the panel itself is cheaper then than keeping a second one. */
typedef struct ho_copies {
    size_t distinct;
    ho_matrix values;     /* periods x distinct, where they were wanted */
    double *mean, *scale; /* a distinct column; owned */
    uint32_t *first;      /* a distinct column: the smallest strategy that has it; owned */
    uint32_t *next;       /* a strategy: the next larger one of the same column, or HO_NOBODY; owned */
} ho_copies;

/* by_time is the panel's matrix, by_strategy the same columns strategy-major. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_copies_find(const ho_matrix *by_time, const ho_columns *by_strategy,
                                     bool with_values, int threads, ho_copies *copies, ho_error *err);
void ho_copies_free(ho_copies *copies);

#endif
