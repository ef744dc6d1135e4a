/* The life of a search: its tables, the counting, the best set so far, the clock. It decides nothing. */
#include "search/core.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <string.h>

enum { LOOK_EVERY = 50000 }; /* units of work between looks at the clock, about a millisecond */

static ho_status allocate(struct ho_search_core *c, size_t n, size_t pool, ho_error *err)
{
    size_t k = c->total;
    c->open = HO_NEW(uint8_t, n);
    c->pool = HO_NEW(uint32_t, pool);
    c->first = HO_NEW(uint32_t, k);
    c->members = HO_NEW(uint32_t, k);
    c->joined = HO_NEW(uint32_t, k);
    c->sorted = HO_NEW(uint32_t, k);
    c->best = HO_NEW(uint32_t, k);
    c->trial = HO_NEW(uint32_t, k);
    c->swaps = HO_NEW(ho_swap, k);
    c->batch = HO_NEW(uint32_t, HO_SEARCH_BATCH * k);
    c->trace = HO_NEW(ho_trace_point, HO_TRACE_POINTS);
    if (c->batch == NULL || c->open == NULL || c->pool == NULL || c->first == NULL || c->members == NULL ||
        c->joined == NULL || c->sorted == NULL || c->best == NULL || c->trial == NULL || c->swaps == NULL ||
        c->trace == NULL)
        return ho_fail_memory(err, n + (pool + (HO_SEARCH_BATCH + 8) * k) * sizeof(uint32_t), "a search");
    return ho_marks_new(n, &c->marks, err);
}

static ho_status allocate_rules(struct ho_search_core *c, ho_error *err)
{
    const size_t slots = c->total < HO_SEARCH_MASKS ? c->total : HO_SEARCH_MASKS;
    if (c->rules == NULL) return HO_OK;
    c->mask_stride = 64 * c->rules->words;
    c->masks = HO_NEW(uint8_t, slots * c->mask_stride);
    if (c->masks == NULL) return ho_fail_memory(err, slots * c->mask_stride, "a search");
    HO_TRY(ho_draft_new(c->rules, &c->standing, err));
    return ho_draft_new(c->rules, &c->draft, err);
}

static void fill_pool(ho_search *s, const ho_problem *p)
{
    struct ho_search_core *c = s->core;
    if (c->rules != NULL)
        memcpy(c->open, c->rules->open, p->candidates);
    else
        ho_problem_open(p, c->open);
    size_t count = 0;
    for (size_t j = 0; j < p->candidates; j++) {
        if (c->open[j]) c->pool[count++] = (uint32_t)j;
    }
    for (size_t i = 0; i < c->fixed; i++)
        c->members[i] = c->joined[i] = p->include[i];
}

void ho_search_leave_forced(const ho_search *s, const uint32_t *members, uint32_t *chosen)
{
    const struct ho_search_core *c = s->core;
    size_t count = 0;
    for (size_t i = 0; i < c->total; i++) {
        size_t at = 0;
        while (at < c->fixed && c->members[at] != members[i])
            at++;
        if (at == c->fixed) chosen[count++] = members[i];
    }
}

/* The warm start without the includes, or a random set. */
static void choose_first(ho_search *s, const ho_problem *p)
{
    struct ho_search_core *c = s->core;
    if (p->start == NULL) {
        ho_search_random_set(s, c->first);
        return;
    }
    ho_search_leave_forced(s, p->start, c->first);
}

size_t ho_search_looked_at(const ho_objective *objective, size_t candidates)
{
    return objective->distinct != 0 && objective->distinct < candidates ? objective->distinct : candidates;
}

/* Swaps that a scan of one slot really looks at. */
static int64_t scan_cost(const ho_search *s)
{
    const size_t count = ho_search_looked_at(s->core->objective, s->pool_count);
    return count > s->size ? (int64_t)(count - s->size) : 1;
}

ho_status ho_search_open(const ho_problem *p, const ho_rules *rules, const ho_objective *objective,
                         const ho_budget *budget, uint64_t seed, const char *stream, ho_watch *watch,
                         ho_search **search, ho_error *err)
{
    ho_search *s = HO_NEW(ho_search, 1);
    struct ho_search_core *c = HO_NEW(struct ho_search_core, 1);
    if (s == NULL || c == NULL) {
        free(s);
        free(c);
        return ho_fail_memory(err, sizeof *s + sizeof *c, "a search");
    }
    s->core = c;
    *c = (struct ho_search_core){
        .problem = p, .objective = objective, .budget = budget, .part = 1, .watch = watch, .rules = rules};
    c->fixed = p->include_count;
    c->total = p->size;
    c->run.limit = budget->work;
    c->polish.limit = budget->polish_work;
    c->counts = &c->run;
    c->next_look = LOOK_EVERY;
    c->best_value = -INFINITY;
    size_t pool = rules != NULL ? rules->pool_count : ho_problem_open(p, NULL);
    ho_status status = allocate(c, p->candidates, pool, err);
    if (status == HO_OK) status = allocate_rules(c, err);
    if (status == HO_OK) status = objective->open(objective->data, p->size, &c->walk, err);
    if (status != HO_OK) {
        ho_search_close(&s);
        return status;
    }
    s->size = c->total - c->fixed;
    s->pool = c->pool;
    s->pool_count = pool;
    s->candidates = p->candidates;
    s->features = objective->describe != NULL ? objective->features : 0;
    s->first = c->first;
    s->current = c->members + c->fixed;
    s->open = c->open;
    s->guide = p->guide;
    s->rng = ho_rng_new(seed, stream, 0);
    c->scan_cost = scan_cost(s);
    fill_pool(s, p);
    choose_first(s, p);
    c->started = ho_clock_seconds();
    s->first_value = ho_search_score(s, c->first);
    *search = s;
    return HO_OK;
}

void ho_search_close(ho_search **search)
{
    ho_search *s = *search;
    if (s == NULL) return;
    struct ho_search_core *c = s->core;
    c->objective->close(&c->walk);
    free(c->open);
    free(c->pool);
    free(c->first);
    free(c->members);
    free(c->joined);
    free(c->sorted);
    free(c->best);
    free(c->trial);
    free(c->swaps);
    free(c->batch);
    free(c->trace);
    free(c->masks);
    ho_draft_free(&c->standing);
    ho_draft_free(&c->draft);
    ho_marks_free(&c->marks);
    free(c);
    free(s);
    *search = NULL;
}

bool ho_search_is_forced(const ho_search *s)
{
    return s->size == 0 || s->pool_count == s->size;
}

static bool cancelled(const struct ho_search_core *c)
{
    return c->budget->cancel != NULL && *c->budget->cancel != 0;
}

bool ho_search_done(const ho_search *s)
{
    const struct ho_search_core *c = s->core;
    return c->counts->work >= c->counts->limit || c->out_of_time || cancelled(c);
}

int64_t ho_search_work_left(const ho_search *s)
{
    const ho_counts *counts = s->core->counts;
    return counts->work < counts->limit ? counts->limit - counts->work : 0;
}

double ho_search_seconds_left(const ho_search *s)
{
    const double limit = s->core->budget->seconds;
    return limit > 0 ? fmax(limit - (ho_clock_seconds() - s->core->started), 1e-3) : 0;
}

double ho_search_share(const ho_search *s)
{
    const ho_counts *counts = s->core->counts;
    return counts->work < counts->limit ? (double)counts->work / (double)counts->limit : 1;
}

void ho_search_report(ho_search *s, double share)
{
    struct ho_search_core *c = s->core;
    if (c->watch == NULL || c->counts != &c->run) return;
    ho_watch_tell(c->watch, (share - c->told) * c->part, c->best_value);
    c->told = share;
}

void ho_search_spend(ho_search *s, int64_t units)
{
    struct ho_search_core *c = s->core;
    c->counts->work += units;
    if (c->counts->work < c->next_look) return;
    c->next_look = c->counts->work + LOOK_EVERY;
    double limit = c->budget->seconds;
    if (limit > 0 && ho_clock_seconds() - c->started >= limit) c->out_of_time = true;
    ho_search_report(s, ho_search_share(s));
}

void ho_search_count(ho_search *s, int64_t evaluations, int64_t units)
{
    s->core->counts->evaluations += evaluations;
    ho_search_spend(s, evaluations * units);
}

/* A few hundred points tell the story: when they are full, every second one goes. */
static void add_trace_point(struct ho_search_core *c)
{
    if (c->trace_count == HO_TRACE_POINTS) {
        c->trace_count = HO_TRACE_POINTS / 2;
        for (size_t i = 0; i < c->trace_count; i++)
            c->trace[i] = c->trace[2 * i + 1];
    }
    c->trace[c->trace_count++] = (ho_trace_point){.evaluations = c->run.evaluations + c->polish.evaluations,
                                                  .seconds = ho_clock_seconds() - c->started,
                                                  .fitness = c->best_value};
}

void ho_search_remember(struct ho_search_core *c, const uint32_t *sorted, double value)
{
    bool better = !c->has_best || value > c->best_value;
    bool tie = !better && value == c->best_value && ho_members_compare(sorted, c->best, c->total) < 0;
    if (!better && !tie) return;
    memcpy(c->best, sorted, c->total * sizeof *c->best);
    c->has_best = true;
    c->best_value = value;
    if (better) add_trace_point(c);
    ho_polished *p = c->polishing;
    if (better && p != NULL) {
        if (p->step_count < HO_TRACE_POINTS) {
            p->steps[p->step_count].evaluations = c->polish.evaluations;
            p->steps[p->step_count].fitness = value;
        }
        p->step_count++;
    }
}

static double tamed(double value)
{
    return isnan(value) ? -INFINITY : value; /* a comparison with NaN would end every climb in silence */
}

/* c->sorted = the members with the includes. */
static void join(ho_search *s, const uint32_t *members)
{
    struct ho_search_core *c = s->core;
    if (s->size != 0) memcpy(c->joined + c->fixed, members, s->size * sizeof *members);
    ho_members_sort(c->joined, c->total, c->sorted);
}

double ho_search_score(ho_search *s, const uint32_t *members)
{
    struct ho_search_core *c = s->core;
    if (c->rules != NULL && !ho_search_holds(s, members)) {
        ho_search_spend(s, HO_WORK_SCORE);
        return -INFINITY;
    }
    join(s, members);
    double value = tamed(c->objective->score(c->walk, c->sorted, c->total));
    ho_search_count(s, 1, HO_WORK_SCORE);
    ho_search_remember(c, c->sorted, value);
    return value;
}

double ho_search_score_single(ho_search *s, uint32_t candidate)
{
    struct ho_search_core *c = s->core;
    double value = tamed(c->objective->score(c->walk, &candidate, 1));
    ho_search_count(s, 1, HO_WORK_SCORE);
    return value;
}

void ho_search_describe(ho_search *s, const uint32_t *members, double *features)
{
    struct ho_search_core *c = s->core;
    join(s, members);
    c->objective->describe(c->walk, c->sorted, c->total, features);
    ho_search_spend(s, HO_WORK_SCORE);
}

double ho_search_set(ho_search *s, const uint32_t *members)
{
    struct ho_search_core *c = s->core;
    for (size_t i = c->fixed; i < c->total && c->placed; i++)
        c->open[c->members[i]] = 1;
    c->placed = true;
    memcpy(c->members + c->fixed, members, s->size * sizeof *members);
    (void)ho_search_repair(s, c->members + c->fixed);
    for (size_t i = c->fixed; i < c->total; i++)
        c->open[c->members[i]] = 0;
    if (c->rules != NULL) ho_draft_load(&c->standing, c->members, c->total);
    c->asked = 0;
    c->objective->set(c->walk, c->members);
    return ho_search_score(s, s->current);
}

double ho_search_probe(ho_search *s, size_t slot, uint32_t in)
{
    struct ho_search_core *c = s->core;
    if (c->rules != NULL && !ho_search_may(s, slot, in)) {
        ho_search_spend(s, 1);
        return -INFINITY;
    }
    double value = tamed(c->objective->probe(c->walk, c->fixed + slot, in));
    ho_search_count(s, 1, HO_WORK_PROBE);
    return value;
}

void ho_search_swap(ho_search *s, size_t slot, uint32_t in, double value)
{
    struct ho_search_core *c = s->core;
    uint32_t *place = &c->members[c->fixed + slot];
    c->objective->swap(c->walk, c->fixed + slot, in);
    if (c->rules != NULL) ho_draft_replace(&c->standing, c->fixed + slot, in);
    c->asked = 0;
    c->open[*place] = 1;
    c->open[in] = 0;
    *place = in;
    if (value > c->best_value) (void)ho_search_score(s, s->current);
}

/* Scans slots which each have their own open candidates. */
static void scan_by_rules(ho_search *s, size_t first, size_t slots)
{
    struct ho_search_core *c = s->core;
    ho_draft_look(&c->standing);
    for (size_t from = 0, now; from < slots; from += now) {
        now = slots - from < HO_SEARCH_MASKS ? slots - from : HO_SEARCH_MASKS;
        const size_t slot = c->fixed + first + from;
        for (size_t i = 0; i < now; i++) {
            (void)ho_draft_choices(&c->standing, (ptrdiff_t)(slot + i));
            ho_draft_spread(&c->standing, c->masks + i * c->mask_stride);
        }
        c->objective->scan(c->walk, slot, now, c->pool[0], c->pool[s->pool_count - 1] + 1, c->masks,
                           c->mask_stride, c->swaps + from);
    }
}

const ho_swap *ho_search_scan(ho_search *s, size_t first, size_t slots)
{
    struct ho_search_core *c = s->core;
    if (c->rules != NULL)
        scan_by_rules(s, first, slots);
    else
        c->objective->scan(c->walk, c->fixed + first, slots, c->pool[0], c->pool[s->pool_count - 1] + 1,
                           c->open, 0, c->swaps);
    for (size_t i = 0; i < slots; i++) {
        c->swaps[i].value = tamed(c->swaps[i].value);
        c->swaps[i].slot = (uint32_t)(first + i);
    }
    ho_search_count(s, (int64_t)slots * c->scan_cost, HO_WORK_SCAN);
    return c->swaps;
}

int64_t ho_search_scan_cost(const ho_search *s)
{
    return s->core->scan_cost;
}
