#include "search/lp/lead.h"

#include "base/error.h"
#include "base/memory.h"
#include "search/core.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    DRAWS = 50, /* of a candidate that may take a slot */
    ABOVE = 8   /* a look that only asks for gains costs so much less, and a probe */
};

/* Scans are right to about 1e-9, smooth ones to 1e-6, so a smaller gain may be none. */
static const double least_gain = 1e-9, least_smooth_gain = 1e-5;

/* A kicked set whose smooth top lies lower by this share of the chain's best is climbed no further: two of three do, and
 * with the work they leave others the means over eight seeds rose by 0 to 4 %. */
static const double hopeless = 0.08;

/* A solution has about as many shares in part as drawdowns and other rows that bind. Where these are few, by themselves and
 * for the members, the true value hides little, and sets that climb by it alone end higher: by 0 to 2 % (thirteen tables
 * of 35 members, eight seeds; three of 50 and 100), while the others lose 1 to 10 %. */
enum { FEW_IN_PART = 32 };
static const double few_in_part = 0.46;

/* A set here is total positions in the guide's list, the forced members first. */
struct ho_lead_search {
    ho_search *s;
    const ho_lead_settings *p;
    const ho_lead *lead;
    const ho_objective *objective;
    void *walk;
    size_t total, fixed;
    size_t looked_at;                  /* by a look at a slot */
    uint32_t *members, *sorted, *kept; /* the walk's set in slot order; room; the set that kicks start from */
    uint32_t *champion;                /* the best found */
    uint32_t *ids;    /* the walk's set without the forced members, as the search counts candidates */
    uint8_t *open;    /* by position: not in the walk's set */
    uint8_t *fitting; /* where there are rules, by position: may take a slot; else `open` */
    double *weight;   /* by position: its largest share in any solution */
    uint32_t *starts; /* sets that the roundings came to */
    double *start_values;
    size_t start_count, start_room;
    double best;              /* found so far */
    double value, chain_best; /* of the kept set; of the kicks since the last start */
    int64_t idle;             /* kicks without a gain */
    bool smooth;              /* climbs by the smooth value first */
    bool rounded, kicking;
};

static double score(ho_lead_search *g, const uint32_t *members)
{
    ho_members_sort(members, g->total, g->sorted);
    const double value = g->objective->score(g->walk, g->sorted, g->total);
    ho_search_count(g->s, 1, HO_WORK_SCORE);
    return isnan(value) ? -INFINITY : value;
}

/* Tells the core of a set that may be the best so far. */
static void tell(ho_lead_search *g, double value)
{
    if (!(value > g->best)) return;
    g->best = value;
    memcpy(g->champion, g->members, g->total * sizeof *g->champion);
    (void)ho_search_score(g->s, g->ids);
}

static void place(ho_lead_search *g, const uint32_t *members)
{
    for (size_t i = 0; i < g->total; i++)
        g->open[g->members[i]] = 1;
    memmove(g->members, members, g->total * sizeof *members);
    for (size_t i = 0; i < g->total; i++)
        g->open[g->members[i]] = 0;
    for (size_t i = g->fixed; i < g->total; i++)
        g->ids[i - g->fixed] = g->lead->candidates[g->members[i]];
    g->objective->set(g->walk, g->members);
}

static void swap(ho_lead_search *g, size_t slot, uint32_t in)
{
    g->objective->swap(g->walk, slot, in);
    g->open[g->members[slot]] = 1;
    g->open[in] = 0;
    g->members[slot] = in;
    g->ids[slot - g->fixed] = g->lead->candidates[in];
}

static bool fits(ho_lead_search *g, size_t slot, uint32_t in)
{
    if (!g->open[in]) return false;
    return g->fitting == g->open || ho_search_fits(g->s, g->ids, slot - g->fixed, g->lead->candidates[in]);
}

/* The best swap of a slot among the guide's candidates; HO_NOBODY where none is worth more than the floor. */
static ho_swap look(ho_lead_search *g, bool smooth, size_t slot, double floor)
{
    const ho_objective *o = g->objective;
    ho_swap best;
    for (uint32_t j = 0; g->fitting != g->open && j < g->lead->count; j++)
        g->fitting[j] = fits(g, slot, j);
    if (!smooth && o->scan_above != NULL) {
        o->scan_above(g->walk, slot, floor, g->fitting, &best);
        ho_search_count(g->s, HO_WORK_PROBE + (int64_t)g->looked_at / ABOVE, HO_WORK_SCAN);
        return best;
    }
    (smooth ? o->scan_smooth : o->scan)(g->walk, slot, 1, 0, (uint32_t)g->lead->count, g->fitting, 0, &best);
    ho_search_count(g->s, (int64_t)g->looked_at, HO_WORK_SCAN);
    if (!(best.value > floor)) best.in = HO_NOBODY;
    return best;
}

/* Best swaps of one slot after another among the guide's candidates, to a local optimum there. */
static void climb(ho_lead_search *g, bool smooth, double value)
{
    const size_t free_slots = g->total - g->fixed;
    const double step = smooth ? least_smooth_gain : least_gain;
    for (size_t slot = 0, quiet = 0; quiet < free_slots && !ho_search_done(g->s);
         slot = (slot + 1) % free_slots) {
        const ho_swap best = look(g, smooth, g->fixed + slot, value + step * fabs(value));
        if (best.in == HO_NOBODY) {
            quiet++;
            continue;
        }
        swap(g, g->fixed + slot, best.in);
        value = best.value;
        quiet = 0;
    }
}

/* To a top of the smooth value, where that is of use, and on to one of the true value. */
static double descend(ho_lead_search *g)
{
    if (g->smooth) climb(g, true, g->objective->smooth(g->walk));
    const double reached = score(g, g->members);
    if (g->smooth && g->kicking && reached < g->chain_best - hopeless * fabs(g->chain_best)) {
        tell(g, reached);
        return reached;
    }
    climb(g, false, reached);
    const double value = score(g, g->members);
    tell(g, value);
    return value;
}

static bool is_fixed(const ho_lead_search *g, uint32_t position)
{
    for (size_t i = 0; i < g->fixed; i++) {
        if (g->members[i] == position) return true;
    }
    return false;
}

/* set = the forced members and those of largest share. */
static void round_to_largest(const ho_lead_search *g, const double *shares, uint32_t *set)
{
    size_t count = g->fixed;
    for (uint32_t j = 0; j < g->lead->count; j++) {
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
static void round_by_chance(ho_lead_search *g, const double *shares, uint32_t *set)
{
    size_t count = g->fixed;
    double sum = 0, mark = ho_rng_unit(&g->s->rng);
    ho_marks *marks = &g->s->core->marks;
    ho_marks_clear(marks);
    const size_t n = g->lead->count, from = ho_rng_below(&g->s->rng, (uint32_t)n);
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
static bool repair(ho_lead_search *g, uint32_t *set)
{
    if (g->fitting == g->open) return true;
    for (size_t i = g->fixed; i < g->total; i++)
        g->ids[i - g->fixed] = g->lead->candidates[set[i]];
    (void)ho_search_repair(g->s, g->ids);
    for (size_t i = g->fixed; i < g->total; i++) {
        const uint32_t *at =
            bsearch(&g->ids[i - g->fixed], g->lead->candidates, g->lead->count, sizeof *at, by_number);
        if (at == NULL) return false;
        set[i] = (uint32_t)(at - g->lead->candidates);
    }
    return true;
}

static void begin_from(ho_lead_search *g, uint32_t *set)
{
    if (g->start_count == g->start_room || !repair(g, set)) return;
    place(g, set);
    const double value = descend(g);
    memcpy(g->starts + g->start_count * g->total, g->members, g->total * sizeof *g->members);
    g->start_values[g->start_count++] = value;
}

static void round_shares(ho_lead_search *g)
{
    uint32_t *set = g->kept;
    memcpy(set, g->members, g->fixed * sizeof *set);
    round_to_largest(g, g->lead->shares, set);
    begin_from(g, set);
    for (int64_t time = 0; time < g->p->roundings && !ho_search_done(g->s); time++) {
        round_by_chance(g, g->lead->shares, set);
        begin_from(g, set);
    }
    g->rounded = true;
}

/* The best start that is left becomes the kept set; when all were taken, the best found so far or, with even chances,
 * a new start. */
static double take_start(ho_lead_search *g)
{
    size_t best = 0;
    for (size_t i = 1; i < g->start_count; i++) {
        if (g->start_values[i] > g->start_values[best]) best = i;
    }
    if (g->start_values[best] == -INFINITY) {
        if (ho_rng_below(&g->s->rng, 2) == 0) {
            g->start_count = 0;
            round_by_chance(g, g->lead->shares, g->kept);
            begin_from(g, g->kept);
            best = 0;
        }
        if (g->start_count == 0 || g->start_values[best] == -INFINITY) {
            memcpy(g->kept, g->champion, g->total * sizeof *g->kept);
            return g->best;
        }
    }
    const double value = g->start_values[best];
    memcpy(g->kept, g->starts + best * g->total, g->total * sizeof *g->kept);
    g->start_values[best] = -INFINITY;
    return value;
}

/* Replaces some members of the kept set; whole ones of the solutions stay with even chances. */
static void kick(ho_lead_search *g)
{
    ho_search *s = g->s;
    const size_t free_slots = g->total - g->fixed, outside = g->lead->count - g->total;
    const size_t least = (size_t)g->p->min_kick;
    const size_t most = g->p->max_kick > g->p->min_kick ? (size_t)g->p->max_kick : least;
    size_t changes = least + ho_rng_below(&s->rng, (uint32_t)(most - least + 1));
    if (changes > free_slots) changes = free_slots;
    if (changes > outside) changes = outside;
    place(g, g->kept);
    for (size_t i = 0; i < changes; i++) {
        size_t slot = g->fixed + ho_rng_below(&s->rng, (uint32_t)free_slots);
        if (g->lead->shares[g->members[slot]] > ho_rng_unit(&s->rng) * 2)
            slot = g->fixed + ho_rng_below(&s->rng, (uint32_t)free_slots);
        for (int draw = 0; draw < DRAWS; draw++) {
            const uint32_t in = ho_rng_below(&s->rng, (uint32_t)g->lead->count);
            if (!fits(g, slot, in)) continue;
            swap(g, slot, in);
            break;
        }
    }
}

/* From the best start left to a new chain of kicks; of several turns, the last start is kept on. */
static void begin_chain(ho_lead_search *g)
{
    g->kicking = false;
    g->value = g->chain_best = take_start(g);
    g->idle = 0;
    g->kicking = true;
}

static void kick_and_descend(ho_lead_search *g)
{
    kick(g);
    const double found = descend(g);
    const double patience = -log(1 - ho_rng_unit(&g->s->rng)) * g->p->acceptance * fabs(g->value);
    if (found >= g->value - patience) {
        memcpy(g->kept, g->members, g->total * sizeof *g->kept);
        g->value = found;
    }
    g->idle = found > g->chain_best ? 0 : g->idle + 1;
    if (found > g->chain_best) g->chain_best = found;
    if (g->idle >= g->p->patience) begin_chain(g);
}

void ho_lead_work(ho_lead_search *g)
{
    if (!g->rounded) round_shares(g);
    if (g->start_count == 0) return;
    if (!g->kicking) begin_chain(g);
    while (!ho_search_done(g->s))
        kick_and_descend(g);
}

double ho_lead_best(const ho_lead_search *g)
{
    return g->best;
}

static bool is_smooth(const ho_lead *lead, size_t members)
{
    size_t in_part = 0;
    for (size_t i = 0; i < lead->count; i++)
        in_part += lead->shares[i] > 1e-6 && lead->shares[i] < 1 - 1e-6;
    const bool few = in_part <= FEW_IN_PART && (double)in_part <= few_in_part * (double)members;
    return lead->objective->smooth != NULL && !few;
}

static ho_status allocate(ho_lead_search *g, ho_error *err)
{
    const size_t n = g->lead->count;
    g->members = HO_NEW(uint32_t, 5 * g->total);
    g->open = HO_NEW(uint8_t, 2 * n);
    g->starts = HO_NEW(uint32_t, g->start_room * g->total);
    g->start_values = HO_NEW(double, g->start_room);
    if (g->members == NULL || g->open == NULL || g->starts == NULL || g->start_values == NULL)
        return ho_fail_memory(err, (g->start_room + 5) * g->total * sizeof(uint32_t), "a guided search");
    g->sorted = g->members + g->total;
    g->kept = g->members + 2 * g->total;
    g->ids = g->members + 3 * g->total;
    g->champion = g->members + 4 * g->total;
    return g->objective->open(g->objective->data, g->total, &g->walk, err);
}

ho_status ho_lead_open(ho_search *s, const ho_lead *lead, const ho_lead_settings *settings,
                       ho_lead_search **search, ho_error *err)
{
    const struct ho_search_core *c = s->core;
    ho_lead_search *g = HO_NEW(ho_lead_search, 1);
    if (g == NULL) return ho_fail_memory(err, sizeof *g, "a guided search");
    *g = (ho_lead_search){.s = s,
                          .p = settings,
                          .lead = lead,
                          .objective = lead->objective,
                          .total = c->total,
                          .fixed = c->fixed,
                          .start_room = (size_t)settings->roundings + 1,
                          .smooth = is_smooth(lead, c->total),
                          .best = -INFINITY};
    ho_status status = allocate(g, err);
    if (status != HO_OK) {
        ho_lead_close(&g);
        return status;
    }
    g->looked_at = ho_search_looked_at(g->objective, lead->count - c->total);
    g->fitting = c->rules != NULL ? g->open + lead->count : g->open;
    memset(g->open, 1, lead->count);
    size_t fixed = 0;
    for (uint32_t j = 0; j < lead->count && fixed < g->fixed; j++) {
        if (lead->candidates[j] == c->members[fixed]) g->members[fixed++] = j;
    }
    *search = g;
    return HO_OK;
}

void ho_lead_close(ho_lead_search **search)
{
    ho_lead_search *g = *search;
    if (g == NULL) return;
    if (g->walk != NULL) g->objective->close(&g->walk);
    free(g->members);
    free(g->open);
    free(g->starts);
    free(g->start_values);
    free(g);
    *search = NULL;
}
