/* What a certificate proves over a part of the axis of rates: no more than the line between its values at the ends, since
 * it is convex in the rate. */
#ifndef HO_BOUND_CHORD_H
#define HO_BOUND_CHORD_H

typedef struct ho_chord {
    double from, to, left, right; /* rates, and what is proven at them; -INFINITY: there is no set */
} ho_chord;

double ho_chord_highest(const ho_chord *chord);
double ho_chord_height(const ho_chord *chord, double rate);

/* Of two over the same part, where the lower one is highest, and how high that is. */
double ho_chord_peak(const ho_chord *a, const ho_chord *b, double *rate);

/* A rate between two, nearer to both than they are to each other. */
double ho_middle_rate(double from, double to);

#endif
