#include "jobs/record.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/strings.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LONGEST_WAIT = 900, HISTORY_KEPT = 1000, RECENT = 10, TAIL_BYTES = 1 << 20 };

static int open_append(const ho_share *share, const char *folder, const char *name, const char *ending)
{
    char path[PATH_MAX];
    if (!ho_share_path(share, path, "%s/%s%s", folder, name, ending)) return -1;
    return open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0666);
}

void ho_record_open(const ho_share *share, ho_record *record)
{
    char host[48] = "";
    (void)gethostname(host, sizeof host - 1);
    *record = (ho_record){.share = share, .history = -1, .log = -1};
    snprintf(record->server, sizeof record->server, "%s-%ld", host, (long)getpid());
    record->history = open_append(share, "jobs/history", record->server, ".jsonl");
    record->log = open_append(share, "logs", "heavyopt_serve", ".log");
}

void ho_record_close(ho_record *record)
{
    if (record->history >= 0) close(record->history);
    if (record->log >= 0) close(record->log);
    record->history = record->log = -1;
}

void ho_record_reopen_log(ho_record *record)
{
    if (record->log >= 0) close(record->log);
    record->log = open_append(record->share, "logs", "heavyopt_serve", ".log");
}

void ho_record_log(ho_record *record, const char *format, ...)
{
    char when[40], text[1024], line[1200];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (char *c = text; *c != '\0'; c++)
        *c = (unsigned char)*c < ' ' || *c == 0x7f ? '?' : *c;
    ho_time_text(when);
    int used = snprintf(line, sizeof line, "%s %s %s\n", when, record->server, text);
    if (record->log < 0) ho_record_reopen_log(record); /* the share could not be written before */
    if (record->log >= 0 && used > 0) (void)!write(record->log, line, (size_t)used);
}

void ho_record_event(ho_record *record, const char *name, const char *event, const char *status, int attempt)
{
    char when[40];
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    ho_time_text(when);
    json_t *line = json_pack("{s:s,s:s,s:s,s:s,s:i,s:s,s:f}", "job", name, "event", event, "status", status,
                             "worker", record->server, "attempt", attempt, "timestamp", when, "clock",
                             (double)now.tv_sec + 1e-9 * (double)now.tv_nsec);
    char *text = line != NULL ? json_dumps(line, JSON_COMPACT) : NULL;
    json_decref(line);
    if (record->history < 0)
        record->history = open_append(record->share, "jobs/history", record->server, ".jsonl");
    size_t length = text != NULL ? strlen(text) : 0;
    if (text != NULL) {
        text[length] = '\n'; /* the 0's place: the line goes out in one write */
        if (record->history >= 0) (void)!write(record->history, text, length + 1);
    }
    free(text);
}

static bool state_path(const ho_share *share, const char *name, char out[PATH_MAX])
{
    return ho_share_path(share, out, "jobs/status/%s", name);
}

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

void ho_record_state(const ho_record *record, const char *name, const char *state, int attempt,
                     const char *stage, double share, double best, double seconds, const char *note)
{
    char path[PATH_MAX], when[40];
    ho_time_text(when);
    json_t *value =
        json_pack("{s:s,s:i,s:i,s:s,s:o,s:f,s:s,s:s,s:s}", "state", state, "attempts", attempt, "percent",
                  (int)(100 * fmin(1, fmax(0, share))), "stage", stage, "best_fitness", number(best),
                  "seconds", seconds, "updated", when, "worker", record->server, "note", note);
    if (value != NULL && state_path(record->share, name, path)) (void)ho_share_put_json(path, value);
    json_decref(value);
}

void ho_record_waiting(const ho_record *record, const char *name, int attempts, double seconds,
                       const char *why)
{
    char path[PATH_MAX], when[40];
    ho_time_text(when);
    json_t *value = json_pack("{s:s,s:i,s:I,s:s,s:s}", "state", "queued", "attempts", attempts, "retry_after",
                              (json_int_t)(time(NULL) + (time_t)seconds), "note", why, "updated", when);
    if (value != NULL && state_path(record->share, name, path)) (void)ho_share_put_json(path, value);
    json_decref(value);
}

int ho_record_attempts(const ho_share *share, const char *name, bool *wait)
{
    char path[PATH_MAX];
    json_t *state = state_path(share, name, path) ? ho_share_get_json(path) : NULL;
    long long attempts = json_integer_value(json_object_get(state, "attempts"));
    long long left = json_integer_value(json_object_get(state, "retry_after")) - (long long)time(NULL);
    json_decref(state);
    *wait = left > 0 && left <= LONGEST_WAIT; /* more than that: the clock jumped */
    return attempts < 0 || attempts > 100 ? 0 : (int)attempts;
}

void ho_record_forget(const ho_share *share, const char *name)
{
    char path[PATH_MAX];
    if (state_path(share, name, path)) (void)unlink(path);
}

size_t ho_record_count(const ho_share *share, const char *folder)
{
    char path[PATH_MAX];
    ho_strings names = {0};
    if (ho_share_path(share, path, "jobs/%s", folder)) {
        if (ho_share_list(path, ".json", &names, NULL) != HO_OK) ho_strings_clear(&names);
    }
    size_t count = names.count;
    ho_strings_clear(&names);
    return count;
}

/* The lines of one server, the last part of a long file. */
static void add_lines(const char *path, json_t *all)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    FILE *file = fd >= 0 ? fdopen(fd, "r") : NULL;
    if (file == NULL) return;
    char *line = NULL;
    size_t room = 0;
    if (fseeko(file, 0, SEEK_END) == 0 && ftello(file) > TAIL_BYTES)
        (void)fseeko(file, -(off_t)TAIL_BYTES, SEEK_END);
    else
        rewind(file);
    while (getline(&line, &room, file) > 0) {
        json_t *value = json_loads(line, 0, NULL);
        if (value != NULL) (void)json_array_append_new(all, value);
    }
    free(line);
    fclose(file);
}

static int by_clock(const void *a, const void *b)
{
    double x = json_number_value(json_object_get(*(json_t *const *)a, "clock"));
    double y = json_number_value(json_object_get(*(json_t *const *)b, "clock"));
    return (x > y) - (x < y);
}

json_t *ho_record_history(const ho_share *share, size_t most)
{
    char folder[PATH_MAX], path[PATH_MAX];
    ho_strings names = {0};
    json_t *all = json_array(), *sorted = json_array();
    if (ho_share_path(share, folder, "jobs/history") &&
        ho_share_list(folder, ".jsonl", &names, NULL) == HO_OK) {
        for (size_t i = 0; i < names.count; i++) {
            if (ho_share_path(share, path, "jobs/history/%s", names.items[i])) add_lines(path, all);
        }
    }
    ho_strings_clear(&names);
    size_t count = json_array_size(all);
    json_t **items = HO_NEW(json_t *, count + 1);
    for (size_t i = 0; items != NULL && i < count; i++)
        items[i] = json_array_get(all, i);
    if (items != NULL && count > 1) qsort(items, count, sizeof(json_t *), by_clock);
    for (size_t i = count > most ? count - most : 0; items != NULL && i < count; i++)
        (void)json_array_append(sorted, items[i]);
    free(items);
    json_decref(all);
    return sorted;
}

void ho_record_counts(ho_record *record, int workers, bool at_once)
{
    double now = ho_clock_seconds();
    if (!at_once && now - record->counts_at < 2) return;
    record->counts_at = now;
    char path[PATH_MAX], when[40];
    ho_time_text(when);
    size_t completed = ho_record_count(record->share, "completed"),
           failed = ho_record_count(record->share, "failed");
    json_t *history = ho_record_history(record->share, HISTORY_KEPT), *short_history = json_array();
    json_t *recent = json_array();
    for (size_t i = 0; i < json_array_size(history); i++) {
        const json_t *e = json_array_get(history, i);
        json_t *line = json_pack("{s:O,s:O,s:O,s:O}", "job_id", json_object_get(e, "job"), "status",
                                 json_object_get(e, "status"), "timestamp", json_object_get(e, "timestamp"),
                                 "details", json_object_get(e, "event"));
        if (line == NULL) continue;
        if (i + RECENT >= json_array_size(history)) (void)json_array_append(recent, line);
        (void)json_array_append_new(short_history, line);
    }
    double ended = (double)(completed + failed);
    json_t *status = json_pack(
        "{s:I,s:I,s:I,s:I,s:i,s:f,s:o,s:s}", "queued", (json_int_t)ho_record_count(record->share, "queue"),
        "processing", (json_int_t)ho_record_count(record->share, "processing"), "completed",
        (json_int_t)completed, "failed", (json_int_t)failed, "max_concurrent_jobs", workers, "success_rate",
        ended > 0 ? 100 * (double)completed / ended : 0.0, "recent_jobs", recent, "last_update", when);
    if (status != NULL && ho_share_path(record->share, path, "jobs/status/current_status.json"))
        (void)ho_share_put_json(path, status);
    if (ho_share_path(record->share, path, "jobs/status/job_history.json"))
        (void)ho_share_put_json(path, short_history);
    json_decref(status);
    json_decref(short_history);
    json_decref(history);
}
