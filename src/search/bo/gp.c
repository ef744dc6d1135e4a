#include "search/bo/gp.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <string.h>

#define NOISE 1e-4 /* on the kernel's diagonal, in units of the variance: features never tell everything */

ho_status ho_gp_new(size_t room, size_t features, ho_gp *gp, ho_error *err)
{
    size_t numbers = room * (features + room + 3) + 2 * features;
    double *block = HO_NEW(double, numbers);
    if (block == NULL) return ho_fail_memory(err, numbers * sizeof *block, "a Gaussian process");
    *gp = (ho_gp){.room = room, .features = features, .x = block, .y_spread = 1, .length = 1};
    gp->y = gp->x + room * features;
    gp->lower = gp->y + room;
    gp->weights = gp->lower + room * room;
    gp->work = gp->weights + room;
    gp->centre = gp->work + room;
    gp->spread = gp->centre + features;
    return HO_OK;
}

void ho_gp_free(ho_gp *gp)
{
    free(gp->x);
    *gp = (ho_gp){0};
}

static double kernel(const ho_gp *gp, const double *a, const double *b)
{
    double square = 0;
    for (size_t f = 0; f < gp->features; f++)
        square += (a[f] - b[f]) * (a[f] - b[f]);
    double d = sqrt(5 * square) / gp->length;
    return (1 + d + d * d / 3) * exp(-d);
}

/* The factor's next row from the point at gp->x[count]; the points before it are factored. */
static void factor_next(ho_gp *gp)
{
    size_t n = gp->count;
    const double *x = gp->x + n * gp->features;
    double *row = gp->lower + n * gp->room, rest = 1 + NOISE;
    for (size_t i = 0; i < n; i++) {
        const double *other = gp->lower + i * gp->room;
        double sum = kernel(gp, x, gp->x + i * gp->features);
        for (size_t j = 0; j < i; j++)
            sum -= row[j] * other[j];
        row[i] = sum / other[i];
        rest -= row[i] * row[i];
    }
    row[n] = sqrt(fmax(rest, NOISE));
    gp->count++;
}

static void solve_lower(const ho_gp *gp, double *v)
{
    for (size_t i = 0; i < gp->count; i++) {
        const double *row = gp->lower + i * gp->room;
        double sum = v[i];
        for (size_t j = 0; j < i; j++)
            sum -= row[j] * v[j];
        v[i] = sum / row[i];
    }
}

static void solve_upper(const ho_gp *gp, double *v)
{
    for (size_t i = gp->count; i-- > 0;) {
        v[i] /= gp->lower[i * gp->room + i];
        for (size_t j = 0; j < i; j++)
            v[j] -= gp->lower[i * gp->room + j] * v[i];
    }
}

/* Sets the weights; returns the logarithm of the likelihood, constants left out. */
static double solve_weights(ho_gp *gp)
{
    memcpy(gp->weights, gp->y, gp->count * sizeof *gp->y);
    solve_lower(gp, gp->weights);
    double likelihood = 0;
    for (size_t i = 0; i < gp->count; i++)
        likelihood -= gp->weights[i] * gp->weights[i] / 2 + log(gp->lower[i * gp->room + i]);
    solve_upper(gp, gp->weights);
    return likelihood;
}

static void centre_and_spread(const double *values, size_t count, size_t step, double *centre, double *spread)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i * step];
    *centre = count != 0 ? sum / (double)count : 0;
    for (size_t i = 0; i < count; i++)
        squares += (values[i * step] - *centre) * (values[i * step] - *centre);
    double deviation = count > 1 ? sqrt(squares / (double)(count - 1)) : 0;
    *spread = deviation > 0 && isfinite(deviation) ? deviation : 1;
}

static double refit(ho_gp *gp, size_t count, double length)
{
    gp->length = length;
    gp->count = 0;
    while (gp->count < count)
        factor_next(gp);
    return solve_weights(gp);
}

void ho_gp_fit(ho_gp *gp, const double *x, const double *y, size_t count)
{
    static const double lengths[] = {0.5, 1, 2, 4, 8};
    for (size_t f = 0; f < gp->features; f++)
        centre_and_spread(x + f, count, gp->features, &gp->centre[f], &gp->spread[f]);
    centre_and_spread(y, count, 1, &gp->y_centre, &gp->y_spread);
    for (size_t i = 0; i < count; i++) {
        for (size_t f = 0; f < gp->features; f++)
            gp->x[i * gp->features + f] = (x[i * gp->features + f] - gp->centre[f]) / gp->spread[f];
        gp->y[i] = (y[i] - gp->y_centre) / gp->y_spread;
    }
    double best = -INFINITY, chosen = 1;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        double likelihood = refit(gp, count, lengths[i]);
        if (!(likelihood > best)) continue;
        best = likelihood;
        chosen = lengths[i];
    }
    (void)refit(gp, count, chosen);
}

void ho_gp_add(ho_gp *gp, const double *x, double y)
{
    double *place = gp->x + gp->count * gp->features;
    for (size_t f = 0; f < gp->features; f++)
        place[f] = (x[f] - gp->centre[f]) / gp->spread[f];
    gp->y[gp->count] = (y - gp->y_centre) / gp->y_spread;
    factor_next(gp);
    (void)solve_weights(gp);
}

double ho_gp_expected_improvement(ho_gp *gp, const double *x, double best)
{
    double *point = gp->work, mean = 0, variance = 1 + NOISE;
    double standard[64];
    for (size_t f = 0; f < gp->features; f++)
        standard[f] = (x[f] - gp->centre[f]) / gp->spread[f];
    for (size_t i = 0; i < gp->count; i++) {
        point[i] = kernel(gp, standard, gp->x + i * gp->features);
        mean += point[i] * gp->weights[i];
    }
    solve_lower(gp, point);
    for (size_t i = 0; i < gp->count; i++)
        variance -= point[i] * point[i];
    double deviation = sqrt(fmax(variance, 1e-12)), gain = mean - (best - gp->y_centre) / gp->y_spread;
    double z = gain / deviation;
    return gain * erfc(-z * M_SQRT1_2) / 2 + deviation * exp(-z * z / 2) * M_2_SQRTPI * M_SQRT1_2 / 2;
}
