#include "store/csv_cells.h"

#include "base/error.h"
#include "base/memory.h"
#include "store/number.h"
#include "store/number_fast.h"

#include <stdio.h>
#include <string.h>

/* Neighbouring columns that are handled alike. */
typedef struct run {
    size_t first, last; /* columns first .. last-1 */
    size_t value;       /* VALUE: number of the first among the value columns */
    uint8_t kind;
} run;

/* A part of a row: whole fields, from `begin` to the delimiter or row end at `end`. */
typedef struct piece {
    size_t row, begin, end;
    size_t column, fields; /* of its first field; how many */
} piece;

typedef struct reader {
    const ho_csv_text *text;
    const ho_csv_header *header;
    char delimiter;
    const run *runs;
    size_t run_count;
    ho_csv_cells *cells;
    ho_matrix *values;
    _Atomic size_t broken; /* the first row that is ragged or malformed, SIZE_MAX: none */
} reader;

enum { PIECE = 1 << 16 };

ho_status ho_csv_cells_new(const char *name, const ho_csv_header *header, const ho_csv_frame *frame,
                           ho_csv_cells *cells, ho_error *err)
{
    ho_csv_cells c = {.rows = frame->count - 1};
    for (size_t i = 0; i < header->count; i++)
        c.values += header->kinds[i] == HO_COLUMN_VALUE;
    if (c.rows == 0)
        return ho_fail(err, HO_ERR_DATA, "%s: the file holds a header and no rows; a row a date was expected",
                       name);
    if (c.rows >= UINT32_MAX) return ho_fail(err, HO_ERR_DATA, "%s: %zu rows are too many", name, c.rows);
    if (c.values == 0)
        return ho_fail(err, HO_ERR_DATA,
                       "%s: no strategy: every one of its %zu columns is metadata or derived", name,
                       header->count);
    c.column_of = HO_NEW(size_t, c.values);
    c.troubles = HO_NEW(ho_csv_trouble, c.values);
    for (size_t k = 1; k < HO_COLUMN_META_COUNT; k++) {
        c.slots[k] = c.meta_count;
        c.meta_count += header->meta[k] != SIZE_MAX;
    }
    c.meta = ho_new_array(c.rows, c.meta_count * sizeof *c.meta);
    if (c.column_of == NULL || c.troubles == NULL || c.meta == NULL) {
        ho_csv_cells_clear(&c);
        return ho_fail_memory(err, c.rows * c.meta_count * sizeof *c.meta, name);
    }
    size_t v = 0;
    for (size_t i = 0; i < header->count; i++) {
        if (header->kinds[i] == HO_COLUMN_VALUE) c.column_of[v++] = i;
    }
    for (v = 0; v < c.values; v++) {
        atomic_init(&c.troubles[v].first_missing, UINT32_MAX);
        atomic_init(&c.troubles[v].first_bad, UINT32_MAX);
        atomic_init(&c.troubles[v].first_nan, UINT32_MAX);
        atomic_init(&c.troubles[v].first_infinite, UINT32_MAX);
    }
    *cells = c;
    return HO_OK;
}

void ho_csv_cells_clear(ho_csv_cells *cells)
{
    for (size_t v = 0; cells->samples != NULL && v < cells->values * HO_CSV_SAMPLES; v++)
        free(cells->samples[v]);
    free(cells->samples);
    free(cells->column_of);
    free(cells->troubles);
    free(cells->meta);
    *cells = (ho_csv_cells){0};
}

static void note(_Atomic uint32_t *count, _Atomic uint32_t *first, uint32_t row)
{
    atomic_fetch_add_explicit(count, 1, memory_order_relaxed);
    uint32_t now = atomic_load_explicit(first, memory_order_relaxed);
    while (row < now && !atomic_compare_exchange_weak_explicit(first, &now, row, memory_order_relaxed,
                                                               memory_order_relaxed))
        continue;
}

bool ho_csv_is_null(const ho_csv_field *field, const ho_strings *nulls)
{
    const char *text = field->text;
    size_t length = field->length;
    ho_csv_trim(&text, &length);
    for (size_t i = 0; nulls != NULL && i < nulls->count; i++) {
        if (strlen(nulls->items[i]) == length && memcmp(nulls->items[i], text, length) == 0) return true;
    }
    return false;
}

static void note_broken(reader *r, size_t row)
{
    size_t now = atomic_load(&r->broken);
    while (row < now && !atomic_compare_exchange_weak(&r->broken, &now, row))
        continue;
}

/* The cells that the fast scanner leaves: returns their delimiter or `end`, NULL when malformed. */
static __attribute__((noinline)) const char *careful_cell(const reader *r, const char *p, const char *end,
                                                          size_t row, size_t value, double *out)
{
    ho_csv_field field;
    const char *past = ho_csv_field_at(p, end, r->delimiter, &field);
    if (past == NULL) return NULL;
    ho_csv_trouble *t = &r->cells->troubles[value];
    const uint32_t number = (uint32_t)(r->cells->before + row);
    *out = 0;
    switch (field.doubled ? HO_CELL_BAD : ho_number_read(field.text, field.length, out)) {
    case HO_CELL_NUMBER:
        break;
    case HO_CELL_MISSING:
        note(&t->missing, &t->first_missing, number);
        break;
    case HO_CELL_NAN:
        note(&t->nan, &t->first_nan, number);
        break;
    case HO_CELL_INFINITE:
        note(&t->infinite, &t->first_infinite, number);
        break;
    case HO_CELL_BAD:
        if (ho_csv_is_null(&field, r->cells->nulls)) {
            note(&t->missing, &t->first_missing, number);
            break;
        }
        note(&t->bad, &t->first_bad, number);
        break;
    }
    return past;
}

/* A quoted number of the common form: databases quote every cell. As careful_cell, or NULL when it is not one. */
static const char *quoted_cell(const reader *r, const char *p, const char *end, double *out)
{
    double x;
    const char *q = *p == '"' ? ho_number_scan(p + 1, &x) : NULL;
    if (q == NULL || q >= end || *q != '"' || (q + 1 != end && q[1] != r->delimiter)) return NULL;
    *out = x;
    return q + 1;
}

/* Reads value columns from p on until `count` are read or the piece ends; *read says how many. Returns where the last
 * field ended, NULL when malformed. */
static const char *read_values(const reader *r, const char *p, const char *end, size_t row, size_t value,
                               size_t count, size_t *read)
{
    double *out = ho_matrix_row(r->values, row) + value;
    const char delimiter = r->delimiter;
    size_t i = 0;
    for (;;) {
        double x;
        const char *q = ho_number_scan(p, &x);
        if (q != NULL && q <= end && (*q == delimiter || q == end)) {
            out[i] = x;
        } else {
            q = quoted_cell(r, p, end, &out[i]);
            if (q == NULL) q = careful_cell(r, p, end, row, value + i, &out[i]);
            if (q == NULL) return NULL;
        }
        i++;
        if (q == end || i == count) {
            *read = i;
            return q;
        }
        p = q + 1;
    }
}

static const char *read_one(const reader *r, const char *p, const char *end, size_t row, uint8_t kind)
{
    ho_csv_field field;
    const char *q = ho_csv_field_at(p, end, r->delimiter, &field);
    if (kind > HO_COLUMN_VALUE && kind < HO_COLUMN_META_COUNT)
        r->cells->meta[row * r->cells->meta_count + r->cells->slots[kind]] = field;
    return q;
}

static size_t find_run(const reader *r, size_t column)
{
    size_t low = 0, high = r->run_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (r->runs[middle].first <= column)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* False when the piece is malformed, or its row has other than the header's number of fields. */
static bool read_piece(const reader *r, const piece *part)
{
    const char *p = r->text->data + part->begin, *end = r->text->data + part->end;
    size_t column = part->column, k = find_run(r, column);
    for (;; k++) {
        if (k == r->run_count) return false; /* more fields than the header has */
        const run *now = &r->runs[k];
        const char *q = p;
        while (column < now->last) {
            size_t read = 1;
            if (now->kind == HO_COLUMN_VALUE)
                q = read_values(r, p, end, part->row, now->value + (column - now->first), now->last - column,
                                &read);
            else
                q = read_one(r, p, end, part->row, now->kind);
            if (q == NULL) return false;
            column += read;
            if (q == end)
                return part->fields == 0 ? column == r->header->count : column == part->column + part->fields;
            p = q + 1;
        }
    }
}

static ho_status make_runs(const char *name, const ho_csv_header *h, run **runs, size_t *count, ho_error *err)
{
    size_t n = 0;
    for (size_t c = 0; c < h->count; c++)
        n += c == 0 || h->kinds[c] != h->kinds[c - 1];
    run *made = HO_NEW(run, n);
    if (made == NULL) return ho_fail_memory(err, n * sizeof *made, name);
    size_t at = 0, value = 0;
    for (size_t c = 0; c < h->count; c++) {
        if (c == 0 || h->kinds[c] != h->kinds[c - 1])
            made[at++] = (run){.first = c, .last = c, .value = value, .kind = h->kinds[c]};
        made[at - 1].last = c + 1;
        value += h->kinds[c] == HO_COLUMN_VALUE;
    }
    *runs = made;
    *count = n;
    return HO_OK;
}

static size_t count_delimiters(const char *p, const char *end, char delimiter)
{
    size_t count = 0;
    for (; p != end; p++)
        count += *p == delimiter;
    return count;
}

/* A few very long rows are cut into pieces, so that all threads have work: their fields are counted first, which is
 * much faster than reading them. Only without quotes, where every delimiter counts. */
static ho_status cut_rows(const char *name, const reader *r, const ho_csv_frame *frame, int threads,
                          piece **pieces, size_t *count, ho_error *err)
{
    size_t n = 0;
    for (size_t row = 1; row < frame->count; row++)
        n += (frame->rows[row].end - frame->rows[row].begin) / PIECE + 1;
    piece *made = HO_NEW(piece, n);
    if (made == NULL) return ho_fail_memory(err, n * sizeof *made, name);
    size_t at = 0;
    for (size_t row = 1; row < frame->count; row++) {
        size_t begin = frame->rows[row].begin, end = frame->rows[row].end;
        while (end - begin > PIECE) {
            const char *cut = memchr(r->text->data + begin + PIECE, r->delimiter, end - begin - PIECE);
            if (cut == NULL) break;
            size_t stop = (size_t)(cut - r->text->data);
            made[at++] = (piece){.row = row - 1, .begin = begin, .end = stop};
            begin = stop + 1;
        }
        made[at++] = (piece){.row = row - 1, .begin = begin, .end = end};
    }
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) if (threads > 1)
    for (size_t i = 0; i < at; i++)
        made[i].fields =
            1 + count_delimiters(r->text->data + made[i].begin, r->text->data + made[i].end, r->delimiter);
    for (size_t i = 1; i < at; i++) {
        if (made[i].row == made[i - 1].row) made[i].column = made[i - 1].column + made[i - 1].fields;
    }
    *pieces = made;
    *count = at;
    return HO_OK;
}

static ho_status read_pieces(const char *name, reader *r, const ho_csv_frame *frame, int threads,
                             ho_error *err)
{
    piece *pieces;
    size_t count;
    HO_TRY(cut_rows(name, r, frame, threads, &pieces, &count, err));
    size_t fields = 0;
    for (size_t i = 0; i < count; i++) {
        fields = (pieces[i].column == 0 ? 0 : fields) + pieces[i].fields;
        bool last = i + 1 == count || pieces[i + 1].row != pieces[i].row;
        if (last && fields != r->header->count) note_broken(r, pieces[i].row);
    }
    if (atomic_load(&r->broken) == SIZE_MAX) {
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) if (threads > 1)
        for (size_t i = 0; i < count; i++) {
            if (!read_piece(r, &pieces[i])) note_broken(r, pieces[i].row);
        }
    }
    free(pieces);
    return HO_OK;
}

static void read_rows(reader *r, const ho_csv_frame *frame, int threads)
{
    size_t rows = frame->count - 1, share = rows / ((size_t)threads * 16);
    int batch = share < 1 ? 1 : share > 1024 ? 1024 : (int)share;
#pragma omp parallel for schedule(dynamic, batch) num_threads(threads) if (threads > 1)
    for (size_t row = 0; row < rows; row++) {
        ho_csv_span span = frame->rows[row + 1];
        piece whole = {.row = row, .begin = span.begin, .end = span.end};
        if (!read_piece(r, &whole)) note_broken(r, row);
    }
}

static ho_status refuse_row(const char *name, const reader *r, const ho_csv_frame *frame, size_t row,
                            ho_error *err)
{
    ho_csv_span span = frame->rows[row + 1];
    const char *p = r->text->data + span.begin, *end = r->text->data + span.end;
    size_t line = ho_csv_text_line(r->text, span.begin);
    ho_csv_field field;
    for (size_t fields = 1;; fields++) {
        p = ho_csv_field_at(p, end, r->delimiter, &field);
        if (p == NULL)
            return ho_fail(err, HO_ERR_DATA, "%s: line %zu: field %zu has text after its closing quote", name,
                           line, fields);
        if (p == end)
            return ho_fail(err, HO_ERR_DATA, "%s: line %zu has %zu field%s, the header has %zu", name, line,
                           fields, fields == 1 ? "" : "s", r->header->count);
        p++;
    }
}

ho_status ho_csv_cells_read(const char *name, const ho_csv_text *text, const ho_csv_frame *frame,
                            const ho_csv_header *header, int threads, ho_csv_cells *cells, ho_matrix *values,
                            ho_error *err)
{
    run *runs = NULL;
    reader r = {
        .text = text, .header = header, .delimiter = frame->delimiter, .cells = cells, .values = values};
    atomic_init(&r.broken, SIZE_MAX);
    HO_TRY(make_runs(name, header, &runs, &r.run_count, err));
    r.runs = runs;
    ho_status status = HO_OK;
    if (threads > 1 && !text->quotes && cells->rows < 4 * (size_t)threads)
        status = read_pieces(name, &r, frame, threads, err);
    else
        read_rows(&r, frame, threads);
    free(runs);
    if (status == HO_OK && atomic_load(&r.broken) != SIZE_MAX)
        status = refuse_row(name, &r, frame, atomic_load(&r.broken), err);
    return status;
}

void ho_csv_cell_at(const ho_csv_text *text, const ho_csv_frame *frame, size_t row, size_t column,
                    ho_csv_field *field)
{
    const char *p = text->data + frame->rows[row + 1].begin, *end = text->data + frame->rows[row + 1].end;
    *field = (ho_csv_field){.text = p};
    for (size_t c = 0;; c++) {
        ho_csv_field now;
        p = ho_csv_field_at(p, end, frame->delimiter, &now);
        if (p == NULL) return;
        if (c == column) *field = now;
        if (c == column || p == end) return;
        p++;
    }
}

const char *ho_csv_where(const ho_csv_text *text, const ho_csv_frame *frame, size_t row,
                         char out[HO_CSV_WHERE])
{
    if (text->header_only)
        snprintf(out, HO_CSV_WHERE, "row %zu", row + 1);
    else if (frame->lines != NULL)
        snprintf(out, HO_CSV_WHERE, "line %zu", frame->lines[row]);
    else
        snprintf(out, HO_CSV_WHERE, "line %zu", ho_csv_text_line(text, frame->rows[row + 1].begin));
    return out;
}
