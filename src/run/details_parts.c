/* What the best portfolio earned in each zone of the day and in each market regime: rows, where periods are sums of
 * several. */
#include "base/error.h"
#include "base/memory.h"
#include "panel/panel.h"
#include "run/details.h"

#include <string.h>

static ho_status make_parts(const ho_strings *labels, ho_report_part **parts, size_t *count, ho_error *err)
{
    if (labels->count < 2) return HO_OK; /* one for all says nothing */
    *parts = HO_NEW(ho_report_part, labels->count);
    if (*parts == NULL) return ho_fail_memory(err, labels->count * sizeof **parts, "parts of the day");
    *count = labels->count;
    for (size_t i = 0; i < labels->count; i++)
        (*parts)[i].label = labels->items[i];
    return HO_OK;
}

static int by_label(const void *a, const void *b)
{
    const ho_report_part *x = a, *y = b;
    return strcmp(x->label, y->label);
}

static void add(ho_report_part *parts, int32_t label, double pnl)
{
    if (parts == NULL || label < 0) return;
    parts[label].rows++;
    parts[label].wins += pnl > 0;
    parts[label].total += pnl;
}

ho_status ho_details_parts(const ho_details_of *of, ho_report_details *d, ho_error *err)
{
    const ho_panel *rows = of->rows;
    HO_TRY(make_parts(&rows->zones, &d->zones, &d->zone_count, err));
    HO_TRY(make_parts(&rows->regimes, &d->regimes, &d->regime_count, err));
    if (d->zones == NULL && d->regimes == NULL) return HO_OK;
    for (size_t t = 0; t < rows->values.rows; t++) {
        const double *row = ho_panel_row(rows, t);
        double pnl = 0;
        for (size_t k = 0; k < d->size; k++)
            pnl += row[of->best->members[k]];
        add(d->zones, rows->periods[t].zone, pnl);
        add(d->regimes, rows->periods[t].regime, pnl);
    }
    if (d->zone_count > 1) qsort(d->zones, d->zone_count, sizeof *d->zones, by_label);
    if (d->regime_count > 1) qsort(d->regimes, d->regime_count, sizeof *d->regimes, by_label);
    return HO_OK;
}
