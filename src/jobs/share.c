#include "jobs/share.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/strings.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

static const char *const folders[] = {"input",       "output",          "config",         "logs",
                                      "jobs/queue",  "jobs/processing", "jobs/completed", "jobs/failed",
                                      "jobs/status", "jobs/cancel",     "jobs/history"};

bool ho_share_path(const ho_share *share, char out[PATH_MAX], const char *format, ...)
{
    va_list args;
    int used = snprintf(out, PATH_MAX, "%s/", share->root);
    if (used < 0 || used >= PATH_MAX) return false;
    va_start(args, format);
    int more = vsnprintf(out + used, (size_t)(PATH_MAX - used), format, args);
    va_end(args);
    return more >= 0 && more < PATH_MAX - used;
}

/* NFS, SMB, CIFS, SMB2, FUSE (sshfs and its like), 9P. */
static bool is_remote(const char *path)
{
    static const unsigned long kinds[] = {0x6969, 0x517B, 0xFF534D42, 0xFE534D42, 0x65735546, 0x01021997};
    struct statfs facts;
    if (statfs(path, &facts) != 0) return false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (((unsigned long)facts.f_type & 0xFFFFFFFF) == kinds[i]) return true;
    }
    return false;
}

static ho_status make_folders(const ho_share *share, ho_error *err)
{
    char path[PATH_MAX];
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        size_t made = 0;
        bool fits = ho_share_path(share, path, "%s", folders[i]);
        int reason = fits ? ho_folders_make(path, 0777, &made) : ENAMETOOLONG;
        if (reason != 0) return ho_fail(err, HO_ERR_IO, "%.700s: %s", path, strerror(reason));
    }
    return HO_OK;
}

ho_status ho_share_open(const char *folder, bool make, ho_share *share, ho_error *err)
{
    struct stat facts;
    char path[PATH_MAX];
    share->lock = -1;
    if (realpath(folder, share->root) == NULL)
        return ho_fail(err, HO_ERR_USAGE, "--share %.700s: %s", folder, strerror(errno));
    if (make) HO_TRY(make_folders(share, err));
    bool fits = ho_share_path(share, path, "jobs/queue");
    if (!fits || stat(path, &facts) != 0 || !S_ISDIR(facts.st_mode))
        return ho_fail(err, HO_ERR_USAGE,
                       "--share %.500s: has no folder jobs/queue (heavyopt serve makes it)", folder);
    share->remote = is_remote(path);
    if (!make) return HO_OK;
    fits = ho_share_path(share, path, "jobs/processing/.lock");
    share->lock = fits ? open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666) : -1;
    if (share->lock < 0) return ho_fail(err, HO_ERR_IO, "%.700s: %s", path, strerror(errno));
    return HO_OK;
}

void ho_share_close(ho_share *share)
{
    if (share->lock >= 0) close(share->lock);
    share->lock = -1;
}

bool ho_share_lock(const ho_share *share)
{
    enum { TRIES = 500 };
    const struct timespec pause = {.tv_nsec = 10000000};
    for (int i = 0; i < TRIES; i++) {
        struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
        if (fcntl(share->lock, F_OFD_SETLK, &whole) == 0) return true;
        if (errno != EAGAIN && errno != EACCES && errno != EINTR) return false;
        nanosleep(&pause, NULL);
    }
    return false;
}

void ho_share_unlock(const ho_share *share)
{
    struct flock whole = {.l_type = F_UNLCK, .l_whence = SEEK_SET};
    (void)fcntl(share->lock, F_OFD_SETLK, &whole);
}

static bool write_all(int fd, const char *text, size_t length)
{
    for (size_t done = 0; done < length;) {
        ssize_t wrote = write(fd, text + done, length - done);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return false;
        done += (size_t)wrote;
    }
    return true;
}

bool ho_share_put(const char *path, const char *text)
{
    char stem[PATH_MAX];
    const char *slash = strrchr(path, '/');
    int used = snprintf(stem, sizeof stem, "%.*s/.put-", (int)(slash != NULL ? slash - path : 0), path);
    char *fresh = used > 0 && used < PATH_MAX ? ho_path_fresh(stem) : NULL;
    if (fresh == NULL) return errno = ENOMEM, false;
    int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    bool good = fd >= 0 && write_all(fd, text, strlen(text)) && fsync(fd) == 0;
    int reason = errno;
    if (fd >= 0 && close(fd) != 0 && good) {
        good = false;
        reason = errno;
    }
    if (good && rename(fresh, path) != 0) {
        good = false;
        reason = errno;
    }
    if (!good && fd >= 0) (void)unlink(fresh);
    free(fresh);
    errno = reason;
    return good;
}

bool ho_share_put_json(const char *path, const json_t *value)
{
    char *text = json_dumps(value, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    bool good = text != NULL && ho_share_put(path, text);
    free(text);
    return good;
}

char *ho_share_get(const char *path, size_t most, size_t *length)
{
    struct stat facts;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) return NULL;
    int reason = fstat(fd, &facts) != 0 ? errno : !S_ISREG(facts.st_mode) ? EINVAL : 0;
    if (reason == 0 && (size_t)facts.st_size > most) reason = EFBIG;
    char *text = reason == 0 ? ho_new_array((size_t)facts.st_size + 1, 1) : NULL;
    if (reason == 0 && text == NULL) reason = ENOMEM;
    size_t used = 0;
    while (reason == 0 && used < (size_t)facts.st_size) {
        ssize_t got = read(fd, text + used, (size_t)facts.st_size - used);
        if (got < 0 && errno != EINTR) reason = errno;
        if (got == 0) break;
        if (got > 0) used += (size_t)got;
    }
    close(fd);
    if (reason != 0) {
        free(text);
        errno = reason;
        return NULL;
    }
    if (length != NULL) *length = used;
    return text;
}

json_t *ho_share_get_json(const char *path)
{
    size_t length = 0;
    char *text = ho_share_get(path, 8 << 20, &length);
    json_t *value = text != NULL ? json_loadb(text, length, 0, NULL) : NULL;
    free(text);
    return value;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

ho_status ho_share_list(const char *folder, const char *ending, ho_strings *names, ho_error *err)
{
    DIR *dir = opendir(folder);
    if (dir == NULL) return ho_fail(err, HO_ERR_IO, "%.700s: %s", folder, strerror(errno));
    ho_status status = HO_OK;
    size_t tail = strlen(ending);
    for (const struct dirent *entry; status == HO_OK && (entry = readdir(dir)) != NULL;) {
        size_t length = strlen(entry->d_name);
        if (entry->d_name[0] == '.' || length <= tail) continue;
        if (strcasecmp(entry->d_name + length - tail, ending) == 0)
            status = ho_strings_add(names, entry->d_name, err);
    }
    closedir(dir);
    if (status == HO_OK && names->count > 1) qsort(names->items, names->count, sizeof *names->items, by_text);
    return status;
}

bool ho_job_name_valid(const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length > 128 || *name == '.') return false;
    for (const char *c = name; *c != '\0'; c++) {
        if (!isalnum((unsigned char)*c) && strchr("._-", *c) == NULL) return false;
        if ((unsigned char)*c >= 0x80) return false;
    }
    return true;
}

/* A name that differs only in capitals, as people on Windows type it. */
static bool find_case(const char *folder, const char *name, char out[PATH_MAX])
{
    bool found = false;
    DIR *dir = opendir(folder);
    for (const struct dirent *entry; dir != NULL && !found && (entry = readdir(dir)) != NULL;) {
        if (strcasecmp(entry->d_name, name) != 0) continue;
        found = snprintf(out, PATH_MAX, "%s/%s", folder, entry->d_name) < PATH_MAX;
    }
    if (dir != NULL) closedir(dir);
    return found;
}

/* "L:\input\a.csv", "input/a.csv" and "a.csv" are the same to a desk. */
static const char *plain_name(char *name)
{
    for (char *c = name; *c != '\0'; c++)
        *c = *c == '\\' ? '/' : *c;
    if (isalpha((unsigned char)name[0]) && name[1] == ':') {
        name += 2;
        while (*name == '/')
            name++;
    }
    while (strncmp(name, "./", 2) == 0)
        name += 2;
    return strncasecmp(name, "input/", 6) == 0 ? name + 6 : name;
}

ho_status ho_share_input(const ho_share *share, const char *named, char out[PATH_MAX], ho_error *err)
{
    char folder[PATH_MAX], real[PATH_MAX], path[PATH_MAX], copy[1024];
    struct stat facts;
    bool fits =
        snprintf(copy, sizeof copy, "%s", named) < (int)sizeof copy && ho_share_path(share, path, "input");
    if (!fits || realpath(path, folder) == NULL)
        return ho_fail(err, HO_ERR_DATA, "input_file %.300s: no such path", named);
    const char *name = plain_name(copy);
    fits = *name == '/' ? snprintf(path, sizeof path, "%s", name) < PATH_MAX
                        : snprintf(path, sizeof path, "%s/%s", folder, name) < PATH_MAX;
    bool there = fits && realpath(path, real) != NULL;
    if (!there && fits && strchr(name, '/') == NULL && find_case(folder, name, path))
        there = realpath(path, real) != NULL;
    int reason = there ? 0 : errno;
    size_t length = strlen(folder);
    if (there && (strncmp(real, folder, length) != 0 || real[length] != '/'))
        return ho_fail(err, HO_ERR_DATA, "input_file %.300s: lies outside of input/", named);
    if (there && (stat(real, &facts) != 0 || !(S_ISREG(facts.st_mode) || S_ISDIR(facts.st_mode))))
        return ho_fail(err, HO_ERR_DATA, "input_file %.300s: is no file", named);
    if (there) {
        memcpy(out, real, strlen(real) + 1);
        return HO_OK;
    }
    ho_status status = ho_fail(err, HO_ERR_DATA, "input_file %.300s: not in input/ of the share", named);
    errno = reason;
    return status;
}

void ho_time_text(char out[40])
{
    time_t now = time(NULL);
    struct tm local;
    strftime(out, 32, "%Y-%m-%dT%H:%M:%S%z", localtime_r(&now, &local));
    size_t length = strlen(out);
    if (length >= 24) { /* +0530 to +05:30 */
        memmove(out + length - 1, out + length - 2, 3);
        out[length - 2] = ':';
    }
}
