/* A dual simplex of our own for small dense programmes that are solved thousands of times with other bounds and costs, a few
 * more columns, a few more rows: those of a bound, and the nodes of a branch and bound. The inverse of the basis is kept as it is, so that a step
 * costs a pass over the rows. Its numbers are suggestions: what they prove is added up elsewhere (certificate.h), so that a
 * solve that ends early, or badly, costs strength and never truth. The functions do what those of bridge/highs/highs.h do.
 *
 * C. Lemke, "The dual method of solving the linear programming problem", Naval Research Logistics 1 (1954). Steepest edges:
 * J. Forrest, D. Goldfarb, Mathematical Programming 57 (1992), with exact norms, which an explicit inverse gives. Long steps
 * past bounded variables: I. Maros, "A generalized dual phase-2 simplex algorithm", EJOR 149 (2003). */
#ifndef HO_BOUND_SIMPLEX_H
#define HO_BOUND_SIMPLEX_H

#include "bridge/highs/highs.h"

typedef struct ho_simplex ho_simplex;

HO_MUST_USE ho_status ho_simplex_new(ho_simplex **simplex, ho_error *err);
void ho_simplex_free(ho_simplex **simplex); /* accepts NULL and nulls */

/* As ho_lp_*; HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_simplex_add_column(ho_simplex *s, double cost, double low, double high, size_t count,
                                            const int32_t *rows, const double *values, ho_error *err);
HO_MUST_USE ho_status ho_simplex_add_row(ho_simplex *s, double low, double high, size_t count,
                                         const int32_t *columns, const double *values, ho_error *err);
void ho_simplex_set_bounds(ho_simplex *s, size_t column, double low, double high);
void ho_simplex_set_cost(ho_simplex *s, size_t column, double cost);
void ho_simplex_set_row_bounds(ho_simplex *s, size_t row, double low, double high);
void ho_simplex_drop_rows(ho_simplex *s, const uint8_t *drop);

/* HO_LP_STUCK has values too here: those of the last basis. */
ho_lp_state ho_simplex_solve(ho_simplex *s, double *columns, double *duals);

#endif
