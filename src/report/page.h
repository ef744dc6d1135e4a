/* The inside of report.html: a page made from the document of a run, for a browser, a phone and paper. The parts
 * write HTML to page->file; texts of the user's pass through ho_page_text alone. */
#ifndef HO_REPORT_PAGE_H
#define HO_REPORT_PAGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* page.css and page.js, put into the program by CMake. */
extern const char ho_page_css[], ho_page_js[];

typedef enum ho_unit { HO_UNIT_MONEY, HO_UNIT_SHARE, HO_UNIT_COUNT, HO_UNIT_NUMBER } ho_unit;

typedef struct ho_page {
    FILE *file;
    const json_t *root, *best, *details, *series; /* of the document */
    const char *periods, *periods_head;           /* what the periods are: "days", "Days" */
    bool rupees; /* money is rupees; else a fraction of capital, shown in percent */
    bool indian; /* 12,34,567 and not 1,234,567 */
} ho_page;

/* Reading: NaN, "" and NULL stand for what is not there. */
double ho_page_number(const json_t *object, const char *key);
const char *ho_page_string(const json_t *object, const char *key);
double ho_page_at(const json_t *array, size_t i);

/* Writing: HTML's own characters escaped, control characters as '?'. */
void ho_page_text(const ho_page *page, const char *text);
/* A number with its unit as people read it; ho_print_unit does it into a buffer, 0 characters for NaN. */
enum { HO_UNIT_TEXT = 48 };
void ho_page_value(const ho_page *page, ho_unit unit, double value);
const char *ho_print_unit(const ho_page *page, ho_unit unit, double value, char out[HO_UNIT_TEXT]);

/* A cell of a table that sorts by the value. */
void ho_page_cell(const ho_page *page, ho_unit unit, double value);
/* The same for money, coloured by its sign, the stronger the nearer to the largest. */
void ho_page_shaded_cell(const ho_page *page, double value, double largest);
/* A table of groups that each have a label, a count, wins and a total. */
void ho_page_groups(const ho_page *page, const json_t *groups, const char *head, const char *count_key,
                    const char *count_name);
double ho_page_total(const ho_page *page); /* profit of the best portfolio */

/* The parts of the page, in its order; each is in a file html_*.c of its own kind. */
void ho_page_answer(const ho_page *page);
void ho_page_equity(const ho_page *page);
void ho_page_rivals(const ho_page *page);
bool ho_page_has_held(const ho_page *page); /* is there a walk-forward to tell of? */
void ho_page_held(const ho_page *page);
void ho_page_drawdowns(const ho_page *page);
void ho_page_results(const ho_page *page);  /* bars a period, histogram, rolling figures, */
void ho_page_extremes(const ho_page *page); /* and the best and worst of them */
void ho_page_calendar(const ho_page *page);
void ho_page_members(const ho_page *page);
void ho_page_day(const ho_page *page);
void ho_page_correlation(const ho_page *page);
bool ho_page_has_parts(const ho_page *page); /* does the run know of zones or regimes? */
void ho_page_parts(const ho_page *page);
void ho_page_algorithms(const ho_page *page);
void ho_page_sizes(const ho_page *page);
void ho_page_relations(const ho_page *page); /* a note in the part on correlation */
void ho_page_kelly(const ho_page *page);
void ho_page_zones(const ho_page *page);
void ho_page_inversion(const ho_page *page);
void ho_page_metrics(const ho_page *page);
void ho_page_origin(const ho_page *page); /* notes on the data, settings, how to repeat the run */

#endif
