#include "run/proof.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { USUAL_NODES = 10000, POLISH_WORK = 10000000 };

/* The best set while a tree grows. */
typedef struct proof {
    const ho_proving *how;
    const ho_problem *problem;
    const ho_algorithm *polisher;
    void *params;
    ho_search_result *found;
    double best;
    char stage[32];
    ho_status status; /* the first thing that went wrong in a call from the tree */
    ho_error error;
} proof;

/* Makes the set a local optimum, and takes it where it is the best so far. */
static ho_status polish(proof *p, const uint32_t *members)
{
    ho_problem problem = *p->problem;
    ho_search_result polished = {0};
    const ho_budget budget = {.polish_work = POLISH_WORK, .cancel = ho_cancel_flag(p->how->hooks)};
    problem.start = members;
    HO_TRY(ho_search_all(&problem, p->how->objective, &p->polisher, (const void *const *)&p->params, 1,
                         &budget, 1, 1, NULL, NULL, &polished, &p->error));
    if (!(polished.fitness > p->best)) {
        ho_search_result_clear(&polished);
        return HO_OK;
    }
    p->best = polished.fitness;
    ho_search_result_clear(p->found);
    *p->found = polished;
    return HO_OK;
}

static double take_set(void *user, const uint32_t *members, double worth)
{
    proof *p = user;
    (void)worth;
    if (p->status == HO_OK && ho_search_check_set(p->problem, members, NULL) == HO_OK)
        p->status = polish(p, members);
    return p->best;
}

static void tell(void *user, double share, double bound)
{
    const proof *p = user;
    (void)bound;
    ho_tell(p->how->hooks, p->stage, share, p->best);
}

static ho_tree_effort effort_of(proof *p)
{
    const ho_proof_settings *s = p->how->settings;
    const double sizes = (double)p->how->sizes;
    const int64_t nodes = s->nodes > 0 ? s->nodes : s->seconds > 0 ? 0 : USUAL_NODES;
    return (ho_tree_effort){.nodes = nodes > 0 ? 1 + (nodes - 1) / (int64_t)p->how->sizes : 0,
                            .seconds = s->seconds / sizes,
                            .threads = p->how->threads,
                            .known = p->best,
                            .cancel = ho_cancel_flag(p->how->hooks),
                            .found = take_set,
                            .progress = tell,
                            .user = p};
}

static ho_status grow(proof *p, ho_size_bound *b, ho_error *err)
{
    const ho_panel *panel = p->how->bounding->panel;
    const double start = ho_clock_seconds();
    p->params = ho_new_array(ho_algorithm_params_size(p->polisher), 1);
    if (p->params == NULL) return ho_fail_memory(err, 0, "an algorithm's parameters");
    HO_TRY(ho_options_defaults(ho_algorithm_options(p->polisher), p->params, err));
    const ho_tree_effort effort = effort_of(p);
    HO_TRY(ho_bound_prove(b->bound, panel, p->problem, &b->goal, &effort, err));
    if (p->status != HO_OK) return ho_fail(err, p->status, "%s", p->error.text);
    b->facts = ho_bound_facts_of(b->bound);
    b->seconds += ho_clock_seconds() - start;
    return HO_OK;
}

ho_status ho_size_prove(const ho_proving *how, const ho_problem *problem, const ho_search_result *best,
                        ho_size_bound *bound, ho_search_result *found, ho_error *err)
{
    if (!how->settings->prove || bound->bound == NULL) return HO_OK;
    proof p = {.how = how,
               .problem = problem,
               .polisher = ho_algorithm_find("hc"),
               .found = found,
               .best = best->fitness};
    snprintf(p.stage, sizeof p.stage, "prove %zu", problem->size);
    ho_status status = grow(&p, bound, err);
    free(p.params);
    if (status != HO_OK) {
        ho_search_result_clear(found);
        return status;
    }
    if (found->members == NULL) return HO_OK;
    found->algorithm = NULL;
    found->branched = true;
    found->raw_fitness = found->fitness;
    found->evaluations = bound->facts.tree.nodes;
    found->polish_evaluations = 0;
    found->trace_count = 0; /* it was of the last polishing alone */
    found->seconds = bound->facts.tree.seconds;
    found->stopped_by = bound->facts.tree.proven ? HO_STOP_PROVEN : bound->facts.tree.stopped_by;
    return HO_OK;
}
