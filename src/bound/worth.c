#include "bound/worth.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <string.h>

enum { MOST_CANDIDATES = 192, PASSES = 3, WALKED = 7 };

double ho_bound_worth(const ho_bound_goal *g, double total, double depth, double pairs)
{
    const bool halved = g->shape != HO_BOUND_TOTAL && depth < g->halved_below;
    const double penalty = g->pair_weight != 0 ? g->pair_weight * pairs * (halved ? 0.5 : 1) : 0;
    if (g->shape == HO_BOUND_TOTAL) return g->factor * total - penalty;
    if (g->shape == HO_BOUND_DEPTH) return -depth - penalty;
    if (depth > g->none) return g->constant + total / depth - penalty;
    return g->constant + (total > 0 ? g->gain_rate : g->loss_rate) * total - penalty;
}

ho_status ho_rounder_new(const ho_bound_base *base, ho_rounder *rounder, ho_error *err)
{
    const size_t periods = base->periods;
    ho_rounder r = {.base = base,
                    .size = base->size,
                    .best = -INFINITY,
                    .columns = HO_NEW(uint32_t, 2 * MOST_CANDIDATES),
                    .x = HO_NEW(double, periods *MOST_CANDIDATES),
                    .sum = HO_NEW(double, 4 * periods),
                    .walked = HO_NEW(double, WALKED *MOST_CANDIDATES),
                    .members = HO_NEW(uint32_t, 2 * base->size)};
    if (r.columns == NULL || r.x == NULL || r.sum == NULL || r.walked == NULL || r.members == NULL) {
        ho_rounder_free(&r);
        return ho_fail_memory(err, periods * MOST_CANDIDATES * sizeof(double), "a rounding");
    }
    r.trial = r.members + base->size;
    r.held = r.columns + MOST_CANDIDATES;
    r.lean = r.sum + periods;
    r.rest = r.sum + 2 * periods;
    r.rest_lean = r.sum + 3 * periods;
    *rounder = r;
    return HO_OK;
}

void ho_rounder_free(ho_rounder *r)
{
    free(r->columns);
    free(r->x);
    free(r->sum);
    free(r->walked);
    free(r->members);
    *r = (ho_rounder){0};
}

static double depth_of(const ho_rounder *r, const double *series)
{
    const ho_bound_depth kind = r->base->goal.depth;
    double equity = 0, depth = 0, losses = 0, peak = kind == HO_DEPTH_FROM_FIRST ? -INFINITY : 0;
    for (size_t t = 0; t < r->base->periods; t++) {
        equity += series[t];
        peak = equity > peak ? equity : peak;
        depth = peak - equity > depth ? peak - equity : depth;
        losses += series[t] < 0 ? -series[t] : 0;
    }
    return kind == HO_DEPTH_LOSSES ? losses : depth;
}

double ho_rounder_worth(ho_rounder *r, const uint32_t *members)
{
    const ho_bound_columns *cs = &r->base->columns;
    double total = 0, square = 0, varying = 0;
    for (size_t i = 0; i < r->size; i++)
        varying += cs->scale[members[i]] != 0 ? 1 : 0;
    for (size_t t = 0; t < r->base->periods; t++) {
        const double *row = ho_matrix_row(&cs->x, t);
        double sum = 0, lean = 0;
        for (size_t i = 0; i < r->size; i++) {
            sum += row[members[i]];
            lean += (row[members[i]] - cs->mean[members[i]]) * cs->scale[members[i]];
        }
        r->rest[t] = sum / r->base->goal.divisor;
        total += r->rest[t];
        square += lean * lean;
    }
    return ho_bound_worth(&r->base->goal, total, depth_of(r, r->rest), square - varying);
}

static void add_member(ho_rounder *r, size_t candidate, double times, double *sum, double *lean)
{
    const ho_bound_columns *cs = &r->base->columns;
    const double mean = cs->mean[r->columns[candidate]], scale = cs->scale[r->columns[candidate]];
    for (size_t t = 0; t < r->base->periods; t++) {
        const double x = r->x[t * MOST_CANDIDATES + candidate];
        sum[t] += times * x;
        lean[t] += times * (x - mean) * scale;
    }
}

static double square_of(const double *a, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += a[i] * a[i];
    return sum;
}

/* The candidate that is best beside the series `sum`, whose members have `pairs`; *worth of them together. */
static size_t best_beside(ho_rounder *r, const double *sum, const double *lean, double pairs, double *worth)
{
    const ho_bound_columns *cs = &r->base->columns;
    const ho_bound_goal *g = &r->base->goal;
    double *room[WALKED], leaning = 0;
    for (size_t i = 0; i < WALKED; i++)
        room[i] = r->walked + i * MOST_CANDIDATES;
    const ho_walked walked = {.sum = room[0],
                              .drawdown = room[1],
                              .dot = room[2],
                              .wins = room[3],
                              .losses = room[4],
                              .gain = room[5],
                              .loss = room[6]};
    const ho_scan scan = {.periods = r->base->periods,
                          .stride = MOST_CANDIDATES,
                          .x = r->x,
                          .base = sum,
                          .v = lean,
                          .start_peak = g->depth == HO_DEPTH_FROM_FIRST ? -INFINITY : 0};
    for (size_t t = 0; t < r->base->periods; t++)
        leaning += lean[t];
    if (g->depth == HO_DEPTH_LOSSES)
        cs->kernels->scan_counts(&scan, r->count, &walked);
    else
        cs->kernels->scan(&scan, r->count, &walked);
    size_t best = r->count;
    for (size_t i = 0; i < r->count; i++) {
        const uint32_t j = r->columns[i];
        if (r->held[i] >= cs->most[j]) continue;
        const double depth = g->depth == HO_DEPTH_LOSSES ? walked.loss[i] : walked.drawdown[i];
        const double all = pairs + 2 * (walked.dot[i] - cs->mean[j] * leaning) * cs->scale[j];
        const double value = ho_bound_worth(g, walked.sum[i] / g->divisor, depth / g->divisor, all);
        if (best < r->count && !(value > *worth)) continue;
        best = i;
        *worth = value;
    }
    return best;
}

static bool is_candidate(const ho_rounder *r, const ho_solver *s, size_t entry, bool with_share, double reach)
{
    const uint32_t j = s->programme->entries[entry];
    const bool shares = s->programme->values[entry + HO_OWN_COLUMNS] > 1e-9 || r->base->columns.least[j] > 0;
    if (r->base->columns.most[j] == 0 || shares != with_share) return false;
    return with_share || s->gains[j] >= -reach;
}

/* The columns to choose among, and the whole part of their shares; how many members those are. */
static size_t begin(ho_rounder *r, const ho_solver *s, double reach)
{
    const ho_programme *p = s->programme;
    const ho_bound_columns *cs = &r->base->columns;
    size_t held = 0;
    r->count = 0;
    for (size_t i = 0; i < 2 * p->entry_count && r->count < MOST_CANDIDATES; i++) {
        const size_t entry = i % p->entry_count;
        if (!is_candidate(r, s, entry, i < p->entry_count, reach)) continue;
        const uint32_t j = p->entries[entry];
        const double share = p->values[entry + HO_OWN_COLUMNS];
        uint32_t whole = share > 0 ? (uint32_t)(share + 1e-6) : 0;
        whole = whole < cs->least[j] ? cs->least[j] : whole > cs->most[j] ? cs->most[j] : whole;
        r->columns[r->count] = j;
        r->held[r->count++] = whole;
        held += whole;
    }
    for (size_t t = 0; t < r->base->periods; t++) {
        const double *row = ho_matrix_row(&cs->x, t);
        for (size_t i = 0; i < r->count; i++)
            r->x[t * MOST_CANDIDATES + i] = row[r->columns[i]];
    }
    return held;
}

static double pairs_of(const ho_rounder *r, const double *lean)
{
    double varying = 0;
    for (size_t i = 0; i < r->count; i++)
        varying += r->base->columns.scale[r->columns[i]] != 0 ? r->held[i] : 0;
    return square_of(lean, r->base->periods) - varying;
}

/* Adds the best candidates until the set is whole. False: there are too few. */
static bool fill(ho_rounder *r, size_t held)
{
    memset(r->sum, 0, 2 * r->base->periods * sizeof *r->sum); /* and r->lean */
    for (size_t i = 0; i < r->count; i++) {
        if (r->held[i] > 0) add_member(r, i, r->held[i], r->sum, r->lean);
    }
    for (; held < r->size; held++) {
        double worth = -INFINITY;
        const size_t best = best_beside(r, r->sum, r->lean, pairs_of(r, r->lean), &worth);
        if (best == r->count) return false;
        r->held[best]++;
        add_member(r, best, 1, r->sum, r->lean);
    }
    if (held != r->size) return false;
    double total = 0;
    for (size_t t = 0; t < r->base->periods; t++)
        total += r->sum[t];
    const double divisor = r->base->goal.divisor;
    r->worth =
        ho_bound_worth(&r->base->goal, total / divisor, depth_of(r, r->sum) / divisor, pairs_of(r, r->lean));
    return true;
}

/* Exchanges members in turn. */
static void exchange(ho_rounder *r)
{
    const size_t periods = r->base->periods;
    const ho_bound_columns *cs = &r->base->columns;
    bool gained = true;
    for (int pass = 0; pass < PASSES && gained; pass++) {
        gained = false;
        for (size_t i = 0; i < r->count; i++) {
            if (r->held[i] <= cs->least[r->columns[i]]) continue;
            double worth = -INFINITY;
            memcpy(r->rest, r->sum, 2 * periods * sizeof *r->sum); /* and r->lean */
            add_member(r, i, -1, r->rest, r->rest_lean);
            r->held[i]--;
            const size_t best = best_beside(r, r->rest, r->rest_lean, pairs_of(r, r->rest_lean), &worth);
            const bool better = worth > r->worth + 1e-12 * fabs(r->worth);
            r->held[better ? best : i]++;
            if (!better) continue;
            gained = true;
            r->worth = worth;
            memcpy(r->sum, r->rest, 2 * periods * sizeof *r->sum);
            add_member(r, best, 1, r->sum, r->lean);
        }
    }
}

void ho_rounder_try(ho_rounder *r, const ho_solver *s, double reach)
{
    if (s->programme->state != HO_LP_OPTIMAL) return;
    const size_t held = begin(r, s, reach);
    if (held > r->size || !fill(r, held)) return;
    exchange(r);
    if (!(r->worth > r->best)) return;
    size_t at = 0;
    for (size_t i = 0; i < r->count; i++) {
        for (uint32_t copy = 0; copy < r->held[i]; copy++)
            r->trial[at++] = r->columns[i];
    }
    const double worth = ho_rounder_worth(r, r->trial);
    if (!(worth > r->best)) return;
    r->best = worth;
    memcpy(r->members, r->trial, r->size * sizeof *r->trial);
}
