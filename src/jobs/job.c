#include "jobs/job.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "run/config.h"

#include <stdio.h>
#include <string.h>

/* Windows-1252 as UTF-8: bytes from 0x80 become two or three. The five that it leaves open become '?'. */
static char *to_utf8(const char *text, size_t length, size_t *out_length)
{
    static const unsigned short upper[32] = {0x20AC, '?',    0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                             0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, '?',    0x017D, '?',
                                             '?',    0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                             0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, '?',    0x017E, 0x0178};
    char *out = ho_new_array(length + 1, 3);
    size_t used = 0;
    for (size_t i = 0; out != NULL && i < length; i++) {
        unsigned code = (unsigned char)text[i];
        if (code >= 0x80 && code < 0xA0) code = upper[code - 0x80];
        if (code < 0x80) {
            out[used++] = (char)code;
        } else if (code < 0x800) {
            out[used++] = (char)(0xC0 | code >> 6);
            out[used++] = (char)(0x80 | (code & 0x3F));
        } else {
            out[used++] = (char)(0xE0 | code >> 12);
            out[used++] = (char)(0x80 | (code >> 6 & 0x3F));
            out[used++] = (char)(0x80 | (code & 0x3F));
        }
    }
    *out_length = used;
    return out;
}

static json_t *load(const char *text, size_t length, json_error_t *why)
{
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        length -= 3;
    }
    json_t *job = json_loadb(text, length, 0, why);
    if (job != NULL || json_error_code(why) != json_error_invalid_utf8) return job;
    size_t converted = 0;
    char *utf8 = to_utf8(text, length, &converted);
    if (utf8 != NULL) job = json_loadb(utf8, converted, 0, why);
    free(utf8);
    return job;
}

static bool ends_with(const char *name, const char *ending)
{
    size_t length = strlen(name), tail = strlen(ending);
    return length > tail && strcasecmp(name + length - tail, ending) == 0;
}

int ho_job_size(const json_t *job)
{
    const json_t *value = json_object_get(job, "portfolio_size");
    double size = 35;
    if (json_is_number(value)) size = json_number_value(value);
    if (json_is_string(value)) {
        char *end = NULL;
        const char *text = json_string_value(value);
        size = strtod(text, &end);
        if (end == text || end[strspn(end, " ")] != '\0') size = 0;
    }
    bool good =
        (value == NULL || json_is_number(value) || json_is_string(value)) && size >= 10 && size <= 100;
    return good && size == (int)size ? (int)size : 0;
}

const char *ho_job_input(const json_t *job)
{
    return json_string_value(json_object_get(job, "input_file"));
}

static ho_status check_fields(const json_t *job, ho_error *err)
{
    const char *id = json_string_value(json_object_get(job, "job_id")), *input = ho_job_input(job);
    if (id == NULL || !ho_job_name_valid(id))
        return ho_fail(err, HO_ERR_DATA,
                       "job_id %.140s: expected 1 to 128 letters, digits, points, hyphens or underscores",
                       id != NULL ? id : "is missing");
    if (input == NULL) return ho_fail(err, HO_ERR_DATA, "input_file is missing");
    if (!ends_with(input, ".csv") && !ends_with(input, ".parquet") && !ends_with(input, ".csv.gz"))
        return ho_fail(err, HO_ERR_DATA, "input_file %.200s: expected a .csv, .csv.gz or .parquet file",
                       input);
    if (ho_job_size(job) == 0)
        return ho_fail(err, HO_ERR_DATA, "portfolio_size: expected a whole number from 10 to 100");
    if (!json_is_string(json_object_get(job, "timestamp")))
        return ho_fail(err, HO_ERR_DATA, "timestamp is missing");
    const json_t *config = json_object_get(job, "config");
    if (config != NULL && !json_is_object(config))
        return ho_fail(err, HO_ERR_DATA, "config: expected an object");
    return HO_OK;
}

ho_status ho_job_parse(const char *text, size_t length, json_t **job, bool *broken, ho_error *err)
{
    json_error_t why;
    json_t *read = load(text, length, &why);
    *broken = !json_is_object(read);
    if (*broken) {
        ho_status status =
            ho_fail(err, HO_ERR_DATA, "no job in JSON: %s", read == NULL ? why.text : "no object");
        json_decref(read);
        return status;
    }
    ho_status status = check_fields(read, err);
    *job = read;
    return status;
}

/* May a job set this option? Numbers, switches and choices, and texts that are only ever names. */
static bool may_set(const ho_option *option)
{
    static const char *const names[] = {
        "portfolio-size", "algorithms", "set",    "include",      "exclude", "max-per-group",
        "min-per-group",  "weekday",    "regime", "zone-weights", "weight",  "balance",
        "keep-column",    "benchmark",  "from",   "to",           "report"};
    static const char *const never[] = {"threads", "rebuild", "no-cache"};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        if (strcmp(never[i], option->name) == 0) return false;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], option->name) == 0) return true;
    }
    return option->type != HO_OPTION_TEXT && option->type != HO_OPTION_LIST;
}

static void take(const char *section, const char *key, json_t *value, json_t *config, ho_strings *ignored)
{
    const ho_config_key *row = NULL;
    const ho_option *option = NULL;
    const char *why = NULL;
    char name[256];
    snprintf(name, sizeof name, "%.120s%s%.120s", section, *section != '\0' ? "." : "", key);
    const char *point = strchr(name, '.');
    char *owner = ho_copy_bytes(name, point != NULL ? (size_t)(point - name) : 0);
    ho_ini_entry entry = {owner, (char *)(point != NULL ? point + 1 : name), "", 0, false};
    bool used = owner != NULL &&
                ho_config_use_of(ho_command_find("optimize"), &entry, &row, &option, &why) == HO_CONFIG_USED;
    bool plain = !json_is_object(value);
    if (used && plain && may_set(option))
        (void)json_object_set(config, name, value);
    else if (ho_strings_add(ignored, name, NULL) != HO_OK)
        (void)0; /* one name less in the log */
    free(owner);
}

char *ho_job_config(const json_t *job, ho_strings *ignored)
{
    json_t *asked = json_object_get(job, "config"), *config = json_object(), *value, *inner;
    const char *key, *inner_key;
    json_object_foreach(asked, key, value)
    {
        if (!json_is_object(value)) take("", key, value, config, ignored);
        json_object_foreach(value, inner_key, inner)
        {
            take(key, inner_key, inner, config, ignored);
        }
    }
    char *text = config != NULL ? json_dumps(config, JSON_COMPACT) : NULL;
    json_decref(config);
    return text;
}
