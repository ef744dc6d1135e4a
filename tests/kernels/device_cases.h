/* What every device must give: on random problems, the bits of the reference kernels. A test program brings a `device`,
 * which runs a kernel of src/kernels/device by its name; test_device.c in C, test_device_opencl.c by OpenCL. */
#ifndef HO_TESTS_KERNELS_DEVICE_CASES_H
#define HO_TESTS_KERNELS_DEVICE_CASES_H

#include "test.h"

#include "base/memory.h"
#include "base/rng.h"
#include "kernels/device/bounds.h"
#include "kernels/kernels.h"
#include "kernels/sieve_bounds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef enum device_kind { DEVICE_U32, DEVICE_U64, DEVICE_F64, DEVICE_IN, DEVICE_OUT } device_kind;

typedef struct device_argument {
    device_kind kind;
    union {
        uint32_t u32;
        uint64_t u64;
        double f64;
    } is;
    void *memory; /* IN, OUT; what a kernel does not write stays as it is */
    size_t bytes;
} device_argument;

#define U32(value)                                      \
    {                                                   \
        .kind = DEVICE_U32, .is.u32 = (uint32_t)(value) \
    }
#define U64(value)                            \
    {                                         \
        .kind = DEVICE_U64, .is.u64 = (value) \
    }
#define F64(value)                            \
    {                                         \
        .kind = DEVICE_F64, .is.f64 = (value) \
    }
#define IN(array, count)                                                                 \
    {                                                                                    \
        .kind = DEVICE_IN, .memory = (void *)(array), .bytes = (count) * sizeof *(array) \
    }
#define OUT(array, count)                                                         \
    {                                                                             \
        .kind = DEVICE_OUT, .memory = (array), .bytes = (count) * sizeof *(array) \
    }
#define COUNT_OF(array) (sizeof(array) / sizeof *(array))
#define RUN(kernel, items, slots, ...)                                            \
    do {                                                                          \
        const device_argument run_arguments[] = {__VA_ARGS__};                    \
        device_run(kernel, items, slots, run_arguments, COUNT_OF(run_arguments)); \
    } while (0)

/* Runs a kernel for at least `items` items, in whole groups, beside each of the slots. */
static void device_run(const char *kernel, size_t items, size_t slots, const device_argument *arguments,
                       size_t count);

static double device_number(ho_rng *rng, bool odd)
{
    static const double awkward[] = {0, -0.0, 1e300, -1e300, 5e-324, NAN, INFINITY, -INFINITY};
    if (odd && ho_rng_below(rng, 40) == 0) return awkward[ho_rng_below(rng, COUNT_OF(awkward))];
    return 1400 * ho_rng_normal(rng);
}

static double *device_numbers(ho_rng *rng, size_t count, bool odd)
{
    double *x = HO_NEW(double, count);
    for (size_t i = 0; i < count; i++)
        x[i] = device_number(rng, odd);
    return x;
}

static float *device_floats(ho_rng *rng, size_t count, bool odd)
{
    float *x = HO_NEW(float, count);
    for (size_t i = 0; i < count; i++)
        x[i] = (float)device_number(rng, odd);
    return x;
}

/* NaN of any sign is the same NaN. */
static void device_same(const double *got, const double *truth, size_t count, const char *what)
{
    for (size_t i = 0; i < count; i++) {
        if (memcmp(&got[i], &truth[i], sizeof *got) != 0 && !(isnan(got[i]) && isnan(truth[i])))
            fail_msg("%s: number %zu is %.17g, the reference has %.17g", what, i, got[i], truth[i]);
    }
}

static void device_same_floats(const float *got, const float *truth, size_t count, const char *what)
{
    for (size_t i = 0; i < count; i++) {
        if (memcmp(&got[i], &truth[i], sizeof *got) != 0 && !(isnan(got[i]) && isnan(truth[i])))
            fail_msg("%s: number %zu is %.9g, the reference has %.9g", what, i, (double)got[i],
                     (double)truth[i]);
    }
}

static void device_scans(size_t periods, size_t n, size_t slots, bool odd)
{
    ho_rng rng = ho_rng_new(periods, "device scan", n);
    const size_t stride = n + 3, all = slots * HO_DEVICE_WALKED * n;
    double *x = device_numbers(&rng, periods * stride, odd), *out = HO_NEW(double, 2 * all);
    double *base = device_numbers(&rng, slots * periods, false);
    double *v = device_numbers(&rng, slots * periods, false);
    for (uint32_t which = 0; which < 6; which++) {
        const uint32_t level = which / 2, with_dot = which % 2;
        ho_scan s = {.periods = periods, .stride = stride, .x = x, .hurdle = 120};
        s.start_peak = which < 3 ? 0 : -INFINITY;
        for (size_t i = 0; i < 2 * all; i++)
            out[i] = -77;
        RUN("ho_device_scan", n, slots, U32(level), U32(periods), U32(n), U64(stride), U32(with_dot),
            F64(s.start_peak), F64(s.hurdle), IN(x, periods * stride), IN(base, slots * periods),
            IN(v, slots * periods), OUT(out, all));
        for (size_t slot = 0; slot < slots; slot++) {
            double *part[HO_DEVICE_WALKED];
            for (size_t f = 0; f < HO_DEVICE_WALKED; f++)
                part[f] = out + all + (slot * HO_DEVICE_ARRAYS(level) + f) * n;
            const ho_walked to = {part[0], part[1], part[2], part[3], part[4], part[5],
                                  part[6], part[7], part[8], part[9], part[10]};
            const ho_kernels *ref = ho_kernels_at(0);
            s.base = base + slot * periods;
            s.v = with_dot ? v + slot * periods : NULL;
            (level == 2 ? ref->scan_spread : level == 1 ? ref->scan_counts : ref->scan)(&s, n, &to);
        }
        device_same(out, out + all, all, "scan");
    }
    free(x);
    free(base);
    free(v);
    free(out);
}

/* A sieve of one problem: inputs, and what the reference makes of them. */
typedef struct device_sieve {
    size_t periods, n, slots, first, stride;
    float *x, *base, *v, *absolute, *scale, *upper, *lower; /* upper, lower: the device's, then the truth */
    uint8_t *open;
    ho_sieve_bounds *bounds;
    ho_device_bounds *flat;
} device_sieve;

static device_sieve device_sieve_new(size_t periods, size_t n, size_t slots, bool odd, float spread)
{
    device_sieve d = {.periods = periods, .n = n, .slots = slots, .first = 5, .stride = n + 9};
    ho_rng rng = ho_rng_new(periods, "device sieve", n);
    d.x = device_floats(&rng, periods * d.stride, odd);
    d.base = device_floats(&rng, slots * periods, false);
    d.v = device_floats(&rng, slots * periods, false);
    d.absolute = device_floats(&rng, d.stride, false);
    d.scale = device_floats(&rng, d.stride, false);
    d.upper = HO_NEW(float, 2 * slots * n);
    d.lower = HO_NEW(float, 2 * slots * n);
    d.open = HO_NEW(uint8_t, slots * n);
    d.bounds = HO_NEW(ho_sieve_bounds, slots);
    d.flat = HO_NEW(ho_device_bounds, slots);
    for (size_t i = 0; i < d.stride; i++) {
        d.absolute[i] = fabsf(d.absolute[i]) * (float)periods;
        d.scale[i] = i % 7 == 3 ? 0 : fabsf(d.scale[i]) / 2e6F;
    }
    for (size_t i = 0; i < slots * n; i++)
        d.open[i] = ho_rng_below(&rng, 5) != 0;
    for (size_t s = 0; s < slots; s++) {
        d.bounds[s] = (ho_sieve_bounds){.bare = (ho_sieve_bare)(s % 3),
                                        .only_positive = s % 2 == 0,
                                        .base_size = 3e4F,
                                        .sum_part = spread * 5e-6F,
                                        .depth_part = spread * 2e-7F,
                                        .depth_step = spread * 5e-6F,
                                        .least = 1e-30F,
                                        .divisor = 35,
                                        .none = 1e-6F,
                                        .halved_below = 9e3F,
                                        .weight = s % 4 == 0 ? 0 : 0.1F,
                                        .pairs = 17.5F - 9 * (float)s,
                                        .dot_part = spread * 1e-6F,
                                        .few = spread * 1e-6F};
        d.flat[s] = ho_device_bounds_of(&d.bounds[s]);
    }
    return d;
}

static void device_sieve_drop(device_sieve *d)
{
    free(d->x);
    free(d->base);
    free(d->v);
    free(d->absolute);
    free(d->scale);
    free(d->upper);
    free(d->lower);
    free(d->open);
    free(d->bounds);
    free(d->flat);
}

static void device_sieve_truth(const device_sieve *d, size_t slot, bool zero_start)
{
    const ho_kernels *ref = ho_kernels_at(0);
    float *room = HO_NEW(float, 3 * d->n), *upper = d->upper + (d->slots + slot) * d->n;
    float *lower = d->lower + (d->slots + slot) * d->n;
    const ho_sieve_bounds *b = &d->bounds[slot];
    const float *absolute = d->absolute + d->first, *scale = d->scale + d->first;
    const ho_sieved walked = {room, room + d->n, room + 2 * d->n};
    const ho_sieve s = {.periods = d->periods,
                        .stride = d->stride,
                        .x = d->x + d->first,
                        .base = d->base + slot * d->periods,
                        .v = d->v + slot * d->periods,
                        .zero_start = zero_start};
    ref->sieve(&s, d->n, &walked);
    ref->sieve_upper(b, &walked, absolute, scale, d->n, upper);
    for (size_t i = 0; i < d->n; i++) {
        const float dot = b->weight != 0 ? walked.dot[i] : 0;
        lower[i] = ho_sieve_bound(b, b->bare, true, walked.sum[i], walked.drawdown[i], dot, absolute[i],
                                  scale[i], -1);
        if (d->open[slot * d->n + i] == 0) upper[i] = lower[i] = -INFINITY;
    }
    free(room);
}

/* Of each slot, in order, all that no other is surely better than. */
static void device_keeps(const device_sieve *d)
{
    const size_t slots = d->slots, all = slots * d->n;
    uint32_t *kept = HO_NEW(uint32_t, slots * HO_DEVICE_KEPT), *count = HO_NEW(uint32_t, slots);
    float *kept_upper = HO_NEW(float, slots *HO_DEVICE_KEPT), *floors = HO_NEW(float, slots);
    RUN("ho_device_keep", HO_DEVICE_GROUP, slots, U32(d->n), IN(d->upper, all), IN(d->lower, all),
        OUT(kept, slots * HO_DEVICE_KEPT), OUT(kept_upper, slots * HO_DEVICE_KEPT), OUT(count, slots),
        OUT(floors, slots));
    for (size_t s = 0; s < slots; s++) {
        const float *upper = d->upper + s * d->n, *lower = d->lower + s * d->n;
        float best = -INFINITY;
        uint32_t found = 0;
        for (size_t i = 0; i < d->n; i++)
            best = lower[i] > best ? lower[i] : best;
        for (size_t i = 0; i < d->n; i++) {
            if (!(upper[i] >= best) || upper[i] == -INFINITY) continue;
            if (found < HO_DEVICE_KEPT) {
                assert_int_equal(kept[s * HO_DEVICE_KEPT + found], i);
                device_same_floats(kept_upper + s * HO_DEVICE_KEPT + found, upper + i, 1, "kept");
            }
            found++;
        }
        assert_int_equal(count[s], found <= HO_DEVICE_KEPT ? found : HO_DEVICE_KEPT + 1);
        device_same_floats(&floors[s], &best, 1, "floor");
    }
    free(kept);
    free(kept_upper);
    free(count);
    free(floors);
}

static void device_sieves(size_t periods, size_t n, size_t slots, bool odd, float spread)
{
    device_sieve d = device_sieve_new(periods, n, slots, odd, spread);
    const size_t all = slots * n;
    for (uint32_t zero_start = 0; zero_start < 2; zero_start++) {
        RUN("ho_device_sieve", n, slots, U32(periods), U32(d.first), U32(n), U64(d.stride), U32(zero_start),
            U64(n), IN(d.x, periods * d.stride), IN(d.base, slots * periods), IN(d.v, slots * periods),
            IN(d.flat, slots), IN(d.absolute, d.stride), IN(d.scale, d.stride), IN(d.open, all),
            OUT(d.upper, all), OUT(d.lower, all));
        for (size_t s = 0; s < slots; s++)
            device_sieve_truth(&d, s, zero_start != 0);
        device_same_floats(d.upper, d.upper + all, all, "upper bound");
        device_same_floats(d.lower, d.lower + all, all, "lower bound");
        device_keeps(&d);
    }
    device_sieve_drop(&d);
}

static void device_sets(size_t periods, size_t size, size_t count, bool odd)
{
    enum { STRATEGIES = 90 };
    ho_rng rng = ho_rng_new(periods, "device sets", size);
    const size_t stride = (periods + 2 + 15) / 16 * 16, all = HO_DEVICE_SETS_WALKED * count;
    float *columns = ho_new_pages(STRATEGIES * stride * sizeof *columns), *out = HO_NEW(float, 2 * all);
    uint32_t *members = HO_NEW(uint32_t, size * count);
    for (size_t i = 0; i < STRATEGIES * stride; i++)
        columns[i] = (float)device_number(&rng, odd);
    for (size_t j = 0; j < STRATEGIES; j++)
        columns[j * stride + periods + 1] = j % 5 == 2 ? 0 : (float)ho_rng_unit(&rng) / 1400;
    for (size_t i = 0; i < size * count; i++)
        members[i] = ho_rng_below(&rng, STRATEGIES);
    ho_sets sets = {.columns = columns,
                    .stride = stride,
                    .periods = periods,
                    .members = members,
                    .size = size,
                    .count = count,
                    .room = HO_NEW(float, HO_SETS_LANES *(periods + HO_SETS_LANES))};
    float *t = out + all;
    const ho_sets_walked truth = {
        t, t + count, t + 2 * count, t + 3 * count, t + 4 * count, t + 5 * count, t + 6 * count};
    for (uint32_t zero_start = 0; zero_start < 2; zero_start++) {
        sets.zero_start = zero_start != 0;
        ho_kernels_at(0)->walk_sets(&sets, &truth);
        RUN("ho_device_walk_sets", count * HO_DEVICE_LANES, 1, U32(periods), U32(size), U32(count),
            U64(stride), U32(zero_start), IN(columns, STRATEGIES * stride), IN(members, size * count),
            OUT(out, all));
        device_same_floats(out, t, all, "sets");
    }
    free(columns);
    free(out);
    free(members);
    free(sets.room);
}

static void device_weighs(size_t periods, size_t n, bool odd)
{
    ho_rng rng = ho_rng_new(periods, "device weigh", n);
    const size_t stride = n + 1;
    double *x = device_numbers(&rng, periods * stride, odd), *out = HO_NEW(double, 4 * n);
    double *weight = device_numbers(&rng, 2 * periods, false);
    ho_kernels_at(0)->weigh(&(ho_weighing){.x = x,
                                           .stride = stride,
                                           .periods = periods,
                                           .columns = n,
                                           .a = weight,
                                           .b = weight + periods,
                                           .a_sum = out + 2 * n,
                                           .b_sum = out + 3 * n});
    RUN("ho_device_weigh", n, 1, U32(periods), U32(n), U64(stride), IN(x, periods * stride),
        IN(weight, periods), IN(weight + periods, periods), OUT(out, n), OUT(out + n, n));
    device_same(out, out + 2 * n, 2 * n, "weighing");
    free(x);
    free(out);
    free(weight);
}

static void device_units(size_t periods, size_t n)
{
    ho_rng rng = ho_rng_new(periods, "device units", n);
    const size_t stride = n + 3;
    double *x = device_numbers(&rng, periods * stride, false), *mean = device_numbers(&rng, n, false);
    double *scale = device_numbers(&rng, n, false);
    float *units = HO_NEW(float, periods *n);
    RUN("ho_device_units", n, periods, U32(periods), U32(n), U64(stride), IN(x, periods * stride),
        IN(mean, n), IN(scale, n), OUT(units, periods * n));
    for (size_t i = 0; i < periods * n; i++) {
        const float truth = (float)((x[i / n * stride + i % n] - mean[i % n]) * scale[i % n]);
        device_same_floats(&units[i], &truth, 1, "unit columns");
    }
    free(x);
    free(mean);
    free(scale);
    free(units);
}

static void device_series(size_t periods, size_t n)
{
    ho_rng rng = ho_rng_new(periods, "device series", n);
    const size_t stride = n + 2, blocks = (n + HO_SERIES_LANES - 1) / HO_SERIES_LANES;
    const size_t numbers = blocks * (sizeof(ho_series_walked) / sizeof(double));
    double *x = device_numbers(&rng, periods * stride, false), *got = HO_NEW(double, numbers);
    for (size_t i = 0; i < periods * stride; i += 3)
        x[i] = i % 2 == 0 ? 0 : -7;
    ho_series_walked *truth = HO_NEW(ho_series_walked, blocks);
    ho_series s = {.stride = stride,
                   .periods = periods,
                   .rate = 0.4,
                   .hurdle = -3,
                   .mar = 7,
                   .tail = periods < 9 ? periods : 9,
                   .room = HO_NEW(double, 2 * periods * HO_SERIES_LANES)};
    for (size_t b = 0; b < blocks; b++) {
        s.x = x + b * HO_SERIES_LANES;
        s.columns = n - b * HO_SERIES_LANES < HO_SERIES_LANES ? n - b * HO_SERIES_LANES : HO_SERIES_LANES;
        ho_kernels_at(0)->series_walk(&s, &truth[b]); /* zeroed before, as the device's */
    }
    RUN("ho_device_series", blocks * HO_SERIES_LANES, 1, U32(periods), U32(n), U32(s.tail), U64(stride),
        F64(s.rate), F64(s.hurdle), F64(s.mar), IN(x, periods * stride), OUT(got, numbers));
    device_same(got, (const double *)truth, numbers, "series");
    free(x);
    free(got);
    free(truth);
    free(s.room);
}

static void a_scan_walks_every_swap_as_the_reference_does(void **state)
{
    (void)state;
    device_scans(1, 1, 1, false);
    device_scans(17, 40, 3, true);
    device_scans(82, 300, 2, true);
}

static void a_sieve_bounds_every_swap_and_keeps_those_that_may_be_the_best(void **state)
{
    (void)state;
    device_sieves(1, 1, 1, false, 1);
    device_sieves(20, 129, 9, true, 1);
    device_sieves(82, 700, 5, false, 1);
    device_sieves(33, 500, 5, false, 1e4F); /* bounds so wide that too many may be */
}

static void sets_of_any_size_are_walked_as_the_reference_does(void **state)
{
    (void)state;
    static const size_t periods[] = {1, 15, 16, 17, 82}, sizes[] = {1, 7, 35};
    for (size_t i = 0; i < 15; i++)
        device_sets(periods[i % 5], sizes[i / 5], i * 4 + 1, i % 2 == 1);
}

static void columns_are_weighed_and_measured_as_the_reference_does(void **state)
{
    (void)state;
    device_weighs(1, 1, false);
    device_weighs(82, 333, true);
    device_units(3, 200);
    device_series(1, 1);
    device_series(5, 17);
    device_series(82, 45);
}

static const struct CMUnitTest device_tests[] = {
    cmocka_unit_test(a_scan_walks_every_swap_as_the_reference_does),
    cmocka_unit_test(a_sieve_bounds_every_swap_and_keeps_those_that_may_be_the_best),
    cmocka_unit_test(sets_of_any_size_are_walked_as_the_reference_does),
    cmocka_unit_test(columns_are_weighed_and_measured_as_the_reference_does),
};

#endif
