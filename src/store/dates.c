#include "store/dates.h"

#include "base/date.h"

#include <string.h>
#include <strings.h>

static const char *const formats[HO_DATE_FORMAT_COUNT] = {"YYYY-mm-dd", "dd-mm-YYYY", "dd-Mon-YYYY",
                                                          "dd/mm/YYYY", "mm/dd/YYYY", "YYYY/mm/dd"};

const char *ho_date_format_name(int format)
{
    return format >= 0 && format < HO_DATE_FORMAT_COUNT ? formats[format] : "?";
}

int ho_date_format_find(const char *name)
{
    for (int i = 0; i < HO_DATE_FORMAT_COUNT; i++) {
        if (strcmp(formats[i], name) == 0) return i;
    }
    return -1;
}

typedef struct cursor {
    const char *at, *end;
} cursor;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static cursor trimmed(const char *text, size_t length)
{
    cursor c = {text, text + length};
    while (c.at != c.end && is_blank(*c.at))
        c.at++;
    while (c.at != c.end && is_blank(c.end[-1]))
        c.end--;
    return c;
}

/* least..most digits; -1 when there are fewer. */
static int read_digits(cursor *c, int least, int most)
{
    int value = 0, count = 0;
    for (; count < most && c->at != c->end && *c->at >= '0' && *c->at <= '9'; count++)
        value = value * 10 + (*c->at++ - '0');
    return count >= least ? value : -1;
}

static bool read_letter(cursor *c, char wanted)
{
    if (c->at == c->end || *c->at != wanted) return false;
    c->at++;
    return true;
}

static int read_month(cursor *c)
{
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (c->end - c->at < 3) return -1;
    for (int i = 0; i < 12; i++) {
        if (strncasecmp(c->at, months + 3 * (size_t)i, 3) == 0) {
            c->at += 3;
            return i + 1;
        }
    }
    return -1;
}

static bool read_time(cursor *c, int32_t *seconds)
{
    int hour = read_digits(c, 1, 2);
    if (hour < 0 || hour > 23 || !read_letter(c, ':')) return false;
    int minute = read_digits(c, 2, 2), second = 0;
    if (minute < 0 || minute > 59) return false;
    if (read_letter(c, ':')) {
        second = read_digits(c, 2, 2);
        if (second < 0 || second > 59) return false;
        if (read_letter(c, '.')) {
            if (read_digits(c, 1, 9) < 0) return false;
        }
    }
    *seconds = hour * 3600 + minute * 60 + second;
    return c->at == c->end;
}

bool ho_time_read(const char *text, size_t length, int32_t *seconds)
{
    cursor c = trimmed(text, length);
    int32_t read;
    if (!read_time(&c, &read)) return false;
    *seconds = read;
    return true;
}

bool ho_date_read(int format, const char *text, size_t length, int32_t *date)
{
    cursor c = trimmed(text, length);
    int year = -1, month = -1, day = -1;
    for (const char *f = formats[format]; *f != '\0';) {
        if (*f == 'Y') {
            year = read_digits(&c, 4, 4);
            f += 4;
        } else if (*f == 'M') {
            month = read_month(&c);
            f += 3;
        } else if (*f == 'm') {
            month = read_digits(&c, 1, 2);
            f += 2;
        } else if (*f == 'd') {
            day = read_digits(&c, 1, 2);
            f += 2;
        } else if (!read_letter(&c, *f++)) {
            return false;
        }
    }
    if (year < 0 || month < 0 || day < 0 || !ho_date_valid(year, month, day)) return false;
    if (c.at != c.end) {
        int32_t ignored;
        if (*c.at != ' ' && *c.at != 'T') return false;
        c.at++;
        if (!read_time(&c, &ignored)) return false;
    }
    *date = ho_date_from_civil(year, month, day);
    return true;
}
