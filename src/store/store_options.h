/* The store's options as rows that any option table can embed. */
#ifndef HO_STORE_STORE_OPTIONS_H
#define HO_STORE_STORE_OPTIONS_H

#include <heavyopt/store.h>
#include <stddef.h>

/* Rows of ho_option for a settings struct S that holds the ho_store_options at P: empty, or `store.` with its
 * point. */
#define HO_STORE_OPTION_ROWS(S, P)                                                                   \
    {.name = "compression",                                                                          \
     .value = "CODEC",                                                                               \
     .text = "Codec of the Parquet pages.",                                                          \
     .type = HO_OPTION_CHOICE,                                                                       \
     .def = "snappy",                                                                                \
     .choices = "none|snappy|gzip|lz4|zstd",                                                         \
     .offset = offsetof(S, P compression)},                                                          \
        {.name = "row-group-size",                                                                   \
         .value = "ROWS",                                                                            \
         .text = "Rows of a Parquet row group; it holds whole periods, the nearest number of them.", \
         .type = HO_OPTION_INT,                                                                      \
         .min = 1,                                                                                   \
         .max = 1e9,                                                                                 \
         .def = "50000",                                                                             \
         .offset = offsetof(S, P row_group_size)},                                                   \
        {.name = "partition-by-date",                                                                \
         .text = "Cut the store into year= and month= folders, in place of one file.",               \
         .type = HO_OPTION_BOOL,                                                                     \
         .def = "true",                                                                              \
         .offset = offsetof(S, P partition_by_date)},                                                \
    {                                                                                                \
        .name = "use-dictionary",                                                                    \
        .text = "Code values by a dictionary where a sample shows that it shrinks them.",            \
        .type = HO_OPTION_BOOL, .def = "true", .offset = offsetof(S, P use_dictionary)               \
    }

#endif
