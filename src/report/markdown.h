/* Markdown for people: names that may hold anything, and numbers. */
#ifndef HO_REPORT_MARKDOWN_H
#define HO_REPORT_MARKDOWN_H

#include <jansson.h>
#include <stdio.h>

/* A text as it is: what Markdown would take for a table, a tag, a link or emphasis is escaped, control characters
 * become '?'. */
void ho_md_text(FILE *file, const char *text);

/* " value |": the next cell of a row; a number of the document, which may be null and then is named. */
void ho_md_number_cell(FILE *file, double value);
void ho_md_text_cell(FILE *file, const char *text);

/* A number of the object; where it is null, infinite if the object's list "infinite" names it, else NaN. */
double ho_md_value(const json_t *object, const char *key);

#endif
