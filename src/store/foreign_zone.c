/* Moments of foreign tables, told in the time zone of their column. */
#include "base/strings.h"
#include "store/foreign_tall.h"
#include "store/timezone.h"

enum { A_DAY = 86400, HALF_DAY = A_DAY / 2, HOUR = 3600 };

/* The time of day that all moments share, an hour up or down for summer; -1: they do not. */
static int32_t shared_time(const ho_foreign *f, const int32_t *seconds, const uint8_t *null)
{
    int32_t least = A_DAY, most = -1;
    for (size_t r = 0; r < f->rows; r++) {
        if (null[r] != 0) continue;
        least = seconds[r] < least ? seconds[r] : least;
        most = seconds[r] > most ? seconds[r] : most;
    }
    return most >= 0 && most - least <= HOUR ? most : -1;
}

ho_status ho_foreign_localize(const ho_foreign *f, size_t column, int32_t *days, int32_t *seconds,
                              const uint8_t *null, ho_strings *warnings, ho_error *err)
{
    const char *name = ho_foreign_zone(f, column);
    ho_timezone zone = {0};
    if (*name == '\0') return HO_OK;
    if (ho_timezone_find(name, &zone)) {
        for (size_t r = 0; r < f->rows; r++)
            if (null[r] == 0) ho_timezone_apply(&zone, &days[r], &seconds[r]);
        ho_timezone_clear(&zone);
        return HO_OK;
    }
    int32_t time = shared_time(f, seconds, null);
    if (time <= 0)
        return ho_strings_printf(warnings, err,
                                 "column \"%s\" is in a time zone that is not known here (%s); it was "
                                 "read as UTC",
                                 f->columns[column].name, name);
    for (size_t r = 0; r < f->rows; r++) {
        days[r] += seconds[r] >= HALF_DAY;
        seconds[r] = 0;
    }
    return ho_strings_printf(
        warnings, err, "column \"%s\" holds %02d:%02d UTC in every row: taken for midnight in its time zone",
        f->columns[column].name, time / HOUR, time / 60 % 60);
}
