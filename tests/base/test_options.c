/* The life of a settings struct: defaults from its table, values from text, refusals, clearing. */
#include "test.h"

#include "base/memory.h"
#include "base/strings.h"

#include <heavyopt/options.h>
#include <string.h>

typedef struct settings {
    bool loud;
    int64_t size;
    double rate;
    char *name, *kind;
    ho_strings include;
} settings;

static const ho_option options[] = {
    {"loud", 'l', NULL, "Speak up.", HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(settings, loud)},
    {"portfolio-size", 'p', "N", "Size.", HO_OPTION_INT, 1, 100, "35", NULL, offsetof(settings, size)},
    {"rate", 0, "R", "Rate.", HO_OPTION_REAL, -1, 1, "0.02", NULL, offsetof(settings, rate)},
    {"name", 0, "NAME", "Name.", HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(settings, name)},
    {"kind", 0, "KIND", "Kind.", HO_OPTION_CHOICE, 0, 0, "less max dd", "ratio|less max dd|roi",
     offsetof(settings, kind)},
    {"include", 0, "NAME", "Member.", HO_OPTION_LIST, 0, 0, NULL, NULL, offsetof(settings, include)},
};
static const ho_option_table table = {options, sizeof options / sizeof *options};

static void life_of_settings(void **state)
{
    (void)state;
    ho_error err;
    settings s = {0};
    assert_ok(ho_options_defaults(table, &s, &err));
    assert_false(s.loud);
    assert_int_equal(s.size, 35);
    assert_true(s.rate == 0.02);
    assert_null(s.name);
    assert_string_equal(s.kind, "less max dd");
    assert_ok(ho_options_set(table, &s, "Portfolio_Size", "100", &err));
    assert_ok(ho_options_set(table, &s, "loud", "YES", &err));
    assert_ok(ho_options_set(table, &s, "kind", "less-max-dd", &err)); /* spelled with hyphens */
    assert_string_equal(s.kind, "less max dd");
    assert_ok(ho_options_set(table, &s, "include", "a", &err));
    assert_ok(ho_options_set(table, &s, "include", "b", &err));
    char text[64];
    ho_option_print(ho_options_find(table, "include"), &s, text, sizeof text);
    assert_string_equal(text, "a,b");
    ho_option_print(ho_options_find_letter(table, 'p'), &s, text, sizeof text);
    assert_string_equal(text, "100");
    ho_options_clear(table, &s);
    assert_null(s.kind);
    assert_int_equal(s.include.count, 0);
}

static void refusals_name_the_range_and_keep_the_field(void **state)
{
    (void)state;
    ho_error err;
    settings s = {0};
    assert_ok(ho_options_defaults(table, &s, &err));
    static const char *const bad_sizes[] = {"0", "101", "35x", "", " ", "1e9", "99999999999999999999", "nan"};
    for (size_t i = 0; i < sizeof bad_sizes / sizeof *bad_sizes; i++) {
        assert_refused(ho_options_set(table, &s, "portfolio-size", bad_sizes[i], &err), HO_ERR_USAGE,
                       "from 1 to 100");
        assert_int_equal(s.size, 35);
    }
    assert_refused(ho_options_set(table, &s, "rate", "inf", &err), HO_ERR_USAGE, "from -1 to 1");
    assert_refused(ho_options_set(table, &s, "loud", "perhaps", &err), HO_ERR_USAGE, "true or false");
    assert_refused(ho_options_set(table, &s, "kind", "best", &err), HO_ERR_USAGE, "ratio|less max dd|roi");
    assert_refused(ho_options_set(table, &s, "portfolio-sise", "3", &err), HO_ERR_USAGE, "--portfolio-size?");
    assert_refused(ho_options_set(table, &s, "zzzzzzzzzz", "3", &err), HO_ERR_USAGE, "unknown option");
    assert_null(strchr(err.text, '?'));
    ho_options_clear(table, &s);
}

static void memory_can_run_out_at_any_point(void **state)
{
    (void)state;
    if (!ho_memory_fail_at(0)) {
        print_message("skipped: this build cannot fail allocations\n");
        skip();
    }
    ho_error err;
    for (long n = 1;; n++) {
        settings s = {0};
        ho_memory_fail_at(n);
        ho_status status = ho_options_defaults(table, &s, &err);
        if (status == HO_OK) status = ho_options_set(table, &s, "include", "x", &err);
        ho_memory_fail_at(0);
        ho_options_clear(table, &s);
        if (status == HO_OK) break;
        assert_int_equal(status, HO_ERR_MEMORY);
        assert_true(n < 100);
    }
}

static void distance_counts_slips(void **state)
{
    (void)state;
    assert_int_equal(ho_text_distance("metric", "metric"), 0);
    assert_int_equal(ho_text_distance("metirc", "metric"), 1);
    assert_int_equal(ho_text_distance("", "abc"), 3);
    assert_int_equal(ho_text_distance("no-gpu", "NO_GPU"), 0);
    assert_int_equal(ho_text_distance("kitten", "sitting"), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(life_of_settings),
        cmocka_unit_test(refusals_name_the_range_and_keep_the_field),
        cmocka_unit_test(memory_can_run_out_at_any_point),
        cmocka_unit_test(distance_counts_slips),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
