/* The wall in front of Arrow and HiGHS: tables go in and come out as they were, faults keep their category. */
#include "test.h"

#include "bridge/arrow/arrow.h"
#include "bridge/highs/highs.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[64];

static int set_up(void **state)
{
    (void)state;
    strcpy(path, "/tmp/heavyopt-test-XXXXXX");
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(path);
}

#define SKIP_WITHOUT_ARROW()                                             \
    do {                                                                 \
        if (ho_arrow_version() == NULL) {                                \
            print_message("skipped: this build has no Arrow/Parquet\n"); \
            skip();                                                      \
        }                                                                \
    } while (0)

enum { ROWS = 5000 };

static const ho_parquet_column columns[] = {{"count", HO_PARQUET_INT32, HO_PARQUET_DELTA, true},
                                            {"real", HO_PARQUET_DOUBLE, HO_PARQUET_PLAIN, false},
                                            {"coded", HO_PARQUET_DOUBLE, HO_PARQUET_DICTIONARY, true},
                                            {"day", HO_PARQUET_DATE, HO_PARQUET_PLAIN, true},
                                            {"text", HO_PARQUET_TEXT, HO_PARQUET_DICTIONARY, true}};
enum { COLUMNS = sizeof columns / sizeof *columns };

typedef struct source {
    int32_t count[ROWS], day[ROWS];
    double real[ROWS], coded[ROWS];
    const char *text[ROWS];
} source;

static const void *piece(void *user, size_t column, size_t i)
{
    const source *s = user;
    const size_t first = i * ROWS / 2;
    const void *const starts[] = {s->count + first, s->real + first, s->coded + first, s->day + first,
                                  s->text + first};
    return starts[column];
}

static source *some_rows(void)
{
    source *s = malloc(sizeof *s);
    for (int i = 0; i < ROWS; i++) {
        s->count[i] = i - 7;
        s->day[i] = 20000 - i;
        s->real[i] = i % 2 == 0 ? -0.0 : 1.0 / i;
        s->coded[i] = i % 10;
        s->text[i] = i % 3 == 0 ? "" : i % 3 == 1 ? "caf\xc3\xa9" : "=1+1\n";
    }
    return s;
}

static void write_file(source *s, const char *codec)
{
    ho_error err;
    ho_parquet_writer *writer = NULL;
    assert_ok(ho_parquet_create(path, columns, COLUMNS, codec, &writer, &err));
    assert_ok(ho_parquet_write_group(writer, 2, ROWS / 2, piece, s, &err));
    assert_ok(ho_parquet_write_group(writer, 1, ROWS / 4, piece, s, &err));
    assert_ok(ho_parquet_add_note(writer, "key", "first", &err));
    assert_ok(ho_parquet_add_note(writer, "empty", "", &err));
    assert_ok(ho_parquet_add_note(writer, "key",
                                  "val\xc3\xbc"
                                  "e",
                                  &err)); /* the later one counts */
    assert_ok(ho_parquet_finish(&writer, &err));
    assert_null(writer);
}

static void a_table_comes_back_as_it_was(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    static const char *const codecs[] = {"none", "snappy", "gzip", "lz4", "zstd"};
    source *s = some_rows();
    int32_t *whole = malloc(2 * ROWS * sizeof *whole);
    double *real = malloc(2 * ROWS * sizeof *real);
    for (size_t c = 0; c < 5; c++) {
        ho_error err;
        ho_parquet_file *file = NULL;
        write_file(s, codecs[c]);
        assert_ok(ho_parquet_open(path, &file, &err));
        assert_int_equal(ho_parquet_columns(file), COLUMNS);
        assert_int_equal(ho_parquet_rows(file), ROWS + ROWS / 4);
        assert_int_equal(ho_parquet_groups(file), 2);
        assert_int_equal(ho_parquet_group_rows(file, 1), ROWS / 4);
        for (size_t i = 0; i < COLUMNS; i++) {
            assert_string_equal(ho_parquet_name(file, i), columns[i].name);
            assert_int_equal(ho_parquet_type_of(file, i), columns[i].type);
        }
        assert_string_equal(ho_parquet_note(file, "key"), "val\xc3\xbc"
                                                          "e");
        assert_string_equal(ho_parquet_note(file, "empty"), "");
        assert_null(ho_parquet_note(file, "none"));
        assert_ok(ho_parquet_read_int32(file, 0, whole, &err));
        assert_memory_equal(whole, s->count, sizeof s->count);
        assert_memory_equal(whole + ROWS, s->count, ROWS / 4 * sizeof *whole);
        assert_ok(ho_parquet_read_int32(file, 3, whole, &err));
        assert_memory_equal(whole, s->day, sizeof s->day);
        assert_ok(ho_parquet_read_double(file, 1, real, &err));
        assert_memory_equal(real, s->real, sizeof s->real);
        assert_ok(ho_parquet_read_double(file, 2, real, &err));
        assert_memory_equal(real, s->coded, sizeof s->coded);
        char *bytes = NULL;
        size_t *offsets = NULL;
        assert_ok(ho_parquet_read_text(file, 4, &bytes, &offsets, &err));
        for (size_t i = 0; i < ROWS; i++) {
            assert_int_equal(offsets[i + 1] - offsets[i], strlen(s->text[i]));
            assert_memory_equal(bytes + offsets[i], s->text[i], strlen(s->text[i]));
        }
        free(bytes);
        free(offsets);
        ho_parquet_close(&file);
        assert_null(file);
    }
    free(s);
    free(whole);
    free(real);
}

static void a_row_group_fills_the_rows_of_a_matrix(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    ho_error err;
    source *s = some_rows();
    ho_parquet_file *file = NULL;
    enum { WIDE = 50, STRIDE = 56 };
    double *out = calloc(ROWS / WIDE * STRIDE, sizeof *out);
    write_file(s, "snappy");
    assert_ok(ho_parquet_open(path, &file, &err));
    assert_ok(ho_parquet_read_matrix(file, 1, 0, ROWS / WIDE, WIDE, STRIDE, out, &err));
    for (size_t row = 0; row < ROWS / WIDE; row++) {
        assert_memory_equal(out + row * STRIDE, s->real + row * WIDE, WIDE * sizeof *out);
        assert_true(out[row * STRIDE + WIDE] == 0);
    }
    assert_refused(ho_parquet_read_matrix(file, 1, 1, ROWS / WIDE, WIDE, STRIDE, out, &err), HO_ERR_DATA,
                   "row group 1");
    ho_parquet_close(&file);
    free(out);
    free(s);
}

static void a_column_of_another_type_is_refused(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    ho_error err;
    source *s = some_rows();
    ho_parquet_file *file = NULL;
    double real[2];
    write_file(s, "none");
    assert_ok(ho_parquet_open(path, &file, &err));
    assert_refused(ho_parquet_read_double(file, 0, real, &err), HO_ERR_DATA, path);
    ho_parquet_close(&file);
    free(s);
}

static void faults_keep_their_category(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    ho_error err;
    ho_parquet_writer *writer = NULL;
    ho_parquet_file *file = NULL;
    assert_refused(ho_parquet_create("/nowhere/x", columns, 1, "none", &writer, &err), HO_ERR_IO,
                   "/nowhere/x");
    assert_refused(ho_parquet_create(path, columns, 1, "zip", &writer, &err), HO_ERR_USAGE, "zip");
    assert_null(writer);
    assert_refused(ho_parquet_open("/nowhere/x", &file, &err), HO_ERR_DATA, "/nowhere/x");
    assert_refused(ho_parquet_open(path, &file, &err), HO_ERR_DATA, path); /* empty */
    assert_refused(ho_parquet_open("/tmp", &file, &err), HO_ERR_DATA, "/tmp");
    assert_null(file);
    if (access("/dev/full", W_OK) == 0) {
        source *s = some_rows();
        ho_status status = ho_parquet_create("/dev/full", columns, COLUMNS, "none", &writer, &err);
        if (status == HO_OK) status = ho_parquet_write_group(writer, 1, ROWS, piece, s, &err);
        assert_int_equal(status, HO_ERR_IO);
        assert_non_null(strstr(err.text, "No space left"));
        if (writer != NULL) ho_parquet_discard(&writer);
        free(s);
    }
}

static void versions_are_told_or_absent(void **state)
{
    (void)state;
    const char *arrow = ho_arrow_version(), *highs = ho_highs_version();
    print_message("Arrow %s, HiGHS %s\n", arrow != NULL ? arrow : "absent", highs != NULL ? highs : "absent");
    assert_true(arrow == NULL || atoi(arrow) >= 19);
    assert_true(highs == NULL || atoi(highs) >= 1);
    ho_error err;
    ho_parquet_file *file = NULL;
    if (arrow == NULL)
        assert_refused(ho_parquet_open("x", &file, &err), HO_ERR_UNAVAILABLE, "no Arrow/Parquet");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_table_comes_back_as_it_was),        TEST(a_row_group_fills_the_rows_of_a_matrix),
        TEST(a_column_of_another_type_is_refused), TEST(faults_keep_their_category),
        TEST(versions_are_told_or_absent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
