/* A part of a table: days and names. It is the same whether it is read out of a store, cut from a CSV file or taken
 * from the cache; and a store is read no further than the part needs. */
#include "store/store_test.h"

#include "store/extract.h"

#include <fcntl.h>
#include <sys/stat.h>

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

static ho_load_options asked(const char *from, const char *to, const char *name, const char *other)
{
    ho_error err;
    ho_load_options o = {0};
    assert_ok(ho_options_defaults(ho_load_option_table(), &o, &err));
    if (from != NULL) o.from = ho_copy_text(from);
    if (to != NULL) o.to = ho_copy_text(to);
    if (name != NULL) assert_ok(ho_strings_add(&o.names, name, &err));
    if (other != NULL) assert_ok(ho_strings_add(&o.names, other, &err));
    return o;
}

static ho_status try_read(const char *path, ho_load_options *o, int threads, ho_panel **panel, ho_error *err)
{
    ho_load_report report = {0};
    ho_status status = ho_table_read(path, o, threads, panel, &report, err);
    ho_load_report_clear(&report);
    ho_options_clear(ho_load_option_table(), o);
    return status;
}

static void a_part_is_a_cut_of_the_whole(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    ho_error err;
    ho_rng rng = ho_rng_new(3, "parts", 0);
    for (int round = 0; round < 40; round++) {
        size_t zones = ho_rng_below(&rng, 3), periods = 1 + ho_rng_below(&rng, 90),
               strategies = 1 + ho_rng_below(&rng, 40);
        ho_panel *p =
            random_panel(periods, strategies, zones, 1 + (int)ho_rng_below(&rng, 20), false, (uint64_t)round);
        char codec[] = "zstd";
        ho_store_options options = {codec, 1 + ho_rng_below(&rng, 200), round % 2 == 0, false};
        assert_ok(ho_store_write(place, p, NULL, &options, &err));
        size_t a = ho_rng_below(&rng, (uint32_t)periods), b = ho_rng_below(&rng, (uint32_t)periods);
        ho_extract extract = {.from = p->periods[a < b ? a : b].date, .to = p->periods[a < b ? b : a].date};
        uint32_t kept[40], count = 0;
        extract.named = round % 3 != 0;
        for (uint32_t j = 0; extract.named && j < strategies; j++) {
            if (j != 0 && ho_rng_below(&rng, 4) != 0) continue;
            kept[count++] = j;
        }
        for (uint32_t i = count; i-- > 0;) /* the order in which they are named does not matter */
            assert_ok(ho_strings_add(&extract.names, p->names[kept[i]], &err));
        ho_part part = {0};
        ho_panel *cut = NULL, *read = NULL;
        ho_load_report report = {0};
        assert_ok(ho_extract_find("p", &extract, p, &part, &err));
        assert_ok(ho_panel_cut(p, part.first, part.count, extract.named ? kept : NULL,
                               extract.named ? count : strategies, &cut, &err));
        assert_ok(ho_store_read_part(place, &extract, 1 + round % 3, &read, &report, &err));
        assert_true(same_panel(cut, read));
        assert_int_equal(report.rows, part.count);
        free(part.strategies);
        ho_load_report_clear(&report);
        ho_extract_clear(&extract);
        ho_panel_free(&p);
        ho_panel_free(&cut);
        ho_panel_free(&read);
    }
}

static void flip_byte(const char *path, off_t at)
{
    char byte = 0;
    int file = open(path, O_RDWR);
    assert_true(file >= 0 && pread(file, &byte, 1, at) == 1);
    byte = (char)(byte ^ 1);
    assert_true(pwrite(file, &byte, 1, at) == 1);
    close(file);
}

/* A damaged page shows whether it was read: its checksum and its hash are wrong. */
static void what_lies_outside_is_not_read(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    ho_error err;
    ho_panel *p = random_panel(70, 30, 0, 1, false, 1), *read = NULL; /* from 2021-11-29 on */
    char path[160], codec[] = "none";
    assert_ok(ho_store_write(place, p, NULL, NULL, &err));
    snprintf(path, sizeof path, "%s/pnl/year=2021/month=12/part-0.parquet", place);
    assert_int_equal(remove(path), 0);
    ho_load_options o = asked("2022-01-05", "2022-02-01", NULL, NULL);
    assert_ok(try_read(place, &o, 2, &read, &err));
    assert_int_equal(read->values.rows, 28);
    ho_panel_free(&read);
    o = asked("2021-12-31", NULL, NULL, NULL);
    assert_refused(try_read(place, &o, 2, &read, &err), HO_ERR_DATA, "month=12");

    ho_store_options single = {codec, 30, false, false}; /* a period a row group */
    assert_ok(ho_store_write(place, p, NULL, &single, &err));
    snprintf(path, sizeof path, "%s/pnl/part-0.parquet", place);
    flip_byte(path, 200); /* in the first row group */
    o = asked("2021-11-30", NULL, NULL, NULL);
    assert_ok(try_read(place, &o, 2, &read, &err));
    ho_panel_free(&read);
    flip_byte(path, 200);
    struct stat facts;
    assert_int_equal(stat(path, &facts), 0);
    o = asked("2021-11-29", "2021-11-29", NULL, NULL);
    for (off_t at = 60; at < facts.st_size / 140; at += 11) { /* the first half of the first row group */
        flip_byte(path, at);
        ho_load_options again = asked("2021-11-29", "2021-11-29", NULL, NULL);
        ho_status status = try_read(place, &again, 1, &read, &err);
        assert_true(status == HO_ERR_DATA || same_panel(read, read));
        for (size_t j = 0; status == HO_OK && j < 30; j++) /* a byte of the other columns: no harm */
            assert_memory_equal(&ho_matrix_row(&read->values, 0)[j], &ho_matrix_row(&p->values, 0)[j], 8);
        ho_panel_free(&read);
        flip_byte(path, at);
    }
    ho_options_clear(ho_load_option_table(), &o);
    ho_panel_free(&p);
}

static const char *const table = "Date,Zone,one,two,three,flat\n"
                                 "02-01-2023,A,1,-2.5,0,5\n02-01-2023,B,0.1,4,0,5\n"
                                 "01-02-2023,A,7,8,9,5\n03-02-2023,B,1,1,0,6\n";

static void put_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* Reads by the cache twice, out of a store and out of the file: four times the same table and report. */
static void compare_sources(ho_load_options (*ask)(void))
{
    ho_error err;
    ho_panel *panels[4] = {0};
    ho_load_report reports[4] = {0};
    bool write = false;
    for (int i = 0; i < 4; i++) {
        ho_load_options o = ask();
        assert_ok(i < 2   ? ho_table_read_cached(csv, &o, false, 1, &panels[i], &reports[i], &write, &err)
                  : i < 3 ? ho_table_read(place, &o, 1, &panels[i], &reports[i], &err)
                          : ho_table_read(csv, &o, 1, &panels[i], &reports[i], &err));
        assert_false(write);
        assert_true(reports[i].from_cache == (i == 1 && ho_arrow_version() != NULL));
        if (i == 2) {
            free(reports[i].path);
            reports[i].path = ho_copy_text(csv);
            memcpy(reports[i].format, "csv", 4);
        }
        ho_options_clear(ho_load_option_table(), &o);
    }
    for (int i = 0; i < 4; i++) {
        assert_true(same_panel(panels[0], panels[i]));
        assert_true(same_report(&reports[0], &reports[i]));
    }
    for (int i = 0; i < 4; i++) {
        ho_panel_free(&panels[i]);
        ho_load_report_clear(&reports[i]);
    }
}

static ho_load_options ask_days(void)
{
    return asked("2023-02-01", "2023-02-28", NULL, NULL);
}

static ho_load_options ask_names(void)
{
    return asked(NULL, "2023-02-01", "three", "one");
}

static ho_load_options ask_varied(void)
{
    ho_load_options o = asked(NULL, "2023-01-31", NULL, NULL);
    o.drop_constant = true; /* `three` is constant in these days, not in others */
    o.strat_limit = 1;
    return o;
}

static void every_source_gives_the_same_part(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    ho_error err;
    ho_panel *whole = NULL;
    ho_load_report report = {0};
    char cache[96];
    put_file(csv, table);
    assert_ok(ho_table_read(csv, NULL, 1, &whole, &report, &err));
    assert_ok(ho_store_write(place, whole, &report, NULL, &err));
    ho_load_options (*const asks[])(void) = {ask_days, ask_names, ask_varied};
    for (size_t i = 0; i < 3; i++) {
        snprintf(cache, sizeof cache, "%s/cache-%zu", folder, i);
        setenv("HEAVYOPT_CACHE", cache, 1);
        compare_sources(asks[i]);
    }
    ho_panel_free(&whole);
    ho_load_report_clear(&report);
}

static void a_file_of_names_is_read(void **state)
{
    (void)state;
    ho_error err;
    char names[128], wish[132];
    ho_panel *read = NULL;
    put_file(csv, table);
    snprintf(names, sizeof names, "%s/names.txt", folder);
    put_file(names, "three\r\n\ntwo\n");
    snprintf(wish, sizeof wish, "@%s", names);
    ho_load_options o = asked(NULL, NULL, wish, NULL);
    assert_ok(try_read(csv, &o, 1, &read, &err));
    assert_int_equal(read->values.columns, 2);
    assert_string_equal(read->names[0], "two");
    ho_panel_free(&read);
    put_file(names, "\n");
    o = asked(NULL, NULL, wish, NULL);
    assert_refused(try_read(csv, &o, 1, &read, &err), HO_ERR_USAGE, "names nothing");
    remove(names);
    o = asked(NULL, NULL, wish, NULL);
    assert_refused(try_read(csv, &o, 1, &read, &err), HO_ERR_DATA, "names.txt");
}

static void a_part_that_is_not_there_is_refused(void **state)
{
    (void)state;
    ho_error err;
    ho_panel *read = NULL;
    put_file(csv, table);
    ho_load_options o = asked("2023-02-30", NULL, NULL, NULL);
    assert_refused(try_read(csv, &o, 1, &read, &err), HO_ERR_USAGE, "from: \"2023-02-30\" is no date");
    o = asked("2023-02-03", "2023-02-02", NULL, NULL);
    assert_refused(try_read(csv, &o, 1, &read, &err), HO_ERR_USAGE, "lies after");
    o = asked("2023-02-04", NULL, NULL, NULL);
    assert_refused(try_read(csv, &o, 1, &read, &err), HO_ERR_DATA, "from 2023-01-02 to 2023-02-03");
    o = asked(NULL, NULL, "thre", NULL);
    assert_refused(try_read(csv, &o, 1, &read, &err), HO_ERR_USAGE, "the nearest is \"three\"");
    assert_null(read);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_part_is_a_cut_of_the_whole),        TEST(what_lies_outside_is_not_read),
        TEST(every_source_gives_the_same_part),    TEST(a_file_of_names_is_read),
        TEST(a_part_that_is_not_there_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
