/* Settings to file: rows are made a block of days at a time, each thread a share of the block, and written in order;
 * what is held in memory is the grid and one block, however many days there are. */
#include "run/generate.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/shortest.h"
#include "base/strings.h"
#include "report/json.h"
#include "run/generate_trade.h"
#include "run/input.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIELD(name) offsetof(ho_generate_settings, name)

static const ho_option options[] = {
    {"output", 'o', "FILE", "The CSV file to write; one that is there is replaced.", HO_OPTION_TEXT, 0, 0,
     NULL, NULL, FIELD(output)},
    {"strategies", 'n', "N", "Columns of the table: one a strategy.", HO_OPTION_INT, 1, 2e6, "25544", NULL,
     FIELD(strategies)},
    {"days", 'd', "T", "Trading days.", HO_OPTION_INT, 1, 1e5, "82", NULL, FIELD(days)},
    {"seed", 0, "S", "Seed of the random numbers: the same settings give the same bytes.", HO_OPTION_INT, 0,
     9007199254740992, "42", NULL, FIELD(seed)},
    {"zones", 'z', "Z", "Rows a day, one for each of Z equal parts of the session; 0: one row a day.",
     HO_OPTION_INT, 0, 26, "0", NULL, FIELD(zones)},
    {"candle", 0, "MINUTES",
     "Minutes between two looks at the prices, as a back-test on candles has them; 0: every ten seconds.",
     HO_OPTION_INT, 0, 60, "0", NULL, FIELD(candle)},
    {"start-date", 0, "DATE", "The first day, YYYY-mm-dd; weekends are left out.", HO_OPTION_TEXT, 0, 0,
     "2024-01-01", NULL, FIELD(start_date)},
    {"edges", 0, "N", "Strategies with an edge planted: they earn more than their trades on every day.",
     HO_OPTION_INT, 0, 2e6, "0", NULL, FIELD(planted.edges)},
    {"edge-size", 0, "X", "What an edge earns a day, in standard deviations of the strategy's day.",
     HO_OPTION_REAL, -100, 100, "0.25", NULL, FIELD(planted.size)},
    {"decoys", 0, "N",
     "Strategies that earn as much as an edge over the sample days, but in a short stretch of them alone.",
     HO_OPTION_INT, 0, 2e6, "0", NULL, FIELD(planted.decoys)},
    {"sample-days", 0, "D", "The first days, on which decoys look like edges; 0: half of all.", HO_OPTION_INT,
     0, 1e5, "0", NULL, FIELD(planted.sample_days)},
    {"decoy-days", 0, "D", "The stretch of a decoy, which begins on any day; 0: a quarter of the sample.",
     HO_OPTION_INT, 0, 1e5, "0", NULL, FIELD(planted.decoy_days)},
    {"truth", 0, "FILE", "A CSV file that tells the planted strategies.", HO_OPTION_TEXT, 0, 0, NULL, NULL,
     FIELD(planted.truth)},
    {"threads", 't', "N", "Threads, 0 for one a processor; the result is the same for any number.",
     HO_OPTION_INT, 0, 1024, "0", NULL, FIELD(threads)},
};

enum { ROW_START = 64 }; /* bytes of date, zone and day before a row's numbers */

/* One thread's share of a block: a day at a time. */
typedef struct worker {
    ho_market_path path;
    double *values;
    char *text;
    size_t length;
} worker;

typedef struct job {
    const ho_generate_settings *settings;
    ho_grid grid;
    ho_edges edges;
    ho_market_day *days;
    size_t day_count, zones, worker_count;
    worker **workers;
} job;

static ho_status read_date(const char *text, int32_t *date, ho_error *err)
{
    int year = 0, month = 0, day = 0, end = 0;
    if (text != NULL && sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &end) == 3 && text[end] == '\0' &&
        ho_date_valid(year, month, day) && year <= 9000) {
        *date = ho_date_from_civil(year, month, day);
        return HO_OK;
    }
    return ho_fail(err, HO_ERR_USAGE, "--start-date %.100s: expected a date as 2024-01-31",
                   text != NULL ? text : "");
}

static size_t count_workers(const ho_generate_settings *s, size_t row_bytes)
{
    size_t wanted = (size_t)ho_threads(s->threads);
    size_t memory = ((size_t)256 << 20) / row_bytes;
    if (wanted > memory) wanted = memory;
    if (wanted > (size_t)s->days) wanted = (size_t)s->days;
    return wanted != 0 ? wanted : 1;
}

static void clear_job(job *j)
{
    for (size_t i = 0; j->workers != NULL && i < j->worker_count; i++) {
        if (j->workers[i] == NULL) continue;
        free(j->workers[i]->values);
        free(j->workers[i]->text);
        free(j->workers[i]);
    }
    free(j->workers);
    free(j->days);
    ho_edges_clear(&j->edges);
    ho_grid_clear(&j->grid);
}

static ho_status add_worker(job *j, size_t i, ho_error *err)
{
    size_t cells = j->grid.window_count * HO_GRID_RULES * j->zones;
    size_t bytes = j->zones * (ROW_START + j->grid.column_count * (HO_NUMBER_TEXT + 1));
    worker *w = j->workers[i] = HO_NEW(worker, 1);
    if (w == NULL) return ho_fail_memory(err, sizeof *w, "a day's prices");
    w->values = HO_NEW(double, cells);
    w->text = ho_new_pages(bytes);
    if (w->values == NULL || w->text == NULL) return ho_fail_memory(err, bytes, "a day's rows");
    return HO_OK;
}

/* On failure what is there is still cleared by clear_job. */
static ho_status make_job(const ho_generate_settings *s, job *j, ho_error *err)
{
    int32_t first = 0;
    HO_TRY(read_date(s->start_date, &first, err));
    *j = (job){.settings = s, .day_count = (size_t)s->days, .zones = s->zones > 0 ? (size_t)s->zones : 1};
    HO_TRY(ho_grid_make((uint64_t)s->seed, (size_t)s->strategies, &j->grid, err));
    j->grid.candle = (int)s->candle;
    HO_TRY(ho_edges_make(&s->planted, (uint64_t)s->seed, &j->grid, first, j->day_count,
                         ho_threads(s->threads), &j->edges, err));
    j->days = HO_NEW(ho_market_day, j->day_count);
    if (j->days == NULL) return ho_fail_memory(err, j->day_count * sizeof *j->days, "the days");
    ho_market_days((uint64_t)s->seed, first, j->day_count, j->days);
    size_t row = j->zones * j->grid.column_count * (HO_NUMBER_TEXT + 1 + sizeof(double));
    j->worker_count = count_workers(s, row);
    j->workers = HO_NEW(worker *, j->worker_count);
    if (j->workers == NULL) return ho_fail_memory(err, j->worker_count * sizeof *j->workers, "threads");
    for (size_t i = 0; i < j->worker_count; i++)
        HO_TRY(add_worker(j, i, err));
    return HO_OK;
}

/* The rows of one day as text. */
static void make_rows(const job *j, size_t day, worker *w)
{
    ho_market_walk((uint64_t)j->settings->seed, day, &j->days[day], &w->path);
    ho_trade_day(&j->grid, &w->path, j->zones, w->values);
    size_t cells = j->grid.window_count * HO_GRID_RULES;
    char date[16], *at = w->text;
    ho_date_print(j->days[day].date, date);
    for (size_t z = 0; z < j->zones; z++) {
        const char zone[2] = {j->settings->zones > 0 ? (char)('A' + z) : '\0', '\0'};
        at += snprintf(at, ROW_START, "%s,%s,%s", date, zone,
                       ho_weekday_name(ho_date_weekday(j->days[day].date)));
        const double *values = w->values + z * cells;
        for (size_t c = 0; c < j->grid.column_count; c++) {
            *at++ = ',';
            const double planted = ho_edges_on(&j->edges, c, day) / (double)j->zones;
            at += ho_print_shortest(values[j->grid.columns[c]] + planted, at);
        }
        *at++ = '\n';
    }
    w->length = (size_t)(at - w->text);
}

/* Writes all of it; a short write goes on. */
static ho_status write_bytes(int file, const char *path, const char *bytes, size_t count, ho_error *err)
{
    while (count != 0) {
        ssize_t wrote = write(file, bytes, count);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return ho_fail(err, HO_ERR_IO, "%s: %s", path, strerror(errno));
        bytes += wrote;
        count -= (size_t)wrote;
    }
    return HO_OK;
}

static ho_status write_header(const job *j, int file, int64_t *bytes, ho_error *err)
{
    static const char start[] = "Date,Zone,Day";
    size_t limit = sizeof start + j->grid.column_count * (HO_GRID_NAME + 1), length = sizeof start - 1;
    char *text = HO_NEW(char, limit);
    if (text == NULL) return ho_fail_memory(err, limit, "the header");
    memcpy(text, start, length);
    for (size_t c = 0; c < j->grid.column_count; c++) {
        text[length++] = ',';
        length += ho_grid_name(&j->grid, c, text + length);
    }
    text[length++] = '\n';
    ho_status status = write_bytes(file, j->settings->output, text, length, err);
    free(text);
    *bytes += (int64_t)length;
    return status;
}

static ho_status write_table(const job *j, int file, const ho_hooks *hooks, int64_t *bytes, bool *interrupted,
                             ho_error *err)
{
    HO_TRY(write_header(j, file, bytes, err));
    for (size_t first = 0; first < j->day_count; first += j->worker_count) {
        if (ho_cancelled(hooks)) return *interrupted = true, HO_OK;
        size_t count = j->day_count - first < j->worker_count ? j->day_count - first : j->worker_count;
#pragma omp parallel for num_threads((int)count) schedule(static)
        for (size_t i = 0; i < count; i++)
            make_rows(j, first + i, j->workers[i]);
        for (size_t i = 0; i < count; i++) {
            HO_TRY(write_bytes(file, j->settings->output, j->workers[i]->text, j->workers[i]->length, err));
            *bytes += (int64_t)j->workers[i]->length;
        }
        ho_tell(hooks, "generate", (double)(first + count) / (double)j->day_count, NAN);
    }
    return HO_OK;
}

/* A link stands for the file behind it: that one is written anew, the link stays. */
static ho_status find_target(const char *path, char **target, ho_error *err)
{
    struct stat there;
    bool link = lstat(path, &there) == 0 && S_ISLNK(there.st_mode);
    char *made = link ? realpath(path, NULL) : ho_copy_text(path);
    if (made == NULL && link)
        return ho_fail(err, HO_ERR_IO, "%s: a link to nothing: %s", path, strerror(errno));
    if (made == NULL) return ho_fail_memory(err, strlen(path) + 1, "a file's name");
    *target = made;
    return HO_OK;
}

/* A new file beside `path`, under a name of its own, so that two writers of one path never meet. */
static ho_status open_beside(const char *path, char **name, int *file, ho_error *err)
{
    enum { TRIES = 100 };
    struct stat there;
    if (stat(path, &there) == 0 && !S_ISREG(there.st_mode))
        return ho_fail(err, HO_ERR_IO, "%s: exists and is no regular file", path);
    int reason = EEXIST;
    char *stem = NULL;
    if (asprintf(&stem, "%s.tmp-", path) < 0) return ho_fail_memory(err, strlen(path), "a file's name");
    for (int i = 0; i < TRIES && reason == EEXIST; i++) {
        char *made = ho_path_fresh(stem);
        int opened = made != NULL ? open(made, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666) : -1;
        reason = opened >= 0 ? 0 : made != NULL ? errno : ENOMEM;
        if (reason != 0) {
            free(made);
            continue;
        }
        *name = made;
        *file = opened;
    }
    free(stem);
    if (reason == 0) return HO_OK;
    if (reason == ENOMEM) return ho_fail_memory(err, strlen(path), "a file's name");
    return ho_fail(err, HO_ERR_IO, "%s: %s", path, strerror(reason));
}

ho_status ho_generate(const ho_generate_settings *settings, const ho_hooks *hooks, int64_t *bytes,
                      bool *interrupted, ho_error *err)
{
    job j = {0};
    char *name = NULL, *target = NULL;
    int file = -1;
    int64_t length = 0;
    bool stopped = false;
    ho_status status = make_job(settings, &j, err);
    if (status == HO_OK) status = find_target(settings->output, &target, err);
    if (status == HO_OK) status = open_beside(target, &name, &file, err);
    if (status == HO_OK) status = write_table(&j, file, hooks, &length, &stopped, err);
    if (file >= 0 && close(file) != 0 && status == HO_OK)
        status = ho_fail(err, HO_ERR_IO, "%s: %s", settings->output, strerror(errno));
    if (status == HO_OK && !stopped) status = ho_edges_tell(&settings->planted, &j.grid, &j.edges, err);
    if (status == HO_OK && !stopped && rename(name, target) != 0)
        status = ho_fail(err, HO_ERR_IO, "%s: %s", settings->output, strerror(errno));
    if (name != NULL && (status != HO_OK || stopped)) unlink(name);
    free(name);
    free(target);
    clear_job(&j);
    if (status == HO_OK) {
        *bytes = stopped ? 0 : length;
        *interrupted = stopped;
    }
    return status;
}

static ho_status tell(const ho_generate_settings *s, int64_t bytes, double seconds, bool interrupted,
                      ho_outcome *outcome, ho_error *err)
{
    ho_outcome made = {.interrupted = interrupted};
    ho_text t;
    json_t *doc =
        json_pack("{s:o,s:I,s:I,s:I,s:I,s:I,s:I,s:f,s:b}", "path", ho_json_text(s->output), "strategies",
                  (json_int_t)s->strategies, "days", (json_int_t)s->days, "zones", (json_int_t)s->zones,
                  "candle", (json_int_t)s->candle, "seed", (json_int_t)s->seed, "bytes", (json_int_t)bytes,
                  "seconds", seconds, "interrupted", (int)interrupted);
    if (doc == NULL) return ho_fail_memory(err, 0, "the JSON document");
    HO_TRY(ho_json_finish(doc, &made.json, err));
    ho_status status = ho_text_begin(&t, err);
    if (status == HO_OK && interrupted)
        fputs("interrupted: nothing was written\n", t.file);
    else if (status == HO_OK)
        fprintf(t.file, "%s: %lld strategies x %lld days, %.1f MB in %.2f s\n", s->output,
                (long long)s->strategies, (long long)s->days, (double)bytes / 1e6, seconds);
    if (status == HO_OK) status = ho_text_end(&t, &made.summary, err);
    return ho_hand_over(status, &made, outcome);
}

static ho_status run(const void *settings, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    const ho_generate_settings *s = settings;
    if (s->output == NULL || *s->output == '\0')
        return ho_fail(err, HO_ERR_USAGE, "generate: --output FILE is missing");
    double start = ho_clock_seconds();
    int64_t bytes = 0;
    bool interrupted = false;
    HO_TRY(ho_generate(s, hooks, &bytes, &interrupted, err));
    return tell(s, bytes, ho_clock_seconds() - start, interrupted, outcome, err);
}

const ho_command ho_command_generate = {
    .name = "generate",
    .sentence = "simulates a table of short-straddle strategies for tests and benchmarks",
    .positional = {"output"},
    .required = {"output"},
    .options = {options, sizeof options / sizeof *options},
    .settings_size = sizeof(ho_generate_settings),
    .run = run,
    .more = "Sells a call and a put at the money of one simulated index, in windows of the day, with a "
            "stop-loss and "
            "an optional take-profit on each leg. The file has the shape of a desk's own: Date,Zone,Day and "
            "a column "
            "a strategy, in shuffled order. The same settings give the same bytes on any number of threads, "
            "and the "
            "first days do not depend on how many follow.",
};
