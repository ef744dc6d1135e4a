/* A Gaussian process over a few features: Matern 5/2 kernel, points added one at a time.
 * C. Rasmussen, C. Williams, "Gaussian processes for machine learning" (2006), algorithm 2.1 and section 4.2. */
#ifndef HO_SEARCH_BO_GP_H
#define HO_SEARCH_BO_GP_H

#include <heavyopt/status.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct ho_gp {
    size_t room, count, features;
    double *x;               /* owned: room x features, standardised */
    double *y;               /* room, standardised */
    double *lower;           /* room x room: Cholesky factor of the kernel matrix */
    double *weights;         /* room: kernel matrix^-1 y */
    double *work;            /* room */
    double *centre, *spread; /* features: how x was standardised */
    double y_centre, y_spread, length;
} ho_gp;

HO_MUST_USE ho_status ho_gp_new(size_t room, size_t features, ho_gp *gp, ho_error *err);
void ho_gp_free(ho_gp *gp);

/* Starts anew from count <= room points: standardises by them and picks the length scale of highest likelihood. */
void ho_gp_fit(ho_gp *gp, const double *x, const double *y, size_t count);
/* One more point, standardised as the fitted ones; count must be below room. */
void ho_gp_add(ho_gp *gp, const double *x, double y);
/* How much more than `best` a point is expected to bring, in units of the fitted values' spread. */
double ho_gp_expected_improvement(ho_gp *gp, const double *x, double best);

#endif
