/* Cells and tables. Texts go in as texts, whatever they begin with: no name is ever a formula or a link. */
#include "report/xlsx/book.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST_TEXT = 32000 }; /* bytes; a cell takes 32,767 characters */

lxw_worksheet *ho_book_sheet(const ho_book *book, const char *name)
{
    lxw_worksheet *sheet = workbook_add_worksheet(book->book, name);
    if (sheet == NULL) return NULL;
    worksheet_freeze_panes(sheet, 1, 0);
    worksheet_set_row(sheet, 0, 46, NULL); /* three lines of a head */
    worksheet_fit_to_pages(sheet, 1, 0);
    worksheet_set_landscape(sheet);
    worksheet_set_paper(sheet, 9); /* A4 */
    worksheet_repeat_rows(sheet, 0, 0);
    return sheet;
}

void ho_book_text(const ho_book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                  const char *text)
{
    char cut[LONGEST_TEXT + 1];
    if (strlen(text) > LONGEST_TEXT) { /* at the beginning of a character */
        size_t length = LONGEST_TEXT;
        while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
            length--;
        memcpy(cut, text, length);
        cut[length] = '\0';
        text = cut;
    }
    worksheet_write_string(sheet, row, column, text, book->formats[HO_CELL_TEXT]);
}

void ho_book_number(const ho_book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, ho_cell cell,
                    double value)
{
    if (isfinite(value))
        worksheet_write_number(sheet, row, column, value, book->formats[cell]);
    else if (isinf(value))
        worksheet_write_string(sheet, row, column, value > 0 ? "infinite" : "minus infinity",
                               book->formats[cell]);
}

static void put_date(const ho_book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                     const char *text)
{
    lxw_datetime date = {0};
    if (sscanf(text, "%d-%d-%d", &date.year, &date.month, &date.day) == 3 && date.year >= 1900 &&
        date.year <= 9999)
        worksheet_write_datetime(sheet, row, column, &date, book->formats[HO_CELL_DATE]);
    else
        ho_book_text(book, sheet, row, column, text);
}

void ho_book_value(const ho_book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, ho_cell cell,
                   const json_t *value)
{
    const char *text = json_string_value(value);
    if (text != NULL && cell == HO_CELL_DATE)
        put_date(book, sheet, row, column, text);
    else if (text != NULL)
        ho_book_text(book, sheet, row, column, text);
    else if (json_is_number(value))
        ho_book_number(book, sheet, row, column, cell, json_number_value(value));
    else if (json_is_boolean(value))
        worksheet_write_boolean(sheet, row, column, json_is_true(value), NULL);
}

void ho_book_head(const ho_book *book, lxw_worksheet *sheet, lxw_col_t column, const char *head, double width)
{
    char text[96];
    const size_t length = strlen(head);
    const bool unit = length > 0 && head[length - 1] == '$';
    snprintf(text, sizeof text, "%.*s%s", (int)(unit ? length - 1 : length), head, unit ? book->money : "");
    worksheet_write_string(sheet, 0, column, text, book->head);
    worksheet_set_column(sheet, column, column, width, NULL);
}

static void put_heads(const ho_book *book, lxw_worksheet *sheet, const ho_book_column *columns, size_t count)
{
    for (size_t c = 0; c < count; c++)
        ho_book_head(book, sheet, (lxw_col_t)c, columns[c].head, columns[c].width);
}

void ho_book_objects(const ho_book *book, lxw_worksheet *sheet, const json_t *list,
                     const ho_book_column *columns, size_t count)
{
    put_heads(book, sheet, columns, count);
    for (size_t i = 0; i < json_array_size(list); i++) {
        for (size_t c = 0; c < count; c++)
            ho_book_value(book, sheet, (lxw_row_t)i + 1, (lxw_col_t)c, columns[c].cell,
                          json_object_get(json_array_get(list, i), columns[c].key));
    }
}

void ho_book_lists(const ho_book *book, lxw_worksheet *sheet, const json_t *object,
                   const ho_book_column *columns, size_t count)
{
    put_heads(book, sheet, columns, count);
    for (size_t c = 0; c < count; c++) {
        const json_t *list = json_object_get(object, columns[c].key);
        for (size_t i = 0; i < json_array_size(list); i++)
            ho_book_value(book, sheet, (lxw_row_t)i + 1, (lxw_col_t)c, columns[c].cell,
                          json_array_get(list, i));
    }
}
