/* Market regimes and weekdays: which rows count, how much each weighs, which strategies are known to be active when the
 * regime was sure. A row here is a period of the panel before rows are summed to days. */
#ifndef HO_SCREEN_REGIMES_H
#define HO_SCREEN_REGIMES_H

#include "panel/regime_marks.h"

#include <heavyopt/panel.h>

/* True when the rows say how sure their regime is. */
bool ho_regimes_known(const ho_panel *rows);

typedef struct ho_regime_join {
    size_t rows_without;                 /* of a date that the marks do not know: confidence 1, no label */
    size_t dates_without;                /* such dates */
    bool labels, confidence, transition; /* what was taken from the marks */
} ho_regime_join;

/* Gives each row the regime that held at its start, or most of its date when it has no start (the first of equals; a
 * mark holds until the next one, the last until 15:30), and with it the confidence and transition, weighted by time
 * there. What the rows have already stays unless `override`. HO_ERR_DATA: no date in common. */
HO_MUST_USE ho_status ho_regimes_join(ho_panel *rows, const ho_regime_marks *marks, bool override,
                                      ho_regime_join *join, ho_error *err);

/* The mean confidence of the rows in which a strategy had a result, of all rows where it had none; by strategy. */
void ho_regimes_confidence(const ho_panel *rows, double *confidence);

/* What a label says of risk, by the first word that it holds: panic, violent or volatile .6; a beginning of bull 1.2, of
 * bear .8; else 1. Capitals do not matter. */
double ho_regime_risk(const char *label);

/* Each row times its confidence, and times `factor` where its transition is above `limit`. */
void ho_regimes_weigh(ho_panel *rows, double limit, double factor);

/* The rows with keep[t] != 0, in their order; one at least. */
HO_MUST_USE ho_status ho_rows_keep(const ho_panel *rows, const uint8_t *keep, ho_panel **kept, ho_error *err);

#endif
