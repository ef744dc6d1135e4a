/* The portfolio objective's work on a device: columns that it holds, scans and sets that go there. */
#include "metrics/objective_device.h"

#include "base/error.h"
#include "base/memory.h"
#include "kernels/device/bounds.h"
#include "metrics/objective_parts.h"

/* Smaller work is done before a device has begun. */
enum { LEAST_SWAPS = 1 << 13, LEAST_SETS = 64, SETS_AT_ONCE = 4096, SLOTS_GUESSED = 64 };

struct ho_device_room {
    uint32_t *column, *count;
    float *upper, *floor;
    ho_device_bounds *bounds;
    uint8_t *open;   /* a slot: the columns that stand for an open candidate */
    float *sets;     /* HO_DEVICE_SETS_WALKED x SETS_AT_ONCE */
    double *scanned; /* HO_DEVICE_NUMBERS_EACH x HO_DEVICE_AT_ONCE: of a scan in double */
};

void ho_portfolio_objective_use(ho_portfolio_objective *o, ho_device *device)
{
    if (device == NULL || o->sieve.x == NULL) return;
    const ho_sieve_columns *s = &o->sieve;
    ho_device_columns_hold(device,
                           &(ho_device_floats){.numbers = s->x,
                                               .rows = ho_objective_periods(o),
                                               .columns = s->count,
                                               .stride = s->stride,
                                               .absolute = s->absolute,
                                               .scale = s->scale},
                           SLOTS_GUESSED, &o->on_device);
    if (o->table.score_many == NULL || o->on_device.held == NULL) return;
    ho_device_columns_hold(device,
                           &(ho_device_floats){.numbers = o->floats,
                                               .rows = o->by_strategy.rows,
                                               .columns = o->float_stride,
                                               .stride = o->float_stride},
                           0, &o->sets_on_device);
}

void ho_device_room_free(ho_device_room **room)
{
    ho_device_room *r = *room;
    if (r == NULL) return;
    free(r->column);
    free(r->upper);
    free(r->bounds);
    free(r->open);
    free(r->sets);
    free(r->scanned);
    free(r);
    *room = NULL;
}

static bool make_sieve_room(const ho_portfolio_objective *o, size_t size, ho_device_room *r)
{
    r->column = HO_NEW(uint32_t, size * (HO_DEVICE_KEPT + 1));
    r->upper = HO_NEW(float, size *(HO_DEVICE_KEPT + 1));
    r->bounds = HO_NEW(ho_device_bounds, size);
    r->open = HO_NEW(uint8_t, size * o->sieve.count);
    r->sets = HO_NEW(float, HO_DEVICE_SETS_WALKED *SETS_AT_ONCE);
    if (r->column == NULL || r->upper == NULL || r->bounds == NULL || r->open == NULL || r->sets == NULL)
        return false;
    r->count = r->column + size * HO_DEVICE_KEPT;
    r->floor = r->upper + size * HO_DEVICE_KEPT;
    return true;
}

/* What a scan in double leaves of all candidates goes past the processor's eyes once: no blocks of periods. */
static bool scans_there(const ho_portfolio_objective *o)
{
    return o->sieve.x == NULL && o->panel->on_device != NULL && o->rule.fitness.blocks.count == 0;
}

ho_status ho_device_room_new(const ho_portfolio_objective *o, size_t size, ho_device_room **room,
                             ho_error *err)
{
    *room = NULL;
    if (o->on_device.device == NULL && !scans_there(o)) return HO_OK;
    ho_device_room *r = HO_NEW(ho_device_room, 1);
    if (r == NULL) return ho_fail_memory(err, sizeof *r, "a searcher's memory");
    bool made = o->on_device.device == NULL || make_sieve_room(o, size, r);
    if (scans_there(o)) {
        r->scanned = ho_new_array(HO_DEVICE_AT_ONCE, HO_DEVICE_NUMBERS_EACH * sizeof *r->scanned);
        made = made && r->scanned != NULL;
    }
    if (!made) {
        ho_device_room_free(&r);
        return ho_fail_memory(err, size * o->sieve.count, "a searcher's memory");
    }
    *room = r;
    return HO_OK;
}

uint32_t ho_objective_slots_on_device(const ho_set_walk *w, size_t slots)
{
    const size_t n = w->o->panel->values.columns, arrays = HO_DEVICE_ARRAYS(w->o->rule.level);
    const size_t most = HO_DEVICE_NUMBERS_EACH / arrays;
    if (w->on_device == NULL || w->on_device->scanned == NULL || slots * n < LEAST_SWAPS) return 0;
    return (uint32_t)(slots < most ? slots : most);
}

const double *ho_objective_scan_on_device(const ho_set_walk *w, size_t slot, size_t slots, uint32_t first,
                                          uint32_t columns)
{
    const size_t periods = ho_objective_periods(w->o);
    const ho_device_scan_wish wish = {.first = first,
                                      .columns = columns,
                                      .slots = (uint32_t)slots,
                                      .level = (uint32_t)w->o->rule.level,
                                      .start_peak = w->plan.start_peak,
                                      .hurdle = w->o->rule.hurdle,
                                      .base = w->bases + slot * periods,
                                      .v = w->plan.needs_pairs ? w->vs + slot * periods : NULL};
    double *to = w->on_device->scanned;
    return ho_device_numbers_scan(w->o->panel->on_device, &wish, to) ? to : NULL;
}

/* Distinct columns: open are those that stand for an open candidate. */
static void open_columns(const ho_set_walk *w, size_t slots, const ho_candidates *among, size_t stride)
{
    const size_t count = w->o->sieve.count;
    for (size_t s = 0; s < (stride == 0 ? 1 : slots); s++) {
        const ho_candidates mine = ho_candidates_of(among, s, stride);
        for (uint32_t i = 0; i < count; i++)
            w->on_device->open[s * count + i] = ho_standing_for(&w->o->copies, i, &mine) != HO_NOBODY;
    }
}

bool ho_objective_sieve_on_device(ho_set_walk *w, size_t slots, const ho_candidates *among, size_t stride,
                                  const ho_device_sieved *sieved)
{
    ho_device_room *r = w->on_device;
    const size_t count = sieved->last - sieved->first;
    if (r == NULL || w->o->on_device.device == NULL || count * slots < LEAST_SWAPS) return false;
    const bool copies = w->o->copies.distinct != 0;
    if (copies) open_columns(w, slots, among, stride);
    for (size_t s = 0; s < slots; s++)
        r->bounds[s] = ho_device_bounds_of(&sieved->bounds[s]);
    const ho_device_swaps swaps = {.first = sieved->first,
                                   .columns = (uint32_t)count,
                                   .slots = (uint32_t)slots,
                                   .zero_start = w->plan.start_peak == 0,
                                   .base = sieved->base,
                                   .v = sieved->v,
                                   .bounds = r->bounds,
                                   .open = copies ? r->open : among->open + sieved->first,
                                   .open_stride = stride == 0 ? 0
                                                  : copies    ? count
                                                              : stride};
    const ho_device_kept kept = {r->column, r->upper, r->count, r->floor};
    if (!ho_device_columns_sieve(&w->o->on_device, &swaps, &kept)) return false;
    for (size_t s = 0; s < slots; s++) {
        sieved->count[s] = r->count[s];
        sieved->lower[s] = r->floor[s];
        for (uint32_t i = 0; i < r->count[s] && i < HO_DEVICE_KEPT; i++)
            sieved->keep(sieved->room, s, i, sieved->first + r->column[s * HO_DEVICE_KEPT + i],
                         r->upper[s * HO_DEVICE_KEPT + i]);
    }
    return true;
}

size_t ho_objective_sets_on_device(const ho_set_walk *w, const ho_fitness_plan *plan, const uint32_t *members,
                                   size_t size, size_t count, const float **out)
{
    const size_t some = count < SETS_AT_ONCE ? count : SETS_AT_ONCE;
    if (w->on_device == NULL || w->o->sets_on_device.device == NULL || some < LEAST_SETS) return 0;
    if (!ho_device_columns_walk(&w->o->sets_on_device, members, (uint32_t)size, (uint32_t)some,
                                (uint32_t)ho_objective_periods(w->o), plan->start_peak == 0,
                                w->on_device->sets))
        return 0;
    *out = w->on_device->sets;
    return some;
}
