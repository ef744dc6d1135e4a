/* The text of cells that messages may want to show, kept while a block's text is there. */
#ifndef HO_STORE_CSV_SAMPLE_H
#define HO_STORE_CSV_SAMPLE_H

#include "store/csv_judge.h"

/* Keeps those of the block that the table's text and frame are, as far as they are the first of their kind in a column. */
HO_MUST_USE ho_status ho_csv_keep_samples(ho_csv_table *table, ho_error *err);

#endif
