/* Zones of the day and market regimes: what the portfolio earned in each, and what regimes did to the run. */
#include "report/document.h"
#include "report/page.h"

#include <math.h>
#include <string.h>

bool ho_page_has_parts(const ho_page *page)
{
    return json_is_array(json_object_get(page->details, "zones")) ||
           json_is_object(json_object_get(page->root, "regimes"));
}

static void put_filter(const ho_page *page, const json_t *regimes)
{
    const json_t *confidence = json_object_get(regimes, "confidence");
    const char *filter = ho_page_string(regimes, "filter");
    const double left_out = ho_page_number(regimes, "strategies_left_out");
    fputs("<p>", page->file);
    ho_page_value(page, HO_UNIT_COUNT, ho_page_number(regimes, "kept_rows"));
    fputs(" of ", page->file);
    ho_page_value(page, HO_UNIT_COUNT, ho_page_number(regimes, "rows"));
    fputs(" rows of the table were used; their confidence is ", page->file);
    ho_page_value(page, HO_UNIT_SHARE, ho_page_number(confidence, "lowest"));
    fputs(" to ", page->file);
    ho_page_value(page, HO_UNIT_SHARE, ho_page_number(confidence, "highest"));
    fputs(", on average ", page->file);
    ho_page_value(page, HO_UNIT_SHARE, ho_page_number(confidence, "mean"));
    fputs(".", page->file);
    if (strcmp(filter, "strategies") == 0) {
        fputs(" Strategies whose regimes are not surer than ", page->file);
        ho_page_value(page, HO_UNIT_SHARE, ho_page_number(confidence, "threshold"));
        fprintf(page->file, " while they trade are left out: %.0f of them.", left_out);
    } else if (strcmp(filter, "rows") == 0) {
        fputs(" Rows that are not surer than ", page->file);
        ho_page_value(page, HO_UNIT_SHARE, ho_page_number(confidence, "threshold"));
        fputs(" are left out.", page->file);
    }
    fputs("</p>\n", page->file);
}

/* The weights change what is summed: the plain figures belong beside them. */
static void put_weights(const ho_page *page, const json_t *regimes)
{
    static const struct {
        const char *key, *name;
        ho_unit unit;
    } rows[] = {{"total_roi", "Total profit", HO_UNIT_MONEY},
                {"max_drawdown", "Maximum drawdown", HO_UNIT_MONEY},
                {"roi_dd_ratio", "Return over drawdown", HO_UNIT_NUMBER},
                {"win_rate", "Winning", HO_UNIT_SHARE},
                {"profit_factor", "Profit factor", HO_UNIT_NUMBER}};
    const json_t *plain = json_object_get(json_object_get(regimes, "unweighted"), "metrics");
    const json_t *weighed = json_object_get(page->best, "metrics");
    if (plain == NULL) return;
    fputs("<p class=note>All figures of this page weigh each row by its confidence. Without the weights the "
          "same portfolio comes to:</p>\n<div class=scroll><table><thead><tr><th></th><th "
          "class=n>Weighed</th><th class=n>Plain</th></tr></thead>\n<tbody>",
          page->file);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fprintf(page->file, "<tr><th scope=row>%s</th>", rows[i].name);
        ho_page_cell(page, rows[i].unit, ho_page_number(weighed, rows[i].key));
        ho_page_cell(page, rows[i].unit, ho_page_number(plain, rows[i].key));
        fputs("</tr>\n", page->file);
    }
    fputs("</tbody></table></div>\n", page->file);
}

/* The chosen portfolio in the rows of each regime, as they were read. */
static void put_results(const ho_page *page, const json_t *labels)
{
    static const struct {
        const char *name, *key;
        ho_unit unit;
    } columns[] = {{"Profit", "total_roi", HO_UNIT_MONEY},     {"Drawdown", "max_drawdown", HO_UNIT_MONEY},
                   {"Ratio", "roi_dd_ratio", HO_UNIT_NUMBER},  {"Won", "win_rate", HO_UNIT_SHARE},
                   {"Sharpe ratio", "sharpe", HO_UNIT_NUMBER}, {"95 % VaR", "var_95", HO_UNIT_MONEY}};
    bool any = false;
    for (size_t i = 0; i < json_array_size(labels); i++) {
        const json_t *label = json_array_get(labels, i);
        const json_t *result = json_object_get(label, "result");
        if (!json_is_object(result)) continue;
        if (!any) {
            fputs(
                "<h3>Its measures in each, without weights</h3>\n<div class=scroll><table class=sorts><thead>"
                "<tr><th>Regime</th>",
                page->file);
            for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
                fprintf(page->file, "<th class=n>%s</th>", columns[c].name);
            fputs("</tr></thead>\n<tbody>", page->file);
        }
        any = true;
        fputs("<tr><th scope=row>", page->file);
        ho_page_text(page, ho_page_string(label, "label"));
        fputs("</th>", page->file);
        for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
            ho_page_cell(page, columns[c].unit, ho_document_metric(result, columns[c].key));
        fputs("</tr>\n", page->file);
    }
    if (any) fputs("</tbody></table></div>\n", page->file);
}

static void put_own(const ho_page *page, const json_t *labels)
{
    bool any = false;
    for (size_t i = 0; i < json_array_size(labels); i++) {
        const json_t *label = json_array_get(labels, i), *best = json_object_get(label, "best");
        if (best == NULL) continue;
        if (!any)
            fputs("<h3>A portfolio of its own for each regime</h3>\n<div class=scroll><table "
                  "class=sorts><thead><tr><th>Regime</th><th class=n>Rows</th><th class=n>Fitness</th><th "
                  "class=n>Profit</th><th class=n>Drawdown</th><th>Found by</th></tr></thead>\n<tbody>",
                  page->file);
        any = true;
        fputs("<tr><th scope=row>", page->file);
        ho_page_text(page, ho_page_string(label, "label"));
        fputs("</th>", page->file);
        ho_page_cell(page, HO_UNIT_COUNT, ho_page_number(label, "kept_rows"));
        ho_page_cell(page, HO_UNIT_NUMBER, ho_page_number(best, "fitness"));
        ho_page_cell(page, HO_UNIT_MONEY, ho_page_number(json_object_get(best, "metrics"), "total_roi"));
        ho_page_cell(page, HO_UNIT_MONEY, ho_page_number(json_object_get(best, "metrics"), "max_drawdown"));
        fputs("<td>", page->file);
        ho_page_text(page, ho_page_string(best, "algorithm"));
        fputs("</td></tr>\n", page->file);
    }
    if (any) fputs("</tbody></table></div>\n", page->file);
}

void ho_page_parts(const ho_page *page)
{
    const json_t *zones = json_object_get(page->details, "zones");
    const json_t *earned = json_object_get(page->details, "regimes");
    const json_t *regimes = json_object_get(page->root, "regimes");
    fprintf(page->file, "<h2 id=parts>%s</h2>\n",
            !json_is_array(zones)     ? "Market regimes"
            : json_is_object(regimes) ? "Zones and market regimes"
                                      : "Zones");
    if (json_is_object(regimes)) put_filter(page, regimes);
    if (json_is_array(zones)) {
        fputs("<h3>What the portfolio earned in each zone of the day</h3>\n", page->file);
        ho_page_groups(page, zones, "Zone", "rows", "Rows");
    }
    if (json_is_array(earned)) {
        fputs("<h3>What it earned in each market regime</h3>\n", page->file);
        ho_page_groups(page, earned, "Regime", "rows", "Rows");
    }
    if (json_is_object(regimes)) {
        put_results(page, json_object_get(regimes, "labels"));
        put_own(page, json_object_get(regimes, "labels"));
        put_weights(page, regimes);
    }
}
