/* report.html: the page that a trader decides from. One file, no network; it works without scripts, which add sorting
 * and values under the pointer. */
#include "base/error.h"
#include "report/page.h"
#include "report/writers.h"

#include <math.h>
#include <string.h>

/* A list of the document or its details with two entries. */
static bool has_list(const ho_page *page, const char *list)
{
    const json_t *of_details = json_object_get(page->details, list);
    return json_array_size(of_details != NULL ? of_details : json_object_get(page->root, list)) > 1;
}

static bool has_correlation(const ho_page *page)
{
    return has_list(page, "correlation");
}

static bool has_sizes(const ho_page *page)
{
    return has_list(page, "sizes");
}

static bool has_windows(const ho_page *page)
{
    return has_list(page, "open_positions");
}

static bool has_rivals(const ho_page *page)
{
    return json_is_object(json_object_get(page->details, "best_singles"));
}

static bool has_zones(const ho_page *page)
{
    return json_is_object(json_object_get(page->root, "zones"));
}

static bool has_kelly(const ho_page *page)
{
    return json_is_object(json_object_get(page->root, "kelly"));
}

static bool has_inversion(const ho_page *page)
{
    return json_is_object(json_object_get(page->root, "inversion"));
}

static void put_periods(const ho_page *page)
{
    ho_page_results(page);
    ho_page_extremes(page);
}

/* The parts in their order; a part that has nothing to show has no place either. */
static const struct {
    const char *anchor, *name;
    void (*put)(const ho_page *page);
    bool (*is_there)(const ho_page *page); /* NULL: always */
} parts[] = {{"equity", "Equity", ho_page_equity, NULL},
             {"held", "Held up?", ho_page_held, ho_page_has_held},
             {"drawdowns", "Drawdowns", ho_page_drawdowns, NULL},
             {"rivals", "Other choices", ho_page_rivals, has_rivals},
             {"members", "Strategies", ho_page_members, NULL},
             {"day", "Day", ho_page_day, has_windows},
             {"parts", "Zones and regimes", ho_page_parts, ho_page_has_parts},
             {"correlation", "Correlation", ho_page_correlation, has_correlation},
             {"results", "Results", put_periods, NULL},
             {"calendar", "Months", ho_page_calendar, NULL},
             {"algorithms", "How found", ho_page_algorithms, NULL},
             {"sizes", "Sizes", ho_page_sizes, has_sizes},
             {"zones", "Zones", ho_page_zones, has_zones},
             {"kelly", "Sizing", ho_page_kelly, has_kelly},
             {"inversion", "Turned round", ho_page_inversion, has_inversion},
             {"metrics", "Measures", ho_page_metrics, NULL},
             {"origin", "Data and settings", ho_page_origin, NULL}};
enum { PARTS = sizeof parts / sizeof *parts };

static bool is_there(const ho_page *page, size_t part)
{
    return parts[part].is_there == NULL || parts[part].is_there(page);
}

static void put_head(const ho_page *page)
{
    const json_t *input = json_object_get(page->root, "input");
    const char *path = ho_page_string(input, "path"), *slash = strrchr(path, '/');
    const char *name = slash != NULL && slash[1] != '\0' ? slash + 1 : path;
    fputs("<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8>\n"
          "<meta name=viewport content='width=device-width, initial-scale=1'>\n"
          "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'; "
          "script-src 'unsafe-inline'\">\n<title>Portfolio of ",
          page->file);
    ho_page_value(page, HO_UNIT_COUNT, ho_page_number(page->best, "size"));
    fputs(" – ", page->file);
    ho_page_text(page, name);
    fputs("</title>\n<style>\n", page->file);
    fputs(ho_page_css, page->file);
    fputs("</style></head>\n<body><main>\n<header><p class=brand>heavyopt</p><h1>Portfolio of ", page->file);
    ho_page_value(page, HO_UNIT_COUNT, ho_page_number(page->best, "size"));
    fputs(" strategies</h1><p class=from>", page->file);
    ho_page_text(page, name);
    fputs("</p></header>\n", page->file);
}

static void put_places(const ho_page *page)
{
    fputs("<nav>", page->file);
    for (size_t i = 0; i < PARTS; i++) {
        if (is_there(page, i)) fprintf(page->file, "<a href='#%s'>%s</a> ", parts[i].anchor, parts[i].name);
    }
    fputs("</nav>\n", page->file);
}

/* Texts in a script must not end it: '<' goes in as \u003c. */
static void put_script_json(const ho_page *page, const json_t *value)
{
    char *text =
        json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(9) | JSON_ENSURE_ASCII);
    for (const char *c = text != NULL ? text : "null"; *c != '\0'; c++) {
        if (*c == '<')
            fputs("\\u003c", page->file);
        else
            fputc(*c, page->file);
    }
    free(text);
}

/* A line of the chart of other choices: an equity with lots cut. */
static void put_cut(const ho_page *page, const char *name, const char *key)
{
    const json_t *rival = json_object_get(page->details, key), *equity = json_object_get(rival, "equity");
    const double factor = ho_page_number(rival, "same_drawdown");
    fprintf(page->file, ",\n\"%s\":[", name);
    for (size_t t = 0; t < json_array_size(equity); t++) {
        const double value = factor * ho_page_at(equity, t);
        fputs(t != 0 ? "," : "", page->file);
        if (isfinite(value))
            fprintf(page->file, "%.9g", value);
        else
            fputs("null", page->file);
    }
    fputc(']', page->file);
}

/* With the digits that are shown: it is most of a large page. */
static void put_correlation(const ho_page *page)
{
    const json_t *rows = json_object_get(page->details, "correlation");
    fputs(",\n\"correlation\":[", page->file);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        fputs(i != 0 ? ",\n[" : "[", page->file);
        for (size_t k = 0; k < json_array_size(row); k++) {
            const double r = ho_page_at(row, k);
            fputs(k != 0 ? "," : "", page->file);
            if (isfinite(r))
                fprintf(page->file, "%.4g", r);
            else
                fputs("null", page->file);
        }
        fputc(']', page->file);
    }
    fputc(']', page->file);
}

/* What the script shows under the pointer. */
static void put_data(const ho_page *page)
{
    static const char *const columns[] = {"dates",    "zones",       "pnl",           "equity",
                                          "drawdown", "rolling_pnl", "rolling_sharpe"};
    fputs("<script type=application/json id=data>{\"rupees\":", page->file);
    fprintf(page->file, "%s,\"indian\":%s", page->rupees ? "true" : "false", page->indian ? "true" : "false");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        fprintf(page->file, ",\n\"%s\":", columns[i]);
        put_script_json(page, json_object_get(page->series, columns[i]));
    }
    put_cut(page, "singles", "best_singles");
    put_cut(page, "all", "all_strategies");
    fputs(",\n\"names\":", page->file);
    put_script_json(page, json_object_get(page->best, "portfolio"));
    put_correlation(page);
    fputs("}</script>\n<script>\n", page->file);
    fputs(ho_page_js, page->file);
    fputs("</script>\n", page->file);
}

ho_status ho_write_page(const json_t *document, FILE *file, ho_error *err)
{
    const json_t *settings = json_object_get(document, "settings");
    const json_t *details = json_object_get(document, "details");
    const bool by_row = strcmp(ho_page_string(settings, "period"), "row") == 0;
    const ho_page page = {.file = file,
                          .root = document,
                          .best = json_object_get(document, "best"),
                          .details = details,
                          .series = json_object_get(details, "series"),
                          .periods = by_row ? "periods" : "days",
                          .periods_head = by_row ? "Periods" : "Days",
                          .rupees = strcmp(ho_page_string(settings, "returns"), "fraction") != 0,
                          .indian = strcmp(ho_page_string(settings, "grouping"), "indian") == 0};
    if (page.best == NULL || page.series == NULL)
        return ho_fail(err, HO_ERR_DATA, "the document lacks what a report is made of: best, details.series");
    put_head(&page);
    ho_page_answer(&page);
    put_places(&page);
    for (size_t i = 0; i < PARTS; i++) {
        if (is_there(&page, i)) parts[i].put(&page);
    }
    fprintf(file, "<footer>heavyopt %s</footer>\n</main>\n", ho_page_string(document, "version"));
    put_data(&page);
    fputs("</body></html>\n", file);
    return HO_OK;
}
