/* The text of a CSV file from its first byte to its last, once, in pieces: plain, or packed by gzip or zstd. */
#ifndef HO_STORE_CSV_STREAM_H
#define HO_STORE_CSV_STREAM_H

#include <heavyopt/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ho_csv_stream ho_csv_stream;

/* HO_ERR_DATA: no regular file that can be opened, or an empty one; HO_ERR_UNAVAILABLE: packed, in a build without
 * Arrow. The name, and the bytes of a text in memory, are borrowed. */
HO_MUST_USE ho_status ho_csv_stream_open(const char *path, ho_csv_stream **stream, ho_error *err);
HO_MUST_USE ho_status ho_csv_stream_memory(const char *name, const char *bytes, size_t size,
                                           ho_csv_stream **stream, ho_error *err);
void ho_csv_stream_close(ho_csv_stream **stream);

/* The next bytes of the text, `room` at most; *got 0: that was all. HO_ERR_DATA: damaged, cut short, or at its end: changed
 * while it was read. HO_ERR_IO: the reading itself failed. */
HO_MUST_USE ho_status ho_csv_stream_read(ho_csv_stream *stream, char *to, size_t room, size_t *got,
                                         ho_error *err);

/* Of the file's own bytes; the hash when all are read. */
int64_t ho_csv_stream_bytes(const ho_csv_stream *stream);
int64_t ho_csv_stream_mtime_ns(const ho_csv_stream *stream);
uint64_t ho_csv_stream_hash(const ho_csv_stream *stream);

bool ho_csv_stream_packed(const ho_csv_stream *stream);

/* Bytes of the file that are read so far. */
size_t ho_csv_stream_done(const ho_csv_stream *stream);

#endif
