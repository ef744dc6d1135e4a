/* The writers of a run's files. A new file is one function and one row of the table in files.c. */
#ifndef HO_REPORT_WRITERS_H
#define HO_REPORT_WRITERS_H

#include "report/report.h"

#include <jansson.h>

/* Kinds of files, as --report names them. */
enum {
    HO_FILES_TEXT = 1,
    HO_FILES_CSV = 2,
    HO_FILES_HTML = 4,
    HO_FILES_XLSX = 8,
    HO_FILES_CHARTS = 16,
    HO_FILES_LEGACY = 32
};

/* What the files of one folder are made from. */
typedef struct ho_report_source {
    const ho_report *report; /* NULL when they are made again from the document */
    const json_t *document;
    const json_t *entry;     /* of a list of the document, for the writers of a file an entry */
    const ho_strings *notes; /* what could not be made */
} ho_report_source;

/* One of the two functions writes: to the open file, whose own errors the caller finds, or to a path. */
typedef struct ho_report_writer {
    const char *name;  /* "Best_Portfolio_Size%k_%s.txt": %s the run's stamp, %k a size, %a an
                          algorithm, %z a zone */
    const char *holds; /* a line for the docs */
    unsigned kind;     /* one of the above; 0: always */
    bool facts;        /* needs more than the document: left out when files are made again */
    bool late;         /* after the charts: tells what could not be made, or how long it took */
    const char *list;  /* of the document, or the labels of an object there: a file an entry; or NULL */
    const char *needs; /* a member of the document that must be there and not null; or NULL */
    ho_status (*write)(const ho_report_source *source, FILE *file, ho_error *err);
    ho_status (*write_path)(const json_t *document, const char *path, ho_error *err);
} ho_report_writer;

/* Every file that is chosen, in `folder`. */
HO_MUST_USE ho_status ho_write_files(const ho_report_source *source, const ho_report_choice *choice,
                                     const char *output, const char *folder, ho_strings *notes,
                                     ho_error *err);

/* The document of a run; the caller's, NULL when memory runs out. */
json_t *ho_report_document(const ho_report *report);

/* How members of the panel go together; NULL: no memory. */
json_t *ho_json_relations(const ho_panel *panel, const ho_relations *relations, double threshold);

/* "series", "drawdowns", "months", "weekdays" and "histogram" of details about periods of the panel, as an object. */
json_t *ho_json_series(const ho_panel *panel, const ho_report_details *details);

/* Sizes of the members in words, from the document's "kelly"; nothing of null. */
void ho_say_kelly(const json_t *kelly, FILE *file);

/* The document's "inversion", null where it was not asked for. */
json_t *ho_json_inversion(const ho_report *report);

/* The document's "regimes", null where none are known. */
json_t *ho_json_regimes(const ho_report *report);

/* The document's "zones", null where none were asked for. */
json_t *ho_json_zones(const ho_report *report);

/* The document's "details": report->details. */
json_t *ho_json_details(const ho_report *report);

/* A walk-forward's object in words; nothing where it is NULL or null. */
void ho_say_out_of_sample(const json_t *out_of_sample, FILE *file);

/* What the limits came to; NULL: no memory. */
json_t *ho_json_limits(const ho_report *report);

ho_status ho_write_json_file(const ho_report_source *source, FILE *file, ho_error *err);
ho_status ho_write_summary_file(const ho_report_source *source, FILE *file, ho_error *err);
ho_status ho_write_portfolio_csv(const ho_report_source *source, FILE *file, ho_error *err);
ho_status ho_write_portfolio_metrics_csv(const ho_report_source *source, FILE *file, ho_error *err);
ho_status ho_write_algorithms_csv(const ho_report_source *source, FILE *file, ho_error *err);
ho_status ho_write_correlation_csv(const ho_report_source *source, FILE *file, ho_error *err);
ho_status ho_write_inversion_report(const ho_report_source *source, FILE *file, ho_error *err);
ho_status ho_write_folds_csv(const ho_report_source *source, FILE *file, ho_error *err);
ho_status ho_write_zone_analysis(const ho_report_source *source, FILE *file, ho_error *err);
ho_status ho_write_zone_summary(const ho_report_source *source, FILE *file, ho_error *err);
ho_status ho_write_strategies_csv(const ho_report_source *source, FILE *file, ho_error *err);

/* report.html, made from the run's document. HO_ERR_DATA: the document has no details. */
ho_status ho_write_page(const json_t *document, FILE *file, ho_error *err);

#endif
