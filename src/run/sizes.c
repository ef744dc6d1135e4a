#include "run/sizes.h"

#include "base/error.h"
#include "base/memory.h"
#include "run/hooks.h"

#include <stdio.h>
#include <string.h>

/* Spaces up to the first are enumerated; an algorithm may not score a small space more than the second times over.
 * Of a range, the sizes after the first start from the best of the size before and get a part of the work. */
enum { ENUMERATE_UP_TO = 5000000, ROUNDS_OF_SPACE = 4, WARM_PART = 8 };

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
    bool proven = run->enumerated.members != NULL && run->enumerated.fitness >= best->fitness;
    return proven ? &run->enumerated : best;
}

/* The searches of run->size, from `start` unless that is NULL. */
static ho_status search_size(searches *s, const uint32_t *start, ho_size_run *run, ho_error *err)
{
    const ho_plan *plan = s->plan;
    s->problem.start = start;
    s->problem.guide = run->bound.guide.rows > 0 ? &run->bound.guide : NULL;
    snprintf(s->stage, sizeof s->stage, "search %zu", run->size);
    const int64_t space = ho_search_space(&s->problem, ENUMERATE_UP_TO);
    ho_budget budget = s->budget;
    if (start != NULL) budget.work /= WARM_PART;
    if (space >= 0 && budget.work > space * ROUNDS_OF_SPACE * HO_WORK_SCORE)
        budget.work = space * ROUNDS_OF_SPACE * HO_WORK_SCORE;
    HO_TRY(ho_search_all(&s->problem, s->objective, plan->algorithms, (const void *const *)plan->params,
                         plan->count, &budget, s->seed, s->threads, tell, s, run->results, err));
    if (space >= 0 && !ho_cancelled(s->hooks))
        HO_TRY(ho_search_enumerate(&s->problem, s->objective, &s->budget, s->threads, &run->enumerated, err));
    run->best = best_of(run, plan->count);
    return HO_OK;
}

/* The next size, whose results are in `sizes` from the beginning, so that clearing it frees them. */
static ho_status search_next(searches *s, ho_sizes *sizes, ho_error *err)
{
    ho_size_run *run = &sizes->runs[sizes->count];
    uint32_t *start = NULL;
    run->size = s->plan->first_size + sizes->count;
    run->results = HO_NEW(ho_search_result, s->plan->count);
    sizes->count++;
    if (run->results == NULL)
        return ho_fail_memory(err, s->plan->count * sizeof *run->results, "the results");
    if (sizes->count > 1) HO_TRY(warm_start(s, run - 1, &start, err));
    s->problem.size = run->size;
    ho_status status = ho_size_bound_make(s->bounding, &s->problem, &run->bound, err);
    if (status == HO_OK) status = search_size(s, start, run, err);
    sizes->bound_seconds += run->bound.seconds;
    ho_size_bound_let_go(&run->bound);
    free(start);
    return status;
}

ho_status ho_sizes_search(const ho_plan *plan, const ho_problem *problem, const ho_objective *objective,
                          const ho_bounding *bounding, uint64_t seed, int threads, const ho_hooks *hooks,
                          ho_sizes *sizes, ho_error *err)
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
    s.budget.cancel = hooks != NULL ? hooks->cancel : NULL;
    sizes->algorithms = plan->count;
    sizes->runs = HO_NEW(ho_size_run, wanted);
    if (sizes->runs == NULL) return ho_fail_memory(err, wanted * sizeof *sizes->runs, "the sizes");
    while (sizes->count < wanted && (sizes->count == 0 || !ho_cancelled(hooks)))
        HO_TRY(search_next(&s, sizes, err));
    return HO_OK;
}

void ho_sizes_clear(ho_sizes *sizes)
{
    for (size_t i = 0; i < sizes->count; i++) {
        ho_size_run *run = &sizes->runs[i];
        for (size_t a = 0; a < sizes->algorithms && run->results != NULL; a++)
            ho_search_result_clear(&run->results[a]);
        free(run->results);
        ho_search_result_clear(&run->enumerated);
    }
    free(sizes->runs);
    *sizes = (ho_sizes){0};
}
