/* Value at risk and its conditional mean, of single periods. Signed rupees: a loss is negative. */
#include "metrics/measures.h"

#include <math.h>

/* Normal quantiles of 5 % and 1 %. */
static const double z_95 = -1.6448536269514722, z_99 = -2.3263478740408408;

static double var_95(const ho_facts *f)
{
    return ho_percentile(f->ascending, f->all.count, .05);
}

static double var_99(const ho_facts *f)
{
    return ho_percentile(f->ascending, f->all.count, .01);
}

/* Never empty: the percentile is not below the smallest value. */
static double mean_up_to(const ho_facts *f, double limit)
{
    double sum = 0, count = 0;
    for (size_t t = 0; t < f->all.count; t++) {
        if (f->r[t] > limit) continue;
        sum += f->r[t];
        count++;
    }
    return sum / count;
}

static double cvar_95(const ho_facts *f)
{
    return mean_up_to(f, var_95(f));
}

static double cvar_99(const ho_facts *f)
{
    return mean_up_to(f, var_99(f));
}

static double cvar_95_tail(const ho_facts *f)
{
    return ho_tail_mean(f->ascending, f->all.count, .05);
}

static double cvar_99_tail(const ho_facts *f)
{
    return ho_tail_mean(f->ascending, f->all.count, .01);
}

static double var_95_normal(const ho_facts *f)
{
    return f->all.mean + z_95 * f->all.sd1;
}

static double var_99_normal(const ho_facts *f)
{
    return f->all.mean + z_99 * f->all.sd1;
}

static double density(double z)
{
    return exp(-z * z / 2) / sqrt(2 * M_PI);
}

static double cvar_95_normal(const ho_facts *f)
{
    return f->all.mean - f->all.sd1 * density(z_95) / .05;
}

static double cvar_99_normal(const ho_facts *f)
{
    return f->all.mean - f->all.sd1 * density(z_99) / .01;
}

static const ho_measure rows[] = {
    {{"var_95", "Value at risk 95 %", "rupees", "5 % percentile of r, linear between order statistics",
      "numpy.percentile; empyrical value_at_risk"},
     var_95},
    {{"var_99", "Value at risk 99 %", "rupees", "1 % percentile of r, linear between order statistics",
      "numpy.percentile; empyrical value_at_risk"},
     var_99},
    {{"cvar_95", "Conditional value at risk 95 %", "rupees", "mean of the r <= var_95",
      "empyrical conditional_value_at_risk"},
     cvar_95},
    {{"cvar_99", "Conditional value at risk 99 %", "rupees", "mean of the r <= var_99",
      "empyrical conditional_value_at_risk"},
     cvar_99},
    {{"cvar_95_tail", "Mean of the worst 5 %", "rupees", "tail mean of r, share 0.05",
      "Rockafellar and Uryasev 2002; skfolio cvar, negated"},
     cvar_95_tail},
    {{"cvar_99_tail", "Mean of the worst 1 %", "rupees", "tail mean of r, share 0.01",
      "Rockafellar and Uryasev 2002; skfolio cvar, negated"},
     cvar_99_tail},
    {{"var_95_normal", "Value at risk 95 %, normal", "rupees", "mean r - 1.6448536269514722 * sd1",
      "normal quantile"},
     var_95_normal},
    {{"var_99_normal", "Value at risk 99 %, normal", "rupees", "mean r - 2.3263478740408408 * sd1",
      "normal quantile"},
     var_99_normal},
    {{"cvar_95_normal", "Conditional value at risk 95 %, normal", "rupees",
      "mean r - sd1 * phi(1.6448536269514722) / 0.05", "normal tail mean"},
     cvar_95_normal},
    {{"cvar_99_normal", "Conditional value at risk 99 %, normal", "rupees",
      "mean r - sd1 * phi(2.3263478740408408) / 0.01", "normal tail mean"},
     cvar_99_normal},
};

const ho_measures ho_measures_tails = {rows, sizeof rows / sizeof *rows};
