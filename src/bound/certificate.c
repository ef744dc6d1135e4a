#include "bound/certificate.h"

#include "base/error.h"
#include "base/memory.h"

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
static void finish(const ho_bound_base *b, const double *weights, ho_certificate *c)
{
    const ho_bound_columns *cs = &b->columns;
    const double operations = (double)(b->periods + 16) * half_ulp;
    double largest = 0, g_sum = 0, g_square = 0;
    for (size_t t = 0; t < b->periods; t++) {
        largest = fabs(weights[t]) > largest ? fabs(weights[t]) : largest;
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

ho_status ho_certificate_new(const ho_bound_base *b, bool with_total, double weight, const double *y,
                             const double *g, ho_certificate *certificate, ho_error *err)
{
    const size_t periods = b->periods, count = b->columns.count;
    ho_certificate c = {.weight = weight,
                        .y = HO_NEW(double, periods),
                        .g = HO_NEW(double, periods),
                        .a = HO_NEW(double, count),
                        .p = HO_NEW(double, count)};
    double *weights = HO_NEW(double, periods);
    if (c.y == NULL || c.g == NULL || c.a == NULL || c.p == NULL || weights == NULL) {
        free(weights);
        ho_certificate_free(&c);
        return ho_fail_memory(err, 2 * count * sizeof(double), "a certificate");
    }
    for (size_t t = 0; t < periods; t++) {
        bool unseen = t == 0 && b->goal.depth == HO_DEPTH_FROM_FIRST;
        c.y[t] = !unseen && y[t] > 0 && isfinite(y[t]) ? y[t] : 0;
        c.g[t] = g != NULL && isfinite(g[t]) ? g[t] : 0;
        weights[t] = ((with_total ? 1 : 0) + c.y[t]) / b->goal.divisor;
    }
    c.length = length_of(b, c.y);
    b->columns.kernels->weigh(&(ho_weighing){.x = b->columns.x.data,
                                             .stride = b->columns.x.stride,
                                             .periods = periods,
                                             .columns = count,
                                             .a = weights,
                                             .b = c.g,
                                             .a_sum = c.a,
                                             .b_sum = c.p});
    finish(b, weights, &c);
    free(weights);
    *certificate = c;
    return HO_OK;
}

void ho_certificate_free(ho_certificate *c)
{
    free(c->y);
    free(c->g);
    free(c->a);
    free(c->p);
    *c = (ho_certificate){0};
}

/* A heap with the smallest value on top. */
static void sift_down(ho_chosen *heap, size_t count, size_t at)
{
    ho_chosen moved = heap[at];
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && heap[child + 1].value < heap[child].value) child++;
        if (!(heap[child].value < moved.value)) break;
        heap[at] = heap[child];
    }
    heap[at] = moved;
}

static void sift_up(ho_chosen *heap, size_t at)
{
    ho_chosen moved = heap[at];
    for (size_t parent; at > 0 && moved.value < heap[parent = (at - 1) / 2].value; at = parent)
        heap[at] = heap[parent];
    heap[at] = moved;
}

/* The `wanted` largest of the free members of all columns; returns how many entries of the heap hold them. */
static size_t choose_largest(const ho_bound_base *b, const ho_certificate *c, double rate, size_t wanted,
                             ho_chosen *heap, size_t *held)
{
    const ho_bound_columns *cs = &b->columns;
    size_t entries = 0, have = 0;
    for (size_t j = 0; j < cs->count && wanted > 0; j++) {
        const double value = rate * c->a[j] - c->p[j];
        if (have >= wanted && !(value > heap[0].value)) continue;
        uint32_t count = cs->most[j] - cs->least[j];
        if (count == 0) continue;
        if (count > wanted) count = (uint32_t)wanted;
        heap[entries] = (ho_chosen){value, (uint32_t)j, count};
        sift_up(heap, entries++);
        have += count;
        while (have - heap[0].count >= wanted) {
            have -= heap[0].count;
            heap[0] = heap[--entries];
            sift_down(heap, entries, 0);
        }
    }
    *held = have;
    return entries;
}

double ho_certificate_at(const ho_bound_base *b, const ho_certificate *c, double rate, ho_chosen *room)
{
    const ho_bound_columns *cs = &b->columns;
    size_t wanted = b->size, held = 0;
    double sum = 0, size = 0;
    for (size_t j = 0; j < cs->count; j++) {
        if (cs->least[j] == 0) continue;
        const double value = (rate * c->a[j] - c->p[j]) * cs->least[j];
        wanted -= cs->least[j];
        sum += value;
        size += fabs(value) + rate * fabs(c->a[j]) * cs->least[j];
    }
    size_t entries = choose_largest(b, c, rate, wanted, room, &held);
    for (size_t i = 0; i < entries; i++) {
        double times = room[i].count;
        if (i == 0) times -= (double)(held - wanted);
        sum += times * room[i].value;
        size += times * (fabs(room[i].value) + rate * fabs(c->a[room[i].column]));
    }
    double bound = c->square + sum;
    return bound + (double)(b->size + 16) * DBL_EPSILON * (c->square + size);
}
