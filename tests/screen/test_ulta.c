/* Inversion: the worked examples, the edges of both rules, the periods that decide, and what becomes of names. */
#include "test.h"

#include "base/memory.h"
#include "panel/panel.h"
#include "screen/ulta.h"

#include <math.h>
#include <string.h>

static const ho_ulta_settings threshold = {HO_ULTA_THRESHOLD, 0, 10, .6}, legacy = {.rule = HO_ULTA_LEGACY};

static ho_panel *panel_of(size_t periods, size_t strategies, const double *values, const char *const *names)
{
    ho_error err;
    ho_panel *p = NULL;
    size_t lengths[8];
    assert_ok(ho_panel_new(periods, strategies, &p, &err));
    for (size_t j = 0; j < strategies; j++)
        lengths[j] = strlen(names[j]);
    assert_ok(ho_panel_set_names(p, names, lengths, &err));
    for (size_t t = 0; t < periods; t++)
        memcpy(ho_matrix_row(&p->values, t), values + t * strategies, strategies * sizeof *values);
    return p;
}

static const char *const abc[] = {"a", "b", "c", "d", "e"};

static size_t decide(const double *column, size_t periods, const ho_ulta_settings *s, ho_ulta_case *of)
{
    ho_error err;
    ho_ulta_case *cases = NULL;
    size_t count = 0;
    ho_panel *p = panel_of(periods, 1, column, abc);
    assert_ok(ho_ulta_decide(p, 0, periods, s, 1, &cases, &count, &err));
    if (count == 1) *of = cases[0];
    free(cases);
    ho_panel_free(&p);
    return count;
}

/* E9 */
static void the_worked_examples_of_the_ratios(void **state)
{
    (void)state;
    static const double one[] = {-5, -3, 2, -4}, two[] = {1, -10, 2, 3}, three[] = {-1, -2, -3, -4};
    ho_ulta_case of;
    assert_int_equal(decide(one, 4, &legacy, &of), 1);
    assert_true(of.before.ratio == -2 && of.after.ratio == 5 && of.negative == 3);
    assert_int_equal(decide(one, 4, &threshold, &of), 0); /* 3 negative days are fewer than 10 */
    assert_int_equal(decide(two, 4, &legacy, &of), 1);
    assert_near(of.before.ratio, -.4, 1e-15);
    assert_near(of.after.ratio, 4 / 3.0, 1e-15);
    assert_int_equal(decide(three, 4, &legacy, &of), 1);
    assert_true(of.before.ratio == -2.5 &&
                of.after.ratio == 10); /* the worst day turned round is a gain of 1 */
    assert_true(of.before.roi == -10 && of.after.roi == 10 && of.after.worst == 1);
    assert_true(of.before.max_drawdown == 10 && of.after.max_drawdown == 0);
}

static void a_winner_and_a_flat_strategy_stay_as_they_are(void **state)
{
    (void)state;
    static const double gains[] = {5, -1, 2}, nothing[] = {0, 0, 0}, even[] = {1, -1, 0};
    ho_ulta_case of;
    assert_int_equal(decide(gains, 3, &legacy, &of), 0);
    assert_int_equal(decide(nothing, 3, &legacy, &of), 0);
    assert_int_equal(decide(even, 3, &legacy, &of), 0); /* a ratio of 0 is not below 0 */
    static const double loses_or_rests[] = {-1, 0, -1};
    assert_int_equal(decide(loses_or_rests, 3, &legacy, &of), 1); /* no losing day turned round: infinite */
    assert_true(of.after.ratio == INFINITY && of.before.ratio == -2);
}

static void the_threshold_rule_asks_for_total_days_and_share(void **state)
{
    (void)state;
    double r[20];
    ho_ulta_case of;
    for (size_t t = 0; t < 20; t++)
        r[t] = t < 12 ? -10 : 5;
    assert_int_equal(decide(r, 20, &threshold, &of), 1); /* 12 of 20 is .6 just */
    assert_int_equal(of.negative, 12);
    ho_ulta_settings s = threshold;
    s.min_negative_days = 13;
    assert_int_equal(decide(r, 20, &s, &of), 0);
    s = threshold;
    s.negative_share = .61;
    assert_int_equal(decide(r, 20, &s, &of), 0);
    s = threshold;
    s.roi_threshold = -80; /* the total is -80: not below */
    assert_int_equal(decide(r, 20, &s, &of), 0);
    s.roi_threshold = -79;
    assert_int_equal(decide(r, 20, &s, &of), 1);
    r[19] = 200; /* total 115 */
    s.roi_threshold = 1000;
    assert_int_equal(decide(r, 20, &s, &of), 0); /* below the threshold, but worse turned round */
}

/* Data that come later cannot change the decision: what stands behind a walk-forward run. */
static void only_the_given_periods_decide(void **state)
{
    (void)state;
    enum { T = 60, N = 5 };
    double values[T * N];
    uint64_t seed = 3;
    for (size_t i = 0; i < (size_t)T * N; i++) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        values[i] = (double)(seed >> 40) / (1 << 23) - 1.05;
    }
    ho_error err;
    ho_ulta_case *whole = NULL, *part = NULL;
    size_t whole_count = 0, part_count = 0;
    ho_ulta_settings s = threshold;
    s.negative_share = .4;
    ho_panel *p = panel_of(T, N, values, abc), *training = panel_of(30, N, values + 10 * N, abc);
    for (size_t t = 0; t < T; t++) { /* everything but the training periods becomes absurd */
        for (size_t j = 0; j < N && (t < 10 || t >= 40); j++)
            ho_matrix_row(&p->values, t)[j] = j % 2 == 0 ? 1e9 : -1e9;
    }
    assert_ok(ho_ulta_decide(p, 10, 30, &s, 2, &whole, &whole_count, &err));
    assert_ok(ho_ulta_decide(training, 0, 30, &s, 1, &part, &part_count, &err));
    assert_true(part_count > 0);
    assert_int_equal(whole_count, part_count);
    assert_memory_equal(whole, part, part_count * sizeof *part);
    free(whole);
    free(part);
    ho_panel_free(&p);
    ho_panel_free(&training);
}

static void turned_strategies_keep_their_place_and_get_a_name_of_their_own(void **state)
{
    (void)state;
    static const char *const names[] = {"x", "x_inv", "y", "y_inv.1", "x_inv.1"};
    static const double values[2][5] = {{1, 2, 0, 4, 5}, {-1, -2, 3, -4, 5}};
    static const double expected[2][5] = {{-1, 2, 0, 4, 5}, {1, -2, -3, -4, 5}};
    static const ho_ulta_case cases[] = {{.strategy = 0}, {.strategy = 2}};
    ho_error err;
    ho_panel *p = panel_of(2, 5, values[0], names);
    assert_ok(ho_ulta_apply(p, cases, 2, &err));
    for (size_t t = 0; t < 2; t++)
        assert_memory_equal(ho_panel_row(p, t), expected[t], sizeof expected[t]); /* and 0 has no sign */
    assert_string_equal(ho_panel_name(p, 0), "x_inv.2");
    assert_string_equal(ho_panel_name(p, 1), "x_inv");
    assert_string_equal(ho_panel_name(p, 2), "y_inv");
    assert_ok(ho_ulta_apply(p, cases, 0, &err));
    assert_string_equal(ho_panel_name(p, 3), "y_inv.1");
    ho_panel_free(&p);
}

static void without_memory_nothing_is_turned(void **state)
{
    (void)state;
    if (!ho_memory_fail_at(0)) {
        print_message("skipped: this build cannot fail allocations\n");
        skip();
    }
    static const double values[] = {-1, -2};
    static const ho_ulta_case of = {.strategy = 0};
    ho_error err;
    ho_panel *p = panel_of(2, 1, values, abc);
    for (long n = 1; n < 20; n++) {
        ho_ulta_case *cases = NULL;
        size_t count = 7;
        ho_memory_fail_at(n);
        ho_status status = ho_ulta_decide(p, 0, 2, &legacy, 1, &cases, &count, &err);
        ho_memory_fail_at(0);
        if (status == HO_OK) {
            free(cases);
            break;
        }
        assert_int_equal(status, HO_ERR_MEMORY);
        assert_true(cases == NULL && count == 7);
    }
    for (long n = 1; n < 20; n++) {
        ho_memory_fail_at(n);
        ho_status status = ho_ulta_apply(p, &of, 1, &err);
        ho_memory_fail_at(0);
        if (status == HO_OK) break;
        assert_int_equal(status, HO_ERR_MEMORY);
        assert_string_equal(ho_panel_name(p, 0), "a");
        assert_true(ho_panel_row(p, 1)[0] == -2);
    }
    assert_string_equal(ho_panel_name(p, 0), "a_inv");
    ho_panel_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_examples_of_the_ratios),
        cmocka_unit_test(a_winner_and_a_flat_strategy_stay_as_they_are),
        cmocka_unit_test(the_threshold_rule_asks_for_total_days_and_share),
        cmocka_unit_test(only_the_given_periods_decide),
        cmocka_unit_test(turned_strategies_keep_their_place_and_get_a_name_of_their_own),
        cmocka_unit_test(without_memory_nothing_is_turned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
