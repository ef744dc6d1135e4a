/* Keys of a configuration file that only say something together. */
#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "run/config_filling.h"
#include "run/goal.h"

#include <heavyopt/metrics.h>
#include <heavyopt/search.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usual_threshold[] = "0.7"; /* of the correlation, in the old files */

void ho_config_together_clear(ho_config_together *t)
{
    ho_strings_clear(&t->weights);
    ho_strings_clear(&t->counts);
    free(t->folder);
    free(t->zone_folder);
    *t = (ho_config_together){.algorithms = false};
}

static void add_name(char list[HO_LONGEST_LIST], const char *name)
{
    size_t used = strlen(list);
    snprintf(list + used, HO_LONGEST_LIST - used, "%s%s", used != 0 ? "," : "", name);
}

static ho_status check_number(const char *value, const char *origin, double least, ho_error *err)
{
    char *end = NULL;
    const double x = strtod(value, &end);
    if (end != value && *end == '\0' && isfinite(x) && x >= least) return HO_OK;
    return ho_fail(err, HO_ERR_USAGE, "%s = %.100s: expected a number%s", origin, value,
                   least == 0 ? " of 0 or more" : "");
}

/* A weight of one of the five usual measures is an option too; any other measure makes the weights the user's own. */
static ho_status add_weight(ho_config_filling *f, const ho_config_key *row, const ho_option *option,
                            const ho_ini_entry *entry, const char *origin, ho_error *err)
{
    char key[64];
    ho_config_together *t = &f->together;
    size_t length = strlen(entry->key);
    if (length > 7 && ho_text_same(entry->key + length - 7, "_weight")) length -= 7;
    snprintf(key, sizeof key, "%.*s", (int)length, entry->key);
    const int metric = ho_metric_find(row->argument != NULL ? row->argument : key);
    if (metric < 0) {
        const char *near = ho_measure_nearest(key);
        return ho_config_unknown(
            f, origin, near != NULL ? near : ho_config_key_nearest(entry->section, entry->key), err);
    }
    if (row->argument != NULL) {
        HO_TRY(ho_config_set(f, option, entry->value, origin, err));
    } else {
        HO_TRY(check_number(entry->value, origin, -INFINITY, err));
        t->own_weights = true;
        snprintf(t->origin, sizeof t->origin, "%s", origin);
    }
    return ho_strings_printf(&t->weights, err, "%s=%.40s", ho_metric_at((size_t)metric)->key, entry->value);
}

static ho_status add_folder(ho_config_together *t, bool of_zones, const char *value, const char *origin,
                            ho_error *err)
{
    char **folder = of_zones ? &t->zone_folder : &t->folder, *copy = ho_copy_text(value);
    if (copy == NULL) return ho_fail_memory(err, strlen(value), origin);
    free(*folder);
    *folder = copy;
    snprintf(of_zones ? t->origin_zone_folder : t->origin_folder, HO_CONFIG_ORIGIN, "%s", origin);
    return HO_OK;
}

/* As the old optimizer had it: it put the tables of data_folder together, and searched zones in those of
 * consolidated_dir. Other inputs than tables (a job's file, a folder of logs) are not meant. */
static ho_status set_folder(ho_config_filling *f, ho_error *err)
{
    const ho_config_together *t = &f->together;
    const ho_option_table options = f->command->options;
    const ho_option *input = ho_options_find(options, "input"), *zone = ho_options_find(options, "zone");
    if (input == NULL || ho_options_find(options, "chunk-size") == NULL) return HO_OK;
    const char *zones =
        zone != NULL ? *(char *const *)(const void *)((const char *)f->settings + zone->offset) : NULL;
    const bool of_zones =
        t->zone_folder != NULL && *t->zone_folder != '\0' && zones != NULL && *zones != '\0';
    const char *folder = of_zones ? t->zone_folder : t->folder;
    if (folder == NULL || *folder == '\0') return HO_OK;
    return ho_config_set(f, input, folder, of_zones ? t->origin_zone_folder : t->origin_folder, err);
}

static void add_size(ho_config_together *t, const ho_config_key *row, const ho_option *option,
                     const char *value, const char *origin)
{
    ho_config_range *range = strcmp(option->name, "zone-size") == 0 ? &t->zone_sizes : &t->sizes;
    snprintf(row->kind == HO_KEY_FIRST ? range->first : range->last, sizeof range->first, "%s", value);
    snprintf(range->origin, sizeof range->origin, "%s", origin);
    range->option = option;
}

static ho_status add_zone_weight(ho_config_together *t, const ho_ini_entry *entry, const char *origin,
                                 ho_error *err)
{
    const size_t used = strlen(t->zone_weights), room = sizeof t->zone_weights - used;
    HO_TRY(check_number(entry->value, origin, 0, err));
    const int wrote =
        snprintf(t->zone_weights + used, room, "%s%s:%s", used != 0 ? "," : "", entry->key, entry->value);
    if (wrote < 0 || (size_t)wrote >= room)
        return ho_fail(err, HO_ERR_USAGE, "%s: there are too many zones", origin);
    snprintf(t->origin, sizeof t->origin, "%s", origin);
    return HO_OK;
}

ho_status ho_config_together_add(ho_config_filling *f, const ho_config_key *row, const ho_option *option,
                                 const ho_ini_entry *entry, const char *origin, ho_error *err)
{
    ho_config_together *t = &f->together;
    bool on = false;
    switch ((int)row->kind) {
    case HO_KEY_ALGORITHM:
        HO_TRY(ho_config_bool(entry->value, origin, &on, err));
        add_name(on ? t->with : t->without, row->argument);
        t->algorithms = true;
        t->only |= strncmp(row->key, "use_", 4) == 0;
        snprintf(t->origin_algorithms, sizeof t->origin_algorithms, "%s", origin);
        return HO_OK;
    case HO_KEY_FIRST:
    case HO_KEY_LAST:
        add_size(t, row, option, entry->value, origin);
        return HO_OK;
    case HO_KEY_WEIGHT:
        return add_weight(f, row, option, entry, origin, err);
    case HO_KEY_CLOSE:
        snprintf(t->close, sizeof t->close, "%s", entry->value);
        return ho_config_set(f, option, entry->value, origin, err);
    case HO_KEY_ENFORCE:
        snprintf(t->origin, sizeof t->origin, "%s", origin);
        return ho_config_bool(entry->value, origin, &t->enforced, err);
    case HO_KEY_FOLDER:
        return add_folder(t, row->argument != NULL, entry->value, origin, err);
    case HO_KEY_BALANCED:
        return ho_config_bool(entry->value, origin, &t->balanced, err);
    case HO_KEY_COUNT:
        HO_TRY(check_number(entry->value, origin, 0, err));
        snprintf(t->origin, sizeof t->origin, "%s", origin);
        return ho_strings_printf(&t->counts, err, "%s=%.40s", entry->key, entry->value);
    case HO_KEY_ZONED:
        HO_TRY(ho_config_bool(entry->value, origin, &t->zoned, err));
        return t->zoned ? ho_config_set(f, option, "each", origin, err) : HO_OK;
    case HO_KEY_ZONE_LIMIT:
        HO_TRY(check_number(entry->value, origin, 0, err));
        snprintf(strncmp(row->key, "min", 3) == 0 ? t->least_zone : t->most_zone, sizeof t->most_zone, "%s",
                 entry->value);
        snprintf(t->origin, sizeof t->origin, "%s", origin);
        return HO_OK;
    default:
        return add_zone_weight(t, entry, origin, err);
    }
}

static bool has_name(const char *list, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = list; (at = strstr(at, name)) != NULL; at += length) {
        bool begins = at == list || at[-1] == ',', ends = at[length] == '\0' || at[length] == ',';
        if (begins && ends) return true;
    }
    return false;
}

/* As the old programs had it. The zone optimizer (use_...) ran those switched on, and the genetic algorithm when none
 * was; the others (..._enabled) ran all that were not switched off. */
static ho_status set_algorithms(ho_config_filling *f, ho_error *err)
{
    const ho_config_together *t = &f->together;
    char list[HO_LONGEST_LIST] = "";
    const ho_option *option = ho_options_find(f->command->options, "algorithms");
    for (size_t i = 0; i < ho_algorithm_count(); i++) {
        const char *name = ho_algorithm_name(ho_algorithm_at(i));
        if (t->only ? has_name(t->with, name) : !has_name(t->without, name)) add_name(list, name);
    }
    return ho_config_set(f, option, list[0] != '\0' ? list : "ga", t->origin_algorithms, err);
}

static ho_status set_range(ho_config_filling *f, const ho_config_range *range, ho_error *err)
{
    char sizes[80];
    if (range->option == NULL) return HO_OK;
    const char *first = range->first[0] != '\0' ? range->first : range->last;
    const char *last = range->last[0] != '\0' ? range->last : range->first;
    if (strcmp(first, last) == 0)
        snprintf(sizes, sizeof sizes, "%s", first);
    else
        snprintf(sizes, sizeof sizes, "%s:%s", first, last);
    return ho_config_set(f, range->option, sizes, range->origin, err);
}

/* Every text of the list, or the one text, where the command has the option. */
static ho_status set_each(ho_config_filling *f, const char *name, const ho_strings *texts, ho_error *err)
{
    const ho_option *option = ho_options_find(f->command->options, name);
    for (size_t i = 0; option != NULL && i < texts->count; i++)
        HO_TRY(ho_config_set(f, option, texts->items[i], f->together.origin, err));
    return HO_OK;
}

static ho_status set_one(ho_config_filling *f, const char *name, const char *text, ho_error *err)
{
    const ho_option *option = ho_options_find(f->command->options, name);
    if (option == NULL || *text == '\0') return HO_OK;
    return ho_config_set(f, option, text, f->together.origin, err);
}

ho_status ho_config_together_finish(ho_config_filling *f, ho_error *err)
{
    ho_config_together *t = &f->together;
    if (t->algorithms) HO_TRY(set_algorithms(f, err));
    HO_TRY(set_range(f, &t->sizes, err));
    HO_TRY(set_range(f, &t->zone_sizes, err));
    if (t->own_weights) HO_TRY(set_each(f, "weight", &t->weights, err));
    if (t->balanced) HO_TRY(set_each(f, "balance", &t->counts, err));
    if (t->zoned) HO_TRY(set_one(f, "min-strategies-per-zone", t->least_zone, err));
    if (t->zoned) HO_TRY(set_one(f, "max-strategies-per-zone", t->most_zone, err));
    HO_TRY(set_one(f, "zone-weights", t->zone_weights, err));
    HO_TRY(set_folder(f, err));
    if (t->enforced)
        HO_TRY(set_one(f, "max-correlation", t->close[0] != '\0' ? t->close : usual_threshold, err));
    ho_config_together_clear(t);
    return HO_OK;
}
