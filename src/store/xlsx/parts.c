/* Shared strings and cell styles of a workbook. */
#include "store/xlsx/parts.h"

#include "base/error.h"
#include "base/memory.h"

#include <string.h>
#include <strings.h>

ho_status ho_shared_append(ho_shared *s, const char *text, size_t length, ho_error *err)
{
    if (s->used + length > s->room || s->bytes == NULL) {
        size_t room = 2 * (s->used + length) + 1024;
        char *grown = ho_grow_array(s->bytes, room, 1);
        if (grown == NULL) return ho_fail_memory(err, room, "the texts of a workbook");
        s->bytes = grown;
        s->room = room;
    }
    memcpy(s->bytes + s->used, text, length);
    s->used += length;
    return HO_OK;
}

ho_status ho_shared_finish(ho_shared *s, ho_error *err)
{
    if (s->count == s->capacity) {
        size_t capacity = s->capacity == 0 ? 256 : 2 * s->capacity;
        size_t *grown = ho_grow_array(s->ends, capacity, sizeof *grown);
        if (grown == NULL) return ho_fail_memory(err, capacity * sizeof *grown, "the texts of a workbook");
        s->ends = grown;
        s->capacity = capacity;
    }
    s->ends[s->count++] = s->used;
    return HO_OK;
}

void ho_shared_clear(ho_shared *s)
{
    free(s->bytes);
    free(s->ends);
    *s = (ho_shared){0};
}

/* <si> holds <t>, or runs <r> with a <t> each; what stands in <rPh> is how it is spoken. */
typedef struct texts {
    ho_shared *shared;
    int item, text, phonetic; /* depths */
} texts;

static ho_status texts_start(void *user, const char *name, const char *const *attributes, ho_error *err)
{
    (void)attributes, (void)err;
    texts *t = user;
    t->item += strcmp(name, "si") == 0;
    t->text += strcmp(name, "t") == 0;
    t->phonetic += strcmp(name, "rPh") == 0;
    return HO_OK;
}

static ho_status texts_end(void *user, const char *name, ho_error *err)
{
    texts *t = user;
    t->text -= strcmp(name, "t") == 0;
    t->phonetic -= strcmp(name, "rPh") == 0;
    if (strcmp(name, "si") != 0) return HO_OK;
    t->item--;
    return ho_shared_finish(t->shared, err);
}

static ho_status texts_text(void *user, const char *text, size_t length, ho_error *err)
{
    texts *t = user;
    if (t->item == 0 || t->text == 0 || t->phonetic != 0) return HO_OK;
    return ho_shared_append(t->shared, text, length, err);
}

static ho_status read_part(ho_workbook *book, size_t member, const ho_xml_handlers *handlers, void *user,
                           ho_error *err)
{
    char *bytes = NULL;
    size_t size = 0;
    if (member == ho_zip_count(book->zip)) return HO_OK;
    HO_TRY(ho_zip_read(book->zip, member, &bytes, &size, err));
    ho_error fault;
    ho_status status = ho_xml_parse(ho_zip_member(book->zip, member), bytes, size, handlers, user, &fault);
    free(bytes);
    return status == HO_OK ? HO_OK : ho_fail(err, status, "%s: %s", book->name, fault.text);
}

ho_status ho_workbook_read_texts(ho_workbook *book, size_t member, ho_error *err)
{
    static const ho_xml_handlers handlers = {texts_start, texts_end, texts_text};
    texts t = {.shared = &book->texts};
    return read_part(book, member, &handlers, &t, err);
}

/* Letters of dates and times, outside quotes, brackets and escapes. [h] counts hours. */
bool ho_format_is_date(const char *code)
{
    for (const char *c = code; *c != '\0'; c++) {
        if (*c == '"') {
            c = strchr(c + 1, '"');
            if (c == NULL) return false;
        } else if (*c == '[') {
            if (strchr("hHmMsS", c[1]) != NULL && c[1] != '\0') {
                size_t run = strspn(c + 1, "hHmMsS");
                if (c[1 + run] == ']') return true;
            }
            c = strchr(c, ']');
            if (c == NULL) return false;
        } else if (*c == '\\' || *c == '_' || *c == '*') {
            if (*++c == '\0') return false;
        } else if (strchr("dDmMyYhHsS", *c) != NULL) {
            return true;
        }
    }
    return false;
}

static bool built_in_date(long id)
{
    return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
           (id >= 50 && id <= 58);
}

/* <numFmts> come before <cellXfs>, in which a style's number is its place. */
typedef struct styles {
    ho_workbook *book;
    long *dates; /* owned: numbers of own formats that show dates */
    size_t date_count;
    bool cells; /* inside <cellXfs> */
} styles;

static ho_status add_format(styles *s, const char *id, const char *code, ho_error *err)
{
    if (id == NULL || code == NULL || !ho_format_is_date(code)) return HO_OK;
    long *grown = ho_grow_array(s->dates, s->date_count + 1, sizeof *grown);
    if (grown == NULL) return ho_fail_memory(err, s->date_count * sizeof *grown, "the styles of a workbook");
    s->dates = grown;
    s->dates[s->date_count++] = strtol(id, NULL, 10);
    return HO_OK;
}

static ho_status add_style(styles *s, const char *id, ho_error *err)
{
    long format = id != NULL ? strtol(id, NULL, 10) : 0;
    bool date = built_in_date(format);
    for (size_t i = 0; i < s->date_count; i++)
        date = date || s->dates[i] == format;
    bool *grown = ho_grow_array(s->book->is_date, s->book->style_count + 1, sizeof *grown);
    if (grown == NULL) return ho_fail_memory(err, s->book->style_count, "the styles of a workbook");
    s->book->is_date = grown;
    grown[s->book->style_count++] = date;
    return HO_OK;
}

static ho_status styles_start(void *user, const char *name, const char *const *attributes, ho_error *err)
{
    styles *s = user;
    if (strcmp(name, "numFmt") == 0)
        return add_format(s, ho_xml_attribute(attributes, "numFmtId"),
                          ho_xml_attribute(attributes, "formatCode"), err);
    if (strcmp(name, "cellXfs") == 0) s->cells = true;
    if (s->cells && strcmp(name, "xf") == 0)
        return add_style(s, ho_xml_attribute(attributes, "numFmtId"), err);
    return HO_OK;
}

static ho_status styles_end(void *user, const char *name, ho_error *err)
{
    (void)err;
    styles *s = user;
    if (strcmp(name, "cellXfs") == 0) s->cells = false;
    return HO_OK;
}

ho_status ho_workbook_read_styles(ho_workbook *book, size_t member, ho_error *err)
{
    static const ho_xml_handlers handlers = {styles_start, styles_end, NULL};
    styles s = {.book = book};
    ho_status status = read_part(book, member, &handlers, &s, err);
    free(s.dates);
    return status;
}
