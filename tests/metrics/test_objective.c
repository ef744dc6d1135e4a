/* The portfolio objective: the worked examples, and that score, probe and scan tell the same story. */
#include "test.h"

#include "base/memory.h"
#include "base/rng.h"
#include "kinds.h"
#include "panel/panel.h"

#include <heavyopt/metrics.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static ho_panel *panel_of(size_t periods, size_t strategies, const double *values)
{
    ho_error err;
    ho_panel *p = NULL;
    assert_ok(ho_panel_new(periods, strategies, &p, &err));
    char names[300][8];
    const char *list[300];
    size_t lengths[300];
    for (size_t j = 0; j < strategies; j++) {
        lengths[j] = (size_t)snprintf(names[j], sizeof names[j], "s%zu", j);
        list[j] = names[j];
    }
    assert_ok(ho_panel_set_names(p, list, lengths, &err));
    for (size_t t = 0; t < periods; t++)
        memcpy(ho_matrix_row(&p->values, t), values + t * strategies, strategies * sizeof *values);
    return p;
}

static double fitness_of(const ho_panel *p, ho_fitness fitness, size_t count)
{
    static const uint32_t first[] = {0, 1, 2, 3};
    ho_error err;
    double value = NAN;
    assert_ok(ho_portfolio_fitness(p, &fitness, first, count, &value, &err));
    return value;
}

static ho_fitness legacy(ho_legacy_metric metric, double threshold)
{
    return (ho_fitness){.kind = HO_FITNESS_LEGACY, .metric = metric, .drawdown_threshold = threshold};
}

/* E3 of the worked examples (evaluated with the old system's functions). */
static void the_worked_example_of_two_strategies(void **state)
{
    (void)state;
    static const double x[5][2] = {{-100, 40}, {60, -20}, {80, 10}, {-30, 70}, {20, -50}};
    ho_panel *p = panel_of(5, 2, x[0]);
    assert_near(fitness_of(p, legacy(HO_LEGACY_RATIO, 0), 2), 8.324190485226847, 1e-13);
    assert_near(fitness_of(p, legacy(HO_LEGACY_RATIO, 100), 2), 5.495428575946757, 1e-13);
    assert_near(fitness_of(p, legacy(HO_LEGACY_ROI, 0), 2), 45.65752381856018, 1e-13);
    assert_near(fitness_of(p, legacy(HO_LEGACY_LESS_MAX_DD, 0), 2), -9.34247618143982, 1e-13);
    assert_near(fitness_of(p, legacy(HO_LEGACY_WIN_PERCENTAGE, 0), 2), 6.2575238185601805, 1e-13);
    assert_near(fitness_of(p, legacy(HO_LEGACY_PROFIT_FACTOR, 0), 2), 7.54641270744907, 1e-13);
    assert_near(fitness_of(p, legacy(HO_LEGACY_EXPECTANCY, 0), 2), 13.65752381856018, 1e-13);
    assert_near(fitness_of(p, (ho_fitness){.kind = HO_FITNESS_RATIO}, 2), 1.3333333333333333, 1e-15);
    ho_panel_free(&p);
}

/* E11: edge cases of the ratio with two identical columns (average correlation 1, or 0 without variance). */
static void the_edges_of_the_ratio(void **state)
{
    (void)state;
    static const struct {
        size_t periods;
        double series[3], expected;
    } cases[] = {
        {3, {1, 2, 3}, 590}, {3, {0, 0, 0}, 0}, {3, {-5, 1, 1}, -40}, {3, {-1, -2, -3}, -11.2}, {1, {4}, 400},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double x[6];
        for (size_t t = 0; t < cases[i].periods; t++)
            x[2 * t] = x[2 * t + 1] = cases[i].series[t];
        ho_panel *p = panel_of(cases[i].periods, 2, x);
        assert_near(fitness_of(p, legacy(HO_LEGACY_RATIO, 0), 2), cases[i].expected, 1e-12);
        ho_panel_free(&p);
    }
}

/* E6: columns without variance count as correlation 0 with everything, themselves included. */
static void columns_without_variance_do_not_correlate(void **state)
{
    (void)state;
    static const double x[4][4] = {{1, 2, 0, 5}, {2, 1, 0, 5}, {3, 4, 0, 5}, {4, 3, 0, 5}};
    ho_panel *p = panel_of(4, 4, x[0]);
    /* return of the mean series: (10 + 10 + 0 + 20) / 4 */
    assert_near(fitness_of(p, legacy(HO_LEGACY_ROI, 0), 4), 10.0 - 10 * 0.1, 1e-13);
    assert_near(fitness_of(p, legacy(HO_LEGACY_ROI, 0), 3), 20.0 / 3 - 10 * 0.2, 1e-13);
    ho_panel_free(&p);
}

/* A panel with everything that makes trouble: equal, constant, negated and large-mean columns. Negated ones sum to
 * exactly 0, where the measures that count wins jump: rounding decides there, so they are left out on demand. */
static ho_panel *troubled_panel(size_t periods, size_t strategies, bool negated, ho_rng *rng)
{
    double *x = HO_NEW(double, periods *strategies);
    for (size_t t = 0; t < periods; t++) {
        for (size_t j = 0; j < strategies; j++) {
            double value = 1000 * ho_rng_normal(rng);
            if (j % 11 == 3) value = x[t * strategies + j - 1];
            if (negated && j % 11 == 5) value = -x[t * strategies + j - 1];
            if (j % 13 == 7) value = 0.1;
            if (j % 17 == 9) value += 1e4;
            x[t * strategies + j] = value;
        }
    }
    ho_panel *p = panel_of(periods, strategies, x);
    free(x);
    return p;
}

static int ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static double score_of_swap(const ho_objective *o, void *walk, const uint32_t *members, size_t size,
                            size_t slot, uint32_t in)
{
    uint32_t sorted[32];
    memcpy(sorted, members, size * sizeof *members);
    sorted[slot] = in;
    qsort(sorted, size, sizeof *sorted, ascending);
    return o->score(walk, sorted, size);
}

/* scan(state) is score() of every swap: the best a slot is found, its value agrees to 1e-9, and probe() agrees. */
static void check_swaps(const ho_objective *o, size_t size, ho_rng *rng)
{
    ho_error err;
    void *walk = NULL;
    uint32_t members[32], n = (uint32_t)o->candidates;
    uint8_t open[300];
    ho_swap best[32];
    memset(open, 1, sizeof open);
    for (size_t k = 0; k < size; k++) {
        do
            members[k] = ho_rng_below(rng, n);
        while (!open[members[k]]);
        open[members[k]] = 0;
    }
    assert_ok(o->open(o->data, size, &walk, &err));
    o->set(walk, members);
    for (int round = 0; round < 3; round++) {
        open[ho_rng_below(rng, n)] = 0; /* some are closed for other reasons */
        o->scan(walk, 0, size, 0, n, open, 0, best);
        for (size_t slot = 0; slot < size; slot++) {
            double top = -INFINITY;
            for (uint32_t j = 0; j < n; j++) {
                if (!open[j]) continue;
                double exact = score_of_swap(o, walk, members, size, slot, j);
                double probed = o->probe(walk, slot, j);
                if (!(probed == exact) && fabs(probed - exact) > 1e-9 * fmax(1, fabs(exact)))
                    fail_msg("slot %zu, candidate %u: probe %.17g, score %.17g", slot, j, probed, exact);
                top = fmax(top, exact);
            }
            assert_int_equal(best[slot].slot, slot);
            if (top == -INFINITY) { /* undefined for all: nobody is better than nobody */
                assert_int_equal(best[slot].in, HO_NOBODY);
                continue;
            }
            assert_true(best[slot].in != HO_NOBODY && open[best[slot].in]);
            double chosen = score_of_swap(o, walk, members, size, slot, best[slot].in);
            assert_near(best[slot].value, chosen, 1e-9);
            assert_near(chosen, top, 1e-9);
        }
        size_t slot = ho_rng_below(rng, (uint32_t)size);
        if (best[slot].in == HO_NOBODY) continue;
        open[members[slot]] = 1;
        members[slot] = best[slot].in;
        open[members[slot]] = 0;
        o->swap(walk, slot, members[slot]);
    }
    o->close(&walk);
}

static void scan_and_probe_agree_with_score(void **state)
{
    (void)state;
    ho_error err;
    ho_rng rng = ho_rng_new(7, "objective", 0);
    static const size_t periods[] = {1, 2, 19, 82}, strategies[] = {40, 130}, sizes[] = {1, 2, 5, 11};
    for (int kind = 0; kind < KINDS; kind++) {
        const ho_fitness fitness = fitness_of_kind(kind);
        for (size_t i = 0; i < 4; i++) {
            for (size_t j = 0; j < 2; j++) {
                ho_panel *p = troubled_panel(periods[i], strategies[j], !kind_jumps(kind), &rng);
                ho_portfolio_objective *o = NULL;
                assert_ok(ho_portfolio_objective_new(p, &fitness, 2, &o, &err));
                check_swaps(ho_portfolio_objective_table(o), sizes[(i + j + (size_t)kind) % 4], &rng);
                ho_portfolio_objective_free(&o);
                ho_panel_free(&p);
            }
        }
    }
}

/* With one block it is the whole, whatever is taken of it; of more, what is taken lies between the worst and the best.
 * The deepest drawdown within a block is not above that of the whole. */
static void blocks_are_in_order_and_one_block_is_the_whole(void **state)
{
    (void)state;
    ho_rng rng = ho_rng_new(12, "objective", 5);
    ho_panel *p = troubled_panel(41, 40, false, &rng);
    for (int kind = 0; kind < 3; kind++) {
        for (size_t size = 1; size <= 4; size++) {
            ho_fitness whole =
                kind == 2 ? (ho_fitness){.kind = HO_FITNESS_RATIO} : legacy(HO_LEGACY_RATIO, 0);
            if (kind == 1) whole.metric = HO_LEGACY_LESS_MAX_DD;
            const double value = fitness_of(p, whole, size);
            double by_take[3], zero, one;
            for (int take = 0; take < 3; take++) {
                ho_fitness by = whole;
                by.blocks = (ho_fitness_blocks){.count = 1, .take = (ho_blocks_take)take, .quantile = .5};
                assert_near(fitness_of(p, by, size), value, 1e-9);
                by.blocks.count = 5;
                by_take[take] = fitness_of(p, by, size);
                by.blocks = (ho_fitness_blocks){.count = 5, .take = HO_TAKE_QUANTILE, .quantile = 0};
                zero = fitness_of(p, by, size);
                by.blocks.quantile = 1;
                one = fitness_of(p, by, size);
                assert_true(by_take[take] <= one && by_take[take] >= zero);
            }
            assert_near(by_take[HO_TAKE_MINIMUM], zero, 1e-12);
            if (kind == 1) assert_true(zero >= value - 1e-9);
        }
    }
    ho_panel_free(&p);
}

static void many_scores_are_near_the_scores(void **state)
{
    (void)state;
    enum { SETS = 150 };
    ho_error err;
    ho_rng rng = ho_rng_new(10, "objective", 3);
    static const size_t periods[] = {1, 4, 14, 82}, sizes[] = {1, 2, 5, 31};
    for (int kind = 0; kind < KINDS; kind++) {
        const ho_fitness fitness = fitness_of_kind(kind);
        for (size_t c = 0; c < 16; c++) {
            const size_t size = sizes[c / 4], asked = c % 2 == 0 ? size : (size + 1) / 2;
            ho_panel *p = troubled_panel(periods[c % 4], 130, false, &rng);
            ho_portfolio_objective *owner = NULL;
            assert_ok(ho_portfolio_objective_new(p, &fitness, 2, &owner, &err));
            const ho_objective *o = ho_portfolio_objective_table(owner);
            if (o->score_many == NULL) { /* an objective's own choice, never of the plain kinds */
                assert_true(kind > 11);
                ho_portfolio_objective_free(&owner);
                ho_panel_free(&p);
                continue;
            }
            void *walk = NULL;
            uint32_t members[SETS * 31];
            float near[SETS];
            for (size_t i = 0; i < SETS; i++) {
                uint32_t first = ho_rng_below(&rng, 130), step = 1 + 2 * ho_rng_below(&rng, 6);
                for (size_t k = 0; k < asked;
                     k++) /* distinct: steps of 1, 3, 7, 9, 11 have no factor of 130 */
                    members[i * asked + k] = (first + (uint32_t)k * (step == 5 ? 1 : step)) % 130;
            }
            assert_ok(o->open(o->data, size, &walk, &err));
            o->score_many(walk, members, asked, SETS, near);
            for (size_t i = 0; i < SETS; i++) {
                qsort(members + i * asked, asked, sizeof *members, ascending);
                const double exact = o->score(walk, members + i * asked, asked);
                /* digits are lost where a value is small beside its parts: rupees of a period, or a drawdown
                 * that is small beside the sum, which the ratio itself tells */
                const double parts = kind == 1 || kind == 2 || kind == 5 ? 1000 : 10;
                const double digits = 1e-4 + (kind == 0 || kind > 5 ? 1e-8 * fabs(exact) : 0);
                if (!(fabs((double)near[i] - exact) <= digits * fmax(parts, fabs(exact))))
                    fail_msg("kind %d, %zu periods, %zu members: %.9g for %.9g", kind, periods[c % 4], asked,
                             (double)near[i], exact);
            }
            o->close(&walk);
            ho_portfolio_objective_free(&owner);
            ho_panel_free(&p);
        }
    }
}

static void rupees_beyond_single_precision_are_scored_one_by_one(void **state)
{
    (void)state;
    ho_error err;
    static const double x[3][2] = {{1, 2}, {3, -1e30}, {5, 6}};
    ho_panel *p = panel_of(3, 2, x[0]);
    ho_portfolio_objective *o = NULL;
    const ho_fitness fitness = legacy(HO_LEGACY_RATIO, 0);
    assert_ok(ho_portfolio_objective_new(p, &fitness, 1, &o, &err));
    assert_null(ho_portfolio_objective_table(o)->score_many);
    ho_portfolio_objective_free(&o);
    ho_panel_free(&p);
}

/* The same columns beside so many others, all closed, that copies are rare and the panel itself is walked. */
static void a_scan_of_copies_is_the_scan_without(void **state)
{
    (void)state;
    enum { FEW = 40, MANY = 290, PERIODS = 12, SIZE = 6 };
    ho_error err;
    ho_rng rng = ho_rng_new(11, "objective", 4);
    const ho_fitness fitness = legacy(HO_LEGACY_RATIO, 0);
    for (int round = 0; round < 50; round++) {
        double few[PERIODS * FEW], many[PERIODS * MANY];
        for (size_t t = 0; t < PERIODS; t++) {
            for (size_t j = 0; j < MANY; j++)
                many[t * MANY + j] = 1000 * ho_rng_normal(&rng);
            many[t * MANY + 5] = many[t * MANY + 38] = many[t * MANY + 21];
            many[t * MANY + 30] = many[t * MANY + 7];
            memcpy(few + t * FEW, many + t * MANY, FEW * sizeof *few);
        }
        ho_panel *panels[2] = {panel_of(PERIODS, FEW, few), panel_of(PERIODS, MANY, many)};
        uint8_t open[MANY] = {0};
        uint32_t members[SIZE];
        ho_swap best[2][SIZE];
        memset(open, 1, FEW);
        for (uint32_t k = 0; k < SIZE; k++) {
            members[k] = k * 7 + (uint32_t)(round % 5); /* 5, 7, 21 and 30 are members now and then */
            open[members[k]] = 0;
        }
        open[ho_rng_below(&rng, FEW)] = 0;
        const uint32_t last = round % 3 == 0 ? 30 : FEW;
        for (int i = 0; i < 2; i++) {
            ho_portfolio_objective *owner = NULL;
            void *walk = NULL;
            assert_ok(ho_portfolio_objective_new(panels[i], &fitness, 1, &owner, &err));
            const ho_objective *o = ho_portfolio_objective_table(owner);
            assert_int_equal(o->distinct, i == 0 ? FEW - 3 : 0);
            assert_ok(o->open(o->data, SIZE, &walk, &err));
            o->set(walk, members);
            o->scan(walk, 0, SIZE, 0, last, open, 0, best[i]);
            o->close(&walk);
            ho_portfolio_objective_free(&owner);
            ho_panel_free(&panels[i]);
        }
        for (size_t k = 0; k < SIZE; k++) {
            assert_int_equal(best[0][k].in, best[1][k].in);
            assert_true(best[0][k].value == best[1][k].value);
        }
    }
}

/* Thousands of swaps from one state stay with the score: rounding does not pile up. */
static void long_walks_do_not_drift(void **state)
{
    (void)state;
    ho_error err;
    ho_rng rng = ho_rng_new(8, "objective", 1);
    ho_panel *p = troubled_panel(30, 120, true, &rng);
    ho_portfolio_objective *owner = NULL;
    ho_fitness fitness = legacy(HO_LEGACY_RATIO, 0);
    assert_ok(ho_portfolio_objective_new(p, &fitness, 1, &owner, &err));
    const ho_objective *o = ho_portfolio_objective_table(owner);
    void *walk = NULL;
    uint32_t members[5] = {0, 1, 2, 3, 4};
    assert_ok(o->open(o->data, 5, &walk, &err));
    o->set(walk, members);
    for (int i = 0; i < 5000; i++) {
        size_t slot = ho_rng_below(&rng, 5);
        uint32_t in;
        bool taken;
        do {
            in = ho_rng_below(&rng, 120);
            taken = false;
            for (size_t k = 0; k < 5; k++)
                taken = taken || members[k] == in;
        } while (taken);
        double probed = o->probe(walk, slot, in);
        double exact = score_of_swap(o, walk, members, 5, slot, in);
        assert_true(fabs(probed - exact) <= 1e-9 * fmax(1, fabs(exact)));
        members[slot] = in;
        o->swap(walk, slot, in);
    }
    o->close(&walk);
    ho_portfolio_objective_free(&owner);
    ho_panel_free(&p);
}

static void memory_can_run_out_at_any_point(void **state)
{
    (void)state;
    if (!ho_memory_fail_at(0)) {
        print_message("skipped: this build cannot fail allocations\n");
        skip();
    }
    ho_error err;
    ho_rng rng = ho_rng_new(9, "objective", 2);
    ho_panel *p = troubled_panel(5, 40, true, &rng);
    static const uint32_t members[] = {1, 5, 9};
    const ho_fitness fitness = legacy(HO_LEGACY_RATIO, 0);
    for (long n = 1;; n++) {
        double value = 12;
        ho_memory_fail_at(n);
        ho_status status = ho_portfolio_fitness(p, &fitness, members, 3, &value, &err);
        ho_memory_fail_at(0);
        if (status == HO_OK) break;
        assert_int_equal(status, HO_ERR_MEMORY);
        assert_true(value == 12 && n < 100);
    }
    ho_panel_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_example_of_two_strategies),
        cmocka_unit_test(the_edges_of_the_ratio),
        cmocka_unit_test(columns_without_variance_do_not_correlate),
        cmocka_unit_test(scan_and_probe_agree_with_score),
        cmocka_unit_test(blocks_are_in_order_and_one_block_is_the_whole),
        cmocka_unit_test(many_scores_are_near_the_scores),
        cmocka_unit_test(rupees_beyond_single_precision_are_scored_one_by_one),
        cmocka_unit_test(a_scan_of_copies_is_the_scan_without),
        cmocka_unit_test(long_walks_do_not_drift),
        cmocka_unit_test(memory_can_run_out_at_any_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
