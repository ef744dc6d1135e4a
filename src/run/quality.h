/* What is odd about a table that was read: `inspect --quality`. Every check says what it found, names the first of it,
 * and tells what heavyopt does about it. It changes nothing. */
#ifndef HO_RUN_QUALITY_H
#define HO_RUN_QUALITY_H

#include <heavyopt/options.h>
#include <heavyopt/panel.h>

enum { HO_QUALITY_NAMED = 20 /* examples of a finding */ };

typedef struct ho_finding {
    const char *kind;   /* "weekdays", for programs */
    const char *what;   /* "weekdays without a row", for people */
    const char *action; /* what heavyopt does, or what to do */
    int64_t count;
    ho_strings examples;
} ho_finding;

typedef struct ho_quality {
    ho_finding *findings; /* owned; those with a count above 0 */
    size_t count;
} ho_quality;

/* HO_ERR_MEMORY. The caller clears it. */
HO_MUST_USE ho_status ho_quality_find(const ho_panel *panel, ho_quality *quality, ho_error *err);
void ho_quality_clear(ho_quality *quality);

/* Parts of it, a file each. Each fills its findings' counts and examples. */
typedef struct ho_finder {
    const ho_panel *panel;
    ho_finding *findings; /* by number */
} ho_finder;

enum {
    HO_FOUND_WEEKDAYS,
    HO_FOUND_GAPS,
    HO_FOUND_WEEKENDS,
    HO_FOUND_ZONES,
    HO_FOUND_ROWS,
    HO_FOUND_ZERO_ROWS,
    HO_FOUND_COLUMNS,
    HO_FOUND_CONSTANT,
    HO_FOUND_SPARSE,
    HO_FOUND_SCALE,
    HO_FOUND_OUTLIERS,
    HO_FOUND_RUNNING,
    HO_FOUND_DRAWDOWN,
    HO_FOUND_COUNT
};

/* One more of a kind, with an example. */
HO_MUST_USE ho_status ho_found(const ho_finder *f, int which, ho_error *err, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

HO_MUST_USE ho_status ho_quality_rows(const ho_finder *f, ho_error *err);
HO_MUST_USE ho_status ho_quality_columns(const ho_finder *f, ho_error *err);
HO_MUST_USE ho_status ho_quality_derived(const ho_finder *f, ho_error *err);

#endif
