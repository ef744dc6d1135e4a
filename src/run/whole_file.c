#include "run/whole_file.h"

#include "base/error.h"
#include "base/files.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

ho_status ho_whole_file_write(const char *path, void (*put)(const void *what, FILE *file), const void *what,
                              ho_error *err)
{
    char *stem = NULL;
    if (asprintf(&stem, "%s.tmp-", path) < 0) return ho_fail_memory(err, strlen(path), "a file's name");
    char *name = ho_path_fresh(stem);
    free(stem);
    if (name == NULL) return ho_fail_memory(err, strlen(path), "a file's name");
    FILE *file = fopen(name, "wxe");
    bool failed = file == NULL;
    if (file != NULL) {
        put(what, file);
        failed = ferror(file) != 0;
        failed |= fclose(file) != 0;
    }
    failed = failed || rename(name, path) != 0;
    ho_status status = failed ? ho_fail(err, HO_ERR_IO, "%.600s: %s", path, strerror(errno)) : HO_OK;
    if (failed && file != NULL) unlink(name);
    free(name);
    return status;
}
