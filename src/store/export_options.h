/* The options of an export as rows that any option table can embed. */
#ifndef HO_STORE_EXPORT_OPTIONS_H
#define HO_STORE_EXPORT_OPTIONS_H

#include <heavyopt/store.h>
#include <stddef.h>

/* clang-format off */
#define HO_EXPORT_OPTION_ROWS(S, P) \
    {"layout", 0, "LAYOUT", "A column a strategy (wide), or a row a period and strategy (tall).", \
     HO_OPTION_CHOICE, 0, 0, "wide", "wide|tall", offsetof(S, P layout)}, \
    {"format", 0, "FORMAT", "The file's format; auto: by the ending of its name.", \
     HO_OPTION_CHOICE, 0, 0, "auto", "auto|parquet|csv|arrow", offsetof(S, P format)}, \
    {"compression", 0, "CODEC", "Codec of Parquet pages; Arrow files know lz4 and zstd.", \
     HO_OPTION_CHOICE, 0, 0, "snappy", "none|snappy|gzip|lz4|zstd", offsetof(S, P compression)}, \
    {"row-group-size", 0, "ROWS", "Rows of a row group of a tall file; it holds whole periods.", \
     HO_OPTION_INT, 1, 1e9, "1000000", NULL, offsetof(S, P row_group_size)}
/* clang-format on */

#endif
