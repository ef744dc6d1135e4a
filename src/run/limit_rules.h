/* The rules of a search from the options that say what a portfolio must keep to. */
#ifndef HO_RUN_LIMIT_RULES_H
#define HO_RUN_LIMIT_RULES_H

#include "run/hooks.h"
#include "run/input.h"
#include "run/zones.h"
#include "screen/limits.h"

/* As ho_limits_make; reads the exclusive file and hands warnings to the hooks. zones, or NULL: of the table, where strategies
 * have zones. */
HO_MUST_USE ho_status ho_limit_rules(const ho_limit_settings *settings, const ho_input *input,
                                     const ho_day_zones *zones, const ho_hooks *hooks,
                                     ho_selection *selection, ho_limits *limits, ho_error *err);

#endif
