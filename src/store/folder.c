#include "store/folder.h"

#include "base/date.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/strings.h"
#include "panel/panel.h"
#include "store/csv_plan.h"
#include "store/extract.h"
#include "store/load_report.h"
#include "store/packed.h"
#include "store/pivot.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

/* One file of the folder. */
typedef struct part {
    char *path;   /* owned */
    char *prefix; /* owned: before its names, or "" */
    ho_panel *panel;
    ho_load_report report;
    size_t first; /* column of the whole */
    size_t *rows; /* owned: where each of its rows stands in the whole */
} part;

typedef struct whole {
    const char *path;
    part *parts; /* owned */
    size_t count, columns;
    ho_panel *panel;
    ho_load_report report;
} whole;

static bool ends_in(const char *name, const char *ending)
{
    size_t length = strlen(name), size = strlen(ending);
    return name[0] != '.' && name[0] != '~' && length > size && strcasecmp(name + length - size, ending) == 0;
}

static ho_status list(const char *folder, const char *ending, ho_strings *paths, ho_error *err)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, NULL, alphasort);
    if (count < 0) return ho_fail(err, HO_ERR_DATA, "%s: %s", folder, strerror(errno));
    ho_status status = HO_OK;
    for (int i = 0; i < count; i++) {
        struct stat facts;
        char *path = status == HO_OK && ends_in(entries[i]->d_name, ending)
                         ? ho_path_join(folder, entries[i]->d_name)
                         : NULL;
        if (path != NULL && stat(path, &facts) == 0 && S_ISREG(facts.st_mode))
            status = ho_strings_add(paths, path, err);
        free(path);
        free(entries[i]);
    }
    free(entries);
    return status;
}

bool ho_folder_knows(const char *path)
{
    ho_strings paths = {0};
    bool known = list(path, ".csv", &paths, NULL) == HO_OK && list(path, ".xlsx", &paths, NULL) == HO_OK &&
                 paths.count > 0;
    ho_strings_clear(&paths);
    return known;
}

static void clear(whole *w)
{
    for (size_t i = 0; i < w->count; i++) {
        ho_panel_free(&w->parts[i].panel);
        ho_load_report_clear(&w->parts[i].report);
        free(w->parts[i].path);
        free(w->parts[i].prefix);
        free(w->parts[i].rows);
    }
    free(w->parts);
    ho_panel_free(&w->panel);
    ho_load_report_clear(&w->report);
}

/* "a.b" of "folder/a.b.csv", and '_' behind it. */
static char *prefix_of(const char *path)
{
    const char *base = strrchr(path, '/') + 1, *dot = strrchr(base, '.');
    char *prefix = ho_copy_bytes(base, (size_t)(dot - base) + 1);
    if (prefix != NULL) prefix[dot - base] = '_';
    return prefix;
}

static ho_status read_part(whole *w, const char *path, bool prefixed, const ho_load_options *options,
                           int threads, ho_error *err)
{
    part *p = &w->parts[w->count];
    p->path = ho_copy_text(path);
    p->prefix = prefixed ? prefix_of(path) : ho_copy_text("");
    w->count++;
    if (p->path == NULL || p->prefix == NULL) return ho_fail_memory(err, strlen(path), path);
    if (ho_packed_knows(path)) {
        HO_TRY(ho_packed_read(path, options, threads, &p->panel, &p->report, err));
    } else {
        HO_TRY(ho_csv_read_planned(path, options, threads, &p->panel, &p->report, err));
    }
    p->first = w->columns;
    w->columns += p->panel->values.columns;
    return HO_OK;
}

/* A row of a file on its way to its place. */
typedef struct row {
    const part *part;
    size_t row;
} row;

static int compare(const row *a, const row *b)
{
    const ho_period *p = &a->part->panel->periods[a->row], *q = &b->part->panel->periods[b->row];
    if (p->date != q->date) return p->date < q->date ? -1 : 1;
    if (p->start != q->start) return p->start < q->start ? -1 : 1;
    return strcmp(ho_panel_zone(a->part->panel, p->zone), ho_panel_zone(b->part->panel, q->zone));
}

/* Files in their order, where rows agree: the first says what the row is. */
static int by_row(const void *x, const void *y)
{
    const row *a = x, *b = y;
    int order = compare(a, b);
    return order != 0 ? order : (a->part > b->part) - (a->part < b->part);
}

static ho_status copy_period(const row *from, ho_panel *to, size_t at, ho_error *err)
{
    const ho_panel *panel = from->part->panel;
    ho_period *p = &to->periods[at];
    *p = panel->periods[from->row];
    const char *zone = ho_panel_zone(panel, p->zone), *regime = ho_panel_regime(panel, p->regime);
    HO_TRY(ho_panel_label(&to->zones, zone, strlen(zone), &p->zone, err));
    return ho_panel_label(&to->regimes, regime, strlen(regime), &p->regime, err);
}

/* Fills every part's `rows` and makes the panel, with its periods. */
static ho_status place_rows(whole *w, row *rows, size_t count, ho_error *err)
{
    size_t kept = 0;
    qsort(rows, count, sizeof *rows, by_row);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && compare(&rows[i - 1], &rows[i]) != 0) kept++;
        rows[i].part->rows[rows[i].row] = kept;
    }
    HO_TRY(ho_panel_new(kept + 1, w->columns, &w->panel, err));
    for (size_t i = 0, last = SIZE_MAX; i < count; i++) {
        size_t at = rows[i].part->rows[rows[i].row];
        if (at != last) HO_TRY(copy_period(&rows[i], w->panel, at, err));
        last = at;
    }
    return HO_OK;
}

static ho_status merge_rows(whole *w, ho_error *err)
{
    size_t count = 0, at = 0;
    for (size_t i = 0; i < w->count; i++)
        count += w->parts[i].panel->values.rows;
    row *rows = HO_NEW(row, count);
    if (rows == NULL) return ho_fail_memory(err, count * sizeof *rows, w->path);
    ho_status status = HO_OK;
    for (size_t i = 0; i < w->count && status == HO_OK; i++) {
        part *p = &w->parts[i];
        p->rows = HO_NEW(size_t, p->panel->values.rows);
        if (p->rows == NULL) status = ho_fail_memory(err, p->panel->values.rows * sizeof *p->rows, w->path);
        for (size_t r = 0; r < p->panel->values.rows; r++)
            rows[at++] = (row){p, r};
    }
    if (status == HO_OK) status = place_rows(w, rows, count, err);
    free(rows);
    return status;
}

static void merge_values(whole *w)
{
    ho_matrix *m = &w->panel->values;
    for (size_t r = 0; r < m->rows; r++)
        memset(ho_matrix_row(m, r), 0, m->columns * sizeof(double));
    for (size_t i = 0; i < w->count; i++) {
        const part *p = &w->parts[i];
        for (size_t r = 0; r < p->panel->values.rows; r++)
            memcpy(ho_matrix_row(m, p->rows[r]) + p->first, ho_matrix_row(&p->panel->values, r),
                   p->panel->values.columns * sizeof(double));
    }
}

static ho_status add_name(const whole *w, const part *p, const char *name, ho_texts *names, ho_error *err)
{
    size_t length = strlen(p->prefix) + strlen(name), before = names->count;
    uint32_t number;
    char *text = HO_NEW(char, length + 1);
    if (text == NULL) return ho_fail_memory(err, length, w->path);
    snprintf(text, length + 1, "%s%s", p->prefix, name);
    ho_status status = ho_texts_add(names, text, length, &number, err);
    free(text);
    if (status != HO_OK || names->count > before) return status;
    return ho_fail(err, HO_ERR_DATA,
                   "%s: more than one file has a strategy \"%.100s\"; --prefix always tells them apart",
                   w->path, name);
}

static ho_status merge_names(whole *w, ho_error *err)
{
    ho_texts texts = {0};
    ho_status status = HO_OK;
    for (size_t i = 0; i < w->count; i++) {
        for (size_t j = 0; status == HO_OK && j < w->parts[i].panel->values.columns; j++)
            status = add_name(w, &w->parts[i], w->parts[i].panel->names[j], &texts, err);
    }
    const char **names = HO_NEW(const char *, w->columns);
    size_t *lengths = HO_NEW(size_t, w->columns);
    if (status == HO_OK && (names == NULL || lengths == NULL))
        status = ho_fail_memory(err, w->columns, w->path);
    for (size_t j = 0; status == HO_OK && j < w->columns; j++)
        names[j] = ho_texts_at(&texts, j, &lengths[j]);
    if (status == HO_OK) status = ho_panel_set_names(w->panel, names, lengths, err);
    free(names);
    free(lengths);
    ho_texts_clear(&texts);
    return status;
}

static ho_status add_texts(ho_strings *to, const char *base, const ho_strings *from, size_t most,
                           ho_error *err)
{
    for (size_t i = 0; i < from->count && to->count < most; i++)
        HO_TRY(ho_strings_printf(to, err, "%s: %s", base, from->items[i]));
    return HO_OK;
}

static ho_status add_report(whole *w, const part *p, XXH3_state_t *hash, ho_error *err)
{
    ho_load_report *all = &w->report;
    const ho_load_report *r = &p->report;
    const char *base = strrchr(p->path, '/') + 1;
    char first[16], last[16];
    HO_TRY(ho_strings_printf(&all->sources, err, "%s: %lld rows of %lld strategies, %s to %s, hash %s", base,
                             (long long)r->rows, (long long)r->strategies,
                             ho_date_print(r->first_date, first), ho_date_print(r->last_date, last),
                             r->hash));
    HO_TRY(add_texts(&all->warnings, base, &r->warnings, SIZE_MAX, err));
    for (int i = 0; i < HO_SKIP_COUNT; i++) {
        HO_TRY(add_texts(&all->skipped[i], base, &r->skipped[i], HO_LOAD_NAMED, err));
        all->skipped_count[i] += r->skipped_count[i];
    }
    for (size_t i = 0; i < r->metadata.count; i++) {
        if (!ho_strings_has(&all->metadata, r->metadata.items[i]))
            HO_TRY(ho_strings_add(&all->metadata, r->metadata.items[i], err));
    }
    XXH3_64bits_update(hash, base, strlen(base) + 1);
    XXH3_64bits_update(hash, r->hash, sizeof r->hash);
    all->source_bytes += r->source_bytes;
    if (r->source_mtime_ns > all->source_mtime_ns) all->source_mtime_ns = r->source_mtime_ns;
    all->missing_cells += r->missing_cells;
    all->duplicate_names += r->duplicate_names;
    all->summed_rows += r->summed_rows;
    all->blank_lines += r->blank_lines;
    all->day_mismatches += r->day_mismatches;
    all->seconds += r->seconds;
    if (r->worst_missing <= all->worst_missing) return HO_OK;
    free(all->worst_column);
    all->worst_column = ho_copy_text(r->worst_column);
    all->worst_missing = r->worst_missing;
    return all->worst_column != NULL ? HO_OK : ho_fail_memory(err, 0, w->path);
}

static ho_status merge_reports(whole *w, int threads, ho_error *err)
{
    XXH3_state_t hash;
    XXH3_64bits_reset(&hash);
    ho_load_report *all = &w->report;
    for (size_t i = 0; i < w->count; i++)
        HO_TRY(add_report(w, &w->parts[i], &hash, err));
    all->path = ho_copy_text(w->path);
    if (all->path == NULL) return ho_fail_memory(err, strlen(w->path), w->path);
    memcpy(all->format, "folder", sizeof "folder");
    memcpy(all->date_format, w->parts[0].report.date_format, sizeof all->date_format);
    snprintf(all->hash, sizeof all->hash, "%016llx", (unsigned long long)XXH3_64bits_digest(&hash));
    return ho_load_report_recount(w->panel, threads, all, err);
}

static ho_status read_all(whole *w, const ho_load_options *options, int threads, ho_error *err)
{
    ho_strings paths = {0};
    ho_status status = list(w->path, ".csv", &paths, err);
    if (status == HO_OK) status = list(w->path, ".xlsx", &paths, err);
    if (status == HO_OK && (w->parts = HO_NEW(part, paths.count)) == NULL)
        status = ho_fail_memory(err, 0, w->path);
    const char *when = options->prefix != NULL ? options->prefix : "auto";
    bool prefixed = strcmp(when, "always") == 0 || (strcmp(when, "auto") == 0 && paths.count > 1);
    for (size_t i = 0; status == HO_OK && i < paths.count; i++)
        status = read_part(w, paths.items[i], prefixed, options, threads, err);
    ho_strings_clear(&paths);
    if (status != HO_OK) return status;
    HO_TRY(merge_rows(w, err));
    merge_values(w);
    HO_TRY(merge_names(w, err));
    return merge_reports(w, threads, err);
}

ho_status ho_folder_read(const char *path, const ho_load_options *options, int threads, ho_panel **panel,
                         ho_load_report *report, ho_error *err)
{
    whole w = {.path = path};
    ho_status status = read_all(&w, options, threads, err);
    if (status == HO_OK) {
        *panel = w.panel;
        *report = w.report;
        w.panel = NULL;
        w.report = (ho_load_report){0};
    }
    clear(&w);
    return status;
}
