/* What the zones' portfolios are together. */
#ifndef HO_RUN_ZONE_UNION_H
#define HO_RUN_ZONE_UNION_H

#include "report/zones.h"

#include <heavyopt/metrics.h>

/* From the zones, whose portfolios are there: allocation, similarity and correlation, the combined members, their fitness
 * and their measures on the whole panel. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_zone_union_make(const char *combination, const ho_panel *panel,
                                         const ho_metric_settings *measures, ho_report_zones *zones,
                                         ho_error *err);
void ho_zone_union_clear(ho_report_zones *zones);

#endif
