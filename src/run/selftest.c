/* `heavyopt selftest`: does this copy of the program work on this machine? Five parts on a table that it makes itself;
 * nothing of the source tree is needed. */
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/strings.h"
#include "bridge/arrow/arrow.h"
#include "bridge/cudf/load.h"
#include "kernels/kernels.h"
#include "panel/panel.h"
#include "report/json.h"
#include "run/call.h"
#include "run/validate.h"

#include <dirent.h>
#include <errno.h>
#include <heavyopt/store.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct settings {
    bool keep, quick;
} settings;

/* clang-format off */
static const ho_option options[] = {
    {"keep", 0, NULL, "Keep the temporary folder and say where it is.",
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(settings, keep)},
    {"quick", 0, NULL, "The first two parts only: Parquet and memory, no search.",
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(settings, quick)},
};
/* clang-format on */

enum { STRATEGIES = 300, DAYS = 60, SIZE = 10, READERS = 8, PARTS = 5 };

typedef struct selftest {
    char folder[64], csv[80], store[80], output[80];
    ho_reference_table table;
    ho_panel *panel; /* of the store, or of the CSV file where there is no Parquet */
    ho_engines engines;
    ho_checks checks;
    json_t *run; /* document of the workflow */
} selftest;

static void clear(selftest *t, bool keep)
{
    ho_reference_clear(&t->table);
    ho_panel_free(&t->panel);
    ho_engines_clear(&t->engines);
    ho_checks_clear(&t->checks);
    json_decref(t->run);
    if (t->folder[0] != '\0' && !keep) ho_folder_remove(t->folder);
}

static ho_status read_table(const char *path, ho_panel **panel, ho_error *err)
{
    ho_load_options load = {0};
    ho_load_report report = {0};
    ho_status status = ho_options_defaults(ho_load_option_table(), &load, err);
    if (status == HO_OK) status = ho_table_read(path, &load, 2, panel, &report, err);
    ho_load_report_clear(&report);
    ho_options_clear(ho_load_option_table(), &load);
    return status;
}

static ho_status call(const char *command, const char *const *pairs, json_t **document, ho_error *err)
{
    ho_outcome outcome = {0};
    json_error_t why;
    ho_status status = ho_call(command, pairs, NULL, &outcome, err);
    if (status == HO_OK && document != NULL) *document = json_loads(outcome.json, 0, &why);
    if (status == HO_OK && document != NULL && *document == NULL)
        status = ho_fail(err, HO_ERR_INTERNAL, "the document of %s is no JSON: %s", command, why.text);
    ho_outcome_clear(&outcome);
    return status;
}

/* CSV to Parquet and back: every value is the file's. */
static ho_status conversion(selftest *t, ho_error *err)
{
    char n[16], days[16];
    snprintf(n, sizeof n, "%d", STRATEGIES);
    snprintf(days, sizeof days, "%d", DAYS);
    const char *const make[] = {"output", t->csv, "strategies", n, "days", days, NULL};
    const char *const convert[] = {"input", t->csv, "output", t->store, NULL};
    HO_TRY(call("generate", make, NULL, err));
    HO_TRY(ho_reference_read(t->csv, &t->table, err));
    bool parquet = ho_arrow_version() != NULL;
    if (parquet) HO_TRY(call("convert", convert, NULL, err));
    HO_TRY(read_table(parquet ? t->store : t->csv, &t->panel, err));
    t->engines = (ho_engines){.reference = &t->table,
                              .panel = t->panel,
                              .goal = {.metric = "ratio"},
                              .fitness = {.kind = HO_FITNESS_LEGACY, .metric = HO_LEGACY_RATIO},
                              .tolerance = 1e-9};
    HO_TRY(ho_engines_match(&t->engines, err));
    return ho_check_values(&t->engines, parquet ? "CSV to Parquet" : "CSV", &t->checks, err);
}

static bool same_values(const ho_panel *a, const ho_panel *b)
{
    bool same =
        ho_panel_periods(a) == ho_panel_periods(b) && ho_panel_strategies(a) == ho_panel_strategies(b);
    for (size_t i = 0; same && i < ho_panel_periods(a); i++)
        same = memcmp(ho_panel_row(a, i), ho_panel_row(b, i), ho_panel_strategies(a) * sizeof(double)) == 0;
    return same;
}

/* Several readers at the same time get the same bits and give all memory back. */
static ho_status memory(selftest *t, ho_error *err)
{
    static const char test[] = "Arrow memory";
    if (ho_arrow_version() == NULL)
        return ho_check_add(&t->checks, test, HO_CHECK_SKIPPED, err, "not in this build: CSV only");
    size_t equal = 0;
    ho_status status = HO_OK;
#pragma omp parallel for num_threads(4) reduction(+ : equal)
    for (int i = 0; i < READERS; i++) {
        ho_panel *panel = NULL;
        ho_error why;
        ho_status part = read_table(t->store, &panel, &why);
        if (part == HO_OK)
            equal += same_values(panel, t->panel);
        else
#pragma omp critical(ho_selftest_memory)
            status = ho_fail(err, part, "%s", why.text);
        ho_panel_free(&panel);
    }
    HO_TRY(status);
    return ho_check_add(&t->checks, test, equal == READERS ? HO_CHECK_PASSED : HO_CHECK_FAILED, err,
                        "%zu of %d readers at once got the same bits (Arrow %s)", equal, READERS,
                        ho_arrow_version());
}

static ho_status fitness_on(const selftest *t, const char *kernels, const char *engine, int members,
                            double *fitness, ho_error *err)
{
    json_t *document = NULL;
    char size[16];
    snprintf(size, sizeof size, "%d", members);
    const char *const pairs[] = {"input",  t->csv,   "portfolio-size", size,     "algorithms",
                                 "hc,de",  "effort", "quick",          "output", t->output,
                                 "engine", engine,   "no-cache",       "true",   NULL};
    if (setenv("HEAVYOPT_CPU", kernels, 1) != 0) return ho_fail_memory(err, 0, "the environment");
    ho_status status = call("optimize", pairs, &document, err);
    *fitness = json_number_value(json_object_get(json_object_get(document, "best"), "fitness"));
    json_decref(document);
    return status;
}

/* A CUDA device, where there is one, finds the same as the processor; the portfolio is so large that it has work. */
static ho_status compute_on_device(const selftest *t, bool *same, char *text, size_t bytes, ho_error *err)
{
    enum { LARGE = 60 };
    const char *kernels = ho_kernels_at(ho_kernels_count() - 1)->name;
    double cpu = 0, cuda = 0;
    ho_device *device = NULL;
    ho_error why = {""};
    if (ho_device_open(&(ho_device_wish){.number = 0}, true, &device, &why) != HO_OK) {
        snprintf(text, bytes, "engine cpu (%s)", why.text);
        return HO_OK;
    }
    snprintf(text, bytes, "engine cuda (%s)", device->about.name);
    ho_device_close(&device);
    HO_TRY(fitness_on(t, kernels, "cpu", LARGE, &cpu, err));
    HO_TRY(fitness_on(t, kernels, "cuda", LARGE, &cuda, err));
    *same = *same && cpu == cuda;
    return HO_OK;
}

/* Each set of kernels that this processor has finds the same, bit for bit, and so does a device. */
static ho_status compute(selftest *t, ho_error *err)
{
    char names[128] = "", engine[256] = "";
    double first = NAN;
    bool same = true;
    const char *now = getenv("HEAVYOPT_CPU");
    char *kept = now != NULL ? ho_copy_text(now) : NULL;
    ho_status status = now != NULL && kept == NULL ? ho_fail_memory(err, strlen(now), "a text") : HO_OK;
    for (size_t i = 0; i < ho_kernels_count() && status == HO_OK; i++) {
        double fitness = 0;
        const char *name = ho_kernels_at(i)->name;
        status = fitness_on(t, name, "cpu", SIZE, &fitness, err);
        if (i == 0) first = fitness;
        same = same && fitness == first;
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", i != 0 ? ", " : "", name);
    }
    if (status == HO_OK) status = compute_on_device(t, &same, engine, sizeof engine, err);
    if (kept != NULL)
        (void)setenv("HEAVYOPT_CPU", kept, 1);
    else
        (void)unsetenv("HEAVYOPT_CPU");
    free(kept);
    HO_TRY(status);
    return ho_check_add(&t->checks, "compute engine", same ? HO_CHECK_PASSED : HO_CHECK_FAILED, err,
                        "kernels %s %s; %s", names, same ? "agree bit for bit" : "do not agree", engine);
}

static size_t count_files(const char *folder)
{
    size_t count = 0;
    DIR *dir = opendir(folder);
    for (const struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;)
        count += entry->d_name[0] != '.';
    if (dir != NULL) closedir(dir);
    return count;
}

/* From the file to the files of a run, on one thread and on four. */
static ho_status workflow(selftest *t, ho_error *err)
{
    json_t *again = NULL;
    char size[16];
    snprintf(size, sizeof size, "%d", SIZE);
    const char *const one[] = {"input",  t->csv,    "portfolio-size", size,   "effort",  "quick",
                               "output", t->output, "no-cache",       "true", "threads", "1",
                               NULL};
    const char *const four[] = {"input",  t->csv,    "portfolio-size", size,   "effort",  "quick",
                                "output", t->output, "no-cache",       "true", "threads", "4",
                                NULL};
    ho_folder_remove(t->output);
    HO_TRY(call("optimize", one, &t->run, err));
    HO_TRY(call("optimize", four, &again, err));
    size_t runs = count_files(t->output);
    bool same = json_equal(json_object_get(t->run, "best"), json_object_get(again, "best"));
    json_decref(again);
    const json_t *best = json_object_get(t->run, "best");
    return ho_check_add(&t->checks, "full workflow", same && runs == 2 ? HO_CHECK_PASSED : HO_CHECK_FAILED,
                        err, "fitness %.10g by %s; %s on one thread and on four; %zu run folders",
                        json_number_value(json_object_get(best, "fitness")),
                        json_string_value(json_object_get(best, "algorithm")),
                        same ? "the same" : "not the same", runs);
}

static ho_status measures(selftest *t, ho_error *err)
{
    uint32_t *members = NULL;
    size_t count = 0;
    const json_t *best = json_object_get(t->run, "best");
    HO_TRY(ho_members_of_json(t->panel, json_object_get(best, "portfolio"), &members, &count, err));
    ho_status status =
        ho_check_portfolio(&t->engines, "enhanced metrics", members, count,
                           json_number_value(json_object_get(best, "fitness")), &t->checks, err);
    free(members);
    return status;
}

/* A part that cannot be done at all has failed, and the parts after it are tried all the same. */
static ho_status do_part(selftest *t, int part, const ho_hooks *hooks, ho_error *err)
{
    static const struct {
        const char *name;
        ho_status (*run)(selftest *t, ho_error *err);
    } parts[PARTS] = {{"CSV to Parquet", conversion},
                      {"Arrow memory", memory},
                      {"compute engine", compute},
                      {"full workflow", workflow},
                      {"enhanced metrics", measures}};
    ho_error why = {""};
    ho_tell(hooks, parts[part].name, (double)part / PARTS, NAN);
    if (part != 0 && t->panel == NULL)
        return ho_check_add(&t->checks, parts[part].name, HO_CHECK_SKIPPED, err, "there is no table");
    ho_status status = parts[part].run(t, &why);
    if (status == HO_OK) return HO_OK;
    return ho_check_add(&t->checks, parts[part].name, HO_CHECK_FAILED, err, "%s", why.text);
}

static ho_status begin(selftest *t, ho_error *err)
{
    const char *temporary = getenv("TMPDIR");
    if (temporary == NULL || *temporary != '/' || strlen(temporary) > 32) temporary = "/tmp";
    snprintf(t->folder, sizeof t->folder, "%.32s/heavyopt-XXXXXX", temporary);
    if (mkdtemp(t->folder) == NULL) {
        int reason = errno;
        t->folder[0] = '\0';
        return ho_fail(err, HO_ERR_IO, "%s: no temporary folder: %s", temporary, strerror(reason));
    }
    snprintf(t->csv, sizeof t->csv, "%.63s/table.csv", t->folder);
    snprintf(t->store, sizeof t->store, "%.63s/store", t->folder);
    snprintf(t->output, sizeof t->output, "%.63s/output", t->folder);
    return HO_OK;
}

static ho_status write_outcome(const selftest *t, bool keep, double seconds, ho_outcome *outcome,
                               ho_error *err)
{
    ho_text text;
    size_t failed = ho_checks_failed(&t->checks), skipped = ho_checks_skipped(&t->checks);
    HO_TRY(ho_text_begin(&text, err));
    ho_checks_print(&t->checks, text.file);
    fprintf(text.file, "%zu passed, %zu failed, %zu skipped in %.1f s\n", t->checks.count - failed - skipped,
            failed, skipped, seconds);
    if (keep) fprintf(text.file, "kept: %s\n", t->folder);
    HO_TRY(ho_text_end(&text, &outcome->summary, err));
    json_t *root =
        json_pack("{s:s,s:s,s:f,s:o}", "version", HO_VERSION, "status", failed != 0 ? "failed" : "passed",
                  "seconds", seconds, "tests", ho_checks_json(&t->checks));
    if (root == NULL) return ho_fail_memory(err, 0, "the JSON document");
    return ho_json_finish(root, &outcome->json, err);
}

static ho_status run(const void *settings_, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    const settings *s = settings_;
    selftest t = {.panel = NULL};
    ho_outcome made = {0};
    double start = ho_clock_seconds();
    ho_status status = begin(&t, err);
    for (int part = 0; part < (s->quick ? 2 : PARTS) && status == HO_OK; part++)
        status = do_part(&t, part, hooks, err);
    if (status == HO_OK) status = write_outcome(&t, s->keep, ho_clock_seconds() - start, &made, err);
    status = ho_hand_over(status, &made, outcome);
    size_t failed = ho_checks_failed(&t.checks);
    clear(&t, s->keep);
    if (status == HO_OK && failed != 0)
        status = ho_fail(err, HO_ERR_DIFFERENCE, "%zu of %d parts failed", failed, PARTS);
    return status;
}

extern const ho_command ho_command_selftest;
const ho_command ho_command_selftest = {
    .name = "selftest",
    .sentence = "tries whether this copy of the program works on this machine",
    .options = {options, sizeof options / sizeof *options},
    .settings_size = sizeof(settings),
    .run = run,
    .more = "Five parts: CSV to Parquet, Arrow memory, the compute engine, a full run, the measures. Exit "
            "code 5: a part "
            "failed.",
};
