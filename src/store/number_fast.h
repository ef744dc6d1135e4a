/* The number that fills a table of profit and loss: an optional minus, up to 8 digits, a point, up to 24 digits, 19
 * significant ones in all. Anything else (blanks, exponents, grouped thousands, missing markers) is left to
 * number.h. Always correctly rounded: the conversion is D. Lemire, "Number parsing at a gigabyte per second",
 * Software: Practice and Experience 51 (2021); that 128 bits of each power are enough without a fallback is shown in
 * N. Mushtak, D. Lemire, "Fast number parsing without fallback", ibid. 53 (2023). */
#ifndef HO_STORE_NUMBER_FAST_H
#define HO_STORE_NUMBER_FAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Bytes that must be readable before the first and from the last byte of a text on. */
enum { HO_NUMBER_PAD = 64 };

enum { HO_NUMBER_MOST_DECIMALS = 24, HO_NUMBER_MOST_DIGITS = 19 };

__extension__ typedef unsigned __int128 ho_u128;

/* The highest 128 bits of 10^-k, k = 0 .. HO_NUMBER_MOST_DECIMALS, rounded up where they are not exact. */
extern const uint64_t ho_number_powers[HO_NUMBER_MOST_DECIMALS + 1][2];

/* digits * 10^-decimals with a sign, rounded to nearest, ties to even. decimals <= HO_NUMBER_MOST_DECIMALS. */
static inline double ho_number_scaled(uint64_t digits, unsigned decimals, bool negative)
{
    uint64_t bits = (uint64_t)negative << 63;
    if (digits != 0) {
        int zeros = __builtin_clzll(digits);
        uint64_t w = digits << zeros;
        ho_u128 product = (ho_u128)w * ho_number_powers[decimals][0];
        uint64_t high = (uint64_t)(product >> 64), low = (uint64_t)product;
        if ((high & 0x1ff) == 0x1ff) { /* the 9 bits past the mantissa could still be carried into */
            uint64_t carry = (uint64_t)(((ho_u128)w * ho_number_powers[decimals][1]) >> 64);
            low += carry;
            high += low < carry;
        }
        unsigned top = (unsigned)(high >> 63);
        uint64_t mantissa = high >> (top + 9);
        int power = (((152170 + 65536) * -(int)decimals) >> 16) + 63; /* floor(log2(10^-decimals)) + 63 */
        uint64_t exponent = (uint64_t)(power + (int)top - zeros + 1023);
        /* exactly halfway is possible only for few decimals: then round to even, not up */
        if (low <= 1 && decimals <= 4 && (mantissa & 3) == 1 && (mantissa << (top + 9)) == high)
            mantissa &= ~(uint64_t)1;
        mantissa = (mantissa + (mantissa & 1)) >> 1;
        /* adding, not joining: a mantissa that rounded up to 2^53 carries into the exponent by itself */
        bits |= ((exponent - 1) << 52) + mantissa;
    }
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The portable scanner, a byte at a time. Both scanners: *value and the first byte past the number, or NULL when the
 * text at p is no such number. */
static inline const char *ho_number_scan_plain(const char *p, double *value)
{
    bool negative = *p == '-';
    p += negative;
    const char *first = p;
    uint64_t digits = 0;
    while (*p >= '0' && *p <= '9' && p - first < 9)
        digits = digits * 10 + (uint64_t)(*p++ - '0');
    size_t whole = (size_t)(p - first), decimals = 0;
    if (whole == 0 || whole > 8) return NULL;
    if (*p == '.') {
        for (p++; *p >= '0' && *p <= '9' && decimals <= HO_NUMBER_MOST_DECIMALS; decimals++) {
            if (digits > (UINT64_MAX - 9) / 10) return NULL;
            digits = digits * 10 + (uint64_t)(*p++ - '0');
        }
        if (decimals > HO_NUMBER_MOST_DECIMALS) return NULL;
    }
    *value = ho_number_scaled(digits, (unsigned)decimals, negative);
    return p;
}

#if defined(__SSE2__) && defined(__x86_64__)

/* The value of 8 decimal digits, first digit in the lowest byte, each byte 0..9. */
static inline uint64_t ho_number_eight(uint64_t x)
{
    x = x * 10 + (x >> 8);
    return (((x & 0x000000FF000000FFu) * 0x000F424000000064u) +
            (((x >> 16) & 0x000000FF000000FFu) * 0x0000271000000001u)) >>
           32;
}

/* The value of the last `count` (0..16) of the 16 digits before `end`. */
static inline uint64_t ho_number_sixteen(const char *end, unsigned count)
{
    static const uint8_t window[32] = {0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,
                                       0,    0,    0,    0,    0,    0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                       0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    const __m128i zero = _mm_setzero_si128();
    __m128i text = _mm_loadu_si128((const __m128i *)(const void *)(end - 16));
    __m128i keep = _mm_loadu_si128((const __m128i *)(const void *)(window + count));
    __m128i digits = _mm_and_si128(_mm_sub_epi8(text, _mm_set1_epi8('0')), keep);
    const __m128i tens = _mm_set1_epi32(10 | 1 << 16), hundreds = _mm_set1_epi32(100 | 1 << 16),
                  myriads = _mm_set1_epi32(10000 | 1 << 16);
    __m128i pairs = _mm_packs_epi32(_mm_madd_epi16(_mm_unpacklo_epi8(digits, zero), tens),
                                    _mm_madd_epi16(_mm_unpackhi_epi8(digits, zero), tens));
    __m128i fours = _mm_madd_epi16(pairs, hundreds);
    __m128i eights = _mm_madd_epi16(_mm_packs_epi32(fours, fours), myriads);
    uint64_t both = (uint64_t)_mm_cvtsi128_si64(eights);
    return (both & 0xffffffffu) * 100000000u + (both >> 32);
}

/* Bit i is set when byte i of the 32 at p is no digit. */
static inline uint32_t ho_number_marks(const char *p)
{
    const __m128i zero = _mm_set1_epi8('0'), nine = _mm_set1_epi8(9);
    __m128i a = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)(const void *)p), zero);
    __m128i b = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)(const void *)(p + 16)), zero);
    uint32_t digits = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(a, nine), a)) |
                      (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(b, nine), b)) << 16;
    return ~digits;
}

/* As ho_number_scan_plain, all digits at once and hardly a branch: the lengths of the numbers cannot be foretold. */
static inline const char *ho_number_scan_sse2(const char *p, double *value)
{
    static const uint64_t tens[17] = {1u,
                                      10u,
                                      100u,
                                      1000u,
                                      10000u,
                                      100000u,
                                      1000000u,
                                      10000000u,
                                      100000000u,
                                      1000000000u,
                                      10000000000u,
                                      100000000000u,
                                      1000000000000u,
                                      10000000000000u,
                                      100000000000000u,
                                      1000000000000000u,
                                      10000000000000000u};
    bool negative = *p == '-';
    p += negative;
    uint32_t marks = ho_number_marks(p);
    if (marks == 0) return NULL;
    unsigned whole = (unsigned)__builtin_ctz(marks);
    unsigned point = p[whole] == '.';
    unsigned past = (unsigned)__builtin_ctz((marks & (marks - 1)) | 1u << 31);
    unsigned end = point ? past : whole, decimals = end - whole - point;
    if (whole - 1 >= 8) return NULL;
    uint64_t head;
    memcpy(&head, p, sizeof head);
    head = ho_number_eight((head ^ 0x3030303030303030u) << (64 - 8 * whole));
    uint64_t digits;
    if (decimals <= 16 && whole + decimals <= HO_NUMBER_MOST_DIGITS) {
        digits = head * tens[decimals] + ho_number_sixteen(p + end, decimals);
    } else { /* 0.000123...: the digits past the last sixteen are few or zero */
        if (head != 0 || decimals > HO_NUMBER_MOST_DECIMALS || decimals <= 16) return NULL;
        uint64_t before = ho_number_sixteen(p + end - 16, decimals - 16);
        if (before > 999) return NULL;
        digits = before * tens[16] + ho_number_sixteen(p + end, 16);
    }
    *value = ho_number_scaled(digits, decimals, negative);
    return p + end;
}

#define ho_number_scan ho_number_scan_sse2
#else
#define ho_number_scan ho_number_scan_plain
#endif

#endif
