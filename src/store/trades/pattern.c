#include "store/trades/pattern.h"

#include "base/date.h"
#include "store/dates.h"

#include <string.h>
#include <strings.h>

typedef struct reading {
    const char *at, *end;
    int year, month, day, hour, minute, second, afternoon; /* -1: not met */
} reading;

static const char *const months[] = {"january", "february", "march",     "april",   "may",      "june",
                                     "july",    "august",   "september", "october", "november", "december"};

static bool number(reading *r, int most, int least_digits, int most_digits, int *out)
{
    int value = 0, digits = 0;
    for (; digits < most_digits && r->at != r->end && *r->at >= '0' && *r->at <= '9'; digits++)
        value = 10 * value + (*r->at++ - '0');
    if (digits < least_digits || value > most) return false;
    *out = value;
    return true;
}

static bool month_name(reading *r)
{
    for (int i = 0; i < 12; i++) {
        size_t left = (size_t)(r->end - r->at), whole = strlen(months[i]);
        size_t take = left >= whole && strncasecmp(r->at, months[i], whole) == 0 ? whole : 3;
        if (left < take || strncasecmp(r->at, months[i], take) != 0) continue;
        r->at += take;
        r->month = i + 1;
        return true;
    }
    return false;
}

static bool half_of_day(reading *r)
{
    if (r->end - r->at < 2) return false;
    if (strncasecmp(r->at, "am", 2) != 0 && strncasecmp(r->at, "pm", 2) != 0) return false;
    r->afternoon = *r->at == 'p' || *r->at == 'P';
    r->at += 2;
    return true;
}

static bool field(reading *r, char letter)
{
    int ignored;
    switch (letter) {
    case 'Y':
        return number(r, 9999, 4, 4, &r->year);
    case 'y':
        if (!number(r, 99, 2, 2, &r->year)) return false;
        r->year += r->year < 69 ? 2000 : 1900; /* as POSIX has it */
        return true;
    case 'm':
        return number(r, 12, 1, 2, &r->month);
    case 'd':
        return number(r, 31, 1, 2, &r->day);
    case 'b':
    case 'B':
        return month_name(r);
    case 'H':
        return number(r, 23, 1, 2, &r->hour);
    case 'I':
        return number(r, 12, 1, 2, &r->hour);
    case 'M':
        return number(r, 59, 1, 2, &r->minute);
    case 'S':
        return number(r, 60, 1, 2, &r->second);
    case 'f':
        return number(r, 999999, 1, 6, &ignored);
    case 'p':
        return half_of_day(r);
    default:
        return false;
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool matches(reading *r, const char *pattern)
{
    for (const char *p = pattern; *p != '\0'; p++) {
        if (*p == '%') {
            while (p[1] == '%') /* doubled for a reader of INI files */
                p++;
            if (*++p == '\0' || !field(r, *p)) return false;
        } else if (is_blank(*p)) {
            if (r->at == r->end || !is_blank(*r->at)) return false;
            while (r->at != r->end && is_blank(*r->at))
                r->at++;
        } else if (r->at == r->end || *r->at++ != *p) {
            return false;
        }
    }
    return true;
}

/* What follows a date whose pattern has no hours: nothing, or a time of day. */
static bool only_a_time(const reading *r)
{
    int32_t seconds;
    if (r->at == r->end) return true;
    return r->hour < 0 && (*r->at == ' ' || *r->at == 'T') &&
           ho_time_read(r->at + 1, (size_t)(r->end - r->at) - 1, &seconds);
}

bool ho_pattern_read(const char *pattern, const char *text, size_t length, int32_t *date, int32_t *seconds)
{
    reading r = {text, text + length, -1, -1, -1, -1, -1, -1, -1};
    while (r.at != r.end && is_blank(*r.at))
        r.at++;
    while (r.at != r.end && is_blank(r.end[-1]))
        r.end--;
    while (is_blank(*pattern))
        pattern++;
    if (!matches(&r, pattern) || !only_a_time(&r)) return false;
    bool has_day = r.year >= 0 || r.month >= 0 || r.day >= 0;
    if (has_day && (r.year < 1 || r.month < 1 || r.day < 1 || !ho_date_valid(r.year, r.month, r.day)))
        return false;
    if (r.afternoon >= 0) {
        if (r.hour < 1 || r.hour > 12) return false;
        r.hour = r.hour % 12 + 12 * r.afternoon;
    }
    if (has_day) *date = ho_date_from_civil(r.year, r.month, r.day);
    int minute = r.minute < 0 ? 0 : r.minute, second = r.second < 0 ? 0 : r.second;
    *seconds = r.hour < 0 ? -1 : r.hour * 3600 + minute * 60 + (second > 59 ? 59 : second);
    return true;
}

const char *ho_pattern_fault(const char *pattern)
{
    for (const char *p = pattern; *p != '\0'; p++) {
        if (*p != '%') continue;
        while (p[1] == '%')
            p++;
        if (*++p == '\0') return "ends in %";
        if (strchr("YymdbBHIMSfp", *p) == NULL)
            return "has a letter that is none of %Y %y %m %d %b %B %H %I %M %S %f %p";
    }
    return NULL;
}
