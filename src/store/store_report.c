#include "store/store_report.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"

#include <stdio.h>
#include <string.h>

/* LATER: what reports of earlier versions lack. */
typedef enum kind { WHOLE, LATER_WHOLE, WHOLE32, TEXT, LETTERS, LIST, LATER_LIST } kind;

/* LETTERS: a char array of `size` bytes inside the struct. */
static const struct field {
    const char *name;
    kind kind;
    size_t offset, size;
} fields[] = {
#define FIELD(kind, member)                                                                    \
    {                                                                                          \
#member, kind, offsetof(ho_load_report, member), sizeof(((ho_load_report *)0)->member) \
    }
    FIELD(TEXT, path),
    FIELD(LETTERS, format),
    FIELD(LETTERS, hash),
    FIELD(WHOLE, source_bytes),
    FIELD(WHOLE, source_mtime_ns),
    FIELD(WHOLE, rows),
    FIELD(WHOLE, dates),
    FIELD(WHOLE, strategies),
    FIELD(LIST, metadata),
    FIELD(WHOLE, missing_cells),
    FIELD(TEXT, worst_column),
    FIELD(WHOLE, worst_missing),
    FIELD(LATER_WHOLE, rows_outside),
    FIELD(LATER_LIST, sources),
    FIELD(WHOLE, duplicate_names),
    FIELD(WHOLE, summed_rows),
    FIELD(WHOLE, blank_lines),
    FIELD(WHOLE, day_mismatches),
    FIELD(WHOLE, zero_variance),
    FIELD(WHOLE, identical),
    FIELD(LETTERS, date_format),
    FIELD(WHOLE32, first_date),
    FIELD(WHOLE32, last_date),
    FIELD(LIST, warnings),
#undef FIELD
};

static const size_t field_count = sizeof fields / sizeof *fields;

json_t *ho_note_of_text(const char *text)
{
    if (text == NULL) return json_null();
    json_t *string = json_string(text);
    if (string != NULL) return string;
    size_t length = strlen(text);
    char *hex = ho_new_array(2 * length + 1, 1);
    if (hex == NULL) return NULL;
    for (size_t i = 0; i < length; i++)
        snprintf(hex + 2 * i, 3, "%02x", (unsigned char)text[i]);
    json_t *object = json_pack("{s:s}", "hex", hex);
    free(hex);
    return object;
}

static ho_status refused(const char *where, const char *what, ho_error *err)
{
    return ho_fail(err, HO_ERR_DATA, "%s: the notes are damaged: no %s", where, what);
}

static ho_status text_of_hex(const char *hex, const char *where, char **text, ho_error *err)
{
    size_t length = strlen(hex) / 2;
    char *copy = ho_new_array(length + 1, 1);
    if (copy == NULL) return ho_fail_memory(err, length + 1, "a text");
    for (size_t i = 0; i < length; i++) {
        unsigned byte = 0;
        if (sscanf(hex + 2 * i, "%2x", &byte) != 1) {
            free(copy);
            return refused(where, "hexadecimal text", err);
        }
        copy[i] = (char)byte;
    }
    *text = copy;
    return HO_OK;
}

ho_status ho_note_to_text(const json_t *json, const char *where, char **text, ho_error *err)
{
    if (json_is_null(json)) {
        *text = NULL;
        return HO_OK;
    }
    const char *hex = json_string_value(json_object_get(json, "hex"));
    if (hex != NULL) return text_of_hex(hex, where, text, err);
    const char *string = json_string_value(json);
    if (string == NULL) return refused(where, "text", err);
    char *copy = ho_copy_text(string);
    if (copy == NULL) return ho_fail_memory(err, strlen(string) + 1, "a text");
    *text = copy;
    return HO_OK;
}

json_t *ho_note_of_strings(const ho_strings *list)
{
    json_t *array = json_array();
    for (size_t i = 0; array != NULL && i < list->count; i++) {
        if (json_array_append_new(array, ho_note_of_text(list->items[i])) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

ho_status ho_note_to_strings(const json_t *json, const char *where, ho_strings *list, ho_error *err)
{
    if (!json_is_array(json)) return refused(where, "list", err);
    ho_strings made = {0};
    ho_status status = HO_OK;
    for (size_t i = 0; status == HO_OK && i < json_array_size(json); i++) {
        char *text = NULL;
        status = ho_note_to_text(json_array_get(json, i), where, &text, err);
        if (status == HO_OK) status = ho_strings_add(&made, text != NULL ? text : "", err);
        free(text);
    }
    if (status != HO_OK) {
        ho_strings_clear(&made);
        return status;
    }
    *list = made;
    return HO_OK;
}

ho_status ho_note_finish(json_t *json, char **text, ho_error *err)
{
    char *made = json == NULL ? NULL : json_dumps(json, JSON_COMPACT);
    json_decref(json);
    if (made == NULL) return ho_fail_memory(err, 0, "the notes of a store");
    *text = made;
    return HO_OK;
}

static json_t *field_to_json(const ho_load_report *report, const struct field *field)
{
    const void *at = (const char *)report + field->offset;
    switch (field->kind) {
    case WHOLE:
    case LATER_WHOLE:
        return json_integer(*(const int64_t *)at);
    case WHOLE32:
        return json_integer(*(const int32_t *)at);
    case TEXT:
        return ho_note_of_text(*(char *const *)at);
    case LETTERS:
        return ho_note_of_text(at);
    case LIST:
    case LATER_LIST:
        return ho_note_of_strings(at);
    }
    return NULL;
}

static json_t *skipped_to_json(const ho_load_report *report)
{
    json_t *all = json_object();
    for (size_t i = 0; all != NULL && i < HO_SKIP_COUNT; i++) {
        json_t *one = json_object();
        int bad = json_object_set_new(one, "count", json_integer(report->skipped_count[i]));
        bad |= json_object_set_new(one, "names", ho_note_of_strings(&report->skipped[i]));
        bad |= json_object_set_new(all, ho_skip_reason_name((ho_skip_reason)i), one);
        if (bad != 0) {
            json_decref(all);
            return NULL;
        }
    }
    return all;
}

ho_status ho_load_report_to_note(const ho_load_report *report, char **text, ho_error *err)
{
    json_t *json = json_object();
    int bad = json == NULL;
    for (size_t i = 0; i < field_count; i++)
        bad |= json_object_set_new(json, fields[i].name, field_to_json(report, &fields[i]));
    bad |= json_object_set_new(json, "skipped", skipped_to_json(report));
    if (bad != 0) {
        json_decref(json);
        json = NULL;
    }
    return ho_note_finish(json, text, err);
}

static ho_status field_from_json(const json_t *json, const struct field *field, const char *where,
                                 ho_load_report *report, ho_error *err)
{
    void *at = (char *)report + field->offset;
    json_int_t whole = json_integer_value(json);
    switch (field->kind) {
    case WHOLE:
    case LATER_WHOLE:
        if (json == NULL && field->kind == LATER_WHOLE) return HO_OK;
        if (!json_is_integer(json)) return refused(where, field->name, err);
        *(int64_t *)at = whole;
        return HO_OK;
    case WHOLE32:
        if (!json_is_integer(json) || whole < INT32_MIN || whole > INT32_MAX)
            return refused(where, field->name, err);
        *(int32_t *)at = (int32_t)whole;
        return HO_OK;
    case TEXT:
        return ho_note_to_text(json, where, at, err);
    case LETTERS:
        if (!json_is_string(json) || json_string_length(json) >= field->size)
            return refused(where, field->name, err);
        memcpy(at, json_string_value(json), json_string_length(json) + 1);
        return HO_OK;
    case LIST:
    case LATER_LIST:
        if (json == NULL && field->kind == LATER_LIST) return HO_OK;
        return ho_note_to_strings(json, where, at, err);
    }
    return HO_OK;
}

static ho_status skipped_from_json(const json_t *json, const char *where, ho_load_report *report,
                                   ho_error *err)
{
    for (size_t i = 0; i < HO_SKIP_COUNT; i++) {
        const json_t *one = json_object_get(json, ho_skip_reason_name((ho_skip_reason)i));
        const json_t *count = json_object_get(one, "count");
        if (one == NULL && i > HO_SKIP_LIMIT) continue; /* a reason that reports of earlier versions lack */
        if (!json_is_integer(count)) return refused(where, "skipped columns", err);
        report->skipped_count[i] = json_integer_value(count);
        HO_TRY(ho_note_to_strings(json_object_get(one, "names"), where, &report->skipped[i], err));
    }
    return HO_OK;
}

ho_status ho_load_report_of_note(const char *text, const char *where, ho_load_report *report, ho_error *err)
{
    json_t *json = text == NULL ? NULL : json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    if (json == NULL) return refused(where, "load report", err);
    ho_load_report made = {0};
    ho_status status = HO_OK;
    for (size_t i = 0; status == HO_OK && i < field_count; i++)
        status = field_from_json(json_object_get(json, fields[i].name), &fields[i], where, &made, err);
    if (status == HO_OK) status = skipped_from_json(json_object_get(json, "skipped"), where, &made, err);
    json_decref(json);
    if (status != HO_OK) {
        ho_load_report_clear(&made);
        return status;
    }
    *report = made;
    return HO_OK;
}
