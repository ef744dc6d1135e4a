/* Islands: searches of their own inside a search, so that threads can share its work. What they did is taken over at
 * moments that the work decides and no thread, so the result is the same on any number of them. */
#include "base/error.h"
#include "search/core.h"

ho_status ho_search_fork(const ho_search *s, size_t number, ho_search **fork, ho_error *err)
{
    const struct ho_search_core *c = s->core;
    ho_search *f = NULL;
    HO_TRY(
        ho_search_open(c->problem, c->rules, c->objective, c->budget, s->rng.key, "island", NULL, &f, err));
    f->rng = ho_rng_new(s->rng.key, "island", number);
    f->core->started = c->started;
    *fork = f;
    return HO_OK;
}

void ho_search_allot(ho_search *fork, int64_t work)
{
    fork->core->run.limit = fork->core->run.work + work;
}

void ho_search_join(ho_search *s, ho_search *fork)
{
    struct ho_search_core *c = s->core, *f = fork->core;
    c->run.evaluations += f->run.evaluations;
    const int64_t work = f->run.work;
    f->run = (ho_counts){0};
    f->next_look = 0; /* at the clock: soon again */
    c->out_of_time |= f->out_of_time;
    if (f->has_best) ho_search_remember(c, f->best, f->best_value);
    ho_search_spend(s, work);
}

void ho_search_unfork(ho_search **fork)
{
    ho_search_close(fork);
}
