/* Reading the document of a run: result.json, or what becomes of it. */
#ifndef HO_REPORT_DOCUMENT_H
#define HO_REPORT_DOCUMENT_H

#include "report/page.h"

/* A member of the document's details; NULL: there is none. */
const json_t *ho_document_detail(const json_t *document, const char *key);

/* A measure of an object that ho_json_metrics filled: NaN and infinity are null there, and listed. */
double ho_document_metric(const json_t *object, const char *key);

/* A fitness: where there is no value, it is minus infinity. */
double ho_document_fitness(const json_t *object, const char *key);

/* The run's stamp, "" where the document has none. */
const char *ho_document_stamp(const json_t *document);

#endif
