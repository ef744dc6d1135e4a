/* The sets of kernels that exist; only dispatch.c chooses among them. */
#ifndef HO_KERNELS_KERNELS_SETS_H
#define HO_KERNELS_KERNELS_SETS_H

#include "kernels/kernels.h"

extern const ho_kernels ho_kernels_ref;
extern const ho_kernels ho_kernels_sse2;
extern const ho_kernels ho_kernels_avx2;
extern const ho_kernels ho_kernels_avx512;

#endif
