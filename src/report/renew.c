/* The files of a run's folder made again: beside the old ones first, then each in place of its old one. */
#include "base/error.h"
#include "base/files.h"
#include "report/writers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <dirent.h>

static ho_status io_error(ho_error *err, const char *path)
{
    return ho_fail(err, HO_ERR_IO, "%.700s: %s", path, strerror(errno));
}

static ho_status begin_folder(const char *folder, char **fresh, ho_error *err)
{
    char *stem = ho_path_join(folder, ".report-");
    char *path = stem != NULL ? ho_path_fresh(stem) : NULL;
    free(stem);
    if (path == NULL) return ho_fail_memory(err, strlen(folder), "a path");
    if (mkdir(path, 0777) != 0) {
        free(path);
        return io_error(err, folder);
    }
    *fresh = path;
    return HO_OK;
}

static ho_status put_in_place(const char *fresh, const char *folder, const char *name, ho_error *err)
{
    char *from = ho_path_join(fresh, name), *to = ho_path_join(folder, name);
    ho_status status = HO_OK;
    if (from == NULL || to == NULL)
        status = ho_fail_memory(err, strlen(folder), "a path");
    else if (rename(from, to) != 0)
        status = io_error(err, to);
    free(from);
    free(to);
    return status;
}

static int is_file(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static ho_status move_all(const char *fresh, const char *folder, ho_strings *made, ho_error *err)
{
    struct dirent **entries = NULL;
    const int count = scandir(fresh, &entries, is_file, alphasort);
    ho_status status = count < 0 ? io_error(err, fresh) : HO_OK;
    for (int i = 0; i < count; i++) {
        if (status == HO_OK) status = put_in_place(fresh, folder, entries[i]->d_name, err);
        if (status == HO_OK) status = ho_strings_add(made, entries[i]->d_name, err);
        free(entries[i]);
    }
    free(entries);
    return status;
}

ho_status ho_report_renew(const json_t *document, const ho_report_choice *files, const char *folder,
                          ho_strings *notes, ho_strings *made, ho_error *err)
{
    const ho_report_source source = {.document = document, .notes = notes};
    char *fresh = NULL;
    HO_TRY(begin_folder(folder, &fresh, err));
    ho_status status = ho_write_files(&source, files, folder, fresh, notes, err);
    if (status == HO_OK) status = move_all(fresh, folder, made, err);
    ho_folder_remove(fresh);
    free(fresh);
    return status;
}
