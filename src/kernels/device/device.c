/* What the host does beside a device: parts of a matrix that is too large for it, and what becomes of a failure. */
#include "kernels/device/device.h"
#include "kernels/device/arrow.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { ALIGN = 16, LEAST_PART = 1024 };

/* The first failure is the one that is told. */
static bool check(ho_device *d, ho_device_state state, const ho_device_line *why)
{
    if (state == HO_DEVICE_DONE) return true;
#pragma omp critical(ho_device_failure)
    if (!d->has_failed) {
        snprintf(d->failed.text, sizeof d->failed.text, "%s", why->text);
        d->has_failed = true;
    }
    return false;
}

/* A matrix, and what some of its columns take of a device while they are worked on. */
typedef struct need {
    uint64_t rows, columns, slots;
    uint64_t (*bytes)(const struct need *need, uint64_t columns);
} need;

/* What a sieve takes: the floats with what belongs to them, bounds of each slot, masks. */
static uint64_t bytes_of_floats(const need *n, uint64_t columns)
{
    const uint64_t a_column = (n->rows + 2) * sizeof(float) + n->slots * (2 * sizeof(float) + 1);
    return columns * a_column + n->slots * (2 * n->rows * sizeof(float) + 1024) + (1U << 16);
}

/* How many columns fit at a time; 0: the device cannot have them, and says why. */
static uint64_t part_that_fits(ho_device *device, const need *n, ho_device_line *why)
{
    uint64_t room = 0, part = n->columns;
    if (device->has_failed || !check(device, device->table->room(device->engine, &room, why), why)) return 0;
    while (n->bytes(n, part) > room) {
        part = part / 2 / ALIGN * ALIGN;
        if (part >= LEAST_PART && device->spill) continue;
        snprintf(why->text, sizeof why->text,
                 "%llu columns of %llu numbers do not fit into %llu bytes of memory%s",
                 (unsigned long long)n->columns, (unsigned long long)n->rows, (unsigned long long)room,
                 device->spill ? "" : ", and it may not spill");
        return 0;
    }
    return part;
}

void ho_device_columns_hold(ho_device *device, const ho_device_floats *floats, uint64_t slots,
                            ho_device_columns *to)
{
    ho_device_line why = {""};
    const need needed = {floats->rows, floats->columns, slots, bytes_of_floats};
    *to = (ho_device_columns){.all = *floats, .part = part_that_fits(device, &needed, &why)};
    if (to->part == 0) {
        check(device, HO_DEVICE_MEMORY, &why);
        return;
    }
    if (to->part == floats->columns &&
        !check(device, device->table->hold(device->engine, floats, &to->held, &why), &why))
        return;
    to->device = device;
}

void ho_device_columns_drop(ho_device_columns *c)
{
    if (c->device != NULL) c->device->table->drop(c->device->engine, &c->held);
    *c = (ho_device_columns){.device = NULL};
}

/* What a part kept joins what is kept already. The highest floor of all parts decides at the end. */
static void join(const ho_device_swaps *swaps, uint32_t offset, const ho_device_kept *part,
                 const ho_device_kept *all)
{
    for (uint32_t s = 0; s < swaps->slots; s++) {
        uint32_t *column = all->column + (size_t)s * HO_DEVICE_KEPT;
        float *upper = all->upper + (size_t)s * HO_DEVICE_KEPT;
        const float floor = part->floor[s] > all->floor[s] ? part->floor[s] : all->floor[s];
        uint32_t count = 0;
        all->floor[s] = floor;
        if (all->count[s] > HO_DEVICE_KEPT) continue; /* too many before */
        for (uint32_t i = 0; i < all->count[s]; i++) {
            if (!(upper[i] >= floor)) continue;
            column[count] = column[i];
            upper[count++] = upper[i];
        }
        const uint32_t more = part->count[s] < HO_DEVICE_KEPT ? part->count[s] : HO_DEVICE_KEPT;
        bool fits = part->count[s] <= HO_DEVICE_KEPT;
        for (uint32_t i = 0; i < more && fits; i++) {
            const size_t at = (size_t)s * HO_DEVICE_KEPT + i;
            if (!(part->upper[at] >= floor)) continue;
            fits = count < HO_DEVICE_KEPT;
            if (!fits) continue;
            column[count] = part->column[at] + offset;
            upper[count++] = part->upper[at];
        }
        all->count[s] = fits ? count : HO_DEVICE_KEPT + 1;
    }
}

enum { SLOTS_AT_ONCE = 64 };

/* Some slots, whose part results fit on the stack. */
static bool sieve_parts(const ho_device_columns *c, const ho_device_swaps *swaps, const ho_device_kept *kept)
{
    uint32_t column[SLOTS_AT_ONCE * HO_DEVICE_KEPT], count[SLOTS_AT_ONCE];
    float upper[SLOTS_AT_ONCE * HO_DEVICE_KEPT], floors[SLOTS_AT_ONCE];
    const ho_device_kept of_part = {column, upper, count, floors};
    const ho_device_table *table = c->device->table;
    ho_device_line why = {""};
    for (uint32_t s = 0; s < swaps->slots; s++) {
        kept->count[s] = 0;
        kept->floor[s] = -__builtin_inff();
    }
    for (uint32_t from = 0; from < swaps->columns;) {
        const uint64_t left = swaps->columns - from, at = (uint64_t)swaps->first + from;
        const uint32_t width = (uint32_t)(left < c->part ? left : c->part);
        const ho_device_floats floats = {.numbers = c->all.numbers + at,
                                         .rows = c->all.rows,
                                         .columns = width,
                                         .stride = c->all.stride,
                                         .absolute = c->all.absolute + at,
                                         .scale = c->all.scale + at};
        ho_device_swaps part = *swaps;
        ho_device_held *held = NULL;
        part.first = 0;
        part.columns = width;
        part.open += from;
        ho_device_state state = table->hold(c->device->engine, &floats, &held, &why);
        if (state == HO_DEVICE_DONE) state = table->sieve(c->device->engine, held, &part, &of_part, &why);
        table->drop(c->device->engine, &held);
        if (!check(c->device, state, &why)) return false;
        join(swaps, from, &of_part, kept);
        from += width;
    }
    return true;
}

int ho_device_columns_sieve(const ho_device_columns *c, const ho_device_swaps *swaps,
                            const ho_device_kept *kept)
{
    ho_device_line why = {""};
    if (c->device == NULL || c->device->has_failed) return false;
    if (c->held != NULL)
        return check(c->device, c->device->table->sieve(c->device->engine, c->held, swaps, kept, &why), &why);
    for (uint32_t s = 0; s < swaps->slots; s += SLOTS_AT_ONCE) {
        ho_device_swaps some = *swaps;
        some.slots = swaps->slots - s < SLOTS_AT_ONCE ? swaps->slots - s : SLOTS_AT_ONCE;
        some.base += s * c->all.rows;
        some.v += s * c->all.rows;
        some.bounds += s;
        some.open += s * swaps->open_stride;
        const ho_device_kept to = {kept->column + (size_t)s * HO_DEVICE_KEPT,
                                   kept->upper + (size_t)s * HO_DEVICE_KEPT, kept->count + s,
                                   kept->floor + s};
        if (!sieve_parts(c, &some, &to)) return false;
    }
    return true;
}

int ho_device_columns_walk(const ho_device_columns *c, const uint32_t *members, uint32_t size, uint32_t count,
                           uint32_t periods, uint32_t zero_start, float *out)
{
    ho_device_line why = {""};
    if (c->device == NULL || c->device->has_failed || c->held == NULL) return false;
    const ho_device_state state = c->device->table->walk_sets(c->device->engine, c->held, members, size,
                                                              count, periods, zero_start, out, &why);
    return check(c->device, state, &why);
}

int ho_device_columns_product(const ho_device_columns *c, uint64_t row, uint64_t rows, uint64_t column,
                              uint64_t column_count, float *out)
{
    ho_device_line why = {""};
    if (c->device == NULL || c->device->has_failed || c->held == NULL) return false;
    const ho_device_state state =
        c->device->table->correlate(c->device->engine, c->held, row, rows, column, column_count, out, &why);
    return check(c->device, state, &why);
}

/* Bytes beside a matrix of doubles for what is worked out of it: of so many columns at a time, so many numbers each. */
enum { BESIDE = HO_DEVICE_AT_ONCE * HO_DEVICE_NUMBERS_EACH * sizeof(double) };

static uint64_t bytes_of_doubles(const need *n, uint64_t columns)
{
    return columns * (n->rows + 2) * sizeof(double) + BESIDE;
}

/* The whole matrix as one Arrow array, with the few numbers between its rows. */
static ho_device_state hold_by_arrow(const ho_device *device, const ho_device_doubles *d,
                                     ho_device_held **held, ho_device_line *why)
{
    const void *buffers[] = {NULL, d->numbers};
    ho_arrow_schema schema = {.format = "g", .name = "pnl", .release = ho_arrow_release_schema};
    ho_arrow_array array = {.length = (int64_t)(d->rows * d->stride),
                            .buffers = 2,
                            .buffer = buffers,
                            .release = ho_arrow_release_array,
                            .device = -1,
                            .device_type = HO_ARROW_CPU};
    return device->table->hold_arrow(device->engine, &array, &schema, d->rows, d->columns, d->stride, held,
                                     why);
}

void ho_device_numbers_hold(ho_device *device, const ho_device_doubles *doubles, ho_device_numbers *to)
{
    ho_device_line why = {""};
    const need needed = {doubles->rows, doubles->columns, 0, bytes_of_doubles};
    *to = (ho_device_numbers){.all = *doubles, .part = part_that_fits(device, &needed, &why)};
    if (to->part == 0 && !device->has_failed) device->left_out = why;
    if (to->part == 0) return;
    if (to->part == doubles->columns && !check(device, hold_by_arrow(device, doubles, &to->held, &why), &why))
        return;
    to->device = device;
}

int ho_device_numbers_read(ho_device *device, const ho_device_doubles *doubles, const ho_device_files *files,
                           ho_device_numbers *to)
{
    ho_device_line why = {""};
    *to = (ho_device_numbers){.all = *doubles, .part = doubles->columns};
    if (device->has_failed ||
        device->table->hold_files(device->engine, files, &to->held, &why) != HO_DEVICE_DONE)
        return false;
    to->device = device;
    return true;
}

void ho_device_numbers_drop(ho_device_numbers *n)
{
    if (n->device != NULL) n->device->table->drop(n->device->engine, &n->held);
    *n = (ho_device_numbers){.device = NULL};
}

/* Columns that are on the device for now. */
typedef struct now_there {
    ho_device_held *held;
    uint64_t first; /* of them in it */
} now_there;

/* Some columns, held or brought there; ended by leave. */
static bool bring(const ho_device_numbers *n, uint64_t first, uint64_t columns, now_there *now)
{
    ho_device_line why = {""};
    const ho_device_doubles part = {n->all.numbers + first, n->all.rows, columns, n->all.stride};
    *now = (now_there){n->held, first};
    if (n->device->has_failed || n->held != NULL) return !n->device->has_failed;
    now->first = 0;
    return check(n->device, n->device->table->hold_doubles(n->device->engine, &part, &now->held, &why), &why);
}

/* Ends what `bring` began, by the state of what was done with it. */
static bool leave(const ho_device_numbers *n, now_there *now, ho_device_state state,
                  const ho_device_line *why)
{
    if (n->held == NULL) n->device->table->drop(n->device->engine, &now->held);
    return check(n->device, state, why);
}

int ho_device_numbers_weigh(const ho_device_numbers *n, const double *a, const double *b, double *a_sum,
                            double *b_sum)
{
    ho_device_line why = {""};
    now_there now;
    if (n == NULL || n->device == NULL) return false;
    for (uint64_t from = 0; from < n->all.columns; from += n->part) {
        const uint64_t left = n->all.columns - from;
        if (!bring(n, from, left < n->part ? left : n->part, &now)) return false;
        const ho_device_state state =
            n->device->table->weigh(n->device->engine, now.held, a, b, a_sum + from, b_sum + from, &why);
        if (!leave(n, &now, state, &why)) return false;
    }
    return true;
}

int ho_device_numbers_series(const ho_device_numbers *n, const ho_device_series_wish *wish, double *out)
{
    ho_device_line why = {""};
    now_there now;
    if (n == NULL || n->device == NULL || !bring(n, wish->first, wish->columns, &now)) return false;
    ho_device_series_wish there = *wish;
    there.first = now.first;
    return leave(n, &now, n->device->table->series(n->device->engine, now.held, &there, out, &why), &why);
}

int ho_device_numbers_scan(const ho_device_numbers *n, const ho_device_scan_wish *wish, double *out)
{
    ho_device_line why = {""};
    now_there now;
    if (!bring(n, wish->first, wish->columns, &now)) return false;
    ho_device_scan_wish there = *wish;
    there.first = now.first;
    return leave(n, &now, n->device->table->scan(n->device->engine, now.held, &there, out, &why), &why);
}
