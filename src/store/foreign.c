#include "store/foreign.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "store/foreign_files.h"
#include "store/foreign_tall.h"
#include "store/number.h"
#include "store/table_build.h"
#include "store/timezone.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CELL = 32 /* room for a date, a time or a number as text */, HALF_DAY = 43200, HOUR = 3600 };

/* A foreign table while it is made a panel. */
typedef struct wide {
    const ho_foreign *f;
    char *block; /* owned: the texts of metadata cells, chained by their first bytes */
    ho_load_report *report;
    ho_strings *warnings;
} wide;

/* Blocks of text that live as long as the table is read. */
static char *new_block(wide *w, size_t bytes)
{
    char **block = ho_new_array(bytes + sizeof *block, 1);
    if (block == NULL) return NULL;
    *block = w->block;
    w->block = (char *)block;
    return (char *)(block + 1);
}

static void free_blocks(wide *w)
{
    while (w->block != NULL) {
        char *next = *(char **)(void *)w->block;
        free(w->block);
        w->block = next;
    }
}

/* Text cells are copied into one block, then pointed to. */
typedef struct gather {
    char *bytes; /* owned */
    size_t *ends;
    size_t used, room;
} gather;

static ho_status take_text(void *user, size_t row, const char *text, size_t length, bool null, ho_error *err)
{
    gather *g = user;
    (void)null;
    if (g->bytes == NULL || g->used + length > g->room) {
        size_t room = 2 * (g->used + length) + 256;
        char *grown = ho_grow_array(g->bytes, room, 1);
        if (grown == NULL) return ho_fail_memory(err, room, "the texts of a column");
        g->bytes = grown;
        g->room = room;
    }
    if (length > 0) memcpy(g->bytes + g->used, text, length);
    g->used += length;
    g->ends[row] = g->used;
    return HO_OK;
}

static ho_status give_plain_texts(wide *w, size_t column, ho_csv_field *out, size_t stride, ho_error *err)
{
    gather g = {.ends = HO_NEW(size_t, w->f->rows)};
    if (g.ends == NULL) return ho_fail_memory(err, w->f->rows * sizeof *g.ends, w->f->path);
    ho_status status = ho_foreign_texts(w->f, column, take_text, &g, err);
    char *kept = status == HO_OK ? new_block(w, g.used + 1) : NULL;
    if (status == HO_OK && kept == NULL) status = ho_fail_memory(err, g.used, w->f->path);
    if (status == HO_OK) {
        memcpy(kept, g.bytes, g.used);
        for (size_t r = 0; r < w->f->rows; r++) {
            size_t begin = r == 0 ? 0 : g.ends[r - 1];
            out[r * stride] = (ho_csv_field){.text = kept + begin, .length = g.ends[r] - begin};
        }
    }
    free(g.bytes);
    free(g.ends);
    return status;
}

/* One after the other into a block of equal cells. */
static void put_cell(char *cells, size_t row, ho_csv_field *out, size_t stride, int length)
{
    out[row * stride] = (ho_csv_field){.text = cells + row * CELL, .length = length > 0 ? (size_t)length : 0};
}

static ho_status give_moments(wide *w, size_t column, ho_column_kind kind, ho_csv_field *out, size_t stride,
                              ho_error *err)
{
    size_t rows = w->f->rows;
    int32_t *days = HO_NEW(int32_t, rows), *seconds = HO_NEW(int32_t, rows);
    uint8_t *null = HO_NEW(uint8_t, rows);
    char *cells = new_block(w, rows * CELL);
    ho_status status = days == NULL || seconds == NULL || null == NULL || cells == NULL
                           ? ho_fail_memory(err, rows * CELL, w->f->path)
                           : ho_foreign_days(w->f, column, days, seconds, null, err);
    if (status == HO_OK) status = ho_foreign_localize(w->f, column, days, seconds, null, w->warnings, err);
    for (size_t r = 0; status == HO_OK && r < rows; r++) {
        ho_civil c = ho_date_to_civil(days[r]);
        char *cell = cells + r * CELL;
        int length = 0;
        if (null[r] == 0 && kind == HO_COLUMN_DATE)
            length = snprintf(cell, CELL, c.year >= 1 && c.year <= 9999 ? "%04d-%02d-%02d" : "year %d",
                              c.year, c.month, c.day);
        else if (null[r] == 0)
            length = snprintf(cell, CELL, "%02d:%02d:%02d", seconds[r] / HOUR, seconds[r] / 60 % 60,
                              seconds[r] % 60);
        put_cell(cells, r, out, stride, length);
    }
    free(days);
    free(seconds);
    free(null);
    return status;
}

static ho_status give_numbers(wide *w, size_t column, ho_csv_field *out, size_t stride, ho_error *err)
{
    size_t rows = w->f->rows;
    double *values = HO_NEW(double, rows);
    uint8_t *null = HO_NEW(uint8_t, rows);
    char *cells = new_block(w, rows * CELL);
    ho_status status = values == NULL || null == NULL || cells == NULL
                           ? ho_fail_memory(err, rows * CELL, w->f->path)
                           : ho_foreign_numbers(w->f, column, values, 1, null, err);
    for (size_t r = 0; status == HO_OK && r < rows; r++) {
        bool none = null[r] != 0 || isnan(values[r]); /* data frames write what is missing as NaN */
        put_cell(cells, r, out, stride, none ? 0 : snprintf(cells + r * CELL, CELL, "%.17g", values[r]));
    }
    free(values);
    free(null);
    return status;
}

static ho_status give_texts(void *user, size_t column, ho_column_kind kind, ho_csv_field *out, size_t stride,
                            ho_error *err)
{
    wide *w = user;
    switch (w->f->columns[column].kind) {
    case HO_ARROW_TEXT:
        return give_plain_texts(w, column, out, stride, err);
    case HO_ARROW_DAY:
    case HO_ARROW_TIME:
        return give_moments(w, column, kind, out, stride, err);
    case HO_ARROW_NUMBER:
        return give_numbers(w, column, out, stride, err);
    case HO_ARROW_OTHER:
        break;
    }
    return ho_fail(err, HO_ERR_DATA, "%s: column \"%s\" is of a type that is not read", w->f->path,
                   w->f->columns[column].name);
}

/* Numbers that a column of text holds, by the rules of CSV cells. */
typedef struct parse {
    double *out;
    size_t stride;
    ho_csv_trouble *trouble;
    char **sample;
} parse;

static ho_status take_cell(void *user, size_t row, const char *text, size_t length, bool null, ho_error *err)
{
    parse *p = user;
    ho_csv_trouble *x = p->trouble;
    double *value = &p->out[row * p->stride];
    *value = 0;
    switch (null ? HO_CELL_MISSING : ho_number_read(text, length, value)) {
    case HO_CELL_NUMBER:
        break;
    case HO_CELL_MISSING:
        ho_trouble_note(&x->missing, &x->first_missing, row);
        break;
    case HO_CELL_NAN:
        ho_trouble_note(&x->nan, &x->first_nan, row);
        break;
    case HO_CELL_INFINITE:
        ho_trouble_note(&x->infinite, &x->first_infinite, row);
        break;
    case HO_CELL_BAD:
        ho_trouble_note(&x->bad, &x->first_bad, row);
        if (*p->sample == NULL && (*p->sample = ho_copy_bytes(text, length)) == NULL)
            return ho_fail_memory(err, length, "a cell");
        break;
    }
    return HO_OK;
}

/* A column of a type that holds no numbers: as a text column whose every cell is its type. */
static ho_status not_a_number(const ho_foreign *f, size_t column, parse *p, ho_error *err)
{
    for (size_t r = 0; r < f->rows; r++) {
        p->out[r * p->stride] = 0;
        ho_trouble_note(&p->trouble->bad, &p->trouble->first_bad, r);
    }
    static const char *const types[] = {[HO_ARROW_DAY] = "(a date)", [HO_ARROW_TIME] = "(a time)"};
    ho_arrow_kind kind = f->columns[column].kind;
    *p->sample = ho_copy_text(kind == HO_ARROW_OTHER ? "(a type of its own)" : types[kind]);
    return *p->sample != NULL ? HO_OK : ho_fail_memory(err, 0, f->path);
}

static ho_status give_values(void *user, size_t column, double *out, size_t stride, ho_csv_trouble *trouble,
                             char **sample, ho_error *err)
{
    const ho_foreign *f = ((wide *)user)->f;
    parse p = {out, stride, trouble, sample};
    ho_arrow_kind kind = f->columns[column].kind;
    if (kind == HO_ARROW_TEXT) return ho_foreign_texts(f, column, take_cell, &p, err);
    if (kind != HO_ARROW_NUMBER) return not_a_number(f, column, &p, err);
    uint8_t *null = HO_NEW(uint8_t, f->rows);
    if (null == NULL) return ho_fail_memory(err, f->rows, f->path);
    ho_status status = ho_foreign_numbers(f, column, out, stride, null, err);
    for (size_t r = 0; status == HO_OK && r < f->rows; r++) {
        double value = out[r * stride];
        if (null[r] == 0 && isfinite(value)) continue;
        out[r * stride] = 0;
        if (null[r] != 0)
            ho_trouble_note(&trouble->missing, &trouble->first_missing, r);
        else if (isnan(value))
            ho_trouble_note(&trouble->nan, &trouble->first_nan, r);
        else
            ho_trouble_note(&trouble->infinite, &trouble->first_infinite, r);
    }
    free(null);
    return status;
}

static ho_table_source source_of(const ho_foreign *f)
{
    return (ho_table_source){.path = f->path,
                             .format = "arrow",
                             .rows = f->rows,
                             .columns = f->column_count,
                             .trusted = f->trusted,
                             .bytes = f->bytes,
                             .mtime_ns = f->mtime_ns,
                             .hash = f->hash};
}

/* pandas keeps the index of a frame as a column of this name: dates there are the dates of the table. */
static const char *name_of(const ho_foreign *f, size_t column, size_t *length)
{
    static const char index[] = "__index_level_", date[] = "Date", other[] = "index";
    const ho_foreign_column *c = &f->columns[column];
    *length = c->length;
    if (c->length < sizeof index || memcmp(c->name, index, sizeof index - 1) != 0) return c->name;
    bool is_date = c->kind == HO_ARROW_DAY;
    *length = is_date ? sizeof date - 1 : sizeof other - 1;
    return is_date ? date : other;
}

static ho_status read_wide(const ho_foreign *f, const ho_load_options *options, int threads, ho_panel **panel,
                           ho_load_report *report, ho_error *err)
{
    ho_strings warnings = {0};
    wide w = {.f = f, .warnings = &warnings};
    ho_table_source source = source_of(f);
    const char **names = HO_NEW(const char *, f->column_count);
    size_t *lengths = HO_NEW(size_t, f->column_count);
    ho_status status = HO_OK;
    if (names == NULL || lengths == NULL) {
        status = ho_fail_memory(err, f->column_count * sizeof *names, f->path);
    } else {
        for (size_t c = 0; c < f->column_count; c++)
            names[c] = name_of(f, c, &lengths[c]);
        source.names = names;
        source.lengths = lengths;
        source.texts = give_texts;
        source.values = give_values;
        source.user = &w;
        status = ho_table_build(&source, options, threads, panel, report, err);
    }
    for (size_t i = 0; status == HO_OK && i < warnings.count; i++)
        status = ho_strings_add(&report->warnings, warnings.items[i], err);
    ho_strings_clear(&warnings);
    free_blocks(&w);
    free(names);
    free(lengths);
    return status;
}

/* Takes the table; hands panel and report over when all is well. */
static ho_status read_open(ho_foreign *f, const ho_load_options *options, int threads, ho_panel **panel,
                           ho_load_report *report, ho_error *err)
{
    double start = ho_clock_seconds();
    ho_panel *made = NULL;
    ho_load_report told = {0};
    ho_tall_columns tall;
    ho_status status;
    if (ho_foreign_is_tall(f, &tall)) {
        ho_table_source source = source_of(f);
        status = ho_foreign_read_tall(f, &tall, &source, options, threads, &made, &told, err);
    } else {
        status = read_wide(f, options, threads, &made, &told, err);
    }
    if (status == HO_OK) status = ho_foreign_unchanged(f, err);
    ho_foreign_clear(f);
    if (status != HO_OK) {
        ho_panel_free(&made);
        ho_load_report_clear(&told);
        return status;
    }
    told.seconds = ho_clock_seconds() - start;
    *panel = made;
    *report = told;
    return HO_OK;
}

ho_status ho_foreign_read(const char *path, const ho_load_options *options, int threads, ho_panel **panel,
                          ho_load_report *report, ho_error *err)
{
    ho_foreign f;
    HO_TRY(ho_foreign_open(path, &f, err));
    return read_open(&f, options, threads, panel, report, err);
}

ho_status ho_foreign_read_table(const char *name, ho_arrow_table *table, const ho_load_options *options,
                                int threads, ho_panel **panel, ho_load_report *report, ho_error *err)
{
    ho_foreign f;
    HO_TRY(ho_foreign_of_table(name, table, &f, err));
    return read_open(&f, options, threads, panel, report, err);
}
