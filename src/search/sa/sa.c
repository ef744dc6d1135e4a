/* Simulated annealing: random swaps, worse ones taken with a probability that falls as the search goes on.
 * S. Kirkpatrick, C. Gelatt, M. Vecchi, "Optimization by simulated annealing", Science 220 (1983); the temperature
 * scale after S. White, "Concepts of scale in simulated annealing" (1984): a temperature means nothing until it is
 * held against the differences of the objective at hand, so ours are relative to them. */
#include "search/search.h"
#include "search/shortlist.h"

#include <math.h>
#include <string.h>

enum { SAMPLE = 100, MOVES_A_TEMPERATURE = 64 };

typedef struct sa_params {
    double initial_temperature, final_temperature, cooling_rate;
    char *cooling, *acceptance;
    int64_t max_iterations;
} sa_params;

static const ho_option options[] = {
    {"initial_temperature", 0, "T",
     "Temperature at the start: it stands for one standard deviation of the changes that random swaps make.",
     HO_OPTION_REAL, 1e-12, 1e12, "1000", NULL, offsetof(sa_params, initial_temperature)},
    {"final_temperature", 0, "T", "Temperature at the end, on the scale of the initial one.", HO_OPTION_REAL,
     1e-12, 1e12, "0.01", NULL, offsetof(sa_params, final_temperature)},
    {"cooling", 0, "HOW",
     "fitted: the temperature falls evenly from first to last over the whole run; fixed: in steps of "
     "cooling_rate.",
     HO_OPTION_CHOICE, 0, 0, "fitted", "fitted|fixed", offsetof(sa_params, cooling)},
    {"cooling_rate", 0, "R", "Factor of one step of a fixed cooling.", HO_OPTION_REAL, 0.01, 0.999999, "0.95",
     NULL, offsetof(sa_params, cooling_rate)},
    {"acceptance", 0, "RULE", "boltzmann: exp(change/temperature); linear: 1 + change/temperature.",
     HO_OPTION_CHOICE, 0, 0, "boltzmann", "boltzmann|linear", offsetof(sa_params, acceptance)},
    {"max_iterations", 0, "N", "Swaps to try at most; 0: as many as the work budget allows.", HO_OPTION_INT,
     0, 1e12, "0", NULL, offsetof(sa_params, max_iterations)},
};

typedef struct swap {
    size_t slot;
    uint32_t in;
    double value;
} swap;

/* False where no swap may be made. */
static bool random_swap(ho_search *s, swap *move)
{
    if (!ho_search_random_swap(s, &move->slot, &move->in)) return false;
    move->value = ho_search_probe(s, move->slot, move->in);
    return true;
}

/* Standard deviation of |change| over random swaps from the current set, 1 where they tell nothing. */
static double scale_of_changes(ho_search *s, double value)
{
    double sum = 0, squares = 0, count = 0;
    for (int i = 0; i < SAMPLE && !ho_search_done(s); i++) {
        swap move;
        if (!random_swap(s, &move)) continue;
        double change = fabs(move.value - value);
        if (!isfinite(change)) continue;
        sum += change;
        squares += change * change;
        count++;
    }
    double variance = count > 1 ? (squares - sum * sum / count) / (count - 1) : 0;
    return variance > 0 ? sqrt(variance) : 1;
}

/* The temperature, 1 at the start, after a share of the run. */
static double temperature(const sa_params *p, double share)
{
    double steps = 1, fall = log(p->final_temperature / p->initial_temperature);
    if (strcmp(p->cooling, "fixed") == 0 && fall < 0) {
        steps = ceil(fall / log(p->cooling_rate));
        return exp(floor(share * steps) * log(p->cooling_rate));
    }
    return exp(share * fall);
}

static bool accepts(ho_search *s, bool linear, double change, double temp)
{
    double chance = linear ? 1 + change / temp : exp(change / temp);
    return ho_rng_unit(&s->rng) < chance;
}

static void anneal(ho_search *s, const sa_params *p, ho_shortlist *list)
{
    bool linear = strcmp(p->acceptance, "linear") == 0;
    double value = ho_search_set(s, s->first);
    double scale = scale_of_changes(s, value), temp = scale;
    for (int64_t i = 0; !ho_search_done(s) && (p->max_iterations == 0 || i < p->max_iterations); i++) {
        if (i % MOVES_A_TEMPERATURE == 0) {
            double share = ho_search_share(s);
            if (p->max_iterations != 0) share = fmax(share, (double)i / (double)p->max_iterations);
            temp = scale * temperature(p, share);
        }
        if (ho_shortlist_is_due(list)) value = ho_shortlist_feed(list, value, false);
        swap move;
        if (!ho_shortlist_random_swap(list, HO_SHORTLIST_OUTSIDE, &move.slot, &move.in)) continue;
        move.value = ho_search_probe(s, move.slot, move.in);
        if (move.value >= value || accepts(s, linear, move.value - value, temp)) {
            ho_search_swap(s, move.slot, move.in, move.value);
            value = move.value;
        }
    }
}

static ho_status run(ho_search *s, const void *params, ho_error *err)
{
    ho_shortlist list;
    ho_status status = ho_shortlist_new(s, HO_SHORTLIST_ROOM, &list, err);
    if (status == HO_OK) anneal(s, params, &list);
    ho_shortlist_free(&list);
    return status;
}

const ho_algorithm ho_algorithm_sa = {
    .name = "sa",
    .title = "simulated annealing",
    .paper = "S. Kirkpatrick, C. Gelatt, M. Vecchi, Optimization by simulated annealing, Science 220 (1983)",
    .text = "Random swaps; a worse one is taken with probability exp(change/temperature).",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .params_size = sizeof(sa_params),
    .run = run,
};
