#include "store/csv_plan.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/memory_left.h"
#include "store/csv.h"
#include "store/csv_chunks.h"
#include "store/csv_tall_fast.h"

#include <stdio.h>
#include <string.h>

/* Bytes looked at in one go, and at most; the text that is read at a time where nobody says how many rows. */
enum { PIECE = 1 << 20, FAR = 64 * PIECE, AT_A_TIME = 8 * PIECE, AT_A_TIME_ASIDE = 2 * PIECE };

/* Memory beside the numbers: of a column its name, positions and findings, of a row its moment, its metadata and, where
 * the numbers are in a file, its place; of a store a row group on its way; of a tall table its blocks and names. */
enum {
    A_COLUMN = 200,
    A_ROW = 100,
    A_COLUMN_ASIDE = 400,
    A_ROW_ASIDE = 250,
    A_GROUP = 32 * PIECE,
    A_TALL = 8 * PIECE
};

/* What the beginning of a file says of it. */
typedef struct head {
    size_t header, line; /* bytes of the first line and of the first row, with their ends; 0: not met */
    size_t fields;       /* of the header */
    double bytes;        /* of the text; about, where it is packed */
    double packed;       /* of the file, where it is */
    bool text;
} head;

static void count_delimiters(const char *p, const char *end, size_t counts[3])
{
    static const char delimiters[3] = {',', ';', '\t'};
    for (int d = 0; d < 3; d++) {
        for (const char *at = p; (at = memchr(at, delimiters[d], (size_t)(end - at))) != NULL; at++)
            counts[d]++;
    }
}

static size_t fields_of(const size_t counts[3])
{
    size_t most = counts[0] > counts[1] ? counts[0] : counts[1];
    return 1 + (most > counts[2] ? most : counts[2]);
}

/* A line with fewer bytes than the header has fields is blank or broken, and no row to count by. Quotes are not looked
 * at: a name that holds a delimiter counts twice. */
static void look(ho_csv_stream *stream, char *piece, head *h)
{
    size_t at = 0, start = 0, counts[3] = {0}, got = 0;
    h->text = true;
    for (; at < FAR && h->line == 0; at += got) {
        if (ho_csv_stream_read(stream, piece, PIECE, &got, NULL) != HO_OK || got == 0) break;
        h->text = h->text && memchr(piece, '\0', got) == NULL;
        for (const char *p = piece, *end = piece + got; p != end && h->line == 0;) {
            const char *stop = memchr(p, '\n', (size_t)(end - p)), *past = stop != NULL ? stop + 1 : end;
            if (h->header == 0) count_delimiters(p, past, counts);
            p = past;
            if (stop == NULL) break;
            size_t line = at + (size_t)(past - piece) - start;
            start += line;
            if (h->header == 0) {
                h->header = line;
                h->fields = fields_of(counts);
            } else if (line >= h->fields) {
                h->line = line;
            }
        }
    }
    const double bytes = (double)ho_csv_stream_bytes(stream), done = (double)ho_csv_stream_done(stream);
    h->bytes = bytes;
    h->packed = 0;
    if (!ho_csv_stream_packed(stream) || done == 0) return;
    h->bytes = bytes * (double)at / done;
    h->packed = bytes;
}

static head look_at(const char *path)
{
    head h = {.text = false};
    ho_csv_stream *stream = NULL;
    char *piece = ho_new_array(PIECE, 1);
    if (piece != NULL && ho_csv_stream_open(path, &stream, NULL) == HO_OK) look(stream, piece, &h);
    ho_csv_stream_close(&stream);
    free(piece);
    return h;
}

/* Rows that are about so much text, and no more than are wished for, 0: any number. */
static size_t chunk_rows(const head *h, double wished, double text)
{
    double rows = text / (double)h->line;
    if (wished > 0 && wished < rows) rows = wished;
    return rows < 1 ? 1 : (size_t)rows;
}

/* Memory for so many rows on their way: their text and the next of it, their numbers as read and as written. */
static double of_chunk(const head *h, size_t chunk, double rows)
{
    const double there = (double)chunk < rows ? (double)chunk : rows;
    return there * (2 * (double)h->line + 16 * (double)h->fields) + 2 * PIECE;
}

static ho_status ask(const char *what, double bytes, double limit, ho_error *err)
{
    return ho_memory_ask(what, bytes < 9e18 ? (int64_t)bytes : INT64_MAX, limit, err);
}

ho_status ho_csv_plan_of(const char *path, const ho_load_options *options, bool may_aside, ho_csv_plan *plan,
                         ho_error *err)
{
    const head h = look_at(path);
    *plan = (ho_csv_plan){0};
    if (!h.text || h.line == 0) return HO_OK;
    const double line = (double)h.line, fields = (double)h.fields, limit = options->memory_limit;
    double rows = (h.bytes - (double)h.header) / line + 0.5;
    rows = rows < 1 ? 1 : (double)(int64_t)rows;
    const double wished = (double)options->chunk_size,
                 panel = rows * (8 * fields + A_ROW) + A_COLUMN * fields;
    const double whole = h.packed > 0 ? panel + h.packed + 2 * h.bytes : panel + h.bytes;
    char what[700];
    snprintf(what, sizeof what, "%.600s: reading about %zu columns x %.0f rows", path, h.fields, rows);
    if ((wished == 0 || wished >= rows) && ask(what, whole, limit, err) == HO_OK) return HO_OK;
    plan->rows = chunk_rows(&h, wished, AT_A_TIME);
    if (h.packed == 0 && ho_csv_tall_knows(path)) /* cells and matrix alone are kept, however it is read */
        return ask(what, rows * HO_CSV_TALL_A_ROW + A_TALL, limit, err);
    if (wished > 0 && ask(what, panel + of_chunk(&h, (size_t)wished, rows), limit, NULL) == HO_OK)
        plan->rows = (size_t)wished;
    const double in_memory = panel + of_chunk(&h, plan->rows, rows);
    ho_status status = ask(what, in_memory, limit, err);
    if (status == HO_OK || !may_aside) return status;
    const size_t few = chunk_rows(&h, wished, AT_A_TIME_ASIDE);
    const double aside = rows * A_ROW_ASIDE + A_COLUMN_ASIDE * fields + of_chunk(&h, few, rows) + A_GROUP;
    if (aside >= in_memory) return status;
    *plan = (ho_csv_plan){.rows = few, .aside = true};
    return ask(what, aside, limit, err);
}

ho_status ho_csv_read_planned(const char *path, const ho_load_options *options, int threads, ho_panel **panel,
                              ho_load_report *report, ho_error *err)
{
    ho_csv_plan plan;
    ho_csv_stream *stream = NULL;
    HO_TRY(ho_csv_plan_of(path, options, false, &plan, err));
    if (plan.rows == 0) return ho_csv_read(path, options, threads, panel, report, err);
    bool done = false; /* plain tall files are never whole in memory */
    HO_TRY(ho_csv_tall_read_file(path, options, threads, &done, panel, report, err));
    if (done) return HO_OK;
    HO_TRY(ho_csv_stream_open(path, &stream, err));
    return ho_csv_read_chunks(path, stream, plan.rows, options, threads, panel, report, err);
}
