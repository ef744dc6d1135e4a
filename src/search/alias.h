/* Drawing indices with given weights in O(1).
 * A. Walker (1977); the table is filled as in M. Vose, "A linear algorithm for generating random numbers with a given
 * distribution", IEEE Trans. Software Engineering 17 (1991). */
#ifndef HO_SEARCH_ALIAS_H
#define HO_SEARCH_ALIAS_H

#include "base/rng.h"

#include <heavyopt/status.h>

typedef struct ho_alias {
    double *cut;     /* owned: below it a column gives its own index, above it the other */
    uint32_t *other; /* owned */
    uint32_t *work;  /* owned */
    size_t count;
} ho_alias;

HO_MUST_USE ho_status ho_alias_new(size_t room, ho_alias *alias, ho_error *err);
void ho_alias_free(ho_alias *alias);

/* count <= room; weights finite and >= 0. All zero: every index is as likely. */
void ho_alias_fill(ho_alias *alias, const double *weights, size_t count);
uint32_t ho_alias_draw(const ho_alias *alias, ho_rng *rng); /* needs a filled table, count > 0 */

#endif
