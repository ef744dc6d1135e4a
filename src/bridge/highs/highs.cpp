// Linear programmes by HiGHS, through its C interface, which lets exceptions pass: they are caught here.
// HiGHS' header declares a static function that it never defines, and the check comes at the end of the file.
#pragma GCC diagnostic ignored "-Wunused-function"

extern "C" {
#include "bridge/highs/highs.h"
#include "base/error.h"
}

#include <interfaces/highs_c_api.h>

#include <new>
#include <vector>

struct ho_lp {
    void *highs = nullptr;
    std::vector<HighsInt> mask;
    ~ho_lp()
    {
        if (highs != nullptr) Highs_destroy(highs);
    }
};

namespace
{
// Runs work(), which returns a status of HiGHS and may throw anything.
template <class Work> ho_status guarded(const char *what, ho_error *err, Work &&work) noexcept
{
    try {
        if (work() != kHighsStatusError) return HO_OK;
        return ho_fail(err, HO_ERR_INTERNAL, "HiGHS refused to %s", what);
    } catch (const std::bad_alloc &) {
        return ho_fail(err, HO_ERR_MEMORY, "out of memory in HiGHS: to %s", what);
    } catch (const std::exception &e) {
        return ho_fail(err, HO_ERR_INTERNAL, "HiGHS: to %s: %s", what, e.what());
    } catch (...) {
        return ho_fail(err, HO_ERR_INTERNAL, "HiGHS threw something unknown: to %s", what);
    }
}

// Measured on programmes of the bound: presolve costs 30 %, the primal simplex needs 2-3 times the iterations, and
// scaling 10-15 %, since the caller scales rupees by itself.
HighsInt set_options(void *highs)
{
    HighsInt status = Highs_setBoolOptionValue(highs, "output_flag", 0);
    if (status == kHighsStatusOk) status = Highs_setStringOptionValue(highs, "solver", "simplex");
    if (status == kHighsStatusOk) status = Highs_setStringOptionValue(highs, "presolve", "off");
    if (status == kHighsStatusOk) status = Highs_setStringOptionValue(highs, "parallel", "off");
    if (status == kHighsStatusOk) status = Highs_setIntOptionValue(highs, "threads", 1);
    if (status == kHighsStatusOk) status = Highs_setIntOptionValue(highs, "simplex_strategy", 1); // dual
    if (status == kHighsStatusOk) status = Highs_setIntOptionValue(highs, "simplex_scale_strategy", 0);
    return status;
}
} // namespace

extern "C" {

const char *ho_highs_version(void)
{
    return Highs_version();
}

ho_status ho_lp_new(ho_lp **out, ho_error *err)
{
    ho_lp *lp = new (std::nothrow) ho_lp;
    if (lp == nullptr) return ho_fail_memory(err, sizeof *lp, "a linear programme");
    const ho_status status = guarded("begin a programme", err, [&] {
        lp->highs = Highs_create();
        return set_options(lp->highs);
    });
    if (status == HO_OK)
        *out = lp;
    else
        delete lp;
    return status;
}

void ho_lp_free(ho_lp **lp)
{
    delete *lp;
    *lp = nullptr;
}

ho_status ho_lp_add_column(ho_lp *lp, double cost, double low, double high, size_t count, const int32_t *rows,
                           const double *values, ho_error *err)
{
    return guarded("add a column", err, [&] {
        return Highs_addCol(lp->highs, cost, low, high, static_cast<HighsInt>(count), rows, values);
    });
}

ho_status ho_lp_add_row(ho_lp *lp, double low, double high, size_t count, const int32_t *columns,
                        const double *values, ho_error *err)
{
    return guarded("add a row", err, [&] {
        return Highs_addRow(lp->highs, low, high, static_cast<HighsInt>(count), columns, values);
    });
}

ho_status ho_lp_set_bounds(ho_lp *lp, size_t column, double low, double high, ho_error *err)
{
    return guarded("set a column's bounds", err, [&] {
        return Highs_changeColBounds(lp->highs, static_cast<HighsInt>(column), low, high);
    });
}

ho_status ho_lp_set_cost(ho_lp *lp, size_t column, double cost, ho_error *err)
{
    return guarded("set a cost", err,
                   [&] { return Highs_changeColCost(lp->highs, static_cast<HighsInt>(column), cost); });
}

ho_status ho_lp_set_row_bounds(ho_lp *lp, size_t row, double low, double high, ho_error *err)
{
    return guarded("set a row's bounds", err,
                   [&] { return Highs_changeRowBounds(lp->highs, static_cast<HighsInt>(row), low, high); });
}

ho_status ho_lp_drop_rows(ho_lp *lp, const uint8_t *drop, ho_error *err)
{
    return guarded("drop rows", err, [&] {
        lp->mask.assign(drop, drop + Highs_getNumRow(lp->highs)); // HiGHS writes into it
        return Highs_deleteRowsByMask(lp->highs, lp->mask.data());
    });
}

ho_status ho_lp_solve(ho_lp *lp, ho_lp_state *state, double *columns, double *duals, ho_error *err)
{
    return guarded("solve", err, [&] {
        *state = HO_LP_STUCK;
        if (Highs_run(lp->highs) == kHighsStatusError) return kHighsStatusOk;
        const HighsInt model = Highs_getModelStatus(lp->highs);
        if (model == kHighsModelStatusInfeasible) *state = HO_LP_INFEASIBLE;
        if (model == kHighsModelStatusUnbounded || model == kHighsModelStatusUnboundedOrInfeasible)
            *state = HO_LP_UNBOUNDED;
        if (model != kHighsModelStatusOptimal) return kHighsStatusOk;
        *state = HO_LP_OPTIMAL;
        return Highs_getSolution(lp->highs, columns, nullptr, nullptr, duals);
    });
}
}
