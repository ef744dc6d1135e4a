/* What the rules of trading did: strategies that were turned round, how members go together, their sizes. */
#include "report/markdown.h"
#include "report/page.h"

#include <string.h>

enum { MOST_TURNED = 100 };

static bool is_member(const ho_page *page, const char *name)
{
    const json_t *members = json_object_get(page->best, "portfolio");
    for (size_t k = 0; k < json_array_size(members); k++) {
        const char *member = json_string_value(json_array_get(members, k));
        if (member != NULL && strcmp(member, name) == 0) return true;
    }
    return false;
}

static void put_turned(const ho_page *page, const json_t *line, bool chosen)
{
    static const char *const keys[] = {"total_roi", "worst_period", "max_drawdown"};
    const json_t *before = json_object_get(line, "before"), *after = json_object_get(line, "after");
    fputs(chosen ? "<tr class=chosen><td class=name>" : "<tr><td class=name>", page->file);
    ho_page_text(page, ho_page_string(line, "original"));
    fputs(chosen ? " (in the portfolio)</td>" : "</td>", page->file);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        ho_page_cell(page, HO_UNIT_MONEY, ho_page_number(before, keys[i]));
        ho_page_cell(page, HO_UNIT_MONEY, ho_page_number(after, keys[i]));
    }
    ho_page_cell(page, HO_UNIT_NUMBER, ho_md_value(before, "ratio"));
    ho_page_cell(page, HO_UNIT_NUMBER, ho_md_value(after, "ratio"));
    ho_page_cell(page, HO_UNIT_COUNT, ho_page_number(line, "negative_periods"));
    fputs("</tr>\n", page->file);
}

/* Members first, then others as far as there is room. */
static size_t put_turned_ones(const ho_page *page, const json_t *list, bool members, size_t room)
{
    size_t shown = 0;
    for (size_t i = 0; i < json_array_size(list) && shown < room; i++) {
        const json_t *line = json_array_get(list, i);
        if (is_member(page, ho_page_string(line, "name")) != members) continue;
        put_turned(page, line, members);
        shown++;
    }
    return shown;
}

void ho_page_inversion(const ho_page *page)
{
    const json_t *inversion = json_object_get(page->root, "inversion");
    const json_t *list = json_object_get(inversion, "list");
    fprintf(page->file,
            "<h2 id=inversion>Strategies turned round</h2>\n<p class=note>%.0f of %.0f, by the rule ",
            ho_page_number(inversion, "inverted"), ho_page_number(inversion, "strategies"));
    ho_page_text(page, ho_page_string(inversion, "rule"));
    fprintf(page->file,
            " on %.0f periods; NAME is then NAME_inv. Each pair of columns is before and after.</p>\n",
            ho_page_number(inversion, "periods"));
    if (json_array_size(list) == 0) return;
    fputs(
        "<p class=caution>Costs are not applied anew: the other side of a sold option has other costs.</p>\n"
        "<div class=scroll><table class=sorts><thead><tr><th>Strategy</th><th class=n>Profit</th>"
        "<th class=n>turned</th><th class=n>Worst period</th><th class=n>turned</th><th class=n>Drawdown</th>"
        "<th class=n>turned</th><th class=n>Profit / worst period</th><th class=n>turned</th>"
        "<th class=n>Losing periods</th></tr></thead>\n<tbody>",
        page->file);
    size_t shown = put_turned_ones(page, list, true, MOST_TURNED);
    shown += put_turned_ones(page, list, false, MOST_TURNED - shown);
    fputs("</tbody></table></div>\n", page->file);
    if (shown < json_array_size(list))
        fprintf(page->file, "<p class=note>%zu more are in result.json.</p>\n",
                json_array_size(list) - shown);
}

void ho_page_relations(const ho_page *page)
{
    const json_t *r = json_object_get(page->best, "relations");
    if (!json_is_object(r)) return;
    fputs("<p class=note>Average ", page->file);
    ho_page_value(page, HO_UNIT_NUMBER, ho_page_number(r, "pearson"));
    fputs(", of ranks ", page->file);
    ho_page_value(page, HO_UNIT_NUMBER, ho_page_number(r, "spearman"));
    fputs("; largest ", page->file);
    ho_page_value(page, HO_UNIT_NUMBER, ho_page_number(json_object_get(r, "largest"), "value"));
    fputs(". They are worth as many independent bets as ", page->file);
    ho_page_value(page, HO_UNIT_NUMBER, ho_page_number(r, "effective_bets"));
    fputs("; their deviations add up to ", page->file);
    ho_page_value(page, HO_UNIT_NUMBER, ho_page_number(r, "diversification_ratio"));
    fputs(" times that of the portfolio.</p>\n", page->file);
}

void ho_page_kelly(const ho_page *page)
{
    const json_t *kelly = json_object_get(page->root, "kelly");
    const json_t *members = json_object_get(kelly, "members");
    fputs("<h2 id=kelly>Sizing by Kelly</h2>\n<p class=note>Of a capital of ", page->file);
    ho_page_value(page, HO_UNIT_MONEY, ho_page_number(kelly, "capital"));
    if (json_is_true(json_object_get(kelly, "capital_assumed")))
        fputs(" (assumed: none is known)", page->file);
    fputs(" the sizes take ", page->file);
    ho_page_value(page, HO_UNIT_MONEY, ho_page_number(kelly, "allocated"));
    fputs(", of which rounding to whole lots leaves aside ", page->file);
    ho_page_value(page, HO_UNIT_MONEY, ho_page_number(kelly, "rounded_away"));
    if (json_is_integer(json_object_get(kelly, "with_edge")) && !(ho_page_number(kelly, "with_edge") > 0))
        fputs(". No member has an edge by its own series", page->file);
    fputs(
        ". Everything else on this page is about one lot each.</p>\n<div class=scroll><table class=sorts>"
        "<thead><tr><th>Strategy</th><th class=n>Kelly fraction</th><th class=n>Weight</th>"
        "<th class=n>Allocated</th><th class=n>Lots</th><th class=n>Risk adjusted</th></tr></thead>\n<tbody>",
        page->file);
    for (size_t k = 0; k < json_array_size(members); k++) {
        const json_t *m = json_array_get(members, k);
        fputs("<tr><td class=name>", page->file);
        ho_page_text(page, ho_page_string(m, "name"));
        fputs("</td>", page->file);
        ho_page_cell(page, HO_UNIT_SHARE, ho_page_number(m, "fraction"));
        ho_page_cell(page, HO_UNIT_SHARE, ho_page_number(m, "weight"));
        ho_page_cell(page, HO_UNIT_MONEY, ho_page_number(m, "allocated"));
        ho_page_cell(page, HO_UNIT_COUNT, ho_page_number(m, "lots"));
        ho_page_cell(page, HO_UNIT_SHARE, ho_page_number(m, "risk_adjusted"));
        fputs("</tr>\n", page->file);
    }
    fputs("</tbody></table></div>\n", page->file);
}
