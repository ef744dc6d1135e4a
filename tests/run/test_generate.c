/* The simulator behind `generate`: numbers read back, names, shape of the table, the same bytes on any number of
 * threads, nothing left behind after a failure. */
#include "test.h"

#include "base/memory.h"
#include "base/rng.h"
#include "base/shortest.h"
#include "run/generate.h"
#include "run/generate_grid.h"
#include "run/generate_trade.h"

#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/heavyopt-generate-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static size_t files_in_folder(bool remove)
{
    DIR *d = opendir(folder);
    size_t count = 0;
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        count++;
        if (remove) unlinkat(dirfd(d), e->d_name, 0);
    }
    closedir(d);
    return count;
}

static int empty_folder(void **state)
{
    (void)state;
    files_in_folder(true);
    return 0;
}

static int remove_folder(void **state)
{
    empty_folder(state);
    return rmdir(folder);
}

static const char *path_of(const char *name, char out[128])
{
    snprintf(out, 128, "%s/%s", folder, name);
    return out;
}

/* The text of a file; *length without the terminating 0. */
static char *slurp(const char *path, size_t *length)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    fseek(f, 0, SEEK_END);
    *length = (size_t)ftell(f);
    rewind(f);
    char *text = malloc(*length + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, *length, f), *length);
    text[*length] = '\0';
    fclose(f);
    return text;
}

static ho_generate_settings settings_of(char *path, int64_t strategies, int64_t days, int64_t threads)
{
    static char date[] = "2024-01-01";
    return (ho_generate_settings){.strategies = strategies,
                                  .days = days,
                                  .seed = 42,
                                  .threads = threads,
                                  .output = path,
                                  .start_date = date};
}

static char *generated(const ho_generate_settings *s, size_t *length)
{
    ho_error err;
    int64_t bytes = 0;
    bool interrupted = true;
    assert_ok(ho_generate(s, NULL, &bytes, &interrupted, &err));
    assert_false(interrupted);
    char *text = slurp(s->output, length);
    assert_int_equal(bytes, *length);
    return text;
}

/* The cells of a row after `skip` fields, as numbers; returns how many. */
static size_t numbers_of(char *row, size_t skip, double *out)
{
    size_t count = 0;
    for (char *at = row; at != NULL; at = strchr(at, ',') != NULL ? strchr(at, ',') + 1 : NULL) {
        if (skip != 0)
            skip--;
        else
            out[count++] = strtod(at, NULL);
    }
    return count;
}

static void numbers_read_back_equal_and_none_shorter_does(void **state)
{
    (void)state;
    static const double given[] = {0,
                                   1,
                                   -1,
                                   0.5,
                                   9.5,
                                   1e15,
                                   0.1 + 0.2,
                                   1.0 / 3,
                                   99999.999999999985,
                                   0x1p-7,
                                   0x1p10,
                                   5e-324,
                                   1e300,
                                   1e-5,
                                   1e22,
                                   -1023.9999999999999,
                                   4503599627370497.5,
                                   0x1p52,
                                   0x1p53,
                                   1024.0000000000002,
                                   0.0078125000000000017};
    ho_rng rng = ho_rng_new(1, "numbers", 0);
    size_t fixed = sizeof given / sizeof *given;
    for (size_t i = 0; i < 200000; i++) {
        double ticks =
            0.05 * (double)ho_rng_below(&rng, 20000) * 10 - 0.05 * (double)ho_rng_below(&rng, 20000) * 10.015;
        double x = i < fixed ? given[i] : i % 2 == 0 ? ticks : ldexp(ho_rng_unit(&rng), (int)(i % 50) - 5);
        char text[64], shorter[400];
        size_t length = ho_print_shortest(x, text);
        assert_true(length <= HO_NUMBER_TEXT);
        text[length] = '\0';
        if (strtod(text, NULL) != x) fail_msg("%s is not %.17g", text, x);
        size_t digits = 0;
        for (const char *c = text; *c != '\0' && *c != 'e'; c++)
            digits += *c >= '0' && *c <= '9' && (*c != '0' || digits != 0);
        if (strchr(text, '.') == NULL || digits < 2) continue;
        snprintf(shorter, sizeof shorter, "%.*g", (int)digits - 1, x);
        if (strtod(shorter, NULL) == x) fail_msg("%s is longer than %s", text, shorter);
    }
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void names_are_unique_and_look_like_the_desk_s(void **state)
{
    (void)state;
    ho_error err;
    static const size_t counts[] = {1, 400, 25544, 100000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        ho_grid grid;
        assert_ok(ho_grid_make(42, counts[i], &grid, &err));
        char(*names)[HO_GRID_NAME] = calloc(counts[i], sizeof *names);
        assert_non_null(names);
        for (size_t c = 0; c < counts[i]; c++) {
            int from, to, stop;
            size_t length = ho_grid_name(&grid, c, names[c]);
            assert_int_equal(length, strlen(names[c]));
            assert_int_equal(sscanf(names[c], "SENSEX %d-%d SL%d%%", &from, &to, &stop), 3);
            assert_true(from >= 915 && from < to && to <= 1530 && to % 100 < 60 && stop >= 7 && stop <= 149);
        }
        qsort(names, counts[i], sizeof *names, by_name);
        for (size_t c = 1; c < counts[i]; c++)
            assert_string_not_equal(names[c - 1], names[c]);
        free(names);
        ho_grid_clear(&grid);
    }
    ho_grid grid;
    assert_refused(ho_grid_make(42, 100000000, &grid, &err), HO_ERR_USAGE, "100000000");
}

/* A price that only rises: the call's stop must fill at the first bar past its level, the put's take-profit too. */
static void a_stop_fills_at_the_first_bar_past_its_level(void **state)
{
    (void)state;
    ho_error err;
    ho_grid grid;
    assert_ok(ho_grid_make(42, 206, &grid, &err));
    grid.windows[0] = (ho_grid_window){.start = 556, .end = 586};
    grid.window_count = 1;
    ho_market_path *path = calloc(1, sizeof *path);
    double *day = calloc(4 * HO_GRID_RULES, sizeof *day), *thirds = day + HO_GRID_RULES;
    assert_true(path != NULL && day != NULL);
    for (size_t b = 0; b <= HO_MARKET_BARS; b++) {
        path->spot[b] = 80000;
        path->spread[b] = 1;
    }
    ho_market_strike *strike = &path->strikes[800 % HO_MARKET_STRIKES];
    strike->number = 800;
    for (size_t b = 0; b <= HO_MARKET_BARS; b++) {
        strike->call[b] = 100 + (double)b;
        strike->put[b] = 100;
    }
    size_t entry = HO_MARKET_BARS_A_MINUTE;
    ho_trade_day(&grid, path, 1, day);
    for (size_t r = 0; r < HO_GRID_RULES; r++) {
        double sold = strike->call[entry], level = sold * (1 + grid.stops[grid.rules[r].stop] / 100.0);
        double exit = fmin(ceil(level), sold + 30 * HO_MARKET_BARS_A_MINUTE);
        double expected = 10 * (sold * 0.9985 - exit * 1.0015 + 100 * 0.9985 - 100 * 1.0015);
        assert_near(day[r], expected, 1e-9);
    }
    ho_trade_day(&grid, path, 3, thirds);
    for (size_t r = 0; r < HO_GRID_RULES; r++)
        assert_near(thirds[r] + thirds[r + HO_GRID_RULES] + thirds[r + 2 * HO_GRID_RULES], day[r], 1e-9);
    grid.candle = 7; /* no divisor of the window: the last look is that of its end */
    ho_trade_day(&grid, path, 1, day);
    for (size_t r = 0; r < HO_GRID_RULES; r++) {
        const double bars = 7 * HO_MARKET_BARS_A_MINUTE, sold = strike->call[entry];
        double rise = sold * grid.stops[grid.rules[r].stop] / 100.0;
        double exit = sold + fmin(ceil(rise / bars) * bars, 30 * HO_MARKET_BARS_A_MINUTE);
        double expected = 10 * (sold * 0.9985 - exit * 1.0015 + 100 * 0.9985 - 100 * 1.0015);
        assert_near(day[r], expected, 1e-9);
    }
    free(path);
    free(day);
    ho_grid_clear(&grid);
}

/* Bands round what 25,544 x 82 has: mean 2, deviation 1,446, correlation 0.208, win rate 0.557 (0.068). */
static void the_table_has_the_moments_of_the_desk_s(void **state)
{
    (void)state;
    enum { N = 2000, T = 82 };
    char path[128];
    path_of("shape.csv", path);
    ho_generate_settings s = settings_of(path, N, T, 0);
    size_t length, equal = 0;
    char *text = generated(&s, &length), *row = strchr(text, '\n') + 1;
    assert_memory_equal(text, "Date,Zone,Day,SENSEX ", 21);
    assert_memory_equal(row, "2024-01-01,,Monday,", 19);
    double *x = calloc(N * T, sizeof *x), sum = 0, square = 0, wins = 0, wins_square = 0, unit[T] = {0},
           both = 0;
    for (size_t t = 0; t < T; t++) {
        char *end = strchr(row, '\n');
        *end = '\0';
        assert_int_equal(numbers_of(row, 3, x + t * N), N);
        for (size_t j = 0; j < N; j++) {
            sum += x[t * N + j];
            square += x[t * N + j] * x[t * N + j];
            equal += j != 0 && x[t * N + j] == x[t * N + j - 1];
        }
        row = end + 1;
    }
    assert_int_equal(*row, '\0');
    for (size_t j = 0; j < N; j++) {
        double mean = 0, spread = 0, won = 0;
        for (size_t t = 0; t < T; t++) {
            mean += x[t * N + j] / T;
            won += (x[t * N + j] > 0) / (double)T;
        }
        for (size_t t = 0; t < T; t++)
            spread += (x[t * N + j] - mean) * (x[t * N + j] - mean);
        for (size_t t = 0; t < T; t++)
            unit[t] += (x[t * N + j] - mean) / sqrt(spread);
        wins += won / N;
        wins_square += won * won / N;
    }
    for (size_t t = 0; t < T; t++)
        both += unit[t] * unit[t];
    assert_near(sum / (N * T), 0, 60);
    assert_in_range(sqrt(square / (N * T)), 1250, 1600);
    assert_in_range(1000 * (both - N) / N / (N - 1), 170, 250);
    assert_in_range(1000 * wins, 530, 590);
    assert_in_range(1000 * sqrt(wins_square - wins * wins), 55, 85);
    assert_in_range(10000 * (double)equal / (N * T), 1, 99);
    assert_in_range(100 * (double)length / (N * T), 1800,
                    1950); /* 39 MB at full size: 18.5 bytes a cell, 27 a name */
    free(x);
    free(text);
}

static void the_bytes_do_not_depend_on_threads_nor_on_later_days(void **state)
{
    (void)state;
    char a[128], b[128];
    ho_generate_settings one = settings_of((char *)path_of("a.csv", a), 500, 30, 1);
    size_t length, other;
    char *text = generated(&one, &length);
    static const int64_t threads[] = {2, 7};
    for (size_t i = 0; i < 2; i++) {
        ho_generate_settings s = settings_of((char *)path_of("b.csv", b), 500, 30, threads[i]);
        char *same = generated(&s, &other);
        assert_int_equal(other, length);
        assert_memory_equal(text, same, length);
        free(same);
    }
    ho_generate_settings longer = settings_of(b, 500, 41, 2), seeded = settings_of(a, 500, 30, 2);
    seeded.seed = 43;
    char *more = generated(&longer, &other);
    assert_true(other > length);
    assert_memory_equal(text, more, length);
    free(more);
    char *different = generated(&seeded, &other);
    assert_true(other != length || memcmp(text, different, length) != 0);
    free(different);
    free(text);
}

static void zones_are_rows_that_add_up_to_the_day(void **state)
{
    (void)state;
    enum { N = 300, T = 7, Z = 4 };
    char a[128], b[128];
    ho_generate_settings days = settings_of((char *)path_of("days.csv", a), N, T, 2);
    ho_generate_settings zones = settings_of((char *)path_of("zones.csv", b), N, T, 2);
    zones.zones = Z;
    size_t length;
    char *whole = generated(&days, &length), *parts = generated(&zones, &length);
    char *day = strchr(whole, '\n') + 1, *part = strchr(parts, '\n') + 1;
    assert_int_equal(day - whole, part - parts);
    assert_memory_equal(whole, parts, (size_t)(day - whole));
    double sum[N], row[N], full[N];
    for (size_t t = 0; t < T; t++) {
        memset(sum, 0, sizeof sum);
        for (size_t z = 0; z < Z; z++) {
            char *end = strchr(part, '\n');
            *end = '\0';
            assert_memory_equal(part, day, 11); /* the date and its comma */
            assert_int_equal(part[11], 'A' + (int)z);
            assert_int_equal(numbers_of(part, 3, row), N);
            for (size_t j = 0; j < N; j++)
                sum[j] += row[j];
            part = end + 1;
        }
        char *end = strchr(day, '\n');
        *end = '\0';
        assert_int_equal(numbers_of(day, 3, full), N);
        for (size_t j = 0; j < N; j++)
            assert_near(sum[j], full[j], 1e-9);
        day = end + 1;
    }
    assert_int_equal(*part, '\0');
    free(whole);
    free(parts);
}

static void weekends_are_left_out(void **state)
{
    (void)state;
    ho_market_day days[12];
    ho_market_days(1, 19723 + 4, 12, days); /* Friday 2024-01-05 */
    assert_int_equal(days[0].date, 19727);
    assert_int_equal(days[1].date, 19730);
    assert_int_equal(days[11].date, 19744);
    assert_int_equal((int)days[0].nights, 0);
    assert_int_equal((int)days[1].nights, 4);
}

static void a_failure_or_a_cancel_leaves_nothing_behind(void **state)
{
    (void)state;
    ho_error err;
    char path[128];
    int64_t bytes = -1;
    bool interrupted = false;
    ho_generate_settings s = settings_of((char *)path_of("missing/a.csv", path), 10, 5, 1);
    assert_refused(ho_generate(&s, NULL, &bytes, &interrupted, &err), HO_ERR_IO,
                   "missing/a.csv: No such file");
    s.output = folder;
    assert_refused(ho_generate(&s, NULL, &bytes, &interrupted, &err), HO_ERR_IO, "no regular file");
    char full[] = "/dev/full";
    s.output = full;
    assert_refused(ho_generate(&s, NULL, &bytes, &interrupted, &err), HO_ERR_IO, "/dev/full");
    s.output = (char *)path_of("a.csv", path);
    char tomorrow[] = "2024-02-30";
    s.start_date = tomorrow;
    assert_refused(ho_generate(&s, NULL, &bytes, &interrupted, &err), HO_ERR_USAGE, "2024-02-30");
    assert_int_equal(bytes, -1);
    s = settings_of(path, 10, 5, 1);
    const volatile int cancel = 1;
    ho_hooks hooks = {.cancel = &cancel};
    assert_ok(ho_generate(&s, &hooks, &bytes, &interrupted, &err));
    assert_true(interrupted);
    assert_int_equal(files_in_folder(false), 0);
}

static void an_old_file_stays_until_the_new_one_is_complete(void **state)
{
    (void)state;
    ho_error err;
    char path[128];
    path_of("a.csv", path);
    FILE *f = fopen(path, "w");
    fputs("old", f);
    fclose(f);
    int64_t bytes = 0;
    bool interrupted = false;
    ho_generate_settings s = settings_of(path, 10, 5, 1);
    const volatile int cancel = 1;
    ho_hooks hooks = {.cancel = &cancel};
    size_t length;
    assert_ok(ho_generate(&s, &hooks, &bytes, &interrupted, &err));
    char *text = slurp(path, &length);
    assert_string_equal(text, "old");
    free(text);
    text = generated(&s, &length);
    assert_memory_equal(text, "Date,", 5);
    free(text);
    assert_int_equal(files_in_folder(false), 1);
}

static void a_link_stays_and_the_file_behind_it_is_written(void **state)
{
    (void)state;
    ho_error err;
    char path[128], link[128], nothing[128];
    path_of("a.csv", path);
    path_of("link.csv", link);
    path_of("nothing.csv", nothing);
    fclose(fopen(path, "w"));
    assert_int_equal(symlink("a.csv", link), 0);
    assert_int_equal(symlink("gone.csv", nothing), 0);
    int64_t bytes = 0;
    bool interrupted = false;
    ho_generate_settings s = settings_of(link, 10, 5, 1);
    assert_ok(ho_generate(&s, NULL, &bytes, &interrupted, &err));
    struct stat facts;
    assert_true(lstat(link, &facts) == 0 && S_ISLNK(facts.st_mode));
    assert_true(lstat(path, &facts) == 0 && facts.st_size == bytes);
    s.output = nothing;
    assert_refused(ho_generate(&s, NULL, &bytes, &interrupted, &err), HO_ERR_IO, "a link to nothing");
    assert_true(lstat(nothing, &facts) == 0 && S_ISLNK(facts.st_mode));
    assert_int_equal(files_in_folder(false), 3);
}

static void memory_can_run_out_anywhere(void **state)
{
    (void)state;
    if (!ho_memory_fail_at(0)) {
        print_message("skipped: this build cannot fail allocations\n");
        skip();
    }
    char path[128];
    ho_generate_settings s = settings_of((char *)path_of("a.csv", path), 10, 5, 2);
    ho_status status = HO_ERR_MEMORY;
    for (long n = 1; status != HO_OK; n++) {
        ho_error err = {""};
        ho_outcome outcome = {0};
        ho_memory_fail_at(n);
        status = ho_command_generate.run(&s, NULL, &outcome, &err);
        ho_memory_fail_at(0);
        if (status == HO_OK) {
            assert_non_null(strstr(outcome.json, "\"bytes\""));
            assert_non_null(strstr(outcome.summary, "10 strategies x 5 days"));
        } else {
            assert_int_equal(status, HO_ERR_MEMORY);
            assert_null(outcome.json);
            if (n < 12) assert_int_equal(files_in_folder(false), 0);
        }
        free(outcome.json);
        free(outcome.summary);
        assert_true(n < 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_read_back_equal_and_none_shorter_does),
        cmocka_unit_test(names_are_unique_and_look_like_the_desk_s),
        cmocka_unit_test(a_stop_fills_at_the_first_bar_past_its_level),
        cmocka_unit_test(weekends_are_left_out),
        cmocka_unit_test_teardown(the_table_has_the_moments_of_the_desk_s, empty_folder),
        cmocka_unit_test_teardown(the_bytes_do_not_depend_on_threads_nor_on_later_days, empty_folder),
        cmocka_unit_test_teardown(zones_are_rows_that_add_up_to_the_day, empty_folder),
        cmocka_unit_test_teardown(a_failure_or_a_cancel_leaves_nothing_behind, empty_folder),
        cmocka_unit_test_teardown(an_old_file_stays_until_the_new_one_is_complete, empty_folder),
        cmocka_unit_test_teardown(a_link_stays_and_the_file_behind_it_is_written, empty_folder),
        cmocka_unit_test_teardown(memory_can_run_out_anywhere, empty_folder),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
