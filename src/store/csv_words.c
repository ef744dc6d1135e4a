/* Words of a CSV text on their way to people: decoded to UTF-8, cut and cleaned for messages. */
#include "store/csv_header.h"

#include <string.h>

/* The length of the well-formed character at p, 0: malformed. Overlong forms, surrogates and values past U+10FFFF are
 * malformed (Unicode 15, table 3-7). */
static size_t character(const unsigned char *p, size_t left)
{
    if (p[0] < 0x80) return 1;
    size_t length = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (p[0] < 0xc2 || p[0] > 0xf4 || left < length) return 0;
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xc0) != 0x80) return 0;
    }
    bool bad = (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
               (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f);
    return bad ? 0 : length;
}

bool ho_csv_is_utf8(const char *text, size_t length)
{
    const unsigned char *p = (const unsigned char *)text, *end = p + length;
    while (p != end) {
        if (end - p >= 8) {
            uint64_t eight;
            memcpy(&eight, p, 8);
            if ((eight & 0x8080808080808080u) == 0) {
                p += 8;
                continue;
            }
        }
        size_t step = character(p, (size_t)(end - p));
        if (step == 0) return false;
        p += step;
    }
    return true;
}

size_t ho_csv_from_1252(const char *text, size_t length, char *out)
{
    /* bytes 0x80 to 0x9f; the five that Windows leaves open stay control characters, as in the WHATWG table */
    static const uint16_t high[32] = {0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                      0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d,   0x017d, 0x8f,
                                      0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                      0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178};
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        unsigned code = byte >= 0x80 && byte < 0xa0 ? high[byte - 0x80] : byte;
        if (code < 0x80) {
            out[n++] = (char)code;
        } else if (code < 0x800) {
            out[n++] = (char)(0xc0 | code >> 6);
            out[n++] = (char)(0x80 | (code & 0x3f));
        } else {
            out[n++] = (char)(0xe0 | code >> 12);
            out[n++] = (char)(0x80 | (code >> 6 & 0x3f));
            out[n++] = (char)(0x80 | (code & 0x3f));
        }
    }
    return n;
}

const char *ho_csv_show(const char *text, size_t length, char out[HO_CSV_SHOWN])
{
    static const char more[] = "...";
    const size_t limit = HO_CSV_SHOWN - sizeof more;
    size_t n = 0, at = 0;
    while (at < length) {
        size_t step = character((const unsigned char *)text + at, length - at);
        size_t width = step == 0 ? 1 : step;
        if (n + width > limit) break;
        unsigned char first = (unsigned char)text[at];
        if (step == 0 || first < ' ' || first == 0x7f)
            out[n] = '?';
        else
            memcpy(out + n, text + at, width);
        n += width;
        at += width;
    }
    if (at < length) {
        memcpy(out + n, more, sizeof more);
        return out;
    }
    out[n] = '\0';
    return out;
}
