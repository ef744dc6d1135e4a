/* Branch and bound on one size of a run: what lies between the best portfolio and the bound is closed as far as the
 * effort goes, and better portfolios that turn up are polished and kept. */
#ifndef HO_RUN_PROOF_H
#define HO_RUN_PROOF_H

#include "run/hooks.h"
#include "run/size_bound.h"

#include <heavyopt/options.h>

typedef struct ho_proof_settings {
    bool prove;
    int64_t nodes;
    double seconds;
} ho_proof_settings;

/* Rows of ho_option for a settings struct S that holds the ho_proof_settings at P. */
/* clang-format off */
#define HO_PROOF_OPTION_ROWS(S, P) \
    {"prove", 0, NULL, "Branch and bound: look into what lies between the best portfolio and the bound.", \
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, P prove)}, \
    {"prove-nodes", 0, "N", \
     "Nodes of the branch and bound, the sizes of a run together; 0: 10000, or any number with --prove-time.", \
     HO_OPTION_INT, 0, 1e15, "0", NULL, offsetof(S, P nodes)}, \
    {"prove-time", 0, "SECONDS", "Time for it, 0 for no limit; a bound that it cuts does not repeat.", \
     HO_OPTION_REAL, 0, 1e7, "0", NULL, offsetof(S, P seconds)}
/* clang-format on */

/* What the proofs of all sizes have in common. */
typedef struct ho_proving {
    const ho_proof_settings *settings;
    const ho_objective *objective;
    const ho_bounding *bounding;
    size_t sizes; /* that share the effort */
    int threads;
    const ho_hooks *hooks;
} ho_proving;

/* Of a size whose bound has been made with its search and not let go, or has none; `best` is a set of the problem.
 * *found, zeroed memory, gets a better one where one turned up; members is NULL else. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_size_prove(const ho_proving *how, const ho_problem *problem,
                                    const ho_search_result *best, ho_size_bound *bound,
                                    ho_search_result *found, ho_error *err);

#endif
