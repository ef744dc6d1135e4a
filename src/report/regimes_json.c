/* What market regimes did to a run, as a member of its document and as a file of its own. */
#include "base/error.h"
#include "report/document.h"
#include "report/json.h"
#include "report/writers.h"

#include <stdlib.h>

/* A member of an object that may have come to nothing: the object, or NULL. */
static json_t *with_metrics(json_t *object, const double *values, size_t periods)
{
    if (object != NULL && ho_json_metrics(object, values, periods) == 0) return object;
    json_decref(object);
    return NULL;
}

static json_t *own_portfolio(const ho_report *report, const ho_report_regime *r)
{
    return with_metrics(json_pack("{s:s,s:I,s:o,s:o}", "algorithm", r->method, "size", (json_int_t)r->size,
                                  "fitness", ho_json_number(r->fitness), "portfolio",
                                  ho_json_names(report->panel, r->members, r->size)),
                        r->metrics, r->periods);
}

/* Leverage is for labels of little risk alone. */
static json_t *risk(const ho_report_regimes *all, double x)
{
    const double usual = 2, least = .8;
    return json_pack("{s:o,s:o,s:o,s:o}", "factor", ho_json_number(x), "var_limit",
                     ho_json_number(all->var_limit * x), "max_position_size",
                     ho_json_number(all->max_position * x), "max_leverage",
                     ho_json_number(x > least ? usual * x : 1));
}

/* "best" is there where a portfolio of the regime's own was searched for. */
static json_t *regime(const ho_report *report, const ho_report_regimes *all, const ho_report_regime *r)
{
    json_t *result =
        r->of_best != NULL ? with_metrics(json_object(), r->of_best, r->best_periods) : json_null();
    json_t *line = json_pack("{s:o,s:I,s:I,s:b,s:o,s:o}", "label", ho_json_text(r->label), "rows",
                             (json_int_t)r->rows, "kept_rows", (json_int_t)r->kept, "searched",
                             r->members != NULL, "risk", risk(all, r->risk), "result", result);
    if (r->members == NULL || json_object_set_new(line, "best", own_portfolio(report, r)) == 0) return line;
    json_decref(line);
    return NULL;
}

/* Confidences of the best portfolio's members, and weights by them; null where none are known. */
static json_t *members(const ho_report *report, const ho_report_regimes *r)
{
    const ho_search_result *best = report->best->best;
    if (r->confidence == NULL) return json_null();
    double sum = 0;
    for (size_t k = 0; k < best->size; k++)
        sum += r->confidence[k];
    json_t *list = json_array();
    for (size_t k = 0; k < best->size; k++) {
        json_t *line =
            json_pack("{s:o,s:o,s:o}", "name", ho_json_text(ho_panel_name(report->panel, best->members[k])),
                      "confidence", ho_json_number(r->confidence[k]), "weight",
                      ho_json_number(sum > 0 ? r->confidence[k] / sum : 1 / (double)best->size));
        if (!ho_json_append(&list, line)) break;
    }
    return list;
}

json_t *ho_json_regimes(const ho_report *report)
{
    const ho_report_regimes *r = report->regimes;
    if (r == NULL || !r->present) return json_null();
    json_t *labels = json_array();
    for (size_t i = 0; i < r->label_count; i++) {
        if (!ho_json_append(&labels, regime(report, r, &r->labels[i]))) break;
    }
    json_t *plain = r->unweighted != NULL
                        ? with_metrics(json_object(), r->unweighted, ho_panel_periods(report->panel))
                        : json_null();
    json_t *confidence =
        json_pack("{s:o,s:o,s:o,s:o,s:o}", "mean", ho_json_number(r->mean), "lowest",
                  ho_json_number(r->lowest), "highest", ho_json_number(r->highest), "threshold",
                  ho_json_number(r->least), "rows_above", ho_json_number(r->above));
    return json_pack("{s:b,s:s,s:I,s:I,s:I,s:o,s:o,s:o,s:o}", "weighed", r->weighed, "filter", r->filter,
                     "rows", (json_int_t)r->rows, "kept_rows", (json_int_t)r->kept, "strategies_left_out",
                     (json_int_t)r->left_out, "confidence", confidence, "labels", labels, "members",
                     members(report, r), "unweighted", plain);
}
