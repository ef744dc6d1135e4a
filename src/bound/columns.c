#include "bound/columns.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/rng.h"
#include "kernels/device/device.h"
#include "panel/panel.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Fingerprints: two weighted sums a column. Equal columns have equal ones; columns of equal ones are compared. */
typedef struct finder {
    const ho_matrix *x;
    double *a, *b;     /* by strategy */
    uint32_t *leader;  /* by strategy: the first of its column, HO_NOBODY: not to be chosen */
    uint32_t *slots;   /* hash table of leaders */
    size_t slot_count; /* a power of two */
} finder;

static uint64_t mix(double a, double b)
{
    uint64_t x, y;
    memcpy(&x, &a, sizeof x);
    memcpy(&y, &b, sizeof y);
    x = (x ^ (y << 23) ^ (y >> 41)) * 0x9e3779b97f4a7c15u;
    return x ^ (x >> 29);
}

/* The same rules hold for both, so that it does not matter which of them is in a set. */
static bool are_alike(const ho_problem *p, uint32_t a, uint32_t b)
{
    for (size_t i = 0; i < p->grouping_count; i++) {
        if (p->groupings[i].group[a] != p->groupings[i].group[b]) return false;
    }
    for (size_t i = 0; i < p->conflict_count; i++) {
        const ho_conflicts *c = &p->conflicts[i];
        if (c->row(c->data, a) != NULL || c->row(c->data, b) != NULL) return false;
    }
    return true;
}

static uint32_t find_leader(finder *f, const ho_problem *p, uint32_t j)
{
    size_t at = (size_t)mix(f->a[j], f->b[j]) & (f->slot_count - 1);
    while (f->slots[at] != HO_NOBODY) {
        uint32_t other = f->slots[at];
        if (f->a[other] == f->a[j] && f->b[other] == f->b[j] && are_alike(p, other, j)) return other;
        at = (at + 1) & (f->slot_count - 1);
    }
    f->slots[at] = j;
    return j;
}

/* Strategies that differ from the one that stands for them, an accident of fingerprints, stand for themselves. The slots
 * have done their work, and hold those that are to be looked at. */
static void check_leaders(finder *f)
{
    size_t count = 0;
    for (uint32_t j = 0; j < f->x->columns; j++) {
        if (f->leader[j] != HO_NOBODY && f->leader[j] != j) f->slots[count++] = j;
    }
    for (size_t t = 0; t < f->x->rows; t++) {
        const double *row = ho_matrix_row(f->x, t);
        for (size_t i = 0; i < count; i++) {
            const uint32_t j = f->slots[i];
            if (!(row[j] == row[f->leader[j]])) f->leader[j] = j;
        }
    }
}

static ho_status find_leaders(finder *f, const ho_kernels *kernels, const ho_device_numbers *on_device,
                              const ho_problem *p, ho_error *err)
{
    const size_t n = f->x->columns, periods = f->x->rows;
    f->slot_count = 16;
    while (f->slot_count < 2 * n)
        f->slot_count *= 2;
    f->a = HO_NEW(double, 2 * n);
    f->leader = HO_NEW(uint32_t, n);
    f->slots = HO_NEW(uint32_t, f->slot_count);
    double *weights = HO_NEW(double, 2 * periods);
    if (f->a == NULL || f->leader == NULL || f->slots == NULL || weights == NULL) {
        free(weights);
        return ho_fail_memory(err, 2 * n * sizeof *f->a, "the columns of a bound");
    }
    f->b = f->a + n;
    memset(f->slots, 0xff, f->slot_count * sizeof *f->slots);
    ho_rng rng = ho_rng_new(1, "fingerprints", 0);
    for (size_t t = 0; t < 2 * periods; t++)
        weights[t] = 1 + ho_rng_unit(&rng);
    if (!ho_device_numbers_weigh(on_device, weights, weights + periods, f->a, f->b))
        kernels->weigh(&(ho_weighing){.x = f->x->data,
                                      .stride = f->x->stride,
                                      .periods = periods,
                                      .columns = n,
                                      .a = weights,
                                      .b = weights + periods,
                                      .a_sum = f->a,
                                      .b_sum = f->b});
    free(weights);
    for (uint32_t j = 0; j < n; j++)
        f->leader[j] = p->allowed == NULL || p->allowed[j] ? find_leader(f, p, j) : HO_NOBODY;
    check_leaders(f);
    return HO_OK;
}

/* Numbers the columns in the order of their leaders, or as the strategies where the table is borrowed, and counts who is in
 * them. */
static void gather_members(const finder *f, const ho_problem *p, ho_bound_columns *c)
{
    uint32_t *column = f->slots; /* by strategy that leads; the table has room for all */
    size_t include = 0;
    for (uint32_t j = 0; j < f->x->columns; j++) {
        c->next[j] = HO_NOBODY;
        if (f->leader[j] == HO_NOBODY) continue;
        if (f->leader[j] == j) {
            column[j] = c->borrowed ? j : (uint32_t)c->distinct;
            c->first[column[j]] = j;
            c->distinct++;
        }
        uint32_t at = column[f->leader[j]];
        c->most[at]++;
        while (include < p->include_count && p->include[include] < j)
            include++;
        if (include < p->include_count && p->include[include] == j) c->least[at]++;
    }
    for (uint32_t j = (uint32_t)f->x->columns;
         j-- > 0;) { /* backwards: the next one of each column is known */
        uint32_t leader = f->leader[j];
        if (leader == HO_NOBODY || leader == j) continue;
        c->next[j] = c->next[leader];
        c->next[leader] = j;
    }
}

/* All but the columns themselves. */
static ho_status allocate(size_t n, size_t strategies, ho_bound_columns *c, ho_error *err)
{
    c->most = HO_NEW(uint32_t, n);
    c->least = HO_NEW(uint32_t, n);
    c->first = HO_NEW(uint32_t, n);
    c->next = HO_NEW(uint32_t, strategies);
    c->mean = HO_NEW(double, n);
    c->scale = HO_NEW(double, n);
    c->total = HO_NEW(double, n);
    c->depth = HO_NEW(double, n);
    c->absolute = HO_NEW(double, n);
    if (c->most == NULL || c->least == NULL || c->first == NULL || c->next == NULL || c->mean == NULL ||
        c->scale == NULL || c->total == NULL || c->depth == NULL || c->absolute == NULL)
        return ho_fail_memory(err, n * 6 * sizeof(double), "the columns of a bound");
    c->count = n;
    c->strategies = strategies;
    return HO_OK;
}

static size_t count_leaders(const finder *f)
{
    size_t n = 0;
    for (size_t j = 0; j < f->x->columns; j++)
        n += f->leader[j] == j;
    return n;
}

static ho_status measure(ho_bound_columns *c, ho_bound_depth depth, ho_error *err)
{
    const size_t periods = c->x.rows;
    double *room = HO_NEW(double, periods + 5 * c->count);
    if (room == NULL) return ho_fail_memory(err, 5 * c->count * sizeof *room, "the columns of a bound");
    double *rest = room + periods;
    const ho_scan scan = {.periods = periods,
                          .stride = c->x.stride,
                          .x = c->x.data,
                          .base = room,
                          .start_peak = depth == HO_DEPTH_FROM_FIRST ? -INFINITY : 0};
    const ho_walked walked = {.sum = c->total,
                              .drawdown = c->depth,
                              .wins = rest,
                              .losses = rest + c->count,
                              .gain = rest + 2 * c->count,
                              .loss = rest + 3 * c->count};
    c->kernels->scan_counts(&scan, c->count, &walked);
    for (size_t j = 0; j < c->count; j++) {
        c->absolute[j] = (walked.gain[j] + walked.loss[j]) * (1 + 2 * (double)periods * DBL_EPSILON);
        if (depth == HO_DEPTH_LOSSES) c->depth[j] = walked.loss[j];
    }
    free(room);
    const struct ho_panel values = {.values = c->x};
    ho_panel_scales(&values, 1, c->mean, c->scale);
    return HO_OK;
}

/* No set holds a column more often than its groups let it. */
static void limit_copies(const ho_problem *p, ho_bound_columns *c)
{
    for (size_t q = 0; q < p->grouping_count; q++) {
        const ho_grouping *g = &p->groupings[q];
        for (size_t j = 0; j < c->count && g->most != NULL; j++) {
            const uint32_t group = c->most[j] > 0 ? g->group[c->first[j]] : HO_NOBODY;
            if (group != HO_NOBODY && c->most[j] > g->most[group]) c->most[j] = g->most[group];
        }
    }
}

static ho_status copy_leaders(const finder *f, ho_bound_columns *c, ho_error *err)
{
    HO_TRY(ho_matrix_new(f->x->rows, c->count, &c->x, err));
    for (size_t t = 0; t < c->x.rows; t++) {
        const double *from = ho_matrix_row(f->x, t);
        double *to = ho_matrix_row(&c->x, t);
        for (size_t j = 0; j < c->count; j++)
            to[j] = from[c->first[j]];
    }
    return HO_OK;
}

static ho_status fill(const ho_panel *panel, const ho_problem *p, ho_bound_depth depth, finder *f,
                      ho_bound_columns *c, ho_error *err)
{
    f->x = &panel->values;
    HO_TRY(ho_kernels_choose(&c->kernels, err));
    HO_TRY(find_leaders(f, c->kernels, panel->on_device, p, err));
    const size_t strategies = f->x->columns, leaders = count_leaders(f);
    c->borrowed = 2 * leaders > strategies;
    HO_TRY(allocate(c->borrowed ? strategies : leaders, strategies, c, err));
    gather_members(f, p, c);
    c->on_device = panel->on_device;
    if (c->on_device != NULL) {
        c->of_strategies = HO_NEW(double, 2 * strategies);
        if (c->of_strategies == NULL) return ho_fail_memory(err, 2 * strategies * sizeof(double), "prices");
    }
    limit_copies(p, c);
    if (c->borrowed)
        c->x = *f->x;
    else
        HO_TRY(copy_leaders(f, c, err));
    return measure(c, depth, err);
}

ho_status ho_bound_columns_new(const ho_panel *panel, const ho_problem *problem, ho_bound_depth depth,
                               ho_bound_columns *columns, ho_error *err)
{
    finder f = {0};
    ho_bound_columns c = {0};
    ho_status status = fill(panel, problem, depth, &f, &c, err);
    free(f.a);
    free(f.leader);
    free(f.slots);
    if (status == HO_OK)
        *columns = c;
    else
        ho_bound_columns_free(&c);
    return status;
}

static void copy_kept(const ho_bound_columns *all, const uint8_t *keep, ho_bound_columns *c)
{
    for (size_t j = 0, at = 0; j < all->count; j++) {
        if (!keep[j]) continue;
        c->most[at] = all->most[j];
        c->least[at] = all->least[j];
        c->first[at] = all->first[j];
        c->mean[at] = all->mean[j];
        c->scale[at] = all->scale[j];
        c->total[at] = all->total[j];
        c->depth[at] = all->depth[j];
        c->absolute[at++] = all->absolute[j];
    }
    memcpy(c->next, all->next, all->strategies * sizeof *c->next);
    for (size_t t = 0; t < all->x.rows; t++) {
        const double *from = ho_matrix_row(&all->x, t);
        double *to = ho_matrix_row(&c->x, t);
        for (size_t j = 0, at = 0; j < all->count; j++) {
            if (keep[j]) to[at++] = from[j];
        }
    }
}

ho_status ho_bound_columns_keep(const ho_bound_columns *all, const uint8_t *keep, ho_bound_columns *kept,
                                ho_error *err)
{
    ho_bound_columns c = {.kernels = all->kernels};
    for (size_t j = 0; j < all->count; j++)
        c.distinct += keep[j] != 0;
    ho_status status = allocate(c.distinct, all->strategies, &c, err);
    if (status == HO_OK) status = ho_matrix_new(all->x.rows, c.distinct, &c.x, err);
    if (status != HO_OK) {
        ho_bound_columns_free(&c);
        return status;
    }
    copy_kept(all, keep, &c);
    *kept = c;
    return HO_OK;
}

void ho_bound_columns_free(ho_bound_columns *c)
{
    if (!c->borrowed) ho_matrix_free(&c->x);
    free(c->most);
    free(c->least);
    free(c->first);
    free(c->next);
    free(c->mean);
    free(c->scale);
    free(c->total);
    free(c->depth);
    free(c->absolute);
    free(c->of_strategies);
    *c = (ho_bound_columns){0};
}
