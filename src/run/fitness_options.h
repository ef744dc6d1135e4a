/* What a portfolio is worth, as options: shared by the commands that value portfolios. */
#ifndef HO_RUN_FITNESS_OPTIONS_H
#define HO_RUN_FITNESS_OPTIONS_H

#include <heavyopt/metrics.h>
#include <heavyopt/options.h>

typedef struct ho_fitness_settings {
    char *fitness, *metric, *returns, *convention, *benchmark;
    double drawdown_threshold, capital, risk_free_rate, minimum_acceptable_return;
    int64_t periods_per_year;
} ho_fitness_settings;

#define HO_LEGACY_METRICS "ratio|roi|less max dd|win percentage|profit factor|expectancy"

/* clang-format off */
#define HO_CONVENTION_OPTION_ROW(S, FIELD) \
    {"convention", 0, "NAME", "Which senses of drawdown, Sharpe, value at risk and others are meant; see the measures.", \
     HO_OPTION_CHOICE, 0, 0, "default", "default|legacy|platform|rockafellar", offsetof(S, FIELD)}

#define HO_FITNESS_OPTION_ROWS(S, P) \
    {"fitness", 'f', "KIND", "legacy: the metric of the mean series less 10 times the average correlation; " \
     "ratio: return over maximum drawdown of the sum.", \
     HO_OPTION_CHOICE, 0, 0, "legacy", "legacy|ratio", offsetof(S, P fitness)}, \
    {"metric", 'm', "METRIC", "The metric of the legacy fitness.", \
     HO_OPTION_CHOICE, 0, 0, "ratio", HO_LEGACY_METRICS, offsetof(S, P metric)}, \
    {"drawdown-threshold", 0, "RUPEES", "Below this drawdown of the mean series the legacy fitness halves its " \
     "correlation penalty (ratio and less max dd).", \
     HO_OPTION_REAL, 0, 1e15, "0", NULL, offsetof(S, P drawdown_threshold)}, \
    {"returns", 0, "UNIT", "What the numbers of the table are: rupees, or fractions of the capital.", \
     HO_OPTION_CHOICE, 0, 0, "rupees", "rupees|fraction", offsetof(S, P returns)}, \
    {"capital", 0, "RUPEES", "Capital, for ratios with a risk-free rate; 0: none, and the rate is not used.", \
     HO_OPTION_REAL, 0, 1e15, "0", NULL, offsetof(S, P capital)}, \
    {"risk-free-rate", 0, "RATE", "Risk-free rate a year, as a fraction.", \
     HO_OPTION_REAL, -1, 1, "0.02", NULL, offsetof(S, P risk_free_rate)}, \
    {"periods-per-year", 0, "N", "Periods a year, for annual figures.", \
     HO_OPTION_INT, 1, 1e6, "252", NULL, offsetof(S, P periods_per_year)}, \
    {"minimum-acceptable-return", 0, "RUPEES", "What a period should earn at least, for sortino_mar and omega_mar.", \
     HO_OPTION_REAL, -1e15, 1e15, "0", NULL, offsetof(S, P minimum_acceptable_return)}, \
    {"benchmark", 0, "NAME", "The strategy that information_ratio compares with.", \
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, P benchmark)}, \
    HO_CONVENTION_OPTION_ROW(S, P convention)
/* clang-format on */

ho_fitness ho_fitness_of_settings(const ho_fitness_settings *settings);
ho_convention ho_convention_of(const char *name);

#endif
