/* Any text is a date, a time or none (a libFuzzer target, `cmake --preset fuzz`). The first line is a pattern of strftime,
 * the rest a cell: what is read is a day that exists, and reads back from its own printing. */
#include "base/date.h"
#include "store/dates.h"
#include "store/trades/pattern.h"
#include "store/trades/read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_day(int32_t date)
{
    char text[16];
    int32_t again = date + 1;
    ho_civil c = ho_date_to_civil(date);
    if (!ho_date_valid(c.year, c.month, c.day) || ho_date_from_civil(c.year, c.month, c.day) != date) abort();
    ho_date_print(date, text);
    if (!ho_date_read(0, text, strlen(text), &again) || again != date) abort();
}

static void check_cell(const char *pattern, const char *text, size_t length)
{
    int32_t date = INT32_MIN, seconds = -1;
    double amount = 0;
    for (int f = 0; f < HO_DATE_FORMAT_COUNT; f++) {
        if (ho_date_read(f, text, length, &date)) check_day(date);
    }
    if (ho_time_read(text, length, &seconds) && (seconds < 0 || seconds >= 86400)) abort();
    date = INT32_MIN;
    if (ho_pattern_read(pattern, text, length, &date, &seconds)) {
        if (date != INT32_MIN) check_day(date);
        if (seconds < -1 || seconds >= 86400) abort();
    }
    if (ho_trade_amount(text, length, &amount) && !isfinite(amount)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = memchr(data, '\n', size);
    size_t first = end != NULL ? (size_t)(end - data) : 0, from = end != NULL ? first + 1 : 0;
    char *pattern = malloc(first + 1),
         *text = malloc(size - from + 1); /* of their own length: a look past the end is seen */
    if (pattern == NULL || text == NULL) abort();
    memcpy(pattern, data, first);
    pattern[first] = '\0';
    memcpy(text, data + from, size - from);
    (void)ho_pattern_fault(pattern);
    check_cell(pattern, text, size - from);
    free(pattern);
    free(text);
    return 0;
}
