#include "store/trades/sheets.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "store/csv_frame.h"
#include "store/csv_header.h"
#include "store/csv_text.h"
#include "store/file_bytes.h"
#include "store/xlsx/workbook.h"

#include <string.h>
#include <strings.h>

void ho_trade_sheets_close(ho_trade_sheets *s)
{
    ho_workbook_close(&s->book);
    ho_strings_clear(&s->names);
    ho_strings_clear(&s->strategies);
    free(s->places);
    free(s->bytes);
    *s = (ho_trade_sheets){0};
}

static ho_status add_sheet(ho_trade_sheets *s, size_t place, const char *name, const char *strategy,
                           ho_error *err)
{
    size_t *grown = ho_grow_array(s->places, s->count + 1, sizeof *grown);
    if (grown == NULL) return ho_fail_memory(err, s->count * sizeof *grown, s->path);
    s->places = grown;
    s->places[s->count] = place;
    HO_TRY(ho_strings_add(&s->names, name, err));
    HO_TRY(ho_strings_add(&s->strategies, strategy, err));
    s->count++;
    return HO_OK;
}

/* The sheets that end in "Trans", each a strategy called as the sheet without that word. */
static ho_status add_trans(ho_trade_sheets *s, ho_error *err)
{
    static const char word[] = "Trans", portfolio[] = "Portfolio Trans";
    enum { WORD = sizeof word - 1 };
    for (size_t i = 0; i < ho_workbook_sheets(s->book); i++) {
        const char *name = ho_workbook_sheet(s->book, i);
        size_t length = strlen(name);
        const char *text = name;
        ho_csv_trim(&text, &length);
        bool wanted = length > WORD && strncasecmp(text + length - WORD, word, WORD) == 0 &&
                      !(length == sizeof portfolio - 1 && strncasecmp(text, portfolio, length) == 0);
        if (!wanted) continue;
        length -= WORD;
        ho_csv_trim(&text, &length);
        char *strategy = ho_copy_bytes(text, length);
        if (strategy == NULL) return ho_fail_memory(err, length, s->path);
        ho_status status = add_sheet(s, i, name, strategy, err);
        free(strategy);
        if (status != HO_OK) return status;
    }
    if (s->count != 0) return HO_OK;
    return ho_fail(err, HO_ERR_DATA, "%s: no sheet's name ends in Trans", s->path);
}

/* The sheet that the settings name; a list of trades may be the only sheet under another name. */
static ho_status add_named(ho_trade_sheets *s, const ho_trade_settings *settings, bool or_first,
                           ho_error *err)
{
    size_t place = 0, all = ho_workbook_sheets(s->book);
    if (settings->sheet_name != NULL) place = ho_workbook_find(s->book, settings->sheet_name);
    if (place == all && (or_first || all == 1)) place = 0;
    if (place == all)
        return ho_fail(err, HO_ERR_DATA, "%s: none of its %zu sheets is called \"%s\"; the first is \"%s\"",
                       s->path, all, settings->sheet_name, ho_workbook_sheet(s->book, 0));
    return add_sheet(s, place, ho_workbook_sheet(s->book, place), "", err);
}

static ho_status add_sheets(ho_trade_sheets *s, const ho_trade_kind *kind, const ho_trade_settings *settings,
                            ho_error *err)
{
    size_t all = ho_workbook_sheets(s->book), portfolio;
    switch (kind->shape) {
    case HO_TRADES_SHEETS:
        return add_trans(s, err);
    case HO_TRADES_PORTFOLIO:
        portfolio = ho_workbook_find(s->book, "Portfolio Trans");
        if (ho_workbook_find(s->book, "TV Setting") < all && portfolio < all)
            return add_sheet(s, portfolio, ho_workbook_sheet(s->book, portfolio), "", err);
        return add_trans(s, err);
    default:
        return add_named(s, settings, kind->number == 3, err);
    }
}

ho_status ho_trade_sheets_open(const char *path, const ho_trade_kind *kind, const ho_trade_settings *settings,
                               ho_trade_sheets *s, ho_error *err)
{
    s->path = path;
    HO_TRY(ho_file_bytes(path, &s->bytes, &s->size, err));
    switch (ho_sheet_file_of(s->bytes, s->size)) {
    case HO_SHEETS_OLD:
        return ho_fail(err, HO_ERR_DATA, "%s: %s", path, ho_sheets_old_advice);
    case HO_SHEETS_ZIP:
        HO_TRY(ho_workbook_open(path, s->bytes, s->size, &s->book, err));
        return add_sheets(s, kind, settings, err);
    case HO_SHEETS_NOT:
        break;
    }
    if (kind->shape == HO_TRADES_SHEETS || kind->shape == HO_TRADES_PORTFOLIO)
        return ho_fail(err, HO_ERR_DATA, "%s: no workbook; a sheet a strategy was expected", path);
    return add_sheet(s, 0, "", "", err);
}

/* A preamble has fewer delimiters than the table: the most common of the first lines is the table's. */
static char delimiter_of(const ho_csv_text *text)
{
    static const char marks[] = {',', ';', '\t'};
    size_t counts[sizeof marks] = {0}, best = 0, lines = 0;
    for (const char *p = text->data, *end = p + text->size; p != end && lines < 30; p++) {
        lines += *p == '\n' || *p == '\r';
        for (size_t i = 0; i < sizeof marks; i++)
            counts[i] += *p == marks[i];
    }
    for (size_t i = 1; i < sizeof marks; i++) {
        if (counts[i] > counts[best]) best = i;
    }
    return marks[best];
}

static ho_status add_fields(const ho_trade_sheets *s, const ho_csv_text *text, const ho_csv_frame *frame,
                            size_t row, ho_cell_grid *grid, ho_error *err)
{
    const char *p = text->data + frame->rows[row].begin, *end = text->data + frame->rows[row].end;
    for (uint32_t column = 0;; column++) {
        ho_csv_field field;
        p = ho_csv_field_at(p, end, frame->delimiter, &field);
        if (p == NULL)
            return ho_fail(err, HO_ERR_DATA, "%s: line %zu has text after a closing quote", s->path,
                           ho_csv_text_line(text, frame->rows[row].begin));
        ho_csv_trim(&field.text, &field.length);
        if (field.length > 0) {
            char *copy = ho_cell_grid_keep(grid, field.text, field.length);
            if (copy == NULL) return ho_fail_memory(err, field.length, s->path);
            ho_grid_cell cell = {.text = copy, .column = column};
            cell.length = field.doubled ? ho_csv_field_copy(&field, copy) : field.length;
            HO_TRY(ho_cell_grid_add(grid, &cell, err));
        }
        if (p == end) return HO_OK;
        p++;
    }
}

ho_status ho_trade_sheet_read(ho_trade_sheets *s, size_t i, ho_cell_grid *grid, ho_error *err)
{
    if (s->book != NULL) return ho_workbook_read(s->book, s->places[i], grid, err);
    ho_csv_text text = {0};
    ho_csv_frame frame = {0};
    ho_status status = ho_csv_text_copy(s->path, s->bytes, s->size, 1, &text, err);
    if (status == HO_OK) status = ho_csv_frame_cut(s->path, &text, delimiter_of(&text), 1, &frame, err);
    for (size_t row = 0; status == HO_OK && row < frame.count; row++) {
        status = ho_cell_grid_begin(grid, row + 1, err);
        if (status == HO_OK) status = add_fields(s, &text, &frame, row, grid, err);
    }
    ho_csv_frame_clear(&frame);
    ho_csv_text_clear(&text);
    return status;
}
