/* Reads a store, or a part of it, into a panel. The pnl table itself: parquet_pnl.c. */
#include "store/parquet.h"

#include "base/error.h"
#include "base/memory.h"
#include "store/extract.h"
#include "store/parquet_pnl.h"
#include "store/parquet_table.h"
#include "store/store_report.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { TRIES = 5 /* of a store that is replaced while it is read */ };

static bool hex_of(const json_t *json, uint64_t *number)
{
    const char *text = json_string_value(json);
    if (text == NULL || strlen(text) != HO_HEX_SIZE - 1 ||
        strspn(text, "0123456789abcdef") != HO_HEX_SIZE - 1)
        return false;
    *number = strtoull(text, NULL, 16);
    return true;
}

static bool count_of(const json_t *json, size_t *count)
{
    json_int_t value = json_integer_value(json);
    if (!json_is_integer(json) || value < 1 || value > INT32_MAX) return false;
    *count = (size_t)value;
    return true;
}

static ho_status parse_contents(const char *note, const char *path, ho_store_contents *out, ho_error *err)
{
    json_t *json = json_loads(note, JSON_REJECT_DUPLICATES, NULL);
    ho_store_contents c = {0};
    const json_t *by_month = json_object_get(json, "partition_by_date"),
                 *hashes = json_object_get(json, "pnl_hashes");
    bool good = count_of(json_object_get(json, "periods"), &c.periods) &&
                count_of(json_object_get(json, "strategies"), &c.strategies) && json_is_boolean(by_month) &&
                hex_of(json_object_get(json, "periods_hash"), &c.periods_hash) && json_is_array(hashes);
    ho_status status = HO_OK;
    if (good) {
        c.by_month = json_is_true(by_month);
        c.part_count = json_array_size(hashes);
        c.part_hashes = HO_NEW(uint64_t, c.part_count);
        if (c.part_hashes == NULL) status = ho_fail_memory(err, 0, "reading a store");
        for (size_t i = 0; status == HO_OK && good && i < c.part_count; i++)
            good = hex_of(json_array_get(hashes, i), &c.part_hashes[i]);
    }
    json_decref(json);
    if (status == HO_OK && !good)
        status = ho_table_damaged(path, "the note about the store's contents is damaged", err);
    if (status != HO_OK) {
        free(c.part_hashes);
        return status;
    }
    *out = c;
    return HO_OK;
}

static ho_status read_names(ho_parquet_file *file, const char *path, ho_panel *panel, ho_error *err)
{
    size_t count = panel->values.columns, *offsets = NULL;
    char *bytes = NULL;
    HO_TRY(ho_parquet_read_text(file, STRATEGY_NAME, &bytes, &offsets, err));
    ho_status status = HO_OK;
    if (memchr(bytes, '\0', offsets[count]) != NULL)
        status = ho_table_damaged(path, "a name holds a zero byte", err);
    const char **names = HO_NEW(const char *, count);
    size_t *lengths = HO_NEW(size_t, count);
    if (status == HO_OK && (names == NULL || lengths == NULL))
        status = ho_fail_memory(err, 0, "reading a store");
    if (status == HO_OK) {
        for (size_t j = 0; j < count; j++) {
            names[j] = bytes + offsets[j];
            lengths[j] = offsets[j + 1] - offsets[j];
        }
        status = ho_panel_set_names(panel, names, lengths, err);
    }
    free(names);
    free(lengths);
    free(bytes);
    free(offsets);
    return status;
}

/* The notes as they are hashed: an absent one is "". */
static void collect_notes(const ho_parquet_file *file, const char *notes[NOTE_COUNT])
{
    for (size_t i = 0; i < NOTE_COUNT; i++) {
        const char *note = ho_parquet_note(file, ho_store_notes[i]);
        notes[i] = note != NULL ? note : "";
    }
}

/* strategies.parquet: makes the panel, with names but without values, and the report. */
static ho_status read_head(const char *folder, ho_store_contents *c, ho_panel **panel, ho_load_report *report,
                           ho_error *err)
{
    char *path = NULL;
    ho_parquet_file *file = NULL;
    ho_panel *made = NULL;
    ho_load_report told = {0};
    ho_status status =
        ho_table_open(folder, "strategies.parquet", ho_strategy_columns, STRATEGY_COLUMNS, &path, &file, err);
    const char *notes[NOTE_COUNT] = {0};
    if (status == HO_OK) {
        collect_notes(file, notes);
        status = parse_contents(notes[NOTE_STORE], path, c, err);
    }
    if (status == HO_OK) status = ho_table_check_rows(file, path, c->strategies, err);
    if (status == HO_OK) status = ho_panel_new_bare(c->periods, c->strategies, &made, err);
    if (status == HO_OK) status = read_names(file, path, made, err);
    if (status == HO_OK) status = ho_table_check_hash(file, path, ho_hash_head(made, notes), err);
    if (status == HO_OK) status = ho_load_report_of_note(notes[NOTE_REPORT], path, &told, err);
    if (file != NULL) ho_parquet_close(&file);
    free(path);
    if (status != HO_OK) {
        ho_panel_free(&made);
        return status;
    }
    *panel = made;
    *report = told;
    return HO_OK;
}

static ho_status read_label_lists(const ho_parquet_file *file, const char *path, ho_panel *panel,
                                  ho_error *err)
{
    const char *note = ho_parquet_note(file, HO_NOTE_LABELS);
    json_t *json = note == NULL ? NULL : json_loads(note, JSON_REJECT_DUPLICATES, NULL);
    if (json == NULL) return ho_table_damaged(path, "the note about the labels is damaged", err);
    ho_status status = ho_note_to_strings(json_object_get(json, "zones"), path, &panel->zones, err);
    if (status == HO_OK)
        status = ho_note_to_strings(json_object_get(json, "regimes"), path, &panel->regimes, err);
    json_decref(json);
    return status;
}

/* The label's number in the list, which holds every label of the column. */
static bool find_label(const ho_strings *labels, const char *bytes, size_t length, int32_t *number)
{
    *number = -1;
    if (length == 0) return true;
    for (size_t i = 0; i < labels->count && *number < 0; i++) {
        if (strlen(labels->items[i]) == length && memcmp(labels->items[i], bytes, length) == 0)
            *number = (int32_t)i;
    }
    return *number >= 0;
}

static ho_status read_labels(ho_parquet_file *file, const char *path, size_t column, ho_panel *panel,
                             ho_error *err)
{
    const ho_strings *labels = column == PERIOD_ZONE ? &panel->zones : &panel->regimes;
    char *bytes = NULL;
    size_t *offsets = NULL;
    HO_TRY(ho_parquet_read_text(file, column, &bytes, &offsets, err));
    bool good = true;
    for (size_t t = 0; good && t < panel->values.rows; t++) {
        int32_t number = -1;
        good = find_label(labels, bytes + offsets[t], offsets[t + 1] - offsets[t], &number);
        if (column == PERIOD_ZONE)
            panel->periods[t].zone = number;
        else
            panel->periods[t].regime = number;
    }
    free(bytes);
    free(offsets);
    return good ? HO_OK : ho_table_damaged(path, "a label is not in the list of labels", err);
}

static ho_status read_period_numbers(ho_parquet_file *file, ho_panel *panel, ho_error *err)
{
    size_t rows = panel->values.rows;
    int32_t *whole = HO_NEW(int32_t, 3 * rows);
    double *real = HO_NEW(double, 3 * rows);
    ho_status status = whole == NULL || real == NULL ? ho_fail_memory(err, 0, "reading a store") : HO_OK;
    for (size_t i = 0; status == HO_OK && i < 3; i++)
        status = ho_parquet_read_int32(file, PERIOD_DATE + i, whole + i * rows, err);
    for (size_t i = 0; status == HO_OK && i < 3; i++)
        status = ho_parquet_read_double(file, PERIOD_CONFIDENCE + i, real + i * rows, err);
    for (size_t t = 0; status == HO_OK && t < rows; t++) {
        ho_period *p = &panel->periods[t];
        p->date = whole[t];
        p->start = whole[rows + t];
        p->end = whole[2 * rows + t];
        p->confidence = real[t];
        p->transition = real[rows + t];
        p->capital = real[2 * rows + t];
    }
    free(whole);
    free(real);
    return status;
}

static ho_status read_periods(const char *folder, const ho_store_contents *c, ho_panel *panel, ho_error *err)
{
    char *path = NULL;
    ho_parquet_file *file = NULL;
    ho_status status =
        ho_table_open(folder, "periods.parquet", ho_period_columns, PERIOD_COLUMNS, &path, &file, err);
    if (status == HO_OK) status = ho_table_check_rows(file, path, c->periods, err);
    if (status == HO_OK) status = read_period_numbers(file, panel, err);
    if (status == HO_OK) status = read_label_lists(file, path, panel, err);
    if (status == HO_OK) status = read_labels(file, path, PERIOD_ZONE, panel, err);
    if (status == HO_OK) status = read_labels(file, path, PERIOD_REGIME, panel, err);
    if (status == HO_OK &&
        ho_hash_periods(panel->periods, c->periods, &panel->zones, &panel->regimes) != c->periods_hash)
        status = ho_table_changed(path, err);
    if (file != NULL) ho_parquet_close(&file);
    free(path);
    return status;
}

/* The head becomes the panel of the part: a whole store's gets its values, another is cut. */
static ho_status take_part(const char *folder, const ho_extract *extract, ho_panel **head, ho_part *part,
                           ho_panel **panel, ho_error *err)
{
    ho_panel *made = NULL;
    if (extract == NULL) {
        *part = (ho_part){.count = (*head)->values.rows, .strategy_count = (*head)->values.columns};
        HO_TRY(ho_matrix_new(part->count, part->strategy_count, &(*head)->values, err));
        *panel = *head;
        *head = NULL;
        return HO_OK;
    }
    HO_TRY(ho_extract_find(folder, extract, *head, part, err));
    HO_TRY(ho_panel_cut(*head, part->first, part->count, part->strategies, part->strategy_count, &made, err));
    *panel = made;
    return HO_OK;
}

static ho_status read_once(const char *folder, const ho_extract *extract, int threads, ho_panel **panel,
                           ho_load_report *report, ho_error *err)
{
    ho_store_contents c = {0};
    ho_part part = {0};
    ho_store_part *parts = NULL;
    size_t part_count = 0;
    ho_panel *head = NULL, *made = NULL;
    ho_load_report told = {0};
    ho_status status = read_head(folder, &c, &head, &told, err);
    if (status == HO_OK) status = read_periods(folder, &c, head, err);
    if (status == HO_OK)
        status = ho_store_parts(head->periods, c.periods, c.by_month, &parts, &part_count, err);
    if (status == HO_OK && part_count != c.part_count)
        status = ho_fail(err, HO_ERR_DATA, "%s: the periods need %zu parts, the store has %zu", folder,
                         part_count, c.part_count);
    if (status == HO_OK) status = take_part(folder, extract, &head, &part, &made, err);
    if (status == HO_OK) status = ho_store_read_pnl(folder, &c, parts, &part, threads, made, err);
    if (status == HO_OK && extract != NULL) status = ho_extract_report(extract, made, threads, &told, err);
    free(c.part_hashes);
    free(parts);
    free(part.strategies);
    ho_panel_free(&head);
    if (status != HO_OK) {
        ho_panel_free(&made);
        ho_load_report_clear(&told);
        return status;
    }
    *panel = made;
    *report = told;
    return HO_OK;
}

ho_status ho_store_read_part(const char *folder, const ho_extract *extract, int threads, ho_panel **panel,
                             ho_load_report *report, ho_error *err)
{
    if (ho_arrow_version() == NULL)
        return ho_fail(err, HO_ERR_UNAVAILABLE, "%s: this build has no Arrow/Parquet, so it reads no stores",
                       folder);
    struct stat before = {0}, after = {0};
    ho_status status = HO_OK;
    /* A store that was replaced meanwhile shows as missing files or as hashes that disagree: the new one is read. */
    for (int i = 0; i < TRIES; i++) {
        (void)stat(folder, &before);
        status = read_once(folder, extract, threads, panel, report, err);
        if (status != HO_ERR_DATA || stat(folder, &after) != 0) break;
        if (before.st_ino == after.st_ino && before.st_dev == after.st_dev) break;
    }
    return status;
}

ho_status ho_store_read(const char *folder, int threads, ho_panel **panel, ho_load_report *report,
                        ho_error *err)
{
    return ho_store_read_part(folder, NULL, threads, panel, report, err);
}

static ho_status copy_note(const ho_parquet_file *file, size_t which, char **text, ho_error *err)
{
    const char *note = ho_parquet_note(file, ho_store_notes[which]);
    *text = ho_copy_text(note != NULL ? note : "");
    return *text != NULL ? HO_OK : ho_fail_memory(err, 0, "reading a store");
}

ho_status ho_store_cache_note(const char *folder, char **note, char **version, ho_error *err)
{
    char *path = NULL, *made = NULL, *writer = NULL;
    ho_parquet_file *file = NULL;
    ho_status status =
        ho_table_open(folder, "strategies.parquet", ho_strategy_columns, STRATEGY_COLUMNS, &path, &file, err);
    if (status == HO_OK) status = copy_note(file, NOTE_CACHE, &made, err);
    if (status == HO_OK) status = copy_note(file, NOTE_VERSION, &writer, err);
    if (file != NULL) ho_parquet_close(&file);
    free(path);
    if (status != HO_OK) {
        free(made);
        free(writer);
        return status;
    }
    *note = made;
    *version = writer;
    return HO_OK;
}
