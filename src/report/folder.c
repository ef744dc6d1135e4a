/* A run's folder: filled beside its place under a name that starts with a point, renamed when complete. */
#include "base/error.h"
#include "base/memory.h"
#include "report/writers.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* result.json comes last: its timings then cover the others. */
static const ho_report_writer writers[] = {
    {"optimization_summary_%s.txt", ho_write_summary_file},
    {"portfolio_composition_%s.csv", ho_write_portfolio_csv},
    {"portfolio_metrics.csv", ho_write_portfolio_metrics_csv},
    {"algorithm_results.csv", ho_write_algorithms_csv},
    {"strategy_metrics.csv", ho_write_strategies_csv},
    {"result.json", ho_write_json_file},
};

static ho_status io_error(ho_error *err, const char *path)
{
    return ho_fail(err, HO_ERR_IO, "%.700s: %s", path, strerror(errno));
}

/* Makes the folder and those above it that are missing; 0 or an errno. *made is how many bytes of the path name the
 * first one made, here or by a call before (0: none), so that they can be taken away again. */
static int make_folders(const char *path, size_t *made)
{
    char *part = ho_copy_text(path);
    if (part == NULL) return ENOMEM;
    int reason = 0;
    size_t length = strlen(part);
    for (size_t i = 1; i <= length && reason == 0; i++) {
        if (part[i] != '/' && part[i] != '\0') continue;
        char cut = part[i];
        part[i] = '\0';
        if (mkdir(part, 0777) != 0)
            reason = errno != EEXIST ? errno : 0;
        else if (*made == 0 || i < *made)
            *made = i;
        part[i] = cut;
    }
    free(part);
    struct stat info;
    if (reason == 0 && stat(path, &info) != 0) reason = errno;
    if (reason == 0 && !S_ISDIR(info.st_mode)) reason = ENOTDIR;
    return reason;
}

/* Takes away the folders that make_folders made, from the deepest up, as far as they are there and empty. */
static void unmake_folders(const char *path, size_t made)
{
    char *part = made != 0 ? ho_copy_text(path) : NULL;
    if (part == NULL) return;
    for (size_t length = strlen(part); length >= made; length--) {
        if (part[length] != '\0' && part[length] != '/') continue;
        part[length] = '\0';
        (void)rmdir(part);
    }
    free(part);
}

static char *join(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = ho_new_array(size, 1);
    if (path != NULL) snprintf(path, size, "%s/%s", folder, name);
    return path;
}

static void remove_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    if (dir == NULL) return;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(dirfd(dir), entry->d_name, 0);
    }
    closedir(dir);
    rmdir(folder);
}

static ho_status write_file(const ho_report_writer *writer, const ho_report *report, const char *folder,
                            ho_error *err)
{
    char pattern[128], name[128];
    const char *stamp = strstr(writer->name, "%s");
    snprintf(pattern, sizeof pattern, "%.*s", stamp != NULL ? (int)(stamp - writer->name) : 127,
             writer->name);
    snprintf(name, sizeof name, "%s%s%s", pattern, stamp != NULL ? report->stamp : "",
             stamp != NULL ? stamp + 2 : "");
    char *path = join(folder, name);
    if (path == NULL) return ho_fail_memory(err, strlen(folder), "a path");
    FILE *file = fopen(path, "we");
    ho_status status = file != NULL ? writer->write(report, file, err) : io_error(err, path);
    if (file != NULL) {
        int failed = ferror(file) | fflush(file);
        int reason = errno;
        if (fclose(file) != 0 && !failed) {
            failed = 1;
            reason = errno;
        }
        errno = reason;
        if (status == HO_OK && failed) status = io_error(err, path);
    }
    free(path);
    return status;
}

/* run_STAMP, or run_STAMP_2, ...: the first name that is free, taken by the rename itself. */
static ho_status put_in_place(const char *filled, const ho_report *report, const char *output, char **folder,
                              ho_error *err)
{
    for (int number = 1; number < 10000; number++) {
        char name[64];
        if (number == 1)
            snprintf(name, sizeof name, "run_%.32s", report->stamp);
        else
            snprintf(name, sizeof name, "run_%.32s_%d", report->stamp, number);
        char *path = join(output, name);
        if (path == NULL) return ho_fail_memory(err, strlen(output), "a path");
        int failed = renameat2(AT_FDCWD, filled, AT_FDCWD, path, RENAME_NOREPLACE);
        if (failed != 0 && (errno == EINVAL || errno == ENOSYS)) /* a file system without the flag */
            failed = access(path, F_OK) == 0 ? (errno = EEXIST, -1) : rename(filled, path);
        if (failed == 0) {
            *folder = path;
            return HO_OK;
        }
        ho_status status = errno == EEXIST || errno == ENOTEMPTY ? HO_OK : io_error(err, path);
        free(path);
        if (status != HO_OK) return status;
    }
    return ho_fail(err, HO_ERR_IO, "%.700s: every name from run_%s on is taken", output, report->stamp);
}

/* A new folder with a name of its own in output. A run beside us that checks the same new output takes its empty
 * folders away again, maybe just when we are about to use them: then they are made once more. */
static ho_status begin_folder(const char *output, char **filled, size_t *made, ho_error *err)
{
    enum { TRIES = 100 };
    int reason = 0;
    *made = 0;
    for (int number = 0; number < TRIES; number++) {
        char name[64];
        snprintf(name, sizeof name, ".run-%ld-%d", (long)getpid(), number);
        char *path = join(output, name);
        reason = path != NULL ? make_folders(output, made) : ENOMEM;
        if (reason == 0) /* by mkdir, which heeds the umask, as mkdtemp does not */
            reason = mkdir(path, 0777) == 0 ? 0 : errno;
        if (reason == 0) {
            *filled = path;
            return HO_OK;
        }
        free(path);
        if (reason != EEXIST && reason != ENOENT) break;
    }
    unmake_folders(output, *made);
    if (reason == ENOMEM) return ho_fail_memory(err, strlen(output), "a path");
    errno = reason;
    return io_error(err, output);
}

ho_status ho_report_check_output(const char *output, ho_error *err)
{
    char *filled = NULL;
    size_t made = 0;
    if (*output == '\0') return ho_fail(err, HO_ERR_USAGE, "--output is empty: a folder was expected");
    HO_TRY(begin_folder(output, &filled, &made, err));
    rmdir(filled);
    unmake_folders(output, made);
    free(filled);
    return HO_OK;
}

ho_status ho_report_write(const ho_report *report, const char *output, char **folder, ho_error *err)
{
    char *filled = NULL;
    size_t made = 0;
    HO_TRY(begin_folder(output, &filled, &made, err));
    ho_status status = HO_OK;
    for (size_t i = 0; i < sizeof writers / sizeof *writers && status == HO_OK; i++)
        status = write_file(&writers[i], report, filled, err);
    if (status == HO_OK) status = put_in_place(filled, report, output, folder, err);
    if (status != HO_OK) {
        remove_folder(filled);
        unmake_folders(output, made);
    }
    free(filled);
    return status;
}
