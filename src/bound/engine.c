#include "bound/engine.h"

ho_status ho_engine_new(ho_engine_kind kind, ho_engine *engine, ho_error *err)
{
    *engine = (ho_engine){0};
    return kind == HO_ENGINE_OWN ? ho_simplex_new(&engine->own, err) : ho_lp_new(&engine->highs, err);
}

void ho_engine_free(ho_engine *e)
{
    ho_simplex_free(&e->own);
    ho_lp_free(&e->highs);
}

ho_status ho_engine_add_column(const ho_engine *e, double cost, double low, double high, size_t count,
                               const int32_t *rows, const double *values, ho_error *err)
{
    if (e->own != NULL) return ho_simplex_add_column(e->own, cost, low, high, count, rows, values, err);
    return ho_lp_add_column(e->highs, cost, low, high, count, rows, values, err);
}

ho_status ho_engine_add_row(const ho_engine *e, double low, double high, size_t count, const int32_t *columns,
                            const double *values, ho_error *err)
{
    if (e->own != NULL) return ho_simplex_add_row(e->own, low, high, count, columns, values, err);
    return ho_lp_add_row(e->highs, low, high, count, columns, values, err);
}

ho_status ho_engine_set_bounds(const ho_engine *e, size_t column, double low, double high, ho_error *err)
{
    if (e->own != NULL) {
        ho_simplex_set_bounds(e->own, column, low, high);
        return HO_OK;
    }
    return ho_lp_set_bounds(e->highs, column, low, high, err);
}

ho_status ho_engine_set_cost(const ho_engine *e, size_t column, double cost, ho_error *err)
{
    if (e->own != NULL) {
        ho_simplex_set_cost(e->own, column, cost);
        return HO_OK;
    }
    return ho_lp_set_cost(e->highs, column, cost, err);
}

ho_status ho_engine_set_row_bounds(const ho_engine *e, size_t row, double low, double high, ho_error *err)
{
    if (e->own != NULL) {
        ho_simplex_set_row_bounds(e->own, row, low, high);
        return HO_OK;
    }
    return ho_lp_set_row_bounds(e->highs, row, low, high, err);
}

ho_status ho_engine_drop_rows(const ho_engine *e, const uint8_t *drop, ho_error *err)
{
    if (e->own != NULL) {
        ho_simplex_drop_rows(e->own, drop);
        return HO_OK;
    }
    return ho_lp_drop_rows(e->highs, drop, err);
}

ho_status ho_engine_solve(const ho_engine *e, ho_lp_state *state, double *columns, double *duals,
                          ho_error *err)
{
    if (e->own == NULL) return ho_lp_solve(e->highs, state, columns, duals, err);
    *state = ho_simplex_solve(e->own, columns, duals);
    return HO_OK;
}
