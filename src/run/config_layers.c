/* Where the entries of a configuration come from, and what each of them is to a command. */
#include "run/config.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

void ho_config_variable(const char *section, const char *key, char *out, size_t size)
{
    snprintf(out, size, "HEAVYOPT_%s_%s", section, key);
    for (char *c = out; *c != '\0'; c++)
        *c = isalnum((unsigned char)*c) ? (char)toupper((unsigned char)*c) : '_';
}

void ho_config_origin(const ho_config_layer *layer, const ho_ini_entry *entry, char *out, size_t size)
{
    if (*layer->name == '\0')
        ho_config_variable(entry->section, entry->key, out, size);
    else if (entry->line != 0)
        snprintf(out, size, "%s:%zu [%s] %s", layer->name, entry->line, entry->section, entry->key);
    else
        snprintf(out, size, "%s %s%s%s", layer->name, entry->section, *entry->section != '\0' ? "." : "",
                 entry->key);
}

void ho_config_layers_clear(ho_config_layers *layers)
{
    for (size_t i = 0; i < HO_CONFIG_LAYERS; i++) {
        free(layers->items[i].name);
        ho_ini_clear(&layers->items[i].ini);
    }
    *layers = (ho_config_layers){0};
}

static ho_status add_variable(ho_ini *ini, const char *section, const char *key, const char *value,
                              ho_error *err)
{
    ho_ini_entry *entries = ho_grow_array(ini->entries, ini->count + 1, sizeof *entries);
    if (entries == NULL) return ho_fail_memory(err, (ini->count + 1) * sizeof *entries, "the environment");
    ini->entries = entries;
    entries[ini->count++] =
        (ho_ini_entry){ho_copy_text(section), ho_copy_text(key), ho_copy_text(value), 0, false};
    const ho_ini_entry *e = &entries[ini->count - 1];
    bool whole = e->section != NULL && e->key != NULL && e->value != NULL;
    return whole ? HO_OK : ho_fail_memory(err, strlen(value), "the environment");
}

/* The value of a variable in the environment, or NULL. */
static const char *value_of(char *const *environment, const char *name)
{
    size_t length = strlen(name);
    for (; *environment != NULL; environment++) {
        if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
            return *environment + length + 1;
    }
    return NULL;
}

static bool any_of_ours(char *const *environment)
{
    for (; *environment != NULL; environment++) {
        if (strncmp(*environment, "HEAVYOPT_", 9) == 0) return true;
    }
    return false;
}

/* Known names are looked up in the environment, and not the other way round: HEAVYOPT_A_B_C does not tell where the
 * section ends. The rows of the table come before the options of the commands, so these win. */
static ho_status read_environment(char *const *environment, ho_ini *ini, ho_error *err)
{
    char name[192];
    if (!any_of_ours(environment)) return HO_OK;
    for (size_t i = 0; i < ho_config_key_count(); i++) {
        const ho_config_key *row = ho_config_key_at(i);
        ho_config_variable(row->section, row->key, name, sizeof name);
        const char *value = strcmp(row->key, "*") != 0 ? value_of(environment, name) : NULL;
        if (value != NULL) HO_TRY(add_variable(ini, row->section, row->key, value, err));
    }
    for (size_t c = 0; c < ho_command_count(); c++) {
        const ho_command *command = ho_command_at(c);
        for (size_t i = 0; i < command->options.count; i++) {
            ho_config_variable(command->name, command->options.options[i].name, name, sizeof name);
            const char *value = value_of(environment, name);
            if (value != NULL)
                HO_TRY(add_variable(ini, command->name, command->options.options[i].name, value, err));
        }
    }
    return HO_OK;
}

static ho_status read_share_file(const char *share, const char *file, ho_config_layer *layer, ho_error *err)
{
    size_t size = strlen(share) + strlen(file) + 16;
    layer->name = ho_new_array(size, 1);
    if (layer->name == NULL) return ho_fail_memory(err, size, "a path");
    snprintf(layer->name, size, "%s%sconfig/%s", share, *share != '\0' ? "/" : "", file);
    return ho_ini_read(layer->name, &layer->ini, &layer->found, err);
}

ho_status ho_config_layers_read(const ho_config_place *place, ho_config_layers *layers, ho_error *err)
{
    const char *share = place->share;
    if (share == NULL && place->environment != NULL) share = value_of(place->environment, "HEAVYOPT_SHARE");
    if (share == NULL || strcmp(share, ".") == 0) share = "";
    HO_TRY(read_share_file(share, "parquet_arrow_config.ini", &layers->items[0], err));
    HO_TRY(read_share_file(share, "production_config.ini", &layers->items[1], err));
    ho_config_layer *named = &layers->items[2], *environment = &layers->items[3];
    named->name = ho_copy_text(place->file != NULL ? place->file : "");
    environment->name = ho_copy_text("");
    if (named->name == NULL || environment->name == NULL) return ho_fail_memory(err, 0, "a path");
    if (place->file != NULL) {
        HO_TRY(ho_ini_read(place->file, &named->ini, NULL, err));
        named->found = true;
    }
    if (place->environment != NULL) HO_TRY(read_environment(place->environment, &environment->ini, err));
    environment->found = environment->ini.count != 0;
    return HO_OK;
}

/* A key that stands in no section (JSON): of the command itself, when it has such an option. */
static bool is_own_section(const ho_command *command, const ho_ini_entry *entry)
{
    return ho_text_same(command->name, entry->section) || *entry->section == '\0';
}

static ho_config_use use_of_row(const ho_command *command, const ho_config_key *row, const ho_option **option,
                                const char **why)
{
    *why = row->why;
    if (row->kind == HO_KEY_NONE) return HO_CONFIG_USELESS;
    *option = command != NULL ? ho_options_find(command->options, row->option) : NULL;
    if (*option != NULL) return HO_CONFIG_USED;
    return ho_config_option_exists(row->option) ? HO_CONFIG_OTHER : HO_CONFIG_USELESS;
}

ho_config_use ho_config_use_of(const ho_command *command, const ho_ini_entry *entry,
                               const ho_config_key **row, const ho_option **option, const char **why)
{
    *why = NULL;
    *option = NULL;
    *row = ho_config_key_find(entry->section, entry->key);
    if (*row != NULL) return use_of_row(command, *row, option, why);
    if (command != NULL && is_own_section(command, entry))
        *option = ho_options_find(command->options, entry->key);
    if (*option != NULL) return HO_CONFIG_USED;
    for (size_t i = 0; i < ho_command_count(); i++) {
        const ho_command *other = ho_command_at(i);
        if (is_own_section(other, entry) && ho_options_find(other->options, entry->key) != NULL)
            return HO_CONFIG_OTHER;
    }
    if (*entry->section != '\0' && !ho_config_section_known(entry->section)) return HO_CONFIG_IGNORED;
    *why = ho_config_key_nearest(entry->section, entry->key);
    return HO_CONFIG_UNKNOWN;
}
