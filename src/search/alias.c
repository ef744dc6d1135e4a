#include "search/alias.h"

#include "base/error.h"
#include "base/memory.h"

ho_status ho_alias_new(size_t room, ho_alias *alias, ho_error *err)
{
    ho_alias a = {
        .cut = HO_NEW(double, room), .other = HO_NEW(uint32_t, room), .work = HO_NEW(uint32_t, room)};
    if (a.cut == NULL || a.other == NULL || a.work == NULL) {
        ho_alias_free(&a);
        return ho_fail_memory(err, room * (sizeof *a.cut + 2 * sizeof *a.other), "a table of weights");
    }
    *alias = a;
    return HO_OK;
}

void ho_alias_free(ho_alias *alias)
{
    free(alias->cut);
    free(alias->other);
    free(alias->work);
    *alias = (ho_alias){0};
}

void ho_alias_fill(ho_alias *a, const double *weights, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += weights[i];
    a->count = count;
    size_t light = 0, heavy = count; /* two stacks that grow towards each other in a->work */
    for (size_t i = 0; i < count; i++) {
        a->cut[i] = sum > 0 ? weights[i] / sum * (double)count : 1;
        a->other[i] = (uint32_t)i;
        a->work[a->cut[i] < 1 ? light++ : --heavy] = (uint32_t)i;
    }
    while (light > 0 && heavy < count) {
        uint32_t small = a->work[--light], large = a->work[heavy];
        a->other[small] = large;
        a->cut[large] -= 1 - a->cut[small];
        if (a->cut[large] < 1) {
            heavy++;
            a->work[light++] = large;
        }
    }
    while (light > 0) /* what rounding left over */
        a->cut[a->work[--light]] = 1;
}

/* One number gives both the column and the place in it: 53 bits are enough for the two. */
uint32_t ho_alias_draw(const ho_alias *a, ho_rng *rng)
{
    double at = ho_rng_unit(rng) * (double)a->count;
    uint32_t i = (uint32_t)at;
    return at - (double)i < a->cut[i] ? i : a->other[i];
}
