/* The sheets of one file that hold trades: those of a workbook by their names, or the one of a CSV file. */
#ifndef HO_STORE_TRADES_SHEETS_H
#define HO_STORE_TRADES_SHEETS_H

#include "store/trades/kinds.h"
#include "store/xlsx/grid.h"

typedef struct ho_trade_sheets {
    const char *path; /* the caller's */
    char *bytes;      /* owned: the file */
    size_t size;
    struct ho_workbook *book; /* NULL: text */
    ho_strings names;         /* of the sheets; "" of text */
    ho_strings strategies;    /* what the sheet adds to the strategy's name, or "" */
    size_t *places;           /* owned: of the sheets in the workbook */
    size_t count;
} ho_trade_sheets;

/* HO_ERR_DATA: no such file, an old binary workbook, no sheet of the name that the kind wants. *sheets is the caller's
 * to close in either case. */
HO_MUST_USE ho_status ho_trade_sheets_open(const char *path, const ho_trade_kind *kind,
                                           const ho_trade_settings *settings, ho_trade_sheets *sheets,
                                           ho_error *err);
void ho_trade_sheets_close(ho_trade_sheets *sheets);

/* The cells of a sheet; the grid is the caller's and must not outlive the sheets. */
HO_MUST_USE ho_status ho_trade_sheet_read(ho_trade_sheets *sheets, size_t i, ho_cell_grid *grid,
                                          ho_error *err);

#endif
