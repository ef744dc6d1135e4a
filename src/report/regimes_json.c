/* What market regimes did to a run, as a member of its document. */
#include "report/json.h"
#include "report/writers.h"

static json_t *regime(const ho_report *report, const ho_report_regime *r)
{
    json_t *line =
        json_pack("{s:o,s:I,s:I,s:b}", "label", ho_json_text(r->label), "rows", (json_int_t)r->rows,
                  "kept_rows", (json_int_t)r->kept, "searched", r->members != NULL);
    if (line == NULL || r->members == NULL) return line;
    json_t *portfolio =
        json_pack("{s:s,s:I,s:o,s:o}", "algorithm", r->method, "size", (json_int_t)r->size, "fitness",
                  ho_json_number(r->fitness), "portfolio", ho_json_names(report->panel, r->members, r->size));
    if (portfolio == NULL || ho_json_metrics(portfolio, r->metrics, r->periods) != 0 ||
        json_object_set(line, "best", portfolio) != 0) {
        json_decref(line);
        line = NULL;
    }
    json_decref(portfolio);
    return line;
}

json_t *ho_json_regimes(const ho_report *report)
{
    const ho_report_regimes *r = report->regimes;
    if (r == NULL || !r->present) return json_null();
    json_t *labels = json_array(), *plain = r->unweighted != NULL ? json_object() : json_null();
    for (size_t i = 0; i < r->label_count; i++) {
        if (!ho_json_append(&labels, regime(report, &r->labels[i]))) break;
    }
    if (r->unweighted != NULL && plain != NULL &&
        ho_json_metrics(plain, r->unweighted, ho_panel_periods(report->panel)) != 0) {
        json_decref(plain);
        plain = NULL;
    }
    json_t *confidence =
        json_pack("{s:o,s:o,s:o,s:o,s:o}", "mean", ho_json_number(r->mean), "lowest",
                  ho_json_number(r->lowest), "highest", ho_json_number(r->highest), "threshold",
                  ho_json_number(r->least), "rows_above", ho_json_number(r->above));
    return json_pack("{s:b,s:s,s:I,s:I,s:I,s:o,s:o,s:o}", "weighed", r->weighed, "filter", r->filter, "rows",
                     (json_int_t)r->rows, "kept_rows", (json_int_t)r->kept, "strategies_left_out",
                     (json_int_t)r->left_out, "confidence", confidence, "labels", labels, "unweighted",
                     plain);
}
