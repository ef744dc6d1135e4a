/* The header of a CSV table: the columns' names, decoded and made unique, and what each column is by its name. */
#ifndef HO_STORE_CSV_HEADER_H
#define HO_STORE_CSV_HEADER_H

#include "store/classify.h"
#include "store/csv_frame.h"

#include <heavyopt/store.h>

typedef struct ho_csv_header {
    size_t count;                      /* fields of the header line, and of every row */
    const char **names;                /* owned; UTF-8, each with a 0, inside `bytes` */
    size_t *lengths;                   /* owned */
    uint8_t *kinds;                    /* owned; ho_column_kind */
    char *bytes;                       /* owned */
    size_t meta[HO_COLUMN_META_COUNT]; /* the column of each kind, SIZE_MAX: none; [0] unused */
    bool index_like;                   /* column 0 has no name (or pandas' "Unnamed: 0") */
    bool trailing;                     /* the last field is empty: allowed when it is so in every row */
    size_t duplicates;
} ho_csv_header;

/* Warnings go to the report. HO_ERR_DATA: one column, no date, two columns of one kind. */
HO_MUST_USE ho_status ho_csv_header_read(const char *name, const ho_csv_text *text, const ho_csv_frame *frame,
                                         ho_csv_header *header, ho_load_report *report, ho_error *err);
void ho_csv_header_clear(ho_csv_header *header);

/* UTF-8 out of bytes that may be Windows-1252 (3 bytes each at most); returns the length. */
bool ho_csv_is_utf8(const char *text, size_t length);
size_t ho_csv_from_1252(const char *text, size_t length, char *out);

/* For messages: cut to fit (at a character's end), bytes below blank made '?'. Returns out. */
enum { HO_CSV_SHOWN = 96 };
const char *ho_csv_show(const char *text, size_t length, char out[HO_CSV_SHOWN]);

#endif
