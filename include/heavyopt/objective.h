/* room: base
 *
 * What a search is given: a way to value sets of K out of N candidates. The search sees indices and numbers, never a
 * rupee; whoever owns the data fills this table (the portfolio objective in metrics.h, toy problems in the tests).
 *
 * A `walk` is one searcher's working memory: a current set of K members in slots 0..K-1, and whatever the objective
 * keeps to value changes of it fast. A walk is used by one thread at a time; any number of walks may be open on one
 * objective. Values are doubles, larger is better, NaN never comes out (an undefined value is -INFINITY). */
#ifndef HEAVYOPT_OBJECTIVE_H
#define HEAVYOPT_OBJECTIVE_H

#include <heavyopt/rules.h>
#include <heavyopt/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* "Take the member out of `slot`, put candidate `in` there": the set is then worth `value`. */
typedef struct ho_swap {
    uint32_t slot, in; /* in = HO_NOBODY: no candidate was allowed, value = -INFINITY */
    double value;
} ho_swap;

typedef struct ho_objective {
    size_t candidates; /* N */
    size_t features;   /* numbers that describe() writes; 0 when there is no describe() */
    const void *data;  /* borrowed; handed to open() */

    /* A walk for sets of `size` members, HO_ERR_MEMORY otherwise. close() accepts NULL and nulls. */
    ho_status (*open)(const void *data, size_t size, void **walk, ho_error *err);
    void (*close)(void **walk);

    /* The value of a set from scratch; members ascending and distinct, any count from 1 to `size`. This one is
     * canonical: every value that is reported comes from it. The walk's current set is not touched. */
    double (*score)(void *walk, const uint32_t *members, size_t count);

    /* Cheap properties of a set (as score()), for surrogate models. */
    void (*describe)(void *walk, const uint32_t *members, size_t count, double *features);

    /* The current set: members in slot order, exactly `size` of them. */
    void (*set)(void *walk, const uint32_t *members);
    void (*swap)(void *walk, size_t slot, uint32_t in);

    /* The value after one swap, the current set staying as it is. Agrees with score() to 1e-9 relative. */
    double (*probe)(void *walk, size_t slot, uint32_t in);

    /* For each slot first_slot + i, i < slots, the best swap over the candidates j in first .. last-1 with
     * open[i * stride + j] != 0 (members are closed by the caller); stride 0: the same are open for all slots. Ties go
     * to the smallest j. Writes `slots` entries of best. */
    void (*scan)(void *walk, size_t first_slot, size_t slots, uint32_t first, uint32_t last,
                 const uint8_t *open, size_t stride, ho_swap *best);

    /* As scan() of one slot and all candidates, but of swaps worth more than `floor` alone: best->in is HO_NOBODY where
     * there is none. NULL where an objective has nothing faster than scan(). */
    void (*scan_above)(void *walk, size_t slot, double floor, const uint8_t *open, ho_swap *best);

    /* Another value of the current set, and scan() by it, for a search to climb by first: where score() hangs on one
     * deepest drawdown, this one falls with all of them, so that fewer sets are tops. Its numbers are of its own kind,
     * to be compared with each other alone. Both NULL where an objective has none. */
    double (*smooth)(void *walk);
    void (*scan_smooth)(void *walk, size_t first_slot, size_t slots, uint32_t first, uint32_t last,
                        const uint8_t *open, size_t stride, ho_swap *best);

    /* Values near those of score(), for a search to go by and never to report: of `count` sets of exactly `size`
     * members each, 1 to the walk's size, distinct and in any order (another order of the same members may change the
     * last digits). About 1e-5 relative to the parts that a value is made of. NULL where an objective has none; it
     * is an objective's own choice. The walk's current set is not touched. */
    void (*score_many)(void *walk, const uint32_t *members, size_t size, size_t count, float *values);

    /* How many of the candidates differ: a scan looks at equal ones once, and counts as that many. 0: not known. */
    size_t distinct;
} ho_objective;

#ifdef __cplusplus
}
#endif
#endif
