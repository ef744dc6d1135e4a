/* One question put to the programme until its answer is proven: solve, prove what the duals say, add the columns that
 * would still gain and the rows that are broken, solve again. */
#ifndef HO_BOUND_SOLVE_H
#define HO_BOUND_SOLVE_H

#include "bound/limits.h"
#include "bound/programme.h"

enum { HO_SOLVER_SPARES = 2 };

typedef struct ho_solver {
    ho_bound_base base;
    ho_programme *programme;
    ho_chooser chooser;
    ho_certificate spare, spares[HO_SOLVER_SPARES]; /* room of a trial, and what ho_solver_take_back got */
    bool borrowed;                                  /* the base's columns are another's */
    ho_bound_limits limits;                         /* the base's, where it is not borrowed */
    double *gains; /* by column: what a share would add to the last solution */
    size_t rounds, levels;
    bool stuck;                 /* a programme had no solution that the engine could find */
    const volatile int *cancel; /* non-zero: answer with what is proven; or NULL */
} ho_solver;

/* The sets that are asked about: those of a cover (heavyopt/bound.h), with this pair weight. The depth is held within
 * low..high. */
typedef struct ho_question {
    ho_bound_cover cover;
    const ho_box *box; /* NULL: all sets */
    double rate;       /* QUOTIENT, NO_DEPTH: of the total; TOTAL: the factor */
    double weight;
    double low, high;
    double enough;    /* a bound up to here is good enough */
    double tolerance; /* relative: as near to the truth as one wants to come */
    int rounds;       /* at most; 0: as many as are usual */
} ho_question;

typedef struct ho_answer {
    ho_certificate certificate; /* owned */
    double bound;               /* proven by it; LEAST_DEPTH: of the depth, from below */
    double reached; /* by the programme's shares, which the bound cannot pass; -INFINITY: none did */
} ho_answer;

HO_MUST_USE ho_status ho_solver_open(const ho_panel *panel, const ho_problem *problem,
                                     const ho_bound_goal *goal, ho_engine_kind engine,
                                     const volatile int *cancel, ho_solver *solver, ho_error *err);
/* A solver of the same columns, which must outlive it. */
HO_MUST_USE ho_status ho_solver_beside(const ho_bound_base *base, const volatile int *cancel,
                                       ho_solver *solver, ho_error *err);
void ho_solver_close(ho_solver *solver); /* zeroes it */
bool ho_solver_cancelled(const ho_solver *solver);

/* Puts columns into the programme that look good by themselves, and enough of them. */
HO_MUST_USE ho_status ho_solver_seed(ho_solver *s, ho_error *err);

HO_MUST_USE ho_status ho_solver_ask(ho_solver *s, const ho_question *question, ho_answer *answer,
                                    ho_error *err);

/* The answer's certificate is not wanted any more: its memory is used again. */
void ho_solver_take_back(ho_solver *s, ho_answer *answer);

/* The answer that needs no programme: y = 0, g = 0. */
HO_MUST_USE ho_status ho_solver_plain(ho_solver *s, const ho_question *question, ho_answer *answer,
                                      ho_error *err);

/* The largest total / depth, without correlations: `least` is a proven least depth. The answer's bound holds for every
 * rate up to 1 / least. *found is false where every set loses, and nothing was asked. */
HO_MUST_USE ho_status ho_solver_ratio(ho_solver *s, double least, bool *found, ho_answer *answer,
                                      ho_error *err);

/* What the certificate proves for the question's sets; -INFINITY: there are none. */
double ho_question_bound(ho_solver *s, const ho_question *question, const ho_certificate *certificate);

#endif
