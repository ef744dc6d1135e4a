/* Guided search: linear programmes have seen all candidates at once, and their solutions, sets with members in part,
 * say which few are worth a search (ho_guide). Each lead has a search of its own (lead.h); the better half of them goes
 * on, as in successive halving: Z. Karnin, T. Koren, O. Somekh, ICML (2013). Rounding: P. Raghavan, C. Thompson,
 * "Randomized rounding", Combinatorica 7 (1987); systematic, as in sampling: W. Madow, Annals of Mathematical
 * Statistics 20 (1949). Kicks: H. Lourenco, O. Martin, T. Stuetzle (2003).
 * Without a guide it begins with a random set and makes itself a list of candidates (search/shortlist.h). */
#include "base/error.h"
#include "base/memory.h"
#include "search/core.h"
#include "search/lp/lead.h"
#include "search/shortlist.h"

#include <math.h>
#include <string.h>

enum {
    LIST = 128,  /* candidates of the list without a guide */
    LAST = 2,    /* leads that work to the end */
    FIRST = 4,   /* the leads' part of the work: one in so many */
    NODE = 48000 /* the work of a node of a branch and bound: a millisecond */
};

/* A gap to the bound, as a share of it, up to which branch and bound finds more than leads do with the same work. */
static const double near = 0.05;

typedef struct lp_params {
    ho_lead_settings lead;
} lp_params;

static const ho_option options[] = {
    {"roundings", 0, "N", "Random roundings of each solution, beside that to its largest shares.",
     HO_OPTION_INT, 0, 1000, "8", NULL, offsetof(lp_params, lead.roundings)},
    {"min_kick", 0, "N", "Members that a kick replaces at least.", HO_OPTION_INT, 1, 1e6, "2", NULL,
     offsetof(lp_params, lead.min_kick)},
    {"max_kick", 0, "N", "Members that a kick replaces at most.", HO_OPTION_INT, 1, 1e6, "4", NULL,
     offsetof(lp_params, lead.max_kick)},
    {"acceptance", 0, "R", "Mean loss, as a share of the value, up to which a worse local optimum is taken.",
     HO_OPTION_REAL, 0, 1, "0.001", NULL, offsetof(lp_params, lead.acceptance)},
    {"patience", 0, "N", "Kicks without a new best before the search goes on from another rounded set.",
     HO_OPTION_INT, 1, 1e12, "5", NULL, offsetof(lp_params, lead.patience)},
};

/* The same without a guide: the candidates worth a search are those that scans find. Half of the work is spent at once, for
 * work among all candidates is not as cheap as that of leads. */
static void kick_alone(ho_search *s, const lp_params *p, ho_shortlist *list, uint32_t *kept)
{
    bool proven = false;
    ho_search_spend(s, ho_search_work_left(s) / 2);
    double value = ho_shortlist_descend_all(list, ho_search_set(s, s->first), 1, 0, &proven);
    memcpy(kept, s->current, s->size * sizeof *kept);
    while (!ho_search_done(s)) {
        (void)ho_search_set(s, kept);
        for (int64_t i = 0; i < p->lead.min_kick; i++) {
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

/* A lead with a search of its own, so that leads can be followed side by side. */
typedef struct follower {
    ho_search *s;
    ho_lead_search *lead;
} follower;

/* By what they found; equal ones keep their order. */
static void rank(follower *followers, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const follower moved = followers[i];
        size_t at = i;
        for (; at > 0 && ho_lead_best(followers[at - 1].lead) < ho_lead_best(moved.lead); at--)
            followers[at] = followers[at - 1];
        followers[at] = moved;
    }
}

/* All leads work a part; the better half of them goes on with the next part, until few are left, which share the rest. */
static void follow(ho_search *s, follower *followers, size_t count, int64_t work)
{
    const int64_t end = ho_search_work_left(s) - work;
    size_t rounds = 1;
    for (size_t left = count; left > LAST; left = (left + 1) / 2)
        rounds++;
    for (; count > 0 && !ho_search_done(s); rounds--) {
        const int64_t part = (ho_search_work_left(s) - end) / (int64_t)(rounds * count);
        for (size_t i = 0; i < count; i++)
            ho_search_allot(followers[i].s, part);
        for (size_t i = 0; i < count; i++) {
            ho_lead_search *lead = followers[i].lead;
#pragma omp task default(none) firstprivate(lead)
            ho_lead_work(lead);
        }
#pragma omp taskwait
        for (size_t i = 0; i < count; i++)
            ho_search_join(s, followers[i].s);
        rank(followers, count);
        if (rounds == 1) break;
        count = (count + 1) / 2;
    }
}

/* What a branch and bound tells of. */
typedef struct listener {
    ho_search *s;
    uint32_t *chosen; /* room for a set as the core knows it */
} listener;

static double take_set(void *user, const uint32_t *members, double worth)
{
    const listener *l = user;
    (void)worth;
    ho_search_leave_forced(l->s, members, l->chosen);
    (void)ho_search_score(l->s, l->chosen);
    return l->s->core->best_value;
}

/* Where bounds are near, branch and bound finds sets that leads miss; its programmes are leads of their own kind. */
static ho_status branch(ho_search *s, ho_error *err)
{
    const ho_guide *guide = s->guide;
    const struct ho_search_core *c = s->core;
    listener l = {s, HO_NEW(uint32_t, s->size)};
    int64_t looked_into = 0;
    if (l.chosen == NULL) return ho_fail_memory(err, s->size * sizeof *l.chosen, "a guided search");
    const ho_tree_effort effort = {.nodes = 1 + ho_search_work_left(s) / NODE,
                                   .seconds = ho_search_seconds_left(s),
                                   .known = c->best_value,
                                   .cancel = c->budget->cancel,
                                   .found = take_set,
                                   .user = &l};
    ho_status status = guide->branch(guide, &effort, &looked_into, err);
    free(l.chosen);
    ho_search_spend(s, looked_into * NODE);
    return status;
}

static bool is_near(const ho_search *s)
{
    const double bound = s->guide->bound;
    return s->guide->branch != NULL && isfinite(bound) && bound - s->core->best_value <= near * fabs(bound);
}

/* Leads have a part of the work alone; then it is known how far from the bound they are. */
static ho_status follow_and_branch(ho_search *s, follower *followers, size_t count, ho_error *err)
{
    follow(s, followers, count, ho_search_work_left(s) / FIRST);
    if (ho_search_done(s)) return HO_OK;
    if (is_near(s)) return branch(s, err);
    follow(s, followers, (count + 1) / 2, ho_search_work_left(s));
    return HO_OK;
}

static bool is_followable(const ho_search *s, const ho_lead *lead)
{
    return lead->objective != NULL && lead->count > s->core->total;
}

static ho_status run_guided(ho_search *s, const lp_params *p, size_t count, ho_error *err)
{
    const ho_guide *guide = s->guide;
    follower *followers = HO_NEW(follower, count);
    ho_status status =
        followers != NULL ? HO_OK : ho_fail_memory(err, count * sizeof *followers, "a guided search");
    size_t opened = 0;
    for (size_t i = 0; i < guide->count && status == HO_OK; i++) {
        if (!is_followable(s, &guide->leads[i])) continue;
        follower *f = &followers[opened];
        status = ho_search_fork(s, opened, &f->s, err);
        if (status == HO_OK) status = ho_lead_open(f->s, &guide->leads[i], &p->lead, &f->lead, err);
        opened++;
    }
    if (status == HO_OK) status = follow_and_branch(s, followers, opened, err);
    for (size_t i = 0; i < opened; i++) {
        ho_lead_close(&followers[i].lead);
        ho_search_unfork(&followers[i].s);
    }
    free(followers);
    return status;
}

static ho_status run(ho_search *s, const void *params, ho_error *err)
{
    size_t count = 0;
    for (size_t i = 0; s->guide != NULL && i < s->guide->count; i++)
        count += is_followable(s, &s->guide->leads[i]);
    return count > 0 ? run_guided(s, params, count, err) : run_alone(s, params, err);
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
    .work_times = 8,
    .run = run,
};
