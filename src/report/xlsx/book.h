/* The inside of the workbook: its formats, and tables written by columns. */
#ifndef HO_REPORT_XLSX_BOOK_H
#define HO_REPORT_XLSX_BOOK_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <xlsxwriter.h>

typedef enum ho_cell {
    HO_CELL_TEXT,
    HO_CELL_COUNT,
    HO_CELL_MONEY,
    HO_CELL_SHARE,
    HO_CELL_NUMBER,
    HO_CELL_DATE
} ho_cell;
enum { HO_CELLS = HO_CELL_DATE + 1 };

typedef struct ho_book {
    lxw_workbook *book;
    lxw_format *head, *formats[HO_CELLS];
    const json_t *root, *best, *details;
    const char *money; /* the heads' word for the unit of money */
} ho_book;

/* A column of a table: an entry of each object of a list, or of a list of values. */
typedef struct ho_book_column {
    const char *head; /* a final '$' stands for the unit of money */
    const char *key;
    ho_cell cell;
    double width;
} ho_book_column;

/* Null where memory runs out; the sheet's first row stays in view. */
lxw_worksheet *ho_book_sheet(const ho_book *book, const char *name);

/* Rows from `row` on: the heads, then an object of the list a row. */
void ho_book_objects(const ho_book *book, lxw_worksheet *sheet, const json_t *list,
                     const ho_book_column *columns, size_t count);
/* The same for an object of lists, a list a column. */
void ho_book_lists(const ho_book *book, lxw_worksheet *sheet, const json_t *object,
                   const ho_book_column *columns, size_t count);

void ho_book_head(const ho_book *book, lxw_worksheet *sheet, lxw_col_t column, const char *head,
                  double width);
void ho_book_value(const ho_book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, ho_cell cell,
                   const json_t *value);
void ho_book_number(const ho_book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, ho_cell cell,
                    double value);
void ho_book_text(const ho_book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                  const char *text);

/* The sheets, in the order of the workbook (sheets.c, equity.c, choices.c). */
void ho_sheet_summary(const ho_book *book);
void ho_sheet_portfolio(const ho_book *book);
void ho_sheet_equity(const ho_book *book);
void ho_sheet_metrics(const ho_book *book);
void ho_sheet_algorithms(const ho_book *book);
void ho_sheet_sizes(const ho_book *book);
void ho_sheet_choices(const ho_book *book);
void ho_sheet_months(const ho_book *book);
void ho_sheet_parts(const ho_book *book); /* zones and market regimes */
void ho_sheet_drawdowns(const ho_book *book);
void ho_sheet_correlation(const ho_book *book);

#endif
