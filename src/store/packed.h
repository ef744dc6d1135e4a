/* Tables inside other files: the sheet of an XLSX workbook, the one file of a ZIP archive. */
#ifndef HO_STORE_PACKED_H
#define HO_STORE_PACKED_H

#include <heavyopt/store.h>

/* True for a file that begins as such a one, or as an old binary workbook, which is refused with advice. */
bool ho_packed_knows(const char *path);

/* As ho_csv_read. A workbook's table is the first sheet whose header names a date. */
HO_MUST_USE ho_status ho_packed_read(const char *path, const ho_load_options *options, int threads,
                                     ho_panel **panel, ho_load_report *report, ho_error *err);

#endif
