/* Looking at every set. All but the last member are walked in lexicographic order; the last one is scanned, and only
 * where a scan comes near the best so far is each of its sets scored: a scan is right to 1e-9, a score decides. */
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "search/core.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

static double near_best(double best)
{
    return isinf(best) ? best : best - 1e-8 * fmax(1, fabs(best));
}

/* Which last members the beginning set[0..last-1] may have, from pool[from] on: their number, and the place of the
 * first in the pool. Without rules that is all of them. */
static size_t last_members(ho_search *s, const uint32_t *set, size_t from, size_t *first)
{
    struct ho_search_core *c = s->core;
    *first = from;
    if (c->rules == NULL) return s->pool_count - from;
    ho_draft_load(&c->draft, c->members, c->fixed);
    for (size_t i = 0; i + 1 < s->size; i++) {
        if (!ho_draft_takes(&c->draft, set[i], HO_NO_SLOT)) return 0;
        ho_draft_add(&c->draft, set[i]);
    }
    ho_draft_look(&c->draft);
    (void)ho_draft_choices(&c->draft, HO_NO_SLOT);
    ho_draft_spread(&c->draft, c->masks);
    size_t count = 0;
    for (size_t i = s->pool_count; i-- > from;) {
        if (!c->masks[s->pool[i]]) continue;
        *first = i;
        count++;
    }
    return count;
}

/* All sets that begin with pool[chosen[0..size-2]]. */
static void look_at_last_members(ho_search *s, const size_t *chosen, uint32_t *set)
{
    struct ho_search_core *c = s->core;
    size_t last = s->size - 1, from = last > 0 ? chosen[last - 1] + 1 : 0;
    int64_t counted = c->run.evaluations;
    for (size_t i = 0; i < last; i++)
        set[i] = s->pool[chosen[i]];
    const int64_t sets = (int64_t)last_members(s, set, from, &from);
    if (sets == 0) {
        ho_search_spend(s, 1);
        return;
    }
    set[last] = s->pool[from];
    const uint8_t *open = c->open;
    if (c->rules != NULL) {
        c->masks[set[last]] = 0; /* a member now */
        open = c->masks;
    }
    double before = c->best_value;
    (void)ho_search_set(s, set);
    if (sets > 1) {
        ho_swap found;
        c->objective->scan(c->walk, c->total - 1, 1, s->pool[from + 1], s->pool[s->pool_count - 1] + 1, open,
                           0, &found);
        bool close = !isfinite(before) || !(found.value < near_best(c->best_value));
        for (size_t i = from + 1; i < s->pool_count && close; i++) {
            if (c->rules != NULL && !c->masks[s->pool[i]]) continue;
            set[last] = s->pool[i];
            (void)ho_search_score(s, set);
        }
    }
    c->run.evaluations = counted + sets; /* a set looked at twice is one set */
    ho_search_spend(s, sets);
}

/* The next positions chosen[from..to-1] after those before them, in lexicographic order; false after the last. Position
 * i may be at most slack + i, where slack is the number of candidates that stay out. */
static bool next_choice(size_t *chosen, size_t from, size_t to, size_t slack)
{
    for (size_t i = to; i-- > from;) {
        if (chosen[i] < slack + i) {
            chosen[i]++;
            for (size_t j = i + 1; j < to; j++)
                chosen[j] = chosen[j - 1] + 1;
            return true;
        }
    }
    return false;
}

/* One thread's share: beginnings of sets that no other thread has taken yet. Beginnings are short, so that there are
 * few, and not of one member, for half of all sets may begin with the first candidate. */
static void enumerate_share(ho_search *s, size_t *chosen, uint32_t *set, _Atomic size_t *next)
{
    size_t slack = s->pool_count - s->size, last = s->size - 1, head = last < 3 ? last : 3;
    size_t number = 0, mine = atomic_fetch_add(next, 1);
    for (size_t i = 0; i < head; i++)
        chosen[i] = i;
    do {
        if (number++ != mine) continue;
        for (size_t i = head; i < last; i++)
            chosen[i] = i == 0 ? 0 : chosen[i - 1] + 1;
        do
            look_at_last_members(s, chosen, set);
        while (next_choice(chosen, head, last, slack) && !ho_search_done(s));
        mine = atomic_fetch_add(next, 1);
    } while (next_choice(chosen, 0, head, slack) && !ho_search_done(s));
}

/* The best of all shares, ties to the lexicographically smallest, moves into the first. */
static void gather(ho_search **searches, size_t count)
{
    struct ho_search_core *all = searches[0]->core;
    for (size_t i = 1; i < count; i++) {
        struct ho_search_core *c = searches[i]->core;
        all->run.evaluations += c->run.evaluations;
        all->out_of_time |= c->out_of_time;
        bool tie = c->best_value == all->best_value;
        if (c->best_value > all->best_value ||
            (tie && ho_members_compare(c->best, all->best, all->total) < 0)) {
            memcpy(all->best, c->best, all->total * sizeof *all->best);
            all->best_value = c->best_value;
        }
    }
}

static ho_status enumerate_all(ho_search **searches, size_t count, size_t *chosen, uint32_t *sets,
                               const ho_budget *budget, ho_search_result *result)
{
    ho_search *s = searches[0];
    struct ho_search_core *c = s->core;
    if (ho_search_is_forced(s)) {
        c->run.evaluations = 1;
    } else {
        for (size_t i = 0; i < count; i++)
            searches[i]->core->run.evaluations = 0; /* of the set that each began with */
        _Atomic size_t next = 0;
#pragma omp parallel for schedule(static, 1) num_threads((int)count)
        for (size_t i = 0; i < count; i++)
            enumerate_share(searches[i], chosen + i * s->size, sets + i * s->size, &next);
        gather(searches, count);
    }
    bool cancelled = budget->cancel != NULL && *budget->cancel != 0;
    *result = (ho_search_result){.size = c->total,
                                 .members = c->best,
                                 .fitness = c->best_value,
                                 .raw_fitness = c->best_value,
                                 .evaluations = c->run.evaluations,
                                 .seconds = ho_clock_seconds() - c->started,
                                 .stopped_by = cancelled        ? HO_STOP_CANCEL
                                               : c->out_of_time ? HO_STOP_TIME
                                                                : HO_STOP_PROVEN};
    c->best = NULL;
    return HO_OK;
}

ho_status ho_search_enumerate(const ho_problem *problem, const ho_objective *objective,
                              const ho_budget *budget, int threads, ho_search_result *result, ho_error *err)
{
    HO_TRY(ho_problem_check(problem, err));
    ho_rules *rules = NULL;
    HO_TRY(ho_rules_new(problem, &rules, err));
    ho_budget endless = *budget;
    endless.work = INT64_MAX;
    size_t team = threads < 1 ? 1 : (size_t)threads, opened = 0;
    if (team > problem->candidates) team = problem->candidates;
    ho_search **searches = HO_NEW(ho_search *, team);
    size_t *chosen = HO_NEW(size_t, team * problem->size);
    uint32_t *sets = HO_NEW(uint32_t, team * problem->size);
    ho_status status = HO_OK;
    if (searches == NULL || chosen == NULL || sets == NULL)
        status = ho_fail_memory(err, team * problem->size * sizeof *chosen, "an enumeration");
    while (status == HO_OK && opened < team) {
        status = ho_search_open(problem, rules, objective, &endless, 0, "enumeration", NULL,
                                &searches[opened], err);
        opened += status == HO_OK;
    }
    if (status == HO_OK) status = enumerate_all(searches, team, chosen, sets, &endless, result);
    for (size_t i = 0; i < opened; i++)
        ho_search_close(&searches[i]);
    free(searches);
    free(chosen);
    free(sets);
    ho_rules_free(&rules);
    return status;
}
