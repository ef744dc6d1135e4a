#include "run/size_bound.h"

#include "base/clock.h"
#include "panel/panel.h"
#include "run/bound_goal.h"

void ho_size_bound_let_go(ho_size_bound *b)
{
    ho_portfolio_objective_free(&b->objective);
    ho_panel_free(&b->panel);
    ho_bound_free(&b->bound);
    b->guide = (ho_guide){0};
}

static ho_status make(const ho_bounding *bounding, const ho_problem *problem, const ho_bound_goal *goal,
                      ho_size_bound *b, ho_error *err)
{
    ho_status status = ho_bound_new(bounding->panel, problem, goal, &b->bound, err);
    if (status != HO_OK) return status;
    b->facts = ho_bound_facts_of(b->bound);
    if (!ho_bound_guide(b->bound, &b->guide)) return HO_OK;
    status = ho_panel_choose(bounding->panel, b->guide.candidates, b->guide.count, &b->panel, err);
    if (status == HO_OK)
        status = ho_portfolio_objective_new(b->panel, bounding->fitness, 1, &b->objective, err);
    if (status == HO_OK) b->guide.objective = ho_portfolio_objective_table(b->objective);
    return status;
}

ho_status ho_size_bound_make(const ho_bounding *bounding, const ho_problem *problem, ho_size_bound *bound,
                             ho_error *err)
{
    ho_size_bound b = {0};
    ho_bound_goal goal;
    const double start = ho_clock_seconds();
    ho_status status = HO_OK;
    if (!bounding->wanted)
        b.why = "not asked for";
    else if (!ho_bound_available())
        b.why = "HiGHS is not in this build";
    else
        b.why = ho_bound_goal_of(bounding->fitness, problem->size, ho_panel_periods(bounding->panel), &goal);
    if (b.why == NULL) status = make(bounding, problem, &goal, &b, err);
    b.seconds = ho_clock_seconds() - start;
    if (status == HO_OK)
        *bound = b;
    else
        ho_size_bound_let_go(&b);
    return status;
}
