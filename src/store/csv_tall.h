/* A CSV file with a row a date and strategy, as databases write it. */
#ifndef HO_STORE_CSV_TALL_H
#define HO_STORE_CSV_TALL_H

#include "store/csv_judge.h"
#include "store/foreign_tall.h"

/* Whether the header has a date, a strategy and an amount, and few columns besides. */
bool ho_csv_is_tall(const ho_csv_header *header, ho_tall_columns *columns);

/* Whether a key or a strategy is a database's word for nothing. */
bool ho_csv_tall_null(const ho_load_options *options, const ho_csv_field *field);

/* Reads the table whose text, frame and header are there. HO_ERR_DATA also: a ragged row, an amount that is no number,
 * a row without a date or strategy. */
HO_MUST_USE ho_status ho_csv_read_tall(const ho_csv_table *table, const ho_tall_columns *columns,
                                       uint64_t hash, ho_panel **panel, ho_load_report *report,
                                       ho_error *err);

#endif
