#include "panel/panel.h"

#include "base/error.h"
#include "base/memory.h"

#include <string.h>

size_t ho_panel_periods(const ho_panel *panel)
{
    return panel->values.rows;
}

size_t ho_panel_strategies(const ho_panel *panel)
{
    return panel->values.columns;
}

size_t ho_panel_stride(const ho_panel *panel)
{
    return panel->values.stride;
}

const double *ho_panel_row(const ho_panel *panel, size_t period)
{
    return ho_matrix_row(&panel->values, period);
}

const ho_period *ho_panel_period(const ho_panel *panel, size_t period)
{
    return &panel->periods[period];
}

const char *ho_panel_name(const ho_panel *panel, size_t strategy)
{
    return panel->names[strategy];
}

static const char *label_of(const ho_strings *labels, int32_t number)
{
    return number >= 0 && (size_t)number < labels->count ? labels->items[number] : "";
}

size_t ho_panel_zones(const ho_panel *panel)
{
    return panel->zones.count;
}

const char *ho_panel_zone(const ho_panel *panel, int32_t zone)
{
    return label_of(&panel->zones, zone);
}

size_t ho_panel_regimes(const ho_panel *panel)
{
    return panel->regimes.count;
}

const char *ho_panel_regime(const ho_panel *panel, int32_t regime)
{
    return label_of(&panel->regimes, regime);
}

void ho_panel_free(ho_panel **panel)
{
    ho_panel *p = *panel;
    if (p == NULL) return;
    ho_matrix_free(&p->values);
    ho_strings_clear(&p->zones);
    ho_strings_clear(&p->regimes);
    free(p->periods);
    free(p->names);
    free(p->name_bytes);
    free(p);
    *panel = NULL;
}

ho_status ho_panel_new_bare(size_t periods, size_t strategies, ho_panel **panel, ho_error *err)
{
    ho_panel *p = HO_NEW(ho_panel, 1);
    if (p == NULL) return ho_fail_memory(err, sizeof *p, "a panel");
    p->values = (ho_matrix){.rows = periods, .columns = strategies};
    p->periods = HO_NEW(ho_period, periods);
    p->names = HO_NEW(char *, strategies);
    if (p->periods == NULL || p->names == NULL) {
        ho_panel_free(&p);
        return ho_fail_memory(err, periods * sizeof *p->periods, "a panel's periods and names");
    }
    for (size_t t = 0; t < periods; t++)
        p->periods[t] = (ho_period){.start = -1, .end = -1, .zone = -1, .regime = -1, .confidence = 1};
    *panel = p;
    return HO_OK;
}

ho_status ho_panel_new(size_t periods, size_t strategies, ho_panel **panel, ho_error *err)
{
    ho_panel *p = NULL;
    HO_TRY(ho_panel_new_bare(periods, strategies, &p, err));
    ho_status status = ho_matrix_new(periods, strategies, &p->values, err);
    if (status == HO_OK)
        *panel = p;
    else
        ho_panel_free(&p);
    return status;
}

ho_status ho_panel_set_names(ho_panel *panel, const char *const *names, const size_t *lengths, ho_error *err)
{
    size_t bytes = 0, count = panel->values.columns;
    for (size_t i = 0; i < count; i++)
        bytes += lengths[i] + 1;
    char *block = ho_new_array(bytes, 1);
    if (block == NULL) return ho_fail_memory(err, bytes, "the strategies' names");
    char *old = panel->name_bytes; /* some of the names may stand there */
    panel->name_bytes = block;
    for (size_t i = 0; i < count; i++) {
        memcpy(block, names[i], lengths[i]);
        panel->names[i] = block;
        block += lengths[i] + 1;
    }
    free(old);
    return HO_OK;
}

ho_status ho_panel_label(ho_strings *labels, const char *text, size_t length, int32_t *number, ho_error *err)
{
    *number = -1;
    if (length == 0) return HO_OK;
    for (size_t i = 0; i < labels->count; i++) {
        if (strlen(labels->items[i]) == length && memcmp(labels->items[i], text, length) == 0) {
            *number = (int32_t)i;
            return HO_OK;
        }
    }
    char *copy = ho_copy_bytes(text, length);
    if (copy == NULL) return ho_fail_memory(err, length + 1, "a label");
    ho_status status = ho_strings_add(labels, copy, err);
    free(copy);
    if (status == HO_OK) *number = (int32_t)labels->count - 1;
    return status;
}

size_t ho_panel_dates(const ho_panel *panel)
{
    size_t dates = 0;
    for (size_t t = 0; t < panel->values.rows; t++)
        dates += t == 0 || panel->periods[t].date != panel->periods[t - 1].date;
    return dates;
}
