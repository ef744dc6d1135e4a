/* What a portfolio is worth, as options: shared by the commands that value portfolios. */
#ifndef HO_RUN_FITNESS_OPTIONS_H
#define HO_RUN_FITNESS_OPTIONS_H

#include <heavyopt/metrics.h>
#include <heavyopt/options.h>

typedef struct ho_fitness_settings {
    char *fitness, *metric, *returns, *convention, *benchmark;
    char *penalty, *zone_weights, *robust;
    double drawdown_threshold, capital, risk_free_rate, minimum_acceptable_return, correlation_threshold;
    double penalty_weight, penalty_factor, var_limit;
    double roi_dd_ratio_weight, total_roi_weight, max_drawdown_weight, win_rate_weight, profit_factor_weight;
    double legacy_weight, enhanced_weight;
    bool sharpe_adjust;
    ho_strings weight, balance;
    int64_t periods_per_year;
} ho_fitness_settings;

#define HO_LEGACY_METRICS "ratio|roi|less max dd|win percentage|profit factor|expectancy"

/* clang-format off */
#define HO_CONVENTION_OPTION_ROW(S, FIELD) \
    {"convention", 0, "NAME", "Which senses of drawdown, Sharpe, value at risk and others are meant; see the measures.", \
     HO_OPTION_CHOICE, 0, 0, "default", "default|legacy|platform|rockafellar", offsetof(S, FIELD)}

#define HO_MEASURE_OPTION_ROWS(S, P) \
    {"risk-free-rate", 0, "RATE", "Risk-free rate a year, as a fraction.", \
     HO_OPTION_REAL, -1, 1, "0.02", NULL, offsetof(S, P risk_free_rate)}, \
    {"periods-per-year", 0, "N", "Periods a year, for annual figures.", \
     HO_OPTION_INT, 1, 1e6, "252", NULL, offsetof(S, P periods_per_year)}, \
    {"minimum-acceptable-return", 0, "RUPEES", "What a period should earn at least, for sortino_mar and omega_mar.", \
     HO_OPTION_REAL, -1e15, 1e15, "0", NULL, offsetof(S, P minimum_acceptable_return)}, \
    {"benchmark", 0, "NAME", "The strategy that information_ratio compares with.", \
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, P benchmark)}

#define HO_FITNESS_OPTION_ROWS(S, P) \
    {"fitness", 'f', "KIND", "legacy: the metric of the mean series less 10 times the average correlation; " \
     "ratio: return over maximum drawdown of the sum; weighted: a weighted sum of measures; enhanced: Kelly fraction " \
     "times Sharpe; penalised: ratio less penalties; hybrid: penalised and enhanced; zone: legacy on zones by weight.", \
     HO_OPTION_CHOICE, 0, 0, "legacy", "legacy|ratio|weighted|enhanced|penalised|hybrid|zone", \
     offsetof(S, P fitness)}, \
    {"metric", 'm', "METRIC", "The metric of the legacy and the zone fitness.", \
     HO_OPTION_CHOICE, 0, 0, "ratio", HO_LEGACY_METRICS, offsetof(S, P metric)}, \
    {"drawdown-threshold", 0, "RUPEES", "Below this drawdown of the mean series the legacy fitness halves its " \
     "correlation penalty (ratio and less max dd).", \
     HO_OPTION_REAL, 0, 1e15, "0", NULL, offsetof(S, P drawdown_threshold)}, \
    {"penalty", 0, "KIND", "How the legacy fitness takes the correlation: subtractive, 10 times the average; " \
     "multiplicative: a share of the fitness, penalty-weight times the average size of it (slow).", \
     HO_OPTION_CHOICE, 0, 0, "subtractive", "subtractive|multiplicative", offsetof(S, P penalty)}, \
    {"penalty-weight", 0, "SHARE", "Of the multiplicative penalty.", \
     HO_OPTION_REAL, 0, 1, "0.1", NULL, offsetof(S, P penalty_weight)}, \
    {"roi-dd-ratio-weight", 0, "W", "Weight of roi_dd_ratio in the weighted fitness.", \
     HO_OPTION_REAL, 0, 1e12, "0.35", NULL, offsetof(S, P roi_dd_ratio_weight)}, \
    {"total-roi-weight", 0, "W", "Weight of total_roi in the weighted fitness.", \
     HO_OPTION_REAL, 0, 1e12, "0.25", NULL, offsetof(S, P total_roi_weight)}, \
    {"max-drawdown-weight", 0, "W", "Weight of 1 / (1 + max_drawdown) in the weighted fitness.", \
     HO_OPTION_REAL, 0, 1e12, "0.15", NULL, offsetof(S, P max_drawdown_weight)}, \
    {"win-rate-weight", 0, "W", "Weight of win_rate in the weighted fitness.", \
     HO_OPTION_REAL, 0, 1e12, "0.15", NULL, offsetof(S, P win_rate_weight)}, \
    {"profit-factor-weight", 0, "W", "Weight of profit_factor in the weighted fitness.", \
     HO_OPTION_REAL, 0, 1e12, "0.1", NULL, offsetof(S, P profit_factor_weight)}, \
    {"weight", 0, "MEASURE=W", "A weighted fitness of these measures alone, whatever the five weights are.", \
     HO_OPTION_LIST, 0, 0, NULL, NULL, offsetof(S, P weight)}, \
    {"legacy-weight", 0, "SHARE", "Share of the penalised fitness in the hybrid one.", \
     HO_OPTION_REAL, 0, 1e6, "0.3", NULL, offsetof(S, P legacy_weight)}, \
    {"enhanced-weight", 0, "SHARE", "Share of the enhanced fitness in the hybrid one; 0: what the other leaves of 1.", \
     HO_OPTION_REAL, 0, 1e6, "0", NULL, offsetof(S, P enhanced_weight)}, \
    {"var-limit", 0, "SHARE", "The enhanced fitness falls by 100 times what the value at risk 95 % is beyond this " \
     "share of the capital.", \
     HO_OPTION_REAL, 0, 1e6, "0.025", NULL, offsetof(S, P var_limit)}, \
    {"sharpe-adjust", 0, NULL, "Raise a fitness by a fifth where Sharpe is above 2, lower it where it is below 0.5 (slow).", \
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, P sharpe_adjust)}, \
    {"zone-weights", 0, "W,W,...", "Weight of each zone in the zone fitness, in the order of their names; all equal " \
     "when not given.", \
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, P zone_weights)}, \
    {"balance", 0, "LABEL=COUNT", "How many members should have names that begin with LABEL and _; the fitness falls " \
     "by penalty-factor for each more or less.", \
     HO_OPTION_LIST, 0, 0, NULL, NULL, offsetof(S, P balance)}, \
    {"penalty-factor", 0, "X", "What a member too many or too few of a balanced label costs.", \
     HO_OPTION_REAL, 0, 1e12, "1", NULL, offsetof(S, P penalty_factor)}, \
    {"robust", 0, "blocks=B,...", "The fitness of B blocks of the days in place of all: take=minimum, mean (half-life=H " \
     "blocks) or quantile (quantile=0.25) of them; ratios over the drawdown=deepest of the blocks or each over its own; " \
     "duplicates=COST of a member that is nearly the same as another.", \
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, P robust)}, \
    {"returns", 0, "UNIT", "What the numbers of the table are: rupees, or fractions of the capital.", \
     HO_OPTION_CHOICE, 0, 0, "rupees", "rupees|fraction", offsetof(S, P returns)}, \
    {"capital", 0, "RUPEES", "Capital, for ratios with a risk-free rate; 0: none, and the rate is not used.", \
     HO_OPTION_REAL, 0, 1e15, "0", NULL, offsetof(S, P capital)}, \
    HO_MEASURE_OPTION_ROWS(S, P), \
    {"correlation-threshold", 0, "R", "Pairs of members that correlate above this are counted in the answer.", \
     HO_OPTION_REAL, 0, 1, "0.7", NULL, offsetof(S, P correlation_threshold)}, \
    HO_CONVENTION_OPTION_ROW(S, P convention)
/* clang-format on */

/* What a choice of these options names. */
ho_fitness_kind ho_fitness_kind_of(const char *name);
ho_legacy_metric ho_legacy_metric_of(const char *name);
ho_convention ho_convention_of(const char *name);

#endif
