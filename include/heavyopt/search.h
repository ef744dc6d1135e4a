/* room: search
 *
 * Choosing K of N: the problem, the budget, the algorithms and what they found. The search knows nothing of finance;
 * the objective (objective.h) values the sets. Same problem, objective, parameters and seed: same result, bit for
 * bit, on any number of threads. */
#ifndef HEAVYOPT_SEARCH_H
#define HEAVYOPT_SEARCH_H

#include <heavyopt/objective.h>
#include <heavyopt/options.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ho_guide ho_guide;

/* Everything is borrowed. */
typedef struct ho_problem {
    size_t candidates;       /* N */
    size_t size;             /* K, 1..N */
    const uint8_t *allowed;  /* N flags, NULL: all */
    const uint32_t *include; /* members that every set must have, ascending */
    size_t include_count;
    const uint32_t *start; /* a set of K known beforehand (warm start), ascending, or NULL */
    const ho_grouping *groupings;
    size_t grouping_count;
    const ho_conflicts *conflicts;
    size_t conflict_count;
    const char *const *names; /* of the candidates, for messages; NULL: their numbers */
    const ho_guide *guide;    /* hints for algorithms that take some, or NULL */
} ho_problem;

/* HO_OK when a set can be chosen; HO_ERR_USAGE: none, and what binds, as ho_search_all would say it. */
HO_API HO_MUST_USE ho_status ho_search_check(const ho_problem *problem, ho_error *err);

/* HO_OK when the set, K members ascending, is one of the problem's; HO_ERR_USAGE: the first thing that it breaks, in
 * one line. */
HO_API HO_MUST_USE ho_status ho_search_check_set(const ho_problem *problem, const uint32_t *members,
                                                 ho_error *err);

/* Where good sets are likely, from whoever knows more of the objective than a search does (a linear programme): leads
 * to follow, each a set with its members in part and the few candidates that go with it. */
typedef struct ho_lead {
    const uint32_t *candidates; /* ascending, members of `include` among them */
    size_t count;               /* at least the problem's size */
    const double *shares;       /* of the candidates, 0..1, the size in sum */
    const ho_objective
        *objective; /* the same objective over these alone (candidate i is candidates[i]), or NULL */
} ho_lead;

/* How far a branch and bound may go. */
typedef struct ho_tree_effort {
    int64_t nodes;              /* at most; 0: any number */
    double seconds;             /* at most; 0: any time. It makes the result depend on the machine */
    int threads;                /* the same result for any number */
    double known;               /* worth of a set of the problem, the best one known; -INFINITY: none is */
    const volatile int *cancel; /* becomes non-zero to stop; or NULL */
    /* Called with sets that seem better than all before, K members ascending, by the caller's own thread. Returns the
     * worth of the best set known then: of this one, of a better one made of it, or of the old one where this set
     * breaks a rule that the bound does not know. */
    double (*found)(void *user, const uint32_t *members, double worth);
    /* Called now and then: share of the nodes or the time, bound so far; or NULL. */
    void (*progress)(void *user, double share, double bound);
    void *user;
} ho_tree_effort;

struct ho_guide {
    const ho_lead *leads;
    size_t count;
    /* Looks for better sets by branch and bound; *nodes is how many parts it has looked into. A thread of a team calls it,
     * and the team works on it (effort->threads is not read). NULL: there is none. HO_ERR_MEMORY, HO_ERR_INTERNAL. */
    ho_status (*branch)(const ho_guide *guide, const ho_tree_effort *effort, int64_t *nodes, ho_error *err);
    const void *tree; /* for branch */
    double bound;     /* no set is worth more; read where there is a branch */
};

/* Work units, counted and not timed, so that a run repeats: a swap valued in a scan is 1 (swaps to copies of one
 * candidate count once where the objective knows them), a swap probed by itself HO_WORK_PROBE, a set scored from
 * scratch HO_WORK_SCORE, one of many sets that are scored together HO_WORK_SET, a candidate alone among many
 * HO_WORK_SINGLE: ratios measured at 25,544 strategies x 82 periods, where a set scored from scratch reads 35 columns
 * from all over memory. */
#define HO_WORK_SCAN   1
#define HO_WORK_SINGLE 2
#define HO_WORK_PROBE  12
#define HO_WORK_SET    40
#define HO_WORK_SCORE  60

typedef struct ho_budget {
    int64_t
        work; /* units for the algorithm itself, but for lp, whose units are cheap, eight times as many; polishing
                     comes on top */
    int64_t
        first_round; /* where that is less than `work`: first a whole search of so many units, polished, then
                            one of the rest with new random numbers; the better of the two is the result. So a
                            larger budget is never worse than one of first_round units. 0: one search */
    int64_t polish_work; /* units at most for polishing */
    double seconds; /* of each algorithm, polishing included; 0: no limit. It makes the result depend on the
                            machine */
    const volatile int
        *cancel; /* becomes non-zero (a signal handler may do it) to stop with the best so far; or NULL */
} ho_budget;

typedef enum ho_stop {
    HO_STOP_BUDGET,   /* the work was used up */
    HO_STOP_FINISHED, /* the algorithm's own iterations or rule ended it */
    HO_STOP_TIME,
    HO_STOP_CANCEL,
    HO_STOP_PROVEN, /* every set was looked at */
    HO_STOP_COUNT
} ho_stop;

HO_API const char *
ho_stop_name(ho_stop stop); /* "budget", "finished", "time limit", "cancelled", "proven optimum" */

typedef struct ho_algorithm ho_algorithm; /* one folder of search/, one line of its registry */

HO_API size_t ho_algorithm_count(void);
HO_API const ho_algorithm *ho_algorithm_at(size_t i); /* in the order of the registry */
HO_API const ho_algorithm *ho_algorithm_find(const char *name);
HO_API const char *ho_algorithm_name(const ho_algorithm *a);  /* "sa" */
HO_API const char *ho_algorithm_title(const ho_algorithm *a); /* "simulated annealing" */
HO_API const char *ho_algorithm_paper(const ho_algorithm *a); /* the source it follows */
HO_API const char *ho_algorithm_text(const ho_algorithm *a);  /* one line: how it works on sets */
HO_API ho_option_table ho_algorithm_options(const ho_algorithm *a);
HO_API size_t ho_algorithm_params_size(const ho_algorithm *a); /* of the struct that the options describe */

typedef struct ho_trace_point {
    int64_t evaluations;
    double seconds;
    double fitness;
} ho_trace_point;

typedef struct ho_search_result {
    const ho_algorithm *algorithm; /* NULL: enumeration, or */
    bool branched;                 /* branch and bound; `evaluations` are its nodes then */
    size_t size;                   /* K */
    uint32_t *members;             /* ascending; owned */
    double fitness;                /* canonical value of members, after polishing */
    double raw_fitness;            /* before polishing */
    int64_t evaluations;           /* scored sets and swaps, polishing left out */
    int64_t polish_evaluations;
    double seconds; /* wall time of the algorithm with its polishing */
    ho_stop stopped_by;
    ho_trace_point *trace; /* each improvement of the best, thinned to a few hundred; owned */
    size_t trace_count;
} ho_search_result;

HO_API void ho_search_result_clear(ho_search_result *result); /* frees what it owns, zeroes it */

/* Called now and then, by one thread at a time, while searches run: share of the work done (0..1) and the best value
 * so far. */
typedef void (*ho_search_progress)(void *user, double share, double best);

/* Runs each of the algorithms on the problem, then polishes its result; one algorithm a thread, `threads` at once.
 * params[i] is the parameter struct of algorithms[i]. results[0..count-1] are zeroed memory of the caller's; on
 * success each holds a set of the problem, also when cancelled at once. HO_ERR_USAGE: no set can be chosen; one line
 * names what binds (K larger than the allowed candidates, includes not allowed or more than K, a grouping, conflicts)
 * with its numbers. Where groupings and conflicts leave but few sets, telling that there is none is not always a
 * proof: the line then says how large a set was found. On failure results are all cleared. */
HO_API HO_MUST_USE ho_status ho_search_all(const ho_problem *problem, const ho_objective *objective,
                                           const ho_algorithm *const *algorithms, const void *const *params,
                                           size_t count, const ho_budget *budget, uint64_t seed, int threads,
                                           ho_search_progress progress, void *user, ho_search_result *results,
                                           ho_error *err);

/* The set of K - 1 `members` with the candidate that is best beside them: K in `extended`, ascending, a start for the
 * problem. *found is false, and `extended` untouched, where nobody may join them. HO_ERR_MEMORY. */
HO_API HO_MUST_USE ho_status ho_search_extend(const ho_problem *problem, const ho_objective *objective,
                                              const uint32_t *members, uint32_t *extended, bool *found,
                                              ho_error *err);

/* The best set of the problem that K + 1 `members` leave when one of them goes: K in `reduced`, ascending. *found is
 * false, and `reduced` untouched, where none may go. HO_ERR_MEMORY. */
HO_API HO_MUST_USE ho_status ho_search_reduce(const ho_problem *problem, const ho_objective *objective,
                                              const uint32_t *members, uint32_t *reduced, bool *found,
                                              ho_error *err);

/* Number of sets of the problem (includes and allowed respected; groupings and conflicts are not looked at, so that
 * there may be fewer), or -1 when above `limit`. */
HO_API int64_t ho_search_space(const ho_problem *problem, int64_t limit);

/* Values every set of the problem; evaluations is their number. Ties: the lexicographically smallest. stopped_by is
 * HO_STOP_PROVEN, unless cancelled. HO_ERR_USAGE: as ho_search_all. */
HO_API HO_MUST_USE ho_status ho_search_enumerate(const ho_problem *problem, const ho_objective *objective,
                                                 const ho_budget *budget, int threads,
                                                 ho_search_result *result, ho_error *err);

#ifdef __cplusplus
}
#endif
#endif
