/* The strategies that a run turned round: as a member of its document, and as a page for people. */
#include "report/inversion.h"

#include "report/csv.h"
#include "report/document.h"
#include "report/json.h"
#include "report/markdown.h"
#include "report/writers.h"

#include <math.h>
#include <string.h>

/* Ratios without a losing period are infinite: null, and named in "infinite". */
static json_t *side(const ho_report_side *s)
{
    json_t *infinite = json_array();
    if (isinf(s->ratio) && !ho_json_append(&infinite, json_string("ratio"))) return NULL;
    return json_pack("{s:o,s:o,s:o,s:o,s:o}", "total_roi", ho_json_number(s->total), "worst_period",
                     ho_json_number(s->worst), "max_drawdown", ho_json_number(s->max_drawdown), "ratio",
                     ho_json_number(s->ratio), "infinite", infinite);
}

static json_t *turned(const ho_report *report, const ho_report_turned *t)
{
    json_t *infinite = json_array();
    if (isinf(t->improvement) && !ho_json_append(&infinite, json_string("improvement_percent"))) return NULL;
    return json_pack("{s:o,s:o,s:I,s:I,s:o,s:o,s:o,s:o}", "name",
                     ho_json_text(ho_panel_name(report->panel, t->strategy)), "original",
                     ho_json_text(t->original), "index", (json_int_t)t->strategy, "negative_periods",
                     (json_int_t)t->negative, "before", side(&t->before), "after", side(&t->after),
                     "improvement_percent", ho_json_number(t->improvement), "infinite", infinite);
}

json_t *ho_json_inversion(const ho_report *report)
{
    const ho_report_inversion *r = report->inversion;
    if (r == NULL) return json_null();
    json_t *list = json_array();
    for (size_t i = 0; i < r->count; i++) {
        if (!ho_json_append(&list, turned(report, &r->turned[i]))) break;
    }
    return json_pack("{s:s,s:o,s:I,s:o,s:I,s:I,s:I,s:o}", "rule", r->rule, "roi_threshold",
                     ho_json_number(r->roi_threshold), "min_negative_days", (json_int_t)r->min_negative_days,
                     "negative_day_percentage", ho_json_number(r->negative_share), "periods",
                     (json_int_t)r->periods, "strategies", (json_int_t)r->strategies, "inverted",
                     (json_int_t)r->count, "list", list);
}

static void put_rule(const json_t *inversion, FILE *file)
{
    if (strcmp(ho_page_string(inversion, "rule"), "ulta_legacy") == 0) {
        fputs(
            "Rule `ulta_legacy`: a ratio of total to worst period below 0, and a better one turned round.\n",
            file);
        return;
    }
    fputs("Rule `ulta_threshold`: a total below ", file);
    ho_csv_number(file, ho_page_number(inversion, "roi_threshold"));
    fprintf(file, ", at least %.0f losing periods, these at least ",
            ho_page_number(inversion, "min_negative_days"));
    ho_csv_number(file, 100 * ho_page_number(inversion, "negative_day_percentage"));
    fputs(" % of all, and a better ratio of total to worst period turned round.\n", file);
}

static void put_row(const json_t *line, double periods, FILE *file)
{
    const json_t *before = json_object_get(line, "before"), *after = json_object_get(line, "after");
    const double negative = ho_page_number(line, "negative_periods");
    static const char *const keys[] = {"total_roi", "worst_period", "max_drawdown", "ratio"};
    fputs("|", file);
    ho_md_text_cell(file, ho_page_string(line, "original"));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        ho_md_number_cell(file, ho_md_value(before, keys[i]));
        ho_md_number_cell(file, ho_md_value(after, keys[i]));
    }
    ho_md_number_cell(file, ho_md_value(line, "improvement_percent"));
    fprintf(file, " %.0f of %.0f periods lost |\n", negative, periods);
}

ho_status ho_write_inversion_report(const ho_report_source *source, FILE *file, ho_error *err)
{
    (void)err;
    const json_t *inversion = json_object_get(source->document, "inversion");
    const json_t *list = json_object_get(inversion, "list");
    fprintf(file, "# Inversion\n\n%.0f of %.0f strategies are turned round, by their %.0f periods.\n",
            ho_page_number(inversion, "inverted"), ho_page_number(inversion, "strategies"),
            ho_page_number(inversion, "periods"));
    put_rule(inversion, file);
    fputs(
        "A strategy NAME that is turned round is NAME_inv, and takes the place of the original: no portfolio "
        "can hold both.\n\n**Costs are not applied anew.** The other side of a sold option has other costs, "
        "which these numbers do not hold.\n",
        file);
    if (json_array_size(list) == 0) return HO_OK;
    fputs(
        "\n| Strategy | ROI | inverted | Worst period | inverted | Max drawdown | inverted | Ratio | "
        "inverted "
        "| Improvement % | Why |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- "
        "|\n",
        file);
    for (size_t i = 0; i < json_array_size(list); i++)
        put_row(json_array_get(list, i), ho_page_number(inversion, "periods"), file);
    fputs("\nRatio: total over worst period, without its sign; not the drawdown.\n", file);
    return HO_OK;
}
