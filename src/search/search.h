/* What an algorithm sees of a search. The core counts, keeps the best set, watches the clock and the cancel flag; an
 * algorithm only decides what to look at next.
 *
 * A set here is an array of s->size members in any order. Members that every set must have are added by the core and
 * never shown: an algorithm chooses s->size out of s->pool, and 1 <= s->size < s->pool_count. */
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

    /* Searches until ho_search_done or its own end. Fails only for want of memory. */
    ho_status (*run)(ho_search *s, const void *params, ho_error *err);
};

/* True when work, time or patience is used up: free what you hold and return HO_OK. Ask before each valuation. */
bool ho_search_done(const ho_search *s);
int64_t ho_search_work_left(const ho_search *s);
double ho_search_share(const ho_search *s); /* of the work used, 0..1 */

/* Counts work that an algorithm does by itself and that is not small beside its valuations. */
void ho_search_spend(ho_search *s, int64_t units);

/* The value of a set from scratch; the best one is remembered. The current set stays. */
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

/* Makes `members` the current set, members[i] in slot i, and values it. */
double ho_search_set(ho_search *s, const uint32_t *members);
/* The value of the current set with the member of `slot` replaced. */
double ho_search_probe(ho_search *s, size_t slot, uint32_t in);
/* Makes that swap; `value` is what a probe or scan said, and is confirmed where it would be a new best. */
void ho_search_swap(ho_search *s, size_t slot, uint32_t in, double value);

/* From the current set of value `value`, takes the best swap of one slot after another until a look at every swap has
 * shown no gain, or the search is done. Returns the value it came to. */
double ho_search_descend(ho_search *s, double value);

/* A set drawn uniformly among all sets of the problem. */
void ho_search_random_set(ho_search *s, uint32_t *members);
/* A candidate drawn uniformly from the pool among those not in the current set, or not marked (some must be left). */
uint32_t ho_search_random_open(ho_search *s);
uint32_t ho_search_random_unmarked(ho_search *s, const ho_marks *marks);

#endif
