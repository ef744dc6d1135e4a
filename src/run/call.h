/* One command called by another: settings at their defaults but for those named. */
#ifndef HO_RUN_CALL_H
#define HO_RUN_CALL_H

#include "run/hooks.h"

/* pairs: option, value, option, value, ..., NULL. The caller clears *outcome. HO_ERR_INTERNAL: no such command. */
HO_MUST_USE ho_status ho_call(const char *command, const char *const *pairs, const ho_hooks *hooks,
                              ho_outcome *outcome, ho_error *err);

#endif
