/* The portfolios of the zones of a day and what they come to together, for the report. */
#ifndef HO_REPORT_ZONES_H
#define HO_REPORT_ZONES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A zone, and the portfolio chosen on its periods. */
typedef struct ho_report_zone {
    const char *name; /* borrowed */
    double weight;    /* those of all zones add up to 1 */
    size_t rows, periods;
    size_t candidates;  /* strategies with a result in the zone that may be chosen */
    size_t first, last; /* sizes searched; 0: none */
    double *of_sizes;   /* the best fitness of each; owned, as all below */
    uint32_t *members;  /* size of them, ascending */
    size_t size;
    double fitness;
    const char *method; /* that found it; "Default": nothing could be searched, the best totals; static */
    double *metrics;    /* ho_metric_count() */
    double *series;     /* of the portfolio on the zone's periods, and their dates */
    int32_t *dates;
    double allocation; /* share of the capital: max(.01, total) over the sum of these */
} ho_report_zone;

typedef struct ho_report_zones {
    bool by_clock, by_name; /* zones are the clock's; and those of the windows in names */
    const char *objective;  /* the fitness of a zone's portfolio; borrowed */
    ho_report_zone *zones;
    size_t count;
    double *jaccard;         /* count x count: members in common over members of either */
    double *correlation;     /* count x count: of the portfolios' series on common dates; 1 on the diagonal */
    size_t *common;          /* count x count: these dates */
    const char *combination; /* "weighted_average"; borrowed */
    uint32_t *members;       /* of the combination, ascending */
    uint32_t *member_zone;   /* whose each of them is: of several, the zone of the largest weight */
    size_t size;
    double fitness;  /* of the zones' fitness, as the combination says */
    double value;    /* the run's own fitness of these members on the whole table */
    double *metrics; /* ho_metric_count(), of them on the whole table */
} ho_report_zones;

#endif
