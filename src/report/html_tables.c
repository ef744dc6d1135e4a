/* Tables of the portfolio: months and weekdays, drawdowns, members, their correlation, all measures. */
#include "report/plot.h"

#include <heavyopt/metrics.h>
#include <math.h>
#include <string.h>

static double largest_size(const json_t *groups)
{
    double largest = 0;
    for (size_t i = 0; i < json_array_size(groups); i++)
        largest = fmax(largest, fabs(ho_page_number(json_array_get(groups, i), "total")));
    return largest;
}

/* A cell coloured by its sign, the stronger the nearer to the largest. */
static void shaded_cell(const ho_page *page, double value, double largest)
{
    const double strength = largest > 0 && isfinite(value) ? fabs(value) / largest : 0;
    fprintf(page->file, "<td class='n %s' style='--s:%.0f%%'>", value < 0 ? "minus" : "plus",
            8 + 52 * strength);
    ho_page_value(page, HO_UNIT_MONEY, value);
    fputs("</td>", page->file);
}

static void put_months(const ho_page *page)
{
    const json_t *months = json_object_get(page->details, "months");
    const double largest = largest_size(months);
    fputs("<div class=scroll><table class=months><thead><tr><th>Year</th>", page->file);
    for (const char *m = "JanFebMarAprMayJunJulAugSepOctNovDec"; *m != '\0'; m += 3)
        fprintf(page->file, "<th class=n>%.3s</th>", m);
    fputs("<th class=n>Year's total</th></tr></thead>\n<tbody>", page->file);
    for (size_t i = 0; i < json_array_size(months);) {
        int year = 0, month = 0, next = 1, of_year = 0;
        double total = 0;
        (void)sscanf(ho_page_string(json_array_get(months, i), "label"), "%d", &year);
        fprintf(page->file, "<tr><th scope=row>%d</th>", year);
        for (; i < json_array_size(months); i++) {
            const json_t *group = json_array_get(months, i);
            (void)sscanf(ho_page_string(group, "label"), "%d-%d", &of_year, &month);
            if (of_year != year) break;
            for (; next < month && next < 12; next++)
                fputs("<td></td>", page->file);
            shaded_cell(page, ho_page_number(group, "total"), largest);
            total += ho_page_number(group, "total");
            next = month + 1;
        }
        for (; next <= 12; next++)
            fputs("<td></td>", page->file);
        ho_page_cell(page, HO_UNIT_MONEY, total);
        fputs("</tr>\n", page->file);
    }
    fputs("</tbody></table></div>\n", page->file);
}

static void put_weekdays(const ho_page *page)
{
    const json_t *days = json_object_get(page->details, "weekdays");
    const double largest = largest_size(days);
    fputs("<div class=scroll><table><thead><tr><th>Weekday</th><th class=n>Periods</th><th class=n>Total</th>"
          "<th class=n>Mean</th><th class=n>Winning</th></tr></thead>\n<tbody>",
          page->file);
    for (size_t i = 0; i < json_array_size(days); i++) {
        const json_t *group = json_array_get(days, i);
        const double periods = ho_page_number(group, "periods"), total = ho_page_number(group, "total");
        fprintf(page->file, "<tr><th scope=row>%s</th>", ho_page_string(group, "label"));
        ho_page_cell(page, HO_UNIT_COUNT, periods);
        shaded_cell(page, total, largest);
        ho_page_cell(page, HO_UNIT_MONEY, total / periods);
        ho_page_cell(page, HO_UNIT_SHARE, ho_page_number(group, "wins") / periods);
        fputs("</tr>\n", page->file);
    }
    fputs("</tbody></table></div>\n", page->file);
}

void ho_page_calendar(const ho_page *page)
{
    fputs("<h2 id=calendar>Months and weekdays</h2>\n", page->file);
    put_months(page);
    put_weekdays(page);
}

void ho_page_drawdowns(const ho_page *page)
{
    const json_t *list = json_object_get(page->details, "drawdowns");
    fputs("<h2 id=drawdowns>Deepest drawdowns</h2>\n", page->file);
    if (json_array_size(list) == 0) {
        fputs("<p>The running profit never fell below an earlier value.</p>\n", page->file);
        return;
    }
    fputs("<div class=scroll><table class=sorts><thead><tr><th class=n>No.</th><th "
          "class=n>Depth</th><th>Peak</th>"
          "<th>Lowest</th><th>Recovered</th><th class=n>Periods</th></tr></thead>\n<tbody>",
          page->file);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *line = json_array_get(list, i);
        const char *peak = ho_page_string(line, "peak"), *back = ho_page_string(line, "recovery");
        fputs("<tr>", page->file);
        ho_page_cell(page, HO_UNIT_COUNT, (double)i + 1);
        ho_page_cell(page, HO_UNIT_MONEY, ho_page_number(line, "depth"));
        fprintf(page->file, "<td>%s</td><td>%s</td><td>%s</td>", *peak != '\0' ? peak : "the start",
                ho_page_string(line, "trough"), *back != '\0' ? back : "not yet");
        ho_page_cell(page, HO_UNIT_COUNT, ho_page_number(line, "periods"));
        fputs("</tr>\n", page->file);
    }
    fputs("</tbody></table></div>\n", page->file);
}

void ho_page_members(const ho_page *page)
{
    const json_t *members = json_object_get(page->details, "members");
    const double fitness = ho_page_number(page->best, "fitness");
    const double total = ho_page_number(json_object_get(page->best, "metrics"), "total_roi");
    fputs("<h2 id=members>Strategies</h2>\n<p class=note>One lot each. The last column tells what the "
          "portfolio's "
          "fitness would lose if the strategy were left out.</p>\n<div class=scroll><table "
          "class=sorts><thead><tr>"
          "<th class=n>No.</th><th>Strategy</th><th class=n>Profit</th><th class=n>Share</th>"
          "<th class=n>Drawdown</th><th class=n>Return / drawdown</th><th class=n>Winning</th>"
          "<th class=n>Correlation to the others</th><th class=n>Fitness it adds</th></tr></thead>\n<tbody>",
          page->file);
    for (size_t k = 0; k < json_array_size(members); k++) {
        const json_t *m = json_array_get(members, k);
        const double profit = ho_page_number(m, "total_roi");
        fputs("<tr>", page->file);
        ho_page_cell(page, HO_UNIT_COUNT, (double)k + 1);
        fputs("<td class=name>", page->file);
        ho_page_text(page, ho_page_string(m, "name"));
        fputs("</td>", page->file);
        ho_page_cell(page, HO_UNIT_MONEY, profit);
        ho_page_cell(page, HO_UNIT_SHARE, total != 0 ? profit / total : NAN);
        ho_page_cell(page, HO_UNIT_MONEY, ho_page_number(m, "max_drawdown"));
        ho_page_cell(page, HO_UNIT_NUMBER, ho_page_number(m, "roi_dd_ratio"));
        ho_page_cell(page, HO_UNIT_SHARE, ho_page_number(m, "win_rate"));
        ho_page_cell(page, HO_UNIT_NUMBER, ho_page_number(m, "average_correlation"));
        ho_page_cell(page, HO_UNIT_NUMBER, fitness - ho_page_number(m, "fitness_without"));
        fputs("</tr>\n", page->file);
    }
    fputs("</tbody></table></div>\n", page->file);
}

enum { SHADES = 10 }; /* of a sign */

/* All cells of one shade are one path: a rectangle each would be a large page at 100 strategies. */
static void draw_heat(ho_plot *p, const void *data, bool narrow)
{
    const json_t *matrix = data;
    const size_t count = json_array_size(matrix);
    const double side = fmin(p->width - 60, p->height - 40), cell = side / (double)count;
    const double left = narrow ? 30 : 40, top = 6;
    for (int shade = -SHADES; shade <= SHADES; shade++) {
        fprintf(p->page->file, "<path class='fill %s' fill-opacity='%.2g' d='", shade < 0 ? "cool" : "warm",
                fabs((double)shade) / SHADES);
        for (size_t i = 0; i < count; i++) {
            for (size_t k = 0; k < count; k++) {
                const double r = ho_page_at(json_array_get(matrix, i), k);
                if ((int)round(r * SHADES) != shade) continue;
                fprintf(p->page->file, "M%.5g %.5gh%.4gv%.4gh-%.4gz", left + (double)k * cell,
                        top + (double)i * cell, cell, cell, cell);
            }
        }
        fputs("'/>\n", p->page->file);
    }
    const size_t step = count <= 12 ? 1 : count <= 60 ? 5 : 10;
    for (size_t i = step - 1; i < count; i += step) {
        const double at = ((double)i + 0.5) * cell;
        fprintf(p->page->file,
                "<text class=end x=%g y=%.1f>%zu</text><text class=mid x=%.1f y=%.1f>%zu</text>\n", left - 5,
                top + at + 4, i + 1, left + at, top + side + 17, i + 1);
    }
    fprintf(p->page->file, "<rect class=heat data-count=%zu x=%g y=%g width=%.1f height=%.1f />\n", count,
            left, top, side, side);
}

void ho_page_correlation(const ho_page *page)
{
    const json_t *matrix = json_object_get(page->details, "correlation");
    fputs("<h2 id=correlation>Correlation of the strategies</h2>\n<p class=note>Numbered as above. "
          "<span class='chip warm'></span> move together, <span class='chip cool'></span> move against each "
          "other; "
          "pale: independent.</p>\n",
          page->file);
    ho_page_relations(page);
    ho_plot_figure(page, "Correlation of each strategy with each other one", 560, draw_heat, matrix);
}

static ho_unit unit_of(const ho_metric *m)
{
    return strcmp(m->unit, "rupees") == 0     ? HO_UNIT_MONEY
           : strcmp(m->unit, "fraction") == 0 ? HO_UNIT_SHARE
           : strcmp(m->unit, "periods") == 0  ? HO_UNIT_COUNT
                                              : HO_UNIT_NUMBER;
}

static bool is_listed(const json_t *list, const char *key)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        if (name != NULL && strcmp(name, key) == 0) return true;
    }
    return false;
}

void ho_page_metrics(const ho_page *page)
{
    const json_t *metrics = json_object_get(page->best, "metrics");
    const json_t *infinite = json_object_get(page->best, "infinite");
    fputs(
        "<h2 id=metrics>All measures</h2>\n<details><summary>Each with its formula</summary><div "
        "class=scroll>"
        "<table class=sorts><thead><tr><th>Measure</th><th class=n>Value</th><th>Formula</th></tr></thead>\n"
        "<tbody>",
        page->file);
    for (size_t i = 0; i < ho_metric_count(); i++) {
        const ho_metric *m = ho_metric_at(i);
        const double value = is_listed(infinite, m->key) ? (double)INFINITY : ho_page_number(metrics, m->key);
        fputs("<tr><th scope=row>", page->file);
        ho_page_text(page, m->name);
        fputs("</th>", page->file);
        ho_page_cell(page, unit_of(m), value);
        fputs("<td class=formula>", page->file);
        ho_page_text(page, m->formula);
        fputs("</td></tr>\n", page->file);
    }
    fputs("</tbody></table></div></details>\n", page->file);
}
