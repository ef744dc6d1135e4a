#include "bound/programme.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <string.h>

enum { DEPTH = HO_OWN_DEPTH, PENALTY = HO_OWN_PENALTY, EXCESS = HO_OWN_EXCESS, OWN = HO_OWN_COLUMNS };

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
                  {(void **)&p->units, periods * sizeof *p->units},
                  {(void **)&p->low, sizeof *p->low},
                  {(void **)&p->high, sizeof *p->high}};
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

ho_status ho_programme_room(ho_programme *p, ho_error *err)
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
    if (p->entered[column]) return HO_OK;
    HO_TRY(grow_entries(p, err));
    HO_TRY(ho_programme_room(p, err));
    const size_t entry = p->entry_count;
    p->entries[entry] = column;
    describe_entry(p, entry, column);
    size_t count = 0;
    for (size_t row = 0; row < p->row_count; row++) {
        const double coefficient = ho_row_coefficient(p, row, entry);
        if (coefficient == 0) continue;
        p->index[count] = (int32_t)row;
        p->coefficient[count++] = coefficient;
    }
    p->low[entry] = p->box.least[column];
    p->high[entry] = p->box.most[column];
    HO_TRY(ho_engine_add_column(&p->engine, entry_cost(p, entry), p->low[entry], p->high[entry], count,
                                p->index, p->coefficient, err));
    p->values[entry + OWN] = p->low[entry]; /* until the next solution */
    p->entered[column] = 1;
    p->entry_count++;
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

ho_status ho_programme_new(const ho_bound_base *base, ho_engine_kind engine, ho_programme **programme,
                           ho_error *err)
{
    ho_programme *p = HO_NEW(ho_programme, 1);
    if (p == NULL) return ho_fail_memory(err, sizeof *p, "a linear programme");
    const size_t periods = base->periods;
    p->base = base;
    p->box = ho_bound_box(base);
    p->unit = choose_unit(base);
    p->entered = HO_NEW(uint8_t, base->columns.count);
    p->shared = HO_NEW(double, 4 * periods);
    ho_status status = p->entered != NULL && p->shared != NULL
                           ? ho_engine_new(engine, &p->engine, err)
                           : ho_fail_memory(err, base->columns.count, "a linear programme");
    if (status == HO_OK) status = grow_entries(p, err);
    for (int i = 0; i < OWN && status == HO_OK; i++)
        status = ho_engine_add_column(&p->engine, 0, 0, i == PENALTY ? 0 : INFINITY, 0, NULL, NULL, err);
    if (status == HO_OK) status = ho_programme_add_sum(p, err);
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
    ho_engine_free(&p->engine);
    for (size_t i = 0; i < p->depth_count; i++)
        free(p->depth_rows[i].marked);
    free(p->entries);
    free(p->entered);
    free(p->series);
    free(p->sums);
    free(p->units);
    free(p->low);
    free(p->high);
    free(p->cluster_rows);
    free(p->rows);
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
        HO_TRY(ho_engine_set_cost(&p->engine, entry + OWN, entry_cost(p, entry), err));
    HO_TRY(ho_engine_set_cost(&p->engine, DEPTH, w->paid, err));
    HO_TRY(ho_engine_set_cost(&p->engine, PENALTY, w->pay, err));
    HO_TRY(ho_engine_set_cost(&p->engine, EXCESS, w->dear, err));
    HO_TRY(ho_engine_set_bounds(&p->engine, DEPTH, w->low / p->unit, w->high / p->unit, err));
    HO_TRY(ho_engine_set_bounds(&p->engine, EXCESS, 0, w->dear > 0 ? INFINITY : 0, err));
    bool penalised = w->pay > 0;
    return ho_engine_set_bounds(&p->engine, PENALTY, penalised ? -INFINITY : 0, penalised ? INFINITY : 0,
                                err);
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
        if (p->rows[row].kind == HO_ROW_CLUSTER) continue;
        if (p->rows[row].kind == HO_ROW_TANGENT) {
            const double *point = p->points + p->rows[row].item * periods;
            weight += dual;
            for (size_t t = 0; t < periods; t++)
                p->g[t] += dual * point[t];
            continue;
        }
        const ho_depth_row *r = &p->depth_rows[p->rows[row].item];
        for (size_t t = r->from; t < r->to; t++)
            p->y[t] += r->marked == NULL || r->marked[t] ? dual : 0;
    }
    for (size_t t = 0; t < periods && weight > 0; t++)
        p->g[t] /= weight;
    p->price = -p->duals[0];
}

ho_status ho_programme_solve(ho_programme *p, ho_error *err)
{
    HO_TRY(ho_engine_solve(&p->engine, &p->state, p->values, p->duals, err));
    p->has_duals = p->state == HO_LP_OPTIMAL || p->engine.own != NULL;
    if (!p->has_duals) return HO_OK;
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

static ho_status hold_entries(ho_programme *p, ho_error *err)
{
    for (size_t entry = 0; entry < p->entry_count; entry++) {
        const double low = p->box.least[p->entries[entry]], high = p->box.most[p->entries[entry]];
        if (p->low[entry] == low && p->high[entry] == high) continue;
        HO_TRY(ho_engine_set_bounds(&p->engine, entry + OWN, low, high, err));
        p->low[entry] = low;
        p->high[entry] = high;
    }
    return HO_OK;
}

ho_status ho_programme_hold(ho_programme *p, const ho_box *box, ho_error *err)
{
    const size_t clusters = box->clusters != NULL ? box->clusters->count : 0;
    p->box = *box;
    if (clusters > 0 && p->cluster_rows == NULL) {
        p->cluster_rows = HO_NEW(uint32_t, clusters);
        if (p->cluster_rows == NULL)
            return ho_fail_memory(err, clusters * sizeof(uint32_t), "a linear programme");
    }
    HO_TRY(hold_entries(p, err));
    for (uint32_t i = 0; i < clusters; i++) {
        const ho_range range = box->ranges[i];
        const uint32_t row = p->cluster_rows[i];
        if (row == 0 && range.used && !ho_programme_may_wait(p, i))
            HO_TRY(ho_programme_add_cluster(p, i, range, err));
        else if (row != 0)
            HO_TRY(ho_engine_set_row_bounds(&p->engine, row, range.used ? (double)range.least : 0,
                                            range.used ? (double)range.most : INFINITY, err));
    }
    return HO_OK;
}

void ho_programme_take_tolls(const ho_programme *p, double scale, double *gains)
{
    const ho_clusters *cs = p->box.clusters;
    for (size_t row = 0; cs != NULL && row < p->row_count; row++) {
        if (p->rows[row].kind != HO_ROW_CLUSTER || p->duals[row] == 0) continue;
        const uint32_t cluster = p->rows[row].item;
        for (uint32_t i = cs->starts[cluster]; i < cs->starts[cluster + 1]; i++)
            gains[cs->members[i]] += scale * p->duals[row];
    }
}
