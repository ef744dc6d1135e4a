/* What every algorithm of the registry must do, on toys whose best set is known. */
#include "search/search.h"
#include "search/toy.h"

static const ho_budget plenty = {.work = 100000, .polish_work = 1000000};

static double optimum(const toy *t, const ho_problem *p)
{
    ho_error err;
    ho_objective objective = toy_objective(t);
    ho_search_result best = {0};
    assert_ok(ho_search_enumerate(p, &objective, &plenty, 2, &best, &err));
    assert_int_equal(best.stopped_by, HO_STOP_PROVEN);
    double value = best.fitness;
    ho_search_result_clear(&best);
    return value;
}

static void each_has_a_name_a_paper_and_defaults(void **state)
{
    (void)state;
    static const char *const names[] = {"ga", "pso", "sa", "de", "aco", "hc", "bo", "rs"};
    assert_true(ho_algorithm_count() >= 8 && ho_algorithm_count() <= 16); /* 16: room in toy.h */
    for (size_t i = 0; i < ho_algorithm_count(); i++) {
        const ho_algorithm *a = ho_algorithm_at(i);
        assert_true(i >= 8 || strcmp(ho_algorithm_name(a), names[i]) == 0);
        assert_ptr_equal(ho_algorithm_find(ho_algorithm_name(a)), a);
        assert_true(strlen(ho_algorithm_title(a)) > 5 && strlen(ho_algorithm_paper(a)) > 20);
        assert_true(strlen(ho_algorithm_text(a)) > 20);
    }
    assert_null(ho_algorithm_find("none"));
    assert_null(ho_algorithm_at(ho_algorithm_count()));
    toy_params params;
    toy_params_fill(&params);
    toy_params_clear(&params);
}

/* Polished, and on sets of 3, 5 and 10 of 20. */
static void each_finds_the_best_set_of_easy_toys(void **state)
{
    (void)state;
    static const size_t sizes[] = {3, 5, 10};
    double (*const values[])(const toy *, const uint32_t *, size_t) = {toy_sum, toy_planted, toy_forbidding};
    for (size_t v = 0; v < 3; v++) {
        for (size_t k = 0; k < 3; k++) {
            for (uint64_t seed = 1; seed <= 4; seed++) {
                toy t = toy_new(20, sizes[k], seed, values[v]);
                t.many = seed % 2 == 0;
                ho_problem p = {.candidates = 20, .size = sizes[k]};
                double best = optimum(&t, &p);
                ho_search_result r[16];
                toy_run(&t, &p, &plenty, seed, 1, r);
                for (size_t i = 0; i < ho_algorithm_count(); i++) {
                    assert_valid(&t, &p, &r[i]);
                    if (!(fabs(r[i].fitness - best) <= 1e-12))
                        fail_msg("%s, toy %zu, size %zu, seed %d: %.17g, best %.17g",
                                 ho_algorithm_name(r[i].algorithm), v, sizes[k], (int)seed, r[i].fitness,
                                 best);
                }
                toy_clear(r);
            }
        }
    }
}

static void none_is_above_the_optimum_where_the_way_is_misleading(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        toy t = toy_new(20, 5, seed, toy_deceptive);
        t.many = seed % 2 == 0;
        ho_problem p = {.candidates = 20, .size = 5};
        double best = optimum(&t, &p);
        assert_true(best == 50);
        ho_search_result r[16];
        toy_run(&t, &p, &plenty, seed, 2, r);
        for (size_t i = 0; i < ho_algorithm_count(); i++) {
            assert_valid(&t, &p, &r[i]);
            assert_true(r[i].fitness <= best);
        }
        toy_clear(r);
    }
}

static void assert_same(const ho_search_result *a, const ho_search_result *b)
{
    assert_ptr_equal(a->algorithm, b->algorithm);
    assert_int_equal(a->size, b->size);
    assert_memory_equal(a->members, b->members, a->size * sizeof *a->members);
    assert_true(a->fitness == b->fitness && a->raw_fitness == b->raw_fitness);
    assert_int_equal(a->evaluations, b->evaluations);
    assert_int_equal(a->polish_evaluations, b->polish_evaluations);
    assert_int_equal(a->stopped_by, b->stopped_by);
    assert_int_equal(a->trace_count, b->trace_count);
    for (size_t i = 0; i < a->trace_count; i++) {
        assert_int_equal(a->trace[i].evaluations, b->trace[i].evaluations);
        assert_true(a->trace[i].fitness == b->trace[i].fitness);
        assert_true(i == 0 || (a->trace[i].fitness > a->trace[i - 1].fitness &&
                               a->trace[i].evaluations > a->trace[i - 1].evaluations));
    }
}

static void repeat_on_threads(bool many)
{
    static const int threads[] = {2, 7, 1};
    toy t = toy_new(120, 12, 9, toy_planted);
    t.many = many;
    ho_problem p = {.candidates = 120, .size = 12};
    ho_budget budget = {.work = 20000, .polish_work = 5000}; /* too little for the best set */
    ho_search_result one[16], other[16];
    toy_run(&t, &p, &budget, 5, 1, one);
    for (size_t i = 0; i < 3; i++) {
        toy_run(&t, &p, &budget, 5, threads[i], other);
        for (size_t a = 0; a < ho_algorithm_count(); a++)
            assert_same(&one[a], &other[a]);
        toy_clear(other);
    }
    toy_run(&t, &p, &budget, 6, 1, other);
    size_t different = 0;
    for (size_t a = 0; a < ho_algorithm_count(); a++)
        different += one[a].trace[0].fitness != other[a].trace[0].fitness;
    assert_int_equal(different, ho_algorithm_count()); /* a seed matters */
    toy_clear(one);
    toy_clear(other);
}

static void the_same_seed_gives_the_same_on_any_number_of_threads(void **state)
{
    (void)state;
    repeat_on_threads(false);
    repeat_on_threads(true);
}

/* Whatever the moment, a valid set with its true value comes back, and soon. */
static void a_cancelled_search_returns_a_true_set(void **state)
{
    (void)state;
    ho_rng rng = ho_rng_new(3, "moments", 0);
    toy t = toy_new(60, 8, 4, toy_planted);
    static const uint32_t include[] = {11, 30};
    ho_problem p = {.candidates = 60, .size = 8, .include = include, .include_count = 2};
    for (int moment = 0; moment < 100; moment++) {
        volatile int cancel = moment == 0;
        t.many = moment % 2 == 1;
        atomic_long calls = 0, after = 1 + ho_rng_below(&rng, moment < 50 ? 300 : 20000);
        long allowed = atomic_load(&after);
        t.calls = &calls;
        t.cancel_after = &after;
        t.cancel = &cancel;
        ho_budget budget = {.work = 200000, .polish_work = 100000, .cancel = &cancel};
        ho_search_result r[16];
        toy_run(&t, &p, &budget, (uint64_t)moment, 2, r);
        t.calls = t.cancel_after = NULL;
        for (size_t i = 0; i < ho_algorithm_count(); i++) {
            assert_valid(&t, &p, &r[i]);
            assert_true(!cancel || r[i].stopped_by == HO_STOP_CANCEL || r[i].stopped_by == HO_STOP_BUDGET);
        }
        if (cancel) assert_true(atomic_load(&calls) < allowed + 8 * 600); /* at most a scan each on top */
        toy_clear(r);
    }
}

static void includes_and_exclusions_always_hold(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        toy t = toy_new(30, 6, seed, toy_planted);
        t.many = seed % 2 == 0;
        uint8_t allowed[30];
        ho_rng rng = ho_rng_new(seed, "flags", 0);
        for (size_t i = 0; i < 30; i++)
            allowed[i] = ho_rng_unit(&rng) < 0.6;
        allowed[0] = allowed[7] = allowed[29] = 1;
        static const uint32_t include[] = {0, 7, 29};
        ho_problem p = {
            .candidates = 30, .size = 6, .allowed = allowed, .include = include, .include_count = 3};
        double best = optimum(&t, &p);
        ho_search_result r[16];
        toy_run(&t, &p, &plenty, seed, 2, r);
        for (size_t i = 0; i < ho_algorithm_count(); i++) {
            assert_valid(&t, &p, &r[i]);
            assert_true(r[i].fitness <= best);
        }
        toy_clear(r);
    }
}

static void the_smallest_problems_work(void **state)
{
    (void)state;
    static const struct {
        size_t n, k, includes;
    } cases[] = {{1, 1, 0}, {1, 1, 1}, {5, 5, 0}, {5, 5, 2}, {6, 1, 0},
                 {6, 1, 1}, {6, 5, 0}, {6, 4, 3}, {2, 1, 0}};
    static const uint32_t include[] = {0, 1, 2};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        toy t = toy_new(cases[c].n, cases[c].k, c, toy_planted);
        ho_problem p = {.candidates = cases[c].n,
                        .size = cases[c].k,
                        .allowed = NULL,
                        .include = include,
                        .include_count = cases[c].includes};
        double best = optimum(&t, &p);
        ho_search_result r[16];
        toy_run(&t, &p, &plenty, c, 2, r);
        for (size_t i = 0; i < ho_algorithm_count(); i++) {
            assert_valid(&t, &p, &r[i]);
            assert_near(r[i].fitness, best, 1e-12);
            bool forced = ho_search_space(&p, 1) == 1;
            assert_true(forced == (r[i].stopped_by == HO_STOP_PROVEN));
        }
        toy_clear(r);
    }
}

static void what_is_counted_is_what_was_asked(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * ho_algorithm_count(); i++) {
        const size_t a = i / 2;
        atomic_long calls = 0;
        toy t = toy_new(100, 10, a, toy_planted);
        t.many = i % 2 == 1;
        t.calls = &calls;
        ho_error err;
        ho_objective objective = toy_objective(&t);
        ho_problem p = {.candidates = 100, .size = 10};
        ho_budget budget = {.work = 30000, .polish_work = 20000};
        toy_params params;
        toy_params_fill(&params);
        ho_search_result r = {0};
        assert_ok(ho_search_all(&p, &objective, &params.algorithms[a], &params.each[a], 1, &budget, 1, 1,
                                NULL, NULL, &r, &err));
        assert_int_equal(atomic_load(&calls), r.evaluations + r.polish_evaluations);
        /* a unit at least for each, and one scan or score may go over */
        const int times = params.algorithms[a]->work_times;
        assert_true(r.evaluations <= budget.work * (times > 0 ? times : 1) + 90);
        assert_true(r.polish_evaluations <= budget.polish_work + 90);
        assert_int_equal(r.stopped_by, HO_STOP_BUDGET);
        toy_params_clear(&params);
        ho_search_result_clear(&r);
    }
}

/* A descent of 100 x 10 needs some thousands: polishing is cut, the set stays valid. */
static void polishing_keeps_to_its_own_budget(void **state)
{
    (void)state;
    toy t = toy_new(100, 10, 3, toy_planted);
    ho_problem p = {.candidates = 100, .size = 10};
    for (int64_t polish = 0; polish <= 1200; polish += 150) {
        ho_budget budget = {.work = 40, .polish_work = polish};
        ho_search_result r[16];
        toy_run(&t, &p, &budget, 1, 1, r);
        for (size_t i = 0; i < ho_algorithm_count(); i++) {
            assert_valid(&t, &p, &r[i]);
            assert_true(r[i].polish_evaluations <= polish);
            assert_true(polish != 0 || r[i].fitness == r[i].raw_fitness);
        }
        toy_clear(r);
    }
}

/* A larger budget whose first round is the smaller one has its result, and goes on from there: the counts of both, a
 * trace that rises throughout, and progress to the end. */
static void a_larger_budget_is_never_worse_than_its_first_round(void **state)
{
    (void)state;
    size_t better = 0;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        toy t = toy_new(200, 12, seed, seed % 3 == 0 ? toy_deceptive : toy_planted);
        t.many = seed % 2 == 0;
        ho_problem p = {.candidates = 200, .size = 12};
        ho_budget small = {.work = 6000, .polish_work = 3000}, large = small;
        large.work = 40000;
        large.first_round = small.work;
        ho_search_result before[16], after[16];
        toy_run(&t, &p, &small, seed, 1, before);
        toy_run(&t, &p, &large, seed, 2, after);
        for (size_t a = 0; a < ho_algorithm_count(); a++) {
            assert_valid(&t, &p, &after[a]);
            assert_true(after[a].fitness >= before[a].fitness &&
                        after[a].raw_fitness >= before[a].raw_fitness);
            assert_true(after[a].evaluations > before[a].evaluations);
            better += after[a].fitness > before[a].fitness;
            for (size_t i = 0; i < after[a].trace_count; i++) {
                const ho_trace_point *point = &after[a].trace[i];
                assert_true(i >= before[a].trace_count || point->fitness == before[a].trace[i].fitness);
                assert_true(i == 0 || (point->fitness > point[-1].fitness &&
                                       point->evaluations > point[-1].evaluations));
            }
        }
        toy_clear(before);
        toy_clear(after);
    }
    assert_true(better > 12);
}

static void a_warm_start_is_never_lost(void **state)
{
    (void)state;
    toy t = toy_new(200, 10, 8, toy_deceptive);
    uint32_t start[10];
    for (uint32_t j = 0, count = 0; j < 200; j++) {
        if (t.planted[j]) start[count++] = j;
    }
    ho_problem p = {.candidates = 200, .size = 10, .include = start + 4, .include_count = 2, .start = start};
    ho_budget budget = {.work = 5000, .polish_work = 5000};
    ho_search_result r[16];
    toy_run(&t, &p, &budget, 1, 2, r);
    for (size_t i = 0; i < ho_algorithm_count(); i++) {
        assert_valid(&t, &p, &r[i]);
        assert_true(r[i].raw_fitness == 100);
    }
    toy_clear(r);
}

typedef struct hearing {
    int calls;
    double share, best;
} hearing;

static void listen(void *user, double share, double best)
{
    hearing *t = user;
    assert_true(share >= 0 && share <= 1 && best >= t->best);
    t->calls++;
    t->share = share;
    t->best = best;
}

static void progress_ends_at_one_with_the_best_raw_value(void **state)
{
    (void)state;
    ho_error err;
    toy t = toy_new(50, 5, 2, toy_planted);
    ho_objective objective = toy_objective(&t);
    ho_problem p = {.candidates = 50, .size = 5};
    toy_params params;
    toy_params_fill(&params);
    ho_search_result r[16] = {{0}};
    hearing told = {.best = -INFINITY};
    ho_budget rounds = plenty;
    rounds.first_round = 30000;
    assert_ok(ho_search_all(&p, &objective, params.algorithms, params.each, params.count, &rounds, 1, 2,
                            listen, &told, r, &err));
    double best = -INFINITY;
    for (size_t i = 0; i < params.count; i++)
        best = fmax(best, r[i].raw_fitness);
    assert_true(told.calls >= 8 && told.share == 1 && told.best == best);
    toy_clear(r);
    toy_params_clear(&params);
}

static void explicit_iterations_are_obeyed(void **state)
{
    (void)state;
    static const struct {
        const char *name, *option;
        const char *value;
        int64_t evaluations; /* at most, but for scans */
        int64_t units;       /* of work for each of them, at most */
    } cases[] = {{"ga", "generations", "50", 30 + 50 * 27, HO_WORK_SET},
                 {"pso", "iterations", "50", 25 * 51, HO_WORK_SET},
                 {"sa", "max_iterations", "1000", 2 * 1000 + 200, HO_WORK_PROBE},
                 {"de", "generations", "50", 30 * 51, HO_WORK_SET},
                 {"aco", "iterations", "50", 100 + 20 * 50 + 1, HO_WORK_SCORE},
                 {"bo", "n_calls", "50", 51, 5000},
                 {"rs", "iterations", "1000", 1000, HO_WORK_SET}};
    toy t = toy_new(100, 10, 3, toy_planted);
    ho_objective objective = toy_objective(&t);
    ho_problem p = {.candidates = 100, .size = 10};
    ho_budget budget = {.work = 10000000};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        ho_error err;
        const ho_algorithm *a = ho_algorithm_find(cases[c].name);
        double room[32] = {0};
        const void *params = room;
        assert_ok(ho_options_defaults(ho_algorithm_options(a), room, &err));
        assert_ok(ho_options_set(ho_algorithm_options(a), room, cases[c].option, cases[c].value, &err));
        ho_search_result r = {0};
        assert_ok(ho_search_all(&p, &objective, &a, &params, 1, &budget, 1, 1, NULL, NULL, &r, &err));
        assert_int_equal(r.stopped_by, HO_STOP_FINISHED);
        /* sets and probes; scans take as much work again, an evaluation a unit, and what one feeding goes over */
        if (r.evaluations > cases[c].evaluations * (1 + cases[c].units) + 5000)
            fail_msg("%s: %lld evaluations", cases[c].name, (long long)r.evaluations);
        assert_true(r.evaluations > cases[c].evaluations / 2);
        ho_search_result_clear(&r);
        ho_options_clear(ho_algorithm_options(a), room);
    }
}

/* Without describe() BO falls back on what the candidates are worth alone. */
static void a_surrogate_does_without_features(void **state)
{
    (void)state;
    ho_error err;
    toy t = toy_new(20, 5, 1, toy_sum);
    ho_objective objective = toy_objective(&t);
    objective.describe = NULL;
    objective.features = 0;
    ho_problem p = {.candidates = 20, .size = 5};
    const ho_algorithm *bo = ho_algorithm_find("bo");
    double room[32] = {0};
    const void *params = room;
    assert_ok(ho_options_defaults(ho_algorithm_options(bo), room, &err));
    ho_search_result r = {0};
    assert_ok(ho_search_all(&p, &objective, &bo, &params, 1, &plenty, 1, 1, NULL, NULL, &r, &err));
    assert_near(r.fitness, optimum(&t, &p), 1e-12);
    ho_search_result_clear(&r);
}

/* Copies that a scan looks at once count once: the budget goes further, the result is as good. */
static void copies_are_counted_once(void **state)
{
    (void)state;
    ho_error err;
    toy t = toy_new(100, 10, 3, toy_sum);
    ho_objective objective = toy_objective(&t);
    ho_problem p = {.candidates = 100, .size = 10};
    const ho_algorithm *rs = ho_algorithm_find("rs");
    static const int64_t one_iteration = 1;
    const void *params = &one_iteration;
    const ho_budget budget = {.work = 1000, .polish_work = 1000000};
    ho_search_result all = {0}, once = {0};
    assert_ok(ho_search_all(&p, &objective, &rs, &params, 1, &budget, 1, 1, NULL, NULL, &all, &err));
    objective.distinct = 55;
    assert_ok(ho_search_all(&p, &objective, &rs, &params, 1, &budget, 1, 1, NULL, NULL, &once, &err));
    assert_true(once.fitness == all.fitness);
    assert_true(once.polish_evaluations < all.polish_evaluations);
    ho_search_result_clear(&all);
    ho_search_result_clear(&once);
}

/* -INFINITY everywhere, or the same value everywhere: nothing to learn, nothing to divide by. */
static void plains_without_a_slope_do_no_harm(void **state)
{
    (void)state;
    toy t = toy_new(40, 6, 1, toy_flat);
    ho_problem p = {.candidates = 40, .size = 6};
    ho_search_result r[16];
    toy_run(&t, &p, &plenty, 1, 2, r);
    for (size_t i = 0; i < ho_algorithm_count(); i++)
        assert_valid(&t, &p, &r[i]);
    toy_clear(r);
    t.value = toy_forbidding;
    for (size_t i = 0; i < 40; i++)
        t.weights[i] = -INFINITY;
    toy_run(&t, &p, &plenty, 1, 2, r);
    for (size_t i = 0; i < ho_algorithm_count(); i++)
        assert_valid(&t, &p, &r[i]);
    toy_clear(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_has_a_name_a_paper_and_defaults),
        cmocka_unit_test(each_finds_the_best_set_of_easy_toys),
        cmocka_unit_test(none_is_above_the_optimum_where_the_way_is_misleading),
        cmocka_unit_test(the_same_seed_gives_the_same_on_any_number_of_threads),
        cmocka_unit_test(a_cancelled_search_returns_a_true_set),
        cmocka_unit_test(includes_and_exclusions_always_hold),
        cmocka_unit_test(the_smallest_problems_work),
        cmocka_unit_test(what_is_counted_is_what_was_asked),
        cmocka_unit_test(polishing_keeps_to_its_own_budget),
        cmocka_unit_test(a_larger_budget_is_never_worse_than_its_first_round),
        cmocka_unit_test(a_warm_start_is_never_lost),
        cmocka_unit_test(progress_ends_at_one_with_the_best_raw_value),
        cmocka_unit_test(explicit_iterations_are_obeyed),
        cmocka_unit_test(a_surrogate_does_without_features),
        cmocka_unit_test(copies_are_counted_once),
        cmocka_unit_test(plains_without_a_slope_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
