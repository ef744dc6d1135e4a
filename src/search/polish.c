/* Polishing: from an algorithm's best set down to a proven local optimum. */
#include "base/error.h"
#include "base/memory.h"
#include "search/core.h"
#include "search/shortlist.h"

#include <math.h>
#include <string.h>

enum { SLOTS_TOGETHER = 5 };

bool ho_search_gains(double value, double before)
{
    if (!(value > before)) return false;
    return isinf(value) || isinf(before) || value - before > 1e-12 * fabs(before);
}

static void free_one(ho_polished *p)
{
    if (p == NULL) return;
    free(p->from);
    free(p->to);
    free(p);
}

void ho_polished_free(ho_polished **known)
{
    while (*known != NULL) {
        ho_polished *next = (*known)->next;
        free_one(*known);
        *known = next;
    }
}

/* Polishing starts from the best set, and nothing but the set decides how it goes. */
static const ho_polished *find(ho_polished *const *known, const struct ho_search_core *c)
{
    const ho_polished *found = NULL;
#pragma omp critical(ho_polished)
    found = *known;
    while (found != NULL && ho_members_compare(found->from, c->best, c->total) != 0)
        found = found->next;
    return found;
}

static void add(ho_polished **known, ho_polished *p)
{
#pragma omp critical(ho_polished)
    {
        p->next = *known;
        *known = p;
    }
}

/* The search gets what another one came to, step by step. */
static void take_over(ho_search *s, const ho_polished *p)
{
    struct ho_search_core *c = s->core;
    for (size_t i = 0; i < p->step_count; i++) {
        c->polish.evaluations = p->steps[i].evaluations;
        ho_search_remember(c, p->to, p->steps[i].fitness);
    }
    memcpy(c->best, p->to, c->total * sizeof *c->best);
    c->best_value = p->value;
    c->polish = p->counts;
}

static ho_status polish(ho_search *s, ho_polished *p, ho_error *err)
{
    struct ho_search_core *c = s->core;
    size_t count =
        0; /* members in ascending order, without the includes, which sit at the front of c->members */
    size_t include = 0;
    for (size_t i = 0; i < c->total; i++) {
        bool included = include < c->fixed && c->members[include] == c->best[i];
        include += included;
        if (!included) c->first[count++] = c->best[i];
    }
    ho_shortlist list;
    bool proven;
    c->polishing = p;
    ho_status status = ho_shortlist_new(s, HO_SHORTLIST_ROOM, &list, err);
    if (status == HO_OK)
        (void)ho_shortlist_descend_all(&list, ho_search_set(s, c->first), SLOTS_TOGETHER, 0, &proven);
    ho_shortlist_free(&list);
    c->polishing = NULL;
    return status;
}

ho_status ho_search_polish(ho_search *s, ho_polished **known, ho_error *err)
{
    struct ho_search_core *c = s->core;
    if (c->polish.limit <= 0) return HO_OK;
    c->counts = &c->polish;
    c->next_look = 0;
    const ho_polished *done = find(known, c);
    if (done != NULL) {
        take_over(s, done);
        return HO_OK;
    }
    ho_polished *p = HO_NEW(ho_polished, 1);
    if (p == NULL) return ho_fail_memory(err, sizeof *p, "polishing");
    p->from = HO_NEW(uint32_t, c->total);
    p->to = HO_NEW(uint32_t, c->total);
    ho_status status = HO_OK;
    if (p->from == NULL || p->to == NULL) {
        status = ho_fail_memory(err, 2 * c->total * sizeof *p->to, "polishing");
    } else {
        memcpy(p->from, c->best, c->total * sizeof *p->from);
        status = polish(s, p, err);
    }
    const bool cut = c->out_of_time || (c->budget->cancel != NULL && *c->budget->cancel != 0);
    if (status == HO_OK && !cut && p->step_count <= HO_TRACE_POINTS) {
        memcpy(p->to, c->best, c->total * sizeof *p->to);
        p->value = c->best_value;
        p->counts = c->polish;
        add(known, p);
    } else {
        free_one(p);
    }
    return status;
}
