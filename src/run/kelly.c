#include "run/kelly.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "report/json.h"

static const double assumed_capital = 1e6;

ho_status ho_kelly_check(const ho_kelly_options *o, ho_error *err)
{
    if (o->least > o->most)
        return ho_fail(err, HO_ERR_USAGE,
                       "--kelly-min-position-size %g is above --kelly-max-position-size %g", o->least,
                       o->most);
    return HO_OK;
}

static ho_kelly_settings settings_of(const ho_kelly_options *o, const ho_goal *goal)
{
    ho_kelly_fallback fallback = HO_KELLY_EQUAL;
    if (ho_text_same(o->fallback, "min_position")) fallback = HO_KELLY_LEAST;
    if (ho_text_same(o->fallback, "exclude")) fallback = HO_KELLY_EXCLUDE;
    const double capital = goal->measures.capital;
    return (ho_kelly_settings){.least = o->least,
                               .most = o->most,
                               .active = ho_text_same(o->win_rate, "active"),
                               .fallback = fallback,
                               .use_leverage = o->use_leverage,
                               .max_leverage = o->max_leverage,
                               .capital = capital > 0 ? capital : assumed_capital,
                               .lot_capital = o->lot_capital,
                               .confidence = goal->fitness.confidence,
                               .periods_per_year = goal->measures.periods_per_year};
}

ho_status ho_kelly_lots(const ho_kelly_options *o, const ho_goal *goal, const ho_panel *panel,
                        const uint32_t *members, size_t count, double *lots, ho_error *err)
{
    const ho_kelly_settings settings = settings_of(o, goal);
    ho_kelly_member *sized = HO_NEW(ho_kelly_member, count);
    if (sized == NULL) return ho_fail_memory(err, count * sizeof *sized, "the sizes");
    ho_kelly kelly;
    double sum = 0;
    ho_status status = ho_kelly_size(panel, members, count, &settings, sized, &kelly, err);
    for (size_t k = 0; status == HO_OK && k < count; k++)
        sum += sized[k].weight;
    for (size_t k = 0; status == HO_OK && k < count; k++)
        lots[k] = sum > 0 ? sized[k].weight / sum * (double)count : 0;
    free(sized);
    return status;
}

static json_t *member_json(const char *name, const ho_kelly_member *m)
{
    return json_pack("{s:o,s:o,s:f,s:f,s:f,s:f,s:f,s:f,s:o}", "name", ho_json_text(name), "raw",
                     ho_json_number(m->raw), "fraction", m->fraction, "weight", m->weight, "allocated",
                     m->allocated, "lots", m->lots, "rounded_away", m->rounded_away, "expected_growth",
                     m->expected_growth, "risk_adjusted", ho_json_number(m->risk_adjusted));
}

ho_status ho_kelly_json(const ho_kelly_options *o, const ho_goal *goal, const ho_panel *panel,
                        const uint32_t *members, size_t count, json_t **json, ho_error *err)
{
    *json = json_null();
    if (!o->kelly) return HO_OK;
    const ho_kelly_settings settings = settings_of(o, goal);
    ho_kelly_member *sized = HO_NEW(ho_kelly_member, count);
    if (sized == NULL) return ho_fail_memory(err, count * sizeof *sized, "the sizes");
    ho_kelly kelly;
    ho_status status = ho_kelly_size(panel, members, count, &settings, sized, &kelly, err);
    json_t *list = json_array();
    for (size_t k = 0; status == HO_OK && k < count; k++) {
        if (!ho_json_append(&list, member_json(ho_panel_name(panel, members[k]), &sized[k]))) break;
    }
    free(sized);
    if (status != HO_OK) {
        json_decref(list);
        return status;
    }
    *json = json_pack("{s:f,s:b,s:I,s:f,s:f,s:f,s:f,s:o}", "capital", settings.capital, "capital_assumed",
                      !(goal->measures.capital > 0), "with_edge", (json_int_t)kelly.with_edge, "leverage",
                      kelly.leverage, "allocated", kelly.allocated, "lots", kelly.lots, "rounded_away",
                      kelly.rounded_away, "members", list);
    return *json != NULL ? HO_OK : ho_fail_memory(err, 0, "the JSON document");
}
