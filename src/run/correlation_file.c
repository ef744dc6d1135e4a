/* A matrix of correlations into a .npy file, tile by tile, and the names of its rows beside it. */
#include "base/error.h"
#include "base/memory.h"
#include "panel/panel.h"
#include "run/correlation.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEADER = 128 }; /* a multiple of 64, as the format asks for */

static ho_status io_failed(const char *path, const char *what, int number, ho_error *err)
{
    return ho_fail(err, HO_ERR_IO, "%.600s: %s%s", path, what, strerror(number));
}

static ho_status write_at(int file, const char *path, const void *data, size_t size, int64_t at,
                          ho_error *err)
{
    const char *bytes = data;
    while (size != 0) {
        ssize_t wrote = pwrite(file, bytes, size, at);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return io_failed(path, "", errno, err);
        bytes += wrote;
        at += wrote;
        size -= (size_t)wrote;
    }
    return HO_OK;
}

/* Sets *made to the name and *opened to the file, once it is there. */
static ho_status open_beside(const char *path, char **made, int *opened, ho_error *err)
{
    struct stat there;
    if (stat(path, &there) == 0 && !S_ISREG(there.st_mode))
        return ho_fail(err, HO_ERR_IO, "%.600s: exists and is no regular file", path);
    char *name = NULL;
    if (asprintf(&name, "%s.tmp-%lx", path, (unsigned long)getpid()) < 0)
        return ho_fail_memory(err, strlen(path), "a file's name");
    /* One that an earlier process of that number left is of no use to anybody. */
    int file =
        unlink(name) == 0 || errno == ENOENT ? open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666) : -1;
    if (file < 0) {
        ho_status status = io_failed(path, "", errno, err);
        free(name);
        return status;
    }
    *made = name;
    *opened = file;
    return HO_OK;
}

/* https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, version 1.0 */
static ho_status write_header(const ho_matrix_file *f, ho_error *err)
{
    static const char magic[] = "\x93NUMPY\x01";
    char text[HEADER + 1];
    const char order = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? '<' : '>';
    enum { START = 10 };
    memcpy(text, magic, sizeof magic); /* with the 0 of the minor version */
    text[8] = (char)(HEADER - START);
    text[9] = 0;
    int used = snprintf(text + START, HEADER - START,
                        "{'descr': '%cf%zu', 'fortran_order': False, 'shape': (%zu, %zu), }", order, f->item,
                        f->columns, f->columns);
    size_t length = START + (size_t)used;
    memset(text + length, ' ', HEADER - length);
    text[HEADER - 1] = '\n';
    return write_at(f->file, f->path, text, HEADER, 0, err);
}

/* A name a line; a line end inside a name would shift all that follow, and becomes a blank. */
static ho_status write_names(ho_matrix_file *f, const ho_panel *panel, ho_error *err)
{
    int number = -1;
    HO_TRY(open_beside(f->names, &f->names_unfinished, &number, err));
    FILE *file = fdopen(number, "w");
    if (file == NULL) {
        close(number);
        return io_failed(f->names, "", errno, err);
    }
    for (size_t j = 0; j < ho_panel_strategies(panel); j++) {
        for (const char *c = ho_panel_name(panel, j); *c != '\0'; c++)
            fputc(*c == '\n' || *c == '\r' ? ' ' : *c, file);
        fputc('\n', file);
    }
    errno = 0;
    bool failed = ferror(file) != 0;
    failed |= fclose(file) != 0;
    return failed ? io_failed(f->names, "", errno != 0 ? errno : EIO, err) : HO_OK;
}

static ho_status take_space(const ho_matrix_file *f, ho_error *err)
{
    char what[80];
    int failed;
    do {
        failed = posix_fallocate(f->file, 0, f->bytes);
    } while (failed == EINTR);
    if (failed == 0 || failed == EINVAL || failed == EOPNOTSUPP) return HO_OK; /* a file system that cannot */
    snprintf(what, sizeof what, "no room for a matrix of %lld bytes: ", (long long)f->bytes);
    return io_failed(f->path, what, failed, err);
}

ho_status ho_matrix_file_open(const char *path, const ho_panel *panel, bool wide, ho_matrix_file *f,
                              ho_error *err)
{
    const size_t stem = strlen(path) - strlen(".npy");
    f->file = -1;
    f->columns = ho_panel_strategies(panel);
    f->item = wide ? sizeof(double) : sizeof(float);
    f->header = HEADER;
    f->bytes = (int64_t)(HEADER + f->columns * f->columns * f->item);
    f->path = ho_copy_text(path);
    if (f->path == NULL || asprintf(&f->names, "%.*s.names.txt", (int)stem, path) < 0) {
        f->names = NULL;
        return ho_fail_memory(err, strlen(path), "a file's name");
    }
    HO_TRY(open_beside(path, &f->unfinished, &f->file, err));
    HO_TRY(take_space(f, err));
    HO_TRY(write_header(f, err));
    return write_names(f, panel, err);
}

ho_status ho_matrix_file_take(void *user, const ho_tile *tile, ho_error *err)
{
    const ho_matrix_file *f = user;
    size_t length = tile->columns * f->item;
    for (size_t r = 0; r < tile->rows; r++) {
        size_t at = f->header + ((tile->row + r) * f->columns + tile->column) * f->item;
        HO_TRY(write_at(f->file, f->path, (const char *)tile->values + r * length, length, (int64_t)at, err));
    }
    return HO_OK;
}

ho_status ho_matrix_file_finish(ho_matrix_file *f, ho_error *err)
{
    int file = f->file;
    f->file = -1;
    if (close(file) != 0) return io_failed(f->path, "", errno, err);
    if (rename(f->names_unfinished, f->names) != 0) return io_failed(f->names, "", errno, err);
    free(f->names_unfinished);
    f->names_unfinished = NULL;
    if (rename(f->unfinished, f->path) != 0) return io_failed(f->path, "", errno, err);
    free(f->unfinished);
    f->unfinished = NULL;
    return HO_OK;
}

void ho_matrix_file_clear(ho_matrix_file *f)
{
    if (f->unfinished != NULL && f->file >= 0) close(f->file);
    if (f->unfinished != NULL) unlink(f->unfinished);
    if (f->names_unfinished != NULL) unlink(f->names_unfinished);
    free(f->unfinished);
    free(f->names_unfinished);
    free(f->path);
    free(f->names);
    *f = (ho_matrix_file){.file = -1};
}
