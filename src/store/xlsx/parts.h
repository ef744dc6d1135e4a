/* A workbook from inside: what its parts say, which the reader of a sheet needs. */
#ifndef HO_STORE_XLSX_PARTS_H
#define HO_STORE_XLSX_PARTS_H

#include "store/xlsx/workbook.h"
#include "store/xlsx/xml.h"
#include "store/xlsx/zip.h"

typedef struct ho_sheet {
    char *name, *relation; /* owned */
    size_t member;         /* of the archive */
} ho_sheet;

/* Texts one behind the other. */
typedef struct ho_shared {
    char *bytes;  /* owned */
    size_t *ends; /* owned */
    size_t count, capacity, used, room;
} ho_shared;

struct ho_workbook {
    const char *name;
    ho_zip *zip;
    ho_sheet *sheets; /* owned */
    size_t sheet_count;
    ho_shared texts; /* shared strings */
    bool *is_date;   /* owned: of each cell style */
    size_t style_count;
    bool from_1904; /* days count from 1904-01-01 */
};

HO_MUST_USE ho_status ho_shared_append(ho_shared *shared, const char *text, size_t length, ho_error *err);
HO_MUST_USE ho_status ho_shared_finish(ho_shared *shared,
                                       ho_error *err); /* the text that was appended is one more */
void ho_shared_clear(ho_shared *shared);

/* Fills texts and styles, as far as the archive has such parts. */
HO_MUST_USE ho_status ho_workbook_read_texts(ho_workbook *book, size_t member, ho_error *err);
HO_MUST_USE ho_status ho_workbook_read_styles(ho_workbook *book, size_t member, ho_error *err);

/* Whether a number format shows a date or a time. */
bool ho_format_is_date(const char *code);

#endif
