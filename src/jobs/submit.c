/* `heavyopt submit`: writes a job into the queue of a share. */
#include "base/error.h"
#include "base/memory.h"
#include "base/rng.h"
#include "base/strings.h"
#include "jobs/share.h"
#include "run/hooks.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

typedef struct settings {
    char *input, *share, *type, *name;
    ho_strings with;
    int64_t size;
    double wait;
} settings;
typedef settings S;

/* clang-format off */
static const ho_option options[] = {
    {"input", 'i', "FILE", "The table: a file in input/ of the share.", HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, input)},
    {"portfolio-size", 'p', "N", "Strategies of a portfolio.", HO_OPTION_INT, 10, 100, "35", NULL, offsetof(S, size)},
    {"share", 0, "DIR", "The share.", HO_OPTION_TEXT, 0, 0, ".", NULL, offsetof(S, share)},
    {"with", 0, "OPTION=VALUE", "An option of optimize for this job, such as seed=7.",
     HO_OPTION_LIST, 0, 0, NULL, NULL, offsetof(S, with)},
    {"type", 0, "TYPE", "Recorded with the job; it changes nothing.", HO_OPTION_CHOICE, 0, 0, "complete_optimization",
     "complete_optimization|csv_optimization|hft_optimization|comprehensive_optimization|custom_optimization",
     offsetof(S, type)},
    {"name", 0, "NAME", "The job's name; else one is made.", HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, name)},
    {"wait", 0, "SECONDS", "Wait so long for the result, 0 for not at all; the exit code is then that of the job.",
     HO_OPTION_REAL, 0, 1e6, "0", NULL, offsetof(S, wait)},
};
/* clang-format on */

static void make_name(char *name, size_t size)
{
    char when[32];
    unsigned number = 0;
    time_t now = time(NULL);
    struct tm local;
    strftime(when, sizeof when, "%Y%m%d_%H%M%S", localtime_r(&now, &local));
    if (getrandom(&number, sizeof number, 0) != sizeof number) number = (unsigned)getpid();
    snprintf(name, size, "job_%08x_%s", number, when);
}

static json_t *make_job(const S *s, const char *name, const char *input)
{
    char when[40], host[64] = "";
    const char *user = getenv("USER");
    ho_time_text(when);
    (void)gethostname(host, sizeof host - 1);
    json_t *config = json_object();
    for (size_t i = 0; i < s->with.count; i++) {
        const char *text = s->with.items[i], *equals = strchr(text, '=');
        char key[128];
        snprintf(key, sizeof key, "%.*s", (int)(equals - text), text);
        (void)json_object_set_new(config, key, json_string(equals + 1));
    }
    return json_pack("{s:s,s:s,s:I,s:s,s:s,s:o,s:{s:s,s:s}}", "job_id", name, "input_file", input,
                     "portfolio_size", (json_int_t)s->size, "job_type", s->type, "timestamp", when, "config",
                     config, "client_info", "computer_name", host, "username", user != NULL ? user : "");
}

/* The name below input/ of the file that was meant, from wherever it was named. */
static ho_status find_input(const S *s, const ho_share *share, char *out, size_t size, ho_error *err)
{
    char path[PATH_MAX], here[PATH_MAX], folder[PATH_MAX];
    ho_error why;
    ho_status status = ho_share_input(share, s->input, path, &why);
    if (status != HO_OK && realpath(s->input, here) != NULL) status = ho_share_input(share, here, path, &why);
    if (status != HO_OK) return ho_fail(err, HO_ERR_DATA, "%s: copy it there first", why.text);
    if (!ho_share_path(share, here, "input") || realpath(here, folder) == NULL)
        return ho_fail(err, HO_ERR_IO, "%.700s: %s", here, strerror(errno));
    snprintf(out, size, "%s", path + strlen(folder) + 1);
    return HO_OK;
}

static ho_status put(const ho_share *share, const char *name, const json_t *job, ho_error *err)
{
    char path[PATH_MAX], part[PATH_MAX];
    if (!ho_share_path(share, path, "jobs/queue/%s.json", name) ||
        !ho_share_path(share, part, "jobs/queue/.%s.part", name))
        return ho_fail(err, HO_ERR_USAGE, "--name is too long");
    bool good = ho_share_put_json(part, job);
    int reason = errno;
    if (good && link(part, path) != 0) { /* unlike a rename, it never replaces a job */
        good = false;
        reason = errno;
        if (reason == EPERM || reason == EOPNOTSUPP) { /* a share without links */
            good = access(path, F_OK) != 0 && rename(part, path) == 0;
            reason = good ? 0 : EEXIST;
        }
    }
    (void)unlink(part);
    if (good) return HO_OK;
    if (reason == EEXIST) return ho_fail(err, HO_ERR_USAGE, "a job named %s waits already", name);
    return ho_fail(err, HO_ERR_IO, "%.700s: %s", path, strerror(reason));
}

/* The job's result, or NULL when the time is over. */
static json_t *wait_for(const S *s, const ho_share *share, const char *name, const ho_hooks *hooks)
{
    char path[PATH_MAX];
    const struct timespec pause = {.tv_nsec = 200000000};
    json_t *result = NULL;
    for (double waited = 0; result == NULL && waited < s->wait && !ho_cancelled(hooks); waited += 0.2) {
        static const char *const folders[] = {"completed", "failed"};
        for (size_t i = 0; i < 2 && result == NULL; i++) {
            if (ho_share_path(share, path, "jobs/%s/%s.json", folders[i], name))
                result = ho_share_get_json(path);
        }
        json_t *state =
            ho_share_path(share, path, "jobs/status/%s.json", name) ? ho_share_get_json(path) : NULL;
        const json_t *best = json_object_get(state, "best_fitness");
        const char *stage = json_string_value(json_object_get(state, "stage"));
        ho_tell(hooks, stage != NULL ? stage : "waits",
                json_number_value(json_object_get(state, "percent")) / 100,
                json_is_number(best) ? json_number_value(best) : NAN);
        json_decref(state);
        if (result == NULL) nanosleep(&pause, NULL);
    }
    return result;
}

static ho_status hand_result(const json_t *result, const char *name, ho_outcome *outcome, ho_error *err)
{
    const char *said = json_string_value(json_object_get(result, "stdout"));
    const char *status = json_string_value(json_object_get(result, "status"));
    const char *reason = json_string_value(json_object_get(result, "error"));
    outcome->json = json_dumps(result, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    outcome->summary = said != NULL ? ho_copy_text(said) : NULL;
    if (status != NULL && strcmp(status, "completed") == 0) return HO_OK;
    return ho_fail(err,
                   json_integer_value(json_object_get(result, "return_code")) == 3 ? HO_ERR_DATA : HO_ERR_IO,
                   "%s %s: %.700s", name, status != NULL ? status : "failed", reason != NULL ? reason : "");
}

static ho_status check(const S *s, ho_error *err)
{
    for (size_t i = 0; i < s->with.count; i++) {
        if (strchr(s->with.items[i], '=') == NULL)
            return ho_fail(err, HO_ERR_USAGE, "--with %.100s: expected OPTION=VALUE, as seed=7",
                           s->with.items[i]);
    }
    if (s->name != NULL && !ho_job_name_valid(s->name))
        return ho_fail(err, HO_ERR_USAGE,
                       "--name %.140s: expected 1 to 128 letters, digits, points, hyphens or underscores",
                       s->name);
    return HO_OK;
}

static ho_status run(const void *settings_, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    const S *s = settings_;
    ho_share share = {.lock = -1};
    char name[160], input[PATH_MAX];
    HO_TRY(check(s, err));
    HO_TRY(ho_share_open(s->share, false, &share, err));
    if (s->name != NULL)
        snprintf(name, sizeof name, "%.128s", s->name);
    else
        make_name(name, sizeof name);
    HO_TRY(find_input(s, &share, input, sizeof input, err));
    json_t *job = make_job(s, name, input);
    ho_status status = job != NULL ? put(&share, name, job, err) : ho_fail_memory(err, 0, "a job");
    json_decref(job);
    HO_TRY(status);
    json_t *result = s->wait > 0 ? wait_for(s, &share, name, hooks) : NULL;
    if (result != NULL) {
        status = hand_result(result, name, outcome, err);
        json_decref(result);
        return status;
    }
    ho_text t;
    json_t *root = json_pack("{s:s,s:s}", "job_id", name, "status", "queued");
    outcome->json = root != NULL ? json_dumps(root, JSON_INDENT(2)) : NULL;
    json_decref(root);
    HO_TRY(ho_text_begin(&t, err));
    fprintf(t.file, "%s%s\n", name, s->wait > 0 ? " is not done yet" : "");
    return ho_text_end(&t, &outcome->summary, err);
}

extern const ho_command ho_command_submit;
const ho_command ho_command_submit = {
    .name = "submit",
    .sentence = "puts a job into the queue of a share",
    .positional = {"input"},
    .required = {"input"},
    .options = {options, sizeof options / sizeof *options},
    .settings_size = sizeof(S),
    .run = run,
};
