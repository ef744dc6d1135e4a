/* Charts as SVG: a frame with scales, ticks and lines. Static, so that they need no script; page.js adds values under
 * the pointer. Every chart is drawn twice, for wide pages and for phones, and the style sheet shows the one that
 * fits: a drawing that is scaled down to a phone cannot be read. */
#ifndef HO_REPORT_PLOT_H
#define HO_REPORT_PLOT_H

#include "report/page.h"

typedef struct ho_plot {
    const ho_page *page;
    double width, height;            /* of the drawing */
    double left, right, top, bottom; /* of the frame, in the drawing */
    double x0, x1, y0, y1;           /* what its edges stand for */
} ho_plot;

typedef void (*ho_plot_draw)(ho_plot *plot, const void *data, bool narrow);

/* A figure of both drawings; height is of the wide one. The label is for those who hear the page. */
void ho_plot_figure(const ho_page *page, const char *label, double height, ho_plot_draw draw,
                    const void *data);

/* As above, with the values of `columns` of the series ("Equity=equity,...") under the pointer. */
void ho_plot_figure_of_series(const ho_page *page, const char *label, double height, const char *columns,
                              ho_plot_draw draw, const void *data);

double ho_plot_x(const ho_plot *plot, double x);
double ho_plot_y(const ho_plot *plot, double y);

/* The range of values that an axis should show: grown to round numbers. */
void ho_plot_range(const json_t *values, double *low, double *high); /* widens *low..*high by them */
void ho_plot_range_of(const json_t *values, double factor, double *low, double *high); /* times it */
void ho_plot_set_y(ho_plot *plot, double low, double high);

/* Lines across the frame and their labels; for x: dates of the series, whole numbers, powers of ten (x is a log10). */
void ho_plot_y_axis(const ho_plot *plot, ho_unit unit);
void ho_plot_date_axis(const ho_plot *plot);
void ho_plot_number_axis(const ho_plot *plot, ho_unit unit);
void ho_plot_power_axis(const ho_plot *plot);
void ho_plot_zero(const ho_plot *plot); /* the line y = 0 */

/* A line through the values at x = 0, 1, ...; gaps where a value is missing. */
void ho_plot_line(const ho_plot *plot, const json_t *values, const char *style);
/* The values times a factor; NaN: no line. */
void ho_plot_line_of(const ho_plot *plot, const json_t *values, double factor, const char *style);
/* The area between two lines, or down to `base`. */
void ho_plot_band(const ho_plot *plot, const json_t *low, const json_t *high, const char *style);
void ho_plot_area(const ho_plot *plot, const json_t *values, double base, const char *style);

typedef struct ho_plot_key {
    const char *style, *text;
} ho_plot_key;
void ho_plot_legend(const ho_page *page, const ho_plot_key *keys, size_t count);

#endif
