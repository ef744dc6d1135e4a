/* Ratios of return to risk. Three conventions of some of them are in use; the plain key is the one of the public
 * libraries, _legacy that of the earlier optimizer, _platform that of the earlier platform's reports. */
#include "metrics/measures.h"

#include <math.h>

double ho_over_drawdown(double value, double drawdown)
{
    const double none = 1e-6;
    if (!(drawdown <= none)) return value / drawdown;
    return value != 0 ? copysign(INFINITY, value) : 0;
}

static double roi_dd_ratio(const ho_facts *f)
{
    return ho_over_drawdown(f->all.sum, f->zero.maximum);
}

static double roi_dd_ratio_first_peak(const ho_facts *f)
{
    return ho_over_drawdown(f->all.sum, f->first.maximum);
}

static double roi_dd_ratio_legacy(const ho_facts *f)
{
    const double none = 1e-6;
    if (f->first.maximum > none) return f->all.sum / f->first.maximum;
    return (f->all.sum > 0 ? 100 : 10) * f->all.sum;
}

static double sharpe_above(const ho_facts *f, double rate)
{
    return f->all.sd1 > 0 ? (f->all.mean - rate) / f->all.sd1 * f->root : NAN;
}

static double sharpe(const ho_facts *f)
{
    return sharpe_above(f, f->hurdle);
}

static double sharpe_legacy(const ho_facts *f)
{
    return f->all.sd0 > 0 ? f->annual / (f->all.sd0 * f->root) : 0;
}

static double sharpe_platform(const ho_facts *f)
{
    double ratio = sharpe_above(f, f->rate);
    return isnan(ratio) ? 0 : ratio;
}

static double sortino_above(const ho_facts *f, double hurdle, double risk)
{
    const double above = f->all.mean - hurdle;
    if (risk > 0) return above / risk * f->root;
    return above > 0 ? INFINITY : NAN;
}

static double sortino(const ho_facts *f)
{
    return sortino_above(f, f->hurdle, f->downside);
}

static double sortino_mar(const ho_facts *f)
{
    return sortino_above(f, f->mar, f->downside_mar);
}

static double sortino_legacy(const ho_facts *f)
{
    if (f->losses == 0) return 0;
    return f->losing_sd0 > 0 ? f->annual / (f->losing_sd0 * f->root) : INFINITY;
}

static double sortino_platform(const ho_facts *f)
{
    if (f->shortfalls == 1) return NAN;
    return f->shortfall_sd1 > 0 ? (f->all.mean - f->rate) / f->shortfall_sd1 * f->root : INFINITY;
}

static double calmar(const ho_facts *f)
{
    return ho_over_drawdown(f->annual, f->zero.maximum);
}

static double calmar_platform(const ho_facts *f)
{
    if (f->first.maximum <= 0) return INFINITY;
    bool short_history = (double)f->periods < f->periods_per_year;
    return (short_history ? f->all.sum : f->annual) / f->first.maximum;
}

static double calmar_first_peak(const ho_facts *f)
{
    return ho_over_drawdown(f->annual, f->first.maximum);
}

static double omega_mar(const ho_facts *f)
{
    if (f->below_mar > 0) return f->above_mar / f->below_mar;
    return f->above_mar > 0 ? INFINITY : 1;
}

static double tail_ratio(const ho_facts *f)
{
    const double bad = fabs(f->tail[HO_LEVEL_95].percentile), good = fabs(f->percentile_95);
    if (bad > 0) return good / bad;
    return good > 0 ? INFINITY : NAN;
}

static double information_ratio(const ho_facts *f)
{
    if (isnan(f->tracking)) return NAN;
    return f->tracking > 0 ? f->active / f->tracking * f->root : 0;
}

static double omega(const ho_facts *f)
{
    if (f->losses != 0) return f->gain / f->loss;
    return f->wins != 0 ? INFINITY : 1;
}

static const ho_measure rows[] = {
    {{"roi_dd_ratio", "Return over drawdown", "ratio",
      "total_roi / max_drawdown; up to a drawdown of 1e-6: +inf, 0 or -inf as total_roi is > 0, 0 or < 0",
      "zero start"},
     roi_dd_ratio},
    {{"roi_dd_ratio_first_peak", "Return over drawdown, first peak", "ratio",
      "total_roi / max_drawdown_first_peak; no drawdown as roi_dd_ratio", "first peak"},
     roi_dd_ratio_first_peak},
    {{"roi_dd_ratio_legacy", "Return over drawdown, earlier optimizer", "ratio",
      "total_roi / max_drawdown_first_peak; up to a drawdown of 1e-6: 100 * total_roi when > 0, else 10 * "
      "total_roi",
      "the earlier optimizer"},
     roi_dd_ratio_legacy},
    {{"sharpe", "Sharpe ratio", "ratio",
      "(mean r - C * rf / P) / sd1 * sqrt(P); undefined when constant or T < 2",
      "Sharpe 1994; empyrical sharpe_ratio"},
     sharpe},
    {{"sharpe_legacy", "Sharpe ratio, earlier optimizer", "ratio",
      "annualized_return / (sd0 * sqrt(P)), without rf; 0 when constant", "the earlier optimizer"},
     sharpe_legacy},
    {{"sharpe_platform", "Sharpe ratio, earlier platform", "ratio",
      "(mean r - rf / P) / sd1 * sqrt(P); 0 when constant or T < 2",
      "the earlier platform: takes a fraction from rupees, for comparison only"},
     sharpe_platform},
    {{"sortino", "Sortino ratio", "ratio",
      "(mean r - h) / sqrt(mean of min(r - h, 0)^2 over T) * sqrt(P), h = C * rf / P; without shortfall +inf "
      "when "
      "mean r > h, else undefined",
      "empyrical sortino_ratio"},
     sortino},
    {{"sortino_mar", "Sortino ratio over the minimum acceptable return", "ratio",
      "as sortino with h = the minimum acceptable return of a period, rupees",
      "Sortino and van der Meer 1991; empyrical sortino_ratio, required_return"},
     sortino_mar},
    {{"sortino_legacy", "Sortino ratio, earlier optimizer", "ratio",
      "annualized_return / (sd0 of the r < 0 * sqrt(P)); 0 without losses, +inf when all losses are equal",
      "the earlier optimizer"},
     sortino_legacy},
    {{"sortino_platform", "Sortino ratio, earlier platform", "ratio",
      "(mean r - rf / P) / (sd1 of the r - rf / P < 0) * sqrt(P); undefined when there is one of them, +inf "
      "when none "
      "or all are equal",
      "the earlier platform: takes a fraction from rupees, for comparison only"},
     sortino_platform},
    {{"calmar", "Calmar ratio", "ratio", "annualized_return / max_drawdown; no drawdown as roi_dd_ratio",
      "Young 1991"},
     calmar},
    {{"calmar_first_peak", "Calmar ratio, first peak", "ratio",
      "annualized_return / max_drawdown_first_peak; no drawdown as roi_dd_ratio", "Young 1991, first peak"},
     calmar_first_peak},
    {{"calmar_platform", "Calmar ratio, earlier platform", "ratio",
      "annualized_return (total_roi when T < P) / max_drawdown_first_peak; +inf without drawdown",
      "the earlier platform"},
     calmar_platform},
    {{"omega", "Omega ratio", "ratio",
      "sum of max(r, 0) / sum of max(-r, 0); without losses +inf when there are wins, else 1",
      "Keating and Shadwick 2002; empyrical omega_ratio"},
     omega},
    {{"omega_mar", "Omega ratio over the minimum acceptable return", "ratio",
      "sum of max(r - h, 0) / sum of max(h - r, 0), h the minimum acceptable return; without shortfall +inf "
      "when "
      "there is a gain, else 1",
      "Keating and Shadwick 2002; empyrical omega_ratio, required_return"},
     omega_mar},
    {{"tail_ratio", "Tail ratio", "ratio",
      "95 % percentile of r / 5 % percentile of r, both without sign; +inf when only the second is 0, "
      "undefined when both are",
      "empyrical tail_ratio"},
     tail_ratio},
    {{"information_ratio", "Information ratio", "ratio",
      "mean a / sd1 of a * sqrt(P), a = r - benchmark; 0 when a is constant, undefined without a benchmark",
      "Goodwin 1998; quantstats information_ratio, a year"},
     information_ratio},
};

const ho_measures ho_measures_ratios = {rows, sizeof rows / sizeof *rows};
