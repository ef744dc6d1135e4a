#include "store/trades/kinds.h"

#include "base/strings.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TEXT(field, sentence)                                                                             \
    {                                                                                                     \
#field, 0, "TEXT", sentence, HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(ho_trade_settings, field) \
    }

/* clang-format off */
static const ho_option options[] = {
    TEXT(folder, "The folder of its files, below Input."),
    TEXT(sheet_name, "The sheet of a workbook that holds the trades."),
    TEXT(date_column_name, "The column of dates."),
    TEXT(time_column_name, "The column of times, where the date's has none."),
    TEXT(pnl_column_name, "The column of amounts; of several names the first that is there."),
    TEXT(entry_column_name, "Accepted, and not used."),
    TEXT(date_format, "How dates are written, as %Y-%m-%d; of several the one that reads most rows."),
    TEXT(date_format1, "More of them."),
    TEXT(date_format2, "More of them."),
    TEXT(time_format, "How times are written, as %H:%M:%S."),
    TEXT(market_open_time, "The market's opening."),
    TEXT(market_close_time, "The market's close, which is outside."),
    TEXT(zone_method, "How the day is cut into zones: equal, freeform or custom."),
    {"num_zones", 0, "N", "Zones of the method equal.", HO_OPTION_INT, 0, 1440, NULL, NULL, offsetof(ho_trade_settings, num_zones)},
    TEXT(freeform_zone_boundaries, "Of the method freeform: HH:MM,HH:MM,..."),
    TEXT(custom_zone_windows, "Of the method custom: HH:MM-HH:MM,..."),
    TEXT(merge_keys, "What tells rows of the table apart: Date,Zone or Date,Day."),
};

#define INDIA "%d-%b-%Y %H:%M:%S,%Y-%m-%d %H:%M:%S,%d-%b-%Y,%d/%m/%Y,%m/%d/%Y,%Y/%m/%d"
#define CHART "%Y-%m-%d %H:%M:%S,%d-%m-%Y %H:%M:%S,%Y-%m-%d %H:%M,%d-%m-%Y %H:%M"
#define PROFITS "Profit INR,Profit USD,Profit_,Profit"

static const ho_trade_kind kinds[] = {
    {1, "FORMAT_1_BACKINZO_CSV", "Backinzo, a strategy a file", "Backinzo_Consolidated", ".csv", HO_TRADES_FILE, NULL, false,
     {"folder", "Backinzo_Files", "date_column_name", "Date", "pnl_column_name", "P/L", "date_format1", INDIA}},
    {2, "FORMAT_2_PYTHON_XLSX", "Python backtest, the portfolio's trades", "Python_Consolidated", ".xls", HO_TRADES_FILE, NULL, false,
     {"folder", "Python_Files", "sheet_name", "PORTFOLIO Trans", "date_column_name", "Exit Date", "pnl_column_name", "Net PNL",
      "date_format", "%Y-%m-%d"}},
    {3, "FORMAT_3_TRADING_VIEW_CSV", "TradingView, list of trades", "TradingView_Consolidated", ".csv .xls", HO_TRADES_FILE, "exit", false,
     {"folder", "TV_Files", "sheet_name", "List of trades", "date_column_name", "Date/Time", "pnl_column_name", PROFITS,
      "date_format", CHART}},
    {4, "FORMAT_4_CONSOLIDATED_XLSX", "Consolidated workbook", "Consolidated_Excel", ".xls", HO_TRADES_FILE, NULL, false,
     {"folder", "Consolidated_Files", "sheet_name", "2.1", "date_column_name", "Date", "pnl_column_name", "Profit",
      "date_format", "%d-%m-%Y"}},
    {5, "FORMAT_5_BACKINZO_Multi_CSV", "Backinzo, a strategy a column", "Backinzo_multi_consolidated", ".csv", HO_TRADES_COLUMNS, NULL, false,
     {"folder", "Backinzo_Multi_Files", "date_column_name", "Date", "date_format1", INDIA}},
    {6, "FORMAT_6_PYTHON_MULTI_XLSX", "Python backtest, a strategy a sheet", "Python_Multi_Consolidated", ".xls", HO_TRADES_SHEETS, NULL, false,
     {"folder", "Python_Multi_Files", "date_column_name", "Exit Date", "pnl_column_name", "Net PNL", "date_format", "%Y-%m-%d"}},
    {7, "FORMAT_7_TradingView_Zone", "TradingView by zone of entry", "TV_Zone_Consolidated", ".xlsx", HO_TRADES_FILE, "entry", true,
     {"folder", "TV_Zone_Files", "sheet_name", "List of trades", "date_column_name", "Date/Time", "pnl_column_name", PROFITS,
      "date_format", "%Y-%m-%d %H:%M:%S", "market_open_time", "16:00:00", "market_close_time", "23:30:00", "zone_method", "equal",
      "num_zones", "4", "merge_keys", "Date,Zone"}},
    {8, "FORMAT_8_PYTHON_MULTI_ZONE_XLSX", "Python backtest by zone of entry", "python_zone_consolidated", ".xls", HO_TRADES_PORTFOLIO, NULL, true,
     {"folder", "Python_Multi_Zone_Files", "date_column_name", "Entry Date", "time_column_name", "Enter On", "pnl_column_name", "PNL",
      "date_format", "%Y-%m-%d", "time_format", "%H:%M:%S", "market_open_time", "09:15:00", "market_close_time", "15:30:00",
      "zone_method", "equal", "num_zones", "4", "merge_keys", "Date,Zone"}},
};
/* clang-format on */

ho_option_table ho_trade_option_table(void)
{
    return (ho_option_table){options, sizeof options / sizeof *options};
}

size_t ho_trade_kind_count(void)
{
    return sizeof kinds / sizeof *kinds;
}

const ho_trade_kind *ho_trade_kind_at(size_t i)
{
    return &kinds[i];
}

const ho_trade_kind *ho_trade_kind_of_section(const char *section)
{
    static const char start[] = "FORMAT_";
    if (strncasecmp(section, start, sizeof start - 1) != 0) return NULL;
    char *end;
    long number = strtol(section + sizeof start - 1, &end, 10);
    for (size_t i = 0; i < ho_trade_kind_count(); i++) {
        if (kinds[i].number == number && (*end == '_' || *end == '\0')) return &kinds[i];
    }
    return NULL;
}

static bool is_set(const ho_option *option, const ho_trade_settings *settings)
{
    const char *field = (const char *)settings + option->offset;
    return option->type == HO_OPTION_INT ? *(const int64_t *)(const void *)field != 0
                                         : *(char *const *)(const void *)field != NULL;
}

/* A section that names dates of its own means these alone. */
static bool is_date_format(const char *key)
{
    return strncmp(key, "date_format", 11) == 0;
}

ho_status ho_trade_settings_complete(const ho_trade_kind *kind, ho_trade_settings *settings, ho_error *err)
{
    bool own_dates =
        settings->date_format != NULL || settings->date_format1 != NULL || settings->date_format2 != NULL;
    for (size_t i = 0; kind->defaults[i] != NULL; i += 2) {
        const ho_option *option = ho_options_find(ho_trade_option_table(), kind->defaults[i]);
        if (is_set(option, settings) || (own_dates && is_date_format(option->name))) continue;
        const char *value = kind->defaults[i + 1];
        ho_status status = ho_options_set(ho_trade_option_table(), settings, option->name, value, err);
        if (status != HO_OK) return status;
    }
    return HO_OK;
}

bool ho_trade_kind_takes(const ho_trade_kind *kind, const char *name)
{
    const char *dot = strrchr(name, '.');
    if (dot == NULL || *name == '.' || *name == '~') return false; /* of Excel's own lock files */
    bool sheets = strncasecmp(dot, ".xls", 4) == 0;
    if (strcasecmp(dot, ".csv") == 0) return strstr(kind->endings, ".csv") != NULL;
    if (!sheets) return false;
    return strcmp(kind->endings, ".xlsx") == 0 ? strcasecmp(dot, ".xlsx") == 0
                                               : strstr(kind->endings, ".xls") != NULL;
}
