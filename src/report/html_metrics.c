/* Every measure with its formula. */
#include "report/page.h"

#include <heavyopt/metrics.h>
#include <math.h>
#include <string.h>

static ho_unit unit_of(const ho_metric *m)
{
    return strcmp(m->unit, "rupees") == 0     ? HO_UNIT_MONEY
           : strcmp(m->unit, "fraction") == 0 ? HO_UNIT_SHARE
           : strcmp(m->unit, "periods") == 0  ? HO_UNIT_COUNT
                                              : HO_UNIT_NUMBER;
}

static bool is_listed(const json_t *list, const char *key)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        if (name != NULL && strcmp(name, key) == 0) return true;
    }
    return false;
}

void ho_page_metrics(const ho_page *page)
{
    const json_t *metrics = json_object_get(page->best, "metrics");
    const json_t *infinite = json_object_get(page->best, "infinite");
    fputs(
        "<h2 id=metrics>All measures</h2>\n<details><summary>Each with its formula</summary><div "
        "class=scroll>"
        "<table class=sorts><thead><tr><th>Measure</th><th class=n>Value</th><th>Formula</th></tr></thead>\n"
        "<tbody>",
        page->file);
    for (size_t i = 0; i < ho_metric_count(); i++) {
        const ho_metric *m = ho_metric_at(i);
        const double value = is_listed(infinite, m->key) ? (double)INFINITY : ho_page_number(metrics, m->key);
        fputs("<tr><th scope=row>", page->file);
        ho_page_text(page, m->name);
        fputs("</th>", page->file);
        ho_page_cell(page, unit_of(m), value);
        fputs("<td class=formula>", page->file);
        ho_page_text(page, m->formula);
        fputs("</td></tr>\n", page->file);
    }
    fputs("</tbody></table></div></details>\n", page->file);
}
