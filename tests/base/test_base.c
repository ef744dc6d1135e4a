/* Errors, dates and random numbers. */
#include "test.h"

#include "base/date.h"
#include "base/error.h"
#include "base/rng.h"

#include <string.h>

static void an_error_is_one_line(void **state)
{
    (void)state;
    ho_error err;
    assert_int_equal(ho_fail(&err, HO_ERR_DATA, "column %s: bad", "a\nb\x1b[31m"), HO_ERR_DATA);
    assert_string_equal(err.text, "column a?b?[31m: bad");
    assert_int_equal(ho_fail(NULL, HO_ERR_IO, "nobody listens"), HO_ERR_IO);
    assert_int_equal(ho_status_exit_code(HO_ERR_DATA), 3);
    assert_string_equal(ho_status_name(HO_ERR_USAGE), "HO_ERR_USAGE");
}

static void dates_go_there_and_back(void **state)
{
    (void)state;
    assert_int_equal(ho_date_from_civil(1970, 1, 1), 0);
    assert_int_equal(ho_date_from_civil(2000, 2, 29), 11016);
    assert_string_equal(ho_weekday_name(ho_date_weekday(ho_date_from_civil(2024, 10, 30))), "Wednesday");
    for (int32_t date = -800000; date < 800000; date += 13) {
        ho_civil c = ho_date_to_civil(date);
        assert_int_equal(ho_date_from_civil(c.year, c.month, c.day), date);
    }
    assert_true(ho_date_valid(2024, 2, 29));
    assert_false(ho_date_valid(2023, 2, 29));
    assert_false(ho_date_valid(1900, 2, 29));
    assert_false(ho_date_valid(2023, 4, 31));
    char text[16];
    assert_string_equal(ho_date_print(ho_date_from_civil(2023, 8, 7), text), "2023-08-07");
}

static void streams_repeat_and_differ(void **state)
{
    (void)state;
    ho_rng a = ho_rng_new(42, "sa", 0), b = ho_rng_new(42, "sa", 0), c = ho_rng_new(42, "sa", 1),
           d = ho_rng_new(42, "as", 0), e = ho_rng_new(43, "sa", 0);
    for (int i = 0; i < 1000; i++) {
        uint64_t x = ho_rng_next(&a);
        assert_true(x == ho_rng_next(&b));
        assert_true(x != ho_rng_next(&c) && x != ho_rng_next(&d) && x != ho_rng_next(&e));
    }
}

static void numbers_below_a_bound_are_even(void **state)
{
    (void)state;
    /* chi-squared with 6 degrees of freedom stays under 22.5 with probability 0.999 */
    ho_rng rng = ho_rng_new(1, "bounds", 0);
    int count[7] = {0};
    for (int i = 0; i < 70000; i++)
        count[ho_rng_below(&rng, 7)]++;
    double chi = 0;
    for (int i = 0; i < 7; i++)
        chi += (count[i] - 10000.0) * (count[i] - 10000.0) / 10000.0;
    assert_true(chi < 22.5);
    double sum = 0, squares = 0;
    for (int i = 0; i < 100000; i++) {
        double x = ho_rng_normal(&rng);
        sum += x;
        squares += x * x;
    }
    assert_near(sum / 100000, 0, 0.02);
    assert_near(squares / 100000, 1, 0.02);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_is_one_line),
        cmocka_unit_test(dates_go_there_and_back),
        cmocka_unit_test(streams_repeat_and_differ),
        cmocka_unit_test(numbers_below_a_bound_are_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
