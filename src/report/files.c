/* The table of a run's files, and the writing of those that are chosen. */
#include "base/files.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "report/charts/charts.h"
#include "report/legacy.h"
#include "report/page.h"
#include "report/writers.h"
#include "report/xlsx/xlsx.h"

#include <errno.h>
#include <string.h>

static ho_status page(const ho_report_source *source, FILE *file, ho_error *err)
{
    return ho_write_page(source->document, file, err);
}

/* clang-format off */
/* result.json comes last: its timings then cover the others. Charts have a table of their own, in charts/prepare.c. */
static const ho_report_writer writers[] = {
    {.name = "report.html", .kind = HO_FILES_HTML, .write = page,
     .holds = "the whole run as one page: answer, charts, tables, settings"},
    {.name = "optimization_summary_%s.xlsx", .kind = HO_FILES_XLSX, .write_path = ho_write_workbook,
     .holds = "a workbook: summary, portfolio, daily equity with charts, measures, algorithms, correlations"},
    {.name = "optimization_summary_%s.txt", .kind = HO_FILES_TEXT, .facts = true, .write = ho_write_summary_file,
     .holds = "the summary that the program prints, and the settings"},
    {.name = "portfolio_composition_%s.csv", .kind = HO_FILES_CSV, .write = ho_write_portfolio_csv,
     .holds = "the best portfolio: a member a line, its number counted from 0 among the strategies"},
    {.name = "portfolio_metrics.csv", .kind = HO_FILES_CSV, .write = ho_write_portfolio_metrics_csv,
     .holds = "every measure of the best portfolio, with unit, key and formula"},
    {.name = "algorithm_results.csv", .kind = HO_FILES_CSV, .facts = true, .write = ho_write_algorithms_csv,
     .holds = "an algorithm a line: fitness, seconds, size, evaluations, why it stopped"},
    {.name = "correlation_matrix_%s.csv", .kind = HO_FILES_CSV, .write = ho_write_correlation_csv,
     .holds = "the correlations of the best portfolio's members, names as header and first column"},
    {.name = "strategy_metrics.csv", .kind = HO_FILES_CSV, .facts = true, .write = ho_write_strategies_csv,
     .holds = "ten measures of every strategy alone, in the order of the input"},
    {.name = "walkforward_folds.csv", .kind = HO_FILES_CSV, .needs = "out_of_sample", .write = ho_write_folds_csv,
     .holds = "a fold a line: its days, what its portfolio did in training and in its test"},
    {.name = "ulta_inversion_report_%s.md", .kind = HO_FILES_TEXT | HO_FILES_LEGACY, .needs = "inversion",
     .write = ho_write_inversion_report,
     .holds = "the strategies that were turned round: before, after, why; where that was asked for"},
    {.name = "regime_report_%s.json", .kind = HO_FILES_TEXT | HO_FILES_LEGACY, .needs = "regimes",
     .write = ho_write_legacy_regimes,
     .holds = "market regimes: rows, confidence, measures of each, and the whole with and without weights"},
    {.name = "zone_analysis_report_%s.md", .kind = HO_FILES_TEXT | HO_FILES_LEGACY, .needs = "zones",
     .write = ho_write_zone_analysis,
     .holds = "a portfolio for each zone and all of them together, where --zone each asked for them"},
    {.name = "zone_summary_report.md", .kind = HO_FILES_TEXT | HO_FILES_LEGACY, .needs = "zones",
     .write = ho_write_zone_summary, .holds = "the same in short"},
    {.name = "best_portfolio_zone_%z_%s.txt", .kind = HO_FILES_TEXT | HO_FILES_LEGACY, .needs = "zones", .list = "zones",
     .write = ho_write_zone_portfolio, .holds = "the portfolio of one zone: method, fitness, measures, members"},
    {.name = "Best_Portfolio_Size%k_%s.txt", .kind = HO_FILES_LEGACY, .list = "sizes", .write = ho_write_legacy_portfolio,
     .holds = "the best portfolio of one size: method, fitness, measures, members"},
    {.name = "performance_report_%s.txt", .kind = HO_FILES_LEGACY, .write = ho_write_legacy_performance,
     .holds = "times, device, algorithms, the best portfolio and every measure by its name"},
    {.name = "execution_summary_%s.json", .kind = HO_FILES_LEGACY, .write = ho_write_legacy_execution,
     .holds = "every algorithm's result, times, the best"},
    {.name = "%a_result.json", .kind = HO_FILES_LEGACY, .list = "algorithms", .write = ho_write_legacy_algorithm,
     .holds = "one algorithm's portfolio, measures, seconds, evaluations"},
    {.name = "workflow_config.json", .kind = HO_FILES_LEGACY, .write = ho_write_legacy_config,
     .holds = "the settings as resolved"},
    {.name = "workflow_results.json", .kind = HO_FILES_LEGACY, .write = ho_write_legacy_results,
     .holds = "the document of the run once more"},
    {.name = "run_manifest.json", .kind = HO_FILES_LEGACY, .write = ho_write_manifest,
     .holds = "what repeats the run: input and its hash, version, seed, settings"},
    {.name = "error_log.txt", .kind = HO_FILES_LEGACY, .late = true, .write = ho_write_legacy_errors,
     .holds = "warnings, or one line that there were none"},
    {.name = "result.json", .late = true, .facts = true, .write = ho_write_json_file,
     .holds = "the document of the run; all other files but strategy_metrics.csv can be made from it"},
};
static const struct {
    const char *name;
    unsigned kind;
} kinds[] = {{"html", HO_FILES_HTML}, {"xlsx", HO_FILES_XLSX}, {"charts", HO_FILES_CHARTS}, {"text", HO_FILES_TEXT},
             {"csv", HO_FILES_CSV}, {"legacy", HO_FILES_LEGACY}, {"all", ~0U}, {"none", 0}};
/* clang-format on */

static ho_status unknown_kind(const char *name, ho_error *err)
{
    const char *names[sizeof kinds / sizeof *kinds];
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        names[i] = kinds[i].name;
    const char *nearest = ho_text_nearest(name, names, sizeof names / sizeof *names);
    return ho_fail(
        err, HO_ERR_USAGE,
        "--report %.100s: expected some of html, xlsx, charts, text, csv, legacy, or all, or none%s%s%s",
        name, nearest != NULL ? ": did you mean " : "", nearest != NULL ? nearest : "",
        nearest != NULL ? "?" : "");
}

ho_status ho_report_choose(const char *list, bool legacy, unsigned *chosen, ho_error *err)
{
    unsigned found = legacy ? HO_FILES_LEGACY : 0;
    for (const char *from = list; *from != '\0'; from += strspn(from, ", ")) {
        char name[32];
        const size_t length = strcspn(from, ", ");
        size_t i = 0;
        snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), from);
        while (i < sizeof kinds / sizeof *kinds && !ho_text_same(kinds[i].name, name))
            i++;
        if (i == sizeof kinds / sizeof *kinds) return unknown_kind(name, err);
        found |= kinds[i].kind;
        from += length;
    }
    *chosen = found;
    return HO_OK;
}

/* A fault names the output and the file: the folder it is in has a name that nobody will find. */
static ho_status file_error(const char *output, const char *name, ho_error *err)
{
    return ho_fail(err, HO_ERR_IO, "%.700s: %s could not be written: %s", output, name, strerror(errno));
}

/* The entries of a list of the document; of an object there, its labels. */
static const json_t *entries_of(const json_t *document, const char *name)
{
    const json_t *list = json_object_get(document, name);
    return json_is_object(list) ? json_object_get(list, "labels") : list;
}

/* A zone's name as part of a file's: letters, digits and points, everything else '_'. */
static void print_word(const char *name, char out[48])
{
    size_t used = 0;
    for (; *name != '\0' && used < 40; name++) {
        const bool plain =
            strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-", *name) != NULL;
        out[used++] = plain ? *name : '_';
    }
    out[used] = '\0';
}

/* Zones of the same word are told apart by their places. */
static void print_zone(const ho_report_source *source, FILE *name)
{
    const json_t *list = entries_of(source->document, "zones");
    char word[48], other[48];
    size_t alike = 0, place = 0;
    print_word(ho_page_string(source->entry, "name"), word);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *entry = json_array_get(list, i);
        print_word(ho_page_string(entry, "name"), other);
        alike += strcmp(word, other) == 0;
        if (entry == source->entry) place = i + 1;
    }
    fputs(word, name);
    if (alike > 1) fprintf(name, "-%zu", place);
}

static void print_name(const ho_report_writer *writer, const ho_report_source *source, char *out, size_t size)
{
    const json_t *of = source->entry != NULL ? source->entry : json_object_get(source->document, "best");
    const char *stamp =
        json_string_value(json_object_get(json_object_get(source->document, "timings"), "stamp"));
    const char *algorithm = json_string_value(json_object_get(of, "name"));
    FILE *name = fmemopen(out, size, "w");
    if (name == NULL) return;
    for (const char *c = writer->name; *c != '\0'; c++) {
        if (*c != '%')
            fputc(*c, name);
        else if (*++c == 's')
            fputs(stamp != NULL ? stamp : "", name);
        else if (*c == 'k')
            fprintf(name, "%lld", (long long)json_integer_value(json_object_get(of, "size")));
        else if (*c == 'z')
            print_zone(source, name);
        else
            fputs(algorithm != NULL ? algorithm : "", name);
    }
    fclose(name);
}

static ho_status write_open(const ho_report_writer *writer, const ho_report_source *source,
                            const char *output, const char *name, const char *path, ho_error *err)
{
    FILE *file = fopen(path, "we");
    if (file == NULL) return file_error(output, name, err);
    ho_status status = writer->write(source, file, err);
    int failed = ferror(file) | fflush(file);
    int reason = errno;
    if (fclose(file) != 0 && !failed) {
        failed = 1;
        reason = errno;
    }
    errno = reason;
    return status == HO_OK && failed ? file_error(output, name, err) : status;
}

static ho_status write_file(const ho_report_writer *writer, const ho_report_source *source,
                            const char *output, const char *folder, ho_error *err)
{
    char name[128] = "";
    print_name(writer, source, name, sizeof name);
    char *path = ho_path_join(folder, name);
    if (path == NULL) return ho_fail_memory(err, strlen(folder), "a path");
    ho_status status = writer->write_path != NULL ? writer->write_path(source->document, path, err)
                                                  : write_open(writer, source, output, name, path, err);
    free(path);
    return status;
}

static ho_status write_row(const ho_report_writer *writer, const ho_report_source *source, const char *output,
                           const char *folder, ho_error *err)
{
    if (writer->list == NULL) return write_file(writer, source, output, folder, err);
    const json_t *list = entries_of(source->document, writer->list);
    ho_status status = HO_OK;
    for (size_t i = 0; i < json_array_size(list) && status == HO_OK; i++) {
        ho_report_source of = *source;
        of.entry = json_array_get(list, i);
        status = write_file(writer, &of, output, folder, err);
    }
    return status;
}

static ho_status write_rows(const ho_report_source *source, unsigned wanted, bool late, const char *output,
                            const char *folder, ho_error *err)
{
    ho_status status = HO_OK;
    for (size_t i = 0; i < sizeof writers / sizeof *writers && status == HO_OK; i++) {
        const ho_report_writer *writer = &writers[i];
        const bool chosen = writer->kind == 0 || (wanted & writer->kind) != 0;
        if (!chosen || writer->late != late || (writer->facts && source->report == NULL)) continue;
        if (writer->needs != NULL && !json_is_object(json_object_get(source->document, writer->needs)))
            continue;
        status = write_row(writer, source, output, folder, err);
    }
    return status;
}

ho_status ho_write_files(const ho_report_source *source, const ho_report_choice *choice, const char *output,
                         const char *folder, ho_strings *notes, ho_error *err)
{
    unsigned wanted = choice->kinds;
    const bool legacy = (wanted & HO_FILES_LEGACY) != 0;
    ho_charts *charts = NULL;
    ho_status status = HO_OK;
    if ((wanted & HO_FILES_XLSX) != 0 && ho_xlsx_version() == NULL) {
        wanted &= ~(unsigned)HO_FILES_XLSX;
        status = ho_strings_add(notes, "no workbook: libxlsxwriter is not in this build", err);
    }
    if (status == HO_OK && (wanted & HO_FILES_CHARTS) != 0)
        status = ho_charts_start(source->document, choice, legacy, folder, &charts, notes, err);
    if (status == HO_OK) status = write_rows(source, wanted, false, output, folder, err);
    if (status == HO_OK) status = ho_charts_end(&charts, notes, err);
    ho_charts_drop(&charts);
    if (status == HO_OK) status = write_rows(source, wanted, true, output, folder, err);
    return status;
}
