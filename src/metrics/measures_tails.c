/* Value at risk and its conditional mean, of single periods. Signed rupees: a loss is negative. */
#include "metrics/measures.h"

#include <math.h>

/* A measure of each level. */
#define OF_LEVELS(name)                        \
    static double name##_95(const ho_facts *f) \
    {                                          \
        return name(f, HO_LEVEL_95);           \
    }                                          \
    static double name##_99(const ho_facts *f) \
    {                                          \
        return name(f, HO_LEVEL_99);           \
    }

static double var(const ho_facts *f, ho_level level)
{
    return f->tail[level].percentile;
}
OF_LEVELS(var)

static double var_order(const ho_facts *f, ho_level level)
{
    return f->tail[level].order;
}
OF_LEVELS(var_order)

static double cvar(const ho_facts *f, ho_level level)
{
    return f->tail[level].mean_up_to;
}
OF_LEVELS(cvar)

static double cvar_tail(const ho_facts *f, ho_level level)
{
    return f->tail[level].tail_mean;
}
OF_LEVELS(cvar_tail)

static double var_normal(const ho_facts *f, ho_level level)
{
    return f->all.mean + ho_normal_quantile[level] * f->all.sd1;
}
OF_LEVELS(var_normal)

static double var_normal_legacy(const ho_facts *f, ho_level level)
{
    return f->all.mean + ho_normal_quantile[level] * f->all.sd0;
}
OF_LEVELS(var_normal_legacy)

static double cvar_normal(const ho_facts *f, ho_level level)
{
    const double z = ho_normal_quantile[level], density = exp(-z * z / 2) / sqrt(2 * M_PI);
    return f->all.mean - f->all.sd1 * density / ho_tail_share[level];
}
OF_LEVELS(cvar_normal)

static double var_to_cvar(const ho_facts *f, ho_level level)
{
    return cvar(f, level) != 0 ? var(f, level) / cvar(f, level) : 0;
}
OF_LEVELS(var_to_cvar)

static double var_ratio(const ho_facts *f, ho_level level)
{
    return f->all.sd1 > 0 ? fabs(var(f, level)) / f->all.sd1 : NAN;
}
OF_LEVELS(var_ratio)

/* count * ln(share), where 0 ln 0 is 0 as 0^0 is 1. */
static double log_power(double share, double count)
{
    return count > 0 ? count * log(share) : 0;
}

static double var_normal_kupiec(const ho_facts *f, ho_level level)
{
    if (isnan(f->all.sd1)) return NAN;
    const double n = (double)f->periods, v = (double)f->tail[level].below_normal, e = ho_tail_share[level];
    const double expected = log_power(e, v) + log_power(1 - e, n - v);
    const double seen = log_power(v / n, v) + log_power(1 - v / n, n - v);
    return fmax(-2 * (expected - seen), 0); /* rounding may leave less than nothing */
}
OF_LEVELS(var_normal_kupiec)

static const ho_measure rows[] = {
    {{"var_95", "Value at risk 95 %", "rupees", "5 % percentile of r, linear between order statistics",
      "numpy.percentile; empyrical value_at_risk"},
     var_95},
    {{"var_99", "Value at risk 99 %", "rupees", "1 % percentile of r, linear between order statistics",
      "numpy.percentile; empyrical value_at_risk"},
     var_99},
    {{"var_95_order", "Value at risk 95 %, order statistic", "rupees",
      "r in ascending order, the number ceil(0.05 * T) of them", "skfolio value_at_risk, negated"},
     var_order_95},
    {{"var_99_order", "Value at risk 99 %, order statistic", "rupees",
      "r in ascending order, the number ceil(0.01 * T) of them", "skfolio value_at_risk, negated"},
     var_order_99},
    {{"cvar_95", "Conditional value at risk 95 %", "rupees", "mean of the r <= var_95",
      "empyrical conditional_value_at_risk"},
     cvar_95},
    {{"cvar_99", "Conditional value at risk 99 %", "rupees", "mean of the r <= var_99",
      "empyrical conditional_value_at_risk"},
     cvar_99},
    {{"cvar_95_tail", "Mean of the worst 5 %", "rupees", "tail mean of r, share 0.05",
      "Rockafellar and Uryasev 2002; skfolio cvar, negated"},
     cvar_tail_95},
    {{"cvar_99_tail", "Mean of the worst 1 %", "rupees", "tail mean of r, share 0.01",
      "Rockafellar and Uryasev 2002; skfolio cvar, negated"},
     cvar_tail_99},
    {{"var_95_normal", "Value at risk 95 %, normal", "rupees", "mean r - 1.6448536269514722 * sd1",
      "normal quantile"},
     var_normal_95},
    {{"var_99_normal", "Value at risk 99 %, normal", "rupees", "mean r - 2.3263478740408408 * sd1",
      "normal quantile"},
     var_normal_99},
    {{"var_95_normal_legacy", "Value at risk 95 %, normal, earlier optimizer", "rupees",
      "mean r - 1.6448536269514722 * sd0", "the earlier optimizer"},
     var_normal_legacy_95},
    {{"var_99_normal_legacy", "Value at risk 99 %, normal, earlier optimizer", "rupees",
      "mean r - 2.3263478740408408 * sd0", "the earlier optimizer"},
     var_normal_legacy_99},
    {{"cvar_95_normal", "Conditional value at risk 95 %, normal", "rupees",
      "mean r - sd1 * phi(1.6448536269514722) / 0.05", "normal tail mean"},
     cvar_normal_95},
    {{"cvar_99_normal", "Conditional value at risk 99 %, normal", "rupees",
      "mean r - sd1 * phi(2.3263478740408408) / 0.01", "normal tail mean"},
     cvar_normal_99},
    {{"var_to_cvar_95", "Value at risk over its conditional mean 95 %", "ratio",
      "var_95 / cvar_95; 0 when cvar_95 is 0", "the earlier platform"},
     var_to_cvar_95},
    {{"var_to_cvar_99", "Value at risk over its conditional mean 99 %", "ratio",
      "var_99 / cvar_99; 0 when cvar_99 is 0", "the earlier platform"},
     var_to_cvar_99},
    {{"var_ratio_95", "Value at risk 95 % in standard deviations", "ratio",
      "var_95 without sign / sd1; undefined when constant", "the earlier platform"},
     var_ratio_95},
    {{"var_ratio_99", "Value at risk 99 % in standard deviations", "ratio",
      "var_99 without sign / sd1; undefined when constant", "the earlier platform"},
     var_ratio_99},
    {{"var_95_normal_kupiec", "Backtest of the normal value at risk 95 %", "ratio",
      "-2 ln(0.05^V 0.95^(T - V) / ((V / T)^V (1 - V / T)^(T - V))), V = count(r < var_95_normal); above "
      "3.841 rejected",
      "Kupiec 1995"},
     var_normal_kupiec_95},
    {{"var_99_normal_kupiec", "Backtest of the normal value at risk 99 %", "ratio",
      "-2 ln(0.01^V 0.99^(T - V) / ((V / T)^V (1 - V / T)^(T - V))), V = count(r < var_99_normal); above "
      "3.841 rejected",
      "Kupiec 1995"},
     var_normal_kupiec_99},
};

const ho_measures ho_measures_tails = {rows, sizeof rows / sizeof *rows};
