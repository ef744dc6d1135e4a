#include "store/foreign_files.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "store/foreign.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

enum { CHUNK = 1 << 20 };

static bool is_parquet_name(const char *name)
{
    static const char *const endings[] = {".parquet", ".parq", ".pq", ".arrow", ".feather", ".ipc"};
    size_t length = strlen(name);
    if (name[0] == '.' || name[0] == '_') return false; /* what writers leave beside their data */
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t ending = strlen(endings[i]);
        if (length > ending && strcmp(name + length - ending, endings[i]) == 0) return true;
    }
    return false;
}

static int by_path(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* Files below the folder whose names say what they are, in the order of their names; links are not followed. */
static ho_status list_files(const char *path, bool first_only, ho_strings *out, ho_error *err)
{
    char *copy = ho_copy_text(path);
    if (copy == NULL) return ho_fail_memory(err, strlen(path), "a path");
    char *const roots[] = {copy, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_COMFOLLOW, by_path);
    ho_status status = walk == NULL ? ho_fail(err, HO_ERR_DATA, "%s: %s", path, strerror(errno)) : HO_OK;
    for (FTSENT *entry; status == HO_OK && (entry = fts_read(walk)) != NULL;) {
        if (entry->fts_info == FTS_D && entry->fts_level > 0 && strchr("._", entry->fts_name[0]) != NULL)
            fts_set(walk, entry, FTS_SKIP);
        if (entry->fts_info != FTS_F || !is_parquet_name(entry->fts_name)) continue;
        status = ho_strings_add(out, entry->fts_path, err);
        if (first_only) break;
    }
    if (walk != NULL) fts_close(walk);
    free(copy);
    return status;
}

bool ho_foreign_knows(const char *path)
{
    struct stat facts;
    char bytes[8] = {0};
    if (stat(path, &facts) != 0) return false;
    if (S_ISDIR(facts.st_mode)) {
        ho_strings files = {0};
        bool any = list_files(path, true, &files, NULL) == HO_OK && files.count > 0;
        ho_strings_clear(&files);
        return any;
    }
    int file = S_ISREG(facts.st_mode) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    ssize_t got = file >= 0 ? read(file, bytes, sizeof bytes) : -1;
    if (file >= 0) close(file);
    return got > 0 && ho_arrow_knows(bytes, (size_t)got);
}

/* The keys of `root/zone=A/part.parquet` between root and file. */
static ho_status read_keys(const char *root, ho_foreign_file *file, ho_error *err)
{
    const char *at = file->path + strlen(root);
    ho_status status = HO_OK;
    while (status == HO_OK && *at != '\0') {
        size_t length = strcspn(at, "/");
        const char *equal = memchr(at, '=', length);
        if (at[length] == '/' && equal != NULL && equal > at) {
            char *key = ho_copy_bytes(at, (size_t)(equal - at));
            char *value = ho_copy_bytes(equal + 1, length - (size_t)(equal - at) - 1);
            status = key == NULL || value == NULL ? ho_fail_memory(err, length, "a path")
                                                  : ho_strings_add(&file->keys, key, err);
            if (status == HO_OK)
                status = ho_strings_add(&file->values,
                                        strcmp(value, "__HIVE_DEFAULT_PARTITION__") == 0 ? "" : value, err);
            free(key);
            free(value);
        }
        at += length + (at[length] == '/');
    }
    return status;
}

/* The bytes' hash, size and time, of one file or of all in their order. */
static ho_status measure(ho_foreign *f, ho_error *err)
{
    XXH3_state_t state;
    XXH3_64bits_reset(&state);
    char *chunk = ho_new_array(CHUNK, 1);
    if (chunk == NULL) return ho_fail_memory(err, CHUNK, f->path);
    ho_status status = HO_OK;
    for (size_t i = 0; status == HO_OK && i < f->file_count; i++) {
        struct stat facts;
        int file = open(f->files[i].path, O_RDONLY | O_CLOEXEC);
        ssize_t got = file < 0 || fstat(file, &facts) != 0 ? -1 : 0;
        while (got >= 0 && (got = read(file, chunk, CHUNK)) > 0)
            XXH3_64bits_update(&state, chunk, (size_t)got);
        if (got < 0)
            status = ho_fail(err, HO_ERR_DATA, "%s: %s", f->files[i].path, strerror(errno));
        else {
            int64_t mtime = (int64_t)facts.st_mtim.tv_sec * 1000000000 + facts.st_mtim.tv_nsec;
            f->bytes += facts.st_size;
            f->mtime_ns = mtime > f->mtime_ns ? mtime : f->mtime_ns;
        }
        if (file >= 0) close(file);
    }
    free(chunk);
    f->hash = XXH3_64bits_digest(&state);
    return status;
}

ho_status ho_foreign_unchanged(const ho_foreign *f, ho_error *err)
{
    int64_t bytes = 0, latest = 0;
    for (size_t i = 0; i < f->file_count && f->files[i].path != NULL; i++) {
        struct stat facts;
        if (stat(f->files[i].path, &facts) != 0)
            return ho_fail(err, HO_ERR_DATA, "%s: the file went away while it was read", f->files[i].path);
        int64_t mtime = (int64_t)facts.st_mtim.tv_sec * 1000000000 + facts.st_mtim.tv_nsec;
        bytes += facts.st_size;
        latest = mtime > latest ? mtime : latest;
    }
    if (bytes == f->bytes && latest == f->mtime_ns) return HO_OK;
    return ho_fail(err, HO_ERR_DATA, "%s: changed while it was read", f->path);
}

/* The column of that name, made when new: there is room for all columns of all files. */
static ho_status find_column(ho_foreign *f, const char *name, size_t length, ho_arrow_kind kind, bool is_key,
                             size_t *found, ho_error *err)
{
    uint32_t number = 0;
    size_t known = f->names.count;
    HO_TRY(ho_texts_add(&f->names, name, length, &number, err));
    if (number < known) {
        size_t c = *found = f->column_of[number];
        if (is_key || f->columns[c].is_key || f->columns[c].kind == kind) return HO_OK;
        return ho_fail(err, HO_ERR_DATA,
                       "%s: column \"%s\" is of one kind in one file and of another in another", f->path,
                       name);
    }
    f->column_of[number] = f->column_count;
    f->columns[f->column_count] = (ho_foreign_column){name, length, kind, is_key};
    *found = f->column_count++;
    return HO_OK;
}

static ho_status collect_columns(ho_foreign *f, ho_error *err)
{
    size_t most = 0, c = 0;
    for (size_t i = 0; i < f->file_count; i++)
        most += ho_arrow_columns(f->files[i].table) + f->files[i].keys.count;
    f->columns = HO_NEW(ho_foreign_column, most);
    f->column_of = HO_NEW(size_t, most);
    if (f->columns == NULL || f->column_of == NULL)
        return ho_fail_memory(err, most * sizeof *f->columns, f->path);
    for (size_t i = 0; i < f->file_count; i++) {
        const ho_foreign_file *file = &f->files[i];
        size_t count = ho_arrow_columns(file->table);
        /* the names of one file may repeat: that is the header's to judge */
        for (size_t j = 0; i == 0 && j < count; j++) {
            uint32_t number = 0;
            const char *name = ho_arrow_name(file->table, j);
            size_t length = ho_arrow_name_length(file->table, j), known = f->names.count;
            HO_TRY(ho_texts_add(&f->names, name, length, &number, err));
            if (number == known) f->column_of[number] = j;
            f->columns[f->column_count++] =
                (ho_foreign_column){name, length, ho_arrow_kind_of(file->table, j), false};
        }
        for (size_t k = 0; k < file->keys.count; k++)
            HO_TRY(find_column(f, file->keys.items[k], strlen(file->keys.items[k]), HO_ARROW_TEXT, true, &c,
                               err));
        for (size_t j = 0; i > 0 && j < count; j++)
            HO_TRY(find_column(f, ho_arrow_name(file->table, j), ho_arrow_name_length(file->table, j),
                               ho_arrow_kind_of(file->table, j), false, &c, err));
    }
    return HO_OK;
}

static ho_status place_columns(ho_foreign *f, ho_error *err)
{
    f->places = HO_NEW(size_t, f->file_count * f->column_count);
    if (f->places == NULL) return ho_fail_memory(err, f->column_count * sizeof *f->places, f->path);
    for (size_t i = 0; i < f->file_count; i++) {
        size_t *places = f->places + i * f->column_count, count = ho_arrow_columns(f->files[i].table);
        for (size_t c = 0; c < f->column_count; c++)
            places[c] = SIZE_MAX;
        for (size_t j = 0; j < count; j++) {
            size_t c = j;
            if (i > 0) {
                HO_TRY(find_column(f, ho_arrow_name(f->files[i].table, j),
                                   ho_arrow_name_length(f->files[i].table, j),
                                   ho_arrow_kind_of(f->files[i].table, j), false, &c, err));
            }
            if (!f->columns[c].is_key) places[c] = j;
        }
        f->files[i].first = f->rows;
        f->files[i].rows = ho_arrow_rows(f->files[i].table);
        f->rows += f->files[i].rows;
    }
    if (f->rows == 0) return ho_fail(err, HO_ERR_DATA, "%s: the table has no rows", f->path);
    return HO_OK;
}

static ho_status open_all(ho_foreign *f, const ho_strings *paths, const char *root, ho_error *err)
{
    f->files = HO_NEW(ho_foreign_file, paths->count);
    if (f->files == NULL) return ho_fail_memory(err, 0, f->path);
    for (size_t i = 0; i < paths->count; i++) {
        ho_foreign_file *file = &f->files[f->file_count++];
        file->path = ho_copy_text(paths->items[i]);
        if (file->path == NULL) return ho_fail_memory(err, 0, f->path);
        HO_TRY(ho_arrow_table_open(file->path, &file->table, err));
        if (root != NULL) HO_TRY(read_keys(root, file, err));
    }
    return HO_OK;
}

static void trust(ho_foreign *f, const ho_arrow_table *table)
{
    const char *layout = ho_arrow_note(table, HO_NOTE_EXPORT);
    f->trusted = layout != NULL;
    f->tall = layout != NULL && strcmp(layout, "tall") == 0;
}

static ho_status open_path(const char *path, ho_foreign *f, ho_error *err)
{
    struct stat facts;
    ho_strings paths = {0};
    if (stat(path, &facts) != 0) return ho_fail(err, HO_ERR_DATA, "%s: %s", path, strerror(errno));
    bool folder = S_ISDIR(facts.st_mode);
    ho_status status = folder ? list_files(path, false, &paths, err) : ho_strings_add(&paths, path, err);
    if (status == HO_OK && paths.count == 0)
        status = ho_fail(err, HO_ERR_DATA, "%s: a folder without Parquet or Arrow files", path);
    if (status == HO_OK) status = open_all(f, &paths, folder ? path : NULL, err);
    ho_strings_clear(&paths);
    if (status != HO_OK) return status;
    HO_TRY(measure(f, err));
    HO_TRY(collect_columns(f, err));
    HO_TRY(place_columns(f, err));
    if (f->file_count == 1) trust(f, f->files[0].table);
    return HO_OK;
}

ho_status ho_foreign_open(const char *path, ho_foreign *foreign, ho_error *err)
{
    ho_foreign f = {.path = path};
    ho_status status = open_path(path, &f, err);
    if (status == HO_OK)
        *foreign = f;
    else
        ho_foreign_clear(&f);
    return status;
}

ho_status ho_foreign_of_table(const char *name, ho_arrow_table *table, ho_foreign *foreign, ho_error *err)
{
    ho_foreign f = {.path = name, .files = HO_NEW(ho_foreign_file, 1)};
    if (f.files == NULL) {
        ho_arrow_table_close(&table);
        return ho_fail_memory(err, sizeof *f.files, name);
    }
    f.file_count = 1;
    f.files[0].table = table;
    ho_status status = collect_columns(&f, err);
    if (status == HO_OK) status = place_columns(&f, err);
    if (status == HO_OK) {
        trust(&f, table);
        *foreign = f;
    } else {
        ho_foreign_clear(&f);
    }
    return status;
}

void ho_foreign_clear(ho_foreign *f)
{
    for (size_t i = 0; i < f->file_count; i++) {
        if (f->files[i].table != NULL) ho_arrow_table_close(&f->files[i].table);
        ho_strings_clear(&f->files[i].keys);
        ho_strings_clear(&f->files[i].values);
        free(f->files[i].path);
    }
    free(f->files);
    free(f->columns);
    free(f->column_of);
    ho_texts_clear(&f->names);
    free(f->places);
    *f = (ho_foreign){0};
}

static void all_null(uint8_t *null, const ho_foreign_file *file)
{
    memset(null + file->first, 1, file->rows);
}

ho_status ho_foreign_numbers(const ho_foreign *f, size_t column, double *out, size_t stride, uint8_t *null,
                             ho_error *err)
{
    for (size_t i = 0; i < f->file_count; i++) {
        const ho_foreign_file *file = &f->files[i];
        size_t place = f->places[i * f->column_count + column];
        if (place != SIZE_MAX) {
            HO_TRY(ho_arrow_read_numbers(file->table, place, out + file->first * stride, stride,
                                         null + file->first, err));
            continue;
        }
        all_null(null, file);
        for (size_t r = file->first; r < file->first + file->rows; r++)
            out[r * stride] = 0;
    }
    return HO_OK;
}

ho_status ho_foreign_days(const ho_foreign *f, size_t column, int32_t *days, int32_t *seconds, uint8_t *null,
                          ho_error *err)
{
    for (size_t i = 0; i < f->file_count; i++) {
        const ho_foreign_file *file = &f->files[i];
        size_t place = f->places[i * f->column_count + column];
        if (place == SIZE_MAX)
            all_null(null, file);
        else
            HO_TRY(ho_arrow_read_days(file->table, place, days + file->first, seconds + file->first,
                                      null + file->first, err));
    }
    return HO_OK;
}

static ho_status take_key(const ho_foreign *f, const ho_foreign_file *file, size_t column,
                          ho_foreign_take take, void *user, ho_error *err)
{
    const char *value = NULL;
    for (size_t k = 0; k < file->keys.count; k++) {
        if (strcmp(file->keys.items[k], f->columns[column].name) == 0) value = file->values.items[k];
    }
    for (size_t r = 0; r < file->rows; r++)
        HO_TRY(take(user, file->first + r, value, value != NULL ? strlen(value) : 0, value == NULL, err));
    return HO_OK;
}

/* Rows of a file are counted on over all files. */
typedef struct counted {
    ho_foreign_take take;
    void *user;
    size_t first;
} counted;

static ho_status take_counted(void *user, size_t row, const char *text, size_t length, bool null,
                              ho_error *err)
{
    const counted *c = user;
    return c->take(c->user, c->first + row, text, length, null, err);
}

ho_status ho_foreign_texts(const ho_foreign *f, size_t column, ho_foreign_take take, void *user,
                           ho_error *err)
{
    for (size_t i = 0; i < f->file_count; i++) {
        const ho_foreign_file *file = &f->files[i];
        size_t place = f->places[i * f->column_count + column];
        if (place != SIZE_MAX) {
            counted c = {take, user, file->first};
            HO_TRY(ho_arrow_each_text(file->table, place, take_counted, &c, err));
            continue;
        }
        HO_TRY(take_key(f, file, column, take, user, err));
    }
    return HO_OK;
}

const char *ho_foreign_zone(const ho_foreign *f, size_t column)
{
    for (size_t i = 0; i < f->file_count; i++) {
        size_t place = f->places[i * f->column_count + column];
        if (place != SIZE_MAX) return ho_arrow_zone(f->files[i].table, place);
    }
    return "";
}
