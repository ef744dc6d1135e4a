/* What the content of columns says. The pass goes by blocks of columns, so that a block's sums stay in the first
 * level cache while its rows stream by. */
#include "store/classify.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK = 128, FEWEST_ROWS = 3, FEWEST_COLUMNS = 10, WORTH_THREADS = 1 << 17 /* numbers */ };

void ho_column_facts_clear(ho_column_facts *facts)
{
    free(facts->block);
    *facts = (ho_column_facts){0};
}

static ho_status facts_new(size_t columns, size_t rows, ho_column_facts *facts, ho_error *err)
{
    size_t each = 2 * sizeof(double) + sizeof(uint64_t) + 2 * sizeof(bool),
           bytes = rows * sizeof(double) + columns * each;
    char *block = ho_new_array(bytes, 1);
    if (block == NULL) return ho_fail_memory(err, bytes, "the facts of the columns");
    facts->block = block;
    facts->sums = (double *)(void *)block;
    facts->least = facts->sums + rows;
    facts->most = facts->least + columns;
    facts->hash = (uint64_t *)(void *)(facts->most + columns);
    facts->sum = (bool *)(facts->hash + columns);
    facts->running = facts->sum + columns;
    return HO_OK;
}

static size_t count_open(size_t columns, const uint8_t *open)
{
    size_t count = 0;
    for (size_t c = 0; c < columns; c++)
        count += open[c] != HO_COLUMN_CLOSED;
    return count;
}

/* Eight partial sums in a fixed order: fast, and the same on any machine. A closed column's cell counts as 0. */
static double sum_row(const double *row, const uint8_t *open, bool all, size_t columns)
{
    double part[8] = {0};
    size_t c = 0;
    for (; c + 8 <= columns; c += 8) {
        for (size_t k = 0; k < 8; k++)
            part[k] += all || open[c + k] ? row[c + k] : 0;
    }
    for (; c < columns; c++)
        part[0] += open[c] ? row[c] : 0;
    return ((part[0] + part[4]) + (part[1] + part[5])) + ((part[2] + part[6]) + (part[3] + part[7]));
}

/* The sum over the open columns of each row. */
static void sum_rows(const ho_matrix *m, const uint8_t *open, int threads, double *sums)
{
    bool all = count_open(m->columns, open) == m->columns;
#pragma omp parallel for schedule(static) num_threads(threads) if (threads > 1)
    for (size_t t = 0; t < m->rows; t++)
        sums[t] = sum_row(ho_matrix_row(m, t), open, all, m->columns);
}

/* Sums of differences from the first item, of a column x, of r = the sum of the others, of e = running sum of r. */
typedef struct block_sums {
    double x0[BLOCK], x[BLOCK], xx[BLOCK];
    double r0[BLOCK], r[BLOCK], rr[BLOCK];
    double e0[BLOCK], now[BLOCK], e[BLOCK], ee[BLOCK];
} block_sums;

static void add_row(const double *restrict row, double sum, size_t t, size_t width, block_sums *restrict s)
{
    if (t == 0) {
        for (size_t k = 0; k < width; k++) {
            s->x0[k] = row[k];
            s->r0[k] = s->e0[k] = s->now[k] = sum - row[k];
        }
        return;
    }
    for (size_t k = 0; k < width; k++) {
        double x = row[k] - s->x0[k];
        s->x[k] += x;
        s->xx[k] += x * x;
        double other = sum - row[k], r = other - s->r0[k];
        s->r[k] += r;
        s->rr[k] += r * r;
        s->now[k] += other;
        double e = s->now[k] - s->e0[k];
        s->e[k] += e;
        s->ee[k] += e * e;
    }
}

static void add_extremes(const double *restrict row, size_t width, double *restrict least,
                         double *restrict most, uint64_t *restrict hash)
{
    for (size_t k = 0; k < width; k++) {
        least[k] = row[k] < least[k] ? row[k] : least[k];
        most[k] = row[k] > most[k] ? row[k] : most[k];
    }
    for (size_t k = 0; k < width; k++) {
        uint64_t bits;
        memcpy(&bits, row + k, sizeof bits);
        /* the rotation brings the high bits down, where the product spreads them: else two sign bits would cancel */
        hash[k] = ((hash[k] << 27 | hash[k] >> 37) ^ bits) * 0x9e3779b97f4a7c15u;
    }
}

static bool about(double a, double b)
{
    return fabs(a - b) <= 1e-6 * a;
}

/* Adds rows of a block: those of the table from `before` on. */
static void add_to_block(const ho_matrix *m, const double *sums, size_t before, size_t first, size_t width,
                         block_sums *s, ho_column_facts *facts)
{
    const double *top = ho_matrix_row(m, 0) + first;
    for (size_t k = 0; before == 0 && k < width; k++)
        facts->least[first + k] = facts->most[first + k] = top[k];
    for (size_t t = 0; t < m->rows; t++) {
        const double *row = ho_matrix_row(m, t) + first;
        add_extremes(row, width, facts->least + first, facts->most + first, facts->hash + first);
        if (s != NULL) add_row(row, sums[t], before + t, width, s);
    }
}

static void judge_block(const block_sums *s, size_t rows, size_t first, size_t width, ho_column_facts *facts)
{
    double n = (double)rows;
    for (size_t k = 0; k < width; k++) {
        double x = s->xx[k] - s->x[k] * s->x[k] / n, r = s->rr[k] - s->r[k] * s->r[k] / n,
               e = s->ee[k] - s->e[k] * s->e[k] / n;
        bool varies = facts->least[first + k] < facts->most[first + k];
        facts->sum[first + k] = varies && about(x, r);
        facts->running[first + k] = varies && about(x, e);
    }
}

/* The rows that a source gives at a time, from `before` on. blocks: the sums of each block, NULL: none are wanted. */
static void add_rows(const ho_row_source *rows, const ho_matrix *m, size_t before, const uint8_t *open,
                     int threads, block_sums *blocks, ho_column_facts *facts)
{
    const size_t count = (rows->columns + BLOCK - 1) / BLOCK;
    const bool last = before + m->rows == rows->rows;
    if (m->rows * m->columns < WORTH_THREADS) threads = 1;
    if (blocks != NULL) sum_rows(m, open, threads, facts->sums + before);
#pragma omp parallel for schedule(static) num_threads(threads) if (threads > 1)
    for (size_t b = 0; b < count; b++) {
        size_t first = b * BLOCK, width = m->columns - first < BLOCK ? m->columns - first : BLOCK;
        block_sums *s = blocks != NULL ? &blocks[b] : NULL;
        add_to_block(m, facts->sums + before, before, first, width, s, facts);
        if (s != NULL && last) judge_block(s, rows->rows, first, width, facts);
    }
}

ho_status ho_column_facts_find(const ho_row_source *rows, const uint8_t *open, int threads,
                               ho_column_facts *facts, ho_error *err)
{
    const bool derived = rows->rows >= FEWEST_ROWS && count_open(rows->columns, open) >= FEWEST_COLUMNS;
    const size_t count = (rows->columns + BLOCK - 1) / BLOCK;
    ho_column_facts found;
    HO_TRY(facts_new(rows->columns, rows->rows, &found, err));
    block_sums *blocks = derived ? HO_NEW(block_sums, count) : NULL;
    ho_status status = derived && blocks == NULL
                           ? ho_fail_memory(err, count * sizeof *blocks, "the sums of the columns")
                           : HO_OK;
    for (size_t first = 0, taken; status == HO_OK && first < rows->rows; first += taken) {
        ho_matrix m;
        taken = rows->rows - first < rows->step ? rows->rows - first : rows->step;
        status = ho_rows_take(rows, first, taken, &m, err);
        if (status == HO_OK) add_rows(rows, &m, first, open, threads, blocks, &found);
    }
    free(blocks);
    if (status == HO_OK)
        *facts = found;
    else
        ho_column_facts_clear(&found);
    return status;
}

static double variance(const double *x, size_t n)
{
    double mean = 0, square = 0;
    for (size_t t = 0; t < n; t++)
        mean += x[t];
    mean /= (double)n;
    for (size_t t = 0; t < n; t++)
        square += (x[t] - mean) * (x[t] - mean);
    return square;
}

/* The one pass above is short of digits for the last word: mean first, then squares. x: the column; other: as many. */
static bool varies_alike(const double *x, const double *sums, size_t rows, bool running, double *other)
{
    double total = 0;
    for (size_t t = 0; t < rows; t++) {
        total = (running ? total : 0) + (sums[t] - x[t]);
        other[t] = total;
    }
    double a = variance(x, rows), b = variance(other, rows);
    return a > 0 && fabs(a - b) <= 1e-9 * a;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Whether the median of the items can lie below `limit` at all: cheaper than finding it. */
static bool half_below(const double *items, size_t count, double limit)
{
    size_t below = 0;
    for (size_t i = 0; i < count; i++)
        below += items[i] < limit;
    return below >= count / 2;
}

/* A first or last column a thousand times larger than the middle one. room: an item a column. */
static void find_giant(size_t all, const uint8_t *open, const ho_column_facts *facts, double *room,
                       ho_derived *derived)
{
    size_t count = 0, first = SIZE_MAX, last = SIZE_MAX;
    for (size_t c = 0; c < all; c++) {
        if (!open[c]) continue;
        if (first == SIZE_MAX) first = c;
        last = c;
        room[count++] = fmax(-facts->least[c], facts->most[c]);
    }
    if (count < 2) return;
    double ends[2] = {room[count - 1], room[0]};
    size_t columns[2] = {last, first};
    if (!half_below(room, count, fmax(ends[0], ends[1]) / 1000)) return;
    qsort(room, count, sizeof *room, by_size);
    double median = count % 2 != 0 ? room[count / 2] : room[count / 2 - 1] / 2 + room[count / 2] / 2;
    for (size_t i = 0; i < 2 && median > 0; i++) {
        if (open[columns[i]] == HO_COLUMN_KEPT || !(ends[i] > 1000 * median)) continue;
        derived->column = columns[i];
        snprintf(derived->why, sizeof derived->why, "reaches %.4g, %.0f times what the middle column does",
                 ends[i], ends[i] / median);
        return;
    }
}

ho_status ho_derived_find(const ho_row_source *rows, const uint8_t *open, const ho_column_facts *facts,
                          ho_derived *derived, ho_error *err)
{
    derived->column = SIZE_MAX;
    size_t items = rows->columns > 2 * rows->rows ? rows->columns : 2 * rows->rows;
    double *room = HO_NEW(double, items);
    if (room == NULL) return ho_fail_memory(err, items * sizeof *room, "the search for derived columns");
    find_giant(rows->columns, open, facts, room, derived);
    ho_status status = HO_OK;
    for (size_t c = rows->columns; c-- > 0 && derived->column == SIZE_MAX && status == HO_OK;) {
        if (open[c] != HO_COLUMN_OPEN || !(facts->sum[c] || facts->running[c])) continue;
        status = ho_rows_column(rows, c, room, err);
        if (status != HO_OK) break;
        double *other = room + rows->rows;
        bool sum = facts->sum[c] && varies_alike(room, facts->sums, rows->rows, false, other);
        if (!sum && !(facts->running[c] && varies_alike(room, facts->sums, rows->rows, true, other)))
            continue;
        derived->column = c;
        snprintf(derived->why, sizeof derived->why, "varies as the %ssum of the other columns",
                 sum ? "" : "running ");
    }
    free(room);
    return status;
}

static uint64_t spread(uint64_t h)
{
    h = (h ^ h >> 32) * 0xd6e8feb86659fd93u;
    return h ^ h >> 32;
}

ho_status ho_count_repeated(const uint64_t *hash, size_t count, int64_t *repeated, ho_error *err)
{
    size_t slots = 16;
    while (slots < 2 * count)
        slots *= 2;
    uint64_t *table = HO_NEW(uint64_t, slots);
    if (table == NULL) return ho_fail_memory(err, slots * sizeof *table, "the search for equal columns");
    int64_t found = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t h = hash[i] != 0 ? hash[i] : 1; /* 0 marks a free slot */
        size_t at = (size_t)spread(h) & (slots - 1);
        while (table[at] != 0 && table[at] != h)
            at = (at + 1) & (slots - 1);
        found += table[at] == h;
        table[at] = h;
    }
    free(table);
    *repeated = found;
    return HO_OK;
}
