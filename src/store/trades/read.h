/* One trade log: a file's sheets, its header wherever it stands, its trades as rows of (date, zone, strategy, amount). */
#ifndef HO_STORE_TRADES_READ_H
#define HO_STORE_TRADES_READ_H

#include "store/trades/kinds.h"
#include "store/trades/zones.h"

typedef struct ho_trade {
    int32_t date, zone; /* zone: number among the file's labels, -1: none */
    uint32_t strategy;  /* number among the file's strategies */
    double amount;
} ho_trade;

/* What came of a file. Zeroed memory is empty. */
typedef struct ho_trade_file {
    char *path;            /* owned */
    ho_strings strategies; /* in the order in which they come */
    ho_strings zones;      /* labels */
    ho_trade *trades;      /* owned */
    size_t count, capacity;
    size_t zoned;                 /* trades in a zone proper */
    size_t other_rows;            /* rows of another sort, as entries where exits are wanted */
    size_t bad_dates, no_amounts; /* rows left out */
    char *first_bad;              /* owned: the first date that did not read, or NULL */
    ho_strings skipped; /* sheets that were left out: "sheet \"A Trans\": no column is called Net PNL" */
    char *pattern;      /* owned: how dates were written; NULL: all were true dates */
    char *refusal;      /* owned: why the whole file was left out, or NULL */
} ho_trade_file;

void ho_trade_file_clear(ho_trade_file *file);

/* Reads a file by the rules of a kind. A file that is none, lacks columns or has no readable trade is no failure: it
 * says so in `refusal`. HO_ERR_MEMORY, HO_ERR_UNAVAILABLE. */
HO_MUST_USE ho_status ho_trade_file_read(const char *path, const ho_trade_kind *kind,
                                         const ho_trade_settings *settings, const ho_zones *zones,
                                         ho_trade_file *file, ho_error *err);

/* An amount as trade logs write it: 1,234.50, (1,234.50), INR -5, Rs. 7, with a sign of rupees or dollars, a minus of
 * typographers. False: none. */
bool ho_trade_amount(const char *text, size_t length, double *amount);

#endif
