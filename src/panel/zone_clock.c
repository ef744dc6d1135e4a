#include "panel/zone_clock.h"

#include "base/error.h"
#include "base/strings.h"

#include <stdio.h>
#include <string.h>

/* HH:MM or HH:MM:SS at *at, and moves it past; false where there is none. */
static bool take_time(const char **at, int32_t *seconds)
{
    int32_t parts[3] = {0, 0, 0};
    const char *c = *at + strspn(*at, " ");
    int count = 0;
    for (; count < 3; count++) {
        if (count > 0 && *c != ':') break;
        if (count > 0) c++;
        size_t digits = strspn(c, "0123456789");
        if (digits < 1 || digits > 2) return false;
        for (; digits > 0; digits--)
            parts[count] = 10 * parts[count] + (*c++ - '0');
    }
    *seconds = parts[0] * 3600 + parts[1] * 60 + parts[2];
    *at = c + strspn(c, " ");
    return count >= 2 && parts[0] < 25 && parts[1] < 60 && parts[2] < 60 && *seconds <= 86400;
}

static ho_status read_moment(const char *option, const char *text, int32_t *seconds, ho_error *err)
{
    const char *at = text;
    if (take_time(&at, seconds) && *at == '\0') return HO_OK;
    return ho_fail(err, HO_ERR_USAGE, "--%s %.100s: expected a time such as 09:15 or 09:15:00", option, text);
}

static ho_status bad_list(const char *option, const char *text, const char *expected, ho_error *err)
{
    return ho_fail(err, HO_ERR_USAGE, "--%s %.200s: expected %s", option, text, expected);
}

static ho_status read_boundaries(const char *text, ho_zone_clock *clock, ho_error *err)
{
    static const char option[] = "zone-boundaries", expected[] = "rising times such as 09:15,11:00,15:30";
    int32_t last = 0, now = 0;
    size_t read = 0;
    for (const char *at = text; *at != '\0';) {
        if (!take_time(&at, &now) || (read > 0 && now <= last) || read > HO_ZONE_WINDOWS_MOST)
            return bad_list(option, text, expected, err);
        if (read++ > 0) {
            clock->begin[clock->count] = last;
            clock->end[clock->count++] = now;
        }
        last = now;
        if (*at == ',' && at[1] != '\0')
            at++;
        else if (*at != '\0')
            return bad_list(option, text, expected, err);
    }
    return read == 1 ? bad_list(option, text, expected, err) : HO_OK;
}

static ho_status read_windows(const char *text, ho_zone_clock *clock, ho_error *err)
{
    static const char option[] = "zone-windows", expected[] = "windows such as 09:15-10:30,10:30-12:00";
    for (const char *at = text; *at != '\0';) {
        int32_t begin = 0, end = 0;
        if (clock->count == HO_ZONE_WINDOWS_MOST || !take_time(&at, &begin) || *at++ != '-' ||
            !take_time(&at, &end) || end <= begin)
            return bad_list(option, text, expected, err);
        clock->begin[clock->count] = begin;
        clock->end[clock->count++] = end;
        if (*at == ',' && at[1] != '\0')
            at++;
        else if (*at != '\0')
            return bad_list(option, text, expected, err);
    }
    return HO_OK;
}

ho_status ho_zone_clock_make(const ho_zone_texts *texts, ho_zone_clock *clock, ho_error *err)
{
    ho_zone_clock c = {.method = HO_CLOCK_EQUAL};
    HO_TRY(read_moment("market-open", texts->open, &c.open, err));
    HO_TRY(read_moment("market-close", texts->close, &c.close, err));
    if (c.close <= c.open)
        return ho_fail(err, HO_ERR_USAGE, "--market-close %.40s is not after --market-open %.40s",
                       texts->close, texts->open);
    if (ho_text_same(texts->method, "freeform")) {
        c.method = HO_CLOCK_FREEFORM;
        HO_TRY(read_boundaries(texts->boundaries != NULL ? texts->boundaries : "", &c, err));
    } else if (ho_text_same(texts->method, "custom")) {
        c.method = HO_CLOCK_CUSTOM;
        HO_TRY(read_windows(texts->windows != NULL ? texts->windows : "", &c, err));
    } else {
        c.count = (size_t)texts->count;
    }
    *clock = c;
    return HO_OK;
}

int ho_zone_clock_at(const ho_zone_clock *clock, int32_t seconds)
{
    if (seconds < clock->open || seconds >= clock->close) return HO_ZONE_OUTSIDE;
    if (clock->method == HO_CLOCK_EQUAL && clock->count > 0)
        return (int)((int64_t)(seconds - clock->open) * (int64_t)clock->count / (clock->close - clock->open));
    for (size_t i = 0; clock->method != HO_CLOCK_EQUAL && i < clock->count; i++) {
        if (seconds >= clock->begin[i] && seconds < clock->end[i]) return (int)i;
    }
    return HO_ZONE_UNDEFINED;
}

void ho_zone_clock_label(const ho_zone_clock *clock, int zone, char label[HO_CLOCK_LABEL])
{
    if (zone == HO_ZONE_OUTSIDE)
        snprintf(label, HO_CLOCK_LABEL, "Outside Market");
    else if (zone < 0)
        snprintf(label, HO_CLOCK_LABEL, "Undefined");
    else
        snprintf(label, HO_CLOCK_LABEL, clock->method == HO_CLOCK_CUSTOM ? "Custom Zone %d" : "Zone %d",
                 zone + 1);
}
