#include "store/trades/read.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "store/csv_header.h"
#include "store/trades/pattern.h"
#include "store/trades/sheets.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { HEADER_WITHIN = 20, FIRST_STRATEGY = 13, MOST_PATTERNS = 32, LONGEST_PATTERN = 64, SHOWN = 60 };
enum { OLDEST = -25567 /* 1900-01-01: what lies before is a time of day by itself */ };

/* Patterns of dates, cut out of the settings' lists. */
typedef struct patterns {
    char items[MOST_PATTERNS][LONGEST_PATTERN];
    size_t count;
} patterns;

/* A sheet whose header was found. */
typedef struct sheet {
    const ho_trade_kind *kind;
    const ho_trade_settings *settings;
    const ho_zones *zones;
    const ho_cell_grid *grid;
    size_t header, date, time, amount; /* a row; columns, SIZE_MAX: none */
    const char *pattern, *time_pattern;
    patterns times;
} sheet;

void ho_trade_file_clear(ho_trade_file *file)
{
    free(file->path);
    ho_strings_clear(&file->strategies);
    ho_strings_clear(&file->zones);
    ho_strings_clear(&file->skipped);
    free(file->trades);
    free(file->first_bad);
    free(file->pattern);
    free(file->refusal);
    *file = (ho_trade_file){0};
}

static ho_status add_patterns(patterns *p, const char *list, ho_error *err)
{
    for (const char *at = list; at != NULL && *at != '\0';) {
        while (*at == ' ' || *at == ',')
            at++;
        size_t length = strcspn(at, ",");
        if (length >= LONGEST_PATTERN || p->count == MOST_PATTERNS)
            return ho_fail(err, HO_ERR_USAGE, "too long a list of dates or times: %.60s", list);
        char *to = p->items[p->count];
        memcpy(to, at, length);
        to[length] = '\0';
        p->count += length > 0;
        if (length > 0 && ho_pattern_fault(to) != NULL)
            return ho_fail(err, HO_ERR_USAGE, "the pattern %s %s", to, ho_pattern_fault(to));
        at += length;
    }
    return HO_OK;
}

static bool is_called(const ho_grid_cell *cell, const char *name, size_t length)
{
    const char *text = cell->text;
    size_t size = cell->length;
    char a[SHOWN + 1], b[SHOWN + 1];
    ho_csv_trim(&text, &size);
    ho_csv_trim(&name, &length);
    if (size > SHOWN || length > SHOWN) return false;
    snprintf(a, sizeof a, "%.*s", (int)size, text);
    snprintf(b, sizeof b, "%.*s", (int)length, name);
    return ho_text_same(a, b);
}

/* The column of the row that bears the first of the names that is there. */
static size_t column_called(const ho_cell_grid *grid, size_t row, const char *names)
{
    for (const char *at = names; at != NULL && *at != '\0';) {
        size_t length = strcspn(at, ",");
        const ho_grid_cell *end;
        for (const ho_grid_cell *c = ho_cell_grid_row(grid, row, &end); c != end; c++) {
            if (length > 0 && is_called(c, at, length)) return c->column;
        }
        at += length + (at[length] == ',');
    }
    return SIZE_MAX;
}

/* The header is the first of the first rows that has the columns; *lacks names what the best of them lacks. */
static bool find_header(sheet *s, const char **lacks)
{
    *lacks = s->settings->date_column_name;
    for (size_t row = 0; row < s->grid->rows && row < HEADER_WITHIN; row++) {
        s->date = column_called(s->grid, row, s->settings->date_column_name);
        s->amount = column_called(s->grid, row, s->settings->pnl_column_name);
        s->time = column_called(s->grid, row, s->settings->time_column_name);
        s->header = row;
        if (s->date == SIZE_MAX) continue;
        if (s->kind->shape == HO_TRADES_COLUMNS) {
            const ho_grid_cell *end, *first = ho_cell_grid_row(s->grid, row, &end);
            if (s->date == 1 && end - first > 0 && end[-1].column >= FIRST_STRATEGY) return true;
            *lacks = "Date as its second column, and a strategy from the 14th on";
            continue;
        }
        bool no_time = s->settings->time_column_name != NULL && s->time == SIZE_MAX;
        *lacks = s->amount == SIZE_MAX ? s->settings->pnl_column_name : s->settings->time_column_name;
        if (s->amount != SIZE_MAX && !no_time) return true;
    }
    return false;
}

static bool contains(const ho_grid_cell *cell, const char *word)
{
    size_t length = strlen(word);
    for (size_t i = 0; cell != NULL && i + length <= cell->length; i++) {
        if (strncasecmp(cell->text + i, word, length) == 0) return true;
    }
    return false;
}

static bool of_another_sort(const sheet *s, size_t row)
{
    return s->kind->only != NULL && !contains(ho_cell_grid_at(s->grid, row, 1), s->kind->only);
}

static bool read_moment(const ho_grid_cell *cell, const char *pattern, int32_t *date, int32_t *seconds)
{
    enum { A_DAY = 86400 };
    if (cell == NULL) return false;
    if (cell->is_moment) {
        int64_t day = cell->seconds / A_DAY - (cell->seconds % A_DAY < 0);
        *date = (int32_t)day;
        *seconds = (int32_t)(cell->seconds - day * A_DAY);
        return true;
    }
    return pattern != NULL && ho_pattern_read(pattern, cell->text, cell->length, date, seconds);
}

/* The pattern that reads most cells of the column. */
static const char *best_pattern(const sheet *s, size_t column, const patterns *p)
{
    const char *best = NULL;
    size_t most = 0;
    for (size_t i = 0; i < p->count; i++) {
        size_t read = 0;
        for (size_t row = s->header + 1; row < s->grid->rows; row++) {
            int32_t date, seconds;
            const ho_grid_cell *cell = ho_cell_grid_at(s->grid, row, column);
            read += cell != NULL && !cell->is_moment && !of_another_sort(s, row) &&
                    read_moment(cell, p->items[i], &date, &seconds);
        }
        if (read > most) best = p->items[i];
        if (read > most) most = read;
    }
    return best;
}

static ho_status number_of_text(ho_strings *list, const char *text, int32_t *number, ho_error *err)
{
    for (size_t i = list->count; i-- > 0;) {
        if (strcmp(list->items[i], text) != 0) continue;
        *number = (int32_t)i;
        return HO_OK;
    }
    *number = (int32_t)list->count;
    return ho_strings_add(list, text, err);
}

static ho_status add_trade(ho_trade_file *f, const ho_trade *trade, ho_error *err)
{
    if (f->count == f->capacity) {
        size_t capacity = f->capacity == 0 ? 256 : 2 * f->capacity;
        ho_trade *grown = ho_grow_array(f->trades, capacity, sizeof *grown);
        if (grown == NULL) return ho_fail_memory(err, capacity * sizeof *grown, f->path);
        f->trades = grown;
        f->capacity = capacity;
    }
    f->trades[f->count++] = *trade;
    return HO_OK;
}

/* Date and zone of a row; false: the row is left out, and counted. */
static ho_status place_row(const sheet *s, ho_trade_file *f, size_t row, ho_trade *trade, bool *placed,
                           ho_error *err)
{
    const ho_grid_cell *cell = ho_cell_grid_at(s->grid, row, s->date);
    int32_t seconds = -1, other;
    *placed = read_moment(cell, s->pattern, &trade->date, &seconds) && trade->date >= OLDEST;
    if (!*placed) {
        f->bad_dates++;
        if (f->first_bad == NULL && cell != NULL) {
            f->first_bad = ho_copy_bytes(cell->text, cell->length < SHOWN ? cell->length : SHOWN);
            if (f->first_bad == NULL) return ho_fail_memory(err, cell->length, f->path);
        }
        return HO_OK;
    }
    trade->zone = -1;
    if (!s->kind->zoned) return HO_OK;
    if (s->time != SIZE_MAX) {
        seconds = -1;
        (void)read_moment(ho_cell_grid_at(s->grid, row, s->time), s->time_pattern, &other, &seconds);
    }
    char label[HO_ZONE_LABEL];
    f->zoned += ho_zone_label(s->zones, seconds, label);
    return number_of_text(&f->zones, label, &trade->zone, err);
}

static ho_status add_amount(ho_trade_file *f, const ho_grid_cell *cell, ho_trade *trade, ho_error *err)
{
    if (cell == NULL || !ho_trade_amount(cell->text, cell->length, &trade->amount)) {
        f->no_amounts++;
        return HO_OK;
    }
    return add_trade(f, trade, err);
}

static bool is_empty(const ho_cell_grid *grid, size_t row)
{
    const ho_grid_cell *end;
    return ho_cell_grid_row(grid, row, &end) == end;
}

static ho_status read_rows(const sheet *s, ho_trade_file *f, uint32_t strategy, ho_error *err)
{
    for (size_t row = s->header + 1; row < s->grid->rows; row++) {
        ho_trade trade = {.strategy = strategy};
        bool placed = false;
        if (is_empty(s->grid, row)) continue;
        if (of_another_sort(s, row)) {
            f->other_rows++;
            continue;
        }
        HO_TRY(place_row(s, f, row, &trade, &placed, err));
        if (placed) HO_TRY(add_amount(f, ho_cell_grid_at(s->grid, row, s->amount), &trade, err));
    }
    return HO_OK;
}

/* The number of a new strategy; a name may stand in Windows-1252. */
static ho_status add_strategy(ho_trade_file *f, const char *file, const char *name, size_t length,
                              uint32_t *number, ho_error *err)
{
    size_t bytes = strlen(file) + 3 * length + 2;
    char *text = HO_NEW(char, bytes), *out = text;
    if (text == NULL) return ho_fail_memory(err, bytes, f->path);
    if (*file != '\0') out += snprintf(out, bytes, "%s%s", file, length > 0 ? "_" : "");
    ho_csv_trim(&name, &length);
    if (ho_csv_is_utf8(name, length))
        memcpy(out, name, length);
    else
        (void)ho_csv_from_1252(name, length, out);
    int32_t found;
    ho_status status = number_of_text(&f->strategies, text, &found, err);
    free(text);
    if (status == HO_OK) *number = (uint32_t)found;
    return status;
}

static ho_status read_columns(const sheet *s, ho_trade_file *f, const char *base, ho_error *err)
{
    const ho_grid_cell *end, *first = ho_cell_grid_row(s->grid, s->header, &end);
    for (const ho_grid_cell *c = first; c != end; c++) {
        uint32_t strategy;
        if (c->column < FIRST_STRATEGY) continue;
        HO_TRY(add_strategy(f, base, c->text, c->length, &strategy, err));
    }
    for (size_t row = s->header + 1; row < s->grid->rows; row++) {
        ho_trade trade = {0};
        bool placed = false;
        if (is_empty(s->grid, row)) continue;
        HO_TRY(place_row(s, f, row, &trade, &placed, err));
        for (const ho_grid_cell *c = first; placed && c != end; c++) {
            if (c->column < FIRST_STRATEGY) continue;
            HO_TRY(add_amount(f, ho_cell_grid_at(s->grid, row, c->column), &trade, err));
            trade.strategy++;
        }
    }
    return HO_OK;
}

static ho_status take_sheet(sheet *s, const patterns *dates, ho_trade_file *f, const char *base,
                            const char *name, ho_error *err)
{
    uint32_t strategy = 0;
    s->pattern = best_pattern(s, s->date, dates);
    if (s->time != SIZE_MAX) s->time_pattern = best_pattern(s, s->time, &s->times);
    if (s->pattern != NULL && f->pattern == NULL && (f->pattern = ho_copy_text(s->pattern)) == NULL)
        return ho_fail_memory(err, 0, f->path);
    if (s->kind->shape == HO_TRADES_COLUMNS) return read_columns(s, f, base, err);
    bool by_sheet = *name != '\0';
    HO_TRY(add_strategy(f, by_sheet && s->kind->shape == HO_TRADES_SHEETS ? "" : base, name, strlen(name),
                        &strategy, err));
    return read_rows(s, f, strategy, err);
}

static ho_status refuse(ho_trade_file *f, const char *why, ho_error *err)
{
    if (f->refusal != NULL) return HO_OK;
    f->refusal = ho_copy_text(why);
    return f->refusal != NULL ? HO_OK : ho_fail_memory(err, 0, f->path);
}

/* "File_name.csv": without its folder and its ending. */
static char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash != NULL ? slash + 1 : path,
               *dot = strrchr(base, '.');
    return ho_copy_bytes(base, dot != NULL && dot != base ? (size_t)(dot - base) : strlen(base));
}

static ho_status read_sheets(ho_trade_sheets *sheets, sheet *s, const patterns *dates, ho_trade_file *f,
                             const char *base, ho_error *err)
{
    bool any = false;
    for (size_t i = 0; i < sheets->count; i++) {
        ho_cell_grid grid = {0};
        const char *lacks = NULL, *name = sheets->names.items[i];
        ho_status status = ho_trade_sheet_read(sheets, i, &grid, err);
        s->grid = &grid;
        if (status == HO_ERR_DATA && err != NULL) {
            status = ho_strings_add(&f->skipped, err->text, err);
        } else if (status == HO_OK && !find_header(s, &lacks)) {
            status = ho_strings_printf(&f->skipped, err, "%s%s%sno header with %s in its first %d lines",
                                       *name != '\0' ? "sheet " : "", name, *name != '\0' ? ": " : "", lacks,
                                       HEADER_WITHIN);
        } else if (status == HO_OK) {
            any = true;
            status = take_sheet(s, dates, f, base, sheets->strategies.items[i], err);
        }
        ho_cell_grid_clear(&grid);
        if (status != HO_OK) return status;
    }
    if (!any) return refuse(f, f->skipped.count != 0 ? f->skipped.items[0] : "no sheet holds trades", err);
    if (f->count != 0) return HO_OK;
    char why[160 + SHOWN];
    snprintf(
        why, sizeof why,
        "none of its rows is a trade: %zu without a date%s%s, %zu without an amount, %zu of another sort",
        f->bad_dates, f->first_bad != NULL ? ", the first " : "", f->first_bad != NULL ? f->first_bad : "",
        f->no_amounts, f->other_rows);
    return refuse(f, why, err);
}

static ho_status read_file(const char *path, sheet *s, const patterns *dates, ho_trade_file *f, ho_error *err)
{
    ho_trade_sheets sheets = {0};
    char *base = base_of(path);
    if (base == NULL) return ho_fail_memory(err, strlen(path), path);
    ho_error fault = {""};
    ho_status status = ho_trade_sheets_open(path, s->kind, s->settings, &sheets, &fault);
    if (status == HO_OK) status = read_sheets(&sheets, s, dates, f, base, &fault);
    ho_trade_sheets_close(&sheets);
    free(base);
    if (status == HO_OK) return HO_OK;
    if (status != HO_ERR_DATA && status != HO_ERR_IO) return ho_fail(err, status, "%s", fault.text);
    return refuse(f, fault.text, err);
}

ho_status ho_trade_file_read(const char *path, const ho_trade_kind *kind, const ho_trade_settings *settings,
                             const ho_zones *zones, ho_trade_file *file, ho_error *err)
{
    ho_trade_file made = {.path = ho_copy_text(path)};
    patterns dates = {.count = 0};
    sheet s = {.kind = kind, .settings = settings, .zones = zones};
    ho_status status = made.path != NULL ? HO_OK : ho_fail_memory(err, strlen(path), path);
    if (status == HO_OK) status = add_patterns(&dates, settings->date_format, err);
    if (status == HO_OK) status = add_patterns(&dates, settings->date_format1, err);
    if (status == HO_OK) status = add_patterns(&dates, settings->date_format2, err);
    if (status == HO_OK) status = add_patterns(&s.times, settings->time_format, err);
    if (status == HO_OK) status = read_file(path, &s, &dates, &made, err);
    if (status == HO_OK)
        *file = made;
    else
        ho_trade_file_clear(&made);
    return status;
}
