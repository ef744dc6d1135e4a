/* Portfolios for zones and limits by zone, as options of the search. */
#ifndef HO_RUN_ZONE_OPTIONS_H
#define HO_RUN_ZONE_OPTIONS_H

#include "run/zones.h"

typedef struct ho_zone_search_settings {
    char *size, *combination;
} ho_zone_search_settings;

/* clang-format off */
#define HO_ZONE_SEARCH_OPTION_ROWS(S, P) \
    {"zone-size", 0, "N|A:B", "Strategies of each zone's own portfolio: one size, or the best of A to B.", \
     HO_OPTION_TEXT, 0, 0, "10:50", NULL, offsetof(S, P size)}, \
    {"zone-combination", 0, "HOW", "What the zones' portfolios are together: all of them with the fitness weighted by " \
     "zone-weights, or with equal weights, or the one of the best zone.", \
     HO_OPTION_CHOICE, 0, 0, "weighted_average", "weighted_average|equal_weight|best_zone", offsetof(S, P combination)}
/* clang-format on */

#endif
