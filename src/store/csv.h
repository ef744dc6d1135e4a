/* Reading a CSV table of strategies: bytes in, a panel of the file's rows out, and a report of what was left out and
 * why. Rules: docs/FORMATS.md. */
#ifndef HO_STORE_CSV_H
#define HO_STORE_CSV_H

#include <heavyopt/store.h>

/* HO_ERR_DATA: a file that is no such table, named with line and column; HO_ERR_USAGE: bad options. On success the
 * caller owns *panel and clears *report; on failure neither is touched. */
HO_MUST_USE ho_status ho_csv_read(const char *path, const ho_load_options *options, int threads,
                                  ho_panel **panel, ho_load_report *report, ho_error *err);

/* The same from memory; `name` stands for the path. */
HO_MUST_USE ho_status ho_csv_read_memory(const char *name, const char *bytes, size_t size,
                                         const ho_load_options *options, int threads, ho_panel **panel,
                                         ho_load_report *report, ho_error *err);

/* The file that a text was taken out of. */
typedef struct ho_csv_origin {
    const char *format; /* "zip", "xlsx"; for the report */
    int64_t bytes, mtime_ns;
    uint64_t hash; /* of its bytes */
} ho_csv_origin;

/* The same for a text that came out of another file. */
HO_MUST_USE ho_status ho_csv_read_packed(const char *name, const char *bytes, size_t size,
                                         const ho_csv_origin *origin, const ho_load_options *options,
                                         int threads, ho_panel **panel, ho_load_report *report,
                                         ho_error *err);

#endif
