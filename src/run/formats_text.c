#include "run/formats_text.h"

#include "base/error.h"
#include "base/strings.h"
#include "store/dates.h"
#include "store/formats.h"
#include "store/trades/kinds.h"

#include <heavyopt/store.h>
#include <string.h>

static void put_files(FILE *out)
{
    fputs("### Files\nA file is what its content says, whatever its name; in a folder, names choose.\n\n"
          "| format | known by | names in folders | written for | |\n| --- | --- | --- | --- | --- |\n",
          out);
    for (size_t i = 0; i < ho_file_format_count(); i++) {
        const ho_file_format *f = ho_file_format_at(i);
        fprintf(out, "| %s | %s | %s%s%s | %s | %s |\n", f->name, f->known_by, *f->endings != '\0' ? "`" : "",
                f->endings, *f->endings != '\0' ? "`" : "", f->written != NULL ? f->written : "", f->notes);
    }
}

/* Names of one meaning on one line. */
static void put_columns(FILE *out)
{
    fputs("\n### Columns\nKnown by name, in any place; case does not matter, and blank, `_` and `-` are one. "
          "All other columns of\n"
          "numbers are strategies.\n\n| name | meaning |\n| --- | --- |\n",
          out);
    for (int kind = HO_COLUMN_DATE; kind <= HO_COLUMN_DERIVED; kind++) {
        const char *comma = "| ", *name;
        ho_column_kind of = HO_COLUMN_VALUE;
        for (size_t i = 0; (name = ho_column_known_at(i, &of)) != NULL; i++) {
            if ((int)of != kind) continue;
            fprintf(out, "%s`%s`", comma, name);
            comma = ", ";
        }
        fprintf(out, " | %s |\n", ho_column_kind_meaning((ho_column_kind)kind));
    }
    fputs("\nIn tables with a row a date and strategy also:\n\n| name | meaning |\n| --- | --- |\n", out);
    const char *meaning = "", *name;
    for (size_t i = 0; (name = ho_tall_known_at(i, &meaning)) != NULL; i++)
        fprintf(out, "| `%s` | %s |\n", name, meaning);
}

static void put_dates(FILE *out)
{
    fputs("\n### Dates\nOne format for a whole column, the first that fits every row: ", out);
    for (int i = 0; i < HO_DATE_FORMAT_COUNT; i++)
        fprintf(out, "%s`%s`", i == 0 ? "" : ", ", ho_date_format_name(i));
    fputs(".\n", out);
}

static void put_skipped(FILE *out)
{
    fputs("\n### Reasons for which a column is left out\n", out);
    for (int i = 0; i < HO_SKIP_COUNT; i++)
        fprintf(out, "%s`%s`", i == 0 ? "" : ", ", ho_skip_reason_name((ho_skip_reason)i));
    fputs(".\n", out);
}

static const char *default_of(const ho_trade_kind *kind, const char *key)
{
    for (size_t i = 0; kind->defaults[i] != NULL; i += 2) {
        if (strcmp(kind->defaults[i], key) == 0) return kind->defaults[i + 1];
    }
    return "";
}

static void put_trades(FILE *out)
{
    static const char *const shapes[] = {
        [HO_TRADES_FILE] = "the file",
        [HO_TRADES_COLUMNS] = "the file and the column, from the 14th column on",
        [HO_TRADES_SHEETS] = "the sheet without `Trans`; not `Portfolio Trans`",
        [HO_TRADES_PORTFOLIO] =
            "the file, of `Portfolio Trans` where there is a `TV Setting`; else file and sheet"};
    fputs("\n### Trade logs\n| section | what | folder | files | sheet | date | amount | rows | strategy is "
          "called as | output |\n"
          "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
          out);
    for (size_t i = 0; i < ho_trade_kind_count(); i++) {
        const ho_trade_kind *k = ho_trade_kind_at(i);
        const char *time = default_of(k, "time_column_name");
        fprintf(out, "| `%s` | %s | `%s` | `%s` | %s | %s%s%s | %s | %s | %s | `%s` |\n", k->section,
                k->title, default_of(k, "folder"), k->endings, default_of(k, "sheet_name"),
                default_of(k, "date_column_name"), *time != '\0' ? ", " : "", time,
                default_of(k, "pnl_column_name"), k->only != NULL ? k->only : "all", shapes[k->shape],
                k->prefix);
    }
    fputs("\n| section | how dates are written | market | zones |\n| --- | --- | --- | --- |\n", out);
    for (size_t i = 0; i < ho_trade_kind_count(); i++) {
        const ho_trade_kind *k = ho_trade_kind_at(i);
        const char *dates = default_of(k, "date_format");
        fprintf(out, "| %d | `%s%s%s` | %s%s%s | %s%s%s |\n", k->number,
                *dates != '\0' ? dates : default_of(k, "date_format1"),
                k->zoned && *default_of(k, "time_format") != '\0' ? "` and `" : "",
                default_of(k, "time_format"), default_of(k, "market_open_time"), k->zoned ? " to " : "",
                default_of(k, "market_close_time"), default_of(k, "num_zones"), k->zoned ? " " : "",
                default_of(k, "zone_method"));
    }
    fputs("\n| key of a section | |\n| --- | --- |\n", out);
    ho_option_table table = ho_trade_option_table();
    for (size_t i = 0; i < table.count; i++)
        fprintf(out, "| `%s` | %s |\n", table.options[i].name, table.options[i].text);
}

ho_status ho_formats_text(char **text, ho_error *err)
{
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    put_files(t.file);
    put_columns(t.file);
    put_dates(t.file);
    put_skipped(t.file);
    put_trades(t.file);
    return ho_text_end(&t, text, err);
}
