#include "store/foreign_tall.h"

#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "store/formats.h"
#include "store/guess.h"
#include "store/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    HOUR = 3600,
    CELL = 32,
    LONGEST = 20,
    MOST_DAYS = 3660000 /* of the years 1 to 9999 */
};

static const uint32_t NONE = UINT32_MAX;

/* Beside the names that mean the same in every table. */
static const struct {
    const char *name;
    int column;
} names[] = {
    {"datetime", HO_PIVOT_DATE},
    {"timestamp", HO_PIVOT_DATE},
    {"strategy", HO_TALL_STRATEGY},
    {"strategy_id", HO_TALL_STRATEGY},
    {"strategy_name", HO_TALL_STRATEGY},
    {"variable", HO_TALL_STRATEGY},
    {"pnl", HO_TALL_PNL},
    {"daily_returns", HO_TALL_PNL},
    {"daily_return", HO_TALL_PNL},
    {"daily_pnl", HO_TALL_PNL},
    {"net_pnl", HO_TALL_PNL},
    {"profit", HO_TALL_PNL},
    {"value", HO_TALL_PNL},
};

int ho_tall_column_of(const char *name, size_t length)
{
    static const int of_kind[HO_COLUMN_META_COUNT] = {[HO_COLUMN_VALUE] = HO_TALL_COLUMNS,
                                                      [HO_COLUMN_DATE] = HO_PIVOT_DATE,
                                                      [HO_COLUMN_ZONE] = HO_PIVOT_ZONE,
                                                      [HO_COLUMN_DAY] = HO_TALL_COLUMNS,
                                                      [HO_COLUMN_START] = HO_PIVOT_START,
                                                      [HO_COLUMN_END] = HO_PIVOT_END,
                                                      [HO_COLUMN_REGIME] = HO_PIVOT_REGIME,
                                                      [HO_COLUMN_CONFIDENCE] = HO_PIVOT_CONFIDENCE,
                                                      [HO_COLUMN_TRANSITION] = HO_PIVOT_TRANSITION,
                                                      [HO_COLUMN_CAPITAL] = HO_PIVOT_CAPITAL};
    char text[LONGEST + 1];
    ho_column_kind kind = ho_column_kind_of(name, length);
    if (kind != HO_COLUMN_VALUE && kind < HO_COLUMN_META_COUNT) return of_kind[kind];
    if (length > LONGEST) return HO_TALL_COLUMNS;
    memcpy(text, name, length);
    text[length] = '\0';
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (ho_text_same(text, names[i].name)) return names[i].column;
    }
    return HO_TALL_COLUMNS;
}

const char *ho_tall_known_at(size_t i, const char **meaning)
{
    if (i >= sizeof names / sizeof *names) return NULL;
    *meaning = names[i].column == HO_PIVOT_DATE ? "the date"
               : names[i].column == HO_TALL_PNL ? "the amount"
                                                : "the strategy";
    return names[i].name;
}

/* A table of more columns than tall ones have is wide, and may well have a strategy that is called "profit". */
bool ho_foreign_is_tall(const ho_foreign *f, ho_tall_columns *columns)
{
    enum { MOST = 32 };
    for (int k = 0; k < HO_TALL_COLUMNS; k++)
        columns->at[k] = SIZE_MAX;
    if (f->column_count > MOST || (f->trusted && !f->tall)) return false;
    for (size_t c = 0; c < f->column_count; c++) {
        int kind = ho_tall_column_of(f->columns[c].name, f->columns[c].length);
        if (kind < HO_TALL_COLUMNS && columns->at[kind] == SIZE_MAX) columns->at[kind] = c;
    }
    return columns->at[HO_PIVOT_DATE] != SIZE_MAX && columns->at[HO_TALL_STRATEGY] != SIZE_MAX &&
           columns->at[HO_TALL_PNL] != SIZE_MAX;
}

/* Each row's number of a text, by a column of any kind; one thread a column. */
typedef struct numbering {
    ho_guess guess;
    uint32_t *of; /* rows */
    size_t nulls, first_null;
    ho_strings warnings;
    ho_status status;
    ho_error err;
} numbering;

/* The number of a text that is one of the two that are likely, or NONE. */
static uint32_t guess_number(const ho_guess *g, const char *text, size_t length)
{
    const uint32_t guesses[] = {g->next[g->last], g->last};
    for (size_t i = 0; i < 2; i++) {
        size_t known = 0;
        if (ho_guess_fits(g, guesses[i], text, length, &known) && known == length) return guesses[i];
    }
    return NONE;
}

static ho_status take_number(void *user, size_t row, const char *text, size_t length, bool null,
                             ho_error *err)
{
    numbering *n = user;
    ho_guess *g = &n->guess;
    if (null && n->nulls++ == 0) n->first_null = row;
    if (text == NULL) text = "";
    uint32_t number = ho_guess_ready(g) ? guess_number(g, text, length) : NONE;
    if (number == NONE) HO_TRY(ho_guess_add(g, text, length, row, &number, err));
    ho_guess_follow(g, number);
    n->of[row] = number;
    return HO_OK;
}

/* Days of a table, and seconds of a day, lie close together: each is printed once. */
static ho_status number_keys(const ho_foreign *f, const int32_t *key, bool time, const uint8_t *null,
                             numbering *n, ho_error *err)
{
    int64_t least = INT64_MAX, most = INT64_MIN;
    for (size_t r = 0; r < f->rows; r++) {
        least = null[r] == 0 && key[r] < least ? key[r] : least;
        most = null[r] == 0 && key[r] > most ? key[r] : most;
    }
    size_t range = most < least ? 0 : (size_t)(most - least) + 1;
    if (range > MOST_DAYS)
        return ho_fail(err, HO_ERR_DATA, "%s: dates that lie %zu days apart", f->path, range);
    uint32_t *known = HO_NEW(uint32_t, range); /* a number + 1, 0: not met yet */
    if (known == NULL) return ho_fail_memory(err, range * sizeof *known, f->path);
    ho_status status = HO_OK;
    for (size_t r = 0; status == HO_OK && r < f->rows; r++) {
        uint32_t *slot = null[r] == 0 ? &known[key[r] - least] : NULL;
        if (slot == NULL || *slot == 0) {
            char cell[CELL];
            if (time)
                snprintf(cell, sizeof cell, "%02d:%02d:%02d", key[r] / HOUR, key[r] / 60 % 60, key[r] % 60);
            else
                ho_date_print(key[r], cell);
            status = take_number(n, r, cell, slot == NULL ? 0 : strlen(cell), slot == NULL, err);
            if (slot != NULL && status == HO_OK) *slot = n->of[r] + 1;
        } else {
            n->of[r] = *slot - 1;
        }
    }
    free(known);
    return status;
}

static ho_status number_moments(const ho_foreign *f, size_t column, bool time, numbering *n, ho_error *err)
{
    int32_t *days = HO_NEW(int32_t, f->rows), *seconds = HO_NEW(int32_t, f->rows);
    uint8_t *null = HO_NEW(uint8_t, f->rows);
    ho_status status = days == NULL || seconds == NULL || null == NULL
                           ? ho_fail_memory(err, f->rows * 9, f->path)
                           : ho_foreign_days(f, column, days, seconds, null, err);
    if (status == HO_OK) status = ho_foreign_localize(f, column, days, seconds, null, &n->warnings, err);
    if (status == HO_OK) status = number_keys(f, time ? seconds : days, time, null, n, err);
    free(days);
    free(seconds);
    free(null);
    return status;
}

static ho_status number_numbers(const ho_foreign *f, size_t column, numbering *n, ho_error *err)
{
    double *values = HO_NEW(double, f->rows);
    uint8_t *null = HO_NEW(uint8_t, f->rows);
    ho_status status = values == NULL || null == NULL ? ho_fail_memory(err, f->rows * 9, f->path)
                                                      : ho_foreign_numbers(f, column, values, 1, null, err);
    for (size_t r = 0; status == HO_OK && r < f->rows; r++) {
        char cell[CELL];
        bool none = null[r] != 0 || isnan(values[r]);
        if (r > 0 && !none && null[r - 1] == 0 && memcmp(&values[r], &values[r - 1], sizeof *values) == 0) {
            n->of[r] = n->of[r - 1];
            continue;
        }
        int length = snprintf(cell, sizeof cell, "%.17g", values[r]);
        status = take_number(n, r, cell, none ? 0 : (size_t)length, none, err);
    }
    free(values);
    free(null);
    return status;
}

static ho_status number_column(const ho_foreign *f, size_t column, bool time, numbering *n, ho_error *err)
{
    switch (f->columns[column].kind) {
    case HO_ARROW_TEXT:
        return ho_foreign_texts(f, column, take_number, n, err);
    case HO_ARROW_NUMBER:
        return number_numbers(f, column, n, err);
    case HO_ARROW_DAY:
    case HO_ARROW_TIME:
        return number_moments(f, column, time, n, err);
    case HO_ARROW_OTHER:
        break;
    }
    return ho_fail(err, HO_ERR_DATA, "%s: column \"%s\" is of a type that is not read", f->path,
                   f->columns[column].name);
}

/* Amounts as numbers or as text; null and missing ones are marked. */
typedef struct amounts {
    const char *path;
    double *of;
    uint8_t *null;
} amounts;

static ho_status take_amount(void *user, size_t row, const char *text, size_t length, bool null,
                             ho_error *err)
{
    amounts *a = user;
    ho_cell cell = null ? HO_CELL_MISSING : ho_number_read(text, length, &a->of[row]);
    if (cell == HO_CELL_MISSING) {
        a->null[row] = 1;
        return HO_OK;
    }
    if (cell == HO_CELL_NUMBER) return HO_OK;
    char shown[HO_CSV_SHOWN];
    return ho_fail(err, HO_ERR_DATA, "%s: row %zu: the amount \"%s\" is no finite number", a->path, row + 1,
                   ho_csv_show(text, length, shown));
}

static ho_status read_amounts(const ho_foreign *f, size_t column, amounts *a, ho_error *err)
{
    a->null = HO_NEW(uint8_t, f->rows);
    if (a->null == NULL) return ho_fail_memory(err, f->rows, f->path);
    if (f->columns[column].kind == HO_ARROW_TEXT) return ho_foreign_texts(f, column, take_amount, a, err);
    if (f->columns[column].kind == HO_ARROW_NUMBER)
        return ho_foreign_numbers(f, column, a->of, 1, a->null, err);
    return ho_fail(err, HO_ERR_DATA, "%s: column \"%s\" holds no numbers", f->path, f->columns[column].name);
}

static ho_status judge_amounts(const ho_foreign *f, amounts *a, ho_pivot *p, const ho_load_options *options,
                               ho_error *err)
{
    bool missing_is_error = options->missing != NULL && strcmp(options->missing, "error") == 0;
    for (size_t r = 0; r < f->rows; r++) {
        if (a->null[r] == 0 && isfinite(a->of[r])) continue;
        if (a->null[r] == 0 && !(isnan(a->of[r]) && options->nan_as_missing))
            return ho_fail(err, HO_ERR_DATA, "%s: row %zu: the amount %g is not finite", f->path, r + 1,
                           a->of[r]);
        if (missing_is_error)
            return ho_fail(err, HO_ERR_DATA, "%s: row %zu has no amount, and missing cells are errors here",
                           f->path, r + 1);
        a->of[r] = 0;
        p->missing++;
    }
    return HO_OK;
}

/* A tall table on its way: its one block of cells is filled in column by column. */
typedef struct tall {
    const ho_foreign *f;
    const ho_tall_columns *columns;
    ho_pivot pivot;
    numbering keys[HO_TALL_PNL]; /* and the strategies */
    amounts amounts;
    ho_status status; /* of the amounts */
    ho_error err;
} tall;

static ho_status make_room(tall *t, ho_error *err)
{
    size_t rows = t->f->rows, keys = 0;
    t->pivot.blocks = HO_NEW(ho_pivot_block, 1);
    if (t->pivot.blocks == NULL) return ho_fail_memory(err, sizeof *t->pivot.blocks, t->f->path);
    HO_TRY(ho_pivot_block_new(rows, &t->pivot.blocks[0], err));
    t->pivot.block_count = 1;
    t->pivot.blocks[0].count = rows;
    t->keys[HO_TALL_STRATEGY].of = t->pivot.blocks[0].strategies;
    t->amounts = (amounts){.path = t->f->path, .of = t->pivot.blocks[0].amounts};
    for (int k = 0; k < HO_PIVOT_KEYS; k++) {
        t->pivot.has[k] = t->columns->at[k] != SIZE_MAX;
        keys += t->pivot.has[k];
    }
    for (int k = 0; k < HO_PIVOT_KEYS; k++) {
        if (!t->pivot.has[k]) continue;
        t->keys[k].of = keys == 1 ? t->pivot.blocks[0].rows : HO_NEW(uint32_t, rows);
        if (t->keys[k].of == NULL) return ho_fail_memory(err, rows * sizeof(uint32_t), t->f->path);
    }
    return HO_OK;
}

static void read_column(tall *t, int k)
{
    const size_t column = t->columns->at[k];
    if (k == HO_TALL_PNL)
        t->status = read_amounts(t->f, column, &t->amounts, &t->err);
    else if (column != SIZE_MAX)
        t->keys[k].status = number_column(t->f, column, k == HO_PIVOT_START || k == HO_PIVOT_END, &t->keys[k],
                                          &t->keys[k].err);
}

/* The first fault is told, in the order of the keys. */
static ho_status read_columns(tall *t, int threads, ho_error *err)
{
    enum { COLUMNS = HO_TALL_PNL + 1 };
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) if (threads > 1)
    for (int i = 0; i < COLUMNS; i++) /* the strategies first: they take longest */
        read_column(t, (HO_TALL_STRATEGY + i) % COLUMNS);
    for (int k = 0; k < HO_TALL_PNL; k++) {
        const numbering *n = &t->keys[k];
        if (n->status != HO_OK) return ho_fail(err, n->status, "%s", n->err.text);
        if (n->nulls > 0 && (k == HO_PIVOT_DATE || k == HO_TALL_STRATEGY))
            return ho_fail(err, HO_ERR_DATA, "%s: row %zu has no %s", t->f->path, n->first_null + 1,
                           k == HO_PIVOT_DATE ? "date" : "strategy");
    }
    return t->status == HO_OK ? HO_OK : ho_fail(err, t->status, "%s", t->err.text);
}

/* Rows of a table by all its keys; neighbours are mostly of one row. */
static ho_status number_rows(tall *t, ho_error *err)
{
    uint32_t *rows = t->pivot.blocks[0].rows, row = 0;
    if (t->keys[HO_PIVOT_DATE].of == rows) {
        for (uint32_t i = 0; i < t->keys[HO_PIVOT_DATE].guess.texts.count; i++) {
            const uint32_t keys[HO_PIVOT_KEYS] = {[HO_PIVOT_DATE] = i};
            HO_TRY(ho_pivot_row(&t->pivot, keys, &row, err));
        }
        return HO_OK;
    }
    uint32_t before[HO_PIVOT_KEYS];
    for (size_t r = 0; r < t->f->rows; r++) {
        uint32_t keys[HO_PIVOT_KEYS] = {0};
        for (int k = 0; k < HO_PIVOT_KEYS; k++)
            if (t->keys[k].of != NULL) keys[k] = t->keys[k].of[r];
        if (r == 0 || memcmp(keys, before, sizeof keys) != 0)
            HO_TRY(ho_pivot_row(&t->pivot, keys, &row, err));
        memcpy(before, keys, sizeof keys);
        rows[r] = row;
    }
    return HO_OK;
}

/* The texts are the pivot's from here on. */
static void hand_texts_over(tall *t)
{
    for (int k = 0; k < HO_TALL_PNL; k++) {
        *(k < HO_PIVOT_KEYS ? &t->pivot.keys[k] : &t->pivot.strategies) = t->keys[k].guess.texts;
        t->keys[k].guess.texts = (ho_texts){0};
    }
}

static void clear(tall *t)
{
    for (int k = 0; k < HO_TALL_PNL; k++) {
        ho_guess_clear(&t->keys[k].guess);
        ho_strings_clear(&t->keys[k].warnings);
        if (k < HO_PIVOT_KEYS && t->keys[k].of != (t->pivot.blocks == NULL ? NULL : t->pivot.blocks[0].rows))
            free(t->keys[k].of);
    }
    free(t->amounts.null);
    ho_pivot_clear(&t->pivot);
}

ho_status ho_foreign_read_tall(const ho_foreign *f, const ho_tall_columns *columns, ho_table_source *source,
                               const ho_load_options *options, int threads, ho_panel **panel,
                               ho_load_report *report, ho_error *err)
{
    tall t = {.f = f, .columns = columns};
    ho_status status = make_room(&t, err);
    if (status == HO_OK) status = read_columns(&t, threads < 1 ? 1 : threads, err);
    if (status == HO_OK) status = judge_amounts(f, &t.amounts, &t.pivot, options, err);
    if (status == HO_OK) status = number_rows(&t, err);
    if (status == HO_OK) {
        hand_texts_over(&t);
        status = ho_pivot_build(&t.pivot, source, options, threads, panel, report, err);
    }
    for (int k = 0; status == HO_OK && k < HO_TALL_PNL; k++) {
        for (size_t i = 0; status == HO_OK && i < t.keys[k].warnings.count; i++)
            status = ho_strings_add(&report->warnings, t.keys[k].warnings.items[i], err);
    }
    clear(&t);
    return status;
}
