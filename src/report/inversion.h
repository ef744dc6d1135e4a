/* The strategies that a run turned round, for the report. */
#ifndef HO_REPORT_INVERSION_H
#define HO_REPORT_INVERSION_H

#include <stddef.h>
#include <stdint.h>

/* One side of a strategy, on the periods that decided. */
typedef struct ho_report_side {
    double total, worst, max_drawdown, ratio; /* ratio: of total and worst period, may be infinite */
} ho_report_side;

typedef struct ho_report_turned {
    const char *original; /* its name before; borrowed */
    uint32_t strategy;
    size_t negative; /* periods with a loss, before */
    ho_report_side before, after;
    double improvement; /* of the ratio, percent; may be infinite */
} ho_report_turned;

typedef struct ho_report_inversion {
    const char *rule; /* "ulta_threshold"; borrowed */
    double roi_threshold, negative_share;
    int64_t min_negative_days;
    size_t periods, strategies; /* that were looked at */
    ho_report_turned *turned;   /* owned */
    size_t count;
} ho_report_inversion;

#endif
