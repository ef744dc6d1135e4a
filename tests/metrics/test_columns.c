/* Measures of columns side by side are those of each series by itself, bit for bit, whatever the columns hold. */
#include "test.h"

#include "base/memory.h"
#include "base/rng.h"
#include "metrics/columns.h"

#include <math.h>
#include <string.h>

enum { COLUMNS = 37 };

/* Columns of every sort: plain ones, ties, constants, gains or losses alone, nothing; and, where `wild`, numbers so large
 * or small that they are scaled. */
static double value_of(ho_rng *rng, size_t column, bool wild)
{
    const double x = 1400 * ho_rng_normal(rng);
    switch (column % 12) {
    case 1:
        return round(x / 1000) * 5;
    case 2:
        return .1;
    case 3:
        return fabs(x) + 1;
    case 4:
        return -fabs(x) - 1;
    case 5:
        return 0;
    case 6:
        return ho_rng_below(rng, 2) == 0 ? 0 : x;
    case 7:
        return wild ? x * 1e200 : x;
    case 8:
        return wild ? x * 1e-200 : x;
    case 9:
        return wild && ho_rng_below(rng, 4) == 0 ? 5e-324 : x;
    default:
        return x;
    }
}

static void compare(size_t periods, bool wild, const ho_metric_settings *settings)
{
    ho_rng rng = ho_rng_new(periods, "columns", wild);
    const size_t measures = ho_metric_count(), stride = COLUMNS + 3;
    double *x = HO_NEW(double, periods *stride), *series = HO_NEW(double, periods);
    double *many = HO_NEW(double, COLUMNS *measures), *one = HO_NEW(double, measures);
    int *all = HO_NEW(int, measures);
    ho_error err;
    for (size_t t = 0; t < periods; t++) {
        for (size_t k = 0; k < COLUMNS; k++)
            x[t * stride + k] = value_of(&rng, k, wild);
    }
    for (size_t i = 0; i < measures; i++)
        all[i] = (int)i;
    assert_ok(ho_metrics_of_columns(&(ho_side_by_side){x, stride, periods, COLUMNS, NULL}, settings, all,
                                    measures, many, measures, &err));
    for (size_t k = 0; k < COLUMNS; k++) {
        for (size_t t = 0; t < periods; t++)
            series[t] = x[t * stride + k];
        assert_ok(ho_metrics_of_series(series, periods, settings, one, &err));
        for (size_t i = 0; i < measures; i++) {
            const double a = many[k * measures + i], b = one[i];
            if (memcmp(&a, &b, sizeof a) != 0 && !(isnan(a) && isnan(b)) && !(a == 0 && b == 0))
                fail_msg("%zu periods, column %zu, %s: %.17g, by itself %.17g", periods, k,
                         ho_metric_at(i)->key, a, b);
        }
    }
    free(x);
    free(series);
    free(many);
    free(one);
    free(all);
}

static void columns_are_measured_as_each_by_itself(void **state)
{
    (void)state;
    static const size_t lengths[] = {1, 2, 3, 4, 20, 21, 61, 82, 252, 1230, 1300};
    double benchmark[1300];
    for (size_t t = 0; t < 1300; t++)
        benchmark[t] = (double)(t % 7) - 3;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        const ho_metric_settings plain = {252, .02, 0, 0, NULL}, rich = {200, .05, 250000, 120.5, benchmark};
        compare(lengths[i], false, &plain);
        compare(lengths[i], false, &rich);
        compare(lengths[i], true, &plain);
    }
}

static void some_measures_may_be_asked_for(void **state)
{
    (void)state;
    static const double x[] = {1, -1, 2, -2, 3, -3};
    const int wanted[] = {ho_metric_find("total_roi"), ho_metric_find("max_drawdown")};
    const ho_metric_settings settings = {252, .02, 0, 0, NULL};
    double values[6] = {7, 7, 7, 7, 7, 7};
    ho_error err;
    assert_ok(
        ho_metrics_of_columns(&(ho_side_by_side){x, 2, 3, 2, NULL}, &settings, wanted, 2, values, 3, &err));
    assert_true(values[0] == 6 && values[1] == 0 && values[2] == 7);
    assert_true(values[3] == -6 && values[4] == 6 && values[5] == 7);
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    if (!ho_memory_fail_at(0)) {
        print_message("skipped: this build cannot fail allocations\n");
        skip();
    }
    static const double x[] = {1, -1, 2};
    const int wanted[] = {0};
    const ho_metric_settings settings = {252, .02, 0, 0, NULL};
    for (long n = 1; n < 20; n++) {
        double value = 7;
        ho_error err;
        ho_memory_fail_at(n);
        ho_status status = ho_metrics_of_columns(&(ho_side_by_side){x, 1, 3, 1, NULL}, &settings, wanted, 1,
                                                 &value, 1, &err);
        ho_memory_fail_at(0);
        if (status == HO_OK) return;
        assert_int_equal(status, HO_ERR_MEMORY);
        assert_true(value == 7);
    }
    fail_msg("it never came to an end");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_measured_as_each_by_itself),
        cmocka_unit_test(some_measures_may_be_asked_for),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
