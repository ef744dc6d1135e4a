// Writing Arrow's own forms: the pieces of a group become one record batch of an IPC file, or of a stream in memory.
#include "bridge/arrow/arrow.h"
#include "bridge/arrow/wall.hpp"

#include <arrow/array/builder_binary.h>
#include <arrow/array/builder_dict.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/array/builder_time.h>
#include <arrow/c/bridge.h>
#include <arrow/io/file.h>
#include <arrow/ipc/writer.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <arrow/util/compression.h>
#include <arrow/util/key_value_metadata.h>

#include <cmath>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

using wall::doing;
using wall::guarded;

namespace
{
struct layout {
    std::vector<ho_parquet_type> types;
    std::shared_ptr<arrow::Schema> schema;
};
} // namespace

struct ho_ipc_writer {
    std::string path;
    layout table;
    std::shared_ptr<arrow::io::FileOutputStream> sink;
    std::shared_ptr<arrow::ipc::RecordBatchWriter> file;
};

namespace
{
std::shared_ptr<arrow::DataType> type_of(const ho_parquet_column &column)
{
    switch (column.type) {
    case HO_PARQUET_INT32:
        return arrow::int32();
    case HO_PARQUET_DOUBLE:
    case HO_PARQUET_REAL:
        return arrow::float64();
    case HO_PARQUET_DATE:
        return arrow::date32();
    case HO_PARQUET_TIME:
        return arrow::time32(arrow::TimeUnit::MILLI);
    case HO_PARQUET_TEXT:
        return column.coding == HO_PARQUET_DICTIONARY ? arrow::dictionary(arrow::int32(), arrow::utf8())
                                                      : arrow::utf8();
    case HO_PARQUET_OTHER:
        break;
    }
    throw parquet::ParquetException("a column of no type that can be written");
}

template <class Builder> std::shared_ptr<arrow::Array> finished(Builder &builder)
{
    std::shared_ptr<arrow::Array> array;
    PARQUET_ASSIGN_OR_THROW(array, builder.Finish());
    return array;
}

// Every text once. A file holds one dictionary a column: all pieces of such a column are alike.
std::shared_ptr<arrow::Array> dictionary_of(size_t pieces, size_t rows, size_t column, ho_parquet_piece piece,
                                            void *user)
{
    arrow::StringDictionary32Builder builder;
    for (size_t i = 0; i < pieces; i++) {
        const auto *texts = static_cast<const char *const *>(piece(user, column, i));
        for (size_t r = 0; r < rows; r++)
            PARQUET_THROW_NOT_OK(builder.Append(texts[r]));
    }
    return finished(builder);
}

template <class Builder, class Value, class Add>
std::shared_ptr<arrow::Array> array_of(Builder &&builder, size_t pieces, size_t rows, size_t column,
                                       ho_parquet_piece piece, void *user, Add &&add)
{
    PARQUET_THROW_NOT_OK(builder.Reserve(static_cast<int64_t>(pieces * rows)));
    for (size_t i = 0; i < pieces; i++) {
        const auto *values = static_cast<const Value *>(piece(user, column, i));
        for (size_t r = 0; r < rows; r++)
            PARQUET_THROW_NOT_OK(add(builder, values[r]));
    }
    return finished(builder);
}

std::shared_ptr<arrow::Array> array_of(const layout &w, size_t pieces, size_t rows, size_t column,
                                       ho_parquet_piece piece, void *user)
{
    const auto plain = [](auto &builder, auto value) { return builder.Append(value); };
    switch (w.types[column]) {
    case HO_PARQUET_INT32:
        return array_of<arrow::Int32Builder, int32_t>(arrow::Int32Builder(), pieces, rows, column, piece,
                                                      user, plain);
    case HO_PARQUET_DATE:
        return array_of<arrow::Date32Builder, int32_t>(arrow::Date32Builder(), pieces, rows, column, piece,
                                                       user, plain);
    case HO_PARQUET_TIME:
        return array_of<arrow::Time32Builder, int32_t>(
            arrow::Time32Builder(arrow::time32(arrow::TimeUnit::MILLI), arrow::default_memory_pool()), pieces,
            rows, column, piece, user, [](arrow::Time32Builder &builder, int32_t seconds) {
                return seconds < 0 ? builder.AppendNull() : builder.Append(seconds * 1000);
            });
    case HO_PARQUET_DOUBLE:
        return array_of<arrow::DoubleBuilder, double>(arrow::DoubleBuilder(), pieces, rows, column, piece,
                                                      user, plain);
    case HO_PARQUET_REAL:
        return array_of<arrow::DoubleBuilder, double>(arrow::DoubleBuilder(), pieces, rows, column, piece,
                                                      user, [](arrow::DoubleBuilder &builder, double value) {
                                                          return std::isnan(value) ? builder.AppendNull()
                                                                                   : builder.Append(value);
                                                      });
    default:
        if (w.schema->field(static_cast<int>(column))->type()->id() == arrow::Type::DICTIONARY)
            return dictionary_of(pieces, rows, column, piece, user);
        return array_of<arrow::StringBuilder, const char *>(arrow::StringBuilder(), pieces, rows, column,
                                                            piece, user, plain);
    }
}
layout layout_of(const ho_parquet_column *columns, size_t count, const char *key, const char *value)
{
    layout made;
    arrow::FieldVector fields;
    for (size_t i = 0; i < count; i++) {
        const bool nullable = columns[i].type == HO_PARQUET_TIME || columns[i].type == HO_PARQUET_REAL;
        fields.push_back(arrow::field(columns[i].name, type_of(columns[i]), nullable));
        made.types.push_back(columns[i].type);
    }
    made.schema = arrow::schema(fields, arrow::key_value_metadata({key}, {value}));
    return made;
}

std::shared_ptr<arrow::RecordBatch> batch_of(const layout &table, size_t pieces, size_t rows,
                                             ho_parquet_piece piece, void *user)
{
    arrow::ArrayVector arrays;
    for (size_t column = 0; column < table.types.size(); column++)
        arrays.push_back(array_of(table, pieces, rows, column, piece, user));
    return arrow::RecordBatch::Make(table.schema, static_cast<int64_t>(pieces * rows), std::move(arrays));
}
} // namespace

ho_status ho_ipc_create(const char *path, const ho_parquet_column *columns, size_t count, const char *codec,
                        const char *key, const char *value, ho_ipc_writer **writer, ho_error *err)
{
    return guarded(path, doing::writing, err, [&] {
        auto made = std::make_unique<ho_ipc_writer>();
        made->path = path;
        made->table = layout_of(columns, count, key, value);
        auto options = arrow::ipc::IpcWriteOptions::Defaults();
        const bool lz4 = std::strcmp(codec, "lz4") == 0;
        if (lz4 || std::strcmp(codec, "zstd") == 0) {
            PARQUET_ASSIGN_OR_THROW(
                options.codec,
                arrow::util::Codec::Create(lz4 ? arrow::Compression::LZ4_FRAME : arrow::Compression::ZSTD));
        }
        PARQUET_ASSIGN_OR_THROW(made->sink, arrow::io::FileOutputStream::Open(made->path));
        PARQUET_ASSIGN_OR_THROW(made->file,
                                arrow::ipc::MakeFileWriter(made->sink, made->table.schema, options));
        *writer = made.release();
        return HO_OK;
    });
}

ho_status ho_ipc_write_group(ho_ipc_writer *writer, size_t pieces, size_t rows, ho_parquet_piece piece,
                             void *user, ho_error *err)
{
    return guarded(writer->path.c_str(), doing::writing, err, [&] {
        PARQUET_THROW_NOT_OK(
            writer->file->WriteRecordBatch(*batch_of(writer->table, pieces, rows, piece, user)));
        return HO_OK;
    });
}

ho_status ho_ipc_finish(ho_ipc_writer **writer, ho_error *err)
{
    std::unique_ptr<ho_ipc_writer> w(*writer);
    *writer = nullptr;
    return guarded(w->path.c_str(), doing::writing, err, [&] {
        PARQUET_THROW_NOT_OK(w->file->Close());
        PARQUET_THROW_NOT_OK(w->sink->Close());
        return HO_OK;
    });
}

void ho_ipc_discard(ho_ipc_writer **writer)
{
    delete *writer;
    *writer = nullptr;
}

ho_status ho_arrow_export(const ho_parquet_column *columns, size_t count, const char *key, const char *value,
                          size_t rows, ho_parquet_piece piece, void *user, struct ArrowArrayStream *stream,
                          ho_error *err)
{
    return guarded("Arrow stream", doing::writing, err, [&] {
        const layout table = layout_of(columns, count, key, value);
        std::shared_ptr<arrow::RecordBatchReader> reader;
        PARQUET_ASSIGN_OR_THROW(
            reader, arrow::RecordBatchReader::Make({batch_of(table, 1, rows, piece, user)}, table.schema));
        PARQUET_THROW_NOT_OK(arrow::ExportRecordBatchReader(reader, stream));
        return HO_OK;
    });
}
