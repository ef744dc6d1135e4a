/* The pnl table of a store that is read: its parts straight into the rows of a panel, row groups in parallel. */
#ifndef HO_STORE_PARQUET_PNL_H
#define HO_STORE_PARQUET_PNL_H

#include "store/extract.h"
#include "store/parquet.h"

/* What the note of a store says. */
typedef struct ho_store_contents {
    size_t periods, strategies;
    bool by_month;
    uint64_t periods_hash;
    uint64_t *part_hashes; /* owned */
    size_t part_count;
} ho_store_contents;

/* Fills the panel, which is as large as the part. Files whose periods lie outside of it are not opened, row groups
 * outside of it not read, as far as the file has the hashes of its rows (stores of 0.1.0 have not: there the whole
 * file is read). What is read is compared with its hash. HO_ERR_DATA, HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_store_read_pnl(const char *folder, const ho_store_contents *contents,
                                        const ho_store_part *parts, const ho_part *part, int threads,
                                        ho_panel *panel, ho_error *err);

#endif
