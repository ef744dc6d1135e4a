/* What market regimes did to a run, for the report. */
#ifndef HO_REPORT_REGIMES_H
#define HO_REPORT_REGIMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A regime, and the portfolio chosen on its periods where each has one. */
typedef struct ho_report_regime {
    const char *label; /* borrowed */
    size_t rows, kept; /* of the table, of them used */
    uint32_t *members; /* size of them, ascending; NULL: none was searched for; owned */
    size_t size, periods;
    double fitness;
    const char *method; /* that found it; static */
    double *metrics;    /* ho_metric_count(); owned */
    double *
        of_best; /* ho_metric_count(): of the run's best portfolio in the rows of this regime, as they were read;
                           NULL: no row is left; owned */
    size_t best_periods; /* these rows, or their dates */
    double risk;         /* what the label says of risk: limits are times this */
} ho_report_regime;

typedef struct ho_report_regimes {
    bool present; /* the run knew of regimes or chose weekdays */
    bool weighed;
    const char *filter; /* "strategies", "rows", "off"; static */
    double least;       /* confidence, a share */
    size_t rows, kept;  /* of the table, used */
    double mean, lowest, highest,
        above;                /* confidence of the rows: shares; above: share of the rows above least */
    size_t left_out;          /* strategies that the filter took out */
    ho_report_regime *labels; /* in the order of the panel's labels; owned */
    size_t label_count;
    double var_limit, max_position; /* where risk is 1; shares */
    double *confidence; /* of each member of the best portfolio, a share; NULL: not known; owned */
    const double
        *unweighted; /* ho_metric_count() values of the best portfolio without weights; NULL: not weighed */
} ho_report_regimes;

#endif
