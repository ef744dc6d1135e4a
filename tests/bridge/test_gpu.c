/* On a CUDA device, through the plug-in: every result is that of the processor's kernels, to the bit but for correlations,
 * and a table says how long each took. `ctest -L gpu` runs this; without a device it is skipped and says why. */
#include "test.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/rng.h"
#include "bridge/arrow/arrow.h"
#include "bridge/cudf/load.h"
#include "kernels/device/bounds.h"
#include "kernels/kernels.h"
#include "kernels/sieve_bounds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PERIODS = 82, STRATEGIES = 25544, STRIDE = STRATEGIES + 8, SLOTS = 35, REPEATS = 10, SETS = 4096 };

static ho_device *device;
static const ho_device_table *table;
static ho_device_engine *engine;
static ho_device_line why;
static ho_device_numbers numbers;
static ho_device_held *held; /* of these */
static double *x, *base, *v;
static const ho_kernels *truth;

#define assert_done(call)                                       \
    do {                                                        \
        if ((call) != HO_DEVICE_DONE) fail_msg("%s", why.text); \
    } while (0)

/* The shortest of some runs of a call, in seconds. */
#define TIMED(seconds, call)                                         \
    do {                                                             \
        (seconds) = INFINITY;                                        \
        for (int timed = 0; timed < REPEATS; timed++) {              \
            const double begun = ho_clock_seconds();                 \
            assert_done(call);                                       \
            (seconds) = fmin((seconds), ho_clock_seconds() - begun); \
        }                                                            \
    } while (0)

static double *made_up(size_t count, const char *what)
{
    ho_rng rng = ho_rng_new(7, what, 0);
    double *made = HO_NEW(double, count);
    for (size_t i = 0; i < count; i++)
        made[i] = 1400 * ho_rng_normal(&rng);
    return made;
}

static void a_panel_goes_to_the_device_by_arrow(void **state)
{
    (void)state;
    double seconds = 0, *sums = HO_NEW(double, 4 * STRATEGIES);
    const ho_device_doubles panel = {x, PERIODS, STRATEGIES, STRIDE};
    ho_device_numbers parts = {.device = device, .all = panel, .part = STRATEGIES / 3};
    const double first = ho_clock_seconds();
    ho_device_numbers_hold(device, &panel, &numbers);
    printf("| panel by Arrow | %.4f s |\n", ho_clock_seconds() - first);
    assert_non_null(numbers.held);
    held = numbers.held;
    truth->weigh(&(ho_weighing){.x = x,
                                .stride = STRIDE,
                                .periods = PERIODS,
                                .columns = STRATEGIES,
                                .a = base,
                                .b = v,
                                .a_sum = sums,
                                .b_sum = sums + STRATEGIES});
    TIMED(seconds, table->weigh(engine, held, base, v, sums + (size_t)2 * STRATEGIES,
                                sums + (size_t)3 * STRATEGIES, &why));
    printf("| weighed columns (pricing) | %.6f s |\n", seconds);
    assert_memory_equal(sums, sums + (size_t)2 * STRATEGIES, (size_t)2 * STRATEGIES * sizeof *sums);
    memset(sums, 0, sizeof *sums * 2 * STRATEGIES);
    assert_true(
        ho_device_numbers_weigh(&parts, base, v, sums, sums + STRATEGIES)); /* brought there in parts */
    assert_memory_equal(sums, sums + (size_t)2 * STRATEGIES, (size_t)2 * STRATEGIES * sizeof *sums);
    free(sums);
}

static const void *piece(void *user, size_t column, size_t row)
{
    (void)user, (void)column;
    return x + row * STRIDE;
}

static void a_store_goes_to_the_device_by_cudf(void **state)
{
    (void)state;
    char path[] = "/tmp/heavyopt-gpu-XXXXXX";
    const char *const paths[] = {path};
    const ho_device_files files = {paths, 1, PERIODS, STRATEGIES};
    const ho_parquet_column column = {.name = "pnl", .type = HO_PARQUET_DOUBLE};
    ho_parquet_writer *writer = NULL;
    ho_device_held *read = NULL;
    ho_error err = {""};
    if (ho_arrow_version() == NULL) skip();
    const int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    assert_ok(ho_parquet_create(path, &column, 1, "zstd", &writer, &err));
    assert_ok(ho_parquet_write_group(writer, PERIODS, STRATEGIES, piece, NULL, &err));
    assert_ok(ho_parquet_finish(&writer, &err));
    double seconds = 0, *sums = HO_NEW(double, 4 * STRATEGIES);
    for (int i = 0; i < 2; i++) { /* the first one starts cuDF */
        table->drop(engine, &read);
        const double begun = ho_clock_seconds();
        const ho_device_state done = table->hold_files(engine, &files, &read, &why);
        seconds = ho_clock_seconds() - begun;
        if (done != HO_DEVICE_DONE) unlink(path);
        assert_done(done);
    }
    unlink(path);
    printf("| store (load; the old pipeline: 0.8 s) | %.4f s |\n", seconds);
    assert_done(table->weigh(engine, held, base, v, sums, sums + STRATEGIES, &why));
    assert_done(table->weigh(engine, read, base, v, sums + (size_t)2 * STRATEGIES,
                             sums + (size_t)3 * STRATEGIES, &why));
    assert_memory_equal(sums, sums + (size_t)2 * STRATEGIES, (size_t)2 * STRATEGIES * sizeof *sums);
    table->drop(engine, &read);
    free(sums);
}

static void a_scan_in_double_has_the_bits_of_the_processor(void **state)
{
    (void)state;
    const size_t all = (size_t)SLOTS * HO_DEVICE_WALKED * STRATEGIES;
    double *out = HO_NEW(double, all), *room = HO_NEW(double, (size_t)HO_DEVICE_WALKED *STRATEGIES), seconds;
    const ho_device_scan_wish wish = {0, STRATEGIES, SLOTS, 2, 0, 120, base, v};
    TIMED(seconds, table->scan(engine, held, &wish, out, &why));
    printf("| scan in double, all measures | %.1f million swaps a second |\n",
           1e-6 * SLOTS * STRATEGIES / seconds);
    for (size_t s = 0; s < SLOTS; s++) {
        double *p[HO_DEVICE_WALKED];
        for (size_t f = 0; f < HO_DEVICE_WALKED; f++)
            p[f] = room + f * STRATEGIES;
        const ho_scan scan = {PERIODS, STRIDE, x, base + s * PERIODS, v + s * PERIODS, 0, 120};
        truth->scan_spread(&scan, STRATEGIES,
                           &(ho_walked){p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8], p[9], p[10]});
        assert_memory_equal(room, out + s * HO_DEVICE_WALKED * STRATEGIES,
                            (size_t)HO_DEVICE_WALKED * STRATEGIES * sizeof *room);
    }
    free(out);
    free(room);
}

static float *in_floats(const double *from, size_t count)
{
    float *to = HO_NEW(float, count);
    for (size_t i = 0; i < count; i++)
        to[i] = (float)from[i];
    return to;
}

static const ho_sieve_bounds bounds_of_all = {.base_size = 3e5F,
                                              .sum_part = 5e-6F,
                                              .depth_part = 2e-7F,
                                              .depth_step = 5e-6F,
                                              .least = 1e-30F,
                                              .divisor = 35,
                                              .none = 1e-6F,
                                              .weight = 0.1F,
                                              .pairs = 17,
                                              .dot_part = 1e-6F,
                                              .few = 1e-6F};

/* By the processor: how many candidates of a slot may be the best, and the floor that they reach. */
static uint32_t may_be_best(const ho_device_floats *f, const float *of_base, const float *of_v, float *floor)
{
    float *room = HO_NEW(float, (size_t)5 * STRATEGIES), *upper = room + (size_t)3 * STRATEGIES;
    const ho_sieved walked = {room, room + STRATEGIES, room + (size_t)2 * STRATEGIES};
    const ho_sieve sieve = {.periods = PERIODS,
                            .stride = f->stride,
                            .x = f->numbers,
                            .base = of_base,
                            .v = of_v,
                            .zero_start = true};
    uint32_t count = 0;
    truth->sieve(&sieve, STRATEGIES, &walked);
    truth->sieve_upper(&bounds_of_all, &walked, f->absolute, f->scale, STRATEGIES, upper);
    *floor = -INFINITY;
    for (size_t i = 0; i < STRATEGIES; i++) {
        const float lower =
            ho_sieve_bound(&bounds_of_all, HO_SIEVE_RATIO, true, walked.sum[i], walked.drawdown[i],
                           walked.dot[i], f->absolute[i], f->scale[i], -1);
        *floor = lower > *floor ? lower : *floor;
    }
    for (size_t i = 0; i < STRATEGIES; i++)
        count += upper[i] >= *floor;
    free(room);
    return count;
}

static void a_sieve_keeps_what_the_processor_would(void **state)
{
    (void)state;
    float *floats = in_floats(x, (size_t)PERIODS * STRIDE), *fb = in_floats(base, (size_t)SLOTS * PERIODS);
    float *fv = in_floats(v, (size_t)SLOTS * PERIODS), *sides = HO_NEW(float, (size_t)2 * STRATEGIES);
    for (size_t i = 0; i < STRATEGIES; i++) {
        sides[i] = 1e5F;
        sides[STRATEGIES + i] = 1e-4F;
    }
    const ho_device_floats f = {floats, PERIODS, STRATEGIES, STRIDE, sides, sides + STRATEGIES};
    ho_device_bounds bounds[SLOTS];
    uint8_t *open = HO_NEW(uint8_t, STRATEGIES);
    memset(open, 1, STRATEGIES);
    for (size_t s = 0; s < SLOTS; s++)
        bounds[s] = ho_device_bounds_of(&bounds_of_all);
    uint32_t *column = HO_NEW(uint32_t, SLOTS * HO_DEVICE_KEPT), count[SLOTS];
    float *upper = HO_NEW(float, SLOTS *HO_DEVICE_KEPT), floors[SLOTS];
    const ho_device_swaps swaps = {0, STRATEGIES, SLOTS, 1, fb, fv, bounds, open, 0};
    const ho_device_kept kept = {column, upper, count, floors};
    ho_device_held *sieved = NULL;
    double seconds;
    assert_done(table->hold(engine, &f, &sieved, &why));
    TIMED(seconds, table->sieve(engine, sieved, &swaps, &kept, &why));
    printf("| swaps of a search | %.1f million a second |\n", 1e-6 * SLOTS * STRATEGIES / seconds);
    for (size_t s = 0; s < SLOTS; s++) {
        float floor = 0;
        const uint32_t best = may_be_best(&f, fb + s * PERIODS, fv + s * PERIODS, &floor);
        assert_memory_equal(&floor, &floors[s], sizeof floor);
        assert_int_equal(count[s], best <= HO_DEVICE_KEPT ? best : HO_DEVICE_KEPT + 1);
    }
    table->drop(engine, &sieved);
    free(floats);
    free(fb);
    free(fv);
    free(sides);
    free(open);
    free(column);
    free(upper);
}

static void sets_have_the_bits_of_the_processor(void **state)
{
    (void)state;
    enum { ROW = (PERIODS + 2 + 15) / 16 * 16 };
    ho_rng rng = ho_rng_new(9, "sets", 0);
    float *columns = ho_new_pages((size_t)STRATEGIES * ROW * sizeof *columns);
    float *out = HO_NEW(float, (size_t)2 * HO_DEVICE_SETS_WALKED * SETS),
          *t = out + HO_DEVICE_SETS_WALKED * SETS;
    uint32_t *members = HO_NEW(uint32_t, (size_t)SETS * SLOTS);
    for (size_t i = 0; i < (size_t)STRATEGIES * ROW; i++)
        columns[i] = (float)(1400 * ho_rng_normal(&rng));
    for (size_t i = 0; i < (size_t)SETS * SLOTS; i++)
        members[i] = ho_rng_below(&rng, STRATEGIES);
    const ho_device_floats f = {.numbers = columns, .rows = STRATEGIES, .columns = ROW, .stride = ROW};
    ho_device_held *sets = NULL;
    double seconds;
    assert_done(table->hold(engine, &f, &sets, &why));
    TIMED(seconds, table->walk_sets(engine, sets, members, SLOTS, SETS, PERIODS, 1, out, &why));
    printf("| unrelated portfolios | %.2f million a second |\n", 1e-6 * SETS / seconds);
    const ho_sets all = {columns, ROW,  PERIODS, members,
                         SLOTS,   SETS, true,    HO_NEW(float, 16 * (PERIODS + 16))};
    const ho_sets_walked to = {t,           t + SETS, t + 2 * SETS, t + 3 * SETS, t + 4 * SETS, t + 5 * SETS,
                               t + 6 * SETS};
    truth->walk_sets(&all, &to);
    assert_memory_equal(out, t, (size_t)HO_DEVICE_SETS_WALKED * SETS * sizeof *t);
    table->drop(engine, &sets);
    free(all.room);
    free(columns);
    free(out);
    free(members);
}

static void series_have_the_bits_of_the_processor(void **state)
{
    (void)state;
    enum { TAIL = 9, BLOCKS = (STRATEGIES + HO_SERIES_LANES - 1) / HO_SERIES_LANES };
    ho_series_walked *out = HO_NEW(ho_series_walked, BLOCKS), *t = HO_NEW(ho_series_walked, 1);
    ho_series s = {.stride = STRIDE, .periods = PERIODS, .rate = 0.4, .hurdle = -3, .mar = 7, .tail = TAIL};
    double seconds;
    s.room = HO_NEW(double, 2 * PERIODS * HO_SERIES_LANES);
    const ho_device_series_wish all = {0, STRATEGIES, TAIL, s.rate, s.hurdle, s.mar};
    TIMED(seconds, table->series(engine, held, &all, (double *)out, &why));
    printf("| measures of all strategies | %.4f s |\n", seconds);
    for (size_t b = 0; b < BLOCKS; b++) {
        s.x = x + b * HO_SERIES_LANES;
        s.columns = STRATEGIES - b * HO_SERIES_LANES < HO_SERIES_LANES ? STRATEGIES % HO_SERIES_LANES
                                                                       : HO_SERIES_LANES;
        truth->series_walk(&s, t);
        assert_memory_equal(t, &out[b], sizeof *t);
    }
    free(s.room);
    free(out);
    free(t);
}

static void correlations_are_those_of_a_sum_in_double(void **state)
{
    (void)state;
    enum { ROWS = 1024 };
    double *mean = HO_NEW(double, 2 * STRATEGIES), *scale = mean + STRATEGIES, worst = 0;
    float *tile = HO_NEW(float, (size_t)ROWS *STRATEGIES);
    for (size_t j = 0; j < STRATEGIES; j++) {
        double square = 0;
        for (size_t t = 0; t < PERIODS; t++)
            mean[j] += x[t * STRIDE + j] / PERIODS;
        for (size_t t = 0; t < PERIODS; t++)
            square += (x[t * STRIDE + j] - mean[j]) * (x[t * STRIDE + j] - mean[j]);
        scale[j] = 1 / sqrt(square);
    }
    ho_device_held *units = NULL;
    assert_done(table->units(engine, held, mean, scale, &units, &why));
    assert_done(table->correlate(engine, units, 0, ROWS, 0, STRATEGIES, tile, &why));
    for (size_t i = 0; i < 200; i++) {
        const size_t a = i * 5, b = i * 127;
        double r = 0;
        for (size_t t = 0; t < PERIODS; t++)
            r += (x[t * STRIDE + a] - mean[a]) * scale[a] * (x[t * STRIDE + b] - mean[b]) * scale[b];
        worst = fmax(worst, fabs(r - (double)tile[a * STRATEGIES + b]));
    }
    const double begun = ho_clock_seconds();
    for (uint64_t first = 0; first < STRATEGIES; first += ROWS) {
        const uint64_t rows = STRATEGIES - first < ROWS ? STRATEGIES - first : ROWS;
        assert_done(table->correlate(engine, units, first, rows, 0, STRATEGIES, tile, &why));
    }
    printf("| all correlations, brought to the host (the old pipeline: 1.1 s) | %.3f s |\n",
           ho_clock_seconds() - begun);
    assert_true(worst < 1e-6);
    table->drop(engine, &units);
    free(mean);
    free(tile);
}

static void a_limit_on_memory_holds(void **state)
{
    (void)state;
    enum { LIMIT = 1 << 20 };
    ho_device *small = NULL;
    ho_device_held *none = NULL;
    ho_error err = {""};
    float *floats = in_floats(x, (size_t)PERIODS * STRIDE);
    const ho_device_floats f = {.numbers = floats, .rows = PERIODS, .columns = STRATEGIES, .stride = STRIDE};
    assert_ok(ho_device_open(&(ho_device_wish){.memory_limit = LIMIT}, true, &small, &err));
    assert_int_equal(small->table->hold(small->engine, &f, &none, &why), HO_DEVICE_MEMORY);
    assert_null(none);
    ho_device_close(&small);
    free(floats);
}

int main(void)
{
    ho_error err = {""};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_panel_goes_to_the_device_by_arrow),
        cmocka_unit_test(a_store_goes_to_the_device_by_cudf),
        cmocka_unit_test(a_scan_in_double_has_the_bits_of_the_processor),
        cmocka_unit_test(a_sieve_keeps_what_the_processor_would),
        cmocka_unit_test(sets_have_the_bits_of_the_processor),
        cmocka_unit_test(series_have_the_bits_of_the_processor),
        cmocka_unit_test(correlations_are_those_of_a_sum_in_double),
        cmocka_unit_test(a_limit_on_memory_holds),
    };
    if (ho_device_open(&(ho_device_wish){.number = 0}, true, &device, &err) != HO_OK ||
        ho_kernels_choose(&truth, &err) != HO_OK) {
        printf("skipped: %s\n", err.text);
        return 77;
    }
    table = device->table;
    engine = device->engine;
    x = made_up((size_t)PERIODS * STRIDE, "x");
    base = made_up((size_t)SLOTS * PERIODS, "base");
    v = made_up((size_t)SLOTS * PERIODS, "v");
    puts("the old pipeline, on its own device: load 0.8 s, correlation 1.1 s, 2.1 GB, up to 100,000 "
         "strategies");
    printf("%s, %s; %d strategies x %d days, portfolios of %d\n\n| work | measured |\n| --- | --- |\n",
           device->about.name, device->about.libraries, STRATEGIES, PERIODS, SLOTS);
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    ho_device_numbers_drop(&numbers);
    ho_device_close(&device);
    free(x);
    free(base);
    free(v);
    return failed;
}
