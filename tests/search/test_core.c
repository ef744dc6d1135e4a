/* What holds whatever the algorithm: problems, counting sets, enumeration, polishing, draws, lack of memory. */
#include "search/toy.h"

#include "search/alias.h"
#include "search/core.h"

static const ho_budget plenty = {.work = 100000, .polish_work = 1000000};

static ho_status refuse(const ho_problem *p, ho_error *err)
{
    toy t = toy_new(20, 3, 1, toy_sum);
    ho_objective objective = toy_objective(&t);
    objective.candidates = p->candidates;
    const ho_algorithm *rs = ho_algorithm_find("rs");
    static const double room[32] = {0};
    const void *params = room;
    ho_search_result r = {0};
    ho_status status = ho_search_all(p, &objective, &rs, &params, 1, &plenty, 1, 1, NULL, NULL, &r, err);
    assert_null(r.members);
    ho_error other;
    assert_int_equal(ho_search_enumerate(p, &objective, &plenty, 1, &r, &other), status);
    assert_string_equal(other.text, err->text);
    assert_int_equal(ho_search_space(p, 1000), 0);
    return status;
}

static void a_problem_without_a_set_is_refused_in_one_line(void **state)
{
    (void)state;
    ho_error err;
    uint8_t allowed[20] = {1, 1, 1, 1, 0, 0, 1};
    static const uint32_t excluded[] = {4}, twice[] = {3, 3}, far[] = {20}, three[] = {0, 1, 2};
    static const uint32_t start[] = {1, 2, 3};
    ho_problem p = {.candidates = 20, .size = 21};
    assert_refused(refuse(&p, &err), HO_ERR_USAGE, "cannot choose 21 of 20 candidates");
    p.size = 0;
    assert_refused(refuse(&p, &err), HO_ERR_USAGE, "at least 1 member");
    p = (ho_problem){.candidates = 20, .size = 6, .allowed = allowed};
    assert_refused(refuse(&p, &err), HO_ERR_USAGE, "cannot choose 6: only 5 of 20 candidates are allowed");
    p = (ho_problem){
        .candidates = 20, .size = 5, .allowed = allowed, .include = excluded, .include_count = 1};
    assert_refused(refuse(&p, &err), HO_ERR_USAGE, "members to include: candidate 4 is excluded");
    p.include = far;
    assert_refused(refuse(&p, &err), HO_ERR_USAGE, "members to include: no candidate 20, there are 20");
    p.include = twice;
    p.include_count = 2;
    assert_refused(refuse(&p, &err), HO_ERR_USAGE, "members to include: candidate 3 comes after 3");
    p = (ho_problem){.candidates = 20, .size = 2, .include = three, .include_count = 3};
    assert_refused(refuse(&p, &err), HO_ERR_USAGE, "3 members to include do not fit into a set of 2");
    p = (ho_problem){.candidates = 20, .size = 3, .include = three, .include_count = 1, .start = start};
    assert_refused(refuse(&p, &err), HO_ERR_USAGE, "starting set: it lacks one of the 1 members to include");
}

static void sets_are_counted_exactly_up_to_the_limit(void **state)
{
    (void)state;
    ho_problem p = {.candidates = 20, .size = 10};
    assert_int_equal(ho_search_space(&p, 184756), 184756);
    assert_int_equal(ho_search_space(&p, 184755), -1);
    p = (ho_problem){.candidates = 310, .size = 3};
    assert_int_equal(ho_search_space(&p, 5000000), 4917220);
    p = (ho_problem){.candidates = 25544, .size = 35};
    assert_int_equal(ho_search_space(&p, INT64_MAX), -1);
    p = (ho_problem){.candidates = 66, .size = 33}; /* C(66, 33), the largest central one below 2^63 */
    assert_int_equal(ho_search_space(&p, INT64_MAX), 7219428434016265740);
    uint8_t allowed[10] = {1, 1, 0, 1, 1, 1, 0, 1, 1, 0};
    static const uint32_t include[] = {3, 8};
    p = (ho_problem){.candidates = 10, .size = 4, .allowed = allowed, .include = include, .include_count = 2};
    assert_int_equal(ho_search_space(&p, 1000), 10); /* 2 of 5 */
    p.size = 2;
    assert_int_equal(ho_search_space(&p, 1000), 1);
}

/* The best of all subsets by bit masks: highest value, then the lexicographically smallest. */
static double brute_force(const toy *t, const ho_problem *p, uint32_t *best)
{
    double best_value = -INFINITY;
    bool found = false;
    for (uint32_t mask = 0; mask < UINT32_C(1) << p->candidates; mask++) {
        uint32_t set[16], count = 0;
        bool valid = true;
        for (uint32_t j = 0; j < p->candidates && valid && count < 16; j++) {
            if ((mask >> j & 1) == 0) continue;
            set[count++] = j;
            valid = p->allowed == NULL || p->allowed[j];
        }
        for (size_t i = 0; i < p->include_count; i++)
            valid = valid && (mask >> p->include[i] & 1) != 0;
        if (!valid || count != p->size) continue;
        double value = t->value(t, set, count);
        bool better =
            !found || value > best_value || (value == best_value && ho_members_compare(set, best, count) < 0);
        if (!better) continue;
        found = true;
        best_value = value;
        memcpy(best, set, count * sizeof *best);
    }
    return best_value;
}

static void enumeration_equals_brute_force(void **state)
{
    (void)state;
    ho_error err;
    uint8_t allowed[14] = {1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1};
    static const uint32_t include[] = {2, 12};
    double (*const values[])(const toy *, const uint32_t *, size_t) = {toy_sum, toy_planted, toy_deceptive,
                                                                       toy_forbidding, toy_flat};
    for (size_t v = 0; v < 5; v++) {
        for (size_t k = 1; k <= 14; k++) {
            for (int constrained = 0; constrained < 2; constrained++) {
                toy t = toy_new(14, k, k, values[v]);
                ho_objective objective = toy_objective(&t);
                ho_problem p = {.candidates = 14, .size = k};
                if (constrained && k >= 2 && k <= 12) {
                    p = (ho_problem){.candidates = 14,
                                     .size = k,
                                     .allowed = allowed,
                                     .include = include,
                                     .include_count = 2};
                }
                uint32_t best[16];
                double value = brute_force(&t, &p, best);
                for (int threads = 1; threads <= 7; threads += 3) {
                    ho_search_result r = {0};
                    assert_ok(ho_search_enumerate(&p, &objective, &plenty, threads, &r, &err));
                    assert_int_equal(r.stopped_by, HO_STOP_PROVEN);
                    assert_true(r.fitness == value);
                    assert_memory_equal(r.members, best, k * sizeof *best);
                    assert_int_equal(r.evaluations, ho_search_space(&p, 10000));
                    ho_search_result_clear(&r);
                }
            }
        }
    }
}

static void a_cancelled_enumeration_proves_nothing(void **state)
{
    (void)state;
    ho_error err;
    volatile int cancel = 0;
    atomic_long after = 500;
    toy t = toy_new(20, 5, 1, toy_sum);
    t.cancel = &cancel;
    t.cancel_after = &after;
    ho_objective objective = toy_objective(&t);
    ho_problem p = {.candidates = 20, .size = 5};
    ho_budget budget = {.cancel = &cancel};
    ho_search_result r = {0};
    assert_ok(ho_search_enumerate(&p, &objective, &budget, 2, &r, &err));
    t.cancel_after = NULL;
    assert_int_equal(r.stopped_by, HO_STOP_CANCEL);
    assert_valid(&t, &p, &r);
    ho_search_result_clear(&r);
}

/* One algorithm that does nothing but value its first set, polished. */
static ho_search_result polish_first_set(const toy *t, const ho_problem *p, int64_t polish_work)
{
    ho_error err;
    ho_objective objective = toy_objective(t);
    const ho_algorithm *rs = ho_algorithm_find("rs");
    static const int64_t one_iteration = 1;
    const void *params = &one_iteration;
    ho_budget budget = {.work = 1000, .polish_work = polish_work};
    ho_search_result r = {0};
    assert_ok(ho_search_all(p, &objective, &rs, &params, 1, &budget, 7, 1, NULL, NULL, &r, &err));
    return r;
}

static double best_swap(const toy *t, const ho_problem *p, const ho_search_result *r)
{
    double best = -INFINITY;
    uint32_t trial[64], sorted[64];
    for (size_t slot = 0; slot < r->size; slot++) {
        for (uint32_t in = 0; in < p->candidates; in++) {
            bool member = false;
            for (size_t i = 0; i < r->size; i++) {
                member = member || r->members[i] == in;
                trial[i] = r->members[i];
            }
            if (member) continue;
            trial[slot] = in;
            ho_members_sort(trial, r->size, sorted);
            best = fmax(best, t->value(t, sorted, r->size));
        }
    }
    return best;
}

static void a_polished_set_has_no_better_neighbour(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        toy t = toy_new(150, 12, seed, seed % 2 == 0 ? toy_planted : toy_deceptive);
        ho_problem p = {.candidates = 150, .size = 12};
        ho_search_result r = polish_first_set(&t, &p, 1000000);
        assert_true(best_swap(&t, &p, &r) <= r.fitness + 1e-12 * fabs(r.fitness));
        ho_search_result_clear(&r);
    }
}

/* The descent as the specification words it: members in ascending order, one slot after another. */
static void plain_descent(const toy *t, uint32_t *set, size_t k, size_t n)
{
    uint32_t trial[64], sorted[64];
    ho_members_sort(set, k, sorted);
    memcpy(set, sorted, k * sizeof *set);
    double value = t->value(t, sorted, k);
    for (size_t slot = 0, quiet = 0; quiet < k; slot = (slot + 1) % k) {
        double best = value;
        uint32_t best_in = HO_NOBODY;
        for (uint32_t in = 0; in < n; in++) {
            bool member = false;
            for (size_t i = 0; i < k; i++) {
                member = member || set[i] == in;
                trial[i] = i == slot ? in : set[i];
            }
            if (member) continue;
            ho_members_sort(trial, k, sorted);
            double found = t->value(t, sorted, k);
            if (!(found - value > 1e-12 * fabs(value)) || !(found > best)) continue;
            best = found;
            best_in = in;
        }
        quiet = best_in == HO_NOBODY ? quiet + 1 : 0;
        if (best_in != HO_NOBODY) set[slot] = best_in;
        value = best;
    }
    ho_members_sort(set, k, sorted);
    memcpy(set, sorted, k * sizeof *set);
}

static void chunks_of_slots_change_nothing(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        toy t = toy_new(100, 9, seed, toy_planted);
        ho_problem p = {.candidates = 100, .size = 9};
        ho_search_result raw = polish_first_set(&t, &p, 0), polished = polish_first_set(&t, &p, 1000000);
        assert_int_equal(raw.polish_evaluations, 0);
        assert_true(raw.fitness == polished.raw_fitness);
        plain_descent(&t, raw.members, 9, 100);
        assert_memory_equal(raw.members, polished.members, 9 * sizeof *raw.members);
        ho_search_result_clear(&raw);
        ho_search_result_clear(&polished);
    }
}

static void a_scan_that_flatters_does_not_loop(void **state)
{
    (void)state;
    static const double errors[] = {1e-12, 1e-11, 1e-9, 1e-3};
    for (size_t e = 0; e < 4; e++) {
        for (int flat = 0; flat < 2; flat++) {
            toy t = toy_new(60, 8, 5, flat ? toy_flat : toy_planted);
            t.scan_error = errors[e];
            ho_problem p = {.candidates = 60, .size = 8};
            ho_search_result r[16];
            toy_run(&t, &p, &plenty, 1, 2, r);
            for (size_t i = 0; i < ho_algorithm_count(); i++) {
                assert_valid(&t, &p, &r[i]);
                assert_true(r[i].polish_evaluations < 20000);
            }
            toy_clear(r);
        }
    }
}

/* An objective that breaks its promise never to give NaN. */
static double toy_undefined(const toy *t, const uint32_t *members, size_t count)
{
    double sum = toy_sum(t, members, count);
    return members[0] % 3 == 0 ? NAN : sum;
}

static void an_undefined_value_counts_as_the_worst(void **state)
{
    (void)state;
    toy t = toy_new(40, 5, 2, toy_undefined);
    ho_problem p = {.candidates = 40, .size = 5};
    ho_search_result r[16];
    toy_run(&t, &p, &plenty, 1, 2, r);
    for (size_t i = 0; i < ho_algorithm_count(); i++) {
        assert_true(r[i].fitness == r[i].fitness);
        assert_true(r[i].members[0] % 3 != 0);
    }
    toy_clear(r);
}

static double toy_tallied(const toy *t, const uint32_t *members, size_t count)
{
    if (count == 3) t->tally->counts[members[0]][members[1]][members[2]]++;
    return 0;
}

/* 120 sets of 3 of 10, each expected 500 times: chi-squared with 119 degrees of freedom, mean 119, sd 15.4. */
static void random_sets_are_uniform(void **state)
{
    (void)state;
    static toy_tally seen;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        memset(&seen, 0, sizeof seen);
        ho_error err;
        toy t = {.n = 10, .value = toy_tallied, .tally = &seen};
        ho_objective objective = toy_objective(&t);
        ho_problem p = {.candidates = 10, .size = 3};
        const ho_algorithm *rs = ho_algorithm_find("rs");
        static const int64_t iterations = 60000;
        const void *params = &iterations;
        ho_budget budget = {.work = INT64_MAX};
        ho_search_result r = {0};
        assert_ok(ho_search_all(&p, &objective, &rs, &params, 1, &budget, seed, 1, NULL, NULL, &r, &err));
        assert_int_equal(r.evaluations, 60000);
        double chi = 0;
        for (size_t a = 0; a < 10; a++) {
            for (size_t b = a + 1; b < 10; b++) {
                for (size_t c = b + 1; c < 10; c++) {
                    double off = (double)seen.counts[a][b][c] - 500;
                    chi += off * off / 500;
                }
            }
        }
        assert_true(chi > 60 && chi < 190);
        ho_search_result_clear(&r);
    }
}

static void weighted_draws_follow_their_weights(void **state)
{
    (void)state;
    ho_error err;
    ho_alias alias;
    assert_ok(ho_alias_new(7, &alias, &err));
    static const double weights[] = {0, 1, 2, 3, 0, 0.5, 93.5}, none[3] = {0};
    ho_alias_fill(&alias, weights, 7);
    ho_rng rng = ho_rng_new(1, "draws", 0);
    double counts[7] = {0};
    for (int i = 0; i < 100000; i++)
        counts[ho_alias_draw(&alias, &rng)]++;
    for (size_t i = 0; i < 7; i++) {
        double expected = weights[i] * 1000;
        assert_true(fabs(counts[i] - expected) <= 5 * sqrt(expected));
    }
    ho_alias_fill(&alias, none, 3);
    for (int i = 0; i < 100; i++)
        counts[ho_alias_draw(&alias, &rng)] = -1;
    assert_true(counts[0] == -1 && counts[1] == -1 && counts[2] == -1 && counts[3] != -1);
    ho_alias_free(&alias);
}

static void sorting_and_marks_do_what_they_say(void **state)
{
    (void)state;
    ho_error err;
    ho_rng rng = ho_rng_new(1, "sorting", 0);
    static const size_t counts[] = {0, 1, 2, 35, 128, 129, 1000};
    uint32_t list[1000], sorted[1000];
    for (size_t c = 0; c < 7; c++) {
        for (size_t i = 0; i < counts[c]; i++)
            list[i] = (uint32_t)i * 3;
        for (size_t i = counts[c]; i > 1; i--) {
            size_t j = ho_rng_below(&rng, (uint32_t)i);
            uint32_t kept = list[i - 1];
            list[i - 1] = list[j];
            list[j] = kept;
        }
        ho_members_sort(list, counts[c], sorted);
        for (size_t i = 0; i < counts[c]; i++)
            assert_int_equal(sorted[i], i * 3);
        assert_true(ho_members_hash(list, counts[c]) == ho_members_hash(sorted, counts[c]));
    }
    ho_marks marks;
    assert_ok(ho_marks_new(10, &marks, &err));
    marks.now = UINT32_MAX - 1;
    static const uint32_t some[] = {2, 5};
    for (int i = 0; i < 4; i++) { /* across the overflow of the stamp */
        assert_false(ho_marked(&marks, 2));
        ho_marks_set(&marks, some, 2);
        assert_true(ho_marked(&marks, 2) && ho_marked(&marks, 5) && !ho_marked(&marks, 4));
        ho_unmark(&marks, 5);
        assert_false(ho_marked(&marks, 5));
        ho_marks_clear(&marks);
    }
    ho_marks_free(&marks);
}

static void a_time_limit_stops_an_endless_search(void **state)
{
    (void)state;
    toy t = toy_new(50, 5, 1, toy_sum);
    ho_problem p = {.candidates = 50, .size = 5};
    ho_budget budget = {.work = INT64_MAX, .polish_work = 100000, .seconds = 0.05};
    ho_search_result r[16];
    toy_run(&t, &p, &budget, 1, 2, r);
    for (size_t i = 0; i < ho_algorithm_count(); i++) {
        assert_valid(&t, &p, &r[i]);
        assert_int_equal(r[i].stopped_by, HO_STOP_TIME);
    }
    toy_clear(r);
}

static void memory_can_run_out_at_any_moment(void **state)
{
    (void)state;
    if (!ho_memory_fail_at(0)) {
        print_message("skipped: this build cannot fail allocations\n");
        skip();
    }
    ho_error err;
    toy t = toy_new(20, 3, 1, toy_sum);
    ho_objective objective = toy_objective(&t), plain = objective;
    objective.score_many = toy_score_many;
    plain.describe = NULL;
    plain.features = 0;
    ho_problem p = {.candidates = 20, .size = 3};
    ho_budget budget = {.work = 3000, .polish_work = 1000};
    toy_params params;
    toy_params_fill(&params);
    for (int round = 0; round < 3; round++) {
        ho_status status = HO_ERR_MEMORY;
        long n = 1;
        for (; status != HO_OK; n++) {
            ho_search_result r[16] = {{0}};
            ho_memory_fail_at(n);
            status = round == 2
                         ? ho_search_enumerate(&p, &objective, &budget, 2, r, &err)
                         : ho_search_all(&p, round == 0 ? &objective : &plain, params.algorithms, params.each,
                                         params.count, &budget, 1, 2, NULL, NULL, r, &err);
            ho_memory_fail_at(0);
            for (size_t i = 0; i < params.count; i++) {
                assert_true(status == HO_OK || r[i].members == NULL);
                ho_search_result_clear(&r[i]);
            }
            if (status != HO_OK) assert_int_equal(status, HO_ERR_MEMORY);
        }
        assert_true(n > 20);
    }
    toy_params_clear(&params);
}

/* The best of the K sets that K + 1 members leave, by hand; includes stay, and so does what a group must have. */
static void a_set_loses_its_worst_member(void **state)
{
    (void)state;
    ho_error err;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        toy t = toy_new(40, 8, seed, toy_planted);
        ho_objective objective = toy_objective(&t);
        uint32_t members[9], reduced[8], group[40] = {0};
        for (uint32_t i = 0; i < 9; i++)
            members[i] = 3 * i + (uint32_t)seed % 3;
        const uint32_t include[] = {members[4]};
        group[members[0]] = group[members[7]] = 1; /* two of them, and both are asked for */
        static const uint32_t most[] = {40, 40}, least[] = {0, 2};
        const ho_grouping pair = {
            .name = "a pair", .groups = 2, .group = group, .most = most, .least = least};
        ho_problem p = {.candidates = 40, .size = 8, .include = include, .include_count = 1};
        p.groupings = &pair;
        p.grouping_count = seed % 2;
        double best = -INFINITY;
        for (size_t out = 0; out < 9; out++) {
            uint32_t left[8];
            for (size_t i = 0; i < 8; i++)
                left[i] = members[i < out ? i : i + 1];
            const bool may_go = out != 4 && (p.grouping_count == 0 || (out != 0 && out != 7));
            if (may_go) best = fmax(best, toy_planted(&t, left, 8));
        }
        bool found = false;
        assert_ok(ho_search_reduce(&p, &objective, members, reduced, &found, &err));
        assert_true(found && toy_planted(&t, reduced, 8) == best);
        assert_ok(ho_search_check_set(&p, reduced, &err));
    }
    toy t = toy_new(10, 3, 1, toy_sum);
    ho_objective objective = toy_objective(&t);
    static const uint32_t all[] = {1, 2, 3}, kept[] = {1, 2, 3};
    const ho_problem p = {.candidates = 10, .size = 2, .include = kept, .include_count = 3};
    uint32_t reduced[2];
    bool found = true;
    assert_ok(ho_search_reduce(&p, &objective, all, reduced, &found, &err));
    assert_false(found); /* nobody may go */
}

static void stops_have_names(void **state)
{
    (void)state;
    for (int i = 0; i < HO_STOP_COUNT; i++)
        assert_true(strlen(ho_stop_name((ho_stop)i)) > 3);
    assert_string_equal(ho_stop_name(HO_STOP_PROVEN), "proven optimum");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_problem_without_a_set_is_refused_in_one_line),
        cmocka_unit_test(sets_are_counted_exactly_up_to_the_limit),
        cmocka_unit_test(enumeration_equals_brute_force),
        cmocka_unit_test(a_cancelled_enumeration_proves_nothing),
        cmocka_unit_test(a_polished_set_has_no_better_neighbour),
        cmocka_unit_test(chunks_of_slots_change_nothing),
        cmocka_unit_test(a_scan_that_flatters_does_not_loop),
        cmocka_unit_test(an_undefined_value_counts_as_the_worst),
        cmocka_unit_test(random_sets_are_uniform),
        cmocka_unit_test(weighted_draws_follow_their_weights),
        cmocka_unit_test(sorting_and_marks_do_what_they_say),
        cmocka_unit_test(a_time_limit_stops_an_endless_search),
        cmocka_unit_test(memory_can_run_out_at_any_moment),
        cmocka_unit_test(a_set_loses_its_worst_member),
        cmocka_unit_test(stops_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
