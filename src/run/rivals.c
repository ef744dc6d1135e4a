#include "run/rivals.h"

#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static int ascending(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

ho_status ho_urn_make(const ho_selection *s, size_t strategies, ho_urn *urn, ho_error *err)
{
    uint32_t *pool = HO_NEW(uint32_t, strategies);
    if (pool == NULL) return ho_fail_memory(err, strategies * sizeof *pool, "random portfolios");
    *urn = (ho_urn){.selection = s, .pool = pool};
    for (uint32_t j = 0; j < strategies; j++) {
        if (s->allowed[j] && bsearch(&j, s->include, s->include_count, sizeof j, ascending) == NULL)
            pool[urn->count++] = j;
    }
    return HO_OK;
}

void ho_urn_clear(ho_urn *urn)
{
    free(urn->pool);
    *urn = (ho_urn){0};
}

/* Includes, and the first places of a shuffle of the pool. */
void ho_urn_draw(ho_urn *urn, ho_rng *rng, size_t size, uint32_t *members)
{
    const ho_selection *s = urn->selection;
    size_t count = s->include_count;
    memcpy(members, s->include, count * sizeof *members);
    for (size_t i = 0; count < size; i++) {
        const size_t at = i + ho_rng_below(rng, (uint32_t)(urn->count - i));
        const uint32_t taken = urn->pool[at];
        urn->pool[at] = urn->pool[i];
        urn->pool[i] = taken;
        members[count++] = taken;
    }
    qsort(members, count, sizeof *members, ascending);
}

typedef struct single {
    double value;
    uint32_t strategy;
} single;

static int better_first(const void *a, const void *b)
{
    const single *x = a, *y = b;
    if (x->value != y->value) return x->value < y->value ? 1 : -1;
    return (x->strategy > y->strategy) - (x->strategy < y->strategy);
}

ho_status ho_best_singles(const ho_objective *table, void *walk, const ho_selection *selection, size_t size,
                          uint32_t *members, uint32_t *best, double *value, ho_error *err)
{
    size_t count = 0;
    single *singles = HO_NEW(single, table->candidates);
    if (singles == NULL) return ho_fail_memory(err, table->candidates * sizeof *singles, "single strategies");
    for (uint32_t j = 0; j < table->candidates; j++) {
        if (selection->allowed[j]) singles[count++] = (single){table->score(walk, &j, 1), j};
    }
    qsort(singles, count, sizeof *singles, better_first);
    *best = singles[0].strategy;
    *value = singles[0].value;
    for (size_t k = 0; k < size; k++)
        members[k] = singles[k].strategy;
    free(singles);
    qsort(members, size, sizeof *members, ascending);
    return HO_OK;
}
