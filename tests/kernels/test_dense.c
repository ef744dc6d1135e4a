/* Small dense matrices: every set of kernels gives the reference's bits, and the reference does what a matrix does. */
#include "test.h"

#include "base/memory.h"
#include "base/rng.h"
#include "kernels/kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 19, COLUMNS = 1030, STRIDE = COLUMNS + 2 };

/* A matrix, and what goes in and comes out beside it. */
typedef struct field {
    double a[ROWS * STRIDE], of_rows[ROWS], of_columns[COLUMNS], sum[COLUMNS], dots[ROWS], norm[ROWS];
} field;

static void fill(double *x, size_t count, ho_rng *rng, bool odd)
{
    static const double odds[] = {0, -0.0, 1e300, -1e300, 5e-324, NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < count; i++) {
        const uint32_t draw = ho_rng_below(rng, 60);
        x[i] = draw < 6 ? 0 : ho_rng_normal(rng);
        if (odd && draw == 59) x[i] = odds[ho_rng_below(rng, sizeof odds / sizeof *odds)];
    }
}

static void work(const ho_kernels *k, field *f, size_t rows, size_t columns)
{
    const ho_dense m = {f->a, rows, columns, STRIDE};
    k->dense_sum(&m, f->of_rows, f->sum);
    k->dense_dots(&m, f->of_columns, f->dots);
    k->dense_eliminate(&m, rows / 2, f->of_rows, f->norm);
}

static field *draw_field(size_t seed, bool odd)
{
    field *f = HO_NEW(field, 1);
    ho_rng rng = ho_rng_new(seed, "dense", 0);
    fill(f->a, ROWS * STRIDE, &rng, odd);
    fill(f->of_rows, ROWS, &rng, odd);
    fill(f->of_columns, COLUMNS, &rng, odd);
    return f;
}

/* Of two numbers that are none, signs and payloads may differ. */
static void assert_same(const double *a, const double *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_true((isnan(a[i]) && isnan(b[i])) || memcmp(a + i, b + i, sizeof *a) == 0);
}

static void every_set_gives_the_same_bits(void **state)
{
    (void)state;
    static const size_t columns[] = {1, 7, 8, 9, 40, 511, 512, 513, COLUMNS};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        for (size_t rows = 1; rows <= ROWS; rows += 1 + rows % 5) {
            for (size_t set = 1; set < ho_kernels_count(); set++) {
                field *wanted = draw_field(i, rows % 2 == 0), *f = draw_field(i, rows % 2 == 0);
                work(ho_kernels_at(0), wanted, rows, columns[i]);
                work(ho_kernels_at(set), f, rows, columns[i]);
                assert_same(f->sum, wanted->sum, columns[i]);
                assert_same(f->dots, wanted->dots, rows);
                assert_same(f->norm, wanted->norm, rows);
                assert_same(f->a, wanted->a, ROWS * STRIDE);
                free(wanted);
                free(f);
            }
        }
    }
}

/* Whole numbers, so that no order of adding rounds. */
static void the_sums_are_those_of_the_definition(void **state)
{
    (void)state;
    double a[3 * 4] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, sum[4], dots[3], norm[3];
    const double of_rows[] = {2, 0, -1}, of_columns[] = {1, -1, 2, 0};
    const double sums[] = {-7, -6, -5, -4}, products[] = {5, 13, 21};
    const double left[] = {-9, -10, -11, -12, 5, 6, 7, 8, 14, 16, 18, 20}, norms[] = {446, 174, 1176};
    const ho_dense m = {a, 3, 4, 4};
    for (size_t set = 0; set < ho_kernels_count(); set++) {
        const ho_kernels *k = ho_kernels_at(set);
        for (size_t i = 0; i < 12; i++)
            a[i] = (double)(i + 1);
        k->dense_sum(&m, of_rows, sum);
        k->dense_dots(&m, of_columns, dots);
        k->dense_eliminate(&m, 1, of_rows, norm);
        assert_memory_equal(sum, sums, sizeof sums);
        assert_memory_equal(dots, products, sizeof products);
        assert_memory_equal(a, left, sizeof left);
        assert_memory_equal(norm, norms, sizeof norms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_set_gives_the_same_bits),
        cmocka_unit_test(the_sums_are_those_of_the_definition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
