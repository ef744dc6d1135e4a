/* Adds rows to a store: read, put together, written anew beside it. */
#include "base/date.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/strings.h"
#include "store/extract.h"
#include "store/parquet.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

typedef enum overlap { SAME, KEEP, REPLACE } overlap;

/* Two panels on their way to one. */
typedef struct merge {
    const ho_panel *old, *add;
    overlap overlap;
    uint32_t *place; /* owned: of each strategy of `add`, its number in the merged panel */
    size_t strategies;
    size_t *from_old, *from_add; /* owned: of each merged row, its row there, SIZE_MAX: none */
    size_t rows;
    ho_panel *out;
    ho_appended done;
} merge;

static void merge_clear(merge *m)
{
    free(m->place);
    free(m->from_old);
    free(m->from_add);
    ho_panel_free(&m->out);
}

static ho_status place_strategies(merge *m, ho_error *err)
{
    size_t count = m->add->values.columns, known = 0;
    ho_name_index index = {0};
    m->place = HO_NEW(uint32_t, count);
    if (m->place == NULL)
        return ho_fail_memory(err, count * sizeof *m->place, "the strategies of both tables");
    HO_TRY(ho_name_index_of(m->old, &index, err));
    m->strategies = m->old->values.columns;
    for (size_t j = 0; j < count; j++) {
        uint32_t found = ho_name_find(&index, m->old, m->add->names[j]);
        known += found != UINT32_MAX;
        m->place[j] = found != UINT32_MAX ? found : (uint32_t)m->strategies++;
    }
    free(index.slots);
    m->done.strategies = (int64_t)(count - known);
    m->done.strategies_gone = (int64_t)(m->old->values.columns - known);
    return HO_OK;
}

static int compare(const ho_panel *a, size_t s, const ho_panel *b, size_t t)
{
    const ho_period *p = &a->periods[s], *q = &b->periods[t];
    if (p->date != q->date) return p->date < q->date ? -1 : 1;
    if (p->start != q->start) return p->start < q->start ? -1 : 1;
    return strcmp(ho_panel_zone(a, p->zone), ho_panel_zone(b, q->zone));
}

/* Both panels have their rows in order. */
static ho_status place_rows(merge *m, ho_error *err)
{
    size_t old_rows = m->old->values.rows, add_rows = m->add->values.rows, s = 0, t = 0;
    m->from_old = HO_NEW(size_t, old_rows + add_rows);
    m->from_add = HO_NEW(size_t, old_rows + add_rows);
    if (m->from_old == NULL || m->from_add == NULL)
        return ho_fail_memory(err, (old_rows + add_rows) * sizeof *m->from_old, "the rows of both tables");
    while (s < old_rows || t < add_rows) {
        int order = s == old_rows ? 1 : t == add_rows ? -1 : compare(m->old, s, m->add, t);
        m->from_old[m->rows] = order <= 0 ? s++ : SIZE_MAX;
        m->from_add[m->rows] = order >= 0 ? t++ : SIZE_MAX;
        m->done.rows += order > 0;
        m->done.rows_met += order == 0;
        m->rows++;
    }
    return HO_OK;
}

static ho_status name_strategies(const merge *m, ho_error *err)
{
    const char **names = HO_NEW(const char *, m->strategies);
    size_t *lengths = HO_NEW(size_t, m->strategies);
    ho_status status = HO_OK;
    if (names == NULL || lengths == NULL) {
        status = ho_fail_memory(err, m->strategies * sizeof *names, "the names of the strategies");
    } else {
        for (size_t j = 0; j < m->old->values.columns; j++)
            names[j] = m->old->names[j];
        for (size_t j = 0; j < m->add->values.columns; j++)
            names[m->place[j]] = m->add->names[j];
        for (size_t j = 0; j < m->strategies; j++)
            lengths[j] = strlen(names[j]);
        status = ho_panel_set_names(m->out, names, lengths, err);
    }
    free(names);
    free(lengths);
    return status;
}

static ho_status copy_period(const ho_panel *from, size_t row, ho_panel *to, size_t out_row, ho_error *err)
{
    ho_period *p = &to->periods[out_row];
    *p = from->periods[row];
    const char *zone = ho_panel_zone(from, p->zone), *regime = ho_panel_regime(from, p->regime);
    HO_TRY(ho_panel_label(&to->zones, zone, strlen(zone), &p->zone, err));
    return ho_panel_label(&to->regimes, regime, strlen(regime), &p->regime, err);
}

static ho_status differs(const merge *m, size_t row, size_t j, double old, double add, ho_error *err)
{
    char day[16];
    return ho_fail(err, HO_ERR_DATA,
                   "%s, strategy \"%s\": %.17g in the store, %.17g in the table; overlap says which to take",
                   ho_date_print(m->add->periods[row].date, day), m->add->names[j], old, add);
}

static ho_status merge_row(merge *m, size_t row, ho_error *err)
{
    size_t s = m->from_old[row], t = m->from_add[row], old_columns = m->old->values.columns;
    double *out = ho_matrix_row(&m->out->values, row);
    memset(out, 0, m->strategies * sizeof *out);
    if (s != SIZE_MAX) memcpy(out, ho_matrix_row(&m->old->values, s), old_columns * sizeof *out);
    bool facts_of_add = s == SIZE_MAX || (t != SIZE_MAX && m->overlap == REPLACE);
    HO_TRY(copy_period(facts_of_add ? m->add : m->old, facts_of_add ? t : s, m->out, row, err));
    if (t == SIZE_MAX) return HO_OK;
    const double *add = ho_matrix_row(&m->add->values, t);
    for (size_t j = 0; j < m->add->values.columns; j++) {
        double *cell = &out[m->place[j]];
        bool met = s != SIZE_MAX && m->place[j] < old_columns;
        if (met && *cell != add[j]) {
            if (m->overlap == SAME) return differs(m, t, j, *cell, add[j], err);
            if (m->overlap == KEEP) continue;
            m->done.cells_replaced++;
        }
        if (!met || m->overlap == REPLACE) *cell = add[j];
    }
    return HO_OK;
}

static ho_status merge_panels(merge *m, ho_error *err)
{
    HO_TRY(place_strategies(m, err));
    HO_TRY(place_rows(m, err));
    HO_TRY(ho_panel_new(m->rows, m->strategies, &m->out, err));
    HO_TRY(name_strategies(m, err));
    for (size_t row = 0; row < m->rows; row++)
        HO_TRY(merge_row(m, row, err));
    return HO_OK;
}

static const char *base_name(const char *path)
{
    const char *slash = path == NULL ? NULL : strrchr(path, '/');
    return path == NULL ? "?" : slash == NULL ? path : slash + 1;
}

static ho_status add_source(const ho_load_report *of, ho_load_report *report, ho_error *err)
{
    char first[16], last[16];
    return ho_strings_printf(&report->sources, err, "%s: %lld rows of %lld strategies, %s to %s, hash %s",
                             base_name(of->path), (long long)of->rows, (long long)of->strategies,
                             ho_date_print(of->first_date, first), ho_date_print(of->last_date, last),
                             of->hash);
}

/* Makes the store's report that of the merged table. */
static ho_status merge_reports(const merge *m, const ho_load_report *add, int threads, ho_load_report *report,
                               ho_error *err)
{
    if (report->sources.count == 0) HO_TRY(add_source(report, report, err));
    if (add->sources.count == 0) HO_TRY(add_source(add, report, err));
    for (size_t i = 0; i < add->sources.count; i++)
        HO_TRY(ho_strings_add(&report->sources, add->sources.items[i], err));
    for (size_t i = 0; i < add->metadata.count; i++) {
        if (!ho_strings_has(&report->metadata, add->metadata.items[i]))
            HO_TRY(ho_strings_add(&report->metadata, add->metadata.items[i], err));
    }
    report->rows_outside = 0;
    report->missing_cells += add->missing_cells;
    report->summed_rows += add->summed_rows;
    report->blank_lines += add->blank_lines;
    report->day_mismatches += add->day_mismatches;
    report->duplicate_names += add->duplicate_names;
    return ho_load_report_recount(m->out, threads, report, err);
}

/* The store's folder, open and locked until it is closed; another append may have put a new one in its place while
 * this one waited. File systems without locks give none. *folder is -1 where there is nothing. */
static ho_status hold(const char *path, int *folder, ho_error *err)
{
    for (;;) {
        struct stat held, named;
        *folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (*folder < 0 && errno == ENOENT) return HO_OK;
        if (*folder < 0)
            return ho_fail(err, HO_ERR_USAGE, "%s: no store to append to: %s", path, strerror(errno));
        while (flock(*folder, LOCK_EX) != 0 && errno == EINTR)
            continue;
        if (fstat(*folder, &held) == 0 && stat(path, &named) == 0 && held.st_ino == named.st_ino &&
            held.st_dev == named.st_dev)
            return HO_OK;
        close(*folder);
    }
}

static ho_status append(const char *folder, const ho_load_report *report, const ho_store_options *options,
                        int threads, merge *m, ho_error *err)
{
    ho_panel *old = NULL;
    ho_load_report told = {0};
    HO_TRY(ho_store_read(folder, threads, &old, &told, err));
    m->old = old;
    ho_error fault;
    ho_status status = merge_panels(m, &fault);
    if (status != HO_OK) status = ho_fail(err, status, "%s: nothing appended: %s", folder, fault.text);
    if (status == HO_OK) status = merge_reports(m, report, threads, &told, err);
    if (status == HO_OK) status = ho_store_write(folder, m->out, &told, options, err);
    ho_panel_free(&old);
    ho_load_report_clear(&told);
    return status;
}

ho_status ho_store_append(const char *folder, const ho_panel *panel, const ho_load_report *report,
                          const char *how, const ho_store_options *options, int threads, ho_appended *done,
                          ho_error *err)
{
    merge m = {.add = panel};
    if (strcmp(how, "same") == 0)
        m.overlap = SAME;
    else if (strcmp(how, "keep") == 0)
        m.overlap = KEEP;
    else if (strcmp(how, "replace") == 0)
        m.overlap = REPLACE;
    else
        return ho_fail(err, HO_ERR_USAGE, "overlap: %s is none of same, keep and replace", how);
    if (ho_path_is_remote(folder))
        return ho_fail(
            err, HO_ERR_USAGE,
            "%s: only a store here can be appended to: two appends there could not wait for each other",
            folder);
    int lock = -1;
    HO_TRY(hold(folder, &lock, err));
    ho_status status = HO_OK;
    if (lock < 0 || !ho_store_looks_like(folder)) {
        status = ho_store_write(folder, panel, report, options, err);
        m.done =
            (ho_appended){.rows = (int64_t)panel->values.rows, .strategies = (int64_t)panel->values.columns};
    } else {
        status = append(folder, report, options, threads, &m, err);
    }
    if (lock >= 0) close(lock);
    if (status == HO_OK) *done = m.done;
    merge_clear(&m);
    return status;
}
