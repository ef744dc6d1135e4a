#include "bridge/number/number.h"

#include <fast_float/fast_float.h>

extern "C" bool ho_number_exact(const char *begin, const char *end, double *value)
{
    /* fast_float takes "nan" and "inf" for numbers: the first byte past the sign must be a digit or a point */
    const char *first = begin != end && *begin == '-' ? begin + 1 : begin;
    if (first == end || (*first != '.' && (*first < '0' || *first > '9'))) return false;
    double parsed = 0;
    const auto result = fast_float::from_chars(begin, end, parsed);
    const bool out_of_range = result.ec == std::errc::result_out_of_range;
    if ((result.ec != std::errc() && !out_of_range) || result.ptr != end) return false;
    *value = parsed;
    return true;
}
