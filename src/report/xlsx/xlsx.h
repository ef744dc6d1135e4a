/* The workbook of a run, by libxlsxwriter. A build without it links absent.c. */
#ifndef HO_REPORT_XLSX_H
#define HO_REPORT_XLSX_H

#include <heavyopt/status.h>
#include <jansson.h>

/* "1.1.4"; NULL: not in this build. */
const char *ho_xlsx_version(void);

/* Numbers are numbers, dates are dates, and no text of the user's is ever a formula. HO_ERR_IO, HO_ERR_MEMORY;
 * HO_ERR_UNAVAILABLE without the library. */
HO_MUST_USE ho_status ho_write_workbook(const json_t *document, const char *path, ho_error *err);

#endif
