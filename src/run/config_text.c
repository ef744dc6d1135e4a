#include "run/config_text.h"

#include "base/error.h"
#include "base/strings.h"
#include "run/config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const ho_option *find_option(const char *name, const ho_command **command)
{
    for (size_t i = 0; i < ho_command_count(); i++) {
        const ho_option *option = ho_options_find(ho_command_at(i)->options, name);
        *command = ho_command_at(i);
        if (option != NULL) return option;
    }
    return NULL;
}

/* The default of a key of the old files, as its kind spells it; NULL: none that a file could say. */
static const char *default_of(const ho_config_key *row)
{
    const ho_command *command = NULL;
    const ho_option *option = row->kind == HO_KEY_NONE ? NULL : find_option(row->option, &command);
    const char *def = option != NULL ? option->def : NULL;
    if (def == NULL) return NULL;
    if (row->kind == HO_KEY_NOT) return strcasecmp(def, "true") == 0 ? "false" : "true";
    if (row->kind == HO_KEY_ALL) return strcmp(def, "0") == 0 ? "all" : def;
    return row->kind == HO_KEY_OPTION || row->kind == HO_KEY_SOFT ? def : NULL;
}

static void put_wrapped(FILE *file, const char *prefix, const char *text)
{
    enum { WIDTH = 100 };
    while (*text != '\0') {
        size_t size = strlen(text);
        if (size > WIDTH) {
            for (size = WIDTH; size > 1 && text[size] != ' ';)
                size--;
        }
        fprintf(file, "%s%.*s\n", prefix, (int)size, text);
        text += size + strspn(text + size, " ");
    }
}

static void put_old_keys(FILE *file)
{
    const char *section = "";
    for (size_t i = 0; i < ho_config_key_count(); i++) {
        const ho_config_key *row = ho_config_key_at(i);
        const char *def = default_of(row);
        if (strcmp(row->file, "parquet_arrow_config.ini") != 0 || def == NULL) continue;
        if (strcmp(section, row->section) != 0) fprintf(file, "\n[%s]\n", row->section);
        section = row->section;
        const ho_command *command = NULL;
        put_wrapped(file, "# ", find_option(row->option, &command)->text);
        fprintf(file, "%s = %s\n", row->key, def);
    }
}

ho_status ho_config_default_text(char **text, ho_error *err)
{
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    fputs("# Settings of heavyopt; heavyopt config shows what they come to.\n", t.file);
    put_old_keys(t.file);
    for (size_t i = 0; i < ho_command_count(); i++) {
        const ho_command *command = ho_command_at(i);
        if (strcmp(command->name, "config") == 0) continue;
        fprintf(t.file, "\n# The options of heavyopt %s. Take a # away to set one.\n[%s]\n", command->name,
                command->name);
        for (size_t k = 0; k < command->options.count; k++) {
            const ho_option *o = &command->options.options[k];
            put_wrapped(t.file, "#   ", o->text);
            fprintf(t.file, "# %s = %s\n", o->name, o->def != NULL ? o->def : "");
        }
    }
    return ho_text_end(&t, text, err);
}

/* Text in a cell of a table. */
static void put_cell(FILE *file, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '|') fputc('\\', file);
        fputc(*c, file);
    }
}

static void put_range(FILE *file, const ho_option *o)
{
    const double far = 1e15;
    bool number = o->type == HO_OPTION_INT || o->type == HO_OPTION_REAL;
    if (o->type == HO_OPTION_BOOL) fputs("true or false", file);
    if (o->type == HO_OPTION_CHOICE) put_cell(file, o->choices);
    if (o->type == HO_OPTION_TEXT || o->type == HO_OPTION_LIST)
        put_cell(file, o->value != NULL ? o->value : "text");
    if (o->type == HO_OPTION_LIST) fputs(", adds up", file);
    if (number && fabs(o->max) < far)
        fprintf(file, "%.15g to %.15g", o->min, o->max);
    else if (number)
        fprintf(file, "at least %.15g", o->min);
}

/* What a key of the old system does here, in words. */
static void put_effect(FILE *file, const ho_config_key *row)
{
    const ho_command *command = NULL;
    const ho_option *option = row->kind == HO_KEY_NONE ? NULL : find_option(row->option, &command);
    if (option == NULL) {
        fputs("no effect, because ", file);
        put_cell(file, row->why);
        return;
    }
    switch (row->kind) {
    case HO_KEY_NOT:
        fprintf(file, "`%s`, turned round", row->option);
        break;
    case HO_KEY_IS:
        fprintf(file, "`%s` where it is %s", row->option, row->argument);
        break;
    case HO_KEY_ALL:
        fprintf(file, "`%s`; all is 0", row->option);
        break;
    case HO_KEY_SOFT:
        fprintf(file, "`%s`; a word that is not known here is warned of", row->option);
        break;
    case HO_KEY_PARAMETER:
        fprintf(file, "`set %s=...`", row->argument);
        break;
    case HO_KEY_ALGORITHM:
        fprintf(file, "is %s one of `algorithms`", row->argument);
        break;
    case HO_KEY_FIRST:
    case HO_KEY_LAST:
        fprintf(file, "the %s of `%s`", row->kind == HO_KEY_FIRST ? "smallest" : "largest", row->option);
        break;
    case HO_KEY_SWITCH:
        fprintf(file, "`%s`: ", row->option);
        put_cell(file, row->argument);
        fputs(" where it is on or off", file);
        break;
    case HO_KEY_WEIGHT:
        fprintf(file, "`%s`%s", row->option,
                row->argument == NULL ? " MEASURE=W, and with it all weights of the section" : "");
        break;
    case HO_KEY_CLOSE:
        fprintf(file, "`%s`", row->option);
        break;
    case HO_KEY_ENFORCE:
        fprintf(file, "whether `%s` is correlation_threshold", row->option);
        break;
    case HO_KEY_BALANCED:
        fprintf(file, "whether [FILE_RATIOS] sets `%s`", row->option);
        break;
    case HO_KEY_COUNT:
        fprintf(file, "`%s` LABEL=COUNT, where balanced_mode is on", row->option);
        break;
    case HO_KEY_ZONED:
        fprintf(file, "`%s` each, and the limits a zone", row->option);
        break;
    case HO_KEY_ZONE_LIMIT:
        fprintf(file, "`%s`, where zones are on", row->option);
        break;
    case HO_KEY_ZONE_WEIGHT:
        fprintf(file, "`%s` ZONE:W", row->option);
        break;
    case HO_KEY_FOLDER:
        fprintf(file, "`%s`: the tables of that folder, side by side%s; `--%s` counts more", row->option,
                row->argument != NULL ? ", where zones are on" : "", row->option);
        break;
    case HO_KEY_WEAK:
        fprintf(file, "`%s`, where no other key sets it", row->option);
        break;
    case HO_KEY_OPTION:
    case HO_KEY_NONE:
        fprintf(file, "`%s`", row->option);
        break;
    }
}

static void put_old_tables(FILE *file)
{
    const char *name = "";
    for (size_t i = 0; i < ho_config_key_count(); i++) {
        const ho_config_key *row = ho_config_key_at(i);
        if (strcmp(name, row->file) != 0) {
            name = row->file;
            fprintf(file, "\n### %s\n| section | key | sets |\n| --- | --- | --- |\n", name);
        }
        fprintf(file, "| %s | %s | ", row->section, strcmp(row->key, "*") == 0 ? "any" : row->key);
        put_effect(file, row);
        fputs(" |\n", file);
    }
}

static void put_command(FILE *file, const ho_command *command)
{
    fprintf(file, "\n### [%s]\n| key | values | default | |\n| --- | --- | --- | --- |\n", command->name);
    for (size_t i = 0; i < command->options.count; i++) {
        const ho_option *o = &command->options.options[i];
        fprintf(file, "| %s | ", o->name);
        put_range(file, o);
        fprintf(file, " | %s | ", o->def != NULL ? o->def : "");
        put_cell(file, o->text);
        fputs(" |\n", file);
    }
}

ho_status ho_config_reference_text(char **text, ho_error *err)
{
    char variable[128];
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    ho_config_variable("optimize", "portfolio-size", variable, sizeof variable);
    fprintf(
        t.file,
        "# Configuration\n"
        "This page is written by `heavyopt config --reference` out of the program's own tables.\n\n"
        "An option has its value from the first of these that names it:\n"
        "1. the command line: `--portfolio-size 40`\n"
        "2. the environment: `%s=40`, or a key of the old files, `HEAVYOPT_SECTION_KEY`\n"
        "3. the file of `--config FILE`\n"
        "4. `config/production_config.ini` of the share\n"
        "5. `config/parquet_arrow_config.ini` of the share\n"
        "6. its default\n\n"
        "The share is `--share DIR`, else `$HEAVYOPT_SHARE`, else the current folder. Options that may be "
        "given\n"
        "several times add up. `heavyopt config` prints the value of every option and where it comes from, "
        "and\n"
        "every key of your files that has no effect, with the reason; `heavyopt config --write-default "
        "FILE`\n"
        "writes a file to begin with.\n\n"
        "Files hold `[section]` lines and `key = value` or `key: value` lines. `#` and `;` begin a comment, "
        "at the\n"
        "start of a line or behind a blank. Capitals do not matter in names, and `-`, `_` and a blank are "
        "equal.\n"
        "Values may stand in double quotes. Of a key that comes twice the later one counts. A key that "
        "nobody\n"
        "knows is warned of, with the nearest known one; with `--strict-config` it is an error. A section "
        "that\n"
        "nobody knows is passed over. A file that begins with `{` is JSON: `{\"optimize\": {\"seed\": 7}}`,\n"
        "`{\"optimize.seed\": 7}` and `{\"seed\": 7}` are the same.\n\n"
        "## Options of the commands\nA section bears the name of a command, a key that of its option.\n",
        variable);
    for (size_t i = 0; i < ho_command_count(); i++)
        put_command(t.file, ho_command_at(i));
    fputs("\n## Files of the old system\nThey are read as they are.\n", t.file);
    put_old_tables(t.file);
    return ho_text_end(&t, text, err);
}
