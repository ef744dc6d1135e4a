/* Does a set keep to a problem's groupings and conflicts, and can a grouping alone be kept to: all that can be told by
 * counting. */
#include "base/error.h"
#include "base/memory.h"
#include "search/core.h"

#include <stdio.h>

/* What messages call a candidate or a group. */
typedef struct title {
    char text[256];
} title;

static title title_of(const char *const *names, const char *what, size_t number)
{
    title t;
    if (names != NULL)
        snprintf(t.text, sizeof t.text, "%.200s", names[number]);
    else
        snprintf(t.text, sizeof t.text, "%s %zu", what, number);
    return t;
}

static uint32_t most_of(const ho_grouping *g, size_t group)
{
    return g->most != NULL ? g->most[group] : UINT32_MAX;
}

static uint32_t least_of(const ho_grouping *g, size_t group)
{
    return g->least != NULL ? g->least[group] : 0;
}

/* Members of the list by group, owned by the caller; NULL for want of memory. */
static uint32_t *count_groups(const ho_grouping *g, const uint32_t *list, size_t count)
{
    uint32_t *counts = HO_NEW(uint32_t, g->groups);
    for (size_t i = 0; i < count && counts != NULL; i++) {
        if (g->group[list[i]] != HO_NOBODY) counts[g->group[list[i]]]++;
    }
    return counts;
}

static ho_status check_counts(const ho_grouping *g, const uint32_t *counts, bool whole, ho_error *err)
{
    for (size_t i = 0; i < g->groups; i++) {
        const title group = title_of(g->labels, "group", i);
        if (counts[i] > most_of(g, i))
            return ho_fail(err, HO_ERR_USAGE, "%s: %u members are of %s, at most %u may be", g->name,
                           counts[i], group.text, most_of(g, i));
        if (whole && counts[i] < least_of(g, i))
            return ho_fail(err, HO_ERR_USAGE, "%s: %u members are of %s, at least %u must be", g->name,
                           counts[i], group.text, least_of(g, i));
    }
    return HO_OK;
}

static ho_status check_pairs(const ho_problem *p, const ho_conflicts *c, const uint32_t *list, size_t count,
                             ho_error *err)
{
    for (size_t i = 0; i < count; i++) {
        const uint64_t *row = c->row(c->data, list[i]);
        for (size_t k = i + 1; k < count && row != NULL; k++) {
            if (!ho_bit(row, list[k])) continue;
            const title a = title_of(p->names, "candidate", list[i]),
                        b = title_of(p->names, "candidate", list[k]);
            return ho_fail(err, HO_ERR_USAGE, "%s: %s and %s may not be together", c->name, a.text, b.text);
        }
    }
    return HO_OK;
}

ho_status ho_problem_check_rules(const ho_problem *p, const uint32_t *list, size_t count, ho_error *err)
{
    for (size_t q = 0; q < p->grouping_count; q++) {
        const ho_grouping *g = &p->groupings[q];
        uint32_t *counts = count_groups(g, list, count);
        if (counts == NULL) return ho_fail_memory(err, g->groups * sizeof *counts, "groups of candidates");
        ho_status status = check_counts(g, counts, count == p->size, err);
        free(counts);
        HO_TRY(status);
    }
    for (size_t c = 0; c < p->conflict_count; c++)
        HO_TRY(check_pairs(p, &p->conflicts[c], list, count, err));
    return HO_OK;
}

/* How many members a grouping lets be chosen, and how many it needs, when there are `open` candidates of each group
 * beside `included` ones. */
static ho_status count_room(const ho_problem *p, const ho_grouping *g, const uint32_t *included,
                            const uint32_t *open, size_t free_candidates, ho_error *err)
{
    size_t room = p->include_count + free_candidates, need = p->include_count;
    for (size_t i = 0; i < g->groups; i++) {
        const uint32_t all = included[i] + open[i], most = all < most_of(g, i) ? all : most_of(g, i);
        if (most < least_of(g, i)) {
            const title group = title_of(g->labels, "group", i);
            return ho_fail(err, HO_ERR_USAGE, "%s: of %s only %u can be chosen, at least %u must be", g->name,
                           group.text, most, least_of(g, i));
        }
        room += most - included[i];
        if (least_of(g, i) > included[i]) need += least_of(g, i) - included[i];
    }
    if (room < p->size)
        return ho_fail(err, HO_ERR_USAGE, "%s: at most %zu of %zu can be chosen", g->name, room, p->size);
    if (need > p->size)
        return ho_fail(err, HO_ERR_USAGE, "%s: a set of %zu is too small, the groups need %zu", g->name,
                       p->size, need);
    return HO_OK;
}

static ho_status check_room(const ho_problem *p, const ho_grouping *g, const uint8_t *flags, ho_error *err)
{
    uint32_t *included = count_groups(g, p->include, p->include_count), *open = HO_NEW(uint32_t, g->groups);
    size_t free_candidates = 0;
    ho_status status = HO_OK;
    if (included == NULL || open == NULL)
        status = ho_fail_memory(err, 2 * g->groups * sizeof *open, "groups of candidates");
    for (size_t j = 0; j < p->candidates && status == HO_OK; j++) {
        if (!flags[j]) continue;
        if (g->group[j] == HO_NOBODY)
            free_candidates++;
        else
            open[g->group[j]]++;
    }
    if (status == HO_OK) status = count_room(p, g, included, open, free_candidates, err);
    free(included);
    free(open);
    return status;
}

ho_status ho_problem_check_room(const ho_problem *p, ho_error *err)
{
    if (p->grouping_count == 0) return HO_OK;
    uint8_t *open = HO_NEW(uint8_t, p->candidates);
    if (open == NULL) return ho_fail_memory(err, p->candidates, "groups of candidates");
    ho_problem_open(p, open);
    ho_status status = HO_OK;
    for (size_t q = 0; q < p->grouping_count && status == HO_OK; q++)
        status = check_room(p, &p->groupings[q], open, err);
    free(open);
    return status;
}
