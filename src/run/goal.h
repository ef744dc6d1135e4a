/* What a portfolio is worth, and how it is measured: the settings together with the table that they are about. */
#ifndef HO_RUN_GOAL_H
#define HO_RUN_GOAL_H

#include "run/fitness_options.h"
#include "run/input.h"

typedef struct ho_goal {
    ho_fitness fitness;
    ho_metric_settings measures;
    ho_convention convention;
    double *benchmark; /* owned; measures borrows it */
} ho_goal;

/* HO_ERR_USAGE: the settings ask for what the table does not have. On failure *goal is empty. */
HO_MUST_USE ho_status ho_goal_make(const ho_fitness_settings *settings, const ho_input *input, ho_goal *goal,
                                   ho_error *err);
void ho_goal_clear(ho_goal *goal);

#endif
