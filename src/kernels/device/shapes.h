/* Sizes that a device kernel and whoever calls it agree on; read by C, C++, CUDA and OpenCL C alike. */
#ifndef HO_KERNELS_DEVICE_SHAPES_H
#define HO_KERNELS_DEVICE_SHAPES_H

#define HO_DEVICE_GROUP 128 /* items of a group, along the first axis; one along the second */
#define HO_DEVICE_LANES \
    16 /* HO_SETS_LANES and HO_SERIES_LANES: items that share a set; columns side by side */

#define HO_DEVICE_AT_ONCE      1024 /* columns that are walked in double at a time, */
#define HO_DEVICE_NUMBERS_EACH 512  /* and what of each may come back */

#define HO_DEVICE_KEPT 64 /* candidates of a slot that may be the best, at most */

#define HO_DEVICE_WALKED \
    11 /* arrays of ho_walked, in its order; of a level (ho_device_scan) the first of them: */
#define HO_DEVICE_ARRAYS(level) ((level) == 0 ? 3 : (level) == 1 ? 7 : HO_DEVICE_WALKED)
#define HO_DEVICE_SETS_WALKED   7
#define HO_DEVICE_TAIL          64 /* HO_SERIES_TAIL */
#define HO_DEVICE_SERIES        33 /* arrays of ho_series_walked before its four tails */

/* ho_sieve_bounds, in fields that have the same size everywhere. */
typedef struct ho_device_bounds {
    int bare, only_positive;
    float base_size, sum_part, depth_part, depth_step, least;
    float divisor, none, halved_below;
    float weight, pairs, dot_part, few;
} ho_device_bounds;

#endif
