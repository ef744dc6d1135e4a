/* A sieve's bounds, as a device takes them. */
#ifndef HO_KERNELS_DEVICE_BOUNDS_H
#define HO_KERNELS_DEVICE_BOUNDS_H

#include "kernels/device/shapes.h"
#include "kernels/kernels.h"

static inline ho_device_bounds ho_device_bounds_of(const ho_sieve_bounds *b)
{
    return (ho_device_bounds){.bare = (int)b->bare,
                              .only_positive = b->only_positive,
                              .base_size = b->base_size,
                              .sum_part = b->sum_part,
                              .depth_part = b->depth_part,
                              .depth_step = b->depth_step,
                              .least = b->least,
                              .divisor = b->divisor,
                              .none = b->none,
                              .halved_below = b->halved_below,
                              .weight = b->weight,
                              .pairs = b->pairs,
                              .dot_part = b->dot_part,
                              .few = b->few};
}

#endif
