/* The words that the device kernels (*.inc) are written in, for each language that compiles them: OpenCL C, CUDA (nvcc
 * and NVRTC), and C, where whoever includes this says what an item and a barrier are (tests/kernels/items.h). A kernel
 * is called for a grid of items in groups; items of a group share HO_SHARED memory and meet at HO_BARRIER(), which all
 * of them must reach. No product is contracted with a sum, no quotient is approximate: a result has the bits of
 * kernels_ref.c. An axis is a literal 0 or 1. */
#ifndef HO_KERNELS_DEVICE_WORDS_H
#define HO_KERNELS_DEVICE_WORDS_H

#if defined(__OPENCL_VERSION__)
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#pragma OPENCL FP_CONTRACT OFF
typedef uint ho_u32;
typedef ulong ho_u64;
typedef uchar ho_u8;
#define HO_KERNEL                    __kernel void
#define HO_PART                      static
#define HO_GLOBAL                    __global
#define HO_SHARED(type, name, count) __local type name[count]
#define HO_ITEM(axis)                ((ho_u32)get_global_id(axis))
#define HO_PLACE(axis)               ((ho_u32)get_local_id(axis))
#define HO_GROUP(axis)               ((ho_u32)get_group_id(axis))
#define HO_BARRIER()                 barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)
#define HO_SIZE_OF(value)            fabs(value)
#define HO_INFINITE                  INFINITY

#elif defined(__CUDACC__)
typedef unsigned int ho_u32;
typedef unsigned long long ho_u64;
typedef unsigned char ho_u8;
#define HO_AXIS_0 x
#define HO_AXIS_1 y
#define HO_KERNEL extern "C" __global__ void
#define HO_PART   static __device__
#define HO_GLOBAL
#define HO_SHARED(type, name, count) __shared__ type name[count]
#define HO_ITEM(axis)                (blockIdx.HO_AXIS_##axis * blockDim.HO_AXIS_##axis + threadIdx.HO_AXIS_##axis)
#define HO_PLACE(axis)               threadIdx.HO_AXIS_##axis
#define HO_GROUP(axis)               blockIdx.HO_AXIS_##axis
#define HO_BARRIER()                 __syncthreads()
#define HO_SIZE_OF(value)            fabs(value)
#define HO_INFINITE                  __int_as_float(0x7f800000) /* NVRTC has no math.h */

#else
#include <math.h>
#include <stdint.h>
typedef uint32_t ho_u32;
typedef uint64_t ho_u64;
typedef uint8_t ho_u8;
#define HO_KERNEL static __attribute__((unused)) void /* a test may want some of them */
#define HO_PART   static
#define HO_GLOBAL
#define HO_SHARED(type, name, count) static type name[count]
#define HO_SIZE_OF(value)            _Generic((value), float : fabsf, default : fabs)(value)
#define HO_INFINITE                  INFINITY
#endif

#endif
