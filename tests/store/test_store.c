/* The Parquet store: what is read is what was written, bit for bit; what stands at a store's place; what its files
 * are called; memory and disks that run out. */
#include "store/store_test.h"

#include "panel/hints.h"

#include <errno.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

static char folder[64], place[96];

static int set_up(void **state)
{
    (void)state;
    make_folder(folder);
    snprintf(place, sizeof place, "%s/a store", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    remove_folder(folder);
    return 0;
}

static void there_and_back(const ho_panel *p, const ho_store_options *options, int threads)
{
    ho_error err;
    ho_panel *back = NULL;
    ho_load_report written = full_report(), read = {0};
    assert_ok(ho_store_write(place, p, &written, options, &err));
    assert_ok(ho_store_read(place, threads, &back, &read, &err));
    assert_true(same_panel(p, back));
    assert_true(same_report(&written, &read));
    assert_int_equal(entries_in(folder), 1);
    ho_panel_free(&back);
    ho_load_report_clear(&written);
    ho_load_report_clear(&read);
}

static void what_is_read_is_what_was_written(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    static const struct {
        size_t periods, strategies, zones;
        int days;
        int64_t row_group;
    } shapes[] = {{1, 1, 0, 1, 50000},   {1, 300, 0, 1, 1},
                  {82, 1, 0, 1, 10},     {7, 13, 4, 1, 26},
                  {83, 257, 0, 1, 600},  {160, 31, 4, 9, 100},
                  {36, 5, 0, 31, 50000}, {3, 70001, 0, 40, 100000},
                  {50, 999, 2, 0, 1},    {12, 40000, 0, 3, 1000000000}};
    static const char *const codecs[] = {"none", "snappy", "gzip", "lz4", "zstd"};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        for (int few = 0; few < 2; few++) {
            ho_panel *p = random_panel(shapes[i].periods, shapes[i].strategies, shapes[i].zones,
                                       shapes[i].days, few != 0, 100 * i + (uint64_t)few);
            char codec[8];
            strcpy(codec, codecs[(2 * i + (size_t)few) % 5]);
            ho_store_options options = {codec, shapes[i].row_group, (i + (size_t)few) % 3 != 0, i % 4 != 3};
            there_and_back(p, &options, 1 + (int)(i % 3));
            there_and_back(p, NULL, 2);
            ho_panel_free(&p);
        }
    }
}

static void a_report_is_not_needed(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    ho_error err;
    ho_panel *p = random_panel(3, 4, 0, 1, true, 1), *back = NULL;
    ho_load_report read = {0}, nothing = {0};
    assert_ok(ho_store_write(place, p, NULL, NULL, &err));
    assert_ok(ho_table_read(place, NULL, 1, &back, &read, &err));
    assert_true(same_panel(p, back));
    assert_string_equal(read.path, place);
    assert_string_equal(read.format, "store");
    free(read.path);
    read.path = NULL;
    memset(read.format, 0, sizeof read.format);
    assert_true(same_report(&read, &nothing));
    ho_panel_free(&p);
    ho_panel_free(&back);
    ho_load_report_clear(&read);
}

static bool has(const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", place, name);
    return access(path, R_OK) == 0;
}

static void months_lie_in_folders_of_their_own(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    ho_error err;
    ho_panel *p = random_panel(70, 3, 0, 1, false, 1); /* from 2021-11-29 on */
    assert_ok(ho_store_write(place, p, NULL, NULL, &err));
    assert_true(has("strategies.parquet") && has("periods.parquet"));
    assert_true(has("pnl/year=2021/month=11/part-0.parquet") && has("pnl/year=2021/month=12/part-0.parquet"));
    assert_true(has("pnl/year=2022/month=01/part-0.parquet") && has("pnl/year=2022/month=02/part-0.parquet"));
    char codec[] = "snappy";
    ho_store_options whole = {codec, 50000, false, true};
    assert_ok(ho_store_write(place, p, NULL, &whole, &err));
    assert_true(has("pnl/part-0.parquet") && !has("pnl/year=2021"));
    p->periods[5].date -= 100;
    assert_refused(ho_store_write(place, p, NULL, NULL, &err), HO_ERR_DATA, "period 5");
    assert_true(has("pnl/part-0.parquet"));
    assert_int_equal(entries_in(folder), 1);
    ho_panel_free(&p);
}

static void the_same_panel_gives_the_same_bytes(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    ho_error err;
    char command[512], other[96];
    ho_panel *p = random_panel(40, 500, 2, 1, true, 1);
    snprintf(other, sizeof other, "%s/other", folder);
    assert_ok(ho_store_write(place, p, NULL, NULL, &err));
    assert_ok(ho_store_write(other, p, NULL, NULL, &err));
    snprintf(command, sizeof command, "diff -r '%s' '%s'", place, other);
    assert_int_equal(system(command), 0);
    ho_panel_free(&p);
}

static void put(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", place, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void only_a_store_is_replaced(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    ho_error err;
    ho_panel *p = random_panel(3, 4, 0, 1, true, 1), *q = random_panel(5, 2, 0, 40, true, 2), *back = NULL;
    ho_load_report read = {0};
    assert_int_equal(mkdir(place, 0777), 0); /* an empty folder may be used */
    assert_ok(ho_store_write(place, p, NULL, NULL, &err));
    assert_ok(ho_store_write(place, q, NULL, NULL, &err));
    assert_ok(ho_store_read(place, 1, &back, &read, &err));
    assert_true(same_panel(q, back));
    put("notes.txt", "mine");
    assert_refused(ho_store_write(place, p, NULL, NULL, &err), HO_ERR_USAGE, "notes.txt");
    assert_true(has("notes.txt") && has("pnl/year=2022/month=01/part-0.parquet"));
    remove_folder(place);
    assert_int_equal(mkdir(place, 0777), 0);
    put("periods.parquet", "");
    assert_refused(ho_store_write(place, p, NULL, NULL, &err), HO_ERR_USAGE, "no store");
    remove_folder(place);
    FILE *file = fopen(place, "w");
    fclose(file);
    assert_refused(ho_store_write(place, p, NULL, NULL, &err), HO_ERR_USAGE, "no folder");
    remove(place);
    assert_refused(ho_store_write("/nowhere/at/all", p, NULL, NULL, &err), HO_ERR_IO, "No such file");
    assert_refused(ho_store_write("..", p, NULL, NULL, &err), HO_ERR_USAGE, "");
    assert_int_equal(entries_in(folder), 0);
    ho_panel_free(&p);
    ho_panel_free(&q);
    ho_panel_free(&back);
    ho_load_report_clear(&read);
}

static void a_link_stands_for_the_store_behind_it(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    ho_error err;
    ho_panel *p = random_panel(3, 4, 0, 1, true, 1), *q = random_panel(5, 2, 0, 1, true, 2), *back = NULL;
    ho_load_report read = {0};
    char link[96];
    struct stat facts;
    snprintf(link, sizeof link, "%s/link", folder);
    assert_ok(ho_store_write(place, p, NULL, NULL, &err));
    assert_int_equal(symlink(place, link), 0);
    assert_ok(ho_store_write(link, q, NULL, NULL, &err));
    assert_true(lstat(link, &facts) == 0 && S_ISLNK(facts.st_mode));
    assert_ok(ho_store_read(place, 1, &back, &read, &err));
    assert_true(same_panel(q, back));
    ho_panel_free(&p);
    ho_panel_free(&q);
    ho_panel_free(&back);
    ho_load_report_clear(&read);
}

static void other_things_are_refused_by_name(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    ho_error err;
    ho_panel *p = random_panel(3, 4, 0, 1, true, 1), *back = NULL;
    ho_load_report read = {0};
    assert_refused(ho_table_read(folder, NULL, 1, &back, &read, &err), HO_ERR_DATA, "no store");
    assert_refused(ho_table_read("/nowhere", NULL, 1, &back, &read, &err), HO_ERR_DATA, "/nowhere");
    static const char *const parts[] = {"strategies.parquet", "periods.parquet",
                                        "pnl/year=2021/month=12/part-0.parquet"};
    char path[256];
    for (size_t i = 0; i < 3; i++) {
        assert_ok(ho_store_write(place, p, NULL, NULL, &err));
        snprintf(path, sizeof path, "%s/%s", place, parts[i]);
        assert_int_equal(remove(path), 0);
        assert_refused(ho_table_read(place, NULL, 1, &back, &read, &err), HO_ERR_DATA, parts[i]);
        put(parts[i], "PAR1 is not enough PAR1");
        assert_refused(ho_table_read(place, NULL, 1, &back, &read, &err), HO_ERR_DATA, parts[i]);
        assert_refused(ho_table_read(path, NULL, 1, &back, &read, &err), HO_ERR_DATA, parts[i]);
        if (i == 0) remove_folder(place);
    }
    assert_null(back);
    ho_panel_free(&p);
}

/* A part of another store of the same shape is good Parquet, with good page checksums. */
static void parts_of_two_stores_are_not_mixed(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    ho_error err;
    ho_panel *p = random_panel(3, 4, 0, 1, true, 1), *q = random_panel(3, 4, 0, 1, true, 2), *back = NULL;
    ho_load_report read = {0};
    char command[512];
    assert_ok(ho_store_write(place, p, NULL, NULL, &err));
    snprintf(command, sizeof command, "cp -r '%s' '%s/first'", place, folder);
    assert_int_equal(system(command), 0);
    assert_ok(ho_store_write(place, q, NULL, NULL, &err));
    snprintf(command, sizeof command, "cp -r '%s/first/pnl' '%s'", folder, place);
    assert_int_equal(system(command), 0);
    assert_refused(ho_store_read(place, 1, &back, &read, &err), HO_ERR_DATA, "hash");
    ho_panel_free(&p);
    ho_panel_free(&q);
}

static void memory_can_run_out_anywhere(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    if (!ho_memory_fail_at(0)) {
        print_message("skipped: this build cannot fail allocations\n");
        skip();
    }
    ho_error err;
    ho_panel *p = random_panel(70, 9, 2, 3, true, 1), *q = random_panel(2, 3, 0, 1, true, 2), *back = NULL;
    ho_load_report written = full_report(), read = {0};
    assert_ok(ho_store_write(place, q, NULL, NULL, &err));
    for (long n = 1;; n++) {
        ho_memory_fail_at(n);
        ho_status status = ho_store_write(place, p, &written, NULL, &err);
        ho_memory_fail_at(0);
        assert_int_equal(entries_in(folder), 1);
        assert_ok(ho_store_read(place, 1, &back, &read, &err));
        assert_true(same_panel(status == HO_OK ? p : q, back));
        ho_panel_free(&back);
        ho_load_report_clear(&read);
        if (status == HO_OK) break;
        assert_int_equal(status, HO_ERR_MEMORY);
    }
    for (long n = 1;; n++) {
        ho_memory_fail_at(n);
        ho_status status = ho_store_read(place, 1, &back, &read, &err);
        ho_memory_fail_at(0);
        if (status == HO_OK) break;
        assert_int_equal(status, HO_ERR_MEMORY);
        assert_null(back);
        assert_null(read.path);
    }
    assert_true(same_report(&written, &read));
    ho_panel_free(&p);
    ho_panel_free(&q);
    ho_panel_free(&back);
    ho_load_report_clear(&written);
    ho_load_report_clear(&read);
}

/* Exit code 77: no small disk can be mounted here; 0: as it should be. */
static int on_a_small_disk(void)
{
    ho_error err;
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("small", folder, "tmpfs", 0, "size=256k") != 0)
        return 77;
    ho_panel *small = random_panel(3, 40, 0, 1, true, 1), *large = random_panel(70, 900, 0, 1, false, 2),
             *back = NULL;
    ho_load_report read = {0};
    bool good = ho_store_write(place, small, NULL, NULL, &err) == HO_OK;
    ho_status status = ho_store_write(place, large, NULL, NULL, &err);
    print_message("%s\n", err.text);
    good &= status == HO_ERR_IO && strstr(err.text, "No space left") != NULL && entries_in(folder) == 1;
    good &= ho_store_read(place, 1, &back, &read, &err) == HO_OK && same_panel(small, back);
    ho_panel_free(&small);
    ho_panel_free(&large);
    ho_panel_free(&back);
    ho_load_report_clear(&read);
    return good ? 0 : 1;
}

static void a_full_disk_leaves_the_old_store(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    pid_t child = fork();
    if (child == 0) _exit(on_a_small_disk());
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how));
    if (WEXITSTATUS(how) == 77) {
        print_message("skipped: a small disk cannot be mounted here\n");
        skip();
    }
    assert_int_equal(WEXITSTATUS(how), 0);
}

static void a_build_without_arrow_says_so(void **state)
{
    (void)state;
    if (ho_arrow_version() != NULL) {
        print_message("skipped: this build has Arrow\n");
        skip();
    }
    ho_error err;
    ho_panel *p = random_panel(3, 4, 0, 1, true, 1), *back = NULL;
    ho_load_report read = {0};
    assert_refused(ho_store_write(place, p, NULL, NULL, &err), HO_ERR_UNAVAILABLE, "no Arrow/Parquet");
    assert_int_equal(mkdir(place, 0777), 0);
    put("strategies.parquet", "PAR1");
    assert_refused(ho_table_read(place, NULL, 1, &back, &read, &err), HO_ERR_UNAVAILABLE, "no Arrow/Parquet");
    assert_null(back);
    ho_panel_free(&p);
}

static void strategies_are_chosen_out_of_a_store(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    ho_error err;
    ho_panel *p = random_panel(9, 6, 3, 1, true, 1), *back = NULL;
    ho_load_report report = {.strategies = 6, .zero_variance = 1}, read = {0};
    for (size_t t = 0; t < 9; t++)
        ho_matrix_row(&p->values, t)[1] = 2.5;
    assert_ok(ho_store_write(place, p, &report, NULL, &err));
    ho_load_options options = {.drop_constant = true, .strat_limit = 3};
    assert_ok(ho_table_read(place, &options, 2, &back, &read, &err));
    assert_int_equal(ho_panel_strategies(back), 3);
    static const size_t kept[] = {0, 2, 3};
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(ho_panel_name(back, i), ho_panel_name(p, kept[i]));
        for (size_t t = 0; t < 9; t++)
            assert_memory_equal(&ho_panel_row(back, t)[i], &ho_panel_row(p, t)[kept[i]], sizeof(double));
    }
    assert_true(same_labels(&p->zones, &back->zones) && back->periods[4].zone == p->periods[4].zone);
    assert_int_equal(read.strategies, 3);
    assert_int_equal(read.skipped_count[HO_SKIP_CONSTANT], 1);
    assert_int_equal(read.skipped_count[HO_SKIP_LIMIT], 2);
    assert_int_equal(read.zero_variance, 0);
    ho_panel_free(&p);
    ho_panel_free(&back);
    ho_load_report_clear(&read);
}

static void names_of_the_desk_give_hints(void **state)
{
    (void)state;
    ho_hints h = ho_hints_of("SENSEX 1426-1456 SL73%TP32%");
    assert_int_equal(h.group_length, 6);
    assert_int_equal(h.window_start, 14 * 3600 + 26 * 60);
    assert_int_equal(h.window_end, 14 * 3600 + 56 * 60);
    assert_true(h.stop_loss == 73 && h.take_profit == 32);
    h = ho_hints_of("NIFTY50 915-1530 SL12.5%");
    assert_int_equal(h.group_length, 7);
    assert_int_equal(h.window_start, 9 * 3600 + 15 * 60);
    assert_true(h.stop_loss == 12.5 && h.take_profit == -1);
    h = ho_hints_of("SENSEX 1426-1456 SL73%_inv");
    assert_true(h.window_end == 14 * 3600 + 56 * 60 && h.stop_loss == 73);
    h = ho_hints_of("SENSEX 1426-1456 SL73%TP3%_inv.12");
    assert_true(h.group_length == 6 && h.take_profit == 3);
    static const char *const others[] = {"",
                                         " ",
                                         "strategy_1",
                                         "SENSEX",
                                         "SENSEX 1426",
                                         "SENSEX 1426-1456",
                                         "SENSEX 2526-1456 SL7%",
                                         "SENSEX 1426-1456 SL%",
                                         "SENSEX 1426-1456 SL7%x",
                                         "SENSEX 14-1456 SL7%",
                                         "SENSEX 142600-1456 SL7%",
                                         "SENSEX 1426-1456 SL7",
                                         "SENSEX 1426-1456 SL7%TP",
                                         " 1426-1456 SL73%TP32%",
                                         "SENSEX 1426-1456 SL73%TP32% more",
                                         "SENSEX 1426-1456 SL73%_inverse",
                                         "SENSEX 1426-1456 SL73%_inv.x",
                                         "SENSEX 1426-1456 SL9999999999%"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        h = ho_hints_of(others[i]);
        assert_true(h.group_length == 0 && h.window_start == -1 && h.window_end == -1 && h.stop_loss == -1 &&
                    h.take_profit == -1);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_read_is_what_was_written),   TEST(a_report_is_not_needed),
        TEST(months_lie_in_folders_of_their_own), TEST(the_same_panel_gives_the_same_bytes),
        TEST(only_a_store_is_replaced),           TEST(a_link_stands_for_the_store_behind_it),
        TEST(other_things_are_refused_by_name),   TEST(parts_of_two_stores_are_not_mixed),
        TEST(memory_can_run_out_anywhere),        TEST(a_full_disk_leaves_the_old_store),
        TEST(a_build_without_arrow_says_so),      TEST(strategies_are_chosen_out_of_a_store),
        TEST(names_of_the_desk_give_hints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
