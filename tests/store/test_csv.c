/* CSV tables become panels: framing, encodings, numbers in place, refusals with line and column, order of rows. */
#include "store/chunks_test.h"

#include "base/date.h"
#include "base/memory.h"
#include "base/rng.h"
#include "store/csv.h"
#include "store/csv_text.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

static ho_panel *panel;
static ho_load_report report;
static ho_load_options options;
static ho_error err;

static int empty_hands(void **state)
{
    (void)state;
    ho_panel_free(&panel);
    ho_load_report_clear(&report);
    ho_options_clear(ho_load_option_table(), &options);
    return ho_options_defaults(ho_load_option_table(), &options, &err) != HO_OK;
}

static ho_status read_bytes(const char *bytes, size_t size, int threads)
{
    ho_panel_free(&panel);
    ho_load_report_clear(&report);
    ho_status status = ho_csv_read_memory("t.csv", bytes, size, &options, threads, &panel, &report, &err);
    assert_same_in_chunks(bytes, size, &options, threads, status, panel, &report, &err);
    return status;
}

static ho_status read_text(const char *text)
{
    return read_bytes(text, strlen(text), 2);
}

static bool warned(const char *part)
{
    for (size_t i = 0; i < report.warnings.count; i++) {
        if (strstr(report.warnings.items[i], part) != NULL) return true;
    }
    return false;
}

/* The panel has these rows of these values, given as text: "1 2|3 4". */
static void assert_values(const char *expected)
{
    assert_non_null(panel);
    const char *p = expected;
    for (size_t t = 0; t < ho_panel_periods(panel); t++) {
        for (size_t j = 0; j < ho_panel_strategies(panel); j++) {
            char *end;
            double value = strtod(p, &end);
            if (end == p || ho_panel_row(panel, t)[j] != value)
                fail_msg("row %zu, strategy %zu is %.17g, expected %s", t, j, ho_panel_row(panel, t)[j], p);
            p = end;
        }
        p += *p == '|';
    }
    assert_string_equal(p, "");
}

static void a_small_table_is_read(void **state)
{
    (void)state;
    assert_ok(read_text("Date,Zone,Day,A 1,B\n2024-01-01,,Monday,1.5,-2\n2024-01-02,,Tuesday,0,1e3\n"));
    assert_values("1.5 -2|0 1000");
    assert_string_equal(ho_panel_name(panel, 0), "A 1");
    assert_int_equal(ho_panel_period(panel, 1)->date, ho_date_from_civil(2024, 1, 2));
    assert_int_equal(ho_panel_period(panel, 1)->zone, -1);
    assert_int_equal(report.rows, 2);
    assert_int_equal(report.dates, 2);
    assert_int_equal(report.strategies, 2);
    assert_int_equal(report.metadata.count, 3);
    assert_string_equal(report.metadata.items[2], "Day");
    assert_string_equal(report.date_format, "YYYY-mm-dd");
    assert_string_equal(report.format, "csv");
    assert_string_equal(report.path, "t.csv");
    assert_int_equal(report.first_date, ho_date_from_civil(2024, 1, 1));
    assert_int_equal(report.last_date, ho_date_from_civil(2024, 1, 2));
    assert_int_equal(report.warnings.count, 0);
}

static void any_framing_gives_the_same_table(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "Date,A,B\n2024-01-01,1,2\n2024-01-02,3,4\n",
        "Date,A,B\n2024-01-01,1,2\n2024-01-02,3,4",
        "\357\273\277Date,A,B\n2024-01-01,1,2\n2024-01-02,3,4",
        "Date,A,B\r\n2024-01-01,1,2\r\n2024-01-02,3,4\r\n",
        "Date,A,B\r\n2024-01-01,1,2\r\n2024-01-02,3,4",
        "Date,A,B\r2024-01-01,1,2\r2024-01-02,3,4\r",
        "Date,A,B\r2024-01-01,1,2\n2024-01-02,3,4\r\n",
        "Date;A;B\n2024-01-01;1;2\n2024-01-02;3;4\n",
        "Date\tA\tB\n2024-01-01\t1\t2\n2024-01-02\t3\t4\n",
        "Date,A,B\n\"2024-01-01\",\"1\",\"2\"\n\"2024-01-02\",\"3\",\"4\"\n",
        "\"Date\",\"A\",\"B\"\r\n\"2024-01-01\" , \"1\",2\r\n2024-01-02,3, \" 4 \"",
        "\"Date\";A;\"B\"\n2024-01-01;1;2\n2024-01-02;3;4\n",
        " Date , A\t,\tB\n 2024-01-01, 1 ,2\t\n2024-01-02,+3,4.\n",
        "date,A,B\n2024-01-02,3,4\n2024-01-01,1,2\n",
        "A,DATE,B\n1,2024-01-01,2\n3,2024-01-02,4\n",
        "A,B,date-col\n1,2,2024-01-01\n3,4,2024-01-02\n",
        "Date,A,B,\n2024-01-01,1,2,\n2024-01-02,3,4,\n",
        "Date,A,B\n01-01-2024,1,2\n02-01-2024,3,4\n",
        "Date,A,B\n1-Jan-2024,1,2\n02-jan-2024,3,4\n",
        "Date,A,B\n01/01/2024,1,2\n02/01/2024 09:15,3,4\n",
        "Date,A,B\n2024/01/01,1,2\n2024/01/02,3,4\n",
        "Date,A,B\n2024-01-01T00:00:00,1,2\n2024-01-02 15:30:00.000,3,4\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ho_status status = read_text(texts[i]);
        if (status != HO_OK) fail_msg("text %zu: %s", i, err.text);
        assert_values("1 2|3 4");
        assert_string_equal(ho_panel_name(panel, 0), "A");
        assert_string_equal(ho_panel_name(panel, 1), "B");
        assert_int_equal(report.missing_cells, 0);
        assert_int_equal(report.warnings.count, 0);
        assert_int_equal(ho_panel_period(panel, 0)->date, ho_date_from_civil(2024, 1, 1));
    }
}

static void blank_lines_are_skipped_and_counted(void **state)
{
    (void)state;
    assert_ok(read_text("\n \t\nDate,A,B\n\n2024-01-01,1,2\r\n\r\n  \n2024-01-02,3,4\n\n"));
    assert_values("1 2|3 4");
    assert_int_equal(report.blank_lines, 6);
    assert_refused(read_text("\nDate,A\n\n2024-01-01,1\n2024-01-02,1,2\n"), HO_ERR_DATA,
                   "line 5 has 3 fields");
}

static void quoted_fields_hold_delimiters_quotes_and_line_breaks(void **state)
{
    (void)state;
    assert_ok(read_text("Date,\"A, \"\"first\"\"\",\"two\nlines\",5\" pipe\n"
                        "2024-01-01,\"1,234.5\",\"12,34,567\",3\n\n2024-01-02,\" -1 \",\"\",\"\\N\"\n"));
    assert_values("1234.5 1234567 3|-1 0 0");
    assert_string_equal(ho_panel_name(panel, 0), "A, \"first\"");
    assert_string_equal(ho_panel_name(panel, 1), "two\nlines");
    assert_string_equal(ho_panel_name(panel, 2), "5\" pipe");
    assert_int_equal(report.missing_cells, 2);
    assert_refused(read_text("Date,A\n2024-01-01,\"1\n2024-01-02,2\n"), HO_ERR_DATA,
                   "line 2 is never closed");
    assert_refused(read_text("Date,A\n2024-01-01,1\n2024-01-02,\"2\"x\n"), HO_ERR_DATA,
                   "line 3: field 2 has text");
    assert_refused(read_text("Date,\"A\"x\n2024-01-01,1\n"), HO_ERR_DATA, "field 2 of the header has text");
    /* lines are counted through a quoted line break */
    assert_refused(read_text("Date,\"A\nB\"\n2024-01-01,1\n2024-01-02\n"), HO_ERR_DATA,
                   "t.csv: line 4 has 1 field, the header has 2");
}

static void ragged_rows_are_refused(void **state)
{
    (void)state;
    assert_refused(read_text("Date,A,B\n2024-01-01,1,2\n2024-01-02,1\n2024-01-03,1,2,3\n"), HO_ERR_DATA,
                   "t.csv: line 3 has 2 fields, the header has 3");
    assert_refused(read_text("Date,A,B\n2024-01-01,1,2,\n2024-01-02,1,2,\n"), HO_ERR_DATA,
                   "line 2 has 4 fields, the header has 3");
    assert_refused(read_text("Date,A,B,\n2024-01-01,1,2,\n2024-01-02,1,2\n"), HO_ERR_DATA,
                   "line 3 has 3 fields, the header has 4");
    for (int i = 0; i < 12; i++) { /* many rows: the other way through */
        char text[400];
        int n = snprintf(text, sizeof text, "Date,A,B\n");
        for (int t = 0; t < 12; t++)
            n += snprintf(text + n, sizeof text - (size_t)n,
                          t == i ? "2024-01-%02d,1\n" : "2024-01-%02d,1,2\n", t + 1);
        char part[40];
        snprintf(part, sizeof part, "line %d has 2 fields", i + 2);
        assert_refused(read_text(text), HO_ERR_DATA, part);
    }
}

static void what_is_no_table_is_refused_in_one_line(void **state)
{
    (void)state;
    assert_refused(read_text(""), HO_ERR_DATA, "t.csv: the file is empty");
    assert_refused(read_text("\n \n"), HO_ERR_DATA, "blank lines only");
    assert_refused(read_text("\xef\xbb\xbf"), HO_ERR_DATA, "blank lines only");
    assert_refused(read_text("Date,A,B\n"), HO_ERR_DATA, "a header and no rows");
    assert_refused(read_text("Date\n2024-01-01\n"), HO_ERR_DATA, "the header has one column");
    assert_refused(read_text("A,B\n1,2\n"), HO_ERR_DATA, "no column is named Date");
    assert_refused(read_text("Date,Zone,Day\n2024-01-01,,\n"), HO_ERR_DATA, "no strategy");
    assert_refused(read_text("Date,symbol,total\n2024-01-01,x,1\n"), HO_ERR_DATA, "no strategy");
    assert_refused(read_text("Date,A\n2024-01-01,\n"), HO_ERR_DATA, "no strategy");
    assert_refused(read_text("Date;A;B\n2024-01-01;1,5;\n2024-01-02;2,5;\n2024-01-03;0,5;3,5\n"), HO_ERR_DATA,
                   "2 of its 3 columns left out as text, the first A: \"1,5\" in line 2 is not a number");
    assert_refused(read_text("Date,Day,day_col,A\n2024-01-01,,,1\n"), HO_ERR_DATA,
                   "columns 2 (\"Day\") and 3 (\"day_col\") mean the same");
    assert_refused(read_bytes("\xff\xfe"
                              "D\0a\0",
                              6, 1),
                   HO_ERR_DATA, "UTF-16");
    assert_refused(read_bytes("\xfe\xff\0D\0a", 6, 1), HO_ERR_DATA, "UTF-16");
    assert_refused(read_bytes("Date,A\n2024-01-01,1\n2024-01-02,\0\n", 34, 1), HO_ERR_DATA,
                   "line 3 holds a NUL byte");
    assert_null(panel);
    assert_null(report.path);
}

static void a_name_in_windows_1252_becomes_utf8(void **state)
{
    (void)state;
    assert_ok(read_text("Date,Caf\xe9 \x80,\"\"\"\x93q\x94\"\"\"\n2024-01-01,1,2\n"));
    assert_string_equal(ho_panel_name(panel, 0), "Caf\xc3\xa9 \xe2\x82\xac");
    assert_string_equal(ho_panel_name(panel, 1), "\"\xe2\x80\x9cq\xe2\x80\x9d\"");
    assert_true(warned("Windows-1252"));
    assert_ok(read_text("Date,Caf\xc3\xa9\n2024-01-01,1\n"));
    assert_string_equal(ho_panel_name(panel, 0), "Caf\xc3\xa9");
    assert_int_equal(report.warnings.count, 0);
}

static void equal_names_get_the_next_free_number(void **state)
{
    (void)state;
    assert_ok(read_text("Date,x,x,x.1,x,y,,\"\"\n2024-01-01,1,2,3,4,5,6,7\n"));
    static const char *const names[] = {"x", "x.2", "x.1", "x.3", "y", "Unnamed: 6", "Unnamed: 7"};
    for (size_t j = 0; j < 7; j++)
        assert_string_equal(ho_panel_name(panel, j), names[j]);
    assert_int_equal(report.duplicate_names, 2);
    assert_true(warned("t.csv: columns with a name that came before: 2; column 3 \"x\" is now \"x.2\", "
                       "column 5 \"x\" is now \"x.3\""));
}

static void missing_cells_are_zero_and_counted(void **state)
{
    (void)state;
    assert_ok(read_text(
        "Date,A,B,C\n2024-01-01,,NA,3\n2024-01-02, ,2,\\N\n2024-01-03,--,None,5\n2024-01-04,1,N/A,-\n"));
    assert_values("0 0 3|0 2 0|0 0 5|1 0 0");
    assert_int_equal(report.missing_cells, 8);
    assert_int_equal(report.worst_missing, 3);
    assert_string_equal(report.worst_column, "A");
    assert_int_equal(report.warnings.count, 1);
    assert_true(warned("missing cells taken as 0: 8, most of them (3) in \"A\""));
    assert_ok(ho_options_set(ho_load_option_table(), &options, "missing", "error", &err));
    assert_refused(read_text("Date,A,B\n2024-01-01,1,2\n2024-01-02,1,NA\n2024-01-03,,2\n"), HO_ERR_DATA,
                   "t.csv: line 3, column \"B\": \"NA\" is a missing cell");
    assert_ok(read_text("Date,A,B\n2024-01-01,1,2\n2024-01-02,1,3\n"));
}

static void cells_that_are_no_finite_numbers_are_refused(void **state)
{
    (void)state;
    assert_refused(
        read_text(
            "Date,A,B\n2024-01-01,1,2\n2024-01-02,1,abc\n2024-01-03,x,2\n2024-01-04,1,2\n2024-01-05,1,3\n"),
        HO_ERR_DATA, "t.csv: line 3, column \"B\": \"abc\" is not a number");
    assert_refused(read_text("Date,A\n2024-01-01,1\n2024-01-02,a\x01\x1b[31m\n2024-01-03,3\n"), HO_ERR_DATA,
                   "line 3, column \"A\": \"a??[31m\" is not a number");
    char text[600] = "Date,A\n2024-01-01,1\n2024-01-02,2\n2024-01-03,";
    memset(text + strlen(text), 'z', 400);
    assert_refused(read_text(text), HO_ERR_DATA, "zzz...\" is not a number");
    assert_true(strlen(err.text) < 200);
    assert_refused(read_text("Date,A\n2024-01-01,1\n2024-01-02,NaN\n"), HO_ERR_DATA,
                   "line 3, column \"A\": \"NaN\" is not a number");
    assert_refused(read_text("Date,A\n2024-01-01,1\n2024-01-02,-inf\n"), HO_ERR_DATA,
                   "\"-inf\" is not finite");
    assert_refused(read_text("Date,A\n2024-01-01,1\n2024-01-02,1e999\n"), HO_ERR_DATA,
                   "\"1e999\" is not finite");
    assert_refused(read_text("Date,A\n2024-01-01,1\n2024-01-02,0x10\n2024-01-03,1\n"), HO_ERR_DATA,
                   "\"0x10\" is not");
    options.nan_as_missing = true;
    assert_ok(read_text("Date,A\n2024-01-01,1\n2024-01-02,NaN\n"));
    assert_values("1|0");
    assert_int_equal(report.missing_cells, 1);
    assert_refused(read_text("Date,A\n2024-01-01,1\n2024-01-02,inf\n"), HO_ERR_DATA, "\"inf\" is not finite");
    options.skip_bad_columns = true;
    assert_ok(read_text("Date,A,B\n2024-01-01,1,2\n2024-01-02,inf,3\n"));
    assert_values("2|3");
    assert_int_equal(report.skipped_count[HO_SKIP_BAD], 1);
    assert_string_equal(report.skipped[HO_SKIP_BAD].items[0], "A: 1 of its 2 cells are not finite numbers");
}

static void dates_have_one_format_for_the_column(void **state)
{
    (void)state;
    /* both orders fit: day first wins */
    assert_ok(read_text("Date,A\n03/04/2024,1\n04/05/2024,2\n"));
    assert_string_equal(report.date_format, "dd/mm/YYYY");
    assert_int_equal(ho_panel_period(panel, 0)->date, ho_date_from_civil(2024, 4, 3));
    assert_ok(read_text("Date,A\n03/04/2024,1\n04/25/2024,2\n"));
    assert_string_equal(report.date_format, "mm/dd/YYYY");
    assert_refused(
        read_text("Date,A\n03/14/2024,1\n2024-01-01,1\n"), HO_ERR_DATA,
        "t.csv: line 3, column \"Date\": \"2024-01-01\" is no date of the format of the rows before it");
    assert_refused(read_text("Date,A\n2024-02-30,1\n"), HO_ERR_DATA,
                   "line 2, column \"Date\": \"2024-02-30\" is no date");
    assert_refused(read_text("Date,A\n2024-01-01,1\n,1\n"), HO_ERR_DATA,
                   "line 3, column \"Date\": \"\" is no date");
    assert_refused(read_text("Date,A\n2024-01-01 25:00,1\n"), HO_ERR_DATA, "is no date");
    assert_ok(ho_options_set(ho_load_option_table(), &options, "date-format", "mm/dd/YYYY", &err));
    assert_ok(read_text("Date,A\n03/04/2024,1\n04/05/2024,2\n"));
    assert_int_equal(ho_panel_period(panel, 0)->date, ho_date_from_civil(2024, 3, 4));
    assert_refused(read_text("Date,A\n03/04/2024,1\n25/05/2024,2\n"), HO_ERR_DATA,
                   "line 3, column \"Date\": \"25/05/2024\" is no date of the format asked for");
}

static void rows_are_sorted_and_equal_ones_summed(void **state)
{
    (void)state;
    assert_ok(read_text("Date,start_time,zone,capital,A,B\n"
                        "02-01-2024,10:00,B,5,1,10\n"
                        "01-01-2024,11:00,B,5,2,20\n"
                        "01-01-2024,09:15:00,B,5,3,30\n"
                        "02-01-2024,10:00,A,5,4,40\n"
                        "02-01-2024,10:00:00, B,7,5,50\n"
                        "01-01-2024,,B,5,6,60\n"));
    assert_values("6 60|3 30|2 20|4 40|6 60");
    assert_int_equal(report.summed_rows, 1);
    assert_int_equal(report.rows, 5);
    assert_int_equal(report.dates, 2);
    assert_true(warned("rows summed into another of the same date, zone and start time: 1"));
    assert_int_equal(ho_panel_period(panel, 0)->start, -1);
    assert_int_equal(ho_panel_period(panel, 1)->start, 9 * 3600 + 15 * 60);
    assert_int_equal(ho_panel_zones(panel), 2);
    assert_string_equal(ho_panel_zone(panel, 0), "B"); /* numbered as the sorted rows bring them */
    assert_string_equal(ho_panel_zone(panel, ho_panel_period(panel, 3)->zone), "A");
    assert_true(ho_panel_period(panel, 4)->capital == 7);
    assert_refused(read_text("Date,A\n2024-01-01,1e308\n2024-01-01,1e308\n"), HO_ERR_DATA, "too large");
}

static void enhanced_columns_become_facts_of_the_period(void **state)
{
    (void)state;
    assert_ok(read_text("Date,start_time,end_time,day,zone,Market Regime,Regime_Confidence_%,"
                        "market-regime-transition-threshold,capital,A\n"
                        "01-01-2024,09:15:00,09:45,Monday,A,Calm,72,.25,\"16,75,000\",1\n"
                        "02-01-2024,10:00,09:00,Monday,,,,,,2\n"));
    const ho_period *p = ho_panel_period(panel, 0);
    assert_true(p->start == 33300 && p->end == 35100 && p->confidence == 0.72 && p->transition == 0.25);
    assert_true(p->capital == 1675000);
    assert_string_equal(ho_panel_regime(panel, p->regime), "Calm");
    p = ho_panel_period(panel, 1);
    assert_true(p->zone == -1 && p->regime == -1 && p->confidence == 1 && p->transition == 0 &&
                p->capital == 0);
    assert_int_equal(report.day_mismatches, 1);
    assert_true(
        warned("rows with a wrong weekday: 1, the first in line 3: \"Monday\", but 2024-01-02 is a Tuesday"));
    assert_true(warned("rows that end before they start: 1, the first in line 3"));
    assert_true(warned("rows without a market regime: 1"));
    assert_true(warned("rows without Regime_Confidence_%: 1; 100 was taken"));
    assert_ok(read_text("Date,Regime_Confidence_%,A\n2024-01-01,.72,1\n2024-01-02,1,2\n"));
    assert_true(ho_panel_period(panel, 0)->confidence == 0.72);
    assert_true(warned("taken as a fraction"));
    assert_refused(read_text("Date,start_time,A\n2024-01-01,9.15,1\n"), HO_ERR_DATA,
                   "line 2, column \"start_time\": \"9.15\" is no time");
    assert_refused(read_text("Date,capital,A\n2024-01-01,-5,1\n"), HO_ERR_DATA,
                   "\"-5\" is no number above 0");
    assert_refused(read_text("Date,Regime_Confidence_%,A\n2024-01-01,120,1\n"), HO_ERR_DATA, "from 0 to 100");
}

/* A table of the given size with all that may happen in a cell. */
static char *make_table(size_t rows, size_t columns, bool quoted, size_t *size)
{
    ho_rng rng = ho_rng_new(7, "table", rows);
    char *text = malloc(rows * columns * 32 + columns * 16 + rows * 32 + 64);
    assert_non_null(text);
    size_t n = (size_t)sprintf(text, "Date,Zone");
    for (size_t c = 0; c < columns; c++)
        n += (size_t)sprintf(text + n, ",s%zu", c % (columns - 1));
    for (size_t t = 0; t < rows; t++) {
        char date[16];
        n += (size_t)sprintf(text + n, "\n%s,%c", ho_date_print((int32_t)(20000 + t * 7 % rows / 2), date),
                             (char)('A' + t % 3));
        for (size_t c = 0; c < columns; c++) {
            double x = 1000 * ho_rng_normal(&rng);
            switch (ho_rng_below(&rng, 50)) {
            case 0:
                text[n++] = ',';
                break;
            case 1:
                n += (size_t)sprintf(text + n, quoted ? ",\"%.3f\"" : ", %.3f ", x);
                break;
            case 2:
                n += (size_t)sprintf(text + n, ",%.3e", x);
                break;
            default:
                n += (size_t)sprintf(text + n, ",%.*f", (int)ho_rng_below(&rng, 16), x);
            }
        }
    }
    *size = n;
    return text;
}

static void any_number_of_threads_gives_the_same_bytes(void **state)
{
    (void)state;
    static const size_t shapes[][2] = {{3, 40000}, {5, 30000}, {400, 300}, {7000, 12}};
    for (size_t i = 0; i < 8; i++) {
        size_t size;
        char *text = make_table(shapes[i / 2][0], shapes[i / 2][1], i % 2 != 0, &size);
        assert_ok(read_bytes(text, size, 1));
        ho_panel *one = panel;
        ho_load_report first = report;
        panel = NULL;
        report = (ho_load_report){0};
        for (int threads = 2; threads <= 7; threads += 5) {
            assert_ok(read_bytes(text, size, threads));
            assert_int_equal(ho_panel_periods(panel), ho_panel_periods(one));
            assert_int_equal(ho_panel_strategies(panel), ho_panel_strategies(one));
            for (size_t t = 0; t < ho_panel_periods(one); t++)
                assert_memory_equal(ho_panel_row(panel, t), ho_panel_row(one, t),
                                    ho_panel_stride(one) * sizeof(double));
            assert_int_equal(report.missing_cells, first.missing_cells);
            assert_int_equal(report.identical, first.identical);
            assert_string_equal(report.hash, first.hash);
            assert_int_equal(report.warnings.count, first.warnings.count);
            for (size_t k = 0; k < first.warnings.count; k++)
                assert_string_equal(report.warnings.items[k], first.warnings.items[k]);
        }
        ho_panel_free(&one);
        ho_load_report_clear(&first);
        free(text);
    }
}

static void cells_of_long_rows_stand_where_they_belong(void **state)
{
    (void)state;
    enum { COLUMNS = 50000 };
    char *text = malloc(COLUMNS * 40);
    size_t n = (size_t)sprintf(text, "Date");
    for (int c = 0; c < COLUMNS; c++)
        n += (size_t)sprintf(text + n, ",c%d", c);
    for (int t = 0; t < 2; t++) {
        n += (size_t)sprintf(text + n, "\n2024-01-0%d", t + 1);
        for (int c = 0; c < COLUMNS; c++)
            n += (size_t)sprintf(text + n, c % 7 == 0 && c > 0 ? ",%d." : ",%d.5", c * 2 + t);
    }
    for (int threads = 1; threads <= 3; threads++) {
        assert_ok(read_bytes(text, n, threads));
        assert_int_equal(ho_panel_strategies(panel), COLUMNS);
        for (int t = 0; t < 2; t++) {
            for (int c = 0; c < COLUMNS; c++)
                assert_true(ho_panel_row(panel, (size_t)t)[c] == c * 2 + t + (c % 7 == 0 && c > 0 ? 0 : 0.5));
        }
    }
    free(text);
}

/* The text is looked at by chunks; a line end may lie across two of them. */
static void a_line_end_across_chunks_is_one(void **state)
{
    (void)state;
    enum { LINE = 17, LINES = 70000 };
    char *text = malloc(LINES * LINE + 200);
    for (int bom = 0; bom < 2; bom++) {
        for (int lone = 0; lone < 2; lone++) {
            size_t n = (size_t)sprintf(text, "%sDate,A", bom ? "\xef\xbb\xbf" : "");
            while ((HO_CSV_CHUNK - 1 - (n + 2) - (LINE - 2)) % LINE != 0)
                text[n++] = 'A';
            n += (size_t)sprintf(text + n, "\r\n");
            for (int t = 0; t < LINES; t++)
                n += (size_t)sprintf(text + n, "2024-01-01,%04d\r\n", t % 1000);
            assert_true(text[HO_CSV_CHUNK - 1] == '\r' && text[HO_CSV_CHUNK] == '\n');
            if (lone) text[HO_CSV_CHUNK] = ' ';
            assert_ok(read_bytes(text, n, 2));
            assert_int_equal(report.summed_rows, LINES - 1);
            assert_int_equal(report.blank_lines, 0);
            assert_true(ho_panel_row(panel, 0)[0] == LINES / 1000 * 499500.0);
        }
    }
    free(text);
}

static char folder[64];

static const char *write_file(const char *name, const char *bytes, size_t size)
{
    static char path[128];
    if (folder[0] == '\0') {
        strcpy(folder, "/tmp/heavyopt-csv-XXXXXX");
        assert_non_null(mkdtemp(folder));
    }
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, size, f), size);
    assert_int_equal(fclose(f), 0);
    return path;
}

static ho_status read_file(const char *path)
{
    ho_panel_free(&panel);
    ho_load_report_clear(&report);
    return ho_csv_read(path, &options, 2, &panel, &report, &err);
}

static const char small[] = "Date,A,B\n2024-01-01,1,2\n2024-01-02,3,4\n";

static void a_file_is_read_and_known_by_its_hash(void **state)
{
    (void)state;
    const char *path = write_file("small.csv", small, sizeof small - 1);
    assert_ok(read_file(path));
    assert_values("1 2|3 4");
    char hash[17];
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)XXH3_64bits(small, sizeof small - 1));
    assert_string_equal(report.hash, hash);
    assert_string_equal(report.path, path);
    assert_int_equal(report.source_bytes, sizeof small - 1);
    struct stat s;
    assert_int_equal(stat(path, &s), 0);
    assert_true(report.source_mtime_ns == (int64_t)s.st_mtim.tv_sec * 1000000000 + s.st_mtim.tv_nsec);
    assert_false(report.from_cache);
}

static void what_cannot_be_read_is_named(void **state)
{
    (void)state;
    const char *path = write_file("none.csv", "", 0);
    assert_refused(read_file(path), HO_ERR_DATA, "none.csv: the file is empty");
    assert_int_equal(unlink(path), 0);
    assert_refused(read_file(path), HO_ERR_DATA, "none.csv: cannot be opened");
    assert_refused(read_file(folder), HO_ERR_DATA, "is a directory; a CSV file was expected");
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_refused(read_file(path), HO_ERR_DATA, "is not a regular file");
    assert_int_equal(unlink(path), 0);
    if (geteuid() != 0) {
        path = write_file("secret.csv", small, sizeof small - 1);
        assert_int_equal(chmod(path, 0), 0);
        assert_refused(read_file(path), HO_ERR_DATA, "cannot be opened");
    }
}

/* What happens to the file while it is read. */
typedef enum deed { CUT, APPEND, TOUCH, REPLACE } deed;
typedef struct disturbance {
    const char *path;
    bool after_read;
    deed deed;
} disturbance;

static void disturb(void *user, bool read)
{
    const disturbance *d = user;
    if (read != d->after_read) return;
    char other[160];
    snprintf(other, sizeof other, "%s.new", d->path);
    switch (d->deed) {
    case CUT:
        assert_int_equal(truncate(d->path, 30), 0);
        break;
    case APPEND:
    case REPLACE: {
        FILE *f = fopen(d->deed == APPEND ? d->path : other, "ab");
        assert_non_null(f);
        fputs(small, f);
        fclose(f);
        if (d->deed == REPLACE) assert_int_equal(rename(other, d->path), 0);
        break;
    }
    case TOUCH: {
        const struct timespec times[2] = {{1000000000, 0}, {1000000000, 0}};
        assert_int_equal(utimensat(AT_FDCWD, d->path, times, 0), 0);
    }
    }
}

static void a_file_that_changes_while_it_is_read_is_refused(void **state)
{
    (void)state;
    static const struct {
        bool after_read;
        deed deed;
        const char *part;
    } cases[] = {
        {false, CUT, "the file shrank while it was read"},
        {true, CUT, "the file shrank while it was read, from 39 to 30 bytes"},
        {false, APPEND, "the file changed while it was read"},
        {true, APPEND, "the file changed while it was read"},
        {true, TOUCH, "the file changed while it was read"},
        {true, REPLACE, "the file was replaced while it was read"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        disturbance d = {write_file("moving.csv", small, sizeof small - 1), cases[i].after_read,
                         cases[i].deed};
        const ho_csv_watch watch = {disturb, &d};
        ho_csv_text text = {0};
        assert_refused(ho_csv_text_read(d.path, 2, &watch, &text, &err), HO_ERR_DATA, cases[i].part);
        assert_null(text.block);
    }
}

static void a_header_that_does_not_fit_is_said_before_the_rows(void **state)
{
    (void)state;
    options.header_from = ho_copy_text("Date,a,b");
    assert_refused(read_text("2024-01-01,1\n2024-01-02,\"2\n"), HO_ERR_USAGE, "the first row has 2 fields");
    assert_refused(read_text("2024-01-01,1\n2024-01-02\n"), HO_ERR_USAGE, "the first row has 2 fields");
    assert_refused(read_text(" "), HO_ERR_USAGE, "the first row has 1 field");
    assert_ok(read_text("2024-01-01,1,2\n2024-01-02,3,4\n"));
    assert_values("1 2|3 4");
}

static void memory_can_run_out_anywhere(void **state)
{
    (void)state;
    if (!ho_memory_fail_at(0)) {
        print_message("skipped: this build cannot fail allocations\n");
        skip();
    }
    /* unsorted, summed, duplicate and skipped columns, labels, missing cells: every path that allocates */
    static const char text[] = "Date,zone,market_regime,symbol,x,x,total,note,C\n2024-01-02,A,r,s,1,2,3,a,\n"
                               "2024-01-01,B,q,s,3,4,3,\"b\",5\n2024-01-01,B,q,s,3,4,3,b,5\n";
    const char *path = write_file("memory.csv", text, sizeof text - 1);
    options.strat_limit = 2;
    assert_ok(ho_strings_add(&options.keep_columns, "nobody", &err));
    for (long n = 1;; n++) {
        ho_memory_fail_at(n);
        ho_status status = read_file(path);
        ho_memory_fail_at(0);
        if (status == HO_OK) {
            assert_true(n > 40);
            break;
        }
        assert_int_equal(status, HO_ERR_MEMORY);
        assert_null(panel);
        assert_null(report.path);
    }
    assert_values("6 8|1 2");
    for (long n = 1;; n++) {
        ho_csv_stream *stream = NULL;
        ho_panel *chunked = NULL;
        ho_load_report told = {0};
        ho_memory_fail_at(n);
        ho_status status = ho_csv_stream_open(path, &stream, &err);
        if (status == HO_OK) status = ho_csv_read_chunks(path, stream, 1, &options, 2, &chunked, &told, &err);
        ho_memory_fail_at(0);
        assert_int_equal(status, chunked != NULL ? HO_OK : HO_ERR_MEMORY);
        ho_load_report_clear(&told);
        if (chunked == NULL) continue;
        assert_true(same_panel(panel, chunked) && n > 60);
        ho_panel_free(&chunked);
        break;
    }
}

static int leave_nothing(void **state)
{
    (void)state;
    if (folder[0] != '\0') {
        char command[128];
        snprintf(command, sizeof command, "rm -rf '%s'", folder);
        return system(command) != 0;
    }
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, empty_hands, empty_hands)

static int leave(void **state)
{
    ho_options_clear(ho_load_option_table(), &options);
    return leave_nothing(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_small_table_is_read),
        TEST(any_framing_gives_the_same_table),
        TEST(blank_lines_are_skipped_and_counted),
        TEST(quoted_fields_hold_delimiters_quotes_and_line_breaks),
        TEST(ragged_rows_are_refused),
        TEST(what_is_no_table_is_refused_in_one_line),
        TEST(a_name_in_windows_1252_becomes_utf8),
        TEST(equal_names_get_the_next_free_number),
        TEST(missing_cells_are_zero_and_counted),
        TEST(cells_that_are_no_finite_numbers_are_refused),
        TEST(dates_have_one_format_for_the_column),
        TEST(rows_are_sorted_and_equal_ones_summed),
        TEST(enhanced_columns_become_facts_of_the_period),
        TEST(any_number_of_threads_gives_the_same_bytes),
        TEST(cells_of_long_rows_stand_where_they_belong),
        TEST(a_line_end_across_chunks_is_one),
        TEST(a_file_is_read_and_known_by_its_hash),
        TEST(what_cannot_be_read_is_named),
        TEST(a_file_that_changes_while_it_is_read_is_refused),
        TEST(a_header_that_does_not_fit_is_said_before_the_rows),
        TEST(memory_can_run_out_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, leave);
}
