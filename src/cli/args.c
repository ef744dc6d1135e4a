/* Arguments to settings: --name value, --name=value, -p 35, -p35, -qp35, booleans without a value, `--` before what
 * only looks like an option, and loose arguments that fill the command's positional options in order. */
#include "cli/cli.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const ho_option common_options[] = {
    {"json", 0, NULL, "Print one JSON document on standard output and nothing else there.", HO_OPTION_BOOL, 0,
     0, "false", NULL, offsetof(cli_common, json)},
    {"quiet", 'q', NULL, "No progress and no summary; warnings and errors only.", HO_OPTION_BOOL, 0, 0,
     "false", NULL, offsetof(cli_common, quiet)},
    {"no-color", 0, NULL, "No colours in the progress line; $NO_COLOR says the same.", HO_OPTION_BOOL, 0, 0,
     "false", NULL, offsetof(cli_common, no_color)},
    {"config", 'c', "FILE", "A configuration file, INI or JSON; the command line and the environment win.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(cli_common, config)},
    {"strict-config", 0, NULL, "An unknown key of a configuration file is an error.", HO_OPTION_BOOL, 0, 0,
     "false", NULL, offsetof(cli_common, strict_config)},
    {"share", 0, "DIR", "The share, whose config/ is read; else $HEAVYOPT_SHARE, else the current folder.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(cli_common, share)},
    {"help", 'h', NULL, "Say what the command does and takes.", HO_OPTION_BOOL, 0, 0, "false", NULL,
     offsetof(cli_common, help)},
    {"version", 'V', NULL, "Say the version and what this build has.", HO_OPTION_BOOL, 0, 0, "false", NULL,
     offsetof(cli_common, version)},
};
const ho_option_table cli_common_options = {common_options, sizeof common_options / sizeof *common_options};

/* One reading of the arguments. */
typedef struct reading {
    const ho_command *command; /* or NULL */
    ho_option_table table;     /* the command's */
    cli_common *common;
    void *settings;
    char *const *args;
    size_t count, at;
    bool *given;        /* by option of `table` */
    const char **loose; /* arguments without a name */
    size_t loose_count;
} reading;

ho_status cli_fail(ho_error *err, ho_status status, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(err->text, sizeof err->text, format, list);
    va_end(list);
    for (char *c = err->text; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f) *c = '?';
    }
    return status;
}

const ho_command *cli_find_command(const char *name, ho_error *err)
{
    const ho_command *command = ho_command_find(name);
    if (command != NULL) return command;
    /* ho_options_nearest knows what a slip of the pen is; the commands borrow it as options without a type. */
    const char *nearest = NULL;
    ho_option *names = calloc(ho_command_count() + 1, sizeof *names);
    if (names != NULL) {
        for (size_t i = 0; i < ho_command_count(); i++)
            names[i].name = ho_command_at(i)->name;
        names[ho_command_count()].name = "help";
        nearest = ho_options_nearest((ho_option_table){names, ho_command_count() + 1}, name);
        free(names);
    }
    if (nearest != NULL)
        cli_fail(err, HO_ERR_USAGE, "unknown command %.100s: did you mean %s?", name, nearest);
    else
        cli_fail(err, HO_ERR_USAGE, "unknown command %.100s (heavyopt help lists them)", name);
    return NULL;
}

static ho_status unknown_option(const reading *r, const char *name, ho_error *err)
{
    const char *nearest = ho_options_nearest(r->table, name);
    if (nearest == NULL) nearest = ho_options_nearest(cli_common_options, name);
    if (nearest != NULL)
        return cli_fail(err, HO_ERR_USAGE, "unknown option --%.100s: did you mean --%s?", name, nearest);
    const char *command = r->command != NULL ? r->command->name : "";
    return cli_fail(err, HO_ERR_USAGE, "unknown option --%.100s (heavyopt help%s%s lists them)", name,
                    *command != '\0' ? " " : "", command);
}

static const ho_option *find_name(const reading *r, const char *name)
{
    const ho_option *o = ho_options_find(r->table, name);
    return o != NULL ? o : ho_options_find(cli_common_options, name);
}

static const ho_option *find_letter(const reading *r, char letter)
{
    const ho_option *o = ho_options_find_letter(r->table, letter);
    return o != NULL ? o : ho_options_find_letter(cli_common_options, letter);
}

/* A command may list a common option as its own, to have it in its settings: both are set then. */
static ho_status set_option(reading *r, const ho_option *option, const char *value, ho_error *err)
{
    const ho_option *own = ho_options_find(r->table, option->name);
    if (own != NULL) {
        r->given[own - r->table.options] = true;
        ho_status status = ho_options_set(r->table, r->settings, own->name, value, err);
        if (status != HO_OK) return status;
    }
    if (ho_options_find(cli_common_options, option->name) == NULL) return HO_OK;
    return ho_options_set(cli_common_options, r->common, option->name, value, err);
}

/* "--name=value" or "--name": the length of the name. */
static size_t name_length(const char *arg)
{
    return strcspn(arg + 2, "=");
}

static char *name_of(const char *arg)
{
    return strndup(arg + 2, name_length(arg));
}

static bool is_option(const reading *r, const char *arg)
{
    if (arg[0] != '-' || arg[1] == '\0') return false;
    if (arg[1] != '-') return find_letter(r, arg[1]) != NULL;
    char *name = name_of(arg);
    bool known = arg[2] == '\0' || (name != NULL && find_name(r, name) != NULL);
    free(name);
    return known;
}

/* The argument after an option is its value, also when it starts with '-' (a negative number, "-" for standard
 * input), but not when it is itself an option: then a value was forgotten. */
static ho_status next_value(reading *r, const ho_option *option, const char **value, ho_error *err)
{
    const char *next = r->at < r->count ? r->args[r->at] : NULL;
    if (next == NULL || is_option(r, next)) {
        return cli_fail(err, HO_ERR_USAGE, "--%s needs a value: --%s %s", option->name, option->name,
                        option->value != NULL ? option->value : "VALUE");
    }
    r->at++;
    *value = next;
    return HO_OK;
}

static ho_status read_long(reading *r, const char *arg, ho_error *err)
{
    char *name = name_of(arg);
    if (name == NULL) return cli_fail(err, HO_ERR_MEMORY, "out of memory: %zu bytes", strlen(arg));
    const ho_option *option = find_name(r, name);
    const char *value = "true";
    ho_status status = HO_OK;
    if (option == NULL)
        status = unknown_option(r, name, err);
    else if (arg[2 + name_length(arg)] == '=')
        value = arg + 2 + name_length(arg) + 1;
    else if (option->type != HO_OPTION_BOOL)
        status = next_value(r, option, &value, err);
    if (status == HO_OK) status = set_option(r, option, value, err);
    free(name);
    return status;
}

static ho_status read_letters(reading *r, const char *arg, ho_error *err)
{
    if (arg[2] != '\0' && find_name(r, arg + 1) != NULL) /* one hyphen short, and no heap of letters */
        return cli_fail(err, HO_ERR_USAGE, "unknown option %.100s: did you mean -%.100s?", arg, arg);
    for (const char *letter = arg + 1; *letter != '\0'; letter++) {
        const ho_option *option = find_letter(r, *letter);
        if (option == NULL) return cli_fail(err, HO_ERR_USAGE, "unknown option -%c in %.100s", *letter, arg);
        const char *value = "true";
        bool takes_rest = option->type != HO_OPTION_BOOL;
        if (takes_rest && letter[1] != '\0') {
            value = letter + 1 + (letter[1] == '=');
        } else if (takes_rest) {
            ho_status status = next_value(r, option, &value, err);
            if (status != HO_OK) return status;
        }
        ho_status status = set_option(r, option, value, err);
        if (status != HO_OK || takes_rest) return status;
    }
    return HO_OK;
}

/* Loose arguments come after all named ones, so that "-i in.csv out/" fills the output. */
static ho_status place_loose(reading *r, ho_error *err)
{
    size_t place = 0;
    const size_t places = sizeof r->command->positional / sizeof *r->command->positional;
    for (size_t i = 0; i < r->loose_count; i++) {
        const ho_option *option = NULL;
        for (; r->command != NULL && place < places && option == NULL; place++) {
            const char *name = r->command->positional[place];
            if (name == NULL) break;
            option = ho_options_find(r->table, name);
            if (option != NULL && r->given[option - r->table.options]) option = NULL;
        }
        if (option == NULL) return cli_fail(err, HO_ERR_USAGE, "unexpected argument %.200s", r->loose[i]);
        for (;; i++) {
            ho_status status = set_option(r, option, r->loose[i], err);
            if (status != HO_OK) return status;
            if (option->type != HO_OPTION_LIST || i + 1 == r->loose_count) break;
        }
    }
    return HO_OK;
}

static bool has_value(const ho_option *option, const void *settings)
{
    const void *field = (const char *)settings + option->offset;
    if (option->type == HO_OPTION_LIST) return ((const ho_strings *)field)->count != 0;
    if (option->type == HO_OPTION_TEXT) return *(char *const *)field != NULL;
    return true;
}

/* A text that was given, but is empty: the variable of a script that was never set. */
static bool is_empty(const ho_option *option, const void *settings)
{
    const char *text = NULL;
    if (option->type == HO_OPTION_TEXT)
        text = *(char *const *)(const void *)((const char *)settings + option->offset);
    return text != NULL && *text == '\0';
}

ho_status cli_check_required(const ho_command *command, const void *settings, ho_error *err)
{
    const size_t most = sizeof command->required / sizeof *command->required;
    for (size_t i = 0; i < most && command->required[i] != NULL; i++) {
        const ho_option *option = ho_options_find(command->options, command->required[i]);
        if (option != NULL && !has_value(option, settings)) {
            return cli_fail(err, HO_ERR_USAGE, "%s needs --%s %s (heavyopt help %s says more)", command->name,
                            option->name, option->value != NULL ? option->value : "", command->name);
        }
        if (option != NULL && is_empty(option, settings))
            return cli_fail(err, HO_ERR_USAGE, "--%s is empty: a name was expected", option->name);
    }
    return HO_OK;
}

static ho_status read_all(reading *r, ho_error *err)
{
    bool options_end = false;
    while (r->at < r->count) {
        const char *arg = r->args[r->at++];
        ho_status status = HO_OK;
        if (options_end || arg[0] != '-' || arg[1] == '\0')
            r->loose[r->loose_count++] = arg;
        else if (strcmp(arg, "--") == 0)
            options_end = true;
        else
            status = arg[1] == '-' ? read_long(r, arg, err) : read_letters(r, arg, err);
        if (status != HO_OK || r->common->help || r->common->version) return status;
    }
    return place_loose(r, err);
}

ho_status cli_read_arguments(const ho_command *command, char *const *args, size_t count, cli_common *common,
                             void *settings, ho_error *err)
{
    reading r = {.command = command, .common = common, .settings = settings, .args = args, .count = count};
    if (command != NULL) r.table = command->options;
    r.given = calloc(r.table.count + 1, sizeof *r.given);
    r.loose = calloc(count + 1, sizeof *r.loose);
    ho_status status = r.given != NULL && r.loose != NULL
                           ? read_all(&r, err)
                           : cli_fail(err, HO_ERR_MEMORY, "out of memory: %zu arguments", count);
    free(r.given);
    free(r.loose);
    return status;
}
