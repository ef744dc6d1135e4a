#include "report/plot.h"

#include <math.h>
#include <string.h>

enum { WIDE = 960, NARROW = 400, MOST_POINTS = 1200, LETTER = 7 };

static void one_drawing(const ho_page *page, const char *label, double height, const char *columns,
                        ho_plot_draw draw, const void *data, bool narrow)
{
    ho_plot plot = {.page = page,
                    .width = narrow ? NARROW : WIDE,
                    .height = narrow ? fmin(height, height > 400 ? 380 : 300) : height,
                    .left = narrow ? 58 : 84,
                    .top = 10};
    plot.right = plot.width - 12;
    plot.bottom = plot.height - 26;
    fprintf(page->file, "<svg class=%s viewBox='0 0 %g %g' role=img aria-label='", narrow ? "narrow" : "wide",
            plot.width, plot.height);
    ho_page_text(page, label);
    fputc('\'', page->file);
    if (columns != NULL)
        fprintf(page->file, " data-columns='%s' data-left=%g data-right=%g data-top=%g data-bottom=%g",
                columns, plot.left, plot.right, plot.top, plot.bottom);
    fputs(">\n", page->file);
    draw(&plot, data, narrow);
    fputs("</svg>\n", page->file);
}

void ho_plot_figure_of_series(const ho_page *page, const char *label, double height, const char *columns,
                              ho_plot_draw draw, const void *data)
{
    fputs("<figure>\n", page->file);
    one_drawing(page, label, height, columns, draw, data, false);
    one_drawing(page, label, height, columns, draw, data, true);
    fputs("</figure>\n", page->file);
}

void ho_plot_figure(const ho_page *page, const char *label, double height, ho_plot_draw draw,
                    const void *data)
{
    ho_plot_figure_of_series(page, label, height, NULL, draw, data);
}

double ho_plot_x(const ho_plot *p, double x)
{
    return p->left + (x - p->x0) / (p->x1 - p->x0) * (p->right - p->left);
}

double ho_plot_y(const ho_plot *p, double y)
{
    return p->bottom - (y - p->y0) / (p->y1 - p->y0) * (p->bottom - p->top);
}

void ho_plot_range(const json_t *values, double *low, double *high)
{
    ho_plot_range_of(values, 1, low, high);
}

void ho_plot_range_of(const json_t *values, double factor, double *low, double *high)
{
    for (size_t i = 0; i < json_array_size(values); i++) {
        const double value = factor * ho_page_at(values, i);
        if (!isfinite(value)) continue;
        *low = fmin(*low, value);
        *high = fmax(*high, value);
    }
}

/* Of 1, 2, 5 times a power of ten the smallest that cuts the range into at most `most` parts. */
static double step_of(double range, int most)
{
    const double least = range / most, power = pow(10, floor(log10(least)));
    return least <= power       ? power
           : least <= 2 * power ? 2 * power
           : least <= 5 * power ? 5 * power
                                : 10 * power;
}

static int y_parts(const ho_plot *p)
{
    const int parts = (int)((p->bottom - p->top) / 42);
    return parts < 2 ? 2 : parts;
}

void ho_plot_set_y(ho_plot *p, double low, double high)
{
    if (!(high > low)) {
        const double around = fabs(high) > 0 ? fabs(high) / 2 : 1;
        low = high - around;
        high = high + around;
    }
    const double step = step_of(high - low, y_parts(p));
    p->y0 = floor(low / step + 1e-9) * step;
    p->y1 = ceil(high / step - 1e-9) * step;
}

/* 1.2M, 340k: an axis has no room for all digits. Rupees the Indian way are lakhs and crores. */
static void put_short(const ho_plot *p, ho_unit unit, double value)
{
    const ho_page *page = p->page;
    const double size = fabs(value);
    if (unit == HO_UNIT_SHARE || (unit == HO_UNIT_MONEY && !page->rupees)) {
        fprintf(page->file, "%s%.*f%%", value < 0 ? "\u2212" : "", 100 * size < 10 && size > 0 ? 1 : 0,
                100 * size);
        return;
    }
    static const struct {
        double of;
        const char *western, *indian;
        double indian_of;
    } units[] = {{1e9, "bn", " Cr", 1e7}, {1e6, "M", " L", 1e5}, {1e3, "k", "k", 1e3}};
    double by = 1;
    const char *suffix = "";
    for (size_t i = 0; i < sizeof units / sizeof *units && by == 1; i++) {
        const double of = page->indian ? units[i].indian_of : units[i].of;
        if (size < of) continue;
        by = of;
        suffix = page->indian ? units[i].indian : units[i].western;
    }
    fprintf(page->file, "%s%s%.4g%s", value < 0 ? "\u2212" : "", unit == HO_UNIT_MONEY && size > 0 ? "₹" : "",
            size / by, suffix);
}

void ho_plot_y_axis(const ho_plot *p, ho_unit unit)
{
    const double low = fmin(p->y0, p->y1), high = fmax(p->y0, p->y1); /* an axis may be upside down */
    const double step = step_of(high - low, y_parts(p));
    for (double at = ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at++) {
        const double y = ho_plot_y(p, at * step);
        fprintf(p->page->file, "<path class=grid d='M%g %.1fH%g'/><text class=end x=%g y=%.1f>", p->left, y,
                p->right, p->left - 6, y + 4);
        put_short(p, unit, at * step);
        fputs("</text>\n", p->page->file);
    }
}

void ho_plot_zero(const ho_plot *p)
{
    if (p->y0 < 0 && p->y1 > 0)
        fprintf(p->page->file, "<path class=axis d='M%g %.1fH%g'/>\n", p->left, ho_plot_y(p, 0), p->right);
}

static void put_x_label(const ho_plot *p, double x, const char *text)
{
    const double half = (double)strlen(text) * LETTER / 2;
    const double at = fmin(fmax(x, p->left - 20 + half), p->width - half);
    fprintf(p->page->file, "<path class=tick d='M%.1f %gv4'/><text class=mid x=%.1f y=%g>%s</text>\n", x,
            p->bottom, at, p->bottom + 18, text);
}

static void date_label(const char *date, bool days, char out[16])
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int year = 0, month = 1, day = 1;
    (void)sscanf(date, "%d-%d-%d", &year, &month, &day);
    const char *name = months[month >= 1 && month <= 12 ? month - 1 : 0];
    if (days)
        snprintf(out, 16, "%d %s", day % 100, name);
    else
        snprintf(out, 16, "%s %d", name, year % 10000);
}

/* The beginnings of months, so many apart that their names have room; days where there are few months. */
void ho_plot_date_axis(const ho_plot *p)
{
    const json_t *dates = json_object_get(p->page->series, "dates");
    const size_t count = json_array_size(dates);
    const int room = (int)((p->right - p->left) / 76);
    int months = 0;
    char label[16];
    const char *before = "";
    for (size_t t = 0; t < count; t++) {
        const char *date = json_string_value(json_array_get(dates, t));
        if (date != NULL && strncmp(date, before, 7) != 0) {
            months++;
            before = date;
        }
    }
    if (months < 3) {
        const size_t labels = count < (size_t)room ? count : (size_t)room;
        for (size_t i = 0; i < labels; i++) {
            const size_t t = labels > 1 ? i * (count - 1) / (labels - 1) : 0;
            const char *date = json_string_value(json_array_get(dates, t));
            date_label(date != NULL ? date : "", true, label);
            put_x_label(p, ho_plot_x(p, (double)t), label);
        }
        return;
    }
    static const int apart[] = {1, 2, 3, 6, 12, 24, 60, 120};
    size_t step = 0;
    while (step + 1 < sizeof apart / sizeof *apart && months / apart[step] > room)
        step++;
    double at = NAN; /* of the label that waits: where the next one is near, a month of few days has none */
    before = "";
    for (size_t t = 0; t < count; t++) {
        const char *date = json_string_value(json_array_get(dates, t));
        if (date == NULL || strncmp(date, before, 7) == 0) continue;
        before = date;
        int year = 0, month = 1;
        (void)sscanf(date, "%d-%d", &year, &month);
        if ((year * 12 + month - 1) % apart[step] != 0) continue;
        const double x = ho_plot_x(p, (double)t);
        if (x - at >= 60) put_x_label(p, at, label);
        date_label(date, false, label);
        at = x;
    }
    if (!isnan(at)) put_x_label(p, at, label);
}

void ho_plot_number_axis(const ho_plot *p, ho_unit unit)
{
    const int room = (int)((p->right - p->left) / 64);
    double step = step_of(p->x1 - p->x0, room);
    if (unit == HO_UNIT_COUNT && step < 1) step = 1;
    for (double at = ceil(p->x0 / step - 1e-9); at * step <= p->x1 + step * 1e-9; at++) {
        const double x = ho_plot_x(p, at * step);
        const char *side = x > p->right - 14 ? "end" : "mid";
        fprintf(p->page->file, "<path class=tick d='M%.1f %gv4'/><text class=%s x=%.1f y=%g>", x, p->bottom,
                side, x > p->right - 14 ? p->width - 1 : x, p->bottom + 18);
        put_short(p, unit, at * step);
        fputs("</text>\n", p->page->file);
    }
}

void ho_plot_power_axis(const ho_plot *p)
{
    for (double at = ceil(p->x0 - 1e-9); at <= p->x1 + 1e-9; at++) {
        const double x = ho_plot_x(p, at);
        fprintf(p->page->file, "<path class=grid d='M%.1f %gV%g'/><text class=mid x=%.1f y=%g>", x, p->top,
                p->bottom, x, p->bottom + 18);
        put_short(p, HO_UNIT_COUNT, pow(10, at));
        fputs("</text>\n", p->page->file);
    }
}

typedef struct points {
    const json_t *values;
    size_t count;
    bool backwards;
    double factor;
} points;

static size_t place(const points *of, size_t i)
{
    return of->backwards ? of->count - 1 - i : i;
}

static double value_of(const points *of, size_t i)
{
    return of->factor * ho_page_at(of->values, place(of, i));
}

static bool put_point(const ho_plot *p, const points *of, size_t i, bool pen_down)
{
    const double value = value_of(of, i);
    if (!isfinite(value)) return false;
    fprintf(p->page->file, "%c%.1f %.1f", pen_down ? 'L' : 'M', ho_plot_x(p, (double)place(of, i)),
            ho_plot_y(p, value));
    return true;
}

/* Of very many points those that a drawing can show: the lowest and the highest of each stretch. */
static void put_points_of(const ho_plot *p, const json_t *values, double factor, bool backwards,
                          bool pen_down)
{
    const points all = {values, json_array_size(values), backwards, factor};
    const size_t stretch = (all.count + MOST_POINTS - 1) / MOST_POINTS;
    for (size_t first = 0; first < all.count; first += stretch) {
        size_t low = first, high = first;
        for (size_t i = first; i < first + stretch && i < all.count; i++) {
            if (value_of(&all, i) < value_of(&all, low)) low = i;
            if (value_of(&all, i) > value_of(&all, high)) high = i;
        }
        pen_down = put_point(p, &all, low < high ? low : high, pen_down);
        if (low != high) pen_down = put_point(p, &all, low < high ? high : low, pen_down);
    }
}

static void put_points(const ho_plot *p, const json_t *values, bool backwards, bool pen_down)
{
    put_points_of(p, values, 1, backwards, pen_down);
}

void ho_plot_line_of(const ho_plot *p, const json_t *values, double factor, const char *style)
{
    if (!isfinite(factor)) return;
    fprintf(p->page->file, "<path class='line %s' d='", style);
    put_points_of(p, values, factor, false, false);
    fputs("'/>\n", p->page->file);
}

void ho_plot_line(const ho_plot *p, const json_t *values, const char *style)
{
    ho_plot_line_of(p, values, 1, style);
}

void ho_plot_band(const ho_plot *p, const json_t *low, const json_t *high, const char *style)
{
    fprintf(p->page->file, "<path class='fill %s' d='", style);
    put_points(p, high, false, false);
    put_points(p, low, true, true);
    fputs("Z'/>\n", p->page->file);
}

void ho_plot_area(const ho_plot *p, const json_t *values, double base, const char *style)
{
    const size_t count = json_array_size(values);
    if (count == 0) return;
    fprintf(p->page->file, "<path class='fill %s' d='M%.1f %.1f", style, ho_plot_x(p, 0), ho_plot_y(p, base));
    put_points(p, values, false, true);
    fprintf(p->page->file, "L%.1f %.1fZ'/>\n", ho_plot_x(p, (double)count - 1), ho_plot_y(p, base));
}

void ho_plot_legend(const ho_page *page, const ho_plot_key *keys, size_t count)
{
    fputs("<p class=legend>", page->file);
    for (size_t i = 0; i < count; i++) {
        fprintf(page->file, "<span><svg viewBox='0 0 20 10'><path class='line %s' d='M1 5h18'/></svg>",
                keys[i].style);
        ho_page_text(page, keys[i].text);
        fputs("</span> ", page->file);
    }
    fputs("</p>\n", page->file);
}
