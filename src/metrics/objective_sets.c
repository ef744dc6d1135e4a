/* Values of many unrelated sets, from a strategy-major copy in single precision: half the memory to fetch, and memory
 * is what it waits for. Powers of two would not help: a float keeps its digits at any size, and rupees that come near
 * its largest number are refused. */
#include "base/error.h"
#include "base/memory.h"
#include "metrics/objective_parts.h"

#include <math.h>

enum { CHUNK = 128, LINE = 1024 }; /* sets at a time; floats in 4,096 bytes */

static const double most_rupees =
    1e24; /* of a period: thousands of them are summed, of thousands of members */
static const double least_rupees = 1e-30;
static const double most_mean = 1e4; /* in standard deviations */
static const double most_scale = 1e30;

/* False where a float has no digits left for how the column varies: it then counts as constant here. */
static bool varies_in_floats(const ho_portfolio_objective *o, size_t j)
{
    const double deviations = fabs(o->mean[j]) * o->scale[j] * sqrt((double)ho_objective_periods(o));
    return o->scale[j] <= most_scale && deviations <= most_mean;
}

/* Returns false where the column's rupees are too large; *tiny: some have no digits in a float. */
static bool copy_column(ho_portfolio_objective *o, size_t j, bool *tiny)
{
    const size_t periods = ho_objective_periods(o);
    const double *from = ho_matrix_row(&o->by_strategy, j);
    float *to = o->floats + j * o->float_stride;
    bool fits = true;
    for (size_t t = 0; t < periods; t++) {
        fits = fits && fabs(from[t]) <= most_rupees;
        *tiny = *tiny || (from[t] != 0 && fabs(from[t]) < least_rupees);
        to[t] = fits ? (float)from[t] : 0;
    }
    const bool varies = fits && varies_in_floats(o, j);
    to[periods] = varies ? (float)(o->mean[j] * o->scale[j]) : 0;
    to[periods + 1] = varies ? (float)o->scale[j] : 0;
    for (size_t t = periods + 2; t < o->float_stride; t++)
        to[t] = 0;
    return fits;
}

ho_status ho_objective_make_floats(ho_portfolio_objective *o, int threads, ho_error *err)
{
    const size_t periods = ho_objective_periods(o), strategies = o->by_strategy.rows;
    o->float_stride = (periods + 2 + HO_SETS_LANES - 1) / HO_SETS_LANES * HO_SETS_LANES;
    if (o->float_stride % LINE == 0) o->float_stride += HO_SETS_LANES;
    const size_t bytes = strategies * o->float_stride * sizeof *o->floats;
    o->floats = ho_new_pages(bytes);
    if (o->floats == NULL) return ho_fail_memory(err, bytes, "the objective");
    int large = 0, small = 0;
#pragma omp parallel for schedule(static) num_threads(threads) if (threads > 1) reduction(| : large, small)
    for (size_t j = 0; j < strategies; j++) {
        bool tiny = false;
        large |= !copy_column(o, j, &tiny);
        small |= tiny;
    }
    o->float_digits = !small;
    if (large) {
        free(o->floats);
        o->floats = NULL;
    }
    return HO_OK;
}

size_t ho_objective_room(const ho_portfolio_objective *o)
{
    return HO_SETS_LANES * (ho_objective_periods(o) + HO_SETS_LANES);
}

/* Values of sets from their walks: array f of ho_sets_walked is room[f * stride]. */
static void values_of(const ho_fitness_plan *plan, ho_walk_level level, const float *room, size_t stride,
                      size_t count, float *values)
{
    for (size_t i = 0; i < count; i++) {
        const bool counts = level >= HO_WALK_COUNTS;
        const ho_set_facts facts = {.sum = (double)room[i],
                                    .drawdown = (double)room[stride + i],
                                    .pairs = plan->needs_pairs ? (double)room[2 * stride + i] : 0,
                                    .wins = counts ? (double)room[3 * stride + i] : 0,
                                    .losses = counts ? (double)room[4 * stride + i] : 0,
                                    .gain = counts ? (double)room[5 * stride + i] : 0,
                                    .loss = counts ? (double)room[6 * stride + i] : 0};
        values[i] = (float)ho_fitness_value(plan, &facts);
    }
}

void ho_objective_score_many(void *walk, const uint32_t *members, size_t size, size_t count, float *values)
{
    const ho_set_walk *w = walk;
    const ho_portfolio_objective *o = w->o;
    ho_fitness_plan plan = w->plan;
    if (size != w->size) plan = ho_fitness_plan_new(&o->rule, size, ho_objective_periods(o));
    float room[7][CHUNK];
    const ho_sets_walked walked = {room[0],
                                   room[1],
                                   plan.needs_pairs ? room[2] : NULL,
                                   o->rule.level >= HO_WALK_COUNTS ? room[3] : NULL,
                                   room[4],
                                   room[5],
                                   room[6]};
    for (size_t first = 0, done; first < count; first += done) {
        const float *there = NULL;
        done = ho_objective_sets_on_device(w, &plan, members + first * size, size, count - first, &there);
        if (done > 0) {
            values_of(&plan, o->rule.level, there, done, done, values + first);
            continue;
        }
        done = count - first < CHUNK ? count - first : CHUNK;
        const ho_sets sets = {.columns = o->floats,
                              .stride = o->float_stride,
                              .periods = ho_objective_periods(o),
                              .members = members + first * size,
                              .size = size,
                              .count = done,
                              .zero_start = plan.start_peak == 0,
                              .room = w->room};
        o->kernels->walk_sets(&sets, &walked);
        values_of(&plan, o->rule.level, room[0], CHUNK, done, values + first);
    }
}
