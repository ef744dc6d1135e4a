#include "report/charts/tables.h"

#include "report/document.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static void put(FILE *file, double value)
{
    if (isfinite(value))
        fprintf(file, "\t%.15g", value);
    else
        fputs("\tNaN", file);
}

/* A name as a label: one line of at most 30 characters, without what gnuplot takes for a quote or a divider. */
static void put_label(FILE *file, const char *name)
{
    enum { LONGEST = 30 };
    size_t characters = 0;
    for (const char *c = name; *c != '\0'; c++) {
        const unsigned char byte = (unsigned char)*c;
        if ((byte & 0xc0) != 0x80 && ++characters > LONGEST) {
            fputs("…", file);
            return;
        }
        fputc(byte < ' ' || byte == 0x7f ? '?' : byte == '"' ? '\'' : byte == '\\' ? '/' : *c, file);
    }
}

static const json_t *series_of(const json_t *document)
{
    return ho_document_detail(document, "series");
}

static const char *date_at(const json_t *dates, size_t t)
{
    const char *date = json_string_value(json_array_get(dates, t));
    return date != NULL ? date : "";
}

void ho_table_equity(const json_t *document, const json_t *size, FILE *file)
{
    const json_t *dates = json_object_get(series_of(document), "dates");
    const json_t *equity = json_object_get(size != NULL ? size : series_of(document), "equity");
    const json_t *luck =
        size == NULL ? json_object_get(ho_document_detail(document, "random_portfolios"), "equity") : NULL;
    const json_t *singles = size == NULL ? ho_document_detail(document, "best_singles") : NULL;
    const double lots = ho_page_number(singles, "same_drawdown");
    fputs("# date\tequity\trandom 5%\trandom median\trandom 95%\tbest singles with lots cut\n", file);
    for (size_t t = 0; t < json_array_size(dates); t++) {
        fputs(date_at(dates, t), file);
        put(file, ho_page_at(equity, t));
        put(file, ho_page_at(json_object_get(luck, "5%"), t));
        put(file, ho_page_at(json_object_get(luck, "median"), t));
        put(file, ho_page_at(json_object_get(luck, "95%"), t));
        put(file, lots * ho_page_at(json_object_get(singles, "equity"), t));
        fputc('\n', file);
    }
}

typedef struct fall {
    size_t first, lowest, last; /* periods: above water on both sides of the lowest */
    double depth;
} fall;

enum { FALLS = 3 };

/* The deepest falls, the deepest first; returns how many there are. */
static size_t find_falls(const json_t *depths, fall falls[FALLS])
{
    const size_t count = json_array_size(depths);
    size_t found = 0;
    for (size_t t = 0; t < count; t++) {
        if (!(ho_page_at(depths, t) > 0)) continue;
        fall f = {.first = t > 0 ? t - 1 : 0, .lowest = t, .depth = ho_page_at(depths, t)};
        for (; t < count && ho_page_at(depths, t) > 0; t++) {
            if (!(ho_page_at(depths, t) > f.depth)) continue;
            f.lowest = t;
            f.depth = ho_page_at(depths, t);
        }
        f.last = t < count ? t : count - 1;
        size_t at = found;
        while (at > 0 && f.depth > falls[at - 1].depth)
            at--;
        if (found < FALLS) found++;
        for (size_t i = found - 1; i > at && i < FALLS; i--)
            falls[i] = falls[i - 1];
        if (at < FALLS) falls[at] = f;
    }
    return found;
}

/* The series; then a block for each of the deepest falls: what the key says of it, and its lowest point. */
void ho_table_drawdown(const json_t *document, const json_t *size, FILE *file)
{
    const json_t *dates = json_object_get(series_of(document), "dates");
    const json_t *depths = json_object_get(size != NULL ? size : series_of(document), "drawdown");
    fall falls[FALLS] = {{.first = SIZE_MAX}};
    const size_t found = find_falls(depths, falls);
    fputs("# date\tdrawdown\tin the worst fall\n", file);
    for (size_t t = 0; t < json_array_size(dates); t++) {
        const bool worst = t >= falls[0].first && t <= falls[0].last;
        fputs(date_at(dates, t), file);
        put(file, ho_page_at(depths, t));
        put(file, worst ? ho_page_at(depths, t) : NAN);
        fputc('\n', file);
    }
    for (size_t i = 0; i < found; i++) {
        const fall *f = &falls[i];
        const bool open = ho_page_at(depths, f->last) > 0;
        fprintf(file, "\n\n%zu: lowest on %s%s\n%s", i + 1, date_at(dates, f->lowest), open ? ", open" : "",
                date_at(dates, f->lowest));
        put(file, f->depth);
        fputc('\n', file);
    }
}

/* A row a date with the values of the series' lists of these names. */
static void put_series(const json_t *document, const char *const *keys, size_t count, FILE *file)
{
    const json_t *dates = json_object_get(series_of(document), "dates");
    fputs("# date", file);
    for (size_t i = 0; i < count; i++)
        fprintf(file, "\t%s", keys[i]);
    for (size_t t = 0; t < json_array_size(dates); t++) {
        fprintf(file, "\n%s", date_at(dates, t));
        for (size_t i = 0; i < count; i++)
            put(file, ho_page_at(json_object_get(series_of(document), keys[i]), t));
    }
    fputc('\n', file);
}

void ho_table_periods(const json_t *document, const json_t *size, FILE *file)
{
    static const char *const keys[] = {"pnl"};
    (void)size;
    put_series(document, keys, 1, file);
}

void ho_table_rolling(const json_t *document, const json_t *size, FILE *file)
{
    static const char *const keys[] = {"rolling_pnl", "rolling_sharpe"};
    (void)size;
    put_series(document, keys, 2, file);
}

/* A row an object of a list: its label, then its numbers. */
static void put_list(const json_t *list, const char *label, const char *const *keys, size_t count, FILE *file)
{
    fprintf(file, "# %s", label);
    for (size_t i = 0; i < count; i++)
        fprintf(file, "\t%s", keys[i]);
    fputc('\n', file);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *object = json_array_get(list, i);
        put_label(file, ho_page_string(object, label));
        for (size_t k = 0; k < count; k++)
            put(file, ho_page_number(object, keys[k]));
        fputc('\n', file);
    }
}

void ho_table_months(const json_t *document, const json_t *size, FILE *file)
{
    static const char *const keys[] = {"total"};
    (void)size;
    put_list(ho_document_detail(document, "months"), "label", keys, 1, file);
}

void ho_table_weekdays(const json_t *document, const json_t *size, FILE *file)
{
    static const char *const keys[] = {"periods", "wins", "total"};
    (void)size;
    put_list(ho_document_detail(document, "weekdays"), "label", keys, 3, file);
}

void ho_table_distribution(const json_t *document, const json_t *size, FILE *file)
{
    const json_t *histogram = ho_document_detail(document, "histogram");
    const json_t *edges = json_object_get(histogram, "edges"), *counts = json_object_get(histogram, "counts");
    (void)size;
    fputs("# from\tto\tperiods\n", file);
    for (size_t i = 0; i < json_array_size(counts); i++) {
        fprintf(file, "%.15g", ho_page_at(edges, i));
        put(file, ho_page_at(edges, i + 1));
        put(file, ho_page_at(counts, i));
        fputc('\n', file);
    }
}

void ho_table_members(const json_t *document, const json_t *size, FILE *file)
{
    const json_t *members = ho_document_detail(document, "members");
    const double fitness = ho_page_number(json_object_get(document, "best"), "fitness");
    (void)size;
    fputs("# number\tname\tprofit\tfitness added\n", file);
    for (size_t k = 0; k < json_array_size(members); k++) {
        const json_t *member = json_array_get(members, k);
        fprintf(file, "%zu\t", k + 1);
        put_label(file, ho_page_string(member, "name"));
        put(file, ho_page_number(member, "total_roi"));
        put(file, fitness - ho_page_number(member, "fitness_without"));
        fputc('\n', file);
    }
}

/* Members by their entry: window in minutes since midnight, profit; block 1: minutes, and how many are open from then. */
void ho_table_day(const json_t *document, const json_t *size, FILE *file)
{
    const json_t *members = ho_document_detail(document, "members");
    const json_t *steps = ho_document_detail(document, "open_positions");
    int hours = 0, minutes = 0, until_hours = 0, until_minutes = 0;
    (void)size;
    fputs("# name\topens\tcloses\tprofit\n", file);
    for (size_t i = 0; i < json_array_size(steps); i++) { /* every entry is a step */
        const char *time = json_string_value(json_array_get(json_array_get(steps, i), 0));
        for (size_t k = 0; time != NULL && k < json_array_size(members); k++) {
            const json_t *m = json_array_get(members, k);
            const char *opens = ho_page_string(m, "opens");
            if (strcmp(opens, time) != 0 || strcmp(ho_page_string(m, "closes"), opens) <= 0) continue;
            (void)sscanf(opens, "%d:%d", &hours, &minutes);
            (void)sscanf(ho_page_string(m, "closes"), "%d:%d", &until_hours, &until_minutes);
            put_label(file, ho_page_string(m, "name"));
            fprintf(file, "\t%d\t%d", 60 * hours + minutes, 60 * until_hours + until_minutes);
            put(file, ho_page_number(m, "total_roi"));
            fputc('\n', file);
        }
    }
    fputs("\n\n# minutes\topen\n", file);
    for (size_t i = 0; i < json_array_size(steps); i++) {
        const json_t *step = json_array_get(steps, i);
        const char *time = json_string_value(json_array_get(step, 0));
        if (time == NULL || sscanf(time, "%d:%d", &hours, &minutes) != 2) continue;
        fprintf(file, "%d", 60 * hours + minutes);
        put(file, ho_page_at(step, 1));
        fputc('\n', file);
    }
}

/* Block 0: the matrix; block 1: number and name of each column. */
static void put_correlations(const json_t *rows, const json_t *named, bool numbered, FILE *file)
{
    for (size_t k = 0; k < json_array_size(rows); k++) {
        const json_t *row = json_array_get(rows, k);
        for (size_t i = 0; i < json_array_size(row); i++) {
            const double value = ho_page_at(row, i);
            if (i != 0) fputc('\t', file);
            if (isfinite(value))
                fprintf(file, "%.6g", value);
            else
                fputs("NaN", file);
        }
        fputc('\n', file);
    }
    fputs("\n\n# number\tname\n", file);
    for (size_t k = 0; k < json_array_size(named); k++) {
        fprintf(file, "%zu\t", k + 1);
        put_label(file, ho_page_string(json_array_get(named, k), "name"));
        if (numbered) fprintf(file, "  %zu", k + 1);
        fputc('\n', file);
    }
}

void ho_table_correlation(const json_t *document, const json_t *size, FILE *file)
{
    (void)size;
    put_correlations(ho_document_detail(document, "correlation"), ho_document_detail(document, "members"),
                     true, file);
}

void ho_table_zones(const json_t *document, const json_t *size, FILE *file)
{
    const json_t *zones = json_object_get(document, "zones");
    (void)size;
    put_correlations(json_object_get(zones, "correlation"), json_object_get(zones, "labels"), false, file);
}

void ho_table_algorithms(const json_t *document, const json_t *size, FILE *file)
{
    const json_t *list = json_object_get(document, "algorithms");
    const json_t *seconds = json_object_get(json_object_get(document, "timings"), "algorithms");
    (void)size;
    fputs("# name\tfitness\tbefore polishing\tseconds\n", file);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *a = json_array_get(list, i);
        put_label(file, ho_page_string(a, "name"));
        put(file, ho_page_number(a, "fitness"));
        put(file, ho_page_number(a, "raw_fitness"));
        put(file, ho_page_number(seconds, ho_page_string(a, "name")));
        fputc('\n', file);
    }
}

/* A trace is [evaluations, fitness] of each new best; it ends where the search did. */
void ho_table_convergence(const json_t *document, const json_t *size, FILE *file)
{
    const json_t *list = json_object_get(document, "algorithms");
    (void)size;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *a = json_array_get(list, i), *trace = json_object_get(a, "trace");
        const size_t count = json_array_size(trace);
        if (count == 0) continue;
        for (size_t t = 0; t < count; t++) {
            const json_t *point = json_array_get(trace, t);
            fprintf(file, "%.15g", fmax(ho_page_at(point, 0), 1));
            put(file, ho_page_at(point, 1));
            fputc('\n', file);
        }
        const json_t *last = json_array_get(trace, count - 1);
        const double end = ho_page_number(a, "evaluations") + ho_page_number(a, "polish_evaluations");
        fprintf(file, "%.15g", fmax(end, ho_page_at(last, 0)));
        put(file, fmax(ho_page_at(last, 1), ho_page_number(a, "fitness")));
        fputs("\n\n\n", file);
    }
}

void ho_table_sizes(const json_t *document, const json_t *size, FILE *file)
{
    const json_t *list = json_object_get(document, "sizes");
    (void)size;
    fputs("# size\tfitness\tbound\n", file);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *entry = json_array_get(list, i);
        fprintf(file, "%.15g", ho_page_number(entry, "size"));
        put(file, ho_page_number(entry, "fitness"));
        put(file, ho_page_number(entry, "bound"));
        fputc('\n', file);
    }
}

/* A block a run, which begins with the run's name. */
void ho_table_compare(const json_t *document, const json_t *size, FILE *file)
{
    const json_t *runs = json_object_get(document, "runs");
    (void)size;
    for (size_t r = 0; r < json_array_size(runs); r++) {
        const json_t *run = json_array_get(runs, r), *dates = json_object_get(run, "dates");
        fprintf(file, "%s%zu: ", r != 0 ? "\n\n" : "", r + 1);
        put_label(file, ho_page_string(run, "name"));
        for (size_t t = 0; t < json_array_size(dates); t++) {
            fprintf(file, "\n%s", date_at(dates, t));
            put(file, ho_page_at(json_object_get(run, "equity"), t));
        }
        fputc('\n', file);
    }
}
