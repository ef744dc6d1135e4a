/* Which columns of values stay. By then the cells are read; the reasons of the others go to the report. */
#ifndef HO_STORE_CSV_JUDGE_H
#define HO_STORE_CSV_JUDGE_H

#include "panel/panel.h"
#include "store/csv_cells.h"

/* A table on its way from text to panel. */
typedef struct ho_csv_table {
    const char *name;
    const ho_load_options *options;
    int threads;
    bool trusted; /* written by heavyopt: all that is no metadata is a strategy */
    ho_csv_text text;
    ho_csv_frame frame;
    ho_csv_header header;
    ho_csv_cells cells;
    ho_panel *panel;   /* as wide as cells.values until the columns are packed */
    ho_row_pile *pile; /* borrowed: where the numbers are that the panel lacks; NULL: it has them */
    uint8_t *open;     /* owned; a value column's part, see classify.h */
    ho_load_report report;
    ho_column_facts facts;
} ho_csv_table;

/* The numbers of the table, wherever they are. */
ho_row_source ho_csv_table_rows(const ho_csv_table *table);

void ho_csv_table_clear(ho_csv_table *table);

/* From cells to a finished panel and report, both still the table's: rows read and put in order, columns judged and
 * packed. hash: of the source's bytes. */
HO_MUST_USE ho_status ho_csv_table_judge(ho_csv_table *table, uint64_t hash, ho_error *err);

HO_MUST_USE ho_status ho_csv_check_options(const ho_load_options *options, ho_error *err);

/* Makes a value of a derived name that the options keep; reports the other columns that go by name. */
HO_MUST_USE ho_status ho_csv_judge_names(ho_csv_table *t, ho_error *err);

/* Index, empty, text and bad columns; rows are still those of the file. HO_ERR_DATA: a bad, infinite or NaN cell, a
 * missing one when that is an error, a column left out in spite of `strict`. */
HO_MUST_USE ho_status ho_csv_judge_cells(ho_csv_table *t, ho_error *err);

/* Derived and constant columns, and those past the limit; rows are those of the panel. Leaves t->facts. HO_ERR_DATA:
 * no strategy is left. */
HO_MUST_USE ho_status ho_csv_judge_content(ho_csv_table *t, ho_error *err);

#endif
