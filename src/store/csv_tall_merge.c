/* From the numbers of threads to those of the table: see csv_tall_parts.h. */
#include "base/error.h"
#include "base/memory.h"
#include "store/csv_tall_parts.h"

/* Numbers a text by what it means. A row without a date or a strategy is a fault. */
static ho_status number_text(ho_tall_reading *x, int column, const char *raw, size_t size, ho_texts *texts,
                             uint32_t *number, ho_error *err)
{
    ho_csv_field field;
    ho_csv_field_at(raw, raw + size, x->delimiter, &field);
    const char *text = field.text;
    size_t length = field.length;
    if (ho_csv_tall_null(x->options, &field)) {
        length = 0;
        if (column == HO_PIVOT_DATE || column == HO_TALL_STRATEGY) x->plain = false;
    }
    char *copy = NULL;
    if (field.doubled && length > 0) {
        copy = ho_new_array(length, 1);
        if (copy == NULL) return ho_fail_memory(err, length, x->name);
        length = ho_csv_field_copy(&field, copy);
        text = copy;
    }
    ho_csv_trim(&text, &length);
    ho_status status = ho_texts_add(texts, text, length, number, err);
    free(copy);
    return status;
}

/* The guess of a worker that is to be merged: of a column, or of the rows. */
static const ho_guess *guess_of(const ho_tall_worker *w, int column)
{
    return column < HO_TALL_PNL ? &w->texts[column] : &w->rows;
}

static ho_status number_one(ho_tall_reading *x, size_t worker, int column, size_t i, ho_error *err)
{
    ho_tall_worker *w = &x->workers[worker];
    size_t size = 0;
    const char *raw = ho_texts_at(&guess_of(w, column)->texts, i, &size);
    if (column == HO_TALL_STRATEGY)
        return number_text(x, column, raw, size, &x->pivot.strategies, &w->of[column][i], err);
    if (column < HO_PIVOT_KEYS)
        return number_text(x, column, raw, size, &x->pivot.keys[column], &w->of[column][i], err);
    uint32_t keys[HO_PIVOT_KEYS];
    memcpy(keys, raw, sizeof keys);
    for (int k = 0; k < HO_PIVOT_KEYS; k++)
        keys[k] = x->pivot.has[k] ? w->of[k][keys[k]] : 0;
    return ho_pivot_row(&x->pivot, keys, &w->row_of[i], err);
}

/* Each worker met its texts in the order of the file: the first of all is the first of one of them. */
static ho_status merge_column(ho_tall_reading *x, int column, size_t *heads, ho_error *err)
{
    for (size_t k = 0; k < x->worker_count; k++) {
        ho_tall_worker *w = &x->workers[k];
        const size_t count = guess_of(w, column)->texts.count;
        uint32_t *of = HO_NEW(uint32_t, count);
        if (of == NULL) return ho_fail_memory(err, count * sizeof *of, x->name);
        if (column < HO_TALL_PNL)
            w->of[column] = of;
        else
            w->row_of = of;
        heads[k] = 0;
    }
    for (;;) {
        size_t first = SIZE_MAX;
        uint64_t place = UINT64_MAX;
        for (size_t k = 0; k < x->worker_count; k++) {
            const ho_guess *g = guess_of(&x->workers[k], column);
            if (heads[k] == g->texts.count || g->places[heads[k]] > place) continue;
            first = k;
            place = g->places[heads[k]];
        }
        if (first == SIZE_MAX) return HO_OK;
        HO_TRY(number_one(x, first, column, heads[first]++, err));
    }
}

ho_status ho_tall_merge(ho_tall_reading *x, ho_error *err)
{
    size_t *heads = HO_NEW(size_t, x->worker_count);
    if (heads == NULL) return ho_fail_memory(err, x->worker_count * sizeof *heads, x->name);
    for (size_t c = 0; c < x->count; c++) {
        if (x->role[c] < HO_PIVOT_KEYS) x->pivot.has[x->role[c]] = true;
    }
    ho_status status = HO_OK;
    for (int column = 0; status == HO_OK && column <= HO_TALL_PNL; column++)
        status = merge_column(x, column, heads, err);
    free(heads);
    for (size_t b = 0; status == HO_OK && b < x->pivot.block_count; b++) {
        const ho_tall_worker *w = &x->workers[x->worker_of[b]];
        x->pivot.blocks[b].row_of = w->row_of;
        x->pivot.blocks[b].strategy_of = w->of[HO_TALL_STRATEGY];
    }
    return status;
}
