/* `walkforward --list-folds`: the days, and nothing searched. */
#ifndef HO_RUN_WALKFORWARD_LIST_H
#define HO_RUN_WALKFORWARD_LIST_H

#include "run/walkforward.h"

HO_MUST_USE ho_status ho_walkforward_list(const ho_walkforward *w, ho_outcome *outcome, ho_error *err);

/* [[first, last], ...]: the stretches of days of a use, numbered from 0. NULL: no memory. */
json_t *ho_fold_stretches(const uint8_t *use, size_t days, ho_fold_use wanted);

/* "2024-01-31" as JSON. */
json_t *ho_fold_date(int32_t date);

#endif
