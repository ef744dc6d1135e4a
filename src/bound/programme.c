#include "bound/programme.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <string.h>

/* The programme's own columns, before those of the entries. */
enum { DEPTH, PENALTY, EXCESS, OWN };

/* Room for what grows; at least doubled each time. */
static ho_status grow_entries(ho_programme *p, ho_error *err)
{
    if (p->entry_count < p->entry_room) return HO_OK;
    const size_t room = 2 * p->entry_room + 128, periods = p->base->periods;
    const struct {
        void **block;
        size_t item;
    } blocks[] = {{(void **)&p->entries, sizeof *p->entries},
                  {(void **)&p->series, periods * sizeof *p->series},
                  {(void **)&p->sums, (periods + 1) * sizeof *p->sums},
                  {(void **)&p->units, periods * sizeof *p->units}};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        void *grown = ho_grow_array(*blocks[i].block, room, blocks[i].item);
        if (grown == NULL) return ho_fail_memory(err, room * blocks[i].item, "a linear programme");
        *blocks[i].block = grown;
    }
    double *values = ho_grow_array(p->values, room + OWN, sizeof *values);
    if (values == NULL) return ho_fail_memory(err, room * sizeof *values, "a linear programme");
    p->values = values;
    p->entry_room = room;
    return HO_OK;
}

static ho_status grow_rows(ho_programme *p, ho_error *err)
{
    if (p->row_count < p->row_room) return HO_OK;
    const size_t room = 2 * p->row_room + 64, periods = p->base->periods;
    const struct {
        void **block;
        size_t item;
    } blocks[] = {{(void **)&p->row_kind, sizeof *p->row_kind},
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

static ho_status grow_room(ho_programme *p, ho_error *err)
{
    size_t longest = p->entry_count + OWN > p->row_count ? p->entry_count + OWN : p->row_count;
    if (longest <= p->index_room) return HO_OK;
    size_t room = 2 * longest + 64;
    int32_t *index = ho_grow_array(p->index, room, sizeof *index);
    if (index != NULL) p->index = index;
    double *coefficient = ho_grow_array(p->coefficient, room, sizeof *coefficient);
    if (coefficient != NULL) p->coefficient = coefficient;
    if (index == NULL || coefficient == NULL)
        return ho_fail_memory(err, room * sizeof *coefficient, "a linear programme");
    p->index_room = room;
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

static double row_coefficient(const ho_programme *p, size_t row, size_t entry)
{
    if (row == 0) return 1;
    const int32_t kind = p->row_kind[row];
    return kind >= 0 ? depth_coefficient(p, &p->depth_rows[kind], entry)
                     : tangent_coefficient(p, (size_t)(-1 - kind), entry);
}

static void describe_entry(ho_programme *p, size_t entry, uint32_t column)
{
    const ho_bound_columns *cs = &p->base->columns;
    const size_t periods = p->base->periods;
    double *series = p->series + entry * periods, *sums = p->sums + entry * (periods + 1);
    double *units = p->units + entry * periods;
    const double factor = 1 / (p->base->goal.divisor * p->unit);
    sums[0] = 0;
    for (size_t t = 0; t < periods; t++) {
        const double x = ho_matrix_row(&cs->x, t)[column];
        series[t] = x * factor;
        sums[t + 1] = sums[t] + series[t];
        units[t] = (x - cs->mean[column]) * cs->scale[column];
    }
}

static double entry_cost(const ho_programme *p, size_t entry)
{
    const size_t periods = p->base->periods;
    return p->earn == 0 ? 0 : -p->earn * p->sums[entry * (periods + 1) + periods];
}

ho_status ho_programme_enter(ho_programme *p, uint32_t column, ho_error *err)
{
    const ho_bound_columns *cs = &p->base->columns;
    if (p->entered[column]) return HO_OK;
    HO_TRY(grow_entries(p, err));
    HO_TRY(grow_room(p, err));
    const size_t entry = p->entry_count;
    p->entries[entry] = column;
    describe_entry(p, entry, column);
    size_t count = 0;
    for (size_t row = 0; row < p->row_count; row++) {
        const double coefficient = row_coefficient(p, row, entry);
        if (coefficient == 0) continue;
        p->index[count] = (int32_t)row;
        p->coefficient[count++] = coefficient;
    }
    HO_TRY(ho_lp_add_column(p->lp, entry_cost(p, entry), cs->least[column], cs->most[column], count, p->index,
                            p->coefficient, err));
    p->entered[column] = 1;
    p->entry_count++;
    return HO_OK;
}

/* Adds the row of p->row_kind[row_count], with the coefficients of the programme's own columns. */
static ho_status add_row(ho_programme *p, double low, double high, const double own[OWN], ho_error *err)
{
    HO_TRY(grow_room(p, err));
    size_t count = 0;
    for (int32_t i = 0; i < OWN; i++) {
        if (own[i] == 0) continue;
        p->index[count] = i;
        p->coefficient[count++] = own[i];
    }
    for (size_t entry = 0; entry < p->entry_count; entry++) {
        const double coefficient = row_coefficient(p, p->row_count, entry);
        if (coefficient == 0) continue;
        p->index[count] = (int32_t)(entry + OWN);
        p->coefficient[count++] = coefficient;
    }
    HO_TRY(ho_lp_add_row(p->lp, low, high, count, p->index, p->coefficient, err));
    p->row_count++;
    return HO_OK;
}

static double choose_unit(const ho_bound_base *b)
{
    double sum = 0;
    for (size_t j = 0; j < b->columns.count; j++)
        sum += b->columns.absolute[j];
    double mean = sum / ((double)b->columns.count * (double)b->periods) * (double)b->size / b->goal.divisor;
    return mean > 0 && isfinite(mean) ? exp2(round(log2(mean))) : 1;
}

ho_status ho_programme_new(const ho_bound_base *base, ho_programme **programme, ho_error *err)
{
    ho_programme *p = HO_NEW(ho_programme, 1);
    if (p == NULL) return ho_fail_memory(err, sizeof *p, "a linear programme");
    const size_t periods = base->periods;
    p->base = base;
    p->unit = choose_unit(base);
    p->entered = HO_NEW(uint8_t, base->columns.count);
    p->shared = HO_NEW(double, 4 * periods);
    ho_status status = p->entered != NULL && p->shared != NULL
                           ? ho_lp_new(&p->lp, err)
                           : ho_fail_memory(err, base->columns.count, "a linear programme");
    if (status == HO_OK) status = grow_rows(p, err);
    if (status == HO_OK) status = grow_entries(p, err);
    for (int i = 0; i < OWN && status == HO_OK; i++)
        status = ho_lp_add_column(p->lp, 0, 0, i == PENALTY ? 0 : INFINITY, 0, NULL, NULL, err);
    const double own[OWN] = {0};
    if (status == HO_OK) status = add_row(p, (double)base->size, (double)base->size, own, err);
    if (status != HO_OK) {
        ho_programme_free(&p);
        return status;
    }
    p->leaning = p->shared + periods;
    p->y = p->shared + 2 * periods;
    p->g = p->shared + 3 * periods;
    *programme = p;
    return HO_OK;
}

void ho_programme_free(ho_programme **programme)
{
    ho_programme *p = *programme;
    if (p == NULL) return;
    ho_lp_free(&p->lp);
    for (size_t i = 0; i < p->depth_count; i++)
        free(p->depth_rows[i].marked);
    free(p->entries);
    free(p->entered);
    free(p->series);
    free(p->sums);
    free(p->units);
    free(p->row_kind);
    free(p->depth_rows);
    free(p->points);
    free(p->squares);
    free(p->values);
    free(p->duals);
    free(p->shared);
    free(p->index);
    free(p->coefficient);
    free(p);
    *programme = NULL;
}

ho_status ho_programme_wish(ho_programme *p, const ho_wish *w, ho_error *err)
{
    const bool other = p->earn != w->earn;
    p->earn = w->earn;
    for (size_t entry = 0; entry < p->entry_count && other; entry++)
        HO_TRY(ho_lp_set_cost(p->lp, entry + OWN, entry_cost(p, entry), err));
    HO_TRY(ho_lp_set_cost(p->lp, DEPTH, w->paid, err));
    HO_TRY(ho_lp_set_cost(p->lp, PENALTY, w->pay, err));
    HO_TRY(ho_lp_set_cost(p->lp, EXCESS, w->dear, err));
    HO_TRY(ho_lp_set_bounds(p->lp, DEPTH, w->low / p->unit, w->high / p->unit, err));
    HO_TRY(ho_lp_set_bounds(p->lp, EXCESS, 0, w->dear > 0 ? INFINITY : 0, err));
    bool penalised = w->pay > 0;
    return ho_lp_set_bounds(p->lp, PENALTY, penalised ? -INFINITY : 0, penalised ? INFINITY : 0, err);
}

static void read_shares(ho_programme *p)
{
    const size_t periods = p->base->periods;
    memset(p->shared, 0, 2 * periods * sizeof *p->shared); /* and p->leaning */
    for (size_t entry = 0; entry < p->entry_count; entry++) {
        const double share = p->values[entry + OWN];
        if (share == 0) continue;
        for (size_t t = 0; t < periods; t++) {
            p->shared[t] += share * p->series[entry * periods + t];
            p->leaning[t] += share * p->units[entry * periods + t];
        }
    }
    for (size_t t = 0; t < periods; t++)
        p->shared[t] *= p->unit;
}

static void read_duals(ho_programme *p)
{
    const size_t periods = p->base->periods;
    double weight = 0;
    memset(p->y, 0, 2 * periods * sizeof *p->y); /* and p->g */
    for (size_t row = 1; row < p->row_count; row++) {
        const double dual = p->duals[row];
        if (!(dual > 0)) continue;
        if (p->row_kind[row] < 0) {
            const double *point = p->points + (size_t)(-1 - p->row_kind[row]) * periods;
            weight += dual;
            for (size_t t = 0; t < periods; t++)
                p->g[t] += dual * point[t];
            continue;
        }
        const ho_depth_row *r = &p->depth_rows[p->row_kind[row]];
        for (size_t t = r->from; t < r->to; t++)
            p->y[t] += r->marked == NULL || r->marked[t] ? dual : 0;
    }
    for (size_t t = 0; t < periods && weight > 0; t++)
        p->g[t] /= weight;
    p->price = -p->duals[0];
}

ho_status ho_programme_solve(ho_programme *p, ho_error *err)
{
    HO_TRY(ho_lp_solve(p->lp, &p->state, p->values, p->duals, err));
    if (p->state != HO_LP_OPTIMAL) return HO_OK;
    p->depth = p->values[DEPTH] * p->unit;
    p->penalty = p->values[PENALTY];
    read_shares(p);
    read_duals(p);
    return HO_OK;
}

void ho_programme_shares(const ho_programme *p, double *shares)
{
    memset(shares, 0, p->base->columns.count * sizeof *shares);
    for (size_t entry = 0; entry < p->entry_count; entry++)
        shares[p->entries[entry]] = p->values[entry + OWN] > 1e-9 ? p->values[entry + OWN] : 0;
}

double ho_programme_total(const ho_programme *p)
{
    double sum = 0;
    for (size_t t = 0; t < p->base->periods; t++)
        sum += p->shared[t];
    return sum;
}

double ho_programme_pairs(const ho_programme *p)
{
    double varying = 0;
    for (size_t entry = 0; entry < p->entry_count; entry++)
        varying += p->base->columns.scale[p->entries[entry]] != 0 ? p->values[entry + OWN] : 0;
    return dot(p->leaning, p->leaning, p->base->periods) - varying;
}

double ho_programme_depth(const ho_programme *p)
{
    double equity = 0, depth = 0, peak = p->base->goal.depth == HO_DEPTH_FROM_FIRST ? -INFINITY : 0;
    for (size_t t = 0; t < p->base->periods; t++) {
        if (p->base->goal.depth == HO_DEPTH_LOSSES) {
            depth += p->shared[t] < 0 ? -p->shared[t] : 0;
            continue;
        }
        equity += p->shared[t];
        peak = equity > peak ? equity : peak;
        depth = peak - equity > depth ? peak - equity : depth;
    }
    return depth;
}

static ho_status add_depth_row(ho_programme *p, ho_depth_row row, ho_error *err)
{
    HO_TRY(grow_rows(p, err));
    p->row_kind[p->row_count] = (int32_t)p->depth_count;
    p->depth_rows[p->depth_count] = row;
    const double own[OWN] = {[DEPTH] = 1, [EXCESS] = 1};
    HO_TRY(add_row(p, 0, INFINITY, own, err));
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
    p->row_kind[p->row_count] = -1 - (int32_t)p->tangent_count;
    const double own[OWN] = {[PENALTY] = 1};
    HO_TRY(add_row(p, -p->squares[p->tangent_count], INFINITY, own, err));
    p->tangent_count++;
    return HO_OK;
}
