/* What becomes of a file in the queue: it waits, is refused, or is claimed and started. */
#include "base/clock.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/strings.h"
#include "jobs/job.h"
#include "jobs/serve.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A broken file may be one that a client still writes; a fresh input one that is still copied. */
static const double broken_seconds = 10, fresh_seconds = 5, stable_seconds = 2;

typedef struct waiting {
    char *name;
    struct timespec time;
} waiting;

static int oldest_first(const void *a, const void *b)
{
    const waiting *x = a, *y = b;
    if (x->time.tv_sec != y->time.tv_sec) return x->time.tv_sec > y->time.tv_sec ? 1 : -1;
    if (x->time.tv_nsec != y->time.tv_nsec) return x->time.tv_nsec > y->time.tv_nsec ? 1 : -1;
    return strcmp(x->name, y->name);
}

static ho_slot *free_slot(ho_server *server)
{
    for (int64_t i = 0; i < server->s->workers; i++) {
        if (server->slots[i].state == HO_SLOT_FREE) return &server->slots[i];
    }
    return NULL;
}

void ho_queue_refuse(ho_server *server, const char *name, json_t *job, const char *status, const char *reason)
{
    bool wait = false;
    ho_lease lease;
    int attempt = ho_record_attempts(&server->share, name, &wait);
    ho_lease_new(server->record.server, attempt, &lease);
    if (ho_claim_take(&server->share, name, &lease) != HO_CLAIM_WON) return;
    json_t *result = ho_finish_result(server, job, name, status, attempt, 0);
    (void)json_object_set_new(result, "error", json_string(reason));
    (void)json_object_set_new(result, "return_code", json_integer(2));
    ho_claim end = result != NULL
                       ? ho_claim_finish(&server->share, name, &lease, "failed", result, NULL, NULL)
                       : HO_CLAIM_FAILED;
    if (end == HO_CLAIM_WON) {
        ho_record_event(&server->record, name, "finished", status, attempt);
        ho_record_log(&server->record, "%s: %s: %s", name, status, reason);
        ho_claim_tidy(&server->share, name, &lease);
        ho_record_forget(&server->share, name);
        if (server->s->notify != NULL)
            ho_notify_start(&server->notify, server->s->notify, result, &server->record);
        server->failed++;
    } else if (end == HO_CLAIM_FAILED) {
        (void)ho_claim_give_back(&server->share, name, &lease);
    }
    server->changed = true;
    json_decref(result);
}

static bool is_cancelled(const ho_server *server, const char *name)
{
    char path[PATH_MAX];
    int stem = (int)strlen(name) - 5;
    bool there =
        ho_share_path(&server->share, path, "jobs/cancel/%.*s", stem, name) && access(path, F_OK) == 0;
    if (there) (void)unlink(path);
    return there;
}

/* Names of our own files in jobs/status/, and names that are none. */
static bool is_name_bad(const char *name)
{
    static const char *const ours[] = {"current_status.json", "job_history.json", "processed_files.json"};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        if (strcasecmp(ours[i], name) == 0) return true;
    }
    return !ho_job_name_valid(name) || strlen(name) < 6;
}

/* Reads the file of a job; NULL: it waits, or was refused. */
static json_t *read_job(ho_server *server, const char *name)
{
    char path[PATH_MAX];
    size_t length = 0;
    json_t *job = NULL;
    ho_error why;
    bool broken = false;
    char *text = ho_share_path(&server->share, path, "jobs/queue/%s", name)
                     ? ho_share_get(path, HO_JOB_MOST_BYTES, &length)
                     : NULL;
    if (text == NULL && (errno == EFBIG || errno == ELOOP || errno == EINVAL || errno == ENXIO)) {
        const char *reason =
            errno == EFBIG ? "the job file is larger than 1 MiB" : "the job file is no regular file";
        ho_queue_refuse(server, name, NULL, "failed", reason);
    }
    if (text == NULL) return NULL;
    ho_status status = ho_job_parse(text, length, &job, &broken, &why);
    free(text);
    if (status == HO_OK) return job;
    if (!broken || ho_watch_unchanged(&server->queue, name, "broken") >= broken_seconds)
        ho_queue_refuse(server, name, job, "failed", why.text);
    json_decref(job);
    return NULL;
}

/* Is the input there, and whole? */
static bool input_ready(ho_server *server, const char *name, json_t *job, char path[PATH_MAX])
{
    ho_error why;
    struct stat facts;
    char look[128];
    if (ho_share_input(&server->share, ho_job_input(job), path, &why) != HO_OK) {
        bool may_come = errno == ENOENT;
        if (!may_come || ho_watch_unchanged(&server->queue, name, "no input") >= server->s->input_wait)
            ho_queue_refuse(server, name, job, "failed", why.text);
        return false;
    }
    if (stat(path, &facts) != 0) return false;
    double age = difftime(time(NULL), facts.st_mtim.tv_sec);
    if (fabs(age) >= fresh_seconds || S_ISDIR(facts.st_mode)) return true;
    snprintf(look, sizeof look, "%lld %lld.%09ld", (long long)facts.st_size, (long long)facts.st_mtim.tv_sec,
             facts.st_mtim.tv_nsec);
    return ho_watch_unchanged(&server->queue, name, look) >= stable_seconds;
}

static void start(ho_server *server, ho_slot *slot, const char *name, json_t *job, const char *input,
                  int attempt)
{
    ho_strings ignored = {0};
    ho_error why = {"out of memory"};
    char *config = ho_job_config(job, &ignored);
    *slot = (ho_slot){.job = json_incref(job), .started = ho_clock_seconds()};
    slot->beat_at = slot->started;
    snprintf(slot->name, sizeof slot->name, "%s", name);
    ho_lease_new(server->record.server, attempt, &slot->lease);
    ho_claim claim = config != NULL ? ho_claim_take(&server->share, name, &slot->lease) : HO_CLAIM_FAILED;
    ho_work_order order = {
        input, slot->staged, config, server->share.root, ho_job_size(job), (int)server->s->threads};
    bool good = claim == HO_CLAIM_WON &&
                ho_share_path(&server->share, slot->staged, "output/.job-%s", slot->lease.token);
    if (good) {
        ho_record_event(&server->record, name, "claimed", "processing", attempt);
        ho_record_state(&server->record, name, "processing", attempt, "start", 0, NAN, 0, "");
        good = ho_work_start(&order, &slot->work, &why) == HO_OK;
    }
    if (good) {
        slot->state = HO_SLOT_RUNNING;
        ho_record_log(&server->record, "%s: started, attempt %d", name, attempt);
        for (size_t i = 0; i < ignored.count; i++)
            ho_record_log(&server->record, "%s: config %.200s is not for a job to set", name,
                          ignored.items[i]);
    } else {
        if (claim == HO_CLAIM_WON) {
            ho_record_log(&server->record, "%s: %s", name, why.text);
            ho_record_waiting(&server->record, name, attempt - 1, server->s->pause, why.text);
            (void)ho_claim_give_back(&server->share, name, &slot->lease);
        } else if (claim == HO_CLAIM_FAILED) {
            ho_record_log(&server->record, "%s: could not be claimed: %s", name, strerror(errno));
        }
        json_decref(slot->job);
        slot->state = HO_SLOT_FREE;
    }
    server->changed = true;
    free(config);
    ho_strings_clear(&ignored);
}

static void consider(ho_server *server, const char *name)
{
    bool wait = false;
    char input[PATH_MAX];
    if (is_name_bad(name)) {
        ho_queue_refuse(server, name, NULL, "failed", "the file's name is none that a job may have");
        return;
    }
    int attempts = ho_record_attempts(&server->share, name, &wait);
    bool cancelled = is_cancelled(server, name);
    if (wait && !cancelled) return;
    json_t *job = read_job(server, name);
    if (job == NULL) return;
    if (cancelled)
        ho_queue_refuse(server, name, job, "cancelled", "cancelled before it ran");
    else if (attempts >= HO_JOB_ATTEMPTS)
        ho_queue_refuse(server, name, job, "failed", "every attempt ended with its worker");
    else if (input_ready(server, name, job, input)) {
        ho_slot *slot = free_slot(server);
        if (slot != NULL) start(server, slot, name, job, input, attempts + 1);
    }
    json_decref(job);
}

size_t ho_queue_scan(ho_server *server)
{
    char folder[PATH_MAX], path[PATH_MAX];
    ho_strings names = {0};
    struct stat facts;
    size_t count = 0;
    if (!ho_share_path(&server->share, folder, "jobs/queue") ||
        ho_share_list(folder, ".json", &names, NULL) != HO_OK) {
        ho_strings_clear(&names);
        return 0;
    }
    waiting *files = HO_NEW(waiting, names.count + 1);
    for (size_t i = 0; files != NULL && i < names.count; i++) {
        if (strlen(names.items[i]) >= sizeof server->slots->name) continue;
        if (!ho_share_path(&server->share, path, "jobs/queue/%s", names.items[i]) || lstat(path, &facts) != 0)
            continue;
        if (!S_ISDIR(facts.st_mode)) files[count++] = (waiting){names.items[i], facts.st_mtim};
    }
    ho_watch_keep(&server->queue, &names);
    if (count > 1) qsort(files, count, sizeof *files, oldest_first);
    for (size_t i = 0; i < count && free_slot(server) != NULL; i++)
        consider(server, files[i].name);
    free(files);
    ho_strings_clear(&names);
    return count;
}
