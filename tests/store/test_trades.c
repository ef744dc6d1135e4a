/* Trade logs from inside: dates by patterns, amounts as people write them, zones of the day, number formats that show
 * dates, what a damaged workbook comes to. The formats as a whole are checked against pandas in tests/run. */
#include "store/trades/pattern.h"
#include "store/trades/read.h"
#include "store/xlsx/parts.h"
#include "store_test.h"

#include <math.h>
#include <stdio.h>

#include "base/date.h"

static void patterns_read_what_strftime_writes(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *text;
        int year, month, day; /* year 0: does not read */
        int32_t seconds;
    } cases[] = {
        {"%d-%b-%Y %H:%M:%S", "30-Oct-2024 09:15:01", 2024, 10, 30, 33301},
        {"%d-%b-%Y %H:%M:%S", "30-oct-2024  9:15:01", 2024, 10, 30, 33301},
        {"%d-%B-%Y", "1-September-2024", 2024, 9, 1, -1},
        {"%%Y-%%m-%%d", "2024-02-29", 2024, 2, 29, -1}, /* doubled for an INI file */
        {"%Y-%m-%d", "2024-02-29 10:00:00", 2024, 2, 29, -1},
        {"%Y-%m-%d", "2024-02-29T10:00:00.000", 2024, 2, 29, -1},
        {"%Y-%m-%d", "2023-02-29", 0, 0, 0, 0},
        {"%Y-%m-%d", "2024-02-29 x", 0, 0, 0, 0},
        {"%Y-%m-%d", "24-02-29", 0, 0, 0, 0},
        {"%d/%m/%y", "05/06/68", 2068, 6, 5, -1},
        {"%d/%m/%y", "05/06/69", 1969, 6, 5, -1},
        {"%d/%m/%Y %I:%M %p", "05/06/2024 12:30 am", 2024, 6, 5, 1800},
        {"%d/%m/%Y %I:%M %p", "05/06/2024 12:30 PM", 2024, 6, 5, 45000},
        {"%d/%m/%Y %I:%M %p", "05/06/2024 13:30 PM", 0, 0, 0, 0},
        {"%Y-%m-%d %H:%M:%S.%f", "2024-02-29 23:59:59.25", 2024, 2, 29, 86399},
        {"%Y-%m-%d %H:%M", "2024-02-29", 0, 0, 0, 0},
        {"%m/%d/%Y", " 10/30/2024 ", 2024, 10, 30, -1},
        {"%Y-%Q", "2024-1", 0, 0, 0, 0},
        {"%d-%m-%Y", "32-01-2024", 0, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int32_t date = -1, seconds = -7;
        bool read = ho_pattern_read(cases[i].pattern, cases[i].text, strlen(cases[i].text), &date, &seconds);
        if (read != (cases[i].year != 0)) fail_msg("%s by %s", cases[i].text, cases[i].pattern);
        if (!read) continue;
        assert_int_equal(date, ho_date_from_civil(cases[i].year, cases[i].month, cases[i].day));
        assert_int_equal(seconds, cases[i].seconds);
    }
    assert_null(ho_pattern_fault("%%d.%m.%Y"));
    assert_non_null(ho_pattern_fault("%Q"));
    assert_non_null(ho_pattern_fault("%d%"));
}

static void amounts_are_read_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value; /* NaN: none */
    } cases[] = {
        {"1,234.50", 1234.5},
        {"12,34,567", 1234567},
        {"(1,234.50)", -1234.5},
        {"INR -5", -5},
        {"-INR 5", -5},
        {"Rs. 7.25", 7.25},
        {"Rs 7", 7},
        {"\xe2\x82\xb9 7", 7},
        {"7 INR", 7},
        {"$(3)", -3},
        {"(Rs 3)", -3},
        {"\xe2\x88\x92"
         "12.5",
         -12.5},
        {"\xc2\xa0"
         "5\xc2\xa0",
         5},
        {"+4", 4},
        {"1e3", 1000},
        {"", NAN},
        {"-", NAN},
        {"()", NAN},
        {"(-5)", NAN},
        {"--5", NAN},
        {"nan", NAN},
        {"inf", NAN},
        {"INR", NAN},
        {"5%", NAN},
        {"profit", NAN},
        {"((5))", NAN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double value = 0;
        bool read = ho_trade_amount(cases[i].text, strlen(cases[i].text), &value);
        if (read == isnan(cases[i].value)) fail_msg("\"%s\"", cases[i].text);
        if (read && value != cases[i].value) fail_msg("\"%s\" is %g", cases[i].text, value);
    }
}

static char open_time[] = "09:15:00", close_time[] = "15:30:00";

static void assert_zone(const ho_zones *zones, const char *time, const char *expected, bool proper)
{
    int hour, minute, second;
    char label[HO_ZONE_LABEL];
    assert_int_equal(sscanf(time, "%d:%d:%d", &hour, &minute, &second), 3);
    assert_int_equal(ho_zone_label(zones, hour * 3600 + minute * 60 + second, label), proper);
    assert_string_equal(label, expected);
}

/* The limits of four equal zones are those that docs/FORMATS.md names. */
static void a_day_is_cut_into_zones(void **state)
{
    (void)state;
    char equal[] = "equal", freeform[] = "freeform", custom[] = "custom", other[] = "other";
    char boundaries[] = "09:15, 11:00,15:30", windows[] = "09:30-10:00,10:00-10:30", wrong[] = "11:00,10:00";
    ho_trade_settings s = {
        .market_open_time = open_time, .market_close_time = close_time, .zone_method = equal, .num_zones = 4};
    ho_zones z;
    ho_error err;
    assert_int_equal(ho_zones_of(&s, &z, &err), HO_OK);
    assert_zone(&z, "09:14:59", "Outside Market", false);
    assert_zone(&z, "09:15:00", "Zone 1", true);
    assert_zone(&z, "10:48:44", "Zone 1", true);
    assert_zone(&z, "10:48:45", "Zone 2", true);
    assert_zone(&z, "12:22:29", "Zone 2", true);
    assert_zone(&z, "12:22:30", "Zone 3", true);
    assert_zone(&z, "13:56:15", "Zone 4", true);
    assert_zone(&z, "15:29:59", "Zone 4", true);
    assert_zone(&z, "15:30:00", "Outside Market", false);
    ho_zones_clear(&z);
    s.zone_method = freeform;
    s.freeform_zone_boundaries = boundaries;
    assert_int_equal(ho_zones_of(&s, &z, &err), HO_OK);
    assert_zone(&z, "10:59:59", "Zone 1", true);
    assert_zone(&z, "11:00:00", "Zone 2", true);
    ho_zones_clear(&z);
    s.freeform_zone_boundaries = wrong;
    assert_int_equal(ho_zones_of(&s, &z, &err), HO_ERR_USAGE);
    s.zone_method = custom;
    s.custom_zone_windows = windows;
    assert_int_equal(ho_zones_of(&s, &z, &err), HO_OK);
    assert_zone(&z, "09:29:00", "Undefined", false);
    assert_zone(&z, "09:59:59", "Custom Zone 1", true);
    assert_zone(&z, "10:00:00", "Custom Zone 2", true);
    ho_zones_clear(&z);
    s.zone_method = other;
    assert_int_equal(ho_zones_of(&s, &z, &err), HO_OK);
    assert_zone(&z, "10:00:00", "Undefined", false);
    ho_zones_clear(&z);
    s.market_close_time = open_time;
    assert_int_equal(ho_zones_of(&s, &z, &err), HO_ERR_USAGE);
}

static void each_kind_has_settings_that_read(void **state)
{
    (void)state;
    ho_error err;
    for (size_t i = 0; i < ho_trade_kind_count(); i++) {
        const ho_trade_kind *kind = ho_trade_kind_at(i);
        ho_trade_settings s = {0};
        ho_zones z = {0};
        assert_int_equal(kind->number, i + 1);
        assert_ptr_equal(ho_trade_kind_of_section(kind->section), kind);
        assert_int_equal(ho_trade_settings_complete(kind, &s, &err), HO_OK);
        assert_non_null(s.folder);
        assert_non_null(s.date_column_name);
        if (kind->zoned) assert_int_equal(ho_zones_of(&s, &z, &err), HO_OK);
        ho_zones_clear(&z);
        ho_options_clear(ho_trade_option_table(), &s);
    }
    assert_null(ho_trade_kind_of_section("FORMAT_9_X"));
    assert_null(ho_trade_kind_of_section("FORMAT_1X"));
    assert_null(ho_trade_kind_of_section("GENERAL"));
    assert_true(ho_trade_kind_takes(ho_trade_kind_at(0), "A.CSV"));
    assert_false(ho_trade_kind_takes(ho_trade_kind_at(0), "a.xlsx"));
    assert_true(ho_trade_kind_takes(ho_trade_kind_at(1), "a.xls"));
    assert_false(ho_trade_kind_takes(ho_trade_kind_at(1), "~$a.xlsx"));
    assert_false(ho_trade_kind_takes(ho_trade_kind_at(6), "a.xls"));
}

static void old_workbooks_are_known_and_damaged_ones_refused(void **state)
{
    (void)state;
    static const char old[] = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 ...", zip[] = "PK\3\4 and nothing more";
    ho_workbook *book = NULL;
    ho_error err;
    assert_int_equal(ho_sheet_file_of(old, sizeof old), HO_SHEETS_OLD);
    assert_int_equal(ho_sheet_file_of("Date,a\n", 7), HO_SHEETS_NOT);
    assert_int_equal(ho_sheet_file_of(zip, sizeof zip), HO_SHEETS_ZIP);
    ho_status status = ho_workbook_open("x.xlsx", zip, sizeof zip, &book, &err);
    assert_int_equal(status, ho_zip_available() ? HO_ERR_DATA : HO_ERR_UNAVAILABLE);
    assert_null(book);
    if (!ho_zip_available()) return;
    static const char *const dates[] = {"d-mmm-yy", "yyyy\\-mm\\-dd", "[h]:mm", "hh:mm AM/PM",
                                        "[$-409]d/m/yy;@"};
    static const char *const numbers[] = {"General", "0.00", "#,##0 \"days\"", "[Red]0.0",
                                          "0.0E+00", "_d0",  "\"m\"0"};
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
        assert_true(ho_format_is_date(dates[i]));
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        assert_false(ho_format_is_date(numbers[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_read_what_strftime_writes),
        cmocka_unit_test(amounts_are_read_as_people_write_them),
        cmocka_unit_test(a_day_is_cut_into_zones),
        cmocka_unit_test(each_kind_has_settings_that_read),
        cmocka_unit_test(old_workbooks_are_known_and_damaged_ones_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
