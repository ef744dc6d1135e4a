/* The text files of the earlier optimizer. */
#include "report/legacy.h"

#include "base/strings.h"
#include "report/csv.h"
#include "report/document.h"

#include <heavyopt/metrics.h>
#include <math.h>
#include <string.h>

static void put_value(FILE *file, const char *key, double value)
{
    fprintf(file, "%s: ", key);
    ho_csv_number(file, value);
    fputc('\n', file);
}

/* First the measures that the earlier files had, under the keys that they had there, then every other. */
static void put_metrics(const json_t *of, FILE *file)
{
    static const struct {
        const char *key, *ours;
    } first[] = {{"total_roi", "total_roi"},     {"max_drawdown", "max_drawdown"},
                 {"win_percentage", "win_rate"}, {"profit_factor", "profit_factor"},
                 {"expectancy", "expectancy"},   {"sharpe_ratio", "sharpe"},
                 {"sortino_ratio", "sortino"},   {"annualized_return", "annualized_return"}};
    enum { FIRST = sizeof first / sizeof *first };
    for (size_t i = 0; i < FIRST; i++)
        put_value(file, first[i].key, ho_document_metric(of, first[i].ours));
    for (size_t i = 0; i < ho_metric_count(); i++) {
        const char *key = ho_metric_at(i)->key;
        size_t known = 0;
        while (known < FIRST && strcmp(first[known].ours, key) != 0)
            known++;
        if (known == FIRST) put_value(file, key, ho_document_metric(of, key));
    }
}

static void put_members(const json_t *names, FILE *file)
{
    for (size_t k = 0; k < json_array_size(names); k++) {
        const char *name = json_string_value(json_array_get(names, k));
        fprintf(file, "%zu. ", k + 1);
        ho_text_put(name != NULL ? name : "", file);
        fputc('\n', file);
    }
}

ho_status ho_write_legacy_portfolio(const ho_report_source *source, FILE *file, ho_error *err)
{
    (void)err;
    const json_t *size = source->entry;
    fprintf(file, "Best Portfolio (Size: %.0f, Method: %s)\n", ho_page_number(size, "size"),
            ho_page_string(size, "algorithm"));
    put_value(file, "Fitness", ho_document_fitness(size, "fitness"));
    fputs("\nMetrics\n", file);
    put_metrics(size, file);
    fputs("\nStrategies\n", file);
    put_members(json_object_get(size, "portfolio"), file);
    return HO_OK;
}

/* The portfolio of a zone, in the same form. */
ho_status ho_write_zone_portfolio(const ho_report_source *source, FILE *file, ho_error *err)
{
    (void)err;
    const json_t *best = json_object_get(source->entry, "best");
    fputs("Best Portfolio (Zone: ", file);
    ho_text_put(ho_page_string(source->entry, "name"), file);
    fprintf(file, ", Size: %.0f, Method: %s)\n", ho_page_number(best, "size"),
            ho_page_string(best, "algorithm"));
    put_value(file, "Fitness", ho_document_fitness(best, "fitness"));
    fputs("\nMetrics\n", file);
    put_metrics(best, file);
    fputs("\nStrategies\n", file);
    put_members(json_object_get(best, "portfolio"), file);
    return HO_OK;
}

static void put_algorithms(const ho_report_source *source, FILE *file)
{
    const json_t *list = json_object_get(source->document, "algorithms");
    const json_t *seconds = json_object_get(json_object_get(source->document, "timings"), "algorithms");
    fputs("\nAlgorithms\n", file);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *a = json_array_get(list, i);
        const double time = ho_page_number(seconds, ho_page_string(a, "name"));
        fprintf(file, "%s: fitness ", ho_page_string(a, "name"));
        ho_csv_number(file, ho_document_fitness(a, "fitness"));
        fprintf(file, ", %.0f evaluations",
                ho_page_number(a, "evaluations") + ho_page_number(a, "polish_evaluations"));
        if (isfinite(time)) fprintf(file, ", %.3f seconds", time);
        fprintf(file, ", stopped by %s\n", ho_page_string(a, "stopped_by"));
    }
}

/* Every measure by its full name, which says the convention. */
static void put_measures(const json_t *best, FILE *file)
{
    fputs("\nRisk measures\n", file);
    for (size_t i = 0; i < ho_metric_count(); i++) {
        const ho_metric *m = ho_metric_at(i);
        fprintf(file, "%s (%s): ", m->name, m->key);
        ho_csv_number(file, ho_document_metric(best, m->key));
        fputc('\n', file);
    }
}

ho_status ho_write_legacy_performance(const ho_report_source *source, FILE *file, ho_error *err)
{
    (void)err;
    const json_t *root = source->document, *best = json_object_get(root, "best");
    const json_t *timings = json_object_get(root, "timings"), *engine = json_object_get(root, "engine");
    fprintf(file, "heavyopt %s, run %s\n\nExecution\n", ho_page_string(root, "version"),
            ho_document_stamp(root));
    put_value(file, "load seconds", ho_page_number(timings, "load"));
    put_value(file, "search seconds", ho_page_number(timings, "search"));
    put_value(file, "total seconds", ho_page_number(timings, "total"));
    put_value(file, "peak memory bytes", ho_page_number(root, "peak_memory_bytes"));
    fprintf(file, "\nDevice\n%s, %.0f threads, %s kernels\n", ho_page_string(engine, "name"),
            ho_page_number(engine, "threads"), ho_page_string(root, "kernels"));
    put_algorithms(source, file);
    fprintf(file, "\nBest portfolio\nalgorithm: %s\nsize: %.0f\n", ho_page_string(best, "algorithm"),
            ho_page_number(best, "size"));
    put_value(file, "fitness", ho_document_fitness(best, "fitness"));
    put_value(file, "average_correlation", ho_page_number(best, "average_correlation"));
    put_members(json_object_get(best, "portfolio"), file);
    put_measures(best, file);
    return HO_OK;
}

static size_t put_lines(FILE *file, const char *line)
{
    fputs("warning: ", file);
    ho_text_put(line != NULL ? line : "", file);
    fputc('\n', file);
    return 1;
}

ho_status ho_write_legacy_errors(const ho_report_source *source, FILE *file, ho_error *err)
{
    (void)err;
    const json_t *warnings = json_object_get(source->document, "warnings");
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(warnings); i++)
        count += put_lines(file, json_string_value(json_array_get(warnings, i)));
    for (size_t i = 0; i < source->notes->count; i++)
        count += put_lines(file, source->notes->items[i]);
    if (json_is_true(json_object_get(source->document, "interrupted")))
        count += put_lines(file, "the run was interrupted: the result is the best so far");
    if (count == 0) fputs("There were no errors and no warnings.\n", file);
    return HO_OK;
}
