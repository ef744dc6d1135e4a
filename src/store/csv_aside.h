/* A CSV file whose numbers do not fit into memory on its way to a store: they are in a file beside the store meanwhile, so
 * that memory holds some rows, and what there is to a row and to a column. The store is the same to the byte. */
#ifndef HO_STORE_CSV_ASIDE_H
#define HO_STORE_CSV_ASIDE_H

#include <heavyopt/store.h>

/* As ho_table_read and ho_store_write, for such a file; *done false: it is none, or options want a part of it, and nothing
 * was done. HO_ERR_MEMORY: not even this fits. On success the caller clears *report. */
HO_MUST_USE ho_status ho_csv_store_aside(const char *path, const ho_load_options *options, int threads,
                                         const char *folder, const ho_store_options *store,
                                         ho_load_report *report, bool *done, ho_error *err);

#endif
