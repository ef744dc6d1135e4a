/* Python's configparser read these files, so its rules hold where the specification is silent: the first '=' or ':'
 * ends the key, an indented line goes on with the value above. */
#include "run/ini.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_BYTES = 4 << 20 };

void ho_ini_clear(ho_ini *ini)
{
    for (size_t i = 0; i < ini->count; i++) {
        free(ini->entries[i].section);
        free(ini->entries[i].key);
        free(ini->entries[i].value);
    }
    free(ini->entries);
    *ini = (ho_ini){0};
}

static ho_status add(ho_ini *ini, const char *section, const char *key, const char *value, size_t line,
                     ho_error *err)
{
    for (size_t i = 0; i < ini->count; i++) {
        ho_ini_entry *e = &ini->entries[i];
        e->overridden |= strcasecmp(e->section, section) == 0 && ho_text_same(e->key, key);
    }
    if (ini->count == ini->capacity) {
        size_t capacity = ini->capacity != 0 ? 2 * ini->capacity : 64;
        ho_ini_entry *entries = ho_grow_array(ini->entries, capacity, sizeof *entries);
        if (entries == NULL) return ho_fail_memory(err, capacity * sizeof *entries, "a configuration");
        ini->entries = entries;
        ini->capacity = capacity;
    }
    ho_ini_entry e = {ho_copy_text(section), ho_copy_text(key), ho_copy_text(value), line, false};
    ini->entries[ini->count++] = e;
    if (e.section == NULL || e.key == NULL || e.value == NULL)
        return ho_fail_memory(err, strlen(value), "a configuration");
    return HO_OK;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static char *trim(char *text)
{
    while (is_blank(*text))
        text++;
    size_t length = strlen(text);
    while (length > 0 && is_blank(text[length - 1]))
        text[--length] = '\0';
    return text;
}

/* Cuts the comment off a value, and its quotes. A '#' or ';' without a blank before it belongs to the value. */
static char *clean_value(char *value)
{
    value = trim(value);
    char *end = *value == '"' ? strchr(value + 1, '"') : NULL;
    if (end != NULL) {
        char *after = trim(end + 1);
        if (*after == '\0' || *after == '#' || *after == ';') {
            *end = '\0';
            return value + 1;
        }
    }
    for (char *c = value; *c != '\0'; c++) {
        bool comment = (*c == '#' || *c == ';') && (c == value || is_blank(c[-1]));
        if (comment) *c = '\0';
        if (comment) break;
    }
    return trim(value);
}

/* An indented line without a key goes on with the value above it. */
static ho_status go_on(ho_ini_entry *last, char *text, ho_error *err)
{
    char *more = clean_value(text);
    size_t size = strlen(last->value) + strlen(more) + 2;
    char *joined = ho_new_array(size, 1);
    if (joined == NULL) return ho_fail_memory(err, size, "a configuration");
    snprintf(joined, size, "%s%s%s", last->value, *last->value != '\0' && *more != '\0' ? " " : "", more);
    free(last->value);
    last->value = joined;
    return HO_OK;
}

typedef struct reading {
    const char *name;
    ho_ini *ini;
    const char *section; /* NULL before the first */
    size_t line;
} reading;

static ho_status read_line(reading *r, char *line, ho_error *err)
{
    char *text = trim(line);
    if (*text == '\0' || *text == '#' || *text == ';') return HO_OK;
    if (*text == '[') {
        char *end = strchr(text, ']');
        if (end == NULL)
            return ho_fail(err, HO_ERR_USAGE, "%s:%zu: a section without its ]", r->name, r->line);
        *end = '\0';
        r->section = trim(text + 1);
        return HO_OK;
    }
    char *mark = strpbrk(text, "=:");
    bool has_key = mark != NULL && mark != text;
    if (!has_key && text != line && r->ini->count != 0)
        return go_on(&r->ini->entries[r->ini->count - 1], text, err);
    if (!has_key)
        return ho_fail(err, HO_ERR_USAGE, "%s:%zu: expected key = value, got %.60s", r->name, r->line, text);
    if (r->section == NULL)
        return ho_fail(err, HO_ERR_USAGE, "%s:%zu: %.60s stands before the first [section]", r->name, r->line,
                       text);
    *mark = '\0';
    return add(r->ini, r->section, trim(text), clean_value(mark + 1), r->line, err);
}

/* One value of the JSON form as the text that an INI file would hold. */
static ho_status value_text(const json_t *value, char **text, ho_error *err)
{
    char number[64];
    const char *plain = json_string_value(value);
    if (json_is_boolean(value)) plain = json_is_true(value) ? "true" : "false";
    if (json_is_integer(value)) snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
    if (json_is_real(value)) snprintf(number, sizeof number, "%.17g", json_real_value(value));
    if (json_is_number(value)) plain = number;
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *item = json_array_get(value, i);
        if (i != 0) fputc(',', t.file);
        if (json_is_string(item)) fputs(json_string_value(item), t.file);
        if (json_is_integer(item)) fprintf(t.file, "%lld", (long long)json_integer_value(item));
        if (json_is_real(item)) fprintf(t.file, "%.17g", json_real_value(item));
    }
    if (plain != NULL) fputs(plain, t.file);
    return ho_text_end(&t, text, err);
}

static ho_status add_json(ho_ini *ini, const char *section, const char *key, const json_t *value,
                          ho_error *err)
{
    char own[128], *text = NULL;
    const char *point = *section == '\0' ? strchr(key, '.') : NULL;
    if (point != NULL) {
        snprintf(own, sizeof own, "%.*s", (int)(point - key), key);
        section = own;
        key = point + 1;
    }
    HO_TRY(value_text(value, &text, err));
    ho_status status = add(ini, section, key, text, 0, err);
    free(text);
    return status;
}

static ho_status parse_json(const char *name, const char *text, size_t length, ho_ini *ini, ho_error *err)
{
    json_error_t why;
    json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &why);
    if (root == NULL) return ho_fail(err, HO_ERR_USAGE, "%s:%d: no JSON: %s", name, why.line, why.text);
    ho_status status = HO_OK;
    const char *key, *inner;
    json_t *value, *item;
    json_object_foreach(root, key, value)
    {
        if (status == HO_OK && !json_is_object(value)) status = add_json(ini, "", key, value, err);
        json_object_foreach(value, inner, item)
        {
            if (status == HO_OK) status = add_json(ini, key, inner, item, err);
        }
    }
    json_decref(root);
    return status;
}

ho_status ho_ini_parse(const char *name, char *text, size_t length, ho_ini *ini, ho_error *err)
{
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        length -= 3;
    }
    if (length != 0 && text[strspn(text, " \t\r\n")] == '{') return parse_json(name, text, length, ini, err);
    if (memchr(text, '\0', length) != NULL)
        return ho_fail(err, HO_ERR_USAGE, "%s holds a NUL byte; this is no text file", name);
    reading r = {.name = name, .ini = ini};
    for (char *line = text, *end = text + length; line < end;) {
        size_t size = strcspn(line, "\r\n");
        char *next = line + size + (line[size] == '\r' && line[size + 1] == '\n') + 1;
        line[size] = '\0';
        r.line++;
        HO_TRY(read_line(&r, line, err));
        line = next;
    }
    return HO_OK;
}

static ho_status read_bytes(int fd, const char *path, char **text, size_t *length, ho_error *err)
{
    struct stat facts;
    if (fstat(fd, &facts) != 0) return ho_fail(err, HO_ERR_USAGE, "%.700s: %s", path, strerror(errno));
    if (!S_ISREG(facts.st_mode)) return ho_fail(err, HO_ERR_USAGE, "%.700s: is no regular file", path);
    if (facts.st_size > MOST_BYTES)
        return ho_fail(err, HO_ERR_USAGE, "%.700s: %lld bytes; a configuration has %d at most", path,
                       (long long)facts.st_size, MOST_BYTES);
    char *bytes = ho_new_array((size_t)facts.st_size + 2, 1);
    if (bytes == NULL) return ho_fail_memory(err, (size_t)facts.st_size, "a configuration");
    size_t used = 0;
    ssize_t got = 1;
    while (used < (size_t)facts.st_size && (got = read(fd, bytes + used, (size_t)facts.st_size - used)) > 0)
        used += (size_t)got;
    if (got < 0) {
        free(bytes);
        return ho_fail(err, HO_ERR_USAGE, "%.700s: %s", path, strerror(errno));
    }
    *text = bytes;
    *length = used;
    return HO_OK;
}

ho_status ho_ini_read(const char *path, ho_ini *ini, bool *found, ho_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (found != NULL) *found = fd >= 0;
    if (fd < 0 && found != NULL && (errno == ENOENT || errno == ENOTDIR)) return HO_OK;
    if (fd < 0) return ho_fail(err, HO_ERR_USAGE, "%.700s: %s", path, strerror(errno));
    char *text = NULL;
    size_t length = 0;
    ho_status status = read_bytes(fd, path, &text, &length, err);
    close(fd);
    if (status == HO_OK) status = ho_ini_parse(path, text, length, ini, err);
    free(text);
    return status;
}
