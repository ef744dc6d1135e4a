/* Would it have held up: the choices of a walk-forward on days that they had not seen, beside what they had promised. */
#include "report/plot.h"

#include <math.h>
#include <string.h>

static const json_t *held(const ho_page *page)
{
    return json_object_get(page->root, "out_of_sample");
}

bool ho_page_has_held(const ho_page *page)
{
    return json_is_object(held(page));
}

/* A page whose dates are those of the joined tests, for the axis of a chart. */
static ho_page page_of(const ho_page *page, const json_t *series)
{
    ho_page other = *page;
    other.series = series;
    return other;
}

static void draw_joined(ho_plot *p, const void *data, bool narrow)
{
    (void)narrow;
    static const char *const rivals[] = {"all_strategies", "best_singles"}, *const styles[] = {"all",
                                                                                               "singles"};
    const json_t *joined = data, *equity = json_object_get(joined, "equity");
    const json_t *random = json_object_get(json_object_get(joined, "random_portfolios"), "equity");
    const json_t *low = json_object_get(random, "5%"), *high = json_object_get(random, "95%");
    const double count = (double)json_array_size(equity);
    double least = 0, most = 0;
    ho_plot_range(equity, &least, &most);
    ho_plot_range(low, &least, &most);
    ho_plot_range(high, &least, &most);
    for (size_t i = 0; i < 2; i++)
        ho_plot_range(json_object_get(json_object_get(joined, rivals[i]), "equity"), &least, &most);
    p->x1 = count > 1 ? count - 1 : 1;
    ho_plot_set_y(p, least, most);
    ho_plot_y_axis(p, HO_UNIT_MONEY);
    ho_plot_zero(p);
    ho_plot_band(p, low, high, "random");
    for (size_t i = 0; i < 2; i++)
        ho_plot_line(p, json_object_get(json_object_get(joined, rivals[i]), "equity"), styles[i]);
    ho_plot_line(p, equity, "best");
    ho_plot_date_axis(p);
}

static void put_joined_chart(const ho_page *page, const json_t *joined)
{
    static const ho_plot_key keys[] = {{"best", "the portfolios, each on its test days"},
                                       {"singles", "best single strategies of each training"},
                                       {"all", "all strategies, same lots"},
                                       {"random", "random portfolios, 5 to 95 %"}};
    const ho_page other = page_of(page, joined);
    ho_plot_legend(page, keys, sizeof keys / sizeof *keys);
    ho_plot_figure(&other, "Profit on the tested days, one fold after the other", 320, draw_joined, joined);
}

static void draw_paths(ho_plot *p, const void *data, bool narrow)
{
    (void)narrow;
    const json_t *paths = data;
    double least = 0, most = 0, count = 1;
    for (size_t i = 0; i < json_array_size(paths); i++) {
        const json_t *equity = json_object_get(json_array_get(paths, i), "equity");
        ho_plot_range(equity, &least, &most);
        count = fmax(count, (double)json_array_size(equity) - 1);
    }
    p->x1 = count;
    ho_plot_set_y(p, least, most);
    ho_plot_y_axis(p, HO_UNIT_MONEY);
    ho_plot_zero(p);
    for (size_t i = 0; i < json_array_size(paths); i++) {
        char style[4] = {'a', (char)('0' + i % 10), '\0'};
        ho_plot_line(p, json_object_get(json_array_get(paths, i), "equity"), style);
    }
    ho_plot_date_axis(p);
}

static void put_measures(const ho_page *page, const json_t *m)
{
    ho_page_cell(page, HO_UNIT_MONEY, ho_page_number(m, "total_roi"));
    ho_page_cell(page, HO_UNIT_MONEY, ho_page_number(m, "max_drawdown"));
    ho_page_cell(page, HO_UNIT_NUMBER, ho_page_number(m, "roi_dd_ratio"));
    ho_page_cell(page, HO_UNIT_MONEY, ho_page_number(m, "expectancy"));
}

static void put_choice(const ho_page *page, const char *name, const json_t *measures)
{
    if (measures == NULL) return;
    fprintf(page->file, "<tr><th scope=row>%s</th>", name);
    put_measures(page, measures);
    fputs("</tr>\n", page->file);
}

static void open_table(const ho_page *page, const char *heads)
{
    fprintf(page->file, "<div class=scroll><table class=sorts><thead><tr>%s</tr></thead>\n<tbody>", heads);
}

static void close_table(const ho_page *page)
{
    fputs("</tbody></table></div>\n", page->file);
}

static void put_against(const ho_page *page, const json_t *joined)
{
    static const struct {
        const char *key, *name;
    } rivals[] = {{"kelly_sized", "the same in Kelly's sizes, as many lots in all"},
                  {"portfolio_before", "the portfolio of the fold before, kept on"},
                  {"best_singles", "the strategies that were best alone"},
                  {"all_strategies", "all strategies in equal parts"}};
    const json_t *random = json_object_get(joined, "random_portfolios");
    const json_t *ratio = json_object_get(random, "roi_dd_ratio");
    open_table(
        page,
        "<th>On the tested days</th><th class=n>Profit</th><th class=n>Drawdown</th><th class=n>Return / "
        "drawdown</th><th class=n>Profit a day</th>");
    put_choice(page, "the portfolios that were chosen", json_object_get(joined, "measures"));
    for (size_t i = 0; i < sizeof rivals / sizeof *rivals; i++)
        put_choice(page, rivals[i].name, json_object_get(json_object_get(joined, rivals[i].key), "measures"));
    close_table(page);
    fputs("<p class=note>Of ", page->file);
    ho_page_value(page, HO_UNIT_COUNT, ho_page_number(random, "count"));
    fputs(" random portfolios of the same size the choice was better than ", page->file);
    ho_page_value(page, HO_UNIT_COUNT, ho_page_number(random, "below"));
    fprintf(page->file, " (p = %.3f); their return over drawdown was ", ho_page_number(random, "p_value"));
    ho_page_value(page, HO_UNIT_NUMBER, ho_page_number(ratio, "5%"));
    fputs(" to ", page->file);
    ho_page_value(page, HO_UNIT_NUMBER, ho_page_number(ratio, "95%"));
    fputs(" in nine of ten.</p>\n", page->file);
}

static void put_date_span(const ho_page *page, const json_t *side)
{
    fputs("<td>", page->file);
    ho_page_text(page, ho_page_string(side, "from"));
    fputs(" to ", page->file);
    ho_page_text(page, ho_page_string(side, "to"));
    fputs("</td>", page->file);
    ho_page_cell(page, HO_UNIT_COUNT, ho_page_number(side, "days"));
}

static void put_folds(const ho_page *page)
{
    const json_t *folds = json_object_get(held(page), "folds");
    fputs("<h3>Fold by fold</h3>\n", page->file);
    open_table(
        page,
        "<th class=n>Fold</th><th>Trained</th><th class=n>Days</th><th class=n>Return / drawdown</th><th "
        "class=n>Profit a day</th><th>Tested</th><th class=n>Days</th><th class=n>Profit</th><th "
        "class=n>Drawdown</th><th class=n>Return / drawdown</th><th class=n>Profit a day</th><th "
        "class=n>Kept</th><th class=n>Better than random</th><th class=n>Same members as before</th>");
    for (size_t i = 0; i < json_array_size(folds); i++) {
        const json_t *fold = json_array_get(folds, i);
        const json_t *train = json_object_get(fold, "train"), *test = json_object_get(fold, "test");
        const json_t *in = json_object_get(train, "measures");
        fputs("<tr>", page->file);
        ho_page_cell(page, HO_UNIT_COUNT, (double)i + 1);
        put_date_span(page, train);
        ho_page_cell(page, HO_UNIT_NUMBER, ho_page_number(in, "roi_dd_ratio"));
        ho_page_cell(page, HO_UNIT_MONEY, ho_page_number(in, "expectancy"));
        put_date_span(page, test);
        put_measures(page, json_object_get(test, "measures"));
        ho_page_cell(page, HO_UNIT_SHARE, ho_page_number(fold, "kept_of_expectancy"));
        ho_page_cell(page, HO_UNIT_SHARE,
                     ho_page_number(json_object_get(fold, "against"), "better_than_random"));
        ho_page_cell(page, HO_UNIT_SHARE, ho_page_number(fold, "overlap_with_before"));
        fputs("</tr>\n", page->file);
    }
    close_table(page);
}

static void draw_resampled(ho_plot *p, const void *data, bool narrow)
{
    (void)narrow;
    const json_t *held = data, *equity = json_object_get(json_object_get(held, "bands"), "equity");
    const json_t *seen = json_object_get(json_object_get(held, "joined"), "equity");
    const json_t *low = json_object_get(equity, "5%"), *high = json_object_get(equity, "95%");
    const double count = (double)json_array_size(low);
    double least = 0, most = 0;
    ho_plot_range(low, &least, &most);
    ho_plot_range(high, &least, &most);
    ho_plot_range(seen, &least, &most);
    p->x1 = count > 1 ? count - 1 : 1;
    ho_plot_set_y(p, least, most);
    ho_plot_y_axis(p, HO_UNIT_MONEY);
    ho_plot_zero(p);
    ho_plot_band(p, low, high, "random");
    ho_plot_band(p, json_object_get(equity, "25%"), json_object_get(equity, "75%"), "random");
    ho_plot_line(p, json_object_get(equity, "median"), "all");
    ho_plot_line(p, seen, "best");
    ho_plot_number_axis(p, HO_UNIT_COUNT);
}

/* How deep the resamples went: what capital must bear. */
static void put_deepest(const ho_page *page)
{
    static const char *const shares[] = {"50%", "75%", "90%", "95%", "99%"};
    const json_t *deepest = json_object_get(held(page), "deepest");
    if (!json_is_object(deepest)) return;
    open_table(page, "<th>Resamples with no more than</th><th class=n>Drawdown</th><th class=n>Loss of the "
                     "capital begun with</th>");
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        const json_t *deep = json_object_get(deepest, shares[i]);
        fprintf(page->file, "<tr><th scope=row>%s</th>", shares[i]);
        ho_page_cell(page, HO_UNIT_MONEY, ho_page_number(deep, "max_drawdown"));
        ho_page_cell(page, HO_UNIT_MONEY, ho_page_number(deep, "loss"));
        fputs("</tr>\n", page->file);
    }
    close_table(page);
}

static void put_fan(const ho_page *page)
{
    static const ho_plot_key keys[] = {{"best", "the tested days as they were"},
                                       {"all", "middle of the resamples"},
                                       {"random", "half of them, and nine of ten"}};
    const bool joined = json_is_object(json_object_get(held(page), "joined"));
    ho_plot_legend(page, keys + (joined ? 0 : 1), sizeof keys / sizeof *keys - (joined ? 0 : 1));
    ho_plot_figure(page, "Profit of the tested days drawn anew, day by day", 280, draw_resampled, held(page));
}

/* What one in twenty of the resamples is below, and above. */
static void put_bands(const ho_page *page)
{
    static const struct {
        const char *key, *name;
        ho_unit unit;
    } rows[] = {{"total_roi", "Profit", HO_UNIT_MONEY},
                {"max_drawdown", "Drawdown", HO_UNIT_MONEY},
                {"roi_dd_ratio", "Return / drawdown", HO_UNIT_NUMBER},
                {"win_rate", "Winning", HO_UNIT_SHARE},
                {"profit_factor", "Profit factor", HO_UNIT_NUMBER},
                {"sharpe", "Sharpe ratio a year", HO_UNIT_NUMBER}};
    const json_t *bands = json_object_get(held(page), "bands"),
                 *measures = json_object_get(bands, "measures");
    if (!json_is_object(bands)) return;
    fputs("<h3>How else these days could have turned out</h3>\n", page->file);
    put_fan(page);
    open_table(
        page,
        "<th>Drawn anew from the tested days</th><th class=n>5 %</th><th class=n>Median</th><th class=n>95 "
        "%</th>");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const json_t *band = json_object_get(measures, rows[i].key);
        if (band == NULL) continue;
        fprintf(page->file, "<tr><th scope=row>%s</th>", rows[i].name);
        ho_page_cell(page, rows[i].unit, ho_page_number(band, "5%"));
        ho_page_cell(page, rows[i].unit, ho_page_number(band, "median"));
        ho_page_cell(page, rows[i].unit, ho_page_number(band, "95%"));
        fputs("</tr>\n", page->file);
    }
    close_table(page);
    fprintf(page->file, "<p class=note>%.0f resamples in blocks of %.1f periods on average.",
            ho_page_number(bands, "resamples"), ho_page_number(bands, "block_length"));
    const double ruin = ho_page_number(bands, "ruin");
    if (!isnan(ruin)) {
        fputs(" Ruin came in ", page->file);
        ho_page_value(page, HO_UNIT_SHARE, ruin);
        fputs(" of them.", page->file);
    }
    fputs("</p>\n", page->file);
}

static void put_luck(const ho_page *page)
{
    const json_t *sharpe = json_object_get(held(page), "chosen_sharpe");
    const json_t *overfit = json_object_get(held(page), "overfitting");
    const json_t *stability = json_object_get(held(page), "stability");
    fputs("<ul class=beside>\n<li>In ", page->file);
    ho_page_value(page, HO_UNIT_SHARE, ho_page_number(held(page), "lower_half"));
    fputs(" of the folds the choice was no better than the middle one of the random portfolios.</li>\n",
          page->file);
    if (json_is_object(overfit)) {
        fputs("<li>Of single strategies the best of one half of the days lands in the lower half of the "
              "other with "
              "probability ",
              page->file);
        ho_page_value(page, HO_UNIT_NUMBER, ho_page_number(overfit, "probability"));
        fprintf(page->file, " (%.0f splits).</li>\n", ho_page_number(overfit, "splits"));
    }
    fputs("<li>The Sharpe ratio of the portfolio above is that of the best of ", page->file);
    ho_page_value(page, HO_UNIT_COUNT, ho_page_number(sharpe, "trials"));
    fputs(" valued portfolios; that it is more than luck would show among as many random ones has the "
          "probability ",
          page->file);
    ho_page_value(page, HO_UNIT_NUMBER, ho_page_number(sharpe, "deflated"));
    fputs(". A search for the best days among them is held to the folds above, not to "
          "this.</li>\n<li>Neighbouring folds shared ",
          page->file);
    ho_page_value(page, HO_UNIT_SHARE, ho_page_number(stability, "overlap_mean"));
    fputs(" of their members on average; ", page->file);
    ho_page_value(page, HO_UNIT_COUNT, ho_page_number(stability, "strategies"));
    fputs(" different strategies were held.</li>\n</ul>\n", page->file);
}

static void put_paths(const ho_page *page)
{
    const json_t *paths = json_object_get(held(page), "paths");
    fputs("<h3>Paths</h3>\n<p class=note>Each path goes through all days, every part of them tested by a "
          "portfolio that "
          "had not seen it.</p>\n",
          page->file);
    ho_plot_figure(page, "Profit along each path", 320, draw_paths, paths);
    open_table(page, "<th>Path</th><th class=n>Profit</th><th class=n>Drawdown</th><th class=n>Return / "
                     "drawdown</th><th class=n>Profit a day</th>");
    for (size_t i = 0; i < json_array_size(paths); i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "path %zu", i + 1);
        put_choice(page, name, json_object_get(json_array_get(paths, i), "measures"));
    }
    close_table(page);
}

void ho_page_held(const ho_page *page)
{
    const json_t *joined = json_object_get(held(page), "joined");
    fputs("<h2 id=held>Would it have held up?</h2>\n<p class=lead>", page->file);
    ho_page_text(page, ho_page_string(held(page), "verdict"));
    fputs("</p>\n<p class=caution>", page->file);
    ho_page_text(page, ho_page_string(held(page), "limits"));
    fputs("</p>\n", page->file);
    if (json_is_object(joined)) {
        put_joined_chart(page, joined);
        put_against(page, joined);
    }
    if (json_array_size(json_object_get(held(page), "paths")) > 0) put_paths(page);
    put_luck(page);
    put_folds(page);
    put_bands(page);
    put_deepest(page);
}
