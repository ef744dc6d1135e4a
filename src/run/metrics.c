/* `heavyopt metrics`: the measures with their definitions, and what each convention takes in place of which. */
#include "base/error.h"
#include "base/strings.h"
#include "report/json.h"
#include "run/fitness_options.h"
#include "run/hooks.h"

#include <stdio.h>

typedef struct metrics_settings {
    char *convention;
} metrics_settings;

typedef metrics_settings S;

static const ho_option options[] = {HO_CONVENTION_OPTION_ROW(S, convention)};

static const char *key_of(int metric)
{
    return ho_metric_at((size_t)metric)->key;
}

static ho_status write_json(ho_convention convention, char **text, ho_error *err)
{
    json_t *root = json_object(), *list = json_array();
    int failed = json_object_set(root, "metrics", list);
    for (int i = 0; i < (int)ho_metric_count(); i++) {
        const ho_metric *m = ho_metric_at((size_t)i);
        failed |=
            json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "key", m->key, "name", m->name,
                                                  "unit", m->unit, "formula", m->formula, "source", m->source,
                                                  "stands", key_of(ho_metric_in(convention, i))));
    }
    json_decref(list);
    if (failed != 0) {
        json_decref(root);
        return ho_fail_memory(err, 0, "the JSON document");
    }
    return ho_json_finish(root, text, err);
}

static ho_status write_summary(ho_convention convention, char **text, ho_error *err)
{
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    for (int i = 0; i < (int)ho_metric_count(); i++) {
        const ho_metric *m = ho_metric_at((size_t)i);
        const int stands = ho_metric_in(convention, i);
        fprintf(t.file, "%s: %s, %s\n    %s\n    source: %s\n", m->key, m->name, m->unit, m->formula,
                m->source);
        if (stands != i) fprintf(t.file, "    in this convention: %s\n", key_of(stands));
    }
    fputs("\nr: profit and loss of a period, T periods, P of them a year; G and B: sums of the wins and of "
          "the losses;\n"
          "sd0, sd1: standard deviation over T and T - 1; rf: risk-free rate a year; C: capital; DD: depth "
          "below the\n"
          "highest equity, from zero; DD1: the same from the first period's equity. More: docs/METRICS.md\n",
          t.file);
    return ho_text_end(&t, text, err);
}

static ho_status run(const void *settings, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    (void)hooks;
    const S *s = settings;
    const ho_convention convention = ho_convention_of(s->convention);
    ho_outcome made = {0};
    ho_status status = write_json(convention, &made.json, err);
    if (status == HO_OK) status = write_summary(convention, &made.summary, err);
    return ho_hand_over(status, &made, outcome);
}

extern const ho_command ho_command_metrics;
const ho_command ho_command_metrics = {
    .name = "metrics",
    .sentence = "lists the measures with their definitions",
    .options = {options, sizeof options / sizeof *options},
    .settings_size = sizeof(S),
    .run = run,
};
