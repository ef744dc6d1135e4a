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
    double periods_per_year;          /* 252 */
    double risk_free_rate;            /* annual fraction; used only with capital */
    double capital;                   /* rupees; 0: none, and Sharpe takes a rate of 0 */
    double minimum_acceptable_return; /* rupees a period, of sortino_mar and omega_mar */
    const double *benchmark; /* borrowed: as many periods as the series, for information_ratio; or NULL */
} ho_metric_settings;

/* The measures are a table, ho_metric_at: each row names its formula and source. A word that traders use in several
 * senses (Sharpe, Sortino, drawdown, value at risk) has one row a sense, under a key of its own. */
typedef struct ho_metric {
    const char *key;     /* "max_drawdown" */
    const char *name;    /* "Maximum drawdown" */
    const char *unit;    /* "rupees", "fraction", "ratio", "periods" */
    const char *formula; /* one line */
    const char *source;  /* where the definition comes from */
} ho_metric;

HO_API size_t ho_metric_count(void);
HO_API const ho_metric *ho_metric_at(size_t i);
HO_API int ho_metric_find(const char *key); /* its number, or -1; '-', '_' and ' ' are equal */

/* A convention is a choice among the senses: which row stands for a plain key. DEFAULT is each plain key itself. */
typedef enum ho_convention {
    HO_CONVENTION_DEFAULT,    /* zero start, empyrical's ratios */
    HO_CONVENTION_LEGACY,     /* the earlier optimizer */
    HO_CONVENTION_PLATFORM,   /* the earlier platform's reports */
    HO_CONVENTION_ROCKAFELLAR /* tails by fractions of a period: skfolio, Rockafellar and Uryasev */
} ho_convention;

/* The number of the row that stands for `metric` in the convention: the metric itself where it has no other. */
HO_API int ho_metric_in(ho_convention convention, int metric);

/* Every metric of the series r[0..periods-1], values[ho_metric_count()]. Undefined is NaN; infinite where the
 * definition says so. HO_ERR_MEMORY. */
HO_API HO_MUST_USE ho_status ho_metrics_of_series(const double *r, size_t periods,
                                                  const ho_metric_settings *settings, double *values,
                                                  ho_error *err);

/* What a portfolio may be chosen by; formulas in docs/METRICS.md. s is the sum series of the members, m = s / K. */
typedef enum ho_fitness_kind {
    /* of m, from the first peak: metric - 10 * rho * h, rho the average correlation; h = 1/2 if the metric is ratio
     * or less max dd and maxDD < drawdown_threshold, else 1. Evaluated against the earlier optimizer's functions. */
    HO_FITNESS_LEGACY,
    HO_FITNESS_RATIO,    /* roi_dd_ratio of s, 100 * total in place of +inf, 10 * total of -inf */
    HO_FITNESS_WEIGHTED, /* a weighted sum of measures of s */
    HO_FITNESS_ENHANCED, /* Kelly fraction * Sharpe * confidence, less a penalty on the value at risk, of s */
    HO_FITNESS_PENALISED, /* s: total / maxDD less penalties on a low win rate and a large drawdown */
    HO_FITNESS_HYBRID,    /* a share of penalised and the rest of enhanced */
    HO_FITNESS_ZONE,      /* as legacy, without penalty for the ratio, else less max(0, rho) * h / 2 */
    HO_FITNESS_KINDS
} ho_fitness_kind;

HO_API const char *ho_fitness_kind_name(ho_fitness_kind kind); /* "legacy"; NULL past the last */

typedef enum ho_legacy_metric {
    HO_LEGACY_RATIO,          /* E_T / maxDD; up to maxDD = 1e-6: 100 E_T if E_T > 0, else 10 E_T */
    HO_LEGACY_ROI,            /* E_T, rupees */
    HO_LEGACY_LESS_MAX_DD,    /* -maxDD, rupees */
    HO_LEGACY_WIN_PERCENTAGE, /* share of periods with m_t > 0, a fraction */
    HO_LEGACY_PROFIT_FACTOR,  /* G / B, the sums of gains and of losses; B <= 1e-6: 1 if G > 0, else 0 */
    HO_LEGACY_EXPECTANCY      /* p * average win - (1 - p) * average loss, p the win percentage, rupees */
} ho_legacy_metric;

/* One term of a weighted fitness: weight * measure, where an infinite measure counts 1000, an undefined one 0, and
 * max_drawdown (in any sense) counts as 1 / (1 + max_drawdown), for less of it is better. */
typedef struct ho_fitness_weight {
    int metric; /* its number in the table */
    double weight;
} ho_fitness_weight;

enum { HO_FITNESS_WEIGHTS_MOST = 32 };

/* Balanced mode: fitness falls by factor * sum over the labels of |members with that label - desired|. */
typedef struct ho_balance {
    const int32_t
        *label; /* borrowed, of each strategy of the panel: 0 .. labels-1, or -1: none; NULL: no balance */
    const double *desired; /* borrowed, of each label */
    size_t labels;
    double factor;
} ho_balance;

/* A fitness over blocks of the periods in place of all of them: what an edge that lasts shows in each. */
typedef enum ho_blocks_take {
    HO_TAKE_MINIMUM, /* of the worst block */
    HO_TAKE_MEAN, /* weighed: a block `half_life` blocks before the last one counts half, 0: all the same */
    HO_TAKE_QUANTILE /* linear between blocks */
} ho_blocks_take;

enum { HO_FITNESS_BLOCKS_MOST = 24 };

/* A block's ratio is over the deepest drawdown of all blocks; with own_drawdown it is over its own, and without bound
 * where it has none. */
typedef struct ho_fitness_blocks {
    size_t count; /* neighbouring blocks of equal length, the first ones one period longer; 0: the whole */
    ho_blocks_take take;
    double quantile, half_life;
    bool own_drawdown;
} ho_fitness_blocks;

/* Members that are nearly the same as another one: each after the first of a cluster costs `penalty`. */
typedef struct ho_near_duplicates {
    const uint32_t *cluster; /* borrowed; of each strategy, below their number; NULL: no penalty */
    double penalty;
} ho_near_duplicates;

/* Zeroed, it is the legacy fitness of the ratio. */
typedef struct ho_fitness {
    ho_fitness_kind kind;
    ho_convention
        convention; /* LEGACY: drawdowns of s begin at the first peak, RATIO is that of m, ZONE has rho 0 */
    ho_legacy_metric metric; /* LEGACY and ZONE */
    double
        drawdown_threshold; /* LEGACY and ZONE ratio and less-max-dd: the penalty is halved below it, rupees of m */
    double
        multiplicative; /* LEGACY: above 0, metric * (1 - this * mean of |correlation|) in place of the penalty */
    ho_fitness_weight weights[HO_FITNESS_WEIGHTS_MOST]; /* WEIGHTED */
    size_t weight_count;
    ho_metric_settings measures; /* WEIGHTED, ENHANCED, HYBRID and sharpe_adjust */
    double confidence;           /* ENHANCED and HYBRID: of the market regimes, 0..1 */
    double var_limit; /* ENHANCED and HYBRID: a value at risk beyond this share of the capital costs */
    double penalised, enhanced; /* HYBRID: the shares of the two */
    bool sharpe_adjust;         /* a positive fitness * 1.2 when Sharpe > 2, * .8 when < .5 */
    ho_balance balance;
    ho_fitness_blocks
        blocks; /* LEGACY, RATIO and ZONE: each block's metric; the correlation is of all periods */
    ho_near_duplicates near;
} ho_fitness;

/* True where a search values swaps while it walks the table; false where it must score some or all of them one by
 * one, which is right and slow. */
HO_API bool ho_fitness_is_walked(const ho_fitness *fitness);

/* True when such scans look at all candidates in single precision first, and in double at those few that may be best. */
HO_API bool ho_fitness_is_sieved(const ho_fitness *fitness);

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
/* How the members of a portfolio go together; of one member alone, the correlations are 0. Columns without variance
 * correlate 0 with all. */
typedef struct ho_relations {
    double pearson, spearman; /* means over all pairs; Spearman's is Pearson's of average ranks */
    double absolute;          /* mean of Pearson's without sign */
    double largest;           /* of all pairs, NaN where there is none, */
    uint32_t first, second;   /* and whose: strategies of the panel */
    size_t pairs, close;      /* close: Pearson's above the threshold */
    double effective_bets;    /* K / (1 + (K - 1) max(pearson, 0)) */
    double diversification; /* sum of the members' sd1 / sd1 of their sum; NaN where that is 0 or undefined */
} ho_relations;
HO_API HO_MUST_USE ho_status ho_portfolio_relations(const ho_panel *panel, const uint32_t *members,
                                                    size_t count, double threshold, ho_relations *relations,
                                                    ho_error *err);
HO_API HO_MUST_USE ho_status ho_portfolio_fitness(const ho_panel *panel, const ho_fitness *fitness,
                                                  const uint32_t *members, size_t count, double *value,
                                                  ho_error *err);

/* What to do when no member has an edge, that is when no raw fraction is above 0. EXCLUDE leaves members without an
 * edge out at any time. */
typedef enum ho_kelly_fallback { HO_KELLY_EQUAL, HO_KELLY_LEAST, HO_KELLY_EXCLUDE } ho_kelly_fallback;

typedef struct ho_kelly_settings {
    double least, most; /* of a fraction: .01, .25 */
    bool active;        /* the win rate is that of active periods */
    ho_kelly_fallback fallback;
    bool use_leverage;   /* weights may add up to max_leverage, else to 1 */
    double max_leverage; /* 2 */
    double capital;      /* rupees, above 0 */
    double lot_capital;  /* rupees that one lot binds; 0: not known, and no lots are counted */
    double confidence;   /* of the market regimes, 0..1 */
    double periods_per_year;
} ho_kelly_settings;

typedef struct ho_kelly_member {
    double raw;                /* p - (1 - p) * average loss / average win; NaN without wins or losses */
    double fraction;           /* within least .. most; least where raw is undefined */
    double weight, allocated;  /* share of the capital; rupees */
    double lots, rounded_away; /* whole lots; rupees that are less than a lot */
    double expected_growth;    /* p * average win - (1 - p) * average loss, rupees */
    double
        risk_adjusted; /* max(least, fraction * confidence * (1 - min(volatility a year / capital, 1/2))) */
} ho_kelly_member;

typedef struct ho_kelly {
    double leverage;  /* sum of the weights */
    size_t with_edge; /* members whose raw fraction is above 0 */
    double allocated, lots, rounded_away;
} ho_kelly;

/* Kelly's sizes of a portfolio's members (Kelly 1956), each by its own series; beside the search, which holds one lot
 * of each. sized[count] and *kelly are filled. HO_ERR_MEMORY. */
HO_API HO_MUST_USE ho_status ho_kelly_size(const ho_panel *panel, const uint32_t *members, size_t count,
                                           const ho_kelly_settings *settings, ho_kelly_member *sized,
                                           ho_kelly *kelly, ho_error *err);

#ifdef __cplusplus
}
#endif
#endif
