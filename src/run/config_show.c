/* `heavyopt config`: what the settings come to and where they come from; a file to begin with; the reference. */
#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "report/json.h"
#include "run/config.h"
#include "run/config_text.h"
#include "run/formats_text.h"
#include "run/hooks.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

extern const ho_command ho_command_config;

typedef struct settings {
    char *command, *config, *share, *write_default;
    bool show, reference, formats, strict;
} settings;
typedef settings S;

/* clang-format off */
static const ho_option options[] = {
    {"command", 0, "COMMAND", "Show the options of this command only.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, command)},
    {"show", 0, NULL, "Print every option, its value and where it comes from; this is done anyway.",
     HO_OPTION_BOOL, 0, 0, "true", NULL, offsetof(S, show)},
    {"write-default", 0, "FILE", "Write a new configuration file with every key at its default.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, write_default)},
    {"formats", 0, NULL, "Print the tables of all file formats, columns and trade logs, as Markdown.",
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, formats)},
    {"reference", 0, NULL, "Print the reference of all keys and options, as Markdown.",
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, reference)},
    {"config", 0, "FILE", "A configuration file, INI or JSON, above those of the share.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, config)},
    {"share", 0, "DIR", "The share, whose config/ is read; else $HEAVYOPT_SHARE, else the current folder.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, share)},
    {"strict-config", 0, NULL, "An unknown key of a configuration file is an error.",
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, strict)},
};
/* clang-format on */

static ho_status write_default(const char *path, ho_outcome *outcome, ho_error *err)
{
    char *text = NULL;
    HO_TRY(ho_config_default_text(&text, err));
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    bool failed = file == NULL || fputs(text, file) < 0 || fflush(file) != 0;
    int reason = errno;
    free(text);
    if (file != NULL && fclose(file) != 0 && !failed) {
        failed = true;
        reason = errno;
    }
    if (failed && file != NULL) (void)unlink(path);
    if (failed && reason == EEXIST)
        return ho_fail(err, HO_ERR_USAGE, "%.700s is there already; a new file is written, none is replaced",
                       path);
    if (failed) return ho_fail(err, HO_ERR_IO, "%.700s: %s", path, strerror(reason));
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    fprintf(t.file, "Wrote %s\n", path);
    HO_TRY(ho_text_end(&t, &outcome->summary, err));
    return ho_json_finish(json_pack("{s:o}", "written", ho_json_text(path)), &outcome->json, err);
}

static ho_status print_formats(ho_outcome *outcome, ho_error *err)
{
    HO_TRY(ho_formats_text(&outcome->summary, err));
    return ho_json_finish(json_pack("{s:o}", "formats", ho_json_text(outcome->summary)), &outcome->json, err);
}

static ho_status print_reference(ho_outcome *outcome, ho_error *err)
{
    HO_TRY(ho_config_reference_text(&outcome->summary, err));
    return ho_json_finish(json_pack("{s:o}", "reference", ho_json_text(outcome->summary)), &outcome->json,
                          err);
}

/* One command's options, resolved. */
static ho_status show_command(const ho_command *command, const ho_config_place *place, const ho_hooks *hooks,
                              FILE *file, json_t *into, ho_error *err)
{
    ho_strings origins = {0};
    void *values = ho_new_array(command->settings_size + 1, 1);
    json_t *object = json_object();
    ho_status status = values != NULL && object != NULL
                           ? ho_config_fill(command, place, hooks, values, &origins, err)
                           : ho_fail_memory(err, command->settings_size, "settings");
    if (status == HO_OK) fprintf(file, "\n[%s]\n", command->name);
    for (size_t i = 0; i < command->options.count && status == HO_OK; i++) {
        char value[1024];
        const ho_option *o = &command->options.options[i];
        ho_option_print(o, values, value, sizeof value);
        fprintf(file, "%s = ", o->name);
        ho_text_put(value, file);
        fputs("    # ", file);
        ho_text_put(origins.items[i], file);
        fputc('\n', file);
        json_t *pair =
            json_pack("{s:o,s:o}", "value", ho_json_text(value), "origin", ho_json_text(origins.items[i]));
        if (json_object_set_new(object, o->name, pair) != 0)
            status = ho_fail_memory(err, 0, "the JSON document");
    }
    if (values != NULL) ho_options_clear(command->options, values);
    free(values);
    ho_strings_clear(&origins);
    if (status != HO_OK)
        json_decref(object);
    else if (json_object_set_new(into, command->name, object) != 0)
        status = ho_fail_memory(err, 0, "the JSON document");
    return status;
}

/* The keys that do nothing, and why; sections that nobody knows are named once. */
static void show_useless(const ho_config_layer *layer, FILE *file, json_t *useless)
{
    char origin[512], line[1024];
    const char *last_section = "";
    for (size_t i = 0; i < layer->ini.count; i++) {
        const ho_ini_entry *entry = &layer->ini.entries[i];
        const ho_config_key *row = NULL;
        const ho_option *option = NULL;
        const char *why = NULL;
        ho_config_origin(layer, entry, origin, sizeof origin);
        switch (ho_config_use_of(NULL, entry, &row, &option, &why)) {
        case HO_CONFIG_USELESS:
            snprintf(line, sizeof line, "%s has no effect, because %s", origin, why);
            break;
        case HO_CONFIG_UNKNOWN:
            snprintf(line, sizeof line, "%s is unknown%s%s", origin, why != NULL ? "; near to it is " : "",
                     why != NULL ? why : "");
            break;
        case HO_CONFIG_IGNORED:
            if (strcmp(last_section, entry->section) == 0) continue;
            last_section = entry->section;
            snprintf(line, sizeof line, "%s:%zu [%s] has no effect, because nothing of this section is used",
                     layer->name, entry->line, entry->section);
            break;
        case HO_CONFIG_USED:
        case HO_CONFIG_OTHER:
            continue;
        }
        ho_text_put(line, file);
        fputc('\n', file);
        (void)json_array_append_new(useless, ho_json_text(line));
    }
}

static void show_files(const ho_config_layers *layers, FILE *file, json_t *files, json_t *useless)
{
    for (size_t i = 0; i < HO_CONFIG_LAYERS; i++) {
        const ho_config_layer *layer = &layers->items[i];
        const char *name = *layer->name != '\0' ? layer->name : "environment";
        if (i + 1 == HO_CONFIG_LAYERS - 1 && !layer->found) continue; /* no --config */
        fprintf(file, "%s: %s\n", name,
                layer->found               ? "read"
                : i + 1 < HO_CONFIG_LAYERS ? "not there"
                                           : "sets nothing");
        (void)json_array_append_new(
            files, json_pack("{s:o,s:b}", "path", ho_json_text(name), "found", layer->found));
    }
    for (size_t i = 0; i < HO_CONFIG_LAYERS; i++)
        show_useless(&layers->items[i], file, useless);
}

/* Passes a warning on when it is new. */
typedef struct once {
    const ho_hooks *hooks;
    ho_strings said;
} once;

static void warn_once(void *user, const char *line)
{
    once *o = user;
    if (ho_strings_has(&o->said, line) || ho_strings_add(&o->said, line, NULL) != HO_OK) return;
    if (o->hooks != NULL) ho_warn(o->hooks, line);
}

/* What was said when the settings of this command itself were read. */
static ho_status recall_warnings(const ho_config_place *place, once *o, ho_error *err)
{
    settings own = {.command = NULL};
    const ho_hooks hooks = {.warn = warn_once, .user = o};
    const ho_option_table table = {options, sizeof options / sizeof *options};
    ho_status status = ho_config_fill(&ho_command_config, place, &hooks, &own, NULL, err);
    ho_options_clear(table, &own);
    return status;
}

static ho_status show(const settings *s, const ho_hooks *hooks, FILE *file, json_t *root, ho_error *err)
{
    const ho_config_place place = {s->share, s->config, environ, s->strict};
    once said = {.hooks = NULL};
    const ho_hooks new_ones = {.warn = warn_once, .user = &said};
    ho_config_layers layers = {0};
    json_t *files = json_array(), *useless = json_array(), *commands = json_object();
    ho_status status = ho_config_layers_read(&place, &layers, err);
    if (status == HO_OK) show_files(&layers, file, files, useless);
    if (status == HO_OK) status = recall_warnings(&place, &said, err);
    said.hooks = hooks;
    bool found = false;
    for (size_t i = 0; i < ho_command_count() && status == HO_OK; i++) {
        const ho_command *command = ho_command_at(i);
        if (s->command != NULL && !ho_text_same(s->command, command->name)) continue;
        status = show_command(command, &place, &new_ones, file, commands, err);
        found = true;
    }
    if (status == HO_OK && !found)
        status = ho_fail(err, HO_ERR_USAGE, "no command is named %.100s", s->command);
    ho_config_layers_clear(&layers);
    ho_strings_clear(&said.said);
    bool whole = json_object_set_new(root, "files", files) == 0;
    whole = json_object_set_new(root, "commands", commands) == 0 && whole;
    whole = json_object_set_new(root, "no_effect", useless) == 0 && whole;
    return status == HO_OK && !whole ? ho_fail_memory(err, 0, "the JSON document") : status;
}

static ho_status run(const void *settings_, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    const settings *s = settings_;
    if (s->write_default != NULL) return write_default(s->write_default, outcome, err);
    if (s->formats) return print_formats(outcome, err);
    if (s->reference) return print_reference(outcome, err);
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    json_t *root = json_object();
    ho_outcome made = {0};
    ho_status status = show(s, hooks, t.file, root, err);
    ho_status ended = ho_text_end(&t, &made.summary, status == HO_OK ? err : NULL);
    if (status == HO_OK) status = ended;
    if (status == HO_OK)
        status = ho_json_finish(root, &made.json, err);
    else
        json_decref(root);
    return ho_hand_over(status, &made, outcome);
}

const ho_command ho_command_config = {
    .name = "config",
    .sentence = "shows what every option is set to, and where that comes from",
    .positional = {"command"},
    .options = {options, sizeof options / sizeof *options},
    .settings_size = sizeof(settings),
    .run = run,
    .more = "An option has its value from the command line, else from the environment "
            "(HEAVYOPT_SECTION_KEY), else "
            "from the file of --config, else from config/production_config.ini and "
            "config/parquet_arrow_config.ini "
            "of the share, else it has its default. docs/CONFIGURATION.md lists every key.",
};
