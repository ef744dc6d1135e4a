#include "search/sets.h"

#include "base/error.h"
#include "base/memory.h"

#include <string.h>

ho_status ho_marks_new(size_t count, ho_marks *marks, ho_error *err)
{
    uint32_t *stamps = HO_NEW(uint32_t, count);
    if (stamps == NULL) return ho_fail_memory(err, count * sizeof *stamps, "membership marks");
    *marks = (ho_marks){.stamps = stamps, .count = count, .now = 1};
    return HO_OK;
}

void ho_marks_free(ho_marks *marks)
{
    free(marks->stamps);
    *marks = (ho_marks){0};
}

void ho_marks_clear(ho_marks *marks)
{
    if (++marks->now != 0) return;
    memset(marks->stamps, 0, marks->count * sizeof *marks->stamps);
    marks->now = 1;
}

void ho_marks_set(ho_marks *marks, const uint32_t *members, size_t count)
{
    ho_marks_clear(marks);
    for (size_t i = 0; i < count; i++)
        ho_mark(marks, members[i]);
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* A member's place is the number of smaller ones: no branches, and vectors do the counting. Sets are sorted before
 * every score, and an insertion sort took as long as a score of 35. */
void ho_members_sort(const uint32_t *members, size_t count, uint32_t *out)
{
    if (count > 128) {
        memcpy(out, members, count * sizeof *out);
        qsort(out, count, sizeof *out, by_number);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t place = 0, member = members[i];
        for (size_t j = 0; j < count; j++)
            place += members[j] < member;
        out[place] = member;
    }
}

int ho_members_compare(const uint32_t *a, const uint32_t *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    }
    return 0;
}

uint64_t ho_members_hash(const uint32_t *members, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t x = (members[i] + 1) * 0x9e3779b97f4a7c15u;
        x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93u;
        sum += x ^ (x >> 32);
    }
    return sum;
}
