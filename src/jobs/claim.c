#include "jobs/claim.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/strings.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

static void read_line(const char *path, char *out, size_t size)
{
    FILE *file = fopen(path, "re");
    if (file == NULL || fgets(out, (int)size, file) == NULL) out[0] = '\0';
    if (file != NULL) fclose(file);
    out[strcspn(out, "\n")] = '\0';
}

/* "BOOT STARTED": a process number alone may belong to another process by now. */
static void process_mark(long pid, char *out, size_t size)
{
    char path[64], boot[64] = "", line[1024] = "";
    unsigned long long started = 0;
    read_line("/proc/sys/kernel/random/boot_id", boot, sizeof boot);
    snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    read_line(path, line, sizeof line);
    const char *after = strrchr(line, ')');
    if (after == NULL ||
        sscanf(after, ") %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu",
               &started) != 1)
        started = 0;
    snprintf(out, size, "%.40s %llu", boot, started);
}

void ho_lease_new(const char *worker, int attempt, ho_lease *lease)
{
    unsigned long long number[2] = {0};
    if (getrandom(number, sizeof number, 0) != sizeof number) number[0] = (unsigned long long)getpid();
    *lease = (ho_lease){.attempt = attempt};
    snprintf(lease->token, sizeof lease->token, "%016llx%016llx", number[0], number[1]);
    snprintf(lease->worker, sizeof lease->worker, "%s", worker);
}

static bool lease_path(const ho_share *share, const char *name, char out[PATH_MAX])
{
    return ho_share_path(share, out, "jobs/processing/%.*s.lease", (int)strlen(name) - 5, name);
}

static bool write_lease(const ho_share *share, const char *name, const ho_lease *lease)
{
    char path[PATH_MAX], host[64] = "", mark[80];
    (void)gethostname(host, sizeof host - 1);
    process_mark(getpid(), mark, sizeof mark);
    json_t *value = json_pack("{s:s,s:s,s:i,s:s,s:I,s:s,s:I}", "token", lease->token, "worker", lease->worker,
                              "attempt", lease->attempt, "host", host, "pid", (json_int_t)getpid(), "process",
                              mark, "heartbeat", (json_int_t)lease->beat);
    bool good = value != NULL && lease_path(share, name, path) && ho_share_put_json(path, value);
    json_decref(value);
    return good;
}

static json_t *read_lease(const ho_share *share, const char *name)
{
    char path[PATH_MAX];
    return lease_path(share, name, path) ? ho_share_get_json(path) : NULL;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

/* Is the lease still the one that we wrote? */
static bool holds(const ho_share *share, const char *name, const ho_lease *lease)
{
    json_t *now = read_lease(share, name);
    bool same = strcmp(text_of(now, "token"), lease->token) == 0;
    json_decref(now);
    return same;
}

static void drop_lease(const ho_share *share, const char *name)
{
    char path[PATH_MAX];
    if (lease_path(share, name, path)) (void)unlink(path);
    if (ho_share_path(share, path, "jobs/processing/%s.claim", name)) (void)rmdir(path);
}

static bool paths_of(const ho_share *share, const char *name, char queue[PATH_MAX], char processing[PATH_MAX])
{
    return ho_share_path(share, queue, "jobs/queue/%s", name) &&
           ho_share_path(share, processing, "jobs/processing/%s", name);
}

static bool exists(const char *path)
{
    struct stat facts;
    return lstat(path, &facts) == 0;
}

static ho_claim take_locked(const ho_share *share, const char *name, const ho_lease *lease)
{
    char queue[PATH_MAX], processing[PATH_MAX], claim[PATH_MAX];
    if (!paths_of(share, name, queue, processing)) return errno = ENAMETOOLONG, HO_CLAIM_FAILED;
    if (!exists(queue) || exists(processing)) return HO_CLAIM_LOST;
    if (share->remote && ho_share_path(share, claim, "jobs/processing/%s.claim", name) &&
        mkdir(claim, 0777) != 0)
        return errno == EEXIST ? HO_CLAIM_LOST : HO_CLAIM_FAILED;
    /* A result under this name is of a job before this one; it would pass for this one's if we died. */
    static const char *const old[] = {"jobs/completed", "jobs/failed"};
    for (size_t i = 0; i < sizeof old / sizeof *old; i++) {
        char result[PATH_MAX];
        if (ho_share_path(share, result, "%s/%s", old[i], name)) (void)unlink(result);
    }
    bool good = write_lease(share, name, lease) && rename(queue, processing) == 0;
    int reason = errno;
    if (!good) drop_lease(share, name);
    errno = reason;
    return good ? HO_CLAIM_WON : reason == ENOENT ? HO_CLAIM_LOST : HO_CLAIM_FAILED;
}

ho_claim ho_claim_take(const ho_share *share, const char *name, const ho_lease *lease)
{
    if (!ho_share_lock(share)) return errno = EAGAIN, HO_CLAIM_FAILED;
    ho_claim claim = take_locked(share, name, lease);
    int reason = errno;
    ho_share_unlock(share);
    errno = reason;
    return claim;
}

ho_claim ho_claim_renew(const ho_share *share, const char *name, ho_lease *lease)
{
    if (!ho_share_lock(share)) return errno = EAGAIN, HO_CLAIM_FAILED;
    ho_claim claim = HO_CLAIM_LOST;
    int reason = 0;
    if (holds(share, name, lease)) {
        lease->beat++;
        claim = write_lease(share, name, lease) ? HO_CLAIM_WON : HO_CLAIM_FAILED;
        reason = errno;
    }
    ho_share_unlock(share);
    errno = reason;
    return claim;
}

static ho_claim finish_locked(const ho_share *share, const char *name, const ho_lease *lease,
                              const char *folder, const json_t *result, const char *staged,
                              const char *output)
{
    char path[PATH_MAX], processing[PATH_MAX];
    if (!holds(share, name, lease)) {
        json_t *other = read_lease(share, name);
        bool gone = other != NULL || !ho_share_path(share, processing, "jobs/processing/%s", name) ||
                    !exists(processing);
        json_decref(other);
        return gone ? HO_CLAIM_LOST : (errno = EIO, HO_CLAIM_FAILED); /* unreadable just now */
    }
    if (!ho_share_path(share, path, "jobs/%s/%s", folder, name)) return errno = ENAMETOOLONG, HO_CLAIM_FAILED;
    if (staged != NULL && exists(staged) && rename(staged, output) != 0) return HO_CLAIM_FAILED;
    return ho_share_put_json(path, result) ? HO_CLAIM_WON : HO_CLAIM_FAILED;
}

ho_claim ho_claim_finish(const ho_share *share, const char *name, const ho_lease *lease, const char *folder,
                         const json_t *result, const char *staged, const char *output)
{
    if (!ho_share_lock(share)) return errno = EAGAIN, HO_CLAIM_FAILED;
    ho_claim claim = finish_locked(share, name, lease, folder, result, staged, output);
    int reason = errno;
    ho_share_unlock(share);
    errno = reason;
    return claim;
}

void ho_claim_tidy(const ho_share *share, const char *name, const ho_lease *lease)
{
    char processing[PATH_MAX];
    if (!ho_share_lock(share)) return; /* whoever finds the dead lease does it */
    if (holds(share, name, lease) && ho_share_path(share, processing, "jobs/processing/%s", name)) {
        (void)unlink(processing);
        drop_lease(share, name);
    }
    ho_share_unlock(share);
}

ho_claim ho_claim_give_back(const ho_share *share, const char *name, const ho_lease *lease)
{
    char queue[PATH_MAX], processing[PATH_MAX];
    if (!paths_of(share, name, queue, processing)) return errno = ENAMETOOLONG, HO_CLAIM_FAILED;
    if (!ho_share_lock(share)) return errno = EAGAIN, HO_CLAIM_FAILED;
    ho_claim claim = HO_CLAIM_LOST;
    int reason = 0;
    if (holds(share, name, lease)) {
        claim = rename(processing, queue) == 0 ? HO_CLAIM_WON : HO_CLAIM_FAILED;
        reason = errno;
        if (claim == HO_CLAIM_WON) drop_lease(share, name);
    }
    ho_share_unlock(share);
    errno = reason;
    return claim;
}

void ho_watch_clear(ho_watch *watch)
{
    free(watch->items);
    *watch = (ho_watch){0};
}

double ho_watch_unchanged(ho_watch *watch, const char *name, const char *look)
{
    double now = ho_clock_seconds();
    for (size_t i = 0; i < watch->count; i++) {
        if (strcmp(watch->items[i].name, name) != 0) continue;
        if (strcmp(watch->items[i].seen, look) != 0) {
            snprintf(watch->items[i].seen, sizeof watch->items[i].seen, "%s", look);
            watch->items[i].since = now;
        }
        return now - watch->items[i].since;
    }
    void *items = ho_grow_array(watch->items, watch->count + 1, sizeof *watch->items);
    if (items == NULL) return 0;
    watch->items = items;
    snprintf(watch->items[watch->count].name, sizeof watch->items->name, "%s", name);
    snprintf(watch->items[watch->count].seen, sizeof watch->items->seen, "%s", look);
    watch->items[watch->count++].since = now;
    return 0;
}

void ho_watch_keep(ho_watch *watch, const ho_strings *names)
{
    size_t kept = 0;
    for (size_t i = 0; i < watch->count; i++) {
        if (ho_strings_has(names, watch->items[i].name)) watch->items[kept++] = watch->items[i];
    }
    watch->count = kept;
}

/* A process of this machine that no longer runs. */
static bool owner_is_gone(const json_t *lease)
{
    char host[64] = "", mark[80];
    (void)gethostname(host, sizeof host - 1);
    long pid = (long)json_integer_value(json_object_get(lease, "pid"));
    if (pid <= 0 || strcmp(text_of(lease, "host"), host) != 0) return false;
    process_mark(pid, mark, sizeof mark);
    const char *theirs = text_of(lease, "process");
    size_t boot = strcspn(mark, " ");
    bool same_machine =
        boot != 0 && strncmp(theirs, mark, boot + 1) == 0; /* another boot may be another container */
    return same_machine && strcmp(theirs, mark) != 0;
}

static bool rescue_one(const ho_share *share, const char *name, const char *token, ho_dead *dead)
{
    char queue[PATH_MAX], processing[PATH_MAX], done[PATH_MAX], failed[PATH_MAX];
    json_t *lease = read_lease(share, name);
    bool same = strcmp(text_of(lease, "token"), token) == 0; /* as it was when we judged it */
    bool good = same && paths_of(share, name, queue, processing) && exists(processing) &&
                ho_share_path(share, done, "jobs/completed/%s", name) &&
                ho_share_path(share, failed, "jobs/failed/%s", name);
    if (good) {
        *dead = (ho_dead){.attempt = (int)json_integer_value(json_object_get(lease, "attempt")),
                          .published = exists(done) || exists(failed)};
        snprintf(dead->name, sizeof dead->name, "%s", name);
        snprintf(dead->token, sizeof dead->token, "%s", token);
        snprintf(dead->worker, sizeof dead->worker, "%s", text_of(lease, "worker"));
        good = dead->published ? unlink(processing) == 0 : rename(processing, queue) == 0;
        if (good) drop_lease(share, name);
    }
    json_decref(lease);
    return good;
}

bool ho_claim_rescue(const ho_share *share, ho_watch *watch, double seconds,
                     bool (*own)(void *user, const char *token), void *user, ho_dead *dead)
{
    char folder[PATH_MAX], look[200];
    ho_strings names = {0};
    bool found = false;
    if (!ho_share_path(share, folder, "jobs/processing") ||
        ho_share_list(folder, ".json", &names, NULL) != HO_OK) {
        ho_strings_clear(&names);
        return false;
    }
    ho_watch_keep(watch, &names);
    for (size_t i = 0; i < names.count && !found; i++) {
        if (strlen(names.items[i]) >= sizeof dead->name) continue;
        json_t *lease = read_lease(share, names.items[i]);
        char token[40];
        snprintf(token, sizeof token, "%s", text_of(lease, "token"));
        snprintf(look, sizeof look, "%s %lld", token,
                 (long long)json_integer_value(json_object_get(lease, "heartbeat")));
        bool ours = *token != '\0' && own(user, token);
        double quiet = ho_watch_unchanged(watch, names.items[i], look);
        if (!ours && (quiet > seconds || owner_is_gone(lease)) && ho_share_lock(share)) {
            found = rescue_one(share, names.items[i], token, dead);
            ho_share_unlock(share);
        }
        json_decref(lease);
    }
    ho_strings_clear(&names);
    return found;
}
