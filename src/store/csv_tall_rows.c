/* The rows of a tall CSV file, as a thread reads them. A line that is no plain row ends the reading: see
 * csv_tall_fast.h. */
#include "base/error.h"
#include "base/memory.h"
#include "store/csv_tall_parts.h"
#include "store/number.h"

/* A block on its way. */
typedef struct lines {
    const ho_tall_reading *x;
    ho_tall_worker *w;
    const char *end; /* past the last newline */
    ho_pivot_block cells;
    uint64_t place;
    uint32_t numbers[HO_TALL_PNL];
} lines;

static inline bool ends_field(const lines *l, const char *p)
{
    return *p == l->x->delimiter || *p == '\n' || (*p == '\r' && p[1] == '\n');
}

/* The field at p by the general rules; returns what follows it, or NULL: it is not plain. */
static const char *whole_field(const lines *l, const char *p, ho_csv_field *field)
{
    const char *stop = memchr(p, '\n', (size_t)(l->end - p));
    if (stop != p && stop[-1] == '\r') stop--;
    const char *past = ho_csv_field_at(p, stop, l->x->delimiter, field);
    if (past == NULL || memchr(p, '\r', (size_t)(past - p)) != NULL ||
        memchr(p, '\0', (size_t)(past - p)) != NULL)
        return NULL;
    return past;
}

/* False: no memory. */
static bool number_new(lines *l, ho_guess *g, const char *text, size_t length, uint32_t *number)
{
    l->w->status = ho_guess_add(g, text, length, l->place, number, &l->w->err);
    return l->w->status == HO_OK;
}

/* The guess that fits the field at p; returns what follows it, or NULL. */
static inline const char *guess_text(lines *l, ho_guess *g, const char *p, uint32_t *number)
{
    const size_t most = (size_t)(l->end - p) - 1;
    const uint32_t guesses[] = {g->next[g->last], g->last};
    for (size_t i = 0; i < 2; i++) {
        size_t length = 0;
        *number = guesses[i];
        if (ho_guess_fits(g, *number, p, most, &length) && ends_field(l, p + length)) return p + length;
    }
    return NULL;
}

static inline const char *read_text(lines *l, int column, const char *p)
{
    ho_guess *g = &l->w->texts[column];
    uint32_t *number = &l->numbers[column];
    const char *past = ho_guess_ready(g) ? guess_text(l, g, p, number) : NULL;
    if (past == NULL) {
        ho_csv_field field;
        past = whole_field(l, p, &field);
        if (past == NULL || !number_new(l, g, p, (size_t)(past - p), number)) return NULL;
    }
    ho_guess_follow(g, *number);
    return past;
}

static const char *read_odd_amount(lines *l, const char *p, double *amount)
{
    const ho_load_options *o = l->x->options;
    ho_csv_field field;
    const char *past = whole_field(l, p, &field);
    if (past == NULL || field.doubled) return NULL;
    ho_cell cell = ho_number_read(field.text, field.length, amount);
    if (cell == HO_CELL_NUMBER) return past;
    const bool missing = cell == HO_CELL_MISSING ||
                         (cell == HO_CELL_BAD && ho_csv_is_null(&field, &o->nulls)) ||
                         (cell == HO_CELL_NAN && o->nan_as_missing);
    if (!missing || (o->missing != NULL && strcmp(o->missing, "error") == 0)) return NULL;
    *amount = 0;
    l->w->missing++;
    return past;
}

static inline const char *read_amount(lines *l, const char *p, double *amount)
{
    const bool quoted = *p == '"';
    const char *past = ho_number_scan(p + quoted, amount);
    if (past != NULL && (!quoted || *past++ == '"') && ends_field(l, past)) return past;
    return read_odd_amount(l, p, amount);
}

static inline bool number_row(lines *l, uint32_t *row)
{
    ho_guess *g = &l->w->rows;
    const char *keys = (const char *)l->numbers;
    size_t length = HO_PIVOT_KEYS * sizeof *l->numbers;
    *row = g->last;
    if (g->texts.count != 0 && ho_guess_fits(g, *row, keys, length, &length)) return true;
    if (g->texts.count != 0) *row = g->next[g->last];
    if (g->texts.count == 0 || !ho_guess_fits(g, *row, keys, length, &length)) {
        if (!number_new(l, g, keys, length, row)) return false;
    }
    ho_guess_follow(g, *row);
    return true;
}

/* The row at p; returns the next line, or NULL. */
static inline const char *read_row(lines *l, const char *p)
{
    double amount = 0;
    const size_t count = l->x->count;
    for (size_t c = 0; c < count; c++) {
        const int role = l->x->role[c];
        ho_csv_field other;
        p = role == HO_TALL_PNL  ? read_amount(l, p, &amount)
            : role < HO_TALL_PNL ? read_text(l, role, p)
                                 : whole_field(l, p, &other);
        if (p == NULL || (*p == l->x->delimiter) != (c + 1 < count)) return NULL;
        p += c + 1 < count;
    }
    p += *p == '\r';
    uint32_t row = 0;
    if (*p != '\n' || !number_row(l, &row)) return NULL;
    ho_pivot_block *b = &l->cells;
    b->rows[b->count] = row;
    b->strategies[b->count] = l->numbers[HO_TALL_STRATEGY];
    b->amounts[b->count++] = amount;
    l->place++;
    return p + 1;
}

/* The line after a blank one, or p. */
static const char *skip_blank(lines *l, const char *p)
{
    const char *at = p;
    while (*at == ' ' || *at == '\t')
        at++;
    at += *at == '\r';
    if (*at != '\n') return p;
    l->w->blank_lines++;
    return at + 1;
}

/* Sums of bytes, which compilers make vectors of. */
static size_t count_lines(const char *p, const char *end)
{
    enum { STEP = 255 };
    size_t count = 0;
    while (p != end) {
        const size_t size = end - p < STEP ? (size_t)(end - p) : STEP;
        uint8_t here = 0;
        for (size_t i = 0; i < size; i++)
            here = (uint8_t)(here + (p[i] == '\n'));
        count += here;
        p += size;
    }
    return count;
}

static bool read_block(const ho_tall_reading *x, ho_tall_worker *w, const char *p, size_t size, size_t number,
                       ho_pivot_block *cells)
{
    lines l = {.x = x, .w = w, .end = p + size, .place = (uint64_t)number * HO_TALL_BLOCK * 2};
    w->status = ho_pivot_block_new(count_lines(p, l.end), &l.cells, &w->err);
    while (w->status == HO_OK && p != NULL && p != l.end) {
        if (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n') {
            const char *next = skip_blank(&l, p);
            if (next != p) {
                p = next;
                continue;
            }
        }
        p = read_row(&l, p);
    }
    *cells = l.cells;
    return w->status == HO_OK && p != NULL;
}

void ho_tall_work(ho_tall_reading *x, size_t worker)
{
    ho_tall_worker *w = &x->workers[worker];
    char *room = ho_new_array(2 * HO_TALL_BLOCK + 2 * HO_NUMBER_PAD, 1);
    if (room == NULL) {
        w->status = ho_fail_memory(&w->err, 2 * HO_TALL_BLOCK, x->name);
        return;
    }
    for (bool more = true; more;) {
        size_t size = 0, number = 0;
#pragma omp critical(ho_tall_take)
        {
            more = ho_tall_take(x, room + HO_NUMBER_PAD, &size, &number);
        }
        if (!more) break;
        x->worker_of[number] = (uint32_t)worker;
        more = read_block(x, w, room + HO_NUMBER_PAD, size, number, &x->pivot.blocks[number]);
        if (!more) {
#pragma omp critical(ho_tall_take)
            x->plain = false;
        }
    }
    free(room);
}
