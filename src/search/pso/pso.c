/* Particle swarm on sets. A velocity is a chance for each candidate that the next move swaps it in; what a particle's
 * own best and the swarm's best have and it lacks pulls that chance up, and inertia lets it fade.
 * J. Kennedy, R. Eberhart, "Particle swarm optimization", ICNN (1995), with the turbulence they call craziness;
 * sets after W.-N. Chen and others, "A novel set-based particle swarm optimization method for discrete optimization
 * problems", IEEE Trans. Evolutionary Computation 14 (2010). */
#include "base/error.h"
#include "base/memory.h"
#include "search/search.h"
#include "search/shortlist.h"

#include <math.h>
#include <string.h>

/* A swarm that has not found a better set for so many moves is scattered around its best one. */
enum { PATIENCE = 60, LEAST_REPLACED = 4, MOST_REPLACED = 8 };

#define FADED 0.02 /* a chance below this is forgotten */

typedef struct pso_params {
    int64_t swarm_size, iterations;
    double inertia_start, inertia_end, cognitive, social, max_velocity;
} pso_params;

static const ho_option options[] = {
    {"swarm_size", 0, "N", "Particles.", HO_OPTION_INT, 1, 100000, "25", NULL,
     offsetof(pso_params, swarm_size)},
    {"iterations", 0, "N", "Moves of the swarm at most; 0: as many as the work budget allows.", HO_OPTION_INT,
     0, 1e12, "0", NULL, offsetof(pso_params, iterations)},
    {"inertia_start", 0, "R", "Share of its velocity that a particle keeps, at the start.", HO_OPTION_REAL, 0,
     1, "0.9", NULL, offsetof(pso_params, inertia_start)},
    {"inertia_end", 0, "R", "The same at the end; between them it falls in a straight line.", HO_OPTION_REAL,
     0, 1, "0.4", NULL, offsetof(pso_params, inertia_end)},
    {"cognitive", 0, "R", "Pull of a particle's own best set.", HO_OPTION_REAL, 0, 100, "2", NULL,
     offsetof(pso_params, cognitive)},
    {"social", 0, "R", "Pull of the swarm's best set.", HO_OPTION_REAL, 0, 100, "2", NULL,
     offsetof(pso_params, social)},
    {"max_velocity", 0, "R", "Largest chance of a swap.", HO_OPTION_REAL, 0, 1, "0.5", NULL,
     offsetof(pso_params, max_velocity)},
};

/* The chance that `in` is swapped in at the next move. */
typedef struct pull {
    uint32_t in;
    double chance;
} pull;

typedef struct particle {
    uint32_t *members, *best;
    double best_value;
    pull *pulls; /* room for 4 * size */
    size_t pull_count;
} particle;

typedef struct swarm {
    ho_search *s;
    const pso_params *p;
    size_t count, leader;
    particle *particles;
    uint32_t *members; /* of all particles, one set after another, then their bests */
    double *values;
    pull *pulls;
    uint32_t *where; /* by candidate: its place in the list of pulls, where `pulled` */
    ho_shortlist list;
    int idle; /* moves without a better set */
    ho_marks inside, pulled;
} swarm;

/* Velocity fades; what has faded, and what has arrived, is dropped. */
static void fade(swarm *w, particle *x, double inertia)
{
    size_t kept = 0;
    ho_marks_clear(&w->pulled);
    for (size_t i = 0; i < x->pull_count; i++) {
        pull p = x->pulls[i];
        p.chance *= inertia;
        if (p.chance < FADED || ho_marked(&w->inside, p.in)) continue;
        w->where[p.in] = (uint32_t)kept;
        ho_mark(&w->pulled, p.in);
        x->pulls[kept++] = p;
    }
    x->pull_count = kept;
}

static void pull_towards(swarm *w, particle *x, const uint32_t *goal, double strength)
{
    size_t size = w->s->size;
    for (size_t i = 0; i < size; i++) {
        uint32_t j = goal[i];
        if (ho_marked(&w->inside, j)) continue;
        double chance = strength * ho_rng_unit(&w->s->rng);
        if (!ho_marked(&w->pulled, j)) {
            if (x->pull_count == 4 * size) continue;
            ho_mark(&w->pulled, j);
            w->where[j] = (uint32_t)x->pull_count;
            x->pulls[x->pull_count++] = (pull){j, 0};
        }
        pull *p = &x->pulls[w->where[j]];
        p->chance += chance;
        if (p->chance > w->p->max_velocity) p->chance = w->p->max_velocity;
    }
}

static void swap_in(swarm *w, particle *x, size_t slot, uint32_t in)
{
    ho_unmark(&w->inside, x->members[slot]);
    ho_mark(&w->inside, in);
    x->members[slot] = in;
}

/* Puts the members that the swarm's best lacks to the front; their number. They are the ones to give up. */
static size_t strangers_first(swarm *w, particle *x)
{
    const uint32_t *goal = w->particles[w->leader].best;
    size_t front = 0;
    ho_marks_set(&w->pulled, goal, w->s->size);
    for (size_t i = 0; i < w->s->size; i++) {
        if (ho_marked(&w->pulled, x->members[i])) continue;
        uint32_t stranger = x->members[i];
        x->members[i] = x->members[front];
        x->members[front++] = stranger;
    }
    return front;
}

static void move_particle(swarm *w, particle *x, double inertia)
{
    ho_search *s = w->s;
    ho_marks_set(&w->inside, x->members, s->size);
    fade(w, x, inertia);
    pull_towards(w, x, x->best, w->p->cognitive);
    pull_towards(w, x, w->particles[w->leader].best, w->p->social);
    size_t strangers = strangers_first(w, x);
    bool moved = false;
    for (size_t i = 0; i < x->pull_count; i++) {
        if (ho_rng_unit(&s->rng) >= x->pulls[i].chance) continue;
        size_t leaving = ho_rng_below(&s->rng, (uint32_t)(strangers != 0 ? strangers : s->size));
        swap_in(w, x, leaving, x->pulls[i].in);
        moved = true;
        if (strangers != 0) { /* a swap leaves one stranger less to give up */
            uint32_t arrived = x->members[leaving];
            x->members[leaving] = x->members[--strangers];
            x->members[strangers] = arrived;
        }
    }
    if (!moved || ho_rng_unit(&s->rng) < inertia)
        swap_in(w, x, ho_rng_below(&s->rng, (uint32_t)s->size),
                ho_shortlist_suggest(&w->list, HO_SHORTLIST_OUTSIDE, &w->inside));
    (void)ho_search_repair(s, x->members);
}

/* The best that particle i has seen. */
static void remember(swarm *w, size_t i, const uint32_t *members, double value)
{
    particle *x = &w->particles[i];
    const double best = w->particles[w->leader].best_value;
    x->best_value = value;
    memcpy(x->best, members, w->s->size * sizeof *x->best);
    if (!(value > best)) return;
    w->leader = i;
    w->idle = 0;
}

/* Values all particles, and remembers the best that each has seen. */
static void look(swarm *w, size_t first)
{
    const size_t size = w->s->size;
    (void)ho_search_score_many(w->s, w->members + first * size, w->count - first, w->values + first);
    w->idle++;
    for (size_t i = 0; i < w->count; i++) {
        particle *x = &w->particles[i];
        if (w->values[i] > x->best_value) remember(w, i, x->members, w->values[i]);
    }
}

/* The gains of scans make the swarm's best set better. */
static void improve_best(swarm *w)
{
    size_t i = w->leader;
    if (ho_shortlist_has_fed(&w->list, w->particles[i].best))
        i = ho_rng_below(&w->s->rng, (uint32_t)w->count);
    const double value = ho_shortlist_feed(&w->list, ho_search_set(w->s, w->particles[i].best), true);
    if (value > w->particles[i].best_value) remember(w, i, w->s->current, value);
}

static void scatter(swarm *w)
{
    const particle *leader = &w->particles[w->leader];
    for (size_t i = 0; i < w->count; i++) {
        particle *x = &w->particles[i];
        ho_shortlist_kick(&w->list, leader->best, LEAST_REPLACED, MOST_REPLACED, HO_SHORTLIST_OUTSIDE,
                          x->members);
        x->pull_count = 0;
        if (x != leader) x->best_value = -INFINITY;
    }
    look(w, 0);
    w->idle = 0;
}

static void start(swarm *w)
{
    ho_search *s = w->s;
    memcpy(w->members, s->first, s->size * sizeof *s->first);
    w->values[0] = s->first_value;
    for (size_t i = 0; i < w->count; i++) {
        particle *x = &w->particles[i];
        if (i != 0) ho_search_random_set(s, x->members);
        memcpy(x->best, x->members, s->size * sizeof *x->best);
        x->best_value = -INFINITY;
    }
    look(w, 1);
}

static void fly(swarm *w)
{
    ho_search *s = w->s;
    start(w);
    for (int64_t t = 0; !ho_search_done(s) && (w->p->iterations == 0 || t < w->p->iterations); t++) {
        double share = ho_search_share(s), done = (double)t / (double)w->p->iterations;
        if (w->p->iterations != 0 && done > share) share = done;
        double inertia = w->p->inertia_start + share * (w->p->inertia_end - w->p->inertia_start);
        for (size_t i = 0; i < w->count; i++)
            move_particle(w, &w->particles[i], inertia);
        look(w, 0);
        if (ho_shortlist_is_due(&w->list)) improve_best(w);
        if (w->idle >= PATIENCE && !ho_search_done(s)) scatter(w);
    }
}

static ho_status allocate(swarm *w, ho_error *err)
{
    size_t size = w->s->size;
    w->particles = HO_NEW(particle, w->count);
    w->members = HO_NEW(uint32_t, 2 * w->count * size);
    w->pulls = HO_NEW(pull, 4 * w->count * size);
    w->where = HO_NEW(uint32_t, w->s->candidates);
    w->values = HO_NEW(double, w->count);
    if (w->particles == NULL || w->members == NULL || w->pulls == NULL || w->where == NULL ||
        w->values == NULL)
        return ho_fail_memory(err, 4 * w->count * size * sizeof *w->pulls, "a swarm");
    for (size_t i = 0; i < w->count; i++) {
        w->particles[i].members = w->members + i * size;
        w->particles[i].best = w->members + (w->count + i) * size;
        w->particles[i].pulls = w->pulls + 4 * i * size;
    }
    HO_TRY(ho_marks_new(w->s->candidates, &w->inside, err));
    return ho_marks_new(w->s->candidates, &w->pulled, err);
}

static ho_status run(ho_search *s, const void *params, ho_error *err)
{
    swarm w = {.s = s, .p = params};
    w.count = (size_t)w.p->swarm_size;
    ho_status status = allocate(&w, err);
    if (status == HO_OK) status = ho_shortlist_new(s, HO_SHORTLIST_ROOM, &w.list, err);
    if (status == HO_OK) fly(&w);
    ho_shortlist_free(&w.list);
    free(w.particles);
    free(w.members);
    free(w.pulls);
    free(w.where);
    free(w.values);
    ho_marks_free(&w.inside);
    ho_marks_free(&w.pulled);
    return status;
}

const ho_algorithm ho_algorithm_pso = {
    .name = "pso",
    .title = "particle swarm",
    .paper =
        "W.-N. Chen and others, A novel set-based particle swarm optimization method, IEEE TEC 14 (2010)",
    .text =
        "Particles swap in what their own and the swarm's best set have; velocity is the chance of a swap.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .params_size = sizeof(pso_params),
    .run = run,
};
