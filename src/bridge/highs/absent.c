/* The side of highs.h that a build without HiGHS has. Without ho_lp_new, nobody has a programme to call the rest with. */
#include "base/error.h"
#include "bridge/highs/highs.h"

static ho_status absent(ho_error *err)
{
    return ho_fail(err, HO_ERR_UNAVAILABLE, "no bound: HiGHS is not in this build");
}

const char *ho_highs_version(void)
{
    return NULL;
}

ho_status ho_lp_new(ho_lp **lp, ho_error *err)
{
    (void)lp;
    return absent(err);
}

void ho_lp_free(ho_lp **lp)
{
    *lp = NULL;
}

ho_status ho_lp_add_column(ho_lp *lp, double cost, double low, double high, size_t count, const int32_t *rows,
                           const double *values, ho_error *err)
{
    (void)lp, (void)cost, (void)low, (void)high, (void)count, (void)rows, (void)values;
    return absent(err);
}

ho_status ho_lp_add_row(ho_lp *lp, double low, double high, size_t count, const int32_t *columns,
                        const double *values, ho_error *err)
{
    (void)lp, (void)low, (void)high, (void)count, (void)columns, (void)values;
    return absent(err);
}

ho_status ho_lp_set_bounds(ho_lp *lp, size_t column, double low, double high, ho_error *err)
{
    (void)lp, (void)column, (void)low, (void)high;
    return absent(err);
}

ho_status ho_lp_set_cost(ho_lp *lp, size_t column, double cost, ho_error *err)
{
    (void)lp, (void)column, (void)cost;
    return absent(err);
}

ho_status ho_lp_set_row_bounds(ho_lp *lp, size_t row, double low, double high, ho_error *err)
{
    (void)lp, (void)row, (void)low, (void)high;
    return absent(err);
}

ho_status ho_lp_drop_rows(ho_lp *lp, const uint8_t *drop, ho_error *err)
{
    (void)lp, (void)drop;
    return absent(err);
}

ho_status ho_lp_solve(ho_lp *lp, ho_lp_state *state, double *columns, double *duals, ho_error *err)
{
    (void)lp, (void)state, (void)columns, (void)duals;
    return absent(err);
}
