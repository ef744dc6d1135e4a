/* Iterated local search: best swaps of one slot after another to a local optimum, a kick that replaces a few members,
 * down again, and the better of the two goes on.
 * H. Lourenco, O. Martin, T. Stuetzle, "Iterated local search", Handbook of Metaheuristics (2003).
 *
 * A kicked set goes down on a short list (search/shortlist.h); scans of all candidates take turns with it and bring new
 * ones. Where candidates are few there is no list, and every descent scans.
 *
 * Islands are searches of their own; threads that have no algorithm to run take them over. */
#include "base/error.h"
#include "base/memory.h"
#include "search/shortlist.h"

#include <math.h>
#include <string.h>

enum {
    MOST_ISLANDS = 8,
    PASSES_AN_ISLAND = 64, /* looks at all swaps that an island should be able to afford */
    FIRST_PASSES = 2,      /* of single slots over all candidates, from a new set */
    MOST_EPOCHS = 16,      /* between them islands exchange */
    PASSES_AN_EPOCH = 4,   /* that an island can afford */
    SLOTS_AFTER_KICK = 8   /* scanned together; the kicked ones come first */
};

typedef struct ils_params {
    int64_t min_kick, max_kick, shortlist, restart_after, islands, iterations;
    double outside, acceptance;
} ils_params;

static const ho_option options[] = {
    {"min_kick", 0, "N", "Members that a kick replaces at least.", HO_OPTION_INT, 1, 1e6, "4", NULL,
     offsetof(ils_params, min_kick)},
    {"max_kick", 0, "N", "Members that a kick replaces at most.", HO_OPTION_INT, 1, 1e6, "8", NULL,
     offsetof(ils_params, max_kick)},
    {"outside", 0, "R", "Chance that a kick takes a random candidate and not one of the short list.",
     HO_OPTION_REAL, 0, 1, "0.2", NULL, offsetof(ils_params, outside)},
    {"acceptance", 0, "R",
     "Mean loss, as a share of the value, up to which a worse local optimum is taken; 0: better ones only.",
     HO_OPTION_REAL, 0, 1, "0.001", NULL, offsetof(ils_params, acceptance)},
    {"shortlist", 0, "N", "Candidates of the short list; 0: none, every descent looks at all candidates.",
     HO_OPTION_INT, 0, 1e6, "128", NULL, offsetof(ils_params, shortlist)},
    {"restart_after", 0, "N", "Kicks without a new best before an island starts from a new random set.",
     HO_OPTION_INT, 1, 1e12, "300", NULL, offsetof(ils_params, restart_after)},
    {"islands", 0, "N", "Islands; 0: as many as the work budget feeds.", HO_OPTION_INT, 0, 1000, "0", NULL,
     offsetof(ils_params, islands)},
    {"iterations", 0, "N", "Kicks in all; 0: as many as the work budget allows.", HO_OPTION_INT, 0, 1e12, "0",
     NULL, offsetof(ils_params, iterations)},
};

typedef struct island {
    ho_search *s; /* the search itself where there is but one island, else a fork of it */
    const ils_params *p;
    ho_shortlist list;
    uint32_t *members; /* where it stands; its first set until it has descended */
    uint32_t *kicked;
    double value, best_value;
    int64_t idle;      /* kicks since its best value */
    int64_t unscanned; /* work on the short list since all candidates were looked at */
    int64_t pass_cost; /* a scan of all slots */
    int64_t kicks, most_kicks;
    bool descended, proven;
} island;

/* The island stands at the current set. */
static void settle(island *home, double value)
{
    memcpy(home->members, home->s->current, home->s->size * sizeof *home->members);
    home->value = value;
    if (!(value > home->best_value)) return;
    home->best_value = value;
    home->idle = 0;
}

static void look_at_all(island *home)
{
    double value = ho_search_set(home->s, home->members);
    size_t chunk = home->descended ? home->s->size : 1;
    value = ho_shortlist_descend_all(&home->list, value, chunk, home->descended ? 1 : FIRST_PASSES,
                                     &home->proven);
    home->descended = true;
    home->unscanned = 0;
    settle(home, value);
}

static void start_anew(island *home)
{
    ho_search_random_set(home->s, home->members);
    home->descended = home->proven = false;
    home->best_value = -INFINITY;
    home->idle = 0;
}

static void kick_and_descend(island *home)
{
    ho_search *s = home->s;
    const ils_params *p = home->p;
    const int64_t before = ho_search_work_left(s);
    const size_t least = (size_t)p->min_kick, most = (size_t)p->max_kick;
    bool proven = false;
    ho_shortlist_kick(&home->list, home->members, least, most > least ? most : least, p->outside,
                      home->kicked);
    double value = ho_search_set(s, home->kicked);
    if (home->list.room > 0)
        value = ho_shortlist_descend(&home->list, value);
    else
        value = ho_shortlist_descend_all(&home->list, value, SLOTS_AFTER_KICK, 0, &proven);
    home->unscanned += before - ho_search_work_left(s);
    home->kicks++;
    home->idle++;
    double patience = -log(1 - ho_rng_unit(&s->rng)) * p->acceptance * fabs(home->value);
    if (value > home->value || value >= home->value - patience) {
        if (value != home->value) home->proven = proven; /* else a kick most likely led back */
        settle(home, value);
    }
    if (home->idle >= p->restart_after) start_anew(home);
}

static bool is_over(const island *home)
{
    return ho_search_done(home->s) || home->kicks >= home->most_kicks;
}

/* Works until the search of the island is done. */
static void live(island *home)
{
    while (!is_over(home)) {
        const bool due = home->list.room > 0 && home->unscanned >= home->pass_cost && !home->proven;
        if (!home->descended || due)
            look_at_all(home);
        else
            kick_and_descend(home);
    }
}

/* The island that stands worst goes on from where the best one stands, with the best one's list beside its own. */
static void exchange(island *islands, size_t count)
{
    island *best = islands, *worst = islands;
    for (size_t i = 1; i < count; i++) {
        if (islands[i].value > best->value) best = &islands[i];
        if (islands[i].value <= worst->value) worst = &islands[i];
    }
    if (!best->descended || !worst->descended || !(best->value > worst->value)) return;
    memcpy(worst->members, best->members, best->s->size * sizeof *worst->members);
    worst->value = worst->best_value = best->value;
    worst->proven = best->proven;
    worst->idle = 0;
    for (size_t i = 0; i < best->list.count; i++)
        ho_shortlist_add(&worst->list, best->list.list[i]);
}

/* Islands have equal parts of the work of an epoch, wherever they run; between epochs they are looked at in order. */
static void live_side_by_side(ho_search *s, island *islands, size_t count)
{
    const int64_t affordable =
                      ho_search_work_left(s) / ((int64_t)count * PASSES_AN_EPOCH * islands->pass_cost),
                  epochs = affordable < 1             ? 1
                           : affordable > MOST_EPOCHS ? MOST_EPOCHS
                                                      : affordable;
    bool alive = true;
    for (int64_t epoch = 0; epoch < epochs && alive && !ho_search_done(s); epoch++) {
        const int64_t part = ho_search_work_left(s) / (epochs - epoch) / (int64_t)count;
        for (size_t i = 0; i < count; i++)
            ho_search_allot(islands[i].s, part);
        for (size_t i = 0; i < count; i++) {
            island *home = &islands[i];
#pragma omp task default(none) firstprivate(home)
            live(home);
        }
#pragma omp taskwait
        alive = false;
        for (size_t i = 0; i < count; i++) {
            ho_search_join(s, islands[i].s);
            alive |= islands[i].kicks < islands[i].most_kicks;
        }
        exchange(islands, count);
    }
}

static size_t count_islands(const ho_search *s, const ils_params *p)
{
    if (p->islands != 0) return (size_t)p->islands;
    const int64_t pass_cost = ho_search_scan_cost(s) * (int64_t)s->size;
    int64_t fed = ho_search_work_left(s) / PASSES_AN_ISLAND / pass_cost;
    return fed < 1 ? 1 : fed > MOST_ISLANDS ? MOST_ISLANDS : (size_t)fed;
}

/* Island number i of `count`. The first one begins where the search does, the others at sets of their own. */
static ho_status settle_island(ho_search *s, const ils_params *p, size_t i, size_t count, island *home,
                               ho_error *err)
{
    home->s = s;
    if (count > 1) HO_TRY(ho_search_fork(s, i, &home->s, err));
    home->p = p;
    home->pass_cost = ho_search_scan_cost(s) * (int64_t)s->size;
    home->most_kicks = p->iterations != 0 ? (p->iterations + (int64_t)i) / (int64_t)count : INT64_MAX;
    home->best_value = home->value = -INFINITY;
    home->members = HO_NEW(uint32_t, s->size);
    home->kicked = HO_NEW(uint32_t, s->size);
    if (home->members == NULL || home->kicked == NULL)
        return ho_fail_memory(err, 2 * s->size * sizeof *home->members, "an island");
    if (i == 0)
        memcpy(home->members, s->first, s->size * sizeof *home->members);
    else
        ho_search_random_set(home->s, home->members);
    return ho_shortlist_new(home->s, (size_t)p->shortlist, &home->list, err);
}

static void leave_island(ho_search *s, island *home)
{
    ho_shortlist_free(&home->list);
    free(home->members);
    free(home->kicked);
    if (home->s != s) ho_search_unfork(&home->s);
}

static ho_status run(ho_search *s, const void *params, ho_error *err)
{
    const size_t count = count_islands(s, params);
    island *islands = HO_NEW(island, count);
    if (islands == NULL) return ho_fail_memory(err, count * sizeof *islands, "the islands");
    ho_status status = HO_OK;
    for (size_t i = 0; i < count && status == HO_OK; i++)
        status = settle_island(s, params, i, count, &islands[i], err);
    if (status == HO_OK && count == 1) live(islands);
    if (status == HO_OK && count > 1) live_side_by_side(s, islands, count);
    for (size_t i = 0; i < count; i++)
        leave_island(s, &islands[i]);
    free(islands);
    return status;
}

const ho_algorithm ho_algorithm_ils = {
    .name = "ils",
    .title = "iterated local search",
    .paper = "H. Lourenco, O. Martin, T. Stuetzle, Iterated local search, Handbook of Metaheuristics (2003)",
    .text =
        "Best swap of each slot to a local optimum, a kick of a few members, down again; several islands.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .params_size = sizeof(ils_params),
    .run = run,
};
