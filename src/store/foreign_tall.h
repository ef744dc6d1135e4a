/* Tall tables: a row a date and strategy. */
#ifndef HO_STORE_FOREIGN_TALL_H
#define HO_STORE_FOREIGN_TALL_H

#include "store/foreign_files.h"

/* The keys of a pivot come first. */
enum { HO_TALL_STRATEGY = HO_PIVOT_KEYS, HO_TALL_PNL, HO_TALL_COLUMNS };

typedef struct ho_tall_columns {
    size_t at[HO_TALL_COLUMNS]; /* SIZE_MAX: none */
} ho_tall_columns;

/* Which of the columns of a tall table a name is, or HO_TALL_COLUMNS. */
int ho_tall_column_of(const char *name, size_t length);

/* Whether there are a date, a strategy and an amount. */
bool ho_foreign_is_tall(const ho_foreign *foreign, ho_tall_columns *columns);

/* Amounts of one date (zone, start time) and strategy are summed. */
HO_MUST_USE ho_status ho_foreign_read_tall(const ho_foreign *foreign, const ho_tall_columns *columns,
                                           ho_table_source *source, const ho_load_options *options,
                                           int threads, ho_panel **panel, ho_load_report *report,
                                           ho_error *err);

/* Moves the moments of a column from UTC to its zone. Where the file does not name the zone, days whose moments are
 * all at one time are taken for days of a zone that begin there, with a warning. */
HO_MUST_USE ho_status ho_foreign_localize(const ho_foreign *foreign, size_t column, int32_t *days,
                                          int32_t *seconds, const uint8_t *null, ho_strings *warnings,
                                          ho_error *err);

#endif
