/* The smooth value: the quotient by the fourth root of the sum of all depths' fourth powers; its scan finds the best
 * swap by it. */
#include "test.h"

#include "base/rng.h"
#include "kinds.h"
#include "metrics/objective_parts.h"

#include <math.h>
#include <string.h>

enum { MOST = 200, SIZE = 7, PERIODS = 40 };

static ho_panel *draw_panel(ho_rng *rng, size_t strategies, double size)
{
    ho_error err;
    ho_panel *p = NULL;
    assert_ok(ho_panel_new(PERIODS, strategies, &p, &err));
    for (size_t t = 0; t < PERIODS; t++) {
        double *row = ho_matrix_row(&p->values, t);
        for (size_t j = 0; j < strategies; j++)
            row[j] = j % 13 == 4 ? row[j - 1] : (ho_rng_normal(rng) + .2) * size;
    }
    return p;
}

/* By its definition. */
static double quotient(const ho_panel *p, const uint32_t *members, bool zero_start)
{
    double equity = 0, peak = zero_start ? 0 : -INFINITY, fourths = 0;
    for (size_t t = 0; t < PERIODS; t++) {
        for (size_t k = 0; k < SIZE; k++)
            equity += ho_matrix_row(&p->values, t)[members[k]];
        peak = fmax(peak, equity);
        fourths += pow(peak - equity, 4);
    }
    return equity / pow(fourths, .25);
}

/* No swap of the slot is better than the one that was found, by the set's smooth value from scratch. */
static void check_swap(const ho_objective *o, void *walk, const uint32_t *members, size_t strategies,
                       const uint8_t *open, const ho_swap *found)
{
    double highest = -INFINITY;
    uint32_t set[SIZE];
    memcpy(set, members, sizeof set);
    for (uint32_t j = 0; j < strategies; j++) {
        if (!open[j]) continue;
        set[found->slot] = j;
        o->set(walk, set);
        const double value = o->smooth(walk);
        highest = fmax(highest, value);
        if (j == found->in) assert_near(found->value, value, 2e-5);
    }
    assert_near(found->value, highest, 2e-5);
    o->set(walk, members);
}

static void check_walk(const ho_panel *p, const ho_fitness *fitness, size_t strategies, ho_rng *rng)
{
    ho_error err;
    ho_portfolio_objective *owner = NULL;
    void *walk = NULL;
    assert_ok(ho_portfolio_objective_new(p, fitness, 1, &owner, &err));
    const ho_objective *o = ho_portfolio_objective_table(owner);
    assert_ok(o->open(o->data, SIZE, &walk, &err));
    uint32_t members[SIZE];
    uint8_t open[MOST];
    memset(open, 1, sizeof open);
    for (uint32_t k = 0; k < SIZE; k++) {
        members[k] = k * 7 + ho_rng_below(rng, 7);
        open[members[k]] = 0;
    }
    o->set(walk, members);
    if (fitness->kind == HO_FITNESS_RATIO) assert_near(o->smooth(walk), quotient(p, members, true), 1e-9);
    ho_swap best[SIZE];
    o->scan_smooth(walk, 0, SIZE, 0, (uint32_t)strategies, open, 0, best);
    for (size_t s = 0; s < SIZE; s++) {
        assert_int_equal(best[s].slot, s);
        check_swap(o, walk, members, strategies, open, &best[s]);
    }
    memset(open, 0, sizeof open);
    o->scan_smooth(walk, 2, 1, 0, (uint32_t)strategies, open, 0, best);
    assert_int_equal(best[0].in, HO_NOBODY);
    o->close(&walk);
    ho_portfolio_objective_free(&owner);
}

static void a_scan_finds_the_best_swap_by_it(void **state)
{
    (void)state;
    static const size_t strategies[] = {60, 128, 199}; /* in double, in single precision */
    static const double sizes[] = {1e-6, 1, 1e3, 1e7};
    for (uint64_t round = 0; round < 48; round++) {
        ho_rng rng = ho_rng_new(8, "smooth", round);
        const size_t n = strategies[round % 3];
        ho_panel *p = draw_panel(&rng, n, sizes[round / 3 % 4]);
        const ho_fitness fitness = {.kind = round % 2 == 0 ? HO_FITNESS_RATIO : HO_FITNESS_LEGACY};
        check_walk(p, &fitness, n, &rng);
        ho_panel_free(&p);
    }
}

static void only_quotients_by_the_drawdown_have_one(void **state)
{
    (void)state;
    ho_rng rng = ho_rng_new(8, "smooth", 99);
    ho_panel *p = draw_panel(&rng, 100, 1);
    int smooth = 0;
    for (int kind = 0; kind < KINDS; kind++) {
        ho_error err;
        const ho_fitness fitness = fitness_of_kind(kind);
        ho_portfolio_objective *owner = NULL;
        assert_ok(ho_portfolio_objective_new(p, &fitness, 1, &owner, &err));
        const ho_objective *o = ho_portfolio_objective_table(owner);
        assert_true((o->smooth == NULL) == (o->scan_smooth == NULL));
        const bool plain =
            fitness.balance.label == NULL && fitness.near.cluster == NULL && fitness.blocks.count == 0;
        if (o->smooth != NULL) assert_true(plain && fitness.metric == HO_LEGACY_RATIO);
        if (kind == 0) assert_true(o->smooth != NULL);
        smooth += o->smooth != NULL;
        ho_portfolio_objective_free(&owner);
    }
    assert_true(smooth >= 2 && smooth < KINDS / 2);
    ho_panel_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scan_finds_the_best_swap_by_it),
        cmocka_unit_test(only_quotients_by_the_drawdown_have_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
