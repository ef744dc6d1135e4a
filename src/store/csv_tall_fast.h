/* Tall CSV files block by block, by several threads, and never the whole text in memory. Only files whose every line is
 * a plain row are read so; the others, and all that is wrong, are left to the general reader (csv_tall.h), which comes
 * to the same table and has the words for what it refuses. */
#ifndef HO_STORE_CSV_TALL_FAST_H
#define HO_STORE_CSV_TALL_FAST_H

#include "store/csv_text.h"

#include <heavyopt/store.h>

/* Whether the file has the header of a tall table. */
bool ho_csv_tall_knows(const char *path);

/* What a row of such a file takes at most: its cell, and its place in the matrix. */
enum { HO_CSV_TALL_A_ROW = 24 };

/* *done: the table is read. Else it is none of these files, has its header elsewhere, or has a fault, and panel and report are
 * untouched. */
HO_MUST_USE ho_status ho_csv_tall_read_file(const char *path, const ho_load_options *options, int threads,
                                            bool *done, ho_panel **panel, ho_load_report *report,
                                            ho_error *err);
HO_MUST_USE ho_status ho_csv_tall_read_text(const char *name, const ho_csv_text *text,
                                            const ho_load_options *options, int threads, bool *done,
                                            ho_panel **panel, ho_load_report *report, ho_error *err);

#endif
