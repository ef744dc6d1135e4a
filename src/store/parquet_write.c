/* Writes a panel as a store: the parts of the pnl table, then the periods, last the strategies, whose notes hold the
 * hashes of the rest. */
#include "store/parquet.h"

#include "base/date.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "panel/hints.h"
#include "store/store_place.h"
#include "store/store_report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { SAMPLE = 1 << 16 };

typedef struct writing {
    const char *folder; /* the temporary one */
    const ho_panel *panel;
    const ho_row_source *rows; /* the panel's numbers */
    const ho_store_options *options;
    ho_parquet_column pnl_columns[PNL_COLUMNS];
    size_t periods_a_group;
    ho_store_part *parts;
    size_t part_count;
    uint64_t periods_hash;
} writing;

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* A dictionary pays when its values and the numbers that point to them are clearly fewer bytes than the values
 * themselves. Counted on one run of values from the middle: a dictionary serves a row group, so that scattered
 * values would show more different ones than it will meet. */
static ho_status dictionary_pays(const ho_row_source *from, size_t periods_a_group, bool *pays, ho_error *err)
{
    size_t periods = from->rows, strategies = from->columns;
    ho_status status = HO_OK;
    uint64_t *seen = HO_NEW(uint64_t, 2 * SAMPLE);
    if (seen == NULL) return ho_fail_memory(err, 2 * SAMPLE * sizeof *seen, "a sample of the values");
    size_t rows = periods_a_group < periods ? periods_a_group : periods;
    size_t first = (periods - rows) / 2, taken = 0, distinct = 0;
    for (size_t t = first; t < first + rows && taken < SAMPLE; t++) {
        ho_matrix row;
        status = ho_rows_take(from, t, 1, &row, err);
        if (status != HO_OK) break;
        for (size_t j = 0; j < strategies && taken < SAMPLE; j++, taken++) {
            uint64_t key =
                bits_of(row.data[j]) + 1; /* 0 marks a free slot; the one NaN that wraps to it does no harm */
            size_t slot = (size_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 47);
            while (seen[slot] != 0 && seen[slot] != key)
                slot = (slot + 1) % (2 * SAMPLE);
            distinct += seen[slot] == 0;
            seen[slot] = key;
        }
    }
    free(seen);
    size_t bits = 1;
    while (((size_t)1 << bits) < distinct)
        bits++;
    *pays = 64 * distinct + bits * taken < 48 * taken;
    return status;
}

/* Makes the folder that is to hold a file inside `folder`. */
static ho_status make_folder_of(const char *folder, const char *name, ho_error *err)
{
    char *path = ho_path_join(folder, name);
    if (path == NULL) return ho_fail_memory(err, 0, "writing a store");
    *strrchr(path, '/') = '\0';
    size_t made = 0;
    int reason = ho_folders_make(path, 0777, &made);
    ho_status status = HO_OK;
    if (reason == ENOMEM)
        status = ho_fail_memory(err, 0, "writing a store");
    else if (reason != 0)
        status = ho_fail(err, HO_ERR_IO, "%s: %s", path, strerror(reason));
    free(path);
    return status;
}

/* A table being written: what every file begins and ends with. */
static ho_status create_table(const writing *w, const char *name, const ho_parquet_column *columns,
                              size_t count, ho_parquet_writer **file, ho_error *err)
{
    char *path = ho_path_join(w->folder, name);
    if (path == NULL) return ho_fail_memory(err, 0, "writing a store");
    ho_parquet_writer *made = NULL;
    ho_status status = ho_parquet_create(path, columns, count, w->options->compression, &made, err);
    free(path);
    if (status == HO_OK)
        status = ho_parquet_add_note(made, ho_store_notes[NOTE_FORMAT], HO_STORE_FORMAT, err);
    if (status == HO_OK) status = ho_parquet_add_note(made, ho_store_notes[NOTE_VERSION], HO_VERSION, err);
    if (status != HO_OK) {
        if (made != NULL) ho_parquet_discard(&made);
        return status;
    }
    *file = made;
    return HO_OK;
}

/* Ends the file: with its hash when all went well so far, else without a footer that anybody needs. */
static ho_status finish_table(ho_parquet_writer **file, uint64_t hash, ho_status status, ho_error *err)
{
    char hex[HO_HEX_SIZE];
    if (status == HO_OK) status = ho_parquet_add_note(*file, HO_NOTE_CHECK, ho_hex_print(hash, hex), err);
    if (status == HO_OK) return ho_parquet_finish(file, err);
    ho_parquet_discard(file);
    return status;
}

typedef struct pnl_source {
    const ho_panel *panel;
    ho_matrix rows;   /* of the group */
    size_t first;     /* period of piece 0 */
    int32_t *counter; /* 0, 1, 2, ... */
    int32_t *same;    /* one number, again and again */
} pnl_source;

static const void *pnl_piece(void *user, size_t column, size_t piece)
{
    pnl_source *source = user;
    size_t t = source->first + piece;
    if (column == PNL_VALUE) return ho_matrix_row(&source->rows, piece);
    if (column == PNL_STRATEGY) return source->counter;
    int32_t value = column == PNL_DATE ? source->panel->periods[t].date : (int32_t)t;
    for (size_t j = 0; j < source->panel->values.columns; j++)
        source->same[j] = value;
    return source->same;
}

static ho_status write_groups(const writing *w, const ho_store_part *part, ho_parquet_writer *file,
                              ho_error *err)
{
    size_t strategies = w->panel->values.columns;
    pnl_source source = {.panel = w->panel};
    source.counter = HO_NEW(int32_t, 2 * strategies);
    if (source.counter == NULL) return ho_fail_memory(err, 0, "writing a store");
    source.same = source.counter + strategies;
    for (size_t j = 0; j < strategies; j++)
        source.counter[j] = (int32_t)j;
    ho_status status = HO_OK;
    for (size_t done = 0; status == HO_OK && done < part->count;) {
        size_t left = part->count - done;
        size_t pieces = left < w->periods_a_group ? left : w->periods_a_group;
        source.first = part->first + done;
        status = ho_rows_take(w->rows, source.first, pieces, &source.rows, err);
        if (status == HO_OK)
            status = ho_parquet_write_group(file, pieces, strategies, pnl_piece, &source, err);
        done += pieces;
    }
    free(source.counter);
    return status;
}

/* The part's hash, and the note of its rows' hashes, which the caller frees. */
static ho_status hash_part(const writing *w, ho_store_part *part, char **note, ho_error *err)
{
    uint64_t *rows = HO_NEW(uint64_t, part->count);
    char *text = HO_NEW(char, part->count *(HO_HEX_SIZE - 1) + 1);
    if (rows == NULL || text == NULL) {
        free(rows);
        free(text);
        return ho_fail_memory(err, 0, "writing a store");
    }
    ho_status status = HO_OK;
    for (size_t i = 0; status == HO_OK && i < part->count; i++) {
        ho_matrix row;
        status = ho_rows_take(w->rows, part->first + i, 1, &row, err);
        if (status != HO_OK) break;
        rows[i] = ho_hash_row(row.data, row.columns);
        ho_hex_print(rows[i], text + i * (HO_HEX_SIZE - 1));
    }
    part->hash = ho_hash_part(rows, part->count);
    free(rows);
    if (status == HO_OK)
        *note = text;
    else
        free(text);
    return status;
}

static ho_status write_part(const writing *w, ho_store_part *part, ho_error *err)
{
    char *note = NULL;
    ho_parquet_writer *file = NULL;
    HO_TRY(make_folder_of(w->folder, part->path, err));
    HO_TRY(hash_part(w, part, &note, err));
    ho_status status = create_table(w, part->path, w->pnl_columns, PNL_COLUMNS, &file, err);
    if (status == HO_OK) {
        status = write_groups(w, part, file, err);
        if (status == HO_OK) status = ho_parquet_add_note(file, HO_NOTE_ROWS, note, err);
        status = finish_table(&file, part->hash, status, err);
    }
    free(note);
    return status;
}

static const void *whole_column(void *user, size_t column, size_t piece)
{
    (void)piece;
    return ((const void *const *)user)[column];
}

static void free_columns(void **columns, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(columns[i]);
}

/* A table that lies in memory: an array a column, which starts zeroed. */
static ho_status new_columns(const ho_parquet_column *of, size_t count, size_t rows, void **columns,
                             ho_error *err)
{
    static const size_t sizes[] = {[HO_PARQUET_INT32] = sizeof(int32_t),
                                   [HO_PARQUET_DOUBLE] = sizeof(double),
                                   [HO_PARQUET_DATE] = sizeof(int32_t),
                                   [HO_PARQUET_TEXT] = sizeof(char *)};
    for (size_t i = 0; i < count; i++) {
        columns[i] = ho_new_array(rows, sizes[of[i].type]);
        if (columns[i] == NULL) {
            free_columns(columns, count);
            return ho_fail_memory(err, 0, "writing a store");
        }
    }
    return HO_OK;
}

static ho_status labels_note(const ho_panel *panel, char **text, ho_error *err)
{
    json_t *json = json_object();
    int bad = json_object_set_new(json, "zones", ho_note_of_strings(&panel->zones));
    bad |= json_object_set_new(json, "regimes", ho_note_of_strings(&panel->regimes));
    if (bad != 0) {
        json_decref(json);
        json = NULL;
    }
    return ho_note_finish(json, text, err);
}

static void fill_periods(const ho_panel *panel, void **columns)
{
    for (size_t t = 0; t < panel->values.rows; t++) {
        const ho_period *p = &panel->periods[t];
        ((int32_t *)columns[PERIOD_ID])[t] = (int32_t)t;
        ((int32_t *)columns[PERIOD_DATE])[t] = p->date;
        ((int32_t *)columns[PERIOD_START])[t] = p->start;
        ((int32_t *)columns[PERIOD_END])[t] = p->end;
        ((const char **)columns[PERIOD_DAY])[t] = ho_weekday_name(ho_date_weekday(p->date));
        ((const char **)columns[PERIOD_ZONE])[t] = ho_panel_zone(panel, p->zone);
        ((const char **)columns[PERIOD_REGIME])[t] = ho_panel_regime(panel, p->regime);
        ((double *)columns[PERIOD_CONFIDENCE])[t] = p->confidence;
        ((double *)columns[PERIOD_THRESHOLD])[t] = p->transition;
        ((double *)columns[PERIOD_CAPITAL])[t] = p->capital;
    }
}

static ho_status write_periods(writing *w, ho_error *err)
{
    const ho_panel *panel = w->panel;
    void *columns[PERIOD_COLUMNS] = {0};
    char *labels = NULL;
    ho_parquet_writer *file = NULL;
    HO_TRY(new_columns(ho_period_columns, PERIOD_COLUMNS, panel->values.rows, columns, err));
    fill_periods(panel, columns);
    w->periods_hash = ho_hash_periods(panel->periods, panel->values.rows, &panel->zones, &panel->regimes);
    ho_status status = labels_note(panel, &labels, err);
    if (status == HO_OK)
        status = create_table(w, "periods.parquet", ho_period_columns, PERIOD_COLUMNS, &file, err);
    if (status == HO_OK) {
        status = ho_parquet_write_group(file, 1, panel->values.rows, whole_column, columns, err);
        if (status == HO_OK) status = ho_parquet_add_note(file, HO_NOTE_LABELS, labels, err);
        status = finish_table(&file, w->periods_hash, status, err);
    }
    free(labels);
    free_columns(columns, PERIOD_COLUMNS);
    return status;
}

/* The underlyings stand in `groups`, each ended by a 0, in front of the arrays' pointers to them. */
static void fill_strategies(const ho_panel *panel, const char *source, char *groups, void **columns)
{
    for (size_t j = 0; j < panel->values.columns; j++) {
        const char *name = panel->names[j];
        ho_hints hints = ho_hints_of(name);
        memcpy(groups, name, hints.group_length);
        ((int32_t *)columns[STRATEGY_ID])[j] = (int32_t)j;
        ((const char **)columns[STRATEGY_NAME])[j] = name;
        ((const char **)columns[STRATEGY_GROUP])[j] = groups;
        ((int32_t *)columns[STRATEGY_START])[j] = hints.window_start;
        ((int32_t *)columns[STRATEGY_END])[j] = hints.window_end;
        ((double *)columns[STRATEGY_STOP_LOSS])[j] = hints.stop_loss;
        ((double *)columns[STRATEGY_TAKE_PROFIT])[j] = hints.take_profit;
        ((const char **)columns[STRATEGY_SOURCE])[j] = source;
        groups += hints.group_length + 1;
    }
}

static ho_status store_note(const writing *w, char **text, ho_error *err)
{
    char hex[HO_HEX_SIZE];
    json_t *hashes = json_array();
    int bad = hashes == NULL;
    for (size_t i = 0; i < w->part_count; i++)
        bad |= json_array_append_new(hashes, json_string(ho_hex_print(w->parts[i].hash, hex)));
    json_t *json = json_pack("{s:I, s:I, s:b, s:s, s:o}", "periods", (json_int_t)w->panel->values.rows,
                             "strategies", (json_int_t)w->panel->values.columns, "partition_by_date",
                             (int)w->options->partition_by_date, "periods_hash",
                             ho_hex_print(w->periods_hash, hex), "pnl_hashes", hashes);
    if (json != NULL && bad != 0) {
        json_decref(json);
        json = NULL;
    }
    return ho_note_finish(json, text, err);
}

static const char *base_name(const char *path)
{
    const char *slash = path == NULL ? NULL : strrchr(path, '/');
    return path == NULL ? "" : slash == NULL ? path : slash + 1;
}

/* The table of the strategies with all notes, from which the store is read. */
static ho_status write_head(const writing *w, const char *source, const char *const notes[NOTE_COUNT],
                            ho_error *err)
{
    const ho_panel *panel = w->panel;
    size_t strategies = panel->values.columns, bytes = strategies;
    for (size_t j = 0; j < strategies; j++)
        bytes += strlen(panel->names[j]);
    void *columns[STRATEGY_COLUMNS] = {0};
    HO_TRY(new_columns(ho_strategy_columns, STRATEGY_COLUMNS, strategies, columns, err));
    char *groups = ho_new_array(bytes, 1);
    ho_parquet_writer *file = NULL;
    ho_status status = groups == NULL ? ho_fail_memory(err, 0, "writing a store") : HO_OK;
    if (status == HO_OK) {
        fill_strategies(panel, source, groups, columns);
        status = create_table(w, "strategies.parquet", ho_strategy_columns, STRATEGY_COLUMNS, &file, err);
    }
    if (status == HO_OK) {
        status = ho_parquet_write_group(file, 1, strategies, whole_column, columns, err);
        for (size_t i = 0; status == HO_OK && i < NOTE_COUNT; i++)
            status = ho_parquet_add_note(file, ho_store_notes[i], notes[i], err);
        status = finish_table(&file, ho_hash_head(panel, notes), status, err);
    }
    free(groups);
    free_columns(columns, STRATEGY_COLUMNS);
    return status;
}

static ho_status write_strategies(const writing *w, const ho_load_report *report, const char *cache_note,
                                  ho_error *err)
{
    char bytes[24], mtime[24];
    char *text = NULL, *store = NULL;
    snprintf(bytes, sizeof bytes, "%lld", (long long)report->source_bytes);
    snprintf(mtime, sizeof mtime, "%lld", (long long)report->source_mtime_ns);
    ho_status status = ho_load_report_to_note(report, &text, err);
    if (status == HO_OK) status = store_note(w, &store, err);
    if (status == HO_OK) {
        const char *source = base_name(report->path);
        const char *const notes[NOTE_COUNT] = {
            [NOTE_FORMAT] = HO_STORE_FORMAT,
            [NOTE_VERSION] = HO_VERSION,
            [NOTE_SOURCE] = source,
            [NOTE_BYTES] = bytes,
            [NOTE_MTIME] = mtime,
            [NOTE_HASH] = report->hash,
            [NOTE_REPORT] = text,
            [NOTE_CACHE] = cache_note,
            [NOTE_STORE] = store,
        };
        status = write_head(w, source, notes, err);
    }
    free(text);
    free(store);
    return status;
}

static ho_status write_all(writing *w, const ho_load_report *report, const char *cache_note, ho_error *err)
{
    const ho_matrix *m = &w->panel->values;
    double ideal = (double)w->options->row_group_size / (double)m->columns;
    w->periods_a_group = ideal < 1 ? 1 : ideal > (double)m->rows ? m->rows : (size_t)(ideal + 0.5);
    memcpy(w->pnl_columns, ho_pnl_columns, sizeof w->pnl_columns);
    if (w->options->use_dictionary) {
        bool pays = false;
        HO_TRY(dictionary_pays(w->rows, w->periods_a_group, &pays, err));
        if (pays) w->pnl_columns[PNL_VALUE].coding = HO_PARQUET_DICTIONARY;
    }
    HO_TRY(ho_store_parts(w->panel->periods, m->rows, w->options->partition_by_date, &w->parts,
                          &w->part_count, err));
    for (size_t i = 0; i < w->part_count; i++)
        HO_TRY(write_part(w, &w->parts[i], err));
    HO_TRY(write_periods(w, err));
    return write_strategies(w, report, cache_note, err);
}

ho_status ho_store_write_noted(const char *folder, const ho_panel *panel, const ho_load_report *report,
                               const ho_store_options *options, const char *cache_note, ho_error *err)
{
    const ho_row_source rows = ho_rows_of_matrix(&panel->values);
    return ho_store_write_rows(folder, panel, &rows, report, options, cache_note, err);
}

ho_status ho_store_write_rows(const char *folder, const ho_panel *panel, const ho_row_source *rows,
                              const ho_load_report *report, const ho_store_options *options,
                              const char *cache_note, ho_error *err)
{
    if (ho_arrow_version() == NULL)
        return ho_fail(err, HO_ERR_UNAVAILABLE, "%s: this build has no Arrow/Parquet, so it writes no stores",
                       folder);
    const ho_matrix *m = &panel->values;
    if (m->rows == 0 || m->columns == 0 || m->rows > INT32_MAX || m->columns > INT32_MAX)
        return ho_fail(err, HO_ERR_USAGE,
                       "%s: a store holds 1 to 2147483647 periods and strategies, not %zu x %zu", folder,
                       m->rows, m->columns);
    ho_place place;
    HO_TRY(ho_place_begin(folder, &place, err));
    writing w = {.folder = place.temp, .panel = panel, .rows = rows, .options = options};
    ho_error fault; /* names a file in the temporary folder, which nobody will find */
    ho_status status = write_all(&w, report, cache_note, &fault);
    free(w.parts);
    if (status == HO_OK) return ho_place_commit(&place, err);
    ho_place_abandon(&place);
    return ho_fail(err, status, "%s: not written: %s", folder, fault.text);
}
