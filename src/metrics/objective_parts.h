/* What the parts of the portfolio objective share: objective.c (life, sets and single swaps), objective_scan.c,
 * objective_sets.c. */
#ifndef HO_METRICS_OBJECTIVE_PARTS_H
#define HO_METRICS_OBJECTIVE_PARTS_H

#include "kernels/kernels.h"
#include "metrics/copies.h"
#include "metrics/fitness.h"
#include "panel/panel.h"

struct ho_portfolio_objective {
    ho_objective table;
    const ho_kernels *kernels;
    const ho_panel *panel; /* borrowed */
    ho_fitness fitness;
    ho_matrix by_strategy; /* strategies x periods */
    double *mean, *scale;  /* a strategy: what makes its unit column (ho_panel_scales) */
    ho_columns columns;    /* the three above, for the kernels */
    ho_copies copies;      /* what a scan walks when many columns are equal; else empty */
    float *floats;         /* the columns as the kernels' walk_sets wants them */
    size_t float_stride;
};

typedef struct ho_set_walk {
    const ho_portfolio_objective *o;
    ho_fitness_plan plan; /* for sets of `size` */
    size_t size, swaps;   /* swaps since the sums were made from scratch */
    uint32_t *members;
    double *series, *units; /* the current set's sums */
    double *scratch, *scratch_units;
    double *bases, *vs;   /* a scan's slots: series and unit sum without the slot's member */
    double varying;       /* members with variance */
    double *pairs, *dust; /* a scan's slots: constant part of the pairs; sum of v */
    float *room;          /* of the kernels' walk_sets */
} ho_set_walk;

static inline size_t ho_objective_periods(const ho_portfolio_objective *o)
{
    return o->columns.periods;
}

static inline double ho_objective_varies(const ho_portfolio_objective *o, uint32_t j)
{
    return o->scale[j] != 0 ? 1 : 0;
}

/* The table's scan. */
void ho_objective_scan(void *walk, size_t first_slot, size_t slots, uint32_t first, uint32_t last,
                       const uint8_t *open, size_t stride, ho_swap *best);

/* The table's score_many. */
void ho_objective_score_many(void *walk, const uint32_t *members, size_t size, size_t count, float *values);

/* Fills o->floats; leaves it NULL where rupees are too large for single precision. */
HO_MUST_USE ho_status ho_objective_make_floats(ho_portfolio_objective *o, int threads, ho_error *err);
size_t ho_objective_room(const ho_portfolio_objective *o); /* floats of ho_set_walk.room */

#endif
