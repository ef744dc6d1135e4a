/* What a portfolio is worth, and how it is measured: the settings together with the table that they are about. */
#ifndef HO_RUN_GOAL_H
#define HO_RUN_GOAL_H

#include "run/fitness_options.h"
#include "run/hooks.h"
#include "run/input.h"

typedef struct ho_goal {
    ho_fitness fitness;
    ho_metric_settings measures;
    ho_convention convention;
    ho_panel *zoned;             /* what the zone fitness values in place of the table; else NULL */
    double *benchmark, *desired; /* owned; measures and fitness borrow them */
    int32_t *label;
    uint32_t *cluster;
} ho_goal;

/* HO_ERR_USAGE: the settings ask for what the table does not have. On failure *goal is empty. */
HO_MUST_USE ho_status ho_goal_make(const ho_fitness_settings *settings, const ho_input *input,
                                   const ho_hooks *hooks, ho_goal *goal, ho_error *err);
void ho_goal_clear(ho_goal *goal);

/* Warns of settings that the fitness chosen does not look at, where they are not at their defaults. */
void ho_goal_warn_idle(const ho_fitness_settings *settings, const ho_hooks *hooks);

/* The capital that was given, else the mean over the dates of the largest that the table says of a date (zones reuse the
 * money); 0 where it says nothing. */
double ho_goal_capital(double given, const ho_panel *panel);

/* The series of the strategy of that name, the caller's to free. HO_ERR_USAGE: the table has none. */
HO_MUST_USE ho_status ho_goal_benchmark(const char *name, const ho_panel *panel, double **benchmark,
                                        ho_error *err);

/* The key of the measure that may be meant; NULL: none is near. */
const char *ho_measure_nearest(const char *name);

/* The panel whose columns the fitness values: the table's own, or that of its zones by weight. */
const ho_panel *ho_goal_panel(const ho_goal *goal, const ho_input *input);

/* What each kind of fitness says of a portfolio, with the settings otherwise as they are; NaN: the zone fitness of a
 * run that is about something else. */
HO_MUST_USE ho_status ho_goal_scores(const ho_goal *goal, const ho_input *input, const uint32_t *members,
                                     size_t count, double scores[HO_FITNESS_KINDS], ho_error *err);

#endif
