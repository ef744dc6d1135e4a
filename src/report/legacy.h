/* Files of the earlier optimizer, under the names and with the words that scripts look for. */
#ifndef HO_REPORT_LEGACY_H
#define HO_REPORT_LEGACY_H

#include "report/writers.h"

ho_status ho_write_legacy_portfolio(const ho_report_source *source, FILE *file,
                                    ho_error *err); /* of one size */
ho_status ho_write_zone_portfolio(const ho_report_source *source, FILE *file, ho_error *err);
ho_status ho_write_legacy_performance(const ho_report_source *source, FILE *file, ho_error *err);
ho_status ho_write_legacy_errors(const ho_report_source *source, FILE *file, ho_error *err);

ho_status ho_write_legacy_execution(const ho_report_source *source, FILE *file, ho_error *err);
ho_status ho_write_legacy_algorithm(const ho_report_source *source, FILE *file,
                                    ho_error *err); /* of one of them */
ho_status ho_write_legacy_config(const ho_report_source *source, FILE *file, ho_error *err);
ho_status ho_write_legacy_results(const ho_report_source *source, FILE *file, ho_error *err);
ho_status ho_write_legacy_regimes(const ho_report_source *source, FILE *file, ho_error *err);
ho_status ho_write_manifest(const ho_report_source *source, FILE *file, ho_error *err);

#endif
