/* Cells of a CSV file. */
#ifndef HO_REPORT_CSV_H
#define HO_REPORT_CSV_H

#include <stdio.h>

/* The shortest number that reads back equal; inf, -inf and nan by name. */
void ho_csv_number(FILE *file, double value);

/* Quoted where a comma, a quote or a line end asks for it (RFC 4180). A text that a spreadsheet would take for a formula
 * (it begins with = + - @, a tab or a carriage return) gets an apostrophe before it. */
void ho_csv_text(FILE *file, const char *text);

#endif
