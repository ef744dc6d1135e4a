/* How the members of a portfolio go together: correlations of values and of ranks, and what they leave of K bets. */
#include "base/error.h"
#include "base/memory.h"
#include "panel/panel.h"
#include "stats/stats.h"

#include <heavyopt/metrics.h>
#include <math.h>

typedef struct place {
    double value;
    size_t period;
} place;

static int by_value(const void *a, const void *b)
{
    const place *x = a, *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

/* Ranks from 1 on; equal values share the mean of their ranks. */
static void rank(const ho_panel *panel, uint32_t member, place *order, double *ranks, size_t stride)
{
    const size_t n = ho_panel_periods(panel);
    for (size_t t = 0; t < n; t++)
        order[t] = (place){ho_panel_row(panel, t)[member], t};
    qsort(order, n, sizeof *order, by_value);
    for (size_t first = 0, last; first < n; first = last) {
        for (last = first + 1; last < n && order[last].value == order[first].value;)
            last++;
        for (size_t t = first; t < last; t++)
            ranks[order[t].period * stride] = (double)(first + 1 + last) / 2;
    }
}

static ho_status average_of_ranks(const ho_panel *panel, const uint32_t *members, size_t count,
                                  double *average, ho_error *err)
{
    const size_t n = ho_panel_periods(panel);
    double *ranks = ho_new_array(count, n * sizeof *ranks);
    place *order = HO_NEW(place, n);
    uint32_t *all = HO_NEW(uint32_t, count);
    ho_status status = HO_OK;
    if (ranks == NULL || order == NULL || all == NULL)
        status = ho_fail_memory(err, count * n * sizeof *ranks, "ranks");
    for (uint32_t k = 0; k < count && status == HO_OK; k++) {
        all[k] = k;
        rank(panel, members[k], order, ranks + k, count);
    }
    const ho_member_columns columns = {ranks, count, n, all, count};
    if (status == HO_OK) status = ho_average_correlation(&columns, average, err);
    free(ranks);
    free(order);
    free(all);
    return status;
}

static ho_status walk_pairs(const ho_member_columns *columns, double threshold, ho_relations *r,
                            ho_error *err)
{
    const size_t k = columns->count;
    double *matrix = ho_new_array(k, k * sizeof *matrix), sum = 0;
    if (matrix == NULL) return ho_fail_memory(err, k * k * sizeof *matrix, "correlations");
    ho_status status = ho_correlation_matrix(columns, matrix, err);
    for (size_t i = 0; i < k && status == HO_OK; i++) {
        for (size_t j = i + 1; j < k; j++) {
            const double value = matrix[i * k + j];
            r->pairs++;
            r->close += value > threshold;
            sum += fabs(value);
            if (value <= r->largest) continue;
            r->largest = value;
            r->first = columns->members[i];
            r->second = columns->members[j];
        }
    }
    free(matrix);
    if (r->pairs == 0) r->largest = NAN;
    r->absolute = r->pairs > 0 ? sum / (double)r->pairs : 0;
    return status;
}

static ho_status diversify(const ho_member_columns *columns, double *ratio, ho_error *err)
{
    const size_t n = columns->periods;
    double *series = HO_NEW(double, n), sum = 0;
    if (series == NULL) return ho_fail_memory(err, n * sizeof *series, "a strategy's series");
    for (size_t k = 0; k < columns->count; k++) {
        for (size_t t = 0; t < n; t++)
            series[t] = columns->data[t * columns->stride + columns->members[k]];
        sum += ho_moments_of(series, n).sd1;
    }
    ho_members_sum(columns, series);
    const double together = ho_moments_of(series, n).sd1;
    *ratio = together > 0 ? sum / together : NAN;
    free(series);
    return HO_OK;
}

ho_status ho_portfolio_relations(const ho_panel *panel, const uint32_t *members, size_t count,
                                 double threshold, ho_relations *relations, ho_error *err)
{
    ho_relations r = {.largest = -INFINITY};
    HO_TRY(ho_portfolio_correlation(panel, members, count, &r.pearson, err)); /* refuses strangers */
    const ho_member_columns columns = {panel->values.data, ho_panel_stride(panel), ho_panel_periods(panel),
                                       members, count};
    HO_TRY(average_of_ranks(panel, members, count, &r.spearman, err));
    HO_TRY(walk_pairs(&columns, threshold, &r, err));
    HO_TRY(diversify(&columns, &r.diversification, err));
    r.effective_bets = (double)count / (1 + ((double)count - 1) * fmax(r.pearson, 0));
    *relations = r;
    return HO_OK;
}
