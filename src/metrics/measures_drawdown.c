/* Measures of how far, how long and how often equity lay below its peak. "First peak" measures start at the equity
 * of the first period and never see a loss there; all others start at zero. */
#include "metrics/measures.h"

#include <math.h>

static double max_drawdown(const ho_facts *f)
{
    return f->zero.maximum;
}

static double max_drawdown_first_peak(const ho_facts *f)
{
    return f->first.maximum;
}

static double average_drawdown(const ho_facts *f)
{
    return f->zero.average;
}

static double average_drawdown_first_peak(const ho_facts *f)
{
    return f->first.average;
}

static double ulcer_index(const ho_facts *f)
{
    return f->zero.ulcer;
}

static double ulcer_index_first_peak(const ho_facts *f)
{
    return f->first.ulcer;
}

static double cdar_95(const ho_facts *f)
{
    return f->zero.cdar[HO_LEVEL_95];
}

static double cdar_95_first_peak(const ho_facts *f)
{
    return f->first.cdar[HO_LEVEL_95];
}

static double cdar_99(const ho_facts *f)
{
    return f->zero.cdar[HO_LEVEL_99];
}

static double cdar_99_first_peak(const ho_facts *f)
{
    return f->first.cdar[HO_LEVEL_99];
}

static double drawdown_duration(const ho_facts *f)
{
    return (double)f->zero.duration;
}

static double drawdown_duration_first_peak(const ho_facts *f)
{
    return (double)f->first.duration;
}

static double max_drawdown_of_capital(const ho_facts *f)
{
    return f->capital > 0 ? f->zero.maximum / f->capital : NAN;
}

static const ho_measure rows[] = {
    {{"max_drawdown", "Maximum drawdown", "rupees", "max DD", "zero start; skfolio max_drawdown"},
     max_drawdown},
    {{"max_drawdown_first_peak", "Maximum drawdown, first peak", "rupees", "max DD1",
      "the earlier optimizer; pandas cumsum, cummax"},
     max_drawdown_first_peak},
    {{"average_drawdown", "Average drawdown", "rupees", "mean of DD over T",
      "zero start; skfolio average_drawdown"},
     average_drawdown},
    {{"average_drawdown_first_peak", "Average drawdown, first peak", "rupees", "mean of DD1 over T",
      "first peak"},
     average_drawdown_first_peak},
    {{"ulcer_index", "Ulcer index", "rupees", "sqrt(mean of DD^2 over T)",
      "Martin and McCann 1989, zero start; skfolio ulcer_index"},
     ulcer_index},
    {{"ulcer_index_first_peak", "Ulcer index, first peak", "rupees", "sqrt(mean of DD1^2 over T)",
      "Martin and McCann 1989, first peak"},
     ulcer_index_first_peak},
    {{"cdar_95", "Conditional drawdown at risk 95 %", "rupees", "tail mean of DD, share 0.05",
      "Chekhlov, Uryasev and Zabarankin 2005, zero start; skfolio cdar"},
     cdar_95},
    {{"cdar_95_first_peak", "Conditional drawdown at risk 95 %, first peak", "rupees",
      "tail mean of DD1, share 0.05", "Chekhlov, Uryasev and Zabarankin 2005, first peak"},
     cdar_95_first_peak},
    {{"cdar_99", "Conditional drawdown at risk 99 %", "rupees", "tail mean of DD, share 0.01",
      "Chekhlov, Uryasev and Zabarankin 2005, zero start; skfolio cdar"},
     cdar_99},
    {{"cdar_99_first_peak", "Conditional drawdown at risk 99 %, first peak", "rupees",
      "tail mean of DD1, share 0.01", "Chekhlov, Uryasev and Zabarankin 2005, first peak"},
     cdar_99_first_peak},
    {{"drawdown_duration", "Longest drawdown", "periods",
      "most consecutive periods with DD > 0; an open one counts", "count"},
     drawdown_duration},
    {{"drawdown_duration_first_peak", "Longest drawdown, first peak", "periods",
      "most consecutive periods with DD1 > 0; an open one counts", "count"},
     drawdown_duration_first_peak},
    {{"max_drawdown_of_capital", "Maximum drawdown of the capital", "fraction",
      "max DD / C; undefined without capital", "zero start"},
     max_drawdown_of_capital},
};

const ho_measures ho_measures_drawdown = {rows, sizeof rows / sizeof *rows};
