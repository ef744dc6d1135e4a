/* Strategies that are made of another: its running sum, its drawdown. Each series is folded into one number by a sum
 * with fixed weights; a column that is made of another has the number that the other's running sum or drawdown has.
 * So N columns take one sort and N look-ups, and the few that fit are compared cell by cell. */
#include "base/error.h"
#include "base/memory.h"
#include "base/rng.h"
#include "panel/panel.h"
#include "run/quality.h"

#include <math.h>
#include <stdlib.h>

#define TOLERANCE 1e-9 /* of the largest cell: the sums were rounded on the way */

enum { FEWEST = 5 /* rows: fewer fit by chance */ };

typedef struct fold {
    double number, scale;
    size_t column;
} fold;

static int by_number(const void *a, const void *b)
{
    const fold *x = a, *y = b;
    if (x->number != y->number) return x->number < y->number ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

/* The column itself, its running sum, its drawdown (0 or below) as series. */
enum { ITSELF, RUNNING, DRAWDOWN };

typedef struct walk {
    double sum, peak;
} walk;

static double step(walk *w, int kind, double value)
{
    if (kind == ITSELF) return value;
    w->sum += value;
    w->peak = fmax(w->peak, w->sum);
    return kind == RUNNING ? w->sum : w->sum - w->peak;
}

static fold fold_of(const ho_matrix *m, size_t column, int kind, const double *weights)
{
    fold f = {.column = column};
    walk w = {0};
    for (size_t t = 0; t < m->rows; t++) {
        double value = step(&w, kind, ho_matrix_row(m, t)[column]);
        f.number += weights[t] * value;
        f.scale = fmax(f.scale, fabs(value));
    }
    return f;
}

/* Whether the column `of` is sign times that series of `source`. */
static bool is_made(const ho_matrix *m, size_t of, size_t source, int kind, double sign, double scale)
{
    walk w = {0};
    for (size_t t = 0; t < m->rows; t++) {
        const double *row = ho_matrix_row(m, t);
        if (fabs(row[of] - sign * step(&w, kind, row[source])) > TOLERANCE * scale) return false;
    }
    return true;
}

static ho_status look_up(const ho_finder *f, const fold *sorted, const fold *made, int kind, double sign,
                         ho_error *err)
{
    const ho_matrix *m = &f->panel->values;
    double number = sign * made->number, room = TOLERANCE * made->scale * (double)m->rows;
    size_t low = 0, high = m->columns;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle].number < number - room)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < m->columns && sorted[low].number <= number + room; low++) {
        size_t of = sorted[low].column;
        if (of == made->column || !is_made(m, of, made->column, kind, sign, made->scale)) continue;
        HO_TRY(ho_found(f, kind == RUNNING ? HO_FOUND_RUNNING : HO_FOUND_DRAWDOWN, err, "%s, of %s",
                        f->panel->names[of], f->panel->names[made->column]));
    }
    return HO_OK;
}

/* A column that moves on one day only is its own running sum, or nearly: it takes two to tell. */
static bool moves(const ho_matrix *m, size_t column)
{
    size_t days = 0;
    for (size_t t = 0; t < m->rows && days < 2; t++)
        days += ho_matrix_row(m, t)[column] != 0;
    return days == 2;
}

ho_status ho_quality_derived(const ho_finder *f, ho_error *err)
{
    const ho_matrix *m = &f->panel->values;
    if (m->rows < FEWEST) return HO_OK;
    double *weights = HO_NEW(double, m->rows);
    fold *folds = HO_NEW(fold, m->columns);
    ho_status status = weights == NULL || folds == NULL
                           ? ho_fail_memory(err, m->columns * sizeof *folds, "the columns of a table")
                           : HO_OK;
    ho_rng rng = ho_rng_new(1, "quality", 0);
    for (size_t t = 0; status == HO_OK && t < m->rows; t++)
        weights[t] = 0.5 + ho_rng_unit(&rng);
    for (size_t j = 0; status == HO_OK && j < m->columns; j++)
        folds[j] = fold_of(m, j, ITSELF, weights);
    if (status == HO_OK) qsort(folds, m->columns, sizeof *folds, by_number);
    for (size_t j = 0; status == HO_OK && j < m->columns; j++) {
        if (!moves(m, j)) continue;
        for (int kind = RUNNING; status == HO_OK && kind <= DRAWDOWN; kind++) {
            fold made = fold_of(m, j, kind, weights);
            if (made.scale == 0) continue;
            status = look_up(f, folds, &made, kind, 1, err);
            if (status == HO_OK && kind == DRAWDOWN) status = look_up(f, folds, &made, kind, -1, err);
        }
    }
    free(weights);
    free(folds);
    return status;
}
