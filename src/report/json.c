#include "report/json.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"

#include <math.h>
#include <string.h>

json_t *ho_json_text(const char *text)
{
    if (text == NULL) return json_null();
    json_t *value = json_string(text);
    if (value != NULL) return value;
    char *copy = ho_copy_text(text); /* not UTF-8 */
    if (copy == NULL) return NULL;
    for (char *c = copy; *c != '\0'; c++) {
        if ((unsigned char)*c >= 0x80) *c = '?';
    }
    value = json_string(copy);
    free(copy);
    return value;
}

json_t *ho_json_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *ho_json_numbers(const double *values, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++) {
        if (!ho_json_append(&array, ho_json_number(values[i]))) break;
    }
    return array;
}

bool ho_json_append(json_t **array, json_t *item)
{
    if (json_array_append_new(*array, item) == 0) return true;
    json_decref(*array);
    *array = NULL;
    return false;
}

json_t *ho_json_texts(const ho_strings *list)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list->count; i++) {
        if (!ho_json_append(&array, ho_json_text(list->items[i]))) break;
    }
    return array;
}

json_t *ho_json_names(const ho_panel *panel, const uint32_t *members, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++) {
        if (!ho_json_append(&array, ho_json_text(ho_panel_name(panel, members[i])))) break;
    }
    return array;
}

json_t *ho_json_input(const ho_panel *panel, const char *path, const char *hash)
{
    return json_pack("{s:o,s:I,s:I,s:o}", "path", ho_json_text(path), "strategies",
                     (json_int_t)ho_panel_strategies(panel), "periods", (json_int_t)ho_panel_periods(panel),
                     "hash", ho_json_text(hash));
}

int ho_json_metrics(json_t *into, const double *values, size_t periods)
{
    json_t *metrics = json_object(), *undefined = json_array(), *infinite = json_array();
    json_t *thin = json_array();
    static const struct {
        int level;
        size_t periods;
    } tails[] = {{95, 20}, {99, 100}};
    int failed = 0;
    for (size_t i = 0; i < ho_metric_count(); i++) {
        const char *key = ho_metric_at(i)->key;
        failed |= json_object_set_new(metrics, key, ho_json_number(values[i]));
        if (isnan(values[i])) failed |= json_array_append_new(undefined, json_string(key));
        if (isinf(values[i])) failed |= json_array_append_new(infinite, json_string(key));
    }
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        if (periods < tails[i].periods) failed |= json_array_append_new(thin, json_integer(tails[i].level));
    }
    failed |= json_object_set_new(into, "metrics", metrics);
    failed |= json_object_set_new(into, "undefined", undefined);
    failed |= json_object_set_new(into, "infinite", infinite);
    failed |= json_object_set_new(into, "thin_tail", thin);
    return failed;
}

json_t *ho_json_scores(const double scores[HO_FITNESS_KINDS])
{
    json_t *object = json_object();
    for (int kind = 0; kind < HO_FITNESS_KINDS; kind++) {
        if (json_object_set_new(object, ho_fitness_kind_name((ho_fitness_kind)kind),
                                ho_json_number(scores[kind])) == 0)
            continue;
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *setting(const ho_option *o, const void *settings)
{
    const void *field = (const char *)settings + o->offset;
    switch (o->type) {
    case HO_OPTION_BOOL:
        return json_boolean(*(const bool *)field);
    case HO_OPTION_INT:
        return json_integer(*(const int64_t *)field);
    case HO_OPTION_REAL:
        return ho_json_number(*(const double *)field);
    case HO_OPTION_TEXT:
    case HO_OPTION_CHOICE:
        return ho_json_text(*(char *const *)field);
    case HO_OPTION_LIST:
        break;
    }
    return ho_json_texts(field);
}

bool ho_json_of_the_place(const char *option)
{
    static const char *const names[] = {
        "input",  "output",       "portfolio",    "threads",          "no-cache",     "rebuild",
        "report", "legacy-files", "chart-format", "chart-time",       "plots",        "certificate",
        "engine", "gpu",          "no-gpu",       "gpu-memory-limit", "spill-to-host"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], option) == 0) return true;
    }
    return false;
}

json_t *ho_json_settings(ho_option_table table, const void *settings)
{
    json_t *object = json_object();
    for (size_t i = 0; i < table.count; i++) {
        const ho_option *o = &table.options[i];
        if (ho_json_of_the_place(o->name)) continue;
        if (json_object_set_new(object, o->name, setting(o, settings)) != 0) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

static bool is_plain(const json_t *value)
{
    return !json_is_object(value) && !json_is_array(value);
}

static bool is_line(const json_t *array)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (!is_plain(json_array_get(array, i))) return false;
    }
    return true;
}

typedef struct printer {
    FILE *file;
    bool failed; /* jansson found no memory */
} printer;

static void put_value(printer *p, json_t *value, int depth);

static void put_line(printer *p, json_t *value)
{
    const size_t flags = JSON_ENCODE_ANY | JSON_REAL_PRECISION(17);
    if (value == NULL || json_dumpf(value, p->file, flags) != 0) p->failed = true;
}

static void new_line(printer *p, int depth)
{
    fprintf(p->file, "\n%*s", 2 * depth, "");
}

static void put_object(printer *p, json_t *object, int depth)
{
    const char *key;
    json_t *value;
    size_t count = 0;
    fputc('{', p->file);
    json_object_foreach(object, key, value)
    {
        if (count++ != 0) fputc(',', p->file);
        new_line(p, depth + 1);
        json_t *name = json_string(key);
        put_line(p, name);
        json_decref(name);
        fputs(": ", p->file);
        put_value(p, value, depth + 1);
    }
    if (count != 0) new_line(p, depth);
    fputc('}', p->file);
}

static void put_lines(printer *p, json_t *array, int depth)
{
    fputc('[', p->file);
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (i != 0) fputc(',', p->file);
        new_line(p, depth + 1);
        put_value(p, json_array_get(array, i), depth + 1);
    }
    new_line(p, depth);
    fputc(']', p->file);
}

/* Two blanks a level, as jansson does, but hundreds of numbers on one line and not on hundreds. */
static void put_value(printer *p, json_t *value, int depth)
{
    if (json_is_object(value))
        put_object(p, value, depth);
    else if (json_is_array(value) && !is_line(value))
        put_lines(p, value, depth);
    else
        put_line(p, value);
}

ho_status ho_json_finish(json_t *root, char **text, ho_error *err)
{
    ho_text t;
    ho_status status = ho_text_begin(&t, err);
    if (status == HO_OK) {
        printer p = {.file = t.file};
        put_value(&p, root, 0);
        fputc('\n', t.file);
        status = ho_text_end(&t, text, err);
        if (status == HO_OK && p.failed) {
            free(*text);
            *text = NULL;
            status = ho_fail_memory(err, 0, "the JSON document");
        }
    }
    json_decref(root);
    return status;
}
