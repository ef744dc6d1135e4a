// Compiled by nvcc with -fmad=false: a product and a sum are two roundings, as on the processor.
#include "bridge/cudf/plugin/launch.hpp"
#include "kernels/device/words.h"

#include "kernels/device/columns.inc"
#include "kernels/device/sets.inc"
#include "kernels/device/swaps.inc"

namespace ho::launch
{

static dim3 groups(std::uint64_t items, std::uint32_t slots = 1)
{
    return dim3(static_cast<unsigned>((items + HO_DEVICE_GROUP - 1) / HO_DEVICE_GROUP), slots);
}

void sieve(const sieved &s, cudaStream_t stream)
{
    ho_device_sieve<<<groups(s.columns, s.slots), HO_DEVICE_GROUP, 0, stream>>>(
        s.periods, s.first, s.columns, s.stride, s.zero_start, s.open_stride, s.x, s.base, s.v, s.bounds,
        s.absolute, s.scale, s.open, s.upper, s.lower);
}

void keep(std::uint32_t columns, std::uint32_t slots, const float *upper, const float *lower,
          std::uint32_t *kept, float *kept_upper, std::uint32_t *count, float *floors, cudaStream_t stream)
{
    ho_device_keep<<<groups(1, slots), HO_DEVICE_GROUP, 0, stream>>>(columns, upper, lower, kept, kept_upper,
                                                                     count, floors);
}

void walk_sets(std::uint32_t periods, std::uint32_t size, std::uint32_t count, std::uint64_t stride,
               std::uint32_t zero_start, const float *columns, const std::uint32_t *members, float *out,
               cudaStream_t stream)
{
    const std::uint64_t items = static_cast<std::uint64_t>(count) * HO_DEVICE_LANES;
    ho_device_walk_sets<<<groups(items), HO_DEVICE_GROUP, 0, stream>>>(periods, size, count, stride,
                                                                       zero_start, columns, members, out);
}

void scan(const scanned &s, cudaStream_t stream)
{
    ho_device_scan<<<groups(s.columns, s.slots), HO_DEVICE_GROUP, 0, stream>>>(
        s.level, s.periods, s.columns, s.stride, s.with_dot, s.start_peak, s.hurdle, s.x, s.base, s.v, s.out);
}

void weigh(std::uint32_t periods, std::uint32_t columns, std::uint64_t stride, const double *x,
           const double *a, const double *b, double *a_sum, double *b_sum, cudaStream_t stream)
{
    ho_device_weigh<<<groups(columns), HO_DEVICE_GROUP, 0, stream>>>(periods, columns, stride, x, a, b, a_sum,
                                                                     b_sum);
}

void series(std::uint32_t periods, std::uint32_t columns, std::uint32_t tail, std::uint64_t stride,
            double rate, double hurdle, double mar, const double *x, double *out, cudaStream_t stream)
{
    const std::uint64_t items = (columns + HO_DEVICE_LANES - 1ULL) / HO_DEVICE_LANES * HO_DEVICE_LANES;
    ho_device_series<<<groups(items), HO_DEVICE_GROUP, 0, stream>>>(periods, columns, tail, stride, rate,
                                                                    hurdle, mar, x, out);
}

void units(std::uint32_t periods, std::uint32_t columns, std::uint64_t stride, const double *x,
           const double *mean, const double *scale, float *out, cudaStream_t stream)
{
    ho_device_units<<<groups(columns, periods), HO_DEVICE_GROUP, 0, stream>>>(periods, columns, stride, x,
                                                                              mean, scale, out);
}

} // namespace ho::launch
