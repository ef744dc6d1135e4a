/* The grammar of a numeric cell; the conversion itself is in the bridge. */
#include "store/number.h"

#include "bridge/number/number.h"
#include "store/number_fast.h"

#include <math.h>
#include <strings.h>

const uint64_t ho_number_powers[HO_NUMBER_MOST_DECIMALS + 1][2] = {
    {0x8000000000000000, 0x0000000000000000}, /* 1 */
    {0xcccccccccccccccc, 0xcccccccccccccccd}, /* 10^-1 */
    {0xa3d70a3d70a3d70a, 0x3d70a3d70a3d70a4}, /* 10^-2 */
    {0x83126e978d4fdf3b, 0x645a1cac083126ea}, /* 10^-3 */
    {0xd1b71758e219652b, 0xd3c36113404ea4a9}, /* 10^-4 */
    {0xa7c5ac471b478423, 0x0fcf80dc33721d54}, /* 10^-5 */
    {0x8637bd05af6c69b5, 0xa63f9a49c2c1b110}, /* 10^-6 */
    {0xd6bf94d5e57a42bc, 0x3d32907604691b4d}, /* 10^-7 */
    {0xabcc77118461cefc, 0xfdc20d2b36ba7c3e}, /* 10^-8 */
    {0x89705f4136b4a597, 0x31680a88f8953031}, /* 10^-9 */
    {0xdbe6fecebdedd5be, 0xb573440e5a884d1c}, /* 10^-10 */
    {0xafebff0bcb24aafe, 0xf78f69a51539d749}, /* 10^-11 */
    {0x8cbccc096f5088cb, 0xf93f87b7442e45d4}, /* 10^-12 */
    {0xe12e13424bb40e13, 0x2865a5f206b06fba}, /* 10^-13 */
    {0xb424dc35095cd80f, 0x538484c19ef38c95}, /* 10^-14 */
    {0x901d7cf73ab0acd9, 0x0f9d37014bf60a11}, /* 10^-15 */
    {0xe69594bec44de15b, 0x4c2ebe687989a9b4}, /* 10^-16 */
    {0xb877aa3236a4b449, 0x09befeb9fad487c3}, /* 10^-17 */
    {0x9392ee8e921d5d07, 0x3aff322e62439fd0}, /* 10^-18 */
    {0xec1e4a7db69561a5, 0x2b31e9e3d06c32e6}, /* 10^-19 */
    {0xbce5086492111aea, 0x88f4bb1ca6bcf585}, /* 10^-20 */
    {0x971da05074da7bee, 0xd3f6fc16ebca5e04}, /* 10^-21 */
    {0xf1c90080baf72cb1, 0x5324c68b12dd6339}, /* 10^-22 */
    {0xc16d9a0095928a27, 0x75b7053c0f178294}, /* 10^-23 */
    {0x9abe14cd44753b52, 0xc4926a9672793543}, /* 10^-24 */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_missing(const char *text, size_t length)
{
    static const char *const markers[] = {"\\N", "NULL", "null", "None", "NA", "N/A", "-", "--"};
    if (length == 0) return true;
    for (size_t i = 0; i < sizeof markers / sizeof *markers; i++) {
        if (strlen(markers[i]) == length && memcmp(markers[i], text, length) == 0) return true;
    }
    return false;
}

static bool is_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && strncasecmp(text, word, length) == 0;
}

/* Groups right of the first comma: all of 3 digits, or, as in India, of 2 with a last one of 3; the first group holds
 * 1 to 3 digits, in India 1 or 2. */
static bool grouped_well(const char *p, const char *end)
{
    size_t first = 0, group = 0, groups = 0, twos = 0;
    for (;; p++) {
        if (p != end && is_digit(*p)) {
            group++;
            continue;
        }
        bool last = p == end || *p != ',';
        if (groups == 0)
            first = group;
        else if (last && group != 3)
            return false;
        else if (!last && group == 2)
            twos++;
        else if (!last && group != 3)
            return false;
        if (last) {
            if (memchr(p, ',', (size_t)(end - p)) != NULL) return false;
            break;
        }
        groups++;
        group = 0;
    }
    if (groups == 0) return true;
    bool indian = twos == groups - 1 && first <= 2;
    return first >= 1 && ((twos == 0 && first <= 3) || indian);
}

enum { LONGEST_GROUPED = 512 };

/* begin..end holds sign, digits, commas, a point and an exponent at most; the sign is not '+'. */
static ho_cell convert(const char *begin, const char *end, double *value)
{
    char plain[LONGEST_GROUPED];
    if (memchr(begin, ',', (size_t)(end - begin)) != NULL) {
        if (end - begin > LONGEST_GROUPED || !grouped_well(begin + (*begin == '-'), end)) return HO_CELL_BAD;
        size_t length = 0;
        for (const char *p = begin; p != end; p++) {
            if (*p != ',') plain[length++] = *p;
        }
        begin = plain;
        end = plain + length;
    }
    double parsed;
    if (!ho_number_exact(begin, end, &parsed)) return HO_CELL_BAD;
    if (!isfinite(parsed)) return HO_CELL_INFINITE;
    *value = parsed;
    return HO_CELL_NUMBER;
}

ho_cell ho_number_read(const char *text, size_t length, double *value)
{
    const char *end = text + length;
    while (text != end && is_blank(*text))
        text++;
    while (text != end && is_blank(end[-1]))
        end--;
    if (is_missing(text, (size_t)(end - text))) return HO_CELL_MISSING;
    const char *first = text + (*text == '+' || *text == '-');
    size_t rest = (size_t)(end - first);
    if (is_word(first, rest, "nan")) return HO_CELL_NAN;
    if (is_word(first, rest, "inf") || is_word(first, rest, "infinity")) return HO_CELL_INFINITE;
    if (first == end || (!is_digit(*first) && *first != '.')) return HO_CELL_BAD;
    return convert(*text == '+' ? first : text, end, value);
}
