/* Every measure with its formula. */
#include "report/document.h"
#include "report/page.h"

#include <heavyopt/metrics.h>
#include <string.h>

static ho_unit unit_of(const ho_metric *m)
{
    return strcmp(m->unit, "rupees") == 0     ? HO_UNIT_MONEY
           : strcmp(m->unit, "fraction") == 0 ? HO_UNIT_SHARE
           : strcmp(m->unit, "periods") == 0  ? HO_UNIT_COUNT
                                              : HO_UNIT_NUMBER;
}

void ho_page_metrics(const ho_page *page)
{
    fputs(
        "<h2 id=metrics>All measures</h2>\n<details><summary>Each with its formula</summary><div "
        "class=scroll>"
        "<table class=sorts><thead><tr><th>Measure</th><th class=n>Value</th><th>Formula</th></tr></thead>\n"
        "<tbody>",
        page->file);
    for (size_t i = 0; i < ho_metric_count(); i++) {
        const ho_metric *m = ho_metric_at(i);
        fputs("<tr><th scope=row>", page->file);
        ho_page_text(page, m->name);
        fputs("</th>", page->file);
        ho_page_cell(page, unit_of(m), ho_document_metric(page->best, m->key));
        fputs("<td class=formula>", page->file);
        ho_page_text(page, m->formula);
        fputs("</td></tr>\n", page->file);
    }
    fputs("</tbody></table></div></details>\n", page->file);
}
