/* The Parquet store from inside: which files a store has, which columns, which notes, and how their contents are
 * checked. docs/STORE.md tells the same to people. Page checksums cover pages only, neither their headers nor the
 * footer; so each table's content has a hash, and all hashes meet in the notes of strategies.parquet, which are
 * hashed too: what is read is what was written, or an error. */
#ifndef HO_STORE_PARQUET_H
#define HO_STORE_PARQUET_H

#include "bridge/arrow/arrow.h"
#include "panel/panel.h"
#include "store/row_pile.h"

#include <heavyopt/store.h>
#define XXH_STATIC_LINKING_ONLY /* the streaming state on the stack */
#include <xxhash.h>

#define HO_STORE_FORMAT "1"

/* The columns, in order. */
enum { PNL_DATE, PNL_PERIOD, PNL_STRATEGY, PNL_VALUE, PNL_COLUMNS };
enum {
    STRATEGY_ID,
    STRATEGY_NAME,
    STRATEGY_GROUP,
    STRATEGY_START,
    STRATEGY_END,
    STRATEGY_STOP_LOSS,
    STRATEGY_TAKE_PROFIT,
    STRATEGY_SOURCE,
    STRATEGY_COLUMNS
};
enum {
    PERIOD_ID,
    PERIOD_DATE,
    PERIOD_START,
    PERIOD_END,
    PERIOD_DAY,
    PERIOD_ZONE,
    PERIOD_REGIME,
    PERIOD_CONFIDENCE,
    PERIOD_THRESHOLD,
    PERIOD_CAPITAL,
    PERIOD_COLUMNS
};
extern const ho_parquet_column ho_pnl_columns[PNL_COLUMNS];
extern const ho_parquet_column ho_strategy_columns[STRATEGY_COLUMNS];
extern const ho_parquet_column ho_period_columns[PERIOD_COLUMNS];

/* The notes of strategies.parquet, in the order in which they are hashed. */
enum {
    NOTE_FORMAT,
    NOTE_VERSION,
    NOTE_SOURCE,
    NOTE_BYTES,
    NOTE_MTIME,
    NOTE_HASH,
    NOTE_REPORT, /* the load report, JSON */
    NOTE_CACHE,  /* what the cache wants to know again, or "" */
    NOTE_STORE,  /* counts and the hashes of the other files, JSON */
    NOTE_COUNT
};
extern const char *const ho_store_notes[NOTE_COUNT];
#define HO_NOTE_CHECK  "heavyopt.check"
#define HO_NOTE_LABELS "heavyopt.labels"
#define HO_NOTE_ROWS \
    "heavyopt.rows" /* of a part: the hashes of its rows, so that some of them can be read alone */

/* A file of the pnl table: the periods first .. first + count - 1. */
typedef struct ho_store_part {
    size_t first, count;
    char path[48]; /* inside the store */
    uint64_t hash;
} ho_store_part;

/* The parts of these periods, a month each or a single one; hashes 0. The caller frees them. HO_ERR_DATA: dates
 * descend, or lie outside the years 1 to 9999. */
HO_MUST_USE ho_status ho_store_parts(const ho_period *periods, size_t count, bool by_month,
                                     ho_store_part **parts, size_t *part_count, ho_error *err);

/* Hashes of content, the same however the rows are grouped and coded. */
uint64_t ho_hash_row(const double *row, size_t strategies);
uint64_t ho_hash_part(const uint64_t *row_hashes, size_t count);
uint64_t ho_hash_periods(const ho_period *periods, size_t count, const ho_strings *zones,
                         const ho_strings *regimes);
uint64_t ho_hash_head(const ho_panel *panel, const char *const notes[NOTE_COUNT]);

#define HO_HEX_SIZE 17
const char *ho_hex_print(uint64_t number, char out[HO_HEX_SIZE]); /* 16 digits; returns out */

/* As ho_store_write, with a note of the cache ("" when it is none of the cache's). */
HO_MUST_USE ho_status ho_store_write_noted(const char *folder, const ho_panel *panel,
                                           const ho_load_report *report, const ho_store_options *options,
                                           const char *cache_note, ho_error *err);

/* The same for a panel whose numbers are elsewhere. */
HO_MUST_USE ho_status ho_store_write_rows(const char *folder, const ho_panel *panel,
                                          const ho_row_source *rows, const ho_load_report *report,
                                          const ho_store_options *options, const char *cache_note,
                                          ho_error *err);

/* Reads a store. The report is the one that was written, but for `seconds` and `from_cache`, which stay zero. */
HO_MUST_USE ho_status ho_store_read(const char *folder, int threads, ho_panel **panel, ho_load_report *report,
                                    ho_error *err);

/* The same for a part; a store is read no further than it needs. NULL: the whole. */
struct ho_extract;
HO_MUST_USE ho_status ho_store_read_part(const char *folder, const struct ho_extract *extract, int threads,
                                         ho_panel **panel, ho_load_report *report, ho_error *err);

/* The cache's note of a store and the version that wrote it, not yet checked against the content. The caller frees
 * both. */
HO_MUST_USE ho_status ho_store_cache_note(const char *folder, char **note, char **version, ho_error *err);

/* The files of a store on this machine that hold the values of these periods, in order; none where it has no such files.
 * Nothing of them is read. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_store_pnl_files(const char *folder, const ho_panel *panel, ho_strings *paths,
                                         ho_error *err);

/* True for a folder with the files of a store. */
bool ho_store_looks_like(const char *folder);

#endif
