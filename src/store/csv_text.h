/* The bytes of a CSV file in memory, and what a first look at them showed. They are read, never mapped: a mapped file
 * that someone truncates meanwhile kills the process. */
#ifndef HO_STORE_CSV_TEXT_H
#define HO_STORE_CSV_TEXT_H

#include <heavyopt/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ho_csv_text {
    char *block;         /* owned */
    const char *data;    /* inside the block; HO_NUMBER_PAD bytes, newlines, lie before and after it */
    size_t size;         /* past the byte order mark, which data no longer holds */
    int64_t file_bytes;  /* of the file itself */
    int64_t mtime_ns;    /* 0 when it came from memory */
    size_t *chunk_lines; /* owned: newlines in each HO_CSV_CHUNK bytes of `whole` */
    const char *whole;   /* with the byte order mark: what the hash is taken of */
    size_t first_nul;    /* offset in whole, SIZE_MAX: none */
    bool quotes;         /* there is a '"' */
    bool lone_returns;   /* there is a '\r' without '\n' */
    bool unpacked;       /* the file is compressed: file_bytes and hash are its own, not the text's */
    uint64_t hash;       /* of the compressed file */
    size_t added_lines;  /* in front, which the file has not */
    size_t lines_before; /* of the file, in front of this text */
    bool header_only;    /* the text is no more than a header: rows come from elsewhere, and have no lines */
} ho_csv_text;

enum { HO_CSV_CHUNK = 1 << 20 };

/* Called once the file is open and measured, and again when it is read and before it is measured a second time. */
typedef struct ho_csv_watch {
    void (*seen)(void *user, bool read);
    void *user;
} ho_csv_watch;

/* HO_ERR_DATA: missing, a directory, unreadable, empty, UTF-16, with NUL bytes, changed while it was read; HO_ERR_IO:
 * the reading itself failed. watch may be NULL. The caller clears *text. */
HO_MUST_USE ho_status ho_csv_text_read(const char *path, int threads, const ho_csv_watch *watch,
                                       ho_csv_text *text, ho_error *err);
HO_MUST_USE ho_status ho_csv_text_copy(const char *name, const char *bytes, size_t size, int threads,
                                       ho_csv_text *text, ho_error *err);
void ho_csv_text_clear(ho_csv_text *text);

/* Puts a line in front, which is then the first. The hash stays that of the file. */
HO_MUST_USE ho_status ho_csv_text_put_line(const char *name, const char *line, size_t length, int threads,
                                           ho_csv_text *text, ho_error *err);

/* The file of a text: opened; measured, and refused unless it is a regular one; measured again after it was read, as
 * when it changed. */
struct stat;
HO_MUST_USE ho_status ho_csv_file_open(const char *path, int *fd, ho_error *err);
HO_MUST_USE ho_status ho_csv_file_facts(const char *path, int fd, struct stat *facts, ho_error *err);
HO_MUST_USE ho_status ho_csv_file_unchanged(const char *path, int fd, const struct stat *before,
                                            ho_error *err);

/* Unpacked bytes past which a packed file is no table: gzip shrinks a text to a thousandth at best. */
size_t ho_csv_most_unpacked(size_t packed);

/* Line ends from p to end, behind which there is a byte. */
size_t ho_csv_count_lines(const char *p, const char *end);

/* The number of the line that the byte at `offset` of data is in, from 1. */
size_t ho_csv_text_line(const ho_csv_text *text, size_t offset);

#endif
