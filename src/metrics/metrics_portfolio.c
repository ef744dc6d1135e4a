/* A portfolio's own series and the correlation of its members, straight from the panel. */
#include "base/error.h"
#include "panel/panel.h"
#include "stats/stats.h"

#include <heavyopt/metrics.h>

static ho_status columns_of(const ho_panel *panel, const uint32_t *members, size_t count,
                            ho_member_columns *columns, ho_error *err)
{
    size_t strategies = ho_panel_strategies(panel);
    for (size_t i = 0; i < count; i++) {
        if (members[i] >= strategies)
            return ho_fail(err, HO_ERR_USAGE, "strategy number %u of a panel that has %zu",
                           (unsigned)members[i], strategies);
    }
    *columns = (ho_member_columns){panel->values.data, ho_panel_stride(panel), ho_panel_periods(panel),
                                   members, count};
    return HO_OK;
}

ho_status ho_portfolio_series(const ho_panel *panel, const uint32_t *members, size_t count, double *series,
                              ho_error *err)
{
    ho_member_columns columns;
    HO_TRY(columns_of(panel, members, count, &columns, err));
    ho_members_sum(&columns, series);
    return HO_OK;
}

ho_status ho_portfolio_correlation(const ho_panel *panel, const uint32_t *members, size_t count,
                                   double *average, ho_error *err)
{
    ho_member_columns columns;
    HO_TRY(columns_of(panel, members, count, &columns, err));
    return ho_average_correlation(&columns, average, err);
}
