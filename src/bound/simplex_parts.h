/* The inside of the simplex, for simplex.c and simplex_solve.c alone. */
#ifndef HO_BOUND_SIMPLEX_PARTS_H
#define HO_BOUND_SIMPLEX_PARTS_H

#include "bound/simplex.h"
#include "kernels/kernels.h"

#include <stdbool.h>

typedef enum ho_place { HO_AT_LOW, HO_AT_HIGH, HO_BASIC } ho_place;

/* Where a variable that is not basic would turn round: its reduced cost by its entry in the pivot's row. */
typedef struct ho_break {
    double ratio, pivot; /* pivot: |the entry| */
    uint32_t variable;
} ho_break;

/* A row i is a_i x - s_i = 0 with a logical variable s_i between the row's bounds. Structural variables are numbered from 0,
 * the logical of row i is column_room + i. All have two bounds: one that is missing is far away. */
struct ho_simplex {
    const ho_kernels *kernels;
    size_t rows, columns, row_room, column_room;
    double *a; /* row_room x column_room */
    double *low, *high, *cost, *reduced, *value;
    uint8_t *place;        /* ho_place */
    double *turn;          /* 1 at the low bound, -1 at the high one, 0: basic or fixed */
    uint32_t *basis;       /* the variable of each position */
    double *inverse;       /* of the basis, row_room x row_room: positions x rows */
    double *norm;          /* of the inverse's rows, squared */
    double *y;             /* of the rows */
    double *row;           /* of all variables: a row of the tableau */
    double *entering;      /* a column of it */
    double *room, *column; /* rows each */
    ho_break *breaks;
    size_t idle;  /* steps since one that gained */
    size_t steps; /* since the inverse was made from scratch */
};

static const double far_away = 1e7;

/* Puts the variable, whose column of the tableau is s->entering, into the basis at the position; the one that leaves has
 * got its place. */
void ho_simplex_pivot(ho_simplex *s, size_t position, uint32_t variable);
void ho_simplex_measure(ho_simplex *s); /* the norms, from the inverse */

#endif
