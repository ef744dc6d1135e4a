#include "bound/certificate.h"

#include "base/error.h"
#include "base/memory.h"
#include "kernels/device/device.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Half a unit in the last place, relative, of each operation. A sum of n products by plain addition is within
 * n * HALF_ULP * sum of |product|, up to second order, for which the few operations more pay. */
static const double half_ulp = DBL_EPSILON / 2;

/* L: what a unit of depth can be made to pay. A y is a mixture of intervals that end where it falls; losses are held
 * period by period. */
static double length_of(const ho_bound_base *b, const double *y)
{
    double length = 0;
    for (size_t t = 0; t < b->periods; t++) {
        if (b->goal.depth == HO_DEPTH_LOSSES) {
            length = y[t] > length ? y[t] : length;
            continue;
        }
        double fall = y[t] - (t + 1 < b->periods ? y[t + 1] : 0);
        length += fall > 0 ? fall : 0;
    }
    return length * (1 + (double)(b->periods + 4) * DBL_EPSILON);
}

/* The dots of all columns, made bounds of the true numbers. */
static void finish(const ho_bound_base *b, ho_certificate *c)
{
    const ho_bound_columns *cs = &b->columns;
    const double operations = (double)(b->periods + 16) * half_ulp;
    double largest = 0, g_sum = 0, g_square = 0;
    for (size_t t = 0; t < b->periods; t++) {
        largest = fabs(c->weights[t]) > largest ? fabs(c->weights[t]) : largest;
        g_sum += c->g[t];
        g_square += c->g[t] * c->g[t];
    }
    const double g_length = sqrt(g_square) * (1 + operations), root = sqrt((double)b->periods);
    c->square = c->weight * g_square * (1 + operations);
    for (size_t j = 0; j < cs->count; j++) {
        c->a[j] += 2 * operations * largest * cs->absolute[j];
        if (cs->scale[j] == 0) {
            c->p[j] = 0;
            continue;
        }
        double dot = (c->p[j] - cs->mean[j] * g_sum) * cs->scale[j];
        double error = 4 * operations * g_length * (2 + root * cs->absolute[j] * cs->scale[j]);
        c->p[j] = c->weight * (2 * (dot - error) - 1) - 4 * c->weight * half_ulp * (1 + 2 * fabs(dot));
    }
}

static ho_status allocate(const ho_bound_base *b, ho_certificate *c, ho_error *err)
{
    if (c->y != NULL) return HO_OK;
    ho_certificate made = {.y = HO_NEW(double, 3 * b->periods),
                           .a = HO_NEW(double, b->columns.count),
                           .p = HO_NEW(double, b->columns.count)};
    if (made.y == NULL || made.a == NULL || made.p == NULL) {
        ho_certificate_free(&made);
        return ho_fail_memory(err, 2 * b->columns.count * sizeof(double), "a certificate");
    }
    made.g = made.y + b->periods;
    made.weights = made.g + b->periods;
    *c = made;
    return HO_OK;
}

/* The sums of all strategies, of which a column has those of its first one: the bits are the processor's. */
static bool price_on_device(const ho_bound_columns *cs, ho_certificate *c)
{
    double *a = cs->of_strategies, *p = a != NULL ? a + cs->strategies : NULL;
    if (a == NULL || !ho_device_numbers_weigh(cs->on_device, c->weights, c->g, a, p)) return false;
    for (size_t j = 0; j < cs->count; j++) {
        const size_t strategy = cs->borrowed ? j : cs->first[j];
        c->a[j] = a[strategy];
        c->p[j] = p[strategy];
    }
    return true;
}

ho_status ho_certificate_make(const ho_bound_base *b, bool with_total, double weight, const double *y,
                              const double *g, ho_certificate *c, ho_error *err)
{
    HO_TRY(allocate(b, c, err));
    c->weight = weight;
    for (size_t t = 0; t < b->periods; t++) {
        bool unseen = t == 0 && b->goal.depth == HO_DEPTH_FROM_FIRST;
        c->y[t] = !unseen && y[t] > 0 && isfinite(y[t]) ? y[t] : 0;
        c->g[t] = g != NULL && isfinite(g[t]) ? g[t] : 0;
        c->weights[t] = ((with_total ? 1 : 0) + c->y[t]) / b->goal.divisor;
    }
    c->length = length_of(b, c->y);
    if (!price_on_device(&b->columns, c))
        b->columns.kernels->weigh(&(ho_weighing){.x = b->columns.x.data,
                                                 .stride = b->columns.x.stride,
                                                 .periods = b->periods,
                                                 .columns = b->columns.count,
                                                 .a = c->weights,
                                                 .b = c->g,
                                                 .a_sum = c->a,
                                                 .b_sum = c->p});
    finish(b, c);
    return HO_OK;
}

void ho_certificate_free(ho_certificate *c)
{
    free(c->y);
    free(c->a);
    free(c->p);
    *c = (ho_certificate){0};
}

ho_box ho_bound_box(const ho_bound_base *b)
{
    return (ho_box){b->columns.least, b->columns.most, b->groups, b->limits};
}

double ho_certificate_at(const ho_bound_base *b, const ho_certificate *c, double rate, const ho_box *box,
                         ho_chooser *chooser)
{
    double sum = 0, size = 0;
    for (size_t j = 0; j < b->columns.count; j++)
        chooser->values[j] = rate * c->a[j] - c->p[j];
    if (!ho_box_choose(box, chooser)) return -INFINITY;
    for (size_t i = 0; i < chooser->count; i++) {
        const ho_chosen *one = &chooser->chosen[i];
        sum += one->count * one->value;
        size += one->count * (fabs(one->value) + rate * fabs(c->a[one->column]));
    }
    double bound = c->square + sum;
    return bound + (double)(b->size + 16) * DBL_EPSILON * (c->square + size);
}
