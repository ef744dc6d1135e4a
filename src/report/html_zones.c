/* The zones of a day on the page: a portfolio of each, and all of them together. */
#include "report/document.h"
#include "report/page.h"

#include <string.h>

static void put_zone(const ho_page *page, const json_t *zone)
{
    static const struct {
        const char *key;
        ho_unit unit;
    } columns[] = {{"total_roi", HO_UNIT_MONEY},
                   {"max_drawdown", HO_UNIT_MONEY},
                   {"roi_dd_ratio", HO_UNIT_NUMBER},
                   {"win_rate", HO_UNIT_SHARE}};
    const json_t *best = json_object_get(zone, "best");
    fputs("<tr><td class=name>", page->file);
    ho_page_text(page, ho_page_string(zone, "name"));
    fputs("</td>", page->file);
    ho_page_cell(page, HO_UNIT_SHARE, ho_page_number(zone, "weight"));
    ho_page_cell(page, HO_UNIT_COUNT, ho_page_number(zone, "periods"));
    ho_page_cell(page, HO_UNIT_COUNT, ho_page_number(best, "size"));
    ho_page_cell(page, HO_UNIT_NUMBER, ho_document_fitness(best, "fitness"));
    fprintf(page->file, "<td>%s</td>", ho_page_string(best, "algorithm"));
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        ho_page_cell(page, columns[i].unit, ho_document_metric(best, columns[i].key));
    ho_page_cell(page, HO_UNIT_SHARE, ho_page_number(zone, "allocation"));
    fputs("</tr>\n", page->file);
}

static void put_matrix(const ho_page *page, const char *title, const json_t *labels, const json_t *rows)
{
    fprintf(page->file, "<h3>%s</h3>\n<div class=scroll><table><thead><tr><th></th>", title);
    for (size_t i = 0; i < json_array_size(labels); i++) {
        fputs("<th class=n>", page->file);
        ho_page_text(page, ho_page_string(json_array_get(labels, i), "name"));
        fputs("</th>", page->file);
    }
    fputs("</tr></thead>\n<tbody>", page->file);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        fputs("<tr><th scope=row>", page->file);
        ho_page_text(page, ho_page_string(json_array_get(labels, i), "name"));
        fputs("</th>", page->file);
        for (size_t k = 0; k < json_array_size(labels); k++)
            ho_page_cell(page, HO_UNIT_NUMBER, ho_page_at(json_array_get(rows, i), k));
        fputs("</tr>\n", page->file);
    }
    fputs("</tbody></table></div>\n", page->file);
}

static void put_members(const ho_page *page, const json_t *labels)
{
    for (size_t i = 0; i < json_array_size(labels); i++) {
        const json_t *zone = json_array_get(labels, i);
        const json_t *names = json_object_get(json_object_get(zone, "best"), "portfolio");
        fputs("<details><summary>", page->file);
        ho_page_text(page, ho_page_string(zone, "name"));
        fputs("</summary><ol>\n", page->file);
        for (size_t k = 0; k < json_array_size(names); k++) {
            const char *name = json_string_value(json_array_get(names, k));
            fputs("<li>", page->file);
            ho_page_text(page, name != NULL ? name : "");
            fputs("</li>\n", page->file);
        }
        fputs("</ol></details>\n", page->file);
    }
}

void ho_page_zones(const ho_page *page)
{
    const json_t *zones = json_object_get(page->root, "zones"), *labels = json_object_get(zones, "labels");
    const json_t *whole = json_object_get(zones, "combination");
    fputs("<h2 id=zones>Zones of the day</h2>\n<p class=note>A portfolio for each zone, chosen on the zone's "
          "own "
          "periods.</p>\n<div class=scroll><table class=sorts><thead><tr><th>Zone</th><th class=n>Weight</th>"
          "<th class=n>Periods</th><th class=n>Size</th><th class=n>Fitness</th><th>Found by</th>"
          "<th class=n>Profit</th><th class=n>Drawdown</th><th class=n>Return / drawdown</th>"
          "<th class=n>Winning</th><th class=n>Suggested allocation</th></tr></thead>\n<tbody>",
          page->file);
    for (size_t i = 0; i < json_array_size(labels); i++)
        put_zone(page, json_array_get(labels, i));
    fprintf(page->file, "</tbody></table></div>\n<p>Together (%s): ", ho_page_string(whole, "method"));
    ho_page_value(page, HO_UNIT_COUNT, ho_page_number(whole, "size"));
    fputs(" strategies, fitness of the zones ", page->file);
    ho_page_value(page, HO_UNIT_NUMBER, ho_document_fitness(whole, "fitness"));
    fputs("; on whole days profit ", page->file);
    ho_page_value(page, HO_UNIT_MONEY, ho_document_metric(whole, "total_roi"));
    fputs(", drawdown ", page->file);
    ho_page_value(page, HO_UNIT_MONEY, ho_document_metric(whole, "max_drawdown"));
    fputs(", and by the fitness of this run ", page->file);
    ho_page_value(page, HO_UNIT_NUMBER, ho_document_fitness(whole, "value"));
    fputs(".</p>\n", page->file);
    put_members(page, labels);
    put_matrix(page, "Correlation of the zones' portfolios", labels, json_object_get(zones, "correlation"));
    put_matrix(page, "Members in common (Jaccard)", labels, json_object_get(zones, "jaccard"));
}
