/* The sets of kernels that exist; only dispatch.c chooses among them. */
#ifndef HO_KERNELS_KERNELS_SETS_H
#define HO_KERNELS_KERNELS_SETS_H

#include "kernels/kernels.h"

/* Of what is compiled once a set, in *_vector.c: the name with that of the set, ho_scan_ as ho_scan_avx2. */
#define HO_JOIN_(a, b)  a##b
#define HO_JOIN(a, b)   HO_JOIN_(a, b)
#define HO_OF_SET(name) HO_JOIN(name, HO_KERNEL_SET)

extern const ho_kernels ho_kernels_ref;
extern const ho_kernels ho_kernels_sse2;
extern const ho_kernels ho_kernels_avx2;
extern const ho_kernels ho_kernels_avx512;

#endif
