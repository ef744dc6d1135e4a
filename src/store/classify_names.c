/* Column names with a meaning of their own. */
#include "store/formats.h"

#include <string.h>

typedef struct known_name {
    const char *name; /* folded: lower case, '_' for blank and '-' */
    ho_column_kind kind;
} known_name;

static const known_name known[] = {
    {"date", HO_COLUMN_DATE},
    {"date_col", HO_COLUMN_DATE}, /* as databases write names that are words of SQL */
    {"trading_date", HO_COLUMN_DATE},
    {"trade_date", HO_COLUMN_DATE},
    {"zone", HO_COLUMN_ZONE},
    {"zone_name", HO_COLUMN_ZONE},
    {"day", HO_COLUMN_DAY},
    {"day_col", HO_COLUMN_DAY},
    {"start_time", HO_COLUMN_START},
    {"end_time", HO_COLUMN_END},
    {"market_regime", HO_COLUMN_REGIME},
    {"regime_confidence_%", HO_COLUMN_CONFIDENCE},
    {"regime_confidence_pct", HO_COLUMN_CONFIDENCE}, /* as databases without '%' write it */
    {"market_regime_transition_threshold", HO_COLUMN_TRANSITION},
    {"capital", HO_COLUMN_CAPITAL},
    {"year", HO_COLUMN_PARTITION},
    {"month", HO_COLUMN_PARTITION},
    {"symbol", HO_COLUMN_LABEL},
    {"symbols", HO_COLUMN_LABEL},
    {"ticker", HO_COLUMN_LABEL},
    {"tickers", HO_COLUMN_LABEL},
    {"portfolio_drawdown", HO_COLUMN_DERIVED},
    {"portfolio_return", HO_COLUMN_DERIVED},
    {"portfolio_returns", HO_COLUMN_DERIVED},
    {"portfolio_pnl", HO_COLUMN_DERIVED},
    {"portfolio_equity", HO_COLUMN_DERIVED},
    {"portfolio_value", HO_COLUMN_DERIVED},
    {"cumulative_pnl", HO_COLUMN_DERIVED},
    {"cumulative_return", HO_COLUMN_DERIVED},
    {"cumulative_returns", HO_COLUMN_DERIVED},
    {"equity", HO_COLUMN_DERIVED},
    {"equity_curve", HO_COLUMN_DERIVED},
    {"drawdown", HO_COLUMN_DERIVED},
    {"max_drawdown", HO_COLUMN_DERIVED},
    {"total", HO_COLUMN_DERIVED},
    {"total_pnl", HO_COLUMN_DERIVED},
    {"total_profit", HO_COLUMN_DERIVED},
    {"grand_total", HO_COLUMN_DERIVED},
    {"row_total", HO_COLUMN_DERIVED},
    {"index", HO_COLUMN_DERIVED},
    {"idx", HO_COLUMN_DERIVED},
};

enum { LONGEST = 34 };

static char folded(char c)
{
    if (c == ' ' || c == '-') return '_';
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

ho_column_kind ho_column_kind_of(const char *name, size_t length)
{
    if (length == 0 || length > LONGEST) return HO_COLUMN_VALUE;
    char text[LONGEST];
    for (size_t i = 0; i < length; i++)
        text[i] = folded(name[i]);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const char *k = known[i].name;
        if (k[0] == text[0] && strlen(k) == length && memcmp(k, text, length) == 0) return known[i].kind;
    }
    return HO_COLUMN_VALUE;
}

const char *ho_column_known_at(size_t i, ho_column_kind *kind)
{
    if (i >= sizeof known / sizeof *known) return NULL;
    *kind = known[i].kind;
    return known[i].name;
}
