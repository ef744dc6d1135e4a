#include "store/parquet_table.h"

#include "base/error.h"
#include "base/files.h"

#include <stdlib.h>
#include <string.h>

ho_status ho_table_damaged(const char *path, const char *what, ho_error *err)
{
    return ho_fail(err, HO_ERR_DATA, "%s: %s", path, what);
}

ho_status ho_table_open(const char *folder, const char *name, const ho_parquet_column *columns, size_t count,
                        char **path, ho_parquet_file **file, ho_error *err)
{
    *path = ho_path_join(folder, name);
    if (*path == NULL) return ho_fail_memory(err, 0, "the name of a file");
    ho_parquet_file *made = NULL;
    HO_TRY(ho_parquet_open(*path, &made, err));
    ho_status status = HO_OK;
    const char *format = ho_parquet_note(made, ho_store_notes[NOTE_FORMAT]);
    if (format == NULL || strcmp(format, HO_STORE_FORMAT) != 0)
        status = ho_table_damaged(
            *path,
            "not written by heavyopt as part of a store, or in a format that this version does not know",
            err);
    if (status == HO_OK && ho_parquet_columns(made) != count)
        status = ho_fail(err, HO_ERR_DATA, "%s: %zu columns, expected %zu", *path, ho_parquet_columns(made),
                         count);
    for (size_t i = 0; status == HO_OK && i < count; i++) {
        if (strcmp(ho_parquet_name(made, i), columns[i].name) != 0 ||
            ho_parquet_type_of(made, i) != columns[i].type)
            status = ho_fail(err, HO_ERR_DATA, "%s: column %zu is '%s' of some other kind, expected '%s'",
                             *path, i, ho_parquet_name(made, i), columns[i].name);
    }
    if (status != HO_OK) {
        ho_parquet_close(&made);
        return status;
    }
    *file = made;
    return HO_OK;
}

ho_status ho_table_check_rows(const ho_parquet_file *file, const char *path, size_t rows, ho_error *err)
{
    if (ho_parquet_rows(file) == rows) return HO_OK;
    return ho_fail(err, HO_ERR_DATA, "%s: %zu rows, expected %zu", path, ho_parquet_rows(file), rows);
}

ho_status ho_table_changed(const char *path, ho_error *err)
{
    return ho_table_damaged(path, "the content does not match its hash: the file was damaged or changed",
                            err);
}

ho_status ho_table_check_hash(const ho_parquet_file *file, const char *path, uint64_t hash, ho_error *err)
{
    char hex[HO_HEX_SIZE];
    const char *note = ho_parquet_note(file, HO_NOTE_CHECK);
    if (note != NULL && strcmp(note, ho_hex_print(hash, hex)) == 0) return HO_OK;
    return ho_table_changed(path, err);
}
