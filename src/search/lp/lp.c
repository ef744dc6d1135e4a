/* Guided search: linear programmes have seen all candidates at once, and their solutions, sets with members in part,
 * say which few are worth a search (ho_guide). These sets are rounded, improved by best swaps among the few, and then
 * kicked and improved again. Swaps among some hundred candidates cost a hundredth of a look at all.
 * Rounding: P. Raghavan, C. Thompson, "Randomized rounding", Combinatorica 7 (1987); systematic, as in sampling:
 * W. Madow, Annals of Mathematical Statistics 20 (1949). Kicks: H. Lourenco, O. Martin, T. Stuetzle (2003).
 * Without a guide it begins with a random set and makes itself a list of candidates (search/shortlist.h). */
#include "base/error.h"
#include "base/memory.h"
#include "search/core.h"
#include "search/shortlist.h"

#include <math.h>
#include <string.h>

enum {
    LIST = 128, /* candidates of the list without a guide */
    DRAWS = 50  /* of a candidate that may take a slot */
};

/* Scans are right to about 1e-9, so a smaller gain may be none. */
static const double least_gain = 1e-9;

typedef struct lp_params {
    int64_t roundings, min_kick, max_kick, patience, iterations;
    double acceptance;
} lp_params;

static const ho_option options[] = {
    {"roundings", 0, "N", "Random roundings of each solution, beside that to its largest shares.",
     HO_OPTION_INT, 0, 1000, "3", NULL, offsetof(lp_params, roundings)},
    {"min_kick", 0, "N", "Members that a kick replaces at least.", HO_OPTION_INT, 1, 1e6, "3", NULL,
     offsetof(lp_params, min_kick)},
    {"max_kick", 0, "N", "Members that a kick replaces at most.", HO_OPTION_INT, 1, 1e6, "7", NULL,
     offsetof(lp_params, max_kick)},
    {"acceptance", 0, "R", "Mean loss, as a share of the value, up to which a worse local optimum is taken.",
     HO_OPTION_REAL, 0, 1, "0.001", NULL, offsetof(lp_params, acceptance)},
    {"patience", 0, "N", "Kicks without a new best before the search goes on from another rounded set.",
     HO_OPTION_INT, 1, 1e12, "100", NULL, offsetof(lp_params, patience)},
    {"iterations", 0, "N", "Kicks in all; 0: as many as the work budget allows.", HO_OPTION_INT, 0, 1e12, "0",
     NULL, offsetof(lp_params, iterations)},
};

/* A set here is total positions in the guide's list, the forced members first. */
typedef struct guided {
    ho_search *s;
    const lp_params *p;
    const ho_guide *guide;
    const ho_objective *objective;
    void *walk;
    size_t total, fixed;
    uint32_t *members, *sorted, *kept; /* the walk's set in slot order; room; the set that kicks start from */
    uint32_t *ids;    /* the walk's set without the forced members, as the search counts candidates */
    uint8_t *open;    /* by position: not in the walk's set */
    uint8_t *fitting; /* where there are rules, by position: may take a slot; else `open` */
    double *weight;   /* by position: its largest share in any solution */
    uint32_t *starts; /* sets that the roundings came to */
    double *start_values;
    size_t start_count, start_room;
    double best;
} guided;

static double score(guided *g, const uint32_t *members)
{
    ho_members_sort(members, g->total, g->sorted);
    const double value = g->objective->score(g->walk, g->sorted, g->total);
    ho_search_count(g->s, 1, HO_WORK_SCORE);
    return isnan(value) ? -INFINITY : value;
}

/* Tells the core of a set that may be the best so far. */
static void tell(guided *g, double value)
{
    if (!(value > g->best)) return;
    g->best = value;
    (void)ho_search_score(g->s, g->ids);
}

static double place(guided *g, const uint32_t *members)
{
    for (size_t i = 0; i < g->total; i++)
        g->open[g->members[i]] = 1;
    memmove(g->members, members, g->total * sizeof *members);
    for (size_t i = 0; i < g->total; i++)
        g->open[g->members[i]] = 0;
    for (size_t i = g->fixed; i < g->total; i++)
        g->ids[i - g->fixed] = g->guide->candidates[g->members[i]];
    g->objective->set(g->walk, g->members);
    return score(g, g->members);
}

static void swap(guided *g, size_t slot, uint32_t in)
{
    g->objective->swap(g->walk, slot, in);
    g->open[g->members[slot]] = 1;
    g->open[in] = 0;
    g->members[slot] = in;
    g->ids[slot - g->fixed] = g->guide->candidates[in];
}

static bool fits(guided *g, size_t slot, uint32_t in)
{
    if (!g->open[in]) return false;
    return g->fitting == g->open || ho_search_fits(g->s, g->ids, slot - g->fixed, g->guide->candidates[in]);
}

/* The best swap of a slot among the guide's candidates. */
static ho_swap look(guided *g, size_t slot)
{
    ho_swap best;
    for (uint32_t j = 0; g->fitting != g->open && j < g->guide->count; j++)
        g->fitting[j] = fits(g, slot, j);
    g->objective->scan(g->walk, slot, 1, 0, (uint32_t)g->guide->count, g->fitting, 0, &best);
    ho_search_count(g->s, (int64_t)(g->guide->count - g->total), HO_WORK_SCAN);
    return best;
}

/* Best swaps of one slot after another among the guide's candidates, to a local optimum there. */
static double descend(guided *g, double value)
{
    const size_t free_slots = g->total - g->fixed;
    for (size_t slot = 0, quiet = 0; quiet < free_slots && !ho_search_done(g->s);
         slot = (slot + 1) % free_slots) {
        const ho_swap best = look(g, g->fixed + slot);
        if (best.in == HO_NOBODY || !(best.value > value + least_gain * fabs(value))) {
            quiet++;
            continue;
        }
        swap(g, g->fixed + slot, best.in);
        value = best.value;
        quiet = 0;
    }
    value = score(g, g->members);
    tell(g, value);
    return value;
}

static bool is_fixed(const guided *g, uint32_t position)
{
    for (size_t i = 0; i < g->fixed; i++) {
        if (g->members[i] == position) return true;
    }
    return false;
}

/* set = the forced members and those of largest share. */
static void round_to_largest(const guided *g, const double *shares, uint32_t *set)
{
    size_t count = g->fixed;
    for (uint32_t j = 0; j < g->guide->count; j++) {
        if (is_fixed(g, j)) continue;
        if (count == g->total && !(shares[j] > shares[set[count - 1]])) continue;
        size_t at = count < g->total ? count++ : count - 1;
        for (; at > g->fixed && shares[set[at - 1]] < shares[j]; at--)
            set[at] = set[at - 1];
        set[at] = j;
    }
}

/* Systematic: the shares laid end to end, a member wherever one of equidistant marks falls. Each candidate comes in
 * with the chance that is its share; what the includes leave over or short goes to the largest. */
static void round_by_chance(guided *g, const double *shares, uint32_t *set)
{
    size_t count = g->fixed;
    double sum = 0, mark = ho_rng_unit(&g->s->rng);
    ho_marks *marks = &g->s->core->marks;
    ho_marks_clear(marks);
    const size_t n = g->guide->count, from = ho_rng_below(&g->s->rng, (uint32_t)n);
    for (size_t i = 0; i < n && count < g->total; i++) {
        const uint32_t j = (uint32_t)((from + i) % n);
        if (is_fixed(g, j)) continue;
        sum += shares[j];
        if (!(sum > mark)) continue;
        mark += 1;
        ho_mark(marks, j);
        set[count++] = j;
    }
    for (uint32_t *room = g->sorted; count < g->total;) {
        memcpy(room, set, g->fixed * sizeof *room);
        round_to_largest(g, shares, room);
        for (size_t i = g->fixed; i < g->total && count < g->total; i++) {
            if (ho_marked(marks, room[i])) continue;
            ho_mark(marks, room[i]);
            set[count++] = room[i];
        }
    }
}

static int by_number(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Makes the set one of the problem. False where that took members that the guide does not have. */
static bool repair(guided *g, uint32_t *set)
{
    if (g->fitting == g->open) return true;
    for (size_t i = g->fixed; i < g->total; i++)
        g->ids[i - g->fixed] = g->guide->candidates[set[i]];
    (void)ho_search_repair(g->s, g->ids);
    for (size_t i = g->fixed; i < g->total; i++) {
        const uint32_t *at =
            bsearch(&g->ids[i - g->fixed], g->guide->candidates, g->guide->count, sizeof *at, by_number);
        if (at == NULL) return false;
        set[i] = (uint32_t)(at - g->guide->candidates);
    }
    return true;
}

static void begin_from(guided *g, uint32_t *set)
{
    if (g->start_count == g->start_room || !repair(g, set)) return;
    const double value = descend(g, place(g, set));
    memcpy(g->starts + g->start_count * g->total, g->members, g->total * sizeof *g->members);
    g->start_values[g->start_count++] = value;
}

static void round_solutions(guided *g)
{
    uint32_t *set = g->kept;
    memcpy(set, g->members, g->fixed * sizeof *set);
    for (size_t row = 0; row < g->guide->rows && !ho_search_done(g->s); row++) {
        round_to_largest(g, g->guide->shares + row * g->guide->count, set);
        begin_from(g, set);
    }
    for (int64_t time = 0; time < g->p->roundings; time++) {
        for (size_t row = 0; row < g->guide->rows && !ho_search_done(g->s); row++) {
            round_by_chance(g, g->guide->shares + row * g->guide->count, set);
            begin_from(g, set);
        }
    }
}

/* The best start that is left; it is taken away. */
static double take_start(guided *g)
{
    size_t best = 0;
    for (size_t i = 1; i < g->start_count; i++) {
        if (g->start_values[i] > g->start_values[best]) best = i;
    }
    const double value = g->start_values[best];
    memcpy(g->kept, g->starts + best * g->total, g->total * sizeof *g->kept);
    g->start_values[best] = -INFINITY;
    return value;
}

/* Replaces some members of the kept set; whole ones of the solutions stay with even chances. */
static double kick(guided *g)
{
    ho_search *s = g->s;
    const size_t free_slots = g->total - g->fixed, outside = g->guide->count - g->total;
    const size_t least = (size_t)g->p->min_kick;
    const size_t most = g->p->max_kick > g->p->min_kick ? (size_t)g->p->max_kick : least;
    size_t changes = least + ho_rng_below(&s->rng, (uint32_t)(most - least + 1));
    if (changes > free_slots) changes = free_slots;
    if (changes > outside) changes = outside;
    (void)place(g, g->kept);
    for (size_t i = 0; i < changes; i++) {
        size_t slot = g->fixed + ho_rng_below(&s->rng, (uint32_t)free_slots);
        if (g->weight[g->members[slot]] > ho_rng_unit(&s->rng) * 2)
            slot = g->fixed + ho_rng_below(&s->rng, (uint32_t)free_slots);
        for (int draw = 0; draw < DRAWS; draw++) {
            const uint32_t in = ho_rng_below(&s->rng, (uint32_t)g->guide->count);
            if (!fits(g, slot, in)) continue;
            swap(g, slot, in);
            break;
        }
    }
    return score(g, g->members);
}

static void kick_and_descend(guided *g)
{
    double value = take_start(g);
    int64_t idle = 0;
    size_t taken = 1;
    double chain_best = value;
    for (int64_t kicks = 0; !ho_search_done(g->s); kicks++) {
        if (g->p->iterations != 0 && kicks == g->p->iterations) return;
        const double found = descend(g, kick(g));
        const double patience = -log(1 - ho_rng_unit(&g->s->rng)) * g->p->acceptance * fabs(value);
        if (found > value || found >= value - patience) {
            memcpy(g->kept, g->members, g->total * sizeof *g->kept);
            value = found;
        }
        idle = found > chain_best ? 0 : idle + 1;
        if (found > chain_best) chain_best = found;
        if (idle < g->p->patience) continue;
        idle = 0;
        if (taken == g->start_count) return;
        taken++;
        value = chain_best = take_start(g);
    }
}

static ho_status open_guided(guided *g, ho_error *err)
{
    const struct ho_search_core *c = g->s->core;
    const size_t n = g->guide->count;
    g->objective = g->guide->objective;
    g->total = c->total;
    g->fixed = c->fixed;
    g->best = -INFINITY;
    g->start_room = g->guide->rows * (size_t)(g->p->roundings + 1);
    g->members = HO_NEW(uint32_t, 4 * g->total);
    g->open = HO_NEW(uint8_t, 2 * n);
    g->weight = HO_NEW(double, n);
    g->starts = HO_NEW(uint32_t, g->start_room * g->total);
    g->start_values = HO_NEW(double, g->start_room);
    if (g->members == NULL || g->open == NULL || g->weight == NULL || g->starts == NULL ||
        g->start_values == NULL)
        return ho_fail_memory(err, (g->start_room + 3) * g->total * sizeof(uint32_t), "a guided search");
    g->sorted = g->members + g->total;
    g->kept = g->members + 2 * g->total;
    g->ids = g->members + 3 * g->total;
    g->fitting = c->rules != NULL ? g->open + n : g->open;
    memset(g->open, 1, n);
    size_t fixed = 0;
    for (uint32_t j = 0; j < n; j++) {
        for (size_t row = 0; row < g->guide->rows; row++)
            g->weight[j] = fmax(g->weight[j], g->guide->shares[row * n + j]);
        if (fixed < g->fixed && g->guide->candidates[j] == c->members[fixed]) g->members[fixed++] = j;
    }
    return g->objective->open(g->objective->data, g->total, &g->walk, err);
}

static ho_status run_guided(ho_search *s, const lp_params *p, ho_error *err)
{
    guided g = {.s = s, .p = p, .guide = s->guide};
    ho_status status = open_guided(&g, err);
    if (status == HO_OK) {
        round_solutions(&g);
        if (g.start_count > 0) kick_and_descend(&g);
    }
    if (g.walk != NULL) g.objective->close(&g.walk);
    free(g.members);
    free(g.open);
    free(g.weight);
    free(g.starts);
    free(g.start_values);
    return status;
}

/* The same without a guide: the candidates worth a search are those that scans find. */
static void kick_alone(ho_search *s, const lp_params *p, ho_shortlist *list, uint32_t *kept)
{
    bool proven = false;
    double value = ho_shortlist_descend_all(list, ho_search_set(s, s->first), 1, 0, &proven);
    memcpy(kept, s->current, s->size * sizeof *kept);
    for (int64_t kicks = 0; !ho_search_done(s) && (p->iterations == 0 || kicks < p->iterations); kicks++) {
        (void)ho_search_set(s, kept);
        for (int64_t i = 0; i < p->min_kick; i++) {
            size_t slot = ho_rng_below(&s->rng, (uint32_t)s->size);
            uint32_t in = ho_shortlist_draw(list, &s->rng);
            const bool listed = in != HO_NOBODY && s->open[in] && ho_search_may(s, slot, in);
            if (listed || ho_search_random_swap(s, &slot, &in)) ho_search_swap(s, slot, in, -INFINITY);
        }
        memcpy(list->trial, s->current, s->size * sizeof *kept);
        double found = ho_search_score(s, list->trial);
        found = ho_shortlist_descend_all(list, found, s->size, 0, &proven);
        if (!(found >= value)) continue;
        value = found;
        memcpy(kept, s->current, s->size * sizeof *kept);
    }
}

static ho_status run_alone(ho_search *s, const lp_params *p, ho_error *err)
{
    ho_shortlist list = {0};
    uint32_t *kept = HO_NEW(uint32_t, s->size);
    ho_status status = kept != NULL ? ho_shortlist_new(s, LIST, &list, err)
                                    : ho_fail_memory(err, s->size * sizeof *kept, "a guided search");
    if (status == HO_OK) kick_alone(s, p, &list, kept);
    ho_shortlist_free(&list);
    free(kept);
    return status;
}

static ho_status run(ho_search *s, const void *params, ho_error *err)
{
    const bool guided_by = s->guide != NULL && s->guide->objective != NULL && s->guide->rows > 0 &&
                           s->guide->count > s->core->total;
    return guided_by ? run_guided(s, params, err) : run_alone(s, params, err);
}

const ho_algorithm ho_algorithm_lp = {
    .name = "lp",
    .title = "linear programming and local search",
    .paper = "P. Raghavan, C. Thompson, Randomized rounding, Combinatorica 7 (1987)",
    .text = "Rounds the solutions of the bound's linear programmes, then swaps and kicks among the "
            "strategies that miss "
            "little there.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .params_size = sizeof(lp_params),
    .run = run,
};
