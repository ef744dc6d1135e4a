/* Real tables of the field, where the test data are at hand: what is known of them by other tools (pandas) holds. */
#include "test.h"

#include "base/date.h"
#include "store/csv.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static ho_panel *panel;
static ho_load_report report;
static ho_load_options options;
static ho_error err;

/* The path of a test file; skips the test aloud when there is none. */
static void find(const char *name, char path[4096])
{
    const char *data = getenv("HEAVYOPT_TEST_DATA"), *source = getenv("HEAVYOPT_SOURCE");
    if (data != NULL)
        snprintf(path, 4096, "%s/%s", data, name);
    else
        snprintf(path, 4096, "%s/../shared/data/%s", source != NULL ? source : ".", name);
    if (access(path, R_OK) == 0) return;
    print_message("skipped: no %s (HEAVYOPT_TEST_DATA names its folder)\n", path);
    skip();
}

static bool warned(const char *part)
{
    for (size_t i = 0; i < report.warnings.count; i++) {
        if (strstr(report.warnings.items[i], part) != NULL) return true;
    }
    return false;
}

static int clear(void **state)
{
    (void)state;
    ho_panel_free(&panel);
    ho_load_report_clear(&report);
    return 0;
}

static void an_enhanced_table_has_zones_regimes_and_capital(void **state)
{
    (void)state;
    char path[4096];
    find("enhanced_zones_2023.csv", path);
    assert_ok(ho_csv_read(path, &options, 2, &panel, &report, &err));
    assert_int_equal(report.rows, 88);
    assert_int_equal(report.dates, 22);
    assert_int_equal(report.strategies, 20);
    assert_int_equal(report.metadata.count, 9);
    assert_string_equal(report.date_format, "dd-mm-YYYY");
    assert_int_equal(report.first_date, ho_date_from_civil(2023, 1, 2));
    assert_int_equal(ho_panel_zones(panel), 4);
    assert_int_equal(ho_panel_regimes(panel), 12);
    assert_int_equal(report.skipped_count[HO_SKIP_DERIVED], 0);
    /* the first date's earliest row is that of zone C, 09:15 to 09:41 */
    const ho_period *p = ho_panel_period(panel, 0);
    assert_int_equal(p->start, 9 * 3600 + 15 * 60);
    assert_int_equal(p->end, 9 * 3600 + 41 * 60);
    assert_string_equal(ho_panel_zone(panel, p->zone), "C");
    assert_string_equal(ho_panel_regime(panel, p->regime), "Bearish_Panic");
    assert_true(p->confidence == 0.69 && p->transition == 0.643 && p->capital == 2900000);
    assert_true(ho_panel_row(panel, 0)[1] == -1.666029);
    for (size_t t = 1; t < 88; t++)
        assert_true(ho_panel_period(panel, t)->date >= ho_panel_period(panel, t - 1)->date);
}

static char *unpack(const char *path, size_t *size)
{
    char command[4200];
    snprintf(command, sizeof command, "gzip -dc '%s'", path);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t room = 8 << 20;
    char *text = malloc(room);
    assert_non_null(text);
    *size = fread(text, 1, room, pipe);
    assert_int_equal(pclose(pipe), 0);
    assert_true(*size > 0 && *size < room);
    return text;
}

static void the_last_column_of_a_wide_table_is_a_trap(void **state)
{
    (void)state;
    char path[4096];
    find("sensex_25544_worst_days.csv.gz", path);
    size_t size;
    char *text = unpack(path, &size);
    for (int threads = 1; threads <= 3; threads++) {
        clear(NULL);
        assert_ok(ho_csv_read_memory("worst.csv", text, size, &options, threads, &panel, &report, &err));
        assert_int_equal(report.rows, 5);
        assert_int_equal(report.skipped_count[HO_SKIP_DERIVED], 1);
        assert_string_equal(report.skipped[HO_SKIP_DERIVED].items[0],
                            "portfolio_drawdown: the name of a derived column");
        assert_true(warned("portfolio_drawdown"));
        assert_int_equal(report.strategies, 25544);
        assert_string_equal(ho_panel_name(panel, 0), "STRATEGY_0001");
        assert_true(ho_panel_row(panel, 0)[0] == -1033.9437999999996);
        assert_int_equal(ho_panel_period(panel, 4)->date, ho_date_from_civil(2025, 1, 1));
        assert_int_equal(report.day_mismatches, 5); /* all say Monday and are Wednesdays */
    }
    /* under another name it is found by its size */
    char *name = strstr(text, "portfolio_drawdown");
    assert_non_null(name);
    memcpy(name, "something_differen", strlen("portfolio_drawdown"));
    clear(NULL);
    assert_ok(ho_csv_read_memory("worst.csv", text, size, &options, 2, &panel, &report, &err));
    assert_int_equal(report.strategies, 25544);
    assert_non_null(strstr(report.skipped[HO_SKIP_DERIVED].items[0], "times what the middle column does"));
    free(text);
}

int main(void)
{
    if (ho_options_defaults(ho_load_option_table(), &options, &err) != HO_OK) return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(an_enhanced_table_has_zones_regimes_and_capital, clear),
        cmocka_unit_test_teardown(the_last_column_of_a_wide_table_is_a_trap, clear),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    ho_options_clear(ho_load_option_table(), &options);
    return failed;
}
