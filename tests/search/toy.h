/* Objectives whose best set is known, for tests of the search: no finance, and every call is counted. */
#ifndef HO_TESTS_SEARCH_TOY_H
#define HO_TESTS_SEARCH_TOY_H

#include "test.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/rng.h"
#include "search/sets.h"

#include <heavyopt/search.h>
#include <math.h>
#include <stdatomic.h>
#include <string.h>

enum { TOY_MOST = 400 };

typedef struct toy_tally {
    long counts[10][10][10]; /* how often each set of 3 of 10 was scored */
} toy_tally;

typedef struct toy {
    size_t n;
    double weights[TOY_MOST];
    uint8_t planted[TOY_MOST]; /* members of the planted set */
    double (*value)(const struct toy *toy, const uint32_t *members, size_t count);
    toy_tally *tally;
    bool many;                 /* has score_many */
    double scan_error;         /* relative: scans and probes see too much by it */
    atomic_long *calls;        /* scored sets, probes and scanned swaps */
    atomic_long *cancel_after; /* calls until *cancel is set */
    volatile int *cancel;
} toy;

typedef struct toy_walk {
    const toy *toy;
    size_t size;
    uint32_t *members, *trial, *sorted;
} toy_walk;

static inline double toy_sum(const toy *t, const uint32_t *members, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += t->weights[members[i]];
    return sum;
}

/* Planted members are worth more together. */
static inline double toy_planted(const toy *t, const uint32_t *members, size_t count)
{
    double together = 0;
    for (size_t i = 0; i < count; i++)
        together += t->planted[members[i]];
    return toy_sum(t, members, count) + together * together;
}

/* Each planted member costs, all of them together pay: every swap but the last leads away. */
static inline double toy_deceptive(const toy *t, const uint32_t *members, size_t count)
{
    double together = 0;
    for (size_t i = 0; i < count; i++)
        together += t->planted[members[i]];
    return together == (double)count ? 10 * together : toy_sum(t, members, count) - together;
}

/* Three pairs that must not meet. */
static inline double toy_forbidding(const toy *t, const uint32_t *members, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (members[i] <= 5 && members[i] % 2 == 1 && members[i - 1] == members[i] - 1) return -INFINITY;
    }
    return toy_sum(t, members, count);
}

static inline double toy_flat(const toy *t, const uint32_t *members, size_t count)
{
    (void)t;
    (void)members;
    (void)count;
    return 1;
}

static inline void toy_count(const toy *t, long calls)
{
    if (t->calls != NULL) atomic_fetch_add(t->calls, calls);
    if (t->cancel_after != NULL && atomic_fetch_sub(t->cancel_after, calls) <= calls) *t->cancel = 1;
}

static inline void toy_close(void **walk)
{
    toy_walk *w = *walk;
    if (w == NULL) return;
    free(w->members);
    free(w);
    *walk = NULL;
}

static inline ho_status toy_open(const void *data, size_t size, void **walk, ho_error *err)
{
    toy_walk *w = HO_NEW(toy_walk, 1);
    if (w == NULL) return ho_fail_memory(err, sizeof *w, "a toy");
    *w = (toy_walk){.toy = data, .size = size, .members = HO_NEW(uint32_t, 3 * size)};
    if (w->members == NULL) {
        free(w);
        return ho_fail_memory(err, 3 * size * sizeof(uint32_t), "a toy");
    }
    w->trial = w->members + size;
    w->sorted = w->members + 2 * size;
    *walk = w;
    return HO_OK;
}

static inline double toy_score(void *walk, const uint32_t *members, size_t count)
{
    const toy_walk *w = walk;
    for (size_t i = 0; i < count; i++)
        assert_true(members[i] < w->toy->n && (i == 0 || members[i] > members[i - 1]));
    double value = w->toy->value(w->toy, members, count);
    toy_count(w->toy, 1);
    return value;
}

static inline void toy_describe(void *walk, const uint32_t *members, size_t count, double *features)
{
    const toy_walk *w = walk;
    features[0] = toy_sum(w->toy, members, count);
    features[1] = 0;
    for (size_t i = 0; i < count; i++)
        features[1] += w->toy->planted[members[i]];
}

static inline void toy_set(void *walk, const uint32_t *members)
{
    toy_walk *w = walk;
    memcpy(w->members, members, w->size * sizeof *members);
}

static inline void toy_swap(void *walk, size_t slot, uint32_t in)
{
    toy_walk *w = walk;
    assert_true(slot < w->size);
    w->members[slot] = in;
}

static inline double toy_swapped(toy_walk *w, size_t slot, uint32_t in)
{
    memcpy(w->trial, w->members, w->size * sizeof *w->trial);
    w->trial[slot] = in;
    ho_members_sort(w->trial, w->size, w->sorted);
    double value = w->toy->value(w->toy, w->sorted, w->size);
    return isinf(value) ? value : value + fabs(value) * w->toy->scan_error;
}

static inline double toy_probe(void *walk, size_t slot, uint32_t in)
{
    toy_walk *w = walk;
    for (size_t i = 0; i < w->size; i++)
        assert_true(w->members[i] != in && in < w->toy->n);
    double value = toy_swapped(w, slot, in);
    toy_count(w->toy, 1);
    return value;
}

static inline void toy_scan(void *walk, size_t first_slot, size_t slots, uint32_t first, uint32_t last,
                            const uint8_t *open, size_t stride, ho_swap *best)
{
    toy_walk *w = walk;
    assert_true(first_slot + slots <= w->size && last <= w->toy->n);
    for (size_t i = 0; i < w->size; i++) {
        for (size_t k = 0; k < slots; k++)
            assert_false(open[k * stride + w->members[i]]);
    }
    for (size_t i = 0; i < slots; i++) {
        best[i] = (ho_swap){(uint32_t)(first_slot + i), HO_NOBODY, -INFINITY};
        for (uint32_t j = first; j < last; j++) {
            if (!open[i * stride + j]) continue;
            double value = toy_swapped(w, first_slot + i, j);
            toy_count(w->toy, 1);
            if (value > best[i].value) best[i] = (ho_swap){(uint32_t)(first_slot + i), j, value};
        }
    }
}

/* In single precision, and wrong by up to 1e-5. */
static inline void toy_score_many(void *walk, const uint32_t *members, size_t size, size_t count,
                                  float *values)
{
    const toy_walk *w = walk;
    uint32_t sorted[TOY_MOST];
    assert_true(size >= 1 && size <= w->size && count >= 1);
    for (size_t i = 0; i < count; i++) {
        ho_members_sort(members + i * size, size, sorted);
        for (size_t k = 0; k < size; k++)
            assert_true(sorted[k] < w->toy->n && (k == 0 || sorted[k] > sorted[k - 1]));
        double error = 1e-5 * ((double)(ho_members_hash(sorted, size) % 201) / 100 - 1);
        values[i] = (float)(w->toy->value(w->toy, sorted, size) * (1 + error));
    }
    toy_count(w->toy, (long)count);
}

static inline ho_objective toy_objective(const toy *t)
{
    return (ho_objective){.candidates = t->n,
                          .features = 2,
                          .data = t,
                          .open = toy_open,
                          .close = toy_close,
                          .score = toy_score,
                          .describe = toy_describe,
                          .set = toy_set,
                          .swap = toy_swap,
                          .probe = toy_probe,
                          .scan = toy_scan,
                          .score_many = t->many ? toy_score_many : NULL};
}

/* Weights 0..1 from the seed; the first `planted` of a random order are planted. */
static inline toy toy_new(size_t n, size_t planted, uint64_t seed,
                          double (*value)(const toy *, const uint32_t *, size_t))
{
    toy t = {.n = n, .value = value};
    ho_rng rng = ho_rng_new(seed, "toy", 0);
    for (size_t i = 0; i < n; i++)
        t.weights[i] = ho_rng_unit(&rng);
    for (size_t i = 0; i < planted;) {
        size_t j = ho_rng_below(&rng, (uint32_t)n);
        i += !t.planted[j];
        t.planted[j] = 1;
    }
    return t;
}

/* The defaults of every algorithm of the registry. */
typedef struct toy_params {
    double room[16][32];
    const void *each[16];
    const ho_algorithm *algorithms[16];
    size_t count;
} toy_params;

static inline void toy_params_fill(toy_params *p)
{
    ho_error err;
    *p = (toy_params){.count = ho_algorithm_count()};
    for (size_t i = 0; i < p->count; i++) {
        p->algorithms[i] = ho_algorithm_at(i);
        assert_true(ho_algorithm_params_size(p->algorithms[i]) <= sizeof p->room[i]);
        assert_ok(ho_options_defaults(ho_algorithm_options(p->algorithms[i]), p->room[i], &err));
        p->each[i] = p->room[i];
    }
}

static inline void toy_params_clear(toy_params *p)
{
    for (size_t i = 0; i < p->count; i++)
        ho_options_clear(ho_algorithm_options(p->algorithms[i]), p->room[i]);
}

/* All algorithms with their defaults. */
static inline void toy_run(const toy *t, const ho_problem *problem, const ho_budget *budget, uint64_t seed,
                           int threads, ho_search_result *results)
{
    ho_error err;
    toy_params params;
    toy_params_fill(&params);
    ho_objective objective = toy_objective(t);
    memset(results, 0, params.count * sizeof *results);
    assert_ok(ho_search_all(problem, &objective, params.algorithms, params.each, params.count, budget, seed,
                            threads, NULL, NULL, results, &err));
    toy_params_clear(&params);
}

static inline void toy_clear(ho_search_result *results)
{
    for (size_t i = 0; i < ho_algorithm_count(); i++)
        ho_search_result_clear(&results[i]);
}

/* A valid set of the problem, and its true value. */
static inline void assert_valid(const toy *t, const ho_problem *p, const ho_search_result *r)
{
    assert_int_equal(r->size, p->size);
    size_t included = 0;
    for (size_t i = 0; i < r->size; i++) {
        assert_true(r->members[i] < p->candidates);
        assert_true(i == 0 || r->members[i] > r->members[i - 1]);
        assert_true(p->allowed == NULL || p->allowed[r->members[i]]);
        for (size_t j = 0; j < p->include_count; j++)
            included += p->include[j] == r->members[i];
    }
    assert_int_equal(included, p->include_count);
    assert_true(r->fitness == t->value(t, r->members, r->size)); /* to the bit */
    assert_true(r->raw_fitness <= r->fitness);
}

#endif
