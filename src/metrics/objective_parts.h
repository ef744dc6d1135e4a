/* What the parts of the portfolio objective share: objective.c (life, sets and single swaps), objective_scan.c,
 * objective_sets.c. */
#ifndef HO_METRICS_OBJECTIVE_PARTS_H
#define HO_METRICS_OBJECTIVE_PARTS_H

#include "kernels/device/device.h"
#include "kernels/kernels.h"
#include "metrics/copies.h"
#include "metrics/fitness_blocks.h"
#include "panel/panel.h"

/* What a scan sieves: the columns of the panel, or the distinct ones, in single precision. */
typedef struct ho_sieve_columns {
    float *x; /* periods x count, time-major; owned. NULL: scans are in double alone */
    size_t stride, count;
    float *absolute, *scale; /* a column: the sum of its sizes, what makes its unit column; owned together */
} ho_sieve_columns;

/* What a scan above a floor knows of the panel's columns, or of the distinct ones, where they are few. */
typedef struct ho_falls_columns {
    double
        *prefix;  /* periods + 1 x columns: sums of the periods before; owned. NULL: there is no such scan */
    float *gram;  /* columns x columns: the unit columns' products; owned */
    float *total; /* columns: of all periods; with gram */
    uint32_t *column;     /* a strategy: its column; owned */
    double largest, lean; /* sum of sizes of a column; the largest of that times its scale */
    size_t count, stride; /* stride of prefix and gram, whole lanes */
} ho_falls_columns;

struct ho_portfolio_objective {
    ho_objective table;
    const ho_kernels *kernels;
    const ho_panel *panel; /* borrowed */
    ho_fitness_rule rule;
    ho_matrix by_strategy; /* strategies x periods */
    double *mean, *scale;  /* a strategy: what makes its unit column (ho_panel_scales) */
    ho_columns columns;    /* the three above, for the kernels */
    ho_copies copies;      /* what a scan walks when many columns are equal; else empty */
    float *floats;         /* the columns as the kernels' walk_sets wants them */
    size_t float_stride;
    bool float_digits; /* no number but 0 is too small for a float */
    ho_sieve_columns sieve;
    ho_falls_columns falls;
    ho_device_columns on_device,
        sets_on_device; /* the sieve's columns, and floats; .device NULL: on the CPU */
};

typedef struct ho_sieve_room ho_sieve_room;   /* a searcher's memory for a sieve */
typedef struct ho_device_room ho_device_room; /* and for a device */
typedef struct ho_falls_room ho_falls_room;   /* and for falls */

typedef struct ho_set_walk {
    const ho_portfolio_objective *o;
    ho_fitness_plan plan;   /* for sets of `size` */
    ho_fitness_plan smooth; /* the same for a drawdown of which no threshold is known */
    size_t size, swaps;     /* swaps since the sums were made from scratch */
    uint32_t *members;
    uint32_t *swapped;      /* size: the members after some swap, ascending */
    double *series, *units; /* the current set's sums */
    double *scratch, *scratch_units;
    double *bases, *vs; /* a scan's slots: series and unit sum without the slot's member */
    double varying;     /* members with variance */
    double *pairs;      /* a scan's slots: constant part of the pairs */
    ho_left *leavings;  /* a scan's slots: of bases and vs */
    float *room;        /* of the kernels' walk_sets */
    ho_blocks_plan blocks;
    bool is_set;           /* there are members */
    uint32_t *clusters;    /* near-duplicates: members of each cluster; NULL: no penalty */
    double *near_without;  /* a scan's slots: what near-duplicates cost without the slot's member */
    double *label_penalty; /* a scan's slots: what a candidate without a label costs, and with each label */
    ho_sieve_room *sieve;
    ho_device_room *on_device; /* NULL: none */
    ho_falls_room *falls;      /* NULL: none */
    bool *left;                /* a scan's slots: the sieve could not tell */
} ho_set_walk;

static inline size_t ho_objective_periods(const ho_portfolio_objective *o)
{
    return o->columns.periods;
}

static inline double ho_objective_varies(const ho_portfolio_objective *o, uint32_t j)
{
    return o->scale[j] != 0 ? 1 : 0;
}

/* The columns that sieves and falls are made of: the distinct ones, where they were found, else the panel's; the smallest
 * strategy of one. */
static inline size_t ho_objective_columns(const ho_portfolio_objective *o)
{
    return o->copies.distinct != 0 ? o->copies.distinct : o->panel->values.columns;
}

static inline uint32_t ho_objective_first_of(const ho_portfolio_objective *o, size_t column)
{
    return o->copies.distinct != 0 ? o->copies.first[column] : (uint32_t)column;
}

/* The table's score and describe. */
double ho_objective_score(void *walk, const uint32_t *members, size_t count);
void ho_objective_describe(void *walk, const uint32_t *members, size_t count, double *features);

/* The walk of the kernels for one series, as far as the plan needs it; units, where wanted, are squared on the way. */
ho_set_facts ho_walk_series(const ho_fitness_plan *plan, const double *r, const double *units,
                            size_t periods);

/* How many of the members vary. */
double ho_objective_varying(const ho_portfolio_objective *o, const uint32_t *members, size_t count);

/* The members with another one in a slot, ascending. */
void ho_members_swapped(const uint32_t *members, size_t size, size_t slot, uint32_t in, uint32_t *swapped);

/* What balanced mode takes from the members' fitness, and the same of a slot's candidates by label: item 0 without one,
 * item 1 + label with it. */
double ho_balance_penalty(const ho_balance *balance, const uint32_t *members, size_t count);
void ho_balance_penalties(const ho_balance *balance, const uint32_t *members, size_t count, size_t slot,
                          double *by_label);

/* The value of a set from its series block by block, and the sum of correlations of all periods. */
double ho_objective_blocks_value(const ho_blocks_plan *blocks, const ho_fitness_plan *plan, const double *r,
                                 double pairs);

typedef void ho_walk_kernel(const ho_scan *scan, size_t candidates, const ho_walked *out);

/* The same for candidates side by side: the values without a penalty; dots are left in `walked`, the deepest drawdown of
 * a block in `deepest`. Then the penalty, with dots made into those of unit columns. */
void ho_objective_scan_blocks(const ho_set_walk *w, const ho_scan *scan, ho_walk_kernel *walk, size_t count,
                              const ho_walked *walked, double *deepest, double *values);
void ho_objective_penalize_blocks(const ho_set_walk *w, double pairs, const ho_walked *walked,
                                  const double *deepest, size_t count, double *values);

/* What members after the first of a cluster cost; members of each cluster more or less. */
double ho_near_penalty(const ho_near_duplicates *near, const uint32_t *members, size_t count);
void ho_near_count(const ho_near_duplicates *near, const uint32_t *members, size_t count, int change,
                   uint32_t *counts);

/* Candidates of one slot, in turn. */
typedef struct ho_slot_block {
    size_t slot;
    uint32_t first, count;
    const uint8_t *open;         /* by candidate */
    const double *label_penalty; /* of the slot, by label */
    double near_without;         /* what near-duplicates cost without the slot's member */
    double least;                /* no value below is of interest */
} ho_slot_block;

/* What a walk leaves out of `values`: balance, and where they are bounds, the values themselves in place of those that
 * may be the best; -INFINITY in place of the others. */
void ho_objective_finish(ho_set_walk *w, const ho_slot_block *block, double *values);

/* The candidates of a scan: open ones from first to last - 1. */
typedef struct ho_candidates {
    const uint8_t *open;
    uint32_t first, last;
} ho_candidates;

/* Of the slot that is `slot` after the one whose candidates these are. */
static inline ho_candidates ho_candidates_of(const ho_candidates *among, size_t slot, size_t stride)
{
    return (ho_candidates){among->open + slot * stride, among->first, among->last};
}

/* Each distinct column stands for the smallest open candidate that has it, for that one wins a tie; HO_NOBODY: none
 * is open. */
uint32_t ho_standing_for(const ho_copies *copies, uint32_t column, const ho_candidates *among);

/* The best of values[0 .. count-1], those of the open candidates from `first` on, or with copies of distinct columns,
 * where it is better than *best. */
void ho_objective_take_best(const double *values, const ho_copies *copies, uint32_t first, uint32_t count,
                            const ho_candidates *among, ho_swap *best);

/* True where the fitness is one that single precision can bound, and the floats are there. */
bool ho_objective_may_sieve(const ho_portfolio_objective *o);
HO_MUST_USE ho_status ho_objective_make_sieve(ho_portfolio_objective *o, int threads, ho_error *err);
void ho_objective_free_sieve(ho_portfolio_objective *o);
HO_MUST_USE ho_status ho_sieve_room_new(const ho_portfolio_objective *o, size_t size, ho_sieve_room **room,
                                        ho_error *err);
void ho_sieve_room_free(ho_sieve_room **room); /* accepts NULL and nulls */

/* Asks for what the sieve needs of a slot's preparation. */
void ho_sieve_want(ho_sieve_room *room, size_t slot, size_t periods, ho_leaving *leaving);

/* True when a scan of these candidates is for the sieve. */
bool ho_objective_sieve_fits(const ho_portfolio_objective *o, uint32_t first, uint32_t last);

/* The best swap of each slot that has been prepared (bases, vs, pairs, leavings), into best; left[s]: too many candidates
 * of the slot are near the best one, and best[s] is as it was. `among` has the first slot's open candidates, those of
 * slot s are s * stride on. */
void ho_objective_sieve(ho_set_walk *w, size_t slots, const ho_candidates *among, size_t stride,
                        ho_swap *best, bool *left);

/* The values of up to HO_EXACT strategies beside the slot (prepared), as the scan in double has them; x is room for periods x
 * HO_EXACT. */
enum { HO_EXACT = 16 };
void ho_objective_value_some(const ho_set_walk *w, size_t slot, const uint32_t *some, size_t count, double *x,
                             double *values);

/* objective_falls.c: scans of one slot above a floor. */
HO_MUST_USE ho_status ho_objective_make_falls(ho_portfolio_objective *o, ho_error *err);
void ho_objective_free_falls(ho_portfolio_objective *o);
HO_MUST_USE ho_status ho_falls_room_new(const ho_portfolio_objective *o, ho_falls_room **room, ho_error *err);
void ho_falls_room_free(ho_falls_room **room); /* accepts NULL and nulls */
void ho_falls_forget(ho_set_walk *w);          /* another set; does nothing without a room, as the next one */
void ho_falls_swapped(ho_set_walk *w, uint32_t out, uint32_t in); /* the members are the new ones */
void ho_objective_scan_above(void *walk, size_t slot, double floor, const uint8_t *open, ho_swap *best);
void ho_objective_prepare_slot(ho_set_walk *w, size_t slot); /* as the only one of a scan */

/* What a device is to sieve, columns first .. last-1 with slots x periods numbers of base and v, and where it goes: what
 * is kept through keep(room, slot, i, column, upper). */
typedef struct ho_device_sieved {
    uint32_t first, last;
    const float *base, *v;
    const ho_sieve_bounds *bounds; /* a slot */
    uint32_t *count;               /* a slot; more than HO_DEVICE_KEPT: too many */
    float *lower;                  /* a slot */
    ho_sieve_room *room;
    void (*keep)(ho_sieve_room *room, size_t slot, uint32_t i, uint32_t column, float upper);
} ho_device_sieved;

/* False: there is no device, or it is not for this work, or has failed; then the CPU begins from the start. */
bool ho_objective_sieve_on_device(ho_set_walk *w, size_t slots, const ho_candidates *among, size_t stride,
                                  const ho_device_sieved *sieved);

/* Of `count` sets the first ones that a device has walked, 0 where none; *out is then as ho_device_table.walk_sets has it,
 * until the next call. */
size_t ho_objective_sets_on_device(const ho_set_walk *w, const ho_fitness_plan *plan, const uint32_t *members,
                                   size_t size, size_t count, const float **out);

/* How many of `slots` a device scans at a time in double, the panel's HO_DEVICE_AT_ONCE columns at a time; 0: none. */
uint32_t ho_objective_slots_on_device(const ho_set_walk *w, size_t slots);

/* Slots slot .. slot + slots - 1 beside the panel's columns first .. first + columns - 1, as ho_device_scan has it at the
 * rule's level, until the next call; NULL: the device has failed. */
const double *ho_objective_scan_on_device(const ho_set_walk *w, size_t slot, size_t slots, uint32_t first,
                                          uint32_t columns);

/* NULL where the objective has no device. */
HO_MUST_USE ho_status ho_device_room_new(const ho_portfolio_objective *o, size_t size, ho_device_room **room,
                                         ho_error *err);
void ho_device_room_free(ho_device_room **room); /* accepts NULL and nulls */

/* The best swap of each prepared slot by the smooth value, in single precision alone. */
void ho_objective_sieve_smooth(ho_set_walk *w, size_t slots, const ho_candidates *among, size_t stride,
                               ho_swap *best);

/* The table's scan. */
void ho_objective_scan(void *walk, size_t first_slot, size_t slots, uint32_t first, uint32_t last,
                       const uint8_t *open, size_t stride, ho_swap *best);

/* The table's smooth and scan_smooth, for an exact quotient without balance, near-duplicates or blocks. */
bool ho_objective_is_smoothed(const ho_portfolio_objective *o);
double ho_objective_smooth(void *walk);
void ho_objective_scan_smooth(void *walk, size_t first_slot, size_t slots, uint32_t first, uint32_t last,
                              const uint8_t *open, size_t stride, ho_swap *best);

/* The table's score_many. */
void ho_objective_score_many(void *walk, const uint32_t *members, size_t size, size_t count, float *values);

/* Fills o->floats; leaves it NULL where rupees are too large for single precision. */
HO_MUST_USE ho_status ho_objective_make_floats(ho_portfolio_objective *o, int threads, ho_error *err);
size_t ho_objective_room(const ho_portfolio_objective *o); /* floats of ho_set_walk.room */

#endif
