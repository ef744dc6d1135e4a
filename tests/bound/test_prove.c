/* Branch and bound: it ends at the best of all sets where it may work long enough, its bound is never below that where it
 * may not, and the tree is the same for any number of threads. */
#include "bound/problems.h"

#include "base/memory.h"

#if defined(__SANITIZE_ADDRESS__)
enum { PLAIN = 200, RULED = 150, FAILURES = 800 }; /* problems; steps between allocations that fail */
#else
enum { PLAIN = 2000, RULED = 1000, FAILURES = 197 };
#endif

typedef struct finder {
    const problem *p;
    double best;
    size_t found;
} finder;

/* Checks that the set is worth what is said, and takes it if it keeps to the rules. */
static double take_set(void *user, const uint32_t *members, double worth)
{
    finder *f = user;
    unsigned set = 0;
    for (size_t i = 0; i < f->p->size; i++) {
        assert_true(i == 0 || members[i] > members[i - 1]);
        assert_true(f->p->allowed[members[i]]);
        set |= 1u << members[i];
    }
    assert_near(worth, value_of(f->p, set), 1e-9);
    f->found++;
    if (is_set(f->p, set) && worth > f->best) f->best = worth;
    return f->best;
}

typedef struct tally {
    size_t problems, proven, cut;
    int64_t nodes, most, given_up;
} tally;

static void prove_one(uint64_t number, bool with_rules, tally *sums)
{
    problem p = draw_problem(number);
    if (with_rules) draw_rules(&p, number);
    const ho_problem asked = problem_of(&p);
    const double best = best_of(&p), slack = 2e-9 * fmax(1, fabs(best));
    ho_bound *bound = NULL;
    ho_error err;
    if (best == -INFINITY) { /* the rules leave no set */
        ho_panel_free(&p.panel);
        return;
    }
    assert_ok(ho_bound_new(p.panel, &asked, &p.goal, false, NULL, &bound, &err));
    finder f = {.p = &p, .best = number % 3 == 0 ? best : -INFINITY};
    const ho_tree_effort effort = {
        .nodes = number % 4 == 3 ? 3 : 20000, .threads = 1, .known = f.best, .found = take_set, .user = &f};
    assert_ok(ho_bound_prove(bound, p.panel, &asked, &p.goal, &effort, &err));
    const ho_bound_facts facts = ho_bound_facts_of(bound);
    if (!(facts.value >= best - slack))
        fail_msg("problem %d: a set is worth %.17g, the bound is %.17g", (int)number, best, facts.value);
    if (facts.tree.proven && !(facts.value <= best + slack && f.best >= best - slack))
        fail_msg("problem %d: the best set is worth %.17g, found %.17g, what is proven %.17g", (int)number,
                 best, f.best, facts.value);
    if (!facts.tree.proven && effort.nodes > 3)
        fail_msg("problem %d: not proven after %d nodes, %d open, %d given up", (int)number,
                 (int)facts.tree.nodes, (int)facts.tree.open, (int)facts.tree.given_up);
    assert_true(facts.value <= facts.tree.before);
    sums->problems++;
    sums->proven += facts.tree.proven;
    sums->nodes += facts.tree.nodes;
    sums->given_up += facts.tree.given_up;
    sums->most = facts.tree.nodes > sums->most ? facts.tree.nodes : sums->most;
    ho_bound_free(&bound);
    ho_panel_free(&p.panel);
}

static void prove_many(size_t problems, bool with_rules)
{
    tally s = {0};
    for (uint64_t number = 0; number < problems; number++)
        prove_one(number, with_rules, &s);
    print_message(
        "%d problems, %d proven (a quarter may look into 3 nodes only), %d nodes, %d at most, %d given up\n",
        (int)s.problems, (int)s.proven, (int)s.nodes, (int)s.most, (int)s.given_up);
}

static void a_tree_that_ends_proves_the_best_set(void **state)
{
    (void)state;
    prove_many(PLAIN, false);
}

static void sets_keep_to_groups_and_conflicts(void **state)
{
    (void)state;
    prove_many(RULED, true);
}

/* What a tree came to, and which sets it told of. */
typedef struct course {
    ho_bound_facts facts;
    double worths[64];
    size_t told;
} course;

static double take_down(void *user, const uint32_t *members, double worth)
{
    course *c = user;
    (void)members;
    if (c->told < 64) c->worths[c->told] = worth;
    c->told++;
    return worth;
}

static course grow_market(const ho_panel *panel, int threads, const volatile int *cancel, int64_t nodes)
{
    const ho_problem wanted = {.candidates = MARKET, .size = MEMBERS};
    ho_bound *bound = NULL;
    ho_error err;
    course c = {0};
    assert_ok(ho_bound_new(panel, &wanted, &market_goal, false, NULL, &bound, &err));
    const ho_tree_effort effort = {.nodes = nodes,
                                   .threads = threads,
                                   .known = -INFINITY,
                                   .cancel = cancel,
                                   .found = take_down,
                                   .user = &c};
    assert_ok(ho_bound_prove(bound, panel, &wanted, &market_goal, &effort, &err));
    c.facts = ho_bound_facts_of(bound);
    ho_bound_free(&bound);
    return c;
}

static void the_tree_is_the_same_for_any_number_of_threads(void **state)
{
    (void)state;
    ho_panel *panel = draw_market(DAYS, MARKET);
    const course one = grow_market(panel, 1, NULL, 300);
    for (int threads = 2; threads <= 7; threads += 5) {
        const course more = grow_market(panel, threads, NULL, 300);
        assert_near(more.facts.value, one.facts.value, 0);
        assert_int_equal(more.facts.tree.nodes, one.facts.tree.nodes);
        assert_int_equal(more.facts.tree.open, one.facts.tree.open);
        assert_int_equal(more.facts.tree.given_up, one.facts.tree.given_up);
        assert_int_equal(more.told, one.told);
        for (size_t i = 0; i < one.told && i < 64; i++)
            assert_near(more.worths[i], one.worths[i], 0);
    }
    assert_true(one.facts.value < one.facts.tree.before);
    assert_true(one.facts.tree.nodes >= 300 && one.facts.tree.nodes < 400);
    ho_panel_free(&panel);
}

static void a_cancelled_tree_leaves_the_bound_as_it_was(void **state)
{
    (void)state;
    ho_panel *panel = draw_market(DAYS, MARKET);
    const int cancel = 1;
    const course c = grow_market(panel, 2, &cancel, 0);
    assert_near(c.facts.value, c.facts.tree.before, 0);
    assert_int_equal(c.facts.tree.stopped_by, HO_STOP_CANCEL);
    assert_int_equal(c.facts.tree.nodes, 0);
    assert_false(c.facts.tree.proven);
    ho_panel_free(&panel);
}

static void lack_of_memory_is_said_and_leaves_nothing(void **state)
{
    (void)state;
    if (!ho_memory_fail_at(0)) skip();
    ho_panel *panel = draw_market(DAYS, MARKET);
    const ho_problem wanted = {.candidates = MARKET, .size = MEMBERS};
    const ho_tree_effort effort = {.nodes = 60, .threads = 1, .known = -INFINITY};
    ho_status status = HO_ERR_MEMORY;
    for (long n = 1; status != HO_OK; n += n < 60 ? 1 : FAILURES) {
        ho_bound *bound = NULL;
        ho_error err;
        assert_ok(ho_bound_new(panel, &wanted, &market_goal, false, NULL, &bound, &err));
        ho_memory_fail_at(n);
        status = ho_bound_prove(bound, panel, &wanted, &market_goal, &effort, &err);
        ho_memory_fail_at(0);
        if (status != HO_OK) assert_int_equal(status, HO_ERR_MEMORY);
        ho_bound_free(&bound);
    }
    ho_panel_free(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_that_ends_proves_the_best_set),
        cmocka_unit_test(sets_keep_to_groups_and_conflicts),
        cmocka_unit_test(the_tree_is_the_same_for_any_number_of_threads),
        cmocka_unit_test(a_cancelled_tree_leaves_the_bound_as_it_was),
        cmocka_unit_test(lack_of_memory_is_said_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
