/* The strategies of the portfolio: what each brings, when it trades, on which weekdays it earns. */
#include "report/plot.h"

#include <math.h>
#include <stdlib.h>

/* Do names tell windows of the day? */
static bool are_windows_known(const ho_page *page)
{
    return json_array_size(json_object_get(page->details, "open_positions")) > 0;
}

static void put_percent(const ho_page *page, double percent)
{
    if (isfinite(percent))
        fprintf(page->file, "<td class='n spare' data-v=%.9g>%.4g\u00a0%%</td>", percent, percent);
    else
        fputs("<td class='n spare'></td>", page->file);
}

static void put_hints(const ho_page *page, const json_t *m)
{
    const char *opens = ho_page_string(m, "opens");
    fputs("<td class=spare>", page->file);
    if (*opens != '\0') fprintf(page->file, "%s–%s", opens, ho_page_string(m, "closes"));
    fputs("</td>", page->file);
    put_percent(page, ho_page_number(m, "stop_loss"));
    put_percent(page, ho_page_number(m, "take_profit"));
}

static void put_name(const ho_page *page, const json_t *m, size_t k)
{
    const double same = ho_page_number(m, "same_as");
    ho_page_cell(page, HO_UNIT_COUNT, (double)k + 1);
    fputs("<td class=name>", page->file);
    ho_page_text(page, ho_page_string(m, "name"));
    if (isfinite(same)) fprintf(page->file, " <small>= %.0f</small>", same + 1);
    fputs("</td>", page->file);
}

static void put_member(const ho_page *page, const json_t *m, size_t k, bool windows)
{
    const double profit = ho_page_number(m, "total_roi"), total = ho_page_total(page);
    fputs("<tr>", page->file);
    put_name(page, m, k);
    if (windows) put_hints(page, m);
    ho_page_cell(page, HO_UNIT_MONEY, profit);
    ho_page_cell(page, HO_UNIT_SHARE, total != 0 ? profit / total : NAN);
    ho_page_cell(page, HO_UNIT_MONEY, ho_page_number(m, "max_drawdown"));
    ho_page_cell(page, HO_UNIT_NUMBER, ho_page_number(m, "roi_dd_ratio"));
    ho_page_cell(page, HO_UNIT_SHARE, ho_page_number(m, "win_rate"));
    ho_page_cell(page, HO_UNIT_NUMBER, ho_page_number(m, "average_correlation"));
    ho_page_cell(page, HO_UNIT_NUMBER,
                 ho_page_number(page->best, "fitness") - ho_page_number(m, "fitness_without"));
    fputs("</tr>\n", page->file);
}

/* Which weekday to trade a strategy on: the matrix that desks keep by hand. */
static void put_weekdays(const ho_page *page, const json_t *members)
{
    static const char *const names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    enum { DAYS = sizeof names / sizeof *names };
    double largest = 0;
    bool traded[DAYS] = {false};
    for (size_t k = 0; k < json_array_size(members); k++) {
        for (size_t d = 0; d < DAYS; d++) {
            const double value = ho_page_at(json_object_get(json_array_get(members, k), "weekdays"), d);
            if (!isfinite(value) || value == 0) continue;
            traded[d] = true;
            largest = fmax(largest, fabs(value));
        }
    }
    if (!(largest > 0)) return;
    fputs("<details><summary>Profit of each strategy by weekday</summary><div class=scroll><table "
          "class=sorts><thead><tr><th class=n>No.</th><th>Strategy</th>",
          page->file);
    for (size_t d = 0; d < DAYS; d++) {
        if (traded[d]) fprintf(page->file, "<th class=n>%s</th>", names[d]);
    }
    fputs("</tr></thead>\n<tbody>", page->file);
    for (size_t k = 0; k < json_array_size(members); k++) {
        const json_t *m = json_array_get(members, k);
        fputs("<tr>", page->file);
        put_name(page, m, k);
        for (size_t d = 0; d < DAYS; d++) {
            if (traded[d]) ho_page_shaded_cell(page, ho_page_at(json_object_get(m, "weekdays"), d), largest);
        }
        fputs("</tr>\n", page->file);
    }
    fputs("</tbody></table></div></details>\n", page->file);
}

void ho_page_members(const ho_page *page)
{
    const json_t *members = json_object_get(page->details, "members");
    const bool windows = are_windows_known(page);
    fputs("<h2 id=members>Strategies</h2>\n<p class=note>One lot each. The last column tells what the "
          "portfolio's fitness would lose if the strategy were left out. <small>= 2</small> behind a name: "
          "the same result as strategy 2 in every period.</p>\n<div class=scroll><table "
          "class=sorts><thead><tr><th class=n>No.</th><th>Strategy</th>",
          page->file);
    if (windows)
        fputs("<th class=spare>Window</th><th class='n spare'>Stop</th><th class='n spare'>Target</th>",
              page->file);
    fputs("<th class=n>Profit</th><th class=n>Share</th><th class=n>Drawdown</th><th class=n>Return / "
          "drawdown</th><th class=n>Winning</th><th class=n>Mean correlation</th><th "
          "class=n>Adds to fitness</th></tr></thead>\n<tbody>",
          page->file);
    for (size_t k = 0; k < json_array_size(members); k++)
        put_member(page, json_array_get(members, k), k, windows);
    fputs("</tbody></table></div>\n", page->file);
    put_weekdays(page, members);
}

/* Minutes since midnight of "14:26"; NaN where there is no time. */
static double minutes_of(const char *time)
{
    int hours = 0, minutes = 0;
    return sscanf(time, "%d:%d", &hours, &minutes) == 2 ? (double)(60 * hours + minutes) : (double)NAN;
}

typedef struct window {
    double opens, closes;
    size_t member;
} window;

static int earlier_first(const void *a, const void *b)
{
    const window *x = a, *y = b;
    if (x->opens != y->opens) return x->opens > y->opens ? 1 : -1;
    if (x->closes != y->closes) return x->closes > y->closes ? 1 : -1;
    return (x->member > y->member) - (x->member < y->member);
}

/* A bar a strategy from its entry to its exit, in the order of their entries. */
static void draw_windows(const ho_plot *p, window *windows, size_t count)
{
    const double height = (p->bottom - p->top) / (double)(count > 0 ? count : 1);
    const json_t *members = json_object_get(p->page->details, "members");
    if (count > 1) qsort(windows, count, sizeof *windows, earlier_first);
    for (size_t i = 0; i < count; i++) {
        const json_t *m = json_array_get(members, windows[i].member);
        const double left = ho_plot_x(p, windows[i].opens), right = ho_plot_x(p, windows[i].closes);
        fprintf(p->page->file, "<rect class='fill %s' x=%.1f y=%.1f width=%.1f height=%.1f><title>",
                ho_page_number(m, "total_roi") < 0 ? "lost" : "gain", left, p->top + (double)i * height,
                fmax(right - left, 1), fmax(height * 0.72, 0.8));
        ho_page_text(p->page, ho_page_string(m, "name"));
        fputs("</title></rect>\n", p->page->file);
    }
}

/* How many are in the market, as a stair. */
static void draw_open(ho_plot *p, const json_t *steps)
{
    double most = 0;
    for (size_t i = 0; i < json_array_size(steps); i++)
        most = fmax(most, ho_page_at(json_array_get(steps, i), 1));
    ho_plot_set_y(p, 0, most);
    ho_plot_y_axis(p, HO_UNIT_COUNT);
    fprintf(p->page->file, "<path class='fill under' d='M%.1f %.1f", p->left, p->bottom);
    for (size_t i = 0; i < json_array_size(steps); i++) {
        const json_t *step = json_array_get(steps, i);
        const char *time = json_string_value(json_array_get(step, 0));
        fprintf(p->page->file, "H%.1fV%.1f", ho_plot_x(p, minutes_of(time != NULL ? time : "")),
                ho_plot_y(p, ho_page_at(step, 1)));
    }
    fprintf(p->page->file, "H%.1fV%.1fZ'/>\n", p->right, p->bottom);
}

/* The times of the day between the first entry and the last exit, half hours or hours. */
static void draw_hours(const ho_plot *p)
{
    const double each = p->x1 - p->x0 > (p->right - p->left > 500 ? 420 : 240) ? 60 : 30;
    for (double at = ceil(p->x0 / each) * each; at <= p->x1; at += each) {
        const double x = ho_plot_x(p, at);
        fprintf(p->page->file,
                "<path class=grid d='M%.1f %gV%g'/><text class=mid x=%.1f y=%g>%02d:%02d</text>\n", x, p->top,
                p->bottom, x, p->bottom + 18, (int)at / 60, (int)at % 60);
    }
}

static void draw_day(ho_plot *p, const void *data, bool narrow)
{
    (void)narrow;
    const json_t *steps = data;
    const size_t members = json_array_size(json_object_get(p->page->details, "members"));
    window *windows = calloc(members + 1, sizeof *windows);
    size_t count = 0;
    p->x0 = INFINITY;
    p->x1 = -INFINITY;
    for (size_t k = 0; windows != NULL && k < members; k++) {
        const json_t *m = json_array_get(json_object_get(p->page->details, "members"), k);
        const window w = {minutes_of(ho_page_string(m, "opens")), minutes_of(ho_page_string(m, "closes")), k};
        if (!(w.closes > w.opens)) continue;
        windows[count++] = w;
        p->x0 = fmin(p->x0, w.opens);
        p->x1 = fmax(p->x1, w.closes);
    }
    const double bottom = p->bottom, split = p->top + 110;
    draw_hours(p);
    p->bottom = split - 8;
    draw_open(p, steps);
    p->top = split + 8;
    p->bottom = bottom - 4;
    if (windows != NULL) draw_windows(p, windows, count);
    free(windows);
}

void ho_page_day(const ho_page *page)
{
    enum { LEAST = 260, MOST = 620 };
    const json_t *steps = json_object_get(page->details, "open_positions");
    const double members = (double)json_array_size(json_object_get(page->details, "members"));
    double most = 0;
    const char *when = "";
    for (size_t i = 0; i < json_array_size(steps); i++) {
        const json_t *step = json_array_get(steps, i);
        if (!(ho_page_at(step, 1) > most)) continue;
        most = ho_page_at(step, 1);
        when = json_string_value(json_array_get(step, 0));
    }
    fprintf(page->file,
            "<h2 id=day>Through the day</h2>\n<p class=note>As the names tell: most strategies are in the "
            "market at %s, <b>%.0f at once</b>; so many lots need margin together. Above: how many are open; "
            "below: a bar a strategy, blue where it earned. A stop or a target may close it "
            "earlier.</p>\n",
            when != NULL ? when : "", most);
    ho_plot_figure(page, "When the strategies are in the market", fmin(fmax(190 + 9 * members, LEAST), MOST),
                   draw_day, steps);
}
