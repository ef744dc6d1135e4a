/* The text of a CSV file in blocks of whole rows, one after another: what is in memory is a block and the start of the
 * next. Rows are those that csv_frame.h finds in the whole. */
#ifndef HO_STORE_CSV_BLOCKS_H
#define HO_STORE_CSV_BLOCKS_H

#include "store/csv_frame.h"
#include "store/csv_stream.h"

typedef struct ho_csv_blocks {
    const char *name;
    ho_csv_stream *stream;   /* owned */
    const char *header_from; /* NULL or empty: the file has a header */
    char *room; /* owned: a text of `size` bytes at most, with HO_NUMBER_PAD more before and after it */
    size_t size, begin, filled; /* begin .. filled of the text wait, the first `handed` of them handed out */
    size_t handed;
    ho_csv_span *rows; /* owned */
    size_t capacity;
    size_t lines; /* of the file, in the blocks before */
    size_t blank_lines;
    char delimiter;
    bool begun, ended, added;
    ho_status late; /* a fault that the rest of the file may outrank; see ho_csv_blocks_next */
    ho_error fault;
} ho_csv_blocks;

/* Blocks of the stream, which is theirs from now on. */
void ho_csv_blocks_begin(const char *name, const char *header_from, ho_csv_stream *stream,
                         ho_csv_blocks *blocks);
void ho_csv_blocks_clear(ho_csv_blocks *blocks);

/* The next `rows` rows, fewer only at the end; the frame's row 0 is the header, or in later blocks nothing; its count is 1
 * more than its data rows, and 0 when the text is over. Text and frame are borrowed, until the next call. HO_ERR_DATA:
 * what the whole text would be refused for (NUL bytes, UTF-16, a quote that is never closed), and what the stream says.
 * A header that does not fit is kept as `late`: the caller goes on to the end of the text, and says it then. */
HO_MUST_USE ho_status ho_csv_blocks_next(ho_csv_blocks *blocks, size_t rows, ho_csv_text *text,
                                         ho_csv_frame *frame, ho_error *err);

#endif
