/* The table of measures: worked examples, the edges of every definition, and the page that documents them. */
#include "test.h"

#include "base/memory.h"
#include "panel/panel.h"

#include <heavyopt/metrics.h>
#include <math.h>
#include <string.h>

enum { MANY = 256 };
static const ho_metric_settings usual = {252, .02, 0, 0, NULL};

static double value_of(const double *values, const char *key)
{
    int i = ho_metric_find(key);
    if (i < 0) fail_msg("no measure '%s'", key);
    return values[i];
}

static void measure(const double *r, size_t n, const ho_metric_settings *settings, double *values)
{
    ho_error err;
    assert_true(ho_metric_count() <= MANY);
    assert_ok(ho_metrics_of_series(r, n, settings, values, &err));
}

typedef struct golden {
    const char *key;
    double value;
} golden;

static void check(const char *what, const double *values, const golden *expected, double tolerance)
{
    for (; expected->key != NULL; expected++) {
        double value = value_of(values, expected->key), wanted = expected->value;
        bool same = value == wanted || (isnan(value) && isnan(wanted));
        if (!same && !(fabs(value - wanted) <= tolerance * fabs(wanted)))
            fail_msg("%s: %s is %.17g, expected %.17g", what, expected->key, value, wanted);
    }
}

static void every_measure_can_be_found_by_its_key(void **state)
{
    (void)state;
    size_t count = ho_metric_count();
    assert_true(count >= 36);
    for (size_t i = 0; i < count; i++) {
        const ho_metric *m = ho_metric_at(i);
        assert_int_equal(ho_metric_find(m->key), (int)i); /* so keys are unique */
        assert_true(strlen(m->name) > 0 && strlen(m->formula) > 0 && strlen(m->source) > 0);
        assert_int_equal(strspn(m->key, "abcdefghijklmnopqrstuvwxyz_0123456789"), strlen(m->key));
        assert_non_null(strstr("rupees fraction ratio periods", m->unit));
        assert_null(strpbrk(m->formula, "|`")); /* they would break the table of docs/METRICS.md */
    }
    assert_null(ho_metric_at(count));
    assert_int_equal(ho_metric_find("no such measure"), -1);
}

/* The numbers of the ten-day example were computed with empyrical, quantstats and the earlier optimizer. */
static void the_ten_day_example_has_its_golden_numbers(void **state)
{
    (void)state;
    static const double r[] = {-100, 50, 200, -150, 0, 300, -80, -40, 120, 60};
    static const golden expected[] = {
        {"total_roi", 360},
        {"annualized_return", 9072},
        {"win_rate", .5},
        {"win_rate_active", 5 / 9.0},
        {"wins", 5},
        {"losses", 4},
        {"flat", 1},
        {"avg_win", 146},
        {"avg_loss", 92.5},
        {"best_period", 300},
        {"worst_period", -150},
        {"profit_factor", 1.972972972972973},
        {"omega", 1.972972972972973},
        {"expectancy", 36},
        {"expectancy_legacy", 26.75},
        {"max_drawdown", 150},
        {"max_drawdown_first_peak", 150},
        {"roi_dd_ratio", 2.4},
        {"average_drawdown", 65},
        {"average_drawdown_first_peak", 50},
        {"ulcer_index", 88.48728722251576},
        {"ulcer_index_first_peak", 81.11719916269298},
        {"cdar_95", 150},
        {"cdar_95_first_peak", 150},
        {"drawdown_duration", 2},
        {"longest_losing_run", 2},
        {"sharpe", 4.063172243604156},
        {"sharpe_legacy", 4.282959605121885},
        {"sharpe_platform", 4.06316328599339},
        {"sortino", 8.97997772825746},
        {"sortino_legacy", 14.428656744762048},
        {"sortino_platform", 9.978491503399239},
        {"calmar", 60.48},
        {"calmar_platform", 2.4},
        {"var_95", -127.5},
        {"var_99", -145.5},
        {"cvar_95", -150},
        {"cvar_99", -150},
        {"cvar_95_tail", -150},
        {"var_95_normal", -195.34749153771725},
        {"var_99_normal", -291.19917218465454},
        {"kelly", .1832191780821918},
        {"kelly_raw", .1832191780821918},
        {"kelly_single", .1832191780821918},
        {"var_95_normal_legacy", -183.47550126771492},
        {"var_95_order", -150},
        {"profit_factor_legacy", 1.972972972972973},
        {"roi_dd_ratio_legacy", 2.4},
        {"cdar_99", 150},
        {"var_to_cvar_95", .85},
        {NULL, 0},
    };
    double values[MANY];
    measure(r, 10, &usual, values);
    check("ten days", values, expected, 1e-14);
    ho_metric_settings with_capital = usual;
    with_capital.capital = 1e6;
    measure(r, 10, &with_capital, values);
    static const golden of_capital[] = {
        {"sharpe", -4.894438522718941}, {"max_drawdown_of_capital", 150e-6}, {NULL, 0}};
    check("with capital", values, of_capital, 1e-14);
    /* the legacy forms know no capital */
    assert_near(value_of(values, "sharpe_legacy"), 4.282959605121885, 1e-14);
}

/* E1: the mean series of a production run of 37 strategies is not published; its total, first-peak drawdown, winning days
 * and length are, and any series that has these has the published measures. */
static void the_production_run_has_its_published_measures(void **state)
{
    (void)state;
    enum { DAYS = 82, WINS = 51 };
    const double total = 13653.365261621726, drawdown = 443.7869616216202;
    double r[DAYS], values[MANY];
    for (size_t t = 0; t < DAYS; t++)
        r[t] = t == 0             ? 1000
               : t <= DAYS - WINS ? -drawdown / (DAYS - WINS)
                                  : (total + drawdown - 1000) / (WINS - 1);
    measure(r, DAYS, &usual, values);
    static const golden expected[] = {
        {"roi_dd_ratio_legacy", 30.765584486149915},
        {"annualized_return", 41959.1225113253},
        {"expectancy", 166.50445440999666},
        {"expectancy_legacy", 166.50445440999666},
        {"win_rate", .6219512195121951},
        {NULL, 0},
    };
    check("the production run", values, expected, 1e-12);
    /* its fitness 30.45764862187442 is that less ten times an average correlation of */
    assert_near((value_of(values, "roi_dd_ratio_legacy") - 30.45764862187442) / 10, .03079358642754961,
                1e-11);
}

static void one_day_has_no_spread_and_may_have_no_risk(void **state)
{
    (void)state;
    static const double gain[] = {4}, loss[] = {-4}, nothing[] = {0};
    static const golden of_gain[] = {
        {"total_roi", 4},
        {"win_rate", 1},
        {"profit_factor", INFINITY},
        {"volatility", NAN},
        {"sharpe", NAN},
        {"sharpe_legacy", 0},
        {"sharpe_platform", 0},
        {"sortino", INFINITY},
        {"sortino_legacy", 0},
        {"max_drawdown", 0},
        {"omega", INFINITY},
        {"roi_dd_ratio", INFINITY},
        {"calmar", INFINITY},
        {"var_95", 4},
        {"cvar_99", 4},
        {"skewness", NAN},
        {"kelly", .01},
        {"sortino_platform", INFINITY},
        {"var_95_normal", NAN},
        {"cvar_95_tail", 4},
        {"calmar_platform", INFINITY},
        {"payoff_ratio", NAN},
        {"kelly_raw", NAN},
        {"kelly_single", 0},
        {"profit_factor_legacy", 1},
        {"roi_dd_ratio_legacy", 400},
        {"tail_ratio", 1},
        {"information_ratio", NAN},
        {"var_ratio_95", NAN},
        {"var_95_normal_kupiec", NAN},
        {"max_drawdown_of_capital", NAN},
        {NULL, 0},
    };
    static const golden of_loss[] = {
        {"total_roi", -4},
        {"win_rate", 0},
        {"win_rate_active", 0},
        {"profit_factor", 0},
        {"max_drawdown", 4},
        {"max_drawdown_first_peak", 0},
        {"roi_dd_ratio", -1},
        {"sortino_legacy", INFINITY},
        {"omega", 0},
        {"sortino_platform", NAN},
        {"drawdown_duration", 1},
        {"kelly", .01},
        {NULL, 0},
    };
    static const golden of_nothing[] = {
        {"total_roi", 0},
        {"win_rate", 0},
        {"win_rate_active", NAN},
        {"profit_factor", NAN},
        {"omega", 1},
        {"roi_dd_ratio", 0},
        {"calmar", 0},
        {"sortino", NAN},
        {"expectancy_legacy", 0},
        {"flat", 1},
        {"roi_dd_ratio_legacy", 0},
        {"tail_ratio", NAN},
        {"var_to_cvar_95", 0},
        {"omega_mar", 1},
        {NULL, 0},
    };
    double values[MANY];
    measure(gain, 1, &usual, values);
    check("a gain", values, of_gain, 0);
    measure(loss, 1, &usual, values);
    check("a loss", values, of_loss, 1e-15);
    measure(nothing, 1, &usual, values);
    check("nothing", values, of_nothing, 0);
}

static void equal_days_have_no_spread_although_their_mean_has_dust(void **state)
{
    (void)state;
    double same[10], values[MANY];
    static const golden of_gains[] = {
        {"volatility", 0}, {"sharpe", NAN},   {"sharpe_legacy", 0},  {"sharpe_platform", 0},
        {"skewness", NAN}, {"kurtosis", NAN}, {"sortino", INFINITY}, {NULL, 0},
    };
    static const golden of_losses[] = {
        {"sortino_legacy", INFINITY},
        {"sortino_platform", INFINITY},
        {"longest_losing_run", 10},
        {"drawdown_duration", 10},
        {"cvar_95", -.1},
        {"sharpe_legacy", 0},
        {NULL, 0},
    };
    for (size_t t = 0; t < 10; t++)
        same[t] = .1;
    measure(same, 10, &usual, values);
    check("gains", values, of_gains, 0);
    for (size_t t = 0; t < 10; t++)
        same[t] = -.1;
    ho_metric_settings no_rate = usual;
    no_rate.risk_free_rate = 0;
    measure(same, 10, &no_rate, values);
    check("losses", values, of_losses, 1e-15);
    assert_near(value_of(values, "max_drawdown"), 1, 1e-15);
    assert_near(value_of(values, "max_drawdown_first_peak"), .9, 1e-15);
}

static void a_drawdown_up_to_a_millionth_of_a_rupee_is_none(void **state)
{
    (void)state;
    double values[MANY];
    static const double at[] = {-1e-6, 5}, above[] = {-1.1e-6, 5}, down[] = {-1e-7};
    measure(at, 2, &usual, values);
    assert_true(value_of(values, "roi_dd_ratio") == INFINITY && value_of(values, "calmar") == INFINITY);
    measure(above, 2, &usual, values);
    assert_true(isfinite(value_of(values, "roi_dd_ratio")) && isfinite(value_of(values, "calmar")));
    measure(down, 1, &usual, values);
    assert_true(value_of(values, "roi_dd_ratio") == -INFINITY);
}

static void every_value_at_risk_tie_is_in_its_mean(void **state)
{
    (void)state;
    double values[MANY];
    static const double ties[] = {-5, 3, -5, 3, -5, 3};
    measure(ties, 6, &usual, values);
    assert_true(value_of(values, "var_95") == -5 && value_of(values, "cvar_95") == -5);
}

static void kelly_stays_within_its_limits(void **state)
{
    (void)state;
    double values[MANY];
    static const double strong[] = {200, 200, 200, -100, -100}, even[] = {100, -100};
    static const double gains[] = {1, 2};
    measure(strong, 5, &usual, values); /* .6 - .4 / 2 = .4 */
    assert_true(value_of(values, "kelly") == .25);
    measure(even, 2, &usual, values);
    assert_true(value_of(values, "kelly") == .01);
    measure(gains, 2, &usual, values);
    assert_true(value_of(values, "kelly") == .01);
}

static void ratios_do_not_change_with_the_size_of_the_rupee(void **state)
{
    (void)state;
    static const double r[] = {-100, 50, 200, -150, 0, 300, -80, -40, 120, 60};
    double scaled[10], plain_values[MANY], values[MANY];
    ho_metric_settings no_rate = {252, 0, 0, 0, NULL};
    measure(r, 10, &no_rate, plain_values);
    /* powers of two: other scales leave dust where equity comes back to its peak */
    static const double scales[] = {0x1p960, 0x1p-12, 0x1p23};
    for (size_t s = 0; s < 3; s++) {
        for (size_t t = 0; t < 10; t++)
            scaled[t] = r[t] * scales[s];
        measure(scaled, 10, &no_rate, values);
        for (size_t i = 0; i < ho_metric_count(); i++) {
            bool rupees = strcmp(ho_metric_at(i)->unit, "rupees") == 0;
            assert_near(rupees ? values[i] / scales[s] : values[i], plain_values[i], 1e-12);
        }
    }
}

static void the_year_is_an_argument(void **state)
{
    (void)state;
    static const double r[] = {3, -1, 2, -2};
    double values[MANY], quarters[MANY];
    ho_metric_settings quarterly = {4, .02, 0, 0, NULL};
    measure(r, 4, &usual, values);
    measure(r, 4, &quarterly, quarters);
    assert_true(value_of(quarters, "annualized_return") == 2);
    assert_near(value_of(values, "sharpe") / value_of(quarters, "sharpe"), sqrt(63), 1e-14);
}

static void a_minimum_return_and_a_benchmark_are_arguments(void **state)
{
    (void)state;
    static const double r[] = {3, -1, 2, -2}, twice[] = {2, -2, 1, -3};
    double values[MANY];
    ho_metric_settings settings = usual;
    settings.minimum_acceptable_return = 2;
    settings.benchmark = twice;
    measure(r, 4, &settings, values);
    static const golden expected[] = {
        {"omega_mar", 1 / 7.0}, {"sortino", 7.0992957397195395}, {"information_ratio", 0}, {NULL, 0}};
    check("above two rupees", values, expected, 1e-14);
    assert_near(value_of(values, "sortino_mar"), -1.5 / 2.5 * sqrt(252), 1e-14); /* shortfalls 0 3 0 4 */
    static const double other[] = {2, -1, 0, -3};
    settings.benchmark = other; /* ahead by 1 0 2 1: mean 1, variance 2/3 */
    measure(r, 4, &settings, values);
    assert_near(value_of(values, "information_ratio"), sqrt(252 * 1.5), 1e-14);
}

static void a_convention_takes_one_sense_for_another(void **state)
{
    (void)state;
    const int sharpe = ho_metric_find("sharpe"), omega = ho_metric_find("omega");
    assert_int_equal(ho_metric_in(HO_CONVENTION_DEFAULT, sharpe), sharpe);
    assert_int_equal(ho_metric_in(HO_CONVENTION_LEGACY, sharpe), ho_metric_find("sharpe_legacy"));
    assert_int_equal(ho_metric_in(HO_CONVENTION_PLATFORM, sharpe), ho_metric_find("sharpe-platform"));
    assert_int_equal(ho_metric_in(HO_CONVENTION_ROCKAFELLAR, sharpe), sharpe);
    assert_int_equal(ho_metric_in(HO_CONVENTION_LEGACY, omega), omega);
    assert_int_equal(ho_metric_in(HO_CONVENTION_LEGACY, -1), -1);
    for (int c = HO_CONVENTION_DEFAULT; c <= HO_CONVENTION_ROCKAFELLAR; c++) {
        for (int i = 0; i < (int)ho_metric_count(); i++) {
            const int in = ho_metric_in((ho_convention)c, i);
            assert_true(in >= 0); /* every name in the table of conventions is a measure's */
            assert_string_equal(ho_metric_at((size_t)in)->unit, ho_metric_at((size_t)i)->unit);
        }
    }
}

/* The three-metric example: two strategies of five days. */
static ho_panel *two_strategies(void)
{
    ho_error err;
    ho_panel *p = NULL;
    static const double x[5][2] = {{-100, 40}, {60, -20}, {80, 10}, {-30, 70}, {20, -50}};
    assert_ok(ho_panel_new(5, 2, &p, &err));
    for (size_t t = 0; t < 5; t++)
        memcpy(ho_matrix_row(&p->values, t), x[t], sizeof x[t]);
    return p;
}

static void a_portfolio_is_the_sum_of_its_members(void **state)
{
    (void)state;
    ho_error err;
    static const uint32_t both[] = {0, 1}, beyond[] = {0, 2};
    static const double sum[] = {-60, 40, 90, 40, -30};
    double series[5] = {7}, average = 7, values[MANY];
    ho_panel *p = two_strategies();
    assert_refused(ho_portfolio_series(p, beyond, 2, series, &err), HO_ERR_USAGE,
                   "number 2 of a panel that has 2");
    assert_refused(ho_portfolio_correlation(p, beyond, 2, &average, &err), HO_ERR_USAGE, "number 2");
    assert_true(series[0] == 7 && average == 7);
    assert_ok(ho_portfolio_series(p, both, 2, series, &err));
    assert_memory_equal(series, sum, sizeof sum);
    assert_ok(ho_portfolio_correlation(p, both, 2, &average, &err));
    assert_near(average, -.5657523818560181, 1e-15);
    assert_ok(ho_portfolio_correlation(p, both, 1, &average, &err));
    assert_true(average == 0);
    measure(series, 5, &usual, values);
    static const golden expected[] = {
        {"total_roi", 80},
        {"max_drawdown", 60},
        {"max_drawdown_first_peak", 30},
        {"roi_dd_ratio", 80 / 60.0},
        {"profit_factor", 1.8888888888888888},
        {"win_rate", .6},
        {NULL, 0},
    };
    check("two strategies", values, expected, 1e-15);
    ho_panel_free(&p);
}

static void without_memory_the_values_stay(void **state)
{
    (void)state;
    if (!ho_memory_fail_at(0)) {
        print_message("skipped: this build cannot fail allocations\n");
        skip();
    }
    ho_error err;
    static const double r[] = {1, 2};
    double values[MANY] = {7};
    ho_memory_fail_at(1);
    ho_status status = ho_metrics_of_series(r, 2, &usual, values, &err);
    ho_memory_fail_at(0);
    assert_int_equal(status, HO_ERR_MEMORY);
    assert_true(values[0] == 7);
}

/* The page's table is the program's: row for row, in its order. */
static void the_page_of_measures_says_what_the_table_says(void **state)
{
    (void)state;
    const char *source = getenv("HEAVYOPT_SOURCE");
    char path[4096], line[4096], row[4096];
    if (source == NULL) {
        print_message("skipped: HEAVYOPT_SOURCE is not set\n");
        skip();
    }
    (void)snprintf(path, sizeof path, "%s/docs/METRICS.md", source);
    FILE *page = fopen(path, "r");
    if (page == NULL) fail_msg("%s cannot be read", path);
    size_t rows = 0;
    while (fgets(line, sizeof line, page) != NULL) {
        if (rows > 0 && strncmp(line, "## ", 3) == 0) break; /* other tables follow */
        if (strncmp(line, "| `", 3) != 0) continue;
        const ho_metric *m = ho_metric_at(rows);
        if (m == NULL) fail_msg("one row too many: %s", line);
        (void)snprintf(row, sizeof row, "| `%s` | %s | %s | `%s` | %s |\n", m->key, m->name, m->unit,
                       m->formula, m->source);
        assert_string_equal(line, row);
        rows++;
    }
    (void)fclose(page);
    if (rows < ho_metric_count()) {
        for (size_t i = rows; i < ho_metric_count(); i++) {
            const ho_metric *m = ho_metric_at(i);
            print_message("| `%s` | %s | %s | `%s` | %s |\n", m->key, m->name, m->unit, m->formula,
                          m->source);
        }
        fail_msg("the rows above are missing from %s", path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_measure_can_be_found_by_its_key),
        cmocka_unit_test(the_ten_day_example_has_its_golden_numbers),
        cmocka_unit_test(the_production_run_has_its_published_measures),
        cmocka_unit_test(one_day_has_no_spread_and_may_have_no_risk),
        cmocka_unit_test(equal_days_have_no_spread_although_their_mean_has_dust),
        cmocka_unit_test(a_drawdown_up_to_a_millionth_of_a_rupee_is_none),
        cmocka_unit_test(every_value_at_risk_tie_is_in_its_mean),
        cmocka_unit_test(kelly_stays_within_its_limits),
        cmocka_unit_test(ratios_do_not_change_with_the_size_of_the_rupee),
        cmocka_unit_test(the_year_is_an_argument),
        cmocka_unit_test(a_minimum_return_and_a_benchmark_are_arguments),
        cmocka_unit_test(a_convention_takes_one_sense_for_another),
        cmocka_unit_test(a_portfolio_is_the_sum_of_its_members),
        cmocka_unit_test(without_memory_the_values_stay),
        cmocka_unit_test(the_page_of_measures_says_what_the_table_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
