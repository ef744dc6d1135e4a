/* Tables of other programs: Parquet and Arrow files, folders of Parquet files, streams of the C Data Interface. Wide
 * (a column a strategy) or tall (a row a date and strategy). */
#ifndef HO_STORE_FOREIGN_H
#define HO_STORE_FOREIGN_H

#include "bridge/arrow/table.h"

#include <heavyopt/store.h>

/* The key of the note in files that heavyopt exported, "wide" or "tall": all that is no metadata is a strategy. */
#define HO_NOTE_EXPORT "heavyopt.export"

/* True for a file that begins like one of these, or a folder with Parquet files. */
bool ho_foreign_knows(const char *path);

/* As ho_csv_read. HO_ERR_UNAVAILABLE: a build without Arrow. */
HO_MUST_USE ho_status ho_foreign_read(const char *path, const ho_load_options *options, int threads,
                                      ho_panel **panel, ho_load_report *report, ho_error *err);

/* The same for a table that is open, which is closed here. */
HO_MUST_USE ho_status ho_foreign_read_table(const char *name, ho_arrow_table *table,
                                            const ho_load_options *options, int threads, ho_panel **panel,
                                            ho_load_report *report, ho_error *err);

#endif
