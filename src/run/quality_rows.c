/* What is odd about the rows of a table: dates that lack, rows that repeat. */
#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "panel/panel.h"
#include "run/quality.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { A_WEEK = 7, SATURDAY = 5 };

static ho_status look_at_dates(const ho_finder *f, ho_error *err)
{
    const ho_panel *p = f->panel;
    char day[16], other[16];
    for (size_t t = 0; t < p->values.rows; t++) {
        int32_t date = p->periods[t].date, before = t == 0 ? date - 1 : p->periods[t - 1].date;
        if (date == before) continue;
        if (ho_date_weekday(date) >= SATURDAY)
            HO_TRY(ho_found(f, HO_FOUND_WEEKENDS, err, "%s, a %s", ho_date_print(date, day),
                            ho_weekday_name(ho_date_weekday(date))));
        if (date - before > A_WEEK) {
            HO_TRY(ho_found(f, HO_FOUND_GAPS, err, "%s to %s: %d days", ho_date_print(before, day),
                            ho_date_print(date, other), date - before));
            continue;
        }
        for (int32_t missing = before + 1; missing < date; missing++) {
            if (ho_date_weekday(missing) < SATURDAY)
                HO_TRY(ho_found(f, HO_FOUND_WEEKDAYS, err, "%s, a %s", ho_date_print(missing, day),
                                ho_weekday_name(ho_date_weekday(missing))));
        }
    }
    return HO_OK;
}

static size_t end_of_date(const ho_panel *p, size_t first)
{
    size_t past = first + 1;
    while (past < p->values.rows && p->periods[past].date == p->periods[first].date)
        past++;
    return past;
}

static ho_status look_at_zones(const ho_finder *f, ho_error *err)
{
    const ho_panel *p = f->panel;
    size_t most = 0;
    char day[16];
    for (size_t first = 0, past; first < p->values.rows; first = past) {
        past = end_of_date(p, first);
        most = past - first > most ? past - first : most;
    }
    for (size_t first = 0, past; first < p->values.rows; first = past) {
        past = end_of_date(p, first);
        if (past - first < most)
            HO_TRY(ho_found(f, HO_FOUND_ZONES, err, "%s: %zu of %zu",
                            ho_date_print(p->periods[first].date, day), past - first, most));
    }
    return HO_OK;
}

typedef struct row_hash {
    uint64_t hash;
    size_t row;
} row_hash;

static int by_hash(const void *a, const void *b)
{
    const row_hash *x = a, *y = b;
    if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static bool all_zero(const double *row, size_t count)
{
    for (size_t j = 0; j < count; j++) {
        if (row[j] != 0) return false;
    }
    return true;
}

static ho_status look_at_rows(const ho_finder *f, row_hash *rows, ho_error *err)
{
    const ho_matrix *m = &f->panel->values;
    char day[16], other[16];
    size_t count = 0;
    for (size_t t = 0; t < m->rows; t++) {
        const double *row = ho_matrix_row(m, t);
        if (all_zero(row, m->columns))
            HO_TRY(ho_found(f, HO_FOUND_ZERO_ROWS, err, "%s", ho_date_print(f->panel->periods[t].date, day)));
        else
            rows[count++] = (row_hash){XXH3_64bits(row, m->columns * sizeof *row), t};
    }
    qsort(rows, count, sizeof *rows, by_hash);
    for (size_t i = 1; i < count; i++) {
        size_t a = rows[i - 1].row, b = rows[i].row;
        if (rows[i].hash == rows[i - 1].hash &&
            memcmp(ho_matrix_row(m, a), ho_matrix_row(m, b), m->columns * sizeof(double)) == 0)
            HO_TRY(ho_found(f, HO_FOUND_ROWS, err, "%s is %s again",
                            ho_date_print(f->panel->periods[b].date, day),
                            ho_date_print(f->panel->periods[a].date, other)));
    }
    return HO_OK;
}

ho_status ho_quality_rows(const ho_finder *f, ho_error *err)
{
    HO_TRY(look_at_dates(f, err));
    HO_TRY(look_at_zones(f, err));
    row_hash *rows = HO_NEW(row_hash, f->panel->values.rows);
    if (rows == NULL) return ho_fail_memory(err, f->panel->values.rows * sizeof *rows, "the rows of a table");
    ho_status status = look_at_rows(f, rows, err);
    free(rows);
    return status;
}
