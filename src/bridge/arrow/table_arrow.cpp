// Arrow's own arrays: IPC files and streams, and the C Data Interface.
#include "bridge/arrow/table.hpp"

#include <arrow/array.h>
#include <arrow/c/bridge.h>
#include <arrow/io/file.h>
#include <arrow/ipc/reader.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <arrow/util/decimal.h>
#include <arrow/util/float16.h>
#include <arrow/util/key_value_metadata.h>

using wall::doing;
using wall::guarded;

namespace
{
ho_arrow_kind kind_of(const arrow::DataType &type)
{
    switch (type.id()) {
    case arrow::Type::DICTIONARY:
        return kind_of(*static_cast<const arrow::DictionaryType &>(type).value_type());
    case arrow::Type::DATE32:
    case arrow::Type::DATE64:
    case arrow::Type::TIMESTAMP:
        return HO_ARROW_DAY;
    case arrow::Type::TIME32:
    case arrow::Type::TIME64:
        return HO_ARROW_TIME;
    case arrow::Type::STRING:
    case arrow::Type::LARGE_STRING:
    case arrow::Type::STRING_VIEW:
    case arrow::Type::BINARY:
    case arrow::Type::LARGE_BINARY:
    case arrow::Type::BINARY_VIEW:
        return HO_ARROW_TEXT;
    case arrow::Type::BOOL:
    case arrow::Type::DECIMAL128:
    case arrow::Type::DECIMAL256:
        return HO_ARROW_NUMBER;
    default:
        return arrow::is_integer(type.id()) || arrow::is_floating(type.id()) ? HO_ARROW_NUMBER
                                                                             : HO_ARROW_OTHER;
    }
}

int64_t ticks_of(arrow::TimeUnit::type unit)
{
    static const int64_t ticks[] = {1, 1000, 1000000, 1000000000}; // SECOND to NANO
    return ticks[unit];
}

template <class Array, class Tell> void each(const arrow::Array &array, sink &out, Tell &&tell)
{
    const auto &typed = static_cast<const Array &>(array);
    for (int64_t i = 0; i < array.length(); i++) {
        if (array.IsNull(i))
            out.none();
        else
            tell(typed.GetView(i));
    }
}

template <class Array> void each_number(const arrow::Array &array, sink &out)
{
    each<Array>(array, out, [&](auto value) { out.number(static_cast<double>(value)); });
}

template <class Array> void each_text(const arrow::Array &array, sink &out)
{
    each<Array>(array, out, [&](std::string_view text) { out.text(text.data(), text.size()); });
}

template <class Array> void each_decimal(const arrow::Array &array, sink &out)
{
    const auto &typed = static_cast<const Array &>(array);
    for (int64_t i = 0; i < array.length(); i++) {
        if (array.IsNull(i))
            out.none();
        else
            out.number(source::decimal(typed.FormatValue(i)));
    }
}

void tell_array(const arrow::Array &array, sink &out);

void tell_dictionary(const arrow::DictionaryArray &array, sink &out)
{
    if (array.dictionary()->type_id() == arrow::Type::STRING && array.dictionary()->null_count() == 0) {
        const auto &texts = static_cast<const arrow::StringArray &>(*array.dictionary());
        for (int64_t i = 0; i < array.length(); i++) {
            if (array.IsNull(i)) {
                out.none();
            } else {
                const auto text = texts.GetView(array.GetValueIndex(i));
                out.text(text.data(), text.size());
            }
        }
        return;
    }
    for (int64_t i = 0; i < array.length(); i++) {
        if (array.IsNull(i))
            out.none();
        else
            tell_array(*array.dictionary()->Slice(array.GetValueIndex(i), 1), out);
    }
}

void tell_moments(const arrow::Array &array, sink &out)
{
    if (array.type_id() == arrow::Type::DATE32)
        return each<arrow::Date32Array>(array, out, [&](int32_t day) { out.moment(day, 0); });
    if (array.type_id() == arrow::Type::DATE64)
        return each<arrow::Date64Array>(array, out, source::moments(out, 1000));
    if (array.type_id() == arrow::Type::TIMESTAMP) {
        const int64_t ticks = ticks_of(static_cast<const arrow::TimestampType &>(*array.type()).unit());
        return each<arrow::TimestampArray>(array, out, source::moments(out, ticks));
    }
    const int64_t ticks = ticks_of(static_cast<const arrow::TimeType &>(*array.type()).unit());
    if (array.type_id() == arrow::Type::TIME32)
        return each<arrow::Time32Array>(array, out, [&](int32_t value) { out.moment(0, value / ticks); });
    each<arrow::Time64Array>(array, out, [&](int64_t value) { out.moment(0, value / ticks); });
}

void tell_array(const arrow::Array &array, sink &out)
{
    switch (array.type_id()) {
    case arrow::Type::DICTIONARY:
        return tell_dictionary(static_cast<const arrow::DictionaryArray &>(array), out);
    case arrow::Type::DATE32:
    case arrow::Type::DATE64:
    case arrow::Type::TIMESTAMP:
    case arrow::Type::TIME32:
    case arrow::Type::TIME64:
        return tell_moments(array, out);
    case arrow::Type::STRING:
    case arrow::Type::BINARY:
        return each_text<arrow::BinaryArray>(array, out);
    case arrow::Type::LARGE_STRING:
    case arrow::Type::LARGE_BINARY:
        return each_text<arrow::LargeBinaryArray>(array, out);
    case arrow::Type::STRING_VIEW:
    case arrow::Type::BINARY_VIEW:
        return each_text<arrow::BinaryViewArray>(array, out);
    case arrow::Type::BOOL:
        return each_number<arrow::BooleanArray>(array, out);
    case arrow::Type::INT8:
        return each_number<arrow::Int8Array>(array, out);
    case arrow::Type::INT16:
        return each_number<arrow::Int16Array>(array, out);
    case arrow::Type::INT32:
        return each_number<arrow::Int32Array>(array, out);
    case arrow::Type::INT64:
        return each_number<arrow::Int64Array>(array, out);
    case arrow::Type::UINT8:
        return each_number<arrow::UInt8Array>(array, out);
    case arrow::Type::UINT16:
        return each_number<arrow::UInt16Array>(array, out);
    case arrow::Type::UINT32:
        return each_number<arrow::UInt32Array>(array, out);
    case arrow::Type::UINT64:
        return each_number<arrow::UInt64Array>(array, out);
    case arrow::Type::HALF_FLOAT:
        return each<arrow::HalfFloatArray>(
            array, out, [&](uint16_t bits) { out.number(arrow::util::Float16::FromBits(bits).ToDouble()); });
    case arrow::Type::FLOAT:
        return each_number<arrow::FloatArray>(array, out);
    case arrow::Type::DOUBLE:
        return each_number<arrow::DoubleArray>(array, out);
    case arrow::Type::DECIMAL128:
        return each_decimal<arrow::Decimal128Array>(array, out);
    case arrow::Type::DECIMAL256:
        return each_decimal<arrow::Decimal256Array>(array, out);
    default:
        throw parquet::ParquetException("a column of no type that is read: " + array.type()->ToString());
    }
}

struct batch_table : ho_arrow_table {
    std::vector<std::shared_ptr<arrow::RecordBatch>> batches;

    void read(size_t column, sink &out) override
    {
        for (const auto &batch : batches)
            tell_array(*batch->column(static_cast<int>(column)), out);
    }

    void describe(const arrow::Schema &schema)
    {
        for (const auto &of : schema.fields()) {
            const auto &type = *of->type();
            std::string zone;
            if (type.id() == arrow::Type::TIMESTAMP)
                zone = static_cast<const arrow::TimestampType &>(type).timezone();
            columns.push_back({of->name(), kind_of(type), type.ToString(), zone});
        }
        if (schema.metadata() == nullptr) return;
        for (int64_t i = 0; i < schema.metadata()->size(); i++)
            notes.emplace_back(schema.metadata()->key(i), schema.metadata()->value(i));
    }

    // What others wrote is not trusted: offsets and lengths of each array are checked before it is looked at.
    void add(std::shared_ptr<arrow::RecordBatch> batch)
    {
        PARQUET_THROW_NOT_OK(batch->ValidateFull());
        rows += static_cast<size_t>(batch->num_rows());
        batches.push_back(std::move(batch));
    }

    void add_all(arrow::RecordBatchReader &reader)
    {
        describe(*reader.schema());
        for (;;) {
            std::shared_ptr<arrow::RecordBatch> batch;
            PARQUET_THROW_NOT_OK(reader.ReadNext(&batch));
            if (batch == nullptr) return;
            add(std::move(batch));
        }
    }
};
} // namespace

static arrow::ipc::IpcReadOptions limited()
{
    auto options = arrow::ipc::IpcReadOptions::Defaults();
    options.memory_pool = wall::pool();
    return options;
}

std::unique_ptr<ho_arrow_table> source::ipc_file(const char *path)
{
    auto made = std::make_unique<batch_table>();
    std::shared_ptr<arrow::io::ReadableFile> file;
    PARQUET_ASSIGN_OR_THROW(file, arrow::io::ReadableFile::Open(path, wall::pool()));
    std::shared_ptr<arrow::ipc::RecordBatchFileReader> reader;
    PARQUET_ASSIGN_OR_THROW(reader, arrow::ipc::RecordBatchFileReader::Open(file, limited()));
    made->describe(*reader->schema());
    for (int i = 0; i < reader->num_record_batches(); i++) {
        std::shared_ptr<arrow::RecordBatch> batch;
        PARQUET_ASSIGN_OR_THROW(batch, reader->ReadRecordBatch(i));
        made->add(std::move(batch));
    }
    return made;
}

std::unique_ptr<ho_arrow_table> source::ipc_stream(const char *path)
{
    auto made = std::make_unique<batch_table>();
    std::shared_ptr<arrow::io::ReadableFile> file;
    PARQUET_ASSIGN_OR_THROW(file, arrow::io::ReadableFile::Open(path, wall::pool()));
    std::shared_ptr<arrow::ipc::RecordBatchStreamReader> reader;
    PARQUET_ASSIGN_OR_THROW(reader, arrow::ipc::RecordBatchStreamReader::Open(file, limited()));
    made->add_all(*reader);
    return made;
}

ho_status ho_arrow_table_import(struct ArrowArrayStream *stream, ho_arrow_table **table, ho_error *err)
{
    return guarded("Arrow stream", doing::reading, err, [&] {
        auto made = std::make_unique<batch_table>();
        made->path = "Arrow stream";
        std::shared_ptr<arrow::RecordBatchReader> reader;
        PARQUET_ASSIGN_OR_THROW(reader, arrow::ImportRecordBatchReader(stream));
        made->add_all(*reader);
        *table = made.release();
        return HO_OK;
    });
}
