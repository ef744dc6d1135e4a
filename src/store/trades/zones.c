#include "store/trades/zones.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "store/dates.h"

#include <stdio.h>
#include <string.h>

static ho_status read_time(const char *key, const char *text, size_t length, int32_t *seconds, ho_error *err)
{
    if (ho_time_read(text, length, seconds)) return HO_OK;
    return ho_fail(err, HO_ERR_USAGE, "%s: \"%.*s\" is no time of day (HH:MM or HH:MM:SS)", key,
                   (int)(length < 40 ? length : 40), text);
}

static ho_status read_market(const ho_trade_settings *s, ho_zones *z, ho_error *err)
{
    const char *open = s->market_open_time, *close = s->market_close_time;
    if (open == NULL || close == NULL)
        return ho_fail(err, HO_ERR_USAGE, "market_open_time and market_close_time are needed for zones");
    HO_TRY(read_time("market_open_time", open, strlen(open), &z->open, err));
    HO_TRY(read_time("market_close_time", close, strlen(close), &z->close, err));
    if (z->open >= z->close)
        return ho_fail(err, HO_ERR_USAGE, "market_open_time %s is not before market_close_time %s", open,
                       close);
    return HO_OK;
}

static ho_status add_zone(ho_zones *z, int32_t begin, int32_t end, ho_error *err)
{
    if (z->count == HO_TRADE_ZONES) return ho_fail(err, HO_ERR_USAGE, "more than %d zones", HO_TRADE_ZONES);
    z->begin[z->count] = begin;
    z->end[z->count++] = end;
    return HO_OK;
}

/* "09:15,11:00,15:30": two zones. */
static ho_status read_boundaries(const char *text, ho_zones *z, ho_error *err)
{
    int32_t last = -1;
    for (const char *p = text; *p != '\0';) {
        size_t length = strcspn(p, ",");
        int32_t now;
        HO_TRY(read_time("freeform_zone_boundaries", p, length, &now, err));
        if (last >= now)
            return ho_fail(err, HO_ERR_USAGE, "freeform_zone_boundaries: %s does not ascend", text);
        if (last >= 0) HO_TRY(add_zone(z, last, now, err));
        last = now;
        p += length + (p[length] == ',');
    }
    return HO_OK;
}

/* "09:15-10:00,14:00-15:00" */
static ho_status read_windows(const char *text, ho_zones *z, ho_error *err)
{
    for (const char *p = text; *p != '\0';) {
        size_t length = strcspn(p, ","), first = strcspn(p, "-,");
        int32_t begin, end;
        if (first >= length)
            return ho_fail(err, HO_ERR_USAGE, "custom_zone_windows: \"%.*s\" is no HH:MM-HH:MM",
                           (int)(length < 40 ? length : 40), p);
        HO_TRY(read_time("custom_zone_windows", p, first, &begin, err));
        HO_TRY(read_time("custom_zone_windows", p + first + 1, length - first - 1, &end, err));
        HO_TRY(add_zone(z, begin, end, err));
        p += length + (p[length] == ',');
    }
    return HO_OK;
}

static ho_status read_zones(const ho_trade_settings *s, ho_zones *z, ho_error *err)
{
    HO_TRY(read_market(s, z, err));
    const char *method = s->zone_method != NULL ? s->zone_method : "equal";
    if (ho_text_same(method, "equal")) {
        z->method = s->num_zones > 0 ? HO_ZONES_EQUAL : HO_ZONES_NONE;
        z->count = (size_t)s->num_zones;
        return HO_OK;
    }
    z->begin = HO_NEW(int32_t, HO_TRADE_ZONES);
    z->end = HO_NEW(int32_t, HO_TRADE_ZONES);
    if (z->begin == NULL || z->end == NULL) return ho_fail_memory(err, 0, "zones");
    if (ho_text_same(method, "freeform")) {
        z->method = HO_ZONES_FREEFORM;
        if (s->freeform_zone_boundaries != NULL) HO_TRY(read_boundaries(s->freeform_zone_boundaries, z, err));
    } else if (ho_text_same(method, "custom")) {
        z->method = HO_ZONES_CUSTOM;
        if (s->custom_zone_windows != NULL) HO_TRY(read_windows(s->custom_zone_windows, z, err));
    }
    if (z->count == 0) z->method = HO_ZONES_NONE;
    return HO_OK;
}

ho_status ho_zones_of(const ho_trade_settings *settings, ho_zones *zones, ho_error *err)
{
    ho_zones made = {0};
    ho_status status = read_zones(settings, &made, err);
    if (status == HO_OK)
        *zones = made;
    else
        ho_zones_clear(&made);
    return status;
}

void ho_zones_clear(ho_zones *zones)
{
    free(zones->begin);
    free(zones->end);
    *zones = (ho_zones){0};
}

static bool say(char out[HO_ZONE_LABEL], const char *text)
{
    snprintf(out, HO_ZONE_LABEL, "%s", text);
    return false;
}

bool ho_zone_label(const ho_zones *z, int32_t seconds, char out[HO_ZONE_LABEL])
{
    if (seconds < 0 || z->method == HO_ZONES_NONE) return say(out, "Undefined");
    if (seconds < z->open || seconds >= z->close) return say(out, "Outside Market");
    if (z->method == HO_ZONES_EQUAL) {
        int64_t zone = (int64_t)(seconds - z->open) * (int64_t)z->count / (z->close - z->open);
        snprintf(out, HO_ZONE_LABEL, "Zone %lld", (long long)zone + 1);
        return true;
    }
    for (size_t i = 0; i < z->count; i++) {
        if (seconds < z->begin[i] || seconds >= z->end[i]) continue;
        snprintf(out, HO_ZONE_LABEL, "%sZone %zu", z->method == HO_ZONES_CUSTOM ? "Custom " : "", i + 1);
        return true;
    }
    return say(out, "Undefined");
}
