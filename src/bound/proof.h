/* The inside of a bound: the pieces of its proof, and the questions that they answered, where a branch and bound begins. */
#ifndef HO_BOUND_PROOF_H
#define HO_BOUND_PROOF_H

#include "bound/guide.h"

/* Piece `piece` answers the question over the rates from..to; it was solved at the question's rate. */
typedef struct ho_root {
    ho_question question;
    double from, to;
    size_t piece;
} ho_root;

struct ho_bound {
    ho_bound_facts facts;
    ho_bound_piece *pieces; /* y and g of each are owned */
    size_t count, room, periods;
    ho_root *roots; /* of the pieces that bound sets */
    size_t root_count, root_room;
    ho_hints hints;
    ho_question peak; /* where the programmes reached highest */
    double highest;
    bool stuck;         /* some programme was not solved */
    double level_total; /* of a mix without depth, where there is one and the goal is a quotient */
};

/* ho_bound_new with one engine and no other. HO_ERR_UNAVAILABLE: HiGHS is asked for and not in this build. */
HO_MUST_USE ho_status ho_bound_by(ho_engine_kind engine, const ho_panel *panel, const ho_problem *problem,
                                  const ho_bound_goal *goal, bool with_leads, const volatile int *cancel,
                                  ho_bound **bound, ho_error *err);

#endif
