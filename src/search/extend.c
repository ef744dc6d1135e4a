/* A set with one member more or less: where the next size of a range may begin. */
#include "base/error.h"
#include "base/memory.h"
#include "search/core.h"

#include <math.h>
#include <string.h>

/* Flags of the candidates that may join the members. */
static ho_status who_may_join(const ho_problem *p, const uint32_t *members, uint8_t *open, ho_error *err)
{
    const size_t count = p->size - 1;
    ho_rules *rules = NULL;
    ho_draft draft = {0};
    if (p->grouping_count + p->conflict_count == 0) {
        for (size_t j = 0; j < p->candidates; j++)
            open[j] = p->allowed == NULL || p->allowed[j] != 0;
        for (size_t i = 0; i < count; i++)
            open[members[i]] = 0;
        return HO_OK;
    }
    HO_TRY(ho_rules_build(p, &rules, err));
    ho_status status = ho_draft_new(rules, &draft, err);
    if (status == HO_OK) {
        ho_draft_load(&draft, members, count);
        for (uint32_t j = 0; j < p->candidates; j++)
            open[j] = rules->open[j] != 0 && ho_draft_takes(&draft, j, HO_NO_SLOT);
        ho_draft_free(&draft);
    }
    ho_rules_free(&rules);
    return status;
}

/* trial: the members and room for one more. Its last place gets the candidate that is best there. */
static void join_best(const ho_objective *objective, void *walk, uint8_t *open, uint32_t first, size_t size,
                      uint32_t *trial, uint32_t *sorted)
{
    ho_swap best;
    trial[size - 1] = first;
    open[first] = 0; /* a member for the time being */
    objective->set(walk, trial);
    objective->scan(walk, size - 1, 1, 0, (uint32_t)objective->candidates, open, 0, &best);
    ho_members_sort(trial, size, sorted);
    if (best.in != HO_NOBODY && best.value > objective->score(walk, sorted, size)) trial[size - 1] = best.in;
    ho_members_sort(trial, size, sorted);
}

ho_status ho_search_extend(const ho_problem *p, const ho_objective *objective, const uint32_t *members,
                           uint32_t *extended, bool *found, ho_error *err)
{
    uint8_t *open = HO_NEW(uint8_t, p->candidates);
    uint32_t *trial = HO_NEW(uint32_t, p->size);
    void *walk = NULL;
    uint32_t first = 0;
    ho_status status = HO_OK;
    if (open == NULL || trial == NULL) status = ho_fail_memory(err, p->candidates, "a larger set");
    if (status == HO_OK) status = who_may_join(p, members, open, err);
    while (status == HO_OK && first < p->candidates && !open[first])
        first++;
    if (status == HO_OK) *found = first < p->candidates;
    if (status == HO_OK && *found) status = objective->open(objective->data, p->size, &walk, err);
    if (status == HO_OK && *found) {
        memcpy(trial, members, (p->size - 1) * sizeof *trial);
        join_best(objective, walk, open, first, p->size, trial, extended);
        objective->close(&walk);
    }
    free(open);
    free(trial);
    return status;
}

static bool is_included(const ho_problem *p, uint32_t member)
{
    for (size_t i = 0; i < p->include_count; i++) {
        if (p->include[i] == member) return true;
    }
    return false;
}

/* Tries the set without each of its members; the best one that the problem allows goes to `reduced`. */
static void leave_worst(const ho_problem *p, const ho_objective *objective, void *walk,
                        const uint32_t *members, uint32_t *trial, uint32_t *reduced, bool *found)
{
    double best = 0;
    *found = false;
    for (size_t out = 0; out <= p->size; out++) {
        memcpy(trial, members, out * sizeof *trial);
        memcpy(trial + out, members + out + 1, (p->size - out) * sizeof *trial);
        if (is_included(p, members[out]) || ho_search_check_set(p, trial, NULL) != HO_OK) continue;
        const double value = objective->score(walk, trial, p->size);
        if (isnan(value) || (*found && !(value > best))) continue;
        best = value;
        *found = true;
        memcpy(reduced, trial, p->size * sizeof *trial);
    }
}

ho_status ho_search_reduce(const ho_problem *p, const ho_objective *objective, const uint32_t *members,
                           uint32_t *reduced, bool *found, ho_error *err)
{
    uint32_t *trial = HO_NEW(uint32_t, p->size);
    void *walk = NULL;
    if (trial == NULL) return ho_fail_memory(err, p->size * sizeof *trial, "a smaller set");
    ho_status status = objective->open(objective->data, p->size, &walk, err);
    if (status == HO_OK) {
        leave_worst(p, objective, walk, members, trial, reduced, found);
        objective->close(&walk);
    }
    free(trial);
    return status;
}
