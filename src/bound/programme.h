/* The linear programme of a bound: a few columns of all, a few rows of all, solved again and again while both grow.
 *   minimise  - earn * total + paid * depth + pay * penalty + dear * excess
 *   over shares x_j of the columns, least <= x_j <= most, their sum K, and depth, penalty, excess, such that
 *   total drawn over an interval (or set) of periods + depth + excess >= 0        rows that were found to bind
 *   penalty >= 2 y.(sum x_j z_j) - |y|^2 - sum of x_j that have variance             tangents at points y
 * Rupees are divided by a unit here, so that all numbers are near 1. */
#ifndef HO_BOUND_PROGRAMME_H
#define HO_BOUND_PROGRAMME_H

#include "bound/certificate.h"
#include "bound/engine.h"

/* Of which kind a row is, and which of its kind. */
typedef enum ho_row_kind {
    HO_ROW_SUM,     /* of all shares: the first row */
    HO_ROW_DEPTH,   /* depth_rows[item] */
    HO_ROW_TANGENT, /* points[item] */
    HO_ROW_CLUSTER  /* members of cluster `item` of the box */
} ho_row_kind;

typedef struct ho_row {
    ho_row_kind kind;
    uint32_t item;
} ho_row;

/* A row on the depth: the periods from..to-1, or those marked. */
typedef struct ho_depth_row {
    size_t from, to;
    uint8_t *marked; /* owned; NULL: an interval */
} ho_depth_row;

typedef struct ho_programme {
    const ho_bound_base *base;
    ho_engine engine;
    double unit; /* rupees, of the divided series */
    double earn; /* of the present wish */
    /* columns of the programme, after the three of its own */
    uint32_t *entries;
    uint8_t *entered; /* by column of the base */
    size_t entry_count, entry_room;
    double *series, *sums,
        *units;         /* an entry: its series in units, its running sums from 0, its unit column */
    double *low, *high; /* an entry: between what its share is held now */
    ho_row *rows;
    size_t row_count, row_room;
    ho_depth_row *depth_rows;
    size_t depth_count;
    double *points, *squares; /* tangents */
    size_t tangent_count;
    ho_box box;             /* that shares are held in; borrowed */
    uint32_t *cluster_rows; /* by cluster of the box: its row, 0: none */
    /* the last solution */
    ho_lp_state state;
    bool has_duals;               /* whatever the state */
    double *values, *duals;       /* all columns, all rows */
    double *shared;               /* periods: the series of the shares */
    double *leaning;              /* periods: their unit sum */
    double *y, *g;                /* what the duals say, g already divided by its weight */
    double depth, penalty, price; /* price: dual of the sum, what a share must earn to enter */
    /* room */
    int32_t *index;
    double *coefficient;
    size_t index_room;
} ho_programme;

HO_MUST_USE ho_status ho_programme_new(const ho_bound_base *base, ho_engine_kind engine,
                                       ho_programme **programme, ho_error *err);
void ho_programme_free(ho_programme **programme);

/* What is minimised; depth is held within low..high (units of the programme are not the caller's: all rupees). */
typedef struct ho_wish {
    double earn, paid, pay, dear;
    double low, high;
} ho_wish;
HO_MUST_USE ho_status ho_programme_wish(ho_programme *p, const ho_wish *wish, ho_error *err);

/* Columns that are in already are left alone. */
HO_MUST_USE ho_status ho_programme_enter(ho_programme *p, uint32_t column, ho_error *err);

/* Solves, and reads the solution. */
HO_MUST_USE ho_status ho_programme_solve(ho_programme *p, ho_error *err);

/* The solution's share of each column of the base, 0 for those that have not entered. */
void ho_programme_shares(const ho_programme *p, double *shares);

/* The depth of the solution's series, its total, the square of its unit sum less its members with variance. */
double ho_programme_depth(const ho_programme *p);
double ho_programme_total(const ho_programme *p);
double ho_programme_pairs(const ho_programme *p);

/* Holds the shares within the box; all later solutions are. Boxes of one programme have the same clusters. */
HO_MUST_USE ho_status ho_programme_hold(ho_programme *p, const ho_box *box, ho_error *err);

/* Takes from the gains of all columns what members of clusters must earn to enter beside `price`: `scale` times the dual
 * of their cluster's row. */
void ho_programme_take_tolls(const ho_programme *p, double scale, double *gains);

/* programme_rows.c */

/* Adds the rows that the solution's series breaks: deeper than `depth`. *added counts them. */
HO_MUST_USE ho_status ho_programme_add_depth(ho_programme *p, double depth, size_t *added, ho_error *err);
/* Adds the tangent at the solution's unit sum. */
HO_MUST_USE ho_status ho_programme_add_tangent(ho_programme *p, ho_error *err);
/* Adds the row on the sum of the shares. */
HO_MUST_USE ho_status ho_programme_add_sum(ho_programme *p, ho_error *err);
/* True where the cluster is held to no more than the limits of its group, whose row may wait until it is broken. */
bool ho_programme_may_wait(const ho_programme *p, uint32_t cluster);
/* Adds rows for the groups whose limits the last solution breaks; *added counts them. */
HO_MUST_USE ho_status ho_programme_add_limits(ho_programme *p, size_t *added, ho_error *err);
/* Adds a row on the members of a cluster. */
HO_MUST_USE ho_status ho_programme_add_cluster(ho_programme *p, uint32_t cluster, ho_range range,
                                               ho_error *err);
/* Takes away rows that had no part in the last solution, where there are more than `most`. */
HO_MUST_USE ho_status ho_programme_trim(ho_programme *p, size_t most, ho_error *err);

/* For programme.c and programme_rows.c alone. */
enum { HO_OWN_DEPTH, HO_OWN_PENALTY, HO_OWN_EXCESS, HO_OWN_COLUMNS };    /* before those of the entries */
HO_MUST_USE ho_status ho_programme_room(ho_programme *p, ho_error *err); /* of index and coefficient */
double ho_row_coefficient(const ho_programme *p, size_t row, size_t entry);

#endif
