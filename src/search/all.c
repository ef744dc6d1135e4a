/* Running the algorithms side by side, one a thread, and handing back what each found. */
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "search/core.h"

#include <math.h>
#include <string.h>

const char *ho_stop_name(ho_stop stop)
{
    static const char *const names[HO_STOP_COUNT] = {"budget", "finished", "time limit", "cancelled",
                                                     "proven optimum"};
    return (unsigned)stop < HO_STOP_COUNT ? names[stop] : "unknown";
}

void ho_search_result_clear(ho_search_result *result)
{
    free(result->members);
    free(result->trace);
    *result = (ho_search_result){0};
}

void ho_watch_tell(ho_watch *watch, double share, double best)
{
    if (watch->progress == NULL) return;
#pragma omp critical(ho_watch)
    {
        watch->share += share;
        if (best > watch->best) watch->best = best;
        bool all = watch->share > watch->searches - 1e-9; /* a sum of shares may miss by its rounding */
        watch->progress(watch->user, all ? 1 : watch->share / watch->searches, watch->best);
    }
}

static ho_stop why_it_stopped(const ho_search *s)
{
    const struct ho_search_core *c = s->core;
    if (ho_search_is_forced(s)) return HO_STOP_PROVEN;
    if (c->budget->cancel != NULL && *c->budget->cancel != 0) return HO_STOP_CANCEL;
    if (c->out_of_time) return HO_STOP_TIME;
    return c->run.work >= c->run.limit ? HO_STOP_BUDGET : HO_STOP_FINISHED;
}

/* The result takes the best set and the trace. */
static void hand_over(ho_search *s, const ho_algorithm *algorithm, double raw_fitness,
                      ho_search_result *result)
{
    struct ho_search_core *c = s->core;
    *result = (ho_search_result){.algorithm = algorithm,
                                 .size = c->total,
                                 .members = c->best,
                                 .fitness = c->best_value,
                                 .raw_fitness = raw_fitness,
                                 .evaluations = c->run.evaluations,
                                 .polish_evaluations = c->polish.evaluations,
                                 .seconds = ho_clock_seconds() - c->started,
                                 .stopped_by = why_it_stopped(s),
                                 .trace = c->trace,
                                 .trace_count = c->trace_count};
    c->best = NULL;
    c->trace = NULL;
}

/* What the searches of one call have in common. */
typedef struct searches {
    const ho_problem *problem;
    const ho_rules *rules;
    const ho_objective *objective;
    const ho_budget *budget;
    uint64_t seed;
    ho_watch *watch;
    ho_polished **polished;
} searches;

/* An algorithm's own units for those of the budget; much stays much. */
static int64_t own_work(const ho_algorithm *algorithm, int64_t work)
{
    const int64_t times = algorithm->work_times > 0 ? algorithm->work_times : 1;
    return work < INT64_MAX / times ? work * times : INT64_MAX;
}

/* One round of an algorithm with its polishing. */
static ho_status search_round(const searches *all, const ho_algorithm *algorithm, const void *params,
                              const ho_budget *budget, uint64_t round, ho_search_result *result,
                              ho_error *err)
{
    ho_search *s = NULL;
    const uint64_t seed = round == 0 ? all->seed : ho_rng_new(all->seed, "round", round).key;
    HO_TRY(ho_search_open(all->problem, all->rules, all->objective, budget, seed, algorithm->name, all->watch,
                          &s, err));
    const int64_t whole = own_work(algorithm, all->budget->work);
    s->core->part = whole > 0 ? (double)budget->work / (double)whole : 1;
    ho_status status = HO_OK;
    if (!ho_search_is_forced(s) && !ho_search_done(s)) status = algorithm->run(s, params, err);
    if (status == HO_OK) {
        double raw_fitness = s->core->best_value;
        ho_search_report(s, 1);
        if (!ho_search_is_forced(s)) status = ho_search_polish(s, all->polished, err);
        if (status == HO_OK) hand_over(s, algorithm, raw_fitness, result);
    }
    ho_search_close(&s);
    return status;
}

/* The trace goes on with what the second round found beyond the first. */
static ho_status join_traces(ho_search_result *first, const ho_search_result *second, ho_error *err)
{
    const size_t count = first->trace_count;
    ho_trace_point *trace = HO_NEW(ho_trace_point, count + second->trace_count);
    if (trace == NULL) return ho_fail_memory(err, (count + second->trace_count) * sizeof *trace, "a trace");
    memcpy(trace, first->trace, count * sizeof *trace);
    size_t joined = count;
    for (size_t i = 0; i < second->trace_count; i++) {
        ho_trace_point point = second->trace[i];
        if (count > 0 && !(point.fitness > trace[count - 1].fitness)) continue;
        point.evaluations += first->evaluations + first->polish_evaluations;
        point.seconds += first->seconds;
        trace[joined++] = point;
    }
    free(first->trace);
    first->trace = trace;
    first->trace_count = joined;
    return HO_OK;
}

/* `first` becomes the result of both rounds. */
static ho_status join_rounds(ho_search_result *first, ho_search_result *second, ho_error *err)
{
    HO_TRY(join_traces(first, second, err));
    if (second->fitness > first->fitness) {
        uint32_t *worse = first->members;
        first->members = second->members;
        second->members = worse;
        first->fitness = second->fitness;
    }
    first->raw_fitness = fmax(first->raw_fitness, second->raw_fitness);
    first->evaluations += second->evaluations;
    first->polish_evaluations += second->polish_evaluations;
    first->seconds += second->seconds;
    first->stopped_by = second->stopped_by;
    return HO_OK;
}

static ho_status search_one(const searches *all, const ho_algorithm *algorithm, const void *params,
                            ho_search_result *result, ho_error *err)
{
    ho_budget budget = *all->budget;
    budget.work = own_work(algorithm, budget.work);
    budget.first_round = own_work(algorithm, budget.first_round);
    const int64_t whole = budget.work, rest = whole - budget.first_round;
    if (budget.first_round <= 0 || rest <= 0)
        return search_round(all, algorithm, params, &budget, 0, result, err);
    budget.work = budget.first_round;
    HO_TRY(search_round(all, algorithm, params, &budget, 0, result, err));
    if (result->stopped_by != HO_STOP_BUDGET) {
        ho_watch_tell(all->watch, (double)rest / (double)whole, result->raw_fitness);
        return HO_OK;
    }
    budget.work = rest;
    if (budget.seconds > 0) budget.seconds = fmax(budget.seconds - result->seconds, 1e-9);
    ho_search_result second = {0};
    ho_status status = search_round(all, algorithm, params, &budget, 1, &second, err);
    if (status == HO_OK) status = join_rounds(result, &second, err);
    ho_search_result_clear(&second);
    return status;
}

/* The first failure in the order of the algorithms, so that it does not depend on the threads. */
static ho_status first_failure(const ho_status *statuses, const ho_error *errors, size_t count, ho_error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (statuses[i] != HO_OK) return ho_fail(err, statuses[i], "%s", errors[i].text);
    }
    return HO_OK;
}

ho_status ho_search_all(const ho_problem *problem, const ho_objective *objective,
                        const ho_algorithm *const *algorithms, const void *const *params, size_t count,
                        const ho_budget *budget, uint64_t seed, int threads, ho_search_progress progress,
                        void *user, ho_search_result *results, ho_error *err)
{
    HO_TRY(ho_problem_check(problem, err));
    if (objective->candidates != problem->candidates)
        return ho_fail(err, HO_ERR_INTERNAL, "the objective values %zu candidates, the problem has %zu",
                       objective->candidates, problem->candidates);
    ho_rules *rules = NULL;
    HO_TRY(ho_rules_new(problem, &rules, err));
    ho_status *statuses = HO_NEW(ho_status, count);
    ho_error *errors = HO_NEW(ho_error, count);
    ho_status status = HO_ERR_MEMORY;
    if (statuses == NULL || errors == NULL) {
        (void)ho_fail_memory(err, count * sizeof *errors, "the searches");
    } else {
        ho_watch watch = {.progress = progress, .user = user, .searches = (double)count, .best = -INFINITY};
        ho_polished *polished = NULL;
        const searches all = {problem, rules, objective, budget, seed, &watch, &polished};
        int team = threads < 1 ? 1 : threads;
        (void)team;
#pragma omp parallel for schedule(dynamic, 1) num_threads(team)
        for (size_t i = 0; i < count; i++) {
            statuses[i] = search_one(&all, algorithms[i], params[i], &results[i], &errors[i]);
        }
        ho_polished_free(&polished);
        status = first_failure(statuses, errors, count, err);
    }
    for (size_t i = 0; i < count && status != HO_OK; i++)
        ho_search_result_clear(&results[i]);
    free(statuses);
    free(errors);
    ho_rules_free(&rules);
    return status;
}
