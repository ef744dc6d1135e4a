/* The linear programme of a bound: a few columns of all, a few rows of all, solved again and again while both grow.
 *   minimise  - earn * total + paid * depth + pay * penalty + dear * excess
 *   over shares x_j of the columns, least <= x_j <= most, their sum K, and depth, penalty, excess, such that
 *   total drawn over an interval (or set) of periods + depth + excess >= 0        rows that were found to bind
 *   penalty >= 2 y.(sum x_j z_j) - |y|^2 - sum of x_j that have variance             tangents at points y
 * Rupees are divided by a unit here, so that all numbers are near 1. */
#ifndef HO_BOUND_PROGRAMME_H
#define HO_BOUND_PROGRAMME_H

#include "bound/certificate.h"
#include "bridge/highs/highs.h"

/* A row on the depth: the periods from..to-1, or those marked. */
typedef struct ho_depth_row {
    size_t from, to;
    uint8_t *marked; /* owned; NULL: an interval */
} ho_depth_row;

typedef struct ho_programme {
    const ho_bound_base *base;
    ho_lp *lp;
    double unit; /* rupees, of the divided series */
    double earn; /* of the present wish */
    /* columns of the programme, after the three of its own */
    uint32_t *entries;
    uint8_t *entered; /* by column of the base */
    size_t entry_count, entry_room;
    double *series, *sums,
        *units; /* an entry: its series in units, its running sums from 0, its unit column */
    /* rows, the sum of the shares first, then in the order in which they came */
    int32_t *row_kind; /* >= 0: a depth row; < 0: the tangent -1 - it */
    size_t row_count, row_room;
    ho_depth_row *depth_rows;
    size_t depth_count;
    double *points, *squares; /* tangents */
    size_t tangent_count;
    /* the last solution */
    ho_lp_state state;
    double *values, *duals;       /* all columns, all rows */
    double *shared;               /* periods: the series of the shares */
    double *leaning;              /* periods: their unit sum */
    double *y, *g;                /* what the duals say, g already divided by its weight */
    double depth, penalty, price; /* price: dual of the sum, what a share must earn to enter */
    /* room */
    int32_t *index;
    double *coefficient;
    size_t index_room;
} ho_programme;

HO_MUST_USE ho_status ho_programme_new(const ho_bound_base *base, ho_programme **programme, ho_error *err);
void ho_programme_free(ho_programme **programme);

/* What is minimised; depth is held within low..high (units of the programme are not the caller's: all rupees). */
typedef struct ho_wish {
    double earn, paid, pay, dear;
    double low, high;
} ho_wish;
HO_MUST_USE ho_status ho_programme_wish(ho_programme *p, const ho_wish *wish, ho_error *err);

/* Columns that are in already are left alone. */
HO_MUST_USE ho_status ho_programme_enter(ho_programme *p, uint32_t column, ho_error *err);

/* Solves, and reads the solution. */
HO_MUST_USE ho_status ho_programme_solve(ho_programme *p, ho_error *err);

/* The solution's share of each column of the base, 0 for those that have not entered. */
void ho_programme_shares(const ho_programme *p, double *shares);

/* The depth of the solution's series, its total, the square of its unit sum less its members with variance. */
double ho_programme_depth(const ho_programme *p);
double ho_programme_total(const ho_programme *p);
double ho_programme_pairs(const ho_programme *p);

/* Adds the rows that the solution's series breaks: deeper than `depth`. *added counts them. */
HO_MUST_USE ho_status ho_programme_add_depth(ho_programme *p, double depth, size_t *added, ho_error *err);
/* Adds the tangent at the solution's unit sum. */
HO_MUST_USE ho_status ho_programme_add_tangent(ho_programme *p, ho_error *err);

#endif
