/* Works out what the report tells of the best portfolio. */
#ifndef HO_RUN_DETAILS_H
#define HO_RUN_DETAILS_H

#include "report/details.h"
#include "screen/select.h"

#include <heavyopt/metrics.h>
#include <heavyopt/search.h>

typedef struct ho_details_of {
    const ho_panel *panel;
    const ho_panel *rows; /* that the periods are sums of: they know of zones and regimes; else the panel */
    const ho_portfolio_objective *objective;
    const ho_panel *valued; /* what the fitness is about: the panel, or its zones by weight */
    const ho_fitness *fitness;
    const ho_metric_settings *metrics;
    const ho_selection *selection; /* what could be chosen */
    const ho_search_result *best;
    uint64_t seed; /* of the random portfolios */
} ho_details_of;

/* On success the details are the caller's to clear, on failure empty. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_details_make(const ho_details_of *of, ho_report_details *details, ho_error *err);
void ho_details_clear(ho_report_details *details);

/* Those of a series of the panel's periods alone, as above. */
HO_MUST_USE ho_status ho_details_of_series(const ho_panel *panel, const ho_metric_settings *metrics,
                                           const double *series, ho_report_details *details, ho_error *err);

/* The parts: of a series alone (d->pnl is there), of its members, of zones and regimes, and of what else could be
 * chosen. */
HO_MUST_USE ho_status ho_details_series(const ho_panel *panel, const ho_metric_settings *metrics,
                                        ho_report_details *d, ho_error *err);
HO_MUST_USE ho_status ho_details_members(const ho_details_of *of, ho_report_details *d, ho_error *err);
HO_MUST_USE ho_status ho_details_parts(const ho_details_of *of, ho_report_details *d, ho_error *err);
HO_MUST_USE ho_status ho_details_rivals(const ho_details_of *of, ho_report_details *d, ho_error *err);

#endif
