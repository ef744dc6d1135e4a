/* What is special to iterated local search: the short list, islands, kicks. What holds for every algorithm is in
 * test_algorithms.c, where candidates are too few for a short list. */
#include "search/toy.h"

/* The defaults with some options set: "islands=3 shortlist=4". */
typedef struct setting {
    const ho_algorithm *ils;
    double room[32];
} setting;

static setting set_options(const char *words)
{
    ho_error err;
    setting s = {.ils = ho_algorithm_find("ils")};
    assert_non_null(s.ils);
    assert_true(ho_algorithm_params_size(s.ils) <= sizeof s.room);
    ho_option_table table = ho_algorithm_options(s.ils);
    assert_ok(ho_options_defaults(table, s.room, &err));
    char text[200], *rest = NULL;
    snprintf(text, sizeof text, "%s", words);
    for (char *word = strtok_r(text, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        char *value = strchr(word, '=');
        assert_non_null(value);
        *value = '\0';
        assert_ok(ho_options_set(table, s.room, word, value + 1, &err));
    }
    return s;
}

static ho_search_result search_on(int threads, const toy *t, const ho_problem *p, const ho_budget *budget,
                                  uint64_t seed, const char *words)
{
    ho_error err;
    setting s = set_options(words);
    const void *params = s.room;
    ho_objective objective = toy_objective(t);
    ho_search_result r = {0};
    assert_ok(ho_search_all(p, &objective, &s.ils, &params, 1, budget, seed, threads, NULL, NULL, &r, &err));
    assert_valid(t, p, &r);
    return r;
}

static ho_search_result search(const toy *t, const ho_problem *p, const ho_budget *budget, uint64_t seed,
                               const char *words)
{
    return search_on(1, t, p, budget, seed, words);
}

/* 400 candidates and a list of 4: the list is in use. */
static const char *const ways[] = {
    "shortlist=4 islands=1",      "shortlist=4 islands=3",    "shortlist=0 islands=2",
    "shortlist=4 islands=20",     "shortlist=1 outside=1",    "min_kick=50 max_kick=60",
    "min_kick=9 max_kick=2",      "shortlist=4 acceptance=1", "shortlist=4 outside=0 acceptance=0",
    "shortlist=4 restart_after=1"};
enum { WAYS = sizeof ways / sizeof *ways };

static double planted_value(const toy *t)
{
    uint32_t members[TOY_MOST];
    size_t count = 0;
    for (uint32_t j = 0; j < t->n; j++) {
        if (t->planted[j]) members[count++] = j;
    }
    return toy_planted(t, members, count);
}

static void a_planted_set_is_found_before_polishing_in_every_way(void **state)
{
    (void)state;
    ho_problem p = {.candidates = TOY_MOST, .size = 10};
    ho_budget budget = {.work = 400000};
    for (size_t i = 0; i < WAYS; i++) {
        toy t = toy_new(TOY_MOST, 10, i + 1, toy_planted);
        ho_search_result r = search(&t, &p, &budget, i, ways[i]);
        if (!(fabs(r.raw_fitness - planted_value(&t)) <= 1e-9))
            fail_msg("%s: %.17g, best %.17g", ways[i], r.raw_fitness, planted_value(&t));
        assert_int_equal(r.stopped_by, HO_STOP_BUDGET);
        ho_search_result_clear(&r);
    }
}

static void the_same_seed_gives_the_same_and_another_seed_another(void **state)
{
    (void)state;
    ho_problem p = {.candidates = TOY_MOST, .size = 12};
    ho_budget budget = {.work = 60000};
    toy t = toy_new(TOY_MOST, 12, 5, toy_planted);
    for (size_t i = 0; i < WAYS; i++) {
        ho_search_result a = search(&t, &p, &budget, 3, ways[i]), b = search(&t, &p, &budget, 3, ways[i]);
        ho_search_result c = search(&t, &p, &budget, 4, ways[i]);
        assert_true(a.raw_fitness == b.raw_fitness && a.evaluations == b.evaluations);
        assert_memory_equal(a.members, b.members, a.size * sizeof *a.members);
        assert_true(a.trace[0].fitness != c.trace[0].fitness);
        ho_search_result_clear(&a);
        ho_search_result_clear(&b);
        ho_search_result_clear(&c);
    }
}

/* Islands are spread over threads; which one works where and when changes nothing, the trace included. */
static void islands_on_any_number_of_threads_give_the_same(void **state)
{
    (void)state;
    static const int threads[] = {2, 3, 7};
    ho_problem p = {.candidates = TOY_MOST, .size = 12};
    ho_budget budget = {.work = 150000, .first_round = 30000, .polish_work = 10000};
    toy t = toy_new(TOY_MOST, 12, 5, toy_planted);
    for (size_t i = 0; i < WAYS; i++) {
        ho_search_result one = search(&t, &p, &budget, 3, ways[i]);
        for (size_t n = 0; n < 3; n++) {
            ho_search_result r = search_on(threads[n], &t, &p, &budget, 3, ways[i]);
            assert_true(r.fitness == one.fitness && r.raw_fitness == one.raw_fitness);
            assert_int_equal(r.evaluations, one.evaluations);
            assert_memory_equal(r.members, one.members, r.size * sizeof *r.members);
            assert_int_equal(r.trace_count, one.trace_count);
            for (size_t k = 0; k < r.trace_count; k++)
                assert_int_equal(r.trace[k].evaluations, one.trace[k].evaluations);
            ho_search_result_clear(&r);
        }
        ho_search_result_clear(&one);
    }
}

/* Whatever the way, one scan or score at most goes over, and what is counted is what the objective was asked. */
static void every_budget_is_kept_and_every_call_counted(void **state)
{
    (void)state;
    static const uint32_t include[] = {3, 77, 399};
    uint8_t allowed[TOY_MOST];
    for (size_t j = 0; j < TOY_MOST; j++)
        allowed[j] = j % 5 != 1 || j == 3;
    ho_problem p = {
        .candidates = TOY_MOST, .size = 11, .allowed = allowed, .include = include, .include_count = 3};
    toy t = toy_new(TOY_MOST, 11, 2, toy_planted);
    for (int64_t work = 0; work <= 40000; work = 3 * work + 100) {
        for (size_t i = 0; i < WAYS; i++) {
            atomic_long calls = 0;
            t.calls = &calls;
            ho_budget budget = {.work = work};
            ho_search_result r = search(&t, &p, &budget, 1, ways[i]);
            t.calls = NULL;
            assert_int_equal(atomic_load(&calls), r.evaluations);
            assert_true(r.evaluations <= work + 1);
            ho_search_result_clear(&r);
        }
    }
}

static void as_many_kicks_as_asked_for(void **state)
{
    (void)state;
    ho_problem p = {.candidates = 100, .size = 10};
    toy t = toy_new(100, 10, 2, toy_planted);
    ho_budget budget = {.work = 100000000};
    ho_search_result few = search(&t, &p, &budget, 1, "iterations=5"),
                     more = search(&t, &p, &budget, 1, "iterations=50");
    assert_int_equal(few.stopped_by, HO_STOP_FINISHED);
    assert_int_equal(more.stopped_by, HO_STOP_FINISHED);
    assert_true(more.evaluations > few.evaluations + 45 * 900); /* each kick ends with a look at all swaps */
    ho_search_result_clear(&few);
    ho_search_result_clear(&more);
}

/* Probes and scans that see too much must not make it take two sets in turn for ever: the kicks are done. */
static void a_gain_that_is_not_true_is_not_taken(void **state)
{
    (void)state;
    static const double errors[] = {1e-12, 1e-9, 1e-3};
    ho_problem p = {.candidates = TOY_MOST, .size = 6};
    ho_budget budget = {.work = 100000000};
    for (size_t e = 0; e < 3; e++) {
        toy t = toy_new(TOY_MOST, 6, 1, toy_flat);
        t.scan_error = errors[e];
        ho_search_result r = search(&t, &p, &budget, 1, "shortlist=4 iterations=40");
        assert_int_equal(r.stopped_by, HO_STOP_FINISHED);
        ho_search_result_clear(&r);
    }
}

static void memory_can_run_out_at_any_moment(void **state)
{
    (void)state;
    if (!ho_memory_fail_at(0)) {
        print_message("skipped: this build cannot fail allocations\n");
        skip();
    }
    ho_error err;
    toy t = toy_new(TOY_MOST, 5, 1, toy_planted);
    ho_objective objective = toy_objective(&t);
    ho_problem p = {.candidates = TOY_MOST, .size = 5};
    ho_budget budget = {.work = 20000, .polish_work = 1000};
    setting s = set_options("islands=3 shortlist=4");
    const void *params = s.room;
    ho_status status = HO_ERR_MEMORY;
    long n = 1;
    for (; status != HO_OK; n++) {
        ho_search_result r = {0};
        ho_memory_fail_at(n);
        status = ho_search_all(&p, &objective, &s.ils, &params, 1, &budget, 1, 1, NULL, NULL, &r, &err);
        ho_memory_fail_at(0);
        assert_true(status == HO_OK || (status == HO_ERR_MEMORY && r.members == NULL));
        ho_search_result_clear(&r);
    }
    assert_true(n > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_planted_set_is_found_before_polishing_in_every_way),
        cmocka_unit_test(the_same_seed_gives_the_same_and_another_seed_another),
        cmocka_unit_test(islands_on_any_number_of_threads_give_the_same),
        cmocka_unit_test(every_budget_is_kept_and_every_call_counted),
        cmocka_unit_test(as_many_kicks_as_asked_for),
        cmocka_unit_test(a_gain_that_is_not_true_is_not_taken),
        cmocka_unit_test(memory_can_run_out_at_any_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
