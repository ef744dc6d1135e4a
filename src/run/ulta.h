/* Inversion as options of a command, and done to the table that was read. */
#ifndef HO_RUN_ULTA_H
#define HO_RUN_ULTA_H

#include "report/inversion.h"
#include "run/input.h"
#include "screen/ulta.h"

typedef struct ho_ulta_options {
    bool enable, disable, none;
    char *ulta, *rule;
    double roi_threshold, negative_share;
    int64_t min_negative_days;
} ho_ulta_options;

/* clang-format off */
#define HO_ULTA_OPTION_ROWS(S, P) \
    {"enable-ulta", 0, NULL, "Turn strategies round that lose so steadily that their other side is better (NAME_inv).", \
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, P enable)}, \
    {"disable-ulta", 0, NULL, "Turn none round, whatever a configuration file says.", \
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, P disable)}, \
    {"no-ulta", 0, NULL, "The same.", HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, P none)}, \
    {"ulta", 0, "WHETHER", "What holds without these three; [ULTA] enabled of a configuration file sets it.", \
     HO_OPTION_CHOICE, 0, 0, "off", "on|off", offsetof(S, P ulta)}, \
    {"ulta-rule", 0, "RULE", "ulta_threshold: a total below ulta-roi-threshold, enough losing periods and a better ratio " \
     "of total to worst period on the other side; ulta_legacy: a negative ratio, and a better one on the other side.", \
     HO_OPTION_CHOICE, 0, 0, "ulta_threshold", "ulta_threshold|ulta_legacy|negative_daily_returns", offsetof(S, P rule)}, \
    {"ulta-roi-threshold", 0, "RUPEES", "Total that a strategy must be below to be turned round.", \
     HO_OPTION_REAL, -1e15, 1e15, "0", NULL, offsetof(S, P roi_threshold)}, \
    {"ulta-min-negative-days", 0, "N", "Losing periods that it must have at least.", \
     HO_OPTION_INT, 0, 1e9, "10", NULL, offsetof(S, P min_negative_days)}, \
    {"ulta-negative-day-percentage", 0, "SHARE", "Share of its periods that must be losing ones, from 0 to 1.", \
     HO_OPTION_REAL, 0, 1, "0.6", NULL, offsetof(S, P negative_share)}
/* clang-format on */

/* HO_ERR_USAGE: switched on and off at once. */
HO_MUST_USE ho_status ho_ulta_wanted(const ho_ulta_options *options, bool *wanted, ho_error *err);

/* The rule, for ho_ulta_decide; "negative_daily_returns" is what configuration files call the threshold rule. */
ho_ulta_settings ho_ulta_settings_of(const ho_ulta_options *options);

typedef struct ho_ulta {
    bool on;
    ho_strings originals, warnings;
    ho_report_inversion report;
} ho_ulta;

/* Where it is wanted: decides on the input's periods, turns these and their rows round, and fills *ulta, which is zeroed
 * memory and the caller's to clear after a failure too. Comes before regimes weigh or filter anything. */
HO_MUST_USE ho_status ho_ulta_shape(const ho_ulta_options *options, const ho_hooks *hooks, ho_input *input,
                                    ho_ulta *ulta, ho_error *err);
void ho_ulta_clear(ho_ulta *ulta);

#endif
