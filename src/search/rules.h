/* What the sets of a problem keep to besides their size, the includes and the mask: groups with a largest and a
 * smallest count, and candidates that may not be together. A problem without any has no ho_rules (NULL). */
#ifndef HO_SEARCH_RULES_H
#define HO_SEARCH_RULES_H

#include <heavyopt/search.h>

/* The candidates of each group of a grouping: those of group g are members[starts[g]] .. members[starts[g + 1] - 1]. */
typedef struct ho_group_lists {
    uint32_t *starts, *members;
    size_t first_count; /* of the group counts of all groupings, this one's first */
} ho_group_lists;

/* Shared by the searches of one call; nothing in it changes while they run. */
typedef struct ho_rules {
    const ho_problem *problem;
    size_t words;           /* of 64 flags, for all candidates */
    uint8_t *open;          /* N: may be chosen beside the includes */
    uint64_t *pool;         /* the same as bits */
    size_t pool_count;      /* how many there are */
    ho_group_lists *lists;  /* a grouping */
    size_t group_count;     /* of all groupings */
    uint32_t *known;        /* K: a set that keeps to them all, includes first */
    uint8_t spread[256][8]; /* the bits of a byte as bytes */
} ho_rules;

/* The rules of a checked problem, *rules = NULL when it has none. HO_ERR_USAGE: no set can be chosen, and why. */
HO_MUST_USE ho_status ho_rules_new(const ho_problem *problem, ho_rules **rules, ho_error *err);
void ho_rules_free(ho_rules **rules);

/* The same without looking for a set: known is not filled, and includes may break rules. */
HO_MUST_USE ho_status ho_rules_build(const ho_problem *problem, ho_rules **rules, ho_error *err);

/* A set in the making, and what may still come in. Members keep to all rules at any time, and leave room for what
 * groups lack. */
typedef struct ho_draft {
    const ho_rules *rules;
    uint32_t *members; /* count of them, room for K */
    size_t count;
    uint64_t *in;           /* the members as bits */
    uint32_t *counts;       /* members of each group, of all groupings */
    size_t *lacking;        /* a grouping: members that its groups lack to their least */
    bool looked;            /* what follows is of the present members */
    uint64_t *once, *twice; /* in conflict with one member at least, with two */
    uint64_t *full;         /* a grouping's words: in a group that is full */
    uint64_t *choices, *spare;
} ho_draft;

enum { HO_NO_SLOT = -1 };

HO_MUST_USE ho_status ho_draft_new(const ho_rules *rules, ho_draft *draft, ho_error *err);
void ho_draft_free(ho_draft *draft);

/* True when `in` may be added, or take the place of member number `slot` (unless HO_NO_SLOT); never for a member. */
bool ho_draft_takes(const ho_draft *draft, uint32_t in, ptrdiff_t slot);
void ho_draft_add(ho_draft *draft, uint32_t in);
void ho_draft_replace(ho_draft *draft, size_t slot, uint32_t in);
void ho_draft_cut(ho_draft *draft, size_t count);                   /* drops the members from `count` on */
void ho_draft_drop(ho_draft *draft, size_t slot);                   /* the last member takes its place */
void ho_draft_load(ho_draft *draft, const uint32_t *set, size_t n); /* as they are, rules kept or not */

/* Makes what ho_draft_choices needs to know of the present members; ho_draft_takes is faster after it. */
void ho_draft_look(ho_draft *draft);
/* Fills draft->choices: all candidates of the pool that ho_draft_takes. Returns their number. */
size_t ho_draft_choices(ho_draft *draft, ptrdiff_t slot);
uint32_t ho_draft_choice(const ho_draft *draft, size_t number); /* the choice of that number, ascending */
/* The choices as flags, 64 * rules->words of them. */
void ho_draft_spread(const ho_draft *draft, uint8_t *flags);

static inline bool ho_bit(const uint64_t *bits, uint32_t j)
{
    return (bits[j / 64] >> (j % 64) & 1) != 0;
}

#endif
