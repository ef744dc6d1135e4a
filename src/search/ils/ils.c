/* Iterated local search: best swaps of one slot after another to a local optimum, a kick that replaces a few members,
 * down again, and the better of the two goes on.
 * H. Lourenco, O. Martin, T. Stuetzle, "Iterated local search", Handbook of Metaheuristics (2003).
 *
 * A kicked set goes down on a short list (search/shortlist.h); scans of all candidates take turns with it and bring new
 * ones. Where candidates are few there is no list, and every descent scans.
 *
 * Islands are searches of their own that take turns in one thread: the algorithms already run one a thread. */
#include "base/error.h"
#include "base/memory.h"
#include "search/shortlist.h"

#include <math.h>
#include <string.h>

enum {
    MOST_ISLANDS = 8,
    PASSES_AN_ISLAND = 64, /* looks at all swaps that an island should be able to afford */
    FIRST_PASSES = 2,      /* of single slots over all candidates, from a new set */
    EXCHANGES = 8,         /* in a run */
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
    ho_rng rng;
    uint32_t *members; /* where it stands; its first set until it has descended */
    double value, best_value;
    int64_t work, idle; /* idle: kicks since its best value */
    int64_t unscanned;  /* work on the short list since all candidates were looked at */
    bool descended, proven;
} island;

typedef struct ils {
    ho_search *s;
    const ils_params *p;
    int64_t pass_cost; /* a scan of all slots */
    ho_shortlist list;
    uint32_t *kicked;
    island *islands;
    size_t island_count;
    int64_t kicks;
} ils;

/* o->kicked = the island's set with some members replaced, the new ones in the first slots. */
static void kick(ils *o, const island *home)
{
    const size_t least = (size_t)o->p->min_kick, most = (size_t)o->p->max_kick;
    ho_shortlist_kick(&o->list, home->members, least, most > least ? most : least, o->p->outside, o->kicked);
    o->kicks++;
}

/* The island stands at the current set. */
static void settle(const ils *o, island *home, double value)
{
    memcpy(home->members, o->s->current, o->s->size * sizeof *home->members);
    home->value = value;
    if (!(value > home->best_value)) return;
    home->best_value = value;
    home->idle = 0;
}

static void look_at_all(ils *o, island *home)
{
    double value = ho_search_set(o->s, home->members);
    size_t chunk = home->descended ? o->s->size : 1;
    value =
        ho_shortlist_descend_all(&o->list, value, chunk, home->descended ? 1 : FIRST_PASSES, &home->proven);
    home->descended = true;
    home->unscanned = 0;
    settle(o, home, value);
}

static void kick_and_descend(ils *o, island *home)
{
    ho_search *s = o->s;
    int64_t before = ho_search_work_left(s);
    bool proven = false;
    kick(o, home);
    double value = ho_search_set(s, o->kicked);
    if (o->list.room > 0)
        value = ho_shortlist_descend(&o->list, value);
    else
        value = ho_shortlist_descend_all(&o->list, value, SLOTS_AFTER_KICK, 0, &proven);
    home->unscanned += before - ho_search_work_left(s);
    home->idle++;
    double patience = -log(1 - ho_rng_unit(&s->rng)) * o->p->acceptance * fabs(home->value);
    if (value > home->value || value >= home->value - patience) {
        if (value != home->value) home->proven = proven; /* else a kick most likely led back */
        settle(o, home, value);
    }
    if (home->idle < o->p->restart_after) return;
    ho_search_random_set(s, home->members);
    home->descended = home->proven = false;
    home->best_value = -INFINITY;
    home->idle = 0;
}

/* One turn of an island, with random numbers of its own. */
static void step(ils *o, island *home)
{
    ho_search *s = o->s;
    int64_t before = ho_search_work_left(s);
    s->rng = home->rng;
    bool due = o->list.room > 0 && home->unscanned >= o->pass_cost && !home->proven;
    if (!home->descended || due)
        look_at_all(o, home);
    else
        kick_and_descend(o, home);
    home->rng = s->rng;
    home->work += before - ho_search_work_left(s);
}

/* The island that stands worst goes on from where the best one stands. */
static void exchange(ils *o)
{
    island *best = o->islands, *worst = o->islands;
    for (size_t i = 1; i < o->island_count; i++) {
        if (o->islands[i].value > best->value) best = &o->islands[i];
        if (o->islands[i].value <= worst->value) worst = &o->islands[i];
    }
    if (!best->descended || !worst->descended || !(best->value > worst->value)) return;
    memcpy(worst->members, best->members, o->s->size * sizeof *worst->members);
    worst->value = worst->best_value = best->value;
    worst->proven = best->proven;
    worst->idle = 0;
}

/* Shares of work are equal: the next turn is that of the island which has used least. */
static void search(ils *o)
{
    int exchanges = 1;
    while (!ho_search_done(o->s) && (o->p->iterations == 0 || o->kicks < o->p->iterations)) {
        island *next = o->islands;
        for (size_t i = 1; i < o->island_count; i++) {
            if (o->islands[i].work < next->work) next = &o->islands[i];
        }
        step(o, next);
        if (ho_search_share(o->s) * EXCHANGES < exchanges) continue;
        exchange(o);
        exchanges = 1 + (int)(ho_search_share(o->s) * EXCHANGES);
    }
}

static size_t count_islands(const ils *o)
{
    if (o->p->islands != 0) return (size_t)o->p->islands;
    int64_t fed = ho_search_work_left(o->s) / PASSES_AN_ISLAND / o->pass_cost;
    return fed < 1 ? 1 : fed > MOST_ISLANDS ? MOST_ISLANDS : (size_t)fed;
}

/* The first island begins where the search does, the others at sets of their own. */
static ho_status settle_islands(ils *o, ho_error *err)
{
    ho_search *s = o->s;
    const uint64_t key = s->rng.key;
    for (size_t i = 0; i < o->island_count; i++) {
        island *home = &o->islands[i];
        home->members = HO_NEW(uint32_t, s->size);
        if (home->members == NULL) return ho_fail_memory(err, s->size * sizeof *home->members, "an island");
        home->best_value = home->value = -INFINITY;
        s->rng = ho_rng_new(key, "island", i);
        if (i == 0)
            memcpy(home->members, s->first, s->size * sizeof *home->members);
        else
            ho_search_random_set(s, home->members);
        home->rng = s->rng;
    }
    return HO_OK;
}

static ho_status open_search(ils *o, ho_error *err)
{
    ho_search *s = o->s;
    o->pass_cost = ho_search_scan_cost(s) * (int64_t)s->size;
    o->island_count = count_islands(o);
    o->kicked = HO_NEW(uint32_t, s->size);
    o->islands = HO_NEW(island, o->island_count);
    if (o->kicked == NULL || o->islands == NULL)
        return ho_fail_memory(err, s->size * sizeof *o->kicked, "an iterated local search");
    HO_TRY(ho_shortlist_new(s, (size_t)o->p->shortlist, &o->list, err));
    return settle_islands(o, err);
}

static ho_status run(ho_search *s, const void *params, ho_error *err)
{
    ils o = {.s = s, .p = params};
    ho_status status = open_search(&o, err);
    if (status == HO_OK) search(&o);
    for (size_t i = 0; o.islands != NULL && i < o.island_count; i++)
        free(o.islands[i].members);
    free(o.islands);
    ho_shortlist_free(&o.list);
    free(o.kicked);
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
