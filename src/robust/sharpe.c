#include "robust/sharpe.h"

#include "stats/stats.h"

#include <math.h>

double ho_normal_below(double x)
{
    return 0.5 * erfc(-x * M_SQRT1_2);
}

static double over(const double *above, const double *below, double x)
{
    double up = above[7], down = below[7];
    for (int i = 6; i >= 0; i--) {
        up = up * x + above[i];
        down = down * x + below[i];
    }
    return up / down;
}

/* M. Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37, 1988: about
 * 1 part in 10^16. */
double ho_normal_quantile_of(double share)
{
    static const double a[] = {3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427,
                               13731.693765509461125, 45921.953931549871457, 67265.770927008700853,
                               33430.575583588128105, 2509.0809287301226727};
    static const double b[] = {1.0,
                               42.313330701600911252,
                               687.18700749205790830,
                               5394.1960214247511077,
                               21213.794301586595867,
                               39307.895800092710610,
                               28729.085735721942674,
                               5226.4952788528545610};
    static const double c[] = {1.42343711074968357734,    4.63033784615654529590,   5.76949722146069140550,
                               3.64784832476320460504,    1.27045825245236838258,   0.241780725177450611770,
                               2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double d[] = {1.0,
                               2.05319162663775882187,
                               1.67638483018380384940,
                               0.689767334985100004550,
                               0.148103976427480074590,
                               1.51986665636164571966e-2,
                               5.47593808499534494600e-4,
                               1.05075007164441684324e-9};
    static const double e[] = {6.65790464350110377720,    5.46378491116411436990,
                               1.78482653991729133580,    0.296560571828504891230,
                               2.65321895265761230930e-2, 1.24266094738807843860e-3,
                               2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[] = {1.0,
                               0.599832206555887937690,
                               0.136929880922735805310,
                               1.48753612908506148525e-2,
                               7.86869131145613259100e-4,
                               1.84631831751005468180e-5,
                               1.42151175831644588870e-7,
                               2.04426310338993978564e-15};
    if (!(share > 0) || !(share < 1)) return share <= 0 ? -INFINITY : share >= 1 ? INFINITY : NAN;
    const double q = share - 0.5;
    if (fabs(q) <= 0.425) return q * over(a, b, 0.180625 - q * q);
    const double r = sqrt(-log(q < 0 ? share : 1 - share));
    const double x = r <= 5 ? over(c, d, r - 1.6) : over(e, f, r - 5);
    return q < 0 ? -x : x;
}

ho_sharpe ho_sharpe_of(const double *r, size_t periods)
{
    const ho_moments m = ho_moments_of(r, periods);
    ho_sharpe s = {.periods = periods, .value = NAN, .skewness = NAN, .kurtosis = NAN, .error = NAN};
    if (periods < 2 || !(m.sd1 > 0)) return s;
    s.value = m.mean / m.sd1;
    s.skewness = m.skewness;
    s.kurtosis = m.kurtosis + 3;
    const double variance = 1 - s.skewness * s.value + (s.kurtosis - 1) / 4 * s.value * s.value;
    if (variance > 0) s.error = sqrt(variance / (double)(periods - 1));
    return s;
}

double ho_sharpe_probability(const ho_sharpe *s, double benchmark)
{
    return ho_normal_below((s->value - benchmark) / s->error);
}

double ho_sharpe_track_length(const ho_sharpe *s, double benchmark, double sure)
{
    if (!(s->value > benchmark)) return isnan(s->value) ? NAN : INFINITY;
    const double z = ho_normal_quantile_of(sure) / (s->value - benchmark);
    return 1 + s->error * s->error * (double)(s->periods - 1) * z * z;
}

double ho_sharpe_of_luck(double trials, double deviation)
{
    const double euler = 0.57721566490153286061;
    if (!(trials > 1)) return 0;
    return deviation * ((1 - euler) * -ho_normal_quantile_of(1 / trials) +
                        euler * -ho_normal_quantile_of(1 / (trials * M_E)));
}
