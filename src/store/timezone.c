#include "store/timezone.h"

#include "base/memory.h"

#include <stdio.h>
#include <string.h>

enum { A_DAY = 86400, MOST = 1 << 20 };

static uint64_t big_endian(const unsigned char *p, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | p[i];
    return value;
}

/* "+05:30", "-0330", "+09" */
static bool read_offset(const char *name, int32_t *offset)
{
    unsigned hours = 0, minutes = 0;
    int used = 0;
    if (name[0] != '+' && name[0] != '-') return false;
    bool read = (sscanf(name + 1, "%2u:%2u%n", &hours, &minutes, &used) == 2 && name[1 + used] == '\0') ||
                (sscanf(name + 1, "%2u%2u%n", &hours, &minutes, &used) == 2 && name[1 + used] == '\0') ||
                (sscanf(name + 1, "%2u%n", &hours, &used) == 1 && name[1 + used] == '\0');
    if (!read || hours > 23 || minutes > 59) return false;
    *offset = (int32_t)(hours * 3600 + minutes * 60) * (name[0] == '-' ? -1 : 1);
    return true;
}

/* RFC 8536: the header's six counts, then transitions, their types, and the types' offsets. The second block of a
 * file of version 2 and later holds 64-bit moments. */
static bool parse(const unsigned char *p, size_t size, ho_timezone *zone)
{
    const unsigned char *end = p + size;
    if (size < 44 || memcmp(p, "TZif", 4) != 0 || p[4] < '2') return false;
    uint64_t counts[6];
    for (int block = 0; block < 2; block++) {
        if (end - p < 44 || memcmp(p, "TZif", 4) != 0) return false;
        for (size_t i = 0; i < 6; i++)
            counts[i] = big_endian(p + 20 + 4 * i, 4);
        p += 44;
        if (block == 1) break;
        uint64_t skip = counts[3] * 5 + counts[4] * 6 + counts[5] + counts[2] * 8 + counts[1] + counts[0];
        if (skip > (uint64_t)(end - p)) return false;
        p += skip;
    }
    uint64_t moments = counts[3], types = counts[4];
    if (types == 0 || moments * 9 + types * 6 > (uint64_t)(end - p)) return false;
    const unsigned char *which = p + 8 * moments, *kinds = which + moments;
    zone->moments = HO_NEW(int64_t, moments);
    zone->offsets = HO_NEW(int32_t, moments);
    if (zone->moments == NULL || zone->offsets == NULL) return false;
    zone->first = (int32_t)big_endian(kinds, 4);
    zone->count = moments;
    for (size_t i = 0; i < moments; i++) {
        if (which[i] >= types) return false;
        zone->moments[i] = (int64_t)big_endian(p + 8 * i, 8);
        zone->offsets[i] = (int32_t)big_endian(kinds + 6 * (size_t)which[i], 4);
        if (i > 0 && zone->moments[i] < zone->moments[i - 1]) return false;
    }
    return true;
}

static bool read_file(const char *name, ho_timezone *zone)
{
    char path[256];
    if (name[0] == '/' || strstr(name, "..") != NULL) return false;
    if (snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name) >= (int)sizeof path) return false;
    FILE *file = fopen(path, "re");
    unsigned char *bytes = file != NULL ? ho_new_array(MOST, 1) : NULL;
    size_t size = bytes != NULL ? fread(bytes, 1, MOST, file) : 0;
    bool good = size > 0 && parse(bytes, size, zone);
    free(bytes);
    if (file != NULL) fclose(file);
    return good;
}

bool ho_timezone_find(const char *name, ho_timezone *zone)
{
    static const char *const utc[] = {"UTC", "utc", "Z", "Etc/UTC", "GMT", "Zulu"};
    ho_timezone found = {0};
    bool good = read_offset(name, &found.first);
    for (size_t i = 0; i < sizeof utc / sizeof *utc; i++)
        good = good || strcmp(name, utc[i]) == 0;
    if (!good && !read_file(name, &found)) {
        ho_timezone_clear(&found);
        return false;
    }
    *zone = found;
    return true;
}

void ho_timezone_clear(ho_timezone *zone)
{
    free(zone->moments);
    free(zone->offsets);
    *zone = (ho_timezone){0};
}

void ho_timezone_apply(const ho_timezone *zone, int32_t *day, int32_t *second)
{
    int64_t moment = (int64_t)*day * A_DAY + *second;
    size_t low = 0, high = zone->count; /* the moments before `low` are not after this one */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zone->moments[middle] <= moment)
            low = middle + 1;
        else
            high = middle;
    }
    moment += low == 0 ? zone->first : zone->offsets[low - 1];
    int64_t days = moment / A_DAY - (moment % A_DAY < 0);
    *day = (int32_t)days;
    *second = (int32_t)(moment - days * A_DAY);
}
