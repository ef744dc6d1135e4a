/* CSV files with a row a date and strategy, and compressed ones. */
#include "store/chunks_test.h"

#include "store/csv.h"

static ho_error err;

static ho_panel *table(const char *text)
{
    ho_panel *panel = NULL;
    ho_load_report report = {0};
    ho_load_options options = {0};
    assert_ok(ho_options_defaults(ho_load_option_table(), &options, &err));
    assert_ok(ho_csv_read_memory("t.csv", text, strlen(text), &options, 1, &panel, &report, &err));
    assert_same_in_chunks(text, strlen(text), &options, 1, HO_OK, panel, &report, &err);
    ho_load_report_clear(&report);
    ho_options_clear(ho_load_option_table(), &options);
    return panel;
}

static void expect(const char *tall, const char *wide)
{
    ho_panel *a = table(tall), *b = table(wide);
    assert_true(same_panel(a, b));
    ho_panel_free(&a);
    ho_panel_free(&b);
}

static void refuse(const char *text, const char *what)
{
    ho_panel *panel = NULL;
    ho_load_report report = {0};
    ho_load_options options = {0};
    assert_ok(ho_options_defaults(ho_load_option_table(), &options, &err));
    assert_refused(ho_csv_read_memory("t.csv", text, strlen(text), &options, 1, &panel, &report, &err),
                   HO_ERR_DATA, what);
    assert_null(panel);
    assert_same_in_chunks(text, strlen(text), &options, 1, HO_ERR_DATA, panel, &report, &err);
    ho_options_clear(ho_load_option_table(), &options);
}

static void tall_tables_are_put_together(void **state)
{
    (void)state;
    expect("date,strategy,pnl\n2024-01-02,b,1\n2024-01-01,a,2\n2024-01-02,a,-0.0\n2024-01-01,b,4.5\n",
           "Date,b,a\n2024-01-02,1,-0.0\n2024-01-01,4.5,2\n");
    /* as HeavyDB's COPY TO writes it: the header bare, all else quoted, \N for nothing */
    expect("strategy_id,trading_date,daily_returns,zone_name\n\"s \"\"1\"\"\",\"2024-01-01\",\"1.5\",\"A\"\n"
           "\"s 2\",\"2024-01-01\",\"\\N\",\"A\"\n\"s \"\"1\"\"\",\"2024-01-01\",\"2\",\"B\"\n",
           "Date,Zone,\"s \"\"1\"\"\",s 2\n2024-01-01,A,1.5,0\n2024-01-01,B,2,0\n");
    /* one cell twice: the sum; a cell that is not there: 0; dates of any format */
    expect("pnl;Strategy;date\n1;a;02-01-2024\n2;a;02-01-2024\n3;b;01-01-2024\n",
           "Date,a,b\n2024-01-02,3,0\n2024-01-01,0,3\n");
    /* the facts of rows */
    expect("date,start_time,end_time,market_regime,capital,strategy,pnl\n"
           "2024-01-01,09:15:00,10:00:00,Bull,1000,a,1\n2024-01-01,09:15:00,10:00:00,Bull,1000,b,2\n",
           "Date,start_time,end_time,market_regime,capital,a,b\n2024-01-01,09:15,10:00,Bull,1000,1,2\n");
}

static void wide_tables_with_such_columns_stay_wide(void **state)
{
    (void)state;
    ho_panel *p = table("Date,a,pnl\n2024-01-01,1,2\n"); /* no strategy column */
    assert_int_equal(p->values.columns, 2);
    ho_panel_free(&p);
}

static void faults_are_named(void **state)
{
    (void)state;
    refuse("date,strategy,pnl\n2024-01-01,a,1\n2024-01-01,a\n", "line 3 has 2 fields, the header has 3");
    refuse("date,strategy,pnl\n2024-01-01,a,x\n", "line 2: \"x\" is no amount");
    refuse("date,strategy,pnl\n2024-01-01,a,inf\n", "line 2: \"inf\" is not finite");
    refuse("date,strategy,pnl\n2024-01-01,,1\n", "line 2: \"\" is no strategy");
    refuse("date,strategy,pnl\n,a,1\n", "is no date");
    refuse("date,strategy,pnl\nsoon,a,1\n", "\"soon\" is no date");
    refuse("date,strategy,pnl\n", "no row holds an amount");
}

static void memory_can_run_out(void **state)
{
    (void)state;
    if (!ho_memory_fail_at(0)) {
        print_message("skipped: this build cannot fail allocations\n");
        skip();
    }
    const char *text = "date,strategy,pnl\n2024-01-02,\"b\"\"\",1\n2024-01-01,a,2\n";
    ho_load_options options = {0};
    assert_ok(ho_options_defaults(ho_load_option_table(), &options, &err));
    ho_status status = HO_ERR_MEMORY;
    for (long n = 1; status == HO_ERR_MEMORY; n++) {
        ho_panel *panel = NULL;
        ho_load_report report = {0};
        ho_memory_fail_at(n);
        status = ho_csv_read_memory("t.csv", text, strlen(text), &options, 1, &panel, &report, &err);
        ho_memory_fail_at(0);
        assert_true(status == HO_OK || (status == HO_ERR_MEMORY && panel == NULL));
        ho_panel_free(&panel);
        ho_load_report_clear(&report);
    }
    assert_int_equal(status, HO_OK);
    ho_options_clear(ho_load_option_table(), &options);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tall_tables_are_put_together),
        cmocka_unit_test(wide_tables_with_such_columns_stay_wide),
        cmocka_unit_test(faults_are_named),
        cmocka_unit_test(memory_can_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
