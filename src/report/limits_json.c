/* What the limits on a portfolio came to: the closest pair of its members, who was left out, which copies of a member
 * could as well stand in its place. */
#include "report/json.h"
#include "report/writers.h"

static json_t *closest_pair(const ho_report *report)
{
    const ho_report_limits *l = report->limits;
    if (report->best->size < 2) return json_null();
    return json_pack("{s:o,s:o,s:o}", "value", ho_json_number(l->largest_correlation), "first",
                     ho_json_text(ho_panel_name(report->panel, l->first)), "second",
                     ho_json_text(ho_panel_name(report->panel, l->second)));
}

static json_t *copies_of(const ho_report *report, uint32_t member)
{
    const uint32_t *group = report->limits->copies;
    json_t *names = json_array();
    for (uint32_t j = 0; j < ho_panel_strategies(report->panel); j++) {
        if (j == member || group[j] != group[member]) continue;
        if (!ho_json_append(&names, ho_json_text(ho_panel_name(report->panel, j)))) return NULL;
    }
    return json_pack("{s:o,s:o}", "member", ho_json_text(ho_panel_name(report->panel, member)), "copies",
                     names);
}

static json_t *copies(const ho_report *report)
{
    const ho_search_result *best = report->best->best;
    if (report->limits->copies == NULL) return json_null();
    json_t *array = json_array();
    for (size_t i = 0; i < best->size; i++) {
        if (report->limits->copies[best->members[i]] == HO_NOBODY) continue;
        if (!ho_json_append(&array, copies_of(report, best->members[i]))) return NULL;
    }
    return array;
}

json_t *ho_json_limits(const ho_report *report)
{
    return json_pack("{s:o,s:I,s:o}", "largest_correlation", closest_pair(report), "left_out_inactive",
                     (json_int_t)report->limits->inactive, "copies", copies(report));
}
