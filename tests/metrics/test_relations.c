/* How members go together: the worked example of averages, ranks with ties, and what is left of K bets. */
#include "test.h"

#include "base/memory.h"
#include "panel/panel.h"

#include <heavyopt/metrics.h>
#include <math.h>
#include <string.h>

enum { T = 4, MOST = 4 };

static ho_panel *panel_of(const double values[][MOST], size_t strategies)
{
    ho_error err;
    ho_panel *p = NULL;
    assert_ok(ho_panel_new(T, strategies, &p, &err));
    for (size_t t = 0; t < T; t++)
        memcpy(ho_matrix_row(&p->values, t), values[t], strategies * sizeof *values[t]);
    return p;
}

static ho_relations relations_of(const ho_panel *p, size_t count, double threshold)
{
    static const uint32_t members[MOST] = {0, 1, 2, 3};
    ho_error err;
    ho_relations r;
    assert_ok(ho_portfolio_relations(p, members, count, threshold, &r, &err));
    return r;
}

/* E6: (1,2,3,4), (2,1,4,3), (0,0,0,0), (5,5,5,5) */
static void a_constant_column_correlates_with_nothing(void **state)
{
    (void)state;
    static const double x[T][MOST] = {{1, 2, 0, 5}, {2, 1, 0, 5}, {3, 4, 0, 5}, {4, 3, 0, 5}};
    ho_panel *p = panel_of(x, 4);
    assert_near(relations_of(p, 2, .5).pearson, .6, 1e-15);
    assert_near(relations_of(p, 3, .5).pearson, .2, 1e-15);
    const ho_relations r = relations_of(p, 4, .5);
    assert_near(r.pearson, .1, 1e-15);
    assert_near(r.spearman, .1, 1e-15); /* these values are their own ranks */
    assert_near(r.absolute, .1, 1e-15);
    assert_near(r.largest, .6, 1e-15);
    assert_true(r.first == 0 && r.second == 1);
    assert_true(r.pairs == 6 && r.close == 1 && relations_of(p, 4, .7).close == 0);
    assert_near(r.effective_bets, 4 / 1.3, 1e-14);
    /* deviations sqrt(5/3) twice and 0 twice; the sum 8 8 12 12 has sqrt(16/3) */
    assert_near(r.diversification, 2 * sqrt(5 / 3.0) / sqrt(16 / 3.0), 1e-14);
    ho_panel_free(&p);
}

static void equal_values_share_the_mean_of_their_ranks(void **state)
{
    (void)state;
    /* ranks 1, 2.5, 2.5, 4 and 4, 1.5, 3, 1.5: deviations -1.5 0 0 1.5 and 1.5 -1 .5 -1 */
    static const double x[T][MOST] = {{-7, 9}, {0, 1}, {0, 2}, {1e9, 1}};
    ho_panel *p = panel_of(x, 2);
    assert_near(relations_of(p, 2, .7).spearman, -3.75 / sqrt(4.5 * 4.5), 1e-15);
    ho_panel_free(&p);
}

static void what_cannot_be_diversified_is_undefined(void **state)
{
    (void)state;
    static const double mirror[T][MOST] = {{1, -1}, {2, -2}, {-5, 5}, {0, 0}};
    ho_panel *p = panel_of(mirror, 2);
    const ho_relations two = relations_of(p, 2, .7), one = relations_of(p, 1, .7);
    assert_near(two.pearson, -1, 1e-15);
    assert_near(two.absolute, 1, 1e-15);
    assert_true(isnan(two.diversification) &&
                two.effective_bets == 2); /* against each other: still two bets */
    assert_true(one.pearson == 0 && one.spearman == 0 && one.pairs == 0 && isnan(one.largest));
    assert_true(one.effective_bets == 1 && one.diversification == 1);
    static const uint32_t stranger[] = {0, 2};
    ho_relations r = {.pearson = 7};
    ho_error err;
    assert_refused(ho_portfolio_relations(p, stranger, 2, .7, &r, &err), HO_ERR_USAGE, "number 2");
    assert_true(r.pearson == 7);
    ho_panel_free(&p);
}

static void without_memory_nothing_is_said(void **state)
{
    (void)state;
    if (!ho_memory_fail_at(0)) {
        print_message("skipped: this build cannot fail allocations\n");
        skip();
    }
    static const double x[T][MOST] = {{1, 2}, {2, 1}, {3, 4}, {4, 3}};
    static const uint32_t members[] = {0, 1};
    ho_panel *p = panel_of(x, 2);
    ho_relations r = {.pearson = 7};
    for (long n = 1; n < 40; n++) {
        ho_error err;
        ho_memory_fail_at(n);
        ho_status status = ho_portfolio_relations(p, members, 2, .7, &r, &err);
        ho_memory_fail_at(0);
        if (status == HO_OK) break;
        assert_int_equal(status, HO_ERR_MEMORY);
        assert_true(r.pearson == 7);
    }
    assert_near(r.pearson, .6, 1e-15);
    ho_panel_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_constant_column_correlates_with_nothing),
        cmocka_unit_test(equal_values_share_the_mean_of_their_ranks),
        cmocka_unit_test(what_cannot_be_diversified_is_undefined),
        cmocka_unit_test(without_memory_nothing_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
