/* Time zones of moments that are kept in UTC, by the zone files of the system. */
#ifndef HO_STORE_TIMEZONE_H
#define HO_STORE_TIMEZONE_H

#include <heavyopt/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ho_timezone {
    int64_t *moments; /* owned: seconds since 1970 in UTC, ascending; from each on ... */
    int32_t *offsets; /* owned: ... so many seconds are added */
    size_t count;
    int32_t first; /* the offset before them all */
} ho_timezone;

/* "UTC", "+05:30" or a name such as "Asia/Kolkata". False: no such zone here, or it is described in a way that is
 * not understood. Rules past the last moment in the file (years ahead) are not: the last offset stays. */
bool ho_timezone_find(const char *name, ho_timezone *zone);
void ho_timezone_clear(ho_timezone *zone);

/* Moves a moment from UTC. */
void ho_timezone_apply(const ho_timezone *zone, int32_t *day, int32_t *second);

#endif
