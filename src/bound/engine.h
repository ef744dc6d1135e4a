/* Which solver a programme has: the simplex of our own, which is several times as fast where a small programme is solved
 * many times, or HiGHS, which knows more ways out of trouble. */
#ifndef HO_BOUND_ENGINE_H
#define HO_BOUND_ENGINE_H

#include "bound/simplex.h"

typedef enum ho_engine_kind { HO_ENGINE_OWN, HO_ENGINE_HIGHS } ho_engine_kind;

typedef struct ho_engine {
    ho_lp *highs; /* one of them is NULL */
    ho_simplex *own;
} ho_engine;

HO_MUST_USE ho_status ho_engine_new(ho_engine_kind kind, ho_engine *engine, ho_error *err);
void ho_engine_free(ho_engine *engine); /* zeroes it */

/* As ho_lp_*. */
HO_MUST_USE ho_status ho_engine_add_column(const ho_engine *e, double cost, double low, double high,
                                           size_t count, const int32_t *rows, const double *values,
                                           ho_error *err);
HO_MUST_USE ho_status ho_engine_add_row(const ho_engine *e, double low, double high, size_t count,
                                        const int32_t *columns, const double *values, ho_error *err);
HO_MUST_USE ho_status ho_engine_set_bounds(const ho_engine *e, size_t column, double low, double high,
                                           ho_error *err);
HO_MUST_USE ho_status ho_engine_set_cost(const ho_engine *e, size_t column, double cost, ho_error *err);
HO_MUST_USE ho_status ho_engine_set_row_bounds(const ho_engine *e, size_t row, double low, double high,
                                               ho_error *err);
HO_MUST_USE ho_status ho_engine_drop_rows(const ho_engine *e, const uint8_t *drop, ho_error *err);
HO_MUST_USE ho_status ho_engine_solve(const ho_engine *e, ho_lp_state *state, double *columns, double *duals,
                                      ho_error *err);

#endif
