#include "store/csv_text.h"

#include "base/error.h"
#include "base/memory.h"
#include "bridge/arrow/inflate.h"
#include "store/number_fast.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

enum { MEBIBYTE = 1 << 20 };

/* Where the bytes come from: a file, or (fd < 0) memory. */
typedef struct source {
    const char *name;
    int fd;
    const char *bytes;
    size_t size;
} source;

typedef struct tally {
    size_t lines, first_nul;
    bool quotes, lone_returns;
} tally;

static void tally_byte(const char *p, size_t at, size_t size, tally *t)
{
    char c = p[at];
    if (c == '\n')
        t->lines++;
    else if (c == '"')
        t->quotes = true;
    else if (c == '\0' && t->first_nul == SIZE_MAX)
        t->first_nul = at;
    else if (c == '\r' && (at + 1 == size || p[at + 1] != '\n'))
        t->lone_returns = true;
}

/* Counts what is special in p[0..size-1]; a '\r' at its very end counts as lone (the caller looks further). */
static tally tally_bytes(const char *p, size_t size)
{
    tally t = {.first_nul = SIZE_MAX};
    size_t at = 0;
#ifdef __SSE2__
    const __m128i line = _mm_set1_epi8('\n'), back = _mm_set1_epi8('\r'), nul = _mm_setzero_si128();
    for (; at + 16 <= size; at += 16) {
        /* once one quote is seen the others need no look */
        const __m128i quote = _mm_set1_epi8(t.quotes ? '\n' : '"');
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + at));
        __m128i hit = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, line), _mm_cmpeq_epi8(v, back)),
                                   _mm_or_si128(_mm_cmpeq_epi8(v, nul), _mm_cmpeq_epi8(v, quote)));
        for (unsigned bits = (unsigned)_mm_movemask_epi8(hit); bits != 0; bits &= bits - 1)
            tally_byte(p, at + (unsigned)__builtin_ctz(bits), size, &t);
    }
#endif
    for (; at < size; at++)
        tally_byte(p, at, size, &t);
    return t;
}

/* 0, or an errno; ENODATA: the file ended too early. */
static int fetch(const source *from, char *to, size_t offset, size_t size)
{
    if (from->fd < 0) {
        memcpy(to, from->bytes + offset, size);
        return 0;
    }
    while (size > 0) {
        ssize_t got = pread(from->fd, to, size, (off_t)offset);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return errno;
        if (got == 0) return ENODATA;
        to += got;
        offset += (size_t)got;
        size -= (size_t)got;
    }
    return 0;
}

static size_t chunk_size(size_t chunk, size_t size)
{
    size_t left = size - chunk * HO_CSV_CHUNK;
    return left < HO_CSV_CHUNK ? left : HO_CSV_CHUNK;
}

/* Copies and tallies all chunks; returns 0 or the errno of one that failed. */
static int fetch_all(const source *from, int threads, char *to, ho_csv_text *text)
{
    size_t chunks = (from->size + HO_CSV_CHUNK - 1) / HO_CSV_CHUNK, first_nul = SIZE_MAX;
    bool quotes = false, returns = false;
    atomic_int failure = 0;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) if (threads > 1) \
    reduction(||                                                                    \
              : quotes, returns) reduction(min                                      \
                                           : first_nul)
    for (size_t c = 0; c < chunks; c++) {
        char *at = to + c * HO_CSV_CHUNK;
        size_t size = chunk_size(c, from->size);
        int failed = fetch(from, at, c * HO_CSV_CHUNK, size);
        if (failed != 0) {
            atomic_store(&failure, failed);
            continue;
        }
        bool split = at[size - 1] == '\r'; /* its '\n' may be in the next chunk */
        tally t = tally_bytes(at, size - split);
        text->chunk_lines[c] = t.lines;
        if (t.first_nul != SIZE_MAX && c * HO_CSV_CHUNK + t.first_nul < first_nul)
            first_nul = c * HO_CSV_CHUNK + t.first_nul;
        quotes = quotes || t.quotes;
        returns = returns || t.lone_returns;
    }
    if (atomic_load(&failure) != 0) return atomic_load(&failure);
    for (size_t c = 0; c < chunks; c++) {
        size_t past = c * HO_CSV_CHUNK + chunk_size(c, from->size);
        if (to[past - 1] == '\r' && (past == from->size || to[past] != '\n')) returns = true;
    }
    text->quotes = quotes;
    text->lone_returns = returns;
    text->first_nul = first_nul;
    return 0;
}

static ho_status fill(const source *from, int threads, ho_csv_text *text, ho_error *err)
{
    if (from->size == 0) return ho_fail(err, HO_ERR_DATA, "%s: the file is empty", from->name);
    size_t chunks = (from->size + HO_CSV_CHUNK - 1) / HO_CSV_CHUNK;
    size_t bytes = from->size + 2 * HO_NUMBER_PAD;
    text->block = bytes > from->size ? ho_new_pages(bytes) : NULL;
    text->chunk_lines = HO_NEW(size_t, chunks);
    if (text->block == NULL || text->chunk_lines == NULL) return ho_fail_memory(err, bytes, from->name);
    char *to = text->block + HO_NUMBER_PAD;
    memset(text->block, '\n', HO_NUMBER_PAD);
    memset(to + from->size, '\n', HO_NUMBER_PAD);
    int failed = fetch_all(from, threads, to, text);
    if (failed == ENODATA)
        return ho_fail(err, HO_ERR_DATA, "%s: the file shrank while it was read", from->name);
    if (failed != 0) return ho_fail(err, HO_ERR_IO, "%s: reading failed: %s", from->name, strerror(failed));
    text->whole = text->data = to;
    text->size = from->size;
    text->file_bytes = (int64_t)from->size;
    return HO_OK;
}

static ho_status check_encoding(const char *name, ho_csv_text *text, ho_error *err)
{
    const unsigned char *p = (const unsigned char *)text->data;
    if (text->size >= 2 && ((p[0] == 0xff && p[1] == 0xfe) || (p[0] == 0xfe && p[1] == 0xff)))
        return ho_fail(err, HO_ERR_DATA, "%s: the file is UTF-16; save it as UTF-8", name);
    if (text->size >= 3 && p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf) {
        text->data += 3;
        text->size -= 3;
    }
    if (text->first_nul != SIZE_MAX) {
        size_t offset = text->first_nul - (size_t)(text->data - text->whole);
        return ho_fail(err, HO_ERR_DATA,
                       "%s: line %zu holds a NUL byte; this is no text file (or it is UTF-16)", name,
                       ho_csv_text_line(text, offset));
    }
    return HO_OK;
}

ho_status ho_csv_file_unchanged(const char *path, int fd, const struct stat *before, ho_error *err)
{
    struct stat after;
    if (fstat(fd, &after) != 0) return ho_fail(err, HO_ERR_IO, "%s: %s", path, strerror(errno));
    if (after.st_size < before->st_size)
        return ho_fail(err, HO_ERR_DATA, "%s: the file shrank while it was read, from %lld to %lld bytes",
                       path, (long long)before->st_size, (long long)after.st_size);
    if (after.st_size != before->st_size || after.st_mtim.tv_sec != before->st_mtim.tv_sec ||
        after.st_mtim.tv_nsec != before->st_mtim.tv_nsec)
        return ho_fail(err, HO_ERR_DATA, "%s: the file changed while it was read", path);
    /* the open file is the same for ever; whether its name still means it is another question */
    struct stat named;
    if (stat(path, &named) != 0 || named.st_ino != before->st_ino || named.st_dev != before->st_dev)
        return ho_fail(err, HO_ERR_DATA, "%s: the file was replaced while it was read", path);
    return HO_OK;
}

size_t ho_csv_most_unpacked(size_t packed)
{
    return 1100 * packed + MEBIBYTE;
}

/* A compressed file becomes its text. */
static ho_status unpack(const char *name, int threads, ho_csv_text *text, ho_error *err)
{
    ho_packing packing = ho_packing_of(text->whole, text->size);
    if (packing == HO_PACKED_NOT) return HO_OK;
    char *bytes = NULL;
    size_t size = 0;
    ho_csv_text inside = {0};
    HO_TRY(ho_inflate(name, packing, text->whole, text->size, ho_csv_most_unpacked(text->size), &bytes, &size,
                      err));
    source from = {.name = name, .fd = -1, .bytes = bytes, .size = size};
    ho_status status = fill(&from, threads, &inside, err);
    free(bytes);
    inside.unpacked = true;
    inside.hash = XXH3_64bits(text->whole, text->size);
    inside.file_bytes = text->file_bytes;
    ho_csv_text_clear(text);
    *text = inside;
    return status;
}

ho_status ho_csv_file_open(const char *path, int *fd, ho_error *err)
{
    /* not blocking: a pipe with no writer must not hold us for ever */
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (*fd >= 0) return HO_OK;
    return ho_fail(err, HO_ERR_DATA, "%s: cannot be opened: %s", path, strerror(errno));
}

ho_status ho_csv_file_facts(const char *path, int fd, struct stat *facts, ho_error *err)
{
    if (fstat(fd, facts) != 0) return ho_fail(err, HO_ERR_IO, "%s: %s", path, strerror(errno));
    if (S_ISDIR(facts->st_mode))
        return ho_fail(err, HO_ERR_DATA, "%s: is a directory; a CSV file was expected", path);
    if (!S_ISREG(facts->st_mode))
        return ho_fail(err, HO_ERR_DATA, "%s: is not a regular file; a CSV file was expected", path);
    return HO_OK;
}

static ho_status read_open(const char *path, int fd, int threads, const ho_csv_watch *watch,
                           ho_csv_text *text, ho_error *err)
{
    struct stat before;
    HO_TRY(ho_csv_file_facts(path, fd, &before, err));
    if (watch != NULL) watch->seen(watch->user, false);
    source from = {.name = path, .fd = fd, .size = (size_t)before.st_size};
    HO_TRY(fill(&from, threads, text, err));
    if (watch != NULL) watch->seen(watch->user, true);
    HO_TRY(ho_csv_file_unchanged(path, fd, &before, err));
    HO_TRY(unpack(path, threads, text, err));
    text->mtime_ns = (int64_t)before.st_mtim.tv_sec * 1000000000 + before.st_mtim.tv_nsec;
    return check_encoding(path, text, err);
}

ho_status ho_csv_text_read(const char *path, int threads, const ho_csv_watch *watch, ho_csv_text *text,
                           ho_error *err)
{
    int fd;
    HO_TRY(ho_csv_file_open(path, &fd, err));
    ho_csv_text read = {0};
    ho_status status = read_open(path, fd, threads, watch, &read, err);
    close(fd);
    if (status != HO_OK)
        ho_csv_text_clear(&read);
    else
        *text = read;
    return status;
}

ho_status ho_csv_text_copy(const char *name, const char *bytes, size_t size, int threads, ho_csv_text *text,
                           ho_error *err)
{
    source from = {.name = name, .fd = -1, .bytes = bytes, .size = size};
    ho_csv_text copy = {0};
    ho_status status = fill(&from, threads, &copy, err);
    if (status == HO_OK) status = check_encoding(name, &copy, err);
    if (status != HO_OK)
        ho_csv_text_clear(&copy);
    else
        *text = copy;
    return status;
}

void ho_csv_text_clear(ho_csv_text *text)
{
    free(text->block);
    free(text->chunk_lines);
    *text = (ho_csv_text){0};
}

size_t ho_csv_count_lines(const char *p, const char *end)
{
    size_t lines = 0;
    for (const char *at = p; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
        lines++;
    for (const char *at = p; (at = memchr(at, '\r', (size_t)(end - at))) != NULL; at++)
        lines += at[1] != '\n';
    return lines;
}

size_t ho_csv_text_line(const ho_csv_text *text, size_t offset)
{
    const size_t line = 1 + ho_csv_count_lines(text->data, text->data + offset);
    return text->lines_before + line - (line > text->added_lines ? text->added_lines : 0);
}

ho_status ho_csv_text_put_line(const char *name, const char *line, size_t length, int threads,
                               ho_csv_text *text, ho_error *err)
{
    size_t size = length + 1 + text->size;
    char *joined = ho_new_array(size, 1);
    if (joined == NULL) return ho_fail_memory(err, size, name);
    memcpy(joined, line, length);
    joined[length] = '\n';
    memcpy(joined + length + 1, text->data, text->size);
    ho_csv_text made = {0};
    source from = {.name = name, .fd = -1, .bytes = joined, .size = size};
    ho_status status = fill(&from, threads, &made, err);
    free(joined);
    if (status != HO_OK) {
        ho_csv_text_clear(&made);
        return status;
    }
    made.hash = text->unpacked ? text->hash : XXH3_64bits(text->whole, (size_t)text->file_bytes);
    made.unpacked = true;
    made.file_bytes = text->file_bytes;
    made.mtime_ns = text->mtime_ns;
    made.added_lines = 1;
    ho_csv_text_clear(text);
    *text = made;
    return HO_OK;
}
