/* Ant colony: ants draw sets member by member, by pheromone (what good sets held) and desirability (what a candidate
 * is worth alone).
 * M. Dorigo, L. Gambardella, "Ant colony system", IEEE Trans. Evolutionary Computation 1 (1997), from which come the
 * list of promising candidates and the fixed chance of leaving it; limits of the pheromone after T. Stuetzle,
 * H. Hoos, "MAX-MIN ant system" (2000).
 *
 * Pheromone evaporates everywhere, but only the candidates of recent good sets differ from the rest: those are the
 * list, all others share one number, so that an iteration costs the same for 100,000 candidates. */
#include "base/error.h"
#include "base/memory.h"
#include "search/alias.h"
#include "search/search.h"
#include "search/shortlist.h"

#include <math.h>
#include <string.h>

typedef struct aco_params {
    int64_t colony_size, iterations;
    double alpha, beta, evaporation, deposit, pheromone_min, pheromone_max, pheromone_start, exploration;
} aco_params;

static const ho_option options[] = {
    {"colony_size", 0, "N", "Ants in an iteration.", HO_OPTION_INT, 1, 100000, "20", NULL,
     offsetof(aco_params, colony_size)},
    {"iterations", 0, "N", "Iterations at most; 0: as many as the work budget allows.", HO_OPTION_INT, 0,
     1e12, "0", NULL, offsetof(aco_params, iterations)},
    {"alpha", 0, "R", "Power of the pheromone.", HO_OPTION_REAL, 0, 20, "1", NULL,
     offsetof(aco_params, alpha)},
    {"beta", 0, "R", "Power of the desirability.", HO_OPTION_REAL, 0, 20, "2", NULL,
     offsetof(aco_params, beta)},
    {"evaporation", 0, "R", "Share of the pheromone that an iteration takes away.", HO_OPTION_REAL, 0, 1,
     "0.5", NULL, offsetof(aco_params, evaporation)},
    {"deposit", 0, "R", "Pheromone that the best ant leaves on each of its members.", HO_OPTION_REAL, 0, 1e6,
     "1", NULL, offsetof(aco_params, deposit)},
    {"pheromone_min", 0, "R", "Least pheromone.", HO_OPTION_REAL, 1e-9, 1e9, "0.01", NULL,
     offsetof(aco_params, pheromone_min)},
    {"pheromone_max", 0, "R", "Most pheromone.", HO_OPTION_REAL, 1e-9, 1e9, "10", NULL,
     offsetof(aco_params, pheromone_max)},
    {"pheromone_start", 0, "R", "Pheromone at the start.", HO_OPTION_REAL, 1e-9, 1e9, "0.1", NULL,
     offsetof(aco_params, pheromone_start)},
    {"exploration", 0, "R",
     "Members of an ant's set, on average, that are drawn among all candidates and not from the list.",
     HO_OPTION_REAL, 0, 1e6, "1", NULL, offsetof(aco_params, exploration)},
};

enum {
    TRIES = 1000, /* draws of what is chosen already, before the next best way of drawing */
    MISSES = 4,
    PATIENCE = 60, /* iterations without a better set before the pheromone starts anew around the best one */
    LEAST_REPLACED = 4,
    MOST_REPLACED = 8
};

/* A candidate with pheromone of its own. */
typedef struct trail {
    uint32_t place; /* in the pool */
    double pheromone;
} trail;

typedef struct colony {
    ho_search *s;
    const aco_params *p;
    double *desire;     /* by place in the pool: desirability^beta */
    ho_alias by_desire; /* draws places */
    trail *trails;      /* the list: room for the whole pool */
    double *weights;    /* of the list */
    ho_alias by_trail;  /* draws from the list */
    uint32_t *rest;     /* numbers in the list that an ant has not chosen yet, once it misses too often */
    size_t rest_count;
    double rest_weight;
    int misses;
    uint32_t *trail_of; /* by place: 1 + its number in the list, 0: none */
    size_t trail_count;
    double explore;           /* chance that a member is drawn among all candidates */
    double common;            /* pheromone of all others */
    uint32_t *ants, *members; /* the colony's sets, one after another: as places, and as candidates */
    uint32_t *best, *kicked;  /* a set of places, and one of candidates */
    double best_value;
    int idle; /* iterations since it was found */
    ho_shortlist list;
    double *values;  /* of the ants */
    ho_marks chosen; /* places */
} colony;

typedef struct single {
    double value;
    uint32_t place;
} single;

static int by_value(const void *a, const void *b)
{
    const single *x = a, *y = b;
    if (x->value != y->value) return x->value < y->value ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

/* Values of candidates alone: of all, or of a random part where all would eat up the budget. The places of those
 * valued come first, their number is returned; lists of the pool's length. */
static size_t value_singles(colony *c, single *singles, uint32_t *candidates, double *values)
{
    ho_search *s = c->s;
    const size_t n = s->pool_count, affordable = (size_t)(ho_search_work_left(s) / (4 * HO_WORK_SCORE));
    for (size_t i = 0; i < n; i++)
        singles[i].place = (uint32_t)i;
    const size_t count = affordable < n ? affordable : n;
    for (size_t i = 0; i < count; i++) {
        size_t pick = affordable >= n ? i : i + ho_rng_below(&s->rng, (uint32_t)(n - i));
        single kept = singles[pick];
        singles[pick] = singles[i];
        singles[i] = kept;
        candidates[i] = s->pool[kept.place];
    }
    const size_t valued = ho_search_score_singles(s, candidates, count, values);
    for (size_t i = 0; i < valued; i++)
        singles[i].value = values[i];
    return valued;
}

/* Desirability is the rank of the value alone, from 1/n for the worst to 1: values themselves may be negative, or one
 * of them a thousand times the next. What has not been valued counts as middling. */
static ho_status desirabilities(colony *c, ho_error *err)
{
    const size_t n = c->s->pool_count;
    single *singles = HO_NEW(single, n);
    uint32_t *candidates = HO_NEW(uint32_t, n);
    ho_status status = HO_OK;
    if (singles == NULL || candidates == NULL)
        status = ho_fail_memory(err, n * sizeof *singles, "desirabilities");
    const size_t count = status == HO_OK ? value_singles(c, singles, candidates, c->desire) : 0;
    if (count > 0) qsort(singles, count, sizeof *singles, by_value);
    for (size_t i = 0; i < n; i++)
        c->desire[i] = pow(0.5, c->p->beta);
    for (size_t from = 0, to; from < count; from = to) { /* equal values share the middle of their ranks */
        for (to = from; to < count && singles[to].value == singles[from].value; to++)
            ;
        double rank = ((double)(from + to) + 1) / (2 * (double)count);
        for (size_t i = from; i < to; i++)
            c->desire[singles[i].place] = pow(rank, c->p->beta);
    }
    free(singles);
    free(candidates);
    ho_alias_fill(&c->by_desire, c->desire, n);
    return status;
}

/* As a list empties most draws fall on what is chosen: from then on an ant keeps what is left of it. */
static void list_rest(colony *c)
{
    c->rest_count = 0;
    c->rest_weight = 0;
    for (size_t i = 0; i < c->trail_count; i++) {
        if (ho_marked(&c->chosen, c->trails[i].place)) continue;
        c->rest[c->rest_count++] = (uint32_t)i;
        c->rest_weight += c->weights[i];
    }
}

static uint32_t draw_rest(colony *c)
{
    for (;;) {
        double at = ho_rng_unit(&c->s->rng) * c->rest_weight;
        size_t i = 0;
        while (i + 1 < c->rest_count && at >= c->weights[c->rest[i]])
            at -= c->weights[c->rest[i++]];
        const uint32_t number = c->rest[i], place = c->trails[number].place;
        c->rest[i] = c->rest[--c->rest_count];
        c->rest_weight -= c->weights[number];
        if (!ho_marked(&c->chosen, place)) return place; /* else it was chosen from among all candidates */
    }
}

static uint32_t draw_from_list(colony *c)
{
    while (c->misses < MISSES) {
        uint32_t place = c->trails[ho_alias_draw(&c->by_trail, &c->s->rng)].place;
        if (!ho_marked(&c->chosen, place)) return place;
        if (++c->misses == MISSES) list_rest(c);
    }
    return draw_rest(c);
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static uint32_t place_of(const ho_search *s, uint32_t candidate)
{
    const uint32_t *found = bsearch(&candidate, s->pool, s->pool_count, sizeof candidate, by_number);
    return (uint32_t)(found - s->pool);
}

/* A place that is not chosen yet, drawn by pheromone and desirability. */
static uint32_t draw(colony *c, size_t chosen_from_list)
{
    ho_rng *rng = &c->s->rng;
    if (chosen_from_list < c->trail_count && ho_rng_unit(rng) >= c->explore) return draw_from_list(c);
    const uint32_t listed =
        ho_rng_unit(rng) < HO_SHORTLIST_OUTSIDE ? HO_NOBODY : ho_shortlist_draw(&c->list, rng);
    if (listed != HO_NOBODY && !ho_marked(&c->chosen, place_of(c->s, listed))) return place_of(c->s, listed);
    for (int i = 0; i < TRIES; i++) {
        uint32_t place = ho_alias_draw(&c->by_desire, rng);
        if (!ho_marked(&c->chosen, place)) return place;
    }
    for (;;) {
        uint32_t place = ho_rng_below(rng, (uint32_t)c->s->pool_count);
        if (!ho_marked(&c->chosen, place)) return place;
    }
}

static void walk_ant(colony *c, uint32_t *places, uint32_t *members)
{
    size_t from_list = 0;
    c->misses = 0;
    ho_marks_clear(&c->chosen);
    for (size_t i = 0; i < c->s->size; i++) {
        uint32_t place = draw(c, from_list);
        ho_mark(&c->chosen, place);
        from_list += c->trail_of[place] != 0;
        places[i] = place;
        members[i] = c->s->pool[place];
    }
    if (!ho_search_repair(c->s, members)) return;
    for (size_t i = 0; i < c->s->size; i++)
        places[i] = place_of(c->s, members[i]);
}

static void evaporate(colony *c)
{
    double stays = 1 - c->p->evaporation;
    size_t kept = 0;
    c->common = fmax(c->p->pheromone_min, c->common * stays);
    for (size_t i = 0; i < c->trail_count; i++) {
        trail t = c->trails[i];
        t.pheromone *= stays;
        c->trail_of[t.place] = 0;
        if (t.pheromone <= c->common) continue;
        c->trails[kept++] = t;
        c->trail_of[t.place] = (uint32_t)kept;
    }
    c->trail_count = kept;
}

static void deposit(colony *c, const uint32_t *places)
{
    for (size_t i = 0; i < c->s->size; i++) {
        uint32_t place = places[i];
        if (c->trail_of[place] == 0) {
            c->trails[c->trail_count] = (trail){place, c->common};
            c->trail_of[place] = (uint32_t)++c->trail_count;
        }
        double *pheromone = &c->trails[c->trail_of[place] - 1].pheromone;
        *pheromone = fmin(c->p->pheromone_max, *pheromone + c->p->deposit);
    }
}

static void weigh(colony *c)
{
    for (size_t i = 0; i < c->trail_count; i++) {
        trail t = c->trails[i];
        c->weights[i] = (c->p->alpha == 1 ? t.pheromone : pow(t.pheromone, c->p->alpha)) * c->desire[t.place];
    }
    ho_alias_fill(&c->by_trail, c->weights, c->trail_count);
}

/* The best ant of a new colony, none when the search is done before the first. */
static const uint32_t *send_ants(colony *c, double *value)
{
    const size_t size = c->s->size, count = (size_t)c->p->colony_size;
    for (size_t i = 0; i < count; i++)
        walk_ant(c, c->ants + i * size, c->members + i * size);
    ho_search_spend(c->s, (int64_t)(count * size)); /* drawing takes as long as valuing */
    const size_t valued = ho_search_score_many(c->s, c->members, count, c->values);
    size_t best = 0;
    for (size_t i = 1; i < valued; i++) {
        if (c->values[i] > c->values[best]) best = i;
    }
    *value = c->values[best];
    return valued > 0 ? c->ants + best * size : NULL;
}

/* c->best = the set of candidates. */
static void set_best(colony *c, const uint32_t *members, double value)
{
    for (size_t i = 0; i < c->s->size; i++)
        c->best[i] = place_of(c->s, members[i]);
    c->best_value = value;
}

static void list_members(const colony *c, const uint32_t *places, uint32_t *members)
{
    for (size_t i = 0; i < c->s->size; i++)
        members[i] = c->s->pool[places[i]];
}

/* The gains of scans make the best set better. */
static void improve_best(colony *c)
{
    list_members(c, c->best, c->kicked);
    if (ho_shortlist_has_fed(&c->list, c->kicked)) return;
    const double value = ho_shortlist_feed(&c->list, ho_search_set(c->s, c->kicked), true);
    if (!(value > c->best_value)) return;
    set_best(c, c->s->current, value);
    c->idle = 0;
}

static void start_anew(colony *c)
{
    for (size_t i = 0; i < c->trail_count; i++)
        c->trail_of[c->trails[i].place] = 0;
    c->trail_count = 0;
    c->common = c->p->pheromone_start;
    list_members(c, c->best, c->kicked);
    ho_shortlist_kick(&c->list, c->kicked, LEAST_REPLACED, MOST_REPLACED, HO_SHORTLIST_OUTSIDE, c->members);
    set_best(c, c->members, ho_search_score(c->s, c->members));
    c->idle = 0;
}

static void forage(colony *c)
{
    ho_search *s = c->s;
    double value;
    set_best(c, s->first, s->first_value);
    for (int64_t t = 0; c->p->iterations == 0 || t < c->p->iterations; t++) {
        const uint32_t *ant = send_ants(c, &value);
        if (ant == NULL || ho_search_done(s)) return;
        c->idle++;
        if (value > c->best_value) {
            c->best_value = value;
            memcpy(c->best, ant, s->size * sizeof *ant);
            c->idle = 0;
        }
        if (ho_shortlist_is_due(&c->list)) improve_best(c);
        evaporate(c);
        deposit(c, ant);
        if (c->idle >= PATIENCE && !ho_search_done(s)) start_anew(c);
        deposit(c, c->best);
        weigh(c);
    }
}

static ho_status allocate(colony *c, ho_error *err)
{
    const size_t n = c->s->pool_count, size = c->s->size, count = (size_t)c->p->colony_size;
    c->desire = HO_NEW(double, n);
    c->weights = HO_NEW(double, n);
    c->trails = HO_NEW(trail, n);
    c->trail_of = HO_NEW(uint32_t, n);
    c->rest = HO_NEW(uint32_t, n);
    c->ants = HO_NEW(uint32_t, count * size);
    c->members = HO_NEW(uint32_t, count * size);
    c->best = HO_NEW(uint32_t, size);
    c->kicked = HO_NEW(uint32_t, size);
    c->values = HO_NEW(double, count);
    if (c->desire == NULL || c->weights == NULL || c->trails == NULL || c->trail_of == NULL ||
        c->rest == NULL || c->ants == NULL || c->members == NULL || c->best == NULL || c->kicked == NULL ||
        c->values == NULL)
        return ho_fail_memory(err, n * (sizeof *c->trails + 3 * sizeof(double)), "a colony");
    HO_TRY(ho_alias_new(n, &c->by_desire, err));
    HO_TRY(ho_alias_new(n, &c->by_trail, err));
    return ho_marks_new(n, &c->chosen, err);
}

static ho_status run(ho_search *s, const void *params, ho_error *err)
{
    colony c = {.s = s, .p = params};
    c.common = c.p->pheromone_start;
    c.explore = fmin(0.5, c.p->exploration / (double)s->size);
    ho_status status = allocate(&c, err);
    if (status == HO_OK) status = ho_shortlist_new(s, HO_SHORTLIST_ROOM, &c.list, err);
    if (status == HO_OK) status = desirabilities(&c, err);
    if (status == HO_OK) forage(&c);
    free(c.desire);
    free(c.weights);
    free(c.trails);
    free(c.trail_of);
    free(c.rest);
    free(c.ants);
    free(c.members);
    free(c.best);
    free(c.kicked);
    ho_shortlist_free(&c.list);
    free(c.values);
    ho_alias_free(&c.by_desire);
    ho_alias_free(&c.by_trail);
    ho_marks_free(&c.chosen);
    return status;
}

const ho_algorithm ho_algorithm_aco = {
    .name = "aco",
    .title = "ant colony",
    .paper = "M. Dorigo, L. Gambardella, Ant colony system, IEEE Trans. Evolutionary Computation 1 (1997)",
    .text =
        "Ants draw members by pheromone and by what a candidate is worth alone; good sets leave pheromone.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .params_size = sizeof(aco_params),
    .run = run,
};
