#include "bound/guide.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Columns for each member of a set: with more, a search gains less than it loses in speed (measured: 3 to 5 are best at
 * 25,544 strategies and K = 35). Whole blocks, as scans go through them. */
enum { COLUMNS_A_MEMBER = 4, COLUMNS_A_BLOCK = 64 };

typedef struct ranked {
    double gap; /* what a column misses; below 0: it must be there */
    uint32_t column;
} ranked;

typedef struct gathering {
    ho_solver *s;
    double *shares; /* by column */
    ranked *order;
} gathering;

void ho_hints_clear(ho_hints *hints)
{
    for (size_t i = 0; i < hints->count; i++) {
        free((uint32_t *)hints->leads[i].candidates);
        free((double *)hints->leads[i].shares);
    }
    free(hints->leads);
    *hints = (ho_hints){0};
}

static int by_gap(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->gap != y->gap) return x->gap < y->gap ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
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

/* The best columns of the last solution into the first places of the order; how many they are. */
static size_t rank(const gathering *g)
{
    const ho_solver *s = g->s;
    const ho_bound_columns *cs = &s->base.columns;
    size_t wanted =
        (s->base.size * COLUMNS_A_MEMBER + COLUMNS_A_BLOCK / 2) / COLUMNS_A_BLOCK * COLUMNS_A_BLOCK;
    if (wanted < COLUMNS_A_BLOCK) wanted = COLUMNS_A_BLOCK;
    size_t have = 0, count = 0, listed = 0;
    ho_programme_shares(s->programme, g->shares);
    for (uint32_t j = 0; j < cs->count; j++) {
        const double gap = g->shares[j] > 0 || s->gains[j] > 0 ? 0 : -s->gains[j];
        if (cs->most[j] > 0) g->order[listed++] = (ranked){cs->least[j] > 0 ? -1 : gap, j};
    }
    qsort(g->order, listed, sizeof *g->order, by_gap);
    while (count < listed && (count < wanted || have < s->base.size))
        have += cs->most[g->order[count++].column];
    return count;
}

/* The columns' strategies with their shares: the first copies whole, the next in part. */
static ho_status make_lead(const gathering *g, size_t columns, ho_lead *lead, ho_error *err)
{
    const ho_bound_columns *cs = &g->s->base.columns;
    size_t total = 0, at = 0;
    for (size_t i = 0; i < columns; i++)
        total += copies_of(g->s, g->order[i].column);
    uint32_t *candidates = HO_NEW(uint32_t, total);
    uint32_t *pairs = HO_NEW(uint32_t, 3 * total); /* a strategy, its column, which copy it is */
    double *shares = HO_NEW(double, total);
    if (candidates == NULL || shares == NULL || pairs == NULL) {
        free(candidates);
        free(shares);
        free(pairs);
        return ho_fail_memory(err, total * sizeof *shares, "hints");
    }
    for (size_t i = 0; i < columns; i++) {
        const uint32_t column = g->order[i].column;
        uint32_t strategy = cs->first[column];
        for (uint32_t copy = 0; copy < copies_of(g->s, column); copy++, strategy = cs->next[strategy]) {
            pairs[3 * at] = strategy;
            pairs[3 * at + 1] = column;
            pairs[3 * at++ + 2] = copy;
        }
    }
    qsort(pairs, total, 3 * sizeof *pairs, by_strategy);
    for (size_t i = 0; i < total; i++) {
        const double left = g->shares[pairs[3 * i + 1]] - pairs[3 * i + 2];
        candidates[i] = pairs[3 * i];
        shares[i] = left < 0 ? 0 : left < 1 ? left : 1;
    }
    free(pairs);
    *lead = (ho_lead){.candidates = candidates, .count = total, .shares = shares};
    return HO_OK;
}

static ho_status follow(const gathering *g, const ho_question *q, ho_hints *h, ho_error *err)
{
    ho_answer a;
    HO_TRY(ho_solver_ask(g->s, q, &a, err));
    ho_certificate_free(&a.certificate);
    if (g->s->programme->state != HO_LP_OPTIMAL) return HO_OK;
    HO_TRY(make_lead(g, rank(g), &h->leads[h->count], err));
    h->count++;
    return HO_OK;
}

ho_status ho_hints_gather(ho_solver *s, const ho_question *questions, size_t count, ho_hints *hints,
                          ho_error *err)
{
    const size_t columns = s->base.columns.count;
    gathering g = {.s = s, .shares = HO_NEW(double, columns), .order = HO_NEW(ranked, columns)};
    ho_hints h = {.leads = HO_NEW(ho_lead, count)};
    ho_status status = HO_OK;
    if (g.shares == NULL || g.order == NULL || h.leads == NULL)
        status = ho_fail_memory(err, columns * (sizeof(double) + sizeof(ranked)), "hints");
    for (size_t i = 0; i < count && status == HO_OK; i++)
        status = follow(&g, &questions[i], &h, err);
    free(g.shares);
    free(g.order);
    if (status == HO_OK)
        *hints = h;
    else
        ho_hints_clear(&h);
    return status;
}
