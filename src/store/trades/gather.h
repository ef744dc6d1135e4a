/* Many trade logs of one kind as one table: a row a date (or date and zone), a column a strategy, a day's amounts
 * summed. */
#ifndef HO_STORE_TRADES_GATHER_H
#define HO_STORE_TRADES_GATHER_H

#include "store/trades/read.h"

#include <heavyopt/store.h>

typedef struct ho_gathered {
    ho_trade_file *files; /* owned; in the order given; their trades are gone */
    size_t *counts;       /* owned: trades of each file */
    size_t count;
    size_t trades, zoned;
    bool by_zone;
    ho_strings warnings;
} ho_gathered;

void ho_gathered_clear(ho_gathered *gathered);

/* Reads the files on `threads` threads; the table does not depend on their number. Settings are complete. Where no file
 * holds a trade *panel stays NULL, and the files say why. Rows of a kind without zones get one constant zone. */
HO_MUST_USE ho_status ho_trades_gather(const ho_trade_kind *kind, const ho_trade_settings *settings,
                                       const ho_strings *paths, int threads, ho_panel **panel,
                                       ho_load_report *report, ho_gathered *gathered, ho_error *err);

/* The zone of rows that have none. */
#define HO_TRADES_ALL_DAY "All"

#endif
