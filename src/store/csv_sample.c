#include "store/csv_sample.h"

#include "base/error.h"
#include "base/memory.h"

#include <string.h>

/* More than a message shows, so that it is seen where one was cut. */
enum { MOST = HO_CSV_SHOWN + 32 };

typedef struct wanted {
    size_t row, column, slot; /* row: of the block; slot: among the samples */
} wanted;

static uint32_t first_of(const ho_csv_trouble *x, int kind)
{
    return kind == HO_CSV_MISSING ? x->first_missing
           : kind == HO_CSV_BAD   ? x->first_bad
           : kind == HO_CSV_NAN   ? x->first_nan
                                  : x->first_infinite;
}

typedef struct list {
    wanted *items; /* owned */
    size_t count, room;
} list;

static ho_status want(const ho_csv_table *t, size_t value, int kind, list *l, ho_error *err)
{
    const size_t row = first_of(&t->cells.troubles[value], kind), before = t->cells.before;
    if (row == UINT32_MAX || row < before || row >= before + t->cells.rows) return HO_OK;
    if (l->count == l->room) {
        size_t room = l->room != 0 ? 2 * l->room : 64;
        wanted *items = ho_grow_array(l->items, room, sizeof *items);
        if (items == NULL) return ho_fail_memory(err, room * sizeof *items, t->name);
        l->items = items;
        l->room = room;
    }
    l->items[l->count++] =
        (wanted){row - before, t->cells.column_of[value], value * HO_CSV_SAMPLES + (size_t)kind};
    return HO_OK;
}

/* Missing cells are shown only where they are errors. */
static ho_status want_all(const ho_csv_table *t, list *l, ho_error *err)
{
    const bool missing = t->options->missing != NULL && strcmp(t->options->missing, "error") == 0;
    for (size_t v = 0; v < t->cells.values; v++) {
        const ho_csv_trouble *x = &t->cells.troubles[v];
        if (x->bad + x->nan + x->infinite + (missing ? x->missing : 0) == 0) continue;
        for (int kind = missing ? HO_CSV_MISSING : HO_CSV_BAD; kind < HO_CSV_SAMPLES; kind++)
            HO_TRY(want(t, v, kind, l, err));
    }
    return HO_OK;
}

static int by_place(const void *a, const void *b)
{
    const wanted *x = a, *y = b;
    if (x->row != y->row) return x->row < y->row ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

/* The cells of one row in one walk along it. */
static ho_status keep_row(ho_csv_table *t, const wanted *w, size_t count, ho_error *err)
{
    const ho_csv_span *span = &t->frame.rows[w->row + 1];
    const char *p = t->text.data + span->begin, *end = t->text.data + span->end;
    for (size_t column = 0, i = 0; i < count; column++) {
        ho_csv_field field;
        p = ho_csv_field_at(p, end, t->frame.delimiter, &field);
        if (p == NULL) return HO_OK;
        for (; i < count && w[i].column == column; i++) {
            t->cells.samples[w[i].slot] =
                ho_copy_bytes(field.text, field.length < MOST ? field.length : MOST);
            if (t->cells.samples[w[i].slot] == NULL) return ho_fail_memory(err, MOST, t->name);
        }
        if (p == end) return HO_OK;
        p++;
    }
    return HO_OK;
}

ho_status ho_csv_keep_samples(ho_csv_table *t, ho_error *err)
{
    list l = {0};
    ho_status status = want_all(t, &l, err);
    if (l.count > 0) qsort(l.items, l.count, sizeof *l.items, by_place);
    for (size_t i = 0, past; i < l.count && status == HO_OK; i = past) {
        for (past = i + 1; past < l.count && l.items[past].row == l.items[i].row;)
            past++;
        status = keep_row(t, l.items + i, past - i, err);
    }
    free(l.items);
    return status;
}
