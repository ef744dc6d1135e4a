/* The CSV files of a run. Numbers are the shortest that read back equal; inf, -inf and nan by name. */
#include "report/csv.h"
#include "base/shortest.h"
#include "report/document.h"
#include "report/writers.h"

#include <math.h>
#include <string.h>

void ho_csv_number(FILE *file, double value)
{
    if (!isfinite(value)) {
        fputs(isnan(value) ? "nan" : value > 0 ? "inf" : "-inf", file);
        return;
    }
    char text[HO_NUMBER_TEXT];
    fwrite(text, 1, ho_print_shortest(value, text), file);
}

void ho_csv_text(FILE *file, const char *text)
{
    const char *guard = *text != '\0' && strchr("=+-@\t\r", *text) != NULL ? "'" : "";
    if (strpbrk(text, ",\"\r\n") == NULL) {
        fprintf(file, "%s%s", guard, text);
        return;
    }
    fprintf(file, "\"%s", guard);
    for (; *text != '\0'; text++) {
        if (*text == '"') fputc('"', file);
        fputc(*text, file);
    }
    fputc('"', file);
}

ho_status ho_write_portfolio_csv(const ho_report_source *source, FILE *file, ho_error *err)
{
    (void)err;
    const json_t *best = json_object_get(source->document, "best");
    const json_t *members = ho_document_detail(source->document, "members");
    const json_t *sized = json_object_get(json_object_get(source->document, "kelly"), "members");
    const size_t size = json_array_size(members);
    fputs("Rank,Strategy_Index,Strategy_Name,Algorithm,Weight\n", file);
    for (size_t k = 0; k < size; k++) {
        const json_t *member = json_array_get(members, k);
        fprintf(file, "%zu,%lld,", k + 1, (long long)json_integer_value(json_object_get(member, "index")));
        ho_csv_text(file, ho_page_string(member, "name"));
        fprintf(file, ",%s,", ho_page_string(best, "algorithm"));
        ho_csv_number(file,
                      sized != NULL ? ho_page_number(json_array_get(sized, k), "weight") : 1 / (double)size);
        fputc('\n', file);
    }
    return HO_OK;
}

ho_status ho_write_portfolio_metrics_csv(const ho_report_source *source, FILE *file, ho_error *err)
{
    (void)err;
    const json_t *best = json_object_get(source->document, "best");
    const char *money = ho_page_string(json_object_get(source->document, "settings"), "returns");
    fputs("Metric,Value,Unit,Key,Formula\n", file);
    for (size_t i = 0; i < ho_metric_count(); i++) {
        const ho_metric *m = ho_metric_at(i);
        ho_csv_text(file, m->name);
        fputc(',', file);
        ho_csv_number(file, ho_document_metric(best, m->key));
        fprintf(file, ",%s,%s,", strcmp(m->unit, "rupees") == 0 && *money != '\0' ? money : m->unit, m->key);
        ho_csv_text(file, m->formula);
        fputc('\n', file);
    }
    return HO_OK;
}

static void put_algorithm(FILE *file, const ho_search_result *r)
{
    fprintf(file, "%s,", ho_report_method(r));
    ho_csv_number(file, r->fitness);
    fprintf(file, ",%.6f,%zu,%lld,%s,", r->seconds, r->size,
            (long long)(r->evaluations + r->polish_evaluations), ho_stop_name(r->stopped_by));
    ho_csv_number(file, r->raw_fitness);
    fputc('\n', file);
}

ho_status ho_write_algorithms_csv(const ho_report_source *source, FILE *file, ho_error *err)
{
    (void)err;
    const ho_report *report = source->report;
    fputs("Algorithm,Fitness,ExecutionTime,PortfolioSize,Evaluations,Status,RawFitness\n", file);
    for (size_t i = 0; i < report->size_count; i++) {
        const ho_report_size *size = &report->sizes[i];
        for (size_t a = 0; a < size->count; a++)
            put_algorithm(file, &size->algorithms[a]);
        if (size->exact != NULL) put_algorithm(file, size->exact);
    }
    return HO_OK;
}

ho_status ho_write_correlation_csv(const ho_report_source *source, FILE *file, ho_error *err)
{
    (void)err;
    const json_t *members = ho_document_detail(source->document, "members");
    const json_t *rows = ho_document_detail(source->document, "correlation");
    fputs("Strategy", file);
    for (size_t k = 0; k < json_array_size(members); k++) {
        fputc(',', file);
        ho_csv_text(file, ho_page_string(json_array_get(members, k), "name"));
    }
    fputc('\n', file);
    for (size_t k = 0; k < json_array_size(rows); k++) {
        const json_t *row = json_array_get(rows, k);
        ho_csv_text(file, ho_page_string(json_array_get(members, k), "name"));
        for (size_t i = 0; i < json_array_size(row); i++) {
            fputc(',', file);
            ho_csv_number(file, ho_page_at(row, i));
        }
        fputc('\n', file);
    }
    return HO_OK;
}

ho_status ho_write_strategies_csv(const ho_report_source *source, FILE *file, ho_error *err)
{
    (void)err;
    const ho_report *report = source->report;
    const ho_report_strategies *s = &report->strategies;
    fputs("Strategy", file);
    for (size_t i = 0; i < s->count; i++)
        fprintf(file, ",%s", s->columns[i]);
    fputc('\n', file);
    for (size_t j = 0; j < ho_panel_strategies(report->panel); j++) {
        ho_csv_text(file, ho_panel_name(report->panel, j));
        for (size_t i = 0; i < s->count; i++) {
            fputc(',', file);
            ho_csv_number(file, s->values[j * s->count + i]);
        }
        fputc('\n', file);
    }
    return HO_OK;
}
