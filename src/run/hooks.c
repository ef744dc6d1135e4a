#include "run/hooks.h"

void ho_warn(const ho_hooks *hooks, const char *line)
{
    if (hooks != NULL && hooks->warn != NULL) hooks->warn(hooks->user, line);
}

void ho_tell(const ho_hooks *hooks, const char *stage, double share, double best)
{
    if (hooks != NULL && hooks->progress != NULL) hooks->progress(hooks->user, stage, share, best);
}

bool ho_cancelled(const ho_hooks *hooks)
{
    return hooks != NULL && hooks->cancel != NULL && *hooks->cancel != 0;
}

const volatile int *ho_cancel_flag(const ho_hooks *hooks)
{
    return hooks != NULL ? hooks->cancel : NULL;
}

ho_status ho_hand_over(ho_status status, ho_outcome *made, ho_outcome *outcome)
{
    if (status == HO_OK)
        *outcome = *made;
    else
        ho_outcome_clear(made);
    return status;
}
