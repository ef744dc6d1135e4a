// A device that is open, what it holds, and the wall that no exception passes.
#ifndef HO_BRIDGE_CUDF_PLUGIN_ENGINE_HPP
#define HO_BRIDGE_CUDF_PLUGIN_ENGINE_HPP

#include "kernels/device/device.h"

#include <cublas_v2.h>
#include <cuda_runtime_api.h>
#include <cudf/column/column.hpp>
#include <memory>
#include <mutex>
#include <rmm/device_buffer.hpp>
#include <rmm/mr/cuda_async_memory_resource.hpp>
#include <rmm/mr/limiting_resource_adaptor.hpp>
#include <stdexcept>
#include <string>

struct ho_device_held {
    std::uint64_t rows = 0, columns = 0, stride = 0;
    rmm::device_buffer floats, sides; // sides: absolute, then scale
    std::unique_ptr<cudf::column> doubles;

    [[nodiscard]] const float *of_floats() const
    {
        return static_cast<const float *>(floats.data());
    }
    [[nodiscard]] const double *of_doubles() const
    {
        return doubles->view().data<double>();
    }
};

struct ho_device_engine {
    explicit ho_device_engine(const ho_device_wish &wish, std::uint64_t limit);
    ~ho_device_engine();
    ho_device_engine(const ho_device_engine &) = delete;
    ho_device_engine &operator=(const ho_device_engine &) = delete;

    int number;
    rmm::mr::cuda_async_memory_resource pool;
    rmm::mr::limiting_resource_adaptor memory;
    cudaStream_t stream = nullptr;
    cublasHandle_t blas = nullptr;
    std::mutex turn;
};

namespace ho
{

struct refusal : std::runtime_error {
    refusal(ho_device_state state_, const std::string &text) : std::runtime_error(text), state(state_) {}
    ho_device_state state;
};

void check(cudaError_t code, const char *what);
std::uint32_t narrow(std::uint64_t number); // a size that cuDF and cuBLAS can have
void check(cublasStatus_t code, const char *what);

// What the exception that is being handled comes to. Never throws.
ho_device_state told(ho_device_line *why) noexcept;

template <typename Work> ho_device_state behind_wall(ho_device_line *why, const Work &work) noexcept
{
    try {
        work();
        return HO_DEVICE_DONE;
    } catch (...) {
        return told(why);
    }
}

// Work on the device: one caller at a time, on the caller's thread, finished at the end.
template <typename Work>
ho_device_state in_turn(ho_device_engine *e, ho_device_line *why, const Work &work) noexcept
{
    return behind_wall(why, [&] {
        const std::lock_guard<std::mutex> mine(e->turn);
        check(cudaSetDevice(e->number), "the device");
        (void)cudaGetLastError(); // of a call that failed, after which the host went on
        work();
        check(cudaGetLastError(), "a kernel");
        check(cudaStreamSynchronize(e->stream), "the device's work");
    });
}

// Memory of the device for some items, within the limit.
template <typename T> class room
{
  public:
    room(ho_device_engine *e, std::uint64_t count)
        : engine(e), buffer(count * sizeof(T), e->stream, e->memory)
    {
    }
    room(ho_device_engine *e, const T *from, std::uint64_t count) : room(e, count)
    {
        check(cudaMemcpyAsync(data(), from, count * sizeof(T), cudaMemcpyHostToDevice, e->stream), "a copy");
    }
    T *data()
    {
        return static_cast<T *>(buffer.data());
    }
    void fetch(T *to)
    {
        check(cudaMemcpyAsync(to, data(), buffer.size(), cudaMemcpyDeviceToHost, engine->stream), "a copy");
    }

  private:
    ho_device_engine *engine;
    rmm::device_buffer buffer;
};

ho_device_state hold_doubles(ho_device_engine *, const ho_device_doubles *, ho_device_held **,
                             ho_device_line *);
ho_device_state hold_arrow(ho_device_engine *, const void *, const void *, std::uint64_t, std::uint64_t,
                           std::uint64_t, ho_device_held **, ho_device_line *);
ho_device_state hold_files(ho_device_engine *, const ho_device_files *, ho_device_held **, ho_device_line *);
ho_device_state sieve(ho_device_engine *, const ho_device_held *, const ho_device_swaps *,
                      const ho_device_kept *, ho_device_line *);
ho_device_state walk_sets(ho_device_engine *, const ho_device_held *, const std::uint32_t *, std::uint32_t,
                          std::uint32_t, std::uint32_t, std::uint32_t, float *, ho_device_line *);
ho_device_state scan(ho_device_engine *, const ho_device_held *, const ho_device_scan_wish *, double *,
                     ho_device_line *);
ho_device_state weigh(ho_device_engine *, const ho_device_held *, const double *, const double *, double *,
                      double *, ho_device_line *);
ho_device_state series(ho_device_engine *, const ho_device_held *, const ho_device_series_wish *, double *,
                       ho_device_line *);
ho_device_state units(ho_device_engine *, const ho_device_held *, const double *, const double *,
                      ho_device_held **, ho_device_line *);
ho_device_state correlate(ho_device_engine *, const ho_device_held *, std::uint64_t, std::uint64_t,
                          std::uint64_t, std::uint64_t, float *, ho_device_line *);

} // namespace ho

#endif
