/* The options of `optimize`, which `walkforward` has too. */
#ifndef HO_RUN_OPTIMIZE_OPTIONS_H
#define HO_RUN_OPTIMIZE_OPTIONS_H

#include "run/plan.h"

/* Rows of ho_option for a settings struct S that holds the ho_optimize_settings at P (`optimize.` with its point, or
 * empty). */
/* clang-format off */
#define HO_OPTIMIZE_OPTION_ROWS(S, P) \
    {"portfolio-size", 'p', "N|A:B", "Strategies of a portfolio: one size, or each size from A to B.", \
     HO_OPTION_TEXT, 0, 0, "35", NULL, offsetof(S, P portfolio_size)}, \
    {"output", 'o', "DIR", "Folder that gets a new folder run_DATE_TIME with the files of the run.", \
     HO_OPTION_TEXT, 0, 0, "output", NULL, offsetof(S, P output)}, \
    {"algorithms", 'a', "LIST", "Algorithms, separated by commas, or all.", \
     HO_OPTION_TEXT, 0, 0, "all", NULL, offsetof(S, P algorithms)}, \
    {"effort", 'e', "LEVEL", "How much each algorithm may work.", \
     HO_OPTION_CHOICE, 0, 0, "normal", "quick|normal|thorough", offsetof(S, P effort)}, \
    {"seed", 's', "N", "Seed of the random numbers: the same seed and input give the same portfolio.", \
     HO_OPTION_INT, 0, 9e15, "42", NULL, offsetof(S, P seed)}, \
    {"time-limit", 0, "SECONDS", "Time for the searches together, 0 for no limit; a run that it cuts does not repeat.", \
     HO_OPTION_REAL, 0, 1e7, "0", NULL, offsetof(S, P time_limit)}, \
    {"include", 0, "NAME", "A strategy that every portfolio must hold.", \
     HO_OPTION_LIST, 0, 0, NULL, NULL, offsetof(S, P include)}, \
    {"exclude", 0, "NAME", "A strategy that no portfolio may hold.", \
     HO_OPTION_LIST, 0, 0, NULL, NULL, offsetof(S, P exclude)}, \
    HO_LIMIT_OPTION_ROWS(S, P limits.), \
    {"no-bound", 0, NULL, "Do not work out how good a portfolio can be at most; the algorithm lp then has no guide.", \
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, P no_bound)}, \
    HO_PROOF_OPTION_ROWS(S, P proof.), \
    {"set", 0, "ALGORITHM.PARAMETER=VALUE", "A parameter of one algorithm, such as ga.population_size=60.", \
     HO_OPTION_LIST, 0, 0, NULL, NULL, offsetof(S, P set)}, \
    {"grouping", 0, "WAY", "Digits of the report in groups: 1,234,567, or lakhs and crores as 12,34,567.", \
     HO_OPTION_CHOICE, 0, 0, "western", "western|indian", offsetof(S, P grouping)}, \
    HO_REPORT_OPTION_ROWS(S, P files.), \
    HO_FITNESS_OPTION_ROWS(S, P goal.), \
    HO_KELLY_OPTION_ROWS(S, P kelly.), \
    HO_INPUT_OPTION_ROWS(S, P in.), \
    HO_ULTA_OPTION_ROWS(S, P ulta.), \
    HO_ZONE_OPTION_ROWS(S, P zones.), \
    HO_ZONE_SEARCH_OPTION_ROWS(S, P zone_search.), \
    HO_REGIME_OPTION_ROWS(S, P regimes.), \
    HO_ENGINE_OPTION_ROWS(S, P engine.)
/* clang-format on */

#endif
