/* Any bytes are a table or a refusal, the same on any number of threads. The first byte picks the options. */
#include "store/csv.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char missing_error[] = "error";

static ho_status read_table(const uint8_t *data, size_t size, uint8_t choice, int threads, ho_panel **panel,
                            ho_load_report *report, ho_error *err)
{
    const ho_load_options options = {
        .missing = (choice & 1) != 0 ? missing_error : NULL,
        .nan_as_missing = (choice & 2) != 0,
        .strict = (choice & 4) != 0,
        .skip_bad_columns = (choice & 8) != 0,
        .drop_constant = (choice & 16) != 0,
        .strat_limit = (choice & 32) != 0 ? 2 : 0,
    };
    return ho_csv_read_memory("fuzz", (const char *)data, size, &options, threads, panel, report, err);
}

static bool same_values(const ho_panel *a, const ho_panel *b)
{
    bool same =
        ho_panel_periods(a) == ho_panel_periods(b) && ho_panel_strategies(a) == ho_panel_strategies(b);
    for (size_t t = 0; same && t < ho_panel_periods(a); t++)
        same = memcmp(ho_panel_row(a, t), ho_panel_row(b, t), ho_panel_strategies(a) * sizeof(double)) == 0;
    return same;
}

/* Blank lines at the end change nothing; but one that ends by a carriage return alone leaves the text to the general
 * reader. The one for plain rows of tall tables is held against it. */
static void read_with_blank_lines(const uint8_t *data, size_t size, uint8_t choice, const ho_panel *wanted)
{
    static const char blank[] = {'\n', ' ', '\r', ' ', '\n'};
    uint8_t *text = malloc(size + sizeof blank);
    ho_panel *panel = NULL;
    ho_load_report report = {0};
    ho_error err = {""};
    if (text == NULL) abort();
    memcpy(text, data, size);
    memcpy(text + size, blank, sizeof blank);
    if (read_table(text, size + sizeof blank, choice, 1, &panel, &report, &err) != HO_OK) abort();
    if (!same_values(panel, wanted)) abort();
    ho_panel_free(&panel);
    ho_load_report_clear(&report);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    ho_panel *panels[2] = {NULL, NULL};
    ho_load_report reports[2] = {{0}, {0}};
    ho_error errors[2] = {{""}, {""}};
    ho_status first = read_table(data + 1, size - 1, data[0], 1, &panels[0], &reports[0], &errors[0]);
    ho_status second = read_table(data + 1, size - 1, data[0], 3, &panels[1], &reports[1], &errors[1]);
    if (first != second || strcmp(errors[0].text, errors[1].text) != 0) abort();
    if (first == HO_OK) {
        for (size_t t = 0; t < ho_panel_periods(panels[0]); t++) {
            const double *a = ho_panel_row(panels[0], t), *b = ho_panel_row(panels[1], t);
            if (memcmp(a, b, ho_panel_stride(panels[0]) * sizeof *a) != 0) abort();
            for (size_t j = 0; j < ho_panel_strategies(panels[0]); j++) {
                if (!(a[j] - a[j] == 0)) abort(); /* a panel holds finite numbers only */
            }
        }
        read_with_blank_lines(data + 1, size - 1, data[0], panels[0]);
    } else if (panels[0] != NULL || errors[0].text[0] == '\0') {
        abort();
    }
    for (int i = 0; i < 2; i++) {
        ho_panel_free(&panels[i]);
        ho_load_report_clear(&reports[i]);
    }
    return 0;
}
