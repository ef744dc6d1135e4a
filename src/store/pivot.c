#include "store/pivot.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"

#include <math.h>
#include <string.h>
#include <xxhash.h>

const char *ho_texts_at(const ho_texts *texts, size_t number, size_t *length)
{
    size_t begin = number == 0 ? 0 : texts->ends[number - 1];
    *length = texts->ends[number] - begin;
    return texts->bytes + begin;
}

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

ho_status ho_pivot_add(ho_pivot *p, uint32_t row, uint32_t strategy, double amount, ho_error *err)
{
    if (p->count > 0) { /* cells mostly come in order, but trades of one day may be many */
        ho_pivot_cell *last = &p->cells[p->count - 1];
        if (last->row == row && last->strategy == strategy && isfinite(last->sum + amount)) {
            last->sum += amount;
            last->count++;
            return HO_OK;
        }
    }
    if (p->count == p->capacity) {
        size_t capacity = p->capacity == 0 ? 1024 : 2 * p->capacity;
        ho_pivot_cell *cells = ho_grow_array(p->cells, capacity, sizeof *cells);
        if (cells == NULL) return ho_fail_memory(err, capacity * sizeof *cells, "the cells of a table");
        p->cells = cells;
        p->capacity = capacity;
    }
    p->cells[p->count++] = (ho_pivot_cell){row, strategy, 1, amount};
    return HO_OK;
}

void ho_pivot_clear(ho_pivot *p)
{
    for (int k = 0; k < HO_PIVOT_KEYS; k++)
        ho_texts_clear(&p->keys[k]);
    ho_texts_clear(&p->rows);
    ho_texts_clear(&p->strategies);
    free(p->cells);
    free(p->order);
    free(p->first);
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

static ho_status give_values(void *user, size_t column, double *out, size_t stride, ho_csv_trouble *trouble,
                             char **sample, ho_error *err)
{
    (void)sample, (void)err;
    const ho_pivot *p = user;
    size_t strategy = column - key_columns(p);
    for (size_t r = 0; r < p->rows.count; r++)
        out[r * stride] = NAN; /* nothing yet: a single amount keeps its bits, a zero its sign */
    for (size_t i = p->first[strategy]; i < p->first[strategy + 1]; i++) {
        const ho_pivot_cell *cell = &p->cells[p->order[i]];
        double *to = &out[cell->row * stride];
        *to = isnan(*to) ? cell->sum : *to + cell->sum;
    }
    for (size_t r = 0; r < p->rows.count; r++) {
        double value = out[r * stride];
        if (isfinite(value)) continue;
        out[r * stride] = 0;
        if (isinf(value)) ho_trouble_note(&trouble->infinite, &trouble->first_infinite, r);
    }
    return HO_OK;
}

/* Numbers the cells by strategy, in the order in which they came. */
static ho_status sort_cells(ho_pivot *p, ho_error *err)
{
    size_t strategies = p->strategies.count;
    p->order = HO_NEW(uint64_t, p->count);
    p->first = HO_NEW(size_t, strategies + 1);
    if (p->order == NULL || p->first == NULL)
        return ho_fail_memory(err, p->count * sizeof *p->order, "the cells of a table");
    for (size_t i = 0; i < p->count; i++)
        p->first[p->cells[i].strategy]++;
    size_t past = 0;
    for (size_t j = 0; j <= strategies; j++) {
        size_t here = p->first[j];
        p->first[j] = past;
        past += here;
    }
    for (size_t i = 0; i < p->count; i++)
        p->order[p->first[p->cells[i].strategy]++] = i;
    memmove(p->first + 1, p->first, strategies * sizeof *p->first);
    p->first[0] = 0;
    return HO_OK;
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
    if (p->count == 0) return ho_fail(err, HO_ERR_DATA, "%s: no row holds an amount", source->path);
    HO_TRY(sort_cells(p, err));
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
        source->values = give_values;
        source->user = p;
        status = ho_table_build(source, options, threads, panel, report, err);
    }
    free(names);
    free(lengths);
    if (status != HO_OK) return status;
    report->missing_cells += (int64_t)p->missing;
    return HO_OK;
}
