/* Kelly's fractions of the members of a portfolio, and what they come to in rupees and lots. */
#include "base/error.h"
#include "base/memory.h"
#include "metrics/measures.h"

#include <math.h>

static double clipped(const ho_kelly_settings *s, double raw)
{
    return raw > s->least ? fmin(raw, s->most) : s->least; /* undefined: the least */
}

static double measure(const char *key, const ho_facts *facts)
{
    return ho_measure_at((size_t)ho_metric_find(key))->value(facts);
}

static void fill_member(const ho_kelly_settings *s, const ho_facts *facts, ho_kelly_member *m)
{
    const double most_volatile = .5;
    const double p = measure(s->active ? "win_rate_active" : "win_rate", facts);
    m->raw = p - (1 - p) / measure("payoff_ratio", facts);
    m->fraction = clipped(s, m->raw);
    m->expected_growth = measure("expectancy_legacy", facts);
    const double volatility = measure("volatility", facts) / s->capital;
    m->risk_adjusted =
        m->fraction * s->confidence * (1 - (volatility < most_volatile ? volatility : most_volatile));
    m->risk_adjusted = m->risk_adjusted > s->least ? m->risk_adjusted : s->least;
}

/* The weights before they are scaled. */
static void choose_weights(const ho_kelly_settings *s, bool any, ho_kelly_member *members, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        ho_kelly_member *m = &members[k];
        m->weight = m->fraction;
        if (s->fallback == HO_KELLY_EXCLUDE && !(m->raw > 0)) m->weight = 0;
        if (!any && s->fallback == HO_KELLY_EQUAL) m->weight = 1 / (double)count;
        if (!any && s->fallback == HO_KELLY_LEAST) m->weight = s->least;
    }
}

static void allocate(const ho_kelly_settings *s, ho_kelly_member *members, size_t count, ho_kelly *kelly)
{
    double sum = 0;
    size_t with_edge = 0;
    for (size_t k = 0; k < count; k++)
        with_edge += members[k].raw > 0;
    choose_weights(s, with_edge > 0, members, count);
    for (size_t k = 0; k < count; k++)
        sum += members[k].weight;
    const double most = s->use_leverage ? s->max_leverage : 1;
    const double scale = sum > most ? most / sum : 1;
    *kelly = (ho_kelly){.leverage = sum * scale, .with_edge = with_edge};
    for (size_t k = 0; k < count; k++) {
        ho_kelly_member *m = &members[k];
        m->weight *= scale;
        m->allocated = m->weight * s->capital;
        kelly->allocated += m->allocated;
        if (!(s->lot_capital > 0)) continue;
        m->lots = floor(m->allocated / s->lot_capital);
        m->rounded_away = m->allocated - m->lots * s->lot_capital;
        kelly->lots += m->lots;
        kelly->rounded_away += m->rounded_away;
    }
}

ho_status ho_kelly_size(const ho_panel *panel, const uint32_t *members, size_t count,
                        const ho_kelly_settings *s, ho_kelly_member *sized, ho_kelly *kelly, ho_error *err)
{
    const size_t periods = ho_panel_periods(panel);
    const ho_metric_settings settings = {.periods_per_year = s->periods_per_year};
    double *series = HO_NEW(double, 2 * periods);
    if (series == NULL) return ho_fail_memory(err, 2 * periods * sizeof *series, "a strategy's series");
    for (size_t k = 0; k < count; k++) {
        for (size_t t = 0; t < periods; t++)
            series[t] = ho_panel_row(panel, t)[members[k]];
        const ho_facts facts = ho_facts_of(series, periods, &settings, series + periods);
        sized[k] = (ho_kelly_member){0};
        fill_member(s, &facts, &sized[k]);
    }
    free(series);
    allocate(s, sized, count, kelly);
    return HO_OK;
}
