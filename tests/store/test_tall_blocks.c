/* Tall CSV files that are read block by block, beside the general reader of them. */
#include "store/store_test.h"

#include "store/csv.h"
#include "store/csv_tall_fast.h"

#include <stdio.h>

enum { DAYS = 120, STRATEGIES = 300, ROWS = DAYS * STRATEGIES };

static ho_error err;

typedef enum order { BY_DAY, BY_STRATEGY, SHUFFLED, TWICE } order;

/* How the file is written: what stands around a text, and between two lines. */
typedef struct style {
    const char *quote, *line;
    bool blank, open_end;
} style;

static void cell_of(order way, ho_rng *rng, uint32_t i, uint32_t *day, uint32_t *strategy)
{
    if (way == SHUFFLED) i = ho_rng_below(rng, ROWS);
    if (way == TWICE) i = i / 2 - (i % 16 == 0 && i > 16 ? 7 : 0); /* runs of one cell, and cells met again */
    *day = way == BY_STRATEGY ? i % DAYS : i / STRATEGIES;
    *strategy = way == BY_STRATEGY ? i / DAYS : i % STRATEGIES;
}

/* The table as text; a note of two lines in its last row is no plain row. Returns its length. */
static size_t write_text(order way, const style *s, const char *note, char *out)
{
    ho_rng rng = ho_rng_new(7, "tall", way);
    char *at = out;
    at += sprintf(at, "trading_date,strategy_id,zone,note,daily_returns%s", s->line);
    for (uint32_t i = 0; i < ROWS; i++) {
        uint32_t day = 0, strategy = 0;
        cell_of(way, &rng, i, &day, &strategy);
        const char *q = s->quote, *last = i + 1 < ROWS ? "-" : note;
        if (s->blank && i % 1000 == 0) at += sprintf(at, "  %s", s->line);
        at += sprintf(at, "%s2024-%02u-%02u%s,%sS %u%s,%s%c%s,%s%s%s,", q, 1 + day / 28, 1 + day % 28, q, q,
                      strategy, q, q, 'A' + (char)(strategy % 2 * (way == TWICE)), q, q, last, q);
        if (i % 500 == 3)
            at += sprintf(at, "%s\\N%s", q, q);
        else
            at += sprintf(at, "%s%.*f%s", q, (int)ho_rng_below(&rng, 16), 5000 * ho_rng_normal(&rng), q);
        if (i + 1 < ROWS || !s->open_end) at += sprintf(at, "%s", s->line);
    }
    return (size_t)(at - out);
}

static ho_panel *general(const char *text, size_t size)
{
    ho_panel *panel = NULL;
    ho_load_report report = {0};
    ho_load_options options = {0};
    assert_ok(ho_options_defaults(ho_load_option_table(), &options, &err));
    assert_ok(ho_csv_read_memory("t.csv", text, size, &options, 1, &panel, &report, &err));
    ho_load_report_clear(&report);
    ho_options_clear(ho_load_option_table(), &options);
    return panel;
}

static ho_panel *by_blocks(const char *path, int threads, int64_t *blank_lines)
{
    bool done = false;
    ho_panel *panel = NULL;
    ho_load_report report = {0};
    ho_load_options options = {0};
    assert_ok(ho_options_defaults(ho_load_option_table(), &options, &err));
    assert_ok(ho_csv_tall_read_file(path, &options, threads, &done, &panel, &report, &err));
    assert_true(done);
    assert_int_equal(report.missing_cells, ROWS / 500);
    *blank_lines = report.blank_lines;
    ho_load_report_clear(&report);
    ho_options_clear(ho_load_option_table(), &options);
    return panel;
}

static void write_file(const char *path, const char *text, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void blocks_give_the_table_of_the_whole(void **state)
{
    (void)state;
    static const style styles[] = {
        {"", "\n", false, false}, {"\"", "\n", false, true}, {"", "\r\n", true, true}};
    char folder[64], path[80];
    char *text = ho_new_array(ROWS + 1, 96);
    assert_non_null(text);
    make_folder(folder);
    snprintf(path, sizeof path, "%s/t.csv", folder);
    for (int way = BY_DAY; way <= TWICE; way++) {
        const style *s = &styles[way % 3];
        ho_panel *wanted = general(text, write_text((order)way, s, *s->quote ? "a\nb" : "\"a\nb\"", text));
        write_file(path, text, write_text((order)way, s, "a b", text));
        for (int threads = 1; threads <= 4; threads += 3) {
            int64_t blank = 0;
            ho_panel *panel = by_blocks(path, threads, &blank);
            assert_true(same_panel(panel, wanted));
            assert_int_equal(blank, s->blank ? ROWS / 1000 : 0);
            ho_panel_free(&panel);
        }
        ho_panel_free(&wanted);
    }
    free(text);
    remove_folder(folder);
}

/* What is wrong late in a file is told by the general reader, with its line. */
static void faults_are_left_to_the_general_reader(void **state)
{
    (void)state;
    static const char *const faults[][2] = {
        {"2024-01-01,a\n", "has 2 fields"},     {"2024-01-01,a,x\n", "\"x\" is no amount"},
        {"2024-01-01,,1\n", "is no strategy"},  {"2024-01-01,a,inf\n", "is not finite"},
        {"2024-01-01,a,1,2\n", "has 4 fields"}, {"2024-01-01,\"a\"b,1\n", "after its closing quote"},
        {"NULL,a,1\n", "is no date"},           {"2024-01-01,\"a,1\n", "never closed"}};
    char folder[64], path[80];
    const size_t lines = 60000; /* more than a block */
    char *text = ho_new_array(lines + 2, 32);
    assert_non_null(text);
    make_folder(folder);
    snprintf(path, sizeof path, "%s/t.csv", folder);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        char *at = text + sprintf(text, "date,strategy,pnl\n");
        for (size_t line = 0; line < lines; line++)
            at += sprintf(at, "2024-01-%02zu,s%zu,%zu\n", 1 + line / 3000, line % 3000, line);
        at += sprintf(at, "%s", faults[i][0]);
        write_file(path, text, (size_t)(at - text));
        bool done = false;
        ho_panel *panel = NULL;
        ho_load_report report = {0};
        ho_load_options options = {0};
        assert_ok(ho_options_defaults(ho_load_option_table(), &options, &err));
        assert_ok(ho_csv_tall_read_file(path, &options, 2, &done, &panel, &report, &err));
        assert_false(done);
        assert_refused(ho_csv_read(path, &options, 2, &panel, &report, &err), HO_ERR_DATA, faults[i][1]);
        assert_non_null(strstr(err.text, "line 60002"));
        assert_null(panel);
        ho_options_clear(ho_load_option_table(), &options);
    }
    free(text);
    remove_folder(folder);
}

static void memory_can_run_out(void **state)
{
    (void)state;
    if (!ho_memory_fail_at(0)) {
        print_message("skipped: this build cannot fail allocations\n");
        skip();
    }
    char folder[64], path[80];
    make_folder(folder);
    snprintf(path, sizeof path, "%s/t.csv", folder);
    const char *text = "date,strategy,pnl\n2024-01-02,b,1\n2024-01-01,\"a\"\"\",2\n";
    write_file(path, text, strlen(text));
    ho_load_options options = {0};
    assert_ok(ho_options_defaults(ho_load_option_table(), &options, &err));
    ho_status status = HO_ERR_MEMORY;
    for (long n = 1; status == HO_ERR_MEMORY; n++) {
        bool done = false;
        ho_panel *panel = NULL;
        ho_load_report report = {0};
        ho_memory_fail_at(n);
        status = ho_csv_tall_read_file(path, &options, 1, &done, &panel, &report, &err);
        ho_memory_fail_at(0);
        assert_true(status == HO_OK ? done : status == HO_ERR_MEMORY && panel == NULL);
        ho_panel_free(&panel);
        ho_load_report_clear(&report);
    }
    assert_int_equal(status, HO_OK);
    ho_options_clear(ho_load_option_table(), &options);
    remove_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_give_the_table_of_the_whole),
        cmocka_unit_test(faults_are_left_to_the_general_reader),
        cmocka_unit_test(memory_can_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
