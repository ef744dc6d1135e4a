/* Differential evolution on sets. A difference of two sets is the members that the first has and the second lacks,
 * with those to give up in return; a share F of it is added to the best set, and the result is crossed with the
 * target, which it replaces only if it is better.
 * R. Storn, K. Price, "Differential evolution", J. of Global Optimization 11 (1997); sets in place of vectors after
 * D. Maravilha, J. Ramirez, F. Campelo, "Combinatorial optimization with differential evolution: a set-based
 * approach", GECCO companion (2014). */
#include "base/error.h"
#include "base/memory.h"
#include "search/search.h"
#include "search/shortlist.h"

#include <string.h>

/* A population that has not found a better set for so many generations is scattered around its best one. */
enum { PATIENCE = 60, LEAST_REPLACED = 4, MOST_REPLACED = 8 };

typedef struct de_params {
    int64_t population_size, generations;
    double mutation_factor, crossover_probability;
    char *strategy;
} de_params;

static const ho_option options[] = {
    {"population_size", 0, "N", "Sets in the population.", HO_OPTION_INT, 4, 100000, "30", NULL,
     offsetof(de_params, population_size)},
    {"generations", 0, "N", "Generations at most; 0: as many as the work budget allows.", HO_OPTION_INT, 0,
     1e12, "0", NULL, offsetof(de_params, generations)},
    {"mutation_factor", 0, "F", "Share of a difference that is added.", HO_OPTION_REAL, 0, 1, "0.8", NULL,
     offsetof(de_params, mutation_factor)},
    {"crossover_probability", 0, "R", "Chance that a member comes from the mutant and not from the target.",
     HO_OPTION_REAL, 0, 1, "0.7", NULL, offsetof(de_params, crossover_probability)},
    {"strategy", 0, "NAME", "The set that a difference is added to: the best one or a random one.",
     HO_OPTION_CHOICE, 0, 0, "best_1_bin", "best_1_bin|rand_1_bin", offsetof(de_params, strategy)},
};

typedef struct evolution {
    ho_search *s;
    const de_params *p;
    size_t count, best;
    uint32_t *genes, *trials; /* count sets each: the population, and a trial for each of its sets */
    double *values, *trial_values;
    uint64_t *hashes, *trial_hashes;
    uint32_t *mutant, *one, *two; /* size each: a set and lists of members */
    ho_shortlist list;
    int idle; /* generations without a better set */
    ho_marks marks;
} evolution;

static uint32_t *set_of(const evolution *e, size_t i)
{
    return e->genes + i * e->s->size;
}

static size_t another(evolution *e, const size_t *taken, size_t count)
{
    for (;;) {
        size_t i = ho_rng_below(&e->s->rng, (uint32_t)e->count), same = 0;
        for (size_t t = 0; t < count; t++)
            same += taken[t] == i;
        if (same == 0) return i;
    }
}

/* out = members of `of` that are not in `without`; their number. */
static size_t difference(evolution *e, const uint32_t *of, const uint32_t *without, uint32_t *out)
{
    size_t count = 0;
    ho_marks_set(&e->marks, without, e->s->size);
    for (size_t i = 0; i < e->s->size; i++) {
        if (!ho_marked(&e->marks, of[i])) out[count++] = of[i];
    }
    return count;
}

static void shuffle(ho_rng *rng, uint32_t *list, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = ho_rng_below(rng, (uint32_t)i);
        uint32_t kept = list[i - 1];
        list[i - 1] = list[j];
        list[j] = kept;
    }
}

/* e->mutant = base + F * (from - to): members of from \ to come in, members of to \ from leave first. */
static void mutate(evolution *e, const uint32_t *base, const uint32_t *from, const uint32_t *to)
{
    ho_rng *rng = &e->s->rng;
    size_t size = e->s->size, gains = difference(e, from, to, e->one),
           losses = difference(e, to, from, e->two);
    /* the mutant's members, those to give up first: a swap of the difference takes the place of the next of them */
    ho_marks_set(&e->marks, e->two, losses);
    size_t front = 0, back = size;
    for (size_t i = 0; i < size; i++)
        e->mutant[ho_marked(&e->marks, base[i]) ? front++ : --back] = base[i];
    shuffle(rng, e->mutant, front);
    shuffle(rng, e->mutant + front, size - front);
    ho_marks_set(&e->marks, base, size);
    size_t place = 0;
    for (size_t i = 0; i < gains && place < size; i++) {
        if (ho_marked(&e->marks, e->one[i]) || ho_rng_unit(rng) >= e->p->mutation_factor) continue;
        e->mutant[place++] = e->one[i];
    }
}

/* trial = the target with some of the mutant's members, at least one where they differ. */
static void cross(evolution *e, const uint32_t *target, uint32_t *trial)
{
    ho_rng *rng = &e->s->rng;
    size_t olds = difference(e, target, e->mutant, e->two), place = 0;
    size_t news = difference(e, e->mutant, target, e->one); /* as many; the target is marked now */
    shuffle(rng, e->two, olds);
    for (size_t i = 0; i < e->s->size; i++) {
        if (ho_marked(&e->marks, e->mutant[i])) trial[place++] = e->mutant[i];
    }
    size_t sure = news != 0 ? ho_rng_below(rng, (uint32_t)news) : 0, kept = 0;
    for (size_t i = 0; i < news; i++) {
        bool taken = i == sure || ho_rng_unit(rng) < e->p->crossover_probability;
        trial[place++] = taken ? e->one[i] : e->two[kept++];
    }
}

static bool is_among(uint64_t hash, const uint64_t *hashes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (hashes[i] == hash) return true;
    }
    return false;
}

/* Differences only rearrange the members that the population holds, and vanish as it converges. A trial that is in
 * the population already, or among the trials before it, says nothing new: it takes up a candidate from outside. */
static uint64_t renew(evolution *e, uint32_t *trial, size_t before)
{
    ho_search *s = e->s;
    (void)ho_search_repair(s, trial);
    uint64_t hash = ho_members_hash(trial, s->size);
    for (int tries = 0; tries < 3; tries++) {
        if (!is_among(hash, e->hashes, e->count) && !is_among(hash, e->trial_hashes, before)) break;
        ho_marks_set(&e->marks, trial, s->size);
        trial[ho_rng_below(&s->rng, (uint32_t)s->size)] =
            ho_shortlist_suggest(&e->list, HO_SHORTLIST_OUTSIDE, &e->marks);
        (void)ho_search_repair(s, trial);
        hash = ho_members_hash(trial, s->size);
    }
    return hash;
}

static void make_trial(evolution *e, size_t target)
{
    bool from_best = strcmp(e->p->strategy, "best_1_bin") == 0;
    uint32_t *trial = e->trials + target * e->s->size;
    size_t taken[3] = {target, 0, 0};
    taken[1] = another(e, taken, 1);
    taken[2] = another(e, taken, 2);
    size_t base = from_best ? e->best : another(e, taken, 3);
    mutate(e, set_of(e, base), set_of(e, taken[1]), set_of(e, taken[2]));
    cross(e, set_of(e, target), trial);
    e->trial_hashes[target] = renew(e, trial, target);
}

static void replace(evolution *e, size_t i, const uint32_t *set, double value)
{
    memcpy(set_of(e, i), set, e->s->size * sizeof *set);
    e->values[i] = value;
    e->hashes[i] = ho_members_hash(set, e->s->size);
    if (!(value > e->values[e->best])) return;
    e->best = i;
    e->idle = 0;
}

/* All trials come from the same population; those that are better replace their targets. */
static void next_generation(evolution *e)
{
    const size_t size = e->s->size;
    for (size_t i = 0; i < e->count; i++)
        make_trial(e, i);
    (void)ho_search_score_many(e->s, e->trials, e->count, e->trial_values);
    e->idle++;
    for (size_t i = 0; i < e->count; i++) {
        if (e->trial_values[i] > e->values[i]) replace(e, i, e->trials + i * size, e->trial_values[i]);
    }
}

/* The gains of scans make the best set better. */
static void improve_best(evolution *e)
{
    size_t i = e->best;
    if (ho_shortlist_has_fed(&e->list, set_of(e, i))) i = ho_rng_below(&e->s->rng, (uint32_t)e->count);
    const double value = ho_shortlist_feed(&e->list, ho_search_set(e->s, set_of(e, i)), true);
    if (value > e->values[i]) replace(e, i, e->s->current, value);
}

static void scatter(evolution *e)
{
    const size_t size = e->s->size;
    const double best = e->values[e->best];
    memcpy(e->trials, set_of(e, e->best), size * sizeof *e->trials);
    for (size_t i = 1; i < e->count; i++)
        ho_shortlist_kick(&e->list, e->trials, LEAST_REPLACED, MOST_REPLACED, HO_SHORTLIST_OUTSIDE,
                          e->trials + i * size);
    (void)ho_search_score_many(e->s, e->trials + size, e->count - 1, e->trial_values + 1);
    e->best = 0;
    replace(e, 0, e->trials, best);
    for (size_t i = 1; i < e->count; i++)
        replace(e, i, e->trials + i * size, e->trial_values[i]);
    e->idle = 0;
}

static void evolve(evolution *e)
{
    ho_search *s = e->s;
    memcpy(set_of(e, 0), s->first, s->size * sizeof *s->first);
    for (size_t i = 1; i < e->count; i++)
        ho_search_random_set(s, set_of(e, i));
    e->values[0] = s->first_value;
    (void)ho_search_score_many(s, set_of(e, 1), e->count - 1, e->values + 1);
    for (size_t i = 0; i < e->count; i++) {
        e->hashes[i] = ho_members_hash(set_of(e, i), s->size);
        if (e->values[i] > e->values[e->best]) e->best = i;
    }
    for (int64_t g = 0; !ho_search_done(s) && (e->p->generations == 0 || g < e->p->generations); g++) {
        next_generation(e);
        if (ho_shortlist_is_due(&e->list)) improve_best(e);
        if (e->idle >= PATIENCE && !ho_search_done(s)) scatter(e);
    }
}

static ho_status run(ho_search *s, const void *params, ho_error *err)
{
    evolution e = {.s = s, .p = params};
    e.count = (size_t)e.p->population_size;
    e.genes = HO_NEW(uint32_t, 2 * e.count * s->size);
    e.values = HO_NEW(double, 2 * e.count);
    e.hashes = HO_NEW(uint64_t, 2 * e.count);
    uint32_t *lists = HO_NEW(uint32_t, 3 * s->size);
    ho_status status = HO_OK;
    if (e.genes == NULL || e.values == NULL || e.hashes == NULL || lists == NULL)
        status = ho_fail_memory(err, 2 * e.count * s->size * sizeof *lists, "a population");
    if (status == HO_OK) status = ho_marks_new(s->candidates, &e.marks, err);
    if (status == HO_OK) {
        e.trials = e.genes + e.count * s->size;
        e.trial_values = e.values + e.count;
        e.trial_hashes = e.hashes + e.count;
        e.mutant = lists;
        e.one = lists + s->size;
        e.two = lists + 2 * s->size;
        status = ho_shortlist_new(s, HO_SHORTLIST_ROOM, &e.list, err);
    }
    if (status == HO_OK) evolve(&e);
    ho_shortlist_free(&e.list);
    free(e.genes);
    free(e.values);
    free(e.hashes);
    free(lists);
    ho_marks_free(&e.marks);
    return status;
}

const ho_algorithm ho_algorithm_de = {
    .name = "de",
    .title = "differential evolution",
    .paper = "R. Storn, K. Price, Differential evolution, J. of Global Optimization 11 (1997)",
    .text = "The best set plus a share of the difference of two others, crossed with the set it may replace.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .params_size = sizeof(de_params),
    .run = run,
};
