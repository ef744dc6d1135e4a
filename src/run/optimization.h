/* One run of `heavyopt optimize` while it lasts, and its steps: what a table was made into, the search, the files. Each
 * fold of a walk-forward is the same on other days. */
#ifndef HO_RUN_OPTIMIZATION_H
#define HO_RUN_OPTIMIZATION_H

#include "report/report.h"
#include "run/goal.h"
#include "run/hooks.h"
#include "run/sizes.h"
#include "screen/limits.h"

#include "report/zones.h"

typedef struct ho_optimization {
    const ho_optimize_settings *settings;
    const char *command;     /* "optimize" */
    ho_option_table options; /* that describe the settings */
    const ho_hooks *hooks;
    ho_input input;
    ho_ulta ulta;
    ho_day_zones zones;
    ho_report_zones zone_report;
    ho_regimes regimes;
    ho_goal goal;
    ho_plan plan;
    ho_selection selection;
    ho_limits limits;
    ho_device *device;         /* NULL: the processor does the work */
    ho_device_numbers numbers; /* the table's values there, where something asks for them */
    ho_portfolio_objective *objective;
    ho_sizes sizes;
    ho_report_timings timings;
    double start;         /* clock at the beginning */
    bool bounded, proven; /* work out how good a portfolio can be at most; prove it as the settings say */
    const json_t *out_of_sample; /* borrowed, for the report; or NULL */
} ho_optimization;

/* Before any work: what the settings ask for, and whether that can be. HO_ERR_USAGE, HO_ERR_IO. The caller clears *o,
 * which began as zeroed memory but for what its creator filled, after a failure too. */
HO_MUST_USE ho_status ho_optimization_plan(ho_optimization *o, ho_error *err);

/* What comes between the table in o->input and the search: strategies turned round, zones of the day, market regimes.
 * HO_ERR_USAGE, HO_ERR_DATA. */
HO_MUST_USE ho_status ho_optimization_prepare(ho_optimization *o, ho_error *err);

/* The zone fitness needs zones; limits take what there is. */
ho_day_zones_use ho_optimization_zone_use(const ho_optimize_settings *settings);

/* Screens and searches every size of the plan. */
HO_MUST_USE ho_status ho_optimization_search(ho_optimization *o, ho_error *err);

/* The best portfolio of all sizes; of equals that of the smallest size. */
const ho_search_result *ho_optimization_best(const ho_optimization *o);
void ho_optimization_clear(ho_optimization *o);

/* What is searched for, but for size and start; borrows from *o. */
ho_problem ho_optimization_problem(const ho_optimization *o);

/* A portfolio for each regime of enough rows, of the first size of the plan, into regimes.report. */
HO_MUST_USE ho_status ho_optimization_regimes(ho_optimization *o, ho_error *err);

/* A portfolio for each zone, best over the sizes of --zone-size, and what they are together, into zone_report. */
HO_MUST_USE ho_status ho_optimization_zones(ho_optimization *o, ho_error *err);

/* Measures the best portfolio, writes the run's folder, fills the outcome. HO_ERR_IO, HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_optimization_report(ho_optimization *o, ho_outcome *outcome, ho_error *err);

#endif
