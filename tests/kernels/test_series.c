/* Columns as series of their own: every set of kernels gives the bits of the reference, on odd lengths, missing lanes
 * and awkward numbers; and the reference is what the definitions say. `kernels.series time` times them. */
#include "test.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/rng.h"
#include "kernels/kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LANES = HO_SERIES_LANES };

typedef struct data {
    double *x, *room;
    ho_series series;
    ho_series_walked *walked;
} data;

/* Ties, zeros of both signs, and numbers at the ends of what doubles hold. */
static double awkward(ho_rng *rng)
{
    static const double odd[] = {0, -0.0, 0.004, -0.004, 1e150, -1e150, 5e-324, -5e-324, 7, -7};
    if (ho_rng_below(rng, 3) == 0) return odd[ho_rng_below(rng, sizeof odd / sizeof *odd)];
    return 1400 * ho_rng_normal(rng);
}

static data make(size_t periods, size_t columns)
{
    ho_rng rng = ho_rng_new(periods, "series", columns);
    const size_t stride = columns + 5;
    data d = {.x = HO_NEW(double, periods *stride),
              .room = HO_NEW(double, 2 * periods * LANES),
              .walked = HO_NEW(ho_series_walked, 1)};
    for (size_t i = 0; i < periods * stride; i++)
        d.x[i] = awkward(&rng);
    d.series = (ho_series){.x = d.x,
                           .stride = stride,
                           .periods = periods,
                           .columns = columns,
                           .rate = .00008,
                           .hurdle = -3,
                           .mar = 7,
                           .tail = periods < 9 ? periods : 9,
                           .room = d.room};
    return d;
}

static void drop(data *d)
{
    free(d->x);
    free(d->room);
    free(d->walked);
}

/* What is past the tail is never written. */
static void compare(const ho_series_walked *a, const ho_series_walked *b, size_t tail, const char *what)
{
    if (memcmp(a, b, offsetof(ho_series_walked, smallest)) != 0) fail_msg("%s: sums or runs differ", what);
    for (size_t order = 0; order < HO_SERIES_ORDERS; order++) {
        if (memcmp(a->smallest[order], b->smallest[order], tail * sizeof a->smallest[order][0]) != 0)
            fail_msg("%s: order %zu differs", what, order);
    }
}

static void every_set_gives_the_bits_of_the_reference(void **state)
{
    (void)state;
    static const size_t periods[] = {1, 2, 3, 20, 82, 333}, columns[] = {1, 7, 15, 16};
    const ho_kernels *ref = ho_kernels_at(0);
    for (size_t p = 0; p < sizeof periods / sizeof *periods; p++) {
        for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
            data a = make(periods[p], columns[c]), b = make(periods[p], columns[c]);
            double limit[LANES], other[LANES];
            ho_series_counted of_a, of_b;
            ref->series_walk(&a.series, a.walked);
            memcpy(limit, a.walked->smallest[HO_SERIES_UP][a.series.tail - 1], sizeof limit);
            memcpy(other, a.walked->mean, sizeof other);
            ref->series_count(&a.series, limit, other, &of_a);
            for (size_t set = 1; set < ho_kernels_count(); set++) {
                const ho_kernels *k = ho_kernels_at(set);
                k->series_walk(&b.series, b.walked);
                compare(a.walked, b.walked, a.series.tail, k->name);
                k->series_count(&b.series, limit, other, &of_b);
                if (memcmp(&of_a, &of_b, sizeof of_a) != 0) fail_msg("%s: counts differ", k->name);
            }
            drop(&a);
            drop(&b);
        }
    }
}

/* The ten-day example, as measured by hand: -100 50 200 -150 0 300 -80 -40 120 60. */
static void the_reference_is_the_definition(void **state)
{
    (void)state;
    static const double r[] = {-100, 50, 200, -150, 0, 300, -80, -40, 120, 60};
    double room[2 * 10 * LANES];
    const ho_series s = {
        .x = r, .stride = 1, .periods = 10, .columns = 1, .hurdle = 50, .tail = 4, .room = room};
    ho_series_walked *w = HO_NEW(ho_series_walked, 1);
    ho_kernels_at(0)->series_walk(&s, w);
    assert_true(w->sum[0] == 360 && w->low[0] == -150 && w->high[0] == 300 && w->least[0] == 40);
    assert_true(w->mean[0] == 36 && w->m2[0] == 178040);
    assert_true(w->wins[0] == 5 && w->losses[0] == 4 && w->gain[0] == 730 && w->loss[0] == 370);
    assert_true(w->losing_run[0] == 2 && w->loss_low[0] == -150 && w->loss_high[0] == -40);
    assert_true(w->loss_m2[0] == 7.5 * 7.5 + 57.5 * 57.5 + 12.5 * 12.5 + 52.5 * 52.5);
    assert_true(w->downside[0] == 150 * 150 + 200 * 200 + 50 * 50 + 130 * 130 + 90 * 90);
    /* depths 100 50 0 150 150 0 80 120 0 0; from the first peak 0 0 0 150 150 0 80 120 0 0 */
    assert_true(w->zero.most[0] == 150 && w->zero.sum[0] == 650 && w->zero.run[0] == 2);
    assert_true(w->first.sum[0] == 500 && w->first.squares[0] == 2 * 22500 + 6400 + 14400);
    static const double up[] = {-150, -100, -80, -40}, down[] = {-300, -200, -120, -60};
    static const double zero[] = {-150, -150, -120, -100}, first[] = {-150, -150, -120, -80};
    for (size_t i = 0; i < 4; i++) {
        assert_true(w->smallest[HO_SERIES_UP][i][0] == up[i] && w->smallest[HO_SERIES_DOWN][i][0] == down[i]);
        assert_true(w->smallest[HO_SERIES_ZERO][i][0] == zero[i] &&
                    w->smallest[HO_SERIES_FIRST][i][0] == first[i]);
    }
    assert_true(w->least[1] == INFINITY && w->sum[1] == 0); /* a lane without a column */
    free(w);
}

static int time_all(void)
{
    data d = make(82, LANES);
    for (size_t set = 0; set < ho_kernels_count(); set++) {
        const ho_kernels *k = ho_kernels_at(set);
        double best = INFINITY;
        for (int round = 0; round < 20; round++) {
            const double start = ho_clock_seconds();
            for (int i = 0; i < 100; i++)
                k->series_walk(&d.series, d.walked);
            best = fmin(best, (ho_clock_seconds() - start) / 100 / LANES);
        }
        printf("series of 82 periods, %-7s %.3f us each\n", k->name, best * 1e6);
    }
    drop(&d);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "time") == 0) return time_all();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_set_gives_the_bits_of_the_reference),
        cmocka_unit_test(the_reference_is_the_definition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
