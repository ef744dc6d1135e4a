/* Doubles as text with the fewest digits that read back equal, as Python, Java and spreadsheets' exports print them. */
#ifndef HO_BASE_SHORTEST_H
#define HO_BASE_SHORTEST_H

#include <stddef.h>

#define HO_NUMBER_TEXT 25 /* bytes that one number may need, no terminating 0 among them */

/* Writes the finite x without a terminating 0; returns the number of bytes, at most HO_NUMBER_TEXT. */
size_t ho_print_shortest(double x, char *out);

#endif
