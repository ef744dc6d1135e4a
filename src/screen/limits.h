/* What a portfolio must keep to beside its size, as the user asks for it, made into the rules of a search. */
#ifndef HO_SCREEN_LIMITS_H
#define HO_SCREEN_LIMITS_H

#include "screen/apart.h"
#include "screen/groups.h"
#include "screen/select.h"

typedef struct ho_limit_settings {
    double max_correlation;                  /* 1: any */
    ho_strings max_per_group, min_per_group; /* "[KIND=]N" */
    int64_t min_per_zone, max_per_zone;      /* 0: any */
    int64_t min_active_days;
    char *exclusive; /* a file of names that may not be together, or NULL */
    bool distinct;
} ho_limit_settings;

/* One of the settings' groupings. */
typedef struct ho_limit {
    char *name;
    ho_groups groups;
    uint32_t *bounds; /* of each group: the most, or the least */
} ho_limit;

/* Owns all that the rules borrow. */
typedef struct ho_limits {
    ho_limit *limits;
    ho_apart correlated, exclusive;
    char *correlation_name;
    ho_grouping *groupings;
    size_t grouping_count;
    ho_conflicts conflicts[2];
    size_t conflict_count;
    const ho_groups *copies; /* where equal strategies count as one; one of the limits */
    size_t inactive;         /* strategies closed for too few active days */
    ho_strings warnings;
} ho_limits;

typedef struct ho_limits_of {
    const ho_limit_settings *settings;
    const ho_panel *panel;
    const ho_panel *rows; /* of which the panel's periods are sums, or NULL */
    const int32_t *zones; /* where strategies' names tell their zones: of each, or -1; else NULL */
    const ho_strings *zone_names;
    const uint32_t *pairs; /* what the exclusive file says: first, second, first, second, ... */
    size_t pair_count;
    int threads;
} ho_limits_of;

/* Also closes strategies of the selection with too few active days. *limits is zeroed memory, cleared by the caller,
 * also after a failure. HO_ERR_USAGE: a limit that is none, a kind of group that the table does not tell, an include
 * with too few active days. */
HO_MUST_USE ho_status ho_limits_make(const ho_limits_of *of, ho_selection *selection, ho_limits *limits,
                                     ho_error *err);
void ho_limits_clear(ho_limits *limits);

#endif
