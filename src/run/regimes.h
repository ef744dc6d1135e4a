/* Market regimes and weekdays as options of a command: the rows that it uses, their weights, the strategies left out,
 * and a portfolio for each regime. */
#ifndef HO_RUN_REGIMES_H
#define HO_RUN_REGIMES_H

#include "report/regimes.h"
#include "run/input.h"

#include <heavyopt/metrics.h>

typedef struct ho_regime_settings {
    char *file, *regime, *filter, *weights;
    bool override, inclusive;
    double least_confidence, transition_limit, transition_factor; /* the first in percent */
    ho_strings weekdays;
} ho_regime_settings;

/* clang-format off */
#define HO_REGIME_OPTION_ROWS(S, P) HO_REGIME_OPTION_ROWS_AS(S, P, "auto", "auto")

/* The same with other defaults of the filter and the weights. */
#define HO_REGIME_OPTION_ROWS_AS(S, P, FILTER, WEIGHTS) \
    {"weekday", 0, "DAY", "A weekday whose rows are used, the others left out; may be given again.", \
     HO_OPTION_LIST, 0, 0, NULL, NULL, offsetof(S, P weekdays)}, \
    {"regime-file", 0, "FILE", "Market regimes by date and time, joined to the rows of the table.", \
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, P file)}, \
    {"regime-override", 0, NULL, "Take the regimes of the file also where the table has its own.", \
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, P override)}, \
    {"regime", 0, "NAME|each", "Use the rows of this market regime only; each: a portfolio for every regime besides.", \
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, P regime)}, \
    {"regime-filter", 0, "WHAT", "What an unsure regime takes out: strategies that were active in such rows, the rows " \
     "themselves, nothing; auto: strategies, where confidences are known.", \
     HO_OPTION_CHOICE, 0, 0, FILTER, "auto|strategies|rows|off", offsetof(S, P filter)}, \
    {"regime-min-confidence", 0, "PERCENT", "Confidence that a regime must be above to be sure.", \
     HO_OPTION_REAL, 0, 100, "70", NULL, offsetof(S, P least_confidence)}, \
    {"regime-inclusive", 0, NULL, "A confidence of just that much is sure too.", \
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, P inclusive)}, \
    {"regime-weights", 0, "WHEN", "Weigh each row by its confidence; auto: where confidences are known.", \
     HO_OPTION_CHOICE, 0, 0, WEIGHTS, "auto|on|off", offsetof(S, P weights)}, \
    {"regime-transition-limit", 0, "R", "Above this a row is in a change of regime and weighs less.", \
     HO_OPTION_REAL, 0, 1, "0.5", NULL, offsetof(S, P transition_limit)}, \
    {"regime-transition-factor", 0, "R", "How much of its weight such a row keeps.", \
     HO_OPTION_REAL, 0, 1, "0.5", NULL, offsetof(S, P transition_factor)}
/* clang-format on */

typedef struct ho_regimes {
    const ho_regime_settings *settings;
    bool by_day;
    ho_panel *rows;       /* those used, joined and not weighed; NULL: nothing was asked for or known */
    ho_panel *unweighted; /* the periods as they are without weights; NULL: nothing was weighed */
    double *confidence;   /* of each strategy, a share; NULL: none is known */
    uint8_t *unsure;      /* a flag a strategy; NULL: none is left out */
    bool weighed, rows_filtered;
    ho_strings warnings;
    ho_report_regimes report;
} ho_regimes;

/* Shapes input->panel and input->rows as the settings say; input->original are then the rows that were read. Warnings go to regimes->warnings
 * and the hooks. *regimes is zeroed memory, to be cleared after a failure too. HO_ERR_USAGE: an unknown regime or weekday;
 * HO_ERR_DATA: a bad regime file, or no row left. */
HO_MUST_USE ho_status ho_regimes_shape(const ho_regime_settings *settings, const char *period,
                                       const ho_hooks *hooks, ho_input *input, ho_regimes *regimes,
                                       ho_error *err);
void ho_regimes_clear(ho_regimes *regimes);

/* False where no option asks for anything: tables with regimes of their own are then as the defaults have them. */
bool ho_regimes_asked(const ho_regime_settings *settings);

/* What the best portfolio came to in the rows of each regime, as they were read, and the members' confidences, into
 * regimes->report; without regimes nothing. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_regimes_measure(ho_regimes *regimes, const ho_metric_settings *measures,
                                         const uint32_t *members, size_t count, ho_error *err);

/* The periods of one regime, weighed as the whole was, and the rows that they were summed of, or NULL; the caller's. */
HO_MUST_USE ho_status ho_regimes_of_label(const ho_regimes *regimes, int32_t label, ho_panel **rows,
                                          ho_panel **periods, ho_error *err);

#endif
