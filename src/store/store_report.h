/* A load report as JSON text and back, and what every JSON note of the store is made of. Notes give back what was
 * written byte for byte; the JSON for people and programs is report/json.h. */
#ifndef HO_STORE_STORE_REPORT_H
#define HO_STORE_STORE_REPORT_H

#include <heavyopt/store.h>
#include <jansson.h>

/* The report without from_cache and seconds. The caller frees the text. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_load_report_to_note(const ho_load_report *report, char **text, ho_error *err);

/* Fills *report, which is empty before. HO_ERR_DATA: not a report; `where` is named. */
HO_MUST_USE ho_status ho_load_report_of_note(const char *text, const char *where, ho_load_report *report,
                                             ho_error *err);

/* Any bytes as JSON: a string, or {"hex": "..."} where they are no UTF-8. NULL gives null. NULL: no memory. */
json_t *ho_note_of_text(const char *text);

/* The other way; *text is NULL for null, else owned by the caller. HO_ERR_DATA: neither string nor hex. */
HO_MUST_USE ho_status ho_note_to_text(const json_t *json, const char *where, char **text, ho_error *err);

/* A list of texts as an array, and back. */
json_t *ho_note_of_strings(const ho_strings *list);
HO_MUST_USE ho_status ho_note_to_strings(const json_t *json, const char *where, ho_strings *list,
                                         ho_error *err);

/* The compact text of a document; ends it (json_decref), also when it is NULL or on failure. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_note_finish(json_t *json, char **text, ho_error *err);

#endif
