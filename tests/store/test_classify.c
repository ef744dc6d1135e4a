/* Which columns are strategies: by name, by content, and what the options change about it. */
#include "test.h"

#include "base/memory.h"
#include "base/rng.h"
#include "store/classify.h"
#include "store/csv.h"

#include <stdlib.h>
#include <string.h>

static ho_panel *panel;
static ho_load_report report;
static ho_load_options options;
static ho_error err;

static int empty_hands(void **state)
{
    (void)state;
    ho_panel_free(&panel);
    ho_load_report_clear(&report);
    ho_options_clear(ho_load_option_table(), &options);
    return ho_options_defaults(ho_load_option_table(), &options, &err) != HO_OK;
}

static ho_status read_text(const char *text)
{
    ho_panel_free(&panel);
    ho_load_report_clear(&report);
    return ho_csv_read_memory("t.csv", text, strlen(text), &options, 2, &panel, &report, &err);
}

static bool warned(const char *part)
{
    for (size_t i = 0; i < report.warnings.count; i++) {
        if (strstr(report.warnings.items[i], part) != NULL) return true;
    }
    return false;
}

/* The strategies' names, joined by blanks. */
static void assert_names(const char *expected)
{
    char names[2000] = "";
    for (size_t j = 0; j < ho_panel_strategies(panel); j++) {
        if (j > 0) strcat(names, " ");
        strcat(names, ho_panel_name(panel, j));
    }
    assert_string_equal(names, expected);
}

static void assert_skipped(ho_skip_reason reason, const char *entry)
{
    for (size_t i = 0; i < report.skipped[reason].count; i++) {
        if (strcmp(report.skipped[reason].items[i], entry) == 0) return;
    }
    fail_msg("'%s' is not among the %zu columns skipped as %s (first: %s)", entry,
             report.skipped[reason].count, ho_skip_reason_name(reason),
             report.skipped[reason].count > 0 ? report.skipped[reason].items[0] : "none");
}

static ho_column_kind kind_of(const char *name)
{
    return ho_column_kind_of(name, strlen(name));
}

static void names_are_known_in_any_spelling(void **state)
{
    (void)state;
    static const char *const derived[] = {
        "portfolio_drawdown",
        "portfolio_return",
        "portfolio_returns",
        "portfolio_pnl",
        "portfolio_equity",
        "portfolio_value",
        "cumulative_pnl",
        "cumulative_return",
        "cumulative_returns",
        "equity",
        "equity_curve",
        "drawdown",
        "max_drawdown",
        "total",
        "total_pnl",
        "total_profit",
        "grand_total",
        "row_total",
        "index",
        "idx",
        "Portfolio Drawdown",
        "TOTAL-PNL",
    };
    for (size_t i = 0; i < sizeof derived / sizeof *derived; i++)
        assert_int_equal(kind_of(derived[i]), HO_COLUMN_DERIVED);
    assert_int_equal(kind_of("DATE_COL"), HO_COLUMN_DATE);
    assert_int_equal(kind_of("Day Col"), HO_COLUMN_DAY);
    assert_int_equal(kind_of("Start-Time"), HO_COLUMN_START);
    assert_int_equal(kind_of("Market Regime Transition Threshold"), HO_COLUMN_TRANSITION);
    assert_int_equal(kind_of("regime confidence %"), HO_COLUMN_CONFIDENCE);
    assert_int_equal(kind_of("Year"), HO_COLUMN_PARTITION);
    assert_int_equal(kind_of("Tickers"), HO_COLUMN_LABEL);
    assert_int_equal(kind_of("SENSEX 1426-1456 SL73%TP32%"), HO_COLUMN_VALUE);
    assert_int_equal(kind_of("dates"), HO_COLUMN_VALUE);
    assert_int_equal(kind_of("totals"), HO_COLUMN_VALUE);
    assert_int_equal(kind_of(""), HO_COLUMN_VALUE);
}

static void columns_are_known_by_name_not_by_place(void **state)
{
    (void)state;
    assert_ok(read_text(
        "Date,Day,A,Symbol,B,month,Ticker\n2024-01-01,Monday,1,X,2,1,Y\n2024-01-02,Tuesday,3,X,4,1,Y\n"));
    assert_names("A B");
    assert_skipped(HO_SKIP_LABEL, "Symbol: a label");
    assert_int_equal(report.skipped_count[HO_SKIP_LABEL], 2);
    assert_int_equal(report.metadata.count, 3);
    assert_int_equal(report.warnings.count, 0);
}

static void a_nameless_first_column_that_counts_is_an_index(void **state)
{
    (void)state;
    assert_ok(read_text(",Date,A\n0,2024-01-02,5\n1,2024-01-01,6\n2,2024-01-03,7\n"));
    assert_names("A");
    assert_skipped(HO_SKIP_INDEX, "Unnamed: 0: an index of the rows");
    assert_ok(read_text("Unnamed: 0,Date,A\n1,2024-01-02,5\n2,2024-01-01,6\n"));
    assert_names("A");
    assert_ok(read_text(",Date,A\nr1,2024-01-02,5\nr2,2024-01-01,6\n"));
    assert_names("A");
    assert_int_equal(report.warnings.count, 0);
    /* numbers that do not count are a strategy without a name */
    assert_ok(read_text(",Date,A\n0.5,2024-01-02,5\n-7,2024-01-01,6\n"));
    assert_names("Unnamed: 0 A");
}

static void empty_and_text_columns_are_left_out_with_a_warning(void **state)
{
    (void)state;
    const char *text =
        "Date,A,Note,None,Mixed\n2024-01-01,1,good,,x\n2024-01-02,2,bad,NA,y\n2024-01-03,3,,-,1\n";
    assert_ok(read_text(text));
    assert_names("A");
    assert_skipped(HO_SKIP_TEXT, "Note: \"good\" in line 2 is not a number");
    assert_skipped(HO_SKIP_TEXT, "Mixed: \"x\" in line 2 is not a number");
    assert_skipped(HO_SKIP_EMPTY, "None: every cell is missing");
    assert_true(warned("2 columns left out as text: Note: \"good\" in line 2"));
    assert_true(warned("1 column left out as empty: None"));
    assert_int_equal(report.missing_cells, 0); /* only strategies count */
    options.strict = true;
    assert_refused(read_text(text), HO_ERR_DATA,
                   "column \"Note\" would be left out (text: \"good\" in line 2");
    assert_refused(read_text("Date,A,B\n2024-01-01,1,\n"), HO_ERR_DATA,
                   "column \"B\" would be left out (empty");
    assert_ok(read_text("Date,A,Symbol\n2024-01-01,1,x\n"));
    /* half and half is a column of numbers with bad cells */
    options.strict = false;
    assert_refused(read_text("Date,A\n2024-01-01,1\n2024-01-02,x\n"), HO_ERR_DATA, "\"x\" is not a number");
}

static void only_twenty_names_a_reason_are_kept(void **state)
{
    (void)state;
    char text[4000] = "Date,A";
    for (int i = 0; i < 30; i++)
        sprintf(text + strlen(text), ",t%d", i);
    strcat(text, "\n2024-01-01,1");
    for (int i = 0; i < 30; i++)
        strcat(text, ",x");
    assert_ok(read_text(text));
    assert_int_equal(report.skipped_count[HO_SKIP_TEXT], 30);
    assert_int_equal(report.skipped[HO_SKIP_TEXT].count, 20);
}

static void derived_names_are_left_out_unless_kept(void **state)
{
    (void)state;
    const char *text = "Date,A,total,B,Max Drawdown\n2024-01-01,1,x,2,-5\n2024-01-02,3,nan,4,-6\n";
    assert_ok(read_text(text));
    assert_names("A B");
    assert_skipped(HO_SKIP_DERIVED, "Max Drawdown: the name of a derived column");
    assert_true(warned("2 columns left out as derived"));
    assert_ok(ho_options_set(ho_load_option_table(), &options, "keep-column", "max_drawdown", &err));
    assert_ok(ho_options_set(ho_load_option_table(), &options, "keep-column", "nobody", &err));
    assert_ok(read_text(text));
    assert_names("A B Max Drawdown");
    assert_true(warned("keep-column: no column is named \"nobody\""));
}

enum { ROWS = 12, COLUMNS = 11 };

/* A table of COLUMNS strategies and one more column at place `at`, named X, whose cells are given. */
static void table_with(size_t at, const double *x, char *text)
{
    size_t n = (size_t)sprintf(text, "Date");
    for (size_t c = 0; c <= COLUMNS; c++)
        n += c == at ? (size_t)sprintf(text + n, ",X") : (size_t)sprintf(text + n, ",s%zu", c);
    ho_rng rng = ho_rng_new(3, "strategies", 0);
    for (int t = 0; t < ROWS; t++) {
        n += (size_t)sprintf(text + n, "\n2024-01-%02d", t + 1);
        for (size_t c = 0; c <= COLUMNS; c++)
            n += (size_t)sprintf(text + n, ",%.17g",
                                 c == at ? x[t] : (double)(int)(1000 * ho_rng_normal(&rng)) / 8);
    }
}

static void a_total_and_an_equity_curve_are_found_by_content(void **state)
{
    (void)state;
    static char text[20000];
    static const double zero[ROWS] = {0};
    double total[ROWS], running[ROWS], sum = 0;
    table_with(5, zero, text);
    assert_ok(read_text(text));
    assert_int_equal(ho_panel_strategies(panel), COLUMNS + 1);
    assert_int_equal(report.zero_variance, 1);
    for (size_t t = 0; t < ROWS; t++) {
        total[t] = 0;
        for (size_t j = 0; j <= COLUMNS; j++)
            total[t] += ho_panel_row(panel, t)[j];
        running[t] = sum += total[t];
    }
    for (size_t at = 0; at <= COLUMNS; at += 5) {
        table_with(at, total, text);
        assert_ok(read_text(text));
        assert_skipped(HO_SKIP_DERIVED, "X: varies as the sum of the other columns");
        assert_int_equal(ho_panel_strategies(panel), COLUMNS);
        table_with(at, running, text);
        assert_ok(read_text(text));
        assert_skipped(HO_SKIP_DERIVED, "X: varies as the running sum of the other columns");
        assert_int_equal(ho_panel_strategies(panel), COLUMNS);
    }
    options.strict = true;
    assert_refused(read_text(text), HO_ERR_DATA, "column \"X\" would be left out (derived");
    options.strict = false;
    total[3] += 0.5; /* not quite a total: a strategy */
    table_with(2, total, text);
    assert_ok(read_text(text));
    assert_int_equal(ho_panel_strategies(panel), COLUMNS + 1);
    table_with(2, running, text);
    assert_ok(ho_options_set(ho_load_option_table(), &options, "keep-column", "X", &err));
    assert_ok(read_text(text));
    assert_int_equal(ho_panel_strategies(panel), COLUMNS + 1);
}

static void a_giant_at_either_end_is_no_strategy(void **state)
{
    (void)state;
    assert_ok(read_text("Date,A,B,C,X\n2024-01-01,1,2,3,-9000\n2024-01-02,4,5,6,-9999\n"));
    assert_names("A B C");
    assert_skipped(HO_SKIP_DERIVED, "X: reaches 9999, 1818 times what the middle column does");
    assert_ok(read_text("Date,X,A,B,C\n2024-01-01,9000,1,2,3\n2024-01-02,9999,4,5,6\n"));
    assert_names("A B C");
    assert_ok(read_text("Date,A,X,B,C\n2024-01-01,1,9000,2,3\n2024-01-02,4,9999,5,6\n"));
    assert_names("A X B C");
    assert_ok(ho_options_set(ho_load_option_table(), &options, "keep-column", "x", &err));
    assert_ok(read_text("Date,A,B,C,X\n2024-01-01,1,2,3,-9000\n2024-01-02,4,5,6,-9999\n"));
    assert_names("A B C X");
}

static void constant_columns_stay_unless_dropped(void **state)
{
    (void)state;
    const char *text = "Date,A,zero,B,five,C\n2024-01-01,1,0,2,5,1\n2024-01-02,3,0,4,5,3\n";
    assert_ok(read_text(text));
    assert_names("A zero B five C");
    assert_int_equal(report.zero_variance, 2);
    assert_int_equal(report.identical, 1);
    options.drop_constant = true;
    assert_ok(read_text(text));
    assert_names("A B C");
    assert_skipped(HO_SKIP_CONSTANT, "zero: its cells are all equal");
    assert_int_equal(report.zero_variance, 0);
    options.strat_limit = 2;
    assert_ok(read_text(text));
    assert_names("A B");
    assert_skipped(HO_SKIP_LIMIT, "C: past the limit");
    assert_int_equal(report.warnings.count, 0);
    assert_true(ho_panel_row(panel, 1)[1] == 4);
    assert_refused(read_text("Date,A\n2024-01-01,1\n2024-01-02,1\n"), HO_ERR_DATA, "no strategy");
}

static void a_limit_leaves_a_narrow_panel(void **state)
{
    (void)state;
    static char text[60000] = "Date";
    for (int c = 0; c < 2000; c++)
        sprintf(text + strlen(text), ",c%d", c);
    strcat(text, "\n2024-01-01");
    for (int c = 0; c < 2000; c++)
        sprintf(text + strlen(text), ",%d", 1 + c % 7);
    options.strat_limit = 3;
    assert_ok(read_text(text));
    assert_names("c0 c1 c2");
    assert_true(ho_panel_stride(panel) < 100);
    assert_int_equal(report.skipped_count[HO_SKIP_LIMIT], 1997);
    assert_int_equal(report.skipped[HO_SKIP_LIMIT].count, 20);
}

static void equal_columns_are_counted_and_opposite_ones_are_not(void **state)
{
    (void)state;
    assert_ok(
        read_text("Date,A,B,C,D,E\n2024-01-01,1,-1,1,2,1\n2024-01-02,2,-2,2,1,2\n2024-01-03,3,-3,3,3,3.5\n"));
    assert_int_equal(report.identical, 1);
}

static void options_have_defaults_and_reasons_have_names(void **state)
{
    (void)state;
    assert_int_equal(options.strat_limit, 0);
    assert_string_equal(options.missing, "zero");
    assert_string_equal(options.date_format, "auto");
    assert_refused(ho_options_set(ho_load_option_table(), &options, "date-format", "ddmmYY", &err),
                   HO_ERR_USAGE, "ddmmYY");
    for (int i = 0; i < HO_SKIP_COUNT; i++)
        assert_true(strlen(ho_skip_reason_name((ho_skip_reason)i)) > 2);
}

static void memory_can_run_out_while_columns_are_judged(void **state)
{
    (void)state;
    if (!ho_memory_fail_at(0)) {
        print_message("skipped: this build cannot fail allocations\n");
        skip();
    }
    static char text[20000];
    static const double giant[ROWS] = {1e9, 2e9};
    table_with(COLUMNS, giant, text);
    long n = 1;
    for (;; n++) {
        ho_memory_fail_at(n);
        ho_status status = read_text(text);
        ho_memory_fail_at(0);
        if (status == HO_OK) break;
        assert_int_equal(status, HO_ERR_MEMORY);
        assert_null(panel);
    }
    assert_true(n > 20);
    assert_int_equal(ho_panel_strategies(panel), COLUMNS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, empty_hands, empty_hands)

static int leave(void **state)
{
    (void)state;
    ho_options_clear(ho_load_option_table(), &options);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_are_known_in_any_spelling),
        TEST(columns_are_known_by_name_not_by_place),
        TEST(a_nameless_first_column_that_counts_is_an_index),
        TEST(empty_and_text_columns_are_left_out_with_a_warning),
        TEST(only_twenty_names_a_reason_are_kept),
        TEST(derived_names_are_left_out_unless_kept),
        TEST(a_total_and_an_equity_curve_are_found_by_content),
        TEST(a_giant_at_either_end_is_no_strategy),
        TEST(constant_columns_stay_unless_dropped),
        TEST(a_limit_leaves_a_narrow_panel),
        TEST(equal_columns_are_counted_and_opposite_ones_are_not),
        TEST(options_have_defaults_and_reasons_have_names),
        TEST(memory_can_run_out_while_columns_are_judged),
    };
    return cmocka_run_group_tests(tests, NULL, leave);
}
