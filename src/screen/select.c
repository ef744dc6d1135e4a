#include "screen/select.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "panel/panel.h"

#include <string.h>

ho_status ho_find_strategy(const ho_panel *panel, const char *name, const char *what, uint32_t *strategy,
                           ho_error *err)
{
    for (size_t j = 0; j < ho_panel_strategies(panel); j++) {
        if (strcmp(ho_panel_name(panel, j), name) == 0) {
            *strategy = (uint32_t)j;
            return HO_OK;
        }
    }
    const char *nearest =
        ho_text_nearest(name, (const char *const *)panel->names, ho_panel_strategies(panel));
    if (nearest != NULL)
        return ho_fail(err, HO_ERR_USAGE, "%s: no strategy is named %.200s: did you mean %.200s?", what, name,
                       nearest);
    return ho_fail(err, HO_ERR_USAGE, "%s: no strategy is named %.200s", what, name);
}

void ho_selection_clear(ho_selection *selection)
{
    free(selection->allowed);
    free(selection->include);
    *selection = (ho_selection){0};
}

/* Marks each named strategy in marks. */
static ho_status mark(const ho_panel *panel, const ho_strings *names, const char *what, uint8_t *marks,
                      ho_error *err)
{
    for (size_t i = 0; i < names->count; i++) {
        uint32_t j = 0;
        HO_TRY(ho_find_strategy(panel, names->items[i], what, &j, err));
        marks[j] = 1;
    }
    return HO_OK;
}

static ho_status fill(const ho_panel *panel, const uint8_t *in, const uint8_t *out, ho_selection *s,
                      ho_error *err)
{
    for (size_t j = 0; j < ho_panel_strategies(panel); j++) {
        if (in[j] && out[j]) {
            return ho_fail(err, HO_ERR_USAGE,
                           "%.200s is both included and excluded: --include and --exclude disagree",
                           ho_panel_name(panel, j));
        }
        s->allowed[j] = !out[j];
        s->allowed_count += !out[j];
        if (in[j]) s->include[s->include_count++] = (uint32_t)j;
    }
    return HO_OK;
}

ho_status ho_select(const ho_panel *panel, const ho_strings *include, const ho_strings *exclude,
                    ho_selection *selection, ho_error *err)
{
    size_t n = ho_panel_strategies(panel);
    ho_selection s = {.allowed = HO_NEW(uint8_t, n), .include = HO_NEW(uint32_t, include->count)};
    uint8_t *in = HO_NEW(uint8_t, n), *out = HO_NEW(uint8_t, n);
    ho_status status = HO_OK;
    if (s.allowed == NULL || s.include == NULL || in == NULL || out == NULL)
        status = ho_fail_memory(err, 3 * n, "the selection of strategies");
    if (status == HO_OK) status = mark(panel, include, "--include", in, err);
    if (status == HO_OK) status = mark(panel, exclude, "--exclude", out, err);
    if (status == HO_OK) status = fill(panel, in, out, &s, err);
    free(in);
    free(out);
    if (status == HO_OK)
        *selection = s;
    else
        ho_selection_clear(&s);
    return status;
}
