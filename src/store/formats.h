/* What is read and written, as a table: the program chooses by it, docs/FORMATS.md shows it. */
#ifndef HO_STORE_FORMATS_H
#define HO_STORE_FORMATS_H

#include "store/classify.h"

#include <stddef.h>

typedef struct ho_file_format {
    const char *name;     /* "Parquet file" */
    const char *known_by; /* what makes it one, for people */
    const char
        *endings; /* of files that a folder is searched for, and of outputs: ".parquet .pq"; "": neither */
    const char *written; /* as this format: "parquet"; NULL: not written as one file */
    const char *notes;
} ho_file_format;

size_t ho_file_format_count(void);
const ho_file_format *ho_file_format_at(size_t i);

/* The format that is written for a name of that ending, or NULL. */
const char *ho_format_written_for(const char *path);

/* Names of columns that mean something, and what: NULL past the last. */
const char *ho_column_known_at(size_t i, ho_column_kind *kind);
const char *ho_column_kind_meaning(ho_column_kind kind);

/* The same of the columns of tall tables. */
const char *ho_tall_known_at(size_t i, const char **meaning);

#endif
