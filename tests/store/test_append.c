/* A store that grows: day by day, with strategies that come and go, with days that come twice. */
#include "store/store_test.h"

#include <sys/stat.h>
#include <sys/wait.h>

static char folder[64], place[96], csv[96];

static int set_up(void **state)
{
    (void)state;
    make_folder(folder);
    snprintf(place, sizeof place, "%s/store", folder);
    snprintf(csv, sizeof csv, "%s/table.csv", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    remove_folder(folder);
    return 0;
}

static ho_error err;

static ho_status add(const char *text, const char *overlap, ho_appended *done)
{
    ho_panel *panel = NULL;
    ho_load_report report = {0};
    FILE *file = fopen(csv, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_ok(ho_table_read(csv, NULL, 1, &panel, &report, &err));
    ho_status status = ho_store_append(place, panel, &report, overlap, NULL, 1, done, &err);
    ho_panel_free(&panel);
    ho_load_report_clear(&report);
    return status;
}

/* The store holds the very table that the text is, but for the order of its columns' first appearance. */
static void expect(const char *text)
{
    ho_panel *panel = NULL, *back = NULL;
    ho_load_report report = {0}, read = {0};
    FILE *file = fopen(csv, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_ok(ho_table_read(csv, NULL, 1, &panel, &report, &err));
    assert_ok(ho_store_read(place, 1, &back, &read, &err));
    assert_true(same_panel(panel, back));
    assert_int_equal(read.rows, report.rows);
    assert_int_equal(read.strategies, report.strategies);
    assert_int_equal(read.zero_variance, report.zero_variance);
    assert_int_equal(read.first_date, report.first_date);
    assert_int_equal(read.last_date, report.last_date);
    ho_panel_free(&panel);
    ho_panel_free(&back);
    ho_load_report_clear(&report);
    ho_load_report_clear(&read);
}

static void days_and_strategies_come_and_go(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    ho_appended done;
    assert_ok(add("Date,a,b\n2024-01-30,1,2\n2024-01-31,3,4\n", "same", &done));
    assert_int_equal(done.rows, 2);
    assert_ok(add("Date,c,b\n2024-02-01,5,6\n2024-01-29,7,8\n", "same", &done));
    assert_int_equal(done.rows, 2);
    assert_int_equal(done.strategies, 1);
    assert_int_equal(done.strategies_gone, 1);
    expect("Date,a,b,c\n2024-01-29,0,8,7\n2024-01-30,1,2,0\n2024-01-31,3,4,0\n2024-02-01,0,6,5\n");
    /* the strategy that was away comes back */
    assert_ok(add("Date,a\n2024-02-02,9\n", "same", &done));
    expect("Date,a,b,c\n2024-01-29,0,8,7\n2024-01-30,1,2,0\n2024-01-31,3,4,0\n2024-02-01,0,6,5\n2024-02-02,9,"
           "0,0\n");
    ho_panel *back = NULL;
    ho_load_report read = {0};
    assert_ok(ho_store_read(place, 1, &back, &read, &err));
    assert_int_equal(read.sources.count, 3);
    assert_non_null(strstr(read.sources.items[2], "table.csv: 1 rows of 1 strategies, 2024-02-02"));
    ho_panel_free(&back);
    ho_load_report_clear(&read);
}

static void days_that_come_twice_agree_or_are_decided(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    ho_appended done;
    assert_ok(add("Date,Zone,a,b\n2024-01-30,A,1,2\n2024-01-30,B,3,4\n", "same", &done));
    /* the same cells again, and a strategy that had none */
    assert_ok(add("Date,Zone,b,c\n2024-01-30,B,4,9\n2024-01-31,A,6,7\n", "same", &done));
    assert_int_equal(done.rows, 1);
    assert_int_equal(done.rows_met, 1);
    expect("Date,Zone,a,b,c\n2024-01-30,A,1,2,0\n2024-01-30,B,3,4,9\n2024-01-31,A,0,6,7\n");
    const char *other = "Date,Zone,a,b\n2024-01-30,B,3,4.5\n";
    assert_refused(add(other, "same", &done), HO_ERR_DATA, "2024-01-30, strategy \"b\": 4 in the store, 4.5");
    expect("Date,Zone,a,b,c\n2024-01-30,A,1,2,0\n2024-01-30,B,3,4,9\n2024-01-31,A,0,6,7\n");
    assert_ok(add(other, "keep", &done));
    expect("Date,Zone,a,b,c\n2024-01-30,A,1,2,0\n2024-01-30,B,3,4,9\n2024-01-31,A,0,6,7\n");
    assert_ok(add(other, "replace", &done));
    assert_int_equal(done.cells_replaced, 1);
    expect("Date,Zone,a,b,c\n2024-01-30,A,1,2,0\n2024-01-30,B,3,4.5,9\n2024-01-31,A,0,6,7\n");
    assert_refused(add(other, "often", &done), HO_ERR_USAGE, "often");
}

/* Ten writers of a day each, at once: every day is there at the end. */
static void appends_at_once_wait_for_each_other(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    ho_appended done;
    assert_ok(add("Date,a,b\n2024-01-01,1,2\n", "same", &done));
    for (int day = 1; day <= 10; day++) {
        if (fork() != 0) continue;
        char text[64];
        snprintf(csv, sizeof csv, "%s/%d.csv", folder, day);
        snprintf(text, sizeof text, "Date,a,b\n2024-02-%02d,%d,%d\n", day, day, -day);
        _exit(add(text, "same", &done) == HO_OK ? 0 : 1);
    }
    for (int status = 0; wait(&status) > 0;)
        assert_int_equal(status, 0);
    char text[512] = "Date,a,b\n2024-01-01,1,2\n";
    for (int day = 1; day <= 10; day++)
        sprintf(text + strlen(text), "2024-02-%02d,%d,%d\n", day, day, -day);
    expect(text);
    assert_int_equal(entries_in(folder), 12);
}

/* Appending day by day gives the matrix and the periods that converting once gives. */
static void growing_is_converting(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    ho_appended done;
    ho_panel *p = random_panel(40, 12, 2, 1, true, 5), *back = NULL, *days[4] = {0};
    ho_load_report read = {0}, report = {.format = "csv"};
    for (size_t t = 0; t < 40; t++) /* rows of a date in order, as those of a table that was read */
        p->periods[t].zone = p->periods[t].regime = -1;
    for (size_t i = 0; i < 4; i++) {
        size_t piece = (i * 3 + 1) % 4; /* not in order */
        assert_ok(ho_panel_cut(p, piece * 10, 10, NULL, 12, &days[i], &err));
        assert_ok(ho_store_append(place, days[i], &report, "same", NULL, 1, &done, &err));
        assert_int_equal(done.rows, 10);
        ho_panel_free(&days[i]);
    }
    assert_ok(ho_store_read(place, 2, &back, &read, &err));
    ho_strings_clear(&p->zones);
    ho_strings_clear(&p->regimes);
    assert_true(same_panel(p, back));
    ho_panel_free(&p);
    ho_panel_free(&back);
    ho_load_report_clear(&read);
}

static void memory_can_run_out(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    if (!ho_memory_fail_at(0)) {
        print_message("skipped: this build cannot fail allocations\n");
        skip();
    }
    ho_appended done;
    ho_panel *panel = NULL;
    ho_load_report report = {0};
    assert_ok(add("Date,Zone,a,b\n2024-01-30,A,1,2\n", "same", &done));
    FILE *file = fopen(csv, "w");
    fputs("Date,Zone,b,c\n2024-01-31,B,4,9\n", file);
    fclose(file);
    assert_ok(ho_table_read(csv, NULL, 1, &panel, &report, &err));
    ho_status status = HO_ERR_MEMORY;
    for (long n = 1; status == HO_ERR_MEMORY; n++) {
        ho_memory_fail_at(n);
        status = ho_store_append(place, panel, &report, "same", NULL, 1, &done, &err);
        ho_memory_fail_at(0);
        assert_true(status == HO_OK || status == HO_ERR_MEMORY);
    }
    assert_int_equal(entries_in(folder), 2);
    expect("Date,Zone,a,b,c\n2024-01-30,A,1,2,0\n2024-01-31,B,0,4,9\n");
    ho_panel_free(&panel);
    ho_load_report_clear(&report);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(days_and_strategies_come_and_go),
        TEST(days_that_come_twice_agree_or_are_decided),
        TEST(appends_at_once_wait_for_each_other),
        TEST(growing_is_converting),
        TEST(memory_can_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
