// Matrices of doubles by cuDF: from a store's Parquet files straight into the device's memory, from an Arrow array of the
// host's, which is read where it stands, and some columns of one.
#include "bridge/cudf/plugin/engine.hpp"

#include <variant> // g++ 12: a header of cuDF's forgets it

#include <cudf/interop.hpp>
#include <cudf/io/parquet.hpp>
#include <vector>

namespace ho
{

static ho_device_held *holding(std::unique_ptr<cudf::column> numbers, std::uint64_t rows,
                               std::uint64_t columns, std::uint64_t stride, const char *what)
{
    if (numbers->type().id() != cudf::type_id::FLOAT64 || numbers->has_nulls())
        throw refusal(HO_DEVICE_FILE, std::string(what) + ": expected numbers of 64 bits, none missing");
    if (static_cast<std::uint64_t>(numbers->size()) != rows * stride)
        throw refusal(HO_DEVICE_FILE, std::string(what) + ": " + std::to_string(numbers->size()) +
                                          " numbers, expected " + std::to_string(rows) + " rows of " +
                                          std::to_string(stride));
    auto held = std::make_unique<ho_device_held>();
    held->rows = rows;
    held->columns = columns;
    held->stride = stride;
    held->doubles = std::move(numbers);
    return held.release();
}

ho_device_state hold_doubles(ho_device_engine *e, const ho_device_doubles *d, ho_device_held **held,
                             ho_device_line *why)
{
    return in_turn(e, why, [&] {
        const std::size_t row = d->columns * sizeof(double);
        rmm::device_buffer numbers(d->rows * row, e->stream, e->memory);
        check(cudaMemcpy2DAsync(numbers.data(), row, d->numbers, d->stride * sizeof(double), row, d->rows,
                                cudaMemcpyHostToDevice, e->stream),
              "a matrix");
        const auto count = static_cast<cudf::size_type>(narrow(d->rows * d->columns));
        *held = holding(std::make_unique<cudf::column>(cudf::data_type{cudf::type_id::FLOAT64}, count,
                                                       std::move(numbers), rmm::device_buffer{}, 0),
                        d->rows, d->columns, d->columns, "a matrix");
    });
}

ho_device_state hold_arrow(ho_device_engine *e, const void *array, const void *schema, std::uint64_t rows,
                           std::uint64_t columns, std::uint64_t stride, ho_device_held **held,
                           ho_device_line *why)
{
    return in_turn(e, why, [&] {
        auto numbers =
            cudf::from_arrow_host_column(static_cast<const ArrowSchema *>(schema),
                                         static_cast<const ArrowDeviceArray *>(array), e->stream, e->memory);
        *held = holding(std::move(numbers), rows, columns, stride, "an Arrow array");
    });
}

ho_device_state hold_files(ho_device_engine *e, const ho_device_files *f, ho_device_held **held,
                           ho_device_line *why)
{
    return in_turn(e, why, [&] {
        const std::vector<std::string> paths(f->paths, f->paths + f->count);
        auto options = cudf::io::parquet_reader_options::builder(cudf::io::source_info{paths}).build();
        options.set_column_names({"pnl"});
        auto read = cudf::io::read_parquet(options, e->stream, e->memory);
        auto columns = read.tbl->release();
        if (columns.size() != 1) throw refusal(HO_DEVICE_FILE, paths.at(0) + ": there is no column pnl");
        *held = holding(std::move(columns[0]), f->rows, f->columns, f->columns, paths.at(0).c_str());
    });
}

} // namespace ho
