/* Correctly rounded conversion of any decimal number, whatever its length or exponent, by fast_float: the careful way
 * beside the store's own fast one. Independent of the locale. */
#ifndef HO_BRIDGE_NUMBER_NUMBER_H
#define HO_BRIDGE_NUMBER_NUMBER_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* True when begin..end is `-? digits [. digits] [e exponent]` to its last byte. Past the range of a double *value is
 * infinite, below it zero. "nan", "inf", a leading '+' or blank are refused. */
bool ho_number_exact(const char *begin, const char *end, double *value);

#ifdef __cplusplus
}
#endif
#endif
