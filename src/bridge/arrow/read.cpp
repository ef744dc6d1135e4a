// Reading Parquet files through the low-level reader, page by page into the caller's own memory. Files are read, not
// mapped: a mapped file that another machine cuts short would end the process by SIGBUS.
#include "bridge/arrow/arrow.h"
#include "bridge/arrow/remote.hpp"
#include "bridge/arrow/wall.hpp"

#include <arrow/io/file.h>
#include <arrow/util/config.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/column_reader.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>
#include <parquet/schema.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

using wall::doing;
using wall::guarded;

struct ho_parquet_file {
    std::string path;
    std::unique_ptr<parquet::ParquetFileReader> reader;
    std::shared_ptr<parquet::FileMetaData> footer;
    std::vector<size_t> group_rows;
};

namespace
{
constexpr size_t text_batch = 4096;

ho_parquet_type type_of(const parquet::ColumnDescriptor &column)
{
    if (column.max_definition_level() != 0 || column.max_repetition_level() != 0) return HO_PARQUET_OTHER;
    const auto logical = column.logical_type();
    const bool bare = logical == nullptr || logical->is_none();
    if (column.physical_type() == parquet::Type::DOUBLE && bare) return HO_PARQUET_DOUBLE;
    if (column.physical_type() == parquet::Type::BYTE_ARRAY && !bare && logical->is_string())
        return HO_PARQUET_TEXT;
    if (column.physical_type() != parquet::Type::INT32) return HO_PARQUET_OTHER;
    if (!bare && logical->is_date()) return HO_PARQUET_DATE;
    return bare ? HO_PARQUET_INT32 : HO_PARQUET_OTHER;
}

// Calls take(values, count) for all values of a row group's column, in pieces of at most `most`, into `buffer`, which
// take may move on. Throws when there are fewer values than the footer says.
template <class Reader, class Value, class Take>
void read_chunk(ho_parquet_file &file, size_t group, size_t column, size_t most, Value *buffer, Take &&take)
{
    auto rows = file.reader->RowGroup(static_cast<int>(group));
    auto chunk = rows->Column(static_cast<int>(column));
    auto &reader = dynamic_cast<Reader &>(*chunk);
    size_t left = file.group_rows[group];
    while (left > 0) {
        int64_t got = 0;
        reader.ReadBatch(static_cast<int64_t>(std::min(left, most)), nullptr, nullptr, buffer, &got);
        if (got <= 0) throw parquet::ParquetException("a column ends before its last row");
        left -= static_cast<size_t>(got);
        buffer = take(buffer, static_cast<size_t>(got));
    }
}

template <class Reader, class Value>
ho_status read_column(ho_parquet_file *file, size_t column, Value *out, ho_error *err)
{
    return guarded(file->path.c_str(), doing::reading, err, [&] {
        Value *next = out;
        for (size_t group = 0; group < file->group_rows.size(); group++) {
            read_chunk<Reader>(*file, group, column, SIZE_MAX / 4, next, [&](Value *values, size_t count) {
                next = values + count;
                return next;
            });
        }
        return HO_OK;
    });
}

template <class Item> Item *copied(const std::vector<Item> &items)
{
    auto *copy = static_cast<Item *>(ho_new_array(items.size(), sizeof(Item)));
    if (copy == nullptr) throw std::bad_alloc();
    if (!items.empty()) std::memcpy(copy, items.data(), items.size() * sizeof(Item));
    return copy;
}
} // namespace

const char *ho_arrow_version(void)
{
    return ARROW_VERSION_STRING;
}

ho_status ho_parquet_open(const char *path, ho_parquet_file **file, ho_error *err)
{
    return guarded(path, doing::reading, err, [&] {
        auto made = std::make_unique<ho_parquet_file>();
        made->path = path;
        parquet::ReaderProperties properties(wall::pool());
        properties.set_page_checksum_verification(true);
        made->reader = parquet::ParquetFileReader::Open(remote::open(path), properties);
        made->footer = made->reader->metadata();
        int64_t rows = 0;
        for (int i = 0; i < made->footer->num_row_groups(); i++) {
            const int64_t here = made->footer->RowGroup(i)->num_rows();
            if (here < 0) throw parquet::ParquetException("a row group with fewer than no rows");
            made->group_rows.push_back(static_cast<size_t>(here));
            if (__builtin_add_overflow(rows, here, &rows))
                throw parquet::ParquetException("row groups with more rows than can be counted");
        }
        if (rows != made->footer->num_rows())
            throw parquet::ParquetException("the row groups do not add up to the file's rows");
        *file = made.release();
        return HO_OK;
    });
}

void ho_parquet_close(ho_parquet_file **file)
{
    delete *file;
    *file = nullptr;
}

size_t ho_parquet_columns(const ho_parquet_file *file)
{
    return static_cast<size_t>(file->footer->schema()->num_columns());
}

const char *ho_parquet_name(const ho_parquet_file *file, size_t column)
{
    return file->footer->schema()->Column(static_cast<int>(column))->name().c_str();
}

ho_parquet_type ho_parquet_type_of(const ho_parquet_file *file, size_t column)
{
    return type_of(*file->footer->schema()->Column(static_cast<int>(column)));
}

size_t ho_parquet_rows(const ho_parquet_file *file)
{
    return static_cast<size_t>(file->footer->num_rows());
}

size_t ho_parquet_groups(const ho_parquet_file *file)
{
    return file->group_rows.size();
}

size_t ho_parquet_group_rows(const ho_parquet_file *file, size_t group)
{
    return file->group_rows[group];
}

const char *ho_parquet_note(const ho_parquet_file *file, const char *key)
{
    const auto &notes = file->footer->key_value_metadata();
    if (notes == nullptr) return nullptr;
    for (int64_t i = 0; i < notes->size(); i++) {
        if (notes->key(i) == key) return notes->value(i).c_str();
    }
    return nullptr;
}

ho_status ho_parquet_read_int32(ho_parquet_file *file, size_t column, int32_t *out, ho_error *err)
{
    return read_column<parquet::Int32Reader>(file, column, out, err);
}

ho_status ho_parquet_read_double(ho_parquet_file *file, size_t column, double *out, ho_error *err)
{
    return read_column<parquet::DoubleReader>(file, column, out, err);
}

ho_status ho_parquet_read_text(ho_parquet_file *file, size_t column, char **bytes, size_t **offsets,
                               ho_error *err)
{
    return guarded(file->path.c_str(), doing::reading, err, [&] {
        std::vector<char> text;
        std::vector<size_t> ends = {0};
        std::vector<parquet::ByteArray> batch(text_batch);
        for (size_t group = 0; group < file->group_rows.size(); group++) {
            read_chunk<parquet::ByteArrayReader>(*file, group, column, text_batch, batch.data(),
                                                 [&](parquet::ByteArray *values, size_t count) {
                                                     for (size_t i = 0; i < count; i++) {
                                                         text.insert(text.end(), values[i].ptr,
                                                                     values[i].ptr + values[i].len);
                                                         ends.push_back(text.size());
                                                     }
                                                     return values;
                                                 });
        }
        std::unique_ptr<char, decltype(&std::free)> copy(copied(text), &std::free);
        *offsets = copied(ends);
        *bytes = copy.release();
        return HO_OK;
    });
}

ho_status ho_parquet_read_matrix(ho_parquet_file *file, size_t column, size_t group, size_t rows,
                                 size_t columns, size_t stride, double *out, ho_error *err)
{
    if (rows * columns != file->group_rows[group] || columns == 0) {
        return ho_fail(err, HO_ERR_DATA, "%s: row group %zu has %zu rows, expected %zu x %zu",
                       file->path.c_str(), group, file->group_rows[group], rows, columns);
    }
    return guarded(file->path.c_str(), doing::reading, err, [&] {
        auto part = file->reader->RowGroup(static_cast<int>(group));
        auto chunk = part->Column(static_cast<int>(column));
        auto &reader = dynamic_cast<parquet::DoubleReader &>(*chunk);
        for (size_t row = 0; row < rows; row++) {
            for (size_t done = 0; done < columns;) {
                int64_t got = 0;
                reader.ReadBatch(static_cast<int64_t>(columns - done), nullptr, nullptr,
                                 out + row * stride + done, &got);
                if (got <= 0) throw parquet::ParquetException("a column ends before its last row");
                done += static_cast<size_t>(got);
            }
        }
        return HO_OK;
    });
}
