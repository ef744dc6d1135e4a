/* Which columns of a table are strategies: by name before the cells are read, by content after. Knows no files. */
#ifndef HO_STORE_CLASSIFY_H
#define HO_STORE_CLASSIFY_H

#include "store/row_pile.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum ho_column_kind {
    HO_COLUMN_VALUE, /* a strategy, if its content does not say otherwise */
    HO_COLUMN_DATE,
    HO_COLUMN_ZONE,
    HO_COLUMN_DAY,
    HO_COLUMN_START,
    HO_COLUMN_END,
    HO_COLUMN_REGIME,
    HO_COLUMN_CONFIDENCE,
    HO_COLUMN_TRANSITION,
    HO_COLUMN_CAPITAL,
    HO_COLUMN_META_COUNT,                       /* the kinds above, but VALUE, are at most once in a table */
    HO_COLUMN_PARTITION = HO_COLUMN_META_COUNT, /* hive's year, month: metadata that nothing is read from */
    HO_COLUMN_LABEL,                            /* symbol, ticker */
    HO_COLUMN_DERIVED                           /* the name of a total, an equity curve, a drawdown */
} ho_column_kind;

/* Names are compared without regard to case, and with ' ', '_' and '-' equal. */
ho_column_kind ho_column_kind_of(const char *name, size_t length);

/* What the columns of a table hold, an item a column. */
typedef struct ho_column_facts {
    double *least, *most; /* smallest and largest cell */
    uint64_t *hash;       /* of the column's bytes: equal columns have equal hashes */
    bool *sum, *running;  /* varies as the sum of the other open columns, as its running sum (to 1e-6) */
    double *sums; /* of each row, over the open columns; unset where no derived column is looked for */
    void *block;  /* owned: all of the above */
} ho_column_facts;

/* A column's part in the search for derived ones. */
enum { HO_COLUMN_CLOSED, HO_COLUMN_OPEN, HO_COLUMN_KEPT /* in the sums, but never called derived */ };

/* One pass over the rows, on `threads` threads; the same bits on any number of them, wherever the rows are. Closed columns are left out of
 * the sums. sum and running are tried from 3 rows and 10 open columns on. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_column_facts_find(const ho_row_source *rows, const uint8_t *open, int threads,
                                           ho_column_facts *facts, ho_error *err);
void ho_column_facts_clear(ho_column_facts *facts);

/* A derived column by content, or SIZE_MAX; *why is its reason as a text for people. One at a time: close it and ask
 * again with new facts. A total would hide behind a second one. */
typedef struct ho_derived {
    size_t column;
    char why[96];
} ho_derived;
HO_MUST_USE ho_status ho_derived_find(const ho_row_source *rows, const uint8_t *open,
                                      const ho_column_facts *facts, ho_derived *derived, ho_error *err);

/* The number of items equal to an earlier one. */
HO_MUST_USE ho_status ho_count_repeated(const uint64_t *hash, size_t count, int64_t *repeated, ho_error *err);

#endif
