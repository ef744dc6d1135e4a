#include "store/csv_blocks.h"

#include "base/error.h"
#include "base/memory.h"
#include "store/csv_headerless.h"
#include "store/number_fast.h"

#include <string.h>

enum { STEP = 1 << 20 /* bytes that are read in one go, at least */ };

void ho_csv_blocks_begin(const char *name, const char *header_from, ho_csv_stream *stream,
                         ho_csv_blocks *blocks)
{
    *blocks = (ho_csv_blocks){.name = name, .stream = stream, .header_from = header_from};
}

void ho_csv_blocks_clear(ho_csv_blocks *b)
{
    ho_csv_stream_close(&b->stream);
    free(b->room);
    free(b->rows);
    *b = (ho_csv_blocks){0};
}

static char *text_of(const ho_csv_blocks *b)
{
    return b->room + HO_NUMBER_PAD;
}

/* What is there and not handed out, as a text. */
static ho_csv_text waiting(const ho_csv_blocks *b)
{
    return (ho_csv_text){.data = text_of(b) + b->begin,
                         .size = b->filled - b->begin,
                         .lines_before = b->lines,
                         .added_lines = b->added && b->lines == 0};
}

static ho_status grow(ho_csv_blocks *b, size_t more, ho_error *err)
{
    if (b->size - b->filled >= more) return HO_OK;
    size_t size = b->filled + more;
    char *room = size < SIZE_MAX / 2 ? ho_grow_array(b->room, size + 2 * HO_NUMBER_PAD, 1) : NULL;
    if (room == NULL) return ho_fail_memory(err, size, b->name);
    if (b->room == NULL) memset(room, '\n', HO_NUMBER_PAD);
    b->room = room;
    b->size = size;
    return HO_OK;
}

/* Reads what is left, for what the stream may still have to say against it. */
static ho_status drain(ho_csv_blocks *b, ho_error *err)
{
    HO_TRY(grow(b, STEP, err));
    for (size_t got = 1; got > 0;)
        HO_TRY(ho_csv_stream_read(b->stream, text_of(b) + b->filled, b->size - b->filled, &got, err));
    return HO_OK;
}

static ho_status refuse_nul(ho_csv_blocks *b, size_t offset, ho_error *err)
{
    const ho_csv_text text = waiting(b);
    size_t line = ho_csv_text_line(&text, offset - b->begin);
    HO_TRY(drain(b, err));
    return ho_fail(err, HO_ERR_DATA, "%s: line %zu holds a NUL byte; this is no text file (or it is UTF-16)",
                   b->name, line);
}

/* The byte order mark goes, and UTF-16 is refused, at the first bytes that are read. */
static ho_status check_encoding(ho_csv_blocks *b, ho_error *err)
{
    const unsigned char *p = (const unsigned char *)text_of(b);
    if (b->filled >= 2 && ((p[0] == 0xff && p[1] == 0xfe) || (p[0] == 0xfe && p[1] == 0xff))) {
        HO_TRY(drain(b, err));
        return ho_fail(err, HO_ERR_DATA, "%s: the file is UTF-16; save it as UTF-8", b->name);
    }
    if (b->filled >= 3 && p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf) b->begin = 3;
    return HO_OK;
}

/* Reads on: as much again as waits, so that looking at a long row anew costs no more than reading it. */
static ho_status read_on(ho_csv_blocks *b, ho_error *err)
{
    const size_t waits = b->filled - b->begin, before = b->filled;
    size_t more = waits > STEP ? waits : STEP;
    if (!ho_csv_stream_packed(b->stream)) { /* no more than there is, and the end */
        size_t left = (size_t)ho_csv_stream_bytes(b->stream) - ho_csv_stream_done(b->stream) + 1;
        more = more < left ? more : left;
    }
    HO_TRY(grow(b, more, err));
    while (!b->ended && b->filled - before < more) {
        size_t got;
        HO_TRY(ho_csv_stream_read(b->stream, text_of(b) + b->filled, more - (b->filled - before), &got, err));
        b->filled += got;
        b->ended = got == 0;
    }
    memset(text_of(b) + b->filled, '\n', HO_NUMBER_PAD);
    if (before == 0 && b->filled == 0) return ho_fail(err, HO_ERR_DATA, "%s: the file is empty", b->name);
    if (before == 0) HO_TRY(check_encoding(b, err));
    const char *nul = memchr(text_of(b) + before, '\0', b->filled - before);
    return nul == NULL ? HO_OK : refuse_nul(b, (size_t)(nul - text_of(b)), err);
}

static ho_status put_header(ho_csv_blocks *b, ho_error *err)
{
    const ho_csv_text text = waiting(b);
    char *line = NULL;
    size_t length = 0;
    b->late = ho_csv_header_line(b->name, b->header_from, &text, &line, &length, &b->fault);
    if (b->late != HO_OK) return HO_OK;
    ho_status status = grow(b, length + 1, err);
    if (status == HO_OK) {
        char *at = text_of(b) + b->begin;
        memmove(at + length + 1, at, b->filled - b->begin + HO_NUMBER_PAD);
        memcpy(at, line, length);
        at[length] = '\n';
        b->filled += length + 1;
        b->added = true;
    }
    free(line);
    return status;
}

/* Up to a first line that says what the delimiter is. */
static ho_status begin(ho_csv_blocks *b, ho_error *err)
{
    for (bool known = false; !known && !b->ended;) {
        HO_TRY(read_on(b, err));
        const ho_csv_text text = waiting(b);
        known = ho_csv_delimiter_known(&text, &b->delimiter);
    }
    if (b->header_from != NULL && *b->header_from != '\0') {
        HO_TRY(put_header(b, err));
        const ho_csv_text text = waiting(b);
        b->delimiter = ho_csv_delimiter(&text);
    }
    b->begun = true;
    return HO_OK;
}

static ho_status add_row(ho_csv_blocks *b, size_t number, ho_csv_span row, ho_error *err)
{
    if (number >= b->capacity) {
        size_t capacity = b->capacity != 0 ? 2 * b->capacity : 256;
        ho_csv_span *rows = ho_grow_array(b->rows, capacity, sizeof *rows);
        if (rows == NULL) return ho_fail_memory(err, capacity * sizeof *rows, b->name);
        b->rows = rows;
        b->capacity = capacity;
    }
    b->rows[number] = row;
    return HO_OK;
}

/* The row that begins `at` bytes behind what was handed out; *past: where the next begins, `at` itself when the text
 * goes on in the file. */
static ho_status find_row(ho_csv_blocks *b, size_t at, ho_csv_span *row, size_t *past, ho_error *err)
{
    const char *data = text_of(b) + b->begin, *end = text_of(b) + b->filled, *p = data + at;
    const char *stop = ho_csv_row_end(p, end, b->delimiter);
    *past = at;
    if (!b->ended && (stop == NULL || stop == end || (*stop == '\r' && stop + 1 == end)))
        return read_on(b, err);
    if (stop == NULL && b->late != HO_OK) return ho_fail(err, b->late, "%s", b->fault.text);
    if (stop == NULL) {
        const ho_csv_text text = waiting(b);
        return ho_fail(err, HO_ERR_DATA, "%s: a quoted field of the row at line %zu is never closed", b->name,
                       ho_csv_text_line(&text, at));
    }
    *row = (ho_csv_span){at, (size_t)(stop - data)};
    if (stop != end && *stop == '\r' && stop + 1 != end && stop[1] == '\n') stop++;
    *past = stop == end ? (size_t)(end - data) : (size_t)(stop + 1 - data);
    return HO_OK;
}

/* What was handed out goes. */
static void take_away(ho_csv_blocks *b, size_t size)
{
    const char *data = text_of(b) + b->begin;
    b->lines += ho_csv_count_lines(data, data + size) - (b->added && b->lines == 0);
    b->begin += size;
    memmove(text_of(b), text_of(b) + b->begin, b->filled - b->begin + HO_NUMBER_PAD);
    b->filled -= b->begin;
    b->begin = 0;
}

ho_status ho_csv_blocks_next(ho_csv_blocks *b, size_t rows, ho_csv_text *text, ho_csv_frame *frame,
                             ho_error *err)
{
    const bool first = !b->begun;
    if (first)
        HO_TRY(begin(b, err));
    else
        take_away(b, b->handed);
    size_t count = first ? 0 : 1, at = 0; /* row 0 of later blocks is none */
    if (!first) HO_TRY(add_row(b, 0, (ho_csv_span){0, 0}, err));
    while (count <= rows) {
        ho_csv_span row;
        size_t past;
        if (at == b->filled - b->begin && b->ended) break;
        HO_TRY(find_row(b, at, &row, &past, err));
        if (past == at) continue;
        const char *data = text_of(b) + b->begin;
        if (ho_csv_only_blanks(data + row.begin, data + row.end))
            b->blank_lines++;
        else
            HO_TRY(add_row(b, count++, row, err));
        at = past;
    }
    b->handed = at;
    *text = waiting(b);
    text->size = at;
    text->whole = text->data;
    text->quotes = memchr(text->data, '"', at) != NULL;
    *frame =
        (ho_csv_frame){.rows = b->rows, .count = count == 1 && !first ? 0 : count, .delimiter = b->delimiter};
    return HO_OK;
}
