#include "store/csv_frame.h"

#include "base/error.h"
#include "base/memory.h"
#include "store/number_fast.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

bool ho_csv_only_blanks(const char *p, const char *end)
{
    while (p != end && is_blank(*p))
        p++;
    return p == end;
}

/* A quote opens a field only where the field begins; anywhere else it is a letter like any other. */
static bool opens_field(const char *quote, const char *row, char delimiter)
{
    while (quote != row && is_blank(quote[-1]) && quote[-1] != delimiter)
        quote--;
    return quote == row || quote[-1] == delimiter;
}

/* The quote that closes a field whose inside begins at p, or NULL. */
static const char *closing_quote(const char *p, const char *end, bool *doubled)
{
    while ((p = memchr(p, '"', (size_t)(end - p))) != NULL) {
        if (p + 1 == end || p[1] != '"') return p;
        *doubled = true;
        p += 2;
    }
    return NULL;
}

/* The next byte that can matter to a row's end, or `end`. */
static const char *next_mark(const char *p, const char *end)
{
#ifdef __SSE2__
    const __m128i line = _mm_set1_epi8('\n'), back = _mm_set1_epi8('\r'), quote = _mm_set1_epi8('"');
    for (; end - p >= 16; p += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i hit = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, line), _mm_cmpeq_epi8(v, back)),
                                   _mm_cmpeq_epi8(v, quote));
        unsigned bits = (unsigned)_mm_movemask_epi8(hit);
        if (bits != 0) return p + __builtin_ctz(bits);
    }
#endif
    while (p != end && *p != '\n' && *p != '\r' && *p != '"')
        p++;
    return p;
}

/* The first line that is not blank; its end is the next line end, quotes not heeded. */
static const char *first_line(const ho_csv_text *text, const char **end)
{
    const char *p = text->data, *last = p + text->size;
    for (;;) {
        const char *stop = p;
        while (stop != last && *stop != '\n' && *stop != '\r' && is_blank(*stop))
            stop++;
        if (stop == last || !(*stop == '\n' || *stop == '\r')) break;
        p = stop + 1;
    }
    *end = p;
    while ((*end = next_mark(*end, last)) != last && **end == '"')
        ++*end;
    return p;
}

static const char delimiters[] = {',', ';', '\t'};
enum { DELIMITERS = sizeof delimiters };

static void count_plain(const char *p, const char *end, size_t counts[DELIMITERS])
{
    for (size_t d = 0; d < DELIMITERS; d++) {
        for (const char *q = p; q != end; q++)
            counts[d] += *q == delimiters[d];
    }
}

/* Quotes heeded; a quoted field may go on past the line's end. False when the text ends before the line. */
static bool count_quoted(const char *p, const char *end, size_t counts[DELIMITERS])
{
    bool start = true;
    for (; p != end && *p != '\n' && *p != '\r'; p++) {
        if (*p == '"' && start) {
            bool doubled;
            p = closing_quote(p + 1, end, &doubled);
            if (p == NULL) return false;
        }
        start = start && is_blank(*p);
        for (size_t d = 0; d < DELIMITERS; d++) {
            if (*p != delimiters[d]) continue;
            counts[d]++;
            start = true;
        }
    }
    return p != end;
}

bool ho_csv_delimiter_known(const ho_csv_text *text, char *delimiter)
{
    const char *end, *line = first_line(text, &end), *last = text->data + text->size;
    size_t counts[DELIMITERS] = {0}, best = 0;
    bool known = end != last;
    if (memchr(line, '"', (size_t)(end - line)) == NULL)
        count_plain(line, end, counts);
    else
        known = count_quoted(line, last, counts);
    for (size_t d = 1; d < DELIMITERS; d++) {
        if (counts[d] > counts[best]) best = d;
    }
    *delimiter = delimiters[best];
    return known;
}

char ho_csv_delimiter(const ho_csv_text *text)
{
    char delimiter;
    (void)ho_csv_delimiter_known(text, &delimiter);
    return delimiter;
}

/* Without quotes and lone returns a row ends at every newline: the chunks are independent. */
static ho_status frame_plain(const char *name, const ho_csv_text *text, int threads, ho_csv_frame *frame,
                             ho_error *err)
{
    size_t skipped = (size_t)(text->data - text->whole), size = text->size + skipped;
    size_t chunks = (size + HO_CSV_CHUNK - 1) / HO_CSV_CHUNK, lines = 0;
    size_t *firsts = HO_NEW(size_t, chunks);
    if (firsts == NULL) return ho_fail_memory(err, chunks * sizeof *firsts, name);
    for (size_t c = 0; c < chunks; c++) {
        firsts[c] = lines;
        lines += text->chunk_lines[c];
    }
    ho_csv_span *rows = HO_NEW(ho_csv_span, lines + 1);
    if (rows == NULL) {
        free(firsts);
        return ho_fail_memory(err, (lines + 1) * sizeof *rows, name);
    }
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) if (threads > 1)
    for (size_t c = 0; c < chunks; c++) {
        const char *p = text->whole + c * HO_CSV_CHUNK;
        const char *end = size - c * HO_CSV_CHUNK < HO_CSV_CHUNK ? text->whole + size : p + HO_CSV_CHUNK;
        ho_csv_span *row = rows + firsts[c];
        while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL)
            row++->end = (size_t)(p++ - text->data);
    }
    free(firsts);
    rows[lines].end = text->size;
    size_t begin = 0, kept = 0;
    for (size_t i = 0; i <= lines; i++) {
        size_t past = rows[i].end, stop = past;
        if (stop > begin && text->data[stop - 1] == '\r') stop--;
        if (!ho_csv_only_blanks(text->data + begin, text->data + stop))
            rows[kept++] = (ho_csv_span){begin, stop};
        else if (i < lines || stop > begin)
            frame->blank_lines++;
        begin = past + 1;
    }
    frame->rows = rows;
    frame->count = kept;
    return HO_OK;
}

const char *ho_csv_row_end(const char *p, const char *end, char delimiter)
{
    const char *row = p;
    while ((p = next_mark(p, end)) != end && *p == '"') {
        if (opens_field(p, row, delimiter)) {
            bool doubled;
            p = closing_quote(p + 1, end, &doubled);
            if (p == NULL) return NULL;
        }
        p++;
    }
    return p;
}

static ho_status frame_quoted(const char *name, const ho_csv_text *text, ho_csv_frame *frame, ho_error *err)
{
    const char *p = text->data, *end = p + text->size;
    size_t capacity = 0;
    while (p != end) {
        const char *stop = ho_csv_row_end(p, end, frame->delimiter);
        if (stop == NULL)
            return ho_fail(err, HO_ERR_DATA, "%s: a quoted field of the row at line %zu is never closed",
                           name, ho_csv_text_line(text, (size_t)(p - text->data)));
        if (ho_csv_only_blanks(p, stop)) {
            frame->blank_lines++;
        } else {
            if (frame->count == capacity) {
                capacity = capacity != 0 ? 2 * capacity : 256;
                ho_csv_span *rows = ho_grow_array(frame->rows, capacity, sizeof *rows);
                if (rows == NULL) return ho_fail_memory(err, capacity * sizeof *rows, name);
                frame->rows = rows;
            }
            frame->rows[frame->count++] =
                (ho_csv_span){(size_t)(p - text->data), (size_t)(stop - text->data)};
        }
        if (stop != end && *stop == '\r' && stop + 1 != end && stop[1] == '\n') stop++;
        p = stop == end ? end : stop + 1;
    }
    return HO_OK;
}

ho_status ho_csv_frame_find(const char *name, const ho_csv_text *text, int threads, ho_csv_frame *frame,
                            ho_error *err)
{
    return ho_csv_frame_cut(name, text, ho_csv_delimiter(text), threads, frame, err);
}

ho_status ho_csv_frame_cut(const char *name, const ho_csv_text *text, char delimiter, int threads,
                           ho_csv_frame *frame, ho_error *err)
{
    ho_csv_frame found = {.delimiter = delimiter};
    ho_status status = text->quotes || text->lone_returns ? frame_quoted(name, text, &found, err)
                                                          : frame_plain(name, text, threads, &found, err);
    if (status == HO_OK && found.count == 0)
        status = ho_fail(err, HO_ERR_DATA, "%s: the file holds blank lines only", name);
    if (status != HO_OK)
        ho_csv_frame_clear(&found);
    else
        *frame = found;
    return status;
}

void ho_csv_frame_clear(ho_csv_frame *frame)
{
    free(frame->rows);
    free(frame->lines);
    *frame = (ho_csv_frame){0};
}

const char *ho_csv_field_at(const char *p, const char *end, char delimiter, ho_csv_field *field)
{
    const char *first = p;
    while (first != end && is_blank(*first) && *first != delimiter)
        first++;
    field->doubled = false;
    if (first != end && *first == '"') {
        const char *close = closing_quote(first + 1, end, &field->doubled);
        if (close == NULL) return NULL;
        field->text = first + 1;
        field->length = (size_t)(close - first - 1);
        for (p = close + 1; p != end && *p != delimiter; p++) {
            if (!is_blank(*p)) return NULL;
        }
        return p;
    }
    const char *stop = first == end ? end : memchr(first, delimiter, (size_t)(end - first));
    if (stop == NULL) stop = end;
    const char *last = stop;
    while (last != first && is_blank(last[-1]))
        last--;
    field->text = first;
    field->length = (size_t)(last - first);
    return stop;
}

void ho_csv_trim(const char **text, size_t *length)
{
    while (*length > 0 && is_blank((*text)[*length - 1]))
        --*length;
    for (; *length > 0 && is_blank(**text); --*length)
        ++*text;
}

size_t ho_csv_field_copy(const ho_csv_field *field, char *out)
{
    size_t length = 0;
    for (size_t i = 0; i < field->length; i++) {
        out[length++] = field->text[i];
        if (field->doubled && field->text[i] == '"') i++;
    }
    return length;
}
