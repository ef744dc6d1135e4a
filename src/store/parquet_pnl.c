#include "store/parquet_pnl.h"

#include "base/error.h"
#include "base/memory.h"
#include "store/parquet_table.h"

#include <string.h>

/* A row group of the pnl table. */
typedef struct piece {
    size_t file, group, first, count; /* first: its first period in the store */
} piece;

/* Everything about the table while it is read. */
typedef struct pnl {
    const ho_store_part *parts; /* of the store */
    const ho_part *part;
    size_t strategies; /* of the store */
    ho_panel *panel;
    ho_parquet_file **files; /* NULL: not wanted */
    char **paths;
    size_t file_count;
    piece *pieces;
    size_t piece_count;
    uint64_t *row_hashes; /* a period of the store each */
} pnl;

static void pnl_clear(pnl *p)
{
    for (size_t i = 0; i < p->file_count; i++) {
        if (p->files != NULL && p->files[i] != NULL) ho_parquet_close(&p->files[i]);
        if (p->paths != NULL) free(p->paths[i]);
    }
    free(p->files);
    free(p->paths);
    free(p->pieces);
    free(p->row_hashes);
}

static bool wanted(const ho_part *part, size_t first, size_t count)
{
    return first < part->first + part->count && part->first < first + count;
}

/* The note with the hashes of a part's rows, 16 digits each. They are trusted no further than the part's own hash,
 * which is taken of them. */
static bool read_row_hashes(const ho_parquet_file *file, size_t count, uint64_t *hashes)
{
    const char *note = ho_parquet_note(file, HO_NOTE_ROWS);
    if (note == NULL || strlen(note) != 16 * count || strspn(note, "0123456789abcdef") != 16 * count)
        return false;
    for (size_t i = 0; i < count; i++) {
        char digits[HO_HEX_SIZE] = {0};
        memcpy(digits, note + 16 * i, 16);
        hashes[i] = strtoull(digits, NULL, 16);
    }
    return true;
}

/* Opens one part and adds its row groups to the pieces: all, or those that hold something wanted. */
static ho_status add_part(pnl *p, const char *folder, size_t i, ho_error *err)
{
    const ho_store_part *of = &p->parts[i];
    if (!wanted(p->part, of->first, of->count)) return HO_OK;
    HO_TRY(ho_table_open(folder, of->path, ho_pnl_columns, PNL_COLUMNS, &p->paths[i], &p->files[i], err));
    const ho_parquet_file *file = p->files[i];
    HO_TRY(ho_table_check_rows(file, p->paths[i], of->count * p->strategies, err));
    size_t groups = ho_parquet_groups(file), first = of->first;
    bool skip = read_row_hashes(file, of->count, p->row_hashes + of->first);
    piece *grown = ho_grow_array(p->pieces, p->piece_count + groups, sizeof *grown);
    if (grown == NULL) return ho_fail_memory(err, 0, "reading a store");
    p->pieces = grown;
    for (size_t g = 0; g < groups; g++) {
        size_t rows = ho_parquet_group_rows(file, g), count = rows / p->strategies;
        if (rows % p->strategies != 0)
            return ho_table_damaged(p->paths[i], "a row group does not hold whole periods", err);
        if (!skip || wanted(p->part, first, count)) p->pieces[p->piece_count++] = (piece){i, g, first, count};
        first += count;
    }
    return HO_OK;
}

static ho_status read_values(const pnl *p, const piece *at, size_t stride, double *out, ho_error *err)
{
    HO_TRY(ho_parquet_read_matrix(p->files[at->file], PNL_VALUE, at->group, at->count, p->strategies, stride,
                                  out, err));
    for (size_t t = 0; t < at->count; t++)
        p->row_hashes[at->first + t] = ho_hash_row(out + t * stride, p->strategies);
    return HO_OK;
}

/* Takes what is wanted out of a row group that was read beside the panel. */
static void pick(const pnl *p, const piece *at, const double *values)
{
    const ho_part *part = p->part;
    for (size_t t = at->first; t < at->first + at->count; t++) {
        if (!wanted(part, t, 1)) continue;
        const double *from = values + (t - at->first) * p->strategies;
        double *to = ho_matrix_row(&p->panel->values, t - part->first);
        if (part->strategies == NULL) memcpy(to, from, part->strategy_count * sizeof *to);
        for (size_t i = 0; part->strategies != NULL && i < part->strategy_count; i++)
            to[i] = from[part->strategies[i]];
    }
}

static ho_status read_piece(const pnl *p, size_t i, ho_error *err)
{
    const piece *at = &p->pieces[i];
    const ho_matrix *m = &p->panel->values;
    const ho_part *part = p->part;
    bool whole = part->strategies == NULL && at->first >= part->first &&
                 at->first + at->count <= part->first + part->count;
    if (whole) return read_values(p, at, m->stride, ho_matrix_row(m, at->first - part->first), err);
    double *values = ho_new_array(at->count, p->strategies * sizeof *values);
    if (values == NULL) return ho_fail_memory(err, at->count * p->strategies * sizeof *values, "a row group");
    ho_status status = read_values(p, at, p->strategies, values, err);
    if (status == HO_OK) pick(p, at, values);
    free(values);
    return status;
}

/* The fault of the first piece that has one, whatever the order in which the threads came to them. */
static ho_status read_pieces(const pnl *p, int threads, ho_error *err)
{
    ho_status status = HO_OK;
    size_t at_fault = SIZE_MAX;
#pragma omp parallel for schedule(dynamic) num_threads(threads > 0 ? threads : 1)
    for (size_t i = 0; i < p->piece_count; i++) {
        ho_error fault;
        ho_status here = read_piece(p, i, &fault);
        if (here == HO_OK) continue;
#pragma omp critical(ho_store_fault)
        if (i < at_fault) {
            at_fault = i;
            status = ho_fail(err, here, "%s", fault.text);
        }
    }
    return status;
}

ho_status ho_store_read_pnl(const char *folder, const ho_store_contents *c, const ho_store_part *parts,
                            const ho_part *part, int threads, ho_panel *panel, ho_error *err)
{
    pnl p = {.parts = parts,
             .part = part,
             .strategies = c->strategies,
             .panel = panel,
             .file_count = c->part_count};
    ho_status status = HO_OK;
    p.files = HO_NEW(ho_parquet_file *, p.file_count);
    p.paths = HO_NEW(char *, p.file_count);
    p.row_hashes = HO_NEW(uint64_t, c->periods);
    if (p.files == NULL || p.paths == NULL || p.row_hashes == NULL)
        status = ho_fail_memory(err, 0, "reading a store");
    for (size_t i = 0; status == HO_OK && i < p.file_count; i++)
        status = add_part(&p, folder, i, err);
    if (status == HO_OK) status = read_pieces(&p, threads, err);
    for (size_t i = 0; status == HO_OK && i < p.file_count; i++) {
        if (p.files[i] != NULL &&
            ho_hash_part(p.row_hashes + parts[i].first, parts[i].count) != c->part_hashes[i])
            status = ho_table_changed(p.paths[i], err);
    }
    pnl_clear(&p);
    return status;
}
