/* What the rows of a CSV table are: their dates, zones, regimes; their order; rows of one period made one. */
#ifndef HO_STORE_CSV_ROWS_H
#define HO_STORE_CSV_ROWS_H

#include "panel/panel.h"
#include "store/csv_cells.h"
#include "store/row_pile.h"

/* Fills panel->periods in the order of the file. HO_ERR_DATA: a date, time or number that does not read, with its
 * line. Warnings and the date format go to the report. */
HO_MUST_USE ho_status ho_csv_rows_read(const char *name, const ho_csv_text *text, const ho_csv_frame *frame,
                                       const ho_csv_header *header, const ho_csv_cells *cells,
                                       const char *date_format, ho_panel *panel, ho_load_report *report,
                                       ho_error *err);

/* Sorts the rows by (date, start, zone) and sums those that agree in all three. Labels are numbered as they then come
 * first, so that the order of a file's rows leaves no trace. pile: where the rows' numbers are, NULL: in the panel. */
HO_MUST_USE ho_status ho_csv_rows_arrange(const char *name, ho_panel *panel, ho_row_pile *pile,
                                          ho_load_report *report, ho_error *err);

#endif
