#include "run/ulta.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"

#include <math.h>

ho_status ho_ulta_wanted(const ho_ulta_options *o, bool *wanted, ho_error *err)
{
    if (o->enable && (o->disable || o->none))
        return ho_fail(err, HO_ERR_USAGE, "--enable-ulta and --%s contradict each other",
                       o->disable ? "disable-ulta" : "no-ulta");
    *wanted = o->enable || (ho_text_same(o->ulta, "on") && !o->disable && !o->none);
    return HO_OK;
}

ho_ulta_settings ho_ulta_settings_of(const ho_ulta_options *o)
{
    return (ho_ulta_settings){.rule =
                                  ho_text_same(o->rule, "ulta_legacy") ? HO_ULTA_LEGACY : HO_ULTA_THRESHOLD,
                              .roi_threshold = o->roi_threshold,
                              .min_negative_days = o->min_negative_days,
                              .negative_share = o->negative_share};
}

void ho_ulta_clear(ho_ulta *u)
{
    ho_strings_clear(&u->originals);
    ho_strings_clear(&u->warnings);
    free(u->report.turned);
    *u = (ho_ulta){0};
}

static ho_report_side side_of(const ho_ulta_side *s)
{
    return (ho_report_side){s->roi, s->worst, s->max_drawdown, s->ratio};
}

static double improvement(double before, double after)
{
    return before == 0 || isinf(after) ? INFINITY : (after - before) / fabs(before) * 100;
}

static ho_status describe(const ho_ulta_settings *s, const ho_panel *periods, const ho_ulta_case *cases,
                          size_t count, ho_ulta *u, ho_error *err)
{
    ho_report_inversion *r = &u->report;
    *r = (ho_report_inversion){.rule = s->rule == HO_ULTA_LEGACY ? "ulta_legacy" : "ulta_threshold",
                               .roi_threshold = s->roi_threshold,
                               .negative_share = s->negative_share,
                               .min_negative_days = s->min_negative_days,
                               .periods = ho_panel_periods(periods),
                               .strategies = ho_panel_strategies(periods),
                               .turned = HO_NEW(ho_report_turned, count)};
    if (r->turned == NULL) return ho_fail_memory(err, count * sizeof *r->turned, "the inversion");
    for (size_t i = 0; i < count; i++) {
        const ho_ulta_case *c = &cases[i];
        HO_TRY(ho_strings_add(&u->originals, ho_panel_name(periods, c->strategy), err));
        r->turned[r->count++] =
            (ho_report_turned){.strategy = c->strategy,
                               .negative = c->negative,
                               .before = side_of(&c->before),
                               .after = side_of(&c->after),
                               .improvement = improvement(c->before.ratio, c->after.ratio)};
    }
    for (size_t i = 0; i < count; i++)
        r->turned[i].original = u->originals.items[i];
    if (count == 0) return HO_OK;
    return ho_strings_printf(&u->warnings, err,
                             "%zu of %zu strategies are turned round (%s): the other side of a sold option "
                             "has other costs, which these numbers do not hold",
                             count, r->strategies, r->rule);
}

ho_status ho_ulta_shape(const ho_ulta_options *o, const ho_hooks *hooks, ho_input *input, ho_ulta *u,
                        ho_error *err)
{
    HO_TRY(ho_ulta_wanted(o, &u->on, err));
    if (!u->on) return HO_OK;
    const ho_ulta_settings settings = ho_ulta_settings_of(o);
    ho_ulta_case *cases = NULL;
    size_t count = 0;
    HO_TRY(ho_ulta_decide(input->panel, 0, ho_panel_periods(input->panel), &settings, input->threads, &cases,
                          &count, err));
    ho_status status = describe(&settings, input->panel, cases, count, u, err);
    if (status == HO_OK && count > 0) status = ho_input_keep_original(input, err);
    if (status == HO_OK) status = ho_ulta_apply(input->panel, cases, count, err);
    if (status == HO_OK && input->rows != NULL) status = ho_ulta_apply(input->rows, cases, count, err);
    free(cases);
    for (size_t i = 0; status == HO_OK && i < u->warnings.count; i++)
        ho_warn(hooks, u->warnings.items[i]);
    return status;
}
