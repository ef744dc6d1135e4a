/* How the portfolio was found: the algorithms beside each other, the sizes. */
#include "report/plot.h"

#include <math.h>
#include <string.h>

enum { LINES = 10 }; /* styles a0 .. a9 of the style sheet */

/* The fitness as a bar from 0 to the best, raw part and what polishing added. */
static void bar_cell(const ho_page *page, double raw, double value, double best)
{
    const double whole = best > 0 && value > 0 ? fmin(value / best, 1) : 0;
    const double part = best > 0 && raw > 0 ? fmin(raw / best, whole) : 0;
    fprintf(page->file,
            "<td class=bar aria-hidden=true><i style='width:%.1f%%'></i><i class=more "
            "style='width:%.1f%%'></i></td>",
            100 * part, 100 * (whole - part));
}

static void put_algorithm(const ho_page *page, const json_t *a, double best)
{
    const json_t *seconds = json_object_get(json_object_get(page->root, "timings"), "algorithms");
    const double fitness = ho_page_number(a, "fitness"), raw = ho_page_number(a, "raw_fitness");
    const char *name = ho_page_string(a, "name");
    fputs("<tr><th scope=row>", page->file);
    ho_page_text(page, name);
    fputs("</th><td class=spare>", page->file);
    ho_page_text(page, ho_page_string(a, "title"));
    fputs("</td>", page->file);
    ho_page_cell(page, HO_UNIT_NUMBER, fitness);
    ho_page_cell(page, HO_UNIT_NUMBER, raw);
    bar_cell(page, raw, fitness, best);
    ho_page_cell(page, HO_UNIT_SHARE, best > 0 ? (best - fitness) / best : NAN);
    ho_page_cell(page, HO_UNIT_COUNT,
                 ho_page_number(a, "evaluations") + ho_page_number(a, "polish_evaluations"));
    ho_page_cell(page, HO_UNIT_NUMBER, ho_page_number(seconds, name));
    fputs("<td>", page->file);
    ho_page_text(page, ho_page_string(a, "stopped_by"));
    fputs("</td></tr>\n", page->file);
}

/* A trace is a list of [evaluations, fitness], each a new best: steps, on a logarithmic axis of evaluations. */
static void draw_trace(const ho_plot *p, const json_t *algorithm, size_t number)
{
    const json_t *trace = json_object_get(algorithm, "trace");
    bool pen_down = false;
    double last = 0;
    fprintf(p->page->file, "<path class='line a%zu' d='", number % LINES);
    for (size_t i = 0; i < json_array_size(trace); i++) {
        const json_t *point = json_array_get(trace, i);
        const double x = ho_plot_x(p, log10(fmax(ho_page_at(point, 0), 1))), value = ho_page_at(point, 1);
        if (!isfinite(value) || value < p->y0) continue;
        last = ho_plot_y(p, value);
        if (pen_down)
            fprintf(p->page->file, "H%.1fV%.1f", x, last);
        else
            fprintf(p->page->file, "M%.1f %.1f", fmax(x, p->left), last);
        pen_down = true;
    }
    fputs("'><title>", p->page->file);
    ho_page_text(p->page, ho_page_string(algorithm, "title"));
    fputs(": ", p->page->file);
    ho_page_value(p->page, HO_UNIT_NUMBER, ho_page_number(algorithm, "fitness"));
    fputs("</title></path>\n", p->page->file);
}

static void draw_convergence(ho_plot *p, const void *data, bool narrow)
{
    (void)narrow;
    const json_t *algorithms = data;
    double best = -INFINITY, least = INFINITY, most = 1,
           bound = ho_page_number(json_object_get(p->page->root, "bound"), "value");
    for (size_t i = 0; i < json_array_size(algorithms); i++) {
        const json_t *a = json_array_get(algorithms, i), *trace = json_object_get(a, "trace");
        best = fmax(best, ho_page_number(a, "fitness"));
        if (json_array_size(trace) > 0) least = fmin(least, ho_page_at(json_array_get(trace, 0), 1));
        for (size_t t = 0; t < json_array_size(trace); t++)
            most = fmax(most, ho_page_at(json_array_get(trace, t), 0));
    }
    p->x0 = 1;
    p->x1 = fmax(ceil(log10(most) * 4) / 4, 2);
    if (!isfinite(bound) || bound > 3 * best) bound = best;
    ho_plot_set_y(p, best > 0 ? fmax(least, 0) : least, fmax(best, bound));
    ho_plot_y_axis(p, HO_UNIT_NUMBER);
    ho_plot_power_axis(p);
    for (size_t i = 0; i < json_array_size(algorithms); i++) {
        const json_t *a = json_array_get(algorithms, i);
        if (json_array_size(json_object_get(a, "trace")) > 0) draw_trace(p, a, i);
    }
    if (bound > best)
        fprintf(p->page->file, "<path class='line bound' d='M%g %.1fH%g'/><text x=%g y=%.1f>bound</text>\n",
                p->left, ho_plot_y(p, bound), p->right, p->left + 6, ho_plot_y(p, bound) + 14);
}

static void put_convergence(const ho_page *page, const json_t *algorithms)
{
    static const char *const styles[LINES] = {"a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9"};
    ho_plot_key keys[LINES];
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(algorithms) && count < LINES; i++) {
        const json_t *a = json_array_get(algorithms, i);
        if (json_array_size(json_object_get(a, "trace")) == 0) continue;
        keys[count++] = (ho_plot_key){styles[i % LINES], ho_page_string(a, "name")};
    }
    if (count == 0) return;
    fputs("<h3>Best so far, by portfolios and swaps valued</h3>\n", page->file);
    ho_plot_legend(page, keys, count);
    ho_plot_figure(page, "The best fitness so far of each algorithm", 340, draw_convergence, algorithms);
}

void ho_page_algorithms(const ho_page *page)
{
    const json_t *algorithms = json_object_get(page->root, "algorithms");
    const double best = ho_page_number(page->best, "fitness");
    fputs(
        "<h2 id=algorithms>How it was found</h2>\n<p class=note>Every algorithm searches by itself; its best "
        "portfolio (raw) is then polished by the best swaps.</p>\n<div class=scroll><table "
        "class=sorts><thead><tr>"
        "<th>Algorithm</th><th class=spare></th><th class=n>Fitness</th><th class=n>Raw</th><th "
        "aria-hidden=true></th>"
        "<th class=n>Below the best</th><th class=n>Valued</th><th class=n>Seconds</th><th>Stopped "
        "by</th></tr>"
        "</thead>\n<tbody>",
        page->file);
    for (size_t i = 0; i < json_array_size(algorithms); i++)
        put_algorithm(page, json_array_get(algorithms, i), best);
    fputs("</tbody></table></div>\n", page->file);
    put_convergence(page, algorithms);
}

/* A dot a size, which tells its values. */
static void draw_dots(const ho_plot *p, const json_t *sizes)
{
    for (size_t i = 0; i < json_array_size(sizes); i++) {
        const json_t *size = json_array_get(sizes, i);
        const double k = ho_page_number(size, "size"), fitness = ho_page_number(size, "fitness");
        if (!isfinite(fitness)) continue;
        fprintf(p->page->file,
                "<circle class='fill gain' r=4 cx=%.1f cy=%.1f><title>%.0f strategies: ", ho_plot_x(p, k),
                ho_plot_y(p, fitness), k);
        ho_page_value(p->page, HO_UNIT_NUMBER, fitness);
        fputs("</title></circle>\n", p->page->file);
    }
}

static void draw_sizes(ho_plot *p, const void *data, bool narrow)
{
    (void)narrow;
    const json_t *sizes = data;
    const size_t count = json_array_size(sizes);
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        const json_t *size = json_array_get(sizes, i);
        const double fitness = ho_page_number(size, "fitness"), bound = ho_page_number(size, "bound");
        low = fmin(low, fitness);
        high = fmax(high, isfinite(bound) && bound < 3 * fitness ? bound : fitness);
    }
    p->x0 = ho_page_number(json_array_get(sizes, 0), "size");
    p->x1 = ho_page_number(json_array_get(sizes, count - 1), "size");
    ho_plot_set_y(p, low, high);
    ho_plot_y_axis(p, HO_UNIT_NUMBER);
    ho_plot_number_axis(p, HO_UNIT_COUNT);
    for (int line = 0; line < 2; line++) {
        const char *key = line == 0 ? "bound" : "fitness";
        bool pen_down = false;
        fprintf(p->page->file, "<path class='line %s' d='", line == 0 ? "bound" : "best");
        for (size_t i = 0; i < count; i++) {
            const double value = ho_page_number(json_array_get(sizes, i), key);
            if (!isfinite(value) || value > p->y1) continue;
            fprintf(p->page->file, "%c%.1f %.1f", pen_down ? 'L' : 'M',
                    ho_plot_x(p, ho_page_number(json_array_get(sizes, i), "size")), ho_plot_y(p, value));
            pen_down = true;
        }
        fputs("'/>\n", p->page->file);
    }
    draw_dots(p, sizes);
}

void ho_page_sizes(const ho_page *page)
{
    const json_t *sizes = json_object_get(page->root, "sizes");
    const double chosen = ho_page_number(page->best, "size");
    fputs("<h2 id=sizes>Sizes beside each other</h2>\n", page->file);
    ho_plot_figure(page, "The best fitness of each portfolio size", 280, draw_sizes, sizes);
    fputs("<div class=scroll><table class=sorts><thead><tr><th class=n>Size</th><th class=n>Fitness</th>"
          "<th class=n>Bound</th><th class=n>Profit</th><th class=n>Drawdown</th><th class=n>Return / "
          "drawdown</th><th class=n>Winning</th><th>Found by</th></tr></thead>\n<tbody>",
          page->file);
    for (size_t i = 0; i < json_array_size(sizes); i++) {
        const json_t *size = json_array_get(sizes, i);
        const double k = ho_page_number(size, "size");
        fputs(k == chosen ? "<tr class=chosen>" : "<tr>", page->file);
        ho_page_cell(page, HO_UNIT_COUNT, k);
        ho_page_cell(page, HO_UNIT_NUMBER, ho_page_number(size, "fitness"));
        ho_page_cell(page, HO_UNIT_NUMBER, ho_page_number(size, "bound"));
        const json_t *metrics = json_object_get(size, "metrics");
        ho_page_cell(page, HO_UNIT_MONEY, ho_page_number(metrics, "total_roi"));
        ho_page_cell(page, HO_UNIT_MONEY, ho_page_number(metrics, "max_drawdown"));
        ho_page_cell(page, HO_UNIT_NUMBER, ho_page_number(metrics, "roi_dd_ratio"));
        ho_page_cell(page, HO_UNIT_SHARE, ho_page_number(metrics, "win_rate"));
        fprintf(page->file, "<td>%s</td></tr>\n", ho_page_string(size, "algorithm"));
    }
    fputs("</tbody></table></div>\n", page->file);
}
