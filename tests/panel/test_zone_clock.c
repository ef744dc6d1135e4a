/* Zones by the clock: equal parts, boundaries, windows; the moments at their edges; texts that are none. */
#include "test.h"

#include "panel/zone_clock.h"

#include <string.h>

static ho_zone_texts usual(const char *method)
{
    return (ho_zone_texts){.method = method, .open = "09:15:00", .close = "15:30:00", .count = 4};
}

static ho_zone_clock made(ho_zone_texts texts)
{
    ho_error err;
    ho_zone_clock clock;
    assert_ok(ho_zone_clock_make(&texts, &clock, &err));
    return clock;
}

static int32_t at(int hour, int minute, int second)
{
    return (int32_t)(hour * 3600 + minute * 60 + second);
}

static const char *label_at(const ho_zone_clock *clock, int32_t seconds)
{
    static char label[HO_CLOCK_LABEL];
    ho_zone_clock_label(clock, ho_zone_clock_at(clock, seconds), label);
    return label;
}

/* 09:15 to 15:30 in 4: 10:48:45, 12:22:30, 13:56:15 */
static void equal_zones_are_parts_of_the_market_day(void **state)
{
    (void)state;
    const ho_zone_clock clock = made(usual("equal"));
    assert_string_equal(label_at(&clock, at(9, 14, 59)), "Outside Market");
    assert_string_equal(label_at(&clock, at(9, 15, 0)), "Zone 1");
    assert_string_equal(label_at(&clock, at(10, 48, 44)), "Zone 1");
    assert_string_equal(label_at(&clock, at(10, 48, 45)), "Zone 2");
    assert_string_equal(label_at(&clock, at(12, 22, 29)), "Zone 2");
    assert_string_equal(label_at(&clock, at(12, 22, 30)), "Zone 3");
    assert_string_equal(label_at(&clock, at(13, 56, 15)), "Zone 4");
    assert_string_equal(label_at(&clock, at(15, 29, 59)), "Zone 4");
    assert_string_equal(label_at(&clock, at(15, 30, 0)), "Outside Market");
}

static void freeform_zones_lie_between_boundaries(void **state)
{
    (void)state;
    ho_zone_texts texts = usual("freeform");
    texts.boundaries = "09:30, 11:00,14:00:30";
    const ho_zone_clock clock = made(texts);
    assert_string_equal(label_at(&clock, at(9, 20, 0)), "Undefined");
    assert_string_equal(label_at(&clock, at(9, 30, 0)), "Zone 1");
    assert_string_equal(label_at(&clock, at(11, 0, 0)), "Zone 2");
    assert_string_equal(label_at(&clock, at(14, 0, 29)), "Zone 2");
    assert_string_equal(label_at(&clock, at(14, 0, 30)), "Undefined");
    assert_string_equal(label_at(&clock, at(8, 0, 0)), "Outside Market");
}

static void custom_zones_are_windows_of_which_the_first_holds(void **state)
{
    (void)state;
    ho_zone_texts texts = usual("custom");
    texts.windows = "10:00-11:00,10:30-12:00 , 09:15-9:30";
    const ho_zone_clock clock = made(texts);
    assert_string_equal(label_at(&clock, at(10, 45, 0)), "Custom Zone 1");
    assert_string_equal(label_at(&clock, at(11, 0, 0)), "Custom Zone 2");
    assert_string_equal(label_at(&clock, at(9, 29, 59)), "Custom Zone 3");
    assert_string_equal(label_at(&clock, at(12, 0, 0)), "Undefined");
}

static void without_a_list_every_moment_is_undefined(void **state)
{
    (void)state;
    const ho_zone_clock none = made(usual("custom")), empty = made(usual("freeform"));
    assert_string_equal(label_at(&none, at(10, 0, 0)), "Undefined");
    assert_string_equal(label_at(&empty, at(10, 0, 0)), "Undefined");
    assert_string_equal(label_at(&none, at(16, 0, 0)), "Outside Market");
}

static void texts_that_are_no_times_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *method, *open, *boundaries, *windows, *words;
    } bad[] = {
        {"equal", "9", NULL, NULL, "--market-open 9: expected a time"},
        {"equal", "09:60", NULL, NULL, "--market-open 09:60"},
        {"equal", "soon", NULL, NULL, "--market-open soon"},
        {"equal", "15:30", NULL, NULL, "--market-close 15:30:00 is not after --market-open 15:30"},
        {"freeform", "09:15", "11:00,10:00", NULL, "--zone-boundaries 11:00,10:00: expected rising times"},
        {"freeform", "09:15", "11:00", NULL, "--zone-boundaries 11:00"},
        {"freeform", "09:15", "11:00,12:00,", NULL, "--zone-boundaries"},
        {"freeform", "09:15", "11:00;12:00", NULL, "--zone-boundaries"},
        {"custom", "09:15", NULL, "11:00-10:00", "--zone-windows 11:00-10:00: expected windows"},
        {"custom", "09:15", NULL, "11:00", "--zone-windows 11:00"},
        {"custom", "09:15", NULL, "11:00-12:00-13:00", "--zone-windows"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ho_error err;
        ho_zone_clock clock = {.count = 7};
        ho_zone_texts texts = usual(bad[i].method);
        texts.open = bad[i].open;
        texts.boundaries = bad[i].boundaries;
        texts.windows = bad[i].windows;
        assert_refused(ho_zone_clock_make(&texts, &clock, &err), HO_ERR_USAGE, bad[i].words);
        assert_int_equal(clock.count, 7);
    }
    char many[1024] = "";
    for (int i = 0; i < 70; i++)
        snprintf(many + strlen(many), sizeof many - strlen(many), "%s%02d:%02d", i > 0 ? "," : "", 9 + i / 60,
                 i % 60);
    ho_zone_texts texts = usual("freeform");
    texts.boundaries = many;
    ho_zone_clock clock;
    ho_error err;
    assert_refused(ho_zone_clock_make(&texts, &clock, &err), HO_ERR_USAGE, "--zone-boundaries");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_zones_are_parts_of_the_market_day),
        cmocka_unit_test(freeform_zones_lie_between_boundaries),
        cmocka_unit_test(custom_zones_are_windows_of_which_the_first_holds),
        cmocka_unit_test(without_a_list_every_moment_is_undefined),
        cmocka_unit_test(texts_that_are_no_times_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
