/* Groups, conflicts and includes inside the search: optima against brute force, feasibility whatever happens, and a
 * problem without a set named for what binds. */
#include "search/toy.h"

#include "search/constrained.h"
#include "search/core.h"

static const ho_budget plenty = {.work = 200000, .polish_work = 1000000};

static uint32_t random_below(void *source, uint32_t bound)
{
    return ho_rng_below(source, bound);
}

static void random_problem(constrained *c, size_t n, size_t size, uint64_t seed)
{
    ho_rng rng = ho_rng_new(seed, "rules", n);
    draw_problem(c, n, size, random_below, &rng);
}

/* The best set by bit masks (ties: the smallest), and how many there are. */
static int64_t brute_force(const constrained *c, const toy *t, uint32_t *best, double *best_value)
{
    const ho_problem *p = &c->problem;
    int64_t sets = 0;
    *best_value = -INFINITY;
    for (uint32_t mask = 0; mask < UINT32_C(1) << p->candidates; mask++) {
        if ((size_t)__builtin_popcount(mask) != p->size) continue;
        uint32_t set[32], count = 0;
        for (uint32_t j = 0; j < p->candidates; j++) {
            if ((mask >> j & 1) != 0) set[count++] = j;
        }
        if (!keeps_to(c, set)) continue;
        const double value = t->value(t, set, count);
        if (sets++ == 0 || value > *best_value ||
            (value == *best_value && ho_members_compare(set, best, count) < 0)) {
            *best_value = value;
            memcpy(best, set, count * sizeof *best);
        }
    }
    return sets;
}

static void assert_kept(const constrained *c, const toy *t, const ho_search_result *r)
{
    ho_error err;
    assert_valid(t, &c->problem, r);
    assert_true(keeps_to(c, r->members));
    assert_ok(ho_search_check_set(&c->problem, r->members, &err));
}

/* Of small problems it is known for sure whether there is a set; the search must know too. */
static void a_set_is_found_exactly_where_there_is_one(void **state)
{
    (void)state;
    static constrained c;
    size_t without = 0, with = 0;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        const size_t n = 4 + seed % 9, size = 1 + seed / 9 % (n < 7 ? n : 7);
        random_problem(&c, n, size, seed);
        toy t = toy_new(n, size, seed, seed % 2 == 0 ? toy_planted : toy_sum);
        ho_objective objective = toy_objective(&t);
        uint32_t best[32];
        double value;
        ho_error err;
        ho_search_result r = {0};
        const int64_t sets = brute_force(&c, &t, best, &value);
        const ho_status status =
            ho_search_enumerate(&c.problem, &objective, &plenty, 1 + (int)(seed % 3), &r, &err);
        if (sets == 0) {
            assert_int_equal(status, HO_ERR_USAGE);
            assert_true(strlen(err.text) > 10);
            without++;
            continue;
        }
        with++;
        if (status != HO_OK) fail_msg("seed %d: %lld sets, but %s", (int)seed, (long long)sets, err.text);
        assert_kept(&c, &t, &r);
        assert_true(r.fitness == value);
        assert_memory_equal(r.members, best, size * sizeof *best);
        assert_int_equal(r.evaluations, sets);
        assert_int_equal(r.stopped_by, HO_STOP_PROVEN);
        ho_search_result_clear(&r);
    }
    assert_true(without > 50 && with > 100);
}

static void each_finds_the_best_set_that_keeps_to_the_rules(void **state)
{
    (void)state;
    static constrained c;
    static const size_t sizes[] = {3, 5, 8};
    size_t tried = 0;
    for (uint64_t seed = 1; tried < 30; seed++) {
        const size_t size = sizes[seed % 3];
        random_problem(&c, 18, size, seed);
        toy t = toy_new(18, size, seed, seed % 2 == 0 ? toy_planted : toy_sum);
        t.many = seed % 3 != 0;
        uint32_t best[32];
        double value;
        if (c.problem.grouping_count + c.problem.conflict_count == 0) continue;
        if (brute_force(&c, &t, best, &value) == 0) continue;
        tried++;
        ho_search_result r[16];
        toy_run(&t, &c.problem, &plenty, seed, 1 + (int)(seed % 2), r);
        for (size_t i = 0; i < ho_algorithm_count(); i++) {
            assert_kept(&c, &t, &r[i]);
            if (!(fabs(r[i].fitness - value) <= 1e-12))
                fail_msg("%s, size %zu, seed %d: %.17g, best %.17g", ho_algorithm_name(r[i].algorithm), size,
                         (int)seed, r[i].fitness, value);
        }
        toy_clear(r);
    }
}

/* Large enough that nothing is enumerated on the way; small budgets, so that where a search stops matters. */
static bool draw_feasible(constrained *c, uint64_t seed)
{
    toy t = toy_new(150, 9, seed, toy_sum);
    ho_objective objective = toy_objective(&t);
    const ho_algorithm *rs = ho_algorithm_find("rs");
    static const int64_t one = 1;
    const void *params = &one;
    static const ho_budget nothing = {0};
    ho_search_result r = {0};
    random_problem(c, 150, 9, seed);
    const ho_status status =
        ho_search_all(&c->problem, &objective, &rs, &params, 1, &nothing, 1, 1, NULL, NULL, &r, NULL);
    ho_search_result_clear(&r);
    return status == HO_OK && c->problem.grouping_count + c->problem.conflict_count > 0;
}

static void the_same_on_any_number_of_threads(void **state)
{
    (void)state;
    static constrained c;
    size_t tried = 0;
    for (uint64_t seed = 1; tried < 6; seed++) {
        if (!draw_feasible(&c, seed)) continue;
        toy t = toy_new(150, 9, seed, toy_planted);
        t.many = tried++ % 2 == 0;
        const ho_budget budget = {.work = 20000, .polish_work = 5000};
        ho_search_result one[16], other[16];
        toy_run(&t, &c.problem, &budget, seed, 1, one);
        for (int threads = 2; threads <= 7; threads += 5) {
            toy_run(&t, &c.problem, &budget, seed, threads, other);
            for (size_t i = 0; i < ho_algorithm_count(); i++) {
                assert_kept(&c, &t, &other[i]);
                assert_memory_equal(one[i].members, other[i].members, 9 * sizeof *one[i].members);
                assert_true(one[i].fitness == other[i].fitness && one[i].raw_fitness == other[i].raw_fitness);
                assert_int_equal(one[i].evaluations, other[i].evaluations);
                assert_int_equal(one[i].polish_evaluations, other[i].polish_evaluations);
            }
            toy_clear(other);
        }
        toy_clear(one);
    }
}

static void cancelled_at_a_hundred_moments_the_set_keeps_to_the_rules(void **state)
{
    (void)state;
    static constrained c;
    ho_rng rng = ho_rng_new(1, "moments", 0);
    size_t moments = 0;
    for (uint64_t seed = 1; moments < 100; seed++) {
        if (!draw_feasible(&c, seed)) continue;
        for (int i = 0; i < 10; i++, moments++) {
            volatile int cancel = 0;
            atomic_long after = (long)ho_rng_below(&rng, 20000);
            toy t = toy_new(150, 9, seed, toy_planted);
            t.many = i % 2 == 0;
            t.cancel = &cancel;
            t.cancel_after = &after;
            const ho_budget budget = {.work = 30000, .polish_work = 10000, .cancel = &cancel};
            ho_search_result r[16];
            toy_run(&t, &c.problem, &budget, seed, 2, r);
            for (size_t a = 0; a < ho_algorithm_count(); a++)
                assert_kept(&c, &t, &r[a]);
            toy_clear(r);
        }
    }
}

typedef struct opened {
    ho_rules *rules;
    ho_search *s;
} opened;

static opened open_search(const constrained *c, const ho_objective *objective, uint64_t seed)
{
    ho_error err;
    static const ho_budget budget = {.work = INT64_MAX / 2};
    opened o = {0};
    assert_ok(ho_rules_new(&c->problem, &o.rules, &err));
    assert_ok(ho_search_open(&c->problem, o.rules, objective, &budget, seed, "test", NULL, &o.s, &err));
    return o;
}

static void close_search(opened *o)
{
    ho_search_close(&o->s);
    ho_rules_free(&o->rules);
}

/* With one member of the current set replaced. */
static bool swap_keeps(const constrained *c, const ho_search *s, size_t slot, uint32_t in)
{
    uint32_t set[RULES_MOST], sorted[RULES_MOST];
    size_t count = 0;
    for (size_t i = 0; i < c->problem.include_count; i++)
        set[count++] = c->include[i];
    for (size_t i = 0; i < s->size; i++)
        set[count++] = i == slot ? in : s->current[i];
    ho_members_sort(set, count, sorted);
    return keeps_to(c, sorted);
}

/* Every candidate of every slot: may it come in, and does the scan find the best of those that may? */
static void swaps_and_scans_are_those_that_keep_to_the_rules(void **state)
{
    (void)state;
    static constrained c;
    size_t tried = 0;
    for (uint64_t seed = 1; tried < 12; seed++) {
        if (!draw_feasible(&c, seed)) continue;
        tried++;
        toy t = toy_new(150, 9, seed, toy_planted);
        ho_objective objective = toy_objective(&t);
        opened o = open_search(&c, &objective, seed);
        ho_search *s = o.s;
        (void)ho_search_set(s, s->first);
        for (int move = 0; move < 5 && s->size > 0 && s->pool_count > s->size; move++) {
            const ho_swap *swaps = ho_search_scan(s, 0, s->size);
            for (size_t slot = 0; slot < s->size; slot++) {
                ho_swap best = {.in = HO_NOBODY, .value = -INFINITY};
                for (uint32_t in = 0; in < 150; in++) {
                    if (!s->open[in]) continue;
                    const bool may = swap_keeps(&c, s, slot, in);
                    assert_int_equal(ho_search_may(s, slot, in), may);
                    const double value = ho_search_probe(s, slot, in);
                    assert_true(may || value == (double)-INFINITY);
                    if (may && value > best.value) best = (ho_swap){(uint32_t)slot, in, value};
                }
                assert_int_equal(swaps[slot].in, best.in);
                assert_true(swaps[slot].value == best.value);
            }
            size_t slot;
            uint32_t in;
            if (!ho_search_random_swap(s, &slot, &in)) break;
            assert_true(swap_keeps(&c, s, slot, in));
            ho_search_swap(s, slot, in, -INFINITY);
        }
        close_search(&o);
    }
}

static void repair_keeps_what_goes_together_and_mends_the_rest(void **state)
{
    (void)state;
    static constrained c;
    size_t tried = 0, mended = 0;
    for (uint64_t seed = 1; tried < 20; seed++) {
        if (!draw_feasible(&c, seed)) continue;
        tried++;
        toy t = toy_new(150, 9, seed, toy_planted);
        ho_objective objective = toy_objective(&t);
        opened o = open_search(&c, &objective, seed);
        ho_search *s = o.s;
        for (int i = 0; i < 200 && s->size > 0; i++) {
            uint32_t set[16], before[16], all[16], sorted[16];
            ho_search_random_set(s, set);
            for (size_t k = 0; k < s->size;
                 k++) { /* shifted along the pool: anything but a set of the problem */
                size_t place = 0;
                while (s->pool[place] != set[k])
                    place++;
                set[k] = s->pool[(place + (size_t)i % 5) % s->pool_count];
            }
            memcpy(before, set, sizeof set);
            const bool changed = ho_search_repair(s, set);
            assert_int_equal(changed, memcmp(before, set, s->size * sizeof *set) != 0);
            assert_false(ho_search_repair(s, set));
            mended += changed;
            memcpy(all, set, s->size * sizeof *set);
            memcpy(all + s->size, c.include, c.problem.include_count * sizeof *all);
            ho_members_sort(all, c.problem.size, sorted);
            assert_true(keeps_to(&c, sorted));
        }
        close_search(&o);
    }
    assert_true(mended > 500);
}

/* A problem of 20 with what the test asks for. */
static const char *refusal(const ho_problem *p, ho_error *err)
{
    toy t = toy_new(20, 3, 1, toy_sum);
    ho_objective objective = toy_objective(&t);
    const ho_algorithm *rs = ho_algorithm_find("rs");
    static const int64_t one = 1;
    const void *params = &one;
    ho_search_result r = {0};
    assert_int_equal(ho_search_all(p, &objective, &rs, &params, 1, &plenty, 1, 1, NULL, NULL, &r, err),
                     HO_ERR_USAGE);
    assert_null(r.members);
    return err->text;
}

static void what_binds_is_named_with_its_numbers(void **state)
{
    (void)state;
    ho_error err;
    static constrained c;
    uint32_t fives[20], halves[20], one[10], two[10], nine[10];
    for (uint32_t j = 0; j < 20; j++) {
        fives[j] = j / 5;
        halves[j] = j / 10;
    }
    for (size_t g = 0; g < 10; g++) {
        one[g] = 1;
        two[g] = 2;
        nine[g] = 9;
    }
    static const char *const labels[] = {"A", "B", "C", "D"}, *const names[] = {"zero", "one", "two",
                                                                                "three"};
    static const uint32_t include[] = {0, 1, 2};
    ho_grouping groupings[] = {{"--most 2", 4, fives, two, NULL, labels},
                               {"--least 9", 2, halves, NULL, nine, NULL}};
    ho_problem p = {.candidates = 20, .size = 9, .groupings = groupings, .grouping_count = 1};
    assert_string_equal(refusal(&p, &err), "--most 2: at most 8 of 9 can be chosen");
    p.size = 5;
    p.include = include;
    p.include_count = 3;
    assert_string_equal(refusal(&p, &err), "--most 2: 3 members are of A, at most 2 may be");
    p.include_count = 0;
    p.groupings = groupings + 1;
    p.size = 12;
    assert_string_equal(refusal(&p, &err), "--least 9: a set of 12 is too small, the groups need 18");
    groupings[1].groups = 1;
    assert_string_equal(refusal(&p, &err), "--least 9: no group 1, there are 1");
    groupings[1].groups = 2;
    uint8_t allowed[20] = {0, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    p.size = 19;
    p.allowed = allowed;
    p.size = 18;
    assert_string_equal(refusal(&p, &err), "--least 9: of group 0 only 8 can be chosen, at least 9 must be");

    memset(&c, 0, sizeof c);
    for (uint32_t a = 0; a < 20; a++) {
        for (uint32_t b = 0; b < a; b++) {
            if (a / 5 == b / 5) forbid(&c, 0, a, b);
        }
    }
    const ho_conflicts apart[] = {{"--apart", &c.relations[0], relation_row}};
    p = (ho_problem){.candidates = 20, .size = 5, .conflicts = apart, .conflict_count = 1};
    assert_string_equal(refusal(&p, &err), "--apart: no set of 5 of the 20 candidates keeps to that");
    p.size = 4;
    p.include = include;
    p.include_count = 2;
    assert_string_equal(refusal(&p, &err), "--apart: candidate 0 and candidate 1 may not be together");
    p.names = names;
    assert_string_equal(refusal(&p, &err), "--apart: zero and one may not be together");

    /* each alone leaves room for four, together they do not */
    groupings[0] = (ho_grouping){"--most 1", 2, halves, one, NULL, NULL};
    groupings[1] = (ho_grouping){"--any", 4, fives, nine, NULL, NULL};
    for (uint32_t j = 0; j < 20; j++)
        halves[j] = j % 5 == 0 ? HO_NOBODY : 0;
    for (uint32_t j = 0; j < 20; j += 5) /* candidates without a group are all in conflict */
        for (uint32_t i = 0; i < j; i += 5)
            forbid(&c, 0, i, j);
    p = (ho_problem){.candidates = 20,
                     .size = 3,
                     .groupings = groupings,
                     .grouping_count = 2,
                     .conflicts = apart,
                     .conflict_count = 1};
    assert_string_equal(refusal(&p, &err),
                        "--most 1 with --apart: no set of 3 of the 20 candidates keeps to that");
}

static void a_set_that_breaks_a_rule_is_told_so(void **state)
{
    (void)state;
    ho_error err;
    uint32_t halves[20], most[] = {2, 2}, least[] = {0, 1};
    for (uint32_t j = 0; j < 20; j++)
        halves[j] = j / 10;
    const ho_grouping grouping = {"--halves", 2, halves, most, least, NULL};
    static const uint32_t include[] = {3};
    const ho_problem p = {.candidates = 20,
                          .size = 3,
                          .include = include,
                          .include_count = 1,
                          .groupings = &grouping,
                          .grouping_count = 1};
    static const uint32_t good[] = {1, 3, 12}, many[] = {1, 2, 3}, lacks[] = {1, 2, 12},
                          unsorted[] = {3, 1, 12};
    assert_ok(ho_search_check_set(&p, good, &err));
    assert_refused(ho_search_check_set(&p, many, &err), HO_ERR_USAGE,
                   "--halves: 3 members are of group 0, at most 2 may be");
    assert_refused(ho_search_check_set(&p, lacks, &err), HO_ERR_USAGE,
                   "it lacks one of the 1 members to include");
    assert_refused(ho_search_check_set(&p, unsorted, &err), HO_ERR_USAGE,
                   "members: candidate 1 comes after 3");
    most[0] = 9;
    assert_refused(ho_search_check_set(&p, many, &err), HO_ERR_USAGE,
                   "--halves: 0 members are of group 1, at least 1 must be");
}

static void lack_of_memory_is_told_and_nothing_leaks(void **state)
{
    (void)state;
    static constrained c;
    if (!ho_memory_fail_at(0)) skip();
    uint64_t seed = 1;
    while (!draw_feasible(&c, seed))
        seed++;
    toy t = toy_new(150, 9, seed, toy_sum);
    ho_objective objective = toy_objective(&t);
    const ho_algorithm *sa = ho_algorithm_find("sa");
    double room[32] = {0};
    const void *params = room;
    ho_error err;
    assert_ok(ho_options_defaults(ho_algorithm_options(sa), room, &err));
    const ho_budget budget = {.work = 1000};
    ho_status status = HO_ERR_MEMORY;
    long n = 0;
    while (status != HO_OK) {
        ho_search_result r = {0};
        ho_memory_fail_at(++n);
        status = ho_search_all(&c.problem, &objective, &sa, &params, 1, &budget, 1, 1, NULL, NULL, &r, &err);
        ho_memory_fail_at(0);
        assert_true(status == HO_OK || (status == HO_ERR_MEMORY && r.members == NULL));
        ho_search_result_clear(&r);
    }
    assert_true(n > 30);
    ho_options_clear(ho_algorithm_options(sa), room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_set_is_found_exactly_where_there_is_one),
        cmocka_unit_test(each_finds_the_best_set_that_keeps_to_the_rules),
        cmocka_unit_test(the_same_on_any_number_of_threads),
        cmocka_unit_test(cancelled_at_a_hundred_moments_the_set_keeps_to_the_rules),
        cmocka_unit_test(swaps_and_scans_are_those_that_keep_to_the_rules),
        cmocka_unit_test(repair_keeps_what_goes_together_and_mends_the_rest),
        cmocka_unit_test(what_binds_is_named_with_its_numbers),
        cmocka_unit_test(a_set_that_breaks_a_rule_is_told_so),
        cmocka_unit_test(lack_of_memory_is_told_and_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
