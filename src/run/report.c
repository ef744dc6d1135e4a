/* `heavyopt report`: the files of a run made again from its result.json, with other formats or other charts. */
#include "base/error.h"
#include "base/strings.h"
#include "report/json.h"
#include "run/hooks.h"
#include "run/report_options.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct report_settings {
    ho_report_settings files;
    char *run, *output, *grouping;
} report_settings;

typedef report_settings S;

/* clang-format off */
static const ho_option options[] = {
    {"run", 0, "RUN_DIR", "The folder of a run, or its result.json.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, run)},
    {"output", 'o', "DIR", "A folder that is there, for the files; else they go to the folder of the run.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, output)},
    {"grouping", 0, "WAY", "Digits in groups, as 1,234,567 or as 12,34,567; else as in the run.",
     HO_OPTION_CHOICE, 0, 0, NULL, "western|indian", offsetof(S, grouping)},
    HO_REPORT_OPTION_ROWS(S, files.),
};
/* clang-format on */

static ho_status folder_of(const S *s, char **folder, ho_error *err)
{
    struct stat is;
    const char *named = s->output != NULL && *s->output != '\0' ? s->output : s->run;
    char *copy = strdup(named);
    if (copy == NULL) return ho_fail_memory(err, strlen(named), "a path");
    if (named == s->run && stat(named, &is) == 0 && !S_ISDIR(is.st_mode)) {
        char *slash = strrchr(copy, '/');
        if (slash != NULL && slash != copy)
            *slash = '\0';
        else
            strcpy(copy, slash != NULL ? "/" : ".");
    }
    *folder = copy;
    return HO_OK;
}

static ho_status say(const char *folder, const ho_strings *made, ho_outcome *outcome, ho_error *err)
{
    ho_outcome said = {0};
    ho_text t;
    json_t *root = json_pack("{s:s,s:o,s:o}", "version", HO_VERSION, "folder", ho_json_text(folder), "files",
                             ho_json_texts(made));
    if (root == NULL) return ho_fail_memory(err, 0, "the JSON document");
    HO_TRY(ho_json_finish(root, &said.json, err));
    ho_status status = ho_text_begin(&t, err);
    if (status == HO_OK) {
        for (size_t i = 0; i < made->count; i++)
            fprintf(t.file, "  %s\n", made->items[i]);
        fprintf(t.file, "%zu files made in ", made->count);
        ho_text_put(folder, t.file);
        fputc('\n', t.file);
        status = ho_text_end(&t, &said.summary, err);
    }
    return ho_hand_over(status, &said, outcome);
}

static ho_status make(const S *s, const json_t *document, const ho_hooks *hooks, ho_outcome *outcome,
                      ho_error *err)
{
    ho_report_choice files;
    ho_strings notes = {0}, made = {0};
    char *folder = NULL;
    ho_status status = ho_report_files_choose(&s->files, &files, err);
    if (status == HO_OK) status = folder_of(s, &folder, err);
    if (status == HO_OK) status = ho_report_renew(document, &files, folder, &notes, &made, err);
    for (size_t i = 0; i < notes.count && status == HO_OK; i++)
        ho_warn(hooks, notes.items[i]);
    if (status == HO_OK) status = say(folder, &made, outcome, err);
    ho_strings_clear(&notes);
    ho_strings_clear(&made);
    free(folder);
    return status;
}

static ho_status run(const void *settings, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    const S *s = settings;
    json_t *document = NULL;
    HO_TRY(ho_report_read(s->run, &document, err));
    if (s->grouping != NULL)
        json_object_set_new(json_object_get(document, "settings"), "grouping", json_string(s->grouping));
    ho_status status = make(s, document, hooks, outcome, err);
    json_decref(document);
    return status;
}

extern const ho_command ho_command_report;
const ho_command ho_command_report = {
    .name = "report",
    .sentence = "makes the files of a run again from its result.json",
    .positional = {"run"},
    .required = {"run"},
    .options = {options, sizeof options / sizeof *options},
    .settings_size = sizeof(S),
    .run = run,
};
