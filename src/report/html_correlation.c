/* How the strategies go together. */
#include "report/plot.h"

#include <math.h>

enum { SHADES = 10 }; /* of a sign */

static int shade_of(const json_t *row, size_t k)
{
    return (int)round(ho_page_at(row, k) * SHADES);
}

/* Stripes of cells of one shade, a cell high: a rectangle a cell would be a large page at 100 strategies. */
static void put_shade(const ho_plot *p, const json_t *matrix, int shade)
{
    const size_t count = json_array_size(matrix);
    fprintf(p->page->file, "<path class='cell %s' stroke-opacity='%.2g' d='", shade < 0 ? "cool" : "warm",
            fabs((double)shade) / SHADES);
    for (size_t i = 0; i < count; i++) {
        const json_t *row = json_array_get(matrix, i);
        for (size_t k = 0; k < count; k++) {
            size_t end = k;
            while (end < count && shade_of(row, end) == shade)
                end++;
            if (end == k) continue;
            fprintf(p->page->file, "M%zu %zuh%zu", k, i, end - k);
            k = end;
        }
    }
    fputs("'/>\n", p->page->file);
}

static void draw_heat(ho_plot *p, const void *data, bool narrow)
{
    const json_t *matrix = data;
    const size_t count = json_array_size(matrix);
    const double side = fmin(p->width - 60, p->height - 40), cell = side / (double)count;
    const double left = narrow ? 30 : 40, top = 6;
    fprintf(p->page->file, "<g transform='translate(%g %.6g) scale(%.8g)'>\n", left, top + cell / 2, cell);
    for (int shade = -SHADES; shade <= SHADES; shade++) {
        if (shade != 0) put_shade(p, matrix, shade);
    }
    fputs("</g>\n", p->page->file);
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

/* Those who hold both of a pair hold one of them twice. */
static void put_pairs(const ho_page *page)
{
    const json_t *pairs = json_object_get(page->details, "close_pairs"),
                 *list = json_object_get(pairs, "closest");
    const json_t *names = json_object_get(page->best, "portfolio");
    const double size = (double)json_array_size(names);
    if (pairs == NULL) return;
    fputs("<p>", page->file);
    ho_page_value(page, HO_UNIT_COUNT, ho_page_number(pairs, "count"));
    fputs(" of ", page->file);
    ho_page_value(page, HO_UNIT_COUNT, size * (size - 1) / 2);
    fprintf(page->file, " pairs are correlated above %g.</p>\n", ho_page_number(pairs, "above"));
    if (json_array_size(list) == 0) return;
    fputs("<div class=scroll><table class=sorts><thead><tr><th>Closest pairs</th><th></th><th "
          "class=n>Correlation</th></tr></thead>\n<tbody>",
          page->file);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *pair = json_array_get(list, i);
        fputs("<tr>", page->file);
        for (size_t side = 0; side < 2; side++) {
            const json_int_t place = json_integer_value(json_array_get(pair, side));
            const char *name = json_string_value(json_array_get(names, (size_t)place));
            fprintf(page->file, "<td class=name>%lld\u2002", (long long)place + 1);
            ho_page_text(page, name != NULL ? name : "");
            fputs("</td>", page->file);
        }
        ho_page_cell(page, HO_UNIT_NUMBER, ho_page_at(pair, 2));
        fputs("</tr>\n", page->file);
    }
    fputs("</tbody></table></div>\n", page->file);
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
    put_pairs(page);
}
