#include "store/csv_tall_fast.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "store/csv_tall.h"
#include "store/csv_tall_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD = 1 << 16 /* a tall table's header is shorter */ };

static bool fetch(const ho_tall_reading *x, char *to, size_t offset, size_t size)
{
    if (x->fd < 0) {
        memcpy(to, x->bytes + offset, size);
        return true;
    }
    while (size > 0) {
        const ssize_t got = pread(x->fd, to, size, (off_t)offset);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        to += got;
        offset += (size_t)got;
        size -= (size_t)got;
    }
    return true;
}

/* The end of the first line that is not blank, or 0. */
static size_t header_end(const char *head, size_t size)
{
    size_t at = 0;
    while (at < size && strchr(" \t\r\n", head[at]) != NULL && head[at] != '\0')
        at++;
    const char *end = memchr(head + at, '\n', size - at);
    return end == NULL ? 0 : (size_t)(end - head) + 1;
}

static ho_status read_header(ho_tall_reading *x, const char *head, size_t size, bool *tall, ho_error *err)
{
    ho_csv_text text = {0};
    ho_csv_frame frame = {0};
    ho_csv_header header = {0};
    ho_load_report report = {0};
    ho_tall_columns columns;
    *tall = false;
    ho_status status = ho_csv_text_copy(x->name, head, size, 1, &text, err);
    if (status == HO_OK) status = ho_csv_frame_find(x->name, &text, 1, &frame, err);
    if (status == HO_OK && frame.count == 1)
        status = ho_csv_header_read(x->name, &text, &frame, &header, &report, err);
    if (status == HO_OK && frame.count == 1 && ho_csv_is_tall(&header, &columns)) {
        *tall = true;
        x->delimiter = frame.delimiter;
        x->blank_lines = frame.blank_lines;
        x->count = header.count;
        for (size_t c = 0; c < x->count; c++)
            x->role[c] = HO_TALL_COLUMNS;
        for (int k = 0; k < HO_TALL_COLUMNS; k++)
            if (columns.at[k] != SIZE_MAX) x->role[columns.at[k]] = k;
    }
    ho_csv_text_clear(&text);
    ho_csv_frame_clear(&frame);
    ho_csv_header_clear(&header);
    ho_load_report_clear(&report);
    return status == HO_ERR_MEMORY ? status : HO_OK;
}

static ho_status begin(ho_tall_reading *x, bool *tall, ho_error *err)
{
    const size_t size = x->size < HEAD ? x->size : HEAD;
    char *head = ho_new_array(size, 1);
    if (head == NULL) return ho_fail_memory(err, size, x->name);
    const size_t end = fetch(x, head, 0, size) ? header_end(head, size) : 0;
    *tall = false;
    ho_status status = end == 0 ? HO_OK : read_header(x, head, end, tall, err);
    XXH3_64bits_reset(&x->hash);
    XXH3_64bits_update(&x->hash, head, end);
    x->offset = end;
    free(head);
    return status;
}

bool ho_tall_take(ho_tall_reading *x, char *buffer, size_t *size, size_t *number)
{
    if (!x->plain || x->offset == x->size) return false;
    const size_t left = x->size - x->offset, fresh = left < HO_TALL_BLOCK ? left : HO_TALL_BLOCK;
    memcpy(buffer, x->carry, x->carried);
    char *to = buffer + x->carried, *end = to + fresh;
    x->plain = fetch(x, to, x->offset, fresh);
    if (!x->plain) return false;
    if (!x->unpacked) XXH3_64bits_update(&x->hash, to, fresh);
    x->offset += fresh;
    x->carried = 0;
    if (x->offset == x->size) {
        if (end[-1] != '\n') *end++ = '\n';
    } else {
        char *line = memrchr(to, '\n', fresh);
        x->plain = line != NULL;
        if (line == NULL) return false;
        x->carried = (size_t)(end - line) - 1;
        memcpy(x->carry, line + 1, x->carried);
        end = line + 1;
    }
    memset(end, '\n', HO_NUMBER_PAD);
    *size = (size_t)(end - buffer);
    *number = x->blocks++;
    return true;
}

static ho_status read_blocks(ho_tall_reading *x, int threads, ho_error *err)
{
    const size_t most = (x->size - x->offset + HO_TALL_BLOCK - 1) / HO_TALL_BLOCK;
    x->worker_count = (size_t)threads < most ? (size_t)threads : most;
    x->workers = HO_NEW(ho_tall_worker, x->worker_count);
    x->pivot.blocks = HO_NEW(ho_pivot_block, most);
    x->worker_of = HO_NEW(uint32_t, most);
    x->carry = HO_NEW(char, HO_TALL_BLOCK);
    if (x->workers == NULL || x->pivot.blocks == NULL || x->worker_of == NULL || x->carry == NULL)
        return ho_fail_memory(err, HO_TALL_BLOCK, x->name);
#pragma omp parallel for schedule(static, 1) num_threads((int)x->worker_count) if (x->worker_count > 1)
    for (size_t i = 0; i < x->worker_count; i++)
        ho_tall_work(x, i);
    x->pivot.block_count = x->blocks;
    for (size_t i = 0; i < x->worker_count; i++) {
        const ho_tall_worker *w = &x->workers[i];
        if (w->status != HO_OK) return ho_fail(err, w->status, "%s", w->err.text);
        x->pivot.missing += w->missing;
        x->blank_lines += w->blank_lines;
    }
    return HO_OK;
}

static void clear(ho_tall_reading *x)
{
    for (size_t i = 0; x->workers != NULL && i < x->worker_count; i++) {
        for (int k = 0; k < HO_TALL_PNL; k++) {
            ho_guess_clear(&x->workers[i].texts[k]);
            free(x->workers[i].of[k]);
        }
        ho_guess_clear(&x->workers[i].rows);
        free(x->workers[i].row_of);
    }
    free(x->workers);
    free(x->worker_of);
    free(x->carry);
    ho_pivot_clear(&x->pivot);
}

/* Until the file is read; x->plain says whether that went well. */
static ho_status read_all(ho_tall_reading *x, int threads, ho_error *err)
{
    bool tall = false;
    HO_TRY(begin(x, &tall, err));
    x->plain = tall && x->offset < x->size;
    if (x->plain) HO_TRY(read_blocks(x, threads, err));
    if (x->plain) HO_TRY(ho_tall_merge(x, err));
    return HO_OK;
}

static ho_status build(ho_tall_reading *x, ho_table_source *source, int threads, ho_panel **panel,
                       ho_load_report *report, ho_error *err)
{
    if (!x->unpacked) source->hash = XXH3_64bits_digest(&x->hash);
    HO_TRY(ho_pivot_build(&x->pivot, source, x->options, threads, panel, report, err));
    report->blank_lines = (int64_t)x->blank_lines;
    return HO_OK;
}

bool ho_csv_tall_knows(const char *path)
{
    struct stat facts;
    bool tall = false;
    ho_load_options none = {0};
    ho_tall_reading x = {.name = path, .options = &none, .fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (x.fd < 0) return false;
    if (fstat(x.fd, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_size > 0) {
        x.size = (size_t)facts.st_size;
        tall = begin(&x, &tall, NULL) == HO_OK && tall;
    }
    close(x.fd);
    return tall;
}

ho_status ho_csv_tall_read_file(const char *path, const ho_load_options *options, int threads, bool *done,
                                ho_panel **panel, ho_load_report *report, ho_error *err)
{
    struct stat facts;
    const double start = ho_clock_seconds();
    const bool has_header = options->header_from == NULL || *options->header_from == '\0';
    const int fd = has_header ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
    *done = false;
    if (fd < 0) return HO_OK;
    ho_tall_reading x = {.name = path, .options = options, .fd = fd};
    ho_status status = HO_OK;
    if (fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_size > 0) {
        x.size = (size_t)facts.st_size;
        status = read_all(&x, threads, err);
        if (status == HO_OK && x.count > 0) status = ho_csv_file_unchanged(path, fd, &facts, err);
        *done = status == HO_OK && x.plain;
    }
    close(fd);
    if (*done) {
        ho_table_source source = {.path = path, .format = "csv", .bytes = (int64_t)facts.st_size};
        source.mtime_ns = (int64_t)facts.st_mtim.tv_sec * 1000000000 + facts.st_mtim.tv_nsec;
        status = build(&x, &source, threads, panel, report, err);
        if (status == HO_OK) report->seconds = ho_clock_seconds() - start;
    }
    clear(&x);
    return status;
}

ho_status ho_csv_tall_read_text(const char *name, const ho_csv_text *text, const ho_load_options *options,
                                int threads, bool *done, ho_panel **panel, ho_load_report *report,
                                ho_error *err)
{
    ho_tall_reading x = {.name = name,
                         .options = options,
                         .fd = -1,
                         .bytes = text->whole,
                         .size = (size_t)(text->data - text->whole) + text->size,
                         .unpacked = text->unpacked};
    ho_status status = read_all(&x, threads, err);
    *done = status == HO_OK && x.plain;
    if (*done) {
        ho_table_source source = {.path = name,
                                  .format = "csv",
                                  .bytes = text->file_bytes,
                                  .mtime_ns = text->mtime_ns,
                                  .hash = text->hash};
        status = build(&x, &source, threads, panel, report, err);
    }
    clear(&x);
    return status;
}
