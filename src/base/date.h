/* Civil dates as days since 1970-01-01 (proleptic Gregorian calendar).
 * Day arithmetic: H. Hinnant, "chrono-compatible low-level date algorithms" (2013). */
#ifndef HO_BASE_DATE_H
#define HO_BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct ho_civil {
    int year, month, day; /* month and day from 1 */
} ho_civil;

int32_t ho_date_from_civil(int year, int month, int day);
ho_civil ho_date_to_civil(int32_t date);
bool ho_date_valid(int year, int month, int day);      /* years 1 to 9999 */
int ho_date_weekday(int32_t date);                     /* 0 = Monday */
const char *ho_weekday_name(int weekday);              /* "Monday" */
const char *ho_date_print(int32_t date, char out[16]); /* "2024-10-30"; returns out */

#endif
