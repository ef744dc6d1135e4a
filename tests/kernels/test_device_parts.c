/* A table that goes through a device part by part gives what it gives whole, for any limit on the device's memory: the
 * walks and sums of each column bit by bit, and of a sieve the same candidates or, where a part has too many, that. */
#include "device_cases.h"

#include "bridge/fake_device.c"
#include "kernels/device/device.h"

enum { PERIODS = 19, COLUMNS = 4500, STRIDE = COLUMNS + 7, SLOTS = 5 };

static const uint64_t limits[] = {4500000, 4600000, 4700000, 4800000, 4900000, 1 << 30};

static ho_device open_limited(uint64_t limit)
{
    ho_device device = {.table = ho_device_plugin(HO_DEVICE_INTERFACE), .spill = true};
    ho_device_line why;
    const ho_device_wish wish = {.memory_limit = limit};
    assert_int_equal(device.table->open(&wish, &device.about, &device.engine, &why), HO_DEVICE_DONE);
    return device;
}

/* Weights and walks of all columns, one behind the other in `out`. */
static void work_out(const ho_device_numbers *n, const double *base, double *out)
{
    enum { AT_ONCE = HO_DEVICE_AT_ONCE, EACH = SLOTS * HO_DEVICE_WALKED, TAIL = 3 };
    assert_true(ho_device_numbers_weigh(n, base, base + PERIODS, out, out + COLUMNS));
    double *to = out + 2 * COLUMNS;
    for (uint32_t first = 0; first < COLUMNS; first += AT_ONCE) {
        const uint32_t columns = COLUMNS - first < AT_ONCE ? COLUMNS - first : AT_ONCE;
        const ho_device_scan_wish scan = {first, columns, SLOTS, 2, 0, 40, base, base};
        const ho_device_series_wish series = {first, columns, TAIL, 0.1, 2, -3};
        assert_true(ho_device_numbers_scan(n, &scan, to));
        to += (size_t)columns * EACH;
        assert_true(ho_device_numbers_series(n, &series, to));
        to += (columns + HO_DEVICE_LANES - 1) / HO_DEVICE_LANES * (sizeof(ho_series_walked) / sizeof *to);
    }
}

static void numbers_of_columns_do_not_depend_on_the_parts(void **state)
{
    (void)state;
    const size_t count = (size_t)COLUMNS * (2 + SLOTS * HO_DEVICE_WALKED) +
                         (COLUMNS / HO_SERIES_LANES + 8) * (sizeof(ho_series_walked) / sizeof(double));
    ho_rng rng = ho_rng_new(1, "parts", 0);
    double *x = device_numbers(&rng, (size_t)PERIODS * STRIDE, false);
    double *base = device_numbers(&rng, (size_t)SLOTS * PERIODS, false);
    double *whole = HO_NEW(double, count), *parts = HO_NEW(double, count);
    const ho_device_doubles doubles = {x, PERIODS, COLUMNS, STRIDE};
    size_t in_parts = 0;
    for (size_t i = COUNT_OF(limits); i-- > 0;) {
        ho_device device = open_limited(limits[i]);
        ho_device_numbers n;
        ho_device_numbers_hold(&device, &doubles, &n);
        assert_non_null(n.device);
        in_parts += n.held == NULL;
        memset(parts, 0, count * sizeof *parts);
        work_out(&n, base, n.part == COLUMNS ? whole : parts);
        if (n.part != COLUMNS) assert_memory_equal(whole, parts, count * sizeof *whole);
        ho_device_numbers_drop(&n);
        assert_int_equal(device.engine->taken, 0);
        device.table->close(&device.engine);
    }
    assert_in_range(in_parts, 3, COUNT_OF(limits) - 1);
    free(x);
    free(base);
    free(whole);
    free(parts);
}

typedef struct kept {
    uint32_t column[SLOTS * HO_DEVICE_KEPT], count[SLOTS];
    float upper[SLOTS * HO_DEVICE_KEPT], floors[SLOTS];
} kept;

static void a_sieve_in_parts_keeps_the_same_or_too_many(void **state)
{
    (void)state;
    static const uint64_t sieve_limits[] = {1 << 30, 700000, 500000, 300000, 260000};
    size_t same = 0, in_parts = 0;
    for (int spread = 0; spread < 2; spread++) {
        device_sieve d = device_sieve_new(PERIODS, COLUMNS, SLOTS, false, spread == 0 ? 1 : 3e3F);
        const ho_device_floats floats = {d.x, PERIODS, COLUMNS, d.stride, d.absolute, d.scale};
        const ho_device_swaps swaps = {0, COLUMNS, SLOTS, 1, d.base, d.v, d.flat, d.open, COLUMNS};
        kept first, k;
        for (size_t i = 0; i < COUNT_OF(sieve_limits); i++) {
            ho_device device = open_limited(sieve_limits[i]);
            ho_device_columns c;
            const ho_device_kept to = {k.column, k.upper, k.count, k.floors};
            ho_device_columns_hold(&device, &floats, SLOTS, &c);
            assert_non_null(c.device);
            in_parts += c.held == NULL;
            assert_true(ho_device_columns_sieve(&c, &swaps, &to));
            if (i == 0) first = k;
            for (size_t s = 0; s < SLOTS; s++) {
                assert_memory_equal(&k.floors[s], &first.floors[s], sizeof *k.floors);
                if (k.count[s] > HO_DEVICE_KEPT) continue;
                assert_int_equal(k.count[s], first.count[s]);
                const size_t at = s * HO_DEVICE_KEPT;
                assert_memory_equal(k.column + at, first.column + at, k.count[s] * sizeof *k.column);
                assert_memory_equal(k.upper + at, first.upper + at, k.count[s] * sizeof *k.upper);
                same += i > 0;
            }
            ho_device_columns_drop(&c);
            assert_int_equal(device.engine->taken, 0);
            device.table->close(&device.engine);
        }
        device_sieve_drop(&d);
    }
    assert_true(in_parts >= 6 && same >= 10);
}

static void device_run(const char *kernel, size_t items, size_t slots, const device_argument *arguments,
                       size_t count)
{
    (void)kernel, (void)items, (void)slots, (void)arguments, (void)count;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_columns_do_not_depend_on_the_parts),
        cmocka_unit_test(a_sieve_in_parts_keeps_the_same_or_too_many),
    };
    (void)device_tests; /* of the header, which other programs run */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
