/* A CSV file with a row a date and strategy, as databases write it. */
#ifndef HO_STORE_CSV_TALL_H
#define HO_STORE_CSV_TALL_H

#include "store/csv_judge.h"
#include "store/foreign_tall.h"

/* Whether the header has a date, a strategy and an amount, and few columns besides. */
bool ho_csv_is_tall(const ho_csv_header *header, ho_tall_columns *columns);

/* A table on its way, with room for a text whose quotes are doubled. */
typedef struct ho_csv_tall {
    ho_csv_table *t;
    ho_tall_columns columns;
    ho_pivot pivot;
    char *room; /* owned */
    size_t size;
} ho_csv_tall;

/* The table's text, frame and header are there; the table is borrowed. */
void ho_csv_tall_begin(ho_csv_table *table, const ho_tall_columns *columns, ho_csv_tall *tall);
void ho_csv_tall_clear(ho_csv_tall *tall);

/* Adds the rows of the table's frame, which may be one block after another. HO_ERR_DATA: a ragged row, an amount that is
 * no number, a row without a date or strategy. */
HO_MUST_USE ho_status ho_csv_tall_add(ho_csv_tall *tall, ho_error *err);
/* Makes the table's panel, and the report on it in place of the one so far. */
HO_MUST_USE ho_status ho_csv_tall_build(ho_csv_tall *tall, uint64_t hash, ho_error *err);

/* Whether a key or a strategy is a database's word for nothing. */
bool ho_csv_tall_null(const ho_load_options *options, const ho_csv_field *field);

#endif
