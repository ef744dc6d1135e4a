/* room: base
 *
 * What sets of candidates may be asked to keep to, beside their size: groups with a largest and a smallest count, and
 * candidates that may not be together. Whoever knows what candidates are makes these; a search keeps to them. */
#ifndef HEAVYOPT_RULES_H
#define HEAVYOPT_RULES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HO_NOBODY UINT32_MAX /* no candidate, no group */

/* Candidates sorted into groups, and how many members a set may and must have of each. Everything is borrowed. */
typedef struct ho_grouping {
    const char *name; /* what asks for it, as messages name it: "--max-per-group window=2" */
    size_t groups;
    const uint32_t *group;     /* N: the group of each candidate, HO_NOBODY: none */
    const uint32_t *most;      /* of each group; NULL: any number */
    const uint32_t *least;     /* of each group; NULL: none */
    const char *const *labels; /* of the groups, for messages; NULL: their numbers */
} ho_grouping;

/* Candidates that may not be in a set together. */
typedef struct ho_conflicts {
    const char *name; /* "--max-correlation 0.7" */
    const void *data;
    /* Bits by candidate (j is bit j % 64 of word j / 64): may not be in a set with `candidate`; NULL where that is
     * none. Symmetric, a candidate's own bit is 0, bits from N on are 0. The row stays as it is as long as the
     * problem is in use; called from several threads at a time. */
    const uint64_t *(*row)(const void *data, uint32_t candidate);
} ho_conflicts;

#ifdef __cplusplus
}
#endif
#endif
