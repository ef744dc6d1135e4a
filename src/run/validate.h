/* The checks of `validate` and `selftest`, and their list. The reference engine (reference/) and the fast one are held
 * against each other here; neither knows of it. */
#ifndef HO_RUN_VALIDATE_H
#define HO_RUN_VALIDATE_H

#include "reference/reference.h"
#include "run/hooks.h"

#include <heavyopt/metrics.h>
#include <jansson.h>

typedef enum ho_check_result { HO_CHECK_PASSED, HO_CHECK_FAILED, HO_CHECK_SKIPPED } ho_check_result;

typedef struct ho_check {
    char test[48];
    ho_check_result result;
    char detail[1024]; /* the numbers: "25544 strategies x 82 days, largest difference 0" */
} ho_check;

typedef struct ho_checks {
    ho_check *items;
    size_t count;
} ho_checks;

/* Adds a line; HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_check_add(ho_checks *checks, const char *test, ho_check_result result, ho_error *err,
                                   const char *format, ...) __attribute__((format(printf, 5, 6)));
void ho_checks_clear(ho_checks *checks);
size_t ho_checks_failed(const ho_checks *checks);
size_t ho_checks_skipped(const ho_checks *checks);
const char *ho_check_word(ho_check_result result);         /* "passed" */
json_t *ho_checks_json(const ho_checks *checks);           /* [{test, status, details}]; NULL: no memory */
void ho_checks_print(const ho_checks *checks, FILE *file); /* a line each */

/* Two engines with the same table. */
typedef struct ho_engines {
    const ho_reference_table *reference;
    const ho_panel *panel; /* the fast engine's periods */
    size_t *columns;       /* the reference's column of each strategy of the panel */
    size_t *by_name;       /* ho_reference_order */
    ho_reference_goal goal;
    ho_fitness fitness; /* the same goal, as the fast engine says it */
    double tolerance;
} ho_engines;

/* Finds each strategy among the reference's columns: HO_ERR_DIFFERENCE names one that is not there. The caller clears
 * *engines, zeroed but for reference and panel, also on failure. */
HO_MUST_USE ho_status ho_engines_match(ho_engines *engines, ho_error *err);
void ho_engines_clear(ho_engines *engines);

/* Every value of the panel is the file's. */
HO_MUST_USE ho_status ho_check_values(const ho_engines *engines, const char *test, ho_checks *checks,
                                      ho_error *err);

/* Correlations of all pairs of a sample of columns (all of them up to a limit), and of the portfolio. */
HO_MUST_USE ho_status ho_check_correlations(const ho_engines *engines, int threads, ho_checks *checks,
                                            ho_error *err);

/* A portfolio's four measures and its fitness; `said` is the fitness that the search reported, NaN: none. Keeps the
 * largest difference in *worst. */
HO_MUST_USE ho_status ho_check_portfolio(const ho_engines *engines, const char *test, const uint32_t *members,
                                         size_t count, double said, ho_checks *checks, ho_error *err);

/* No swap makes the polished portfolio better by more than the tolerance, among all columns. */
HO_MUST_USE ho_status ho_check_optimum(const ho_engines *engines, const uint32_t *members, size_t count,
                                       ho_checks *checks, ho_error *err);

/* The members that a JSON array of names stands for, ascending; the caller frees. HO_ERR_DIFFERENCE: a name that the
 * panel does not have. */
HO_MUST_USE ho_status ho_members_of_json(const ho_panel *panel, const json_t *names, uint32_t **members,
                                         size_t *count, ho_error *err);

/* Old results (a run's folder of ours, or of the old optimizer) against both engines; `fresh` are the portfolios of
 * the run just made, {name: [members]} of the JSON document's algorithms. */
HO_MUST_USE ho_status ho_check_baseline(const ho_engines *engines, const char *folder, const json_t *fresh,
                                        ho_checks *checks, ho_error *err);

#endif
