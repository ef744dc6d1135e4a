/* One file of a store, opened and compared with what a store's files are. All faults are HO_ERR_DATA and name it. */
#ifndef HO_STORE_PARQUET_TABLE_H
#define HO_STORE_PARQUET_TABLE_H

#include "store/parquet.h"

/* Opens folder/name if it is ours and has these columns. *path, which texts of faults name, is the caller's to free
 * in either case. Also HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_table_open(const char *folder, const char *name, const ho_parquet_column *columns,
                                    size_t count, char **path, ho_parquet_file **file, ho_error *err);

HO_MUST_USE ho_status ho_table_check_rows(const ho_parquet_file *file, const char *path, size_t rows,
                                          ho_error *err);

/* The note of the content's hash. */
HO_MUST_USE ho_status ho_table_check_hash(const ho_parquet_file *file, const char *path, uint64_t hash,
                                          ho_error *err);

ho_status ho_table_damaged(const char *path, const char *what, ho_error *err);
ho_status ho_table_changed(const char *path, ho_error *err); /* the content is not what its hash says */

#endif
