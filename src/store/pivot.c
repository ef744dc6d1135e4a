#include "store/pivot.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"

#include <math.h>
#include <string.h>
#include <xxhash.h>

static uint32_t *slot_of(const ho_texts *t, const char *text, size_t length)
{
    size_t at = (size_t)XXH3_64bits(text, length) & t->mask;
    for (; t->slots[at] != 0; at = (at + 1) & t->mask) {
        size_t other = 0;
        const char *known = ho_texts_at(t, t->slots[at] - 1, &other);
        if (other == length && memcmp(known, text, length) == 0) break;
    }
    return &t->slots[at];
}

static ho_status grow_slots(ho_texts *t, ho_error *err)
{
    size_t slots = t->slots == NULL ? 64 : 2 * (t->mask + 1);
    uint32_t *old = t->slots, *made = HO_NEW(uint32_t, slots);
    if (made == NULL) return ho_fail_memory(err, slots * sizeof *made, "texts");
    t->slots = made;
    t->mask = slots - 1;
    free(old);
    for (size_t i = 0; i < t->count; i++) {
        size_t length = 0;
        const char *text = ho_texts_at(t, i, &length);
        *slot_of(t, text, length) = (uint32_t)i + 1;
    }
    return HO_OK;
}

static ho_status grow_texts(ho_texts *t, size_t length, ho_error *err)
{
    if (t->count == t->capacity) {
        size_t capacity = t->capacity == 0 ? 64 : 2 * t->capacity;
        size_t *ends = ho_grow_array(t->ends, capacity, sizeof *ends);
        if (ends == NULL) return ho_fail_memory(err, capacity * sizeof *ends, "texts");
        t->ends = ends;
        t->capacity = capacity;
    }
    size_t used = t->count == 0 ? 0 : t->ends[t->count - 1];
    if (used + length > t->room || t->bytes == NULL) {
        size_t room = 2 * (used + length) + 256;
        char *bytes = ho_grow_array(t->bytes, room, 1);
        if (bytes == NULL) return ho_fail_memory(err, room, "texts");
        t->bytes = bytes;
        t->room = room;
    }
    return HO_OK;
}

ho_status ho_texts_add(ho_texts *t, const char *text, size_t length, uint32_t *number, ho_error *err)
{
    if (t->slots == NULL || 2 * t->count > t->mask) HO_TRY(grow_slots(t, err));
    uint32_t *slot = slot_of(t, text, length);
    if (*slot == 0) {
        if (t->count >= UINT32_MAX / 4) return ho_fail(err, HO_ERR_DATA, "%zu texts are too many", t->count);
        HO_TRY(grow_texts(t, length, err));
        size_t used = t->count == 0 ? 0 : t->ends[t->count - 1];
        if (length > 0) memcpy(t->bytes + used, text, length);
        t->ends[t->count++] = used + length;
        *slot = (uint32_t)t->count;
    }
    *number = *slot - 1;
    return HO_OK;
}

void ho_texts_clear(ho_texts *texts)
{
    free(texts->bytes);
    free(texts->ends);
    free(texts->slots);
    *texts = (ho_texts){0};
}

ho_status ho_pivot_row(ho_pivot *p, const uint32_t keys[HO_PIVOT_KEYS], uint32_t *row, ho_error *err)
{
    return ho_texts_add(&p->rows, (const char *)keys, HO_PIVOT_KEYS * sizeof *keys, row, err);
}

ho_status ho_pivot_block_new(size_t room, ho_pivot_block *block, ho_error *err)
{
    const size_t cell = sizeof(double) + 2 * sizeof(uint32_t);
    double *amounts = ho_memory_may(room * cell) ? ho_grow_array(NULL, room, cell) : NULL;
    if (amounts == NULL) return ho_fail_memory(err, room * cell, "the cells of a table");
    uint32_t *rows = (uint32_t *)(void *)(amounts + room);
    *block = (ho_pivot_block){.amounts = amounts, .rows = rows, .strategies = rows + room, .room = room};
    return HO_OK;
}

static ho_status next_block(ho_pivot *p, ho_error *err)
{
    enum { FEW = 1024, CELLS = 1 << 16 };
    if (p->block_count == p->block_room) {
        size_t room = p->block_room == 0 ? 16 : 2 * p->block_room;
        ho_pivot_block *blocks = ho_grow_array(p->blocks, room, sizeof *blocks);
        if (blocks == NULL) return ho_fail_memory(err, room * sizeof *blocks, "the cells of a table");
        p->blocks = blocks;
        p->block_room = room;
    }
    HO_TRY(ho_pivot_block_new(p->block_count == 0 ? FEW : CELLS, &p->blocks[p->block_count], err));
    p->block_count++;
    return HO_OK;
}

ho_status ho_pivot_add(ho_pivot *p, uint32_t row, uint32_t strategy, double amount, ho_error *err)
{
    if (p->block_count == 0 || p->blocks[p->block_count - 1].count == p->blocks[p->block_count - 1].room)
        HO_TRY(next_block(p, err));
    ho_pivot_block *b = &p->blocks[p->block_count - 1];
    b->rows[b->count] = row;
    b->strategies[b->count] = strategy;
    b->amounts[b->count++] = amount;
    return HO_OK;
}

void ho_pivot_clear(ho_pivot *p)
{
    for (int k = 0; k < HO_PIVOT_KEYS; k++)
        ho_texts_clear(&p->keys[k]);
    ho_texts_clear(&p->rows);
    ho_texts_clear(&p->strategies);
    for (size_t b = 0; b < p->block_count; b++)
        free(p->blocks[b].amounts);
    free(p->blocks);
    *p = (ho_pivot){0};
}

/* Which key a column of the built table is; the strategies follow. */
static int key_of(const ho_pivot *p, size_t column)
{
    for (int k = 0; k < HO_PIVOT_KEYS; k++) {
        if (p->has[k] && column-- == 0) return k;
    }
    return HO_PIVOT_KEYS;
}

static size_t key_columns(const ho_pivot *p)
{
    size_t count = 0;
    for (int k = 0; k < HO_PIVOT_KEYS; k++)
        count += p->has[k];
    return count;
}

static ho_status give_texts(void *user, size_t column, ho_column_kind kind, ho_csv_field *out, size_t stride,
                            ho_error *err)
{
    (void)kind, (void)err;
    const ho_pivot *p = user;
    int key = key_of(p, column);
    for (size_t r = 0; r < p->rows.count; r++) {
        size_t length = 0;
        uint32_t keys[HO_PIVOT_KEYS];
        memcpy(keys, ho_texts_at(&p->rows, r, &length), sizeof keys);
        out[r * stride] = (ho_csv_field){0};
        out[r * stride].text = ho_texts_at(&p->keys[key], keys[key], &out[r * stride].length);
    }
    return HO_OK;
}

/* A part of the columns of the built matrix. */
typedef struct strip {
    const ho_pivot *p;
    const uint32_t *place; /* of a strategy: its column, NONE: left out */
    ho_matrix *out;
    ho_csv_trouble *troubles;
    size_t first, past;
} strip;

static const uint32_t NONE = UINT32_MAX;

/* NaN: nothing yet. A single amount keeps its bits, a zero its sign. */
static inline void put(const strip *s, uint32_t row, uint32_t column, double sum)
{
    if (column < s->first || column >= s->past) return;
    double *to = ho_matrix_row(s->out, row) + column;
    *to = isnan(*to) ? sum : *to + sum;
}

/* Amounts of one cell that come one after the other are summed before they are added to what is there. */
static void add_cells(const strip *s)
{
    uint32_t row = 0, column = NONE;
    double sum = 0;
    for (size_t b = 0; b < s->p->block_count; b++) {
        const ho_pivot_block *block = &s->p->blocks[b];
        for (size_t i = 0; i < block->count; i++) {
            uint32_t r = block->rows[i], strategy = block->strategies[i];
            if (block->row_of != NULL) r = block->row_of[r];
            if (block->strategy_of != NULL) strategy = block->strategy_of[strategy];
            const uint32_t c = s->place[strategy];
            const double amount = block->amounts[i];
            if (r == row && c == column && isfinite(sum + amount)) {
                sum += amount;
                continue;
            }
            put(s, row, column, sum);
            row = r;
            column = c;
            sum = amount;
        }
    }
    put(s, row, column, sum);
}

static void fill_strip(const strip *s)
{
    const size_t rows = s->p->rows.count;
    for (size_t r = 0; r < rows; r++) {
        double *to = ho_matrix_row(s->out, r);
        for (size_t c = s->first; c < s->past; c++)
            to[c] = NAN;
    }
    add_cells(s);
    for (size_t r = 0; r < rows; r++) {
        double *to = ho_matrix_row(s->out, r);
        for (size_t c = s->first; c < s->past; c++) {
            if (isfinite(to[c])) continue;
            if (isinf(to[c])) ho_trouble_note(&s->troubles[c].infinite, &s->troubles[c].first_infinite, r);
            to[c] = 0;
        }
    }
}

static ho_status give_matrix(void *user, const ho_csv_cells *cells, int threads, ho_matrix *out,
                             ho_error *err)
{
    const ho_pivot *p = user;
    const size_t keys = key_columns(p), strips = (size_t)threads;
    uint32_t *place = HO_NEW(uint32_t, p->strategies.count);
    if (place == NULL) return ho_fail_memory(err, p->strategies.count * sizeof *place, "strategies");
    for (size_t j = 0; j < p->strategies.count; j++)
        place[j] = NONE;
    for (size_t v = 0; v < cells->values; v++)
        place[cells->column_of[v] - keys] = (uint32_t)v;
#pragma omp parallel for schedule(static, 1) num_threads(threads) if (threads > 1)
    for (size_t i = 0; i < strips; i++) {
        const strip s = {.p = p,
                         .place = place,
                         .out = out,
                         .troubles = cells->troubles,
                         .first = cells->values * i / strips,
                         .past = cells->values * (i + 1) / strips};
        fill_strip(&s);
    }
    free(place);
    return HO_OK;
}

static size_t count_cells(const ho_pivot *p)
{
    size_t count = 0;
    for (size_t b = 0; b < p->block_count; b++)
        count += p->blocks[b].count;
    return count;
}

ho_status ho_pivot_build(ho_pivot *p, ho_table_source *source, const ho_load_options *options, int threads,
                         ho_panel **panel, ho_load_report *report, ho_error *err)
{
    static const char *const titles[HO_PIVOT_KEYS] = {"Date",
                                                      "Zone",
                                                      "start_time",
                                                      "end_time",
                                                      "market_regime",
                                                      "Regime_Confidence_%",
                                                      "Market_regime_transition_threshold",
                                                      "capital"};
    if (count_cells(p) == 0) return ho_fail(err, HO_ERR_DATA, "%s: no row holds an amount", source->path);
    size_t columns = key_columns(p) + p->strategies.count, c = 0;
    const char **names = HO_NEW(const char *, columns);
    size_t *lengths = HO_NEW(size_t, columns);
    ho_status status = HO_OK;
    if (names == NULL || lengths == NULL) {
        status = ho_fail_memory(err, columns * sizeof *names, source->path);
    } else {
        for (int k = 0; k < HO_PIVOT_KEYS; k++) {
            if (!p->has[k]) continue;
            names[c] = titles[k];
            lengths[c++] = strlen(titles[k]);
        }
        for (size_t j = 0; j < p->strategies.count; j++, c++)
            names[c] = ho_texts_at(&p->strategies, j, &lengths[c]);
        source->rows = p->rows.count;
        source->columns = columns;
        source->names = names;
        source->lengths = lengths;
        source->texts = give_texts;
        source->matrix = give_matrix;
        source->user = p;
        status = ho_table_build(source, options, threads, panel, report, err);
    }
    free(names);
    free(lengths);
    if (status != HO_OK) return status;
    report->missing_cells += (int64_t)p->missing;
    return HO_OK;
}
