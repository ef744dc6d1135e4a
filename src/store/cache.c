/* The cache: a store beside nobody's data, made from a CSV file and read in its place while it is fresh. Only files
 * are cached, and a fault of the cache never fails a read: the source is read, as if there were no cache.
 *
 * A copy is fresh when the source has the size and the modification time that it was read with, or, with another
 * time, the same content by its hash. A time within two seconds of the read proves nothing (file systems of a share
 * count in steps of up to two seconds), so then the hash decides too. */
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/strings.h"
#include "store/extract.h"
#include "store/load_options.h"
#include "store/parquet.h"
#include "store/store_report.h"
#include "store/store_select.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define WARNING "the cached copy "

enum { STEM = 100, CHUNK = 1 << 20 };

/* What identifies a copy. */
typedef struct key {
    char *real;                /* the source's full path */
    char options[HO_HEX_SIZE]; /* hash of the load options */
    char *root;                /* folder of the copies */
    char *entry;               /* folder of this copy; NULL: there is no cache */
} key;

static void key_clear(key *k)
{
    free(k->real);
    free(k->root);
    free(k->entry);
    *k = (key){0};
}

static void add_text(XXH3_state_t *state, const char *text)
{
    uint64_t length = text == NULL ? UINT64_MAX : strlen(text);
    XXH3_64bits_update(state, &length, sizeof length);
    if (text != NULL) XXH3_64bits_update(state, text, (size_t)length);
}

static void hash_options(const ho_load_options *options, char out[HO_HEX_SIZE])
{
    XXH3_state_t state;
    XXH3_64bits_reset(&state);
    ho_option_table table = ho_load_option_table();
    for (size_t i = 0; i < table.count && options != NULL; i++) {
        const char *field = (const char *)options + table.options[i].offset;
        const size_t at = table.options[i].offset;
        if (at == offsetof(ho_load_options, memory_limit) || at == offsetof(ho_load_options, chunk_size))
            continue; /* the table is the same */
        add_text(&state, table.options[i].name);
        switch (table.options[i].type) {
        case HO_OPTION_BOOL:
            XXH3_64bits_update(&state, field, sizeof(bool));
            break;
        case HO_OPTION_INT:
            XXH3_64bits_update(&state, field, sizeof(int64_t));
            break;
        case HO_OPTION_REAL:
            XXH3_64bits_update(&state, field, sizeof(double));
            break;
        case HO_OPTION_TEXT:
        case HO_OPTION_CHOICE:
            add_text(&state, *(char *const *)field);
            break;
        case HO_OPTION_LIST:
            for (size_t item = 0; item < ((const ho_strings *)field)->count; item++)
                add_text(&state, ((const ho_strings *)field)->items[item]);
            break;
        }
    }
    ho_hex_print(XXH3_64bits_digest(&state), out);
}

/* Inside a share (HEAVYOPT_SHARE) with a folder for them, copies stand where everybody finds them. */
static char *share_root(const char *real)
{
    const char *named = getenv("HEAVYOPT_SHARE");
    char *share = named == NULL || *named == '\0' ? NULL : realpath(named, NULL);
    if (share == NULL) return NULL;
    struct stat facts;
    size_t length = strlen(share);
    char *root = NULL;
    if (strncmp(real, share, length) == 0 && real[length] == '/')
        root = ho_path_join(share, "data/parquet/strategies");
    if (root != NULL && (stat(root, &facts) != 0 || !S_ISDIR(facts.st_mode))) {
        free(root);
        root = NULL;
    }
    free(share);
    return root;
}

static char *own_root(void)
{
    const char *cache = getenv("HEAVYOPT_CACHE"), *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache != NULL && *cache != '\0') return ho_copy_text(cache);
    if (xdg != NULL && *xdg == '/') return ho_path_join(xdg, "heavyopt");
    if (home != NULL && *home == '/') return ho_path_join(home, ".cache/heavyopt");
    return NULL;
}

/* k->entry stays NULL when there is no place for a cache: no error. */
static void find_key(const char *path, const ho_load_options *options, key *k)
{
    *k = (key){.real = realpath(path, NULL)};
    if (k->real == NULL) return;
    hash_options(options, k->options);
    const char *own = getenv("HEAVYOPT_CACHE");
    bool shared = false;
    if (own == NULL || *own == '\0') {
        k->root = share_root(k->real);
        shared = k->root != NULL;
    }
    if (k->root == NULL) k->root = own_root();
    if (k->root == NULL) return;
    const char *base = strrchr(k->real, '/') + 1;
    const char *dot = strrchr(base, '.');
    size_t stem = dot == NULL || dot == base ? strlen(base) : (size_t)(dot - base);
    if (stem > STEM) stem = STEM;
    XXH3_state_t state;
    XXH3_64bits_reset(&state);
    add_text(&state, k->real);
    add_text(&state, k->options);
    char name[STEM + 1 + HO_HEX_SIZE], hex[HO_HEX_SIZE];
    ho_hex_print(XXH3_64bits_digest(&state), hex);
    if (shared)
        snprintf(name, sizeof name, "%.*s", (int)stem, base);
    else
        snprintf(name, sizeof name, "%.*s-%s", (int)stem, base, hex);
    k->entry = ho_path_join(k->root, name);
}

static int64_t mtime_ns(const struct stat *facts)
{
    return (int64_t)facts->st_mtim.tv_sec * 1000000000 + facts->st_mtim.tv_nsec;
}

/* The hash of the file's bytes; false when it cannot be read to its end. */
static bool hash_file(const char *path, char out[HO_HEX_SIZE])
{
    char *chunk = ho_new_array(CHUNK, 1);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = -1;
    XXH3_state_t state;
    XXH3_64bits_reset(&state);
    while (chunk != NULL && file >= 0 && (got = read(file, chunk, CHUNK)) > 0)
        XXH3_64bits_update(&state, chunk, (size_t)got);
    if (file >= 0) close(file);
    free(chunk);
    ho_hex_print(XXH3_64bits_digest(&state), out);
    return got == 0;
}

static bool text_is(const json_t *json, const char *name, const char *expected)
{
    char *text = NULL;
    if (ho_note_to_text(json_object_get(json, name), "", &text, NULL) != HO_OK || text == NULL) return false;
    bool same = strcmp(text, expected) == 0;
    free(text);
    return same;
}

/* Whether the note was made for this source as it is now. */
static bool note_fits(const char *note, const key *k, const struct stat *facts)
{
    json_t *json = json_loads(note, JSON_REJECT_DUPLICATES, NULL);
    bool fits = text_is(json, "path", k->real) && text_is(json, "options", k->options) &&
                json_integer_value(json_object_get(json, "bytes")) == facts->st_size;
    bool same_time = json_integer_value(json_object_get(json, "mtime_ns")) == mtime_ns(facts) &&
                     json_is_true(json_object_get(json, "settled"));
    char hash[HO_HEX_SIZE];
    if (fits && !same_time) fits = hash_file(k->real, hash) && text_is(json, "hash", hash);
    json_decref(json);
    return fits;
}

/* Reads the copy if it is there and fresh; *fresh says so. A failure means a broken copy, or no memory. */
static ho_status read_copy(const char *path, const key *k, const struct stat *facts,
                           const ho_extract *extract, int threads, ho_panel **panel, ho_load_report *report,
                           bool *fresh, ho_error *err)
{
    *fresh = false;
    if (access(k->entry, F_OK) != 0) return HO_OK;
    char *note = NULL, *version = NULL;
    HO_TRY(ho_store_cache_note(k->entry, &note, &version, err));
    bool fits = strcmp(version, HO_VERSION) == 0 && note_fits(note, k, facts);
    free(note);
    free(version);
    if (!fits) return HO_OK;
    double start = ho_clock_seconds();
    char *copy = ho_copy_text(path);
    if (copy == NULL) return ho_fail_memory(err, strlen(path) + 1, "a path");
    ho_status status = ho_store_read_part(k->entry, extract, threads, panel, report, err);
    if (status != HO_OK) {
        free(copy);
        return status;
    }
    free(report->path);
    report->path = copy;
    report->source_mtime_ns = mtime_ns(facts);
    report->from_cache = true;
    report->seconds = ho_clock_seconds() - start;
    *fresh = true;
    return HO_OK;
}

/* For the user alone. */
static bool make_root(const char *root)
{
    size_t made = 0;
    return ho_folders_make(root, 0700, &made) == 0 && access(root, W_OK | X_OK) == 0;
}

/* Keeps the whole table while it is at hand, and cuts it. */
static ho_status keep_and_cut(const char *path, const ho_load_options *whole, const ho_extract *extract,
                              int threads, bool *write, ho_panel **panel, ho_load_report *report,
                              ho_error *err)
{
    ho_error fault;
    ho_status status = HO_OK;
    if (*write && ho_cache_write(path, whole, *panel, report, &fault) != HO_OK)
        status = ho_strings_printf(&report->warnings, err, "the cache was not written: %s", fault.text);
    *write = false;
    return status != HO_OK ? status : ho_extract_apply(path, extract, threads, panel, report, err);
}

/* options: of the whole table. extract: the part that is wanted, NULL: the whole. */
static ho_status read_cached(const char *path, const ho_load_options *options, const ho_extract *extract,
                             bool rebuild, int threads, ho_panel **panel, ho_load_report *report, bool *write,
                             ho_error *err)
{
    struct stat facts;
    key k = {0};
    bool fresh = false;
    ho_error fault;
    ho_status copy_status = HO_OK;
    if (ho_arrow_version() != NULL && stat(path, &facts) == 0 && S_ISREG(facts.st_mode))
        find_key(path, options, &k);
    if (k.entry != NULL && !rebuild) {
        copy_status = read_copy(path, &k, &facts, extract, threads, panel, report, &fresh, &fault);
        if (copy_status == HO_ERR_MEMORY) {
            key_clear(&k);
            return ho_fail(err, copy_status, "%s", fault.text);
        }
    }
    ho_status status = fresh ? HO_OK : ho_table_read(path, options, threads, panel, report, err);
    if (status == HO_OK && copy_status != HO_OK)
        status =
            ho_strings_printf(&report->warnings, err, WARNING "is broken and was not used: %s", fault.text);
    if (status == HO_OK && !fresh) {
        *write = k.entry != NULL && make_root(k.root);
        if (extract != NULL)
            status = keep_and_cut(path, options, extract, threads, write, panel, report, err);
    }
    key_clear(&k);
    return status;
}

ho_status ho_table_read_cached(const char *path, const ho_load_options *options, bool rebuild, int threads,
                               ho_panel **panel, ho_load_report *report, bool *write, ho_error *err)
{
    bool any = ho_extract_any(options), may_write = false;
    ho_load_cap(options);
    ho_load_options whole = {0};
    ho_extract extract = {0};
    ho_panel *made = NULL;
    ho_load_report told = {0};
    if (any) {
        whole = ho_extract_whole(options);
        HO_TRY(ho_extract_of(options, &extract, err));
    }
    ho_status status = read_cached(path, any ? &whole : options, any ? &extract : NULL, rebuild, threads,
                                   &made, &told, &may_write, err);
    if (status == HO_OK && any) status = ho_store_select(path, options, &made, &told, err);
    ho_extract_clear(&extract);
    if (status != HO_OK) {
        ho_panel_free(&made);
        ho_load_report_clear(&told);
        return status;
    }
    if (write != NULL) *write = may_write;
    *panel = made;
    *report = told;
    return HO_OK;
}

static ho_status note_of(const key *k, const ho_load_report *report, char **note, ho_error *err)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    bool settled = (int64_t)now.tv_sec - report->source_mtime_ns / 1000000000 > 2;
    json_t *real = ho_note_of_text(k->real);
    json_t *json =
        json_pack("{s:o, s:s, s:I, s:I, s:s, s:b}", "path", real, "options", k->options, "bytes",
                  (json_int_t)report->source_bytes, "mtime_ns", (json_int_t)report->source_mtime_ns, "hash",
                  report->hash, "settled", (int)settled);
    return ho_note_finish(json, note, err);
}

/* The report without what the cache itself had to say; its texts stay the old report's. */
static ho_status without_own_warnings(const ho_load_report *report, ho_load_report *out, ho_error *err)
{
    ho_strings kept = {.items = HO_NEW(char *, report->warnings.count)};
    if (kept.items == NULL) return ho_fail_memory(err, 0, "the report's warnings");
    for (size_t i = 0; i < report->warnings.count; i++) {
        if (strncmp(report->warnings.items[i], WARNING, strlen(WARNING)) != 0)
            kept.items[kept.count++] = report->warnings.items[i];
    }
    *out = *report;
    out->warnings = kept;
    return HO_OK;
}

static ho_status write_copy(const key *k, const ho_panel *panel, const ho_load_report *report, ho_error *err)
{
    ho_store_options options = {0};
    ho_load_report kept;
    char *note = NULL;
    HO_TRY(without_own_warnings(report, &kept, err));
    ho_status status = note_of(k, report, &note, err);
    if (status == HO_OK) status = ho_options_defaults(ho_store_option_table(), &options, err);
    if (status == HO_OK) status = ho_store_write_noted(k->entry, panel, &kept, &options, note, err);
    ho_options_clear(ho_store_option_table(), &options);
    free(note);
    free(kept.warnings.items);
    return status;
}

ho_status ho_cache_write(const char *path, const ho_load_options *options, const ho_panel *panel,
                         const ho_load_report *report, ho_error *err)
{
    key k;
    find_key(path, options, &k);
    ho_status status = HO_OK;
    if (k.entry == NULL || !make_root(k.root))
        status = ho_fail(err, HO_ERR_IO, "%s: there is no folder for a cached copy", path);
    else
        status = write_copy(&k, panel, report, err);
    key_clear(&k);
    return status;
}
