/* The inside of a search, for the core alone; algorithms include search/search.h. */
#ifndef HO_SEARCH_CORE_H
#define HO_SEARCH_CORE_H

#include "search/rules.h"
#include "search/search.h"

#define HO_TRACE_POINTS 256
#define HO_SEARCH_BATCH 128 /* sets that are valued together: a few hundredths of a millisecond */
#define HO_SEARCH_MASKS 32  /* slots that are scanned together where each has its own open candidates */

typedef struct ho_counts {
    int64_t work, limit, evaluations;
} ho_counts;

/* What the searches of one call tell together. */
typedef struct ho_watch {
    ho_search_progress progress; /* or NULL */
    void *user;
    double searches, share, best; /* share: summed over the searches; guarded by ho_watch_tell */
} ho_watch;

void ho_watch_tell(ho_watch *watch, double share,
                   double best); /* share of one search done since the last call */

struct ho_search_core {
    const ho_problem *problem;
    const ho_objective *objective;
    const ho_budget *budget;
    ho_watch *watch; /* or NULL */
    void *walk;
    size_t fixed; /* included members, in slots 0..fixed-1 of the walk */
    size_t total; /* K = fixed + size */
    ho_counts run, polish, *counts;
    bool out_of_time, placed; /* placed: the walk has a current set */
    int64_t next_look;        /* work at the next look at the clock */
    double told;              /* share of the work that the watch knows of */
    double part;              /* of the work of all rounds that is this search's */
    double started;

    uint8_t *open;
    uint32_t *pool, *first;
    uint32_t *members; /* K: the walk's current set, includes first */
    uint32_t *joined;  /* K: a set with its includes, before sorting */
    uint32_t *sorted;  /* K */
    uint32_t *best;    /* K, ascending */
    uint32_t *trial;   /* K: a set about to be tried */
    double best_value; /* canonical */
    bool has_best;
    ho_swap *swaps;    /* K: what a scan found */
    uint32_t *batch;   /* HO_SEARCH_BATCH * K: sets with their includes */
    int64_t scan_cost; /* work of scanning a slot */
    ho_marks marks;
    const ho_rules *rules; /* shared; NULL: none, and what follows is empty */
    ho_draft standing;     /* the current set, and */
    ho_draft draft;        /* another one */
    size_t asked;          /* questions about the standing one since it has changed, */
    size_t draft_asked;    /* and about the other one */
    uint8_t *masks;        /* flags of slots that are scanned together, mask_stride each */
    size_t mask_stride;
    ho_trace_point *trace;
    size_t trace_count;
    struct ho_polished *polishing; /* takes down each step of polishing, or NULL */
};

/* What polishing made of a set. Algorithms that come to the same set, as they do from a warm start, share it. */
typedef struct ho_polished {
    uint32_t *from, *to; /* K each */
    double value;
    ho_counts counts;
    struct {
        int64_t evaluations;
        double fitness;
    } steps[HO_TRACE_POINTS];
    size_t step_count;
    struct ho_polished *next;
} ho_polished;

/* HO_ERR_USAGE, in one line, when no set can be chosen or a list is not as search.h says. */
HO_MUST_USE ho_status ho_problem_check(const ho_problem *problem, ho_error *err);
/* Flags by candidate: may be chosen beside the includes. Returns how many there are; open may be NULL. */
size_t ho_problem_open(const ho_problem *problem, uint8_t *open);

/* Parts of the check (check.c): members go together and are not too many of a group, nor too few when they are a whole
 * set; each grouping by itself leaves room for a set. */
HO_MUST_USE ho_status ho_problem_check_rules(const ho_problem *problem, const uint32_t *members, size_t count,
                                             ho_error *err);
HO_MUST_USE ho_status ho_problem_check_room(const ho_problem *problem, ho_error *err);

/* A search of a checked problem with its rules (NULL: none), nothing valued yet. `stream` names its random numbers. */
HO_MUST_USE ho_status ho_search_open(const ho_problem *problem, const ho_rules *rules,
                                     const ho_objective *objective, const ho_budget *budget, uint64_t seed,
                                     const char *stream, ho_watch *watch, ho_search **search, ho_error *err);
void ho_search_close(ho_search **search);

/* True when there is but one set to choose. */
bool ho_search_is_forced(const ho_search *s);

/* Of so many candidates, those that a scan looks at: equal ones once, where the objective knows them. */
size_t ho_search_looked_at(const ho_objective *objective, size_t candidates);

/* The members of a whole set, includes among them, that an algorithm chose, in their order. */
void ho_search_leave_forced(const ho_search *s, const uint32_t *members, uint32_t *chosen);

/* Counts `evaluations` valuations of `units` each. */
void ho_search_count(ho_search *s, int64_t evaluations, int64_t units);

/* A set with its includes, ascending, has been valued: is it the best so far? */
void ho_search_remember(struct ho_search_core *c, const uint32_t *sorted, double value);

/* Of a search with rules (repair.c): is that a set of the problem; a swap that may be made. */
bool ho_search_holds(ho_search *s, const uint32_t *members);
bool ho_search_random_allowed_swap(ho_search *s, size_t *slot, uint32_t *in);

/* Polishes the best set within budget->polish_work. *known, a list that the searches of one call share, tells what has
 * been polished before, and gets this one too. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_search_polish(ho_search *s, ho_polished **known, ho_error *err);
void ho_polished_free(ho_polished **known);

/* Tells the watch how far the search is, 0..1. */
void ho_search_report(ho_search *s, double share);

#endif
