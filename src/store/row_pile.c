#include "store/row_pile.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* A file without a name, or one that loses it at once. */
static int open_nameless(const char *folder, ho_error *err)
{
    int file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
    if (file >= 0) return file;
    char *path = ho_path_join(folder, ".heavyopt-rows-XXXXXX");
    if (path != NULL) file = mkostemp(path, O_CLOEXEC);
    if (file >= 0)
        (void)unlink(path);
    else
        (void)ho_fail(err, HO_ERR_IO, "%s: the numbers of a table larger than memory have no place here: %s",
                      folder, strerror(errno));
    free(path);
    return file;
}

ho_status ho_row_pile_begin(size_t columns, size_t step, const char *folder, ho_row_pile *pile, ho_error *err)
{
    int file = open_nameless(folder, err);
    if (file < 0) return HO_ERR_IO;
    *pile = (ho_row_pile){.columns = columns, .step = step, .file = file};
    return HO_OK;
}

void ho_row_pile_clear(ho_row_pile *p)
{
    if (p->columns == 0) return; /* never begun */
    close(p->file);
    free(p->order);
    free(p->starts);
    free(p->chosen);
    ho_matrix_free(&p->window);
    *p = (ho_row_pile){0};
}

static size_t row_bytes(const ho_row_pile *p)
{
    return p->columns * sizeof(double);
}

static ho_status write_row(const ho_row_pile *p, const double *row, ho_error *err)
{
    const char *at = (const char *)row;
    off_t to = (off_t)(p->stored * row_bytes(p));
    for (size_t left = row_bytes(p); left > 0;) {
        ssize_t put = pwrite(p->file, at, left, to);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0)
            return ho_fail(err, HO_ERR_IO, "the numbers of a table larger than memory could not be kept: %s",
                           put < 0 ? strerror(errno) : "nothing was written");
        at += put;
        to += put;
        left -= (size_t)put;
    }
    return HO_OK;
}

ho_status ho_row_pile_add(ho_row_pile *p, const ho_matrix *rows, ho_error *err)
{
    for (size_t r = 0; r < rows->rows; r++, p->stored++)
        HO_TRY(write_row(p, ho_matrix_row(rows, r), err));
    p->rows = p->stored;
    return HO_OK;
}

ho_row_source ho_rows_of_matrix(const ho_matrix *m)
{
    return (ho_row_source){.matrix = m, .rows = m->rows, .columns = m->columns, .step = m->rows};
}

ho_row_source ho_rows_of_pile(ho_row_pile *p)
{
    return (ho_row_source){.pile = p,
                           .rows = p->rows,
                           .columns = p->chosen != NULL ? p->chosen_count : p->columns,
                           .step = p->step < p->rows ? p->step : p->rows};
}

static ho_status fetch(const ho_row_pile *p, size_t row, double *to, ho_error *err)
{
    char *at = (char *)to;
    off_t from = (off_t)(row * row_bytes(p));
    for (size_t left = row_bytes(p); left > 0;) {
        ssize_t got = pread(p->file, at, left, from);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0)
            return ho_fail(err, HO_ERR_IO,
                           "the numbers of a table larger than memory could not be read again: %s",
                           got < 0 ? strerror(errno) : "they are gone");
        at += got;
        from += got;
        left -= (size_t)got;
    }
    return HO_OK;
}

static ho_status make_row(const ho_row_pile *p, size_t row, double *to, double *room, ho_error *err)
{
    size_t k = p->starts != NULL ? p->starts[row] : row,
           past = p->starts != NULL ? p->starts[row + 1] : row + 1;
    HO_TRY(fetch(p, p->order != NULL ? p->order[k] : k, to, err));
    while (++k < past) {
        HO_TRY(fetch(p, p->order != NULL ? p->order[k] : k, room, err));
        for (size_t c = 0; c < p->columns; c++)
            to[c] += room[c];
    }
    for (size_t i = 0; p->chosen != NULL && i < p->chosen_count; i++)
        to[i] = to[p->chosen[i]]; /* they ascend */
    return HO_OK;
}

static ho_status take_of_pile(ho_row_pile *p, size_t first, size_t count, ho_matrix *rows, ho_error *err)
{
    if (p->window.rows < count + 1) { /* the last one is room for the rows that are added */
        ho_matrix_free(&p->window);
        HO_TRY(ho_matrix_new(count + 1, p->columns, &p->window, err));
    }
    ho_matrix window = p->window;
    window.rows = count;
    for (size_t i = 0; i < count; i++)
        HO_TRY(make_row(p, first + i, ho_matrix_row(&window, i), ho_matrix_row(&window, count), err));
    window.columns = p->chosen != NULL ? p->chosen_count : p->columns;
    *rows = window;
    return HO_OK;
}

ho_status ho_rows_take(const ho_row_source *source, size_t first, size_t count, ho_matrix *rows,
                       ho_error *err)
{
    if (source->matrix == NULL) return take_of_pile(source->pile, first, count, rows, err);
    *rows = *source->matrix;
    rows->data = ho_matrix_row(source->matrix, first);
    rows->rows = count;
    return HO_OK;
}

ho_status ho_rows_column(const ho_row_source *source, size_t column, double *out, ho_error *err)
{
    for (size_t first = 0, count; first < source->rows; first += count) {
        ho_matrix m;
        count = source->rows - first < source->step ? source->rows - first : source->step;
        HO_TRY(ho_rows_take(source, first, count, &m, err));
        for (size_t r = 0; r < count; r++)
            out[first + r] = ho_matrix_row(&m, r)[column];
    }
    return HO_OK;
}
