/* A cell that should hold a number, as people and spreadsheets write them: blanks around it, a plus sign, grouped
 * thousands, markers of a missing value. The common cell goes through number_fast.h; this is the careful way. */
#ifndef HO_STORE_NUMBER_H
#define HO_STORE_NUMBER_H

#include <stddef.h>

typedef enum ho_cell {
    HO_CELL_NUMBER,   /* finite */
    HO_CELL_MISSING,  /* empty, or a marker such as NULL, NA, -- */
    HO_CELL_NAN,      /* nan */
    HO_CELL_INFINITE, /* inf, infinity, or past the range of a double */
    HO_CELL_BAD       /* anything else */
} ho_cell;

/* *value is written for a number only. Correctly rounded, never dependent on the locale. */
ho_cell ho_number_read(const char *text, size_t length, double *value);

#endif
