/* The portfolios of zones as a member of a run's document, and as Markdown for people. */
#include "report/zones.h"

#include "report/csv.h"
#include "report/document.h"
#include "report/json.h"
#include "report/markdown.h"
#include "report/writers.h"

#include <string.h>

static json_t *zone_json(const ho_report *report, const ho_report_zone *z)
{
    json_t *best =
        json_pack("{s:s,s:I,s:o,s:o}", "algorithm", z->method, "size", (json_int_t)z->size, "fitness",
                  ho_json_number(z->fitness), "portfolio", ho_json_names(report->panel, z->members, z->size));
    if (best != NULL && ho_json_metrics(best, z->metrics, z->periods) != 0) {
        json_decref(best);
        best = NULL;
    }
    json_t *sizes =
        json_pack("{s:I,s:I,s:o}", "first", (json_int_t)z->first, "last", (json_int_t)z->last, "fitness",
                  ho_json_numbers(z->of_sizes, z->first > 0 ? z->last - z->first + 1 : 0));
    return json_pack("{s:o,s:o,s:I,s:I,s:I,s:o,s:o,s:o}", "name", ho_json_text(z->name), "weight",
                     ho_json_number(z->weight), "rows", (json_int_t)z->rows, "periods",
                     (json_int_t)z->periods, "candidates", (json_int_t)z->candidates, "allocation",
                     ho_json_number(z->allocation), "sizes", sizes, "best", best);
}

static json_t *matrix(const double *values, size_t count)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < count; i++) {
        if (!ho_json_append(&rows, ho_json_numbers(values + i * count, count))) break;
    }
    return rows;
}

static json_t *common_dates(const ho_report_zones *z)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < z->count; i++) {
        json_t *row = json_array();
        for (size_t k = 0; k < z->count; k++) {
            if (!ho_json_append(&row, json_integer((json_int_t)z->common[i * z->count + k]))) break;
        }
        if (!ho_json_append(&rows, row)) break;
    }
    return rows;
}

static json_t *combination(const ho_report *report, const ho_report_zones *z)
{
    json_t *zones = json_array();
    for (size_t k = 0; k < z->size; k++) {
        if (!ho_json_append(&zones, ho_json_text(z->zones[z->member_zone[k]].name))) break;
    }
    json_t *whole =
        json_pack("{s:s,s:I,s:o,s:o,s:o,s:o}", "method", z->combination, "size", (json_int_t)z->size,
                  "fitness", ho_json_number(z->fitness), "value", ho_json_number(z->value), "portfolio",
                  ho_json_names(report->panel, z->members, z->size), "zones", zones);
    if (whole != NULL && ho_json_metrics(whole, z->metrics, ho_panel_periods(report->panel)) != 0) {
        json_decref(whole);
        whole = NULL;
    }
    return whole;
}

json_t *ho_json_zones(const ho_report *report)
{
    const ho_report_zones *z = report->zones;
    if (z == NULL || z->count == 0) return json_null();
    json_t *labels = json_array();
    for (size_t i = 0; i < z->count; i++) {
        if (!ho_json_append(&labels, zone_json(report, &z->zones[i]))) break;
    }
    return json_pack("{s:s,s:s,s:o,s:o,s:o,s:o,s:o}", "by",
                     z->by_name    ? "names"
                     : z->by_clock ? "clock"
                                   : "labels",
                     "objective", z->objective, "labels", labels, "jaccard", matrix(z->jaccard, z->count),
                     "correlation", matrix(z->correlation, z->count), "common_dates", common_dates(z),
                     "combination", combination(report, z));
}

static const json_t *zones_of(const ho_report_source *source)
{
    return json_object_get(source->document, "zones");
}

static const char *name_of(const json_t *labels, size_t i)
{
    return ho_page_string(json_array_get(labels, i), "name");
}

static void put_zone_row(const json_t *zone, FILE *file)
{
    const json_t *best = json_object_get(zone, "best");
    static const char *const keys[] = {"total_roi", "max_drawdown", "roi_dd_ratio", "win_rate"};
    fputs("|", file);
    ho_md_text_cell(file, ho_page_string(zone, "name"));
    ho_md_number_cell(file, ho_page_number(zone, "weight"));
    fprintf(file, " %.0f | %.0f | %.0f |", ho_page_number(zone, "periods"),
            ho_page_number(zone, "candidates"), ho_page_number(best, "size"));
    ho_md_number_cell(file, ho_document_fitness(best, "fitness"));
    ho_md_text_cell(file, ho_page_string(best, "algorithm"));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        ho_md_number_cell(file, ho_document_metric(best, keys[i]));
    ho_md_number_cell(file, ho_page_number(zone, "allocation"));
    fputc('\n', file);
}

static void put_zones(const json_t *labels, FILE *file)
{
    fputs("\n| Zone | Weight | Periods | Candidates | Size | Fitness | Found by | ROI | Max drawdown | ROI / "
          "drawdown "
          "| Win rate | Suggested allocation |\n| --- | ---: | ---: | ---: | ---: | ---: | --- | ---: | ---: "
          "| ---: "
          "| ---: | ---: |\n",
          file);
    for (size_t i = 0; i < json_array_size(labels); i++)
        put_zone_row(json_array_get(labels, i), file);
}

static void put_combination(const json_t *whole, FILE *file)
{
    static const char *const keys[] = {"total_roi", "max_drawdown",  "roi_dd_ratio",
                                       "win_rate",  "profit_factor", "sharpe"};
    fprintf(file, "\nTogether (`%s`): %.0f strategies, fitness ", ho_page_string(whole, "method"),
            ho_page_number(whole, "size"));
    ho_csv_number(file, ho_document_fitness(whole, "fitness"));
    fputs(" of the zones; by the run's own fitness, on the whole table, they are worth ", file);
    ho_csv_number(file, ho_document_fitness(whole, "value"));
    fputs(".\n\n| Measure | of all together, whole days |\n| --- | ---: |\n", file);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        fprintf(file, "| %s |", keys[i]);
        ho_md_number_cell(file, ho_document_metric(whole, keys[i]));
        fputc('\n', file);
    }
}

static void put_matrix(const char *title, const json_t *labels, const json_t *rows, FILE *file)
{
    fprintf(file, "\n## %s\n\n| |", title);
    for (size_t i = 0; i < json_array_size(labels); i++)
        ho_md_text_cell(file, name_of(labels, i));
    fputs("\n| --- |", file);
    for (size_t i = 0; i < json_array_size(labels); i++)
        fputs(" ---: |", file);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        fputs("\n|", file);
        ho_md_text_cell(file, name_of(labels, i));
        for (size_t k = 0; k < json_array_size(labels); k++)
            ho_md_number_cell(file, ho_page_at(json_array_get(rows, i), k));
    }
    fputc('\n', file);
}

static void put_members(const json_t *zone, FILE *file)
{
    const json_t *names = json_object_get(json_object_get(zone, "best"), "portfolio");
    fputs("\n## ", file);
    ho_md_text(file, ho_page_string(zone, "name"));
    fputs("\n\n", file);
    for (size_t k = 0; k < json_array_size(names); k++) {
        const char *name = json_string_value(json_array_get(names, k));
        fprintf(file, "%zu. ", k + 1);
        ho_md_text(file, name != NULL ? name : "");
        fputc('\n', file);
    }
}

/* How the zones were told, in words. */
static void put_head(const char *title, const json_t *zones, FILE *file)
{
    const char *by = ho_page_string(zones, "by");
    fprintf(file, "# %s\n\n%zu zones, %s; a portfolio of each, by the fitness `%s` of its own periods.\n",
            title, json_array_size(json_object_get(zones, "labels")),
            strcmp(by, "names") == 0   ? "of the entries that strategies' names tell"
            : strcmp(by, "clock") == 0 ? "by the clock of the rows"
                                       : "as the table labels its rows",
            ho_page_string(zones, "objective"));
}

ho_status ho_write_zone_analysis(const ho_report_source *source, FILE *file, ho_error *err)
{
    (void)err;
    const json_t *zones = zones_of(source), *labels = json_object_get(zones, "labels");
    put_head("Zones", zones, file);
    put_zones(labels, file);
    put_combination(json_object_get(zones, "combination"), file);
    put_matrix("Members in common (Jaccard)", labels, json_object_get(zones, "jaccard"), file);
    put_matrix("Correlation of the portfolios on common dates", labels, json_object_get(zones, "correlation"),
               file);
    put_matrix("These dates", labels, json_object_get(zones, "common_dates"), file);
    for (size_t i = 0; i < json_array_size(labels); i++)
        put_members(json_array_get(labels, i), file);
    return HO_OK;
}

ho_status ho_write_zone_summary(const ho_report_source *source, FILE *file, ho_error *err)
{
    (void)err;
    const json_t *zones = zones_of(source);
    put_head("Zones in short", zones, file);
    put_zones(json_object_get(zones, "labels"), file);
    put_combination(json_object_get(zones, "combination"), file);
    return HO_OK;
}
