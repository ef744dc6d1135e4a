/* Small random problems of every kind of data that has ever been awkward, and their best sets, straight from the
 * definition. */
#ifndef HO_TESTS_BOUND_PROBLEMS_H
#define HO_TESTS_BOUND_PROBLEMS_H

#include "test.h"

#include "base/rng.h"
#include "panel/panel.h"

#include <heavyopt/bound.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 9, LONGEST = 14, GROUPS = 3 }; /* strategies, periods */

typedef struct problem {
    ho_panel *panel;
    size_t n, periods, size;
    uint8_t allowed[MOST];
    uint32_t include[MOST];
    size_t include_count;
    uint32_t group[MOST], most[GROUPS], least[GROUPS];
    uint64_t apart[MOST]; /* a strategy: those that may not be with it, bit j for j */
    ho_grouping grouping;
    ho_conflicts conflicts;
    bool grouped, conflicting;
    ho_bound_goal goal;
} problem;

static inline ho_panel *panel_of(size_t periods, size_t n)
{
    ho_panel *panel = NULL;
    ho_error err;
    assert_ok(ho_panel_new(periods, n, &panel, &err));
    return panel;
}

static inline double *cell(const problem *p, size_t t, size_t j)
{
    return ho_matrix_row(&p->panel->values, t) + j;
}

/* Kinds of tables: plain, whole numbers, losing, winning, with equal, opposite and constant columns, tiny, huge. */
static inline void fill_panel(problem *p, ho_rng *rng, unsigned kind)
{
    for (size_t t = 0; t < p->periods; t++) {
        for (size_t j = 0; j < p->n; j++) {
            double x = 1000 * ho_rng_normal(rng);
            if (kind % 8 == 1) x = (double)((int)ho_rng_below(rng, 9) - 4);
            if (kind % 8 == 2) x = -fabs(x);
            if (kind % 8 == 3) x = fabs(x);
            if (kind % 8 == 4) x = 0.01 * ho_rng_normal(rng);
            if (kind % 8 == 5) x = 1e7 * ho_rng_normal(rng);
            if (kind % 8 == 6) x += 400;
            *cell(p, t, j) = x;
        }
    }
    for (size_t j = 1; j < p->n; j++) {
        uint32_t draw = ho_rng_below(rng, 8), other = ho_rng_below(rng, (uint32_t)j);
        double level = (double)((int)ho_rng_below(rng, 5) - 2);
        for (size_t t = 0; t < p->periods; t++) {
            if (draw == 0) *cell(p, t, j) = *cell(p, t, other);
            if (draw == 1) *cell(p, t, j) = -*cell(p, t, other);
            if (draw == 2) *cell(p, t, j) = level;
        }
    }
}

static inline void draw_goal(problem *p, ho_rng *rng)
{
    static const double thresholds[] = {0, 0, 0, 0, 1e-7, 300, 2000};
    const double k = (double)p->size;
    ho_bound_goal *g = &p->goal;
    *g = (ho_bound_goal){.shape = (ho_bound_shape)ho_rng_below(rng, 3),
                         .depth = (ho_bound_depth)ho_rng_below(rng, 3),
                         .divisor = ho_rng_below(rng, 2) ? k : 1,
                         .factor = ho_rng_below(rng, 2) ? 1 : 0.1,
                         .none = 1e-6};
    if (ho_rng_below(rng, 2)) g->shape = HO_BOUND_QUOTIENT;
    if (g->depth == HO_DEPTH_LOSSES)
        g->constant = 1;
    else
        g->gain_rate = 100, g->loss_rate = 10;
    if (p->size > 1 && ho_rng_below(rng, 4) != 0) g->pair_weight = 10 / (k * (k - 1));
    g->halved_below = thresholds[ho_rng_below(rng, sizeof thresholds / sizeof *thresholds)];
}

/* Groups with a largest and a smallest count, and pairs that may not be together, on top of a problem. */
static inline void draw_rules(problem *p, uint64_t number)
{
    ho_rng rng = ho_rng_new(number, "rules", 0);
    p->grouped = ho_rng_below(&rng, 3) == 0;
    p->conflicting = ho_rng_below(&rng, 4) == 0;
    for (uint32_t j = 0; j < p->n; j++) {
        p->group[j] = ho_rng_below(&rng, GROUPS + 1);
        if (p->group[j] == GROUPS) p->group[j] = HO_NOBODY;
        const uint32_t other = ho_rng_below(&rng, (uint32_t)p->n);
        if (other == j || ho_rng_below(&rng, 2)) continue;
        p->apart[j] |= (uint64_t)1 << other;
        p->apart[other] |= (uint64_t)1 << j;
    }
    for (size_t g = 0; g < GROUPS; g++) {
        p->least[g] = ho_rng_below(&rng, 4) == 0;
        p->most[g] = p->least[g] + ho_rng_below(&rng, 3);
    }
}

static inline const uint64_t *apart_row(const void *data, uint32_t strategy)
{
    const problem *p = data;
    return p->apart[strategy] != 0 ? &p->apart[strategy] : NULL;
}

static inline problem draw_problem(uint64_t number)
{
    ho_rng rng = ho_rng_new(number, "problems", 0);
    problem p = {.n = 1 + ho_rng_below(&rng, MOST), .periods = 1 + ho_rng_below(&rng, LONGEST)};
    p.panel = panel_of(p.periods, p.n);
    fill_panel(&p, &rng, ho_rng_below(&rng, 8));
    const bool restricted = ho_rng_below(&rng, 3) == 0;
    size_t allowed = 0;
    for (size_t j = 0; j < p.n; j++) {
        p.allowed[j] = !restricted || ho_rng_below(&rng, 4) != 0 || j == 0;
        allowed += p.allowed[j];
    }
    p.size = 1 + ho_rng_below(&rng, (uint32_t)allowed);
    for (uint32_t j = 0; j < p.n && restricted; j++) {
        if (p.allowed[j] && p.include_count < p.size && ho_rng_below(&rng, 5) == 0)
            p.include[p.include_count++] = j;
    }
    draw_goal(&p, &rng);
    return p;
}

static inline ho_problem problem_of(problem *p)
{
    p->grouping = (ho_grouping){
        .name = "groups", .groups = GROUPS, .group = p->group, .most = p->most, .least = p->least};
    p->conflicts = (ho_conflicts){.name = "conflicts", .data = p, .row = apart_row};
    return (ho_problem){.candidates = p->n,
                        .size = p->size,
                        .allowed = p->allowed,
                        .include = p->include,
                        .include_count = p->include_count,
                        .groupings = &p->grouping,
                        .grouping_count = p->grouped,
                        .conflicts = &p->conflicts,
                        .conflict_count = p->conflicting};
}

static inline void series_of(const problem *p, unsigned set, double *r)
{
    for (size_t t = 0; t < p->periods; t++) {
        r[t] = 0;
        for (size_t j = 0; j < p->n; j++)
            r[t] += set >> j & 1 ? *cell(p, t, j) : 0;
        r[t] /= p->goal.divisor;
    }
}

/* Straight from the definition, pair by pair. */
static inline double pairs_of(const problem *p, unsigned set)
{
    double sum = 0;
    for (size_t a = 0; a < p->n; a++) {
        for (size_t b = 0; b < p->n; b++) {
            if (a == b || !(set >> a & 1) || !(set >> b & 1)) continue;
            double ma = 0, mb = 0, aa = 0, bb = 0, ab = 0;
            bool va = false, vb = false;
            for (size_t t = 0; t < p->periods; t++) {
                ma += *cell(p, t, a) / (double)p->periods;
                mb += *cell(p, t, b) / (double)p->periods;
                va |= *cell(p, t, a) != *cell(p, 0, a);
                vb |= *cell(p, t, b) != *cell(p, 0, b);
            }
            for (size_t t = 0; t < p->periods; t++) {
                aa += (*cell(p, t, a) - ma) * (*cell(p, t, a) - ma);
                bb += (*cell(p, t, b) - mb) * (*cell(p, t, b) - mb);
                ab += (*cell(p, t, a) - ma) * (*cell(p, t, b) - mb);
            }
            if (va && vb) sum += ab / sqrt(aa * bb);
        }
    }
    return sum;
}

static inline double depth_of(const problem *p, const double *r)
{
    double equity = 0, peak = p->goal.depth == HO_DEPTH_FROM_FIRST ? -INFINITY : 0, depth = 0, losses = 0;
    for (size_t t = 0; t < p->periods; t++) {
        equity += r[t];
        peak = fmax(peak, equity);
        depth = fmax(depth, peak - equity);
        losses += fmax(0, -r[t]);
    }
    return p->goal.depth == HO_DEPTH_LOSSES ? losses : depth;
}

static inline double value_of(const problem *p, unsigned set)
{
    const ho_bound_goal *g = &p->goal;
    double r[LONGEST], total = 0;
    series_of(p, set, r);
    for (size_t t = 0; t < p->periods; t++)
        total += r[t];
    const double depth = depth_of(p, r);
    double penalty = g->pair_weight != 0 ? g->pair_weight * pairs_of(p, set) : 0;
    if (depth < g->halved_below) penalty /= 2;
    if (g->shape == HO_BOUND_TOTAL)
        return g->factor * total - g->pair_weight * (g->pair_weight != 0 ? pairs_of(p, set) : 0);
    if (g->shape == HO_BOUND_DEPTH) return -depth - penalty;
    if (depth > g->none) return g->constant + total / depth - penalty;
    return g->constant + (total > 0 ? g->gain_rate : g->loss_rate) * total - penalty;
}

static inline bool keeps_rules(const problem *p, unsigned set)
{
    uint32_t counts[GROUPS + 1] = {0};
    for (size_t j = 0; j < p->n; j++) {
        if (!(set >> j & 1)) continue;
        if (p->conflicting && (p->apart[j] & set) != 0) return false;
        counts[p->group[j] == HO_NOBODY ? GROUPS : p->group[j]]++;
    }
    for (size_t g = 0; g < GROUPS && p->grouped; g++) {
        if (counts[g] < p->least[g] || counts[g] > p->most[g]) return false;
    }
    return true;
}

static inline bool is_set(const problem *p, unsigned set)
{
    size_t count = 0;
    for (size_t j = 0; j < p->n; j++) {
        if (!(set >> j & 1)) continue;
        if (!p->allowed[j]) return false;
        count++;
    }
    for (size_t i = 0; i < p->include_count; i++) {
        if (!(set >> p->include[i] & 1)) return false;
    }
    return count == p->size && keeps_rules(p, set);
}

static inline double best_of(const problem *p)
{
    double best = -INFINITY;
    for (unsigned set = 1; set < 1u << p->n; set++) {
        if (is_set(p, set)) best = fmax(best, value_of(p, set));
    }
    return best;
}

/* A hundred and twenty strategies of one market, some of them equal. */
static inline ho_panel *draw_market(size_t periods, size_t n)
{
    ho_panel *panel = panel_of(periods, n);
    ho_rng rng = ho_rng_new(3, "market", 0);
    for (size_t t = 0; t < periods; t++) {
        const double day = ho_rng_normal(&rng);
        double *row = ho_matrix_row(&panel->values, t);
        for (size_t j = 0; j < n; j++)
            row[j] = 60 + 400 * day + 1000 * ho_rng_normal(&rng);
        for (size_t j = 7; j < n; j += 7)
            row[j] = row[j - 1];
    }
    return panel;
}

enum { MARKET = 120, DAYS = 40, MEMBERS = 10 };

static const ho_bound_goal market_goal = {.shape = HO_BOUND_QUOTIENT,
                                          .depth = HO_DEPTH_FROM_FIRST,
                                          .divisor = MEMBERS,
                                          .none = 1e-6,
                                          .gain_rate = 100,
                                          .loss_rate = 10,
                                          .pair_weight = 10.0 / (MEMBERS * (MEMBERS - 1))};

#endif
