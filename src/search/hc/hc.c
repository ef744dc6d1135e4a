/* Hill climbing with restarts: the best of a few random neighbours while that helps, then all swaps of one slot after
 * another until a full look at all K x (N - K) swaps proves the top; then from another set.
 * S. Russell, P. Norvig, "Artificial intelligence: a modern approach", section on local search; restarts from a
 * disturbed top, H. Lourenco, O. Martin, T. Stuetzle, "Iterated local search" (2003). */
#include "base/error.h"
#include "base/memory.h"
#include "search/search.h"
#include "search/shortlist.h"

#include <math.h>
#include <string.h>

enum {
    LEAST_REPLACED = 4, /* at a restart */
    MOST_REPLACED = 8,
    SLOTS_TOGETHER = 5 /* in a scan */
};

typedef struct hc_params {
    int64_t max_iterations, neighborhood_size, restart_threshold, step_size;
} hc_params;

static const ho_option options[] = {
    {"max_iterations", 0, "N", "Steps of random neighbours in all; 0: as many as the work budget allows.",
     HO_OPTION_INT, 0, 1e12, "0", NULL, offsetof(hc_params, max_iterations)},
    {"neighborhood_size", 0, "N", "Random neighbours looked at in a step.", HO_OPTION_INT, 1, 1e9, "10", NULL,
     offsetof(hc_params, neighborhood_size)},
    {"restart_threshold", 0, "N", "Steps without a gain before all swaps are looked at.", HO_OPTION_INT, 1,
     1e9, "10", NULL, offsetof(hc_params, restart_threshold)},
    {"step_size", 0, "N", "Swaps that a random neighbour differs by.", HO_OPTION_INT, 1, 1000, "1", NULL,
     offsetof(hc_params, step_size)},
};

typedef struct climb {
    ho_search *s;
    const hc_params *p;
    int64_t steps;           /* taken in all climbs */
    uint32_t *trial, *found; /* a neighbour, the best neighbour */
    ho_shortlist list;
    ho_marks marks;
} climb;

/* A neighbour in c->trial, `step_size` random members of the current set replaced. */
static void make_neighbour(climb *c, size_t changes)
{
    ho_search *s = c->s;
    memcpy(c->trial, s->current, s->size * sizeof *c->trial);
    ho_marks_set(&c->marks, c->trial, s->size);
    size_t outsiders = s->pool_count - s->size;
    if (changes > s->size) changes = s->size;
    if (changes > outsiders) changes = outsiders;
    for (size_t i = 0; i < changes; i++) { /* the first i places hold members that have been replaced */
        size_t slot = i + ho_rng_below(&s->rng, (uint32_t)(s->size - i));
        uint32_t in = ho_search_random_unmarked(s, &c->marks);
        ho_mark(&c->marks, in);
        c->trial[slot] = c->trial[i];
        c->trial[i] = in;
    }
    (void)ho_search_repair(s, c->trial);
}

/* Moves to the best of some random neighbours if it gains. */
static bool step_by_swaps(climb *c, double *value)
{
    ho_search *s = c->s;
    ho_swap best = {.in = HO_NOBODY, .value = *value};
    for (int64_t i = 0; i < c->p->neighborhood_size && !ho_search_done(s); i++) {
        size_t slot;
        uint32_t in;
        if (!ho_shortlist_random_swap(&c->list, HO_SHORTLIST_OUTSIDE, &slot, &in)) continue;
        double probed = ho_search_probe(s, slot, in);
        if (probed > best.value) best = (ho_swap){(uint32_t)slot, in, probed};
    }
    if (best.in == HO_NOBODY) return false;
    ho_search_swap(s, best.slot, best.in, best.value);
    *value = best.value;
    return true;
}

static bool step_by_sets(climb *c, double *value)
{
    ho_search *s = c->s;
    double best = *value;
    for (int64_t i = 0; i < c->p->neighborhood_size && !ho_search_done(s); i++) {
        make_neighbour(c, (size_t)c->p->step_size);
        double scored = ho_search_score(s, c->trial);
        if (!(scored > best)) continue;
        best = scored;
        memcpy(c->found, c->trial, s->size * sizeof *c->found);
    }
    if (!(best > *value)) return false;
    *value = ho_search_set(s, c->found);
    return true;
}

static bool out_of_steps(const climb *c)
{
    return c->p->max_iterations != 0 && c->steps >= c->p->max_iterations;
}

/* From the current set to a top, proven unless the work runs out. Returns its value. */
static double climb_up(climb *c, double value)
{
    int64_t idle = 0;
    while (idle < c->p->restart_threshold && !out_of_steps(c) && !ho_search_done(c->s)) {
        bool gained = c->p->step_size == 1 ? step_by_swaps(c, &value) : step_by_sets(c, &value);
        idle = gained ? 0 : idle + 1;
        c->steps++;
    }
    bool proven;
    return ho_shortlist_descend_all(&c->list, value, SLOTS_TOGETHER, 0, &proven);
}

static ho_status run(ho_search *s, const void *params, ho_error *err)
{
    climb c = {.s = s, .p = params};
    c.trial = HO_NEW(uint32_t, s->size);
    c.found = HO_NEW(uint32_t, s->size);
    uint32_t *top = HO_NEW(uint32_t, s->size);
    ho_status status = HO_OK;
    if (c.trial == NULL || c.found == NULL || top == NULL)
        status = ho_fail_memory(err, 3 * s->size * sizeof *top, "a climb");
    if (status == HO_OK) status = ho_shortlist_new(s, HO_SHORTLIST_ROOM, &c.list, err);
    if (status == HO_OK) status = ho_marks_new(s->candidates, &c.marks, err);
    if (status == HO_OK) {
        double value = ho_search_set(s, s->first), top_value = -INFINITY;
        memcpy(top, s->first, s->size * sizeof *top);
        while (!ho_search_done(s) && !out_of_steps(&c)) {
            value = climb_up(&c, value);
            if (value > top_value) {
                top_value = value;
                memcpy(top, s->current, s->size * sizeof *top);
            }
            ho_shortlist_kick(&c.list, top, LEAST_REPLACED, MOST_REPLACED, HO_SHORTLIST_OUTSIDE, c.found);
            value = ho_search_set(s, c.found);
        }
    }
    ho_shortlist_free(&c.list);
    ho_marks_free(&c.marks);
    free(c.trial);
    free(c.found);
    free(top);
    return status;
}

const ho_algorithm ho_algorithm_hc = {
    .name = "hc",
    .title = "hill climbing",
    .paper = "H. Lourenco, O. Martin, T. Stuetzle, Iterated local search, Handbook of Metaheuristics (2003)",
    .text = "Best of some random swaps; the top is proven by all swaps; restarts from a disturbed top.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .params_size = sizeof(hc_params),
    .run = run,
};
