/* The cells of one sheet. */
#include "base/error.h"
#include "base/memory.h"
#include "store/number.h"
#include "store/xlsx/parts.h"

#include <math.h>
#include <string.h>

/* Of Excel; a file that says more is no sheet. */
enum { MOST_ROWS = 1 << 20, MOST_COLUMNS = 1 << 14 };
enum {
    A_DAY = 86400,
    EPOCH = 25569 /* 1970-01-01, days from 1899-12-30 */,
    FROM_1904 = 1462,
    LAST_DAY = 2958466
};

typedef enum cell_type { PLAIN, SHARED, INLINE } cell_type;

typedef struct sheet {
    const ho_workbook *book;
    ho_cell_grid *grid;
    char *text; /* owned: of the cell that is being read */
    size_t length, room;
    uint32_t next; /* column of the next cell that does not say its own */
    cell_type type;
    bool number, is_date;   /* of the cell: may it be a number; does its style show a date */
    bool in_cell, in_value; /* inside <c>; inside <v>, or <t> of <is> */
    int phonetic;
} sheet;

/* "BC12": the column from 0, or UINT32_MAX. */
static uint32_t column_of(const char *reference)
{
    uint32_t column = 0;
    const char *c = reference;
    for (; *c >= 'A' && *c <= 'Z' && column <= MOST_COLUMNS; c++)
        column = 26 * column + (uint32_t)(*c - 'A') + 1;
    return column == 0 || column > MOST_COLUMNS ? UINT32_MAX : column - 1;
}

static ho_status begin_row(sheet *s, const char *number, ho_error *err)
{
    size_t row = s->grid->rows + 1;
    if (number != NULL) {
        char *end;
        unsigned long said = strtoul(number, &end, 10);
        if (*end != '\0' || said < row || said > MOST_ROWS)
            return ho_fail(err, HO_ERR_DATA, "row \"%.20s\" comes after row %zu", number, s->grid->rows);
        row = said;
    }
    if (row > MOST_ROWS) return ho_fail(err, HO_ERR_DATA, "more than %d rows", MOST_ROWS);
    s->next = 0;
    return ho_cell_grid_begin(s->grid, row, err);
}

static ho_status begin_cell(sheet *s, const char *const *attributes, ho_error *err)
{
    const char *reference = ho_xml_attribute(attributes, "r"), *style = ho_xml_attribute(attributes, "s"),
               *type = ho_xml_attribute(attributes, "t");
    if (s->grid->rows == 0) return ho_fail(err, HO_ERR_DATA, "a cell outside of rows");
    if (reference != NULL) {
        uint32_t column = column_of(reference);
        if (column == UINT32_MAX || column < s->next)
            return ho_fail(err, HO_ERR_DATA, "row %zu: cell \"%.20s\" is out of order", s->grid->rows,
                           reference);
        s->next = column;
    }
    if (s->next >= MOST_COLUMNS) return ho_fail(err, HO_ERR_DATA, "row %zu is too wide", s->grid->rows);
    unsigned long number = style != NULL ? strtoul(style, NULL, 10) : 0;
    s->is_date = number < s->book->style_count && s->book->is_date[number];
    s->type = type == NULL                     ? PLAIN
              : strcmp(type, "s") == 0         ? SHARED
              : strcmp(type, "inlineStr") == 0 ? INLINE
                                               : PLAIN;
    s->number = type == NULL || strcmp(type, "n") == 0;
    s->in_cell = true;
    s->length = 0;
    return HO_OK;
}

static ho_status sheet_start(void *user, const char *name, const char *const *attributes, ho_error *err)
{
    sheet *s = user;
    if (strcmp(name, "row") == 0) return begin_row(s, ho_xml_attribute(attributes, "r"), err);
    if (strcmp(name, "c") == 0) return begin_cell(s, attributes, err);
    s->phonetic += strcmp(name, "rPh") == 0;
    if (s->in_cell && strcmp(name, s->type == INLINE ? "t" : "v") == 0) s->in_value = s->phonetic == 0;
    return HO_OK;
}

static ho_status sheet_text(void *user, const char *text, size_t length, ho_error *err)
{
    sheet *s = user;
    if (!s->in_value) return HO_OK;
    if (s->length + length > s->room) {
        size_t room = 2 * (s->length + length) + 64;
        char *grown = ho_grow_array(s->text, room, 1);
        if (grown == NULL) return ho_fail_memory(err, room, "a cell");
        s->text = grown;
        s->room = room;
    }
    memcpy(s->text + s->length, text, length);
    s->length += length;
    return HO_OK;
}

/* Days from 1899-12-30, as both systems count after February 1900, become seconds from 1970. */
static void find_moment(const sheet *s, ho_grid_cell *cell)
{
    double serial;
    if (!s->number || !s->is_date || ho_number_read(cell->text, cell->length, &serial) != HO_CELL_NUMBER)
        return;
    if (!(serial >= 0 && serial < LAST_DAY)) return;
    if (s->book->from_1904 && serial >= 1) serial += FROM_1904;
    cell->is_moment = true;
    cell->seconds = llround(serial * A_DAY) - (int64_t)EPOCH * A_DAY;
}

static ho_status end_cell(sheet *s, ho_error *err)
{
    const char *text = s->text;
    size_t length = s->length;
    s->in_cell = false;
    uint32_t column = s->next++;
    if (s->type == SHARED && length > 0) {
        double number = -1;
        const ho_shared *shared = &s->book->texts;
        if (ho_number_read(text, length, &number) != HO_CELL_NUMBER ||
            !(number >= 0 && number < (double)shared->count))
            return ho_fail(err, HO_ERR_DATA, "row %zu: a text that is not in the list of texts",
                           s->grid->rows);
        size_t i = (size_t)number, begin = i == 0 ? 0 : shared->ends[i - 1];
        text = shared->bytes + begin;
        length = shared->ends[i] - begin;
    }
    if (length == 0) return HO_OK;
    ho_grid_cell cell = {
        .text = ho_cell_grid_keep(s->grid, text, length), .length = length, .column = column};
    if (cell.text == NULL) return ho_fail_memory(err, length, "a cell");
    find_moment(s, &cell);
    return ho_cell_grid_add(s->grid, &cell, err);
}

static ho_status sheet_end(void *user, const char *name, ho_error *err)
{
    sheet *s = user;
    if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0) s->in_value = false;
    s->phonetic -= strcmp(name, "rPh") == 0;
    return s->in_cell && strcmp(name, "c") == 0 ? end_cell(s, err) : HO_OK;
}

ho_status ho_workbook_read(ho_workbook *book, size_t i, ho_cell_grid *grid, ho_error *err)
{
    static const ho_xml_handlers handlers = {sheet_start, sheet_end, sheet_text};
    sheet s = {.book = book, .grid = grid};
    char *bytes = NULL;
    size_t size = 0;
    HO_TRY(ho_zip_read(book->zip, book->sheets[i].member, &bytes, &size, err));
    ho_error fault;
    ho_status status =
        ho_xml_parse(ho_zip_member(book->zip, book->sheets[i].member), bytes, size, &handlers, &s, &fault);
    free(bytes);
    free(s.text);
    return status == HO_OK
               ? HO_OK
               : ho_fail(err, status, "%s: sheet \"%s\": %s", book->name, book->sheets[i].name, fault.text);
}
