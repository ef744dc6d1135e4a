/* Market regimes of rows: the worked example of confidences and weights, and rows that are kept. */
#include "test.h"

#include "panel/panel.h"
#include "screen/regimes.h"

#include <math.h>
#include <string.h>

/* E10: confidence 80 65 90 75, transition .3 .6 .55 .5; columns (10,0,-8,5) and (-4,6,2,5). */
static ho_panel *four_rows(void)
{
    static const double x[4][2] = {{10, -4}, {0, 6}, {-8, 2}, {5, 5}};
    static const double confidence[] = {.8, .65, .9, .75}, transition[] = {.3, .6, .55, .5};
    ho_error err;
    ho_panel *p = NULL;
    assert_ok(ho_panel_new(4, 2, &p, &err));
    static const char *const names[] = {"a", "b"};
    static const size_t lengths[] = {1, 1};
    assert_ok(ho_panel_set_names(p, names, lengths, &err));
    for (size_t t = 0; t < 4; t++) {
        memcpy(ho_matrix_row(&p->values, t), x[t], sizeof x[t]);
        p->periods[t].date = (int32_t)t;
        p->periods[t].confidence = confidence[t];
        p->periods[t].transition = transition[t];
    }
    return p;
}

static void the_worked_example_of_confidence_and_weight(void **state)
{
    (void)state;
    ho_panel *p = four_rows();
    double confidence[2], total = 0;
    assert_true(ho_regimes_known(p));
    ho_regimes_confidence(p, confidence);
    assert_near(confidence[0], .8166666666666668, 1e-15);
    assert_near(confidence[1], .775, 1e-15);
    ho_regimes_weigh(p, .5, .5);
    static const double q[] = {.8, .325, .45, .75}, sum[] = {6, 6, -6, 10};
    for (size_t t = 0; t < 4; t++) {
        const double *row = ho_panel_row(p, t);
        assert_near(row[0] + row[1], q[t] * sum[t], 1e-14);
        total += row[0] + row[1];
    }
    assert_near(total, 11.55, 1e-14);
    ho_panel_free(&p);
}

static void a_strategy_that_never_trades_has_the_mean_confidence(void **state)
{
    (void)state;
    ho_panel *p = four_rows();
    double confidence[2];
    for (size_t t = 0; t < 4; t++)
        ho_matrix_row(&p->values, t)[1] = 0;
    ho_regimes_confidence(p, confidence);
    assert_near(confidence[1], (.8 + .65 + .9 + .75) / 4, 1e-15);
    ho_panel_free(&p);
}

static void labels_tell_of_risk(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        double risk;
    } labels[] = {{"Bearish_Panic", .6},    {"Sideways_Violent", .6},
                  {"Bullish_Volatile", .6}, {"Bullish_Vol_Expansion", 1.2},
                  {"bear market", .8},      {"Expiry_Pinning", 1},
                  {"not a bull", 1},        {"", 1}};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        assert_true(ho_regime_risk(labels[i].label) == labels[i].risk);
}

static void kept_rows_stay_in_their_order(void **state)
{
    (void)state;
    static const uint8_t keep[] = {1, 0, 1, 1}; /* those above 70 */
    ho_error err;
    ho_panel *p = four_rows(), *kept = NULL;
    assert_ok(ho_rows_keep(p, keep, &kept, &err));
    assert_int_equal(ho_panel_periods(kept), 3);
    static const int32_t dates[] = {0, 2, 3};
    for (size_t t = 0; t < 3; t++) {
        assert_int_equal(ho_panel_period(kept, t)->date, dates[t]);
        assert_true(ho_panel_row(kept, t)[0] == ho_panel_row(p, (size_t)dates[t])[0]);
    }
    ho_panel_free(&kept);
    ho_panel_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_example_of_confidence_and_weight),
        cmocka_unit_test(a_strategy_that_never_trades_has_the_mean_confidence),
        cmocka_unit_test(labels_tell_of_risk),
        cmocka_unit_test(kept_rows_stay_in_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
