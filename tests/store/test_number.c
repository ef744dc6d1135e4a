/* Numbers are what strtod makes of them, bit for bit, on both scanners and the careful way; cells as people write them
 * are told apart. */
#include "test.h"

#include "base/rng.h"
#include "store/number.h"
#include "store/number_fast.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef const char *scanner(const char *p, double *value);

static const char *plain(const char *p, double *value)
{
    return ho_number_scan_plain(p, value);
}

static const char *fast(const char *p, double *value)
{
    return ho_number_scan(p, value);
}

static scanner *const scanners[] = {plain, fast};

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static long checked;

/* True when a scanner took the number; whatever took it must agree with strtod. */
static bool check(const char *text)
{
    char block[3 * HO_NUMBER_PAD + 128];
    size_t length = strlen(text);
    checked++;
    assert_true(length < 128);
    memset(block, '7', sizeof block); /* what surrounds a number must not matter */
    char *p = block + HO_NUMBER_PAD;
    memcpy(p, text, length);
    p[length] = ',';
    double expected = strtod(text, NULL), value = 0;
    bool taken = false;
    for (size_t i = 0; i < 2; i++) {
        const char *end = scanners[i](p, &value);
        if (end == NULL || *end != ',') continue;
        taken = true;
        if (end != p + length || bits_of(value) != bits_of(expected))
            fail_msg("scanner %zu: %s is %a, expected %a", i, text, value, expected);
    }
    ho_cell cell = ho_number_read(text, length, &value);
    if (!isfinite(expected)) {
        assert_int_equal(cell, HO_CELL_INFINITE);
    } else if (cell != HO_CELL_NUMBER || bits_of(value) != bits_of(expected)) {
        fail_msg("%s is %a, expected %a", text, value, expected);
    }
    return taken;
}

/* HEAVYOPT_MANY=5 tries five times as many, others each time: over ten million (long_numbers.sh). */
static long many(void)
{
    const char *text = getenv("HEAVYOPT_MANY");
    long times = text != NULL ? strtol(text, NULL, 10) : 1;
    return times > 1 ? times : 1;
}

static void random_numbers_are_what_strtod_makes_of_them(void **state)
{
    (void)state;
    ho_rng rng = ho_rng_new((uint64_t)many(), "numbers", 0);
    long taken = 0, count = 1200000 * many();
    for (long i = 0; i < count; i++) {
        char text[128];
        unsigned kind = ho_rng_below(&rng, 6);
        double x = (ho_rng_unit(&rng) - 0.5) * pow(10, (double)ho_rng_below(&rng, 9));
        if (kind == 0)
            snprintf(text, sizeof text, "%.17g", x);
        else if (kind == 1)
            snprintf(text, sizeof text, "%.*f", (int)ho_rng_below(&rng, 20), x);
        else if (kind == 2)
            snprintf(text, sizeof text, "%.15g", x);
        else if (kind == 3)
            snprintf(text, sizeof text, "%.*f", 16 + (int)ho_rng_below(&rng, 9), x * 1e-6);
        else if (kind == 4) {
            int length =
                snprintf(text, sizeof text, "%s%u.%019llu", i % 2 ? "-" : "", ho_rng_below(&rng, 100000000),
                         (unsigned long long)(ho_rng_next(&rng) % 10000000000000000000u));
            text[length - (int)ho_rng_below(&rng, 19)] = '\0';
        } else
            snprintf(text, sizeof text, "%.*e", (int)ho_rng_below(&rng, 25),
                     x * pow(10, (double)ho_rng_below(&rng, 600) - 300));
        taken += check(text);
    }
    assert_true(taken > count / 2);
}

/* Decimal texts at, just below and just above the middle of two neighbouring doubles: where rounding goes wrong. */
static void halfway_cases_round_to_even(void **state)
{
    (void)state;
    ho_rng rng = ho_rng_new((uint64_t)many() + 1, "halfway", 0);
    for (long i = 0; i < 400000 * many(); i++) {
        /* an odd multiple of 2^-k with 54 significant bits is halfway; few decimals only if k is small */
        unsigned k = ho_rng_below(&rng, 12);
        uint64_t m = (ho_rng_next(&rng) >> 10) | (uint64_t)1 << 53 | 1;
        uint64_t whole = k == 0 ? m : m >> k, part = m & (((uint64_t)1 << k) - 1);
        uint64_t decimals = part;
        for (unsigned j = 0; j < k; j++)
            decimals *= 5; /* part / 2^k = part * 5^k / 10^k */
        char text[128];
        if (k == 0)
            snprintf(text, sizeof text, "%llu", (unsigned long long)whole);
        else {
            char digits[32];
            snprintf(digits, sizeof digits, "%020llu", (unsigned long long)decimals);
            snprintf(text, sizeof text, "%llu.%s", (unsigned long long)whole, digits + 20 - k);
        }
        check(text);
        size_t length = strlen(text);
        if (k > 0) {
            text[length - 1]--; /* the last digit of an odd multiple is 5 */
            check(text);
            text[length - 1] = '6';
            check(text);
        }
    }
    /* with a small whole part: 17 to 19 digits around the middle of two neighbours */
    for (long i = 0; i < 400000 * many(); i++) {
        double x = (double)(1 + ho_rng_below(&rng, 99999)) + ho_rng_unit(&rng);
        double next = nextafter(x, INFINITY);
        char text[128];
        long double middle = ((long double)x + (long double)next) / 2;
        snprintf(text, sizeof text, "%.*Lf", 12 + (int)ho_rng_below(&rng, 3), middle);
        check(text);
        snprintf(text, sizeof text, "%.*Lf", 18 + (int)ho_rng_below(&rng, 6), middle / 4096 / 65536);
        check(text);
    }
}

/* The same over the whole range of doubles, the smallest ones too, with up to 100 digits before it is told which of two
 * neighbours is nearer. */
static void halfway_cases_with_exponents_agree_with_strtod(void **state)
{
    (void)state;
    ho_rng rng = ho_rng_new((uint64_t)many() + 2, "exponents", 0);
    for (long i = 0; i < 60000 * many(); i++) {
        uint64_t bits = ho_rng_next(&rng);
        if (i % 8 == 0) bits &= UINT64_C(0x800fffffffffffff); /* below the smallest normal one */
        double x;
        memcpy(&x, &bits, sizeof x);
        double next = nextafter(x, 0);
        if (!isfinite(x) || x == 0) continue;
        char text[128];
        long double middle = ((long double)x + (long double)next) / 2;
        snprintf(text, sizeof text, "%.*Le", 16 + (int)ho_rng_below(&rng, 85), middle);
        check(text);
        snprintf(text, sizeof text, "%.17g", x);
        check(text);
    }
}

static void hard_and_odd_texts_agree_with_strtod(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "0",
        "-0",
        "0.0",
        "-0.000",
        "1",
        "9",
        "10",
        "99999999",
        "100000000",
        "123456789.5",
        "5.",
        "0.1",
        "0.5",
        "0.000000000000000000000001",
        "0.0000000000000000000000001",
        "0.000000000000000000000000000000000001",
        "9007199254740993",
        "9007199254740992.5",
        "9007199254740993.0",
        "18014398509481986",
        "0.3",
        "2.5",
        "1.0000000000000002",
        "1.00000000000000011102230246251565",
        "1.00000000000000011102230246251566",
        "9999999.999999999999",
        "0.9999999999999999999",
        "0.99999999999999994448884876874",
        "99999999.99999999999",
        "8.5070591730234615e37",
        "2.2250738585072011e-308",
        "4.9406564584124654e-324",
        "2.4703282292062327e-324",
        "1.7976931348623157e308",
        "1.7976931348623159e308",
        "1e999",
        "-1e999",
        "1e-999",
        "1e5",
        "1E5",
        "1e+5",
        "12e-3",
        "18446744073709551615",
        "18446744073709551616",
        "0.18446744073709551615",
        "0.18446744073709551616",
        "0.0018446744073709551616",
        "1844674407370955.1615",
        "00000001.5",
        "000000001.5",
        "0000.0",
        "7.0000000000000000000",
        "6.02214076e23",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check(texts[i]);
    assert_true(check("-1033.9437999999996") && check("0.001409399999999999976") && check("0"));
    assert_false(check("1e5"));
}

typedef struct cell_case {
    const char *text;
    ho_cell cell;
    double value;
} cell_case;

static void cells_are_told_apart(void **state)
{
    (void)state;
    static const cell_case cases[] = {
        {" 1.5 ", HO_CELL_NUMBER, 1.5},
        {"\t-2", HO_CELL_NUMBER, -2},
        {"+3.25", HO_CELL_NUMBER, 3.25},
        {".5", HO_CELL_NUMBER, 0.5},
        {"-.5", HO_CELL_NUMBER, -0.5},
        {"5.", HO_CELL_NUMBER, 5},
        {"1e5", HO_CELL_NUMBER, 1e5},
        {"1,234,567.5", HO_CELL_NUMBER, 1234567.5},
        {"-1,234", HO_CELL_NUMBER, -1234},
        {"+1,234", HO_CELL_NUMBER, 1234},
        {"12,34,567.5", HO_CELL_NUMBER, 1234567.5},
        {"1,00,00,000", HO_CELL_NUMBER, 10000000},
        {"999,999", HO_CELL_NUMBER, 999999},
        {"", HO_CELL_MISSING, 0},
        {"   ", HO_CELL_MISSING, 0},
        {"\\N", HO_CELL_MISSING, 0},
        {"NULL", HO_CELL_MISSING, 0},
        {"null", HO_CELL_MISSING, 0},
        {"None", HO_CELL_MISSING, 0},
        {" NA ", HO_CELL_MISSING, 0},
        {"N/A", HO_CELL_MISSING, 0},
        {"-", HO_CELL_MISSING, 0},
        {"--", HO_CELL_MISSING, 0},
        {"nan", HO_CELL_NAN, 0},
        {"-NaN", HO_CELL_NAN, 0},
        {"inf", HO_CELL_INFINITE, 0},
        {"-Infinity", HO_CELL_INFINITE, 0},
        {"1e999", HO_CELL_INFINITE, 0},
        {"0x10", HO_CELL_BAD, 0},
        {"1e", HO_CELL_BAD, 0},
        {"e5", HO_CELL_BAD, 0},
        {"1.2.3", HO_CELL_BAD, 0},
        {"1 2", HO_CELL_BAD, 0},
        {"--1", HO_CELL_BAD, 0},
        {"+-1", HO_CELL_BAD, 0},
        {"+", HO_CELL_BAD, 0},
        {".", HO_CELL_BAD, 0},
        {"-.", HO_CELL_BAD, 0},
        {"1,5", HO_CELL_BAD, 0},
        {"1,2345", HO_CELL_BAD, 0},
        {"1234,567", HO_CELL_BAD, 0},
        {"123,45,678", HO_CELL_BAD, 0},
        {"1,23,45", HO_CELL_BAD, 0},
        {"12,345,67,890", HO_CELL_BAD, 0},
        {",123", HO_CELL_BAD, 0},
        {"123,", HO_CELL_BAD, 0},
        {"1,234.5,6", HO_CELL_BAD, 0},
        {"nan(12)", HO_CELL_BAD, 0},
        {"infinite", HO_CELL_BAD, 0},
        {"Rs 5", HO_CELL_BAD, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double value = 0;
        ho_cell cell = ho_number_read(cases[i].text, strlen(cases[i].text), &value);
        if (cell != cases[i].cell || value != cases[i].value)
            fail_msg("'%s' is cell %d, value %g", cases[i].text, (int)cell, value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_numbers_are_what_strtod_makes_of_them),
        cmocka_unit_test(halfway_cases_round_to_even),
        cmocka_unit_test(halfway_cases_with_exponents_agree_with_strtod),
        cmocka_unit_test(hard_and_odd_texts_agree_with_strtod),
        cmocka_unit_test(cells_are_told_apart),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    print_message("%ld texts were held against strtod\n", checked);
    return failed;
}
