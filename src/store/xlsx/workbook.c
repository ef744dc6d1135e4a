#include "store/xlsx/workbook.h"

#include "base/error.h"
#include "base/memory.h"
#include "store/xlsx/parts.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { LONGEST = 1024, MOST_SHEETS = 10000 };

/* One relation of a part: an id, what kind it is, which part it means. */
typedef struct relation {
    char *id, *type, *target;
} relation;

typedef struct relations {
    relation *items; /* owned */
    size_t count;
} relations;

static void clear_relations(relations *r)
{
    for (size_t i = 0; i < r->count; i++) {
        free(r->items[i].id);
        free(r->items[i].type);
        free(r->items[i].target);
    }
    free(r->items);
    *r = (relations){0};
}

static ho_status relation_start(void *user, const char *name, const char *const *attributes, ho_error *err)
{
    relations *r = user;
    if (strcmp(name, "Relationship") != 0) return HO_OK;
    const char *id = ho_xml_attribute(attributes, "Id"), *type = ho_xml_attribute(attributes, "Type"),
               *target = ho_xml_attribute(attributes, "Target");
    if (id == NULL || type == NULL || target == NULL) return HO_OK;
    relation *grown = ho_grow_array(r->items, r->count + 1, sizeof *grown);
    if (grown == NULL) return ho_fail_memory(err, r->count * sizeof *grown, "the parts of a workbook");
    r->items = grown;
    relation *made = &r->items[r->count++];
    *made = (relation){ho_copy_text(id), ho_copy_text(type), ho_copy_text(target)};
    if (made->id == NULL || made->type == NULL || made->target == NULL)
        return ho_fail_memory(err, strlen(target), "the parts of a workbook");
    return HO_OK;
}

static ho_status parse_member(ho_workbook *book, size_t member, const ho_xml_handlers *handlers, void *user,
                              ho_error *err)
{
    char *bytes = NULL;
    size_t size = 0;
    HO_TRY(ho_zip_read(book->zip, member, &bytes, &size, err));
    ho_error fault;
    ho_status status = ho_xml_parse(ho_zip_member(book->zip, member), bytes, size, handlers, user, &fault);
    free(bytes);
    return status == HO_OK ? HO_OK : ho_fail(err, status, "%s: %s", book->name, fault.text);
}

/* The relations of the part folder/file; none where the archive has no such list. */
static ho_status read_relations(ho_workbook *book, const char *folder, const char *file, relations *out,
                                ho_error *err)
{
    static const ho_xml_handlers handlers = {.start = relation_start};
    char path[2 * LONGEST];
    snprintf(path, sizeof path, "%s_rels/%s.rels", folder, file);
    size_t member = ho_zip_find(book->zip, path);
    return member == ho_zip_count(book->zip) ? HO_OK : parse_member(book, member, &handlers, out, err);
}

static const char *ending(const char *type)
{
    const char *slash = strrchr(type, '/');
    return slash != NULL ? slash + 1 : type;
}

/* The member that a target names, seen from a folder ("" or "xl/"). */
static size_t member_of(const ho_workbook *book, const char *folder, const char *target)
{
    char path[2 * LONGEST];
    int length = *target == '/' ? snprintf(path, sizeof path, "%s", target + 1)
                                : snprintf(path, sizeof path, "%s%s", folder, target);
    if (length < 0 || (size_t)length >= sizeof path) return ho_zip_count(book->zip);
    for (char *up; (up = strstr(path, "/../")) != NULL;) { /* a/b/../c is a/c */
        char *start = up;
        while (start > path && start[-1] != '/')
            start--;
        memmove(start, up + 4, strlen(up + 4) + 1);
    }
    return ho_zip_find(book->zip, path);
}

static size_t find_type(const ho_workbook *book, const relations *r, const char *folder, const char *type)
{
    for (size_t i = 0; i < r->count; i++) {
        if (strcmp(ending(r->items[i].type), type) == 0) return member_of(book, folder, r->items[i].target);
    }
    return ho_zip_count(book->zip);
}

static ho_status sheet_start(void *user, const char *name, const char *const *attributes, ho_error *err)
{
    ho_workbook *book = user;
    if (strcmp(name, "workbookPr") == 0) {
        const char *from = ho_xml_attribute(attributes, "date1904");
        book->from_1904 = from != NULL && (strcmp(from, "1") == 0 || strcmp(from, "true") == 0);
    }
    if (strcmp(name, "sheet") != 0) return HO_OK;
    const char *title = ho_xml_attribute(attributes, "name"), *id = ho_xml_attribute(attributes, "id");
    if (title == NULL || id == NULL) return HO_OK;
    if (book->sheet_count == MOST_SHEETS)
        return ho_fail(err, HO_ERR_DATA, "more than %d sheets", MOST_SHEETS);
    ho_sheet *grown = ho_grow_array(book->sheets, book->sheet_count + 1, sizeof *grown);
    if (grown == NULL) return ho_fail_memory(err, book->sheet_count * sizeof *grown, "a workbook");
    book->sheets = grown;
    ho_sheet *made = &book->sheets[book->sheet_count++];
    *made = (ho_sheet){.name = ho_copy_text(title), .relation = ho_copy_text(id)};
    if (made->name == NULL || made->relation == NULL) return ho_fail_memory(err, strlen(title), "a workbook");
    return HO_OK;
}

/* Charts are sheets too, and have no cells: only worksheets stay. */
static void place_sheets(ho_workbook *book, const relations *r, const char *folder)
{
    size_t kept = 0;
    for (size_t i = 0; i < book->sheet_count; i++) {
        ho_sheet sheet = book->sheets[i];
        sheet.member = ho_zip_count(book->zip);
        for (size_t k = 0; k < r->count; k++) {
            if (strcmp(r->items[k].id, sheet.relation) == 0 &&
                strcmp(ending(r->items[k].type), "worksheet") == 0)
                sheet.member = member_of(book, folder, r->items[k].target);
        }
        if (sheet.member < ho_zip_count(book->zip)) {
            book->sheets[kept++] = sheet;
            continue;
        }
        free(sheet.name);
        free(sheet.relation);
    }
    book->sheet_count = kept;
}

static ho_status read_parts(ho_workbook *book, const char *folder, const char *file, ho_error *err)
{
    relations r = {0};
    ho_status status = read_relations(book, folder, file, &r, err);
    if (status == HO_OK) place_sheets(book, &r, folder);
    if (status == HO_OK && book->sheet_count == 0)
        status = ho_fail(err, HO_ERR_DATA, "%s: a workbook without a sheet of cells", book->name);
    if (status == HO_OK)
        status = ho_workbook_read_texts(book, find_type(book, &r, folder, "sharedStrings"), err);
    if (status == HO_OK) status = ho_workbook_read_styles(book, find_type(book, &r, folder, "styles"), err);
    clear_relations(&r);
    return status;
}

static ho_status read_book(ho_workbook *book, ho_error *err)
{
    static const ho_xml_handlers handlers = {.start = sheet_start};
    relations r = {0};
    ho_status status = read_relations(book, "", "", &r, err);
    size_t main = find_type(book, &r, "", "officeDocument");
    clear_relations(&r);
    if (status != HO_OK) return status;
    if (main == ho_zip_count(book->zip)) main = ho_zip_find(book->zip, "xl/workbook.xml");
    if (main == ho_zip_count(book->zip))
        return ho_fail(err, HO_ERR_DATA, "%s: a ZIP archive, and no workbook", book->name);
    HO_TRY(parse_member(book, main, &handlers, book, err));
    char folder[LONGEST + 1];
    snprintf(folder, sizeof folder, "%s", ho_zip_member(book->zip, main));
    char *slash = strrchr(folder, '/');
    const char *file = ho_zip_member(book->zip, main) + (slash != NULL ? slash - folder + 1 : 0);
    folder[slash != NULL ? slash - folder + 1 : 0] = '\0';
    return read_parts(book, folder, file, err);
}

ho_status ho_workbook_open(const char *name, const char *bytes, size_t size, ho_workbook **book,
                           ho_error *err)
{
    ho_workbook *made = HO_NEW(ho_workbook, 1);
    if (made == NULL) return ho_fail_memory(err, sizeof *made, name);
    made->name = name;
    ho_status status = ho_zip_open(name, bytes, size, &made->zip, err);
    if (status == HO_OK) status = read_book(made, err);
    if (status == HO_OK)
        *book = made;
    else
        ho_workbook_close(&made);
    return status;
}

void ho_workbook_close(ho_workbook **book)
{
    if (*book == NULL) return;
    ho_zip_close(&(*book)->zip);
    for (size_t i = 0; i < (*book)->sheet_count; i++) {
        free((*book)->sheets[i].name);
        free((*book)->sheets[i].relation);
    }
    free((*book)->sheets);
    free((*book)->is_date);
    ho_shared_clear(&(*book)->texts);
    free(*book);
    *book = NULL;
}

size_t ho_workbook_sheets(const ho_workbook *book)
{
    return book->sheet_count;
}

const char *ho_workbook_sheet(const ho_workbook *book, size_t i)
{
    return book->sheets[i].name;
}

static bool same_trimmed(const char *a, const char *b)
{
    a += strspn(a, " \t");
    b += strspn(b, " \t");
    size_t n = strlen(a), m = strlen(b);
    while (n > 0 && (a[n - 1] == ' ' || a[n - 1] == '\t'))
        n--;
    while (m > 0 && (b[m - 1] == ' ' || b[m - 1] == '\t'))
        m--;
    return n == m && strncasecmp(a, b, n) == 0;
}

size_t ho_workbook_find(const ho_workbook *book, const char *name)
{
    size_t i = 0;
    while (i < book->sheet_count && !same_trimmed(book->sheets[i].name, name))
        i++;
    return i;
}
