#include "store/store_select.h"

#include "base/error.h"
#include "base/memory.h"
#include "panel/panel.h"
#include "store/load_report.h"

static bool constant(const ho_panel *panel, size_t j)
{
    for (size_t t = 1; t < panel->values.rows; t++) {
        if (ho_matrix_row(&panel->values, t)[j] != ho_matrix_row(&panel->values, 0)[j]) return false;
    }
    return true;
}

static ho_status leave_out(ho_load_report *report, ho_skip_reason reason, const char *name, const char *why,
                           ho_error *err)
{
    report->strategies--;
    return ho_load_report_leave_out(report, reason, name, why, err);
}

/* The numbers of the strategies that stay. */
static ho_status choose(const ho_load_options *options, const ho_panel *panel, uint32_t *kept, size_t *count,
                        ho_load_report *report, ho_error *err)
{
    size_t n = 0;
    for (size_t j = 0; j < panel->values.columns; j++) {
        if (options->drop_constant && constant(panel, j)) {
            HO_TRY(leave_out(report, HO_SKIP_CONSTANT, panel->names[j], "constant", err));
            report->zero_variance--;
        } else if (options->strat_limit > 0 && n >= (size_t)options->strat_limit) {
            HO_TRY(leave_out(report, HO_SKIP_LIMIT, panel->names[j], "past the limit", err));
        } else {
            kept[n++] = (uint32_t)j;
        }
    }
    *count = n;
    return HO_OK;
}

ho_status ho_store_select(const char *path, const ho_load_options *options, ho_panel **panel,
                          ho_load_report *report, ho_error *err)
{
    if (options == NULL || (!options->drop_constant && options->strat_limit <= 0)) return HO_OK;
    size_t all = (*panel)->values.columns, count = 0;
    uint32_t *kept = HO_NEW(uint32_t, all);
    if (kept == NULL) return ho_fail_memory(err, all * sizeof *kept, "the chosen strategies");
    ho_panel *chosen = NULL;
    ho_status status = choose(options, *panel, kept, &count, report, err);
    if (status == HO_OK && count == 0)
        status =
            ho_fail(err, HO_ERR_DATA, "%s: none of its %zu strategies is left: all are constant", path, all);
    if (status == HO_OK && count < all) status = ho_panel_choose(*panel, kept, count, &chosen, err);
    free(kept);
    if (status == HO_OK && chosen != NULL) {
        ho_panel_free(panel);
        *panel = chosen;
    }
    return status;
}
