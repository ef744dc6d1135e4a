#include "store/csv_header.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"

#include <stdio.h>
#include <string.h>
#include <xxhash.h>

/* Room for ".4294967295" or "Unnamed: 4294967295"; how many of the renamed columns a warning names. */
enum { SUFFIX = 24, NAMED = 5 };

typedef struct table {
    uint32_t *slots; /* column + 1, 0: free */
    size_t mask;
} table;

static uint32_t *find_slot(const table *t, const ho_csv_header *h, const char *text, size_t length)
{
    size_t at = (size_t)XXH3_64bits(text, length) & t->mask;
    for (; t->slots[at] != 0; at = (at + 1) & t->mask) {
        size_t c = t->slots[at] - 1;
        if (h->lengths[c] == length && memcmp(h->names[c], text, length) == 0) break;
    }
    return &t->slots[at];
}

/* The 2nd, 3rd ... column of a name becomes name.1, name.2: the next number that no other column has. `next[c]`
 * remembers where to go on for the name of column c, so that many equal names cost no more than different ones. */
static void rename_columns(ho_csv_header *h, const table *t, uint32_t *next, const uint32_t *first_of,
                           char *out)
{
    for (size_t c = 0; c < h->count; c++) {
        uint32_t first = first_of[c];
        if (first == c) continue;
        size_t length = h->lengths[first];
        memcpy(out, h->names[first], length);
        uint32_t *slot;
        size_t whole;
        do {
            whole = length + (size_t)snprintf(out + length, SUFFIX, ".%u", ++next[first]);
            slot = find_slot(t, h, out, whole);
        } while (*slot != 0);
        h->names[c] = out;
        h->lengths[c] = whole;
        *slot = (uint32_t)c + 1;
        out += whole + 1;
        h->duplicates++;
    }
}

static ho_status warn_of_renamed(const char *name, const ho_csv_header *h, const uint32_t *first_of,
                                 ho_load_report *report, ho_error *err)
{
    char was[HO_CSV_SHOWN], now[HO_CSV_SHOWN], told[NAMED * (2 * HO_CSV_SHOWN + 48)] = "";
    size_t used = 0, named = 0;
    for (size_t c = 0; c < h->count && named < NAMED; c++) {
        uint32_t first = first_of[c];
        if (first == c) continue;
        used += (size_t)snprintf(told + used, sizeof told - used, "%s column %zu \"%s\" is now \"%s\"",
                                 named++ != 0 ? "," : "", c + 1,
                                 ho_csv_show(h->names[first], h->lengths[first], was),
                                 ho_csv_show(h->names[c], h->lengths[c], now));
    }
    return ho_strings_printf(&report->warnings, err, "%s: columns with a name that came before: %zu;%s%s",
                             name, h->duplicates, told, h->duplicates > NAMED ? ", ..." : "");
}

static ho_status make_unique(const char *name, ho_csv_header *h, char *out, ho_load_report *report,
                             ho_error *err)
{
    size_t slots = 16;
    while (slots < 2 * h->count)
        slots *= 2;
    table t = {HO_NEW(uint32_t, slots), slots - 1};
    uint32_t *next = HO_NEW(uint32_t, h->count), *first_of = HO_NEW(uint32_t, h->count);
    ho_status status = HO_OK;
    if (t.slots == NULL || next == NULL || first_of == NULL) {
        status = ho_fail_memory(err, slots * sizeof *t.slots, name);
    } else {
        for (size_t c = 0; c < h->count; c++) {
            uint32_t *slot = find_slot(&t, h, h->names[c], h->lengths[c]);
            if (*slot == 0) *slot = (uint32_t)c + 1;
            first_of[c] = *slot - 1;
        }
        rename_columns(h, &t, next, first_of, out);
        if (h->duplicates > 0) status = warn_of_renamed(name, h, first_of, report, err);
    }
    free(t.slots);
    free(next);
    free(first_of);
    return status;
}

/* Writes the names into h->bytes from `out` on; returns the byte past them. */
static char *take_names(const char *p, const char *end, char delimiter, bool utf8, ho_csv_header *h,
                        char *out)
{
    for (size_t c = 0; c < h->count; c++) {
        ho_csv_field field = {0};
        p = ho_csv_field_at(p, end, delimiter, &field) + 1;
        h->names[c] = out;
        if (!utf8) {
            field.length = ho_csv_from_1252(field.text, field.length, out);
            field.text = out;
        }
        size_t length = ho_csv_field_copy(&field, out);
        const char *trimmed = out;
        ho_csv_trim(&trimmed, &length);
        memmove(out, trimmed, length);
        if (c == 0) h->index_like = length == 0;
        if (c + 1 == h->count) h->trailing = c > 0 && length == 0;
        if (length == 0) length = (size_t)snprintf(out, SUFFIX, "Unnamed: %zu", c);
        out[length] = '\0';
        h->lengths[c] = length;
        out += length + 1;
    }
    if (strcmp(h->names[0], "Unnamed: 0") == 0) h->index_like = true;
    return out;
}

static ho_status count_fields(const char *name, const char *p, const char *end, char delimiter, size_t *count,
                              ho_error *err)
{
    ho_csv_field field;
    for (*count = 1;; (*count)++) {
        p = ho_csv_field_at(p, end, delimiter, &field);
        if (p == NULL)
            return ho_fail(err, HO_ERR_DATA, "%s: field %zu of the header has text after its closing quote",
                           name, *count);
        if (p == end) break;
        p++;
    }
    if (*count == 1)
        return ho_fail(
            err, HO_ERR_DATA,
            "%s: the header has one column; Date and at least one strategy were expected, separated by "
            "comma, semicolon or tab",
            name);
    if (*count > UINT32_MAX / 4)
        return ho_fail(err, HO_ERR_DATA, "%s: %zu columns are too many", name, *count);
    return HO_OK;
}

static ho_status find_kinds(const char *name, ho_csv_header *h, ho_load_report *report, ho_error *err)
{
    char a[HO_CSV_SHOWN], b[HO_CSV_SHOWN];
    for (size_t k = 0; k < HO_COLUMN_META_COUNT; k++)
        h->meta[k] = SIZE_MAX;
    for (size_t c = 0; c < h->count; c++) {
        ho_column_kind kind = ho_column_kind_of(h->names[c], h->lengths[c]);
        h->kinds[c] = (uint8_t)kind;
        if (kind == HO_COLUMN_VALUE || kind > HO_COLUMN_PARTITION) continue;
        HO_TRY(ho_strings_add(&report->metadata, h->names[c], err));
        if (kind == HO_COLUMN_PARTITION) continue;
        size_t other = h->meta[kind];
        if (other != SIZE_MAX)
            return ho_fail(err, HO_ERR_DATA, "%s: columns %zu (\"%s\") and %zu (\"%s\") mean the same", name,
                           other + 1, ho_csv_show(h->names[other], h->lengths[other], a), c + 1,
                           ho_csv_show(h->names[c], h->lengths[c], b));
        h->meta[kind] = c;
    }
    if (h->meta[HO_COLUMN_DATE] == SIZE_MAX)
        return ho_fail(err, HO_ERR_DATA, "%s: no column is named Date; the header begins with \"%s\", \"%s\"",
                       name, ho_csv_show(h->names[0], h->lengths[0], a),
                       ho_csv_show(h->names[1], h->lengths[1], b));
    return HO_OK;
}

static ho_status read_header(const char *name, const ho_csv_text *text, const ho_csv_frame *frame,
                             ho_csv_header *h, ho_load_report *report, ho_error *err)
{
    const char *p = text->data + frame->rows[0].begin, *end = text->data + frame->rows[0].end;
    HO_TRY(count_fields(name, p, end, frame->delimiter, &h->count, err));
    bool utf8 = ho_csv_is_utf8(p, (size_t)(end - p));
    /* a name and, for a repeated one, its copy; Windows-1252 grows to three bytes a letter */
    size_t bytes = (size_t)(end - p) * (utf8 ? 2 : 6) + h->count * (2 * SUFFIX + 2);
    h->names = HO_NEW(const char *, h->count);
    h->lengths = HO_NEW(size_t, h->count);
    h->kinds = HO_NEW(uint8_t, h->count);
    h->bytes = HO_NEW(char, bytes);
    if (h->names == NULL || h->lengths == NULL || h->kinds == NULL || h->bytes == NULL)
        return ho_fail_memory(err, bytes, name);
    char *past = take_names(p, end, frame->delimiter, utf8, h, h->bytes);
    if (!utf8)
        HO_TRY(ho_strings_printf(&report->warnings, err,
                                 "the header is not UTF-8; it was read as Windows-1252"));
    HO_TRY(find_kinds(name, h, report, err));
    HO_TRY(make_unique(name, h, past, report, err));
    report->duplicate_names = (int64_t)h->duplicates;
    return HO_OK;
}

ho_status ho_csv_header_read(const char *name, const ho_csv_text *text, const ho_csv_frame *frame,
                             ho_csv_header *header, ho_load_report *report, ho_error *err)
{
    ho_csv_header read = {0};
    ho_status status = read_header(name, text, frame, &read, report, err);
    if (status != HO_OK)
        ho_csv_header_clear(&read);
    else
        *header = read;
    return status;
}

void ho_csv_header_clear(ho_csv_header *header)
{
    free(header->names);
    free(header->lengths);
    free(header->kinds);
    free(header->bytes);
    *header = (ho_csv_header){0};
}
