/* Random tables, problems and rules (a libFuzzer target, `cmake --preset fuzz`): whether there is a set is known by
 * trying all of them; every algorithm's result is one and has its true value, on one thread and on two; what a scan
 * finds best is best by scores from scratch, and nobody else may come in. Seeds: tests/corpus/search. */
#include "base/error.h"
#include "base/memory.h"
#include "base/rng.h"
#include "panel/panel.h"
#include "search/constrained.h"
#include "search/core.h"

#include <heavyopt/metrics.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_PERIODS = 12, MOST_CANDIDATES = 40, MOST_SIZE = 8, BRUTE = 12, ALGORITHMS = 16 };

static void expect(bool held, const char *what)
{
    if (held) return;
    fprintf(stderr, "not so: %s\n", what);
    abort();
}

static void expect_ok(ho_status status, const ho_error *err)
{
    expect(status == HO_OK, err->text);
}

/* The input's bytes, then numbers that grow out of them. */
typedef struct bytes {
    const uint8_t *data;
    size_t size;
    ho_rng rng;
} bytes;

static uint32_t take(void *source, uint32_t bound)
{
    bytes *b = source;
    if (b->size == 0) return ho_rng_below(&b->rng, bound);
    b->rng.key = b->rng.key * 31 + *b->data;
    b->size--;
    return *b->data++ % bound;
}

/* Whole rupees, so that sums are exact; with equal, constant and opposite columns. */
static ho_panel *draw_panel(bytes *b, size_t periods, size_t n)
{
    ho_error err;
    ho_panel *p = NULL;
    char names[MOST_CANDIDATES][8];
    const char *list[MOST_CANDIDATES];
    size_t lengths[MOST_CANDIDATES];
    expect_ok(ho_panel_new(periods, n, &p, &err), &err);
    for (size_t j = 0; j < n; j++) {
        lengths[j] = (size_t)snprintf(names[j], sizeof names[j], "s%zu", j);
        list[j] = names[j];
        const uint32_t kind = take(b, 8);
        for (size_t t = 0; t < periods; t++) {
            double *row = ho_matrix_row(&p->values, t);
            row[j] = (double)take(b, 200) - 90;
            if (kind == 0 && j > 0) row[j] = row[j - 1];
            if (kind == 1) row[j] = 7;
            if (kind == 2 && j > 0) row[j] = -row[j - 1];
            if (kind == 3) row[j] *= 4096;
        }
    }
    expect_ok(ho_panel_set_names(p, list, lengths, &err), &err);
    return p;
}

static bool near(double a, double b)
{
    return a == b || fabs(a - b) <= 1e-9 * fmax(1, fabs(b));
}

static bool has_set(const constrained *c)
{
    const ho_problem *p = &c->problem;
    for (uint32_t mask = 0; mask < UINT32_C(1) << p->candidates; mask++) {
        uint32_t set[BRUTE], count = 0;
        for (uint32_t j = 0; j < p->candidates && count < BRUTE; j++) {
            if ((mask >> j & 1) != 0) set[count++] = j;
        }
        if (count == p->size && keeps_to(c, set)) return true;
    }
    return false;
}

static void run_all(const ho_problem *p, const ho_objective *objective, int threads,
                    ho_search_result *results)
{
    ho_error err;
    const ho_algorithm *algorithms[ALGORITHMS];
    double room[ALGORITHMS][32] = {{0}};
    const void *params[ALGORITHMS];
    const ho_budget budget = {.work = 4000, .polish_work = 2000};
    const size_t count = ho_algorithm_count();
    expect(count <= ALGORITHMS, "the algorithms fit");
    for (size_t i = 0; i < count; i++) {
        algorithms[i] = ho_algorithm_at(i);
        params[i] = room[i];
        expect_ok(ho_options_defaults(ho_algorithm_options(algorithms[i]), room[i], &err), &err);
    }
    expect_ok(ho_search_all(p, objective, algorithms, params, count, &budget, 1, threads, NULL, NULL, results,
                            &err),
              &err);
    for (size_t i = 0; i < count; i++)
        ho_options_clear(ho_algorithm_options(algorithms[i]), room[i]);
}

static void check_results(const constrained *c, const ho_objective *objective)
{
    ho_error err;
    ho_search_result one[ALGORITHMS] = {{0}}, two[ALGORITHMS] = {{0}};
    void *walk = NULL;
    run_all(&c->problem, objective, 1, one);
    run_all(&c->problem, objective, 2, two);
    expect_ok(objective->open(objective->data, c->problem.size, &walk, &err), &err);
    for (size_t i = 0; i < ho_algorithm_count(); i++) {
        const size_t bytes_of_set = c->problem.size * sizeof *one[i].members;
        expect(keeps_to(c, one[i].members), "a result keeps to the rules");
        expect_ok(ho_search_check_set(&c->problem, one[i].members, &err), &err);
        expect(one[i].fitness == objective->score(walk, one[i].members, c->problem.size),
               "a fitness is a score");
        expect(memcmp(one[i].members, two[i].members, bytes_of_set) == 0, "threads change nothing");
        expect(one[i].evaluations == two[i].evaluations, "threads change no counts");
        ho_search_result_clear(&one[i]);
        ho_search_result_clear(&two[i]);
    }
    objective->close(&walk);
}

/* The value from scratch of the current set with one member replaced; -INFINITY and false where it is no set. */
static bool score_of_swap(const constrained *c, const ho_search *s, size_t slot, uint32_t in, double *value)
{
    uint32_t set[MOST_SIZE], sorted[MOST_SIZE];
    size_t count = 0;
    for (size_t i = 0; i < c->problem.include_count; i++)
        set[count++] = c->include[i];
    for (size_t i = 0; i < s->size; i++)
        set[count++] = i == slot ? in : s->current[i];
    ho_members_sort(set, count, sorted);
    *value = -INFINITY;
    if (!keeps_to(c, sorted)) return false;
    *value = s->core->objective->score(s->core->walk, sorted, count);
    return true;
}

static void check_scan(const constrained *c, ho_search *s)
{
    const ho_swap *swaps = ho_search_scan(s, 0, s->size);
    for (size_t slot = 0; slot < s->size; slot++) {
        double top = -INFINITY, value;
        for (uint32_t in = 0; in < c->problem.candidates; in++) {
            if (!s->open[in]) continue;
            const bool may = score_of_swap(c, s, slot, in, &value);
            expect(ho_search_may(s, slot, in) == may, "who may come in");
            expect(near(ho_search_probe(s, slot, in), value), "a probe is a score");
            if (may && value > top) top = value;
        }
        expect(near(swaps[slot].value, top), "a scan's value is the best score");
        if (swaps[slot].in == HO_NOBODY) continue;
        expect(score_of_swap(c, s, slot, swaps[slot].in, &value), "a scan's swap may be made");
        expect(near(value, top), "a scan's swap is the best");
    }
}

static void check_swaps(const constrained *c, const ho_objective *objective)
{
    ho_error err;
    ho_rules *rules = NULL;
    ho_search *s = NULL;
    static const ho_budget budget = {.work = INT64_MAX / 2};
    expect_ok(ho_rules_new(&c->problem, &rules, &err), &err);
    expect_ok(ho_search_open(&c->problem, rules, objective, &budget, 1, "fuzz", NULL, &s, &err), &err);
    if (!ho_search_is_forced(s)) {
        (void)ho_search_set(s, s->first);
        for (int move = 0; move < 3; move++) {
            size_t slot;
            uint32_t in;
            check_scan(c, s);
            if (!ho_search_random_swap(s, &slot, &in)) break;
            ho_search_swap(s, slot, in, -INFINITY);
        }
    }
    ho_search_close(&s);
    ho_rules_free(&rules);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static constrained c;
    ho_error err = {""};
    bytes b = {.data = data, .size = size, .rng = ho_rng_new(size, "fuzz", 0)};
    const size_t n = 2 + take(&b, MOST_CANDIDATES - 1), periods = 1 + take(&b, MOST_PERIODS);
    const size_t most = n < MOST_SIZE ? n : MOST_SIZE;
    const ho_fitness fitness = {.kind = take(&b, 3) == 0 ? HO_FITNESS_RATIO : HO_FITNESS_LEGACY,
                                .metric = (ho_legacy_metric)take(&b, HO_LEGACY_EXPECTANCY + 1),
                                .drawdown_threshold = take(&b, 2) == 0 ? 0 : 100.123};
    draw_problem(&c, n, 1 + take(&b, (uint32_t)most), take, &b);
    const ho_status status = ho_search_check(&c.problem, &err);
    expect(status == HO_OK || (status == HO_ERR_USAGE && err.text[0] != '\0'), "a refusal says why");
    if (n <= BRUTE) expect(has_set(&c) == (status == HO_OK), "there is a set, or there is none");
    if (status != HO_OK) return 0;
    ho_panel *panel = draw_panel(&b, periods, n);
    ho_portfolio_objective *objective = NULL;
    expect_ok(ho_portfolio_objective_new(panel, &fitness, 1, &objective, &err), &err);
    check_results(&c, ho_portfolio_objective_table(objective));
    check_swaps(&c, ho_portfolio_objective_table(objective));
    ho_portfolio_objective_free(&objective);
    ho_panel_free(&panel);
    return 0;
}
