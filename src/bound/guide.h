/* What the programmes know about where good sets are: their shares at some drawdowns near the best one, and the
 * columns that miss little there. Hints for a search; they prove nothing. */
#ifndef HO_BOUND_GUIDE_H
#define HO_BOUND_GUIDE_H

#include "bound/solve.h"

typedef struct ho_hints {
    ho_lead *leads; /* owned, with the arrays in them */
    size_t count;
} ho_hints;

/* Asks each question, and gathers. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_hints_gather(ho_solver *solver, const ho_question *questions, size_t count,
                                      ho_hints *hints, ho_error *err);
void ho_hints_clear(ho_hints *hints); /* frees what it owns, zeroes it */

#endif
