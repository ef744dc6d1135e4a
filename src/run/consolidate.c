/* `heavyopt consolidate`: trade logs become tables, a column a strategy. */
#include "run/consolidate.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/strings.h"
#include "report/json.h"
#include "run/hooks.h"
#include "run/input.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>

typedef struct consolidate_settings {
    char *input, *output, *formats;
    ho_strings only;
    bool split;
    int64_t threads;
} consolidate_settings;

typedef consolidate_settings S;

/* clang-format off */
static const ho_option options[] = {
    {"input", 'i', "DIR|FILE", "An installation, its Input folder, any folder with trade logs, or one trade log.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, input)},
    {"output", 'o', "DIR|FILE", "Where the tables go, a file a format; a name like table.csv or table.parquet where there is one. Else Output/Optimize.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, output)},
    {"formats", 0, "FILE", "The sections [FORMAT_n_...]; else config_consol.ini of the folder or of its config folder, else all formats as they are known.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, formats)},
    {"only", 0, "N", "The number of a format that is wanted; once or more.",
     HO_OPTION_LIST, 0, 0, NULL, NULL, offsetof(S, only)},
    {"split", 0, NULL, "Cut tables with zones into files of 500 strategies x 50,000 rows, as the old tool did.",
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, split)},
    {"threads", 't', "N", "Threads, 0 for one a processor; the result is the same for any number.",
     HO_OPTION_INT, 0, 1024, "0", NULL, offsetof(S, threads)},
};
/* clang-format on */

static json_t *file_json(const ho_gathered *g, size_t i)
{
    const ho_trade_file *f = &g->files[i];
    json_t *out = json_pack(
        "{s:o,s:o,s:I,s:I,s:I,s:I,s:o?,s:o?,s:o}", "path", ho_json_text(f->path), "strategies",
        ho_json_texts(&f->strategies), "trades", (json_int_t)g->counts[i], "bad_dates",
        (json_int_t)f->bad_dates, "no_amounts", (json_int_t)f->no_amounts, "other_rows",
        (json_int_t)f->other_rows, "dates", f->pattern != NULL ? ho_json_text(f->pattern) : NULL, "skipped",
        f->refusal != NULL ? ho_json_text(f->refusal) : NULL, "skipped_sheets", ho_json_texts(&f->skipped));
    return out;
}

static json_t *part_json(const ho_consolidate_part *p)
{
    char first[16], last[16];
    json_t *files = json_array();
    for (size_t i = 0; i < p->gathered.count; i++) {
        if (!ho_json_append(&files, file_json(&p->gathered, i))) return NULL;
    }
    json_t *out =
        json_pack("{s:i,s:o,s:o,s:I,s:I,s:b,s:o,s:o}", "format", p->kind->number, "section",
                  ho_json_text(p->section), "written", ho_json_texts(&p->written), "trades",
                  (json_int_t)p->gathered.trades, "in_zones", (json_int_t)p->gathered.zoned, "by_zone",
                  (int)p->gathered.by_zone, "files", files, "warnings", ho_json_texts(&p->gathered.warnings));
    if (out == NULL || p->panel == NULL) return out;
    json_object_set_new(out, "rows", json_integer(p->report.rows));
    json_object_set_new(out, "dates", json_integer(p->report.dates));
    json_object_set_new(out, "strategies", json_integer(p->report.strategies));
    json_object_set_new(out, "from", ho_json_text(ho_date_print(p->report.first_date, first)));
    json_object_set_new(out, "to", ho_json_text(ho_date_print(p->report.last_date, last)));
    return out;
}

static ho_status tell_json(const S *s, const ho_consolidation *c, double seconds, char **json, ho_error *err)
{
    json_t *parts = json_array();
    for (size_t i = 0; i < c->count; i++) {
        if (c->parts[i].paths.count != 0 && !ho_json_append(&parts, part_json(&c->parts[i]))) break;
    }
    json_t *root =
        json_pack("{s:s,s:o,s:o?,s:b,s:o,s:o,s:o,s:{s:f}}", "version", HO_VERSION, "input",
                  ho_json_text(s->input), "config", c->config != NULL ? ho_json_text(c->config) : NULL,
                  "guessed", (int)c->guessed, "formats", parts, "unread", ho_json_texts(&c->lost), "warnings",
                  ho_json_texts(&c->warnings), "timings", "total", seconds);
    if (root == NULL) return ho_fail_memory(err, 0, "the JSON document");
    return ho_json_finish(root, json, err);
}

static void put_file(const ho_gathered *g, size_t i, FILE *out)
{
    const ho_trade_file *f = &g->files[i];
    const char *slash = strrchr(f->path, '/');
    fputs("    ", out);
    ho_text_put(slash != NULL ? slash + 1 : f->path, out);
    if (f->refusal != NULL) {
        fputs(": left out, ", out);
        size_t path = strlen(f->path); /* refusals begin with the path: it stands there already */
        bool twice = strncmp(f->refusal, f->path, path) == 0 && f->refusal[path] == ':';
        ho_text_put(twice ? f->refusal + path + 2 : f->refusal, out);
        fputc('\n', out);
        return;
    }
    fprintf(out, ": %zu trades of %zu strateg%s", g->counts[i], f->strategies.count,
            f->strategies.count == 1 ? "y" : "ies");
    if (f->bad_dates != 0) fprintf(out, ", %zu rows without a date", f->bad_dates);
    if (f->no_amounts != 0) fprintf(out, ", %zu without an amount", f->no_amounts);
    if (f->skipped.count != 0) {
        fprintf(out, "; %zu sheets left out, ", f->skipped.count);
        ho_text_put(f->skipped.items[0], out);
    }
    fputc('\n', out);
}

static void put_part(const ho_consolidate_part *p, FILE *out)
{
    char first[16], last[16];
    fprintf(out, "format %d, %s: %zu file%s, %zu trades\n", p->kind->number, p->kind->title,
            p->gathered.count, p->gathered.count == 1 ? "" : "s", p->gathered.trades);
    for (size_t i = 0; i < p->written.count; i++) {
        fputs("  written        ", out);
        ho_text_put(p->written.items[i], out);
        fputc('\n', out);
    }
    if (p->panel != NULL)
        fprintf(out, "  table          %lld strategies x %lld rows, %lld dates from %s to %s\n",
                (long long)p->report.strategies, (long long)p->report.rows, (long long)p->report.dates,
                ho_date_print(p->report.first_date, first), ho_date_print(p->report.last_date, last));
    fputs("  from\n", out);
    for (size_t i = 0; i < p->gathered.count; i++)
        put_file(&p->gathered, i, out);
}

static ho_status tell(const S *s, const ho_consolidation *c, double seconds, ho_outcome *outcome,
                      ho_error *err)
{
    ho_text t;
    HO_TRY(tell_json(s, c, seconds, &outcome->json, err));
    HO_TRY(ho_text_begin(&t, err));
    for (size_t i = 0; i < c->count; i++) {
        if (c->parts[i].paths.count != 0) put_part(&c->parts[i], t.file);
    }
    for (size_t i = 0; i < c->lost.count; i++) {
        fputs("left out ", t.file);
        ho_text_put(c->lost.items[i], t.file);
        fputc('\n', t.file);
    }
    fprintf(t.file, "%.3f s\n", seconds);
    return ho_text_end(&t, &outcome->summary, err);
}

static ho_status read_parts(const S *s, const ho_hooks *hooks, ho_consolidation *c, ho_error *err)
{
    for (size_t i = 0; i < c->count; i++) {
        ho_consolidate_part *p = &c->parts[i];
        if (p->paths.count == 0) continue;
        ho_error fault = {""};
        ho_status status = ho_trades_gather(p->kind, &p->settings, &p->paths, ho_threads(s->threads),
                                            &p->panel, &p->report, &p->gathered, &fault);
        if (status == HO_ERR_USAGE) return ho_fail(err, status, "[%s] %s", p->section, fault.text);
        if (status != HO_OK) return ho_fail(err, status, "%s", fault.text);
        for (size_t k = 0; k < p->gathered.warnings.count; k++)
            ho_warn(hooks, p->gathered.warnings.items[k]);
    }
    return HO_OK;
}

/* Nothing at all: the first file's reason is the reason. */
static ho_status nothing(const S *s, const ho_consolidation *c, ho_error *err)
{
    for (size_t i = 0; i < c->count; i++) {
        const ho_gathered *g = &c->parts[i].gathered;
        for (size_t k = 0; k < g->count; k++) {
            if (g->files[k].refusal == NULL) continue;
            bool named = strncmp(g->files[k].refusal, g->files[k].path, strlen(g->files[k].path)) == 0;
            return ho_fail(err, HO_ERR_DATA, "no trade was read: %s%s%s", named ? "" : g->files[k].path,
                           named ? "" : ": ", g->files[k].refusal);
        }
    }
    return ho_fail(err, HO_ERR_DATA, "%s: no trade was read%s%s", s->input,
                   c->lost.count != 0 ? ": " : ": its folders are empty",
                   c->lost.count != 0 ? c->lost.items[0] : "");
}

/* Output/Optimize beside the folder that was read, or beside the file. */
static char *default_output(const ho_consolidation *c, const char *input)
{
    struct stat facts;
    char *parent = ho_copy_text(input);
    if (parent == NULL) return NULL;
    const char *base = c->base != NULL ? c->base : input, *slash = strrchr(base, '/');
    bool in_input = !c->guessed && slash != NULL && strcasecmp(slash + 1, "Input") == 0;
    bool folder = stat(input, &facts) == 0 && S_ISDIR(facts.st_mode);
    char *cut = strrchr(parent, '/');
    bool above = !folder || (in_input && strcmp(base, input) == 0);
    if (above && cut != NULL) *cut = '\0'; /* the folder that holds it */
    if (above && cut == NULL) *parent = '.', parent[1] = '\0';
    char *output = ho_path_join(parent, "Output/Optimize"), *lower = ho_path_join(parent, "output");
    if (lower != NULL && stat(lower, &facts) == 0 && S_ISDIR(facts.st_mode)) {
        free(output);
        output = ho_path_join(lower, "Optimize");
    }
    free(lower);
    free(parent);
    return output;
}

static ho_status write_parts(const S *s, ho_consolidation *c, ho_error *err)
{
    char stamp[32];
    time_t now = time(NULL);
    struct tm local = {0};
    size_t full = 0;
    (void)localtime_r(&now, &local);
    strftime(stamp, sizeof stamp, "%Y%m%d_%H%M%S", &local);
    for (size_t i = 0; i < c->count; i++)
        full += c->parts[i].panel != NULL;
    if (full == 0) return nothing(s, c, err);
    if (full > 1 && s->output != NULL && ho_export_knows(s->output))
        return ho_fail(
            err, HO_ERR_USAGE,
            "%s: %zu formats have trades, and this names one file: name a folder, or choose with --only",
            s->output, full);
    char *output = s->output != NULL ? ho_copy_text(s->output) : default_output(c, s->input);
    if (output == NULL) return ho_fail_memory(err, 0, "a folder's name");
    ho_status status = HO_OK;
    for (size_t i = 0; status == HO_OK && i < c->count; i++) {
        if (c->parts[i].panel != NULL)
            status = ho_consolidate_write(&c->parts[i], output, stamp, s->split, err);
    }
    free(output);
    return status;
}

static ho_status run(const void *settings, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    const S *s = settings;
    double start = ho_clock_seconds();
    ho_consolidation c = {0};
    ho_outcome made = {0};
    ho_status status = ho_consolidate_plan(s->input, s->formats, &s->only, &c, err);
    for (size_t i = 0; i < c.warnings.count; i++)
        ho_warn(hooks, c.warnings.items[i]);
    if (status == HO_OK) status = read_parts(s, hooks, &c, err);
    if (status == HO_OK) status = write_parts(s, &c, err);
    if (status == HO_OK) status = tell(s, &c, ho_clock_seconds() - start, &made, err);
    ho_consolidation_clear(&c);
    return ho_hand_over(status, &made, outcome);
}

extern const ho_command ho_command_consolidate;
const ho_command ho_command_consolidate = {
    .name = "consolidate",
    .sentence = "puts trade logs together as tables: Backinzo, Python backtests, TradingView; CSV and XLSX",
    .positional = {"input", "output"},
    .required = {"input"},
    .options = {options, sizeof options / sizeof *options},
    .settings_size = sizeof(S),
    .run = run,
    .more = "Tells which trades came from which file. docs/FORMATS.md lists the formats.",
};
