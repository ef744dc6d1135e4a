/* A scan through the sieve finds the swap of a scan in double, to the bit: whatever the numbers are like, for every
 * fitness that is sieved, and where many candidates are as good as equal. */
#include "test.h"

#include "base/memory.h"
#include "base/rng.h"
#include "kinds.h"
#include "metrics/objective_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 300, SIZE = 9 };

/* The ways that numbers can be: plain, of any magnitude, none below 0, hardly varying, equal but for a last digit. */
enum { PLAIN, ANY_SIZE, GAINS, STEADY, NEARLY_EQUAL, WAYS };

static double draw_number(ho_rng *rng, int way, double size, size_t j)
{
    const double x = ho_rng_normal(rng);
    if (way == ANY_SIZE) return x * pow(10, (double)(j % 9) - 4) * size;
    if (way == GAINS) return fabs(x) * size;
    if (way == STEADY) return (1e5 + x) * size;
    return (x + .1) * size;
}

static ho_panel *draw_panel(ho_rng *rng, int way, size_t periods, size_t strategies)
{
    ho_error err;
    ho_panel *p = NULL;
    assert_ok(ho_panel_new(periods, strategies, &p, &err));
    const double size = pow(10, 4 * ho_rng_normal(rng)), near = pow(10, -5 - 11 * ho_rng_unit(rng));
    for (size_t t = 0; t < periods; t++) {
        double *row = ho_matrix_row(&p->values, t);
        for (size_t j = 0; j < strategies; j++) {
            row[j] = draw_number(rng, way, size, j);
            if (j % 11 == 3) row[j] = row[j - 1];
            if (j % 11 == 5) row[j] = -row[j - 1];
            if (j % 29 == 7) row[j] = .1 * size;
            if (way == NEARLY_EQUAL && j % 9 != 0) row[j] = row[j - 1] * (1 + near * ho_rng_normal(rng));
        }
    }
    return p;
}

/* Scans with the sieve and without; the swaps must be the same. Returns how many slots the sieve left to the double. */
static size_t compare(ho_portfolio_objective *owner, void *walk, size_t strategies, ho_rng *rng)
{
    const ho_objective *o = ho_portfolio_objective_table(owner);
    ho_set_walk *w = walk;
    uint8_t open[SIZE * MOST];
    ho_swap sieved[SIZE], exact[SIZE];
    const bool own = ho_rng_below(rng, 3) == 0; /* each slot has its own open candidates */
    const uint32_t first = ho_rng_below(rng, 40), last = (uint32_t)strategies - ho_rng_below(rng, 40);
    const unsigned rarely = 1 + ho_rng_below(rng, 12);
    for (size_t i = 0; i < sizeof open; i++)
        open[i] = ho_rng_below(rng, rarely) == 0;
    for (size_t s = 0; s < SIZE; s++) {
        for (size_t k = 0; k < SIZE; k++)
            open[s * MOST + w->members[k]] = 0;
    }
    const size_t stride = own ? MOST : 0, slot = ho_rng_below(rng, SIZE),
                 slots = 1 + ho_rng_below(rng, (uint32_t)(SIZE - slot));
    o->scan(walk, slot, slots, first, last, open, stride, sieved);
    size_t left = 0;
    for (size_t s = 0; s < slots && ho_objective_sieve_fits(owner, first, last); s++)
        left += w->left[s];
    float *x = owner->sieve.x;
    owner->sieve.x = NULL;
    o->scan(walk, slot, slots, first, last, open, stride, exact);
    owner->sieve.x = x;
    for (size_t s = 0; s < slots; s++) {
        if (sieved[s].in == exact[s].in && sieved[s].slot == exact[s].slot &&
            memcmp(&sieved[s].value, &exact[s].value, sizeof(double)) == 0)
            continue;
        fail_msg("slot %d: the sieve says %d with %.17g, the scan in double %d with %.17g", (int)(slot + s),
                 (int)sieved[s].in, sieved[s].value, (int)exact[s].in, exact[s].value);
    }
    return left;
}

/* A scan above a floor finds what the whole scan finds, or nothing where that is no better: to the bit. */
static void compare_above(const ho_objective *o, ho_set_walk *w, size_t strategies, ho_rng *rng)
{
    uint8_t open[MOST];
    ho_swap whole, above;
    for (size_t s = 0; s < SIZE && o->scan_above != NULL; s++) {
        const unsigned rarely = 1 + ho_rng_below(rng, 4);
        for (size_t j = 0; j < strategies; j++)
            open[j] = ho_rng_below(rng, rarely) == 0;
        for (size_t k = 0; k < SIZE; k++)
            open[w->members[k]] = 0;
        o->scan(w, s, 1, 0, (uint32_t)strategies, open, 0, &whole);
        if (whole.in == HO_NOBODY) continue;
        const double part = fabs(whole.value) * pow(10, -1 - 12 * ho_rng_unit(rng));
        for (int higher = -1; higher <= 1; higher++) {
            const double floor = whole.value + higher * part;
            o->scan_above(w, s, floor, open, &above);
            const bool wanted = whole.value > floor;
            if (wanted ? above.in == whole.in && above.value == whole.value : above.in == HO_NOBODY) continue;
            fail_msg("slot %d above %.17g: %d with %.17g, the scan says %d with %.17g", (int)s, floor,
                     (int)above.in, above.value, (int)whole.in, whole.value);
        }
    }
}

static void the_sieve_loses_nothing(void **state)
{
    (void)state;
    static const int kinds[] = {0, 1, 2, 6, 7, 8, 9, 10, 11};
    static const size_t periods[] = {1, 2, 5, 17, 82, 251};
    size_t scans = 0, sieves = 0, left = 0, falls = 0;
    for (uint64_t round = 0; round < 9 * 6 * WAYS * 2; round++) {
        ho_rng rng = ho_rng_new(5, "sieve", round);
        ho_error err;
        const size_t strategies = 129 + ho_rng_below(&rng, MOST - 129);
        ho_fitness fitness = fitness_of_kind(kinds[round % 9]);
        ho_panel *p = draw_panel(&rng, (int)(round / 54 % WAYS), periods[round / 9 % 6], strategies);
        ho_portfolio_objective *owner = NULL;
        void *walk = NULL;
        if (fitness.drawdown_threshold > 0)
            fitness.drawdown_threshold *= fabs(ho_matrix_row(&p->values, 0)[0]) / 1000;
        assert_ok(ho_portfolio_objective_new(p, &fitness, 1, &owner, &err));
        const ho_objective *o = ho_portfolio_objective_table(owner);
        assert_ok(o->open(o->data, SIZE, &walk, &err));
        uint32_t members[SIZE];
        for (uint32_t k = 0; k < SIZE; k++)
            members[k] = k * 13 + ho_rng_below(&rng, 13);
        o->set(walk, members);
        for (int step = 0; step < 12; step++) { /* on the way to better sets */
            sieves += owner->sieve.x != NULL;
            scans++;
            left += compare(owner, walk, strategies, &rng) != 0;
            falls += o->scan_above != NULL;
            compare_above(o, walk, strategies, &rng);
            uint8_t open[MOST];
            ho_swap best;
            memset(open, 1, sizeof open);
            for (size_t k = 0; k < SIZE; k++)
                open[((ho_set_walk *)walk)->members[k]] = 0;
            o->scan(walk, (size_t)step % SIZE, 1, 0, (uint32_t)strategies, open, 0, &best);
            if (best.in != HO_NOBODY) o->swap(walk, (size_t)step % SIZE, best.in);
        }
        o->close(&walk);
        ho_portfolio_objective_free(&owner);
        ho_panel_free(&p);
    }
    print_message("%d scans, %d of them sieved, %d with a slot left to the double\n", (int)scans, (int)sieves,
                  (int)left);
    assert_true(2 * sieves > scans && 2 * left < sieves && 9 * falls > scans);
}

static void numbers_without_digits_in_a_float_are_not_sieved(void **state)
{
    (void)state;
    ho_rng rng = ho_rng_new(6, "sieve", 0);
    ho_error err;
    const ho_fitness fitness = fitness_of_kind(0);
    for (int large = 0; large < 3; large++) {
        ho_panel *p = draw_panel(&rng, PLAIN, 20, 200);
        if (large > 0) ho_matrix_row(&p->values, 3)[150] = large == 1 ? 1e-200 : 1e30;
        ho_portfolio_objective *owner = NULL;
        assert_ok(ho_portfolio_objective_new(p, &fitness, 1, &owner, &err));
        assert_int_equal(owner->sieve.x != NULL, large == 0);
        ho_portfolio_objective_free(&owner);
        ho_panel_free(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sieve_loses_nothing),
        cmocka_unit_test(numbers_without_digits_in_a_float_are_not_sieved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
