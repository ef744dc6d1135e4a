/* Kelly's sizes: the worked examples, the fallbacks, leverage and lots. */
#include "test.h"

#include "base/memory.h"
#include "panel/panel.h"

#include <heavyopt/metrics.h>
#include <math.h>
#include <string.h>

enum { DAYS = 20, SIX = 6 };

static const ho_kelly_settings usual = {
    .least = .01, .most = .25, .max_leverage = 2, .capital = 1e6, .confidence = 1, .periods_per_year = 252};

/* Columns of so many wins and losses of twenty days, the rest flat. */
typedef struct column {
    size_t wins, losses;
    double win, loss;
} column;

static ho_panel *panel_of(const column *columns, size_t count)
{
    ho_error err;
    ho_panel *p = NULL;
    static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
    static const size_t lengths[] = {1, 1, 1, 1, 1, 1};
    assert_ok(ho_panel_new(DAYS, count, &p, &err));
    assert_ok(ho_panel_set_names(p, names, lengths, &err));
    for (size_t t = 0; t < DAYS; t++) {
        for (size_t j = 0; j < count; j++) {
            const column *c = &columns[j];
            ho_matrix_row(&p->values, t)[j] = t < c->wins ? c->win : t < c->wins + c->losses ? -c->loss : 0;
        }
    }
    return p;
}

static ho_kelly size(const column *columns, size_t count, ho_kelly_settings settings, ho_kelly_member *sized)
{
    static const uint32_t members[SIX] = {0, 1, 2, 3, 4, 5};
    ho_error err;
    ho_kelly kelly;
    ho_panel *p = panel_of(columns, count);
    assert_ok(ho_kelly_size(p, members, count, &settings, sized, &kelly, &err));
    ho_panel_free(&p);
    return kelly;
}

/* E8 */
static void fractions_stay_within_their_limits(void **state)
{
    (void)state;
    static const column columns[] = {
        {12, 8, 200, 100}, {10, 10, 100, 100}, {11, 9, 120, 100}, {6, 14, 100, 100}, {0, 10, 0, 10}};
    static const double expected[] = {.25, .01, .175, .01, .01};
    ho_kelly_member sized[SIX];
    const ho_kelly kelly = size(columns, 5, usual, sized);
    for (size_t k = 0; k < 5; k++) {
        assert_near(sized[k].fraction, expected[k], 1e-14);
        assert_near(sized[k].weight, expected[k], 1e-14); /* together less than 1: as they are */
        assert_near(sized[k].allocated, expected[k] * 1e6, 1e-14);
    }
    assert_near(sized[0].raw, .4, 1e-15);
    assert_true(isnan(sized[4].raw));
    assert_near(sized[0].expected_growth, .6 * 200 - .4 * 100, 1e-14);
    assert_near(kelly.leverage, .455, 1e-14);
}

static void weights_add_up_to_one_or_to_the_leverage(void **state)
{
    (void)state;
    static const column good = {12, 8, 200, 100};
    const column six[SIX] = {good, good, good, good, good, good};
    ho_kelly_member sized[SIX];
    ho_kelly_settings settings = usual;
    ho_kelly kelly = size(six, SIX, settings, sized);
    assert_near(sized[3].weight, 1 / 6.0, 1e-15);
    assert_near(kelly.leverage, 1, 1e-15);
    settings.use_leverage = true;
    kelly = size(six, SIX, settings, sized);
    assert_near(kelly.leverage, 1.5, 1e-15);
    assert_near(sized[3].weight, .25, 1e-15);
    settings.max_leverage = 1.2;
    kelly = size(six, SIX, settings, sized);
    assert_near(kelly.leverage, 1.2, 1e-15);
    assert_near(kelly.allocated, 1.2e6, 1e-14);
}

static void without_any_edge_the_fallback_decides(void **state)
{
    (void)state;
    static const column bad = {6, 14, 100, 100}, good = {12, 8, 200, 100};
    const column none[4] = {bad, bad, bad, bad}, one[2] = {bad, good};
    ho_kelly_member sized[SIX];
    ho_kelly_settings settings = usual;
    assert_near(size(none, 4, settings, sized).leverage, 1, 1e-15);
    assert_near(sized[2].weight, .25, 1e-15);
    settings.fallback = HO_KELLY_LEAST;
    assert_near(size(none, 4, settings, sized).leverage, .04, 1e-14);
    settings.fallback = HO_KELLY_EXCLUDE;
    assert_true(size(none, 4, settings, sized).leverage == 0);
    assert_near(size(one, 2, settings, sized).leverage, .25, 1e-15);
    assert_true(sized[0].weight == 0);
    settings.fallback = HO_KELLY_EQUAL;
    assert_near(size(one, 2, settings, sized).leverage, .26, 1e-15);
}

static void active_days_alone_may_count(void **state)
{
    (void)state;
    static const column columns[] = {{9, 6, 100, 100}};
    ho_kelly_member sized[SIX];
    ho_kelly_settings settings = usual;
    (void)size(columns, 1, settings, sized);
    assert_near(sized[0].raw, -.1, 1e-14); /* .45 - .55 */
    settings.active = true;
    (void)size(columns, 1, settings, sized);
    assert_near(sized[0].raw, .2, 1e-14); /* .6 - .4 */
}

static void lots_are_whole_and_the_rest_is_told(void **state)
{
    (void)state;
    static const column columns[] = {{12, 8, 200, 100}, {11, 9, 120, 100}};
    ho_kelly_member sized[SIX];
    ho_kelly_settings settings = usual;
    settings.lot_capital = 60000;
    const ho_kelly kelly = size(columns, 2, settings, sized);
    assert_true(sized[0].lots == 4 && sized[1].lots == 2); /* of 250,000 and 175,000 */
    assert_near(kelly.rounded_away, 10000 + 55000, 1e-12);
    assert_true(kelly.lots == 6);
}

static void a_wild_strategy_is_adjusted_for_its_risk(void **state)
{
    (void)state;
    static const column columns[] = {{12, 8, 200, 100}};
    ho_kelly_member sized[SIX];
    ho_kelly_settings settings = usual;
    settings.confidence = .8;
    settings.capital = 1000; /* volatility is far above half of it */
    (void)size(columns, 1, settings, sized);
    assert_near(sized[0].risk_adjusted, .25 * .8 * .5, 1e-15);
    settings.capital = 1e12;
    (void)size(columns, 1, settings, sized);
    assert_near(sized[0].risk_adjusted, .25 * .8, 1e-8);
    settings.confidence = 0;
    (void)size(columns, 1, settings, sized);
    assert_near(sized[0].risk_adjusted, .01, 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fractions_stay_within_their_limits),
        cmocka_unit_test(weights_add_up_to_one_or_to_the_leverage),
        cmocka_unit_test(without_any_edge_the_fallback_decides),
        cmocka_unit_test(active_days_alone_may_count),
        cmocka_unit_test(lots_are_whole_and_the_rest_is_told),
        cmocka_unit_test(a_wild_strategy_is_adjusted_for_its_risk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
