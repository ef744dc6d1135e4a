/* Charts of the portfolio's series. */
#include "report/plot.h"

#include <math.h>

enum { MARKED = 3 }; /* drawdowns */

static const json_t *of_series(const ho_page *page, const char *key)
{
    return json_object_get(page->series, key);
}

static double last_x(const ho_page *page)
{
    const double last = (double)json_array_size(of_series(page, "dates")) - 1;
    return last > 0 ? last : 1;
}

/* The deepest falls as stripes over the whole height, with their numbers. */
static void mark_drawdowns(const ho_plot *p, double top)
{
    const json_t *list = json_object_get(p->page->details, "drawdowns");
    for (size_t i = 0; i < MARKED && i < json_array_size(list); i++) {
        const json_t *line = json_array_get(list, i);
        const double first = ho_page_number(line, "first"), last = first + ho_page_number(line, "periods");
        const double left = ho_plot_x(p, fmax(first - 1, 0)), right = ho_plot_x(p, fmin(last, p->x1));
        fprintf(p->page->file,
                "<rect class=stripe x=%.1f y=%g width=%.1f height=%g /><text class='mid small' x=%.1f "
                "y=%g>%zu</text>\n",
                left, top, fmax(right - left, 1), p->bottom - top, (left + right) / 2, top + 11, i + 1);
    }
}

static void draw_equity(ho_plot *p, const void *data, bool narrow)
{
    (void)data;
    const ho_page *page = p->page;
    const json_t *equity = of_series(page, "equity"), *depths = of_series(page, "drawdown");
    const json_t *random = json_object_get(json_object_get(page->details, "random_portfolios"), "equity");
    const json_t *low = json_object_get(random, "5%"), *high = json_object_get(random, "95%");
    const json_t *all = json_object_get(json_object_get(page->details, "all_strategies"), "equity");
    const double bottom = p->bottom, split = p->top + (bottom - p->top) * (narrow ? 0.66 : 0.68);
    double least = 0, most = 0, deepest = 0, none = 0;
    ho_plot_range(equity, &least, &most);
    ho_plot_range(low, &least, &most);
    ho_plot_range(high, &least, &most);
    p->x1 = last_x(page);
    mark_drawdowns(p, p->top);
    p->bottom = split - 10;
    ho_plot_set_y(p, least, most);
    ho_plot_y_axis(p, HO_UNIT_MONEY);
    ho_plot_zero(p);
    if (low != NULL && high != NULL) ho_plot_band(p, low, high, "random");
    if (all != NULL) ho_plot_line(p, all, "all");
    ho_plot_line(p, equity, "best");
    p->top = split + 10;
    p->bottom = bottom;
    ho_plot_range(depths, &none, &deepest);
    ho_plot_set_y(p, 0, deepest);
    p->y0 = p->y1; /* depths grow downwards */
    p->y1 = 0;
    ho_plot_y_axis(p, HO_UNIT_MONEY);
    ho_plot_area(p, depths, 0, "under");
    ho_plot_line(p, depths, "loss");
    ho_plot_date_axis(p);
}

void ho_page_equity(const ho_page *page)
{
    static const ho_plot_key keys[] = {{"best", "portfolio"},
                                       {"all", "all strategies, same lots"},
                                       {"random", "random portfolios, 5 to 95 %"}};
    fputs("<h2 id=equity>Equity and drawdown</h2>\n", page->file);
    ho_plot_legend(page, keys, sizeof keys / sizeof *keys);
    ho_plot_figure_of_series(page, "Equity over time, and below it the drawdown", 460, "equity,drawdown,pnl",
                             draw_equity, NULL);
    fputs(
        "<p class=note>Upper part: running profit. Lower part: how far below its highest point. Stripes: the "
        "three deepest drawdowns, numbered as in the table below.</p>\n",
        page->file);
}

static void draw_bars(ho_plot *p, const void *data, bool narrow)
{
    (void)data;
    (void)narrow;
    const json_t *pnl = of_series(p->page, "pnl");
    const size_t count = json_array_size(pnl);
    double low = 0, high = 0;
    ho_plot_range(pnl, &low, &high);
    ho_plot_set_y(p, low, high);
    p->x0 = -0.5;
    p->x1 = (double)count - 0.5;
    ho_plot_y_axis(p, HO_UNIT_MONEY);
    const double width = fmax((p->right - p->left) / (double)(count > 0 ? count : 1) * 0.8, 0.4);
    for (int sign = 0; sign < 2; sign++) {
        fprintf(p->page->file, "<path class='fill %s' d='", sign == 0 ? "gain" : "lost");
        for (size_t t = 0; t < count; t++) {
            const double value = ho_page_at(pnl, t);
            if ((value < 0) != (sign == 1) || !isfinite(value)) continue;
            fprintf(p->page->file, "M%.1f %.1fh%.1fV%.1fh-%.1fz", ho_plot_x(p, (double)t) - width / 2,
                    ho_plot_y(p, 0), width, ho_plot_y(p, value), width);
        }
        fputs("'/>\n", p->page->file);
    }
    ho_plot_zero(p);
    ho_plot_date_axis(p);
}

static void draw_histogram(ho_plot *p, const void *data, bool narrow)
{
    (void)data;
    (void)narrow;
    const ho_page *page = p->page;
    const json_t *histogram = json_object_get(page->details, "histogram");
    const json_t *edges = json_object_get(histogram, "edges"), *counts = json_object_get(histogram, "counts");
    const size_t bins = json_array_size(counts);
    double low = 0, high = 0;
    ho_plot_range(counts, &low, &high);
    ho_plot_set_y(p, 0, high);
    p->x0 = ho_page_at(edges, 0);
    p->x1 = ho_page_at(edges, bins);
    ho_plot_y_axis(p, HO_UNIT_COUNT);
    for (size_t i = 0; i < bins; i++) {
        const double left = ho_plot_x(p, ho_page_at(edges, i)),
                     right = ho_plot_x(p, ho_page_at(edges, i + 1));
        const double count = ho_page_at(counts, i), y = ho_plot_y(p, count);
        fprintf(page->file, "<rect class='fill %s' x=%.1f y=%.1f width=%.1f height=%.1f><title>",
                ho_page_at(edges, i) < 0 ? "lost" : "gain", left + 0.5, y, fmax(right - left - 1, 0.5),
                p->bottom - y);
        ho_page_value(page, HO_UNIT_COUNT, count);
        fprintf(page->file, " %s from ", page->periods);
        ho_page_value(page, HO_UNIT_MONEY, ho_page_at(edges, i));
        fputs(" to ", page->file);
        ho_page_value(page, HO_UNIT_MONEY, ho_page_at(edges, i + 1));
        fputs("</title></rect>\n", page->file);
    }
    ho_plot_number_axis(p, HO_UNIT_MONEY);
}

typedef struct rolling {
    const char *key;
    ho_unit unit;
} rolling;

static void draw_rolling(ho_plot *p, const void *data, bool narrow)
{
    (void)narrow;
    const rolling *r = data;
    const json_t *values = of_series(p->page, r->key);
    double low = 0, high = 0;
    ho_plot_range(values, &low, &high);
    ho_plot_set_y(p, low, high);
    p->x1 = last_x(p->page);
    ho_plot_y_axis(p, r->unit);
    ho_plot_zero(p);
    ho_plot_line(p, values, "best");
    ho_plot_date_axis(p);
}

void ho_page_results(const ho_page *page)
{
    static const rolling profit = {"rolling_pnl", HO_UNIT_MONEY}, sharpe = {"rolling_sharpe", HO_UNIT_NUMBER};
    const double window = ho_page_number(page->series, "rolling_window");
    fprintf(page->file, "<h2 id=results>Results of the %s</h2>\n", page->periods);
    ho_plot_figure_of_series(page, "Profit or loss over time", 240, "pnl", draw_bars, NULL);
    fputs("<div class=pair><div><h3>Distribution of the results</h3>\n", page->file);
    ho_plot_figure(page, "How often a result came", 320, draw_histogram, NULL);
    fputs("</div>\n", page->file);
    if (window > 0) {
        fprintf(page->file, "<div><h3>Profit of the last %.0f %s</h3>\n", window, page->periods);
        ho_plot_figure_of_series(page, "Rolling profit", 320, "rolling_pnl", draw_rolling, &profit);
        fprintf(page->file, "</div></div>\n<h3>Sharpe ratio of the last %.0f %s, a year</h3>\n", window,
                page->periods);
        ho_plot_figure_of_series(page, "Rolling Sharpe ratio", 220, "rolling_sharpe", draw_rolling, &sharpe);
    } else {
        fputs("</div>\n", page->file);
    }
}
