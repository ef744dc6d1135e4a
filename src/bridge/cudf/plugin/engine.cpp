// The plug-in's life: device, memory, errors, and the table that is its one symbol.
#include "bridge/cudf/plugin/engine.hpp"

#include <algorithm>
#include <cstdio>
#include <cudf/utilities/error.hpp>
#include <new>
#include <rmm/error.hpp>
#include <rmm/mr/per_device_resource.hpp>

namespace ho
{

static ho_device_state state_of(cudaError_t code)
{
    switch (code) {
    case cudaErrorInsufficientDriver:
    case cudaErrorSystemDriverMismatch:
    case cudaErrorCompatNotSupportedOnDevice:
    case cudaErrorStubLibrary:
        return HO_DEVICE_NO_DRIVER;
    case cudaErrorNoDevice:
    case cudaErrorInvalidDevice:
        return HO_DEVICE_NONE;
    case cudaErrorMemoryAllocation:
        return HO_DEVICE_MEMORY;
    case cudaErrorIllegalAddress:
    case cudaErrorLaunchFailure:
    case cudaErrorLaunchTimeout:
    case cudaErrorECCUncorrectable:
    case cudaErrorNvlinkUncorrectable:
    case cudaErrorHardwareStackError:
    case cudaErrorIllegalInstruction:
    case cudaErrorMisalignedAddress:
    case cudaErrorInvalidAddressSpace:
    case cudaErrorInvalidPc:
    case cudaErrorAssert:
    case cudaErrorContextIsDestroyed:
    case cudaErrorDevicesUnavailable:
    case cudaErrorSystemNotReady:
    case cudaErrorUnknown:
        return HO_DEVICE_LOST;
    default:
        return HO_DEVICE_FAULT;
    }
}

static const char *begins(ho_device_state state)
{
    switch (state) {
    case HO_DEVICE_NO_DRIVER:
    case HO_DEVICE_NONE:
        return "no CUDA device: ";
    case HO_DEVICE_MEMORY:
        return "out of device memory: ";
    case HO_DEVICE_LOST:
        return "the CUDA device is lost: ";
    default:
        return "";
    }
}

void check(cudaError_t code, const char *what)
{
    if (code == cudaSuccess) return;
    throw refusal(state_of(code), std::string(what) + ": " + cudaGetErrorString(code));
}

void check(cublasStatus_t code, const char *what)
{
    if (code == CUBLAS_STATUS_SUCCESS) return;
    throw refusal(code == CUBLAS_STATUS_ALLOC_FAILED ? HO_DEVICE_MEMORY : HO_DEVICE_FAULT,
                  std::string(what) + ": " + cublasGetStatusString(code));
}

static ho_device_state say(ho_device_line *why, ho_device_state state, const char *text) noexcept
{
    std::snprintf(why->text, sizeof why->text, "%s%s", begins(state), text);
    for (char *c = why->text; *c != '\0'; c++)
        if (static_cast<unsigned char>(*c) < ' ') *c = ' '; // one line
    return state;
}

ho_device_state told(ho_device_line *why) noexcept
{
    try {
        throw;
    } catch (const refusal &e) {
        return say(why, e.state, e.what());
    } catch (const rmm::bad_alloc &e) {
        return say(why, HO_DEVICE_MEMORY, e.what());
    } catch (const std::bad_alloc &) {
        return say(why, HO_DEVICE_MEMORY, "and the processor's");
    } catch (const cudf::fatal_cuda_error &e) {
        return say(why, HO_DEVICE_LOST, e.what());
    } catch (const cudf::cuda_error &e) {
        return say(why, state_of(e.error_code()), e.what());
    } catch (const std::exception &e) {
        return say(why, HO_DEVICE_FAULT, e.what());
    } catch (...) {
        return say(why, HO_DEVICE_FAULT, "an unknown exception");
    }
}

} // namespace ho

using ho::check;

ho_device_engine::ho_device_engine(const ho_device_wish &wish, std::uint64_t limit)
    : number(wish.number), memory(pool, limit)
{
    check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "a stream");
    check(cublasCreate(&blas), "cuBLAS");
    check(cublasSetStream(blas, stream), "cuBLAS");
    check(cublasSetMathMode(blas, CUBLAS_PEDANTIC_MATH), "cuBLAS"); // no TF32
    rmm::mr::set_current_device_resource(memory);                   // of cuDF's own work
}

ho_device_engine::~ho_device_engine()
{
    (void)cudaSetDevice(number);
    rmm::mr::reset_current_device_resource();
    if (blas != nullptr) (void)cublasDestroy(blas);
    if (stream != nullptr) (void)cudaStreamDestroy(stream);
}

static ho_device_state open_device(const ho_device_wish *wish, ho_device_about *about,
                                   ho_device_engine **engine, ho_device_line *why)
{
    return ho::behind_wall(why, [&] {
        int count = 0, runtime = 0;
        std::size_t free = 0, total = 0;
        cudaDeviceProp device{};
        check(cudaGetDeviceCount(&count), "looking for one"); // before any call of cuDF's or RMM's
        if (wish->number < 0 || wish->number >= count)
            throw ho::refusal(HO_DEVICE_NONE,
                              "number " + std::to_string(wish->number) + " of " + std::to_string(count));
        check(cudaSetDevice(wish->number), "the device");
        check(cudaGetDeviceProperties(&device, wish->number), "the device");
        check(cudaMemGetInfo(&free, &total), "the device's memory");
        check(cudaRuntimeGetVersion(&runtime), "the runtime");
        const std::uint64_t limit = wish->memory_limit != 0 ? wish->memory_limit : total;
        auto made = std::make_unique<ho_device_engine>(*wish, limit);
        *about = {};
        std::snprintf(about->name, sizeof about->name, "%.127s", device.name);
        std::snprintf(about->libraries, sizeof about->libraries, "libcudf %s, CUDA %d.%d", HO_CUDF_VERSION,
                      runtime / 1000, runtime % 1000 / 10);
        about->memory = total;
        *engine = made.release();
    });
}

static void close_device(ho_device_engine **engine)
{
    ho_device_line why;
    (void)ho::behind_wall(&why, [&] { delete *engine; });
    *engine = nullptr;
}

static ho_device_state room_of(ho_device_engine *e, std::uint64_t *bytes, ho_device_line *why)
{
    return ho::in_turn(e, why, [&] {
        std::size_t free = 0, total = 0;
        check(cudaMemGetInfo(&free, &total), "the device's memory");
        const std::uint64_t limit = e->memory.get_allocation_limit(), taken = e->memory.get_allocated_bytes();
        *bytes = std::min<std::uint64_t>(free, limit > taken ? limit - taken : 0);
    });
}

static ho_device_state hold(ho_device_engine *e, const ho_device_floats *f, ho_device_held **held,
                            ho_device_line *why)
{
    return ho::in_turn(e, why, [&] {
        auto h = std::make_unique<ho_device_held>();
        const std::size_t row = f->columns * sizeof(float);
        h->rows = f->rows;
        h->columns = h->stride = f->columns;
        h->floats = rmm::device_buffer(f->rows * row, e->stream, e->memory);
        check(cudaMemcpy2DAsync(h->floats.data(), row, f->numbers, f->stride * sizeof(float), row, f->rows,
                                cudaMemcpyHostToDevice, e->stream),
              "a matrix");
        if (f->absolute != nullptr) {
            h->sides = rmm::device_buffer(2 * row, e->stream, e->memory);
            auto *to = static_cast<char *>(h->sides.data());
            check(cudaMemcpyAsync(to, f->absolute, row, cudaMemcpyHostToDevice, e->stream), "a matrix");
            check(cudaMemcpyAsync(to + row, f->scale, row, cudaMemcpyHostToDevice, e->stream), "a matrix");
        }
        *held = h.release();
    });
}

static void drop(ho_device_engine *e, ho_device_held **held)
{
    ho_device_line why;
    (void)ho::in_turn(e, &why, [&] { delete *held; });
    *held = nullptr;
}

extern "C" __attribute__((visibility("default"))) const ho_device_table *
ho_device_plugin(std::uint32_t interface);
extern "C" const ho_device_table *ho_device_plugin(std::uint32_t interface)
{
    static const ho_device_table table = {.interface = HO_DEVICE_INTERFACE,
                                          .bytes = sizeof(ho_device_table),
                                          .open = open_device,
                                          .close = close_device,
                                          .room = room_of,
                                          .hold = hold,
                                          .hold_doubles = ho::hold_doubles,
                                          .hold_arrow = ho::hold_arrow,
                                          .hold_files = ho::hold_files,
                                          .drop = drop,
                                          .sieve = ho::sieve,
                                          .walk_sets = ho::walk_sets,
                                          .scan = ho::scan,
                                          .weigh = ho::weigh,
                                          .series = ho::series,
                                          .units = ho::units,
                                          .correlate = ho::correlate};
    return interface == HO_DEVICE_INTERFACE ? &table : nullptr;
}
