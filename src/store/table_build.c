#include "store/table_build.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"

#include <stdio.h>
#include <string.h>

void ho_trouble_note(_Atomic uint32_t *count, _Atomic uint32_t *first, size_t row)
{
    atomic_store_explicit(count, atomic_load_explicit(count, memory_order_relaxed) + 1, memory_order_relaxed);
    if (row < atomic_load_explicit(first, memory_order_relaxed))
        atomic_store_explicit(first, (uint32_t)row, memory_order_relaxed);
}

/* The names as the header line that a CSV file would have. */
static ho_status write_header(const ho_table_source *s, ho_csv_table *t, ho_error *err)
{
    size_t bytes = 1;
    for (size_t c = 0; c < s->columns; c++) {
        if (memchr(s->names[c], '\0', s->lengths[c]) != NULL)
            return ho_fail(err, HO_ERR_DATA, "%s: the name of column %zu holds a zero byte", s->path, c + 1);
        bytes += 2 * s->lengths[c] + 3;
    }
    char *line = ho_new_array(bytes, 1), *out = line;
    if (line == NULL) return ho_fail_memory(err, bytes, s->path);
    for (size_t c = 0; c < s->columns; c++) {
        if (c > 0) *out++ = ',';
        *out++ = '"';
        for (size_t i = 0; i < s->lengths[c]; i++) {
            if (s->names[c][i] == '"') *out++ = '"';
            *out++ = s->names[c][i];
        }
        *out++ = '"';
    }
    ho_status status = ho_csv_text_copy(s->path, line, (size_t)(out - line), 1, &t->text, err);
    free(line);
    if (status != HO_OK) return status;
    t->text.header_only = true;
    t->text.file_bytes = s->bytes;
    t->text.mtime_ns = s->mtime_ns;
    t->frame.rows = HO_NEW(ho_csv_span, s->rows + 1);
    if (t->frame.rows == NULL) return ho_fail_memory(err, s->rows * sizeof *t->frame.rows, s->path);
    t->frame.rows[0] = (ho_csv_span){0, t->text.size};
    t->frame.count = s->rows + 1;
    t->frame.delimiter = ',';
    return HO_OK;
}

static ho_status read_texts(const ho_table_source *s, ho_csv_table *t, ho_error *err)
{
    for (size_t kind = 1; kind < HO_COLUMN_META_COUNT; kind++) {
        size_t column = t->header.meta[kind];
        if (column == SIZE_MAX) continue;
        HO_TRY(s->texts(s->user, column, (ho_column_kind)kind, t->cells.meta + t->cells.slots[kind],
                        t->cells.meta_count, err));
    }
    return HO_OK;
}

static ho_status read_values(const ho_table_source *s, ho_csv_table *t, ho_error *err)
{
    t->cells.samples = HO_NEW(char *, t->cells.values *HO_CSV_SAMPLES);
    if (t->cells.samples == NULL) return ho_fail_memory(err, t->cells.values * sizeof(char *), s->path);
    ho_matrix *m = &t->panel->values;
    if (s->matrix != NULL) return s->matrix(s->user, &t->cells, t->threads, m, err);
    ho_status status = HO_OK;
    size_t at_fault = SIZE_MAX; /* the first column with a fault, whatever the order of the threads */
#pragma omp parallel for schedule(dynamic, 64) num_threads(t->threads) if (t->threads > 1)
    for (size_t v = 0; v < t->cells.values; v++) {
        ho_error fault;
        ho_status here =
            s->values(s->user, t->cells.column_of[v], m->data + v, m->stride, &t->cells.troubles[v],
                      &t->cells.samples[v * HO_CSV_SAMPLES + HO_CSV_BAD], &fault);
        if (here == HO_OK) continue;
#pragma omp critical(ho_table_fault)
        if (v < at_fault) {
            at_fault = v;
            status = ho_fail(err, here, "%s", fault.text);
        }
    }
    return status;
}

static ho_status build(const ho_table_source *s, ho_csv_table *t, ho_error *err)
{
    HO_TRY(write_header(s, t, err));
    HO_TRY(ho_csv_header_read(s->path, &t->text, &t->frame, &t->header, &t->report, err));
    HO_TRY(ho_csv_judge_names(t, err));
    HO_TRY(ho_csv_cells_new(s->path, &t->header, &t->frame, &t->cells, err));
    HO_TRY(ho_panel_new(t->cells.rows, t->cells.values, &t->panel, err));
    HO_TRY(read_texts(s, t, err));
    HO_TRY(read_values(s, t, err));
    HO_TRY(ho_csv_table_judge(t, s->hash, err));
    snprintf(t->report.format, sizeof t->report.format, "%s", s->format);
    return HO_OK;
}

ho_status ho_table_build(const ho_table_source *source, const ho_load_options *options, int threads,
                         ho_panel **panel, ho_load_report *report, ho_error *err)
{
    double start = ho_clock_seconds();
    ho_csv_table t = {.name = source->path,
                      .options = options,
                      .threads = threads < 1 ? 1 : threads,
                      .trusted = source->trusted};
    HO_TRY(ho_csv_check_options(options, err));
    ho_status status = build(source, &t, err);
    if (status == HO_OK) {
        t.report.seconds = ho_clock_seconds() - start;
        *panel = t.panel;
        *report = t.report;
        t.panel = NULL;
        t.report = (ho_load_report){0};
    }
    ho_csv_table_clear(&t);
    return status;
}
