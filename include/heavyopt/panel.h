/* room: panel
 *
 * The panel: T periods x N strategies of profit and loss (rupees of one lot), time-major, with the dates of the
 * periods and the names of the strategies. Rows are periods in ascending (date, start time, zone) order. A panel owns
 * everything in it; pointers that its functions return live as long as it does. */
#ifndef HEAVYOPT_PANEL_H
#define HEAVYOPT_PANEL_H

#include <heavyopt/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ho_panel ho_panel;

/* One row's own facts. Absent facts: times and labels -1, confidence 1, transition 0, capital 0. */
typedef struct ho_period {
    int32_t date;       /* days since 1970-01-01 */
    int32_t start, end; /* seconds since midnight */
    int32_t zone;       /* index into the panel's zone labels */
    int32_t regime;     /* index into the panel's regime labels */
    double confidence;  /* of the regime, 0..1 */
    double transition;  /* 0..1, above 0.5: a change of regime is under way */
    double capital;     /* rupees */
} ho_period;

HO_API size_t ho_panel_periods(const ho_panel *panel);    /* T */
HO_API size_t ho_panel_strategies(const ho_panel *panel); /* N */
HO_API size_t ho_panel_stride(const ho_panel *panel);     /* doubles from one row to the next, >= N */
HO_API const double *ho_panel_row(const ho_panel *panel, size_t period);
HO_API const ho_period *ho_panel_period(const ho_panel *panel, size_t period);
HO_API const char *ho_panel_name(const ho_panel *panel, size_t strategy); /* UTF-8, unique in the panel */
HO_API size_t ho_panel_zones(const ho_panel *panel);                      /* number of zone labels */
HO_API const char *ho_panel_zone(const ho_panel *panel, int32_t zone);
HO_API size_t ho_panel_regimes(const ho_panel *panel);
HO_API const char *ho_panel_regime(const ho_panel *panel, int32_t regime);

/* Accepts NULL and nulls. */
HO_API void ho_panel_free(ho_panel **panel);

#ifdef __cplusplus
}
#endif
#endif
