/* The bound is never below the best of all sets, over thousands of small problems of every kind of data that has ever
 * been awkward; it is near it where the relaxation is tight; it is the same for any instruction set, and as
 * strong by our own simplex as by HiGHS. */
#include "bound/problems.h"

#include "base/memory.h"
#include "bound/proof.h"

#if defined(__SANITIZE_ADDRESS__)
enum { PROBLEMS = 1000, COMPARED = 100 };
#else
enum { PROBLEMS = 4000, COMPARED = 600 };
#endif

static void no_set_passes_the_bound(void **state)
{
    (void)state;
    size_t tight = 0, useful = 0;
    for (uint64_t number = 0; number < PROBLEMS; number++) {
        problem p = draw_problem(number);
        if (number % 4 == 1) draw_rules(&p, number);
        const ho_problem asked = problem_of(&p);
        const int cancel = number % 8 == 7; /* what is proven by then holds all the same */
        ho_bound *bound = NULL;
        ho_error err;
        if (best_of(&p) == -INFINITY) { /* the rules leave no set */
            ho_panel_free(&p.panel);
            continue;
        }
        assert_ok(ho_bound_new(p.panel, &asked, &p.goal, number % 2 == 0, &cancel, &bound, &err));
        const ho_bound_facts f = ho_bound_facts_of(bound);
        const double best = best_of(&p), slack = 1e-9 * fmax(1, fabs(best));
        if (!(f.value >= best - slack))
            fail_msg("problem %d: a set is worth %.17g, the bound is %.17g", (int)number, best, f.value);
        useful += f.useful && !cancel;
        tight += f.useful && !cancel && f.value - best <= 0.02 * fabs(best);
        ho_bound_free(&bound);
        ho_panel_free(&p.panel);
    }
    assert_true(2 * tight > useful);
    print_message("%d problems, %d with a useful bound, %d of them within 2 %% of the best set\n", PROBLEMS,
                  (int)useful, (int)tight);
}

static void our_engine_proves_as_much_as_the_other(void **state)
{
    (void)state;
    size_t weaker = 0;
    if (ho_highs_version() == NULL) skip();
    for (uint64_t number = 0; number < COMPARED; number++) {
        problem p = draw_problem(number);
        const ho_problem asked = problem_of(&p);
        ho_bound *own = NULL, *highs = NULL;
        ho_error err;
        assert_ok(ho_bound_by(HO_ENGINE_OWN, p.panel, &asked, &p.goal, false, NULL, &own, &err));
        assert_ok(ho_bound_by(HO_ENGINE_HIGHS, p.panel, &asked, &p.goal, false, NULL, &highs, &err));
        const double best = best_of(&p), a = own->facts.value, b = highs->facts.value;
        assert_false(own->stuck);
        assert_int_equal(own->facts.useful, highs->facts.useful);
        assert_true(b >= best - 1e-9 * fmax(1, fabs(best)));
        weaker += own->facts.useful && a > b + 1e-3 * fmax(1, fabs(best));
        ho_bound_free(&own);
        ho_bound_free(&highs);
        ho_panel_free(&p.panel);
    }
    assert_in_range(weaker, 0, COMPARED / 100);
}

static void every_instruction_set_proves_the_same(void **state)
{
    (void)state;
    ho_panel *panel = draw_market(DAYS, MARKET);
    const ho_problem wanted = {.candidates = MARKET, .size = MEMBERS};
    double value = NAN;
    for (size_t i = 0; i < ho_kernels_count(); i++) {
        ho_bound *bound = NULL;
        ho_error err;
        setenv("HEAVYOPT_CPU", ho_kernels_at(i)->name, 1);
        assert_ok(ho_bound_new(panel, &wanted, &market_goal, false, NULL, &bound, &err));
        if (i > 0) assert_near(ho_bound_facts_of(bound).value, value, 0);
        value = ho_bound_facts_of(bound).value;
        ho_bound_free(&bound);
    }
    unsetenv("HEAVYOPT_CPU");
    ho_panel_free(&panel);
}

static void leads_are_sets_in_part_that_hold_the_forced_members(void **state)
{
    (void)state;
    ho_panel *panel = draw_market(DAYS, MARKET);
    static const uint32_t include[] = {5, 60};
    uint8_t allowed[MARKET];
    for (size_t j = 0; j < MARKET; j++)
        allowed[j] = j % 3 != 1;
    const ho_problem wanted = {
        .candidates = MARKET, .size = MEMBERS, .allowed = allowed, .include = include, .include_count = 2};
    ho_bound *bound = NULL;
    ho_error err;
    assert_ok(ho_bound_new(panel, &wanted, &market_goal, true, NULL, &bound, &err));
    assert_true(ho_bound_lead_count(bound) > 0);
    for (size_t i = 0; i < ho_bound_lead_count(bound); i++) {
        const ho_lead *lead = ho_bound_lead_at(bound, i);
        double sum = 0;
        size_t forced = 0;
        for (size_t c = 0; c < lead->count; c++) {
            const uint32_t j = lead->candidates[c];
            assert_true(c == 0 || j > lead->candidates[c - 1]);
            assert_true(allowed[j]);
            assert_true(lead->shares[c] >= 0 && lead->shares[c] <= 1);
            sum += lead->shares[c];
            forced += j == include[0] || j == include[1];
        }
        assert_near(sum, MEMBERS, 1e-6);
        assert_int_equal(forced, 2);
    }
    ho_bound_free(&bound);
    ho_panel_free(&panel);
}

static void lack_of_memory_is_said_and_leaves_nothing(void **state)
{
    (void)state;
    if (!ho_memory_fail_at(0)) skip();
    ho_panel *panel = draw_market(DAYS, MARKET);
    const ho_problem wanted = {.candidates = MARKET, .size = MEMBERS};
    ho_status status = HO_ERR_MEMORY;
    for (long n = 1; status != HO_OK; n += n < 60 ? 1 : 37) {
        ho_bound *bound = NULL;
        ho_error err;
        ho_memory_fail_at(n);
        status = ho_bound_new(panel, &wanted, &market_goal, true, NULL, &bound, &err);
        ho_memory_fail_at(0);
        if (status != HO_OK) assert_int_equal(status, HO_ERR_MEMORY);
        assert_true((bound != NULL) == (status == HO_OK));
        ho_bound_free(&bound);
    }
    ho_panel_free(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_set_passes_the_bound),
        cmocka_unit_test(our_engine_proves_as_much_as_the_other),
        cmocka_unit_test(every_instruction_set_proves_the_same),
        cmocka_unit_test(leads_are_sets_in_part_that_hold_the_forced_members),
        cmocka_unit_test(lack_of_memory_is_said_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
