/* ho_config_fill: the layers are laid one over the other into the settings of a command. */
#include "run/config_filling.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "run/hooks.h"

#include <errno.h>
#include <heavyopt/search.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_WARNINGS = 5 };

typedef ho_config_filling filling;

static ho_status set_origin(filling *f, const ho_option *option, const char *origin, ho_error *err)
{
    char **place = &f->origins[option - f->command->options.options], *text = NULL;
    bool joined = option->type == HO_OPTION_LIST && *place != NULL; /* lists add up */
    size_t size = strlen(origin) + (joined ? strlen(*place) : 0) + 3;
    text = ho_new_array(size, 1);
    if (text == NULL) return ho_fail_memory(err, size, "an origin");
    snprintf(text, size, "%s%s%s", joined ? *place : "", joined ? ", " : "", origin);
    free(*place);
    *place = text;
    return HO_OK;
}

ho_status ho_config_bad_value(const char *origin, const char *value, ho_status status, const ho_error *why,
                              ho_error *err)
{
    const char *expected = strstr(why->text, ": expected");
    return ho_fail(err, status, "%s = %.100s%s%s", origin, value, expected != NULL ? "" : ": ",
                   expected != NULL ? expected : why->text);
}

ho_status ho_config_set(filling *f, const ho_option *option, const char *value, const char *origin,
                        ho_error *err)
{
    ho_error why;
    ho_status status = ho_options_set(f->command->options, f->settings, option->name, value, &why);
    if (status != HO_OK) return ho_config_bad_value(origin, value, status, &why, err);
    return set_origin(f, option, origin, err);
}

ho_status ho_config_bool(const char *value, const char *origin, bool *out, ho_error *err)
{
    static const ho_option option = {.name = "value", .type = HO_OPTION_BOOL};
    ho_error why;
    ho_status status = ho_options_set((ho_option_table){&option, 1}, out, "value", value, &why);
    return status == HO_OK ? HO_OK : ho_config_bad_value(origin, value, status, &why, err);
}

static ho_status check_range(const ho_config_key *row, const char *value, const char *origin, ho_error *err)
{
    if (row->max <= row->min) return HO_OK;
    char *end = NULL;
    double x = strtod(value, &end);
    if (end != value && *end == '\0' && x >= row->min && x <= row->max && x == floor(x)) return HO_OK;
    return ho_fail(err, HO_ERR_USAGE, "%s = %.100s: expected a whole number from %.15g to %.15g", origin,
                   value, row->min, row->max);
}

/* "ga.population_size=60", checked here, where file and line are known. */
static ho_status set_parameter(filling *f, const ho_option *option, const char *parameter, const char *value,
                               const char *origin, ho_error *err)
{
    char text[256];
    snprintf(text, sizeof text, "%s=%.128s", parameter, value);
    size_t length = strcspn(parameter, ".");
    for (size_t i = 0; i < ho_algorithm_count(); i++) {
        const ho_algorithm *a = ho_algorithm_at(i);
        const char *name = ho_algorithm_name(a);
        if (strlen(name) != length || strncmp(name, parameter, length) != 0) continue;
        void *params = ho_new_array(ho_algorithm_params_size(a) + 1, 1);
        if (params == NULL) return ho_fail_memory(err, 0, "an algorithm's parameters");
        ho_error why;
        ho_status status =
            ho_options_set(ho_algorithm_options(a), params, parameter + length + 1, value, &why);
        ho_options_clear(ho_algorithm_options(a), params);
        free(params);
        if (status != HO_OK) return ho_config_bad_value(origin, value, status, &why, err);
    }
    return ho_config_set(f, option, text, origin, err);
}

static ho_status set_soft(filling *f, const ho_option *option, const char *value, const char *origin,
                          ho_error *err)
{
    ho_status status = ho_config_set(f, option, value, origin, err);
    if (status != HO_ERR_USAGE || f->strict) return status;
    char now[64], line[1024];
    ho_option_print(option, f->settings, now, sizeof now);
    snprintf(line, sizeof line, "%.300s = %.100s is not known here (%.300s); %s is used", origin, value,
             option->choices != NULL ? option->choices : "", now);
    ho_warn(f->hooks, line);
    return HO_OK;
}

/* "A|B": A where it is on, else B; an empty one changes nothing. */
static ho_status set_switch(filling *f, const ho_config_key *row, const ho_option *option, bool on,
                            const char *origin, ho_error *err)
{
    const char *bar = strchr(row->argument, '|');
    char word[32];
    if (on)
        snprintf(word, sizeof word, "%.*s", (int)(bar - row->argument), row->argument);
    else
        snprintf(word, sizeof word, "%s", bar + 1);
    return word[0] != '\0' ? ho_config_set(f, option, word, origin, err) : HO_OK;
}

static ho_status set_by_row(filling *f, const ho_config_key *row, const ho_option *option,
                            const ho_ini_entry *entry, const char *origin, ho_error *err)
{
    bool on = false;
    const char *value = entry->value;
    HO_TRY(check_range(row, value, origin, err));
    switch (row->kind) {
    case HO_KEY_NOT:
        HO_TRY(ho_config_bool(value, origin, &on, err));
        return ho_config_set(f, option, on ? "false" : "true", origin, err);
    case HO_KEY_IS:
        return ho_config_set(f, option, ho_text_same(value, row->argument) ? "true" : "false", origin, err);
    case HO_KEY_ALL:
        return ho_config_set(f, option, ho_text_same(value, "all") ? "0" : value, origin, err);
    case HO_KEY_SOFT:
        return set_soft(f, option, value, origin, err);
    case HO_KEY_PARAMETER:
        return set_parameter(f, option, row->argument, value, origin, err);
    case HO_KEY_SWITCH:
        HO_TRY(ho_config_bool(value, origin, &on, err));
        return set_switch(f, row, option, on, origin, err);
    case HO_KEY_ALGORITHM:
    case HO_KEY_FIRST:
    case HO_KEY_LAST:
    case HO_KEY_WEIGHT:
    case HO_KEY_CLOSE:
    case HO_KEY_ENFORCE:
    case HO_KEY_BALANCED:
    case HO_KEY_COUNT:
    case HO_KEY_ZONED:
    case HO_KEY_ZONE_LIMIT:
    case HO_KEY_ZONE_WEIGHT:
    case HO_KEY_FOLDER:
        return ho_config_together_add(f, row, option, entry, origin, err);
    case HO_KEY_OPTION:
    case HO_KEY_WEAK:
    case HO_KEY_NONE:
        break;
    }
    return ho_config_set(f, option, value, origin, err);
}

ho_status ho_config_unknown(filling *f, const char *origin, const char *near, ho_error *err)
{
    char line[1024];
    snprintf(line, sizeof line, "%.700s: unknown key%s%s%s", origin, near != NULL ? ": did you mean " : "",
             near != NULL ? near : "", near != NULL ? "?" : "");
    if (f->strict) return ho_fail(err, HO_ERR_USAGE, "%s", line);
    if (f->unknown++ < MOST_WARNINGS) ho_warn(f->hooks, line);
    return HO_OK;
}

/* weak: keys of that kind, and no others. */
static ho_status fill_entry(filling *f, const ho_ini_entry *entry, bool weak, ho_error *err)
{
    char origin[512], line[640];
    const ho_config_key *row = NULL;
    const ho_option *option = NULL;
    const char *why = NULL;
    ho_config_origin(f->layer, entry, origin, sizeof origin);
    if (entry->overridden && weak) return HO_OK;
    if (entry->overridden) {
        snprintf(line, sizeof line, "%s stands there again further down, and that one counts", origin);
        ho_warn(f->hooks, line);
        return HO_OK;
    }
    const ho_config_use use = ho_config_use_of(f->command, entry, &row, &option, &why);
    const bool is_weak = use == HO_CONFIG_USED && row != NULL && row->kind == HO_KEY_WEAK;
    if (is_weak != weak) return HO_OK;
    switch (use) {
    case HO_CONFIG_USED:
        return row != NULL ? set_by_row(f, row, option, entry, origin, err)
                           : ho_config_set(f, option, entry->value, origin, err);
    case HO_CONFIG_UNKNOWN:
        return ho_config_unknown(f, origin, why, err);
    case HO_CONFIG_OTHER:
    case HO_CONFIG_USELESS:
    case HO_CONFIG_IGNORED:
        break;
    }
    return HO_OK;
}

static ho_status fill_layer(filling *f, const ho_config_layer *layer, ho_error *err)
{
    f->layer = layer;
    f->unknown = 0;
    for (size_t i = 0; i < layer->ini.count; i++)
        HO_TRY(fill_entry(f, &layer->ini.entries[i], true, err));
    for (size_t i = 0; i < layer->ini.count; i++)
        HO_TRY(fill_entry(f, &layer->ini.entries[i], false, err));
    HO_TRY(ho_config_together_finish(f, err));
    if (f->unknown > MOST_WARNINGS) {
        char line[640];
        snprintf(line, sizeof line, "%.500s: %zu more unknown keys (heavyopt config lists them)", layer->name,
                 f->unknown - MOST_WARNINGS);
        ho_warn(f->hooks, line);
    }
    return HO_OK;
}

static ho_status hand_origins(const filling *f, ho_strings *origins, ho_error *err)
{
    for (size_t i = 0; i < f->command->options.count && origins != NULL; i++)
        HO_TRY(ho_strings_add(origins, f->origins[i] != NULL ? f->origins[i] : "default", err));
    return HO_OK;
}

ho_status ho_config_fill(const ho_command *command, const ho_config_place *place, const ho_hooks *hooks,
                         void *settings, ho_strings *origins, ho_error *err)
{
    HO_TRY(ho_options_defaults(command->options, settings, err));
    ho_config_layers layers = {0};
    filling f = {.command = command, .hooks = hooks, .settings = settings, .strict = place->strict};
    f.origins = HO_NEW(char *, command->options.count + 1);
    ho_status status = f.origins != NULL ? ho_config_layers_read(place, &layers, err)
                                         : ho_fail_memory(err, command->options.count, "origins");
    for (size_t i = 0; i < HO_CONFIG_LAYERS && status == HO_OK; i++)
        status = fill_layer(&f, &layers.items[i], err);
    if (status == HO_OK) status = hand_origins(&f, origins, err);
    for (size_t i = 0; i < command->options.count && f.origins != NULL; i++)
        free(f.origins[i]);
    free(f.origins);
    ho_config_together_clear(&f.together);
    ho_config_layers_clear(&layers);
    return status;
}
