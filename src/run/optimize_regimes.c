/* A portfolio for every market regime: the same search on the periods of one regime after the other. */
#include "base/error.h"
#include "base/memory.h"
#include "metrics/objective_device.h"
#include "run/optimization.h"

#include <string.h>
#include <strings.h>

enum { LEAST_ROWS = 10 }; /* of a regime that has a portfolio of its own */

/* What the search of one regime works with. */
typedef struct of_regime {
    ho_input input; /* its panel is the regime's */
    ho_goal goal;
    ho_portfolio_objective *objective;
    ho_sizes sizes;
} of_regime;

static ho_status keep_best(const of_regime *part, const ho_search_result *best, ho_report_regime *regime,
                           ho_error *err)
{
    const size_t periods = ho_panel_periods(part->input.panel);
    double *series = HO_NEW(double, periods);
    regime->members = HO_NEW(uint32_t, best->size);
    regime->metrics = HO_NEW(double, ho_metric_count());
    if (series == NULL || regime->members == NULL || regime->metrics == NULL) {
        free(series);
        return ho_fail_memory(err, periods * sizeof *series, "a regime's portfolio");
    }
    memcpy(regime->members, best->members, best->size * sizeof *best->members);
    regime->size = best->size;
    regime->periods = periods;
    regime->fitness = best->fitness;
    regime->method = ho_report_method(best);
    ho_status status = ho_portfolio_series(part->input.panel, best->members, best->size, series, err);
    if (status == HO_OK)
        status = ho_metrics_of_series(series, periods, &part->goal.measures, regime->metrics, err);
    free(series);
    return status;
}

static ho_status search(const ho_optimization *o, of_regime *part, ho_report_regime *regime, ho_error *err)
{
    ho_plan plan = o->plan;
    plan.last_size = plan.first_size;
    HO_TRY(ho_goal_make(&o->settings->goal, &part->input, NULL, &part->goal, err));
    HO_TRY(ho_portfolio_objective_new(ho_goal_panel(&part->goal, &part->input), &part->goal.fitness,
                                      o->input.threads, &part->objective, err));
    ho_portfolio_objective_use(part->objective, o->device);
    const ho_problem problem = ho_optimization_problem(o);
    const ho_bounding unbounded = {.wanted = false};
    const ho_proof_settings unproven = {.prove = false};
    HO_TRY(ho_sizes_search(&plan, &problem, ho_portfolio_objective_table(part->objective), &unbounded,
                           &unproven, (uint64_t)o->settings->seed, o->input.threads, o->hooks, &part->sizes,
                           err));
    return keep_best(part, part->sizes.runs[0].best, regime, err);
}

static ho_status search_regime(const ho_optimization *o, int32_t label, ho_report_regime *regime,
                               ho_error *err)
{
    of_regime part = {.input = {.threads = o->input.threads, .zones = o->input.zones}};
    HO_TRY(ho_regimes_of_label(&o->regimes, label, &part.input.rows, &part.input.panel, err));
    ho_status status = search(o, &part, regime, err);
    ho_sizes_clear(&part.sizes);
    ho_portfolio_objective_free(&part.objective);
    ho_goal_clear(&part.goal);
    ho_input_clear(&part.input);
    return status;
}

ho_status ho_optimization_regimes(ho_optimization *o, ho_error *err)
{
    const char *wanted = o->settings->regimes.regime;
    if (wanted == NULL || strcasecmp(wanted, "each") != 0) return HO_OK;
    for (size_t i = 0; i < o->regimes.report.label_count && !ho_cancelled(o->hooks); i++) {
        ho_report_regime *regime = &o->regimes.report.labels[i];
        if (regime->kept >= LEAST_ROWS) HO_TRY(search_regime(o, (int32_t)i, regime, err));
    }
    return HO_OK;
}
