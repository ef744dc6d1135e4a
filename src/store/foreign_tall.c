#include "store/foreign_tall.h"

#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "store/formats.h"
#include "store/number.h"
#include "store/timezone.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    A_DAY = 86400,
    HALF_DAY = A_DAY / 2,
    HOUR = 3600,
    CELL = 32,
    LONGEST = 20,
    MOST_DAYS = 3660000 /* of the years 1 to 9999 */
};

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

/* The time of day that all moments share, an hour up or down for summer; -1: they do not. */
static int32_t shared_time(const ho_foreign *f, const int32_t *seconds, const uint8_t *null)
{
    int32_t least = A_DAY, most = -1;
    for (size_t r = 0; r < f->rows; r++) {
        if (null[r] != 0) continue;
        least = seconds[r] < least ? seconds[r] : least;
        most = seconds[r] > most ? seconds[r] : most;
    }
    return most >= 0 && most - least <= HOUR ? most : -1;
}

ho_status ho_foreign_localize(const ho_foreign *f, size_t column, int32_t *days, int32_t *seconds,
                              const uint8_t *null, ho_strings *warnings, ho_error *err)
{
    const char *name = ho_foreign_zone(f, column);
    ho_timezone zone = {0};
    if (*name == '\0') return HO_OK;
    if (ho_timezone_find(name, &zone)) {
        for (size_t r = 0; r < f->rows; r++)
            if (null[r] == 0) ho_timezone_apply(&zone, &days[r], &seconds[r]);
        ho_timezone_clear(&zone);
        return HO_OK;
    }
    int32_t time = shared_time(f, seconds, null);
    if (time <= 0)
        return ho_strings_printf(warnings, err,
                                 "column \"%s\" is in a time zone that is not known here (%s); it was "
                                 "read as UTC",
                                 f->columns[column].name, name);
    for (size_t r = 0; r < f->rows; r++) {
        days[r] += seconds[r] >= HALF_DAY;
        seconds[r] = 0;
    }
    return ho_strings_printf(
        warnings, err, "column \"%s\" holds %02d:%02d UTC in every row: taken for midnight in its time zone",
        f->columns[column].name, time / HOUR, time / 60 % 60);
}

/* Each row's number of a text, by a column of any kind. */
typedef struct numbering {
    ho_texts *texts;
    uint32_t *of; /* rows */
    size_t nulls, first_null;
} numbering;

static ho_status take_number(void *user, size_t row, const char *text, size_t length, bool null,
                             ho_error *err)
{
    numbering *n = user;
    if (null && n->nulls++ == 0) n->first_null = row;
    /* neighbours are often equal, and a look is cheaper than a hash */
    if (row > 0) {
        size_t before = 0;
        const char *last = ho_texts_at(n->texts, n->of[row - 1], &before);
        if (before == length && memcmp(last, text != NULL ? text : "", length) == 0) {
            n->of[row] = n->of[row - 1];
            return HO_OK;
        }
    }
    return ho_texts_add(n->texts, text != NULL ? text : "", length, &n->of[row], err);
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

static ho_status number_moments(const ho_foreign *f, size_t column, bool time, numbering *n,
                                ho_strings *warnings, ho_error *err)
{
    int32_t *days = HO_NEW(int32_t, f->rows), *seconds = HO_NEW(int32_t, f->rows);
    uint8_t *null = HO_NEW(uint8_t, f->rows);
    ho_status status = days == NULL || seconds == NULL || null == NULL
                           ? ho_fail_memory(err, f->rows * 9, f->path)
                           : ho_foreign_days(f, column, days, seconds, null, err);
    if (status == HO_OK) status = ho_foreign_localize(f, column, days, seconds, null, warnings, err);
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
        int length = snprintf(cell, sizeof cell, "%.17g", values[r]);
        status = take_number(n, r, cell, none ? 0 : (size_t)length, none, err);
    }
    free(values);
    free(null);
    return status;
}

static ho_status number_column(const ho_foreign *f, size_t column, bool time, numbering *n,
                               ho_strings *warnings, ho_error *err)
{
    n->of = HO_NEW(uint32_t, f->rows);
    if (n->of == NULL) return ho_fail_memory(err, f->rows * sizeof *n->of, f->path);
    switch (f->columns[column].kind) {
    case HO_ARROW_TEXT:
        return ho_foreign_texts(f, column, take_number, n, err);
    case HO_ARROW_NUMBER:
        return number_numbers(f, column, n, err);
    case HO_ARROW_DAY:
    case HO_ARROW_TIME:
        return number_moments(f, column, time, n, warnings, err);
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
    a->path = f->path;
    a->of = HO_NEW(double, f->rows);
    a->null = HO_NEW(uint8_t, f->rows);
    if (a->of == NULL || a->null == NULL) return ho_fail_memory(err, f->rows * 9, f->path);
    if (f->columns[column].kind == HO_ARROW_TEXT) return ho_foreign_texts(f, column, take_amount, a, err);
    if (f->columns[column].kind == HO_ARROW_NUMBER)
        return ho_foreign_numbers(f, column, a->of, 1, a->null, err);
    return ho_fail(err, HO_ERR_DATA, "%s: column \"%s\" holds no numbers", f->path, f->columns[column].name);
}

static ho_status add_rows(const ho_foreign *f, const numbering *n, const amounts *a, ho_pivot *p,
                          const ho_load_options *options, ho_error *err)
{
    bool missing_is_error = options->missing != NULL && strcmp(options->missing, "error") == 0;
    for (size_t r = 0; r < f->rows; r++) {
        uint32_t row = 0, keys[HO_PIVOT_KEYS] = {0};
        bool none = a->null[r] != 0 || (isnan(a->of[r]) && options->nan_as_missing);
        for (int k = 0; k < HO_PIVOT_KEYS; k++)
            if (n[k].of != NULL) keys[k] = n[k].of[r];
        if (none && missing_is_error)
            return ho_fail(err, HO_ERR_DATA, "%s: row %zu has no amount, and missing cells are errors here",
                           f->path, r + 1);
        if (!none && !isfinite(a->of[r]))
            return ho_fail(err, HO_ERR_DATA, "%s: row %zu: the amount %g is not finite", f->path, r + 1,
                           a->of[r]);
        p->missing += none;
        HO_TRY(ho_pivot_row(p, keys, &row, err));
        HO_TRY(ho_pivot_add(p, row, n[HO_TALL_STRATEGY].of[r], none ? 0 : a->of[r], err));
    }
    return HO_OK;
}

ho_status ho_foreign_read_tall(const ho_foreign *f, const ho_tall_columns *columns, ho_table_source *source,
                               const ho_load_options *options, int threads, ho_panel **panel,
                               ho_load_report *report, ho_error *err)
{
    ho_pivot p = {0};
    ho_strings warnings = {0};
    amounts a = {0};
    numbering n[HO_TALL_PNL] = {[HO_TALL_STRATEGY] = {.texts = &p.strategies}};
    for (int k = 0; k < HO_PIVOT_KEYS; k++)
        n[k].texts = &p.keys[k];
    ho_status status = HO_OK;
    for (int k = 0; status == HO_OK && k < HO_TALL_PNL; k++) {
        if (k < HO_PIVOT_KEYS) p.has[k] = columns->at[k] != SIZE_MAX;
        if (columns->at[k] == SIZE_MAX) continue;
        status = number_column(f, columns->at[k], (k == HO_PIVOT_START || k == HO_PIVOT_END), &n[k],
                               &warnings, err);
        if (status == HO_OK && n[k].nulls > 0 && (k == HO_PIVOT_DATE || k == HO_TALL_STRATEGY))
            status = ho_fail(err, HO_ERR_DATA, "%s: row %zu has no %s", f->path, n[k].first_null + 1,
                             k == HO_PIVOT_DATE ? "date" : "strategy");
    }
    if (status == HO_OK) status = read_amounts(f, columns->at[HO_TALL_PNL], &a, err);
    if (status == HO_OK) status = add_rows(f, n, &a, &p, options, err);
    if (status == HO_OK) status = ho_pivot_build(&p, source, options, threads, panel, report, err);
    for (size_t i = 0; status == HO_OK && i < warnings.count; i++)
        status = ho_strings_add(&report->warnings, warnings.items[i], err);
    for (int k = 0; k < HO_TALL_PNL; k++)
        free(n[k].of);
    free(a.of);
    free(a.null);
    ho_strings_clear(&warnings);
    ho_pivot_clear(&p);
    return status;
}
