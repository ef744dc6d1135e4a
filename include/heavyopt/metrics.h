/* room: metrics
 *
 * Risk measures of a series of profit and loss, and the fitness functions that a portfolio is chosen by. A portfolio
 * of K strategies holds one lot of each; its series is the sum over the members (rupees a period), and equity is the
 * running sum, never compounded. Formulas: docs/METRICS.md. */
#ifndef HEAVYOPT_METRICS_H
#define HEAVYOPT_METRICS_H

#include <heavyopt/objective.h>
#include <heavyopt/panel.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ho_metric_settings {
    double periods_per_year; /* 252 */
    double risk_free_rate;   /* annual fraction; used only with capital */
    double capital;          /* rupees; 0: none, and Sharpe takes a rate of 0 */
} ho_metric_settings;

typedef struct ho_metric {
    const char *key;     /* "max_drawdown" */
    const char *name;    /* "Maximum drawdown" */
    const char *unit;    /* "rupees", "fraction", "ratio", "periods" */
    const char *formula; /* one line */
    const char *source;  /* where the definition comes from */
} ho_metric;

HO_API size_t ho_metric_count(void);
HO_API const ho_metric *ho_metric_at(size_t i);
HO_API int ho_metric_find(const char *key); /* its number, or -1 */

/* Every metric of the series r[0..periods-1], values[ho_metric_count()]. Undefined is NaN; infinite where the
 * definition says so. HO_ERR_MEMORY. */
HO_API HO_MUST_USE ho_status ho_metrics_of_series(const double *r, size_t periods,
                                                  const ho_metric_settings *settings, double *values,
                                                  ho_error *err);

typedef enum ho_fitness_kind {
    HO_FITNESS_LEGACY, /* metric of the mean series, first-peak drawdown, less 10 x average correlation */
    HO_FITNESS_RATIO   /* sum over maximum drawdown with a zero start, no penalty */
} ho_fitness_kind;

typedef enum ho_legacy_metric {
    HO_LEGACY_RATIO,
    HO_LEGACY_ROI,
    HO_LEGACY_LESS_MAX_DD,
    HO_LEGACY_WIN_PERCENTAGE,
    HO_LEGACY_PROFIT_FACTOR,
    HO_LEGACY_EXPECTANCY
} ho_legacy_metric;

typedef struct ho_fitness {
    ho_fitness_kind kind;
    ho_legacy_metric metric; /* LEGACY only */
    double
        drawdown_threshold; /* LEGACY ratio and less-max-dd: the penalty is halved below it (rupees, mean series) */
} ho_fitness;

/* The objective "fitness of a set of the panel's strategies". It borrows the panel and owns its own copies of the
 * data (about 4 x 8 x T x N bytes). HO_ERR_MEMORY. */
typedef struct ho_portfolio_objective ho_portfolio_objective;
HO_API HO_MUST_USE ho_status ho_portfolio_objective_new(const ho_panel *panel, const ho_fitness *fitness,
                                                        int threads, ho_portfolio_objective **objective,
                                                        ho_error *err);
HO_API void ho_portfolio_objective_free(ho_portfolio_objective **objective);
HO_API const ho_objective *ho_portfolio_objective_table(const ho_portfolio_objective *objective);

/* A portfolio's own facts, recomputed from the panel: its series (periods doubles), the average pairwise correlation
 * of its members (0 for one member), its fitness. Members ascending. */
HO_API HO_MUST_USE ho_status ho_portfolio_series(const ho_panel *panel, const uint32_t *members, size_t count,
                                                 double *series, ho_error *err);
HO_API HO_MUST_USE ho_status ho_portfolio_correlation(const ho_panel *panel, const uint32_t *members,
                                                      size_t count, double *average, ho_error *err);
HO_API HO_MUST_USE ho_status ho_portfolio_fitness(const ho_panel *panel, const ho_fitness *fitness,
                                                  const uint32_t *members, size_t count, double *value,
                                                  ho_error *err);

#ifdef __cplusplus
}
#endif
#endif
