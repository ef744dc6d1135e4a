/* CSV files without a header, whose names come from elsewhere. */
#ifndef HO_STORE_CSV_HEADERLESS_H
#define HO_STORE_CSV_HEADERLESS_H

#include "store/csv_text.h"

/* The header of a text. `from`: a file whose first line is the header, or which has a name a line; else the names
 * themselves, with commas between. The caller frees *line. HO_ERR_DATA: the file cannot be read; HO_ERR_USAGE: fewer or
 * more names than the first row has fields. */
HO_MUST_USE ho_status ho_csv_header_line(const char *name, const char *from, const ho_csv_text *text,
                                         char **line, size_t *length, ho_error *err);

/* Puts it before the text. */
HO_MUST_USE ho_status ho_csv_put_header(const char *name, const char *from, int threads, ho_csv_text *text,
                                        ho_error *err);

#endif
