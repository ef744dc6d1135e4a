/* Bayesian optimisation: a surrogate fitted to the sets seen so far says which of many proposed sets is worth valuing.
 * J. Mockus, "On Bayesian methods for seeking the extremum" (1974); D. Jones, M. Schonlau, W. Welch, "Efficient global
 * optimization of expensive black-box functions", J. of Global Optimization 13 (1998). The surrogate sees features of
 * a set, not its members, and only the recent and the best sets, as in D. Eriksson and others, "Scalable global
 * optimization via local Bayesian optimization", NeurIPS (2019): its cost grows with the square of what it sees. */
#include "base/error.h"
#include "base/memory.h"
#include "search/bo/gp.h"
#include "search/search.h"
#include "search/shortlist.h"

#include <math.h>
#include <string.h>

enum {
    WINDOW = 48, /* sets that the surrogate sees */
    KEPT = 24,   /* of these, the best that stay when the window is full */
    OWN_FEATURES =
        3, /* where the objective describes nothing: mean, spread, least of the members' single values */
    MOST_FEATURES = 64
};

typedef struct bo_params {
    int64_t n_calls, n_initial_points, candidates;
    double exploration_rate;
} bo_params;

static const ho_option options[] = {
    {"n_calls", 0, "N", "Sets to value at most; 0: as many as the work budget allows.", HO_OPTION_INT, 0,
     1e12, "0", NULL, offsetof(bo_params, n_calls)},
    {"n_initial_points", 0, "N", "Random sets before the first fit.", HO_OPTION_INT, 2, 40, "10", NULL,
     offsetof(bo_params, n_initial_points)},
    {"candidates", 0, "N", "Sets proposed for each one that is valued.", HO_OPTION_INT, 1, 100000, "64", NULL,
     offsetof(bo_params, candidates)},
    {"exploration_rate", 0, "R", "Chance that a proposal starts from any set seen and not from the best.",
     HO_OPTION_REAL, 0, 1, "0.2", NULL, offsetof(bo_params, exploration_rate)},
};

typedef struct seen {
    uint32_t *members;
    double *features;
    double value;
} seen;

typedef struct belief {
    ho_search *s;
    const bo_params *p;
    size_t features, count;
    seen sets[WINDOW]; /* best first up to the last fit, then as they came */
    size_t best;
    uint32_t *members; /* of all sets, and of the two proposals */
    double *numbers;   /* features of the same; for a fit, all of them once more and the values */
    uint32_t *proposal, *favourite;
    double *proposal_features, *favourite_features;
    double *singles; /* by candidate, NaN: not asked yet; only for features of our own */
    ho_gp gp;
    ho_shortlist list;
    ho_marks marks;
} belief;

static double single_value(belief *b, uint32_t j)
{
    if (isnan(b->singles[j])) {
        double value = ho_search_score_single(b->s, j);
        b->singles[j] = isfinite(value) ? value : 0;
    }
    return b->singles[j];
}

static void describe(belief *b, const uint32_t *members, double *features)
{
    if (b->s->features != 0) {
        ho_search_describe(b->s, members, features);
    } else {
        double sum = 0, squares = 0, least = INFINITY, count = (double)b->s->size;
        for (size_t i = 0; i < b->s->size; i++) {
            double value = single_value(b, members[i]);
            sum += value;
            squares += value * value;
            least = fmin(least, value);
        }
        features[0] = sum / count;
        features[1] = sqrt(fmax(squares / count - features[0] * features[0], 0));
        features[2] = least;
        ho_search_spend(b->s, 1);
    }
    for (size_t f = 0; f < b->features; f++) {
        if (!isfinite(features[f])) features[f] = 0;
    }
}

static int better_first(const void *a, const void *b)
{
    const seen *x = a, *y = b;
    if (x->value != y->value) return x->value > y->value ? -1 : 1;
    return (x->members > y->members) -
           (x->members < y->members); /* places in one block: an order that repeats */
}

/* Values that are not finite count as the worst finite one: a surrogate cannot learn from infinity. */
static double tamed(const belief *b, double value)
{
    if (isfinite(value)) return value;
    double worst = 0;
    bool found = false;
    for (size_t i = 0; i < b->count; i++) {
        double v = b->sets[i].value;
        if (!isfinite(v) || (found && (value > 0 ? v < worst : v > worst))) continue;
        worst = v;
        found = true;
    }
    return worst;
}

static void fit(belief *b)
{
    double *x = b->numbers + (WINDOW + 2) * b->features, *y = x + WINDOW * b->features;
    qsort(b->sets, b->count, sizeof *b->sets, better_first);
    if (b->count > KEPT) b->count = KEPT;
    b->best = 0;
    for (size_t i = 0; i < b->count; i++) {
        memcpy(x + i * b->features, b->sets[i].features, b->features * sizeof *x);
        y[i] = tamed(b, b->sets[i].value);
    }
    ho_gp_fit(&b->gp, x, y, b->count);
}

static void take_in(belief *b, const uint32_t *members, const double *features, double value)
{
    seen *place = &b->sets[b->count];
    memcpy(place->members, members, b->s->size * sizeof *members);
    memcpy(place->features, features, b->features * sizeof *features);
    place->value = value;
    if (value > b->sets[b->best].value) b->best = b->count;
    b->count++;
}

/* A good set with one member swapped, or a few: each further swap with half the chance. */
static void propose(belief *b)
{
    ho_search *s = b->s;
    size_t from = b->best;
    if (ho_rng_unit(&s->rng) < b->p->exploration_rate) from = ho_rng_below(&s->rng, (uint32_t)b->count);
    memcpy(b->proposal, b->sets[from].members, s->size * sizeof *b->proposal);
    ho_marks_set(&b->marks, b->proposal, s->size);
    do {
        size_t slot = ho_rng_below(&s->rng, (uint32_t)s->size);
        uint32_t in = ho_shortlist_suggest(&b->list, HO_SHORTLIST_OUTSIDE, &b->marks);
        ho_unmark(&b->marks, b->proposal[slot]);
        ho_mark(&b->marks, in);
        b->proposal[slot] = in;
    } while (ho_rng_unit(&s->rng) < 0.25);
    (void)ho_search_repair(s, b->proposal);
}

/* The proposal of highest expected improvement becomes the favourite. */
static void choose_favourite(belief *b)
{
    double best_gain = -INFINITY, best = tamed(b, b->sets[b->best].value);
    int64_t n = (int64_t)b->gp.count;
    for (int64_t i = 0; i < b->p->candidates && (i == 0 || !ho_search_done(b->s)); i++) {
        propose(b);
        describe(b, b->proposal, b->proposal_features);
        double gain = ho_gp_expected_improvement(&b->gp, b->proposal_features, best);
        ho_search_spend(b->s, n * (n + 45) / 40); /* the surrogate's own arithmetic, measured in swaps */
        if (gain > best_gain || i == 0) {
            best_gain = gain;
            memcpy(b->favourite, b->proposal, b->s->size * sizeof *b->favourite);
            memcpy(b->favourite_features, b->proposal_features, b->features * sizeof *b->favourite_features);
        }
    }
}

static void learn_from(belief *b, const uint32_t *members, const double *features, double value)
{
    take_in(b, members, features, value);
    if (b->count == WINDOW)
        fit(b);
    else
        ho_gp_add(&b->gp, features, tamed(b, value));
}

/* The gains of scans make the best set better, and the surrogate learns of it. */
static void improve_best(belief *b)
{
    ho_search *s = b->s;
    const seen *best = &b->sets[b->best];
    const double before = best->value,
                 value = ho_shortlist_feed(&b->list, ho_search_set(s, best->members), true);
    if (!(value > before)) return;
    describe(b, s->current, b->proposal_features);
    learn_from(b, s->current, b->proposal_features, value);
}

static void learn(belief *b)
{
    ho_search *s = b->s;
    int64_t calls = 0, most = b->p->n_calls != 0 ? b->p->n_calls : INT64_MAX;
    for (; calls < b->p->n_initial_points && calls < most && !ho_search_done(s); calls++) {
        if (calls == 0)
            memcpy(b->proposal, s->first, s->size * sizeof *s->first);
        else
            ho_search_random_set(s, b->proposal);
        describe(b, b->proposal, b->proposal_features);
        double value = calls == 0 ? s->first_value : ho_search_score(s, b->proposal);
        take_in(b, b->proposal, b->proposal_features, value);
    }
    if (b->count > 0) fit(b);
    for (; calls < most && !ho_search_done(s); calls++) {
        choose_favourite(b);
        double value = ho_search_score(s, b->favourite);
        learn_from(b, b->favourite, b->favourite_features, value);
        if (ho_shortlist_is_due(&b->list)) improve_best(b);
    }
}

static ho_status allocate(belief *b, ho_error *err)
{
    ho_search *s = b->s;
    size_t numbers = (2 * WINDOW + 2) * b->features + WINDOW;
    b->members = HO_NEW(uint32_t, (WINDOW + 2) * s->size);
    b->numbers = HO_NEW(double, numbers);
    if (b->members == NULL || b->numbers == NULL)
        return ho_fail_memory(err, WINDOW * s->size * sizeof *b->members, "a surrogate");
    for (size_t i = 0; i < WINDOW; i++)
        b->sets[i] = (seen){b->members + i * s->size, b->numbers + i * b->features, -INFINITY};
    b->proposal = b->members + WINDOW * s->size;
    b->favourite = b->proposal + s->size;
    b->proposal_features = b->numbers + WINDOW * b->features;
    b->favourite_features = b->proposal_features + b->features;
    if (s->features == 0) {
        b->singles = HO_NEW(double, s->candidates);
        if (b->singles == NULL)
            return ho_fail_memory(err, s->candidates * sizeof *b->singles, "single values");
        for (size_t i = 0; i < s->candidates; i++)
            b->singles[i] = NAN;
    }
    HO_TRY(ho_shortlist_new(s, HO_SHORTLIST_ROOM, &b->list, err));
    HO_TRY(ho_gp_new(WINDOW, b->features, &b->gp, err));
    return ho_marks_new(s->candidates, &b->marks, err);
}

static ho_status run(ho_search *s, const void *params, ho_error *err)
{
    if (s->features > MOST_FEATURES)
        return ho_fail(err, HO_ERR_INTERNAL, "%zu features of a set are more than %d", s->features,
                       MOST_FEATURES);
    belief b = {.s = s, .p = params, .features = s->features != 0 ? s->features : OWN_FEATURES};
    ho_status status = allocate(&b, err);
    if (status == HO_OK) learn(&b);
    free(b.members);
    free(b.numbers);
    free(b.singles);
    ho_shortlist_free(&b.list);
    ho_gp_free(&b.gp);
    ho_marks_free(&b.marks);
    return status;
}

const ho_algorithm ho_algorithm_bo = {
    .name = "bo",
    .title = "Bayesian optimisation",
    .paper =
        "D. Jones, M. Schonlau, W. Welch, Efficient global optimization, J. of Global Optimization 13 (1998)",
    .text = "A Gaussian process over features of sets picks the swap of highest expected improvement.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .params_size = sizeof(bo_params),
    .run = run,
};
