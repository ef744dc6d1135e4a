/* Dates and times of day as tables write them. A format is written as people say it: "dd-Mon-YYYY". */
#ifndef HO_STORE_DATES_H
#define HO_STORE_DATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HO_DATE_FORMAT_COUNT = 6 };

/* In the order in which they are tried: day first wins an ambiguous table. */
const char *ho_date_format_name(int format);
int ho_date_format_find(const char *name); /* its number, or -1 */

/* The whole text, blanks around it ignored; a time of day after a blank or 'T' is read over. */
bool ho_date_read(int format, const char *text, size_t length, int32_t *date);

/* HH:MM[:SS[.fraction]] as seconds since midnight. */
bool ho_time_read(const char *text, size_t length, int32_t *seconds);

#endif
