/* The order of the rows, and rows of one period made one. */
#include "store/csv_rows.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"

#include <math.h>
#include <string.h>

static int compare(const ho_panel *panel, const ho_period *a, const ho_period *b)
{
    if (a->date != b->date) return a->date < b->date ? -1 : 1;
    if (a->start != b->start) return a->start < b->start ? -1 : 1;
    if (a->zone == b->zone) return 0;
    return strcmp(ho_panel_zone(panel, a->zone), ho_panel_zone(panel, b->zone));
}

static int by_period(const void *a, const void *b, void *room)
{
    const ho_panel *panel = room;
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    int order = compare(panel, &panel->periods[x], &panel->periods[y]);
    return order != 0 ? order : (x > y) - (x < y);
}

static bool sorted(const ho_panel *panel)
{
    for (size_t t = 1; t < panel->values.rows; t++) {
        if (compare(panel, &panel->periods[t - 1], &panel->periods[t]) > 0) return false;
    }
    return true;
}

/* Row t becomes what row from[t] was, cycle by cycle, with one row of room. from is used up. */
static void permute(ho_panel *panel, size_t *from, double *row)
{
    size_t bytes = panel->values.columns * sizeof *row;
    for (size_t t = 0; t < panel->values.rows; t++) {
        if (from[t] == t) continue;
        memcpy(row, ho_matrix_row(&panel->values, t), bytes);
        ho_period period = panel->periods[t];
        size_t at = t;
        while (from[at] != t) {
            size_t next = from[at];
            memcpy(ho_matrix_row(&panel->values, at), ho_matrix_row(&panel->values, next), bytes);
            panel->periods[at] = panel->periods[next];
            from[at] = at;
            at = next;
        }
        memcpy(ho_matrix_row(&panel->values, at), row, bytes);
        panel->periods[at] = period;
        from[at] = at;
    }
}

static void sort_order(ho_panel *panel, size_t rows, size_t *from)
{
    for (size_t t = 0; t < rows; t++)
        from[t] = t;
    qsort_r(from, rows, sizeof *from, by_period, panel);
}

static ho_status sort_rows(const char *name, ho_panel *panel, ho_error *err)
{
    if (sorted(panel)) return HO_OK;
    size_t rows = panel->values.rows, columns = panel->values.columns;
    size_t *from = HO_NEW(size_t, rows);
    double *row = HO_NEW(double, columns);
    if (from == NULL || row == NULL) {
        free(from);
        free(row);
        return ho_fail_memory(err, (rows + columns) * sizeof *row, name);
    }
    sort_order(panel, rows, from);
    permute(panel, from, row);
    free(from);
    free(row);
    return HO_OK;
}

static bool add_rows(ho_panel *panel, size_t into, size_t t)
{
    double *a = ho_matrix_row(&panel->values, into);
    const double *b = ho_matrix_row(&panel->values, t);
    bool finite = true;
    for (size_t c = 0; c < panel->values.columns; c++) {
        a[c] += b[c];
        finite = finite && isfinite(a[c]);
    }
    panel->periods[into].capital = fmax(panel->periods[into].capital, panel->periods[t].capital);
    return finite;
}

static ho_status refuse_sum(const char *name, ho_error *err)
{
    return ho_fail(err, HO_ERR_DATA, "%s: the sum of rows with equal date, zone and start is too large",
                   name);
}

static ho_status tell_sums(size_t summed, ho_load_report *report, ho_error *err)
{
    report->summed_rows = (int64_t)summed;
    if (summed == 0) return HO_OK;
    return ho_strings_printf(&report->warnings, err,
                             "rows summed into another of the same date, zone and start time: %zu", summed);
}

static ho_status sum_rows(const char *name, ho_panel *panel, ho_load_report *report, ho_error *err)
{
    size_t kept = 0, rows = panel->values.rows;
    for (size_t t = 1; t < rows; t++) {
        if (compare(panel, &panel->periods[kept], &panel->periods[t]) == 0) {
            if (!add_rows(panel, kept, t)) return refuse_sum(name, err);
            continue;
        }
        if (++kept == t) continue;
        memcpy(ho_matrix_row(&panel->values, kept), ho_matrix_row(&panel->values, t),
               panel->values.columns * sizeof(double));
        panel->periods[kept] = panel->periods[t];
    }
    panel->values.rows = kept + 1;
    return tell_sums(rows - panel->values.rows, report, err);
}

/* Periods in the order of the pile's rows, those of rows that agree made one; starts as the pile wants them. Returns
 * how many are left. */
static size_t sum_periods(const ho_row_pile *pile, ho_panel *panel, size_t *starts, ho_period *sorted)
{
    size_t kept = 0;
    for (size_t k = 0; k < pile->stored; k++) {
        const ho_period *now = &panel->periods[pile->order != NULL ? pile->order[k] : k];
        if (k > 0 && compare(panel, &sorted[kept - 1], now) == 0) {
            sorted[kept - 1].capital = fmax(sorted[kept - 1].capital, now->capital);
            continue;
        }
        starts[kept] = k;
        sorted[kept++] = *now;
    }
    starts[kept] = pile->stored;
    return kept;
}

/* The sums of a pile are made when they are read; here it is seen that they can be. */
static ho_status check_sums(const char *name, ho_row_pile *pile, ho_error *err)
{
    const ho_row_source rows = ho_rows_of_pile(pile);
    for (size_t t = 0; t < pile->rows; t++) {
        ho_matrix row;
        if (pile->starts[t + 1] == pile->starts[t] + 1) continue;
        HO_TRY(ho_rows_take(&rows, t, 1, &row, err));
        for (size_t c = 0; c < row.columns; c++) {
            if (!isfinite(row.data[c])) return refuse_sum(name, err);
        }
    }
    return HO_OK;
}

static ho_status arrange_pile(const char *name, ho_row_pile *pile, ho_panel *panel, ho_load_report *report,
                              ho_error *err)
{
    const size_t rows = pile->stored;
    if (!sorted(panel)) {
        pile->order = HO_NEW(size_t, rows);
        if (pile->order == NULL) return ho_fail_memory(err, rows * sizeof(size_t), name);
        sort_order(panel, rows, pile->order);
    }
    pile->starts = HO_NEW(size_t, rows + 1);
    ho_period *periods = HO_NEW(ho_period, rows);
    if (pile->starts == NULL || periods == NULL) {
        free(periods);
        return ho_fail_memory(err, rows * sizeof *periods, name);
    }
    pile->rows = panel->values.rows = sum_periods(pile, panel, pile->starts, periods);
    free(panel->periods);
    panel->periods = periods;
    HO_TRY(check_sums(name, pile, err));
    return tell_sums(rows - pile->rows, report, err);
}

static ho_status renumber(ho_panel *panel, ho_strings *labels, size_t offset, ho_error *err)
{
    ho_strings fresh = {0};
    int32_t *now = HO_NEW(int32_t, labels->count);
    if (now == NULL) return ho_fail_memory(err, labels->count * sizeof *now, "labels");
    for (size_t i = 0; i < labels->count; i++)
        now[i] = -1;
    ho_status status = HO_OK;
    for (size_t t = 0; t < panel->values.rows && status == HO_OK; t++) {
        int32_t *number = (int32_t *)(void *)((char *)&panel->periods[t] + offset);
        if (*number < 0) continue;
        if (now[*number] < 0) {
            status = ho_strings_add(&fresh, labels->items[*number], err);
            now[*number] = (int32_t)fresh.count - 1;
        }
        *number = now[*number];
    }
    free(now);
    if (status != HO_OK) {
        ho_strings_clear(&fresh);
        return status;
    }
    ho_strings_clear(labels);
    *labels = fresh;
    return HO_OK;
}

ho_status ho_csv_rows_arrange(const char *name, ho_panel *panel, ho_row_pile *pile, ho_load_report *report,
                              ho_error *err)
{
    if (pile != NULL) {
        HO_TRY(arrange_pile(name, pile, panel, report, err));
    } else {
        HO_TRY(sort_rows(name, panel, err));
        HO_TRY(sum_rows(name, panel, report, err));
    }
    HO_TRY(renumber(panel, &panel->zones, offsetof(ho_period, zone), err));
    return renumber(panel, &panel->regimes, offsetof(ho_period, regime), err);
}
