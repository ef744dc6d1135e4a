/* Strategies sorted into groups, by what their names tell (hints only: a name of another shape is in no group), by the
 * zone that they trade in, or by being equal. */
#ifndef HO_SCREEN_GROUPS_H
#define HO_SCREEN_GROUPS_H

#include <heavyopt/options.h>
#include <heavyopt/panel.h>
#include <stddef.h>
#include <stdint.h>

typedef enum ho_group_kind {
    HO_GROUP_SYMBOL, /* the underlying: SENSEX */
    HO_GROUP_WINDOW, /* entry and exit: 1426-1456 */
    HO_GROUP_ENTRY,  /* entry alone: 1426 */
    HO_GROUP_EXIT,
    HO_GROUP_ZONE, /* the only zone whose periods have a result of it */
    HO_GROUP_KINDS
} ho_group_kind;

const char *ho_group_kind_name(ho_group_kind kind); /* "symbol" */

typedef struct ho_groups {
    uint32_t *group; /* of each strategy, HO_NOBODY: none; owned, as the rest */
    size_t count;    /* groups, in the order of their labels */
    char **labels;
    size_t without; /* strategies in no group */
} ho_groups;

/* `rows` has the zones: the panel, or the rows that its periods are sums of. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_groups_make(const ho_panel *panel, const ho_panel *rows, ho_group_kind kind,
                                     ho_groups *groups, ho_error *err);

/* Groups that are known: that of each of n strategies, by its place among the labels, or -1. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_groups_of_zones(const int32_t *zones, size_t n, const ho_strings *labels,
                                         ho_groups *groups, ho_error *err);

/* Strategies whose results are equal in every period; those that are like no other are in no group. A group is called
 * by its first strategy. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_groups_of_copies(const ho_panel *panel, ho_groups *groups, ho_error *err);
void ho_groups_clear(ho_groups *groups);

#endif
