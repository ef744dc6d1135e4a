/* Sets in the making that keep to a problem's rules.
 *
 * Conflicts are rows of bits. A pair is looked up in the row of the candidate that asks; for all candidates at once
 * the members' rows are added up, two bits a candidate: none, one, or more. That is all there is to know, since a
 * candidate may take the place of a member exactly if it is in conflict with none, or with that one alone. */
#include "search/rules.h"

#include "base/error.h"
#include "base/memory.h"

#include <string.h>

ho_status ho_draft_new(const ho_rules *r, ho_draft *draft, ho_error *err)
{
    const ho_problem *p = r->problem;
    ho_draft d = {.rules = r,
                  .members = HO_NEW(uint32_t, p->size),
                  .in = HO_NEW(uint64_t, r->words),
                  .counts = HO_NEW(uint32_t, r->group_count),
                  .lacking = HO_NEW(size_t, p->grouping_count),
                  .once = HO_NEW(uint64_t, r->words),
                  .twice = HO_NEW(uint64_t, r->words),
                  .full = HO_NEW(uint64_t, r->words * p->grouping_count),
                  .choices = HO_NEW(uint64_t, r->words),
                  .spare = HO_NEW(uint64_t, r->words)};
    if (d.members == NULL || d.in == NULL || d.counts == NULL || d.lacking == NULL || d.once == NULL ||
        d.twice == NULL || d.full == NULL || d.choices == NULL || d.spare == NULL) {
        ho_draft_free(&d);
        return ho_fail_memory(err, r->words * (5 + p->grouping_count) * sizeof *d.in, "the rules of a set");
    }
    for (size_t q = 0; q < p->grouping_count; q++) {
        const ho_grouping *g = &p->groupings[q];
        for (size_t i = 0; i < g->groups && g->least != NULL; i++)
            d.lacking[q] += g->least[i];
    }
    *draft = d;
    return HO_OK;
}

void ho_draft_free(ho_draft *d)
{
    free(d->members);
    free(d->in);
    free(d->counts);
    free(d->lacking);
    free(d->once);
    free(d->twice);
    free(d->full);
    free(d->choices);
    free(d->spare);
    *d = (ho_draft){0};
}

/* Counts a member in (or out) of its groups. */
static void count(ho_draft *d, uint32_t j, bool in)
{
    const ho_problem *p = d->rules->problem;
    d->in[j / 64] ^= UINT64_C(1) << (j % 64);
    d->looked = false;
    for (size_t q = 0; q < p->grouping_count; q++) {
        const ho_grouping *g = &p->groupings[q];
        const uint32_t group = g->group[j];
        if (group == HO_NOBODY) continue;
        uint32_t *members = &d->counts[d->rules->lists[q].first_count + group];
        const uint32_t least = g->least != NULL ? g->least[group] : 0;
        if (in)
            d->lacking[q] -= (*members)++ < least;
        else
            d->lacking[q] += --*members < least;
    }
}

void ho_draft_add(ho_draft *d, uint32_t in)
{
    count(d, in, true);
    d->members[d->count++] = in;
}

void ho_draft_replace(ho_draft *d, size_t slot, uint32_t in)
{
    count(d, d->members[slot], false);
    count(d, in, true);
    d->members[slot] = in;
}

void ho_draft_cut(ho_draft *d, size_t members)
{
    while (d->count > members)
        count(d, d->members[--d->count], false);
}

void ho_draft_drop(ho_draft *d, size_t slot)
{
    count(d, d->members[slot], false);
    d->members[slot] = d->members[--d->count];
}

void ho_draft_load(ho_draft *d, const uint32_t *set, size_t n)
{
    ho_draft_cut(d, 0);
    for (size_t i = 0; i < n; i++)
        ho_draft_add(d, set[i]);
}

static bool is_pair_apart(const ho_problem *p, uint32_t a, uint32_t b)
{
    for (size_t c = 0; c < p->conflict_count; c++) {
        const uint64_t *row = p->conflicts[c].row(p->conflicts[c].data, a);
        if (row != NULL && ho_bit(row, b)) return true;
    }
    return false;
}

static bool goes_with_members(const ho_draft *d, uint32_t in, size_t slot)
{
    const ho_problem *p = d->rules->problem;
    if (d->looked) {
        if (!ho_bit(d->once, in)) return true;
        return !ho_bit(d->twice, in) && slot != SIZE_MAX && is_pair_apart(p, d->members[slot], in);
    }
    for (size_t c = 0; c < p->conflict_count; c++) {
        const uint64_t *row = p->conflicts[c].row(p->conflicts[c].data, in);
        for (size_t i = 0; i < d->count && row != NULL; i++) {
            if (i != slot && ho_bit(row, d->members[i])) return false;
        }
    }
    return true;
}

/* How a grouping stands once the member `out` (HO_NOBODY: none) has left. */
typedef struct standing {
    const ho_grouping *g;
    const uint32_t *counts;
    uint32_t out; /* the group that it leaves, or HO_NOBODY */
    size_t lacking;
} standing;

static standing stand_without(const ho_draft *d, size_t q, uint32_t out)
{
    const ho_grouping *g = &d->rules->problem->groupings[q];
    standing s = {.g = g, .counts = d->counts + d->rules->lists[q].first_count, .lacking = d->lacking[q]};
    s.out = out != HO_NOBODY ? g->group[out] : HO_NOBODY;
    if (s.out != HO_NOBODY && g->least != NULL) s.lacking += s.counts[s.out] <= g->least[s.out];
    return s;
}

static uint32_t members_of(const standing *s, uint32_t group)
{
    return s->counts[group] - (group == s->out);
}

static bool lacks(const standing *s, uint32_t group)
{
    return s->g->least != NULL && members_of(s, group) < s->g->least[group];
}

/* Places that are left when the one in question is taken. */
static size_t places_after(const ho_draft *d, ptrdiff_t slot)
{
    return d->rules->problem->size - d->count - (slot == HO_NO_SLOT);
}

bool ho_draft_takes(const ho_draft *d, uint32_t in, ptrdiff_t slot)
{
    const ho_problem *p = d->rules->problem;
    if (ho_bit(d->in, in) || (slot == HO_NO_SLOT && d->count == p->size)) return false;
    const uint32_t out = slot == HO_NO_SLOT ? HO_NOBODY : d->members[slot];
    const size_t places = places_after(d, slot);
    for (size_t q = 0; q < p->grouping_count; q++) {
        const standing s = stand_without(d, q, out);
        const uint32_t group = s.g->group[in];
        if (group != HO_NOBODY && s.g->most != NULL && members_of(&s, group) >= s.g->most[group])
            return false;
        if (s.lacking - (group != HO_NOBODY && lacks(&s, group)) > places) return false;
    }
    return goes_with_members(d, in, slot == HO_NO_SLOT ? SIZE_MAX : (size_t)slot);
}

static void set_list(const ho_draft *d, size_t q, uint32_t group, uint64_t *bits, bool to)
{
    const ho_group_lists *lists = &d->rules->lists[q];
    for (uint32_t i = lists->starts[group]; i < lists->starts[group + 1]; i++) {
        const uint32_t j = lists->members[i];
        const uint64_t bit = UINT64_C(1) << (j % 64);
        bits[j / 64] = to ? bits[j / 64] | bit : bits[j / 64] & ~bit;
    }
}

/* All that may not be with j, NULL where that is none. Of several relations the union, in d->spare. */
static const uint64_t *conflicts_of(ho_draft *d, uint32_t j)
{
    const ho_problem *p = d->rules->problem;
    const uint64_t *found = NULL;
    for (size_t c = 0; c < p->conflict_count; c++) {
        const uint64_t *row = p->conflicts[c].row(p->conflicts[c].data, j);
        if (row == NULL) continue;
        for (size_t w = 0; found != NULL && w < d->rules->words; w++)
            d->spare[w] = found[w] | row[w];
        found = found == NULL ? row : d->spare;
    }
    return found;
}

static void look_at_conflicts(ho_draft *d)
{
    const size_t words = d->rules->words;
    memset(d->once, 0, words * sizeof *d->once);
    memset(d->twice, 0, words * sizeof *d->twice);
    for (size_t i = 0; i < d->count; i++) {
        const uint64_t *row = conflicts_of(d, d->members[i]);
        for (size_t w = 0; row != NULL && w < words; w++) {
            d->twice[w] |= d->once[w] & row[w];
            d->once[w] |= row[w];
        }
    }
}

void ho_draft_look(ho_draft *d)
{
    const ho_problem *p = d->rules->problem;
    const size_t words = d->rules->words;
    if (d->looked) return;
    d->looked = true;
    look_at_conflicts(d);
    for (size_t q = 0; q < p->grouping_count; q++) {
        const ho_grouping *g = &p->groupings[q];
        const uint32_t *counts = d->counts + d->rules->lists[q].first_count;
        uint64_t *full = d->full + q * words;
        memset(full, 0, words * sizeof *full);
        for (size_t i = 0; i < d->count && g->most != NULL; i++) {
            const uint32_t group = g->group[d->members[i]];
            if (group != HO_NOBODY && counts[group] >= g->most[group]) set_list(d, q, group, full, true);
        }
    }
}

/* Takes out of the choices what a grouping forbids. */
static void keep_to_grouping(ho_draft *d, size_t q, uint32_t out, size_t places)
{
    const standing s = stand_without(d, q, out);
    const size_t words = d->rules->words;
    uint64_t *full = d->full + q * words;
    const bool opens = s.out != HO_NOBODY && s.g->most != NULL && s.counts[s.out] == s.g->most[s.out];
    if (opens) set_list(d, q, s.out, full, false);
    for (size_t w = 0; w < words; w++)
        d->choices[w] &= ~full[w];
    if (opens) set_list(d, q, s.out, full, true);
    if (s.lacking <= places) return;
    memset(d->spare, 0, words * sizeof *d->spare); /* only who helps a group may come */
    for (uint32_t group = 0; group < s.g->groups; group++) {
        if (s.lacking == places + 1 && lacks(&s, group)) set_list(d, q, group, d->spare, true);
    }
    for (size_t w = 0; w < words; w++)
        d->choices[w] &= d->spare[w];
}

/* Takes out of the choices what is in conflict with a member other than `out`. */
static void keep_to_conflicts(ho_draft *d, uint32_t out)
{
    const uint64_t *row = out != HO_NOBODY ? conflicts_of(d, out) : NULL;
    for (size_t w = 0; w < d->rules->words; w++) {
        const uint64_t with_out = row != NULL ? row[w] : 0;
        d->choices[w] &= ~((d->once[w] & ~with_out) | d->twice[w]);
    }
}

size_t ho_draft_choices(ho_draft *d, ptrdiff_t slot)
{
    const ho_rules *r = d->rules;
    const uint32_t out = slot == HO_NO_SLOT ? HO_NOBODY : d->members[slot];
    for (size_t w = 0; w < r->words; w++)
        d->choices[w] = r->pool[w] & ~d->in[w];
    if (slot == HO_NO_SLOT && d->count == r->problem->size)
        memset(d->choices, 0, r->words * sizeof *d->choices);
    if (r->problem->conflict_count != 0) keep_to_conflicts(d, out);
    for (size_t q = 0; q < r->problem->grouping_count; q++)
        keep_to_grouping(d, q, out, places_after(d, slot));
    size_t choices = 0;
    for (size_t w = 0; w < r->words; w++)
        choices += (size_t)__builtin_popcountll(d->choices[w]);
    return choices;
}

uint32_t ho_draft_choice(const ho_draft *d, size_t number)
{
    size_t w = 0;
    for (size_t here; (here = (size_t)__builtin_popcountll(d->choices[w])) <= number; w++)
        number -= here;
    uint64_t bits = d->choices[w];
    while (number-- > 0)
        bits &= bits - 1;
    return (uint32_t)(64 * w) + (uint32_t)__builtin_ctzll(bits);
}

void ho_draft_spread(const ho_draft *d, uint8_t *flags)
{
    for (size_t w = 0; w < d->rules->words; w++) {
        for (size_t byte = 0; byte < 8; byte++)
            memcpy(flags + 64 * w + 8 * byte, d->rules->spread[d->choices[w] >> (8 * byte) & 255], 8);
    }
}
