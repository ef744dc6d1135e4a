/* A folder of tables as one: every CSV file, then every workbook, side by side. */
#ifndef HO_STORE_FOLDER_H
#define HO_STORE_FOLDER_H

#include <heavyopt/store.h>

/* True for a folder that directly holds .csv or .xlsx files. */
bool ho_folder_knows(const char *path);

/* As ho_csv_read. Rows go together by date, start time and zone; a strategy has 0 in rows that its file lacks. Names
 * get FILE_ before them, by options->prefix. HO_ERR_DATA also: two columns of one name. */
HO_MUST_USE ho_status ho_folder_read(const char *path, const ho_load_options *options, int threads,
                                     ho_panel **panel, ho_load_report *report, ho_error *err);

#endif
