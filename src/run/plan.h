/* What `optimize` is asked for, and what that comes to: sizes, algorithms with their parameters, budgets. */
#ifndef HO_RUN_PLAN_H
#define HO_RUN_PLAN_H

#include "run/engine.h"
#include "run/fitness_options.h"
#include "run/input.h"
#include "run/kelly.h"
#include "run/limit_options.h"
#include "run/proof.h"
#include "run/regimes.h"
#include "run/report_options.h"
#include "run/ulta.h"
#include "run/zone_options.h"

#include <heavyopt/search.h>

typedef struct ho_optimize_settings {
    ho_input_settings in;
    ho_fitness_settings goal;
    ho_report_settings files;
    ho_kelly_options kelly;
    ho_ulta_options ulta;
    ho_zone_settings zones;
    ho_zone_search_settings zone_search;
    ho_regime_settings regimes;
    char *output, *portfolio_size, *algorithms, *effort, *grouping;
    int64_t seed;
    double time_limit;
    bool no_bound;
    ho_proof_settings proof;
    ho_strings include, exclude, set;
    ho_limit_settings limits;
    ho_engine_settings engine;
} ho_optimize_settings;

typedef struct ho_plan {
    size_t first_size, last_size;
    const ho_algorithm **algorithms; /* owned, as the parameter structs behind params are */
    void **params;
    size_t count;
    ho_budget budget; /* of one algorithm at one size */
} ho_plan;

/* HO_ERR_USAGE: a size that is none, an unknown algorithm (those known are named) or parameter (the nearest is
 * named), a value out of range. */
HO_MUST_USE ho_status ho_plan_make(const ho_optimize_settings *settings, int threads, ho_plan *plan,
                                   ho_error *err);
void ho_plan_clear(ho_plan *plan);

/* "35" or "35:60" of an option. HO_ERR_USAGE. */
HO_MUST_USE ho_status ho_sizes_parse(const char *option, const char *text, size_t *first, size_t *last,
                                     ho_error *err);

#endif
