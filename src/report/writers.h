/* The writers of a run's files. A new file is one function and one row of the table in folder.c. */
#ifndef HO_REPORT_WRITERS_H
#define HO_REPORT_WRITERS_H

#include "report/report.h"

#include <jansson.h>

/* One of the two functions writes to the open file, from the facts or from the document that result.json holds.
 * Errors of the stream itself are found by the caller. */
typedef struct ho_report_writer {
    const char *name; /* "optimization_summary_%s.txt": %s is the run's stamp */
    ho_status (*write)(const ho_report *report, FILE *file, ho_error *err);
    ho_status (*write_document)(const json_t *document, FILE *file, ho_error *err);
} ho_report_writer;

/* The document of a run; the caller's, NULL when memory runs out. */
json_t *ho_report_document(const ho_report *report);

/* The document's "regimes", null where none are known. */
json_t *ho_json_regimes(const ho_report *report);

/* The document's "details": report->details. */
json_t *ho_json_details(const ho_report *report);

ho_status ho_write_json_file(const ho_report *report, FILE *file, ho_error *err);
ho_status ho_write_summary_file(const ho_report *report, FILE *file, ho_error *err);
ho_status ho_write_portfolio_csv(const ho_report *report, FILE *file, ho_error *err);
ho_status ho_write_portfolio_metrics_csv(const ho_report *report, FILE *file, ho_error *err);
ho_status ho_write_algorithms_csv(const ho_report *report, FILE *file, ho_error *err);
ho_status ho_write_strategies_csv(const ho_report *report, FILE *file, ho_error *err);

/* report.html, made from the run's document. HO_ERR_DATA: the document has no details. */
ho_status ho_write_page(const json_t *document, FILE *file, ho_error *err);

#endif
