// The device kernels (kernels/device), each for a grid on a stream. An error of a launch is left for cudaGetLastError.
#ifndef HO_BRIDGE_CUDF_PLUGIN_LAUNCH_HPP
#define HO_BRIDGE_CUDF_PLUGIN_LAUNCH_HPP

#include "kernels/device/shapes.h"

#include <cstdint>
#include <cuda_runtime_api.h>

namespace ho::launch
{

struct sieved {
    std::uint32_t periods, first, columns, slots, zero_start;
    std::uint64_t stride, open_stride;
    const float *x, *base, *v;
    const ho_device_bounds *bounds;
    const float *absolute, *scale;
    const std::uint8_t *open;
    float *upper, *lower;
};

struct scanned {
    std::uint32_t level, periods, columns, slots, with_dot;
    std::uint64_t stride;
    double start_peak, hurdle;
    const double *x, *base, *v;
    double *out;
};

void sieve(const sieved &s, cudaStream_t stream);
void keep(std::uint32_t columns, std::uint32_t slots, const float *upper, const float *lower,
          std::uint32_t *kept, float *kept_upper, std::uint32_t *count, float *floors, cudaStream_t stream);
void walk_sets(std::uint32_t periods, std::uint32_t size, std::uint32_t count, std::uint64_t stride,
               std::uint32_t zero_start, const float *columns, const std::uint32_t *members, float *out,
               cudaStream_t stream);
void scan(const scanned &s, cudaStream_t stream);
void weigh(std::uint32_t periods, std::uint32_t columns, std::uint64_t stride, const double *x,
           const double *a, const double *b, double *a_sum, double *b_sum, cudaStream_t stream);
void series(std::uint32_t periods, std::uint32_t columns, std::uint32_t tail, std::uint64_t stride,
            double rate, double hurdle, double mar, const double *x, double *out, cudaStream_t stream);
void units(std::uint32_t periods, std::uint32_t columns, std::uint64_t stride, const double *x,
           const double *mean, const double *scale, float *out, cudaStream_t stream);

} // namespace ho::launch

#endif
