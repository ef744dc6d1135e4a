/* Measures of what was earned and how often. */
#include "metrics/measures.h"

#include <math.h>

static double periods(const ho_facts *f)
{
    return (double)f->periods;
}

static double win_share(const ho_facts *f)
{
    return f->periods != 0 ? (double)f->wins / periods(f) : NAN;
}

static double mean_win(const ho_facts *f)
{
    return f->wins != 0 ? f->gain / (double)f->wins : 0;
}

static double mean_loss(const ho_facts *f)
{
    return f->losses != 0 ? f->loss / (double)f->losses : 0;
}

static double total_roi(const ho_facts *f)
{
    return f->all.sum;
}

static double annualized_return(const ho_facts *f)
{
    return f->annual;
}

static double win_rate_active(const ho_facts *f)
{
    size_t active = f->wins + f->losses;
    return active != 0 ? (double)f->wins / (double)active : NAN;
}

static double wins(const ho_facts *f)
{
    return (double)f->wins;
}

static double losses(const ho_facts *f)
{
    return (double)f->losses;
}

static double flat(const ho_facts *f)
{
    return (double)(f->periods - f->wins - f->losses);
}

static double best_period(const ho_facts *f)
{
    return f->all.high;
}

static double worst_period(const ho_facts *f)
{
    return f->all.low;
}

static double profit_factor(const ho_facts *f)
{
    if (f->losses != 0) return f->gain / f->loss;
    return f->wins != 0 ? INFINITY : NAN;
}

static double expectancy(const ho_facts *f)
{
    return f->all.mean;
}

static double expectancy_legacy(const ho_facts *f)
{
    double p = win_share(f);
    return p * mean_win(f) - (1 - p) * mean_loss(f);
}

static double volatility(const ho_facts *f)
{
    return f->all.sd1 * f->root;
}

static double skewness(const ho_facts *f)
{
    return f->all.skewness;
}

static double kurtosis(const ho_facts *f)
{
    return f->all.kurtosis;
}

static double longest_losing_run(const ho_facts *f)
{
    return (double)f->losing_run;
}

static double payoff_ratio(const ho_facts *f)
{
    return f->wins != 0 && f->losses != 0 ? mean_win(f) / mean_loss(f) : NAN;
}

static double profit_factor_legacy(const ho_facts *f)
{
    const double none = 1e-6;
    if (f->loss > none) return f->gain / f->loss;
    return f->gain > 0 ? 1 : 0;
}

static double kelly_of(const ho_facts *f, double p)
{
    return f->wins != 0 && f->losses != 0 ? p - (1 - p) / payoff_ratio(f) : NAN;
}

static double kelly_raw(const ho_facts *f)
{
    return kelly_of(f, win_share(f));
}

/* An undefined fraction is the least. */
static double within(double fraction, double least, double most)
{
    return fraction > least ? fmin(most, fraction) : least;
}

static double kelly(const ho_facts *f)
{
    return within(kelly_raw(f), .01, .25);
}

static double kelly_active(const ho_facts *f)
{
    return within(kelly_of(f, win_rate_active(f)), .01, .25);
}

static double kelly_single(const ho_facts *f)
{
    return within(kelly_raw(f), 0, .25);
}

static const ho_measure rows[] = {
    {{"total_roi", "Total profit", "rupees", "sum of r", "running sum of one-lot profit and loss"},
     total_roi},
    {{"annualized_return", "Profit a year", "rupees", "sum of r * P / T", "linear, never compounded"},
     annualized_return},
    {{"win_rate", "Win rate", "fraction", "count(r > 0) / T", "flat periods stay in the denominator"},
     win_share},
    {{"win_rate_active", "Win rate of active periods", "fraction", "count(r > 0) / count(r != 0)",
      "quantstats win_rate"},
     win_rate_active},
    {{"wins", "Winning periods", "periods", "count(r > 0)", "count"}, wins},
    {{"losses", "Losing periods", "periods", "count(r < 0)", "count"}, losses},
    {{"flat", "Flat periods", "periods", "count(r = 0)", "count"}, flat},
    {{"avg_win", "Average win", "rupees", "G / count(r > 0), 0 without wins", "quantstats avg_win"},
     mean_win},
    {{"avg_loss", "Average loss", "rupees", "B / count(r < 0), 0 without losses",
      "quantstats avg_loss, positive"},
     mean_loss},
    {{"best_period", "Best period", "rupees", "max r", "order statistic"}, best_period},
    {{"worst_period", "Worst period", "rupees", "min r", "order statistic"}, worst_period},
    {{"profit_factor", "Profit factor", "ratio", "G / B; infinite when B = 0 < G, undefined when both are 0",
      "quantstats profit_factor"},
     profit_factor},
    {{"profit_factor_legacy", "Profit factor, earlier optimizer", "ratio",
      "G / B; up to B = 1e-6: 1 when G > 0, else 0", "the earlier optimizer"},
     profit_factor_legacy},
    {{"payoff_ratio", "Average win over average loss", "ratio",
      "avg_win / avg_loss; undefined without wins or losses", "quantstats payoff_ratio"},
     payoff_ratio},
    {{"expectancy", "Expectancy", "rupees", "(G - B) / T, the mean of r", "mean"}, expectancy},
    {{"expectancy_legacy", "Expectancy, flat periods as losses", "rupees",
      "p * avg_win - (1 - p) * avg_loss with p = win_rate", "the earlier optimizer"},
     expectancy_legacy},
    {{"volatility", "Volatility a year", "rupees", "sd1 * sqrt(P)", "empyrical annual_volatility"},
     volatility},
    {{"skewness", "Skewness", "ratio", "m3 / m2^1.5 over T; undefined when constant",
      "scipy.stats.skew, biased"},
     skewness},
    {{"kurtosis", "Excess kurtosis", "ratio", "m4 / m2^2 - 3 over T; undefined when constant",
      "scipy.stats.kurtosis, biased"},
     kurtosis},
    {{"longest_losing_run", "Longest losing run", "periods", "most consecutive periods with r < 0", "count"},
     longest_losing_run},
    {{"kelly", "Kelly fraction", "fraction",
      "p - (1 - p) * avg_loss / avg_win with p = win_rate, within 0.01 .. 0.25; 0.01 without wins or losses",
      "Kelly 1956"},
     kelly},
    {{"kelly_raw", "Kelly fraction, unlimited", "fraction",
      "p - (1 - p) * avg_loss / avg_win with p = win_rate; undefined without wins or losses", "Kelly 1956"},
     kelly_raw},
    {{"kelly_active", "Kelly fraction of active periods", "fraction",
      "as kelly with p = win_rate_active, within 0.01 .. 0.25", "quantstats kelly_criterion, within limits"},
     kelly_active},
    {{"kelly_single", "Kelly fraction of a single strategy", "fraction",
      "kelly_raw within 0 .. 0.25; 0 without wins or losses", "the earlier platform's table of strategies"},
     kelly_single},
};

const ho_measures ho_measures_returns = {rows, sizeof rows / sizeof *rows};
