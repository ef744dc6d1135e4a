#include "bridge/arrow/wall.hpp"

#include <arrow/memory_pool.h>

#include <string>

namespace
{
class limited final : public arrow::MemoryPool
{
    arrow::MemoryPool *const under = arrow::default_memory_pool();

    static arrow::Status refused(int64_t size)
    {
        return arrow::Status::OutOfMemory(std::to_string(size), " bytes more pass the memory limit of ",
                                          std::to_string(ho_memory_cap_now()));
    }

  public:
    arrow::Status Allocate(int64_t size, int64_t alignment, uint8_t **out) override
    {
        if (size > 0 && !ho_memory_may(static_cast<size_t>(size))) return refused(size);
        return under->Allocate(size, alignment, out);
    }
    arrow::Status Reallocate(int64_t from, int64_t to, int64_t alignment, uint8_t **block) override
    {
        if (to > from && !ho_memory_may(static_cast<size_t>(to - from))) return refused(to - from);
        return under->Reallocate(from, to, alignment, block);
    }
    void Free(uint8_t *block, int64_t size, int64_t alignment) override
    {
        under->Free(block, size, alignment);
    }
    void ReleaseUnused() override
    {
        under->ReleaseUnused();
    }
    int64_t bytes_allocated() const override
    {
        return under->bytes_allocated();
    }
    int64_t max_memory() const override
    {
        return under->max_memory();
    }
    int64_t total_bytes_allocated() const override
    {
        return under->total_bytes_allocated();
    }
    int64_t num_allocations() const override
    {
        return under->num_allocations();
    }
    std::string backend_name() const override
    {
        return under->backend_name();
    }
};
} // namespace

arrow::MemoryPool *wall::pool()
{
    static auto *made = new limited; // outlives every table
    return made;
}
