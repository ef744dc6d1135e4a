#include "run/sizes.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "run/hooks.h"

#include <stdio.h>
#include <string.h>

/* Spaces up to the first are exact; an algorithm may not score a small space more than the second times over.
 * Of a range, the sizes after the first start from the best of the size before and get a part of the work. */
enum { ENUMERATE_UP_TO = 5000000, ROUNDS_OF_SPACE = 4, WARM_PART = 16 };

/* What the searches of all sizes have in common. */
typedef struct searches {
    const ho_plan *plan;
    const ho_objective *objective;
    const ho_bounding *bounding;
    ho_problem problem;
    ho_budget budget;
    uint64_t seed;
    int threads;
    const ho_hooks *hooks;
    char stage[32];
} searches;

static void tell(void *user, double share, double best)
{
    const searches *s = user;
    ho_tell(s->hooks, s->stage, share, best);
}

/* The start of a size: the best of the size below with its best addition, NULL where there is none; owned by the
 * caller. */
static ho_status warm_start(searches *s, const ho_size_run *below, uint32_t **start, ho_error *err)
{
    uint32_t *members = HO_NEW(uint32_t, below->size + 1);
    bool found = false;
    if (members == NULL) return ho_fail_memory(err, below->size * sizeof *members, "a start");
    s->problem.size = below->size + 1;
    s->problem.start = NULL;
    ho_status status =
        ho_search_extend(&s->problem, s->objective, below->best->members, members, &found, err);
    if (status == HO_OK && found)
        *start = members;
    else
        free(members);
    return status;
}

static const ho_search_result *best_of(const ho_size_run *run, size_t count)
{
    const ho_search_result *best = &run->results[0];
    for (size_t a = 1; a < count; a++) {
        if (run->results[a].fitness > best->fitness) best = &run->results[a];
    }
    bool proven = run->exact.members != NULL && run->exact.fitness >= best->fitness;
    return proven ? &run->exact : best;
}

static void set_problem(searches *s, const ho_size_run *run, const uint32_t *start)
{
    s->problem.size = run->size;
    s->problem.start = start;
    s->problem.guide = run->bound.guide.count > 0 ? &run->bound.guide : NULL;
    snprintf(s->stage, sizeof s->stage, "search %zu", run->size);
}

/* The searches of run->size, from `start` unless that is NULL. */
static ho_status search_size(searches *s, const uint32_t *start, ho_size_run *run, ho_error *err)
{
    const ho_plan *plan = s->plan;
    set_problem(s, run, start);
    const int64_t space = ho_search_space(&s->problem, ENUMERATE_UP_TO);
    ho_budget budget = s->budget;
    if (start != NULL) {
        budget.work /= WARM_PART;
        budget.first_round /= WARM_PART;
    }
    if (space >= 0 && budget.work > space * ROUNDS_OF_SPACE * HO_WORK_SCORE)
        budget.work = space * ROUNDS_OF_SPACE * HO_WORK_SCORE;
    HO_TRY(ho_search_all(&s->problem, s->objective, plan->algorithms, (const void *const *)plan->params,
                         plan->count, &budget, s->seed, s->threads, tell, s, run->results, err));
    if (space >= 0 && !ho_cancelled(s->hooks))
        HO_TRY(ho_search_enumerate(&s->problem, s->objective, &s->budget, s->threads, &run->exact, err));
    run->best = best_of(run, plan->count);
    return HO_OK;
}

/* Polishes the start, once for all algorithms: those that find nothing better in their part of the work end with a set
 * that is known to be a local optimum. */
static ho_status polish_start(searches *s, const ho_size_run *run, uint32_t *start, ho_error *err)
{
    ho_search_result polished = {0};
    ho_budget budget = s->budget;
    budget.work = 0;
    set_problem(s, run, start);
    HO_TRY(ho_search_all(&s->problem, s->objective, s->plan->algorithms, (const void *const *)s->plan->params,
                         1, &budget, s->seed, 1, NULL, NULL, &polished, err));
    memcpy(start, polished.members, run->size * sizeof *start);
    ho_search_result_clear(&polished);
    return HO_OK;
}

/* The next size, whose results are in `sizes` from the beginning, so that clearing it frees them. */
static ho_status search_next(searches *s, ho_sizes *sizes, ho_error *err)
{
    ho_size_run *run = &sizes->runs[sizes->count];
    uint32_t *start = NULL;
    run->results = HO_NEW(ho_search_result, s->plan->count);
    sizes->count++;
    if (run->results == NULL)
        return ho_fail_memory(err, s->plan->count * sizeof *run->results, "the results");
    if (sizes->count > 1) HO_TRY(warm_start(s, run - 1, &start, err));
    ho_status status = start != NULL ? polish_start(s, run, start, err) : HO_OK;
    if (status == HO_OK) status = search_size(s, start, run, err);
    free(start);
    return status;
}

/* The algorithm that found the best set of the size above goes on from what that leaves without its worst member. */
static ho_status search_down(searches *s, const ho_size_run *above, const uint32_t *start, ho_size_run *run,
                             ho_error *err)
{
    const size_t a = (size_t)(above->best - above->results);
    ho_search_result *before = &run->results[a], found = {0};
    ho_budget budget = s->budget;
    budget.work /= WARM_PART;
    budget.first_round /= WARM_PART;
    set_problem(s, run, start);
    HO_TRY(ho_search_all(&s->problem, s->objective, &s->plan->algorithms[a],
                         (const void *const *)&s->plan->params[a], 1, &budget, s->seed, s->threads, tell, s,
                         &found, err));
    if (found.fitness > run->best->fitness) {
        found.evaluations += before->evaluations;
        found.polish_evaluations += before->polish_evaluations;
        found.seconds += before->seconds;
        ho_search_result_clear(before);
        *before = found;
        run->best = best_of(run, s->plan->count);
    } else {
        before->evaluations += found.evaluations;
        before->polish_evaluations += found.polish_evaluations;
        before->seconds += found.seconds;
        ho_search_result_clear(&found);
    }
    return HO_OK;
}

static bool is_same(const ho_size_run *run, const uint32_t *members)
{
    return memcmp(run->best->members, members, run->size * sizeof *members) == 0;
}

/* A size gets what the one above it leaves, where that is another set than its best. */
static ho_status come_down(searches *s, const ho_size_run *above, ho_size_run *run, ho_error *err)
{
    if (above->best->algorithm == NULL || run->best->stopped_by == HO_STOP_PROVEN) return HO_OK;
    uint32_t *start = HO_NEW(uint32_t, run->size);
    bool found = false;
    if (start == NULL) return ho_fail_memory(err, run->size * sizeof *start, "a start");
    set_problem(s, run, NULL);
    ho_status status = ho_search_reduce(&s->problem, s->objective, above->best->members, start, &found, err);
    if (status == HO_OK && found && !is_same(run, start)) status = search_down(s, above, start, run, err);
    free(start);
    return status;
}

/* The bounds of all sizes, side by side. */
static ho_status make_bounds(searches *s, ho_size_run *runs, size_t count, ho_error *err)
{
    ho_status *statuses = HO_NEW(ho_status, count);
    ho_error *errors = HO_NEW(ho_error, count);
    ho_status status = HO_OK;
    if (statuses == NULL || errors == NULL)
        status = ho_fail_memory(err, count * sizeof *errors, "the bounds");
#pragma omp parallel for schedule(dynamic, 1) \
    num_threads(s->threads < 1 ? 1 : s->threads) if (status == HO_OK)
    for (size_t i = 0; i < count; i++) {
        if (status != HO_OK || (i > 0 && ho_cancelled(s->hooks))) continue;
        ho_problem problem = s->problem;
        problem.size = runs[i].size;
        statuses[i] = ho_size_bound_make(s->bounding, &problem, &runs[i].bound, &errors[i]);
    }
    for (size_t i = 0; i < count && status == HO_OK; i++) {
        if (statuses[i] != HO_OK) status = ho_fail(err, statuses[i], "%s", errors[i].text);
    }
    free(statuses);
    free(errors);
    return status;
}

static ho_status search_up_and_down(searches *s, size_t wanted, ho_sizes *sizes, ho_error *err)
{
    while (sizes->count < wanted && (sizes->count == 0 || !ho_cancelled(s->hooks)))
        HO_TRY(search_next(s, sizes, err));
    for (size_t i = sizes->count - 1; i > 0 && !ho_cancelled(s->hooks); i--)
        HO_TRY(come_down(s, &sizes->runs[i], &sizes->runs[i - 1], err));
    return HO_OK;
}

/* What is left between the best of each size and its bound. */
static ho_status prove_sizes(searches *s, const ho_proof_settings *proof, ho_sizes *sizes, ho_error *err)
{
    const ho_proving how = {.settings = proof,
                            .objective = s->objective,
                            .bounding = s->bounding,
                            .sizes = sizes->count,
                            .threads = s->threads,
                            .hooks = s->hooks};
    for (size_t i = 0; i < sizes->count && !ho_cancelled(s->hooks); i++) {
        ho_size_run *run = &sizes->runs[i];
        if (run->best->stopped_by == HO_STOP_PROVEN) continue;
        set_problem(s, run, NULL);
        HO_TRY(ho_size_prove(&how, &s->problem, run->best, &run->bound, &run->exact, err));
        run->best = best_of(run, s->plan->count);
    }
    return HO_OK;
}

ho_status ho_sizes_search(const ho_plan *plan, const ho_problem *problem, const ho_objective *objective,
                          const ho_bounding *bounding, const ho_proof_settings *proof, uint64_t seed,
                          int threads, const ho_hooks *hooks, ho_sizes *sizes, ho_error *err)
{
    searches s = {.plan = plan,
                  .objective = objective,
                  .bounding = bounding,
                  .problem = *problem,
                  .budget = plan->budget,
                  .seed = seed,
                  .threads = threads,
                  .hooks = hooks};
    const size_t wanted = plan->last_size - plan->first_size + 1;
    s.budget.cancel = ho_cancel_flag(hooks);
    sizes->algorithms = plan->count;
    sizes->runs = HO_NEW(ho_size_run, wanted);
    if (sizes->runs == NULL) return ho_fail_memory(err, wanted * sizeof *sizes->runs, "the sizes");
    for (size_t i = 0; i < wanted; i++)
        sizes->runs[i].size = plan->first_size + i;
    const double start = ho_clock_seconds();
    ho_status status = make_bounds(&s, sizes->runs, wanted, err);
    sizes->bound_seconds = ho_clock_seconds() - start;
    if (status == HO_OK) status = search_up_and_down(&s, wanted, sizes, err);
    const double searched = ho_clock_seconds();
    if (status == HO_OK) status = prove_sizes(&s, proof, sizes, err);
    sizes->proof_seconds = ho_clock_seconds() - searched;
    for (size_t i = 0; i < wanted; i++)
        ho_size_bound_let_go(&sizes->runs[i].bound);
    return status;
}

void ho_sizes_clear(ho_sizes *sizes)
{
    for (size_t i = 0; i < sizes->count; i++) {
        ho_size_run *run = &sizes->runs[i];
        for (size_t a = 0; a < sizes->algorithms && run->results != NULL; a++)
            ho_search_result_clear(&run->results[a]);
        free(run->results);
        ho_search_result_clear(&run->exact);
    }
    free(sizes->runs);
    *sizes = (ho_sizes){0};
}
