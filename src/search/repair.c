/* Sets and swaps that keep to a problem's rules: asking, drawing, and mending what an algorithm put together. Where
 * there are no rules all of this is free. */
#include "search/core.h"

#include <string.h>

/* Random candidates that are tried before all that may come are listed; members given up, a member of the set, before
 * a known set is taken instead. */
enum { TRIES = 16, SACRIFICES = 4, QUESTIONS = 64 };

/* Units for a look at all candidates, and for asking about each member of a set. */
static void spend_look(ho_search *s)
{
    const struct ho_search_core *c = s->core;
    ho_search_spend(s, (int64_t)((c->total + 4) * c->rules->words / 32 + 1));
}

static void spend_check(ho_search *s)
{
    const struct ho_search_core *c = s->core;
    const size_t pairs = c->rules->problem->conflict_count != 0 ? c->total * c->total / 16 : 0;
    ho_search_spend(s, (int64_t)(pairs + c->total / 4 + 1));
}

/* Puts the includes and those of the members that go with the ones before them into the draft. */
static void draft_what_fits(ho_search *s, const uint32_t *members)
{
    struct ho_search_core *c = s->core;
    ho_draft *d = &c->draft;
    ho_draft_load(d, c->members, c->fixed);
    for (size_t i = 0; i < s->size; i++) {
        if (ho_draft_takes(d, members[i], HO_NO_SLOT)) ho_draft_add(d, members[i]);
    }
}

bool ho_search_holds(ho_search *s, const uint32_t *members)
{
    draft_what_fits(s, members);
    return s->core->draft.count == s->core->total;
}

/* After so many questions a look at all candidates has paid for itself. */
bool ho_search_may(const ho_search *s, size_t slot, uint32_t in)
{
    struct ho_search_core *c = s->core;
    if (c->rules == NULL) return true;
    if (!c->standing.looked && ++c->asked > QUESTIONS) ho_draft_look(&c->standing);
    return ho_draft_takes(&c->standing, in, (ptrdiff_t)(c->fixed + slot));
}

bool ho_search_fits(ho_search *s, const uint32_t *members, size_t slot, uint32_t in)
{
    struct ho_search_core *c = s->core;
    ho_draft *d = &c->draft;
    if (c->rules == NULL) return true;
    const bool known =
        d->count == c->total && memcmp(d->members + c->fixed, members, s->size * sizeof *members) == 0;
    if (!known) { /* else it is the next question about the same set */
        ho_draft_load(d, c->members, c->fixed);
        for (size_t i = 0; i < s->size; i++)
            ho_draft_add(d, members[i]);
        c->draft_asked = 0;
    }
    if (!d->looked && ++c->draft_asked > QUESTIONS) ho_draft_look(d);
    return ho_draft_takes(d, in, (ptrdiff_t)(c->fixed + slot));
}

/* A random candidate for one more place of the draft, HO_NOBODY where none fits. */
static uint32_t draw(ho_search *s)
{
    struct ho_search_core *c = s->core;
    for (int i = 0; i < TRIES; i++) {
        uint32_t in = s->pool[ho_rng_below(&s->rng, (uint32_t)s->pool_count)];
        if (ho_draft_takes(&c->draft, in, HO_NO_SLOT)) return in;
    }
    spend_look(s);
    ho_draft_look(&c->draft);
    const size_t choices = ho_draft_choices(&c->draft, HO_NO_SLOT);
    if (choices == 0) return HO_NOBODY;
    return ho_draft_choice(&c->draft, ho_rng_below(&s->rng, (uint32_t)choices));
}

/* Fills the draft up; at a dead end a random member gives way. */
static void complete(ho_search *s)
{
    struct ho_search_core *c = s->core;
    ho_draft *d = &c->draft;
    size_t sacrifices = SACRIFICES * c->total;
    while (d->count < c->total) {
        const uint32_t in = draw(s);
        if (in != HO_NOBODY) {
            ho_draft_add(d, in);
        } else if (d->count == c->fixed || sacrifices-- == 0) {
            ho_draft_load(d, c->rules->known, c->total);
        } else {
            const size_t free_members = d->count - c->fixed;
            ho_draft_drop(d, c->fixed + ho_rng_below(&s->rng, (uint32_t)free_members));
        }
    }
}

/* Members that the draft lacks give their places to those that it has beside them. */
static void take_over(ho_search *s, uint32_t *members)
{
    struct ho_search_core *c = s->core;
    const ho_draft *d = &c->draft;
    size_t next = c->fixed;
    ho_marks_set(&c->marks, members, s->size);
    for (size_t i = 0; i < s->size; i++) {
        if (ho_bit(d->in, members[i])) continue;
        while (ho_marked(&c->marks, d->members[next]))
            next++;
        members[i] = d->members[next++];
    }
}

bool ho_search_repair(ho_search *s, uint32_t *members)
{
    struct ho_search_core *c = s->core;
    if (c->rules == NULL) return false;
    spend_check(s);
    draft_what_fits(s, members);
    if (c->draft.count == c->total) return false;
    complete(s);
    take_over(s, members);
    return true;
}

bool ho_search_random_allowed_swap(ho_search *s, size_t *slot, uint32_t *in)
{
    struct ho_search_core *c = s->core;
    for (int i = 0; i < TRIES; i++) {
        *slot = ho_rng_below(&s->rng, (uint32_t)s->size);
        *in = s->pool[ho_rng_below(&s->rng, (uint32_t)s->pool_count)];
        if (s->open[*in] && ho_search_may(s, *slot, *in)) return true;
    }
    spend_look(s);
    ho_draft_look(&c->standing);
    *slot = ho_rng_below(&s->rng, (uint32_t)s->size);
    const size_t choices = ho_draft_choices(&c->standing, (ptrdiff_t)(c->fixed + *slot));
    if (choices == 0) return false;
    *in = ho_draft_choice(&c->standing, ho_rng_below(&s->rng, (uint32_t)choices));
    return true;
}
