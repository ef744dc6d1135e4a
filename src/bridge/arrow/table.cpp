// What all tables of other programs share: the C face, and where cells go.
#include "bridge/arrow/table.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>

using wall::doing;
using wall::guarded;

double source::decimal(const std::string &digits)
{
    double value = 0;
    const auto end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, value);
    if (read.ptr != end || read.ec != std::errc())
        throw parquet::ParquetException("a decimal that is no number: " + digits);
    return value;
}

double source::decimal(int64_t unscaled, int32_t scale)
{
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    constexpr int64_t exact = int64_t{1} << 53;
    if (scale >= 0 && scale <= 22 && unscaled >= -exact && unscaled <= exact)
        return static_cast<double>(unscaled) / tens[scale];
    return decimal(std::to_string(unscaled) + "e" + std::to_string(-scale));
}

namespace
{
struct number_sink : sink {
    double *out;
    size_t stride;
    number_sink(double *to, size_t step, uint8_t *marks) : sink(marks), out(to), stride(step) {}
    void number(double value) override
    {
        out[row++ * stride] = value;
    }
    void none() override
    {
        out[row * stride] = 0;
        sink::none();
    }
};

struct day_sink : sink {
    int32_t *days, *seconds;
    day_sink(int32_t *day, int32_t *second, uint8_t *marks) : sink(marks), days(day), seconds(second) {}
    void moment(int64_t day, int64_t second) override
    {
        if (day < INT32_MIN || day > INT32_MAX)
            throw parquet::ParquetException("row " + std::to_string(row + 1) + " holds no date of this age");
        days[row] = static_cast<int32_t>(day);
        seconds[row++] = static_cast<int32_t>(second);
    }
    void none() override
    {
        days[row] = seconds[row] = 0;
        sink::none();
    }
};

// How a reading ends that the caller does not want to go on; the message is written.
struct stopped {
    ho_status status;
};

struct text_sink : sink {
    ho_arrow_take take;
    void *user;
    ho_error *err;
    text_sink(ho_arrow_take how, void *whose, ho_error *error)
        : sink(nullptr), take(how), user(whose), err(error)
    {
    }
    void text(const char *at, size_t length) override
    {
        give(length == 0 ? "" : at, length, false);
    }
    void none() override
    {
        give("", 0, true);
    }

  private:
    void give(const char *at, size_t length, bool nothing)
    {
        const ho_status status = take(user, row++, at, length, nothing, err);
        if (status != HO_OK) throw stopped{status};
    }
};

void read_all(ho_arrow_table &table, size_t column, sink &out)
{
    table.read(column, out);
    if (out.row != table.rows)
        throw parquet::ParquetException("column \"" + table.columns[column].name + "\" has " +
                                        std::to_string(out.row) + " cells, expected " +
                                        std::to_string(table.rows));
}

enum class magic { none, parquet, file, stream };

magic magic_of(const char *bytes, size_t size)
{
    if (size >= 4 && std::memcmp(bytes, "PAR1", 4) == 0) return magic::parquet;
    if (size >= 6 && std::memcmp(bytes, "ARROW1", 6) == 0) return magic::file;
    if (size >= 4 && std::memcmp(bytes, "\xff\xff\xff\xff", 4) == 0) return magic::stream;
    return magic::none;
}
} // namespace

bool ho_arrow_knows(const char *bytes, size_t size)
{
    return magic_of(bytes, size) != magic::none;
}

ho_status ho_arrow_table_open(const char *path, ho_arrow_table **table, ho_error *err)
{
    return guarded(path, doing::reading, err, [&] {
        char bytes[8] = {0};
        std::ifstream file(path, std::ios::binary);
        file.read(bytes, sizeof bytes);
        const magic kind = magic_of(bytes, static_cast<size_t>(file.gcount()));
        if (kind == magic::none)
            return ho_fail(err, HO_ERR_DATA, "%s: neither a Parquet file nor an Arrow file", path);
        auto made = kind == magic::parquet ? source::parquet_file(path)
                    : kind == magic::file  ? source::ipc_file(path)
                                           : source::ipc_stream(path);
        made->path = path;
        *table = made.release();
        return HO_OK;
    });
}

void ho_arrow_table_close(ho_arrow_table **table)
{
    delete *table;
    *table = nullptr;
}

size_t ho_arrow_rows(const ho_arrow_table *table)
{
    return table->rows;
}

size_t ho_arrow_columns(const ho_arrow_table *table)
{
    return table->columns.size();
}

const char *ho_arrow_name(const ho_arrow_table *table, size_t column)
{
    return table->columns[column].name.c_str();
}

size_t ho_arrow_name_length(const ho_arrow_table *table, size_t column)
{
    return table->columns[column].name.size();
}

ho_arrow_kind ho_arrow_kind_of(const ho_arrow_table *table, size_t column)
{
    return table->columns[column].kind;
}

const char *ho_arrow_type(const ho_arrow_table *table, size_t column)
{
    return table->columns[column].type.c_str();
}

const char *ho_arrow_zone(const ho_arrow_table *table, size_t column)
{
    return table->columns[column].zone.c_str();
}

const char *ho_arrow_note(const ho_arrow_table *table, const char *key)
{
    for (const auto &note : table->notes) {
        if (note.first == key) return note.second.c_str();
    }
    return nullptr;
}

ho_status ho_arrow_read_numbers(ho_arrow_table *table, size_t column, double *out, size_t stride,
                                uint8_t *null, ho_error *err)
{
    return guarded(table->path.c_str(), doing::reading, err, [&] {
        number_sink to(out, stride, null);
        read_all(*table, column, to);
        return HO_OK;
    });
}

ho_status ho_arrow_read_days(ho_arrow_table *table, size_t column, int32_t *days, int32_t *seconds,
                             uint8_t *null, ho_error *err)
{
    return guarded(table->path.c_str(), doing::reading, err, [&] {
        day_sink to(days, seconds, null);
        read_all(*table, column, to);
        return HO_OK;
    });
}

ho_status ho_arrow_each_text(ho_arrow_table *table, size_t column, ho_arrow_take take, void *user,
                             ho_error *err)
{
    return guarded(table->path.c_str(), doing::reading, err, [&] {
        text_sink to(take, user, err);
        try {
            read_all(*table, column, to);
        } catch (const stopped &early) {
            return early.status;
        }
        return HO_OK;
    });
}
