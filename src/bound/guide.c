#include "bound/guide.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <string.h>

/* Columns for each member of a set, and at least so many: more make a search slower than better (measured). */
enum { COLUMNS_A_MEMBER = 8, FEWEST_COLUMNS = 100 };

typedef struct ranked {
    double gap;
    uint32_t column;
} ranked;

typedef struct gathering {
    double *gap;    /* by column: what it misses, at the level where it misses least */
    double *shares; /* levels x columns */
    size_t levels;
    ranked *order; /* the best columns, best first */
    size_t count;
} gathering;

void ho_hints_clear(ho_hints *hints)
{
    free(hints->candidates);
    free(hints->shares);
    *hints = (ho_hints){0};
}

static ho_status ask_level(ho_solver *s, const ho_question *q, gathering *g, ho_error *err)
{
    const size_t columns = s->base.columns.count;
    ho_answer a;
    HO_TRY(ho_solver_ask(s, q, &a, err));
    ho_certificate_free(&a.certificate);
    if (s->programme->state != HO_LP_OPTIMAL) return HO_OK;
    double *shares = g->shares + g->levels++ * columns;
    ho_programme_shares(s->programme, shares);
    for (size_t j = 0; j < columns; j++) {
        const double gap = shares[j] > 0 || s->gains[j] > 0 ? 0 : -s->gains[j];
        if (gap < g->gap[j]) g->gap[j] = gap;
    }
    return HO_OK;
}

static int by_gap(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->gap != y->gap) return x->gap < y->gap ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

static ho_status rank(const ho_solver *s, gathering *g, ho_error *err)
{
    const ho_bound_columns *cs = &s->base.columns;
    size_t wanted = s->base.size * COLUMNS_A_MEMBER, have = 0;
    if (wanted < FEWEST_COLUMNS) wanted = FEWEST_COLUMNS;
    g->order = HO_NEW(ranked, cs->count);
    if (g->order == NULL) return ho_fail_memory(err, cs->count * sizeof *g->order, "hints");
    for (uint32_t j = 0; j < cs->count; j++)
        g->order[j] = (ranked){cs->least[j] > 0 ? -1 : g->gap[j], j}; /* members by force first */
    qsort(g->order, cs->count, sizeof *g->order, by_gap);
    while (g->count < cs->count && (g->count < wanted || have < s->base.size))
        have += cs->most[g->order[g->count++].column];
    return HO_OK;
}

static int by_strategy(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The strategies of a column, no more than a set can hold. */
static size_t copies_of(const ho_solver *s, uint32_t column)
{
    const size_t most = s->base.columns.most[column];
    return most < s->base.size ? most : s->base.size;
}

static ho_status list_strategies(const ho_solver *s, const gathering *g, ho_hints *h, ho_error *err)
{
    const ho_bound_columns *cs = &s->base.columns;
    size_t total = 0, at = 0;
    for (size_t i = 0; i < g->count; i++)
        total += copies_of(s, g->order[i].column);
    uint32_t *pairs = HO_NEW(uint32_t, 3 * total); /* strategy, its column, which copy it is */
    h->candidates = HO_NEW(uint32_t, total);
    h->shares = HO_NEW(double, total * g->levels);
    if (pairs == NULL || h->candidates == NULL || h->shares == NULL) {
        free(pairs);
        return ho_fail_memory(err, total * (g->levels + 2) * sizeof(double), "hints");
    }
    for (size_t i = 0; i < g->count; i++) {
        const uint32_t column = g->order[i].column;
        uint32_t strategy = cs->first[column];
        for (uint32_t copy = 0; copy < copies_of(s, column); copy++, strategy = cs->next[strategy]) {
            pairs[3 * at] = strategy;
            pairs[3 * at + 1] = column;
            pairs[3 * at++ + 2] = copy;
        }
    }
    qsort(pairs, total, 3 * sizeof *pairs, by_strategy);
    h->count = total;
    h->rows = g->levels;
    for (size_t i = 0; i < total; i++) {
        h->candidates[i] = pairs[3 * i];
        for (size_t level = 0; level < g->levels; level++) {
            const double left = g->shares[level * cs->count + pairs[3 * i + 1]] - pairs[3 * i + 2];
            h->shares[level * total + i] = left < 0 ? 0 : left < 1 ? left : 1;
        }
    }
    free(pairs);
    return HO_OK;
}

ho_status ho_hints_gather(ho_solver *s, const ho_question *questions, size_t count, ho_hints *hints,
                          ho_error *err)
{
    const size_t columns = s->base.columns.count;
    gathering g = {.gap = HO_NEW(double, columns), .shares = HO_NEW(double, columns *count)};
    ho_hints h = {0};
    ho_status status = HO_OK;
    if (g.gap == NULL || g.shares == NULL)
        status = ho_fail_memory(err, columns * count * sizeof(double), "hints");
    for (size_t j = 0; j < columns && status == HO_OK; j++)
        g.gap[j] = INFINITY;
    for (size_t i = 0; i < count && status == HO_OK; i++)
        status = ask_level(s, &questions[i], &g, err);
    if (status == HO_OK && g.levels > 0) {
        status = rank(s, &g, err);
        if (status == HO_OK) status = list_strategies(s, &g, &h, err);
    }
    free(g.gap);
    free(g.shares);
    free(g.order);
    if (status == HO_OK)
        *hints = h;
    else
        ho_hints_clear(&h);
    return status;
}
