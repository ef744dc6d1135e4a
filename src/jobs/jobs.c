/* `heavyopt jobs`: what lies in the queue of a share, and what can be done about a job. */
#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "jobs/record.h"
#include "run/hooks.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef struct settings {
    char *action, *job, *share;
    int64_t last;
    double seconds;
} settings;
typedef settings S;

/* clang-format off */
static const ho_option options[] = {
    {"action", 0, "ACTION", "list them, show one, cancel one, retry one that failed, watch until nothing is left to do, or the history.",
     HO_OPTION_CHOICE, 0, 0, "list", "list|show|cancel|retry|watch|history", offsetof(S, action)},
    {"job", 0, "NAME", "The job.", HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, job)},
    {"share", 0, "DIR", "The share.", HO_OPTION_TEXT, 0, 0, ".", NULL, offsetof(S, share)},
    {"last", 0, "N", "So many of those that ended, and of the history.",
     HO_OPTION_INT, 0, 1e6, "20", NULL, offsetof(S, last)},
    {"seconds", 0, "S", "Watch no longer than that.", HO_OPTION_REAL, 0, 1e7, "1e6", NULL, offsetof(S, seconds)},
};
/* clang-format on */

static const char *const folders[] = {"queue", "processing", "completed", "failed"};
enum { FOLDERS = sizeof folders / sizeof *folders };

static ho_status need_job(const S *s, ho_error *err)
{
    if (s->job != NULL && ho_job_name_valid(s->job)) return HO_OK;
    return ho_fail(err, HO_ERR_USAGE, "jobs %s needs the name of a job%s%.140s", s->action,
                   s->job != NULL ? ", not " : "", s->job != NULL ? s->job : "");
}

/* Where the job lies, or NULL. */
static const char *find(const ho_share *share, const char *job, char path[PATH_MAX])
{
    for (size_t i = 0; i < FOLDERS; i++) {
        if (ho_share_path(share, path, "jobs/%s/%s.json", folders[i], job) && access(path, F_OK) == 0)
            return folders[i];
    }
    return NULL;
}

static ho_status no_job(const S *s, ho_error *err)
{
    return ho_fail(err, HO_ERR_USAGE, "no job is named %s", s->job);
}

static void put_line(const ho_share *share, const char *folder, const char *name, FILE *file, json_t *list)
{
    char path[PATH_MAX], id[160];
    json_t *job = ho_share_path(share, path, "jobs/%s/%s", folder, name) ? ho_share_get_json(path) : NULL;
    json_t *state = ho_share_path(share, path, "jobs/status/%s", name) ? ho_share_get_json(path) : NULL;
    const char *input = json_string_value(json_object_get(job, "input_file"));
    const char *status = json_string_value(json_object_get(job, "status"));
    const char *error = json_string_value(json_object_get(job, "error"));
    const json_t *best = json_object_get(json_object_get(job, "best"), "fitness");
    bool ended = strcmp(folder, "completed") == 0 || strcmp(folder, "failed") == 0;
    snprintf(id, sizeof id, "%.*s", (int)strlen(name) - 5, name);
    fprintf(file, "%-10s  ", ended && status != NULL ? status : folder);
    ho_text_put(id, file);
    fputs("  ", file);
    ho_text_put(input != NULL ? input : "?", file);
    if (strcmp(folder, "processing") == 0)
        fprintf(file, "  %lld %%", (long long)json_integer_value(json_object_get(state, "percent")));
    if (json_is_number(best)) fprintf(file, "  fitness %.10g", json_number_value(best));
    if (error != NULL) fputs("  ", file), ho_text_put(error, file);
    fputc('\n', file);
    json_t *line = json_pack("{s:s,s:s,s:s*,s:O*,s:s*}", "job_id", id, "state", folder, "input_file", input,
                             "progress", state, "error", error);
    if (line != NULL) (void)json_array_append_new(list, line);
    json_decref(job);
    json_decref(state);
}

static ho_status list_all(const S *s, const ho_share *share, FILE *file, json_t *root, ho_error *err)
{
    json_t *list = json_array(), *counts = json_object();
    ho_status status = HO_OK;
    for (size_t i = 0; i < FOLDERS && status == HO_OK; i++) {
        char path[PATH_MAX];
        ho_strings names = {0};
        if (!ho_share_path(share, path, "jobs/%s", folders[i])) continue;
        status = ho_share_list(path, ".json", &names, err);
        size_t most = i < 2 ? names.count : (size_t)s->last,
               first = names.count > most ? names.count - most : 0;
        for (size_t k = first; k < names.count && status == HO_OK; k++)
            put_line(share, folders[i], names.items[k], file, list);
        (void)json_object_set_new(counts, folders[i], json_integer((json_int_t)names.count));
        ho_strings_clear(&names);
    }
    fprintf(file, "%lld wait, %lld run, %lld completed, %lld failed\n",
            (long long)json_integer_value(json_object_get(counts, "queue")),
            (long long)json_integer_value(json_object_get(counts, "processing")),
            (long long)json_integer_value(json_object_get(counts, "completed")),
            (long long)json_integer_value(json_object_get(counts, "failed")));
    (void)json_object_set_new(root, "jobs", list);
    (void)json_object_set_new(root, "counts", counts);
    return status;
}

static ho_status show(const S *s, const ho_share *share, FILE *file, json_t *root, ho_error *err)
{
    char path[PATH_MAX];
    HO_TRY(need_job(s, err));
    const char *folder = find(share, s->job, path);
    if (folder == NULL) return no_job(s, err);
    json_t *job = ho_share_get_json(path);
    json_t *state =
        ho_share_path(share, path, "jobs/status/%s.json", s->job) ? ho_share_get_json(path) : NULL;
    (void)json_object_set_new(root, "state", json_string(folder));
    if (job != NULL) (void)json_object_set_new(root, "job", job);
    if (state != NULL) (void)json_object_set_new(root, "progress", state);
    char *text = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    fprintf(file, "%s\n", text != NULL ? text : "");
    free(text);
    return HO_OK;
}

static ho_status cancel(const S *s, const ho_share *share, FILE *file, json_t *root, ho_error *err)
{
    char path[PATH_MAX];
    HO_TRY(need_job(s, err));
    const char *folder = find(share, s->job, path);
    if (folder == NULL) return no_job(s, err);
    if (strcmp(folder, "queue") != 0 && strcmp(folder, "processing") != 0)
        return ho_fail(err, HO_ERR_USAGE, "%s has ended: it lies in %s", s->job, folder);
    if (!ho_share_path(share, path, "jobs/cancel/%s", s->job) || !ho_share_put(path, ""))
        return ho_fail(err, HO_ERR_IO, "%.700s: %s", path, strerror(errno));
    fprintf(file, "%s will be cancelled by the server that has it\n", s->job);
    (void)json_object_set_new(root, "cancelling", json_string(s->job));
    return HO_OK;
}

/* The job as the client wrote it, without what servers added. */
static ho_status retry(const S *s, const ho_share *share, FILE *file, json_t *root, ho_error *err)
{
    static const char *const ours[] = {
        "status", "execution_time", "completion_timestamp", "return_code", "stdout",   "stderr",
        "error",  "output_dir",     "output_files",         "best",        "attempts", "worker",
        "version"};
    char path[PATH_MAX], queue[PATH_MAX];
    HO_TRY(need_job(s, err));
    const char *folder = find(share, s->job, path);
    if (folder == NULL) return no_job(s, err);
    if (strcmp(folder, "failed") != 0)
        return ho_fail(err, HO_ERR_USAGE, "%s did not fail: it lies in %s", s->job, folder);
    json_t *job = ho_share_get_json(path);
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        (void)json_object_del(job, ours[i]);
    ho_record_forget(share, s->job);
    bool good = job != NULL && ho_share_path(share, queue, "jobs/queue/%s.json", s->job) &&
                ho_share_put_json(queue, job);
    int reason = errno;
    json_decref(job);
    if (!good) return ho_fail(err, HO_ERR_IO, "%.700s: %s", queue, strerror(reason));
    (void)unlink(path);
    fprintf(file, "%s is in the queue again\n", s->job);
    (void)json_object_set_new(root, "queued", json_string(s->job));
    return HO_OK;
}

/* The job's own progress, as the server that has it writes it down; one that nobody has yet waits. */
static void tell_job(const ho_share *share, const char *job, const ho_hooks *hooks)
{
    char path[PATH_MAX];
    json_t *state = ho_share_path(share, path, "jobs/status/%s.json", job) ? ho_share_get_json(path) : NULL;
    const json_t *best = json_object_get(state, "best_fitness");
    const char *stage = json_string_value(json_object_get(state, "stage"));
    ho_tell(hooks, stage != NULL ? stage : "waits",
            json_number_value(json_object_get(state, "percent")) / 100,
            json_is_number(best) ? json_number_value(best) : NAN);
    json_decref(state);
}

/* Of all that were there when the watching began and came since, how many have ended. True: all. */
static bool tell_all(const ho_share *share, size_t ended_before, const ho_hooks *hooks)
{
    char stage[64];
    const size_t queue = ho_record_count(share, "queue"), busy = ho_record_count(share, "processing");
    const size_t ended = ho_record_count(share, "completed") + ho_record_count(share, "failed");
    const double done = ended > ended_before ? (double)(ended - ended_before) : 0;
    if (queue + busy == 0) return true;
    snprintf(stage, sizeof stage, "%zu wait, %zu run", queue, busy);
    ho_tell(hooks, stage, done / (done + (double)(queue + busy)), NAN);
    return false;
}

static ho_status watch(const S *s, const ho_share *share, const ho_hooks *hooks, FILE *file, json_t *root,
                       ho_error *err)
{
    const struct timespec pause = {.tv_nsec = 200000000};
    char path[PATH_MAX];
    const size_t ended = ho_record_count(share, "completed") + ho_record_count(share, "failed");
    if (s->job != NULL) {
        HO_TRY(need_job(s, err));
        if (find(share, s->job, path) == NULL) return no_job(s, err);
    }
    for (double waited = 0; waited < s->seconds && !ho_cancelled(hooks); waited += 0.2) {
        const char *folder = s->job != NULL ? find(share, s->job, path) : NULL;
        if (s->job == NULL ? tell_all(share, ended, hooks) : folder == folders[2] || folder == folders[3])
            break;
        if (s->job != NULL) tell_job(share, s->job, hooks);
        nanosleep(&pause, NULL);
    }
    return s->job != NULL ? show(s, share, file, root, err) : list_all(s, share, file, root, err);
}

static ho_status history(const S *s, const ho_share *share, FILE *file, json_t *root)
{
    json_t *lines = ho_record_history(share, (size_t)s->last), *line;
    size_t i;
    json_array_foreach(lines, i, line)
    {
        static const char *const keys[] = {"timestamp", "job", "event", "status", "worker"};
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
            const char *text = json_string_value(json_object_get(line, keys[k]));
            ho_text_put(text != NULL ? text : "?", file);
            fputs(k + 1 < sizeof keys / sizeof *keys ? "  " : "\n", file);
        }
    }
    (void)json_object_set_new(root, "history", lines);
    return HO_OK;
}

static ho_status act(const S *s, const ho_share *share, const ho_hooks *hooks, FILE *file, json_t *root,
                     ho_error *err)
{
    if (strcmp(s->action, "show") == 0) return show(s, share, file, root, err);
    if (strcmp(s->action, "cancel") == 0) return cancel(s, share, file, root, err);
    if (strcmp(s->action, "retry") == 0) return retry(s, share, file, root, err);
    if (strcmp(s->action, "watch") == 0) return watch(s, share, hooks, file, root, err);
    if (strcmp(s->action, "history") == 0) return history(s, share, file, root);
    return list_all(s, share, file, root, err);
}

static ho_status run(const void *settings_, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    const S *s = settings_;
    ho_share share = {.lock = -1};
    ho_outcome made = {0};
    ho_text t;
    HO_TRY(ho_share_open(s->share, false, &share, err));
    HO_TRY(ho_text_begin(&t, err));
    json_t *root = json_object();
    ho_status status =
        root != NULL ? act(s, &share, hooks, t.file, root, err) : ho_fail_memory(err, 0, "a document");
    ho_status ended = ho_text_end(&t, &made.summary, status == HO_OK ? err : NULL);
    if (status == HO_OK) status = ended;
    if (status == HO_OK) made.json = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    json_decref(root);
    return ho_hand_over(status, &made, outcome);
}

extern const ho_command ho_command_jobs;
const ho_command ho_command_jobs = {
    .name = "jobs",
    .sentence = "lists, shows, cancels and repeats the jobs of a share",
    .positional = {"action", "job"},
    .options = {options, sizeof options / sizeof *options},
    .settings_size = sizeof(S),
    .run = run,
};
