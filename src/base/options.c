/* The option tables of options.h at work: defaults, parsing with ranges, printing. */
#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static void *field_of(const ho_option *option, void *settings)
{
    return (char *)settings + option->offset;
}

const ho_option *ho_options_find(ho_option_table table, const char *name)
{
    for (size_t i = 0; i < table.count; i++) {
        if (ho_text_same(table.options[i].name, name)) return &table.options[i];
    }
    return NULL;
}

const ho_option *ho_options_find_letter(ho_option_table table, char letter)
{
    for (size_t i = 0; i < table.count; i++) {
        if (letter != 0 && table.options[i].letter == letter) return &table.options[i];
    }
    return NULL;
}

const char *ho_options_nearest(ho_option_table table, const char *name)
{
    const char **names = HO_NEW(const char *, table.count);
    if (names == NULL) return NULL;
    for (size_t i = 0; i < table.count; i++)
        names[i] = table.options[i].name;
    const char *nearest = ho_text_nearest(name, names, table.count);
    free(names);
    return nearest;
}

static bool parse_bool(const char *value, bool *out)
{
    static const char *const yes[] = {"true", "yes", "on", "1"}, *const no[] = {"false", "no", "off", "0"};
    for (size_t i = 0; i < 4; i++) {
        if (strcasecmp(value, yes[i]) == 0) return *out = true, true;
        if (strcasecmp(value, no[i]) == 0) return *out = false, true;
    }
    return false;
}

/* The choice that `value` names, as it stands in the table, and its length; NULL when there is none. */
static const char *find_choice(const char *choices, const char *value, size_t *length)
{
    char choice[64];
    for (const char *c = choices; *c != '\0'; c += *length + (c[*length] == '|')) {
        *length = strcspn(c, "|");
        snprintf(choice, sizeof choice, "%.*s", (int)*length, c);
        if (ho_text_same(choice, value)) return c;
    }
    return NULL;
}

static ho_status set_text(char **field, char *copy, const char *value, ho_error *err)
{
    if (copy == NULL) return ho_fail_memory(err, strlen(value) + 1, "an option's value");
    free(*field);
    *field = copy;
    return HO_OK;
}

static ho_status set_number(const ho_option *o, void *field, const char *value, ho_error *err)
{
    char *end = NULL;
    errno = 0;
    bool whole = o->type == HO_OPTION_INT;
    long long n = whole ? strtoll(value, &end, 10) : 0;
    double x = whole ? (double)n : strtod(value, &end);
    bool bad = end == value || *end != '\0' || errno == ERANGE || !isfinite(x) || x < o->min || x > o->max;
    if (bad) {
        return ho_fail(err, HO_ERR_USAGE, "--%s %.100s: expected a %s from %.15g to %.15g", o->name, value,
                       whole ? "whole number" : "number", o->min, o->max);
    }
    if (whole)
        *(int64_t *)field = n;
    else
        *(double *)field = x;
    return HO_OK;
}

static ho_status set_field(const ho_option *o, void *settings, const char *value, ho_error *err)
{
    void *field = field_of(o, settings);
    switch (o->type) {
    case HO_OPTION_BOOL:
        if (parse_bool(value, field)) return HO_OK;
        return ho_fail(err, HO_ERR_USAGE, "--%s %.100s: expected true or false", o->name, value);
    case HO_OPTION_INT:
    case HO_OPTION_REAL:
        return set_number(o, field, value, err);
    case HO_OPTION_TEXT:
        return set_text(field, ho_copy_text(value), value, err);
    case HO_OPTION_CHOICE: {
        size_t length = 0;
        const char *choice = find_choice(o->choices, value, &length);
        if (choice != NULL) return set_text(field, ho_copy_bytes(choice, length), value, err);
        return ho_fail(err, HO_ERR_USAGE, "--%s %.100s: expected one of %s", o->name, value, o->choices);
    }
    case HO_OPTION_LIST:
        return ho_strings_add(field, value, err);
    }
    return ho_fail(err, HO_ERR_INTERNAL, "option %s has no known type", o->name);
}

ho_status ho_options_defaults(ho_option_table table, void *settings, ho_error *err)
{
    for (size_t i = 0; i < table.count; i++) {
        const ho_option *o = &table.options[i];
        if (o->def != NULL) HO_TRY(set_field(o, settings, o->def, err));
    }
    return HO_OK;
}

ho_status ho_options_set(ho_option_table table, void *settings, const char *name, const char *value,
                         ho_error *err)
{
    const ho_option *o = ho_options_find(table, name);
    if (o != NULL) return set_field(o, settings, value, err);
    const char *nearest = ho_options_nearest(table, name);
    if (nearest != NULL)
        return ho_fail(err, HO_ERR_USAGE, "unknown option --%.100s: did you mean --%s?", name, nearest);
    return ho_fail(err, HO_ERR_USAGE, "unknown option --%.100s", name);
}

static void print_list(const ho_strings *list, char *out, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < list->count && used < size; i++) {
        int wrote = snprintf(out + used, size - used, "%s%s", i != 0 ? "," : "", list->items[i]);
        used += wrote > 0 ? (size_t)wrote : 0;
    }
}

void ho_option_print(const ho_option *o, const void *settings, char *out, size_t size)
{
    const void *field = (const char *)settings + o->offset;
    if (size != 0) out[0] = '\0';
    switch (o->type) {
    case HO_OPTION_BOOL:
        snprintf(out, size, "%s", *(const bool *)field ? "true" : "false");
        break;
    case HO_OPTION_INT:
        snprintf(out, size, "%lld", (long long)*(const int64_t *)field);
        break;
    case HO_OPTION_REAL:
        snprintf(out, size, "%.15g", *(const double *)field);
        break;
    case HO_OPTION_TEXT:
    case HO_OPTION_CHOICE: {
        const char *text = *(char *const *)field;
        snprintf(out, size, "%s", text != NULL ? text : "");
        break;
    }
    case HO_OPTION_LIST:
        print_list(field, out, size);
        break;
    }
}

void ho_options_clear(ho_option_table table, void *settings)
{
    for (size_t i = 0; i < table.count; i++) {
        const ho_option *o = &table.options[i];
        void *field = field_of(o, settings);
        if (o->type == HO_OPTION_TEXT || o->type == HO_OPTION_CHOICE) {
            free(*(char **)field);
            *(char **)field = NULL;
        } else if (o->type == HO_OPTION_LIST) {
            ho_strings_clear(field);
        }
    }
}
