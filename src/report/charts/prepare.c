/* Which charts there are, and everything that gnuplot needs for them, put into one folder: it works there, so that no
 * path and no text of the user's ever stands in a command. */
#include "base/date.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/strings.h"
#include "report/charts/parts.h"
#include "report/document.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

/* clang-format off */
static const ho_chart charts[] = {
    {"equity_curves_Best_Portfolio_Size%k_%s", "equity", "equity of the best portfolio, beside luck and single strategies at the same drawdown",
     ho_table_equity, 1800, 900, 0, "months", 1, true},
    {"drawdowns_Best_Portfolio_Size%k_%s", "drawdown", "its drawdown, the three deepest falls marked",
     ho_table_drawdown, 1800, 900, 0, "months", 1, true},
    {"correlation_heatmap_%s", "correlation", "the correlations of its members",
     ho_table_correlation, 1500, 1200, 0, "members", 2, false},
    {"strategy_contributions_%s", "members", "each member's profit, and the fitness that it adds",
     ho_table_members, 1800, 220, 30, "members", 2, false},
    {"trading_day_%s", "day", "when its strategies are in the market, as their names tell, and how many at once",
     ho_table_day, 1800, 460, 26, "open_positions", 1, false},
    {"period_profits_%s", "periods", "profit of each period", ho_table_periods, 1800, 900, 0, "months", 1, false},
    {"monthly_profits_%s", "months", "profit of each month", ho_table_months, 1800, 900, 0, "months", 1, false},
    {"weekday_profits_%s", "weekdays", "mean profit by weekday", ho_table_weekdays, 1800, 900, 0, "weekdays", 1, false},
    {"profit_distribution_%s", "distribution", "how often a period brought how much",
     ho_table_distribution, 1800, 900, 0, "months", 1, false},
    {"rolling_figures_%s", "rolling", "profit and Sharpe ratio of the last periods",
     ho_table_rolling, 1800, 1200, 0, "rolling", 1, false},
    {"algorithm_comparison_%s", "algorithms", "fitness and seconds of each algorithm",
     ho_table_algorithms, 1800, 1200, 0, "algorithms", 1, false},
    {"convergence_%s", "convergence", "the best so far of each algorithm, by work done",
     ho_table_convergence, 1800, 900, 0, "trace", 1, false},
    {"portfolio_sizes_%s", "sizes", "the best fitness of each size, of a run over several sizes",
     ho_table_sizes, 1800, 900, 0, "sizes", 2, false},
    {"zone_correlation_heatmap", "zones", "the correlations of the zones' portfolios, of a run with --zone each",
     ho_table_zones, 1200, 900, 0, "zones", 2, false},
    {"equity_comparison", "compare", "equity of several runs, by the command compare",
     ho_table_compare, 1800, 900, 0, "runs", 2, false},
};
/* clang-format on */

const ho_chart *ho_chart_at(size_t i)
{
    return i < sizeof charts / sizeof *charts ? &charts[i] : NULL;
}

size_t ho_chart_count(void)
{
    return sizeof charts / sizeof *charts;
}

const char *ho_chart_name(size_t i)
{
    return i < ho_chart_count() ? charts[i].name : NULL;
}

const char *ho_chart_holds(size_t i)
{
    return i < ho_chart_count() ? charts[i].holds : NULL;
}

static size_t entries(const json_t *document, const char *needs)
{
    if (strcmp(needs, "rolling") == 0)
        return ho_page_number(ho_document_detail(document, "series"), "rolling_window") > 0;
    if (strcmp(needs, "trace") == 0) {
        const json_t *list = json_object_get(document, "algorithms");
        size_t points = 0;
        for (size_t i = 0; i < json_array_size(list); i++)
            points += json_array_size(json_object_get(json_array_get(list, i), "trace"));
        return points;
    }
    if (strcmp(needs, "zones") == 0)
        return json_array_size(json_object_get(json_object_get(document, needs), "labels"));
    const json_t *list = ho_document_detail(document, needs);
    return json_array_size(list != NULL ? list : json_object_get(document, needs));
}

/* Makes links to a folder's scripts where there is none of that name yet. */
static ho_status link_scripts(const char *from, const char *work, ho_error *err)
{
    char *folder = realpath(from, NULL);
    DIR *dir = folder != NULL ? opendir(folder) : NULL;
    ho_status status = HO_OK;
    if (dir == NULL) status = ho_fail(err, HO_ERR_IO, "%.700s: %s", from, strerror(errno));
    for (struct dirent *entry; dir != NULL && status == HO_OK && (entry = readdir(dir)) != NULL;) {
        const size_t length = strlen(entry->d_name);
        if (length < 4 || strcmp(entry->d_name + length - 3, ".gp") != 0) continue;
        char *target = ho_path_join(folder, entry->d_name), *link = ho_path_join(work, entry->d_name);
        if (target == NULL || link == NULL)
            status = ho_fail_memory(err, length, "a path");
        else if (symlink(target, link) != 0 && errno != EEXIST)
            status = ho_fail(err, HO_ERR_IO, "%.700s: %s", link, strerror(errno));
        free(target);
        free(link);
    }
    if (dir != NULL) closedir(dir);
    free(folder);
    return status;
}

/* share/heavyopt/plots of the tree that this library lies in, which may have been moved; in a build tree the sources'. */
static char *our_scripts(void)
{
    static const char anchor;
    static const char below[] = "/../share/heavyopt/plots";
    Dl_info of;
    if (dladdr(&anchor, &of) != 0 && of.dli_fname != NULL) {
        const char *slash = strrchr(of.dli_fname, '/');
        const size_t length = slash != NULL ? (size_t)(slash - of.dli_fname) : 0;
        char *path = HO_NEW(char, length + sizeof below);
        if (path == NULL) return NULL;
        memcpy(path, of.dli_fname, length);
        memcpy(path + length, below, sizeof below);
        if (length > 0 && access(path, R_OK | X_OK) == 0) return path;
        free(path);
    }
    return ho_copy_text(HO_PLOTS);
}

static void print_name(const ho_chart *chart, const char *stamp, long long size, const char *ending,
                       char *out)
{
    size_t used = 0;
    for (const char *c = chart->name; *c != '\0' && used < HO_CHART_NAME; c++) {
        int wrote = 1;
        if (*c != '%')
            out[used] = *c;
        else if (*++c == 's')
            wrote = snprintf(out + used, HO_CHART_NAME - used, "%.20s", stamp);
        else
            wrote = snprintf(out + used, HO_CHART_NAME - used, "%lld", size);
        used += wrote > 0 ? (size_t)wrote : 0;
    }
    if (used < HO_CHART_NAME) snprintf(out + used, HO_CHART_NAME - used, "%s", ending);
}

static int32_t date_of(const json_t *text)
{
    int year = 1970, month = 1, day = 1;
    const char *date = json_string_value(text);
    if (date != NULL) (void)sscanf(date, "%d-%d-%d", &year, &month, &day);
    return ho_date_from_civil(year, month, day);
}

/* From the first date to the last. */
static void widen(const json_t *dates, int32_t *start, int32_t *end)
{
    const size_t count = json_array_size(dates);
    if (count == 0) return;
    const int32_t first = date_of(json_array_get(dates, 0)), last = date_of(json_array_get(dates, count - 1));
    if (first < *start) *start = first;
    if (last > *end) *end = last;
}

static bool is_word(const char *name)
{
    return *name != '\0' && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == strlen(name);
}

/* What the scripts may ask of the run. Numbers and the names of algorithms, which are words of ours: nothing in here
 * can be a command. */
static void put_variables(const json_t *document, FILE *file)
{
    const json_t *settings = json_object_get(document, "settings"),
                 *list = json_object_get(document, "algorithms");
    const json_t *series = ho_document_detail(document, "series"), *dates = json_object_get(series, "dates");
    int32_t start = INT32_MAX, end = INT32_MIN;
    const json_t *runs = json_object_get(document, "runs");
    widen(dates, &start, &end);
    for (size_t i = 0; i < json_array_size(runs); i++)
        widen(json_object_get(json_array_get(runs, i), "dates"), &start, &end);
    fprintf(file, "rupees = %d\nindian = %d\nwindow = %.0f\nstart = %d\ndays = %d\nnames = '",
            strcmp(ho_page_string(settings, "returns"), "fraction") != 0,
            strcmp(ho_page_string(settings, "grouping"), "indian") == 0,
            ho_page_number(series, "rolling_window"), (int)start, (int)(end - start));
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *a = json_array_get(list, i);
        const char *name = ho_page_string(a, "name");
        if (json_array_size(json_object_get(a, "trace")) > 0)
            fprintf(file, "%s ", is_word(name) ? name : "?");
    }
    const double bound = ho_page_number(json_object_get(document, "bound"), "value");
    fprintf(file, "'\nbound = ");
    if (isfinite(bound))
        fprintf(file, "%.15g\n", bound);
    else
        fputs("NaN\n", file);
}

/* One picture after another, each begun with a clean table. */
static void put_picture(const ho_chart *chart, const json_t *document, const char *table, long long size,
                        bool svg, const char *picture, FILE *file)
{
    const int members = (int)json_array_size(ho_document_detail(document, "members"));
    const int height = chart->height + chart->member_height * members;
    fprintf(file, "reset\nprint '@@ %s'\ndata = '%s'\nsize = %lld\nwidth = %d\nheight = %d\n", picture, table,
            size, chart->width, height);
    if (svg)
        fprintf(file,
                "set terminal svg size %d,%d dynamic font 'DejaVu Sans,20' background '#ffffff' name '%s'\n",
                chart->width, height, chart->script);
    else
        fprintf(file, "set terminal pngcairo size %d,%d font 'DejaVu Sans,20'\n", chart->width, height);
    fprintf(file,
            "set output '%s'\nload 'style.gp'\nload '%s.gp'\nunset multiplot\nset output\nprint '## %s'\n",
            picture, chart->script, picture);
}

/* What is put together while the charts are prepared. */
typedef struct preparation {
    ho_charts *charts;
    const json_t *document;
    bool png, svg;
    FILE *commands[HO_CHART_PROCESSES];
    size_t tables, turn;
} preparation;

static ho_status open_in(const ho_charts *of, const char *name, FILE **file, ho_error *err)
{
    char *path = ho_path_join(of->work, name);
    if (path == NULL) return ho_fail_memory(err, strlen(name), "a path");
    *file = fopen(path, "we");
    ho_status status = *file != NULL ? HO_OK : ho_fail(err, HO_ERR_IO, "%.700s: %s", path, strerror(errno));
    free(path);
    return status;
}

static ho_status close_file(FILE *file, const ho_charts *of, ho_error *err)
{
    const int failed = ferror(file) | fflush(file), reason = errno;
    if (fclose(file) == 0 && !failed) return HO_OK;
    return ho_fail(err, HO_ERR_IO, "%.700s: %s", of->folder, strerror(failed ? reason : errno));
}

static ho_status add_picture(preparation *p, const ho_chart *chart, const char *table, long long size,
                             bool svg, ho_error *err)
{
    ho_charts *c = p->charts;
    ho_picture *grown = ho_grow_array(c->pictures, c->count + 1, sizeof *grown);
    if (grown == NULL) return ho_fail_memory(err, (c->count + 1) * sizeof *grown, "the charts");
    c->pictures = grown;
    ho_picture *picture = &c->pictures[c->count++];
    *picture = (ho_picture){.process = (int)(p->turn++ % HO_CHART_PROCESSES)};
    print_name(chart, ho_document_stamp(p->document), size, svg ? ".svg" : ".png", picture->file);
    put_picture(chart, p->document, table, size, svg, picture->file, p->commands[picture->process]);
    return HO_OK;
}

/* The table of a chart, and a picture of it in each format. */
static ho_status add_chart(preparation *p, const ho_chart *chart, const json_t *entry, ho_error *err)
{
    char table[HO_CHART_NAME];
    FILE *file = NULL;
    const json_t *of = entry != NULL ? entry : json_object_get(p->document, "best");
    const long long size = (long long)json_integer_value(json_object_get(of, "size"));
    snprintf(table, sizeof table, "%s_%zu.tsv", chart->script, p->tables++);
    HO_TRY(open_in(p->charts, table, &file, err));
    chart->table(p->document, entry, file);
    HO_TRY(close_file(file, p->charts, err));
    if (p->png) HO_TRY(add_picture(p, chart, table, size, false, err));
    return p->svg ? add_picture(p, chart, table, size, true, err) : HO_OK;
}

static ho_status add_sizes(preparation *p, const ho_chart *chart, ho_error *err)
{
    const json_t *sizes = json_object_get(p->document, "sizes");
    const json_t *best = json_object_get(json_object_get(p->document, "best"), "size");
    for (size_t i = 0; i < json_array_size(sizes); i++) {
        const json_t *entry = json_array_get(sizes, i);
        if (json_equal(json_object_get(entry, "size"), best) || json_object_get(entry, "equity") == NULL)
            continue;
        HO_TRY(add_chart(p, chart, entry, err));
    }
    return HO_OK;
}

static ho_status add_all(preparation *p, bool every_size, ho_error *err)
{
    for (size_t i = 0; i < ho_chart_count(); i++) {
        if (entries(p->document, charts[i].needs) < charts[i].least) continue;
        HO_TRY(add_chart(p, &charts[i], NULL, err));
        if (every_size && charts[i].each_size) HO_TRY(add_sizes(p, &charts[i], err));
    }
    return HO_OK;
}

/* The stamp goes into the names of files that stand in commands. */
static bool is_stamp(const char *stamp)
{
    return strspn(stamp, "0123456789_") == strlen(stamp);
}

ho_status ho_charts_prepare(ho_charts *made, const json_t *document, const ho_report_choice *choice,
                            bool every_size, ho_strings *notes, ho_error *err)
{
    preparation p = {.charts = made,
                     .document = document,
                     .png = strcmp(choice->chart_format, "svg") != 0,
                     .svg = strcmp(choice->chart_format, "png") != 0};
    if (!is_stamp(ho_document_stamp(document)))
        return ho_strings_add(notes, "no charts: the document has no time stamp", err);
    char *ours = our_scripts();
    ho_status status = ours != NULL ? HO_OK : ho_fail_memory(err, 0, "a path");
    if (status == HO_OK && choice->plots != NULL) status = link_scripts(choice->plots, made->work, err);
    if (status == HO_OK && access(ours, R_OK | X_OK) != 0)
        status = ho_strings_printf(notes, err, "no charts: %s: %s", ours, strerror(errno));
    else if (status == HO_OK)
        status = link_scripts(ours, made->work, err);
    free(ours);
    for (int i = 0; i < HO_CHART_PROCESSES && status == HO_OK; i++) {
        char name[HO_CHART_NAME];
        ho_chart_file(name, "commands", i);
        status = open_in(made, name, &p.commands[i], err);
        if (status == HO_OK) put_variables(document, p.commands[i]);
    }
    if (status == HO_OK) status = add_all(&p, every_size, err);
    for (int i = 0; i < HO_CHART_PROCESSES; i++) {
        if (p.commands[i] == NULL) continue;
        ho_status closed = close_file(p.commands[i], made, status == HO_OK ? err : NULL);
        if (status == HO_OK) status = closed;
    }
    return status;
}
