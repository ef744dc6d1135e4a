/* What the host does beside a device: parts of a matrix that is too large for it, and what becomes of a failure. */
#include "kernels/device/device.h"

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

/* Bytes that a sieve of some columns takes: the floats with what belongs to them, bounds of each slot, masks. */
static uint64_t bytes_of(const ho_device_floats *f, uint64_t columns, uint64_t slots)
{
    const uint64_t a_column = (f->rows + 2) * sizeof(float) + slots * (2 * sizeof(float) + 1);
    return columns * a_column + slots * (2 * f->rows * sizeof(float) + 1024) + (1U << 16);
}

void ho_device_columns_hold(ho_device *device, const ho_device_floats *floats, uint64_t slots,
                            ho_device_columns *to)
{
    ho_device_line why = {""};
    uint64_t room = 0;
    *to = (ho_device_columns){.all = *floats, .part = floats->columns};
    if (device->has_failed || !check(device, device->table->room(device->engine, &room, &why), &why)) return;
    while (bytes_of(floats, to->part, slots) > room) {
        to->part = to->part / 2 / ALIGN * ALIGN;
        if (to->part >= LEAST_PART && device->spill) continue;
        snprintf(why.text, sizeof why.text,
                 "%llu columns of %llu numbers do not fit into %llu bytes of memory%s",
                 (unsigned long long)floats->columns, (unsigned long long)floats->rows,
                 (unsigned long long)room, device->spill ? "" : ", and it may not spill");
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
