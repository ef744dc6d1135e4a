#include "run/limit_rules.h"

#include "base/error.h"
#include "run/exclusive_file.h"

#include <stdlib.h>

ho_status ho_limit_rules(const ho_limit_settings *settings, const ho_input *input, const ho_day_zones *zones,
                         const ho_hooks *hooks, ho_selection *selection, ho_limits *limits, ho_error *err)
{
    uint32_t *pairs = NULL;
    ho_limits_of of = {
        .settings = settings, .panel = input->panel, .rows = input->rows, .threads = input->threads};
    if (zones != NULL) {
        of.zones = zones->strategies;
        of.zone_names = &zones->names;
    }
    if (settings->exclusive != NULL)
        HO_TRY(ho_exclusive_file_read(settings->exclusive, input->panel, &pairs, &of.pair_count, err));
    of.pairs = pairs;
    ho_status status = ho_limits_make(&of, selection, limits, err);
    free(pairs);
    for (size_t i = 0; i < limits->warnings.count; i++)
        ho_warn(hooks, limits->warnings.items[i]);
    return status;
}
