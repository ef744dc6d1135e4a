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

static double short_of(const ho_facts *f, size_t t)
{
    return fmin(f->r[t] - f->hurdle, 0);
}

/* Root mean square of what periods fall short of the hurdle, over all periods. */
static double downside(const ho_facts *f)
{
    double worst = 0, sum = 0;
    for (size_t t = 0; t < f->all.count; t++)
        worst = fmin(worst, short_of(f, t));
    double scale = ho_stats_scale(-worst);
    for (size_t t = 0; t < f->all.count; t++)
        sum += short_of(f, t) * scale * (short_of(f, t) * scale);
    return sqrt(sum / (double)f->all.count) / scale;
}

static double sortino(const ho_facts *f)
{
    double above = f->all.mean - f->hurdle, risk = downside(f);
    if (risk > 0) return above / risk * f->root;
    return above > 0 ? INFINITY : NAN;
}

static double sortino_legacy(const ho_facts *f)
{
    if (f->losses == 0) return 0;
    return f->losing.sd0 > 0 ? f->annual / (f->losing.sd0 * f->root) : INFINITY;
}

static double sortino_platform(const ho_facts *f)
{
    if (f->shortfall.count == 1) return NAN;
    return f->shortfall.sd1 > 0 ? (f->all.mean - f->rate) / f->shortfall.sd1 * f->root : INFINITY;
}

static double calmar(const ho_facts *f)
{
    return ho_over_drawdown(f->annual, f->zero.maximum);
}

static double calmar_platform(const ho_facts *f)
{
    if (f->first.maximum <= 0) return INFINITY;
    bool short_history = (double)f->all.count < f->periods_per_year;
    return (short_history ? f->all.sum : f->annual) / f->first.maximum;
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
    {{"calmar_platform", "Calmar ratio, earlier platform", "ratio",
      "annualized_return (total_roi when T < P) / max_drawdown_first_peak; +inf without drawdown",
      "the earlier platform"},
     calmar_platform},
    {{"omega", "Omega ratio", "ratio",
      "sum of max(r, 0) / sum of max(-r, 0); without losses +inf when there are wins, else 1",
      "Keating and Shadwick 2002; empyrical omega_ratio"},
     omega},
};

const ho_measures ho_measures_ratios = {rows, sizeof rows / sizeof *rows};
