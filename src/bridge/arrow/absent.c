/* The side of arrow.h that a build without Arrow has: every call says so. */
#include "bridge/arrow/arrow.h"
#include "bridge/arrow/inflate.h"
#include "bridge/arrow/remote.h"
#include "bridge/arrow/table.h"

#include "base/error.h"

#include <string.h>

/* Its layout is fixed: https://arrow.apache.org/docs/format/CStreamInterface.html */
struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, void *);
    int (*get_next)(struct ArrowArrayStream *, void *);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
    void *private_data;
};

static ho_status absent(ho_error *err)
{
    return ho_fail(
        err, HO_ERR_UNAVAILABLE,
        "this build has no Arrow/Parquet: Parquet and Arrow files can be neither read nor written");
}

static ho_status absent_elsewhere(ho_error *err)
{
    return ho_fail(err, HO_ERR_UNAVAILABLE,
                   "this build has no Arrow: files on other machines can be neither read nor written");
}

const char *ho_arrow_version(void)
{
    return NULL;
}

ho_status ho_parquet_create(const char *path, const ho_parquet_column *columns, size_t count,
                            const char *codec, ho_parquet_writer **writer, ho_error *err)
{
    (void)path, (void)columns, (void)count, (void)codec, (void)writer;
    return absent(err);
}

ho_status ho_parquet_write_group(ho_parquet_writer *writer, size_t pieces, size_t rows,
                                 ho_parquet_piece piece, void *user, ho_error *err)
{
    (void)writer, (void)pieces, (void)rows, (void)piece, (void)user;
    return absent(err);
}

ho_status ho_parquet_add_note(ho_parquet_writer *writer, const char *key, const char *value, ho_error *err)
{
    (void)writer, (void)key, (void)value;
    return absent(err);
}

ho_status ho_parquet_finish(ho_parquet_writer **writer, ho_error *err)
{
    *writer = NULL;
    return absent(err);
}

void ho_parquet_discard(ho_parquet_writer **writer)
{
    *writer = NULL;
}

ho_status ho_ipc_create(const char *path, const ho_parquet_column *columns, size_t count, const char *codec,
                        const char *key, const char *value, ho_ipc_writer **writer, ho_error *err)
{
    (void)path, (void)columns, (void)count, (void)codec, (void)key, (void)value, (void)writer;
    return absent(err);
}

ho_status ho_ipc_write_group(ho_ipc_writer *writer, size_t pieces, size_t rows, ho_parquet_piece piece,
                             void *user, ho_error *err)
{
    (void)writer, (void)pieces, (void)rows, (void)piece, (void)user;
    return absent(err);
}

ho_status ho_ipc_finish(ho_ipc_writer **writer, ho_error *err)
{
    *writer = NULL;
    return absent(err);
}

void ho_ipc_discard(ho_ipc_writer **writer)
{
    *writer = NULL;
}

ho_status ho_arrow_export(const ho_parquet_column *columns, size_t count, const char *key, const char *value,
                          size_t rows, ho_parquet_piece piece, void *user, struct ArrowArrayStream *stream,
                          ho_error *err)
{
    (void)columns, (void)count, (void)key, (void)value, (void)rows, (void)piece, (void)user, (void)stream;
    return absent(err);
}

ho_status ho_parquet_open(const char *path, ho_parquet_file **file, ho_error *err)
{
    (void)path, (void)file;
    return absent(err);
}

void ho_parquet_close(ho_parquet_file **file)
{
    *file = NULL;
}

size_t ho_parquet_columns(const ho_parquet_file *file)
{
    (void)file;
    return 0;
}

const char *ho_parquet_name(const ho_parquet_file *file, size_t column)
{
    (void)file, (void)column;
    return "";
}

ho_parquet_type ho_parquet_type_of(const ho_parquet_file *file, size_t column)
{
    (void)file, (void)column;
    return HO_PARQUET_OTHER;
}

size_t ho_parquet_rows(const ho_parquet_file *file)
{
    (void)file;
    return 0;
}

size_t ho_parquet_groups(const ho_parquet_file *file)
{
    (void)file;
    return 0;
}

size_t ho_parquet_group_rows(const ho_parquet_file *file, size_t group)
{
    (void)file, (void)group;
    return 0;
}

const char *ho_parquet_note(const ho_parquet_file *file, const char *key)
{
    (void)file, (void)key;
    return NULL;
}

ho_status ho_parquet_read_int32(ho_parquet_file *file, size_t column, int32_t *out, ho_error *err)
{
    (void)file, (void)column, (void)out;
    return absent(err);
}

ho_status ho_parquet_read_double(ho_parquet_file *file, size_t column, double *out, ho_error *err)
{
    (void)file, (void)column, (void)out;
    return absent(err);
}

ho_status ho_parquet_read_text(ho_parquet_file *file, size_t column, char **bytes, size_t **offsets,
                               ho_error *err)
{
    (void)file, (void)column, (void)bytes, (void)offsets;
    return absent(err);
}

ho_status ho_parquet_read_matrix(ho_parquet_file *file, size_t column, size_t group, size_t rows,
                                 size_t columns, size_t stride, double *out, ho_error *err)
{
    (void)file, (void)column, (void)group, (void)rows, (void)columns, (void)stride, (void)out;
    return absent(err);
}

bool ho_arrow_knows(const char *bytes, size_t size)
{
    /* enough to say what cannot be read here */
    return size >= 4 && (memcmp(bytes, "PAR1", 4) == 0 || memcmp(bytes, "ARRO", 4) == 0);
}

ho_status ho_arrow_table_open(const char *path, ho_arrow_table **table, ho_error *err)
{
    (void)path, (void)table;
    return absent(err);
}

ho_status ho_arrow_table_import(struct ArrowArrayStream *stream, ho_arrow_table **table, ho_error *err)
{
    (void)table;
    if (stream->release != NULL) stream->release(stream);
    return absent(err);
}

void ho_arrow_table_close(ho_arrow_table **table)
{
    *table = NULL;
}

size_t ho_arrow_rows(const ho_arrow_table *table)
{
    (void)table;
    return 0;
}

size_t ho_arrow_columns(const ho_arrow_table *table)
{
    (void)table;
    return 0;
}

const char *ho_arrow_name(const ho_arrow_table *table, size_t column)
{
    (void)table, (void)column;
    return "";
}

size_t ho_arrow_name_length(const ho_arrow_table *table, size_t column)
{
    (void)table, (void)column;
    return 0;
}

ho_arrow_kind ho_arrow_kind_of(const ho_arrow_table *table, size_t column)
{
    (void)table, (void)column;
    return HO_ARROW_OTHER;
}

const char *ho_arrow_type(const ho_arrow_table *table, size_t column)
{
    (void)table, (void)column;
    return "";
}

const char *ho_arrow_note(const ho_arrow_table *table, const char *key)
{
    (void)table, (void)key;
    return NULL;
}

const char *ho_arrow_zone(const ho_arrow_table *table, size_t column)
{
    (void)table, (void)column;
    return "";
}

ho_status ho_arrow_read_numbers(ho_arrow_table *table, size_t column, double *out, size_t stride,
                                uint8_t *null, ho_error *err)
{
    (void)table, (void)column, (void)out, (void)stride, (void)null;
    return absent(err);
}

ho_status ho_arrow_read_days(ho_arrow_table *table, size_t column, int32_t *days, int32_t *seconds,
                             uint8_t *null, ho_error *err)
{
    (void)table, (void)column, (void)days, (void)seconds, (void)null;
    return absent(err);
}

ho_status ho_arrow_each_text(ho_arrow_table *table, size_t column, ho_arrow_take take, void *user,
                             ho_error *err)
{
    (void)table, (void)column, (void)take, (void)user;
    return absent(err);
}

ho_packing ho_packing_of(const void *bytes, size_t size)
{
    if (size >= 2 && memcmp(bytes, "\x1f\x8b", 2) == 0) return HO_PACKED_GZIP;
    return size >= 4 && memcmp(bytes, "\x28\xb5\x2f\xfd", 4) == 0 ? HO_PACKED_ZSTD : HO_PACKED_NOT;
}

ho_status ho_inflate(const char *name, ho_packing packing, const void *bytes, size_t size, size_t most,
                     char **out, size_t *out_size, ho_error *err)
{
    (void)packing, (void)bytes, (void)size, (void)most, (void)out, (void)out_size;
    return ho_fail(err, HO_ERR_UNAVAILABLE,
                   "%s: this build has no Arrow, with which compressed files are unpacked", name);
}

ho_status ho_inflater_new(const char *name, ho_packing packing, ho_inflater **inflater, ho_error *err)
{
    (void)inflater;
    return ho_inflate(name, packing, NULL, 0, 0, NULL, NULL, err);
}

ho_status ho_inflater_step(ho_inflater *inflater, const char *name, const void *bytes, size_t *size,
                           void *out, size_t *room, ho_error *err)
{
    (void)inflater, (void)bytes, (void)size, (void)out, (void)room;
    return ho_inflate(name, HO_PACKED_NOT, NULL, 0, 0, NULL, NULL, err);
}

bool ho_inflater_done(ho_inflater *inflater)
{
    (void)inflater;
    return true;
}

void ho_inflater_free(ho_inflater **inflater)
{
    *inflater = NULL;
}

ho_status ho_remote_look(const char *uri, ho_remote_facts *facts, ho_error *err)
{
    (void)uri, (void)facts;
    return absent_elsewhere(err);
}

ho_status ho_remote_list(const char *uri, ho_remote_take take, void *user, ho_error *err)
{
    (void)uri, (void)take, (void)user;
    return absent_elsewhere(err);
}

ho_status ho_remote_fetch(const char *uri, const char *path, ho_error *err)
{
    (void)uri, (void)path;
    return absent_elsewhere(err);
}

ho_status ho_remote_put(const char *path, const char *uri, ho_error *err)
{
    (void)path, (void)uri;
    return absent_elsewhere(err);
}

ho_status ho_remote_remove(const char *uri, ho_error *err)
{
    (void)uri;
    return absent_elsewhere(err);
}
