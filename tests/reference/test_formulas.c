/* The reference's formulas on the worked examples of the specification, whose digits come from the old functions. */
#include "test.h"

#include "reference/reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const size_t both[] = {0, 1};

/* Two strategies over five days (example E3 of the specification). */
static double e3[] = {-100, 60, 80, -30, 20, 40, -20, 10, 70, -50};
static const ho_reference_table table = {.periods = 5, .columns = 2, .values = e3};

static void legacy_fitness_has_the_old_digits(void **state)
{
    (void)state;
    static const struct {
        const char *metric;
        double threshold, value;
    } rows[] = {
        {"ratio", 0, 8.324190485226847},
        {"ratio", 100, 5.495428575946757},
        {"roi", 0, 45.65752381856018},
        {"less max dd", 0, -9.34247618143982},
        {"win percentage", 0, 6.2575238185601805},
        {"profit factor", 0, 7.54641270744907},
        {"expectancy", 0, 13.65752381856018},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const ho_reference_goal goal = {.metric = rows[i].metric, .drawdown_threshold = rows[i].threshold};
        assert_near(ho_reference_fitness(&table, &goal, both, 2), rows[i].value, 1e-14);
    }
    assert_near(ho_reference_correlation(&table, 0, 1), -.5657523818560181, 1e-15);
}

static void the_ratio_counts_a_first_loss(void **state)
{
    (void)state;
    const ho_reference_goal goal = {.ratio_fitness = true, .metric = "ratio"};
    assert_near(ho_reference_fitness(&table, &goal, both, 2), 80.0 / 60, 1e-15); /* zero start */
}

static void measures_are_those_of_the_sum(void **state)
{
    (void)state;
    /* Example E2. */
    static double e2[] = {-100, 50, 200, -150, 0, 300, -80, -40, 120, 60};
    const ho_reference_table one = {.periods = 10, .columns = 1, .values = e2};
    ho_reference_measures m = ho_reference_measure(&one, both, 1);
    assert_near(m.total_roi, 360, 0);
    assert_near(m.max_drawdown, 150, 0);
    assert_near(m.win_rate, 0.5, 0);
    assert_near(m.profit_factor, 1.972972972972973, 1e-15);
}

static void the_best_swap_is_the_best_of_all_swaps(void **state)
{
    (void)state;
    enum { N = 9, T = 12, K = 3 };
    double values[N * T];
    unsigned x = 1;
    for (size_t i = 0; i < N * T; i++) {
        x = x * 1103515245u + 12345u;
        values[i] = (double)(x >> 16 & 0x7fff) / 327.68 - 45;
    }
    const ho_reference_table random = {.periods = T, .columns = N, .values = values};
    const ho_reference_goal goal = {.metric = "ratio"};
    size_t members[K] = {1, 4, 7}, allowed[N] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    double best = 0, expected = -INFINITY;
    ho_error err;
    assert_ok(ho_reference_best_swap(&random, &goal, members, K, allowed, N, &best, &err));
    for (size_t slot = 0; slot < K; slot++) {
        for (size_t in = 0; in < N; in++) {
            if (in == 1 || in == 4 || in == 7) continue;
            size_t other[K] = {members[0], members[1], members[2]};
            other[slot] = in;
            expected = fmax(expected, ho_reference_fitness(&random, &goal, other, K));
        }
    }
    assert_near(best, expected, 1e-12);
}

static void a_file_is_read_by_its_names(void **state)
{
    (void)state;
    static const char text[] =
        "\xef\xbb\xbf"
        "Day;\"a;\"\"1\"\"\";Date;b;b;\r\nMon;1;03-02-2024;2;x;\r\nMon;4;02-02-2024;NULL;6;\r\n"
        "\r\nTue;7;02-02-2024;\"1,2\";9;\r\n";
    char path[] = "/tmp/heavyopt-reference-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, text, sizeof text - 1) == (ssize_t)(sizeof text - 1));
    close(fd);
    ho_reference_table t = {0};
    ho_error err;
    assert_ok(ho_reference_read(path, &t, &err));
    unlink(path);
    assert_int_equal(t.columns, 3);
    assert_int_equal(t.periods, 2);
    assert_string_equal(t.names[0], "a;\"1\"");
    assert_string_equal(t.names[2], "b.1");
    assert_int_equal(t.dates[0], 19755); /* 2024-02-02 */
    assert_near(t.values[0], 11, 0);     /* a: 4 + 7 of the second of February */
    assert_near(t.values[1], 1, 0);
    assert_near(t.values[2], 12, 0); /* b: 0 + 12 */
    assert_true(isnan(t.values[5]));
    size_t *order = ho_reference_order(&t);
    assert_int_equal(ho_reference_find(&t, order, "b.1"), 2);
    assert_true(ho_reference_find(&t, order, "c") == SIZE_MAX);
    free(order);
    ho_reference_clear(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(legacy_fitness_has_the_old_digits),
        cmocka_unit_test(the_ratio_counts_a_first_loss),
        cmocka_unit_test(measures_are_those_of_the_sum),
        cmocka_unit_test(the_best_swap_is_the_best_of_all_swaps),
        cmocka_unit_test(a_file_is_read_by_its_names),
    };
    return cmocka_run_group_tests_name("reference", tests, NULL, NULL);
}
