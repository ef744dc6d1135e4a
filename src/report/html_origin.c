/* Where the data came from and what was odd about it, the settings, how to repeat the run. */
#include "report/page.h"

#include <math.h>
#include <stdlib.h>

static void put_fact(const ho_page *page, const char *name, const char *text)
{
    fprintf(page->file, "<tr><th scope=row>%s</th><td class=name>", name);
    ho_page_text(page, text);
    fputs("</td></tr>\n", page->file);
}

static void put_setting(const ho_page *page, const char *name, const json_t *value)
{
    char *text = json_is_string(value) ? NULL : json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(9));
    fputs("<tr><th scope=row>", page->file);
    ho_page_text(page, name);
    fputs("</th><td class=name>", page->file);
    ho_page_text(page, text != NULL ? text : json_is_string(value) ? json_string_value(value) : "");
    fputs("</td></tr>\n", page->file);
    free(text);
}

/* Counts of the load that are not 0, each with what it says. */
static void put_counts(const ho_page *page, const json_t *data)
{
    static const struct {
        const char *key, *text;
    } counts[] = {{"identical", "strategies equal an earlier one in every row"},
                  {"zero_variance", "strategies never change"},
                  {"duplicate_names", "names came twice and were numbered"},
                  {"summed_rows", "rows of the same date and zone were added up"},
                  {"rows_outside", "rows lie outside of the days that were asked for"},
                  {"blank_lines", "blank lines were passed over"},
                  {"day_mismatches", "weekdays are not those of their dates"}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        const double count = ho_page_number(data, counts[i].key);
        if (!(count > 0)) continue;
        fputs("<li>", page->file);
        ho_page_value(page, HO_UNIT_COUNT, count);
        fprintf(page->file, " %s</li>\n", counts[i].text);
    }
    const json_t *missing = json_object_get(data, "missing");
    if (!(ho_page_number(missing, "cells") > 0)) return;
    fputs("<li>", page->file);
    ho_page_value(page, HO_UNIT_COUNT, ho_page_number(missing, "cells"));
    fputs(" cells are missing and count as 0, most of them in ", page->file);
    ho_page_text(page, ho_page_string(missing, "worst_column"));
    fputs("</li>\n", page->file);
}

static void put_skipped(const ho_page *page, const json_t *data)
{
    enum { SHOWN = 5 };
    json_t *skipped = json_object_get(data, "skipped"), *of;
    const char *reason;
    json_object_foreach(skipped, reason, of)
    {
        const json_t *names = json_object_get(of, "columns");
        fputs("<li>", page->file);
        ho_page_value(page, HO_UNIT_COUNT, ho_page_number(of, "count"));
        fprintf(page->file, " columns were left out (%s): ", reason);
        for (size_t i = 0; i < json_array_size(names) && i < SHOWN; i++) {
            const char *name = json_string_value(json_array_get(names, i));
            fputs(i != 0 ? ", " : "", page->file);
            ho_page_text(page, name != NULL ? name : "");
        }
        fputs(ho_page_number(of, "count") > SHOWN ? ", …</li>\n" : "</li>\n", page->file);
    }
}

static void put_data(const ho_page *page)
{
    const json_t *warnings = json_object_get(page->root, "warnings"),
                 *data = json_object_get(page->root, "data");
    fputs("<p>", page->file);
    ho_page_value(page, HO_UNIT_COUNT, ho_page_number(data, "rows"));
    fprintf(page->file, " rows from %s to %s were read, ", ho_page_string(data, "first_date"),
            ho_page_string(data, "last_date"));
    ho_page_value(page, HO_UNIT_COUNT, ho_page_number(data, "strategies"));
    fputs(" strategies in each.</p>\n<ul>\n", page->file);
    put_counts(page, data);
    put_skipped(page, data);
    for (size_t i = 0; i < json_array_size(warnings); i++) {
        const char *line = json_string_value(json_array_get(warnings, i));
        fputs("<li>", page->file);
        ho_page_text(page, line != NULL ? line : "");
        fputs("</li>\n", page->file);
    }
    fputs("</ul>\n", page->file);
}

void ho_page_origin(const ho_page *page)
{
    const json_t *input = json_object_get(page->root, "input");
    fputs("<h2 id=origin>Data, settings, repeating the run</h2>\n", page->file);
    if (json_is_object(json_object_get(page->root, "data"))) put_data(page);
    fputs("<div class=scroll><table><tbody>\n", page->file);
    put_fact(page, "Input", ho_page_string(input, "path"));
    put_fact(page, "Its hash (XXH3)", ho_page_string(input, "hash"));
    put_fact(page, "Program", ho_page_string(page->root, "version"));
    put_fact(page, "The run again", ho_page_string(page->root, "repeat"));
    fputs(
        "</tbody></table></div>\n<details><summary>All settings</summary><div class=scroll><table><tbody>\n",
        page->file);
    json_t *settings = json_object_get(page->root, "settings");
    const char *name;
    json_t *value;
    json_object_foreach(settings, name, value) put_setting(page, name, value);
    fputs(
        "</tbody></table></div></details>\n<p class=note>The same input, program and settings give the same "
        "portfolio on any machine and any number of threads.</p>\n",
        page->file);
}
