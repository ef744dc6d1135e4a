// A table of another program, from inside: the two kinds of source behind table.h.
#pragma once

#include "bridge/arrow/table.h"
#include "bridge/arrow/wall.hpp"

#include <cstring>
#include <memory>
#include <string>
#include <vector>

struct ho_arrow_table {
    struct field {
        std::string name;
        ho_arrow_kind kind;
        std::string type, zone;
    };
    std::string path;
    std::vector<field> columns;
    std::vector<std::pair<std::string, std::string>> notes;
    size_t rows = 0;

    ho_arrow_table() = default;
    ho_arrow_table(const ho_arrow_table &) = delete;
    ho_arrow_table &operator=(const ho_arrow_table &) = delete;
    virtual ~ho_arrow_table() = default;
    virtual void read(size_t column, struct sink &out) = 0;
};

// Where the cells of a column go, one after the other. A source calls the one that fits its values.
struct sink {
    uint8_t *null;
    size_t row = 0;

    sink(uint8_t *null_marks) : null(null_marks) {}
    virtual ~sink() = default;
    virtual void number(double)
    {
        refuse("numbers");
    }
    virtual void moment(int64_t, int64_t)
    {
        refuse("dates");
    } // day, second
    virtual void text(const char *, size_t)
    {
        refuse("texts");
    }
    virtual void none()
    {
        null[row++] = 1;
    }

  private:
    [[noreturn]] static void refuse(const char *what)
    {
        throw parquet::ParquetException(std::string("a column of ") + what + " where others were expected");
    }
};

namespace source
{
std::unique_ptr<ho_arrow_table> parquet_file(const char *path);
std::unique_ptr<ho_arrow_table> ipc_file(const char *path);
std::unique_ptr<ho_arrow_table> ipc_stream(const char *path);

constexpr int64_t seconds_a_day = 86400;

// Tells ticks since 1970 as a day and a second of it, towards the past. Rows of one moment come together.
inline auto moments(sink &out, int64_t ticks_a_second)
{
    return [&out, ticks_a_second, last = int64_t{0}, day = int64_t{0},
            second = int64_t{0}](int64_t ticks) mutable {
        if (ticks != last) {
            const int64_t seconds = ticks / ticks_a_second - (ticks % ticks_a_second < 0 ? 1 : 0);
            day = seconds / seconds_a_day - (seconds % seconds_a_day < 0 ? 1 : 0);
            second = seconds - day * seconds_a_day;
            last = ticks;
        }
        out.moment(day, second);
    };
}

// A decimal's text is converted by the rules of text: correctly rounded.
double decimal(const std::string &digits);
// An integer divided by a power of ten, which is exact as long as both are exact doubles.
double decimal(int64_t unscaled, int32_t scale);
} // namespace source
