#include "run/size_bound.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "panel/panel.h"
#include "run/bound_goal.h"

#include <math.h>

/* A lead's strategies as a panel, and the objective over them. */
struct ho_followed {
    ho_panel *panel;
    ho_portfolio_objective *objective;
};

void ho_size_bound_let_go(ho_size_bound *b)
{
    for (size_t i = 0; i < b->guide.count; i++) {
        ho_portfolio_objective_free(&b->followed[i].objective);
        ho_panel_free(&b->followed[i].panel);
    }
    free(b->followed);
    free((ho_lead *)b->guide.leads);
    ho_bound_free(&b->bound);
    b->followed = NULL;
    b->guide = (ho_guide){0};
}

static ho_status follow(const ho_bounding *bounding, ho_lead *lead, struct ho_followed *f, ho_error *err)
{
    HO_TRY(ho_panel_choose(bounding->panel, lead->candidates, lead->count, &f->panel, err));
    HO_TRY(ho_portfolio_objective_new(f->panel, bounding->fitness, 1, &f->objective, err));
    lead->objective = ho_portfolio_objective_table(f->objective);
    return HO_OK;
}

/* The guide's branch and bound. */
static ho_status branch(const ho_guide *guide, const ho_tree_effort *effort, int64_t *nodes, ho_error *err)
{
    const ho_size_bound *b = guide->tree;
    return ho_bound_branch(b->bound, b->panel, &b->problem, &b->goal, effort, nodes, err);
}

static ho_status make(const ho_bounding *bounding, const ho_problem *problem, const ho_bound_goal *goal,
                      ho_size_bound *b, ho_error *err)
{
    HO_TRY(
        ho_bound_new(bounding->panel, problem, goal, bounding->with_leads, bounding->cancel, &b->bound, err));
    b->facts = ho_bound_facts_of(b->bound);
    if (b->facts.grouping >= 0) b->limits = problem->groupings[b->facts.grouping].name;
    const size_t count = ho_bound_lead_count(b->bound);
    ho_lead *leads = HO_NEW(ho_lead, count);
    b->followed = HO_NEW(struct ho_followed, count);
    if (leads == NULL || b->followed == NULL) {
        free(leads);
        return ho_fail_memory(err, count * sizeof *leads, "a guide");
    }
    b->panel = bounding->panel;
    b->problem = *problem;
    b->guide = (ho_guide){.leads = leads, .count = count, .branch = branch, .bound = b->facts.value};
    if (!b->facts.useful) b->guide.bound = INFINITY;
    for (size_t i = 0; i < count; i++) {
        leads[i] = *ho_bound_lead_at(b->bound, i);
        HO_TRY(follow(bounding, &leads[i], &b->followed[i], err));
    }
    return HO_OK;
}

ho_status ho_size_bound_make(const ho_bounding *bounding, const ho_problem *problem, ho_size_bound *bound,
                             ho_error *err)
{
    ho_size_bound b = {0};
    const double start = ho_clock_seconds();
    ho_status status = HO_OK;
    if (!bounding->wanted)
        b.why = "not asked for";
    else
        b.why =
            ho_bound_goal_of(bounding->fitness, problem->size, ho_panel_periods(bounding->panel), &b.goal);
    if (b.why == NULL) status = make(bounding, problem, &b.goal, &b, err);
    b.seconds = ho_clock_seconds() - start;
    if (status != HO_OK) {
        ho_size_bound_let_go(&b);
        return status;
    }
    *bound = b;
    bound->guide.tree = bound;
    return HO_OK;
}
