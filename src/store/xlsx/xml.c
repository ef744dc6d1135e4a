#include "store/xlsx/xml.h"

#include "base/error.h"

#include <expat.h>
#include <stdbool.h>
#include <string.h>

enum { PIECE = 1 << 24 };

typedef struct reading {
    const char *name;
    const ho_xml_handlers *handlers;
    void *user;
    XML_Parser parser;
    ho_status status;
    ho_error *err;
} reading;

static const char *local(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon != NULL ? colon + 1 : name;
}

static void settle(reading *r, ho_status status)
{
    if (status == HO_OK) return;
    if (r->status == HO_OK) r->status = status;
    (void)XML_StopParser(r->parser, XML_FALSE);
}

static void XMLCALL on_start(void *user, const XML_Char *name, const XML_Char **attributes)
{
    reading *r = user;
    if (r->status == HO_OK) settle(r, r->handlers->start(r->user, local(name), attributes, r->err));
}

static void XMLCALL on_end(void *user, const XML_Char *name)
{
    reading *r = user;
    if (r->status == HO_OK && r->handlers->end != NULL)
        settle(r, r->handlers->end(r->user, local(name), r->err));
}

static void XMLCALL on_text(void *user, const XML_Char *text, int length)
{
    reading *r = user;
    if (r->status == HO_OK && r->handlers->text != NULL)
        settle(r, r->handlers->text(r->user, text, (size_t)length, r->err));
}

static void XMLCALL on_doctype(void *user, const XML_Char *name, const XML_Char *system,
                               const XML_Char *public, int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    reading *r = user;
    settle(r,
           ho_fail(r->err, HO_ERR_DATA, "%s: declares a document type, which no spreadsheet does", r->name));
}

const char *ho_xml_attribute(const char *const *attributes, const char *name)
{
    for (; *attributes != NULL; attributes += 2) {
        if (strcmp(local(attributes[0]), name) == 0) return attributes[1];
    }
    return NULL;
}

ho_status ho_xml_parse(const char *name, const char *bytes, size_t size, const ho_xml_handlers *handlers,
                       void *user, ho_error *err)
{
    reading r = {.name = name, .handlers = handlers, .user = user, .err = err};
    r.parser = XML_ParserCreate(NULL);
    if (r.parser == NULL) return ho_fail(err, HO_ERR_MEMORY, "out of memory for %s", name);
    XML_SetUserData(r.parser, &r);
    XML_SetElementHandler(r.parser, on_start, on_end);
    XML_SetCharacterDataHandler(r.parser, on_text);
    XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
    size_t done = 0;
    do {
        size_t piece = size - done < PIECE ? size - done : PIECE;
        bool last = done + piece == size;
        if (XML_Parse(r.parser, bytes + done, (int)piece, last) == XML_STATUS_ERROR && r.status == HO_OK) {
            enum XML_Error fault = XML_GetErrorCode(r.parser);
            r.status =
                fault == XML_ERROR_NO_MEMORY
                    ? ho_fail(err, HO_ERR_MEMORY, "out of memory for %s", name)
                    : ho_fail(err, HO_ERR_DATA, "%s: line %lu: %s", name,
                              (unsigned long)XML_GetCurrentLineNumber(r.parser), XML_ErrorString(fault));
        }
        done += piece;
    } while (r.status == HO_OK && done < size);
    XML_ParserFree(r.parser);
    return r.status;
}
