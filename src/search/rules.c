/* A problem's rules prepared for many questions: lists of groups, and the candidates that go with the includes. */
#include "search/rules.h"

#include "base/error.h"
#include "base/memory.h"
#include "search/core.h"

#include <string.h>

/* A counting sort: starts[g] runs from the beginning of group g to its end, which is the next one's beginning. */
static void fill_lists(ho_rules *r, size_t q)
{
    const ho_grouping *g = &r->problem->groupings[q];
    uint32_t *starts = r->lists[q].starts;
    for (size_t j = 0; j < r->problem->candidates; j++) {
        if (r->open[j] && g->group[j] != HO_NOBODY) starts[g->group[j] + 1]++;
    }
    for (size_t i = 0; i < g->groups; i++)
        starts[i + 1] += starts[i];
    for (uint32_t j = 0; j < r->problem->candidates; j++) {
        if (r->open[j] && g->group[j] != HO_NOBODY) r->lists[q].members[starts[g->group[j]]++] = j;
    }
    memmove(starts + 1, starts, g->groups * sizeof *starts);
    starts[0] = 0;
}

static ho_status make_lists(ho_rules *r, ho_error *err)
{
    const ho_problem *p = r->problem;
    for (size_t q = 0; q < p->grouping_count; q++) {
        ho_group_lists *lists = &r->lists[q];
        lists->first_count = r->group_count;
        r->group_count += p->groupings[q].groups;
        lists->starts = HO_NEW(uint32_t, p->groupings[q].groups + 1);
        lists->members = HO_NEW(uint32_t, p->candidates);
        if (lists->starts == NULL || lists->members == NULL)
            return ho_fail_memory(err, (p->groupings[q].groups + p->candidates) * sizeof *lists->members,
                                  "the groups of a search");
        fill_lists(r, q);
    }
    return HO_OK;
}

/* What no set with the includes can have is closed from the start. */
static ho_status make_pool(ho_rules *r, ho_error *err)
{
    const ho_problem *p = r->problem;
    ho_draft d = {0};
    HO_TRY(ho_draft_new(r, &d, err));
    ho_problem_open(p, r->open);
    ho_draft_load(&d, p->include, p->include_count);
    for (uint32_t j = 0; j < p->candidates; j++) {
        r->open[j] = r->open[j] != 0 && ho_draft_takes(&d, j, HO_NO_SLOT);
        r->pool[j / 64] |= (uint64_t)r->open[j] << (j % 64);
        r->pool_count += r->open[j];
    }
    ho_draft_free(&d);
    return HO_OK;
}

static ho_status fill(ho_rules *r, ho_error *err)
{
    const ho_problem *p = r->problem;
    r->words = (p->candidates + 63) / 64;
    r->open = HO_NEW(uint8_t, p->candidates);
    r->pool = HO_NEW(uint64_t, r->words);
    r->lists = HO_NEW(ho_group_lists, p->grouping_count);
    r->known = HO_NEW(uint32_t, p->size);
    if (r->open == NULL || r->pool == NULL || r->lists == NULL || r->known == NULL)
        return ho_fail_memory(err, p->candidates + p->size * sizeof *r->known, "the rules of a search");
    for (size_t byte = 0; byte < 256; byte++) {
        for (size_t bit = 0; bit < 8; bit++)
            r->spread[byte][bit] = byte >> bit & 1;
    }
    ho_problem_open(p, r->open);
    HO_TRY(make_lists(r, err));
    return make_pool(r, err);
}

ho_status ho_rules_build(const ho_problem *problem, ho_rules **rules, ho_error *err)
{
    ho_rules *r = HO_NEW(ho_rules, 1);
    if (r == NULL) return ho_fail_memory(err, sizeof *r, "the rules of a search");
    r->problem = problem;
    ho_status status = fill(r, err);
    if (status == HO_OK)
        *rules = r;
    else
        ho_rules_free(&r);
    return status;
}

void ho_rules_free(ho_rules **rules)
{
    ho_rules *r = *rules;
    if (r == NULL) return;
    for (size_t q = 0; q < r->problem->grouping_count && r->lists != NULL; q++) {
        free(r->lists[q].starts);
        free(r->lists[q].members);
    }
    free(r->lists);
    free(r->open);
    free(r->pool);
    free(r->known);
    free(r);
    *rules = NULL;
}
