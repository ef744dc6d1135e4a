/* Dates and times of day as tables write them. */
#include "test.h"

#include "base/date.h"
#include "store/dates.h"

#include <string.h>

/* The date as YYYY-mm-dd, or "no". */
static const char *read_as(const char *format, const char *text, char out[16])
{
    int32_t date = 0;
    int number = ho_date_format_find(format);
    assert_true(number >= 0);
    return ho_date_read(number, text, strlen(text), &date) ? ho_date_print(date, out) : "no";
}

static void each_format_reads_its_own_dates(void **state)
{
    (void)state;
    static const struct {
        const char *format, *text, *date;
    } cases[] = {
        {"YYYY-mm-dd", "2024-10-30", "2024-10-30"},
        {"YYYY-mm-dd", " 2024-1-2\t", "2024-01-02"},
        {"YYYY-mm-dd", "2024-02-29", "2024-02-29"},
        {"YYYY-mm-dd", "2023-02-29", "no"},
        {"YYYY-mm-dd", "2024-13-01", "no"},
        {"YYYY-mm-dd", "24-10-30", "no"},
        {"YYYY-mm-dd", "2024/10/30", "no"},
        {"YYYY-mm-dd", "2024-10-30x", "no"},
        {"YYYY-mm-dd", "2024-10-301", "no"},
        {"YYYY-mm-dd", "2024-10-", "no"},
        {"YYYY-mm-dd", "", "no"},
        {"YYYY-mm-dd", "2024-10-30 15:30", "2024-10-30"},
        {"YYYY-mm-dd", "2024-10-30T15:30:00", "2024-10-30"},
        {"YYYY-mm-dd", "2024-10-30 15:30:00.123456", "2024-10-30"},
        {"YYYY-mm-dd", "2024-10-30 24:00", "no"},
        {"YYYY-mm-dd", "2024-10-30 ", "2024-10-30"},
        {"YYYY-mm-dd", "2024-10-30T", "no"},
        {"dd-mm-YYYY", "30-10-2024", "2024-10-30"},
        {"dd-mm-YYYY", "10-30-2024", "no"},
        {"dd-Mon-YYYY", "30-Oct-2024", "2024-10-30"},
        {"dd-Mon-YYYY", "3-DEC-2024 09:15", "2024-12-03"},
        {"dd-Mon-YYYY", "30-October-2024", "no"},
        {"dd-Mon-YYYY", "30-Okt-2024", "no"},
        {"dd/mm/YYYY", "30/10/2024", "2024-10-30"},
        {"mm/dd/YYYY", "10/30/2024", "2024-10-30"},
        {"mm/dd/YYYY", "30/10/2024", "no"},
        {"YYYY/mm/dd", "2024/10/30", "2024-10-30"},
        {"YYYY/mm/dd", "0000/10/30", "no"},
    };
    char out[16];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(read_as(cases[i].format, cases[i].text, out), cases[i].date);
    assert_int_equal(ho_date_format_find("auto"), -1);
    for (int f = 0; f < HO_DATE_FORMAT_COUNT; f++)
        assert_int_equal(ho_date_format_find(ho_date_format_name(f)), f);
}

static void times_are_seconds_since_midnight(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int32_t seconds;
    } cases[] = {
        {"09:15", 33300},      {"9:15", 33300}, {"09:15:30", 33330},
        {" 15:30:00 ", 55800}, {"00:00", 0},    {"23:59:59", 86399},
        {"24:00", -1},         {"12:60", -1},   {"12:00:60", -1},
        {"1200", -1},          {"", -1},        {"12:0", -1},
        {"12:00x", -1},        {"-1:00", -1},   {"12:00:00.", -1},
        {"12:00:00.5", 43200},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int32_t seconds = -1;
        bool read = ho_time_read(cases[i].text, strlen(cases[i].text), &seconds);
        assert_int_equal(read, cases[i].seconds >= 0);
        assert_int_equal(seconds, cases[i].seconds);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_format_reads_its_own_dates),
        cmocka_unit_test(times_are_seconds_since_midnight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
