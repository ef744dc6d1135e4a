// The wall between C and Arrow: exceptions become a status that keeps their category. Only the files of this folder
// include it.
#pragma once

#include <arrow/status.h>
#include <parquet/exception.h>

#include <cstddef>
#include <cstdlib>
#include <new>

extern "C" {
#include "base/error.h"
#include "base/memory.h"
}

namespace arrow
{
class MemoryPool;
}

namespace wall
{
// Arrow's default pool, which keeps to the process's memory limit (base/memory.h).
arrow::MemoryPool *pool();

enum class doing { reading, writing };

inline ho_status told(const char *path, doing what, const arrow::Status &status, ho_error *err)
{
    if (status.IsOutOfMemory())
        return ho_fail(err, HO_ERR_MEMORY, "%s: out of memory in Arrow: %s", path, status.message().c_str());
    if (what == doing::reading) return ho_fail(err, HO_ERR_DATA, "%s: %s", path, status.ToString().c_str());
    return ho_fail(err, status.IsIOError() ? HO_ERR_IO : HO_ERR_INTERNAL, "%s: %s", path,
                   status.ToString().c_str());
}

// Runs work(), which returns a status and may throw anything.
template <class Work> ho_status guarded(const char *path, doing what, ho_error *err, Work &&work) noexcept
{
    try {
        return work();
    } catch (const parquet::ParquetStatusException &e) {
        return told(path, what, e.status(), err);
    } catch (const std::bad_alloc &) {
        return ho_fail(err, HO_ERR_MEMORY, "%s: out of memory in Arrow", path);
    } catch (const std::exception &e) {
        return ho_fail(err, what == doing::reading ? HO_ERR_DATA : HO_ERR_INTERNAL, "%s: %s", path, e.what());
    } catch (...) {
        return ho_fail(err, HO_ERR_INTERNAL, "%s: Arrow threw something unknown", path);
    }
}
} // namespace wall
