/* What an algorithm sees of a search. The core counts, keeps the best set, watches the clock and the cancel flag; an
 * algorithm only decides what to look at next.
 *
 * A set here is an array of s->size members in any order. Members that every set must have are added by the core and
 * never shown: an algorithm chooses s->size out of s->pool, and 1 <= s->size < s->pool_count. Not every choice need be
 * a set of the problem, for groups may be full and candidates may not go together. What the core hands out keeps to
 * these rules: first, current, random sets and swaps, scans. A set that an algorithm puts together itself is given to
 * ho_search_repair before it is valued, and costs nothing where there are no rules. */
#ifndef HO_SEARCH_SEARCH_H
#define HO_SEARCH_SEARCH_H

#include "base/rng.h"
#include "search/sets.h"

#include <heavyopt/search.h>

struct ho_search_core;

/* All but rng is read only for algorithms. */
typedef struct ho_search {
    size_t size;             /* members to choose */
    const uint32_t *pool;    /* the candidates to choose them from, ascending */
    size_t pool_count;       /* > size */
    size_t candidates;       /* every candidate is below this: the length of tables by candidate */
    size_t features;         /* numbers that ho_search_describe writes; 0: it must not be called */
    const uint32_t *first;   /* the set to begin with: the warm start, or a random one */
    double first_value;      /* its value; it has been counted */
    const uint32_t *current; /* the current set: the member of each slot */
    const uint8_t *open;     /* by candidate: in the pool and not in the current set */
    const ho_guide *guide;   /* hints, or NULL */
    ho_rng rng;
    struct ho_search_core *core;
} ho_search;

struct ho_algorithm {
    const char *name;  /* "sa" */
    const char *title; /* "simulated annealing" */
    const char *paper; /* author, title, year */
    const char *text;  /* one line: how it works on sets */
    const ho_option *options;
    size_t option_count;
    size_t params_size; /* of the struct that the options describe */
    int work_times; /* its units of work for each of the budget's, where they cost less than others'; 0: one */

    /* Searches until ho_search_done or its own end. Fails only for want of memory. */
    ho_status (*run)(ho_search *s, const void *params, ho_error *err);
};

/* True when work, time or patience is used up: free what you hold and return HO_OK. Ask before each valuation. */
bool ho_search_done(const ho_search *s);
int64_t ho_search_work_left(const ho_search *s);
double ho_search_seconds_left(const ho_search *s); /* 0: no limit */
double ho_search_share(const ho_search *s);        /* of the work used, 0..1 */

/* Counts work that an algorithm does by itself and that is not small beside its valuations. */
void ho_search_spend(ho_search *s, int64_t units);

/* The value of a set from scratch; the best one is remembered. The current set stays. -INFINITY for what is no set of
 * the problem. */
double ho_search_score(ho_search *s, const uint32_t *members);
/* The values of `count` sets, s->size members each, one set after another: three times cheaper a set, where the
 * objective knows how. They are good to about 1e-5, but for those that could be the best so far: these are confirmed,
 * and their value is that of ho_search_score. Stops when the search is done; returns how many have been valued, and
 * the rest of the values are -INFINITY. */
size_t ho_search_score_many(ho_search *s, const uint32_t *sets, size_t count, double *values);
/* The value of one candidate all by itself: a hint, no set of the problem. The second does many, as above. */
double ho_search_score_single(ho_search *s, uint32_t candidate);
size_t ho_search_score_singles(ho_search *s, const uint32_t *candidates, size_t count, double *values);
/* s->features numbers about a set; costs the work of a score. */
void ho_search_describe(ho_search *s, const uint32_t *members, double *features);

/* Makes `members` the current set, members[i] in slot i, and values it. What is no set of the problem is repaired. */
double ho_search_set(ho_search *s, const uint32_t *members);
/* True when `in`, which is open, may take the place of the member of `slot`. */
bool ho_search_may(const ho_search *s, size_t slot, uint32_t in);
/* The value of the current set with the member of `slot` replaced; -INFINITY where that may not be. */
double ho_search_probe(ho_search *s, size_t slot, uint32_t in);
/* The best swap of each of the slots first..first+count-1 over all candidates, in their order: swaps[0..count-1], with
 * in = HO_NOBODY where none may be made. They stay until the next scan. One slot costs ho_search_scan_cost units. */
const ho_swap *ho_search_scan(ho_search *s, size_t first, size_t count);
int64_t ho_search_scan_cost(const ho_search *s);
/* Makes a swap that may be made; `value` is what a probe or scan said, and is confirmed where it would be a new best. */
void ho_search_swap(ho_search *s, size_t slot, uint32_t in, double value);

/* True when `value` is above `before` by more than rounding: 1e-12 relative. */
bool ho_search_gains(double value, double before);

/* A set drawn uniformly among all sets of the problem; where there are rules, a repaired one. */
void ho_search_random_set(ho_search *s, uint32_t *members);
/* A slot and a candidate that may take its member's place, drawn at random (uniformly where there are no rules). False,
 * after a little work, where no swap was found. */
bool ho_search_random_swap(ho_search *s, size_t *slot, uint32_t *in);
/* A candidate drawn uniformly from the pool among those not marked (some must be left). */
uint32_t ho_search_random_unmarked(ho_search *s, const ho_marks *marks);

/* Makes distinct members of the pool a set of the problem: those that go with the ones before them stay in their
 * places, the others give way to random candidates. False where nothing had to change. */
bool ho_search_repair(ho_search *s, uint32_t *members);
/* True when `in` may take the place of members[slot] in a set of the problem that is not the current one. */
bool ho_search_fits(ho_search *s, const uint32_t *members, size_t slot, uint32_t in);

/* A search of its own on the same problem, an island: for one thread at a time, which need not be that of the search. Its
 * random numbers come from its number, and it is done when it has used up the work that it has been allotted. */
HO_MUST_USE ho_status ho_search_fork(const ho_search *s, size_t number, ho_search **fork, ho_error *err);
void ho_search_allot(ho_search *fork, int64_t work);
/* Takes over what the fork has worked since the last time, and its best set if that is better. */
void ho_search_join(ho_search *s, ho_search *fork);
void ho_search_unfork(ho_search **fork); /* frees it; accepts NULL */

#endif
