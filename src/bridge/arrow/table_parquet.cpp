// A Parquet file of any writer, column by column through the low-level reader: a wide table of 100,000 columns is
// never an Arrow table. Files are read, not mapped.
#include "bridge/arrow/table.hpp"

#include <arrow/type.h>
#include <arrow/util/decimal.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/schema.h>
#include <parquet/column_reader.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>
#include <parquet/schema.h>

#include <algorithm>

namespace
{
using parquet::LogicalType;
using parquet::Type;

constexpr int64_t batch = 4096;
constexpr int64_t julian_1970 = 2440588; // the day number of 1970-01-01 in INT96 timestamps

bool flat(const parquet::ColumnDescriptor &column)
{
    return column.max_repetition_level() == 0 && column.max_definition_level() <= 1 &&
           column.path()->ToDotVector().size() == 1;
}

bool bare(const LogicalType *logical)
{
    return logical == nullptr || logical->is_none();
}

ho_arrow_kind kind_of(const parquet::ColumnDescriptor &column)
{
    if (!flat(column)) return HO_ARROW_OTHER;
    const LogicalType *logical = column.logical_type().get();
    switch (column.physical_type()) {
    case Type::BOOLEAN:
    case Type::FLOAT:
    case Type::DOUBLE:
        return HO_ARROW_NUMBER;
    case Type::INT96:
        return HO_ARROW_DAY;
    case Type::INT32:
    case Type::INT64:
        if (!bare(logical) && (logical->is_date() || logical->is_timestamp())) return HO_ARROW_DAY;
        if (!bare(logical) && logical->is_time()) return HO_ARROW_TIME;
        return bare(logical) || logical->is_int() || logical->is_decimal() ? HO_ARROW_NUMBER : HO_ARROW_OTHER;
    case Type::BYTE_ARRAY:
        if (!bare(logical) && logical->is_decimal()) return HO_ARROW_NUMBER;
        return bare(logical) || logical->is_string() || logical->is_enum() || logical->is_JSON()
                   ? HO_ARROW_TEXT
                   : HO_ARROW_OTHER;
    case Type::FIXED_LEN_BYTE_ARRAY:
        return !bare(logical) && logical->is_decimal() ? HO_ARROW_NUMBER : HO_ARROW_OTHER;
    default:
        return HO_ARROW_OTHER;
    }
}

int64_t ticks_of(LogicalType::TimeUnit::unit unit)
{
    return unit == LogicalType::TimeUnit::MILLIS   ? 1000
           : unit == LogicalType::TimeUnit::MICROS ? 1000000
                                                   : 1000000000;
}

struct parquet_table : ho_arrow_table {
    std::unique_ptr<parquet::ParquetFileReader> reader;
    std::vector<int64_t> group_rows;

    void read(size_t column, sink &out) override;

  private:
    template <class DType, class Tell> void each(int column, sink &out, Tell &&tell);
    void read_int32(int column, const parquet::ColumnDescriptor &of, sink &out);
    void read_int64(int column, const parquet::ColumnDescriptor &of, sink &out);
    void read_bytes(int column, const parquet::ColumnDescriptor &of, sink &out);
};

// Calls tell(value) for each value of a column and out.none() for each null, in order of the rows.
template <class DType, class Tell> void parquet_table::each(int column, sink &out, Tell &&tell)
{
    const bool nullable = reader->metadata()->schema()->Column(column)->max_definition_level() > 0;
    // as many as there are: a wide table has a hundred thousand columns of a hundred rows
    const auto most =
        static_cast<size_t>(std::min(batch, std::max<int64_t>(1, reader->metadata()->num_rows())));
    const auto values = std::make_unique_for_overwrite<typename DType::c_type[]>(most);
    const auto levels = std::make_unique_for_overwrite<int16_t[]>(nullable ? most : 0);
    for (size_t group = 0; group < group_rows.size(); group++) {
        auto chunk = reader->RowGroup(static_cast<int>(group))->Column(column);
        auto &typed = dynamic_cast<parquet::TypedColumnReader<DType> &>(*chunk);
        for (int64_t left = group_rows[group]; left > 0;) {
            int64_t got = 0;
            const int64_t cells = typed.ReadBatch(std::min(left, batch), nullable ? levels.get() : nullptr,
                                                  nullptr, values.get(), &got);
            if (cells <= 0 || cells > left)
                throw parquet::ParquetException("a column ends before its last row");
            int64_t next = 0;
            for (int64_t i = 0; i < cells; i++) {
                if (nullable && levels[static_cast<size_t>(i)] == 0)
                    out.none();
                else if (next < got)
                    tell(values[static_cast<size_t>(next++)]);
                else
                    throw parquet::ParquetException("a column has fewer values than it says");
            }
            left -= cells;
        }
    }
}

void parquet_table::read_int32(int column, const parquet::ColumnDescriptor &of, sink &out)
{
    const LogicalType *logical = of.logical_type().get();
    using parquet::Int32Type;
    if (!bare(logical) && logical->is_date()) {
        each<Int32Type>(column, out, [&](int32_t day) { out.moment(day, 0); });
    } else if (!bare(logical) && logical->is_time()) {
        each<Int32Type>(column, out, [&](int32_t millis) { out.moment(0, millis / 1000); });
    } else if (!bare(logical) && logical->is_decimal()) {
        const int32_t scale = of.type_scale();
        each<Int32Type>(column, out, [&](int32_t value) { out.number(source::decimal(value, scale)); });
    } else if (!bare(logical) && logical->is_int() &&
               !static_cast<const parquet::IntLogicalType *>(logical)->is_signed()) {
        each<Int32Type>(column, out, [&](int32_t value) {
            out.number(static_cast<double>(static_cast<uint32_t>(value)));
        });
    } else {
        each<Int32Type>(column, out, [&](int32_t value) { out.number(value); });
    }
}

void parquet_table::read_int64(int column, const parquet::ColumnDescriptor &of, sink &out)
{
    const LogicalType *logical = of.logical_type().get();
    using parquet::Int64Type;
    if (!bare(logical) && logical->is_timestamp()) {
        const int64_t ticks =
            ticks_of(static_cast<const parquet::TimestampLogicalType *>(logical)->time_unit());
        each<Int64Type>(column, out, source::moments(out, ticks));
    } else if (!bare(logical) && logical->is_time()) {
        const int64_t ticks = ticks_of(static_cast<const parquet::TimeLogicalType *>(logical)->time_unit());
        each<Int64Type>(column, out, [&](int64_t value) { out.moment(0, value / ticks); });
    } else if (!bare(logical) && logical->is_decimal()) {
        const int32_t scale = of.type_scale();
        each<Int64Type>(column, out, [&](int64_t value) { out.number(source::decimal(value, scale)); });
    } else if (!bare(logical) && logical->is_int() &&
               !static_cast<const parquet::IntLogicalType *>(logical)->is_signed()) {
        each<Int64Type>(column, out, [&](int64_t value) {
            out.number(static_cast<double>(static_cast<uint64_t>(value)));
        });
    } else {
        each<Int64Type>(column, out, [&](int64_t value) { out.number(static_cast<double>(value)); });
    }
}

double big_endian_decimal(const uint8_t *bytes, int32_t length, int32_t scale)
{
    arrow::Decimal256 value;
    PARQUET_ASSIGN_OR_THROW(value, arrow::Decimal256::FromBigEndian(bytes, length));
    return source::decimal(value.ToIntegerString() + "e" + std::to_string(-scale));
}

void parquet_table::read_bytes(int column, const parquet::ColumnDescriptor &of, sink &out)
{
    using parquet::ByteArrayType;
    if (!bare(of.logical_type().get()) && of.logical_type()->is_decimal()) {
        const int32_t scale = of.type_scale();
        each<ByteArrayType>(column, out, [&](const parquet::ByteArray &value) {
            out.number(big_endian_decimal(value.ptr, static_cast<int32_t>(value.len), scale));
        });
        return;
    }
    each<ByteArrayType>(column, out, [&](const parquet::ByteArray &value) {
        out.text(reinterpret_cast<const char *>(value.ptr), value.len);
    });
}

void parquet_table::read(size_t which, sink &out)
{
    const int column = static_cast<int>(which);
    const auto &of = *reader->metadata()->schema()->Column(column);
    switch (of.physical_type()) {
    case Type::BOOLEAN:
        return each<parquet::BooleanType>(column, out, [&](bool value) { out.number(value ? 1 : 0); });
    case Type::FLOAT:
        return each<parquet::FloatType>(column, out, [&](float value) { out.number(value); });
    case Type::DOUBLE:
        return each<parquet::DoubleType>(column, out, [&](double value) { out.number(value); });
    case Type::INT32:
        return read_int32(column, of, out);
    case Type::INT64:
        return read_int64(column, of, out);
    case Type::INT96:
        return each<parquet::Int96Type>(column, out, [&](const parquet::Int96 &value) {
            uint64_t nanos = 0;
            std::memcpy(&nanos, &value.value[0], sizeof nanos);
            out.moment(static_cast<int64_t>(value.value[2]) - julian_1970,
                       static_cast<int64_t>(nanos / 1000000000));
        });
    case Type::BYTE_ARRAY:
        return read_bytes(column, of, out);
    case Type::FIXED_LEN_BYTE_ARRAY: {
        const int32_t length = of.type_length(), scale = of.type_scale();
        return each<parquet::FLBAType>(column, out, [&](const parquet::FixedLenByteArray &value) {
            out.number(big_endian_decimal(value.ptr, length, scale));
        });
    }
    default:
        throw parquet::ParquetException("a column of no type that is read");
    }
}

// Parquet itself says no more than "UTC"; writers with Arrow inside keep the zone in a note.
void find_zones(parquet_table &table)
{
    const auto &schema = *table.reader->metadata()->schema();
    std::shared_ptr<arrow::Schema> arrow_schema;
    for (int i = 0; i < schema.num_columns(); i++) {
        const auto logical = schema.Column(i)->logical_type();
        auto &column = table.columns[static_cast<size_t>(i)];
        if (column.kind != HO_ARROW_DAY || bare(logical.get()) || !logical->is_timestamp() ||
            !static_cast<const parquet::TimestampLogicalType &>(*logical).is_adjusted_to_utc())
            continue;
        column.zone = "?";
        if (table.reader->metadata()->key_value_metadata() == nullptr ||
            !table.reader->metadata()->key_value_metadata()->Contains("ARROW:schema"))
            continue;
        if (arrow_schema == nullptr)
            PARQUET_THROW_NOT_OK(parquet::arrow::FromParquetSchema(
                &schema, parquet::default_arrow_reader_properties(),
                table.reader->metadata()->key_value_metadata(), &arrow_schema));
        const auto field = arrow_schema->GetFieldByName(column.name);
        if (field != nullptr && field->type()->id() == arrow::Type::TIMESTAMP)
            column.zone = static_cast<const arrow::TimestampType &>(*field->type()).timezone();
        if (column.zone.empty()) column.zone = "?";
    }
}
} // namespace

std::unique_ptr<ho_arrow_table> source::parquet_file(const char *path)
{
    auto made = std::make_unique<parquet_table>();
    parquet::ReaderProperties properties(wall::pool());
    properties.set_page_checksum_verification(true);
    made->reader = parquet::ParquetFileReader::OpenFile(path, false, properties);
    const auto footer = made->reader->metadata();
    int64_t rows = 0;
    for (int i = 0; i < footer->num_row_groups(); i++) {
        const int64_t here = footer->RowGroup(i)->num_rows();
        if (here < 0 || __builtin_add_overflow(rows, here, &rows))
            throw parquet::ParquetException("row groups with rows that cannot be counted");
        made->group_rows.push_back(here);
    }
    if (rows != footer->num_rows())
        throw parquet::ParquetException("the row groups do not add up to the file's rows");
    made->rows = static_cast<size_t>(rows);
    for (int i = 0; i < footer->schema()->num_columns(); i++) {
        const auto &of = *footer->schema()->Column(i);
        const auto logical = of.logical_type();
        made->columns.push_back(
            {of.path()->ToDotString(), kind_of(of),
             bare(logical.get()) ? parquet::TypeToString(of.physical_type()) : logical->ToString(), ""});
    }
    if (const auto &notes = footer->key_value_metadata(); notes != nullptr) {
        for (int64_t i = 0; i < notes->size(); i++)
            made->notes.emplace_back(notes->key(i), notes->value(i));
    }
    find_zones(*made);
    return made;
}
