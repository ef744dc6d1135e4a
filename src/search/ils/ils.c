/* Iterated local search: best swaps of one slot after another to a local optimum, a kick that replaces a few members,
 * down again, and the better of the two goes on.
 * H. Lourenco, O. Martin, T. Stuetzle, "Iterated local search", Handbook of Metaheuristics (2003).
 *
 * A look at all swaps takes a good part of a small budget, so a kicked set goes down on a short list: the candidates
 * that scans found best for some slot, as columns enter a linear programme when their price is right (candidate lists:
 * F. Glover, "Tabu search", part I, ORSA J. on Computing 1 (1989)). Scans of all candidates take turns with it and
 * bring new ones. Where candidates are few there is no list, and every descent scans.
 *
 * Islands are searches of their own that take turns in one thread: the algorithms already run one a thread. */
#include "base/error.h"
#include "base/memory.h"
#include "search/core.h"

#include <math.h>
#include <string.h>

enum {
    MOST_ISLANDS = 8,
    PASSES_AN_ISLAND = 64, /* looks at all swaps that an island should be able to afford */
    FIRST_PASSES = 2,      /* of single slots over all candidates, from a new set */
    EXCHANGES = 8,         /* in a run */
    SLOTS_AFTER_KICK = 8,  /* scanned together; the kicked ones come first */
    SWAPS_A_SCAN = 2000000 /* at most about this many in one call, so that a cancel is soon heard */
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
    int64_t slot_cost, pass_cost; /* a scan of one slot, of all */
    uint32_t *list;               /* a ring: the oldest goes when it is full */
    size_t room, count, oldest;
    uint8_t *listed; /* by candidate */
    uint32_t *trial, *kicked;
    ho_marks marks;
    island *islands;
    size_t island_count;
    int64_t kicks;
} ils;

static void enlist(ils *o, uint32_t j)
{
    if (o->room == 0 || o->listed[j]) return;
    o->listed[j] = 1;
    if (o->count < o->room) {
        o->list[o->count++] = j;
        return;
    }
    o->listed[o->list[o->oldest]] = 0;
    o->list[o->oldest] = j;
    o->oldest = (o->oldest + 1) % o->room;
}

/* A gain counts above 1e-12 relative: less is rounding. */
static bool gains(double value, double before)
{
    if (!(value > before)) return false;
    return isinf(value) || isinf(before) || value - before > 1e-12 * fabs(before);
}

/* Makes the swap if its true value gains: a probe or scan is right to 1e-9 only, and a gain that is not true would be
 * taken back and forth for ever. */
static bool take(ils *o, size_t slot, uint32_t in, double *value)
{
    ho_search *s = o->s;
    memcpy(o->trial, s->current, s->size * sizeof *o->trial);
    o->trial[slot] = in;
    double truth = ho_search_score(s, o->trial);
    if (!gains(truth, *value)) return false;
    enlist(o, s->current[slot]);
    enlist(o, in);
    ho_search_swap(s, slot, in, -INFINITY);
    *value = truth;
    return true;
}

static bool improve_slot_by_list(ils *o, size_t slot, double *value)
{
    ho_search *s = o->s;
    ho_swap best = {.in = HO_NOBODY, .value = *value};
    for (size_t i = 0; i < o->count && !ho_search_done(s); i++) {
        if (!s->open[o->list[i]]) continue;
        double probed = ho_search_probe(s, slot, o->list[i]);
        if (probed > best.value) best = (ho_swap){(uint32_t)slot, o->list[i], probed};
    }
    return best.in != HO_NOBODY && !ho_search_done(s) && take(o, slot, best.in, value);
}

/* The best swap of one slot after another on the short list, until a round shows no gain. */
static double descend_by_list(ils *o, double value)
{
    size_t slot = 0, quiet = 0;
    while (o->count > 0 && quiet < o->s->size && !ho_search_done(o->s)) {
        quiet = improve_slot_by_list(o, slot, &value) ? 0 : quiet + 1;
        slot = (slot + 1) % o->s->size;
    }
    return value;
}

/* Takes the gains among the swaps of the last scan. Those after the first were valued beside other members and are
 * probed anew: a dozen units where another scan would be thousands. */
static bool take_gains(ils *o, size_t slots, double *value)
{
    ho_search *s = o->s;
    const ho_swap *swaps = s->core->swaps;
    bool gained = false;
    for (size_t i = 0; i < slots && !ho_search_done(s); i++) {
        ho_swap swap = swaps[i];
        if (swap.in == HO_NOBODY) continue;
        enlist(o, swap.in);
        if (!s->open[swap.in]) continue;
        if (gained) swap.value = ho_search_probe(s, swap.slot, swap.in);
        if (gains(swap.value, *value) && take(o, swap.slot, swap.in, value)) gained = true;
    }
    return gained;
}

/* Scans `chunk` slots together, and more where that is in vain, for at most so many passes over all slots (0: any).
 * What was found goes down on the short list in between. *proven: the last pass showed no gain. */
static double descend_by_scans(ils *o, double value, size_t chunk, size_t passes, bool *proven)
{
    ho_search *s = o->s;
    const size_t first_chunk = chunk,
                 limit = o->slot_cost < SWAPS_A_SCAN ? (size_t)(SWAPS_A_SCAN / o->slot_cost) : 1;
    size_t slot = 0, quiet = 0, passed = 0;
    while (quiet < s->size && (passes == 0 || passed < passes * s->size)) {
        int64_t affordable = ho_search_work_left(s) / o->slot_cost;
        if (ho_search_done(s) || affordable == 0) break;
        size_t slots = chunk < limit ? chunk : limit;
        if (slots > s->size - slot) slots = s->size - slot;
        if ((int64_t)slots > affordable) slots = (size_t)affordable;
        ho_search_scan(s, slot, slots);
        bool gained = take_gains(o, slots, &value);
        if (gained) value = descend_by_list(o, value);
        passed += slots;
        quiet = gained ? 0 : quiet + slots;
        chunk = gained ? first_chunk : 2 * slots;
        slot = (slot + slots) % s->size;
    }
    *proven = quiet >= s->size;
    return value;
}

/* o->kicked = the island's set with some members replaced, the new ones in the first slots. */
static void kick(ils *o, const island *home)
{
    ho_search *s = o->s;
    size_t least = (size_t)o->p->min_kick, outsiders = s->pool_count - s->size;
    size_t most = o->p->max_kick > o->p->min_kick ? (size_t)o->p->max_kick : least;
    size_t changes = least + ho_rng_below(&s->rng, (uint32_t)(most - least + 1));
    if (changes > s->size) changes = s->size;
    if (changes > outsiders) changes = outsiders;
    memcpy(o->kicked, home->members, s->size * sizeof *o->kicked);
    ho_marks_set(&o->marks, o->kicked, s->size);
    for (size_t i = 0; i < changes; i++) {
        size_t slot = i + ho_rng_below(&s->rng, (uint32_t)(s->size - i));
        uint32_t in = HO_NOBODY;
        if (ho_rng_unit(&s->rng) >= o->p->outside && o->count > 0)
            in = o->list[ho_rng_below(&s->rng, (uint32_t)o->count)];
        if (in == HO_NOBODY || ho_marked(&o->marks, in)) in = ho_search_random_unmarked(s, &o->marks);
        ho_mark(&o->marks, in);
        o->kicked[slot] = o->kicked[i];
        o->kicked[i] = in;
    }
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
    value = descend_by_scans(o, value, chunk, home->descended ? 1 : FIRST_PASSES, &home->proven);
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
    if (o->room > 0)
        value = descend_by_list(o, value);
    else
        value = descend_by_scans(o, value, SLOTS_AFTER_KICK, 0, &proven);
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
    bool due = o->room > 0 && home->unscanned >= o->pass_cost && !home->proven;
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
    o->slot_cost = s->core->scan_cost;
    o->pass_cost = o->slot_cost * (int64_t)s->size;
    /* A list pays where its probes cost well below a scan of the slot. */
    if (o->p->shortlist < o->slot_cost / (2 * HO_WORK_PROBE)) o->room = (size_t)o->p->shortlist;
    o->island_count = count_islands(o);
    o->list = HO_NEW(uint32_t, o->room);
    o->listed = HO_NEW(uint8_t, s->candidates);
    o->trial = HO_NEW(uint32_t, s->size);
    o->kicked = HO_NEW(uint32_t, s->size);
    o->islands = HO_NEW(island, o->island_count);
    if (o->list == NULL || o->listed == NULL || o->trial == NULL || o->kicked == NULL || o->islands == NULL)
        return ho_fail_memory(err, s->candidates + (o->room + 2 * s->size) * sizeof *o->list,
                              "an iterated local search");
    HO_TRY(ho_marks_new(s->candidates, &o->marks, err));
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
    free(o.list);
    free(o.listed);
    free(o.trial);
    free(o.kicked);
    ho_marks_free(&o.marks);
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
