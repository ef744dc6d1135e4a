/* Parquet files as plain tables: named columns of int32, double, date and text without nulls, in row groups, with
 * notes (key-value metadata). Nothing here knows what a table means; the store does. No Arrow type passes this line,
 * every exception stops behind it. In builds without Arrow every call that can fail gives HO_ERR_UNAVAILABLE.
 *
 * Reading: a file that is missing, damaged or of another kind is HO_ERR_DATA. Writing: what the file system refuses is
 * HO_ERR_IO. Both: HO_ERR_MEMORY. The texts name the file. */
#ifndef HO_BRIDGE_ARROW_ARROW_H
#define HO_BRIDGE_ARROW_ARROW_H

#include <heavyopt/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

const char *ho_arrow_version(void); /* "26.0.1", or NULL: not in this build */

typedef enum ho_parquet_type {
    HO_PARQUET_INT32,
    HO_PARQUET_DOUBLE,
    HO_PARQUET_DATE, /* int32_t, days since 1970-01-01 */
    HO_PARQUET_TEXT, /* UTF-8 */
    HO_PARQUET_TIME, /* written only: int32_t seconds since midnight, kept as milliseconds; negative is null */
    HO_PARQUET_REAL, /* written only: double; NaN is null */
    HO_PARQUET_OTHER /* of a file that is read: any other type, or a column that may hold nulls */
} ho_parquet_type;

typedef enum ho_parquet_coding {
    HO_PARQUET_PLAIN,
    HO_PARQUET_DICTIONARY,
    HO_PARQUET_DELTA /* INT32 and DATE: counting columns shrink to nearly nothing */
} ho_parquet_coding;

typedef struct ho_parquet_column {
    const char *name;
    ho_parquet_type type;
    ho_parquet_coding coding;
    bool ranges; /* smallest and largest value of each row group go into the footer */
} ho_parquet_column;

/* A file being written. Page checksums are on. The caller ends it by finish or by discard, and removes the file if it
 * is not to stay. */
typedef struct ho_parquet_writer ho_parquet_writer;

/* codec: none|snappy|gzip|lz4|zstd. HO_ERR_UNAVAILABLE: not in this copy of Arrow; HO_ERR_USAGE: no such codec. */
HO_MUST_USE ho_status ho_parquet_create(const char *path, const ho_parquet_column *columns, size_t count,
                                        const char *codec, ho_parquet_writer **writer, ho_error *err);

/* The values of one piece of a column: `rows` items of int32_t, double or const char * by the column's type, valid
 * until the next call. So a row group is written from where its pieces lie, without a copy. */
typedef const void *(*ho_parquet_piece)(void *user, size_t column, size_t piece);

/* Adds one row group of pieces x rows rows. */
HO_MUST_USE ho_status ho_parquet_write_group(ho_parquet_writer *writer, size_t pieces, size_t rows,
                                             ho_parquet_piece piece, void *user, ho_error *err);

HO_MUST_USE ho_status ho_parquet_add_note(ho_parquet_writer *writer, const char *key, const char *value,
                                          ho_error *err);

/* Writes the footer and closes. The writer is gone afterwards, on failure too. */
HO_MUST_USE ho_status ho_parquet_finish(ho_parquet_writer **writer, ho_error *err);
void ho_parquet_discard(ho_parquet_writer **writer); /* accepts NULL and nulls */

/* An Arrow IPC file (Feather 2) of the same columns and pieces; a column of DICTIONARY coding is one there too, and
 * all its pieces are alike; other codings mean nothing. codec: lz4 or zstd, all others write none.
 * One note. Ended as above. */
typedef struct ho_ipc_writer ho_ipc_writer;
HO_MUST_USE ho_status ho_ipc_create(const char *path, const ho_parquet_column *columns, size_t count,
                                    const char *codec, const char *key, const char *value,
                                    ho_ipc_writer **writer, ho_error *err);
HO_MUST_USE ho_status ho_ipc_write_group(ho_ipc_writer *writer, size_t pieces, size_t rows,
                                         ho_parquet_piece piece, void *user, ho_error *err);
HO_MUST_USE ho_status ho_ipc_finish(ho_ipc_writer **writer, ho_error *err);
void ho_ipc_discard(ho_ipc_writer **writer); /* accepts NULL and nulls */

/* The same columns, one piece of them, as a stream of the C Data Interface, which the caller releases. */
struct ArrowArrayStream;
HO_MUST_USE ho_status ho_arrow_export(const ho_parquet_column *columns, size_t count, const char *key,
                                      const char *value, size_t rows, ho_parquet_piece piece, void *user,
                                      struct ArrowArrayStream *stream, ho_error *err);

/* A file open for reading. Checksums of pages are verified where the file has them. Different threads may read
 * different row groups of one file. */
typedef struct ho_parquet_file ho_parquet_file;

HO_MUST_USE ho_status ho_parquet_open(const char *path, ho_parquet_file **file, ho_error *err);
void ho_parquet_close(ho_parquet_file **file); /* accepts NULL and nulls */

size_t ho_parquet_columns(const ho_parquet_file *file);
const char *ho_parquet_name(const ho_parquet_file *file, size_t column);
ho_parquet_type ho_parquet_type_of(const ho_parquet_file *file, size_t column);
size_t ho_parquet_rows(const ho_parquet_file *file);
size_t ho_parquet_groups(const ho_parquet_file *file);
size_t ho_parquet_group_rows(const ho_parquet_file *file, size_t group);
const char *ho_parquet_note(const ho_parquet_file *file, const char *key); /* NULL: none */

/* A whole column; the types must be those of the column. Out: ho_parquet_rows() values. */
HO_MUST_USE ho_status ho_parquet_read_int32(ho_parquet_file *file, size_t column, int32_t *out,
                                            ho_error *err);
HO_MUST_USE ho_status ho_parquet_read_double(ho_parquet_file *file, size_t column, double *out,
                                             ho_error *err);

/* A whole column of text: value i is the bytes from offsets[i] to offsets[i + 1]. The caller frees both. */
HO_MUST_USE ho_status ho_parquet_read_text(ho_parquet_file *file, size_t column, char **bytes,
                                           size_t **offsets, ho_error *err);

/* One row group of a double column as a matrix of `rows` x `columns` values (all of the group's), written to
 * out[row * stride + column]. */
HO_MUST_USE ho_status ho_parquet_read_matrix(ho_parquet_file *file, size_t column, size_t group, size_t rows,
                                             size_t columns, size_t stride, double *out, ho_error *err);

#ifdef __cplusplus
}
#endif
#endif
