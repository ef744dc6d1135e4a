/* Local search with a short list of candidates: those that scans found best for some slot, and members that left.
 *
 * A look at all swaps takes a good part of a small budget, and most candidates never pay: so what a scan finds goes on
 * a list, and a set goes down on the list, probe after probe, before the next scan of all candidates, as columns enter
 * a linear programme when their price is right (candidate lists: F. Glover, "Tabu search", part I, ORSA J. on Computing
 * 1 (1989)). The end of a descent by scans is a proven local optimum, with a list and without. */
#ifndef HO_SEARCH_SHORTLIST_H
#define HO_SEARCH_SHORTLIST_H

#include "search/search.h"

#define HO_SHORTLIST_ROOM    128
#define HO_SHORTLIST_OUTSIDE 0.2 /* chance that a suggestion is any candidate and not one of the list */

typedef struct ho_shortlist {
    ho_search *s;   /* borrowed */
    uint32_t *list; /* a ring: the oldest goes when it is full */
    size_t room, count, oldest;
    uint8_t *listed; /* by candidate */
    uint32_t *trial;
    ho_marks marks;
    int64_t next_feed;      /* work left at which feeding is due */
    uint64_t fed;           /* hash of the set that it fed on last, */
    size_t fed_slot, unfed; /* the slot to go on with, the slots not yet scanned in vain */
} ho_shortlist;

/* An empty list for the search's sets. It has no room at all where so many probes would cost as much as a scan: its
 * descents then look at all candidates. Freed by the caller, also after a failure; zeroed memory is fine to free. */
HO_MUST_USE ho_status ho_shortlist_new(ho_search *s, size_t room, ho_shortlist *l, ho_error *err);
void ho_shortlist_free(ho_shortlist *l);

void ho_shortlist_add(ho_shortlist *l, uint32_t candidate);
/* A random candidate of the list, HO_NOBODY where it is empty. It may be in the current set. */
uint32_t ho_shortlist_draw(const ho_shortlist *l, ho_rng *rng);

/* A candidate that is not marked: one of the list, but with the chance `outside`, or where the list has none, any one
 * of the pool. */
uint32_t ho_shortlist_suggest(ho_shortlist *l, double outside, const ho_marks *marks);
/* The same as a swap of the current set that may be made, at a random slot. False where none was found. */
bool ho_shortlist_random_swap(ho_shortlist *l, double outside, size_t *slot, uint32_t *in);
/* to = the set `from` with `least` to `most` members replaced by suggestions, these in the first slots; a set of the
 * problem. */
void ho_shortlist_kick(ho_shortlist *l, const uint32_t *from, size_t least, size_t most, double outside,
                       uint32_t *to);

/* For an algorithm whose own moves draw on the list. Feeding scans some slots of the current set, adds what it finds
 * best for them and makes the swaps that gain; `deep`: and goes down on the list after a gain. The slots after these
 * are the next time's. It is due when the work since the last time comes to what that has cost, so that it takes half
 * of all work. Returns the value of the set, which was `value`. */
bool ho_shortlist_is_due(const ho_shortlist *l);
double ho_shortlist_feed(ho_shortlist *l, double value, bool deep);
/* True when every slot of these members has been scanned in vain: there is nothing more to feed on. */
bool ho_shortlist_has_fed(const ho_shortlist *l, const uint32_t *members);

/* From the current set of value `value`, the best swap of one slot after another on the list, until a round over the
 * slots shows no gain or the search is done. Returns the value it came to. */
double ho_shortlist_descend(ho_shortlist *l, double value);

/* The same on all candidates: scans `chunk` slots together, and more where that is in vain, takes the gains, goes down
 * on the list in between; for at most so many passes over all slots (0: any). *proven: the last pass over all swaps
 * showed no gain. */
double ho_shortlist_descend_all(ho_shortlist *l, double value, size_t chunk, size_t passes, bool *proven);

#endif
