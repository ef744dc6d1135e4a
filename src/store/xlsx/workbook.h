/* XLSX workbooks: a ZIP archive of XML, read by minizip and expat. Cells come as texts, numbers keep the digits that
 * the file has. Formulas are not computed: their stored values are taken. */
#ifndef HO_STORE_XLSX_WORKBOOK_H
#define HO_STORE_XLSX_WORKBOOK_H

#include "store/xlsx/grid.h"

typedef struct ho_workbook ho_workbook;

/* What a file's first bytes say. */
typedef enum ho_sheet_file {
    HO_SHEETS_NOT, /* text, as far as one can see */
    HO_SHEETS_ZIP, /* an archive: a workbook, or a packed table */
    HO_SHEETS_OLD  /* the binary workbooks of Excel 97, and those locked by a password */
} ho_sheet_file;

ho_sheet_file ho_sheet_file_of(const char *bytes, size_t size);

/* One line for people: how to save an old workbook so that it can be read. */
extern const char ho_sheets_old_advice[];

/* The bytes stay the caller's and outlive the workbook. HO_ERR_DATA: damaged, or no workbook; HO_ERR_UNAVAILABLE. */
HO_MUST_USE ho_status ho_workbook_open(const char *name, const char *bytes, size_t size, ho_workbook **book,
                                       ho_error *err);
void ho_workbook_close(ho_workbook **book); /* accepts NULL and nulls */

size_t ho_workbook_sheets(const ho_workbook *book);
const char *ho_workbook_sheet(const ho_workbook *book, size_t i); /* its name */

/* The sheet of that name, blanks around it and case left aside; or ho_workbook_sheets(). */
size_t ho_workbook_find(const ho_workbook *book, const char *name);

/* HO_ERR_DATA: the sheet is damaged. The grid, zeroed before, is the caller's, also on failure, and outlives the
 * workbook. */
HO_MUST_USE ho_status ho_workbook_read(ho_workbook *book, size_t i, ho_cell_grid *grid, ho_error *err);

#endif
