/* HiGHS, the solver of linear programmes behind the bound. A programme here is a minimisation that is solved again and
 * again with a few more columns and rows: the simplex basis lives on through all changes. One thread, no time limit,
 * so the same calls give the same numbers. */
#ifndef HO_BRIDGE_HIGHS_HIGHS_H
#define HO_BRIDGE_HIGHS_HIGHS_H

#include <heavyopt/status.h>
#include <stddef.h>
#include <stdint.h>

const char *ho_highs_version(void); /* "1.15.1", or NULL: not in this build */

typedef struct ho_lp ho_lp;

/* What a solve came to; anything but optimal has no values. */
typedef enum ho_lp_state { HO_LP_OPTIMAL, HO_LP_INFEASIBLE, HO_LP_UNBOUNDED, HO_LP_STUCK } ho_lp_state;

/* An empty programme. HO_ERR_UNAVAILABLE: no HiGHS in this build. */
HO_MUST_USE ho_status ho_lp_new(ho_lp **lp, ho_error *err);
void ho_lp_free(ho_lp **lp); /* accepts NULL and nulls */

/* Columns and rows are numbered from 0 in the order in which they are added; INFINITY is no bound. Entries are
 * (other index, value) pairs, all finite. HO_ERR_MEMORY, HO_ERR_INTERNAL: HiGHS refused the numbers. */
HO_MUST_USE ho_status ho_lp_add_column(ho_lp *lp, double cost, double low, double high, size_t count,
                                       const int32_t *rows, const double *values, ho_error *err);
HO_MUST_USE ho_status ho_lp_add_row(ho_lp *lp, double low, double high, size_t count, const int32_t *columns,
                                    const double *values, ho_error *err);
HO_MUST_USE ho_status ho_lp_set_bounds(ho_lp *lp, size_t column, double low, double high, ho_error *err);
HO_MUST_USE ho_status ho_lp_set_cost(ho_lp *lp, size_t column, double cost, ho_error *err);
HO_MUST_USE ho_status ho_lp_set_row_bounds(ho_lp *lp, size_t row, double low, double high, ho_error *err);

/* Takes away the rows with drop[row] != 0; those after them move up. */
HO_MUST_USE ho_status ho_lp_drop_rows(ho_lp *lp, const uint8_t *drop, ho_error *err);

/* Solves; where the state is HO_LP_OPTIMAL, `columns` gets the value of each column and `duals` the dual value of each
 * row: of a minimisation, at least 0 where the lower bound of the row binds. */
HO_MUST_USE ho_status ho_lp_solve(ho_lp *lp, ho_lp_state *state, double *columns, double *duals,
                                  ho_error *err);

#endif
