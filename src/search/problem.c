/* Is there a set to choose at all, and how many? */
#include "base/error.h"
#include "search/core.h"

static bool allowed(const ho_problem *p, size_t j)
{
    return p->allowed == NULL || p->allowed[j] != 0;
}

/* `list` is ascending, below N and allowed. */
static ho_status check_list(const ho_problem *p, const uint32_t *list, size_t count, const char *what,
                            ho_error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i] >= p->candidates)
            return ho_fail(err, HO_ERR_USAGE, "%s: no candidate %u, there are %zu", what, list[i],
                           p->candidates);
        if (i != 0 && list[i] <= list[i - 1])
            return ho_fail(err, HO_ERR_USAGE, "%s: candidate %u comes after %u, not ascending", what, list[i],
                           list[i - 1]);
        if (!allowed(p, list[i]))
            return ho_fail(err, HO_ERR_USAGE, "%s: candidate %u is excluded", what, list[i]);
    }
    return HO_OK;
}

/* Groups are below their number. */
static ho_status check_groupings(const ho_problem *p, ho_error *err)
{
    for (size_t q = 0; q < p->grouping_count; q++) {
        const ho_grouping *g = &p->groupings[q];
        for (size_t j = 0; j < p->candidates; j++) {
            if (g->group[j] != HO_NOBODY && g->group[j] >= g->groups)
                return ho_fail(err, HO_ERR_USAGE, "%s: no group %u, there are %zu", g->name, g->group[j],
                               g->groups);
        }
    }
    return HO_OK;
}

static bool holds_all(const ho_problem *p, const uint32_t *set)
{
    size_t found = 0;
    for (size_t i = 0; i < p->size && found < p->include_count; i++)
        found += set[i] == p->include[found];
    return found == p->include_count;
}

static ho_status check_set(const ho_problem *p, const uint32_t *set, const char *what, ho_error *err)
{
    HO_TRY(check_list(p, set, p->size, what, err));
    if (!holds_all(p, set))
        return ho_fail(err, HO_ERR_USAGE, "%s: it lacks one of the %zu members to include", what,
                       p->include_count);
    return ho_problem_check_rules(p, set, p->size, err);
}

ho_status ho_problem_check(const ho_problem *p, ho_error *err)
{
    if (p->size < 1) return ho_fail(err, HO_ERR_USAGE, "a set must have at least 1 member, not 0");
    if (p->candidates >= HO_NOBODY)
        return ho_fail(err, HO_ERR_USAGE, "%zu candidates are too many", p->candidates);
    if (p->size > p->candidates)
        return ho_fail(err, HO_ERR_USAGE, "cannot choose %zu of %zu candidates", p->size, p->candidates);
    HO_TRY(check_list(p, p->include, p->include_count, "members to include", err));
    if (p->include_count > p->size)
        return ho_fail(err, HO_ERR_USAGE, "%zu members to include do not fit into a set of %zu",
                       p->include_count, p->size);
    size_t choice = p->include_count + ho_problem_open(p, NULL);
    if (choice < p->size)
        return ho_fail(err, HO_ERR_USAGE, "cannot choose %zu: only %zu of %zu candidates are allowed",
                       p->size, choice, p->candidates);
    HO_TRY(check_groupings(p, err));
    HO_TRY(ho_problem_check_rules(p, p->include, p->include_count, err));
    HO_TRY(ho_problem_check_room(p, err));
    return p->start != NULL ? check_set(p, p->start, "starting set", err) : HO_OK;
}

ho_status ho_search_check_set(const ho_problem *problem, const uint32_t *members, ho_error *err)
{
    return check_set(problem, members, "members", err);
}

size_t ho_problem_open(const ho_problem *p, uint8_t *open)
{
    size_t count = 0, include = 0;
    for (size_t j = 0; j < p->candidates; j++) {
        bool included = include < p->include_count && p->include[include] == j;
        include += included;
        bool free_to_choose = !included && allowed(p, j);
        if (open != NULL) open[j] = free_to_choose;
        count += free_to_choose;
    }
    return count;
}

static uint64_t greatest_common_divisor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

int64_t ho_search_space(const ho_problem *problem, int64_t limit)
{
    if (ho_problem_check(problem, NULL) != HO_OK) return 0;
    uint64_t n = ho_problem_open(problem, NULL), k = problem->size - problem->include_count;
    if (k > n - k) k = n - k;
    uint64_t sets = 1, most = limit > 0 ? (uint64_t)limit : 0;
    for (uint64_t i = 1; i <= k; i++) { /* sets = C(n - k + i, i), which grows with i */
        uint64_t common = greatest_common_divisor(sets, i), factor = (n - k + i) / (i / common);
        sets /= common;
        if (sets > most / factor) return -1;
        sets *= factor;
    }
    return sets <= most ? (int64_t)sets : -1;
}
