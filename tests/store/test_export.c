/* A panel that is exported and read back is the same panel, bit for bit, in every layout and format. */
#include "store/store_test.h"

#include "store/export_options.h"

#include <sys/stat.h>

static char folder[64];
static ho_error err;

static int set_up(void **state)
{
    (void)state;
    make_folder(folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    remove_folder(folder);
    return 0;
}

/* Rows in order, labels in the order of their first appearance, as a table has them that was read. */
static ho_panel *panel_of(size_t periods, size_t strategies, bool facts, bool percents)
{
    ho_panel *p = random_panel(periods, strategies, 0, 1, true, periods);
    ho_rng rng = ho_rng_new(4, "facts", 0);
    for (size_t t = 0; t < periods; t++) { /* a giant in the last column would be no strategy */
        for (size_t j = 0; j < strategies; j++)
            if (ho_matrix_row(&p->values, t)[j] > 1e300) ho_matrix_row(&p->values, t)[j] = 0.1 + (double)j;
    }
    static const char *const labels[] = {"Z\xc3\xa9ro", "A \"b\", c", "\xe2\x82\xb9;\n", "B"};
    for (size_t t = 0; facts && t < periods; t++) {
        ho_period *at = &p->periods[t];
        const char *label = labels[ho_rng_below(&rng, 4)];
        at->date = p->periods[0].date + (int32_t)(t / 3);
        at->start = (int32_t)(t % 3) * 3601;
        at->end = t % 4 == 0 ? -1 : at->start + 59;
        assert_ok(ho_panel_label(&p->zones, label, strlen(label), &at->zone, &err));
        if (t % 5 != 0)
            assert_ok(ho_panel_label(&p->regimes, label + 1, strlen(label + 1), &at->regime, &err));
        at->confidence = percents ? (double)(1 + ho_rng_below(&rng, 10000)) / 100 / 100 : ho_rng_unit(&rng);
        at->transition = ho_rng_unit(&rng);
        at->capital = t % 3 == 0 ? 0 : 1e6 * ho_rng_unit(&rng) + 1;
    }
    for (size_t t = 0; facts && t < periods; t++) /* a label that begins in the middle of a letter is none */
        if (p->periods[t].regime >= 0) p->periods[t].regime = 0;
    if (facts) {
        ho_strings_clear(&p->regimes);
        assert_ok(ho_strings_add(&p->regimes, "Bull, up", &err));
    }
    return p;
}

static ho_export_options with(const char *layout, const char *codec, int64_t rows)
{
    ho_export_options o = {0};
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)rows);
    assert_ok(ho_options_defaults(ho_export_option_table(), &o, &err));
    assert_ok(ho_options_set(ho_export_option_table(), &o, "layout", layout, &err));
    assert_ok(ho_options_set(ho_export_option_table(), &o, "compression", codec, &err));
    assert_ok(ho_options_set(ho_export_option_table(), &o, "row-group-size", text, &err));
    return o;
}

static void round_trip(const ho_panel *p, const char *layout, const char *ending, const char *codec)
{
    char path[128];
    ho_panel *back = NULL;
    ho_load_report report = {0};
    ho_export_options o = with(layout, codec, 100);
    snprintf(path, sizeof path, "%s/out%s", folder, ending);
    assert_ok(ho_table_export(path, p, &o, &err));
    assert_ok(ho_table_read(path, NULL, 2, &back, &report, &err));
    if (!same_panel(p, back)) fail_msg("%s%s %s is another panel", layout, ending, codec);
    assert_int_equal(entries_in(folder), 1);
    assert_int_equal(remove(path), 0);
    ho_panel_free(&back);
    ho_load_report_clear(&report);
    ho_options_clear(ho_export_option_table(), &o);
}

static void what_is_exported_reads_back(void **state)
{
    (void)state;
    static const char *const layouts[] = {"wide", "tall"}, *const codecs[] = {"none", "snappy", "gzip", "lz4",
                                                                              "zstd"};
    static const char *const endings[] = {".csv", ".parquet", ".pq", ".arrow", ".feather", ".ipc"};
    for (int kind = 0; kind < 3; kind++) {
        ho_panel *p = panel_of(31, 17, kind > 0, kind > 1);
        for (size_t layout = 0; layout < 2; layout++) {
            for (size_t e = 0; e < 6; e++) {
                if (e > 0 && ho_arrow_version() == NULL) continue;

                round_trip(p, layouts[layout], endings[e], codecs[(e + layout) % 5]);
            }
        }
        for (size_t c = 0; c < 5 && ho_arrow_version() != NULL; c++)
            round_trip(p, "wide", ".parquet", codecs[c]);
        ho_panel_free(&p);
    }
}

/* Names that would leave a strategy out of another table do not leave it out of ours. */
static void names_that_mean_something_stay_strategies(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    static const char *const names[] = {"total", "symbol", "year", "pnl", "strategy", "Unnamed: 0"};
    size_t lengths[6];
    for (size_t j = 0; j < 6; j++)
        lengths[j] = strlen(names[j]);
    ho_panel *p = random_panel(8, 6, 0, 1, true, 9);
    for (size_t t = 0; t < 8; t++)
        ho_matrix_row(&p->values, t)[5] = (double)t;
    assert_ok(ho_panel_set_names(p, names, lengths, &err));
    for (int layout = 0; layout < 2; layout++) {
        round_trip(p, layout == 0 ? "wide" : "tall", ".parquet", "zstd");
        round_trip(p, layout == 0 ? "wide" : "tall", ".arrow", "zstd");
    }
    ho_panel_free(&p);
}

static void the_name_says_the_format_and_the_place_is_respected(void **state)
{
    (void)state;
    char path[128], link[128];
    struct stat facts;
    ho_panel *p = panel_of(5, 3, false, false);
    ho_export_options o = with("wide", "none", 100);
    snprintf(path, sizeof path, "%s/out.txt", folder);
    assert_refused(ho_table_export(path, p, &o, &err), HO_ERR_USAGE, "out.txt");
    assert_ok(ho_options_set(ho_export_option_table(), &o, "format", "csv", &err));
    assert_ok(ho_table_export(path, p, &o, &err));
    snprintf(link, sizeof link, "%s/link.csv", folder);
    assert_int_equal(symlink(path, link), 0);
    assert_ok(ho_table_export(link, p, &o, &err));
    assert_true(lstat(link, &facts) == 0 && S_ISLNK(facts.st_mode));
    assert_refused(ho_table_export(folder, p, &o, &err), HO_ERR_USAGE, "no file");
    assert_refused(ho_table_export("/nowhere/at/all.csv", p, &o, &err), HO_ERR_IO, "No such file");
    if (access("/dev/full", W_OK) == 0)
        assert_refused(ho_table_export("/dev/full", p, &o, &err), HO_ERR_USAGE, "");
    assert_int_equal(entries_in(folder), 2);
    ho_options_clear(ho_export_option_table(), &o);
    ho_panel_free(&p);
}

static void memory_can_run_out(void **state)
{
    (void)state;
    if (!ho_memory_fail_at(0)) {
        print_message("skipped: this build cannot fail allocations\n");
        skip();
    }
    char path[128];
    ho_panel *p = panel_of(5, 3, true, false);
    ho_export_options o = with("tall", "none", 100);
    snprintf(path, sizeof path, "%s/out.csv", folder);
    ho_status status = HO_ERR_MEMORY;
    for (long n = 1; status == HO_ERR_MEMORY; n++) {
        ho_memory_fail_at(n);
        status = ho_table_export(path, p, &o, &err);
        ho_memory_fail_at(0);
        assert_int_equal(entries_in(folder), status == HO_OK ? 1 : 0);
    }
    assert_int_equal(status, HO_OK);
    ho_options_clear(ho_export_option_table(), &o);
    ho_panel_free(&p);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_exported_reads_back),
        TEST(names_that_mean_something_stay_strategies),
        TEST(the_name_says_the_format_and_the_place_is_respected),
        TEST(memory_can_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
