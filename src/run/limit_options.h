/* The options that say what a portfolio must keep to beside its size. */
#ifndef HO_RUN_LIMIT_OPTIONS_H
#define HO_RUN_LIMIT_OPTIONS_H

#include "screen/limits.h"

/* Rows of ho_option for a settings struct S that holds the ho_limit_settings at P. */
/* clang-format off */
#define HO_LIMIT_OPTION_ROWS(S, P) \
    {"max-correlation", 0, "R", "Largest correlation of any two strategies of a portfolio; 1 for any.", \
     HO_OPTION_REAL, -1, 1, "1", NULL, offsetof(S, P max_correlation)}, \
    {"max-per-group", 0, "[KIND=]N", \
     "At most N strategies of a group. KIND: window (entry and exit time, the default), entry, exit or symbol, as " \
     "names tell them, or zone, the only one with results of a strategy.", \
     HO_OPTION_LIST, 0, 0, NULL, NULL, offsetof(S, P max_per_group)}, \
    {"min-per-group", 0, "[KIND=]N", "At least N strategies of each group, as with --max-per-group.", \
     HO_OPTION_LIST, 0, 0, NULL, NULL, offsetof(S, P min_per_group)}, \
    {"max-strategies-per-zone", 0, "N", "At most N strategies of each zone of the day; 0 for any number.", \
     HO_OPTION_INT, 0, 1e6, "0", NULL, offsetof(S, P max_per_zone)}, \
    {"min-strategies-per-zone", 0, "N", "At least N strategies of each zone of the day.", \
     HO_OPTION_INT, 0, 1e6, "0", NULL, offsetof(S, P min_per_zone)}, \
    {"min-active-days", 0, "N", "Leave out strategies with a result other than 0 on fewer days.", \
     HO_OPTION_INT, 0, 1e9, "0", NULL, offsetof(S, P min_active_days)}, \
    {"exclusive", 0, "FILE", \
     "Strategies that may not be together: two names or more a line, with tabs between them; one of a line at most.", \
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, P exclusive)}, \
    {"distinct", 0, NULL, "Of strategies with equal results in every period choose one at most.", \
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, P distinct)}
/* clang-format on */

#endif
