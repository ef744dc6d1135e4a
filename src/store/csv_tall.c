#include "store/csv_tall.h"

#include "base/error.h"
#include "base/memory.h"
#include "store/number.h"

#include <string.h>

enum { MOST = 32 /* columns of a tall table */ };

bool ho_csv_is_tall(const ho_csv_header *header, ho_tall_columns *columns)
{
    for (int k = 0; k < HO_TALL_COLUMNS; k++)
        columns->at[k] = SIZE_MAX;
    if (header->count > MOST) return false;
    for (size_t c = 0; c < header->count; c++) {
        int kind = ho_tall_column_of(header->names[c], header->lengths[c]);
        if (kind < HO_TALL_COLUMNS && columns->at[kind] == SIZE_MAX) columns->at[kind] = c;
    }
    return columns->at[HO_PIVOT_DATE] != SIZE_MAX && columns->at[HO_TALL_STRATEGY] != SIZE_MAX &&
           columns->at[HO_TALL_PNL] != SIZE_MAX;
}

typedef ho_csv_tall tall;

static ho_status refuse(const tall *x, size_t row, const ho_csv_field *field, const char *what, ho_error *err)
{
    char cell[HO_CSV_SHOWN], where[HO_CSV_WHERE];
    return ho_fail(err, HO_ERR_DATA, "%s: %s: \"%s\" %s", x->t->name,
                   ho_csv_where(&x->t->text, &x->t->frame, row, where),
                   ho_csv_show(field->text, field->length, cell), what);
}

/* The row's fields; a comma at the end of every line is one empty field more, in the header too. */
static ho_status split(const tall *x, size_t row, ho_csv_field fields[MOST], ho_error *err)
{
    const ho_csv_span *span = &x->t->frame.rows[row + 1];
    const char *p = x->t->text.data + span->begin, *end = x->t->text.data + span->end;
    char where[HO_CSV_WHERE];
    for (size_t c = 0;; c++) {
        ho_csv_field rest;
        p = ho_csv_field_at(p, end, x->t->frame.delimiter, c < MOST ? &fields[c] : &rest);
        if (p == NULL)
            return ho_fail(err, HO_ERR_DATA, "%s: %s, field %zu has text after its closing quote", x->t->name,
                           ho_csv_where(&x->t->text, &x->t->frame, row, where), c + 1);
        if (p != end) {
            p++;
            continue;
        }
        if (c + 1 == x->t->header.count) return HO_OK;
        return ho_fail(err, HO_ERR_DATA, "%s: %s has %zu fields, the header has %zu", x->t->name,
                       ho_csv_where(&x->t->text, &x->t->frame, row, where), c + 1, x->t->header.count);
    }
}

/* A database's word for nothing. */
bool ho_csv_tall_null(const ho_load_options *options, const ho_csv_field *field)
{
    return field->length == 0 || ho_csv_is_null(field, &options->nulls) ||
           (field->length == 2 && memcmp(field->text, "\\N", 2) == 0) ||
           (field->length == 4 && memcmp(field->text, "NULL", 4) == 0);
}

static ho_status number_text(tall *x, ho_texts *texts, const ho_csv_field *field, uint32_t *number,
                             ho_error *err)
{
    const char *text = field->text;
    size_t length = ho_csv_tall_null(x->t->options, field) ? 0 : field->length;
    if (field->doubled) {
        if (length > x->size) {
            char *room = ho_grow_array(x->room, 2 * length, 1);
            if (room == NULL) return ho_fail_memory(err, 2 * length, x->t->name);
            x->room = room;
            x->size = 2 * length;
        }
        length = ho_csv_field_copy(field, x->room);
        text = x->room;
    }
    ho_csv_trim(&text, &length);
    return ho_texts_add(texts, text, length, number, err);
}

static ho_status add_amount(tall *x, size_t line, uint32_t row, uint32_t strategy, const ho_csv_field *field,
                            ho_error *err)
{
    const ho_load_options *o = x->t->options;
    double amount = 0;
    ho_cell cell = field->doubled ? HO_CELL_BAD : ho_number_read(field->text, field->length, &amount);
    if (cell == HO_CELL_BAD && ho_csv_is_null(field, &o->nulls)) cell = HO_CELL_MISSING;
    if (cell == HO_CELL_NAN && o->nan_as_missing) cell = HO_CELL_MISSING;
    if (cell == HO_CELL_MISSING && o->missing != NULL && strcmp(o->missing, "error") == 0)
        return refuse(x, line, field, "is a missing amount, and missing cells are errors here", err);
    if (cell == HO_CELL_BAD) return refuse(x, line, field, "is no amount", err);
    if (cell == HO_CELL_NAN || cell == HO_CELL_INFINITE) return refuse(x, line, field, "is not finite", err);
    x->pivot.missing += cell == HO_CELL_MISSING;
    return ho_pivot_add(&x->pivot, row, strategy, amount, err);
}

static ho_status add_row(tall *x, size_t line, ho_error *err)
{
    ho_csv_field fields[MOST];
    uint32_t keys[HO_PIVOT_KEYS] = {0}, row = 0, strategy = 0;
    const size_t *at = x->columns.at;
    HO_TRY(split(x, line, fields, err));
    if (ho_csv_tall_null(x->t->options, &fields[at[HO_PIVOT_DATE]]))
        return refuse(x, line, &fields[at[HO_PIVOT_DATE]], "is no date", err);
    if (ho_csv_tall_null(x->t->options, &fields[at[HO_TALL_STRATEGY]]))
        return refuse(x, line, &fields[at[HO_TALL_STRATEGY]], "is no strategy", err);
    for (int k = 0; k < HO_PIVOT_KEYS; k++)
        if (at[k] != SIZE_MAX) HO_TRY(number_text(x, &x->pivot.keys[k], &fields[at[k]], &keys[k], err));
    HO_TRY(number_text(x, &x->pivot.strategies, &fields[at[HO_TALL_STRATEGY]], &strategy, err));
    HO_TRY(ho_pivot_row(&x->pivot, keys, &row, err));
    return add_amount(x, line, row, strategy, &fields[at[HO_TALL_PNL]], err);
}

void ho_csv_tall_begin(ho_csv_table *t, const ho_tall_columns *columns, ho_csv_tall *x)
{
    *x = (ho_csv_tall){.t = t, .columns = *columns};
    for (int k = 0; k < HO_PIVOT_KEYS; k++)
        x->pivot.has[k] = columns->at[k] != SIZE_MAX;
}

ho_status ho_csv_tall_add(ho_csv_tall *x, ho_error *err)
{
    for (size_t line = 0; line + 1 < x->t->frame.count; line++)
        HO_TRY(add_row(x, line, err));
    return HO_OK;
}

ho_status ho_csv_tall_build(ho_csv_tall *x, uint64_t hash, ho_error *err)
{
    ho_csv_table *t = x->t;
    ho_load_report report = {0};
    ho_table_source source = {.path = t->name,
                              .format = "csv",
                              .bytes = t->text.file_bytes,
                              .mtime_ns = t->text.mtime_ns,
                              .hash = hash};
    HO_TRY(ho_pivot_build(&x->pivot, &source, t->options, t->threads, &t->panel, &report, err));
    report.blank_lines = (int64_t)t->frame.blank_lines;
    ho_load_report_clear(&t->report);
    t->report = report;
    return HO_OK;
}

void ho_csv_tall_clear(ho_csv_tall *x)
{
    ho_pivot_clear(&x->pivot);
    free(x->room);
    *x = (ho_csv_tall){0};
}
