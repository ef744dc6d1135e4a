/* How the strategies go together. */
#include "report/plot.h"

#include <math.h>

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
