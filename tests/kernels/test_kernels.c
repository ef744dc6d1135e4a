/* Every set of kernels gives the bits of the reference, on odd lengths and tails, with NaN and inf among the data.
 * `kernels.kernels time` times them on production size in place of testing. */
#include "test.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/rng.h"
#include "kernels/kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct data {
    size_t periods, candidates, stride;
    double *x, *base, *v, *mean, *scale;
} data;

static double awkward(ho_rng *rng)
{
    static const double odd[] = {0, -0.0, 1e300, -1e300, 5e-324, NAN, INFINITY, -INFINITY};
    if (ho_rng_below(rng, 200) == 0) return odd[ho_rng_below(rng, sizeof odd / sizeof *odd)];
    return 1400 * ho_rng_normal(rng);
}

static data make_data(size_t periods, size_t candidates, bool odd)
{
    ho_rng rng = ho_rng_new(periods, "kernels", candidates);
    data d = {.periods = periods, .candidates = candidates, .stride = candidates + 3};
    d.x = HO_NEW(double, periods *d.stride);
    d.base = HO_NEW(double, periods);
    d.v = HO_NEW(double, periods);
    d.mean = HO_NEW(double, candidates);
    d.scale = HO_NEW(double, candidates);
    for (size_t i = 0; i < periods * d.stride; i++)
        d.x[i] = odd ? awkward(&rng) : 1400 * ho_rng_normal(&rng);
    for (size_t t = 0; t < periods; t++) {
        d.base[t] = 30000 * ho_rng_normal(&rng);
        d.v[t] = ho_rng_normal(&rng);
    }
    for (size_t j = 0; j < candidates; j++) {
        d.mean[j] = ho_rng_normal(&rng);
        d.scale[j] = ho_rng_unit(&rng);
    }
    return d;
}

static void free_data(data *d)
{
    free(d->x);
    free(d->base);
    free(d->v);
    free(d->mean);
    free(d->scale);
}

enum { WALKED = 11 }; /* arrays of ho_walked */

static ho_walked walked_in(double *room, size_t n)
{
    double *part[WALKED];
    for (size_t i = 0; i < WALKED; i++)
        part[i] = room + i * n;
    return (ho_walked){part[0], part[1], part[2], part[3], part[4], part[5],
                       part[6], part[7], part[8], part[9], part[10]};
}

/* NaN of any sign is the same NaN: which one an operation passes on is the processor's choice. */
static void assert_same_bits(const double *a, const double *b, size_t count, const char *set)
{
    for (size_t i = 0; i < count; i++) {
        if (memcmp(&a[i], &b[i], sizeof a[i]) != 0 && !(isnan(a[i]) && isnan(b[i])))
            fail_msg("%s: number %zu is %.17g, the reference has %.17g", set, i, b[i], a[i]);
    }
}

static void compare_scans(const ho_kernels *k, const data *d, double start_peak, bool with_dot)
{
    size_t n = d->candidates;
    double *room = HO_NEW(double, 2 * WALKED * n);
    const ho_walked ref = walked_in(room, n), got = walked_in(room + WALKED * n, n);
    const ho_scan s = {.periods = d->periods,
                       .stride = d->stride,
                       .x = d->x,
                       .base = d->base,
                       .v = with_dot ? d->v : NULL,
                       .start_peak = start_peak,
                       .hurdle = 120};
    const ho_kernels *t = ho_kernels_at(0);
    void (*const scans[][2])(const ho_scan *, size_t, const ho_walked *) = {{t->scan, k->scan},
                                                                            {t->scan_counts, k->scan_counts},
                                                                            {t->scan_spread, k->scan_spread},
                                                                            {t->scan_smooth, k->scan_smooth}};
    for (size_t which = 0; which < sizeof scans / sizeof *scans; which++) {
        for (size_t i = 0; i < 2 * WALKED * n; i++)
            room[i] = -77;
        scans[which][0](&s, n, &ref);
        scans[which][1](&s, n, &got);
        assert_same_bits(room, room + WALKED * n, WALKED * n, k->name);
    }
    free(room);
}

static void compare_sums(const ho_kernels *k, const data *d)
{
    /* the same memory read strategy-major: `periods` columns of length `stride` */
    const ho_columns c = {
        .data = d->x, .stride = d->stride, .periods = d->candidates, .mean = d->base, .scale = d->v};
    uint32_t members[64];
    double *room = HO_NEW(double, 4 * d->candidates);
    for (size_t count = 1; count <= 64 && count <= d->periods; count = count * 2 + 1) {
        for (size_t i = 0; i < count; i++)
            members[i] = (uint32_t)((i * 7 + 3) % d->periods);
        for (int with_units = 0; with_units < 2; with_units++) {
            double *r = room, *g = room + 2 * d->candidates;
            ho_kernels_at(0)->sum_columns(&c, members, count, r, with_units ? r + d->candidates : NULL);
            k->sum_columns(&c, members, count, g, with_units ? g + d->candidates : NULL);
            assert_same_bits(r, g, 2 * d->candidates, k->name);
        }
    }
    free(room);
}

typedef struct float_sets {
    ho_sets sets;
    float *columns;
    uint32_t *members;
} float_sets;

static float_sets make_sets(size_t periods, size_t strategies, size_t size, size_t count, bool odd)
{
    ho_rng rng = ho_rng_new(periods, "sets", strategies + size);
    float_sets f = {.sets = {.periods = periods, .size = size, .count = count}};
    f.sets.stride = (periods + 2 + HO_SETS_LANES - 1) / HO_SETS_LANES * HO_SETS_LANES;
    f.columns = ho_new_pages(strategies * f.sets.stride * sizeof *f.columns);
    f.members = HO_NEW(uint32_t, size * count);
    f.sets.room = HO_NEW(float, HO_SETS_LANES *(periods + HO_SETS_LANES));
    for (size_t j = 0; j < strategies; j++) {
        float *column = f.columns + j * f.sets.stride;
        for (size_t t = 0; t < f.sets.stride; t++)
            column[t] = (float)(odd ? awkward(&rng) : 1400 * ho_rng_normal(&rng));
        column[periods + 1] = j % 5 == 2 ? 0 : (float)ho_rng_unit(&rng) / 1400;
    }
    for (size_t i = 0; i < size * count; i++)
        f.members[i] = ho_rng_below(&rng, (uint32_t)strategies);
    f.sets.columns = f.columns;
    f.sets.members = f.members;
    return f;
}

static void free_sets(float_sets *f)
{
    free(f->columns);
    free(f->members);
    free(f->sets.room);
}

static void compare_walked_sets(const ho_kernels *k, const ho_sets *sets, bool with_pairs, bool with_counts)
{
    const size_t n = sets->count;
    float *room = HO_NEW(float, 14 * n);
    for (int which = 0; which < 2; which++) {
        float *r = room + (size_t)which * 7 * n;
        const ho_sets_walked out = {
            r,         r + n,    with_pairs ? r + 2 * n : NULL, with_counts ? r + 3 * n : NULL, r + 4 * n,
            r + 5 * n, r + 6 * n};
        (which == 0 ? ho_kernels_at(0) : k)->walk_sets(sets, &out);
    }
    for (size_t i = 0; i < 7 * n; i++) {
        const float a = room[i], b = room[7 * n + i];
        if (memcmp(&a, &b, sizeof a) != 0 && !(isnan(a) && isnan(b)))
            fail_msg("%s: number %zu is %.9g, the reference has %.9g", k->name, i, (double)b, (double)a);
    }
    free(room);
}

static void every_set_walks_sets_alike(void **state)
{
    (void)state;
    static const size_t periods[] = {1, 2, 15, 16, 17, 80, 82, 255}, sizes[] = {1, 2, 7, 35},
                        counts[] = {1, 3, 15, 16, 17, 50};
    for (size_t i = 0; i < ho_kernels_count(); i++) {
        for (size_t c = 0; c < 8 * 4 * 6 * 2; c++) {
            float_sets f = make_sets(periods[c % 8], 90, sizes[c / 8 % 4], counts[c / 32 % 6], c / 192 != 0);
            for (int zero_start = 0; zero_start < 2; zero_start++) {
                f.sets.zero_start = zero_start != 0;
                compare_walked_sets(ho_kernels_at(i), &f.sets, true, true);
                compare_walked_sets(ho_kernels_at(i), &f.sets, true, false);
                compare_walked_sets(ho_kernels_at(i), &f.sets, false, false);
            }
            free_sets(&f);
        }
    }
}

static float *in_floats(const double *from, size_t count)
{
    float *to = HO_NEW(float, count);
    for (size_t i = 0; i < count; i++)
        to[i] = (float)from[i];
    return to;
}

/* Bounds of the walked numbers, for each way of making a value. */
static void compare_bounds(const ho_kernels *k, const data *d, const ho_sieved *walked, bool with_dot)
{
    const size_t n = d->candidates;
    float *absolute = in_floats(d->mean, n), *scale = in_floats(d->scale, n), *upper = HO_NEW(float, 2 * n);
    for (int which = 0; which < 3 * 2 * 2; which++) {
        const ho_sieve_bounds b = {.bare = (ho_sieve_bare)(which % 3),
                                   .only_positive = which / 6 != 0,
                                   .base_size = 20000,
                                   .sum_part = 1e-4F,
                                   .depth_part = 1e-5F,
                                   .depth_step = 1e-4F,
                                   .least = 1e-30F,
                                   .divisor = 7,
                                   .none = 1,
                                   .halved_below = which / 3 % 2 != 0 ? 3000 : 0,
                                   .weight = with_dot ? .1F : 0,
                                   .pairs = 3,
                                   .dot_part = 1e-4F,
                                   .few = 1e-6F};
        ho_kernels_at(0)->sieve_upper(&b, walked, absolute, scale, n, upper);
        k->sieve_upper(&b, walked, absolute, scale, n, upper + n);
        for (size_t i = 0; i < n; i++) {
            if (memcmp(&upper[i], &upper[n + i], sizeof *upper) != 0 &&
                !(isnan(upper[i]) && isnan(upper[n + i])))
                fail_msg("%s: bound %zu is %.9g, the reference has %.9g", k->name, i, (double)upper[n + i],
                         (double)upper[i]);
        }
    }
    free(absolute);
    free(scale);
    free(upper);
}

/* Bounds from falls, the rows of x being those of intervals. */
static void compare_falls(const ho_kernels *k, const data *d, bool with_dot)
{
    const size_t n = d->candidates / HO_FALLS_LANES * HO_FALLS_LANES;
    float *x = in_floats(d->x, d->periods * d->stride), *base = in_floats(d->base, d->periods),
          *mean = in_floats(d->mean, d->candidates), *scale = in_floats(d->scale, d->candidates),
          *upper = HO_NEW(float, 2 * n + 1);
    const ho_falls f = {.intervals = d->periods,
                        .stride = d->stride,
                        .x = x,
                        .base = base,
                        .total = mean,
                        .dots = scale,
                        .leaving = mean,
                        .rest = 500,
                        .error = .5F,
                        .none = 1,
                        .stretch = 1.0001F,
                        .weight = with_dot ? .1F : 0,
                        .pairs = 3};
    const float highest[] = {ho_kernels_at(0)->falls_upper(&f, n, upper), k->falls_upper(&f, n, upper + n)};
    assert_true(highest[0] == highest[1] || (isnan(highest[0]) && isnan(highest[1])));
    for (size_t i = 0; i < n; i++) {
        if (memcmp(&upper[i], &upper[n + i], sizeof *upper) != 0 && !(isnan(upper[i]) && isnan(upper[n + i])))
            fail_msg("%s: fall %zu is %.9g, the reference has %.9g", k->name, i, (double)upper[n + i],
                     (double)upper[i]);
    }
    free(x);
    free(base);
    free(mean);
    free(scale);
    free(upper);
}

static void compare_sieves(const ho_kernels *k, const data *d, bool zero_start, bool with_dot)
{
    const size_t n = d->candidates;
    float *x = in_floats(d->x, d->periods * d->stride), *base = in_floats(d->base, d->periods),
          *v = in_floats(d->v, d->periods), *room = HO_NEW(float, 6 * n);
    const ho_sieve s = {.periods = d->periods,
                        .stride = d->stride,
                        .x = x,
                        .base = base,
                        .v = with_dot ? v : NULL,
                        .zero_start = zero_start,
                        .unit = 800};
    for (int smooth = 1; smooth >= 0; smooth--) {
        for (size_t which = 0; which < 2; which++) {
            float *r = room + which * 3 * n;
            const ho_kernels *of = which == 0 ? ho_kernels_at(0) : k;
            (smooth ? of->sieve_smooth : of->sieve)(&s, n, &(ho_sieved){r, r + n, r + 2 * n});
        }
        for (size_t i = 0; i < 3 * n; i++) {
            if (memcmp(&room[i], &room[3 * n + i], sizeof *room) != 0 &&
                !(isnan(room[i]) && isnan(room[3 * n + i])))
                fail_msg("%s: number %zu is %.9g, the reference has %.9g", k->name, i,
                         (double)room[3 * n + i], (double)room[i]);
        }
    }
    compare_bounds(k, d, &(ho_sieved){room, room + n, room + 2 * n}, with_dot);
    free(x);
    free(base);
    free(v);
    free(room);
}

static void compare_leaving(const ho_kernels *k, const data *d, bool single, bool with_units)
{
    const size_t n = d->periods;
    double *room = HO_NEW(double, 2 * (2 * n + 4));
    float *floats = HO_NEW(float, 4 * n);
    for (size_t which = 0; which < 2; which++) {
        double *r = room + which * (2 * n + 4);
        float *f = floats + which * 2 * n;
        const ho_leaving l = {.periods = n,
                              .series = d->base,
                              .units = with_units ? d->v : NULL,
                              .x = d->x,
                              .mean = d->mean[0],
                              .scale = d->scale[0],
                              .base = r,
                              .v = r + n,
                              .single_base = single ? f : NULL,
                              .single_v = single ? f + n : NULL};
        ho_left left;
        (which == 0 ? ho_kernels_at(0) : k)->leave(&l, &left);
        memcpy(r + 2 * n, &left, sizeof left);
    }
    assert_same_bits(room, room + 2 * n + 4, 2 * n + 4, k->name);
    for (size_t i = 0; i < 2 * n; i++)
        assert_true(memcmp(&floats[i], &floats[2 * n + i], sizeof *floats) == 0 ||
                    (isnan(floats[i]) && isnan(floats[2 * n + i])));
    free(room);
    free(floats);
}

static void every_set_gives_the_bits_of_the_reference(void **state)
{
    (void)state;
    static const size_t periods[] = {1, 2, 3, 17, 82, 255},
                        candidates[] = {1, 7, 15, 16, 17, 31, 33, 64, 100, 257};
    for (size_t i = 0; i < ho_kernels_count(); i++) {
        const ho_kernels *k = ho_kernels_at(i);
        print_message("comparing %s\n", k->name);
        for (size_t p = 0; p < sizeof periods / sizeof *periods; p++) {
            for (size_t c = 0; c < sizeof candidates / sizeof *candidates; c++) {
                for (int odd = 0; odd < 2; odd++) {
                    data d = make_data(periods[p], candidates[c], odd != 0);
                    compare_scans(k, &d, 0, true);
                    compare_scans(k, &d, -INFINITY, true);
                    compare_scans(k, &d, -INFINITY, false);
                    compare_falls(k, &d, odd != 0);
                    compare_sieves(k, &d, odd != 0, true);
                    compare_sieves(k, &d, odd == 0, false);
                    compare_leaving(k, &d, odd != 0, true);
                    compare_leaving(k, &d, odd == 0, false);
                    compare_sums(k, &d);
                    free_data(&d);
                }
            }
        }
    }
    if (ho_kernels_count() < 4)
        print_message("this processor lacks some sets: they were compiled, not compared\n");
}

static void every_set_bins_a_row_alike(void **state)
{
    (void)state;
    enum { LONGEST = 70, HALF = 2000 };
    static const float odd[] = {NAN, INFINITY,   -INFINITY,   3e38F, -3e38F, 1,
                                -1,  1.0000001F, -1.0000001F, 0.7F,  0};
    ho_rng rng = ho_rng_new(9, "kernels", 0);
    for (size_t count = 0; count <= LONGEST; count++) {
        float row[LONGEST] = {0};
        for (size_t k = 0; k < count; k++) {
            row[k] = (float)(2 * ho_rng_unit(&rng) - 1);
            if (ho_rng_below(&rng, 20) == 0) row[k] = odd[ho_rng_below(&rng, sizeof odd / sizeof *odd)];
        }
        int32_t wanted[LONGEST + 1] = {0};
        ho_binned sums, ref_sums;
        ho_kernels_at(0)->bin_row(row, count, HALF, wanted, &ref_sums);
        for (size_t set = 1; set < ho_kernels_count(); set++) {
            const ho_kernels *k = ho_kernels_at(set);
            int32_t bin[LONGEST + 1] = {0};
            k->bin_row(row, count, HALF, bin, &sums);
            assert_memory_equal(bin, wanted, sizeof bin); /* nothing past the row, too */
            assert_int_equal(sums.high, ref_sums.high);
            for (size_t i = 0; i < 16; i++) {
                assert_near((double)sums.sum[i], (double)ref_sums.sum[i], 0);
                assert_near((double)sums.square[i], (double)ref_sums.square[i], 0);
            }
        }
        for (size_t i = 0; i < count; i++)
            assert_in_range(wanted[i], 0, 2 * HALF);
    }
}

static void every_set_weighs_alike(void **state)
{
    (void)state;
    static const size_t columns[] = {1, 7, 16, 511, 512, 513, 1100}, periods[] = {1, 3, 4, 5, 82};
    for (size_t i = 0; i < 7; i++) {
        for (size_t p = 0; p < 5; p++) {
            data d = make_data(periods[p], columns[i], i == 2);
            double *sums = HO_NEW(double, 4 * columns[i]);
            ho_weighing w = {.x = d.x,
                             .stride = d.stride,
                             .periods = d.periods,
                             .columns = columns[i],
                             .a = d.base,
                             .b = d.v,
                             .a_sum = sums,
                             .b_sum = sums + columns[i]};
            ho_kernels_at(0)->weigh(&w);
            w.a_sum = sums + 2 * columns[i];
            w.b_sum = sums + 3 * columns[i];
            for (size_t set = 1; set < ho_kernels_count(); set++) {
                ho_kernels_at(set)->weigh(&w);
                for (size_t j = 0; j < 2 * columns[i]; j++)
                    assert_near(w.a_sum[j], sums[j], 0);
            }
            free(sums);
            free_data(&d);
        }
    }
}

static void a_walk_is_the_definition(void **state)
{
    (void)state;
    /* E2 of the worked examples: r = -100 50 200 -150 0 300 -80 -40 120 60 */
    static const double base[10] = {0}, r[10] = {-100, 50, 200, -150, 0, 300, -80, -40, 120, 60},
                        v[10] = {[3] = 2};
    double room[WALKED];
    const ho_walked out = walked_in(room, 1);
    ho_scan s = {.periods = 10, .stride = 1, .x = r, .base = base, .v = v, .start_peak = 0, .hurdle = -90};
    ho_kernels_at(0)->scan_spread(&s, 1, &out);
    assert_true(out.sum[0] == 360 && out.drawdown[0] == 150 && out.dot[0] == -300);
    assert_true(out.wins[0] == 5 && out.losses[0] == 4 && out.gain[0] == 730 && out.loss[0] == 370);
    assert_true(out.low[0] == -150 && out.high[0] == 300 && out.square[0] == 178040);
    assert_true(out.shortfall[0] == 100 + 3600); /* -100 and -150 */
    static const double losing[3] = {-1, -2, -3};
    s = (ho_scan){.periods = 3, .stride = 1, .x = losing, .base = base, .start_peak = -INFINITY};
    ho_kernels_at(0)->scan(&s, 1, &out);
    assert_true(out.drawdown[0] == 5); /* the first period's loss is before the first peak */
    s.start_peak = 0;
    ho_kernels_at(0)->scan(&s, 1, &out);
    assert_true(out.drawdown[0] == 6);
}

static void the_environment_chooses(void **state)
{
    (void)state;
    ho_error err;
    const ho_kernels *k = NULL;
    for (size_t i = 0; i < ho_kernels_count(); i++) {
        setenv("HEAVYOPT_CPU", ho_kernels_at(i)->name, 1);
        assert_ok(ho_kernels_choose(&k, &err));
        assert_ptr_equal(k, ho_kernels_at(i));
    }
    setenv("HEAVYOPT_CPU", "sse3", 1);
    assert_refused(ho_kernels_choose(&k, &err), HO_ERR_USAGE, "ref, sse2, avx2 or avx512");
    unsetenv("HEAVYOPT_CPU");
    assert_ok(ho_kernels_choose(&k, &err));
    assert_ptr_equal(k, ho_kernels_at(ho_kernels_count() - 1));
}

/* Blocks of 64 candidates for 35 slots each, as a search goes through them. */
static void time_sieve(const data *d)
{
    enum { BLOCK = 64, SLOTS = 35 };
    float *x = in_floats(d->x, d->periods * d->stride), *base = in_floats(d->base, d->periods),
          *v = in_floats(d->v, d->periods), room[3][BLOCK];
    for (size_t i = 0; i < ho_kernels_count(); i++) {
        double best = INFINITY;
        size_t done = 0;
        for (int repeat = 0; repeat < 10; repeat++) {
            double start = ho_clock_seconds();
            done = 0;
            for (size_t j = 0; j + BLOCK <= d->candidates; j += BLOCK) {
                const ho_sieve s = {
                    .periods = d->periods, .stride = d->stride, .x = x + j, .base = base, .v = v};
                for (int slot = 0; slot < SLOTS; slot++, done += BLOCK)
                    ho_kernels_at(i)->sieve(&s, BLOCK, &(ho_sieved){room[0], room[1], room[2]});
            }
            best = fmin(best, ho_clock_seconds() - start);
        }
        printf("%-7s sieve       %7.1f million candidates a second, blocks for %d slots, one thread\n",
               ho_kernels_at(i)->name, 1e-6 * (double)done / best, SLOTS);
    }
    free(x);
    free(base);
    free(v);
}

static int time_kernels(void)
{
    data d = make_data(82, 25544, false);
    double *room = HO_NEW(double, WALKED *d.candidates);
    const ho_walked out = walked_in(room, d.candidates);
    const ho_scan s = {.periods = d.periods, .stride = d.stride, .x = d.x, .base = d.base, .v = d.v};
    static const char *const names[] = {"scan", "scan_counts", "scan_spread"};
    for (size_t i = 0; i < ho_kernels_count(); i++) {
        const ho_kernels *k = ho_kernels_at(i);
        void (*const scans[])(const ho_scan *, size_t, const ho_walked *) = {k->scan, k->scan_counts,
                                                                             k->scan_spread};
        for (size_t which = 0; which < 3; which++) {
            double best = INFINITY;
            for (int repeat = 0; repeat < 20; repeat++) {
                double start = ho_clock_seconds();
                scans[which](&s, d.candidates, &out);
                best = fmin(best, ho_clock_seconds() - start);
            }
            printf("%-7s %-11s %7.1f million candidates a second, one slot a pass, one thread\n", k->name,
                   names[which], 1e-6 * (double)d.candidates / best);
        }
    }
    free(room);
    time_sieve(&d);
    free_data(&d);
    enum { COUNT = 2000 };
    float_sets f = make_sets(82, 25544, 35, COUNT, false);
    float values[3 * COUNT];
    const ho_sets_walked walked = {.sum = values, .drawdown = values + COUNT, .pairs = values + 2 * COUNT};
    for (size_t i = 0; i < ho_kernels_count(); i++) {
        double best = INFINITY;
        for (int repeat = 0; repeat < 20; repeat++) {
            double start = ho_clock_seconds();
            ho_kernels_at(i)->walk_sets(&f.sets, &walked);
            best = fmin(best, ho_clock_seconds() - start);
        }
        printf("%-7s sets %7.3f million a second, of 35, one thread\n", ho_kernels_at(i)->name,
               1e-6 * COUNT / best);
    }
    free_sets(&f);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "time") == 0) return time_kernels();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_set_gives_the_bits_of_the_reference),
        cmocka_unit_test(every_set_walks_sets_alike),
        cmocka_unit_test(every_set_bins_a_row_alike),
        cmocka_unit_test(every_set_weighs_alike),
        cmocka_unit_test(a_walk_is_the_definition),
        cmocka_unit_test(the_environment_chooses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
