#include "run/quality.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"

#include <stdarg.h>
#include <stdio.h>

static const ho_finding kinds[HO_FOUND_COUNT] = {
    [HO_FOUND_WEEKDAYS] = {.kind = "weekdays",
                           .what = "weekdays without a row",
                           .action = "nothing: holidays look the same; a year is 252 periods"},
    [HO_FOUND_GAPS] = {.kind = "gaps",
                       .what = "gaps of more than a week between dates",
                       .action = "nothing: the days before and after count as neighbours"},
    [HO_FOUND_WEEKENDS] = {.kind = "weekends",
                           .what = "dates on a Saturday or Sunday",
                           .action = "kept; look whether day and month were exchanged (--date-format)"},
    [HO_FOUND_ZONES] = {.kind = "zones",
                        .what = "dates with fewer rows than the fullest date",
                        .action = "kept; a day is the sum of the rows that it has"},
    [HO_FOUND_ROWS] = {.kind = "rows",
                       .what = "rows equal to an earlier one in every strategy",
                       .action = "kept; a day that was copied counts twice"},
    [HO_FOUND_ZERO_ROWS] = {.kind = "zero_rows",
                            .what = "rows with 0 in every strategy",
                            .action = "kept as days without profit or loss; leave holidays out of the file"},
    [HO_FOUND_COLUMNS] = {.kind = "columns",
                          .what = "strategies equal to an earlier one",
                          .action = "kept; a portfolio never needs two of them"},
    [HO_FOUND_CONSTANT] = {.kind = "constant",
                           .what = "strategies whose cells are all equal",
                           .action = "kept; --drop-constant leaves them out"},
    [HO_FOUND_SPARSE] = {.kind = "sparse",
                         .what = "strategies with 0 on nine days of ten or more",
                         .action = "kept; their averages say little"},
    [HO_FOUND_SCALE] = {.kind = "scale",
                        .what = "strategies on another scale: their largest cell is over 100 times the usual",
                        .action = "kept; look for another unit, or a total among the strategies"},
    [HO_FOUND_OUTLIERS] = {.kind = "outliers",
                           .what =
                               "cells over 20 times as far from their strategy's median as the usual cell",
                           .action = "kept; one such day can make a portfolio look good or bad"},
    [HO_FOUND_RUNNING] = {.kind = "running_sum",
                          .what = "strategies that are the running sum of another",
                          .action = "kept; an equity curve is no strategy: leave it out of the file"},
    [HO_FOUND_DRAWDOWN] = {.kind = "drawdown",
                           .what = "strategies that are the drawdown of another",
                           .action = "kept; it is no strategy: leave it out of the file"},
};

ho_status ho_found(const ho_finder *f, int which, ho_error *err, const char *format, ...)
{
    ho_finding *to = &f->findings[which];
    if (to->count++ >= HO_QUALITY_NAMED) return HO_OK;
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0) return ho_fail_memory(err, 0, "a finding");
    ho_status status = ho_strings_add(&to->examples, text, err);
    free(text);
    return status;
}

ho_status ho_quality_find(const ho_panel *panel, ho_quality *quality, ho_error *err)
{
    ho_quality q = {.findings = HO_NEW(ho_finding, HO_FOUND_COUNT)};
    if (q.findings == NULL) return ho_fail_memory(err, sizeof kinds, "the findings");
    for (int i = 0; i < HO_FOUND_COUNT; i++)
        q.findings[i] = kinds[i];
    const ho_finder f = {panel, q.findings};
    ho_status status = ho_quality_rows(&f, err);
    if (status == HO_OK) status = ho_quality_columns(&f, err);
    if (status == HO_OK) status = ho_quality_derived(&f, err);
    for (int i = 0; i < HO_FOUND_COUNT; i++) {
        if (q.findings[i].count > 0) q.findings[q.count++] = q.findings[i];
    }
    if (status == HO_OK)
        *quality = q;
    else
        ho_quality_clear(&q);
    return status;
}

void ho_quality_clear(ho_quality *quality)
{
    for (size_t i = 0; i < quality->count; i++)
        ho_strings_clear(&quality->findings[i].examples);
    free(quality->findings);
    *quality = (ho_quality){0};
}
