/* What a risk measure is made of: rows of (description, function) that read the facts of a series. A new measure is one
 * row and one small function in the measures_*.c of its family. */
#ifndef HO_METRICS_MEASURES_H
#define HO_METRICS_MEASURES_H

#include "metrics/facts.h"

typedef struct ho_measure {
    ho_metric about;
    double (*value)(const ho_facts *f);
} ho_measure;

typedef struct ho_measures {
    const ho_measure *rows;
    size_t count;
} ho_measures;

extern const ho_measures ho_measures_returns;
extern const ho_measures ho_measures_drawdown;
extern const ho_measures ho_measures_ratios;
extern const ho_measures ho_measures_tails;

/* The row of that number, NULL past the last. */
const ho_measure *ho_measure_at(size_t i);

/* value / drawdown, where a drawdown up to a millionth of a rupee is none: then the sign of value, infinite. */
double ho_over_drawdown(double value, double drawdown);

#endif
