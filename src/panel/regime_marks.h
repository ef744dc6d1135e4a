/* Market regimes by the clock: from `time` of `date` on a label holds, until the next mark of the date or its close. */
#ifndef HO_PANEL_REGIME_MARKS_H
#define HO_PANEL_REGIME_MARKS_H

#include <heavyopt/options.h>

typedef struct ho_regime_mark {
    int32_t date, time;            /* days since 1970-01-01, seconds since midnight */
    int32_t label;                 /* index into labels, or -1 */
    uint32_t place;                /* in the file */
    double confidence, transition; /* 0..1 */
} ho_regime_mark;

typedef struct ho_regime_marks {
    ho_regime_mark *marks; /* ascending by date and time, no two alike; owned, as the labels */
    size_t count;
    ho_strings labels;
} ho_regime_marks;

#endif
