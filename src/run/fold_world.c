/* What would have been earned: the table's own profit and loss on the days that a run uses. */
#include "base/error.h"
#include "base/memory.h"
#include "panel/panel.h"
#include "run/walkforward.h"
#include "stats/stats.h"

#include <math.h>
#include <stdlib.h>

ho_side ho_side_of(const double *series, size_t periods)
{
    ho_side s = {.periods = periods};
    double peak = 0;
    const ho_moments m = ho_moments_of(series, periods);
    for (size_t t = 0; t < periods; t++) {
        s.total += series[t];
        peak = s.total > peak ? s.total : peak;
        s.drawdown = peak - s.total > s.drawdown ? peak - s.total : s.drawdown;
    }
    const double none = 1e-6; /* rupees: as the measure roi_dd_ratio */
    s.ratio = s.drawdown > none ? s.total / s.drawdown : s.total > 0 ? INFINITY : s.total < 0 ? -INFINITY : 0;
    s.mean = m.mean;
    s.sharpe = m.sd1 > 0 ? m.mean / m.sd1 : NAN;
    return s;
}

bool ho_side_is_better(const ho_side *a, const ho_side *b)
{
    return a->ratio > b->ratio || (a->ratio == b->ratio && a->total > b->total);
}

void ho_world_clear(ho_world *world)
{
    ho_regimes_clear(&world->regimes);
    ho_day_zones_clear(&world->zones);
    ho_input_clear(&world->input);
    free(world->dates);
    free(world->first);
    *world = (ho_world){.dates = NULL};
}

static ho_status find_days(ho_world *w, ho_error *err)
{
    const ho_panel *panel = w->input.panel;
    const size_t periods = ho_panel_periods(panel);
    w->dates = HO_NEW(int32_t, periods);
    w->first = HO_NEW(size_t, periods + 1);
    if (w->dates == NULL || w->first == NULL)
        return ho_fail_memory(err, periods * sizeof *w->first, "the days");
    for (size_t t = 0; t < periods; t++) {
        const int32_t date = ho_panel_period(panel, t)->date;
        if (w->days > 0 && w->dates[w->days - 1] == date) continue;
        w->dates[w->days] = date;
        w->first[w->days++] = t;
    }
    w->first[w->days] = periods;
    return HO_OK;
}

ho_status ho_world_make(const ho_walkforward_settings *settings, const ho_input *base, ho_world *world,
                        ho_error *err)
{
    const ho_panel *read = ho_input_rows(base);
    ho_regime_settings regimes = settings->optimize.regimes;
    char off[] = "off";
    ho_panel *rows = NULL;
    regimes.weights = off;
    HO_TRY(ho_panel_cut(read, 0, ho_panel_periods(read), NULL, ho_panel_strategies(read), &rows, err));
    HO_TRY(ho_input_of_rows(&settings->optimize.in, rows, &world->input, err));
    HO_TRY(ho_day_zones_shape(&settings->optimize.zones, ho_optimization_zone_use(&settings->optimize),
                              settings->optimize.in.period, NULL, &world->input, &world->zones, err));
    HO_TRY(
        ho_regimes_shape(&regimes, settings->optimize.in.period, NULL, &world->input, &world->regimes, err));
    world->regimes.settings = NULL;
    return find_days(world, err);
}

ho_status ho_world_series(const ho_world *w, const uint8_t *use, ho_fold_use wanted, const uint32_t *members,
                          const double *signs, size_t count, double **series, ho_side *side, ho_error *err)
{
    size_t length = 0;
    for (size_t d = 0; d < w->days; d++)
        length += use[d] == wanted ? w->first[d + 1] - w->first[d] : 0;
    double *out = HO_NEW(double, length);
    if (out == NULL) return ho_fail_memory(err, length * sizeof *out, "a portfolio's series");
    size_t at = 0;
    for (size_t d = 0; d < w->days; d++) {
        for (size_t t = w->first[d]; use[d] == wanted && t < w->first[d + 1]; t++, at++) {
            const double *row = ho_panel_row(w->input.panel, t);
            for (size_t k = 0; k < count; k++)
                out[at] += signs != NULL ? signs[k] * row[members[k]] : row[members[k]];
        }
    }
    *series = out;
    *side = ho_side_of(out, length);
    return HO_OK;
}
