/* The writers of a run's files. A new file is one function and one row of the table in folder.c. */
#ifndef HO_REPORT_WRITERS_H
#define HO_REPORT_WRITERS_H

#include "report/report.h"

#include <jansson.h>

typedef struct ho_report_writer {
    const char *name; /* "optimization_summary_%s.txt": %s is the run's stamp */
    /* Writes to the open file. Errors of the stream itself are found by the caller. */
    ho_status (*write)(const ho_report *report, FILE *file, ho_error *err);
} ho_report_writer;

/* The document's "details": report->details, or null. */
json_t *ho_json_details(const ho_report *report);

ho_status ho_write_json_file(const ho_report *report, FILE *file, ho_error *err);
ho_status ho_write_summary_file(const ho_report *report, FILE *file, ho_error *err);
ho_status ho_write_portfolio_csv(const ho_report *report, FILE *file, ho_error *err);
ho_status ho_write_portfolio_metrics_csv(const ho_report *report, FILE *file, ho_error *err);
ho_status ho_write_algorithms_csv(const ho_report *report, FILE *file, ho_error *err);
ho_status ho_write_strategies_csv(const ho_report *report, FILE *file, ho_error *err);

#endif
