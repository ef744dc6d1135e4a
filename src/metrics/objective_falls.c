/* Scans of one slot for swaps above a floor, where candidates are few. Near a top hardly any swap gains, and most fail at
 * one of the same few falls: the sums of all candidates over those intervals are kept, and the set's, so that a bound of a
 * swap costs some additions where a walk takes all periods. The few swaps whose bounds pass are valued as a scan does; an
 * interval that made one of them fail is kept in place of the oldest. */
#include "base/error.h"
#include "base/memory.h"
#include "metrics/objective_parts.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { KEPT = 16 };
static const float half_ulp = FLT_EPSILON / 2;
static const float smallest = 1e-30F;    /* beside errors of numbers that a float has no digits for */
static const double most_products = 4e7; /* to make the matrix with: a hundredth of a second */

/* The periods from .. to - 1. */
typedef struct interval {
    uint32_t from, to;
} interval;

struct ho_falls_room {
    interval kept[KEPT];
    double set[KEPT];           /* an interval: the current set's sum */
    float base[KEPT];           /* the same without a member */
    size_t count, next;         /* next: the oldest, when all are in use */
    double total, pairs;        /* of the current set */
    bool known;                 /* set, total, pairs and dots are of the current set */
    double *dots, *x;           /* columns; periods x HO_EXACT; owned together */
    float *sums;                /* KEPT x columns; owned with what follows */
    float *single_dots, *upper; /* columns */
    uint32_t *passed;           /* columns; owned */
};

static bool is_wanted(const ho_portfolio_objective *o)
{
    const double n = (double)ho_objective_columns(o), periods = (double)ho_objective_periods(o);
    const ho_fitness_plan plan = ho_fitness_plan_new(&o->rule, 1, ho_objective_periods(o));
    return ho_objective_is_smoothed(o) && !plan.only_positive_pairs && !(plan.halved_below > 0) &&
           o->floats != NULL && o->float_digits && n * n * periods <= most_products;
}

static void add_up(const ho_portfolio_objective *o, ho_falls_columns *f)
{
    const size_t periods = ho_objective_periods(o);
    for (size_t i = 0; i < f->count; i++) {
        const double *x = ho_matrix_row(&o->by_strategy, ho_objective_first_of(o, i));
        double size = 0, sum = 0;
        for (size_t t = 0; t < periods; t++) {
            size += fabs(x[t]);
            sum += x[t];
            f->prefix[(t + 1) * f->stride + i] = sum;
        }
        f->total[i] = (float)sum;
        f->largest = fmax(f->largest, size);
        f->lean = fmax(f->lean, size * o->scale[ho_objective_first_of(o, i)]);
    }
}

static void place(const ho_portfolio_objective *o, ho_falls_columns *f)
{
    for (uint32_t i = 0; i < f->count; i++) {
        uint32_t j = ho_objective_first_of(o, i);
        f->column[j] = i;
        while (o->copies.distinct != 0 && (j = o->copies.next[j]) != HO_NOBODY)
            f->column[j] = i;
    }
}

static ho_status multiply(const ho_portfolio_objective *o, ho_falls_columns *f, ho_error *err)
{
    const size_t periods = ho_objective_periods(o);
    double *units = HO_NEW(double, f->count *(periods + 1));
    if (units == NULL) return ho_fail_memory(err, f->count * periods * sizeof *units, "the objective");
    double *dots = units + f->count * periods;
    for (size_t i = 0; i < f->count; i++) {
        const uint32_t j = ho_objective_first_of(o, i);
        const double *x = ho_matrix_row(&o->by_strategy, j);
        for (size_t t = 0; t < periods; t++)
            units[i * periods + t] = (x[t] - o->mean[j]) * o->scale[j];
    }
    const ho_dense all = {.a = units, .rows = f->count, .columns = periods, .stride = periods};
    for (size_t i = 0; i < f->count; i++) {
        o->kernels->dense_dots(&all, units + i * periods, dots);
        for (size_t j = 0; j < f->count; j++)
            f->gram[i * f->stride + j] = (float)dots[j];
    }
    free(units);
    return HO_OK;
}

ho_status ho_objective_make_falls(ho_portfolio_objective *o, ho_error *err)
{
    if (!is_wanted(o)) return HO_OK;
    const size_t periods = ho_objective_periods(o);
    ho_falls_columns *f = &o->falls;
    f->count = ho_objective_columns(o);
    f->stride = (f->count + HO_FALLS_LANES - 1) / HO_FALLS_LANES * HO_FALLS_LANES;
    f->prefix = HO_NEW(double, (periods + 1) * f->stride);
    f->gram = HO_NEW(float, (f->count + 1) * f->stride);
    f->column = HO_NEW(uint32_t, o->panel->values.columns);
    if (f->prefix == NULL || f->gram == NULL || f->column == NULL)
        return ho_fail_memory(err, (periods + f->count) * f->stride * sizeof *f->prefix, "the objective");
    f->total = f->gram + f->count * f->stride;
    place(o, f);
    add_up(o, f);
    return multiply(o, f, err);
}

void ho_objective_free_falls(ho_portfolio_objective *o)
{
    free(o->falls.prefix);
    free(o->falls.gram);
    free(o->falls.column);
    o->falls = (ho_falls_columns){0};
}

ho_status ho_falls_room_new(const ho_portfolio_objective *o, ho_falls_room **room, ho_error *err)
{
    if (o->falls.prefix == NULL) return HO_OK;
    const size_t stride = o->falls.stride, periods = ho_objective_periods(o);
    ho_falls_room *r = HO_NEW(ho_falls_room, 1);
    if (r != NULL) {
        r->dots = HO_NEW(double, stride + periods * HO_EXACT);
        r->sums = HO_NEW(float, (KEPT + 2) * stride);
        r->passed = HO_NEW(uint32_t, stride);
    }
    if (r == NULL || r->dots == NULL || r->sums == NULL || r->passed == NULL) {
        ho_falls_room_free(&r);
        return ho_fail_memory(err, (KEPT * stride + periods * HO_EXACT) * sizeof(double),
                              "a searcher's memory");
    }
    r->x = r->dots + stride;
    r->single_dots = r->sums + KEPT * stride;
    r->upper = r->single_dots + stride;
    *room = r;
    return HO_OK;
}

void ho_falls_room_free(ho_falls_room **room)
{
    ho_falls_room *r = *room;
    if (r == NULL) return;
    free(r->dots);
    free(r->sums);
    free(r->passed);
    free(r);
    *room = NULL;
}

void ho_falls_forget(ho_set_walk *w)
{
    if (w->falls != NULL) w->falls->known = false;
}

static double sum_over(const double *series, interval of)
{
    double sum = 0;
    for (uint32_t t = of.from; t < of.to; t++)
        sum += series[t];
    return sum;
}

static double sum_of(const ho_falls_columns *f, interval of, uint32_t column)
{
    return f->prefix[of.to * f->stride + column] - f->prefix[of.from * f->stride + column];
}

/* What follows from the dots of the current set. */
static void tell_dots(ho_set_walk *w)
{
    ho_falls_room *r = w->falls;
    double sum = 0;
    for (size_t i = 0; i < w->size; i++)
        sum += r->dots[w->o->falls.column[w->members[i]]];
    r->pairs = sum - w->varying;
    for (size_t j = 0; j < w->o->falls.stride; j++)
        r->single_dots[j] = (float)r->dots[j];
}

/* The interval of the deepest fall of a series. */
static interval deepest_of(const ho_set_walk *w, const double *series, const double *x)
{
    const uint32_t periods = (uint32_t)ho_objective_periods(w->o);
    double equity = 0, peak = w->plan.start_peak, drawdown = 0;
    interval now = {0, 0}, deepest = {0, 0};
    for (uint32_t t = 0; t < periods; t++) {
        equity += series[t] + x[t];
        if (equity > peak) {
            peak = equity;
            now.from = t + 1;
        }
        if (!(peak - equity > drawdown)) continue;
        drawdown = peak - equity;
        deepest = (interval){now.from, t + 1};
    }
    return deepest;
}

/* Keeps the interval, unless it is empty or kept. */
static void keep(ho_set_walk *w, interval of)
{
    const ho_falls_columns *f = &w->o->falls;
    ho_falls_room *r = w->falls;
    if (of.from >= of.to) return;
    for (size_t i = 0; i < r->count; i++) {
        if (r->kept[i].from == of.from && r->kept[i].to == of.to) return;
    }
    const size_t at = r->next;
    const double *before = f->prefix + of.from * f->stride, *after = f->prefix + of.to * f->stride;
    float *sums = r->sums + at * f->stride;
    r->next = (at + 1) % KEPT;
    if (r->count < KEPT) r->count++;
    r->kept[at] = of;
    r->set[at] = sum_over(w->series, of);
    for (size_t j = 0; j < f->stride; j++)
        sums[j] = (float)(after[j] - before[j]);
}

static void learn_set(ho_set_walk *w)
{
    const ho_falls_columns *f = &w->o->falls;
    ho_falls_room *r = w->falls;
    for (size_t i = 0; i < r->count; i++)
        r->set[i] = sum_over(w->series, r->kept[i]);
    r->total = sum_over(w->series, (interval){0, (uint32_t)ho_objective_periods(w->o)});
    memset(r->dots, 0, f->stride * sizeof *r->dots);
    for (size_t i = 0; i < w->size; i++) {
        const float *row = f->gram + f->column[w->members[i]] * f->stride;
        for (size_t j = 0; j < f->stride; j++)
            r->dots[j] += (double)row[j];
    }
    tell_dots(w);
    r->known = true;
}

void ho_falls_swapped(ho_set_walk *w, uint32_t out, uint32_t in)
{
    const ho_falls_columns *f = &w->o->falls;
    ho_falls_room *r = w->falls;
    if (r == NULL || !r->known) return;
    out = f->column[out];
    in = f->column[in];
    for (size_t i = 0; i < r->count; i++)
        r->set[i] += sum_of(f, r->kept[i], in) - sum_of(f, r->kept[i], out);
    const interval all = {0, (uint32_t)ho_objective_periods(w->o)};
    r->total += sum_of(f, all, in) - sum_of(f, all, out);
    const float *more = f->gram + in * f->stride, *less = f->gram + out * f->stride;
    for (size_t j = 0; j < f->stride; j++)
        r->dots[j] += (double)more[j] - (double)less[j];
    tell_dots(w);
}

/* Bounds of the slot's swaps into r->upper; returns the largest. With B the sum of sizes of all members and the candidate,
 * no more than largest (size + 1), each fall and gain is off by less than 4 u B, u = 2^-24, and a few roundings in double;
 * the sum of correlations by less than 8 u (size + 2)^2, and where columns hardly vary by the roundings in double, times
 * what their units stretch them, of what it is made of and of the value that it is to bound. */
static float bound_swaps(ho_set_walk *w, size_t slot)
{
    const ho_falls_columns *f = &w->o->falls;
    ho_falls_room *r = w->falls;
    const uint32_t out = f->column[w->members[slot]];
    const interval all = {0, (uint32_t)ho_objective_periods(w->o)};
    const float size = (float)w->size + 2;
    const float steps = 8 * ((float)all.to + 1024) * (float)DBL_EPSILON;
    const float error = size * (float)f->largest * (8 * half_ulp + steps) + smallest;
    const float pairs_error = size * size * (16 * half_ulp + steps * (float)f->lean);
    const double rest = r->pairs - 2 * (r->dots[out] - ho_objective_varies(w->o, w->members[slot]));
    for (size_t i = 0; i < r->count; i++)
        r->base[i] = (float)(r->set[i] - sum_of(f, r->kept[i], out));
    const ho_falls falls = {.intervals = r->count,
                            .stride = f->stride,
                            .x = r->sums,
                            .base = r->base,
                            .total = f->total,
                            .dots = r->single_dots,
                            .leaving = f->gram + out * f->stride,
                            .rest = (float)(r->total - sum_of(f, all, out)) + error,
                            .error = error,
                            .none = (float)w->plan.no_drawdown * (1 + 4 * half_ulp),
                            .stretch = 1 + 16 * half_ulp,
                            .weight = (float)w->plan.pair_weight,
                            .pairs = (float)rest - pairs_error};
    return w->o->kernels->falls_upper(&falls, f->stride, r->upper);
}

/* Values some candidates whose bounds have passed; learns from the first that fails. */
static void value_passed(ho_set_walk *w, const uint32_t *some, size_t count, double floor, ho_swap *best)
{
    double values[HO_EXACT];
    bool learned = false;
    ho_objective_value_some(w, 0, some, count, w->falls->x, values);
    for (size_t i = 0; i < count; i++) {
        const bool first = values[i] == best->value && some[i] < best->in;
        if (values[i] > floor && (values[i] > best->value || first)) {
            best->value = values[i];
            best->in = some[i];
        } else if (!learned) {
            keep(w, deepest_of(w, w->bases, ho_matrix_row(&w->o->by_strategy, some[i])));
            learned = true;
        }
    }
}

/* The columns whose bounds are above the floor into r->passed. */
static size_t find_passed(const ho_set_walk *w, double floor)
{
    ho_falls_room *r = w->falls;
    size_t count = 0;
    for (uint32_t i = 0; i < w->o->falls.count; i++) {
        r->passed[count] = i;
        count += (double)r->upper[i] > floor;
    }
    return count;
}

void ho_objective_scan_above(void *walk, size_t slot, double floor, const uint8_t *open, ho_swap *best)
{
    ho_set_walk *w = walk;
    ho_falls_room *r = w->falls;
    const ho_copies *copies = w->o->copies.distinct != 0 ? &w->o->copies : NULL;
    const ho_candidates among = {open, 0, (uint32_t)w->o->panel->values.columns};
    uint32_t some[HO_EXACT];
    size_t count = 0;
    bool prepared = false;
    *best = (ho_swap){.slot = (uint32_t)slot, .in = HO_NOBODY, .value = -INFINITY};
    if (!r->known) learn_set(w);
    if (!((double)bound_swaps(w, slot) > floor)) return;
    const size_t passed = find_passed(w, floor);
    for (size_t i = 0; i < passed; i++) {
        const uint32_t j = copies != NULL ? ho_standing_for(copies, r->passed[i], &among) : r->passed[i];
        if (j != HO_NOBODY && open[j] != 0) some[count++] = j;
        if (count == 0 || (count < HO_EXACT && i + 1 < passed)) continue;
        if (!prepared) ho_objective_prepare_slot(w, slot);
        prepared = true;
        value_passed(w, some, count, floor, best);
        count = 0;
    }
}
