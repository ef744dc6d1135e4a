/* The life of a cached copy: made from a CSV file, read while it is fresh, left alone when it is not. Whatever
 * happens to the cache, the table that comes back is the file's. */
#include "store/store_test.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

static char folder[64], csv[96], cache[96];

static const char *const first_content =
    "Date,one,two\n2023-01-02,1,-2.5\n2023-01-03,0.1,4\n2023-02-01,7,8\n";

static void write_csv(const char *text, int64_t mtime)
{
    FILE *file = fopen(csv, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    struct timespec times[2] = {{.tv_sec = mtime}, {.tv_sec = mtime}};
    assert_int_equal(utimensat(AT_FDCWD, csv, times, 0), 0);
}

static int set_up(void **state)
{
    (void)state;
    make_folder(folder);
    snprintf(csv, sizeof csv, "%s/table.csv", folder);
    snprintf(cache, sizeof cache, "%s/deep/cache", folder);
    setenv("HEAVYOPT_CACHE", cache, 1);
    unsetenv("HEAVYOPT_SHARE");
    write_csv(first_content, 1700000000);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    remove_folder(folder);
    return 0;
}

typedef struct table {
    ho_panel *panel;
    ho_load_report report;
    bool write;
} table;

static ho_load_options defaults(void)
{
    ho_error err;
    ho_load_options options = {0};
    assert_ok(ho_options_defaults(ho_load_option_table(), &options, &err));
    return options;
}

/* Reads as the program does: a copy is written when the reader says so. */
static table visit(bool rebuild)
{
    ho_error err;
    table t = {0};
    ho_load_options options = defaults();
    assert_ok(ho_table_read_cached(csv, &options, rebuild, 2, &t.panel, &t.report, &t.write, &err));
    if (t.write) assert_ok(ho_cache_write(csv, &options, t.panel, &t.report, &err));
    ho_options_clear(ho_load_option_table(), &options);
    return t;
}

static table read_plainly(void)
{
    ho_error err;
    table t = {0};
    ho_load_options options = defaults();
    assert_ok(ho_table_read(csv, &options, 1, &t.panel, &t.report, &err));
    ho_options_clear(ho_load_option_table(), &options);
    return t;
}

static void leave(table *t)
{
    ho_panel_free(&t->panel);
    ho_load_report_clear(&t->report);
}

/* One visit: was it served from the cache, did it want to write; the table is the file's in any case. */
static void expect(bool rebuild, bool from_cache, bool write, size_t warnings)
{
    table t = visit(rebuild), plain = read_plainly();
    assert_int_equal(t.report.from_cache, from_cache);
    assert_int_equal(t.write, write);
    assert_int_equal(t.report.warnings.count, plain.report.warnings.count + warnings);
    if (warnings > 0) {
        assert_non_null(strstr(t.report.warnings.items[t.report.warnings.count - 1], "cached copy"));
        free(t.report.warnings.items[--t.report.warnings.count]);
    }
    assert_true(same_panel(plain.panel, t.panel));
    assert_true(same_report(&plain.report, &t.report));
    leave(&t);
    leave(&plain);
}

static void a_copy_lives_as_long_as_its_source(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    expect(false, false, true, 0);
    expect(false, true, false, 0);
    write_csv(first_content, 1700000100); /* touched: the content decides */
    expect(false, true, false, 0);
    expect(false, true, false, 0);
    write_csv("Date,one,two\n2023-01-02,1,-2.5\n2023-01-03,0.1,4\n2023-02-01,7,9\n",
              1700000200); /* as long */
    expect(false, false, true, 0);
    expect(false, true, false, 0);
    write_csv("Date,one,two\n2023-01-02,1,-2.5\n", 1700000200); /* shorter, the same time */
    expect(false, false, true, 0);
    expect(false, true, false, 0);
    expect(true, false, true, 0); /* --rebuild */
    assert_int_equal(entries_in(cache), 1);
}

static void a_time_just_before_the_read_proves_nothing(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    int64_t now = (int64_t)time(NULL);
    write_csv(first_content, now);
    expect(false, false, true, 0);
    expect(false, true, false, 0);
    write_csv("Date,one,two\n2023-01-02,1,-2.5\n2023-01-03,0.1,4\n2023-02-01,7,9\n",
              now); /* same length and time */
    expect(false, false, true, 0);
}

static void other_options_have_another_copy(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    ho_error err;
    expect(false, false, true, 0);
    ho_load_options options = defaults();
    table t = {0};
    assert_ok(ho_strings_add(&options.keep_columns, "two", &err));
    assert_ok(ho_table_read_cached(csv, &options, false, 1, &t.panel, &t.report, &t.write, &err));
    assert_true(t.write && !t.report.from_cache);
    assert_ok(ho_cache_write(csv, &options, t.panel, &t.report, &err));
    leave(&t);
    assert_int_equal(entries_in(cache), 2);
    assert_ok(ho_table_read_cached(csv, &options, false, 1, &t.panel, &t.report, &t.write, &err));
    assert_true(!t.write && t.report.from_cache);
    leave(&t);
    ho_options_clear(ho_load_option_table(), &options);
    expect(false, true, false, 0);
}

static int spoil_it(const char *path, const struct stat *facts, int type, struct FTW *walk)
{
    (void)walk;
    if (type != FTW_F) return 0;
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    fseek(file, facts->st_size / 2, SEEK_SET);
    fputs("spoilt", file);
    fclose(file);
    return 0;
}

static int remove_parts(const char *path, const struct stat *facts, int type, struct FTW *walk)
{
    (void)facts, (void)walk;
    return type == FTW_F && strstr(path, "part-0") != NULL ? remove(path) : 0;
}

static int remove_tables(const char *path, const struct stat *facts, int type, struct FTW *walk)
{
    (void)facts, (void)walk;
    return type == FTW_F && strstr(path, "part-0") == NULL ? remove(path) : 0;
}

static int remove_strategies(const char *path, const struct stat *facts, int type, struct FTW *walk)
{
    (void)facts, (void)walk;
    return type == FTW_F && strstr(path, "strategies.parquet") != NULL ? remove(path) : 0;
}

static void a_broken_copy_is_never_fatal(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    expect(false, false, true, 0);
    assert_int_equal(nftw(cache, remove_parts, 16, FTW_PHYS), 0);
    expect(false, false, true, 1);
    expect(false, true, false, 0); /* the warning is not kept with the copy */
    assert_int_equal(nftw(cache, spoil_it, 16, FTW_PHYS), 0);
    expect(false, false, true, 1);
    expect(false, true, false, 0);
    assert_int_equal(nftw(cache, remove_strategies, 16, FTW_PHYS), 0);
    expect(false, false, true, 1);
    expect(false, true, false, 0);
    assert_int_equal(nftw(cache, remove_tables, 16, FTW_PHYS), 0);
    expect(false, false, true, 1);
    expect(false, true, false, 0);
}

static void without_a_folder_there_is_no_cache(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    setenv("HEAVYOPT_CACHE", "/proc/nowhere", 1);
    expect(false, false, false, 0);
    unsetenv("HEAVYOPT_CACHE");
    unsetenv("XDG_CACHE_HOME");
    char *home = ho_copy_text(getenv("HOME") != NULL ? getenv("HOME") : "/");
    unsetenv("HOME");
    expect(false, false, false, 0);
    setenv("HOME", folder, 1);
    expect(false, false, true, 0);
    expect(false, true, false, 0);
    char own[128];
    snprintf(own, sizeof own, "%s/.cache/heavyopt", folder);
    assert_int_equal(entries_in(own), 1);
    setenv("HOME", home, 1);
    free(home);
}

static void copies_of_a_share_lie_in_the_share(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    char path[128];
    unsetenv("HEAVYOPT_CACHE");
    setenv("XDG_CACHE_HOME", cache, 1);
    setenv("HEAVYOPT_SHARE", folder, 1);
    expect(false, false, true, 0); /* the share has no folder for copies yet */
    static const char *const steps[] = {"data", "data/parquet", "data/parquet/strategies"};
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, steps[i]);
        assert_int_equal(mkdir(path, 0777), 0);
    }
    expect(false, false, true, 0);
    expect(false, true, false, 0);
    snprintf(path, sizeof path, "%s/data/parquet/strategies/table/strategies.parquet", folder);
    assert_int_equal(access(path, R_OK), 0);
    unsetenv("HEAVYOPT_SHARE");
    unsetenv("XDG_CACHE_HOME");
}

static void memory_can_run_out_in_the_cache(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    if (!ho_memory_fail_at(0)) {
        print_message("skipped: this build cannot fail allocations\n");
        skip();
    }
    ho_error err;
    expect(false, false, true, 0);
    table plain = read_plainly();
    ho_load_options options = defaults();
    for (long n = 1;; n++) {
        table t = {0};
        ho_memory_fail_at(n);
        ho_status status = ho_table_read_cached(csv, &options, false, 1, &t.panel, &t.report, &t.write, &err);
        bool failed = ho_memory_fail_at(0) && status != HO_OK;
        if (failed) {
            assert_int_equal(status, HO_ERR_MEMORY);
            assert_null(t.panel);
            assert_null(t.report.path);
            continue;
        }
        assert_true(same_panel(plain.panel, t.panel));
        bool all_well = t.report.from_cache && n > 60;
        leave(&t);
        if (all_well) break;
    }
    for (long n = 1;; n++) {
        ho_memory_fail_at(n);
        ho_status status = ho_cache_write(csv, &options, plain.panel, &plain.report, &err);
        ho_memory_fail_at(0);
        expect(false, true, false, 0);
        if (status == HO_OK) break;
    }
    leave(&plain);
    ho_options_clear(ho_load_option_table(), &options);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_copy_lives_as_long_as_its_source), TEST(a_time_just_before_the_read_proves_nothing),
        TEST(other_options_have_another_copy),    TEST(a_broken_copy_is_never_fatal),
        TEST(without_a_folder_there_is_no_cache), TEST(copies_of_a_share_lie_in_the_share),
        TEST(memory_can_run_out_in_the_cache),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
