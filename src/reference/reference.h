/* Everything that `validate` compares, computed a second time from the CSV file's own text. */
#ifndef HO_REFERENCE_REFERENCE_H
#define HO_REFERENCE_REFERENCE_H

#include <heavyopt/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The columns of a CSV file that are not dates, zones, days or regimes, in the order of the file. Rows of one date
 * are summed, dates ascend. A cell that is no number is NaN; an empty one is 0. */
typedef struct ho_reference_table {
    size_t periods, columns;
    int32_t *dates; /* days since 1970-01-01 */
    char **names;   /* a name that comes again is "name.1", "name.2" */
    double *values; /* column j is values[j * periods] .. */
} ho_reference_table;

/* *table is zeroed memory; the caller clears it, also on failure. HO_ERR_DATA: no plain CSV file with a Date column. */
HO_MUST_USE ho_status ho_reference_read(const char *path, ho_reference_table *table, ho_error *err);
void ho_reference_clear(ho_reference_table *table);

/* The number of the column of that name, or SIZE_MAX. `order` is what ho_reference_order made. */
size_t *ho_reference_order(const ho_reference_table *table); /* the caller frees it; NULL: no memory */
size_t ho_reference_find(const ho_reference_table *table, const size_t *order, const char *name);

/* Of the sum of the columns: rupees. Profit factor without losses is infinite, without gains too NaN. */
typedef struct ho_reference_measures {
    double total_roi, max_drawdown, win_rate, profit_factor;
} ho_reference_measures;

ho_reference_measures ho_reference_measure(const ho_reference_table *table, const size_t *members,
                                           size_t count);

/* Pearson's correlation of two columns; 0 where one is constant. */
double ho_reference_correlation(const ho_reference_table *table, size_t a, size_t b);

/* The fitness kinds that the reference knows; names as the options of optimize. */
typedef struct ho_reference_goal {
    bool ratio_fitness; /* --fitness ratio in place of legacy */
    const char *metric; /* of the legacy fitness: "ratio", "roi", "less max dd", ... */
    double drawdown_threshold;
} ho_reference_goal;

double ho_reference_fitness(const ho_reference_table *table, const ho_reference_goal *goal,
                            const size_t *members, size_t count);

/* The largest fitness that one swap of a member for one of the `allowed` columns reaches. -INFINITY: there is none.
 * HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_reference_best_swap(const ho_reference_table *table, const ho_reference_goal *goal,
                                             const size_t *members, size_t count, const size_t *allowed,
                                             size_t allowed_count, double *best, ho_error *err);

#endif
