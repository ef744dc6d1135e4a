/* The bound is never below the best of all sets, over thousands of small problems of every kind of data that has ever
 * been awkward; it is near it where the relaxation is tight; it is the same for any instruction set. */
#include "test.h"

#include "base/memory.h"
#include "base/rng.h"
#include "bound/columns.h"
#include "panel/panel.h"

#include <heavyopt/bound.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 9, LONGEST = 14 }; /* strategies, periods */

typedef struct problem {
    ho_panel *panel;
    size_t n, periods, size;
    uint8_t allowed[MOST];
    uint32_t include[MOST];
    size_t include_count;
    ho_bound_goal goal;
} problem;

static ho_panel *panel_of(size_t periods, size_t n)
{
    ho_panel *panel = NULL;
    ho_error err;
    assert_ok(ho_panel_new(periods, n, &panel, &err));
    return panel;
}

static double *cell(const problem *p, size_t t, size_t j)
{
    return ho_matrix_row(&p->panel->values, t) + j;
}

/* Kinds of tables: plain, whole numbers, losing, winning, with equal, opposite and constant columns, tiny, huge. */
static void fill_panel(problem *p, ho_rng *rng, unsigned kind)
{
    for (size_t t = 0; t < p->periods; t++) {
        for (size_t j = 0; j < p->n; j++) {
            double x = 1000 * ho_rng_normal(rng);
            if (kind % 8 == 1) x = (double)((int)ho_rng_below(rng, 9) - 4);
            if (kind % 8 == 2) x = -fabs(x);
            if (kind % 8 == 3) x = fabs(x);
            if (kind % 8 == 4) x = 0.01 * ho_rng_normal(rng);
            if (kind % 8 == 5) x = 1e7 * ho_rng_normal(rng);
            if (kind % 8 == 6) x += 400;
            *cell(p, t, j) = x;
        }
    }
    for (size_t j = 1; j < p->n; j++) {
        uint32_t draw = ho_rng_below(rng, 8), other = ho_rng_below(rng, (uint32_t)j);
        double level = (double)((int)ho_rng_below(rng, 5) - 2);
        for (size_t t = 0; t < p->periods; t++) {
            if (draw == 0) *cell(p, t, j) = *cell(p, t, other);
            if (draw == 1) *cell(p, t, j) = -*cell(p, t, other);
            if (draw == 2) *cell(p, t, j) = level;
        }
    }
}

static void draw_goal(problem *p, ho_rng *rng)
{
    static const double thresholds[] = {0, 0, 0, 0, 1e-7, 300, 2000};
    const double k = (double)p->size;
    ho_bound_goal *g = &p->goal;
    *g = (ho_bound_goal){.shape = (ho_bound_shape)ho_rng_below(rng, 3),
                         .depth = (ho_bound_depth)ho_rng_below(rng, 3),
                         .divisor = ho_rng_below(rng, 2) ? k : 1,
                         .factor = ho_rng_below(rng, 2) ? 1 : 0.1,
                         .none = 1e-6};
    if (ho_rng_below(rng, 2)) g->shape = HO_BOUND_QUOTIENT;
    if (g->depth == HO_DEPTH_LOSSES)
        g->constant = 1;
    else
        g->gain_rate = 100, g->loss_rate = 10;
    if (p->size > 1 && ho_rng_below(rng, 4) != 0) g->pair_weight = 10 / (k * (k - 1));
    g->halved_below = thresholds[ho_rng_below(rng, sizeof thresholds / sizeof *thresholds)];
}

static problem draw_problem(uint64_t number)
{
    ho_rng rng = ho_rng_new(number, "problems", 0);
    problem p = {.n = 1 + ho_rng_below(&rng, MOST), .periods = 1 + ho_rng_below(&rng, LONGEST)};
    p.panel = panel_of(p.periods, p.n);
    fill_panel(&p, &rng, ho_rng_below(&rng, 8));
    const bool restricted = ho_rng_below(&rng, 3) == 0;
    size_t allowed = 0;
    for (size_t j = 0; j < p.n; j++) {
        p.allowed[j] = !restricted || ho_rng_below(&rng, 4) != 0 || j == 0;
        allowed += p.allowed[j];
    }
    p.size = 1 + ho_rng_below(&rng, (uint32_t)allowed);
    for (uint32_t j = 0; j < p.n && restricted; j++) {
        if (p.allowed[j] && p.include_count < p.size && ho_rng_below(&rng, 5) == 0)
            p.include[p.include_count++] = j;
    }
    draw_goal(&p, &rng);
    return p;
}

static ho_problem problem_of(const problem *p)
{
    return (ho_problem){.candidates = p->n,
                        .size = p->size,
                        .allowed = p->allowed,
                        .include = p->include,
                        .include_count = p->include_count};
}

static void series_of(const problem *p, unsigned set, double *r)
{
    for (size_t t = 0; t < p->periods; t++) {
        r[t] = 0;
        for (size_t j = 0; j < p->n; j++)
            r[t] += set >> j & 1 ? *cell(p, t, j) : 0;
        r[t] /= p->goal.divisor;
    }
}

/* Straight from the definition, pair by pair. */
static double pairs_of(const problem *p, unsigned set)
{
    double sum = 0;
    for (size_t a = 0; a < p->n; a++) {
        for (size_t b = 0; b < p->n; b++) {
            if (a == b || !(set >> a & 1) || !(set >> b & 1)) continue;
            double ma = 0, mb = 0, aa = 0, bb = 0, ab = 0;
            bool va = false, vb = false;
            for (size_t t = 0; t < p->periods; t++) {
                ma += *cell(p, t, a) / (double)p->periods;
                mb += *cell(p, t, b) / (double)p->periods;
                va |= *cell(p, t, a) != *cell(p, 0, a);
                vb |= *cell(p, t, b) != *cell(p, 0, b);
            }
            for (size_t t = 0; t < p->periods; t++) {
                aa += (*cell(p, t, a) - ma) * (*cell(p, t, a) - ma);
                bb += (*cell(p, t, b) - mb) * (*cell(p, t, b) - mb);
                ab += (*cell(p, t, a) - ma) * (*cell(p, t, b) - mb);
            }
            if (va && vb) sum += ab / sqrt(aa * bb);
        }
    }
    return sum;
}

static double depth_of(const problem *p, const double *r)
{
    double equity = 0, peak = p->goal.depth == HO_DEPTH_FROM_FIRST ? -INFINITY : 0, depth = 0, losses = 0;
    for (size_t t = 0; t < p->periods; t++) {
        equity += r[t];
        peak = fmax(peak, equity);
        depth = fmax(depth, peak - equity);
        losses += fmax(0, -r[t]);
    }
    return p->goal.depth == HO_DEPTH_LOSSES ? losses : depth;
}

static double value_of(const problem *p, unsigned set)
{
    const ho_bound_goal *g = &p->goal;
    double r[LONGEST], total = 0;
    series_of(p, set, r);
    for (size_t t = 0; t < p->periods; t++)
        total += r[t];
    const double depth = depth_of(p, r);
    double penalty = g->pair_weight != 0 ? g->pair_weight * pairs_of(p, set) : 0;
    if (depth < g->halved_below) penalty /= 2;
    if (g->shape == HO_BOUND_TOTAL)
        return g->factor * total - g->pair_weight * (g->pair_weight != 0 ? pairs_of(p, set) : 0);
    if (g->shape == HO_BOUND_DEPTH) return -depth - penalty;
    if (depth > g->none) return g->constant + total / depth - penalty;
    return g->constant + (total > 0 ? g->gain_rate : g->loss_rate) * total - penalty;
}

static bool is_set(const problem *p, unsigned set)
{
    size_t count = 0;
    for (size_t j = 0; j < p->n; j++) {
        if (!(set >> j & 1)) continue;
        if (!p->allowed[j]) return false;
        count++;
    }
    for (size_t i = 0; i < p->include_count; i++) {
        if (!(set >> p->include[i] & 1)) return false;
    }
    return count == p->size;
}

static double best_of(const problem *p)
{
    double best = -INFINITY;
    for (unsigned set = 1; set < 1u << p->n; set++) {
        if (is_set(p, set)) best = fmax(best, value_of(p, set));
    }
    return best;
}

static void no_set_passes_the_bound(void **state)
{
    (void)state;
    enum { PROBLEMS = 4000 };
    size_t tight = 0, useful = 0;
    for (uint64_t number = 0; number < PROBLEMS; number++) {
        problem p = draw_problem(number);
        const ho_problem asked = problem_of(&p);
        const int cancel = number % 8 == 7; /* what is proven by then holds all the same */
        ho_bound *bound = NULL;
        ho_error err;
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

/* A hundred and twenty strategies of one market, some of them equal. */
static ho_panel *draw_market(size_t periods, size_t n)
{
    ho_panel *panel = panel_of(periods, n);
    ho_rng rng = ho_rng_new(3, "market", 0);
    for (size_t t = 0; t < periods; t++) {
        const double day = ho_rng_normal(&rng);
        double *row = ho_matrix_row(&panel->values, t);
        for (size_t j = 0; j < n; j++)
            row[j] = 60 + 400 * day + 1000 * ho_rng_normal(&rng);
        for (size_t j = 7; j < n; j += 7)
            row[j] = row[j - 1];
    }
    return panel;
}

enum { MARKET = 120, DAYS = 40, MEMBERS = 10 };

static const ho_bound_goal market_goal = {.shape = HO_BOUND_QUOTIENT,
                                          .depth = HO_DEPTH_FROM_FIRST,
                                          .divisor = MEMBERS,
                                          .none = 1e-6,
                                          .gain_rate = 100,
                                          .loss_rate = 10,
                                          .pair_weight = 10.0 / (MEMBERS * (MEMBERS - 1))};

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
    if (!ho_bound_available()) {
        puts("skipped: no HiGHS in this build");
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_set_passes_the_bound),
        cmocka_unit_test(every_instruction_set_proves_the_same),
        cmocka_unit_test(leads_are_sets_in_part_that_hold_the_forced_members),
        cmocka_unit_test(lack_of_memory_is_said_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
