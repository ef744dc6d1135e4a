/* The end of a job: what its process left becomes a result, and the result is published once. */
#include "base/clock.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/strings.h"
#include "jobs/serve.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ERRORS_KEPT = 64 << 10, OUTPUT_KEPT = 256 << 10, DOCUMENT_MOST = 64 << 20 };

json_t *ho_finish_result(const ho_server *server, const json_t *job, const char *name, const char *status,
                         int attempt, double seconds)
{
    char when[40], id[160];
    json_t *result = job != NULL ? json_deep_copy(job) : json_object();
    ho_time_text(when);
    snprintf(id, sizeof id, "%.*s", (int)strlen(name) - 5, name);
    json_t *own = json_pack("{s:s,s:f,s:s,s:i,s:s,s:s}", "status", status, "execution_time", seconds,
                            "completion_timestamp", when, "attempts", attempt, "worker",
                            server->record.server, "version", HO_VERSION);
    if (result != NULL && json_object_get(result, "job_id") == NULL)
        (void)json_object_set_new(result, "job_id", json_stringn_nocheck(id, strlen(id)));
    if (result == NULL || own == NULL || json_object_update(result, own) != 0) {
        json_decref(result);
        result = NULL;
    }
    json_decref(own);
    return result;
}

/* Bytes that are no UTF-8 become '?'. */
static json_t *text_of(int fd, size_t most)
{
    char *text = ho_work_text(fd, most);
    json_t *value = text != NULL ? json_string(text) : NULL;
    for (char *c = text; value == NULL && c != NULL && *c != '\0'; c++)
        *c = (unsigned char)*c >= 0x80 ? '?' : *c;
    if (value == NULL && text != NULL) value = json_string(text);
    free(text);
    return value;
}

/* The last line of what the process said on standard error. */
static json_t *last_line(int fd)
{
    char *text = ho_work_text(fd, ERRORS_KEPT);
    if (text == NULL) return NULL;
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == '\n')
        text[--length] = '\0';
    char *line = strrchr(text, '\n');
    line = line != NULL ? line + 1 : text;
    if (strncmp(line, "heavyopt: ", 10) == 0) line += 10;
    json_t *value = json_string(line);
    free(text);
    return value;
}

/* {algorithm, fitness, size, strategies, metrics} of a run's document. */
static json_t *best_of(int document)
{
    char *text = ho_work_text(document, DOCUMENT_MOST);
    json_t *root = text != NULL ? json_loads(text, 0, NULL) : NULL;
    const json_t *best = json_object_get(root, "best");
    json_t *value =
        best == NULL
            ? NULL
            : json_pack("{s:O,s:O,s:O,s:O,s:O}", "algorithm", json_object_get(best, "algorithm"), "fitness",
                        json_object_get(best, "fitness"), "size", json_object_get(best, "size"), "strategies",
                        json_object_get(best, "portfolio"), "metrics", json_object_get(best, "metrics"));
    json_decref(root);
    free(text);
    return value;
}

/* The folder that the run made in its staging place, and a free name for it in output/. */
static bool find_run(const ho_server *server, ho_slot *slot, json_t *files)
{
    char name[256] = "";
    struct stat facts;
    DIR *dir = opendir(slot->staged);
    for (const struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] != '.') snprintf(name, sizeof name, "%s", entry->d_name);
    }
    if (dir != NULL) closedir(dir);
    if (*name == '\0' || snprintf(slot->from, sizeof slot->from, "%s/%s", slot->staged, name) >= PATH_MAX)
        return false;
    for (int number = 1; number < 10000; number++) {
        bool fits = number == 1 ? ho_share_path(&server->share, slot->to, "output/%s", name)
                                : ho_share_path(&server->share, slot->to, "output/%s_%d", name, number);
        if (fits && lstat(slot->to, &facts) != 0) break;
    }
    ho_strings names = {0};
    if (ho_share_list(slot->from, "", &names, NULL) == HO_OK) {
        for (size_t i = 0; i < names.count; i++)
            (void)json_array_append_new(files, json_string(names.items[i]));
    }
    ho_strings_clear(&names);
    return true;
}

/* The run spoke of its folder where it made it; readers look for it where it is now. */
static json_t *with_place(const json_t *said, const char *from, const char *to)
{
    const char *text = json_string_value(said), *at = text != NULL ? strstr(text, from) : NULL;
    char *out = NULL;
    if (at == NULL || asprintf(&out, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from)) < 0)
        return json_copy((json_t *)said);
    json_t *value = json_string(out);
    free(out);
    return value;
}

static void add_run(const ho_server *server, ho_slot *slot, json_t *result)
{
    json_t *files = json_array();
    slot->from[0] = slot->to[0] = '\0';
    if (find_run(server, slot, files)) {
        (void)json_object_set_new(result, "output_dir",
                                  json_string(slot->to + strlen(server->share.root) + 1));
        (void)json_object_set(result, "output_files", files);
        (void)json_object_set_new(result, "stdout",
                                  with_place(json_object_get(result, "stdout"), slot->from, slot->to));
    } else {
        slot->from[0] = '\0';
    }
    json_decref(files);
}

/* Back to the queue: not counted as an attempt at a shutdown, with a pause after a fault. */
static void give_back(ho_server *server, ho_slot *slot, bool fault, const char *why)
{
    int attempt = slot->lease.attempt;
    double pause = fault ? server->s->pause * (double)(1 << (attempt - 1)) : 0;
    ho_record_waiting(&server->record, slot->name, fault ? attempt : attempt - 1, pause, why);
    ho_claim claim = ho_claim_give_back(&server->share, slot->name, &slot->lease);
    ho_record_event(&server->record, slot->name, claim == HO_CLAIM_LOST ? "discarded" : "given back",
                    "queued", attempt);
    ho_record_log(&server->record, "%s: back to the queue: %s", slot->name, why);
    server->given_back++;
}

static void free_the_slot(ho_server *server, ho_slot *slot)
{
    ho_work_end(&slot->work);
    if (slot->staged[0] != '\0') ho_folder_remove(slot->staged);
    json_decref(slot->job);
    json_decref(slot->result);
    *slot = (ho_slot){.state = HO_SLOT_FREE};
    server->changed = true;
    server->scanned_at = 0; /* there is room: look at once */
}

static const char *reason_of(const ho_server *server, const ho_slot *slot, int wait_status, char *out,
                             size_t size)
{
    if (slot->stop == HO_STOP_TIMEOUT)
        snprintf(out, size, "the time limit of %lld s ended it", (long long)server->s->timeout);
    else if (slot->stop == HO_STOP_CANCELLED)
        snprintf(out, size, "cancelled while it ran");
    else if (WIFSIGNALED(wait_status))
        snprintf(out, size, "its process was ended by signal %d (%s)", WTERMSIG(wait_status),
                 strsignal(WTERMSIG(wait_status)));
    else
        out[0] = '\0';
    return out;
}

void ho_finish_begin(ho_server *server, ho_slot *slot, int wait_status)
{
    char reason[256];
    int code = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
    bool stopped = slot->stop == HO_STOP_TIMEOUT || slot->stop == HO_STOP_CANCELLED;
    bool fault = WIFSIGNALED(wait_status) || code == 1 || code == 130;
    reason_of(server, slot, wait_status, reason, sizeof reason);
    ho_work_listen(&slot->work);
    if (slot->lost) {
        ho_record_event(&server->record, slot->name, "discarded", "lost", slot->lease.attempt);
        ho_record_log(&server->record, "%s: the lease went to somebody else, this result is thrown away",
                      slot->name);
        free_the_slot(server, slot);
        return;
    }
    bool again =
        !stopped &&
        (slot->stop == HO_STOP_SHUTDOWN ? code != 0 : fault && slot->lease.attempt < HO_JOB_ATTEMPTS);
    if (again) {
        give_back(server, slot, slot->stop != HO_STOP_SHUTDOWN,
                  reason[0] != '\0' ? reason : "its process failed");
        free_the_slot(server, slot);
        return;
    }
    bool done = code == 0 && !stopped;
    const char *status = done ? "completed" : slot->stop == HO_STOP_CANCELLED ? "cancelled" : "failed";
    json_t *result = ho_finish_result(server, slot->job, slot->name, status, slot->lease.attempt,
                                      ho_clock_seconds() - slot->started);
    (void)json_object_set_new(result, "return_code", json_integer(code));
    (void)json_object_set_new(result, "stdout", text_of(slot->work.summary, OUTPUT_KEPT));
    (void)json_object_set_new(result, "stderr", text_of(slot->work.errors, ERRORS_KEPT));
    if (!done)
        (void)json_object_set_new(result, "error",
                                  reason[0] != '\0' ? json_string(reason) : last_line(slot->work.errors));
    (void)json_object_set_new(result, "best", best_of(slot->work.document));
    slot->result = result;
    snprintf(slot->folder, sizeof slot->folder, "%s", done ? "completed" : "failed");
    slot->state = HO_SLOT_FINISHING;
    ho_finish_try(server, slot);
}

void ho_finish_try(ho_server *server, ho_slot *slot)
{
    slot->next_try = ho_clock_seconds() + 1;
    if (slot->result ==
        NULL) { /* no memory when it ended: the lease is not renewed, somebody takes the job over */
        free_the_slot(server, slot);
        return;
    }
    struct stat facts;
    bool moved = slot->from[0] != '\0' && lstat(slot->from, &facts) != 0; /* by a try before */
    if (!moved) add_run(server, slot, slot->result);
    ho_claim claim = ho_claim_finish(&server->share, slot->name, &slot->lease, slot->folder, slot->result,
                                     slot->from[0] != '\0' && !moved ? slot->from : NULL, slot->to);
    if (claim == HO_CLAIM_FAILED) {
        ho_record_log(&server->record, "%s: the result could not be written (%s), tried again", slot->name,
                      strerror(errno));
        return;
    }
    bool done = strcmp(slot->folder, "completed") == 0;
    const char *status = json_string_value(json_object_get(slot->result, "status"));
    if (claim == HO_CLAIM_WON) {
        ho_record_event(&server->record, slot->name, "finished", status, slot->lease.attempt);
        ho_claim_tidy(&server->share, slot->name, &slot->lease);
        ho_record_log(&server->record, "%s: %s in %.1f s", slot->name, status,
                      ho_clock_seconds() - slot->started);
        ho_record_forget(&server->share, slot->name);
        if (server->s->notify != NULL)
            ho_notify_start(&server->notify, server->s->notify, slot->result, &server->record);
        server->completed += done;
        server->failed += !done;
    } else {
        ho_record_event(&server->record, slot->name, "discarded", status, slot->lease.attempt);
    }
    free_the_slot(server, slot);
}
