/* `heavyopt inspect`: what is in a table, what would be left out and why. */
#include "base/date.h"
#include "base/error.h"
#include "base/strings.h"
#include "panel/panel.h"
#include "report/json.h"
#include "run/input.h"
#include "run/load_json.h"
#include "run/memory_need.h"
#include "run/quality.h"

#include <stdio.h>

enum { USUAL_SIZE = 35 }; /* of a portfolio, for what a run would need */

typedef struct inspect_settings {
    ho_input_settings in;
    bool quality;
} inspect_settings;

/* clang-format off */
static const ho_option options[] = {
    {"quality", 0, NULL, "Look for what is odd: days that lack, copies, outliers, curves among the strategies.",
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(inspect_settings, quality)},
    HO_TABLE_OPTION_ROWS(inspect_settings, in.)
};
/* clang-format on */

static json_t *quality_json(const ho_quality *q)
{
    json_t *all = json_array();
    for (size_t i = 0; i < q->count; i++) {
        const ho_finding *f = &q->findings[i];
        json_array_append_new(all, json_pack("{s:s,s:s,s:I,s:o,s:s}", "kind", f->kind, "what", f->what,
                                             "count", (json_int_t)f->count, "examples",
                                             ho_json_texts(&f->examples), "action", f->action));
    }
    return all;
}

static void put_quality(FILE *file, const ho_quality *q)
{
    enum { SHOWN = 5 };
    if (q->count == 0) fprintf(file, "  %-14s nothing odd was found\n", "quality");
    for (size_t i = 0; i < q->count; i++) {
        const ho_finding *f = &q->findings[i];
        fprintf(file, "  %-14s %lld %s (%s)\n", i == 0 ? "quality" : "", (long long)f->count, f->what,
                f->action);
        for (size_t k = 0; k < f->examples.count && k < SHOWN; k++) {
            fputs("                 - ", file);
            ho_text_put(f->examples.items[k], file);
            fputc('\n', file);
        }
        if (f->count > SHOWN) fputs("                 - ...\n", file);
    }
}

static json_t *memory_of(const ho_load_report *r, const ho_panel *panel)
{
    return json_pack("{s:I,s:I}", "read", (json_int_t)ho_memory_of_reading(panel, r), "optimize",
                     (json_int_t)ho_memory_of_searching(panel, r, USUAL_SIZE));
}

static ho_status write_json(const ho_load_report *r, const ho_panel *panel, const ho_quality *quality,
                            char **text, ho_error *err)
{
    json_t *root = json_pack("{s:s}", "version", HO_VERSION), *read = ho_load_json(r, panel);
    json_t *more = json_pack("{s:o,s:o,s:f}", "warnings", ho_json_texts(&r->warnings), "memory",
                             memory_of(r, panel), "seconds", r->seconds);
    const bool good = root != NULL && read != NULL && more != NULL && json_object_update(root, read) == 0 &&
                      json_object_update(root, more) == 0;
    json_decref(read);
    json_decref(more);
    if (!good) {
        json_decref(root);
        return ho_fail_memory(err, 0, "the JSON document");
    }
    if (quality != NULL) json_object_set_new(root, "quality", quality_json(quality));
    return ho_json_finish(root, text, err);
}

static void put_list(FILE *file, const char *title, const ho_strings *list)
{
    if (list->count == 0) return;
    fprintf(file, "  %-14s ", title);
    for (size_t i = 0; i < list->count; i++) {
        fputs(i != 0 ? ", " : "", file);
        ho_text_put(list->items[i], file);
    }
    fputc('\n', file);
}

static void put_count(FILE *file, const char *title, int64_t count)
{
    if (count != 0) fprintf(file, "  %-14s %lld\n", title, (long long)count);
}

static void put_skipped(FILE *file, const ho_load_report *r)
{
    for (int reason = 0; reason < HO_SKIP_COUNT; reason++) {
        if (r->skipped_count[reason] == 0) continue;
        fprintf(file, "  left out       %lld %s\n", (long long)r->skipped_count[reason],
                ho_skip_reason_name((ho_skip_reason)reason));
        for (size_t i = 0; i < r->skipped[reason].count; i++)
            fprintf(file, "                 - %s\n", r->skipped[reason].items[i]);
    }
}

static ho_status write_summary(const ho_load_report *r, const ho_panel *panel, const ho_quality *quality,
                               char **text, ho_error *err)
{
    char first[16], last[16];
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    FILE *file = t.file;
    ho_text_put(r->path, file);
    fprintf(file, " (%s, %lld bytes, hash %s)\n", r->format, (long long)r->source_bytes, r->hash);
    fprintf(file, "  %-14s %lld\n  %-14s %lld\n  %-14s %lld, %s to %s (%s)\n", "strategies",
            (long long)r->strategies, "rows", (long long)r->rows, "dates", (long long)r->dates,
            ho_date_print(r->first_date, first), ho_date_print(r->last_date, last), r->date_format);
    for (size_t i = 0; i < r->sources.count; i++) {
        fprintf(file, "  %-14s ", i == 0 ? "made of" : "");
        ho_text_put(r->sources.items[i], file);
        fputc('\n', file);
    }
    put_list(file, "metadata", &r->metadata);
    put_list(file, "zones", &panel->zones);
    put_list(file, "regimes", &panel->regimes);
    put_skipped(file, r);
    if (r->missing_cells != 0) {
        fprintf(file, "  %-14s %lld cells, most of them (%lld) in ", "missing", (long long)r->missing_cells,
                (long long)r->worst_missing);
        ho_text_put(r->worst_column != NULL ? r->worst_column : "?", file);
        fputc('\n', file);
    }
    put_count(file, "rows outside", r->rows_outside);
    put_count(file, "renamed", r->duplicate_names);
    put_count(file, "summed rows", r->summed_rows);
    put_count(file, "blank lines", r->blank_lines);
    put_count(file, "wrong weekdays", r->day_mismatches);
    put_count(file, "constant", r->zero_variance);
    put_count(file, "identical", r->identical);
    double rate = r->seconds > 0 ? 1e-6 * (double)r->source_bytes / r->seconds : 0;
    fprintf(file, "  %-14s %.3f s, %.0f MB/s\n", "read in", r->seconds, rate);
    fprintf(file, "  %-14s about %.0f MB to read it, %.0f MB to choose %d of it\n", "memory",
            1e-6 * (double)ho_memory_of_reading(panel, r),
            1e-6 * (double)ho_memory_of_searching(panel, r, USUAL_SIZE), USUAL_SIZE);
    if (quality != NULL) put_quality(file, quality);
    return ho_text_end(&t, text, err);
}

static ho_status run(const void *settings, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    const inspect_settings *s = settings;
    ho_input input = {0};
    ho_outcome made = {0};
    ho_quality found = {0}, *quality = s->quality ? &found : NULL;
    ho_status status = ho_input_read_rows(&s->in, hooks, &input, err);
    if (status == HO_OK && s->quality) status = ho_quality_find(input.panel, &found, err);
    if (status == HO_OK) status = write_json(&input.report, input.panel, quality, &made.json, err);
    if (status == HO_OK) status = write_summary(&input.report, input.panel, quality, &made.summary, err);
    ho_quality_clear(&found);
    ho_input_clear(&input);
    return ho_hand_over(status, &made, outcome);
}

extern const ho_command ho_command_inspect;
const ho_command ho_command_inspect = {
    .name = "inspect",
    .sentence = "tells what is in a table, what is left out of it and why",
    .positional = {"input"},
    .required = {"input"},
    .options = {options, sizeof options / sizeof *options},
    .settings_size = sizeof(inspect_settings),
    .run = run,
};
