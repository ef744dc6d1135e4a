/* What a command says to its caller while it works, and hands over at its end. */
#ifndef HO_RUN_HOOKS_H
#define HO_RUN_HOOKS_H

#include <heavyopt/command.h>

/* hooks, and any member of it, may be NULL. */
void ho_warn(const ho_hooks *hooks, const char *line);
void ho_tell(const ho_hooks *hooks, const char *stage, double share, double best);
bool ho_cancelled(const ho_hooks *hooks);
const volatile int *ho_cancel_flag(const ho_hooks *hooks); /* or NULL */

/* Moves what was made to *outcome when status is HO_OK, else clears it; returns status. */
HO_MUST_USE ho_status ho_hand_over(ho_status status, ho_outcome *made, ho_outcome *outcome);

#endif
