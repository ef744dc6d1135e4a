/* The kinds of trade logs that the earlier consolidator read, as a table: where each lies, what its files look like,
 * and the settings that a [FORMAT_n_...] section may change. docs/FORMATS.md tells the same to people. */
#ifndef HO_STORE_TRADES_KINDS_H
#define HO_STORE_TRADES_KINDS_H

#include <heavyopt/options.h>

/* How a file holds strategies. */
typedef enum ho_trade_shape {
    HO_TRADES_FILE, /* one strategy, called as the file: its only table, or the sheet that the settings name */
    HO_TRADES_COLUMNS, /* a column a strategy, from the 14th on, called FILE_COLUMN */
    HO_TRADES_SHEETS,  /* a sheet a strategy: those that end in "Trans", but "Portfolio Trans" */
    HO_TRADES_PORTFOLIO /* "Portfolio Trans" as one strategy where there is a "TV Setting" too, else as SHEETS, FILE_SHEET */
} ho_trade_shape;

/* What a section may say; texts are owned, NULL where nothing is said. Lists are separated by commas. */
typedef struct ho_trade_settings {
    char *folder, *sheet_name;
    char *date_column_name, *time_column_name, *pnl_column_name, *entry_column_name;
    char *date_format, *date_format1, *date_format2, *time_format;
    char *market_open_time, *market_close_time, *zone_method;
    int64_t num_zones;
    char *freeform_zone_boundaries, *custom_zone_windows, *merge_keys;
} ho_trade_settings;

ho_option_table ho_trade_option_table(void); /* fields of ho_trade_settings; they have no defaults */

typedef struct ho_trade_kind {
    int number;
    const char *section; /* "FORMAT_1_BACKINZO_CSV" */
    const char *title;   /* for people */
    const char *prefix;  /* of the output's name */
    const char *endings; /* of its files: ".csv .xls"; ".xls" stands for .xlsx and .xlsm too */
    ho_trade_shape shape;
    const char *only; /* rows whose second column holds this word; NULL: all */
    bool zoned;
    const char *defaults[2 * 12 + 1]; /* key, value, ..., NULL */
} ho_trade_kind;

size_t ho_trade_kind_count(void);
const ho_trade_kind *ho_trade_kind_at(size_t i);

/* The kind of a section "FORMAT_7_anything", by its number; NULL: none. */
const ho_trade_kind *ho_trade_kind_of_section(const char *section);

/* Fills what the settings do not say with the kind's defaults. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_trade_settings_complete(const ho_trade_kind *kind, ho_trade_settings *settings,
                                                 ho_error *err);

/* Whether the kind reads files of that name. */
bool ho_trade_kind_takes(const ho_trade_kind *kind, const char *name);

#endif
