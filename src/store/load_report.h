/* What the readers of tables write into a load report. The report itself: heavyopt/store.h. */
#ifndef HO_STORE_LOAD_REPORT_H
#define HO_STORE_LOAD_REPORT_H

#include <heavyopt/store.h>

enum { HO_LOAD_NAMED = 20 }; /* columns left out that are named, of each reason; all are counted */

HO_MUST_USE ho_status ho_load_report_leave_out(ho_load_report *report, ho_skip_reason reason,
                                               const char *name, const char *why, ho_error *err);

#endif
