#include "screen/limits.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "panel/panel.h"

#include <stdio.h>
#include <string.h>

void ho_limits_clear(ho_limits *l)
{
    for (size_t i = 0; i < l->grouping_count; i++) {
        free(l->limits[i].name);
        free(l->limits[i].bounds);
        ho_groups_clear(&l->limits[i].groups);
    }
    free(l->limits);
    free(l->groupings);
    free(l->correlation_name);
    ho_apart_clear(&l->correlated);
    ho_apart_clear(&l->exclusive);
    ho_strings_clear(&l->warnings);
    *l = (ho_limits){0};
}

/* "window=2", or "2" for the first kind that an option is about. */
static ho_status parse_limit(const char *option, const char *text, ho_group_kind *kind, uint32_t *bound,
                             ho_error *err)
{
    const char *equals = strchr(text, '='), *number = equals != NULL ? equals + 1 : text;
    const size_t length = equals != NULL ? (size_t)(equals - text) : 0;
    char word[16] = "window";
    if (equals != NULL) snprintf(word, sizeof word, "%.*s", (int)(length < 15 ? length : 15), text);
    for (*kind = 0; *kind < HO_GROUP_KINDS && !ho_text_same(word, ho_group_kind_name(*kind)); ++*kind)
        ;
    if (*kind == HO_GROUP_KINDS)
        return ho_fail(err, HO_ERR_USAGE, "%s %.100s: groups are by symbol, window, entry, exit or zone",
                       option, text);
    char *end = NULL;
    const long value = strtol(number, &end, 10);
    if (*number < '0' || *number > '9' || *end != '\0' || value > 1000000)
        return ho_fail(err, HO_ERR_USAGE,
                       "%s %.100s: expected a whole number, or KIND=NUMBER such as window=2", option, text);
    *bound = (uint32_t)value;
    return HO_OK;
}

/* All names are hints, and a limit says little about strategies in no group. */
static ho_status warn_of_strays(const ho_limits_of *of, const ho_limit *limit, ho_group_kind kind,
                                ho_strings *warnings, ho_error *err)
{
    const ho_groups *g = &limit->groups;
    const char *what = ho_group_kind_name(kind);
    if (g->count == 0) {
        if (kind == HO_GROUP_ZONE)
            return ho_fail(err, HO_ERR_USAGE, "%s: the table's periods do not tell the zone of any strategy",
                           limit->name);
        return ho_fail(err, HO_ERR_USAGE,
                       "%s: no strategy's name tells its %s, as SENSEX 1426-1456 SL73%% does", limit->name,
                       what);
    }
    if (g->without == 0) return HO_OK;
    size_t first = 0;
    while (g->group[first] != HO_NOBODY)
        first++;
    return ho_strings_printf(
        warnings, err, "%s: %zu of %zu strategies tell no %s and are not limited, such as %.200s",
        limit->name, g->without, ho_panel_strategies(of->panel), what, ho_panel_name(of->panel, first));
}

static ho_status fill_bounds(ho_limit *limit, uint32_t bound, ho_error *err)
{
    limit->bounds = HO_NEW(uint32_t, limit->groups.count);
    if (limit->bounds == NULL)
        return ho_fail_memory(err, limit->groups.count * sizeof bound, "limits of groups");
    for (size_t g = 0; g < limit->groups.count; g++)
        limit->bounds[g] = bound;
    return HO_OK;
}

/* The next limit of l, named "option text" (or the option alone), to be filled. */
static ho_status begin_limit(ho_limits *l, const char *option, const char *text, ho_limit **limit,
                             ho_error *err)
{
    ho_limit *next = &l->limits[l->grouping_count];
    if (asprintf(&next->name, "%s%s%.100s", option, text != NULL ? " " : "", text != NULL ? text : "") < 0) {
        next->name = NULL;
        return ho_fail_memory(err, 100, "a limit's name");
    }
    l->grouping_count++;
    *limit = next;
    return HO_OK;
}

static ho_status add_limit(const ho_limits_of *of, const char *option, const char *text, ho_group_kind kind,
                           uint32_t bound, bool most, ho_limits *l, ho_error *err)
{
    ho_limit *limit = NULL;
    const size_t at = l->grouping_count;
    HO_TRY(begin_limit(l, option, text, &limit, err));
    if (kind == HO_GROUP_ZONE && of->zones != NULL)
        HO_TRY(ho_groups_of_zones(of->zones, ho_panel_strategies(of->panel), of->zone_names, &limit->groups,
                                  err));
    else
        HO_TRY(ho_groups_make(of->panel, of->rows != NULL ? of->rows : of->panel, kind, &limit->groups, err));
    HO_TRY(warn_of_strays(of, limit, kind, &l->warnings, err));
    HO_TRY(fill_bounds(limit, bound, err));
    l->groupings[at] = (ho_grouping){.name = limit->name,
                                     .groups = limit->groups.count,
                                     .group = limit->groups.group,
                                     .most = most ? limit->bounds : NULL,
                                     .least = most ? NULL : limit->bounds,
                                     .labels = (const char *const *)limit->groups.labels};
    return HO_OK;
}

static ho_status add_limits(const ho_limits_of *of, const char *option, const ho_strings *texts, bool most,
                            ho_limits *l, ho_error *err)
{
    for (size_t i = 0; i < texts->count; i++) {
        ho_group_kind kind;
        uint32_t bound = 0;
        HO_TRY(parse_limit(option, texts->items[i], &kind, &bound, err));
        HO_TRY(add_limit(of, option, texts->items[i], kind, bound, most, l, err));
    }
    return HO_OK;
}

static ho_status add_zone_limit(const ho_limits_of *of, const char *option, int64_t bound, bool most,
                                ho_limits *l, ho_error *err)
{
    char text[24];
    if (bound <= 0) return HO_OK;
    snprintf(text, sizeof text, "%lld", (long long)bound);
    return add_limit(of, option, text, HO_GROUP_ZONE, (uint32_t)bound, most, l, err);
}

static ho_status keep_distinct(const ho_limits_of *of, ho_limits *l, ho_error *err)
{
    const size_t at = l->grouping_count;
    ho_limit *limit = NULL;
    if (!of->settings->distinct) return HO_OK;
    HO_TRY(begin_limit(l, "--distinct", NULL, &limit, err));
    HO_TRY(ho_groups_of_copies(of->panel, &limit->groups, err));
    l->copies = &limit->groups;
    HO_TRY(fill_bounds(limit, 1, err));
    l->groupings[at] = (ho_grouping){.name = limit->name,
                                     .groups = limit->groups.count,
                                     .group = limit->groups.group,
                                     .most = limit->bounds,
                                     .labels = (const char *const *)limit->groups.labels};
    return HO_OK;
}

static ho_status keep_apart(const ho_limits_of *of, ho_limits *l, ho_error *err)
{
    const double most = of->settings->max_correlation;
    if (most < 1) {
        if (asprintf(&l->correlation_name, "--max-correlation %g", most) < 0) {
            l->correlation_name = NULL;
            return ho_fail_memory(err, 32, "a limit's name");
        }
        HO_TRY(ho_apart_by_correlation(of->panel, most, of->threads, &l->correlated, err));
        l->conflicts[l->conflict_count++] = (ho_conflicts){l->correlation_name, &l->correlated, ho_apart_row};
    }
    if (of->pair_count == 0) return HO_OK;
    HO_TRY(ho_apart_by_pairs(ho_panel_strategies(of->panel), of->pairs, of->pair_count, &l->exclusive, err));
    l->conflicts[l->conflict_count++] = (ho_conflicts){"--exclusive", &l->exclusive, ho_apart_row};
    return HO_OK;
}

/* Days of a strategy are the dates on which it has a result that is not 0. */
static ho_status count_days(const ho_panel *panel, uint32_t *days, ho_error *err)
{
    const size_t n = ho_panel_strategies(panel);
    int32_t *last = HO_NEW(int32_t, n);
    if (last == NULL) return ho_fail_memory(err, n * sizeof *last, "active days");
    for (size_t t = 0; t < ho_panel_periods(panel); t++) {
        const double *x = ho_panel_row(panel, t);
        const int32_t date = ho_panel_period(panel, t)->date;
        for (size_t j = 0; j < n; j++) {
            const bool new_day = x[j] != 0 && (days[j] == 0 || last[j] != date);
            days[j] += new_day;
            if (new_day) last[j] = date;
        }
    }
    free(last);
    return HO_OK;
}

static ho_status close_inactive(const ho_limits_of *of, ho_selection *s, ho_limits *l, ho_error *err)
{
    const size_t n = ho_panel_strategies(of->panel);
    const int64_t least = of->settings->min_active_days;
    if (least <= 0) return HO_OK;
    uint32_t *days = HO_NEW(uint32_t, n);
    ho_status status = days != NULL ? HO_OK : ho_fail_memory(err, n * sizeof *days, "active days");
    if (status == HO_OK) status = count_days(of->panel, days, err);
    for (size_t i = 0; i < s->include_count && status == HO_OK; i++) {
        const uint32_t j = s->include[i];
        if ((int64_t)days[j] < least)
            status = ho_fail(err, HO_ERR_USAGE, "--min-active-days %lld: --include %.200s has %u",
                             (long long)least, ho_panel_name(of->panel, j), days[j]);
    }
    for (size_t j = 0; j < n && status == HO_OK; j++) {
        if (!s->allowed[j] || (int64_t)days[j] >= least) continue;
        s->allowed[j] = 0;
        s->allowed_count--;
        l->inactive++;
    }
    free(days);
    return status;
}

ho_status ho_limits_make(const ho_limits_of *of, ho_selection *selection, ho_limits *l, ho_error *err)
{
    const ho_limit_settings *s = of->settings;
    const size_t most = s->max_per_group.count + s->min_per_group.count + 3;
    l->limits = HO_NEW(ho_limit, most);
    l->groupings = HO_NEW(ho_grouping, most);
    if (l->limits == NULL || l->groupings == NULL)
        return ho_fail_memory(err, most * sizeof *l->limits, "limits");
    HO_TRY(close_inactive(of, selection, l, err));
    HO_TRY(add_limits(of, "--max-per-group", &s->max_per_group, true, l, err));
    HO_TRY(add_limits(of, "--min-per-group", &s->min_per_group, false, l, err));
    HO_TRY(add_zone_limit(of, "--max-strategies-per-zone", s->max_per_zone, true, l, err));
    HO_TRY(add_zone_limit(of, "--min-strategies-per-zone", s->min_per_zone, false, l, err));
    HO_TRY(keep_distinct(of, l, err));
    return keep_apart(of, l, err);
}
