/* The load report's own housekeeping; who fills it is the reader of the table. */
#include <heavyopt/store.h>
#include <stdlib.h>

const char *ho_skip_reason_name(ho_skip_reason reason)
{
    static const char *const names[] = {
        [HO_SKIP_LABEL] = "label",       [HO_SKIP_INDEX] = "index", [HO_SKIP_EMPTY] = "empty",
        [HO_SKIP_TEXT] = "text",         [HO_SKIP_BAD] = "bad",     [HO_SKIP_DERIVED] = "derived",
        [HO_SKIP_CONSTANT] = "constant", [HO_SKIP_LIMIT] = "limit",
    };
    return (unsigned)reason < HO_SKIP_COUNT ? names[reason] : "?";
}

void ho_load_report_clear(ho_load_report *report)
{
    free(report->path);
    free(report->worst_column);
    ho_strings_clear(&report->metadata);
    for (int i = 0; i < HO_SKIP_COUNT; i++)
        ho_strings_clear(&report->skipped[i]);
    ho_strings_clear(&report->warnings);
    *report = (ho_load_report){0};
}
