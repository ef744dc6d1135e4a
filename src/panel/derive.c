/* Panels and matrices made from a panel: days out of zone rows, unit columns. */
#include "base/error.h"
#include "base/memory.h"
#include "panel/panel.h"

#include <math.h>
#include <string.h>

static ho_status copy_labels(const ho_panel *from, ho_panel *to, ho_error *err)
{
    for (size_t i = 0; i < from->zones.count; i++)
        HO_TRY(ho_strings_add(&to->zones, from->zones.items[i], err));
    for (size_t i = 0; i < from->regimes.count; i++)
        HO_TRY(ho_strings_add(&to->regimes, from->regimes.items[i], err));
    return HO_OK;
}

static ho_status copy_names(const ho_panel *from, ho_panel *to, ho_error *err)
{
    size_t count = from->values.columns;
    size_t *lengths = HO_NEW(size_t, count);
    if (lengths == NULL) return ho_fail_memory(err, count * sizeof *lengths, "name lengths");
    for (size_t i = 0; i < count; i++)
        lengths[i] = strlen(from->names[i]);
    ho_status status = ho_panel_set_names(to, (const char *const *)from->names, lengths, err);
    free(lengths);
    return status;
}

static void sum_day(const ho_panel *rows, size_t first, size_t last, ho_panel *days, size_t day)
{
    size_t n = rows->values.columns;
    double *out = ho_matrix_row(&days->values, day);
    memcpy(out, ho_matrix_row(&rows->values, first), n * sizeof *out);
    for (size_t t = first + 1; t < last; t++) {
        const double *row = ho_matrix_row(&rows->values, t);
        for (size_t j = 0; j < n; j++)
            out[j] += row[j];
    }
    ho_period *period = &days->periods[day];
    *period = rows->periods[first];
    if (last - first == 1) return;
    period->start = period->end = period->zone = period->regime = -1;
    period->confidence = 1;
    period->transition = 0;
    for (size_t t = first + 1; t < last; t++)
        period->capital = fmax(period->capital, rows->periods[t].capital);
}

ho_status ho_panel_by_day(const ho_panel *rows, ho_panel **days, ho_error *err)
{
    ho_panel *out = NULL;
    HO_TRY(ho_panel_new(ho_panel_dates(rows), rows->values.columns, &out, err));
    ho_status status = copy_labels(rows, out, err);
    if (status == HO_OK) status = copy_names(rows, out, err);
    if (status != HO_OK) {
        ho_panel_free(&out);
        return status;
    }
    size_t day = 0;
    for (size_t first = 0, last; first < rows->values.rows; first = last) {
        for (last = first + 1; last < rows->values.rows; last++) {
            if (rows->periods[last].date != rows->periods[first].date) break;
        }
        sum_day(rows, first, last, out, day++);
    }
    *days = out;
    return HO_OK;
}

enum { LANES = 64 };

/* One block of columns; two passes, so that the mean is exact to the last bits before squares are summed. */
static void unit_block(const ho_matrix *x, ho_matrix *z, size_t first, size_t count)
{
    double mean[LANES] = {0}, low[LANES], high[LANES], norm[LANES] = {0};
    for (size_t j = 0; j < count; j++) {
        low[j] = INFINITY;
        high[j] = -INFINITY;
    }
    for (size_t t = 0; t < x->rows; t++) {
        const double *row = ho_matrix_row(x, t) + first;
        for (size_t j = 0; j < count; j++) {
            mean[j] += row[j];
            low[j] = row[j] < low[j] ? row[j] : low[j];
            high[j] = row[j] > high[j] ? row[j] : high[j];
        }
    }
    for (size_t j = 0; j < count; j++)
        mean[j] /= (double)x->rows;
    for (size_t t = 0; t < x->rows; t++) {
        const double *row = ho_matrix_row(x, t) + first;
        for (size_t j = 0; j < count; j++)
            norm[j] += (row[j] - mean[j]) * (row[j] - mean[j]);
    }
    for (size_t j = 0; j < count; j++)
        norm[j] = high[j] > low[j] && norm[j] > 0 ? 1 / sqrt(norm[j]) : 0;
    for (size_t t = 0; t < x->rows; t++) {
        const double *row = ho_matrix_row(x, t) + first;
        double *out = ho_matrix_row(z, t) + first;
        for (size_t j = 0; j < count; j++)
            out[j] = (row[j] - mean[j]) * norm[j];
    }
}

ho_status ho_panel_unit_columns(const ho_panel *panel, int threads, ho_matrix *units, ho_error *err)
{
    const ho_matrix *x = &panel->values;
    HO_TRY(ho_matrix_new(x->rows, x->columns, units, err));
    size_t blocks = (x->columns + LANES - 1) / LANES;
#pragma omp parallel for schedule(static) num_threads(threads) if (threads > 1)
    for (size_t b = 0; b < blocks; b++) {
        size_t left = x->columns - b * LANES;
        unit_block(x, units, b * LANES, left < LANES ? left : LANES);
    }
    return HO_OK;
}
