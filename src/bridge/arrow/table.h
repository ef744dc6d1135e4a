/* Tables of other programs: a Parquet file, an Arrow IPC file or stream, or the C Data Interface. Columns of whatever
 * number, date, time or text type come out as doubles, days, seconds and UTF-8. Nothing here knows what a column
 * means.
 *
 * A file that is missing, damaged or of another kind is HO_ERR_DATA, and HO_ERR_MEMORY is possible everywhere. Columns
 * may be read by several threads at once. */
#ifndef HO_BRIDGE_ARROW_TABLE_H
#define HO_BRIDGE_ARROW_TABLE_H

#include <heavyopt/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ho_arrow_table ho_arrow_table;

typedef enum ho_arrow_kind {
    HO_ARROW_NUMBER, /* integers, floats, decimals, booleans */
    HO_ARROW_DAY,    /* dates and timestamps */
    HO_ARROW_TIME,   /* times of day */
    HO_ARROW_TEXT,   /* text, dictionaries of text, bytes */
    HO_ARROW_OTHER   /* lists, structs, ... */
} ho_arrow_kind;

/* True for the first bytes of a file that ho_arrow_table_open reads. */
bool ho_arrow_knows(const char *bytes, size_t size);

/* The file is read, not mapped. The caller closes the table. */
HO_MUST_USE ho_status ho_arrow_table_open(const char *path, ho_arrow_table **table, ho_error *err);

/* A stream of the C Data Interface (ArrowArrayStream), which is released here in either case. */
struct ArrowArrayStream;
HO_MUST_USE ho_status ho_arrow_table_import(struct ArrowArrayStream *stream, ho_arrow_table **table,
                                            ho_error *err);
void ho_arrow_table_close(ho_arrow_table **table); /* accepts NULL and nulls */

size_t ho_arrow_rows(const ho_arrow_table *table);
size_t ho_arrow_columns(const ho_arrow_table *table);
const char *ho_arrow_name(const ho_arrow_table *table, size_t column);
size_t ho_arrow_name_length(const ho_arrow_table *table, size_t column);
ho_arrow_kind ho_arrow_kind_of(const ho_arrow_table *table, size_t column);
const char *ho_arrow_type(const ho_arrow_table *table, size_t column);   /* for messages: "DECIMAL(10, 2)" */
const char *ho_arrow_note(const ho_arrow_table *table, const char *key); /* key-value metadata, NULL: none */

/* Of a DAY: the time zone that its moments are to be told in. "": none, they are told as they stand. "?": they are
 * UTC, and the file does not name the zone. */
const char *ho_arrow_zone(const ho_arrow_table *table, size_t column);

/* null[i] is set to 1 where the cell is null, and left alone elsewhere; the value is 0 there. */
HO_MUST_USE ho_status ho_arrow_read_numbers(ho_arrow_table *table, size_t column, double *out, size_t stride,
                                            uint8_t *null, ho_error *err);

/* DAY: days since 1970-01-01 and seconds of the day, in UTC where there is a zone. TIME: days are 0. */
HO_MUST_USE ho_status ho_arrow_read_days(ho_arrow_table *table, size_t column, int32_t *days,
                                         int32_t *seconds, uint8_t *null, ho_error *err);

/* Hands the texts of a column to `take`, one by one; length 0 and null for none. The text is there for the time of the
 * call. What take returns, unless HO_OK, ends the reading and is returned. */
typedef ho_status (*ho_arrow_take)(void *user, size_t row, const char *text, size_t length, bool null,
                                   ho_error *err);
HO_MUST_USE ho_status ho_arrow_each_text(ho_arrow_table *table, size_t column, ho_arrow_take take, void *user,
                                         ho_error *err);

#ifdef __cplusplus
}
#endif
#endif
