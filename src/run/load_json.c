#include "run/load_json.h"

#include "base/date.h"
#include "panel/panel.h"
#include "report/json.h"

/* By reason, how many columns and the first of them. */
static json_t *skipped_of(const ho_load_report *r)
{
    json_t *skipped = json_object();
    for (int reason = 0; reason < HO_SKIP_COUNT; reason++) {
        if (r->skipped_count[reason] == 0) continue;
        json_object_set_new(skipped, ho_skip_reason_name((ho_skip_reason)reason),
                            json_pack("{s:I,s:o}", "count", (json_int_t)r->skipped_count[reason], "columns",
                                      ho_json_texts(&r->skipped[reason])));
    }
    return skipped;
}

json_t *ho_load_json(const ho_load_report *r, const ho_panel *panel)
{
    char first[16], last[16];
    json_t *missing = json_pack("{s:I,s:o,s:I}", "cells", (json_int_t)r->missing_cells, "worst_column",
                                ho_json_text(r->worst_column), "worst_cells", (json_int_t)r->worst_missing);
    json_t *what = json_pack(
        "{s:o,s:s,s:s,s:I,s:I,s:I,s:I,s:s,s:s,s:s,s:o,s:o,s:o,s:o}", "path", ho_json_text(r->path), "format",
        r->format, "hash", r->hash, "bytes", (json_int_t)r->source_bytes, "rows", (json_int_t)r->rows,
        "periods", (json_int_t)r->dates, "strategies", (json_int_t)r->strategies, "first_date",
        ho_date_print(r->first_date, first), "last_date", ho_date_print(r->last_date, last), "date_format",
        r->date_format, "sources", ho_json_texts(&r->sources), "metadata", ho_json_texts(&r->metadata),
        "zones", ho_json_texts(&panel->zones), "regimes", ho_json_texts(&panel->regimes));
    json_t *odd =
        json_pack("{s:o,s:o,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "skipped", skipped_of(r), "missing", missing,
                  "rows_outside", (json_int_t)r->rows_outside, "duplicate_names",
                  (json_int_t)r->duplicate_names, "summed_rows", (json_int_t)r->summed_rows, "blank_lines",
                  (json_int_t)r->blank_lines, "day_mismatches", (json_int_t)r->day_mismatches,
                  "zero_variance", (json_int_t)r->zero_variance, "identical", (json_int_t)r->identical);
    if (what == NULL || odd == NULL || json_object_update(what, odd) != 0) {
        json_decref(what);
        what = NULL;
    }
    json_decref(odd);
    return what;
}
