#include "store/csv_chunks.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "store/csv_blocks.h"
#include "store/csv_judge.h"
#include "store/csv_sample.h"
#include "store/csv_tall.h"

#include <string.h>

enum { WORTH_A_THREAD = 1 << 20 /* bytes of text: waking one for less costs more than it does */ };

/* A table on its way. */
typedef struct chunks {
    ho_csv_table t;
    ho_csv_blocks blocks;
    ho_matrix numbers; /* owned: of all rows; of a block's where there is a pile */
    ho_row_pile pile;
    const char *folder; /* of the pile; NULL: there is none */
    size_t each, rows;  /* data rows of a block, and so far */
    bool begun, is_tall;
    ho_csv_tall tall;
    ho_csv_field *block_meta; /* owned: the metadata cells of one block */
    size_t *lines;            /* owned: of each row */
    ho_csv_field *meta;       /* owned: those of all rows */
    size_t room;              /* rows that the two arrays have place for */
    char **texts;             /* owned: what the cells of `meta` point to, a block each */
    size_t text_count;
} chunks;

static void clear(chunks *c)
{
    /* what is the block's own is only borrowed by the table */
    c->t.text = (ho_csv_text){0};
    c->t.frame = (ho_csv_frame){0};
    c->t.cells.meta = NULL;
    ho_csv_table_clear(&c->t);
    ho_csv_blocks_clear(&c->blocks);
    ho_matrix_free(&c->numbers);
    ho_row_pile_clear(&c->pile);
    if (c->is_tall) ho_csv_tall_clear(&c->tall);
    free(c->block_meta);
    free(c->lines);
    free(c->meta);
    for (size_t i = 0; i < c->text_count; i++)
        free(c->texts[i]);
    free(c->texts);
}

/* The header, and what follows from it. */
static ho_status begin(chunks *c, ho_error *err)
{
    ho_csv_table *t = &c->t;
    ho_tall_columns columns;
    HO_TRY(ho_csv_header_read(t->name, &t->text, &t->frame, &t->header, &t->report, err));
    c->begun = true;
    c->is_tall = ho_csv_is_tall(&t->header, &columns);
    if (c->is_tall) {
        ho_csv_tall_begin(t, &columns, &c->tall);
        return HO_OK;
    }
    HO_TRY(ho_csv_judge_names(t, err));
    HO_TRY(ho_csv_cells_new(t->name, &t->header, &t->frame, &t->cells, err));
    c->block_meta = t->cells.meta;
    t->cells.nulls = &t->options->nulls;
    t->cells.samples = HO_NEW(char *, t->cells.values *HO_CSV_SAMPLES);
    if (t->cells.samples == NULL) return ho_fail_memory(err, t->cells.values * sizeof(char *), t->name);
    return c->folder == NULL ? HO_OK : ho_row_pile_begin(t->cells.values, c->each, c->folder, &c->pile, err);
}

static ho_status make_room(chunks *c, size_t more, ho_error *err)
{
    const size_t wide = c->t.cells.meta_count;
    if (c->rows + more <= c->room) return HO_OK;
    size_t room = c->room + c->room / 2 + more;
    size_t *lines = ho_grow_array(c->lines, room, sizeof *lines);
    if (lines == NULL) return ho_fail_memory(err, room * sizeof *lines, c->t.name);
    c->lines = lines;
    ho_csv_field *meta = ho_grow_array(c->meta, room, wide * sizeof *meta);
    if (meta == NULL) return ho_fail_memory(err, room * wide * sizeof *meta, c->t.name);
    c->meta = meta;
    c->room = room;
    return HO_OK;
}

/* The text of a block goes; what its metadata cells hold stays. */
static ho_status keep_meta(chunks *c, size_t rows, ho_error *err)
{
    const size_t cells = rows * c->t.cells.meta_count;
    size_t bytes = 0;
    for (size_t i = 0; i < cells; i++)
        bytes += c->block_meta[i].length;
    char *text = ho_new_array(bytes, 1), **texts = ho_grow_array(c->texts, c->text_count + 1, sizeof *texts);
    if (texts != NULL) c->texts = texts;
    if (text == NULL || texts == NULL) {
        free(text);
        return ho_fail_memory(err, bytes, c->t.name);
    }
    c->texts[c->text_count++] = text;
    ho_csv_field *to = c->meta + c->rows * c->t.cells.meta_count;
    for (size_t i = 0; i < cells; i++) {
        to[i] = c->block_meta[i];
        to[i].text = text;
        memcpy(text, c->block_meta[i].text, to[i].length);
        text += to[i].length;
    }
    return HO_OK;
}

static void keep_lines(chunks *c, size_t rows)
{
    const ho_csv_text *text = &c->t.text;
    const ho_csv_span *span = c->t.frame.rows + 1;
    size_t at = 0, line = text->lines_before + 1 - text->added_lines;
    for (size_t r = 0; r < rows; r++) {
        line += ho_csv_count_lines(text->data + at, text->data + span[r].begin);
        at = span[r].begin;
        c->lines[c->rows + r] = line;
    }
}

/* Rows that the file seems to have, by those that came and what they took of it: a little more than needed costs nothing,
 * since memory that is not written to is not there. */
static size_t rows_to_come(const chunks *c, size_t rows)
{
    const double done = (double)ho_csv_stream_done(c->blocks.stream),
                 waiting = (double)(c->blocks.filled - c->blocks.begin) / (double)(c->t.text.size + 1);
    const double seen = (double)(c->rows + rows) + (double)rows * (waiting - 1);
    const double all = seen * (double)ho_csv_stream_bytes(c->blocks.stream) / (done > 0 ? done : 1);
    const double most = (double)(UINT32_MAX - 1), guess = 1.02 * all + 16;
    const size_t least = c->rows + rows;
    return guess > most ? (size_t)most : guess < (double)least ? least + least / 2 : (size_t)guess;
}

/* A place for the numbers of `rows` more rows. */
static ho_status place_of(chunks *c, size_t rows, ho_matrix *place, ho_error *err)
{
    const size_t before = c->folder != NULL ? 0 : c->rows;
    if (before + rows > c->numbers.rows) {
        ho_matrix grown;
        size_t wanted = c->folder != NULL || c->blocks.ended ? before + rows : rows_to_come(c, rows);
        HO_TRY(ho_matrix_new(wanted, c->t.cells.values, &grown, err));
        if (before > 0) memcpy(grown.data, c->numbers.data, before * grown.stride * sizeof(double));
        ho_matrix_free(&c->numbers);
        c->numbers = grown;
    }
    *place = c->numbers;
    place->data = ho_matrix_row(&c->numbers, before);
    place->rows = rows;
    return HO_OK;
}

static ho_status read_cells(chunks *c, ho_error *err)
{
    ho_csv_table *t = &c->t;
    const size_t rows = t->frame.count - 1;
    ho_matrix block;
    if (rows == 0) return HO_OK;
    if (c->rows + rows >= UINT32_MAX)
        return ho_fail(err, HO_ERR_DATA, "%s: %zu rows and more are too many", t->name, c->rows + rows);
    HO_TRY(make_room(c, rows, err));
    HO_TRY(place_of(c, rows, &block, err));
    t->cells.meta = c->block_meta;
    t->cells.rows = rows;
    t->cells.before = c->rows;
    const int threads = t->text.size < WORTH_A_THREAD ? 1 : t->threads;
    ho_status status =
        ho_csv_cells_read(t->name, &t->text, &t->frame, &t->header, threads, &t->cells, &block, err);
    if (status == HO_OK) status = ho_csv_keep_samples(t, err);
    if (status == HO_OK) status = keep_meta(c, rows, err);
    if (status == HO_OK && c->folder != NULL) status = ho_row_pile_add(&c->pile, &block, err);
    if (status != HO_OK) return status;
    keep_lines(c, rows);
    c->rows += rows;
    return HO_OK;
}

static ho_status read_block(chunks *c, ho_error *err)
{
    if (!c->begun) HO_TRY(begin(c, err));
    return c->is_tall ? ho_csv_tall_add(&c->tall, err) : read_cells(c, err);
}

/* All blocks. A fault of a row or of the header waits for the end: a whole text is refused for its bytes first. Only
 * what has to do with this machine, and not with the text, ends it at once. */
static ho_status read_blocks(chunks *c, ho_error *err)
{
    ho_status late = HO_OK;
    ho_error fault;
    for (bool any = false;; any = true) {
        HO_TRY(ho_csv_blocks_next(&c->blocks, c->each, &c->t.text, &c->t.frame, err));
        if (late == HO_OK && c->blocks.late != HO_OK) {
            late = c->blocks.late;
            fault = c->blocks.fault;
        }
        if (!any && c->t.frame.count == 0 && late == HO_OK)
            return ho_fail(err, HO_ERR_DATA, "%s: the file holds blank lines only", c->t.name);
        if (c->t.frame.count == 0) break;
        if (late == HO_OK) late = read_block(c, &fault);
        if (late == HO_ERR_MEMORY || late == HO_ERR_IO) break;
    }
    return late == HO_OK ? HO_OK : ho_fail(err, late, "%s", fault.text);
}

/* Cells and lines of all rows take the place of the last block's. */
static ho_status judge(chunks *c, ho_error *err)
{
    ho_csv_table *t = &c->t;
    const uint64_t hash = ho_csv_stream_hash(c->blocks.stream);
    t->text = (ho_csv_text){.file_bytes = ho_csv_stream_bytes(c->blocks.stream),
                            .mtime_ns = ho_csv_stream_mtime_ns(c->blocks.stream)};
    t->frame = (ho_csv_frame){.count = c->rows + 1, .blank_lines = c->blocks.blank_lines, .lines = c->lines};
    if (c->is_tall) return ho_csv_tall_build(&c->tall, hash, err);
    t->cells.meta = c->meta;
    t->cells.rows = c->rows;
    t->cells.before = 0;
    HO_TRY(ho_panel_new_bare(c->rows, t->cells.values, &t->panel, err));
    if (c->folder != NULL) {
        t->pile = &c->pile;
    } else {
        t->panel->values = c->numbers;
        t->panel->values.rows = c->rows;
        c->numbers = (ho_matrix){0};
    }
    return ho_csv_table_judge(t, hash, err);
}

static ho_status read_all(const char *name, ho_csv_stream *stream, size_t rows, const char *folder,
                          const ho_load_options *options, int threads, ho_panel **panel, ho_row_pile *pile,
                          ho_load_report *report, ho_error *err)
{
    double start = ho_clock_seconds();
    chunks c = {.t = {.name = name, .options = options, .threads = threads < 1 ? 1 : threads},
                .folder = folder,
                .each = rows > 0 ? rows : 1};
    ho_csv_blocks_begin(name, options->header_from, stream, &c.blocks);
    ho_status status = ho_csv_check_options(options, err);
    if (status == HO_OK) status = read_blocks(&c, err);
    if (status == HO_OK) status = judge(&c, err);
    if (status == HO_OK) {
        c.t.report.seconds = ho_clock_seconds() - start;
        *panel = c.t.panel;
        *report = c.t.report;
        c.t.panel = NULL;
        c.t.report = (ho_load_report){0};
    }
    if (status == HO_OK && pile != NULL) {
        *pile = c.pile;
        c.pile = (ho_row_pile){0};
    }
    clear(&c);
    return status;
}

ho_status ho_csv_read_chunks(const char *name, ho_csv_stream *stream, size_t rows,
                             const ho_load_options *options, int threads, ho_panel **panel,
                             ho_load_report *report, ho_error *err)
{
    return read_all(name, stream, rows, NULL, options, threads, panel, NULL, report, err);
}

ho_status ho_csv_read_aside(const char *name, ho_csv_stream *stream, size_t rows, const char *folder,
                            const ho_load_options *options, int threads, ho_panel **panel, ho_row_pile *pile,
                            ho_load_report *report, ho_error *err)
{
    return read_all(name, stream, rows, folder, options, threads, panel, pile, report, err);
}
