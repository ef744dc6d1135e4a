/* Runs the algorithms of `heavyopt optimize` over several seeds on one table, beside steepest swaps from random starts
 * with the same work, and prints a line of JSON for each result; seconds are those of the processor. bench/quality.py makes the tables of it.
 *
 *     heavyopt_quality TABLE FIRST_SEED SEEDS [OPTION=VALUE ...]      options of optimize */
#include "base/error.h"
#include "base/memory.h"
#include "run/goal.h"
#include "run/plan.h"
#include "run/size_bound.h"
#include "search/core.h"

#include <heavyopt/command.h>
#include <heavyopt/metrics.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Makes the best of all K x (N - K) swaps until none gains; then from another random set. */
static ho_status run_steepest(ho_search *s, const void *params, ho_error *err)
{
    (void)params;
    uint32_t *members = HO_NEW(uint32_t, s->size);
    if (members == NULL) return ho_fail_memory(err, s->size * sizeof *members, "a set");
    double value = ho_search_set(s, s->first);
    while (ho_search_work_left(s) >= s->core->scan_cost * (int64_t)s->size && !ho_search_done(s)) {
        ho_search_scan(s, 0, s->size);
        ho_swap best = s->core->swaps[0];
        for (size_t i = 1; i < s->size; i++) {
            if (s->core->swaps[i].value > best.value) best = s->core->swaps[i];
        }
        if (best.value > value + 1e-9 * (value < 0 ? -value : value)) {
            ho_search_swap(s, best.slot, best.in, best.value);
            value = best.value;
        } else {
            ho_search_random_set(s, members);
            value = ho_search_set(s, members);
        }
    }
    free(members);
    return HO_OK;
}

static const ho_algorithm steepest = {.name = "steepest", .title = "steepest swaps", .run = run_steepest};

typedef struct runs {
    ho_plan plan;
    const ho_algorithm *algorithms[32];
    const void *params[32];
    size_t count;
    ho_problem problem;
    const ho_objective *objective;
    const char *hash;
} runs;

static void print_result(const runs *r, uint64_t seed, const ho_search_result *result)
{
    printf("{\"data\": \"%s\", \"distinct\": %zu, \"size\": %zu, \"seed\": %llu, \"algorithm\": \"%s\", "
           "\"work\": %lld, \"raw\": %.17g, \"fitness\": %.17g, \"evaluations\": %lld, "
           "\"polish_evaluations\": %lld, \"seconds\": %.4f, \"members\": [",
           r->hash, r->objective->distinct, result->size, (unsigned long long)seed, result->algorithm->name,
           (long long)r->plan.budget.work, result->raw_fitness, result->fitness,
           (long long)result->evaluations, (long long)result->polish_evaluations, result->seconds);
    for (size_t i = 0; i < result->size; i++)
        printf("%s%u", i != 0 ? ", " : "", result->members[i]);
    puts("]}");
}

/* One algorithm after another on one thread, so that the processor's time is that of the algorithm. */
static ho_status run_seed(const runs *r, uint64_t seed, ho_error *err)
{
    for (size_t i = 0; i < r->count; i++) {
        ho_search_result result = {0};
        const clock_t start = clock();
        HO_TRY(ho_search_all(&r->problem, r->objective, &r->algorithms[i], &r->params[i], 1, &r->plan.budget,
                             seed, 1, NULL, NULL, &result, err));
        result.seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        print_result(r, seed, &result);
        ho_search_result_clear(&result);
    }
    fflush(stdout);
    return HO_OK;
}

static ho_status run_seeds(const ho_optimize_settings *settings, uint64_t first, uint64_t seeds,
                           const ho_input *input, runs *r, ho_error *err)
{
    ho_portfolio_objective *objective = NULL;
    ho_goal goal = {0};
    HO_TRY(ho_goal_make(&settings->goal, input, NULL, &goal, err));
    HO_TRY(ho_portfolio_objective_new(ho_goal_panel(&goal, input), &goal.fitness, input->threads, &objective,
                                      err));
    r->objective = ho_portfolio_objective_table(objective);
    r->problem.candidates = ho_panel_strategies(input->panel);
    r->hash = input->report.hash;
    for (size_t i = 0; i < r->plan.count && i < 31; i++) {
        r->algorithms[r->count] = r->plan.algorithms[i];
        r->params[r->count++] = r->plan.params[i];
    }
    r->algorithms[r->count++] = &steepest;
    ho_status status = HO_OK;
    const ho_bounding bounding = {
        .wanted = true, .with_leads = true, .panel = ho_goal_panel(&goal, input), .fitness = &goal.fitness};
    for (size_t size = r->plan.first_size; size <= r->plan.last_size && status == HO_OK; size++) {
        ho_size_bound bound = {0};
        r->problem.size = size;
        r->problem.guide = NULL;
        status = ho_size_bound_make(&bounding, &r->problem, &bound, err);
        r->problem.guide = bound.guide.count > 0 ? &bound.guide : NULL;
        for (uint64_t seed = first; seed < first + seeds && status == HO_OK; seed++)
            status = run_seed(r, seed, err);
        ho_size_bound_let_go(&bound);
    }
    ho_portfolio_objective_free(&objective);
    ho_goal_clear(&goal);
    return status;
}

static ho_status read_settings(int count, char **arguments, const ho_command *optimize, void *settings,
                               ho_error *err)
{
    HO_TRY(ho_options_defaults(optimize->options, settings, err));
    for (int i = 0; i < count; i++) {
        char *equals = strchr(arguments[i], '=');
        if (equals == NULL) return ho_fail(err, HO_ERR_USAGE, "%s: expected OPTION=VALUE", arguments[i]);
        *equals = '\0';
        HO_TRY(ho_options_set(optimize->options, settings, arguments[i], equals + 1, err));
    }
    return HO_OK;
}

int main(int count, char **arguments)
{
    if (count < 4) {
        fputs("heavyopt_quality TABLE FIRST_SEED SEEDS [OPTION=VALUE ...]\n", stderr);
        return 2;
    }
    const ho_command *optimize = ho_command_find("optimize");
    ho_optimize_settings settings = {0};
    ho_input input = {0};
    runs r = {0};
    ho_error err;
    ho_status status = read_settings(count - 4, arguments + 4, optimize, &settings, &err);
    if (status == HO_OK) status = ho_options_set(optimize->options, &settings, "input", arguments[1], &err);
    if (status == HO_OK) status = ho_plan_make(&settings, ho_threads(settings.in.threads), &r.plan, &err);
    if (status == HO_OK) status = ho_input_read(&settings.in, NULL, &input, &err);
    if (status == HO_OK)
        status = run_seeds(&settings, strtoull(arguments[2], NULL, 10), strtoull(arguments[3], NULL, 10),
                           &input, &r, &err);
    if (status != HO_OK) fprintf(stderr, "heavyopt_quality: %s\n", err.text);
    ho_plan_clear(&r.plan);
    ho_input_clear(&input);
    ho_options_clear(optimize->options, &settings);
    return status == HO_OK ? 0 : 1;
}
