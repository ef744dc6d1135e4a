/* The Arrow C Data Interface and C Device Interface, as far as one array of doubles without nulls needs them:
 * https://arrow.apache.org/docs/format/CDeviceDataInterface.html. Pointers that such an array has not are void here. */
#ifndef HO_KERNELS_DEVICE_ARROW_H
#define HO_KERNELS_DEVICE_ARROW_H

#include <stdint.h>

typedef struct ho_arrow_schema {
    const char *format, *name, *metadata;
    int64_t flags, children;
    void *child, *dictionary;
    void (*release)(struct ho_arrow_schema *schema);
    void *own;
} ho_arrow_schema;

typedef struct ho_arrow_array {
    int64_t length, nulls, offset, buffers, children;
    const void **buffer;
    void *child, *dictionary;
    void (*release)(struct ho_arrow_array *array);
    void *own;
    int64_t device;
    int32_t device_type;
    void *event;
    int64_t reserved[3];
} ho_arrow_array;

enum { HO_ARROW_CPU = 1 }; /* device_type: the processor's memory */

static inline void ho_arrow_release_schema(ho_arrow_schema *s)
{
    s->release = 0;
}

static inline void ho_arrow_release_array(ho_arrow_array *a)
{
    a->release = 0;
}

#endif
