#include "run/walkforward_list.h"

#include "base/date.h"
#include "base/error.h"
#include "base/strings.h"
#include "panel/panel.h"
#include "report/json.h"

json_t *ho_fold_date(int32_t date)
{
    char text[16];
    return json_string(ho_date_print(date, text));
}

json_t *ho_fold_stretches(const uint8_t *use, size_t days, ho_fold_use wanted)
{
    json_t *array = json_array();
    for (size_t d = 0, end; d < days; d = end) {
        for (end = d + 1; end < days && use[end] == use[d]; end++)
            ;
        if (use[d] == wanted &&
            !ho_json_append(&array, json_pack("[I,I]", (json_int_t)d, (json_int_t)(end - 1))))
            break;
    }
    return array;
}

static json_t *paths_json(const ho_folds *f)
{
    json_t *paths = json_array();
    for (size_t p = 0; p < f->paths; p++) {
        json_t *path = json_array();
        for (size_t g = 0; g < f->groups; g++) {
            if (!ho_json_append(&path, json_integer((json_int_t)f->path[p * f->groups + g]))) break;
        }
        if (!ho_json_append(&paths, path)) break;
    }
    return paths;
}

static json_t *folds_json(const ho_walkforward *w)
{
    json_t *folds = json_array();
    for (size_t i = 0; i < w->folds.count; i++) {
        const uint8_t *use = ho_folds_uses(&w->folds, i);
        if (!ho_json_append(&folds, json_pack("{s:o,s:o}", "train",
                                              ho_fold_stretches(use, w->folds.days, HO_FOLD_TRAIN), "test",
                                              ho_fold_stretches(use, w->folds.days, HO_FOLD_TEST))))
            break;
    }
    return folds;
}

static ho_status write_json(const ho_walkforward *w, char **text, ho_error *err)
{
    json_t *dates = json_array();
    for (size_t d = 0; d < w->world.days; d++) {
        if (!ho_json_append(&dates, ho_fold_date(w->world.dates[d]))) break;
    }
    json_t *root =
        json_pack("{s:s,s:o,s:o,s:o,s:o,s:o}", "version", HO_VERSION, "input",
                  ho_json_input(ho_input_rows(&w->base), w->settings->optimize.in.input, w->base.report.hash),
                  "settings", ho_json_settings(w->options, w->settings), "days", dates, "folds",
                  folds_json(w), "paths", paths_json(&w->folds));
    if (root == NULL) return ho_fail_memory(err, 0, "the JSON document");
    return ho_json_finish(root, text, err);
}

static void say_stretches(const ho_walkforward *w, size_t fold, ho_fold_use wanted, FILE *out)
{
    const uint8_t *use = ho_folds_uses(&w->folds, fold);
    char from[16], to[16];
    const char *comma = "";
    for (size_t d = 0, end; d < w->folds.days; d = end) {
        for (end = d + 1; end < w->folds.days && use[end] == use[d]; end++)
            ;
        if (use[d] != wanted) continue;
        fprintf(out, "%s%s to %s", comma, ho_date_print(w->world.dates[d], from),
                ho_date_print(w->world.dates[end - 1], to));
        comma = ", ";
    }
}

static ho_status write_summary(const ho_walkforward *w, char **text, ho_error *err)
{
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    fprintf(t.file, "%zu days, %zu folds\n", w->world.days, w->folds.count);
    for (size_t i = 0; i < w->folds.count; i++) {
        fprintf(t.file, "%4zu  trains on %zu days, ", i + 1, ho_folds_count(&w->folds, i, HO_FOLD_TRAIN));
        say_stretches(w, i, HO_FOLD_TRAIN, t.file);
        fprintf(t.file, "; tests %zu, ", ho_folds_count(&w->folds, i, HO_FOLD_TEST));
        say_stretches(w, i, HO_FOLD_TEST, t.file);
        fputc('\n', t.file);
    }
    return ho_text_end(&t, text, err);
}

ho_status ho_walkforward_list(const ho_walkforward *w, ho_outcome *outcome, ho_error *err)
{
    ho_outcome made = {0};
    ho_status status = write_json(w, &made.json, err);
    if (status == HO_OK) status = write_summary(w, &made.summary, err);
    return ho_hand_over(status, &made, outcome);
}
