/* When the profit came: months, weekdays, the best and the worst periods, the drawdowns. */
#include "report/page.h"

#include <math.h>
#include <string.h>

enum { FEW_MONTHS = 12 }; /* more of them are a grid of years */

static double largest_total(const json_t *groups)
{
    double largest = 0;
    for (size_t i = 0; i < json_array_size(groups); i++)
        largest = fmax(largest, fabs(ho_page_number(json_array_get(groups, i), "total")));
    return largest;
}

static void put_years(const ho_page *page, const json_t *months)
{
    const double largest = largest_total(months);
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
            ho_page_shaded_cell(page, ho_page_number(group, "total"), largest);
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

void ho_page_groups(const ho_page *page, const json_t *groups, const char *head, const char *count_key,
                    const char *count_name)
{
    const double largest = largest_total(groups);
    fprintf(page->file,
            "<div class=scroll><table class=sorts><thead><tr><th>%s</th><th class=n>%s</th><th "
            "class=n>Profit</th><th class=n>Mean</th><th class=n>Winning</th></tr></thead>\n<tbody>",
            head, count_name);
    for (size_t i = 0; i < json_array_size(groups); i++) {
        const json_t *group = json_array_get(groups, i);
        const double count = ho_page_number(group, count_key), total = ho_page_number(group, "total");
        fputs("<tr><th scope=row>", page->file);
        ho_page_text(page, ho_page_string(group, "label"));
        fputs("</th>", page->file);
        ho_page_cell(page, HO_UNIT_COUNT, count);
        ho_page_shaded_cell(page, total, largest);
        ho_page_cell(page, HO_UNIT_MONEY, count > 0 ? total / count : NAN);
        ho_page_cell(page, HO_UNIT_SHARE, count > 0 ? ho_page_number(group, "wins") / count : NAN);
        fputs("</tr>\n", page->file);
    }
    fputs("</tbody></table></div>\n", page->file);
}

void ho_page_calendar(const ho_page *page)
{
    const json_t *months = json_object_get(page->details, "months");
    const bool few = json_array_size(months) <= FEW_MONTHS;
    fputs("<h2 id=calendar>Months and weekdays</h2>\n", page->file);
    if (!few) put_years(page, months);
    fputs(few ? "<div class=pair><div>\n" : "<div><div>\n", page->file);
    if (few) ho_page_groups(page, months, "Month", "periods", page->periods_head);
    fputs("</div><div>\n", page->file);
    ho_page_groups(page, json_object_get(page->details, "weekdays"), "Weekday", "periods",
                   page->periods_head);
    fputs("</div></div>\n", page->file);
}

static void put_extremes(const ho_page *page, const char *which, const char *title)
{
    const json_t *list = json_object_get(json_object_get(page->details, "extremes"), which);
    fprintf(page->file, "<div><h3>%s</h3><div class=scroll><table><tbody>\n", title);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *line = json_array_get(list, i);
        fprintf(page->file, "<tr><th scope=row>%s</th>", ho_page_string(line, "date"));
        ho_page_cell(page, HO_UNIT_MONEY, ho_page_number(line, "pnl"));
        fputs("</tr>\n", page->file);
    }
    fputs("</tbody></table></div></div>\n", page->file);
}

/* Does the profit hang on a few days? */
static void put_concentration(const ho_page *page)
{
    const json_t *extremes = json_object_get(page->details, "extremes");
    const double best = ho_page_number(extremes, "best_total"), total = ho_page_total(page);
    const size_t count = json_array_size(json_object_get(extremes, "best"));
    if (count == 0) return;
    fprintf(page->file, "<p class=note>Without its %zu best %s the portfolio would have made ", count,
            page->periods);
    ho_page_value(page, HO_UNIT_MONEY, total - best);
    if (total > 0) {
        fputs(" and not ", page->file);
        ho_page_value(page, HO_UNIT_MONEY, total);
        fputs(": they brought ", page->file);
        ho_page_value(page, HO_UNIT_SHARE, best / total);
        fputs(" of the profit", page->file);
    }
    fputs(".</p>\n", page->file);
}

void ho_page_extremes(const ho_page *page)
{
    char best[64], worst[64];
    snprintf(best, sizeof best, "Best %s", page->periods);
    snprintf(worst, sizeof worst, "Worst %s", page->periods);
    fputs("<div class=pair>\n", page->file);
    put_extremes(page, "best", best);
    put_extremes(page, "worst", worst);
    fputs("</div>\n", page->file);
    put_concentration(page);
}

/* The sentence below the table: how much of the time was under water, and whether it is now. */
static void put_water(const ho_page *page, const json_t *list)
{
    const double count = (double)json_array_size(json_object_get(page->series, "dates"));
    const json_t *open = NULL;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *line = json_array_get(list, i);
        if (*ho_page_string(line, "recovery") == '\0') open = line;
    }
    fputs("<p class=note>", page->file);
    ho_page_value(page, HO_UNIT_COUNT, ho_page_number(page->details, "under_water"));
    fputs(" of ", page->file);
    ho_page_value(page, HO_UNIT_COUNT, count);
    fprintf(page->file, " %s lie below an earlier high. ", page->periods);
    if (open == NULL) {
        fputs("No drawdown is open at the end.</p>\n", page->file);
        return;
    }
    fputs("A drawdown is open at the end: ", page->file);
    ho_page_value(page, HO_UNIT_MONEY, ho_page_number(open, "depth"));
    fprintf(page->file, " deep so far, since %s.</p>\n",
            *ho_page_string(open, "peak") != '\0' ? ho_page_string(open, "peak") : "the start");
}

static void put_drawdown(const ho_page *page, const json_t *line)
{
    const char *peak = ho_page_string(line, "peak"), *back = ho_page_string(line, "recovery");
    fputs(*back != '\0' ? "<tr>" : "<tr class=chosen>", page->file);
    ho_page_cell(page, HO_UNIT_COUNT, ho_page_number(line, "rank"));
    ho_page_cell(page, HO_UNIT_MONEY, ho_page_number(line, "depth"));
    fprintf(page->file, "<td>%s</td><td>%s</td><td>%s</td>", *peak != '\0' ? peak : "the start",
            ho_page_string(line, "trough"), *back != '\0' ? back : "still open");
    ho_page_cell(page, HO_UNIT_COUNT, ho_page_number(line, "lowest") - ho_page_number(line, "first") + 1);
    ho_page_cell(page, HO_UNIT_COUNT, ho_page_number(line, "periods"));
    fputs("</tr>\n", page->file);
}

void ho_page_drawdowns(const ho_page *page)
{
    const json_t *list = json_object_get(page->details, "drawdowns");
    fputs("<h2 id=drawdowns>Deepest drawdowns</h2>\n", page->file);
    if (json_array_size(list) == 0) {
        fputs("<p>The running profit never fell below an earlier value.</p>\n", page->file);
        return;
    }
    fprintf(page->file,
            "<div class=scroll><table class=sorts><thead><tr><th class=n>No.</th><th class=n>Depth</th>"
            "<th>Peak</th><th>Lowest</th><th>Recovered</th><th class=n>%s falling</th><th class=n>%s in "
            "all</th></tr></thead>\n<tbody>",
            page->periods_head, page->periods_head);
    for (size_t i = 0; i < json_array_size(list); i++)
        put_drawdown(page, json_array_get(list, i));
    fputs("</tbody></table></div>\n", page->file);
    put_water(page, list);
}
