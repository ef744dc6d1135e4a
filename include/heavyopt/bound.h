/* room: bound
 *
 * How good can a portfolio be at most? Linear programmes over all strategies suggest, and sums in our own arithmetic
 * prove, a value that no portfolio of the wanted size can pass. docs/BOUND.md has the formulas and how to check them. */
#ifndef HEAVYOPT_BOUND_H
#define HEAVYOPT_BOUND_H

#include <heavyopt/panel.h>
#include <heavyopt/search.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is bounded, as a formula. A set of K members has the series r[t] = (sum of its members' results) / divisor, the
 * total of that series, and a depth: its largest drawdown, or the sum of its losses. pairs is the sum of correlations
 * over the K (K-1) ordered pairs.
 *   QUOTIENT  constant + total / depth - penalty where depth > none; else constant + rate * total - penalty, with
 *             rate gain_rate where total > 0, and loss_rate otherwise
 *   TOTAL     factor * total - penalty
 *   DEPTH     - depth - penalty
 * penalty = pair_weight * pairs, halved where depth < halved_below. */
typedef enum ho_bound_shape { HO_BOUND_QUOTIENT, HO_BOUND_TOTAL, HO_BOUND_DEPTH } ho_bound_shape;

typedef enum ho_bound_depth {
    HO_DEPTH_FROM_ZERO,  /* drawdown; a first loss counts */
    HO_DEPTH_FROM_FIRST, /* drawdown from the first period's equity on */
    HO_DEPTH_LOSSES      /* the sum of the losses */
} ho_bound_depth;

typedef struct ho_bound_goal {
    ho_bound_shape shape;
    ho_bound_depth depth;
    double divisor, factor, constant; /* divisor > 0 */
    double none, gain_rate, loss_rate;
    double pair_weight, halved_below; /* pair_weight >= 0; halved_below <= 0: never */
} ho_bound_goal;

/* What a piece of the proof covers. Its weights y >= 0, one a period, say how a drawdown is held against the total;
 * its direction g, one number a period, how the correlations are. Formulas: docs/BOUND.md. */
typedef enum ho_bound_cover {
    HO_COVER_LEAST_DEPTH, /* every set: its depth is at least `value` */
    HO_COVER_QUOTIENT,    /* sets whose 1 / depth is from `from` to `to` */
    HO_COVER_NO_DEPTH,    /* sets without depth, at the rate `from` */
    HO_COVER_TOTAL,       /* every set */
    HO_COVER_DEPTH        /* sets of depth from `from` to `to` */
} ho_bound_cover;

typedef struct ho_bound_piece {
    ho_bound_cover cover;
    double from, to;
    double pair_weight; /* that of the sets covered */
    double value;       /* none of the sets covered is above; LEAST_DEPTH: below */
    const double *y, *g;
} ho_bound_piece;

typedef struct ho_bound ho_bound; /* a bound with its proof */

/* What a branch and bound came to; all zero where there was none. */
typedef struct ho_bound_tree {
    bool grown;         /* there was one */
    ho_stop stopped_by; /* FINISHED: nothing is left to look at */
    double before;      /* the bound before it */
    bool proven;        /* none is better than the best known set, by more than a part in 10^9 */
    int64_t nodes;      /* that were looked into */
    int64_t open;       /* that were not */
    int64_t given_up;   /* that the solver failed at: they count with their bounds */
    size_t kept;        /* columns that a better set may hold */
    double seconds;
} ho_bound_tree;

typedef struct ho_bound_facts {
    double value;    /* no set is above */
    bool useful;     /* false: a mix of strategies has no depth, and a quotient no limit worth the name */
    double least;    /* depth of any set, at least */
    size_t distinct; /* columns that differ */
    size_t columns;  /* of them, those that entered a programme */
    size_t levels;   /* depths that programmes were solved at */
    size_t rounds;   /* programmes solved */
    size_t pieces;   /* of the proof */
    int grouping;    /* of the problem, whose limits the bound knows; -1: none */
    ho_bound_tree tree;
} ho_bound_facts;

/* The bound of all sets of the problem (size, allowed and include are read, and the limits of that grouping
 * which takes most from the best strategies by themselves: other limits could only lower it). One
 * thread; the same numbers each time. with_leads: hints for a search as well, at about twice the time. cancel, or NULL:
 * where it becomes non-zero the bound is what has been proven till then, which holds but may be weak.
 * HO_ERR_USAGE: no set to choose; HO_ERR_MEMORY. */
HO_API HO_MUST_USE ho_status ho_bound_new(const ho_panel *panel, const ho_problem *problem,
                                          const ho_bound_goal *goal, bool with_leads,
                                          const volatile int *cancel, ho_bound **bound, ho_error *err);
HO_API void ho_bound_free(ho_bound **bound); /* accepts NULL and nulls */

/* Lowers a bound, made for the same panel, problem and goal, by branch and bound. HO_ERR_MEMORY, HO_ERR_INTERNAL. */
HO_API HO_MUST_USE ho_status ho_bound_prove(ho_bound *bound, const ho_panel *panel, const ho_problem *problem,
                                            const ho_bound_goal *goal, const ho_tree_effort *effort,
                                            ho_error *err);

/* The same, of which only the sets are wanted: the bound stays as it is, and *nodes is how many were looked into. To be
 * called by a thread of a team, which works on the tree with it; effort->threads is not read. */
HO_API HO_MUST_USE ho_status ho_bound_branch(const ho_bound *bound, const ho_panel *panel,
                                             const ho_problem *problem, const ho_bound_goal *goal,
                                             const ho_tree_effort *effort, int64_t *nodes, ho_error *err);

/* Leads for a search, without objectives; they live with the bound. */
HO_API size_t ho_bound_lead_count(const ho_bound *bound);
HO_API const ho_lead *ho_bound_lead_at(const ho_bound *bound, size_t i);
HO_API ho_bound_facts ho_bound_facts_of(const ho_bound *bound);
HO_API const ho_bound_piece *ho_bound_piece_at(const ho_bound *bound, size_t i); /* lives with the bound */

#ifdef __cplusplus
}
#endif
#endif
