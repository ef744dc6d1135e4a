/* Choices of blocks: every set of kernels finds the same winners and ranks as the reference, to the bit, and a choice
 * is worth what its periods, laid end to end, are worth. `kernels.choices time` times them on production size. */
#include "test.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/rng.h"
#include "kernels/choices.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 5 }; /* a, b, high, low, drawdown */

typedef struct blocks {
    ho_choices c;
    double *room;
    double length[HO_CHOICE_BLOCKS];
    size_t columns, count; /* of choices */
} blocks;

static size_t choices_of(size_t count)
{
    size_t choices = 1;
    for (size_t i = 1; i <= count / 2; i++)
        choices = choices * (count / 2 + i) / i;
    return choices;
}

static blocks new_blocks(ho_choice_kind kind, size_t count, size_t columns)
{
    blocks b = {.columns = columns, .count = choices_of(count)};
    const size_t stride = columns + 3, row = stride * count;
    b.room = HO_NEW(double, ROWS *row);
    b.c = (ho_choices){.kind = kind, .blocks = count, .stride = stride, .a = b.room};
    for (size_t k = 0; k < count; k++)
        b.length[k] = k < 2 ? 6 : 5;
    if (kind == HO_CHOICE_SHARPE || kind == HO_CHOICE_QUOTIENT) b.c.b = b.room + row;
    if (ho_choice_is_path(kind)) {
        b.c.high = b.room + 2 * row;
        b.c.low = b.room + 3 * row;
        b.c.drawdown = b.room + 4 * row;
    }
    return b;
}

static void fill_random(blocks *b, bool odd)
{
    static const double odds[] = {0, -0.0, 1e300, -1e300, 5e-324, NAN, INFINITY, -INFINITY};
    const size_t row = b->c.stride * b->c.blocks;
    ho_rng rng = ho_rng_new(b->columns, "choices", b->c.blocks);
    for (size_t i = 0; i < row; i++) {
        const double up = 3000 * ho_rng_unit(&rng), down = 3000 * ho_rng_unit(&rng);
        b->room[i] = 1400 * ho_rng_normal(&rng);
        b->room[row + i] = 1400 * 1400 * 5 * ho_rng_unit(&rng);
        b->room[2 * row + i] = up;
        b->room[3 * row + i] = -down;
        b->room[4 * row + i] = down + 500 * ho_rng_unit(&rng);
        if (i % 11 == 3) b->room[i] = b->room[i > 0 ? i - 1 : 0]; /* ties */
    }
    for (size_t i = 0; odd && i < ROWS * row; i += 1 + ho_rng_below(&rng, 60))
        b->room[i] = odds[ho_rng_below(&rng, sizeof odds / sizeof *odds)];
}

static void compare(const blocks *b, const ho_kernels *k)
{
    double *best = HO_NEW(double, 2 * b->count);
    uint32_t *places = HO_NEW(uint32_t, 6 * b->count);
    for (size_t s = 0; s < 2 * b->count; s++)
        best[s] = -INFINITY;
    ho_kernels_at(0)->choices_best(&b->c, b->columns, 7, best, places);
    k->choices_best(&b->c, b->columns, 7, best + b->count, places + b->count);
    assert_memory_equal(best, best + b->count, b->count * sizeof *best);
    assert_memory_equal(places, places + b->count, b->count * sizeof *places);
    uint32_t *ranks = places + 2 * b->count;
    for (size_t s = 0; s < b->count; s++)
        best[s] = s % 3 == 0 ? best[s] : 0.5 * best[s];
    ho_kernels_at(0)->choices_rank(&b->c, b->columns, best, ranks, ranks + b->count);
    k->choices_rank(&b->c, b->columns, best, ranks + 2 * b->count, ranks + 3 * b->count);
    assert_memory_equal(ranks, ranks + 2 * b->count, 2 * b->count * sizeof *ranks);
    free(best);
    free(places);
}

static void every_set_chooses_alike(void **state)
{
    (void)state;
    static const size_t columns[] = {1, 31, 32, 33, 100}, counts[] = {2, 4, 6, 10};
    for (int kind = 0; kind < HO_CHOICE_KINDS; kind++) {
        for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
            for (size_t s = 0; s < sizeof counts / sizeof *counts; s++) {
                blocks b = new_blocks((ho_choice_kind)kind, counts[s], columns[i]);
                b.c.length = b.length;
                fill_random(&b, i == 4);
                for (size_t set = 1; set < ho_kernels_count(); set++)
                    compare(&b, ho_kernels_at(set));
                free(b.room);
            }
        }
    }
}

/* Whole numbers, so that no order of adding rounds. */
enum { PERIODS = 24, PARTS = 6, COLUMNS = 40 };

static void add_period(blocks *b, size_t k, size_t j, double x, bool first)
{
    const size_t row = b->c.stride * PARTS, at = k * b->c.stride + j;
    double *a = b->room + at, *squares = a + row, *high = a + 2 * row, *low = a + 3 * row,
           *down = a + 4 * row;
    if (first) *a = *squares = *high = *low = *down = 0;
    *a += x;
    *squares += x * x;
    *high = fmax(*high, *a);
    *low = fmin(*low, *a);
    *down = fmax(*down, *high - *a);
}

static double worth_of_periods(ho_choice_kind kind, const double *x, size_t n)
{
    double sum = 0, squares = 0, peak = 0, down = 0;
    for (size_t t = 0; t < n; t++) {
        sum += x[t];
        squares += x[t] * x[t];
        peak = fmax(peak, sum);
        down = fmax(down, peak - sum);
    }
    return ho_choice_worth(kind, (double)n, sum, squares, down);
}

/* Which blocks a choice takes, from the count of those before it, without the walk that is tested. */
static void unrank(size_t choice, size_t *taken)
{
    size_t at = 0;
    for (unsigned bits = (1u << PARTS); bits-- > 0;) { /* from 111000 down: block 0 is the highest bit */
        if (__builtin_popcount(bits) != PARTS / 2) continue;
        if (at++ != choice) continue;
        for (size_t k = 0, d = 0; k < PARTS; k++) {
            if (bits >> (PARTS - 1 - k) & 1) taken[d++] = k;
        }
        return;
    }
}

static void a_choice_is_worth_what_its_periods_are(void **state)
{
    (void)state;
    ho_rng rng = ho_rng_new(1, "periods", 0);
    double x[COLUMNS][PERIODS];
    for (size_t j = 0; j < COLUMNS; j++) {
        for (size_t t = 0; t < PERIODS; t++)
            x[j][t] = (double)ho_rng_below(&rng, 41) - 20;
    }
    for (int kind = 0; kind < HO_CHOICE_KINDS; kind++) {
        blocks b = new_blocks((ho_choice_kind)kind, PARTS, COLUMNS);
        for (size_t k = 0; k < PARTS; k++)
            b.length[k] = PERIODS / PARTS;
        b.c.length = b.length;
        for (size_t j = 0; j < COLUMNS; j++) {
            for (size_t t = 0; t < PERIODS; t++)
                add_period(&b, t / (PERIODS / PARTS), j, x[j][t], t % (PERIODS / PARTS) == 0);
        }
        for (size_t choice = 0; choice < b.count; choice++) {
            double best[20], wanted = -INFINITY;
            uint32_t winner[20] = {0}, wanted_winner = 0;
            size_t taken[PARTS / 2] = {0};
            unrank(choice, taken);
            for (uint32_t j = 0; j < COLUMNS; j++) {
                double series[PERIODS / 2];
                for (size_t t = 0; t < PERIODS / 2; t++)
                    series[t] =
                        x[j][taken[t / (PERIODS / PARTS)] * (PERIODS / PARTS) + t % (PERIODS / PARTS)];
                const double worth = worth_of_periods((ho_choice_kind)kind, series, PERIODS / 2);
                if (worth > wanted) wanted_winner = j;
                wanted = fmax(wanted, worth);
            }
            for (size_t s = 0; s < b.count; s++)
                best[s] = -INFINITY;
            ho_kernels_at(ho_kernels_count() - 1)->choices_best(&b.c, COLUMNS, 0, best, winner);
            assert_true(best[choice] == wanted);
            assert_int_equal(winner[choice], wanted_winner);
        }
        free(b.room);
    }
}

static int time_kernels(void)
{
    static const char *const names[] = {"sum", "sharpe", "quotient", "ratio", "drawdown"};
    for (int kind = 0; kind < HO_CHOICE_KINDS; kind++) {
        blocks b = new_blocks((ho_choice_kind)kind, 16, 25544);
        b.c.length = b.length;
        fill_random(&b, false);
        double *best = HO_NEW(double, b.count);
        uint32_t *places = HO_NEW(uint32_t, 3 * b.count);
        for (size_t i = 1; i < ho_kernels_count(); i++) {
            const ho_kernels *k = ho_kernels_at(i);
            double start = ho_clock_seconds();
            k->choices_best(&b.c, b.columns, 0, best, places);
            double middle = ho_clock_seconds();
            k->choices_rank(&b.c, b.columns, best, places + b.count, places + 2 * b.count);
            printf("%-7s %-9s best %.3f s, rank %.3f s: 25,544 columns, 16 blocks, one thread\n", k->name,
                   names[kind], middle - start, ho_clock_seconds() - middle);
        }
        free(best);
        free(places);
        free(b.room);
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "time") == 0) return time_kernels();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_set_chooses_alike),
        cmocka_unit_test(a_choice_is_worth_what_its_periods_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
