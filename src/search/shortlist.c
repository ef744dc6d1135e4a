#include "search/shortlist.h"

#include "base/error.h"
#include "base/memory.h"
#include <math.h>
#include <string.h>

enum {
    SWAPS_A_SCAN = 2000000, /* at most about this many in one call, so that a cancel is soon heard */
    FEED_SLOTS = 8,         /* scanned together: one pass over the matrix */
    TRIES = 16              /* draws for a swap */
};

ho_status ho_shortlist_new(ho_search *s, size_t room, ho_shortlist *l, ho_error *err)
{
    *l = (ho_shortlist){.s = s, .next_feed = INT64_MAX};
    /* A list pays where its probes cost well below a scan of the slot. */
    if ((int64_t)room < ho_search_scan_cost(s) / (2 * HO_WORK_PROBE)) l->room = room;
    l->list = HO_NEW(uint32_t, l->room);
    l->listed = HO_NEW(uint8_t, s->candidates);
    l->trial = HO_NEW(uint32_t, s->size);
    if (l->list == NULL || l->listed == NULL || l->trial == NULL)
        return ho_fail_memory(err, s->candidates + (l->room + s->size) * sizeof *l->list, "a short list");
    return ho_marks_new(s->candidates, &l->marks, err);
}

void ho_shortlist_free(ho_shortlist *l)
{
    free(l->list);
    free(l->listed);
    free(l->trial);
    ho_marks_free(&l->marks);
    *l = (ho_shortlist){0};
}

void ho_shortlist_add(ho_shortlist *l, uint32_t candidate)
{
    if (l->room == 0 || l->listed[candidate]) return;
    l->listed[candidate] = 1;
    if (l->count < l->room) {
        l->list[l->count++] = candidate;
        return;
    }
    l->listed[l->list[l->oldest]] = 0;
    l->list[l->oldest] = candidate;
    l->oldest = (l->oldest + 1) % l->room;
}

uint32_t ho_shortlist_draw(const ho_shortlist *l, ho_rng *rng)
{
    return l->count > 0 ? l->list[ho_rng_below(rng, (uint32_t)l->count)] : HO_NOBODY;
}

uint32_t ho_shortlist_suggest(ho_shortlist *l, double outside, const ho_marks *marks)
{
    ho_search *s = l->s;
    uint32_t in = HO_NOBODY;
    if (ho_rng_unit(&s->rng) >= outside) in = ho_shortlist_draw(l, &s->rng);
    return in == HO_NOBODY || ho_marked(marks, in) ? ho_search_random_unmarked(s, marks) : in;
}

bool ho_shortlist_random_swap(ho_shortlist *l, double outside, size_t *slot, uint32_t *in)
{
    ho_search *s = l->s;
    if (l->count == 0 || ho_rng_unit(&s->rng) < outside) return ho_search_random_swap(s, slot, in);
    for (int i = 0; i < TRIES; i++) {
        *slot = ho_rng_below(&s->rng, (uint32_t)s->size);
        *in = ho_shortlist_draw(l, &s->rng);
        if (s->open[*in] && ho_search_may(s, *slot, *in)) return true;
    }
    return ho_search_random_swap(s, slot, in);
}

void ho_shortlist_kick(ho_shortlist *l, const uint32_t *from, size_t least, size_t most, double outside,
                       uint32_t *to)
{
    ho_search *s = l->s;
    const size_t outsiders = s->pool_count - s->size;
    size_t changes = least + ho_rng_below(&s->rng, (uint32_t)(most - least + 1));
    if (changes > s->size) changes = s->size;
    if (changes > outsiders) changes = outsiders;
    memcpy(to, from, s->size * sizeof *to);
    ho_marks_set(&l->marks, to, s->size);
    for (size_t i = 0; i < changes; i++) { /* the first i places hold members that have been replaced */
        size_t slot = i + ho_rng_below(&s->rng, (uint32_t)(s->size - i));
        uint32_t in = ho_shortlist_suggest(l, outside, &l->marks);
        if (!ho_search_fits(s, to, slot, in)) in = ho_search_random_unmarked(s, &l->marks);
        ho_mark(&l->marks, in);
        to[slot] = to[i];
        to[i] = in;
    }
    (void)ho_search_repair(s, to);
}

/* Makes the swap if its true value gains: a probe or scan is right to 1e-9 only, and a gain that is not true would be
 * taken back and forth for ever. */
static bool take(ho_shortlist *l, size_t slot, uint32_t in, double *value)
{
    ho_search *s = l->s;
    memcpy(l->trial, s->current, s->size * sizeof *l->trial);
    l->trial[slot] = in;
    double truth = ho_search_score(s, l->trial);
    if (!ho_search_gains(truth, *value)) return false;
    ho_shortlist_add(l, s->current[slot]);
    ho_shortlist_add(l, in);
    ho_search_swap(s, slot, in, -INFINITY);
    *value = truth;
    return true;
}

static bool improve_slot(ho_shortlist *l, size_t slot, double *value)
{
    ho_search *s = l->s;
    ho_swap best = {.in = HO_NOBODY, .value = *value};
    for (size_t i = 0; i < l->count && !ho_search_done(s); i++) {
        if (!s->open[l->list[i]]) continue;
        double probed = ho_search_probe(s, slot, l->list[i]);
        if (probed > best.value) best = (ho_swap){(uint32_t)slot, l->list[i], probed};
    }
    return best.in != HO_NOBODY && !ho_search_done(s) && take(l, slot, best.in, value);
}

double ho_shortlist_descend(ho_shortlist *l, double value)
{
    size_t slot = 0, quiet = 0;
    while (l->count > 0 && quiet < l->s->size && !ho_search_done(l->s)) {
        quiet = improve_slot(l, slot, &value) ? 0 : quiet + 1;
        slot = (slot + 1) % l->s->size;
    }
    return value;
}

/* Takes the gains among the swaps of the last scan. Those after the first were valued beside other members and are
 * probed anew: a dozen units where another scan would be thousands. */
static bool take_gains(ho_shortlist *l, const ho_swap *swaps, size_t slots, double *value)
{
    ho_search *s = l->s;
    bool gained = false;
    for (size_t i = 0; i < slots && !ho_search_done(s); i++) {
        ho_swap swap = swaps[i];
        if (swap.in == HO_NOBODY) continue;
        ho_shortlist_add(l, swap.in);
        if (!s->open[swap.in]) continue;
        if (gained) swap.value = ho_search_probe(s, swap.slot, swap.in);
        if (ho_search_gains(swap.value, *value) && take(l, swap.slot, swap.in, value)) gained = true;
    }
    return gained;
}

double ho_shortlist_descend_all(ho_shortlist *l, double value, size_t chunk, size_t passes, bool *proven)
{
    ho_search *s = l->s;
    const int64_t slot_cost = ho_search_scan_cost(s);
    const size_t first_chunk = chunk,
                 limit = slot_cost < SWAPS_A_SCAN ? (size_t)(SWAPS_A_SCAN / slot_cost) : 1;
    size_t slot = 0, quiet = 0, passed = 0;
    while (quiet < s->size && (passes == 0 || passed < passes * s->size)) {
        int64_t affordable = ho_search_work_left(s) / slot_cost;
        if (ho_search_done(s) || affordable == 0) break;
        size_t slots = chunk < limit ? chunk : limit;
        if (slots > s->size - slot) slots = s->size - slot;
        if ((int64_t)slots > affordable) slots = (size_t)affordable;
        bool gained = take_gains(l, ho_search_scan(s, slot, slots), slots, &value);
        if (gained) value = ho_shortlist_descend(l, value);
        passed += slots;
        quiet = gained ? 0 : quiet + slots;
        chunk = gained ? first_chunk : 2 * slots;
        slot = (slot + slots) % s->size;
    }
    *proven = quiet >= s->size;
    return value;
}

bool ho_shortlist_is_due(const ho_shortlist *l)
{
    return ho_search_work_left(l->s) <= l->next_feed && !ho_search_done(l->s);
}

bool ho_shortlist_has_fed(const ho_shortlist *l, const uint32_t *members)
{
    return l->unfed == 0 && l->fed == ho_members_hash(members, l->s->size);
}

double ho_shortlist_feed(ho_shortlist *l, double value, bool deep)
{
    ho_search *s = l->s;
    const int64_t before = ho_search_work_left(s), affordable = before / ho_search_scan_cost(s);
    const uint64_t hash = ho_members_hash(s->current, s->size);
    if (hash != l->fed) l->unfed = s->size;
    if (l->fed_slot >= s->size) l->fed_slot = 0;
    size_t slots = s->size - l->fed_slot < FEED_SLOTS ? s->size - l->fed_slot : FEED_SLOTS;
    if ((int64_t)slots > affordable) slots = (size_t)affordable;
    if (slots == 0) return value;
    const bool gained = take_gains(l, ho_search_scan(s, l->fed_slot, slots), slots, &value);
    if (gained && deep) value = ho_shortlist_descend(l, value);
    l->fed = gained ? ho_members_hash(s->current, s->size) : hash;
    l->unfed = gained ? s->size : l->unfed > slots ? l->unfed - slots : 0;
    l->fed_slot += slots;
    const int64_t left = ho_search_work_left(s);
    l->next_feed = left - (before - left);
    return value;
}
