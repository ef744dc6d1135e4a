#include "store/csv.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "store/csv_headerless.h"
#include "store/csv_judge.h"
#include "store/csv_rows.h"
#include "store/csv_tall.h"
#include "store/csv_tall_fast.h"

#include <stdio.h>
#include <string.h>
#include <xxhash.h>

void ho_csv_table_clear(ho_csv_table *t)
{
    ho_csv_text_clear(&t->text);
    ho_csv_frame_clear(&t->frame);
    ho_csv_header_clear(&t->header);
    ho_csv_cells_clear(&t->cells);
    ho_panel_free(&t->panel);
    free(t->open);
    ho_column_facts_clear(&t->facts);
    ho_load_report_clear(&t->report);
}

ho_status ho_csv_check_options(const ho_load_options *options, ho_error *err)
{
    if (options->missing != NULL && strcmp(options->missing, "zero") != 0 &&
        strcmp(options->missing, "error") != 0)
        return ho_fail(err, HO_ERR_USAGE, "missing: %s is neither zero nor error", options->missing);
    return HO_OK;
}

/* A pile hands out the columns that stay, and no others. */
static ho_status choose_columns(ho_csv_table *t, ho_error *err)
{
    t->pile->chosen = HO_NEW(size_t, t->cells.values);
    if (t->pile->chosen == NULL) return ho_fail_memory(err, t->cells.values * sizeof(size_t), t->name);
    for (size_t v = 0; v < t->cells.values; v++) {
        if (t->open[v] != HO_COLUMN_CLOSED) t->pile->chosen[t->pile->chosen_count++] = v;
    }
    t->panel->values.columns = t->pile->chosen_count;
    return HO_OK;
}

/* Moves the columns that stay together, row by row; a panel much narrower than its rows gets new ones. */
static ho_status pack_columns(ho_csv_table *t, ho_error *err)
{
    size_t kept = 0;
    for (size_t v = 0; v < t->cells.values; v++)
        kept += t->open[v] != HO_COLUMN_CLOSED;
    ho_matrix *m = &t->panel->values;
    ho_matrix narrow = {.data = m->data, .rows = m->rows, .columns = kept, .stride = m->stride};
    bool fresh = 2 * kept + 64 < m->stride;
    if (fresh) HO_TRY(ho_matrix_new(m->rows, kept, &narrow, err));
    if (fresh || kept < m->columns) {
#pragma omp parallel for schedule(static) num_threads(t->threads) if (t->threads > 1)
        for (size_t r = 0; r < m->rows; r++) {
            const double *from = ho_matrix_row(m, r);
            double *to = ho_matrix_row(&narrow, r);
            size_t at = 0;
            for (size_t v = 0; v < t->cells.values; v++) {
                if (t->open[v] != HO_COLUMN_CLOSED) to[at++] = from[v];
            }
            memset(to + at, 0, (narrow.stride - at) * sizeof *to);
        }
    }
    if (fresh) ho_matrix_free(m);
    *m = narrow;
    return HO_OK;
}

/* Names of the strategies, and what the report says of the columns that stay. */
static ho_status describe_columns(ho_csv_table *t, ho_error *err)
{
    size_t kept = 0, worst = SIZE_MAX;
    const char **names = HO_NEW(const char *, t->cells.values);
    size_t *lengths = HO_NEW(size_t, t->cells.values);
    uint64_t *hashes = HO_NEW(uint64_t, t->cells.values);
    ho_status status = HO_OK;
    if (names == NULL || lengths == NULL || hashes == NULL) {
        status = ho_fail_memory(err, t->cells.values * sizeof *names, t->name);
        goto out;
    }
    for (size_t v = 0; v < t->cells.values; v++) {
        if (t->open[v] == HO_COLUMN_CLOSED) continue;
        names[kept] = t->header.names[t->cells.column_of[v]];
        lengths[kept] = t->header.lengths[t->cells.column_of[v]];
        hashes[kept++] = t->facts.hash[v];
        t->report.zero_variance += t->facts.least[v] == t->facts.most[v];
        const ho_csv_trouble *x = &t->cells.troubles[v];
        int64_t missing = (int64_t)x->missing + (int64_t)x->nan; /* a NaN is here only as a missing cell */
        t->report.missing_cells += missing;
        if (missing <= t->report.worst_missing) continue;
        t->report.worst_missing = missing;
        worst = v;
    }
    status = ho_panel_set_names(t->panel, names, lengths, err);
    if (status == HO_OK) status = ho_count_repeated(hashes, kept, &t->report.identical, err);
    if (status == HO_OK && worst != SIZE_MAX) {
        t->report.worst_column = ho_copy_text(t->header.names[t->cells.column_of[worst]]);
        if (t->report.worst_column == NULL) status = ho_fail_memory(err, 0, t->name);
    }
out:
    free(names);
    free(lengths);
    free(hashes);
    return status;
}

static ho_status warn_of_columns(ho_csv_table *t, ho_error *err)
{
    static const ho_skip_reason told[] = {HO_SKIP_EMPTY, HO_SKIP_TEXT, HO_SKIP_BAD, HO_SKIP_DERIVED};
    ho_load_report *r = &t->report;
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        int64_t count = r->skipped_count[told[i]];
        if (count == 0) continue;
        HO_TRY(ho_strings_printf(&r->warnings, err, "%lld column%s left out as %s: %s%s", (long long)count,
                                 count == 1 ? "" : "s", ho_skip_reason_name(told[i]),
                                 r->skipped[told[i]].items[0], count == 1 ? "" : " ..."));
    }
    if (r->missing_cells == 0) return HO_OK;
    char worst[HO_CSV_SHOWN];
    return ho_strings_printf(&r->warnings, err,
                             "missing cells taken as 0: %lld, most of them (%lld) in \"%s\"",
                             (long long)r->missing_cells, (long long)r->worst_missing,
                             ho_csv_show(r->worst_column, strlen(r->worst_column), worst));
}

static ho_status describe_source(ho_csv_table *t, uint64_t hash, ho_error *err)
{
    ho_load_report *r = &t->report;
    r->path = ho_copy_text(t->name);
    if (r->path == NULL) return ho_fail_memory(err, strlen(t->name) + 1, t->name);
    memcpy(r->format, "csv", 4);
    snprintf(r->hash, sizeof r->hash, "%016llx", (unsigned long long)hash);
    r->source_bytes = t->text.file_bytes;
    r->source_mtime_ns = t->text.mtime_ns;
    r->blank_lines = (int64_t)t->frame.blank_lines;
    r->rows = (int64_t)t->panel->values.rows;
    r->dates = (int64_t)ho_panel_dates(t->panel);
    r->strategies = (int64_t)t->panel->values.columns;
    r->first_date = t->panel->periods[0].date;
    r->last_date = t->panel->periods[t->panel->values.rows - 1].date;
    return HO_OK;
}

/* The header is read by one thread; another takes the hash of the bytes meanwhile. */
static ho_status read_header(ho_csv_table *t, uint64_t *hash, ho_error *err)
{
    ho_status status = HO_OK;
#pragma omp parallel sections num_threads(2) if (t->threads > 1)
    {
#pragma omp section
        *hash = t->text.unpacked ? t->text.hash : XXH3_64bits(t->text.whole, (size_t)t->text.file_bytes);
#pragma omp section
        status = ho_csv_header_read(t->name, &t->text, &t->frame, &t->header, &t->report, err);
    }
    return status;
}

ho_status ho_csv_table_judge(ho_csv_table *t, uint64_t hash, ho_error *err)
{
    HO_TRY(ho_csv_rows_read(t->name, &t->text, &t->frame, &t->header, &t->cells, t->options->date_format,
                            t->panel, &t->report, err));
    HO_TRY(ho_csv_judge_cells(t, err));
    HO_TRY(ho_csv_rows_arrange(t->name, t->panel, t->pile, &t->report, err));
    HO_TRY(ho_csv_judge_content(t, err));
    HO_TRY(t->pile != NULL ? choose_columns(t, err) : pack_columns(t, err));
    HO_TRY(describe_columns(t, err));
    HO_TRY(describe_source(t, hash, err));
    return warn_of_columns(t, err);
}

static ho_status read_tall(ho_csv_table *t, const ho_tall_columns *tall, uint64_t hash, ho_error *err)
{
    ho_csv_tall x;
    ho_csv_tall_begin(t, tall, &x);
    ho_status status = ho_csv_tall_add(&x, err);
    if (status == HO_OK) status = ho_csv_tall_build(&x, hash, err);
    ho_csv_tall_clear(&x);
    return status;
}

static ho_status read_table(ho_csv_table *t, ho_error *err)
{
    uint64_t hash = 0;
    const char *header = t->options->header_from;
    if (header != NULL && *header != '\0')
        HO_TRY(ho_csv_put_header(t->name, header, t->threads, &t->text, err));
    /* what is a file as it stands was tried by ho_csv_read */
    bool done = false;
    if (t->text.unpacked || t->text.mtime_ns == 0)
        HO_TRY(ho_csv_tall_read_text(t->name, &t->text, t->options, t->threads, &done, &t->panel, &t->report,
                                     err));
    if (done) return HO_OK;
    HO_TRY(ho_csv_frame_find(t->name, &t->text, t->threads, &t->frame, err));
    HO_TRY(read_header(t, &hash, err));
    ho_tall_columns tall;
    if (ho_csv_is_tall(&t->header, &tall)) return read_tall(t, &tall, hash, err);
    HO_TRY(ho_csv_judge_names(t, err));
    HO_TRY(ho_csv_cells_new(t->name, &t->header, &t->frame, &t->cells, err));
    t->cells.nulls = &t->options->nulls;
    HO_TRY(ho_panel_new(t->cells.rows, t->cells.values, &t->panel, err));
    HO_TRY(ho_csv_cells_read(t->name, &t->text, &t->frame, &t->header, t->threads, &t->cells,
                             &t->panel->values, err));
    return ho_csv_table_judge(t, hash, err);
}

/* Takes the text; hands panel and report over on success. */
static ho_status finish(ho_csv_table *t, double start, ho_panel **panel, ho_load_report *report,
                        ho_error *err)
{
    ho_status status = read_table(t, err);
    if (status == HO_OK) {
        t->report.seconds = ho_clock_seconds() - start;
        *panel = t->panel;
        *report = t->report;
        t->panel = NULL;
        t->report = (ho_load_report){0};
    }
    ho_csv_table_clear(t);
    return status;
}

ho_status ho_csv_read(const char *path, const ho_load_options *options, int threads, ho_panel **panel,
                      ho_load_report *report, ho_error *err)
{
    double start = ho_clock_seconds();
    ho_csv_table t = {.name = path, .options = options, .threads = threads < 1 ? 1 : threads};
    HO_TRY(ho_csv_check_options(options, err));
    bool done = false;
    HO_TRY(ho_csv_tall_read_file(path, options, t.threads, &done, panel, report, err));
    if (done) return HO_OK;
    HO_TRY(ho_csv_text_read(path, t.threads, NULL, &t.text, err));
    return finish(&t, start, panel, report, err);
}

ho_status ho_csv_read_memory(const char *name, const char *bytes, size_t size, const ho_load_options *options,
                             int threads, ho_panel **panel, ho_load_report *report, ho_error *err)
{
    double start = ho_clock_seconds();
    ho_csv_table t = {.name = name, .options = options, .threads = threads < 1 ? 1 : threads};
    HO_TRY(ho_csv_check_options(options, err));
    HO_TRY(ho_csv_text_copy(name, bytes, size, t.threads, &t.text, err));
    return finish(&t, start, panel, report, err);
}

ho_status ho_csv_read_packed(const char *name, const char *bytes, size_t size, const ho_csv_origin *origin,
                             const ho_load_options *options, int threads, ho_panel **panel,
                             ho_load_report *report, ho_error *err)
{
    double start = ho_clock_seconds();
    ho_csv_table t = {.name = name, .options = options, .threads = threads < 1 ? 1 : threads};
    HO_TRY(ho_csv_check_options(options, err));
    HO_TRY(ho_csv_text_copy(name, bytes, size, t.threads, &t.text, err));
    t.text.unpacked = true;
    t.text.hash = origin->hash;
    t.text.file_bytes = origin->bytes;
    t.text.mtime_ns = origin->mtime_ns;
    HO_TRY(finish(&t, start, panel, report, err));
    memcpy(report->format, origin->format, strlen(origin->format) + 1);
    return HO_OK;
}
