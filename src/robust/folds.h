/* Which days are trained on and which are tested, split by split. A day here is a date of the table; a split says of each
 * whether it is used, and how. */
#ifndef HO_ROBUST_FOLDS_H
#define HO_ROBUST_FOLDS_H

#include <heavyopt/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum ho_fold_use { HO_FOLD_UNUSED, HO_FOLD_TRAIN, HO_FOLD_TEST } ho_fold_use;

/* Walk-forward windows: training days, then (after `purge` days) the days that are tested, then the same further on. */
typedef struct ho_walk_plan {
    size_t train, test; /* their lengths; 0: chosen so that there are `folds` of them (see ho_folds_walk) */
    bool
        months; /* of train and test: calendar months and not days; the first day's month is the first, whole or not */
    size_t folds;
    size_t purge;  /* days left out of training before each test */
    bool anchored; /* training begins on the first day always */
} ho_walk_plan;

typedef struct ho_folds {
    size_t days, count; /* splits */
    uint8_t *use;       /* count x days: ho_fold_use */
    size_t groups,
        paths;     /* combinatorial: of days; ways through all groups by splits that test them. 0 otherwise */
    size_t *first; /* groups + 1: the days of group g are first[g] .. first[g+1]-1 */
    uint32_t *path; /* paths x groups: the split whose result is that path's in the group */
} ho_folds;

/* Windows in order of time; the last one tests what days are left, one at least. Without a length for testing it is
 * half of the days over `folds`, without one for training what is left (days, not months). HO_ERR_USAGE: no room for a
 * training day and a test day. The caller clears *out. */
HO_MUST_USE ho_status ho_folds_walk(const ho_walk_plan *plan, const int32_t *dates, size_t days,
                                    ho_folds *out, ho_error *err);

/* Combinatorial purged cross-validation: M. Lopez de Prado, "Advances in Financial Machine Learning", 2018, chapter 12.
 * `groups` neighbouring groups of equal length, the last one with the rest; each choice of `tested` of them is a split,
 * in lexicographic order, and trains on the others, without `purge` days before and after a tested stretch and `embargo`
 * days more after it. Path p goes through the groups by the p-th split that tests each. HO_ERR_USAGE: groups that are too
 * short, or a split without training days. */
HO_MUST_USE ho_status ho_folds_combine(size_t days, size_t groups, size_t tested, size_t purge,
                                       size_t embargo, ho_folds *out, ho_error *err);
void ho_folds_clear(ho_folds *folds);

/* The uses of a split's days. */
const uint8_t *ho_folds_uses(const ho_folds *folds, size_t split);
size_t ho_folds_count(const ho_folds *folds, size_t split, ho_fold_use use);

#endif
