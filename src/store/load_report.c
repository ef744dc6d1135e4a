#include "store/load_report.h"

#include "base/strings.h"

#include <stdlib.h>

const char *ho_skip_reason_name(ho_skip_reason reason)
{
    static const char *const names[] = {
        [HO_SKIP_LABEL] = "label",       [HO_SKIP_INDEX] = "index", [HO_SKIP_EMPTY] = "empty",
        [HO_SKIP_TEXT] = "text",         [HO_SKIP_BAD] = "bad",     [HO_SKIP_DERIVED] = "derived",
        [HO_SKIP_CONSTANT] = "constant", [HO_SKIP_LIMIT] = "limit", [HO_SKIP_NAMES] = "names",
    };
    return (unsigned)reason < HO_SKIP_COUNT ? names[reason] : "?";
}

ho_status ho_load_report_leave_out(ho_load_report *report, ho_skip_reason reason, const char *name,
                                   const char *why, ho_error *err)
{
    if (report->skipped_count[reason]++ >= HO_LOAD_NAMED) return HO_OK;
    return ho_strings_printf(&report->skipped[reason], err, "%s: %s", name, why);
}

void ho_load_report_clear(ho_load_report *report)
{
    free(report->path);
    free(report->worst_column);
    ho_strings_clear(&report->metadata);
    ho_strings_clear(&report->sources);
    for (int i = 0; i < HO_SKIP_COUNT; i++)
        ho_strings_clear(&report->skipped[i]);
    ho_strings_clear(&report->warnings);
    *report = (ho_load_report){0};
}
