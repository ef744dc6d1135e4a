/* Finding one set that keeps to a problem's rules, or telling which rule stands in the way. Counting settles a
 * grouping alone; with conflicts the question is as hard as that of an independent set in a graph. So a bounded search
 * tree goes first, candidates of few conflicts first, which answers small problems for sure and ordinary ones at once;
 * then a local search: a set grows while anything fits, and changes a random member where nothing does (after
 * W. Pullan, H. Hoos, "Dynamic local search for the maximum clique problem", J. of AI Research 25 (2006)). */
#include "base/error.h"
#include "base/memory.h"
#include "base/rng.h"
#include "search/core.h"

#include <stdio.h>
#include <string.h>

enum { NODES = 200000, STEPS = 10000, PATIENCE = 200 };

typedef struct finder {
    const ho_rules *rules;
    ho_draft draft;
    uint32_t *best; /* K: the largest found, includes first */
    size_t best_count;
    bool proven; /* the tree was walked to its end */
} finder;

static bool found(const finder *f)
{
    return f->best_count == f->rules->problem->size;
}

static void remember(finder *f)
{
    if (f->draft.count <= f->best_count) return;
    f->best_count = f->draft.count;
    memcpy(f->best, f->draft.members, f->best_count * sizeof *f->best);
}

typedef struct ranked {
    uint64_t conflicts;
    uint32_t candidate;
} ranked;

static int by_conflicts(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->conflicts != y->conflicts) return x->conflicts < y->conflicts ? -1 : 1;
    return (x->candidate > y->candidate) - (x->candidate < y->candidate);
}

/* The pool, candidates with few conflicts in it first. */
static void rank_pool(const ho_rules *r, ranked *order)
{
    const ho_problem *p = r->problem;
    size_t count = 0;
    for (uint32_t j = 0; j < p->candidates; j++) {
        if (!r->open[j]) continue;
        order[count] = (ranked){.candidate = j};
        for (size_t c = 0; c < p->conflict_count; c++) {
            const uint64_t *row = p->conflicts[c].row(p->conflicts[c].data, j);
            for (size_t w = 0; row != NULL && w < r->words; w++)
                order[count].conflicts += (uint64_t)__builtin_popcountll(row[w] & r->pool[w]);
        }
        count++;
    }
    qsort(order, count, sizeof *order, by_conflicts);
}

/* Depth first through the sets in the order of the ranking. at[d]: the next place to try for member d. */
static void walk_tree(finder *f, const ranked *order, size_t *at)
{
    const ho_rules *r = f->rules;
    const size_t fixed = r->problem->include_count, size = r->problem->size;
    size_t depth = fixed;
    at[depth] = 0;
    for (int64_t nodes = 0; !found(f); nodes++) {
        if (nodes == NODES) return;
        if (r->pool_count < at[depth] + (size - depth)) { /* too few are left */
            if (depth == fixed) break;
            ho_draft_cut(&f->draft, --depth);
            continue;
        }
        const uint32_t j = order[at[depth]++].candidate;
        if (!ho_draft_takes(&f->draft, j, HO_NO_SLOT)) continue;
        ho_draft_add(&f->draft, j);
        remember(f);
        if (++depth < size) at[depth] = at[depth - 1];
    }
    f->proven = !found(f);
}

static bool add_random(finder *f, ho_rng *rng)
{
    ho_draft_look(&f->draft);
    const size_t choices = ho_draft_choices(&f->draft, HO_NO_SLOT);
    if (choices == 0) return false;
    ho_draft_add(&f->draft, ho_draft_choice(&f->draft, ho_rng_below(rng, (uint32_t)choices)));
    remember(f);
    return true;
}

static void change_random(finder *f, ho_rng *rng)
{
    const size_t fixed = f->rules->problem->include_count;
    if (f->draft.count == fixed) return;
    const size_t slot = fixed + ho_rng_below(rng, (uint32_t)(f->draft.count - fixed));
    const size_t choices = ho_draft_choices(&f->draft, (ptrdiff_t)slot); /* looked at by add_random */
    if (choices == 0) return;
    ho_draft_replace(&f->draft, slot, ho_draft_choice(&f->draft, ho_rng_below(rng, (uint32_t)choices)));
}

static void search_locally(finder *f)
{
    const size_t fixed = f->rules->problem->include_count;
    ho_rng rng = ho_rng_new(1, "a set that keeps to the rules", 0);
    size_t since = 0;
    ho_draft_load(&f->draft, f->best, f->best_count);
    for (int step = 0; step < STEPS && !found(f); step++) {
        const size_t before = f->best_count;
        if (!add_random(f, &rng)) change_random(f, &rng);
        since = f->best_count > before ? 0 : since + 1;
        if (since < PATIENCE) continue;
        while (f->draft.count > fixed && ho_rng_unit(&rng) < 0.75) /* away from here: a few members go */
            ho_draft_drop(&f->draft, fixed + ho_rng_below(&rng, (uint32_t)(f->draft.count - fixed)));
        since = 0;
    }
}

/* f->best: K members, or as many as were found to go together. */
static ho_status find(const ho_rules *r, finder *f, ho_error *err)
{
    const ho_problem *p = r->problem;
    *f = (finder){.rules = r, .best = HO_NEW(uint32_t, p->size)};
    ranked *order = HO_NEW(ranked, r->pool_count);
    size_t *at = HO_NEW(size_t, p->size + 1);
    ho_status status = HO_OK;
    if (f->best == NULL || order == NULL || at == NULL)
        status = ho_fail_memory(err, r->pool_count * sizeof *order, "the rules of a search");
    if (status == HO_OK) status = ho_draft_new(r, &f->draft, err);
    if (status == HO_OK) {
        ho_draft_load(&f->draft, p->include, p->include_count);
        remember(f);
        rank_pool(r, order);
        walk_tree(f, order, at);
        if (!found(f) && !f->proven) search_locally(f);
        ho_draft_free(&f->draft);
    }
    free(order);
    free(at);
    if (status != HO_OK) free(f->best);
    return status;
}

static size_t rule_count(const ho_problem *p)
{
    return p->grouping_count + p->conflict_count;
}

static const char *rule_name(const ho_problem *p, size_t rule)
{
    return rule < p->grouping_count ? p->groupings[rule].name : p->conflicts[rule - p->grouping_count].name;
}

/* What came of looking for a set. */
typedef struct verdict {
    bool feasible, proven;
    size_t largest;
} verdict;

/* Can a set be chosen that keeps to these of the rules (groupings first, then conflicts)? */
static ho_status try_part(const ho_problem *whole, const uint8_t *wanted, verdict *v, ho_error *err)
{
    ho_problem p = *whole;
    ho_grouping *groupings = HO_NEW(ho_grouping, whole->grouping_count);
    ho_conflicts *conflicts = HO_NEW(ho_conflicts, whole->conflict_count);
    ho_rules *rules = NULL;
    finder f = {0};
    ho_status status = HO_OK;
    if (groupings == NULL || conflicts == NULL) status = ho_fail_memory(err, 0, "the rules of a search");
    p.groupings = groupings;
    p.conflicts = conflicts;
    p.grouping_count = p.conflict_count = 0;
    for (size_t i = 0; i < rule_count(whole) && status == HO_OK; i++) {
        if (!wanted[i]) continue;
        if (i < whole->grouping_count)
            groupings[p.grouping_count++] = whole->groupings[i];
        else
            conflicts[p.conflict_count++] = whole->conflicts[i - whole->grouping_count];
    }
    if (status == HO_OK) status = ho_rules_build(&p, &rules, err);
    if (status == HO_OK) status = find(rules, &f, err);
    if (status == HO_OK) {
        v->feasible = found(&f);
        v->proven = f.proven;
        v->largest = f.best_count;
        free(f.best);
    }
    ho_rules_free(&rules);
    free(groupings);
    free(conflicts);
    return status;
}

static ho_status infeasible(const ho_problem *p, const uint8_t *culprits, const verdict *v, ho_error *err)
{
    char names[512] = "";
    size_t used = 0;
    for (size_t i = 0; i < rule_count(p); i++) {
        if (!culprits[i] || used >= sizeof names - 1) continue;
        int wrote =
            snprintf(names + used, sizeof names - used, "%s%s", used != 0 ? " with " : "", rule_name(p, i));
        used += wrote > 0 ? (size_t)wrote : 0;
    }
    const size_t choice = p->include_count + ho_problem_open(p, NULL);
    if (v->proven)
        return ho_fail(err, HO_ERR_USAGE, "%s: no set of %zu of the %zu candidates keeps to that", names,
                       p->size, choice);
    return ho_fail(
        err, HO_ERR_USAGE,
        "%s: no set of %zu of the %zu candidates was found that keeps to that; the largest has %zu", names,
        p->size, choice, v->largest);
}

/* Names the rule that cannot be kept by itself; where each can, those without which there is a set; else all. */
static ho_status blame(const ho_problem *p, const verdict *whole, ho_error *err)
{
    const size_t count = rule_count(p);
    uint8_t *wanted = HO_NEW(uint8_t, count), *culprits = HO_NEW(uint8_t, count);
    ho_status status = HO_OK;
    verdict v = {0};
    size_t named = 0;
    if (wanted == NULL || culprits == NULL) status = ho_fail_memory(err, count, "the rules of a search");
    for (size_t i = 0; i < count && status == HO_OK; i++) {
        memset(wanted, 0, count);
        wanted[i] = 1;
        status = try_part(p, wanted, &v, err);
        if (status != HO_OK || v.feasible) continue;
        status = infeasible(p, wanted, &v, err);
        break;
    }
    for (size_t i = 0; i < count && status == HO_OK; i++) {
        memset(wanted, 1, count);
        wanted[i] = 0;
        status = try_part(p, wanted, &v, err);
        culprits[i] = v.feasible;
        named += v.feasible;
    }
    if (named == 0 && culprits != NULL) memset(culprits, 1, count);
    if (status == HO_OK) status = infeasible(p, culprits, whole, err);
    free(wanted);
    free(culprits);
    return status;
}

static ho_status find_known(ho_rules *r, ho_error *err)
{
    finder f;
    HO_TRY(find(r, &f, err));
    const verdict v = {.feasible = found(&f), .proven = f.proven, .largest = f.best_count};
    if (v.feasible) memcpy(r->known, f.best, f.best_count * sizeof *f.best);
    free(f.best);
    return v.feasible ? HO_OK : blame(r->problem, &v, err);
}

ho_status ho_search_check(const ho_problem *problem, ho_error *err)
{
    ho_rules *rules = NULL;
    HO_TRY(ho_problem_check(problem, err));
    HO_TRY(ho_rules_new(problem, &rules, err));
    ho_rules_free(&rules);
    return HO_OK;
}

ho_status ho_rules_new(const ho_problem *problem, ho_rules **rules, ho_error *err)
{
    ho_rules *r = NULL;
    *rules = NULL;
    if (rule_count(problem) == 0) return HO_OK;
    HO_TRY(ho_rules_build(problem, &r, err));
    ho_status status = find_known(r, err);
    if (status == HO_OK)
        *rules = r;
    else
        ho_rules_free(&r);
    return status;
}
