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

/* The names of `strategies`, or of all when NULL. */
static ho_status copy_names(const ho_panel *from, const uint32_t *strategies, size_t count, ho_panel *to,
                            ho_error *err)
{
    size_t *lengths = HO_NEW(size_t, count);
    const char **names = HO_NEW(const char *, count);
    ho_status status = HO_OK;
    if (lengths == NULL || names == NULL) {
        status = ho_fail_memory(err, count * sizeof *names, "a panel's names");
    } else {
        for (size_t i = 0; i < count; i++) {
            names[i] = from->names[strategies != NULL ? strategies[i] : i];
            lengths[i] = strlen(names[i]);
        }
        status = ho_panel_set_names(to, names, lengths, err);
    }
    free(lengths);
    free(names);
    return status;
}

/* A panel like `from` in labels and names, with room for `periods` rows of the chosen strategies. */
static ho_status new_like(const ho_panel *from, size_t periods, const uint32_t *strategies, size_t count,
                          ho_panel **panel, ho_error *err)
{
    ho_panel *out = NULL;
    HO_TRY(ho_panel_new(periods, count, &out, err));
    ho_status status = copy_labels(from, out, err);
    if (status == HO_OK) status = copy_names(from, strategies, count, out, err);
    if (status == HO_OK)
        *panel = out;
    else
        ho_panel_free(&out);
    return status;
}

ho_status ho_panel_cut(const ho_panel *panel, size_t first, size_t periods, const uint32_t *strategies,
                       size_t count, ho_panel **cut, ho_error *err)
{
    ho_panel *out = NULL;
    HO_TRY(new_like(panel, periods, strategies, count, &out, err));
    memcpy(out->periods, panel->periods + first, periods * sizeof *out->periods);
    for (size_t t = 0; panel->values.data != NULL && t < periods; t++) {
        const double *from = ho_matrix_row(&panel->values, first + t);
        double *to = ho_matrix_row(&out->values, t);
        if (strategies == NULL) memcpy(to, from, count * sizeof *to);
        for (size_t i = 0; strategies != NULL && i < count; i++)
            to[i] = from[strategies[i]];
    }
    *cut = out;
    return HO_OK;
}

ho_status ho_panel_choose(const ho_panel *panel, const uint32_t *strategies, size_t count, ho_panel **chosen,
                          ho_error *err)
{
    return ho_panel_cut(panel, 0, panel->values.rows, strategies, count, chosen, err);
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
    HO_TRY(new_like(rows, ho_panel_dates(rows), NULL, rows->values.columns, &out, err));
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
static void scale_block(const ho_matrix *x, size_t first, size_t count, double *mean, double *scale)
{
    double low[LANES], high[LANES], square[LANES] = {0};
    for (size_t j = 0; j < count; j++) {
        mean[j] = 0;
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
            square[j] += (row[j] - mean[j]) * (row[j] - mean[j]);
    }
    for (size_t j = 0; j < count; j++)
        scale[j] = high[j] > low[j] && square[j] > 0 ? 1 / sqrt(square[j]) : 0;
}

void ho_panel_scales(const ho_panel *panel, int threads, double *mean, double *scale)
{
    const ho_matrix *x = &panel->values;
    size_t blocks = (x->columns + LANES - 1) / LANES;
#pragma omp parallel for schedule(static) num_threads(threads) if (threads > 1)
    for (size_t b = 0; b < blocks; b++) {
        size_t first = b * LANES, left = x->columns - first;
        scale_block(x, first, left < LANES ? left : LANES, mean + first, scale + first);
    }
}
