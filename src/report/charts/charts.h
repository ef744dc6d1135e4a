/* The charts of a run, drawn by gnuplot from the scripts of share/heavyopt/plots. gnuplot works in processes of its own
 * beside the writing of the other files: start, write those, end. Charts are never worth a run: where gnuplot is
 * missing, fails or hangs, they are left out and a note says why. */
#ifndef HO_REPORT_CHARTS_H
#define HO_REPORT_CHARTS_H

#include "report/report.h"

typedef struct ho_charts ho_charts;

/* Begins to draw the charts of a document into `folder`; `every_size`: those of one size for each that was searched.
 * *charts is NULL where there is nothing to wait for. HO_ERR_MEMORY; HO_ERR_IO: the tables could not be written. */
HO_MUST_USE ho_status ho_charts_start(const json_t *document, const ho_report_choice *choice, bool every_size,
                                      const char *folder, ho_charts **charts, ho_strings *notes,
                                      ho_error *err);

/* Waits, puts the pictures in place, adds a note for those that are missing, takes away what was needed meanwhile.
 * Accepts NULL and nulls, also on failure. */
HO_MUST_USE ho_status ho_charts_end(ho_charts **charts, ho_strings *notes, ho_error *err);

/* Ends them at once, undrawn. Accepts NULL and nulls. */
void ho_charts_drop(ho_charts **charts);

size_t ho_chart_count(void);
const char *ho_chart_name(
    size_t i); /* "drawdowns_Best_Portfolio_Size%k_%s": %k a size, %s the stamp; NULL past the last */
const char *ho_chart_holds(size_t i); /* one line */

#endif
