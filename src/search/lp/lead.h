/* The search around one lead of a guide: its set of parts is rounded, improved by best swaps among its few candidates,
 * and then kicked and improved again. Knows no linear programme. */
#ifndef HO_SEARCH_LP_LEAD_H
#define HO_SEARCH_LP_LEAD_H

#include "search/search.h"

typedef struct ho_lead_settings {
    int64_t roundings, min_kick, max_kick, patience;
    double acceptance;
} ho_lead_settings;

typedef struct ho_lead_search ho_lead_search;

/* HO_ERR_MEMORY. Closed by the caller; close accepts NULL and nulls. */
HO_MUST_USE ho_status ho_lead_open(ho_search *s, const ho_lead *lead, const ho_lead_settings *settings,
                                   ho_lead_search **search, ho_error *err);
void ho_lead_close(ho_lead_search **search);

/* Goes on until the search is done, which may be allotted more work then. */
void ho_lead_work(ho_lead_search *g);
double ho_lead_best(const ho_lead_search *g); /* found so far, -INFINITY before anything was */

#endif
