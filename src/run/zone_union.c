#include "run/zone_union.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"

#include <math.h>

void ho_zone_union_clear(ho_report_zones *z)
{
    for (size_t i = 0; i < z->count; i++) {
        ho_report_zone *zone = &z->zones[i];
        free(zone->of_sizes);
        free(zone->members);
        free(zone->metrics);
        free(zone->series);
        free(zone->dates);
    }
    free(z->zones);
    free(z->jaccard);
    free(z->correlation);
    free(z->common);
    free(z->members);
    free(z->member_zone);
    free(z->metrics);
    *z = (ho_report_zones){.count = 0};
}

static void allocate_capital(ho_report_zones *z)
{
    const int total = ho_metric_find("total_roi");
    double sum = 0;
    for (size_t i = 0; i < z->count; i++)
        sum += fmax(.01, z->zones[i].metrics[total]);
    for (size_t i = 0; i < z->count; i++)
        z->zones[i].allocation = fmax(.01, z->zones[i].metrics[total]) / sum;
}

/* Both are ascending. */
static double jaccard(const ho_report_zone *a, const ho_report_zone *b)
{
    size_t both = 0;
    for (size_t i = 0, k = 0; i < a->size && k < b->size;) {
        const uint32_t x = a->members[i], y = b->members[k];
        both += x == y;
        i += x <= y;
        k += y <= x;
    }
    const size_t either = a->size + b->size - both;
    return either > 0 ? (double)both / (double)either : 0;
}

/* The sum of a date that begins at *t, and *t past it. */
static double take_date(const ho_report_zone *z, size_t *t)
{
    const int32_t date = z->dates[*t];
    double sum = 0;
    for (; *t < z->periods && z->dates[*t] == date; ++*t)
        sum += z->series[*t];
    return sum;
}

/* Two columns of the dates that both have, side by side; returns their number. */
static size_t join_dates(const ho_report_zone *a, const ho_report_zone *b, double *pairs)
{
    size_t count = 0;
    for (size_t i = 0, k = 0; i < a->periods && k < b->periods;) {
        const int32_t x = a->dates[i], y = b->dates[k];
        const double in_a = x <= y ? take_date(a, &i) : 0, in_b = y <= x ? take_date(b, &k) : 0;
        if (x != y) continue;
        pairs[2 * count] = in_a;
        pairs[2 * count++ + 1] = in_b;
    }
    return count;
}

/* Pearson's, 0 where one of the columns never changes, as everywhere. */
static double correlate(const double *pairs, size_t count)
{
    double mean[2] = {0, 0}, low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY}, xx = 0, yy = 0,
           xy = 0;
    for (size_t t = 0; t < count; t++) {
        for (size_t i = 0; i < 2; i++) {
            mean[i] += pairs[2 * t + i];
            low[i] = fmin(low[i], pairs[2 * t + i]);
            high[i] = fmax(high[i], pairs[2 * t + i]);
        }
    }
    if (!(high[0] > low[0]) || !(high[1] > low[1])) return 0;
    mean[0] /= (double)count;
    mean[1] /= (double)count;
    for (size_t t = 0; t < count; t++) {
        const double x = pairs[2 * t] - mean[0], y = pairs[2 * t + 1] - mean[1];
        xx += x * x;
        yy += y * y;
        xy += x * y;
    }
    return fmin(1, fmax(-1, xy / sqrt(xx) / sqrt(yy)));
}

static ho_status compare_zones(ho_report_zones *z, ho_error *err)
{
    const size_t n = z->count;
    size_t most = 0;
    for (size_t i = 0; i < n; i++)
        most = z->zones[i].periods > most ? z->zones[i].periods : most;
    z->jaccard = HO_NEW(double, n *n);
    z->correlation = HO_NEW(double, n *n);
    z->common = HO_NEW(size_t, n * n);
    double *pairs = HO_NEW(double, 2 * most);
    if (z->jaccard == NULL || z->correlation == NULL || z->common == NULL || pairs == NULL) {
        free(pairs);
        return ho_fail_memory(err, n * n * sizeof(double), "the zones' similarity");
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k <= i; k++) {
            const size_t count = join_dates(&z->zones[i], &z->zones[k], pairs);
            z->common[i * n + k] = z->common[k * n + i] = count;
            z->jaccard[i * n + k] = z->jaccard[k * n + i] = jaccard(&z->zones[i], &z->zones[k]);
            z->correlation[i * n + k] = z->correlation[k * n + i] = i == k ? 1 : correlate(pairs, count);
        }
    }
    free(pairs);
    return HO_OK;
}

/* The zone whose portfolio is worth most; of equals, the first. */
static size_t best_zone(const ho_report_zones *z)
{
    size_t best = 0;
    for (size_t i = 1; i < z->count; i++) {
        if (z->zones[i].fitness > z->zones[best].fitness) best = i;
    }
    return best;
}

/* Of a strategy in several zones: the zone of the largest weight; of equals, the first. */
static void join_members(ho_report_zones *z, const uint8_t *taken, uint32_t *owner, size_t strategies)
{
    for (size_t i = 0; i < z->count; i++) {
        const ho_report_zone *zone = &z->zones[i];
        for (size_t k = 0; k < zone->size && taken[i]; k++) {
            uint32_t *at = &owner[zone->members[k]];
            if (*at == UINT32_MAX || zone->weight > z->zones[*at].weight) *at = (uint32_t)i;
        }
    }
    for (uint32_t j = 0; j < strategies; j++) {
        if (owner[j] == UINT32_MAX) continue;
        z->members[z->size] = j;
        z->member_zone[z->size++] = owner[j];
    }
}

static ho_status combine(const char *combination, size_t strategies, ho_report_zones *z, ho_error *err)
{
    const bool one = ho_text_same(combination, "best_zone"),
               equal = ho_text_same(combination, "equal_weight");
    const size_t best = best_zone(z);
    size_t most = 0;
    for (size_t i = 0; i < z->count; i++)
        most += z->zones[i].size;
    z->combination = combination;
    z->members = HO_NEW(uint32_t, most);
    z->member_zone = HO_NEW(uint32_t, most);
    uint8_t *taken = HO_NEW(uint8_t, z->count);
    uint32_t *owner = HO_NEW(uint32_t, strategies);
    if (z->members == NULL || z->member_zone == NULL || taken == NULL || owner == NULL) {
        free(taken);
        free(owner);
        return ho_fail_memory(err, strategies * sizeof *owner, "the zones together");
    }
    for (size_t j = 0; j < strategies; j++)
        owner[j] = UINT32_MAX;
    z->fitness = one ? z->zones[best].fitness : 0;
    for (size_t i = 0; i < z->count; i++) {
        taken[i] = !one || i == best;
        if (!one) z->fitness += (equal ? 1 / (double)z->count : z->zones[i].weight) * z->zones[i].fitness;
    }
    join_members(z, taken, owner, strategies);
    free(taken);
    free(owner);
    return HO_OK;
}

static ho_status measure(const ho_panel *panel, const ho_metric_settings *measures, ho_report_zones *z,
                         ho_error *err)
{
    const size_t periods = ho_panel_periods(panel);
    double *series = HO_NEW(double, periods);
    z->metrics = HO_NEW(double, ho_metric_count());
    if (series == NULL || z->metrics == NULL) {
        free(series);
        return ho_fail_memory(err, periods * sizeof *series, "a portfolio's series");
    }
    ho_status status = ho_portfolio_series(panel, z->members, z->size, series, err);
    if (status == HO_OK) status = ho_metrics_of_series(series, periods, measures, z->metrics, err);
    free(series);
    return status;
}

ho_status ho_zone_union_make(const char *combination, const ho_panel *panel,
                             const ho_metric_settings *measures, ho_report_zones *z, ho_error *err)
{
    allocate_capital(z);
    HO_TRY(compare_zones(z, err));
    HO_TRY(combine(combination, ho_panel_strategies(panel), z, err));
    return measure(panel, measures, z, err);
}
