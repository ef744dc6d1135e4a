/* `heavyopt serve`: the loop. One thread looks after everything; each job is a process. Nothing that a file, a client or
 * a job does ends the loop: what goes wrong is a line of the log. */
#include "jobs/serve.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/strings.h"
#include "run/hooks.h"
#include "run/input.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef ho_serve_settings S;

/* clang-format off */
static const ho_option options[] = {
    {"share", 0, "DIR", "The share: the folder with input/, output/, jobs/; what is missing of it is made.",
     HO_OPTION_TEXT, 0, 0, ".", NULL, offsetof(S, share)},
    {"workers", 'w', "N", "Jobs at the same time.", HO_OPTION_INT, 1, 64, "4", NULL, offsetof(S, workers)},
    {"threads", 't', "N", "Threads of a job; 0: the processors shared out among the workers.",
     HO_OPTION_INT, 0, 1024, "0", NULL, offsetof(S, threads)},
    {"timeout", 0, "SECONDS", "Time limit of a job.", HO_OPTION_INT, 1, 86400, "300", NULL, offsetof(S, timeout)},
    {"poll", 0, "SECONDS", "Time between two looks at the queue.",
     HO_OPTION_REAL, 0.01, 3600, "2", NULL, offsetof(S, poll)},
    {"lease", 0, "SECONDS", "A server that gives no sign for so long has lost its jobs to others.",
     HO_OPTION_REAL, 0.5, 86400, "60", NULL, offsetof(S, lease)},
    {"heartbeat", 0, "SECONDS", "Time between two signs of life.",
     HO_OPTION_REAL, 0.1, 3600, "10", NULL, offsetof(S, heartbeat)},
    {"grace", 0, "SECONDS", "When the server is stopped, running jobs may take so long to finish; then they go back.",
     HO_OPTION_REAL, 0, 86400, "30", NULL, offsetof(S, grace)},
    {"retry-pause", 0, "SECONDS", "Pause before a job is tried again; it doubles.",
     HO_OPTION_REAL, 0, 300, "5", NULL, offsetof(S, pause)},
    {"input-wait", 0, "SECONDS", "So long a job waits for its table to appear in input/.",
     HO_OPTION_REAL, 0, 86400, "60", NULL, offsetof(S, input_wait)},
    {"watch-input", 0, NULL, "Make a job of each new CSV file in input/; its size comes from a name like table_ps40.csv.",
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, watch_input)},
    {"notify", 0, "COMMAND", "Run this program, without a shell, with each result on its standard input.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, notify)},
    {"once", 0, NULL, "End when the queue is empty and no job runs.",
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, once)},
};
/* clang-format on */

static volatile sig_atomic_t hung_up;

static void on_hangup(int number)
{
    (void)number;
    hung_up = 1;
}

static bool owns(void *user, const char *token)
{
    const ho_server *server = user;
    for (int64_t i = 0; i < server->s->workers; i++) {
        const ho_slot *slot = &server->slots[i];
        if (slot->state != HO_SLOT_FREE && !slot->lost && strcmp(slot->lease.token, token) == 0) return true;
    }
    return false;
}

static void stop_slot(ho_slot *slot, ho_slot_stop why, double now)
{
    enum { KILL_AFTER = 15 };
    if (slot->stop != HO_STOP_NOT) return;
    slot->stop = why;
    slot->stop_at = now + KILL_AFTER;
    (void)kill(slot->work.pid, SIGTERM); /* it may write its best so far */
}

static void renew(ho_server *server, ho_slot *slot, double now)
{
    slot->beat_at = now;
    ho_claim claim = ho_claim_renew(&server->share, slot->name, &slot->lease);
    if (claim == HO_CLAIM_FAILED)
        ho_record_log(&server->record, "%s: no sign of life could be given: %s", slot->name, strerror(errno));
    if (claim != HO_CLAIM_LOST || slot->state != HO_SLOT_RUNNING) return;
    slot->lost = true;
    (void)kill(slot->work.pid, SIGKILL);
}

static void tend_running(ho_server *server, ho_slot *slot, double now)
{
    int wait_status = 0;
    char path[PATH_MAX];
    ho_work_listen(&slot->work);
    pid_t gone = waitpid(slot->work.pid, &wait_status, WNOHANG);
    if (gone == slot->work.pid) {
        ho_finish_begin(server, slot, wait_status);
        return;
    }
    if (now - slot->started > (double)server->s->timeout) stop_slot(slot, HO_STOP_TIMEOUT, now);
    if (slot->stop != HO_STOP_NOT && now > slot->stop_at) (void)kill(slot->work.pid, SIGKILL);
    if (now - slot->told_at < 1) return;
    slot->told_at = now;
    ho_record_state(&server->record, slot->name, "processing", slot->lease.attempt, slot->work.stage,
                    slot->work.share_done, slot->work.best, now - slot->started, "");
    int stem = (int)strlen(slot->name) - 5;
    if (ho_share_path(&server->share, path, "jobs/cancel/%.*s", stem, slot->name) &&
        access(path, F_OK) == 0) {
        (void)unlink(path);
        stop_slot(slot, HO_STOP_CANCELLED, now);
    }
}

/* Returns how many slots are busy. */
static size_t tend_slots(ho_server *server, double now)
{
    size_t busy = 0;
    for (int64_t i = 0; i < server->s->workers; i++) {
        ho_slot *slot = &server->slots[i];
        if (slot->state != HO_SLOT_FREE && now - slot->beat_at >= server->s->heartbeat)
            renew(server, slot, now);
        if (slot->state == HO_SLOT_RUNNING)
            tend_running(server, slot, now);
        else if (slot->state == HO_SLOT_FINISHING && now >= slot->next_try)
            ho_finish_try(server, slot);
        busy += slot->state != HO_SLOT_FREE;
    }
    return busy;
}

/* Was a "finished" line written for the job's attempt? */
static bool is_in_history(const ho_server *server, const ho_dead *dead)
{
    bool found = false;
    json_t *history = ho_record_history(&server->share, 1000000), *line;
    size_t i;
    json_array_foreach(history, i, line)
    {
        const char *job = json_string_value(json_object_get(line, "job"));
        const char *event = json_string_value(json_object_get(line, "event"));
        found |= job != NULL && event != NULL && strcmp(job, dead->name) == 0 &&
                 strcmp(event, "finished") == 0 &&
                 json_integer_value(json_object_get(line, "attempt")) == dead->attempt;
    }
    json_decref(history);
    return found;
}

static void rescue(ho_server *server)
{
    ho_dead dead;
    char staged[PATH_MAX];
    while (ho_claim_rescue(&server->share, &server->leases, server->s->lease, owns, server, &dead)) {
        if (dead.token[0] != '\0' && ho_share_path(&server->share, staged, "output/.job-%s", dead.token))
            ho_folder_remove(staged);
        if (dead.published) {
            if (!is_in_history(server, &dead))
                ho_record_event(&server->record, dead.name, "finished", "tidied up", dead.attempt);
            ho_record_forget(&server->share, dead.name);
        } else {
            ho_record_waiting(&server->record, dead.name, dead.attempt, 0, "its server died");
            ho_record_event(&server->record, dead.name, "rescued", "queued", dead.attempt);
        }
        ho_record_log(&server->record, "%s: taken over from %s, which gave no sign", dead.name, dead.worker);
        server->changed = true;
    }
}

static void tell_progress(const ho_server *server, size_t busy, size_t waiting)
{
    char stage[64];
    double best = NAN;
    for (int64_t i = 0; i < server->s->workers; i++) {
        if (server->slots[i].state == HO_SLOT_RUNNING) best = fmax(best, server->slots[i].work.best);
    }
    snprintf(stage, sizeof stage, "%zu run, %zu wait", busy, waiting);
    ho_tell(server->hooks, stage, 0, best);
}

/* One turn of the loop; false: there is nothing more to do. */
static bool turn(ho_server *server, double stopped_at, size_t *waiting)
{
    double now = ho_clock_seconds();
    bool stopping = stopped_at >= 0;
    if (hung_up) {
        hung_up = 0;
        ho_record_reopen_log(&server->record);
        ho_record_log(&server->record, "log opened again");
    }
    size_t busy = tend_slots(server, now);
    bool hooks_run = ho_notify_tend(&server->notify, &server->record);
    if (!stopping && now - server->rescued_at >= fmin(1, server->s->lease / 4)) {
        server->rescued_at = now;
        rescue(server);
    }
    if (!stopping && now - server->swept_at >= server->s->lease / 2) {
        server->swept_at = now;
        ho_sweep(server);
    }
    if (!stopping && server->s->watch_input && now - server->watched_at >= server->s->poll) {
        server->watched_at = now;
        ho_watch_input(server);
    }
    if (!stopping && now - server->scanned_at >= server->s->poll) {
        server->scanned_at = now;
        *waiting = ho_queue_scan(server);
    }
    for (int64_t i = 0; stopping && now - stopped_at > server->s->grace && i < server->s->workers; i++) {
        if (server->slots[i].state == HO_SLOT_RUNNING) stop_slot(&server->slots[i], HO_STOP_SHUTDOWN, now);
    }
    if (server->changed || busy != 0) ho_record_counts(&server->record, (int)server->s->workers, false);
    server->changed = server->changed && now - server->record.counts_at >= 2;
    tell_progress(server, busy, *waiting);
    if (stopping) return busy != 0 && now - stopped_at < server->s->grace + 15;
    return !server->s->once || busy != 0 || *waiting != 0 || hooks_run ||
           ho_record_count(&server->share, "processing") != 0;
}

static void loop(ho_server *server)
{
    const struct timespec pause = {.tv_nsec = 50000000};
    double stopped_at = -1;
    size_t waiting = 0;
    server->scanned_at = -1e9;
    for (;;) {
        if (stopped_at < 0 && ho_cancelled(server->hooks)) {
            stopped_at = ho_clock_seconds();
            ho_record_log(&server->record, "stopping: running jobs have %g s", server->s->grace);
        }
        if (!turn(server, stopped_at, &waiting)) break;
        nanosleep(&pause, NULL);
    }
    for (int64_t i = 0; i < server->s->workers;
         i++) { /* what could not even be published is another server's now */
        if (server->slots[i].state == HO_SLOT_RUNNING) (void)kill(server->slots[i].work.pid, SIGKILL);
    }
    ho_record_counts(&server->record, (int)server->s->workers, true);
}

static ho_status hand_over(const ho_server *server, ho_outcome *outcome, ho_error *err)
{
    ho_text t;
    json_t *root = json_pack("{s:I,s:I,s:I}", "completed", (json_int_t)server->completed, "failed",
                             (json_int_t)server->failed, "given_back", (json_int_t)server->given_back);
    outcome->json = root != NULL ? json_dumps(root, JSON_INDENT(2)) : NULL;
    json_decref(root);
    HO_TRY(ho_text_begin(&t, err));
    fprintf(t.file, "%zu completed, %zu failed, %zu given back\n", server->completed, server->failed,
            server->given_back);
    return ho_text_end(&t, &outcome->summary, err);
}

static ho_status check_settings(const S *s, ho_error *err)
{
    ho_strings words = {0};
    bool good = s->notify == NULL || ho_notify_words(s->notify, &words);
    ho_strings_clear(&words);
    if (!good)
        return ho_fail(err, HO_ERR_USAGE, "--notify %.200s: expected a program and its arguments", s->notify);
    if (s->heartbeat * 2 > s->lease)
        return ho_fail(err, HO_ERR_USAGE, "--heartbeat %g: expected at most half of --lease %g", s->heartbeat,
                       s->lease);
    return HO_OK;
}

static ho_status run(const void *settings, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    S s = *(const S *)settings;
    HO_TRY(check_settings(&s, err));
    if (s.threads == 0) s.threads = (ho_threads(0) + s.workers - 1) / s.workers;
    ho_server server = {.s = &s, .hooks = hooks};
    struct sigaction act = {.sa_handler = on_hangup, .sa_flags = SA_RESTART}, old;
    sigemptyset(&act.sa_mask);
    ho_status status = ho_share_open(s.share, true, &server.share, err);
    server.slots = HO_NEW(ho_slot, (size_t)s.workers);
    if (status == HO_OK && server.slots == NULL) status = ho_fail_memory(err, 0, "the slots");
    if (status == HO_OK) {
        (void)sigaction(SIGHUP, &act, &old);
        ho_record_open(&server.share, &server.record);
        ho_record_log(&server.record, "heavyopt %s serves %s: %lld workers%s", HO_VERSION, server.share.root,
                      (long long)s.workers, server.share.remote ? ", remote mount: claims by mkdir" : "");
        loop(&server);
        ho_record_log(&server.record, "ended");
        ho_record_close(&server.record);
        (void)sigaction(SIGHUP, &old, NULL);
        status = hand_over(&server, outcome, err);
    }
    ho_watch_clear(&server.queue);
    ho_watch_clear(&server.leases);
    ho_watch_clear(&server.inputs);
    ho_watch_clear(&server.staged);
    free(server.slots);
    ho_share_close(&server.share);
    return status;
}

extern const ho_command ho_command_serve;
const ho_command ho_command_serve = {
    .name = "serve",
    .sentence = "runs the jobs that lie in a shared folder",
    .options = {options, sizeof options / sizeof *options},
    .settings_size = sizeof(S),
    .run = run,
    .more = "Any number of servers may serve one share. SIGTERM: running jobs finish or go back to the "
            "queue, exit code 0. "
            "SIGHUP: the log is opened again.",
};
