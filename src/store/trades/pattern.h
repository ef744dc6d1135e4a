/* Dates and times by patterns of strftime, in no locale: %Y %y %m %d %b %B %H %I %M %S %f %p %%. "%%" that an INI file of
 * the old system doubled means "%". */
#ifndef HO_STORE_TRADES_PATTERN_H
#define HO_STORE_TRADES_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A pattern as read, blanks around the text left aside. Without hours in the pattern a time of day behind the date is
 * read over. *date: days since 1970-01-01, when the pattern has a day; *seconds of the day, -1 when it has no hour. */
bool ho_pattern_read(const char *pattern, const char *text, size_t length, int32_t *date, int32_t *seconds);

/* NULL, or what is wrong with a pattern: a letter that is not known. */
const char *ho_pattern_fault(const char *pattern);

#endif
