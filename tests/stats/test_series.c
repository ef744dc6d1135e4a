/* One series: moments, percentiles, tails, drawdown, against worked examples and against their definitions. */
#include "test.h"

#include "base/rng.h"
#include "stats/stats.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* Worked example: ten days with gains, losses and one flat day. */
static const double days[] = {-100, 50, 200, -150, 0, 300, -80, -40, 120, 60};

static void the_worked_example_has_its_golden_moments(void **state)
{
    (void)state;
    ho_moments m = ho_moments_of(days, LENGTH(days));
    assert_true(m.count == 10 && m.sum == 360 && m.mean == 36 && m.low == -150 && m.high == 300);
    /* the parametric value at risk of the example, mean - 1.6448536269514722 * sd, is known for both divisors */
    assert_near(m.mean - 1.6448536269514722 * m.sd1, -195.34749153771725, 1e-14);
    assert_near(m.mean - 1.6448536269514722 * m.sd0, -183.47550126771492, 1e-14);
}

static void moments_agree_with_their_definitions(void **state)
{
    (void)state;
    /* 1 2 3 4 10: mean 4, squares 50, cubes 180, fourth powers 1394 */
    static const double x[] = {1, 2, 3, 4, 10};
    ho_moments m = ho_moments_of(x, 5);
    assert_near(m.sd0, sqrt(10), 1e-15);
    assert_near(m.sd1, sqrt(12.5), 1e-15);
    assert_near(m.skewness, 36 / (10 * sqrt(10)), 1e-15);
    assert_near(m.kurtosis, 278.8 / 100 - 3, 1e-15);
}

static void a_constant_series_has_no_spread_whatever_its_float_mean(void **state)
{
    (void)state;
    double x[10];
    for (size_t t = 0; t < LENGTH(x); t++)
        x[t] = 0.1;
    ho_moments m = ho_moments_of(x, LENGTH(x));
    assert_true(m.sd0 == 0 && m.sd1 == 0 && isnan(m.skewness) && isnan(m.kurtosis));
    m = ho_moments_of(x, 1);
    assert_true(m.mean == 0.1 && m.sd0 == 0 && isnan(m.sd1));
    m = ho_moments_of(x, 0);
    assert_true(m.sum == 0 && isnan(m.mean) && isnan(m.low) && isnan(m.sd0) && isnan(m.sd1));
}

static void the_size_of_the_numbers_changes_nothing_but_the_size(void **state)
{
    (void)state;
    static const double scales[] = {1e300, 1e-300, 1e-12, 1e12};
    ho_moments plain = ho_moments_of(days, LENGTH(days));
    for (size_t i = 0; i < LENGTH(scales); i++) {
        double x[LENGTH(days)];
        for (size_t t = 0; t < LENGTH(days); t++)
            x[t] = days[t] * scales[i];
        ho_moments m = ho_moments_of(x, LENGTH(days));
        assert_near(m.sd0 / scales[i], plain.sd0, 1e-13);
        assert_near(m.sd1 / scales[i], plain.sd1, 1e-13);
        assert_near(m.skewness, plain.skewness, 1e-12);
        assert_near(m.kurtosis, plain.kurtosis, 1e-12);
        assert_near(ho_root_mean_square(x, 10) / scales[i], ho_root_mean_square(days, 10), 1e-13);
    }
    static const double smallest[] = {0, DBL_TRUE_MIN, 0, DBL_TRUE_MIN};
    assert_true(isfinite(ho_moments_of(smallest, 4).skewness) && ho_moments_of(smallest, 4).sd1 > 0);
    assert_true(ho_stats_scale(1e5) == 1 && ho_stats_scale(0) == 1 && ho_stats_scale(INFINITY) == 1);
}

static void the_worked_example_has_its_golden_drawdowns(void **state)
{
    (void)state;
    static const double zero[] = {100, 50, 0, 150, 150, 0, 80, 120, 0, 0};
    static const double first[] = {0, 0, 0, 150, 150, 0, 80, 120, 0, 0};
    double depths[10];
    ho_drawdown_depths(days, 10, HO_DRAWDOWN_FROM_ZERO, depths);
    assert_memory_equal(depths, zero, sizeof zero);
    ho_drawdown d = ho_drawdown_of(depths, 10);
    assert_true(d.maximum == 150 && d.average == 65);
    assert_near(d.ulcer, 88.48728722251576, 1e-15);
    /* a tie of two days each: the first span of most periods starts at the very first one */
    assert_true(d.longest.first == 0 && d.longest.trough == 0 && d.longest.end == 2);
    assert_true(d.deepest.first == 3 && d.deepest.trough == 3 && d.deepest.end == 5);
    ho_drawdown_depths(days, 10, HO_DRAWDOWN_FROM_FIRST, depths);
    assert_memory_equal(depths, first, sizeof first);
    d = ho_drawdown_of(depths, 10);
    assert_near(d.ulcer, 81.11719916269298, 1e-15);
    assert_true(d.maximum == 150 && d.longest.first == 3 && d.longest.end == 5);
}

static void an_open_drawdown_ends_with_the_data(void **state)
{
    (void)state;
    static const double falling[] = {-1, -2, -3};
    double depths[3];
    ho_drawdown_depths(falling, 3, HO_DRAWDOWN_FROM_ZERO, depths);
    ho_drawdown d = ho_drawdown_of(depths, 3);
    assert_true(d.maximum == 6 && d.longest.first == 0 && d.longest.trough == 2 && d.longest.end == 3);
    ho_drawdown_depths(falling, 3, HO_DRAWDOWN_FROM_FIRST, depths);
    d = ho_drawdown_of(depths, 3);
    assert_true(d.maximum == 5 && d.longest.first == 1 && d.longest.end == 3);
    static const double rising[] = {1, 2, 0};
    ho_drawdown_depths(rising, 3, HO_DRAWDOWN_FROM_ZERO, depths);
    d = ho_drawdown_of(depths, 3);
    assert_true(d.maximum == 0 && d.average == 0 && d.ulcer == 0 && d.longest.end == 0 && d.deepest.end == 0);
}

/* Whole rupees, so that every way of adding gives the same number. */
static void random_days(ho_rng *rng, double *r, size_t n)
{
    for (size_t t = 0; t < n; t++)
        r[t] = (double)ho_rng_below(rng, 41) - 20;
}

static double sum_of(const double *r, size_t first, size_t end)
{
    double sum = 0;
    for (size_t t = first; t < end; t++)
        sum += r[t];
    return sum;
}

static void the_drawdown_is_the_worst_sum_over_any_run_of_periods(void **state)
{
    (void)state;
    ho_rng rng = ho_rng_new(1, "drawdown", 0);
    for (size_t trial = 0; trial < 300; trial++) {
        double r[40], depths[40], worst_zero = 0, worst_first = 0;
        size_t n = 1 + ho_rng_below(&rng, 40);
        random_days(&rng, r, n);
        for (size_t first = 0; first < n; first++) {
            for (size_t end = first + 1; end <= n; end++) {
                double loss = -sum_of(r, first, end);
                worst_zero = fmax(worst_zero, loss);
                if (first > 0) worst_first = fmax(worst_first, loss);
            }
        }
        ho_drawdown_depths(r, n, HO_DRAWDOWN_FROM_ZERO, depths);
        assert_true(ho_drawdown_of(depths, n).maximum == worst_zero);
        ho_drawdown_depths(r, n, HO_DRAWDOWN_FROM_FIRST, depths);
        ho_drawdown d = ho_drawdown_of(depths, n);
        assert_true(d.maximum == worst_first);
        for (size_t t = d.deepest.first; t < d.deepest.end; t++)
            assert_true(depths[t] > 0);
        if (d.maximum > 0)
            assert_true(-sum_of(r, d.deepest.first, d.deepest.trough + 1) == d.maximum &&
                        depths[d.deepest.first - 1] == 0 &&
                        (d.deepest.end == n || depths[d.deepest.end] == 0));
    }
}

/* What a stretch of periods does to a zero-start drawdown: enough to join stretches without looking inside. */
typedef struct block {
    double sum, high, low, drawdown;
} block;

static block block_of(const double *r, size_t n)
{
    block b = {0, 0, 0, 0};
    double depths[64];
    for (size_t t = 0; t < n; t++) {
        b.sum += r[t];
        b.high = fmax(b.high, b.sum);
        b.low = fmin(b.low, b.sum);
    }
    ho_drawdown_depths(r, n, HO_DRAWDOWN_FROM_ZERO, depths);
    b.drawdown = ho_drawdown_of(depths, n).maximum;
    return b;
}

static void the_drawdown_of_a_whole_follows_from_its_blocks(void **state)
{
    (void)state;
    ho_rng rng = ho_rng_new(2, "blocks", 0);
    for (size_t trial = 0; trial < 500; trial++) {
        double r[64];
        size_t n = 1 + ho_rng_below(&rng, 64), cut = ho_rng_below(&rng, (uint32_t)n + 1);
        random_days(&rng, r, n);
        block a = block_of(r, cut), b = block_of(r + cut, n - cut), whole = block_of(r, n);
        assert_true(whole.sum == a.sum + b.sum);
        assert_true(whole.high == fmax(a.high, a.sum + b.high));
        assert_true(whole.low == fmin(a.low, a.sum + b.low));
        assert_true(whole.drawdown == fmax(fmax(a.drawdown, b.drawdown), a.high - (a.sum + b.low)));
    }
}

static void percentiles_interpolate_between_order_statistics(void **state)
{
    (void)state;
    double x[21];
    memcpy(x, days, sizeof days);
    ho_sort_ascending(x, 10);
    assert_near(ho_percentile(x, 10, .05), -127.5, 1e-15);
    assert_near(ho_percentile(x, 10, .01), -145.5, 1e-15);
    assert_true(ho_percentile(x, 10, 0) == -150 && ho_percentile(x, 10, 1) == 300);
    assert_true(ho_percentile(x, 1, .3) == -150 && isnan(ho_percentile(x, 0, .3)));
    for (size_t i = 0; i < 21; i++)
        x[i] = (double)(i * i);
    assert_true(ho_percentile(x, 21, .05) == 1); /* 20 * 0.05 is a whole position */
    static const double wide[] = {-1.7e308, 1.7e308};
    assert_true(ho_percentile(wide, 2, 0) == -1.7e308);
}

static void the_smallest_come_first_as_in_a_whole_sort(void **state)
{
    (void)state;
    enum { MOST = 700 };
    ho_rng rng = ho_rng_new(5, "smallest", 0);
    double x[MOST], sorted[MOST];
    for (int round = 0; round < 300; round++) {
        const size_t n = ho_rng_below(&rng, MOST + 1), count = ho_rng_below(&rng, (uint32_t)n + 3);
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += x[i] = sorted[i] = (double)ho_rng_below(&rng, 100);
        ho_sort_ascending(sorted, n);
        ho_sort_smallest(x, n, count);
        for (size_t i = 0; i < n; i++) {
            sum -= x[i];
            assert_true(i >= count || x[i] == sorted[i]);
        }
        assert_true(sum == 0); /* the others are still there */
    }
}

static void a_tail_counts_its_last_number_by_its_fraction(void **state)
{
    (void)state;
    static const double worst[] = {150, 150, 120, 100, 80, 50, 0, 0, 0, 0};
    assert_near(ho_tail_mean(worst, 10, .05), 150, 1e-15); /* half a number: still the worst one */
    assert_near(ho_tail_mean(worst, 10, .25), 144, 1e-15);
    assert_near(ho_tail_mean(worst, 10, .3), 140, 1e-15); /* 0.3 * 10 is three numbers, not four */
    assert_near(ho_tail_mean(worst, 10, 1), 65, 1e-15);
    assert_true(ho_tail_mean(worst, 1, .05) == 150 && isnan(ho_tail_mean(worst, 0, .05)));
}

static void equity_is_the_running_sum(void **state)
{
    (void)state;
    static const double expected[] = {-100, -50, 150, 0, 0, 300, 220, 180, 300, 360};
    double equity[10];
    memcpy(equity, days, sizeof days);
    ho_equity(equity, 10, equity);
    assert_memory_equal(equity, expected, sizeof expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_example_has_its_golden_moments),
        cmocka_unit_test(moments_agree_with_their_definitions),
        cmocka_unit_test(a_constant_series_has_no_spread_whatever_its_float_mean),
        cmocka_unit_test(the_size_of_the_numbers_changes_nothing_but_the_size),
        cmocka_unit_test(the_worked_example_has_its_golden_drawdowns),
        cmocka_unit_test(an_open_drawdown_ends_with_the_data),
        cmocka_unit_test(the_drawdown_is_the_worst_sum_over_any_run_of_periods),
        cmocka_unit_test(the_drawdown_of_a_whole_follows_from_its_blocks),
        cmocka_unit_test(percentiles_interpolate_between_order_statistics),
        cmocka_unit_test(the_smallest_come_first_as_in_a_whole_sort),
        cmocka_unit_test(a_tail_counts_its_last_number_by_its_fraction),
        cmocka_unit_test(equity_is_the_running_sum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
