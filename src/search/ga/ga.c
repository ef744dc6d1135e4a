/* A genetic algorithm on sets. Children keep the genes that both parents share and draw the rest from the genes of
 * either, so that no child is a patchwork of two sets with a member twice.
 * J. Holland, "Adaptation in natural and artificial systems" (1975); the crossover is that of N. Radcliffe, "Genetic
 * set recombination" (1993); T. Chang, N. Meade, J. Beasley, Y. Sharaiha, "Heuristics for cardinality constrained
 * portfolio optimisation", Computers & OR 27 (2000) use it for portfolios. */
#include "base/error.h"
#include "base/memory.h"
#include "search/search.h"
#include "search/shortlist.h"

#include <math.h>
#include <string.h>

/* A population that has not found a better set for so many generations is scattered: all but its best set become the
 * best one with some members replaced. After L. Eshelman, "The CHC adaptive search algorithm" (1991). */
enum { PATIENCE = 60, LEAST_REPLACED = 4, MOST_REPLACED = 8 };

typedef struct ga_params {
    int64_t population_size, generations, tournament_size;
    double mutation_rate, crossover_rate, elitism_rate;
} ga_params;

static const ho_option options[] = {
    {"population_size", 0, "N", "Sets in a generation.", HO_OPTION_INT, 2, 100000, "30", NULL,
     offsetof(ga_params, population_size)},
    {"generations", 0, "N", "Generations at most; 0: as many as the work budget allows.", HO_OPTION_INT, 0,
     1e12, "0", NULL, offsetof(ga_params, generations)},
    {"mutation_rate", 0, "R", "Chance that a child has one member swapped for a random one.", HO_OPTION_REAL,
     0, 1, "0.1", NULL, offsetof(ga_params, mutation_rate)},
    {"crossover_rate", 0, "R", "Chance that a child has two parents and not one.", HO_OPTION_REAL, 0, 1,
     "0.8", NULL, offsetof(ga_params, crossover_rate)},
    {"elitism_rate", 0, "R", "Share of a generation, the best of it, that lives on.", HO_OPTION_REAL, 0, 1,
     "0.1", NULL, offsetof(ga_params, elitism_rate)},
    {"tournament_size", 0, "N", "Sets that compete to be a parent.", HO_OPTION_INT, 1, 1000, "3", NULL,
     offsetof(ga_params, tournament_size)},
};

typedef struct individual {
    uint32_t *members;
    uint64_t hash;
    double value;
} individual;

typedef struct genetic {
    ho_search *s;
    const ga_params *p;
    size_t count;             /* sets in a generation */
    individual *old, *new;    /* count each, best first once ranked */
    uint32_t *genes, *others; /* members of the old generation, and of the new: one set after another */
    uint32_t *unshared;       /* 2 * size */
    double *values;
    ho_shortlist list;
    double best; /* since the population was scattered */
    int idle;    /* generations since it was found */
    ho_marks marks;
} genetic;

static int better_first(const void *a, const void *b)
{
    const individual *x = a, *y = b;
    if (x->value != y->value) return x->value > y->value ? -1 : 1;
    return (x->hash > y->hash) - (x->hash < y->hash); /* qsort is not stable: an order all the same */
}

static const individual *tournament(genetic *g)
{
    size_t best = g->count;
    for (int64_t i = 0; i < g->p->tournament_size; i++) {
        size_t rival = ho_rng_below(&g->s->rng, (uint32_t)g->count);
        if (rival < best) best = rival; /* ranked */
    }
    return &g->old[best];
}

/* child = what a and b share, filled up from what only one of them has. */
static void cross(genetic *g, const uint32_t *a, const uint32_t *b, uint32_t *child)
{
    ho_search *s = g->s;
    size_t shared = 0, rest = 0;
    ho_marks_set(&g->marks, a, s->size);
    for (size_t i = 0; i < s->size; i++) {
        if (ho_marked(&g->marks, b[i])) {
            child[shared++] = b[i];
            ho_unmark(&g->marks, b[i]);
        } else {
            g->unshared[rest++] = b[i];
        }
    }
    for (size_t i = 0; i < s->size; i++) {
        if (ho_marked(&g->marks, a[i])) g->unshared[rest++] = a[i];
    }
    for (size_t i = shared; i < s->size; i++) {
        size_t pick = ho_rng_below(&s->rng, (uint32_t)rest);
        child[i] = g->unshared[pick];
        g->unshared[pick] = g->unshared[--rest];
    }
}

static void mutate(genetic *g, uint32_t *child)
{
    ho_marks_set(&g->marks, child, g->s->size);
    uint32_t in = ho_shortlist_suggest(&g->list, HO_SHORTLIST_OUTSIDE, &g->marks);
    child[ho_rng_below(&g->s->rng, (uint32_t)g->s->size)] = in;
}

static void finish(genetic *g, individual *child)
{
    (void)ho_search_repair(g->s, child->members);
    child->hash = ho_members_hash(child->members, g->s->size);
}

static bool is_twin(const individual *child, const individual *others, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (others[i].hash == child->hash) return true;
    }
    return false;
}

/* g->new[place], with g->new[0..place-1] made before. A twin of one of these would waste its place: it mutates. */
static void breed(genetic *g, size_t place)
{
    individual *child = &g->new[place];
    const individual *mother = tournament(g);
    if (ho_rng_unit(&g->s->rng) < g->p->crossover_rate)
        cross(g, mother->members, tournament(g)->members, child->members);
    else
        memcpy(child->members, mother->members, g->s->size * sizeof *child->members);
    if (ho_rng_unit(&g->s->rng) < g->p->mutation_rate) mutate(g, child->members);
    finish(g, child);
    for (int tries = 0; tries < 3 && is_twin(child, g->new, place); tries++) {
        mutate(g, child->members);
        finish(g, child);
    }
}

static void rank(individual *sets, const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sets[i].value = values[i];
    qsort(sets, count, sizeof *sets, better_first);
}

/* The new generation becomes the old one. */
static void change_generations(genetic *g)
{
    individual *ranked = g->new;
    g->new = g->old;
    g->old = ranked;
    uint32_t *filled = g->others;
    g->others = g->genes;
    g->genes = filled;
}

static void next_generation(genetic *g, size_t elites)
{
    const size_t size = g->s->size;
    for (size_t place = 0; place < g->count; place++) {
        g->new[place].members = g->others + place *size;
        if (place >= elites) {
            breed(g, place);
            continue;
        }
        memcpy(g->new[place].members, g->old[place].members, size * sizeof *g->others);
        g->new[place].hash = g->old[place].hash;
        g->values[place] = g->old[place].value;
    }
    (void)ho_search_score_many(g->s, g->others + elites * size, g->count - elites, g->values + elites);
    rank(g->new, g->values, g->count);
    change_generations(g);
}

/* The population's values into g->values, in its order. */
static void list_values(genetic *g)
{
    for (size_t i = 0; i < g->count; i++)
        g->values[i] = g->old[i].value;
}

/* A good set goes to school: the gains of scans make it better, and it takes the place of the worst set. */
static void educate(genetic *g)
{
    ho_search *s = g->s;
    const individual *pupil = &g->old[0];
    if (ho_shortlist_has_fed(&g->list, pupil->members)) pupil = tournament(g);
    const double value = ho_shortlist_feed(&g->list, ho_search_set(s, pupil->members), true);
    if (!(value > pupil->value)) return;
    individual *last = &g->old[g->count - 1];
    memcpy(last->members, s->current, s->size * sizeof *last->members);
    last->hash = ho_members_hash(last->members, s->size);
    list_values(g);
    g->values[g->count - 1] = value;
    rank(g->old, g->values, g->count);
}

static void scatter(genetic *g)
{
    const size_t size = g->s->size;
    for (size_t i = 0; i < g->count; i++) {
        uint32_t *set = g->others + i * size;
        if (i == 0)
            memcpy(set, g->old[0].members, size * sizeof *set);
        else
            ho_shortlist_kick(&g->list, g->others, LEAST_REPLACED, MOST_REPLACED, HO_SHORTLIST_OUTSIDE, set);
        g->new[i].members = set;
        g->new[i].hash = ho_members_hash(set, size);
    }
    list_values(g);
    (void)ho_search_score_many(g->s, g->others + size, g->count - 1, g->values + 1);
    rank(g->new, g->values, g->count);
    change_generations(g);
    g->idle = 0;
}

/* Counts the generations without a better set. */
static void watch_progress(genetic *g)
{
    const double best = g->old[0].value;
    g->idle = best > g->best ? 0 : g->idle + 1;
    g->best = fmax(g->best, best);
    if (g->idle >= PATIENCE && !ho_search_done(g->s)) scatter(g);
}

static ho_status allocate(genetic *g, ho_error *err)
{
    size_t size = g->s->size;
    g->old = HO_NEW(individual, g->count);
    g->new = HO_NEW(individual, g->count);
    g->genes = HO_NEW(uint32_t, g->count * size);
    g->others = HO_NEW(uint32_t, g->count * size);
    g->unshared = HO_NEW(uint32_t, 2 * size);
    g->values = HO_NEW(double, g->count);
    if (g->old == NULL || g->new == NULL || g->genes == NULL || g->others == NULL || g->unshared == NULL ||
        g->values == NULL)
        return ho_fail_memory(err, 2 * g->count * (size * sizeof *g->genes + sizeof *g->old), "a population");
    for (size_t i = 0; i < g->count; i++)
        g->old[i].members = g->genes + i * size;
    return ho_marks_new(g->s->candidates, &g->marks, err);
}

static void evolve(genetic *g)
{
    ho_search *s = g->s;
    memcpy(g->old[0].members, s->first, s->size * sizeof *s->first);
    for (size_t i = 1; i < g->count; i++)
        ho_search_random_set(s, g->old[i].members);
    g->values[0] = s->first_value;
    (void)ho_search_score_many(s, g->genes + s->size, g->count - 1, g->values + 1);
    for (size_t i = 0; i < g->count; i++)
        g->old[i].hash = ho_members_hash(g->old[i].members, s->size);
    rank(g->old, g->values, g->count);
    size_t elites = (size_t)(g->p->elitism_rate * (double)g->count + 0.5);
    if (elites >= g->count) elites = g->count - 1;
    for (int64_t i = 0; !ho_search_done(s) && (g->p->generations == 0 || i < g->p->generations); i++) {
        next_generation(g, elites);
        if (ho_shortlist_is_due(&g->list)) educate(g);
        watch_progress(g);
    }
}

static ho_status run(ho_search *s, const void *params, ho_error *err)
{
    genetic g = {.s = s, .p = params, .best = -INFINITY};
    g.count = (size_t)g.p->population_size;
    ho_status status = allocate(&g, err);
    if (status == HO_OK) status = ho_shortlist_new(s, HO_SHORTLIST_ROOM, &g.list, err);
    if (status == HO_OK) evolve(&g);
    ho_shortlist_free(&g.list);
    free(g.old);
    free(g.new);
    free(g.genes);
    free(g.others);
    free(g.values);
    free(g.unshared);
    ho_marks_free(&g.marks);
    return status;
}

const ho_algorithm ho_algorithm_ga = {
    .name = "ga",
    .title = "genetic algorithm",
    .paper = "N. Radcliffe, Genetic set recombination, Foundations of Genetic Algorithms 2 (1993)",
    .text =
        "Children keep what both parents share and fill up from either; mutation by swaps; elites live on.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .params_size = sizeof(ga_params),
    .run = run,
};
