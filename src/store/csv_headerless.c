#include "store/csv_headerless.h"

#include "base/error.h"
#include "base/memory.h"
#include "store/csv_frame.h"

#include <string.h>
#include <unistd.h>

/* The header that is written, with the delimiter of the rows. */
typedef struct line {
    char *bytes; /* owned */
    size_t length, names;
} line;

static void put_name(line *to, const ho_csv_field *field, char delimiter)
{
    if (to->names++ > 0) to->bytes[to->length++] = delimiter;
    to->bytes[to->length++] = '"';
    memcpy(to->bytes + to->length, field->text, field->length); /* quotes inside are doubled as they were */
    to->length += field->length;
    to->bytes[to->length++] = '"';
}

/* A name of a bare field may hold quotes, which are letters there: they are doubled. */
static void put_bare(line *to, const char *text, size_t length, char delimiter)
{
    if (to->names++ > 0) to->bytes[to->length++] = delimiter;
    to->bytes[to->length++] = '"';
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"') to->bytes[to->length++] = '"';
        to->bytes[to->length++] = text[i];
    }
    to->bytes[to->length++] = '"';
}

static ho_status put_row(const char *from, const ho_csv_text *source, const ho_csv_frame *frame, size_t row,
                         char delimiter, line *to, ho_error *err)
{
    const char *p = source->data + frame->rows[row].begin, *end = source->data + frame->rows[row].end;
    for (;;) {
        ho_csv_field field;
        p = ho_csv_field_at(p, end, frame->delimiter, &field);
        if (p == NULL) return ho_fail(err, HO_ERR_DATA, "header-from: %s: text after a closing quote", from);
        bool quoted = field.text > source->data && field.text[-1] == '"';
        if (quoted)
            put_name(to, &field, delimiter);
        else
            put_bare(to, field.text, field.length, delimiter);
        if (p == end) return HO_OK;
        p++;
    }
}

/* A line of names; or, where the first holds only one, a name a line. */
static ho_status put_names(const char *from, const ho_csv_text *source, char delimiter, line *to,
                           ho_error *err)
{
    ho_csv_frame frame = {0};
    HO_TRY(ho_csv_frame_find(from, source, 1, &frame, err));
    ho_status status = put_row(from, source, &frame, 0, delimiter, to, err);
    for (size_t row = 1; status == HO_OK && to->names <= row && row < frame.count; row++)
        status = put_row(from, source, &frame, row, delimiter, to, err);
    ho_csv_frame_clear(&frame);
    return status;
}

static size_t fields_of_first_row(const ho_csv_text *text, char delimiter)
{
    const char *p = text->data, *end = p + text->size, *stop = p;
    while (stop != end && *stop != '\n' && *stop != '\r')
        stop++;
    for (size_t count = 1;; count++) {
        ho_csv_field field;
        p = ho_csv_field_at(p, stop, delimiter, &field);
        if (p == NULL || p == stop) return count;
        p++;
    }
}

ho_status ho_csv_header_line(const char *name, const char *from, const ho_csv_text *text, char **bytes,
                             size_t *length, ho_error *err)
{
    ho_csv_text source = {0};
    bool is_file = access(from, F_OK) == 0;
    HO_TRY(is_file ? ho_csv_text_read(from, 1, NULL, &source, err)
                   : ho_csv_text_copy("header-from", from, strlen(from), 1, &source, err));
    line header = {.bytes = ho_new_array(source.size * 4 + 16, 1)};
    char delimiter = ho_csv_delimiter(text);
    ho_status status = header.bytes == NULL ? ho_fail_memory(err, source.size * 4, name)
                                            : put_names(from, &source, delimiter, &header, err);
    size_t fields = fields_of_first_row(text, delimiter);
    if (status == HO_OK && header.names != fields)
        status = ho_fail(err, HO_ERR_USAGE, "%s: header-from gives %zu names, the first row has %zu fields",
                         name, header.names, fields);
    ho_csv_text_clear(&source);
    if (status != HO_OK) {
        free(header.bytes);
        return status;
    }
    *bytes = header.bytes;
    *length = header.length;
    return HO_OK;
}

ho_status ho_csv_put_header(const char *name, const char *from, int threads, ho_csv_text *text, ho_error *err)
{
    char *header = NULL;
    size_t length = 0;
    HO_TRY(ho_csv_header_line(name, from, text, &header, &length, err));
    ho_status status = ho_csv_text_put_line(name, header, length, threads, text, err);
    free(header);
    return status;
}
