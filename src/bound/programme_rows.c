/* The rows of the programme of a bound: on the depth, on the penalty, on the members of clusters. */
#include "base/error.h"
#include "base/memory.h"
#include "bound/programme.h"

#include <math.h>
#include <string.h>

static ho_status grow_rows(ho_programme *p, ho_error *err)
{
    if (p->row_count < p->row_room) return HO_OK;
    const size_t room = 2 * p->row_room + 64, periods = p->base->periods;
    const struct {
        void **block;
        size_t item;
    } blocks[] = {{(void **)&p->rows, sizeof *p->rows},
                  {(void **)&p->depth_rows, sizeof *p->depth_rows},
                  {(void **)&p->points, periods * sizeof *p->points},
                  {(void **)&p->squares, sizeof *p->squares},
                  {(void **)&p->duals, sizeof *p->duals}};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        void *grown = ho_grow_array(*blocks[i].block, room, blocks[i].item);
        if (grown == NULL) return ho_fail_memory(err, room * blocks[i].item, "a linear programme");
        *blocks[i].block = grown;
    }
    p->row_room = room;
    return HO_OK;
}

static double dot(const double *a, const double *b, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

static double depth_coefficient(const ho_programme *p, const ho_depth_row *row, size_t entry)
{
    const size_t periods = p->base->periods;
    if (row->marked == NULL) {
        const double *sums = p->sums + entry * (periods + 1);
        return sums[row->to] - sums[row->from];
    }
    double sum = 0;
    for (size_t t = 0; t < periods; t++)
        sum += row->marked[t] ? p->series[entry * periods + t] : 0;
    return sum;
}

static double tangent_coefficient(const ho_programme *p, size_t tangent, size_t entry)
{
    const size_t periods = p->base->periods;
    double varies = p->base->columns.scale[p->entries[entry]] != 0 ? 1 : 0;
    return varies - 2 * dot(p->points + tangent * periods, p->units + entry * periods, periods);
}

double ho_row_coefficient(const ho_programme *p, size_t row, size_t entry)
{
    const ho_row *r = &p->rows[row];
    switch (r->kind) {
    case HO_ROW_SUM:
        return 1;
    case HO_ROW_DEPTH:
        return depth_coefficient(p, &p->depth_rows[r->item], entry);
    case HO_ROW_TANGENT:
        return tangent_coefficient(p, r->item, entry);
    case HO_ROW_CLUSTER:
        break;
    }
    return p->box.clusters->of[p->entries[entry]] == r->item ? 1 : 0;
}

/* Adds a row, with the coefficients of the programme's own columns. */
static ho_status add_row(ho_programme *p, ho_row row, double low, double high,
                         const double own[HO_OWN_COLUMNS], ho_error *err)
{
    HO_TRY(grow_rows(p, err));
    HO_TRY(ho_programme_room(p, err));
    size_t count = 0;
    p->rows[p->row_count] = row;
    for (int32_t i = 0; i < HO_OWN_COLUMNS; i++) {
        if (own[i] == 0) continue;
        p->index[count] = i;
        p->coefficient[count++] = own[i];
    }
    for (size_t entry = 0; entry < p->entry_count; entry++) {
        const double coefficient = ho_row_coefficient(p, p->row_count, entry);
        if (coefficient == 0) continue;
        p->index[count] = (int32_t)(entry + HO_OWN_COLUMNS);
        p->coefficient[count++] = coefficient;
    }
    HO_TRY(ho_engine_add_row(&p->engine, low, high, count, p->index, p->coefficient, err));
    p->duals[p->row_count++] = 0; /* until the next solution */
    return HO_OK;
}

ho_status ho_programme_add_sum(ho_programme *p, ho_error *err)
{
    const double own[HO_OWN_COLUMNS] = {0}, size = (double)p->base->size;
    return add_row(p, (ho_row){HO_ROW_SUM, 0}, size, size, own, err);
}

static ho_status add_depth_row(ho_programme *p, ho_depth_row row, ho_error *err)
{
    HO_TRY(grow_rows(p, err));
    p->depth_rows[p->depth_count] = row;
    const double own[HO_OWN_COLUMNS] = {[HO_OWN_DEPTH] = 1, [HO_OWN_EXCESS] = 1};
    HO_TRY(add_row(p, (ho_row){HO_ROW_DEPTH, (uint32_t)p->depth_count}, 0, INFINITY, own, err));
    p->depth_count++;
    return HO_OK;
}

static bool has_interval(const ho_programme *p, size_t from, size_t to)
{
    for (size_t i = 0; i < p->depth_count; i++) {
        if (p->depth_rows[i].from == from && p->depth_rows[i].to == to) return true;
    }
    return false;
}

/* A spell below a peak: the periods from the peak to its lowest point draw `depth`. */
typedef struct spell {
    size_t from, to;
    double depth;
} spell;

enum { MOST_SPELLS = 12 };

/* Keeps the deepest ones, deepest first. */
static void keep_spell(spell *spells, size_t *count, spell one)
{
    size_t at = *count < MOST_SPELLS ? (*count)++ : MOST_SPELLS;
    if (at == MOST_SPELLS && !(one.depth > spells[--at].depth)) return;
    for (; at > 0 && spells[at - 1].depth < one.depth; at--)
        spells[at] = spells[at - 1];
    spells[at] = one;
}

static ho_status add_spells(ho_programme *p, double limit, size_t *added, ho_error *err)
{
    spell spells[MOST_SPELLS], now = {0};
    size_t count = 0;
    const bool first = p->base->goal.depth == HO_DEPTH_FROM_FIRST;
    double below = 0; /* the highest equity so far less the present one */
    for (size_t t = first ? 1 : 0; t < p->base->periods; t++) {
        if (below <= 0) now = (spell){.from = t, .to = t};
        below -= p->shared[t];
        if (below > now.depth) now = (spell){now.from, t + 1, below};
        bool over = below <= 0 || t + 1 == p->base->periods;
        if (over && now.depth > limit) keep_spell(spells, &count, now);
        if (below <= 0) below = 0;
    }
    for (size_t i = 0; i < count; i++) {
        if (has_interval(p, spells[i].from, spells[i].to)) continue;
        HO_TRY(add_depth_row(p, (ho_depth_row){.from = spells[i].from, .to = spells[i].to}, err));
        ++*added;
    }
    return HO_OK;
}

static ho_status add_losses(ho_programme *p, size_t *added, ho_error *err)
{
    const size_t periods = p->base->periods;
    uint8_t *marked = HO_NEW(uint8_t, periods);
    if (marked == NULL) return ho_fail_memory(err, periods, "a linear programme");
    for (size_t t = 0; t < periods; t++)
        marked[t] = p->shared[t] < 0;
    for (size_t i = 0; i < p->depth_count; i++) {
        if (memcmp(p->depth_rows[i].marked, marked, periods) != 0) continue;
        free(marked);
        return HO_OK;
    }
    ho_status status = add_depth_row(p, (ho_depth_row){0, periods, marked}, err);
    if (status != HO_OK) {
        free(marked);
        return status;
    }
    ++*added;
    return HO_OK;
}

ho_status ho_programme_add_depth(ho_programme *p, double depth, size_t *added, ho_error *err)
{
    double limit = depth * (1 + 1e-9) + 1e-12 * p->unit;
    *added = 0;
    if (!(ho_programme_depth(p) > limit)) return HO_OK;
    return p->base->goal.depth == HO_DEPTH_LOSSES ? add_losses(p, added, err)
                                                  : add_spells(p, limit, added, err);
}

ho_status ho_programme_add_tangent(ho_programme *p, ho_error *err)
{
    const size_t periods = p->base->periods;
    HO_TRY(grow_rows(p, err));
    double *point = p->points + p->tangent_count * periods;
    memcpy(point, p->leaning, periods * sizeof *point);
    p->squares[p->tangent_count] = dot(point, point, periods);
    const double own[HO_OWN_COLUMNS] = {[HO_OWN_PENALTY] = 1};
    const ho_row row = {HO_ROW_TANGENT, (uint32_t)p->tangent_count};
    HO_TRY(add_row(p, row, -p->squares[p->tangent_count], INFINITY, own, err));
    p->tangent_count++;
    return HO_OK;
}

ho_status ho_programme_add_cluster(ho_programme *p, uint32_t cluster, ho_range range, ho_error *err)
{
    const double own[HO_OWN_COLUMNS] = {0};
    p->cluster_rows[cluster] = (uint32_t)p->row_count;
    return add_row(p, (ho_row){HO_ROW_CLUSTER, cluster}, range.least, range.most, own, err);
}

bool ho_programme_may_wait(const ho_programme *p, uint32_t cluster)
{
    const ho_range *now = &p->box.ranges[cluster];
    if (p->base->limits == NULL) return false;
    const ho_range *always = &p->base->limits[cluster];
    return now->used == always->used && now->least == always->least && now->most == always->most;
}

ho_status ho_programme_add_limits(ho_programme *p, size_t *added, ho_error *err)
{
    const ho_clusters *groups = p->base->groups;
    *added = 0;
    if (groups == NULL) return HO_OK;
    double *held = HO_NEW(double, groups->count);
    if (held == NULL) return ho_fail_memory(err, groups->count * sizeof *held, "a linear programme");
    for (size_t entry = 0; entry < p->entry_count; entry++) {
        const uint32_t group = groups->of[p->entries[entry]];
        if (group != HO_NOBODY) held[group] += p->values[entry + HO_OWN_COLUMNS];
    }
    ho_status status = HO_OK;
    for (uint32_t i = 0; i < groups->count && status == HO_OK; i++) {
        const ho_range *r = &p->box.ranges[i];
        if (!r->used || p->cluster_rows[i] != 0) continue;
        if (held[i] <= r->most + 1e-9 && held[i] >= r->least - 1e-9) continue;
        status = ho_programme_add_cluster(p, i, *r, err);
        ++*added;
    }
    free(held);
    return status;
}

/* Moves what the row is about to its new place, after those of rows before it. */
static void move_item(ho_programme *p, ho_row *row)
{
    const size_t periods = p->base->periods;
    if (row->kind == HO_ROW_DEPTH) {
        p->depth_rows[p->depth_count] = p->depth_rows[row->item];
        row->item = (uint32_t)p->depth_count++;
    } else if (row->kind == HO_ROW_TANGENT) {
        memmove(p->points + p->tangent_count * periods, p->points + row->item * periods,
                periods * sizeof *p->points);
        p->squares[p->tangent_count] = p->squares[row->item];
        row->item = (uint32_t)p->tangent_count++;
    }
}

static bool may_go(const ho_programme *p, size_t row)
{
    const ho_row *r = &p->rows[row];
    if (p->duals[row] != 0 || r->kind == HO_ROW_SUM) return false;
    return r->kind != HO_ROW_CLUSTER || !p->box.ranges[r->item].used || ho_programme_may_wait(p, r->item);
}

ho_status ho_programme_trim(ho_programme *p, size_t most, ho_error *err)
{
    if (p->row_count <= most || p->state != HO_LP_OPTIMAL) return HO_OK;
    uint8_t *drop = HO_NEW(uint8_t, p->row_count);
    if (drop == NULL) return ho_fail_memory(err, p->row_count, "a linear programme");
    for (size_t row = 0; row < p->row_count; row++)
        drop[row] = may_go(p, row);
    ho_status status = ho_engine_drop_rows(&p->engine, drop, err);
    if (status != HO_OK) {
        free(drop);
        return status;
    }
    size_t kept = 0;
    p->depth_count = p->tangent_count = 0;
    for (size_t row = 0; row < p->row_count; row++) {
        if (p->rows[row].kind == HO_ROW_CLUSTER)
            p->cluster_rows[p->rows[row].item] = drop[row] ? 0 : (uint32_t)kept;
        if (drop[row]) {
            if (p->rows[row].kind == HO_ROW_DEPTH) free(p->depth_rows[p->rows[row].item].marked);
            continue;
        }
        move_item(p, &p->rows[row]);
        p->duals[kept] = p->duals[row];
        p->rows[kept++] = p->rows[row];
    }
    p->row_count = kept;
    free(drop);
    return HO_OK;
}
