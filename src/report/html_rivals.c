/* What else could have been traded: as many strategies that are best alone, all of them, a portfolio drawn at random.
 * Their profits mean little while their falls differ, so lots are cut until all fall as deep. */
#include "report/plot.h"

#include <math.h>

static double fall_of(const ho_page *page)
{
    return ho_page_number(json_object_get(page->best, "metrics"), "max_drawdown");
}

static void put_row(const ho_page *page, const char *name, double fitness, double total, double fall,
                    double ratio)
{
    fprintf(page->file, "<tr><th scope=row>%s</th>", name);
    ho_page_cell(page, HO_UNIT_NUMBER, fitness);
    ho_page_cell(page, HO_UNIT_MONEY, total);
    ho_page_cell(page, HO_UNIT_MONEY, fall);
    ho_page_cell(page, HO_UNIT_NUMBER, ratio);
    ho_page_cell(page, HO_UNIT_MONEY, ratio * fall_of(page));
    fputs("</tr>\n", page->file);
}

static void put_rival(const ho_page *page, const char *name, const char *key)
{
    const json_t *rival = json_object_get(page->details, key);
    const double total = ho_page_number(rival, "total_roi"), fall = ho_page_number(rival, "max_drawdown");
    if (rival == NULL) return;
    put_row(page, name, ho_page_number(rival, "fitness"), total, fall, fall > 0 ? total / fall : NAN);
}

/* Of each figure its own middle, or what one in twenty reaches. */
static void put_random(const ho_page *page, const char *name, const char *quantile, const char *of_fall)
{
    const json_t *random = json_object_get(page->details, "random_portfolios");
    const double ratio = ho_page_number(json_object_get(random, "roi_dd_ratio"), quantile);
    if (!isfinite(ratio)) return;
    put_row(page, name, ho_page_number(json_object_get(random, "fitness"), quantile),
            ho_page_number(json_object_get(random, "total_roi"), quantile),
            ho_page_number(json_object_get(random, "max_drawdown"), of_fall), ratio);
}

static void draw(ho_plot *p, const void *data, bool narrow)
{
    (void)narrow;
    const ho_page *page = data;
    static const struct {
        const char *key, *style;
    } lines[] = {{"all_strategies", "all"}, {"best_singles", "singles"}};
    const json_t *equity = json_object_get(page->series, "equity");
    const size_t count = json_array_size(equity);
    double low = 0, high = 0;
    ho_plot_range(equity, &low, &high);
    for (size_t i = 0; i < 2; i++) {
        const json_t *rival = json_object_get(page->details, lines[i].key);
        ho_plot_range_of(json_object_get(rival, "equity"), ho_page_number(rival, "same_drawdown"), &low,
                         &high);
    }
    p->x1 = count > 1 ? (double)count - 1 : 1;
    ho_plot_set_y(p, low, high);
    ho_plot_y_axis(p, HO_UNIT_MONEY);
    ho_plot_zero(p);
    for (size_t i = 0; i < 2; i++) {
        const json_t *rival = json_object_get(page->details, lines[i].key);
        ho_plot_line_of(p, json_object_get(rival, "equity"), ho_page_number(rival, "same_drawdown"),
                        lines[i].style);
    }
    ho_plot_line(p, equity, "best");
    ho_plot_date_axis(p);
}

void ho_page_rivals(const ho_page *page)
{
    static const ho_plot_key keys[] = {
        {"best", "portfolio"}, {"singles", "best single strategies"}, {"all", "all strategies"}};
    fputs(
        "<h2 id=rivals>Beside other choices</h2>\n<p class=note>As many lots each. Who can bear the "
        "portfolio's drawdown and no deeper one must trade fewer lots of the others: the last column and the "
        "chart show what then is left of their profit.</p>\n<div class=scroll><table "
        "class=sorts><thead><tr><th>Choice</th><th class=n>Fitness</th><th class=n>Profit</th><th "
        "class=n>Drawdown</th><th class=n>Return / drawdown</th><th class=n>Profit at the same "
        "drawdown</th></tr></thead>\n<tbody>",
        page->file);
    put_row(page, "this portfolio", ho_page_number(page->best, "fitness"), ho_page_total(page), fall_of(page),
            ho_page_number(json_object_get(page->best, "metrics"), "roi_dd_ratio"));
    put_rival(page, "the strategies that are best alone", "best_singles");
    put_rival(page, "all strategies in equal parts", "all_strategies");
    put_random(page, "random portfolios, the best twentieth", "95%", "5%");
    put_random(page, "random portfolios, the middle", "median", "median");
    fputs("</tbody></table></div>\n", page->file);
    if (!isfinite(ho_page_number(json_object_get(page->details, "best_singles"), "same_drawdown"))) return;
    fputs("<h3>Equity with lots cut to the same drawdown</h3>\n", page->file);
    ho_plot_legend(page, keys, sizeof keys / sizeof *keys);
    ho_plot_figure_of_series(page, "Equity at the same drawdown", 300, "equity,singles,all", draw, page);
}
