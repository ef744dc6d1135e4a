#include "run/zones.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "panel/hints.h"
#include "panel/panel.h"
#include "screen/regimes.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

void ho_day_zones_clear(ho_day_zones *z)
{
    ho_strings_clear(&z->names);
    ho_strings_clear(&z->warnings);
    free(z->label_of);
    free(z->strategies);
    *z = (ho_day_zones){.by_clock = false};
}

/* Texts by their letters, runs of digits by their number: "Zone 2" before "Zone 10". */
static int compare_names(const char *a, const char *b)
{
    while (*a != '\0' && *b != '\0') {
        if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
            char *end_a, *end_b;
            const double x = strtod(a, &end_a), y = strtod(b, &end_b);
            if (x != y) return x < y ? -1 : 1;
            a = end_a;
            b = end_b;
        } else if (*a != *b) {
            break;
        } else {
            a++;
            b++;
        }
    }
    return (int)(unsigned char)*a - (int)(unsigned char)*b;
}

static bool is_zone(const char *name)
{
    static const char *const none[] = {"", "Outside Market", "Undefined", "nan"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        if (ho_text_same(none[i], name)) return false;
    }
    return true;
}

ho_status ho_day_zones_of_rows(const ho_panel *rows, ho_day_zones *z, ho_error *err)
{
    const size_t labels = ho_panel_zones(rows);
    z->label_of = HO_NEW(int32_t, labels);
    if (z->label_of == NULL) return ho_fail_memory(err, labels * sizeof *z->label_of, "the zones");
    for (int32_t label = 0; label < (int32_t)labels; label++) {
        const char *name = ho_panel_zone(rows, label);
        if (!is_zone(name)) continue;
        size_t at = z->count++;
        for (; at > 0 && compare_names(name, ho_panel_zone(rows, z->label_of[at - 1])) < 0; at--)
            z->label_of[at] = z->label_of[at - 1];
        z->label_of[at] = label;
    }
    for (size_t i = 0; i < z->count; i++)
        HO_TRY(ho_strings_add(&z->names, ho_panel_zone(rows, z->label_of[i]), err));
    return HO_OK;
}

static bool any_zone(const ho_panel *rows)
{
    for (size_t t = 0; t < ho_panel_periods(rows); t++) {
        const int32_t label = ho_panel_period(rows, t)->zone;
        if (label >= 0 && is_zone(ho_panel_zone(rows, label))) return true;
    }
    return false;
}

static bool any_start(const ho_panel *rows)
{
    for (size_t t = 0; t < ho_panel_periods(rows); t++) {
        if (ho_panel_period(rows, t)->start >= 0) return true;
    }
    return false;
}

/* New labels in place of the old ones, by the rows' starts. */
static ho_status label_rows(ho_panel *rows, ho_day_zones *z, ho_error *err)
{
    ho_strings_clear(&rows->zones);
    for (size_t t = 0; t < ho_panel_periods(rows); t++) {
        ho_period *p = &rows->periods[t];
        char label[HO_CLOCK_LABEL];
        const int zone = p->start >= 0 ? ho_zone_clock_at(&z->clock, p->start) : HO_ZONE_UNDEFINED;
        ho_zone_clock_label(&z->clock, zone, label);
        HO_TRY(ho_panel_label(&rows->zones, label, strlen(label), &p->zone, err));
        z->rows_outside += zone < 0;
    }
    return HO_OK;
}

/* The zones of the entries that names tell. */
static ho_status zone_names(const ho_panel *panel, ho_day_zones *z, ho_error *err)
{
    const size_t n = ho_panel_strategies(panel);
    bool seen[HO_ZONE_WINDOWS_MOST] = {false};
    int32_t number[HO_ZONE_WINDOWS_MOST];
    z->strategies = HO_NEW(int32_t, n);
    z->label_of = HO_NEW(int32_t, HO_ZONE_WINDOWS_MOST);
    if (z->strategies == NULL || z->label_of == NULL)
        return ho_fail_memory(err, n * sizeof *z->strategies, "the zones");
    for (size_t j = 0; j < n; j++) {
        const ho_hints hints = ho_hints_of(ho_panel_name(panel, j));
        const int zone = hints.group_length > 0 ? ho_zone_clock_at(&z->clock, hints.window_start) : -1;
        z->strategies[j] = zone < 0 ? -1 : zone;
        z->rows_outside += zone < 0;
        if (zone >= 0) seen[zone] = true;
    }
    for (int zone = 0; zone < HO_ZONE_WINDOWS_MOST; zone++) {
        char label[HO_CLOCK_LABEL];
        if (!seen[zone]) continue;
        ho_zone_clock_label(&z->clock, zone, label);
        HO_TRY(ho_strings_add(&z->names, label, err));
        z->label_of[z->count] = -1;
        number[zone] = (int32_t)z->count++;
    }
    for (size_t j = 0; j < n; j++) {
        if (z->strategies[j] >= 0) z->strategies[j] = number[z->strategies[j]];
    }
    return HO_OK;
}

/* Where rows are about to get labels, those that the cache wants stay as they are. */
static ho_status find_zones(const ho_zone_settings *s, ho_input *input, ho_day_zones *z, ho_error *err)
{
    const ho_zone_texts texts = {s->method, s->open, s->close, s->boundaries, s->windows, s->count};
    HO_TRY(ho_zone_clock_make(&texts, &z->clock, err));
    const ho_panel *rows = ho_input_rows(input);
    if (any_zone(rows) && !s->override) return ho_day_zones_of_rows(rows, z, err);
    z->by_clock = true;
    if (z->clock.count == 0)
        return ho_fail(err, HO_ERR_USAGE,
                       "--zone-method %s: --zone-%s tells where the zones lie, and is empty", s->method,
                       ho_text_same(s->method, "custom") ? "windows" : "boundaries");
    if (any_start(rows)) {
        HO_TRY(ho_input_keep_original(input, err));
        ho_panel *labelled = input->rows != NULL ? input->rows : input->panel;
        HO_TRY(label_rows(labelled, z, err));
        HO_TRY(ho_day_zones_of_rows(labelled, z, err));
    } else {
        HO_TRY(zone_names(input->panel, z, err));
    }
    if (z->rows_outside == 0 || z->count == 0) return HO_OK;
    return ho_strings_printf(&z->warnings, err,
                             "%zu %s begin in no zone and are in none of the zones' results", z->rows_outside,
                             z->strategies != NULL ? "strategies" : "rows");
}

static ho_status no_zones(const ho_zone_settings *s, const ho_input *input, const ho_day_zones *z,
                          ho_error *err)
{
    const ho_panel *rows = ho_input_rows(input);
    if (z->strategies == NULL)
        return ho_fail(err, HO_ERR_DATA, "none of %zu rows begins in a zone of the market's day, %s to %s",
                       ho_panel_periods(rows), s->open, s->close);
    return ho_fail(
        err, HO_ERR_DATA,
        "the table tells no zones: it has no column zone or start_time, and no strategy's name has a "
        "window in the market's day, as SENSEX 1426-1456 SL73%% has");
}

static ho_status find_named(const ho_day_zones *z, const char *name, size_t *zone, ho_error *err)
{
    for (size_t i = 0; i < z->count; i++) {
        if (!ho_zone_is(z->names.items[i], name, strlen(name))) continue;
        *zone = i;
        return HO_OK;
    }
    const char *nearest = ho_text_nearest(name, (const char *const *)z->names.items, z->count);
    return ho_fail(
        err, HO_ERR_USAGE, "--zone: the table has no zone '%.100s'%s%.100s; its %zu are %.100s%s%.100s", name,
        nearest != NULL ? ": did you mean " : "", nearest != NULL ? nearest : "", z->count, z->names.items[0],
        z->count > 1 ? " to " : "", z->count > 1 ? z->names.items[z->count - 1] : "");
}

/* The input becomes the zone. */
static ho_status leave_zone(const ho_day_zones *z, size_t zone, bool by_day, ho_input *input, ho_error *err)
{
    ho_panel *rows = NULL, *periods = NULL;
    HO_TRY(ho_input_keep_original(input, err));
    if (z->strategies == NULL) {
        HO_TRY(ho_day_zones_part(z, zone, by_day, input, &rows, &periods, err));
    } else {
        const size_t n = ho_panel_strategies(input->panel);
        uint32_t *kept = HO_NEW(uint32_t, n);
        size_t count = 0;
        if (kept == NULL) return ho_fail_memory(err, n * sizeof *kept, "a zone");
        for (uint32_t j = 0; j < n; j++) {
            if (z->strategies[j] == (int32_t)zone) kept[count++] = j;
        }
        ho_status status = ho_panel_choose(input->panel, kept, count, &periods, err);
        if (status == HO_OK && input->rows != NULL)
            status = ho_panel_choose(input->rows, kept, count, &rows, err);
        free(kept);
        if (status != HO_OK) {
            ho_panel_free(&periods);
            return status;
        }
    }
    ho_panel_free(&input->rows);
    ho_panel_free(&input->panel);
    input->rows = rows;
    input->panel = periods;
    return HO_OK;
}

ho_status ho_day_zones_shape(const ho_zone_settings *s, ho_day_zones_use use, const char *period,
                             const ho_hooks *hooks, ho_input *input, ho_day_zones *z, ho_error *err)
{
    const bool needed = use == HO_DAY_ZONES_NEEDED || s->zone != NULL;
    if (use == HO_DAY_ZONES_UNUSED && !needed && !s->override) return HO_OK;
    HO_TRY(find_zones(s, input, z, err));
    if (z->count == 0 && needed) return no_zones(s, input, z, err);
    if (z->count == 0) return HO_OK;
    input->zones = z;
    for (size_t i = 0; i < z->warnings.count; i++)
        ho_warn(hooks, z->warnings.items[i]);
    if (s->zone == NULL || strcasecmp(s->zone, "each") == 0) return HO_OK;
    size_t zone = 0;
    HO_TRY(find_named(z, s->zone, &zone, err));
    HO_TRY(leave_zone(z, zone, strcmp(period, "day") == 0, input, err));
    if (z->strategies == NULL) return HO_OK;
    for (size_t j = 0; j < ho_panel_strategies(input->panel); j++)
        z->strategies[j] = (int32_t)zone;
    return HO_OK;
}

ho_status ho_day_zones_part(const ho_day_zones *z, size_t zone, bool by_day, const ho_input *input,
                            ho_panel **rows, ho_panel **periods, ho_error *err)
{
    const ho_panel *all = ho_input_rows(input);
    const size_t count = ho_panel_periods(all);
    ho_panel *kept = NULL;
    *rows = *periods = NULL;
    if (z->strategies != NULL) return HO_OK;
    uint8_t *keep = HO_NEW(uint8_t, count);
    if (keep == NULL) return ho_fail_memory(err, count, "rows");
    size_t left = 0;
    for (size_t t = 0; t < count; t++) {
        keep[t] = ho_panel_period(all, t)->zone == z->label_of[zone];
        left += keep[t];
    }
    ho_status status =
        left > 0 ? ho_rows_keep(all, keep, &kept, err)
                 : ho_fail(err, HO_ERR_DATA, "the zone '%.100s' has no row left", z->names.items[zone]);
    free(keep);
    HO_TRY(status);
    return ho_rows_to_periods(by_day, kept, rows, periods, err);
}
