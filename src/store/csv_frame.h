/* Where the rows of a CSV text begin and end, and the fields inside a row. */
#ifndef HO_STORE_CSV_FRAME_H
#define HO_STORE_CSV_FRAME_H

#include "store/csv_text.h"

typedef struct ho_csv_span {
    size_t begin, end; /* offsets in the text's data, line end excluded */
} ho_csv_span;

typedef struct ho_csv_frame {
    ho_csv_span *rows; /* owned; rows[0] is the header; blank lines are none */
    size_t count;
    size_t blank_lines;
    char delimiter; /* ',', ';' or '\t': the one that the header holds most */
    size_t *lines;  /* owned: of each data row, where the text is gone; else NULL */
} ho_csv_frame;

/* HO_ERR_DATA: no line at all, a quote that is never closed. */
HO_MUST_USE ho_status ho_csv_frame_find(const char *name, const ho_csv_text *text, int threads,
                                        ho_csv_frame *frame, ho_error *err);
/* The delimiter that the first line holds most, outside quotes. */
char ho_csv_delimiter(const ho_csv_text *text);

/* The same of a text that may go on; false: more of it could change the answer. */
bool ho_csv_delimiter_known(const ho_csv_text *text, char *delimiter);

/* The end of the row at p, quotes heeded: its line end, or `end`; NULL when a quote is never closed. */
const char *ho_csv_row_end(const char *p, const char *end, char delimiter);

/* Whether a row is a blank line, and none. */
bool ho_csv_only_blanks(const char *p, const char *end);

/* The same with a delimiter that is known. */
HO_MUST_USE ho_status ho_csv_frame_cut(const char *name, const ho_csv_text *text, char delimiter, int threads,
                                       ho_csv_frame *frame, ho_error *err);
void ho_csv_frame_clear(ho_csv_frame *frame);

typedef struct ho_csv_field {
    const char *text; /* without the quotes; blanks around an unquoted field trimmed */
    size_t length;
    bool doubled; /* quoted, and "" inside stands for " */
} ho_csv_field;

/* The field at p; returns its delimiter or `end`, or NULL when text follows a closing quote. */
const char *ho_csv_field_at(const char *p, const char *end, char delimiter, ho_csv_field *field);

/* Takes blanks off both ends. */
void ho_csv_trim(const char **text, size_t *length);

/* Copies the field with doubled quotes made single into out (field->length bytes at most); returns its length. */
size_t ho_csv_field_copy(const ho_csv_field *field, char *out);

#endif
