/* Small tools for sets of candidates: sorting, comparing, membership in O(1). */
#ifndef HO_SEARCH_SETS_H
#define HO_SEARCH_SETS_H

#include <heavyopt/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Membership flags that are all cleared in O(1): a flag is set when its stamp is the present one. */
typedef struct ho_marks {
    uint32_t *stamps; /* owned */
    size_t count;
    uint32_t now;
} ho_marks;

HO_MUST_USE ho_status ho_marks_new(size_t count, ho_marks *marks, ho_error *err);
void ho_marks_free(ho_marks *marks);
void ho_marks_clear(ho_marks *marks);
void ho_marks_set(ho_marks *marks, const uint32_t *members, size_t count); /* clears, then marks these */

static inline void ho_mark(ho_marks *marks, uint32_t j)
{
    marks->stamps[j] = marks->now;
}

static inline void ho_unmark(ho_marks *marks, uint32_t j)
{
    marks->stamps[j] = 0;
}

static inline bool ho_marked(const ho_marks *marks, uint32_t j)
{
    return marks->stamps[j] == marks->now;
}

/* out = the distinct members in ascending order; out and members do not overlap. */
void ho_members_sort(const uint32_t *members, size_t count, uint32_t *out);

/* < 0, 0, > 0 as a sorts before, equals, sorts after b. */
int ho_members_compare(const uint32_t *a, const uint32_t *b, size_t count);

/* The same number for the same members in any order; different sets differ but for an accident of 2^-64. */
uint64_t ho_members_hash(const uint32_t *members, size_t count);

#endif
