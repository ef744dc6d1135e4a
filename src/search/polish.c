/* Going down from a set to its local optimum: the best swap of one slot after another.
 *
 * A pass over the candidates for one slot is bound by memory; several slots in a pass are much cheaper a slot. So a
 * growing chunk of slots is scanned from the same state, the first improving one in order is taken, and the rest is
 * scanned anew: the result is that of single slots, for any size of chunk. */
#include "search/core.h"

#include <math.h>

enum {
    SWAPS_A_SCAN = 2000000
}; /* at most about this many swaps in one call, so that a cancel is soon heard */

bool ho_search_gains(double value, double before)
{
    if (!(value > before)) return false;
    return isinf(value) || isinf(before) || value - before > 1e-12 * fabs(before);
}

static size_t chunk_limit(const ho_search *s)
{
    size_t limit = SWAPS_A_SCAN / (size_t)s->core->scan_cost;
    return limit < 1 ? 1 : limit;
}

/* Takes the first gain among the `slots` swaps scanned, if its true value bears it out: a scan is right to 1e-9 only,
 * and a gain that is not true would be taken back and forth for ever. Returns the index, or `slots`. */
static size_t take_first_gain(ho_search *s, size_t slots, double *value)
{
    const struct ho_search_core *c = s->core;
    for (size_t i = 0; i < slots; i++) {
        ho_swap swap = c->swaps[i];
        if (swap.in == HO_NOBODY || !ho_search_gains(swap.value, *value)) continue;
        for (size_t m = 0; m < s->size; m++)
            c->trial[m] = m == swap.slot ? swap.in : s->current[m];
        double truth = ho_search_score(s, c->trial);
        if (!ho_search_gains(truth, *value)) continue;
        ho_search_swap(s, swap.slot, swap.in, -INFINITY);
        *value = truth;
        return i;
    }
    return slots;
}

double ho_search_descend(ho_search *s, double value)
{
    size_t slot = 0, quiet = 0, chunk = 1, limit = chunk_limit(s);
    while (quiet < s->size) {
        int64_t affordable = ho_search_work_left(s) / s->core->scan_cost;
        if (ho_search_done(s) || affordable == 0) return value;
        size_t slots = chunk;
        if (slots > s->size - slot) slots = s->size - slot;
        if (slots > s->size - quiet) slots = s->size - quiet;
        if ((int64_t)slots > affordable) slots = (size_t)affordable;
        (void)ho_search_scan(s, slot, slots);
        size_t taken = take_first_gain(s, slots, &value);
        bool gained = taken < slots;
        quiet = gained ? 0 : quiet + slots;
        chunk = gained ? 1 : 2 * chunk;
        if (chunk > limit) chunk = limit;
        slot += gained ? taken + 1 : slots;
        if (slot == s->size) slot = 0;
    }
    return value;
}

void ho_search_polish(ho_search *s)
{
    struct ho_search_core *c = s->core;
    if (c->polish.limit <= 0) return;
    c->counts = &c->polish;
    c->next_look = 0;
    size_t count =
        0; /* members in ascending order, without the includes, which sit at the front of c->members */
    size_t include = 0;
    for (size_t i = 0; i < c->total; i++) {
        bool included = include < c->fixed && c->members[include] == c->best[i];
        include += included;
        if (!included) c->first[count++] = c->best[i];
    }
    double value = ho_search_set(s, c->first);
    (void)ho_search_descend(s, value);
}
