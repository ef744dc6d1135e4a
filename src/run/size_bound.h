/* The bound of one size of a run, and what it tells the search: its hints, and the objective over the few strategies
 * that they name. */
#ifndef HO_RUN_SIZE_BOUND_H
#define HO_RUN_SIZE_BOUND_H

#include <heavyopt/bound.h>
#include <heavyopt/metrics.h>

/* What the bounds of all sizes have in common. */
typedef struct ho_bounding {
    bool wanted, with_leads;
    const ho_panel *panel;
    const ho_fitness *fitness;
    const volatile int *cancel; /* as ho_bound_new takes it */
} ho_bounding;

typedef struct ho_size_bound {
    const char *why;    /* there is none, or NULL */
    const char *limits; /* of groups, that the bound keeps to, as the problem names them; or NULL */
    ho_bound_goal goal;
    ho_bound_facts facts;
    double seconds;
    const ho_panel *panel; /* borrowed, as what the problem is made of */
    ho_problem problem;
    ho_bound *bound;              /* these are for the search, and gone after it */
    ho_guide guide;               /* no leads: none */
    struct ho_followed *followed; /* behind the guide, a lead each */
} ho_size_bound;

/* Fills *bound, zeroed memory that stays where it is (the guide points to it), for a problem that has been checked. Where
 * no bound can be had, it says why, and that is no failure. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_size_bound_make(const ho_bounding *bounding, const ho_problem *problem,
                                         ho_size_bound *bound, ho_error *err);

/* Frees what is for the search; the facts stay. */
void ho_size_bound_let_go(ho_size_bound *bound);

#endif
