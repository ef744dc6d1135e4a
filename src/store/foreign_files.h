/* One or many Arrow tables as one: columns by name, one file's rows after the other's, and the keys of hive folders
 * (`zone=A/`) as columns of text. */
#ifndef HO_STORE_FOREIGN_FILES_H
#define HO_STORE_FOREIGN_FILES_H

#include "bridge/arrow/table.h"
#include "store/pivot.h"

#include <heavyopt/options.h>
#include <stdint.h>

typedef struct ho_foreign_file {
    char *path; /* owned */
    ho_arrow_table *table;
    size_t first, rows;
    ho_strings keys, values; /* of its folders */
} ho_foreign_file;

typedef struct ho_foreign_column {
    const char *name; /* of the first table that has it, or of a key */
    size_t length;
    ho_arrow_kind kind;
    bool is_key; /* its cells are the values of folders */
} ho_foreign_column;

typedef struct ho_foreign {
    const char *path; /* the caller's */
    ho_foreign_file *files;
    size_t file_count;
    ho_foreign_column *columns;
    size_t column_count;
    ho_texts names;    /* the names that differ ... */
    size_t *column_of; /* ... and the first column of each */
    size_t *places;    /* file_count x column_count: the column there, SIZE_MAX: none */
    size_t rows;
    bool trusted, tall; /* exported by heavyopt; as a tall table */
    int64_t bytes, mtime_ns;
    uint64_t hash;
} ho_foreign;

/* HO_ERR_DATA: nothing to read, a column that is a number in one file and a text in another. */
HO_MUST_USE ho_status ho_foreign_open(const char *path, ho_foreign *foreign, ho_error *err);
HO_MUST_USE ho_status ho_foreign_of_table(const char *name, ho_arrow_table *table, ho_foreign *foreign,
                                          ho_error *err);
void ho_foreign_clear(ho_foreign *foreign);

/* HO_ERR_DATA when a file is other than it was when it was opened. */
HO_MUST_USE ho_status ho_foreign_unchanged(const ho_foreign *foreign, ho_error *err);

/* A column over all files, as table.h has it; cells of files without it are null. */
HO_MUST_USE ho_status ho_foreign_numbers(const ho_foreign *f, size_t column, double *out, size_t stride,
                                         uint8_t *null, ho_error *err);
HO_MUST_USE ho_status ho_foreign_days(const ho_foreign *f, size_t column, int32_t *days, int32_t *seconds,
                                      uint8_t *null, ho_error *err);
/* The texts of a file's rows are handed to `take` one by one; length 0 and null for none. */
typedef ho_arrow_take ho_foreign_take;
HO_MUST_USE ho_status ho_foreign_texts(const ho_foreign *f, size_t column, ho_foreign_take take, void *user,
                                       ho_error *err);
const char *ho_foreign_zone(const ho_foreign *f, size_t column);

#endif
