/* The items of a device kernel in plain C: each is a fibre, and a barrier is where fibres change. A barrier that some
 * items of a group miss, or meet on another line, ends the test; under the address sanitizer so does a step outside an
 * array. For tests: one group after the other, on one thread. */
#ifndef HO_TESTS_KERNELS_ITEMS_H
#define HO_TESTS_KERNELS_ITEMS_H

#include "kernels/device/shapes.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct items_now {
    uint32_t place, group[2];
} items_now;

extern items_now items;
void items_wait(int line);

/* Runs call(data) for each of groups x slots groups of HO_DEVICE_GROUP items; false where a barrier was not met by all. */
bool items_run(uint32_t groups, uint32_t slots, void (*call)(const void *data), const void *data);

#define HO_ITEM(axis)  ((axis) == 0 ? items.group[0] * HO_DEVICE_GROUP + items.place : items.group[1])
#define HO_PLACE(axis) ((axis) == 0 ? items.place : 0)
#define HO_GROUP(axis) (items.group[axis])
#define HO_BARRIER()   items_wait(__LINE__)

#endif
