/* A run's folder: filled beside its place under a name that starts with a point, renamed when complete. */
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "report/writers.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static ho_status io_error(ho_error *err, const char *path)
{
    return ho_fail(err, HO_ERR_IO, "%.700s: %s", path, strerror(errno));
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
        char *path = ho_path_join(output, name);
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
    char *stem = ho_path_join(output, ".run-");
    *made = 0;
    for (int number = 0; number < TRIES; number++) {
        char *path = stem != NULL ? ho_path_fresh(stem) : NULL;
        reason = path != NULL ? ho_folders_make(output, 0777, made) : ENOMEM;
        if (reason == 0) /* by mkdir, which heeds the umask, as mkdtemp does not */
            reason = mkdir(path, 0777) == 0 ? 0 : errno;
        if (reason == 0) {
            free(stem);
            *filled = path;
            return HO_OK;
        }
        free(path);
        if (reason != EEXIST && reason != ENOENT) break;
    }
    free(stem);
    ho_folders_unmake(output, *made);
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
    ho_folders_unmake(output, made);
    free(filled);
    return HO_OK;
}

ho_status ho_report_write(const ho_report *report, const char *output, ho_strings *notes, char **folder,
                          ho_error *err)
{
    char *filled = NULL;
    size_t made = 0;
    json_t *document = ho_report_document(report);
    if (document == NULL) return ho_fail_memory(err, 0, "the JSON document");
    const ho_report_source source = {.report = report, .document = document, .notes = notes};
    ho_status status = begin_folder(output, &filled, &made, err);
    if (status != HO_OK) {
        json_decref(document);
        return status;
    }
    status = ho_write_files(&source, &report->files, output, filled, notes, err);
    json_decref(document);
    if (status == HO_OK) status = put_in_place(filled, report, output, folder, err);
    if (status != HO_OK) {
        ho_folder_remove(filled);
        ho_folders_unmake(output, made);
    }
    free(filled);
    return status;
}
