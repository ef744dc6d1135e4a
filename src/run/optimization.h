/* One run of `heavyopt optimize` while it lasts, and the last of its steps: what was found becomes files. */
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
    ho_portfolio_objective *objective;
    ho_sizes sizes;
    ho_report_timings timings;
    double start; /* clock at the beginning */
} ho_optimization;

/* What is searched for, but for size and start; borrows from *o. */
ho_problem ho_optimization_problem(const ho_optimization *o);

/* A portfolio for each regime of enough rows, of the first size of the plan, into regimes.report. */
HO_MUST_USE ho_status ho_optimization_regimes(ho_optimization *o, ho_error *err);

/* A portfolio for each zone, best over the sizes of --zone-size, and what they are together, into zone_report. */
HO_MUST_USE ho_status ho_optimization_zones(ho_optimization *o, ho_error *err);

/* Measures the best portfolio, writes the run's folder, fills the outcome. HO_ERR_IO, HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_optimization_report(ho_optimization *o, ho_outcome *outcome, ho_error *err);

#endif
