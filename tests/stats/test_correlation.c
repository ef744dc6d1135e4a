/* The average correlation by one sum of unit columns, the matrix by pairs, and that they are one thing. */
#include "test.h"

#include "base/memory.h"
#include "base/rng.h"
#include "panel/panel.h"
#include "stats/stats.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Worked example: correlation 0.6 of the first two, the others are constant. Column by column in each row. */
static const double four[] = {1, 2, 0, 5, 2, 1, 0, 5, 3, 4, 0, 5, 4, 3, 0, 5};
static const uint32_t in_order[] = {0, 1, 2, 3};

static void the_worked_example_has_its_golden_average(void **state)
{
    (void)state;
    ho_error err;
    double average = -1;
    ho_member_columns columns = {four, 4, 4, in_order, 4};
    assert_ok(ho_average_correlation(&columns, &average, &err));
    assert_near(average, .1, 1e-15);
    columns.count = 3;
    assert_ok(ho_average_correlation(&columns, &average, &err));
    assert_near(average, .2, 1e-15);
    columns.count = 2;
    assert_ok(ho_average_correlation(&columns, &average, &err));
    assert_near(average, .6, 1e-15);
    columns.count = 1;
    assert_ok(ho_average_correlation(&columns, &average, &err));
    assert_true(average == 0);
    columns.count = 0;
    assert_ok(ho_average_correlation(&columns, &average, &err));
    assert_true(average == 0);
}

static void a_constant_column_correlates_with_none_and_shows_one_on_the_diagonal(void **state)
{
    (void)state;
    ho_error err;
    double matrix[16];
    ho_member_columns columns = {four, 4, 4, in_order, 4};
    assert_ok(ho_correlation_matrix(&columns, matrix, &err));
    for (size_t i = 0; i < 4; i++) {
        for (size_t j = 0; j < 4; j++) {
            double expected = i == j ? 1 : i + j == 1 ? .6 : 0;
            assert_near(matrix[i * 4 + j], expected, 1e-15);
        }
    }
}

enum { PERIODS = 61, COLUMNS = 30 };

/* Some columns equal, some opposite, one constant at 0.1. */
static void fill(double *data, size_t stride)
{
    ho_rng rng = ho_rng_new(3, "columns", 0);
    for (size_t t = 0; t < PERIODS; t++) {
        double *row = data + t * stride;
        double market = ho_rng_normal(&rng);
        for (size_t j = 0; j < COLUMNS; j++)
            row[j] = 500 * market + 1000 * ho_rng_normal(&rng);
        row[7] = row[3];
        row[9] = -row[3];
        row[11] = 0.1;
    }
}

/* The textbook: covariance over the product of the standard deviations, in long double. */
static double textbook(const double *data, size_t stride, uint32_t a, uint32_t b)
{
    long double mean_a = 0, mean_b = 0, cross = 0, square_a = 0, square_b = 0;
    for (size_t t = 0; t < PERIODS; t++) {
        mean_a += (long double)data[t * stride + a] / PERIODS;
        mean_b += (long double)data[t * stride + b] / PERIODS;
    }
    for (size_t t = 0; t < PERIODS; t++) {
        long double x = data[t * stride + a] - mean_a, y = data[t * stride + b] - mean_b;
        cross += x * y;
        square_a += x * x;
        square_b += y * y;
    }
    return (double)(cross / sqrtl(square_a * square_b));
}

static void the_average_is_the_mean_over_all_pairs(void **state)
{
    (void)state;
    ho_error err;
    static double data[PERIODS * 40];
    double matrix[20 * 20];
    fill(data, 40);
    ho_rng rng = ho_rng_new(4, "members", 0);
    for (size_t trial = 0; trial < 40; trial++) {
        uint32_t members[20];
        size_t count = 2 + ho_rng_below(&rng, 19);
        for (size_t i = 0; i < count; i++)
            members[i] = ho_rng_below(&rng, COLUMNS);
        ho_member_columns columns = {data, 40, PERIODS, members, count};
        double average, sum = 0;
        assert_ok(ho_average_correlation(&columns, &average, &err));
        assert_ok(ho_correlation_matrix(&columns, matrix, &err));
        for (size_t i = 0; i < count; i++) {
            for (size_t j = 0; j < count; j++) {
                double shown = matrix[i * count + j];
                bool constant = members[i] == 11 || members[j] == 11;
                assert_true(shown >= -1 && shown <= 1 && shown == matrix[j * count + i]);
                if (i != j)
                    assert_near(shown, constant ? 0 : textbook(data, 40, members[i], members[j]), 1e-14);
                if (i != j) sum += shown;
            }
        }
        assert_near(average, sum / (double)(count * (count - 1)), 1e-14);
    }
}

static void the_sum_of_unit_columns_is_the_panels_own(void **state)
{
    (void)state;
    ho_error err;
    ho_panel *panel = NULL;
    assert_ok(ho_panel_new(PERIODS, COLUMNS, &panel, &err));
    fill(panel->values.data, panel->values.stride);
    static const uint32_t members[] = {2, 3, 5, 7, 11, 13};
    ho_member_columns columns = {panel->values.data, panel->values.stride, PERIODS, members, 6};
    double average, mean[COLUMNS], scale[COLUMNS], square = 0;
    assert_ok(ho_average_correlation(&columns, &average, &err));
    ho_panel_scales(panel, 1, mean, scale);
    for (size_t t = 0; t < PERIODS; t++) {
        double sum = 0;
        for (size_t i = 0; i < 6; i++)
            sum += (ho_panel_row(panel, t)[members[i]] - mean[members[i]]) * scale[members[i]];
        square += sum * sum;
    }
    assert_true(average == (square - 5) / 30); /* the same bits; member 11 is constant */
    ho_panel_free(&panel);
}

static void huge_and_tiny_columns_correlate_like_ordinary_ones(void **state)
{
    (void)state;
    ho_error err;
    double data[12], average;
    static const double x[] = {1, 2, 1, 4, 2, 9, 0, 1, 3, 5, 5, 2};
    static const double scales[] = {1e300, 1, 1e-300};
    static const uint32_t members[] = {0, 1, 2};
    ho_member_columns plain = {x, 3, 4, members, 3}, scaled = {data, 3, 4, members, 3};
    for (size_t i = 0; i < 12; i++)
        data[i] = x[i] * scales[i % 3];
    double expected;
    assert_ok(ho_average_correlation(&plain, &expected, &err));
    assert_ok(ho_average_correlation(&scaled, &average, &err));
    assert_near(average, expected, 1e-14);
}

static void a_sum_of_columns_runs_in_their_order(void **state)
{
    (void)state;
    static const double row[] = {1e16, 1, -1e16, -0.0};
    static const uint32_t orders[][3] = {{0, 1, 2}, {0, 2, 1}};
    double sum;
    ho_member_columns columns = {row, 4, 1, orders[0], 3};
    ho_members_sum(&columns, &sum);
    assert_true(sum == 0);
    columns.members = orders[1];
    ho_members_sum(&columns, &sum);
    assert_true(sum == 1);
    columns.count = 0;
    ho_members_sum(&columns, &sum);
    assert_true(sum == 0);
}

static void without_memory_the_outputs_stay(void **state)
{
    (void)state;
    if (!ho_memory_fail_at(0)) {
        print_message("skipped: this build cannot fail allocations\n");
        skip();
    }
    ho_error err;
    double average = 7, matrix[16] = {7};
    ho_member_columns columns = {four, 4, 4, in_order, 4};
    ho_memory_fail_at(1);
    assert_refused(ho_average_correlation(&columns, &average, &err), HO_ERR_MEMORY, "32 bytes");
    ho_memory_fail_at(1);
    assert_refused(ho_correlation_matrix(&columns, matrix, &err), HO_ERR_MEMORY, "128 bytes");
    ho_memory_fail_at(0);
    assert_true(average == 7 && matrix[0] == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_example_has_its_golden_average),
        cmocka_unit_test(a_constant_column_correlates_with_none_and_shows_one_on_the_diagonal),
        cmocka_unit_test(the_average_is_the_mean_over_all_pairs),
        cmocka_unit_test(the_sum_of_unit_columns_is_the_panels_own),
        cmocka_unit_test(huge_and_tiny_columns_correlate_like_ordinary_ones),
        cmocka_unit_test(a_sum_of_columns_runs_in_their_order),
        cmocka_unit_test(without_memory_the_outputs_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
