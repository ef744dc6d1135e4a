// Writing Parquet files column by column through the low-level writer: no Arrow table is built, the values go from
// where they lie into the pages.
#include "bridge/arrow/arrow.h"
#include "bridge/arrow/wall.hpp"

#include <arrow/io/file.h>
#include <arrow/util/compression.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/column_writer.h>
#include <parquet/file_writer.h>
#include <parquet/properties.h>
#include <parquet/schema.h>

#include <cmath>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

using wall::doing;
using wall::guarded;

struct ho_parquet_writer {
    std::string path;
    std::vector<ho_parquet_type> types;
    std::shared_ptr<arrow::io::FileOutputStream> sink;
    std::unique_ptr<parquet::ParquetFileWriter> file;
};

namespace
{
struct codec {
    const char *name;
    parquet::Compression::type type;
};

constexpr codec codecs[] = {{"none", parquet::Compression::UNCOMPRESSED},
                            {"snappy", parquet::Compression::SNAPPY},
                            {"gzip", parquet::Compression::GZIP},
                            {"lz4", parquet::Compression::LZ4},
                            {"zstd", parquet::Compression::ZSTD}};

const codec *find_codec(const char *name)
{
    for (const codec &c : codecs) {
        if (std::strcmp(c.name, name) == 0) return &c;
    }
    return nullptr;
}

parquet::schema::NodePtr node_of(const ho_parquet_column &column)
{
    using parquet::schema::PrimitiveNode;
    const auto required = parquet::Repetition::REQUIRED;
    switch (column.type) {
    case HO_PARQUET_INT32:
        return PrimitiveNode::Make(column.name, required, parquet::Type::INT32);
    case HO_PARQUET_DOUBLE:
        return PrimitiveNode::Make(column.name, required, parquet::Type::DOUBLE);
    case HO_PARQUET_DATE:
        return PrimitiveNode::Make(column.name, required, parquet::LogicalType::Date(), parquet::Type::INT32);
    case HO_PARQUET_TEXT:
        return PrimitiveNode::Make(column.name, required, parquet::LogicalType::String(),
                                   parquet::Type::BYTE_ARRAY);
    case HO_PARQUET_TIME:
        return PrimitiveNode::Make(column.name, parquet::Repetition::OPTIONAL,
                                   parquet::LogicalType::Time(false, parquet::LogicalType::TimeUnit::MILLIS),
                                   parquet::Type::INT32);
    case HO_PARQUET_REAL:
        return PrimitiveNode::Make(column.name, parquet::Repetition::OPTIONAL, parquet::Type::DOUBLE);
    case HO_PARQUET_OTHER:
        break;
    }
    throw parquet::ParquetException("a column of no type that can be written");
}

std::shared_ptr<parquet::WriterProperties> properties_of(const ho_parquet_column *columns, size_t count,
                                                         parquet::Compression::type compression)
{
    parquet::WriterProperties::Builder builder;
    builder.memory_pool(wall::pool())->compression(compression)->enable_page_checksum()->disable_dictionary();
    for (size_t i = 0; i < count; i++) {
        const std::string name = columns[i].name;
        if (columns[i].coding == HO_PARQUET_DICTIONARY) builder.enable_dictionary(name);
        if (columns[i].coding == HO_PARQUET_DELTA)
            builder.encoding(name, parquet::Encoding::DELTA_BINARY_PACKED);
        if (!columns[i].ranges) builder.disable_statistics(name);
    }
    return builder.build();
}

void write_text(parquet::ByteArrayWriter &out, const char *const *texts, size_t rows)
{
    std::vector<parquet::ByteArray> values(rows);
    for (size_t i = 0; i < rows; i++) {
        values[i] = parquet::ByteArray(static_cast<uint32_t>(std::strlen(texts[i])),
                                       reinterpret_cast<const uint8_t *>(texts[i]));
    }
    out.WriteBatch(static_cast<int64_t>(rows), nullptr, nullptr, values.data());
}

// The values that are there, and a level for each that says so.
template <class Value, class Writer, class Present>
void write_present(Writer &out, const Value *values, size_t rows, Present &&present)
{
    std::vector<Value> there;
    std::vector<int16_t> levels(rows);
    for (size_t i = 0; i < rows; i++) {
        Value value{};
        levels[i] = present(values[i], value) ? 1 : 0;
        if (levels[i] != 0) there.push_back(value);
    }
    out.WriteBatch(static_cast<int64_t>(rows), levels.data(), nullptr, there.data());
}

void write_piece(parquet::ColumnWriter &out, ho_parquet_type type, const void *values, size_t rows)
{
    const auto count = static_cast<int64_t>(rows);
    if (type == HO_PARQUET_DOUBLE) {
        dynamic_cast<parquet::DoubleWriter &>(out).WriteBatch(count, nullptr, nullptr,
                                                              static_cast<const double *>(values));
    } else if (type == HO_PARQUET_TEXT) {
        write_text(dynamic_cast<parquet::ByteArrayWriter &>(out), static_cast<const char *const *>(values),
                   rows);
    } else if (type == HO_PARQUET_TIME) {
        write_present(dynamic_cast<parquet::Int32Writer &>(out), static_cast<const int32_t *>(values), rows,
                      [](int32_t seconds, int32_t &millis) {
                          millis = seconds < 0 ? 0 : seconds * 1000;
                          return seconds >= 0;
                      });
    } else if (type == HO_PARQUET_REAL) {
        write_present(dynamic_cast<parquet::DoubleWriter &>(out), static_cast<const double *>(values), rows,
                      [](double from, double &to) {
                          to = from;
                          return !std::isnan(from);
                      });
    } else {
        dynamic_cast<parquet::Int32Writer &>(out).WriteBatch(count, nullptr, nullptr,
                                                             static_cast<const int32_t *>(values));
    }
}
} // namespace

ho_status ho_parquet_create(const char *path, const ho_parquet_column *columns, size_t count,
                            const char *codec_name, ho_parquet_writer **writer, ho_error *err)
{
    const codec *found = find_codec(codec_name);
    if (found == nullptr) return ho_fail(err, HO_ERR_USAGE, "no compression is called '%s'", codec_name);
    if (!arrow::util::Codec::IsAvailable(found->type))
        return ho_fail(err, HO_ERR_UNAVAILABLE, "this copy of Arrow has no %s compression", codec_name);
    return guarded(path, doing::writing, err, [&] {
        auto made = std::make_unique<ho_parquet_writer>();
        made->path = path;
        parquet::schema::NodeVector nodes;
        for (size_t i = 0; i < count; i++) {
            nodes.push_back(node_of(columns[i]));
            made->types.push_back(columns[i].type);
        }
        auto schema = std::static_pointer_cast<parquet::schema::GroupNode>(
            parquet::schema::GroupNode::Make("schema", parquet::Repetition::REQUIRED, nodes));
        PARQUET_ASSIGN_OR_THROW(made->sink, arrow::io::FileOutputStream::Open(made->path));
        made->file =
            parquet::ParquetFileWriter::Open(made->sink, schema, properties_of(columns, count, found->type));
        *writer = made.release();
        return HO_OK;
    });
}

ho_status ho_parquet_write_group(ho_parquet_writer *writer, size_t pieces, size_t rows,
                                 ho_parquet_piece piece, void *user, ho_error *err)
{
    return guarded(writer->path.c_str(), doing::writing, err, [&] {
        parquet::RowGroupWriter *group = writer->file->AppendRowGroup();
        for (size_t column = 0; column < writer->types.size(); column++) {
            parquet::ColumnWriter *out = group->NextColumn();
            for (size_t i = 0; i < pieces; i++)
                write_piece(*out, writer->types[column], piece(user, column, i), rows);
            out->Close();
        }
        group->Close();
        return HO_OK;
    });
}

ho_status ho_parquet_add_note(ho_parquet_writer *writer, const char *key, const char *value, ho_error *err)
{
    return guarded(writer->path.c_str(), doing::writing, err, [&] {
        writer->file->AddKeyValueMetadata(arrow::key_value_metadata({key}, {value}));
        return HO_OK;
    });
}

ho_status ho_parquet_finish(ho_parquet_writer **writer, ho_error *err)
{
    std::unique_ptr<ho_parquet_writer> w(*writer);
    *writer = nullptr;
    return guarded(w->path.c_str(), doing::writing, err, [&] {
        w->file->Close();
        PARQUET_THROW_NOT_OK(w->sink->Close());
        return HO_OK;
    });
}

void ho_parquet_discard(ho_parquet_writer **writer)
{
    delete *writer; // the file writer's destructor swallows what its last writes throw
    *writer = nullptr;
}
