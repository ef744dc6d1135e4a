#include "store/number.h"
#include "store/trades/read.h"

#include <string.h>
#include <strings.h>

enum { LONGEST = 64 };

typedef struct span {
    const char *at, *end;
} span;

static bool is_blank(const span *s, const char *p, size_t *length)
{
    *length = 1;
    if (*p == ' ' || *p == '\t') return true;
    *length = 2; /* a no-break space */
    return s->end - p >= 2 && memcmp(p, "\xc2\xa0", 2) == 0;
}

static void trim(span *s)
{
    size_t length;
    while (s->at != s->end && is_blank(s, s->at, &length))
        s->at += length;
    for (;;) {
        if (s->at != s->end && (s->end[-1] == ' ' || s->end[-1] == '\t'))
            s->end--;
        else if (s->end - s->at >= 2 && memcmp(s->end - 2, "\xc2\xa0", 2) == 0)
            s->end -= 2;
        else
            return;
    }
}

/* Takes a currency off either end; the longest come first. */
static bool strip_currency(span *s)
{
    static const char *const signs[] = {"INR", "USD", "Rs.", "Rs", "\xe2\x82\xb9", "\xe2\x82\xa8", "$"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t length = strlen(signs[i]), left = (size_t)(s->end - s->at);
        if (left < length) continue;
        bool before = strncasecmp(s->at, signs[i], length) == 0;
        if (!before && strncasecmp(s->end - length, signs[i], length) != 0) continue;
        if (before)
            s->at += length;
        else
            s->end -= length;
        trim(s);
        return true;
    }
    return false;
}

/* A sign in front, also the typographers' minus; true: it is a minus. */
static bool strip_sign(span *s, bool *minus)
{
    size_t length = 0;
    if (s->at != s->end && (*s->at == '-' || *s->at == '+')) length = 1;
    if (s->end - s->at >= 3 && memcmp(s->at, "\xe2\x88\x92", 3) == 0) length = 3;
    if (length == 0) return false;
    *minus = *s->at != '+';
    s->at += length;
    trim(s);
    return true;
}

bool ho_trade_amount(const char *text, size_t length, double *amount)
{
    span s = {text, text + length};
    bool minus = false, brackets = false, sign = false, currency = false;
    trim(&s);
    for (bool going = true; going;) { /* -Rs 5, Rs -5, (Rs 5), Rs (5) */
        going = false;
        if (!brackets && s.end - s.at >= 2 && *s.at == '(' && s.end[-1] == ')') {
            s.at++;
            s.end--;
            trim(&s);
            going = brackets = true;
        }
        if (!sign && strip_sign(&s, &minus)) going = sign = true;
        if (!currency && strip_currency(&s)) going = currency = true;
    }
    double value = 0;
    if (brackets && sign) return false;
    if (s.at == s.end || s.end - s.at > LONGEST || *s.at == '-' || *s.at == '+') return false;
    if (ho_number_read(s.at, (size_t)(s.end - s.at), &value) != HO_CELL_NUMBER) return false;
    *amount = minus || brackets ? -value : value;
    return true;
}
