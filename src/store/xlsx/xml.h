/* XML documents in memory by expat, element by element. Names come without their prefixes; a document that declares
 * entities or a type of its own is refused, since no spreadsheet needs them. */
#ifndef HO_STORE_XLSX_XML_H
#define HO_STORE_XLSX_XML_H

#include <heavyopt/status.h>
#include <stddef.h>

typedef struct ho_xml_handlers {
    ho_status (*start)(void *user, const char *name, const char *const *attributes, ho_error *err);
    ho_status (*end)(void *user, const char *name, ho_error *err);
    ho_status (*text)(void *user, const char *text, size_t length, ho_error *err);
} ho_xml_handlers;

/* The value of an attribute, or NULL. */
const char *ho_xml_attribute(const char *const *attributes, const char *name);

/* HO_ERR_DATA: no well-formed XML; also whatever a handler returns, at the first that is not HO_OK. */
HO_MUST_USE ho_status ho_xml_parse(const char *name, const char *bytes, size_t size,
                                   const ho_xml_handlers *handlers, void *user, ho_error *err);

#endif
