/* Any bytes are the same table, or the same refusal, whole and some rows at a time. The first byte picks the options, the
 * second the rows. */
#include "bridge/arrow/inflate.h"
#include "store/csv.h"
#include "store/csv_chunks.h"
#include "store/store_report.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char missing_error[] = "error", names[] = "Date,a,b";

static bool same(const ho_panel *a, const ho_panel *b)
{
    if (ho_panel_periods(a) != ho_panel_periods(b) || ho_panel_strategies(a) != ho_panel_strategies(b))
        return false;
    bool equal = true;
    for (size_t t = 0; t < ho_panel_periods(a); t++) {
        equal &= memcmp(ho_panel_row(a, t), ho_panel_row(b, t), ho_panel_strategies(a) * sizeof(double)) == 0;
        equal &= ho_panel_period(a, t)->date == ho_panel_period(b, t)->date &&
                 ho_panel_period(a, t)->zone == ho_panel_period(b, t)->zone;
    }
    return equal;
}

static bool same_report(const ho_load_report *a, const ho_load_report *b)
{
    char *x = NULL, *y = NULL;
    bool equal = ho_load_report_to_note(a, &x, NULL) == HO_OK &&
                 ho_load_report_to_note(b, &y, NULL) == HO_OK && strcmp(x, y) == 0;
    free(x);
    free(y);
    return equal;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3) return 0;
    const ho_load_options options = {
        .missing = (data[0] & 1) != 0 ? missing_error : NULL,
        .nan_as_missing = (data[0] & 2) != 0,
        .strict = (data[0] & 4) != 0,
        .skip_bad_columns = (data[0] & 8) != 0,
        .header_from = (data[0] & 16) != 0 ? names : NULL,
    };
    const char *text = (const char *)data + 2;
    ho_panel *panels[2] = {NULL, NULL};
    ho_load_report reports[2] = {{0}, {0}};
    ho_error errors[2] = {{""}, {""}};
    ho_csv_stream *stream = NULL;
    ho_status whole =
        ho_csv_read_memory("fuzz", text, size - 2, &options, 1, &panels[0], &reports[0], &errors[0]);
    ho_status chunks = ho_csv_stream_memory("fuzz", text, size - 2, &stream, &errors[1]);
    if (chunks == HO_OK)
        chunks = ho_csv_read_chunks("fuzz", stream, 1 + data[1] % 8, &options, 1, &panels[1], &reports[1],
                                    &errors[1]);
    /* packed bytes: only the stream unpacks them, a text in memory is taken as it is */
    const bool packed = ho_packing_of(text, size - 2) != HO_PACKED_NOT;
    if (!packed && (whole != chunks || (whole != HO_OK && strcmp(errors[0].text, errors[1].text) != 0)))
        abort();
    if (!packed && whole == HO_OK && (!same(panels[0], panels[1]) || !same_report(&reports[0], &reports[1])))
        abort();
    for (int i = 0; i < 2; i++) {
        ho_panel_free(&panels[i]);
        ho_load_report_clear(&reports[i]);
    }
    return 0;
}
